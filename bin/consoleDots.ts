// What a console understands besides etcdctl's commands: lines that begin with a dot act on the world.

import {writeFile} from "node:fs/promises";
import {parseTime} from "../scenarios/time.ts";
import type {Action} from "../sim/action.ts";
import {
  dotAction,
  dotForms,
  dotIntroduction,
  dotUsage,
  jobsText,
  membersText,
  whyNotText,
} from "../sim/console/dots.ts";
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

export const dotHelp = `${dotIntroduction}${Object.values(forms).join("\n")}
`;

/** Carries out a line that begins with a dot. */
export async function dotCommand(line: string, world: ConsoleWorld): Promise<Dotted> {
  const [name = "", ...words] = line.trim().split(/\s+/);
  if (!Object.hasOwn(forms, name))
    return {problem: `unknown command ${name}, expected one of ${Object.keys(forms).join(", ")}`};
  const usage = dotUsage(forms[name as keyof typeof forms]);
  switch (name) {
    case ".help":
      return {text: dotHelp};
    case ".quit":
      return {quits: true};
    case ".members":
      return {text: membersText(world.view)};
    case ".jobs":
      return {text: world.session === undefined ? "" : jobsText(world.session)};
    case ".run": {
      const time = parseTime(words[0] ?? "");
      if (time === undefined || words.length !== 1) return {problem: `expected ${usage}, as in .run 500ms`};
      const until = world.view.now + time;
      world.run(() => false, until);
      return world.view.now < until ? {problem: "the run is over: its limit is reached"} : {};
    }
    case ".save":
      return words.length === 1 ? save(words[0] ?? "", world) : {problem: `expected ${usage}`};
    default: {
      const action = dotAction(name, words);
      return action === undefined ? {problem: `expected ${usage}`} : carryOut(name, action, world);
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
