// What a console understands besides etcdctl's commands: lines that begin with a dot act on the world.

import {writeFile} from "node:fs/promises";
import {parseTime} from "../scenarios/time.ts";
import type {Action} from "../sim/action.ts";
import {dotForms, dotUsage, helpText, jobsText, membersText, readDot} from "../sim/console/dots.ts";
import {whyNotText} from "../sim/console/whyNot.ts";
import type {ConsoleWorld} from "./consoleWorld.ts";
import {foundWords} from "./errno.ts";

/** `text` goes to stdout; `problem` says in one line why nothing was done. */
export interface Dotted {
  readonly text?: string;
  readonly problem?: string;
  readonly quits?: true;
}

const {".help": help, ...others} = dotForms;
const forms = {
  ...others,
  ".save":
    ".save <file>           everything so far as a trace: etcdscope open <file>, etcdscope replay <file>",
  ".help": help,
  ".quit": ".quit",
} as const;

/** Carries out a line that begins with a dot. */
export async function dotCommand(line: string, world: ConsoleWorld): Promise<Dotted> {
  const dot = readDot(line, forms, parseTime);
  switch (dot.kind) {
    case "problem":
      return {problem: dot.text};
    case "help":
      return {text: helpText(forms)};
    case "members":
      return {text: membersText(world.view)};
    case "jobs":
      return {text: world.session === undefined ? "" : jobsText(world.session)};
    case "run": {
      const until = world.view.now + dot.time;
      world.run(() => false, until);
      return world.view.now < until ? {problem: "the run is over: its limit is reached"} : {};
    }
    case "act":
      return carryOut(dot.name, dot.action, world);
    case "own": {
      const {name, words} = dot;
      if (name === ".quit") return {quits: true};
      return words.length === 1
        ? save(words[0] ?? "", world)
        : {problem: `expected ${dotUsage(forms[".save"])}`};
    }
  }
}

function carryOut(name: string, action: Action, world: ConsoleWorld): Dotted {
  const record = world.act({do: action, origin: "person"});
  if (record === undefined) return {problem: whyNotText(name, action, world.whyNot, world.view)};
  world.session?.tell(record);
  return {};
}

async function save(path: string, world: ConsoleWorld): Promise<Dotted> {
  try {
    await writeFile(path, world.trace());
    return {};
  } catch (error) {
    return {
      problem: `${path}: found ${foundWords(error, "no such folder")}, expected a file that can be written`,
    };
  }
}
