// What a console understands besides etcdctl's commands: lines that begin with a dot act on the world.

import {writeFile} from "node:fs/promises";
import {parseTime} from "../scenarios/time.ts";
import type {Action} from "../sim/action.ts";
import {memberName} from "../sim/world/lanes.ts";
import type {ConsoleWorld} from "./consoleWorld.ts";
import {foundWords} from "./errno.ts";

/** `text` goes to stdout; `problem` says in one line why nothing was done. */
export interface Dotted {
  readonly text?: string;
  readonly problem?: string;
  readonly quits?: true;
}

const forms = {
  ".run": ".run <time>            lets time pass: .run 500ms, .run 5s",
  ".members": ".members               one line per member",
  ".crash": ".crash <member>        its process is gone; what was not synced may be lost",
  ".restart": ".restart <member>      it boots from its disk",
  ".pause": ".pause <member>        the operating system stops it; what arrives waits",
  ".resume": ".resume <member>",
  ".cut": ".cut <a> <b>           nothing passes between two of members and clients",
  ".heal": ".heal [a b]            undoes all cuts, or that one",
  ".save":
    ".save <file>           everything so far as a trace: etcdscope open <file>, etcdscope replay <file>",
  ".help": ".help                  this",
  ".quit": ".quit",
} as const;

export const dotHelp = `etcdctl's commands go to client c1; @c2 before one gives it to c2, --endpoints n2 pins a member.
Watches, locks and keep-alives stay open, and print as time passes; Ctrl-C ends the last one.
${Object.values(forms).join("\n")}
`;

/** Carries out a line that begins with a dot. */
export async function dotCommand(line: string, world: ConsoleWorld): Promise<Dotted> {
  const [name = "", ...words] = line.trim().split(/\s+/);
  if (!Object.hasOwn(forms, name))
    return {problem: `unknown command ${name}, expected one of ${Object.keys(forms).join(", ")}`};
  const usage = forms[name as keyof typeof forms].replace(/ {2,}.*$/, "");
  switch (name) {
    case ".help":
      return {text: dotHelp};
    case ".quit":
      return {quits: true};
    case ".members":
      return {text: membersText(world)};
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
      const action = actionOf(name, words);
      return action === undefined ? {problem: `expected ${usage}`} : carryOut(action, world);
    }
  }
}

function actionOf(name: string, words: readonly string[]): Action | undefined {
  const [a, b, c] = words;
  if (c !== undefined) return undefined;
  if (name === ".heal" && a === undefined) return {kind: "heal"};
  if (a === undefined) return undefined;
  if (name === ".heal") return b === undefined ? undefined : {kind: "heal", link: [a, b]};
  if (name === ".cut") return b === undefined ? undefined : {kind: "cut", from: a, to: b};
  const kind = name.slice(1) as "crash" | "restart" | "pause" | "resume";
  return b === undefined ? {kind, member: a} : undefined;
}

function carryOut(action: Action, world: ConsoleWorld): Dotted {
  const record = world.act({do: action, origin: "person"});
  if (record === undefined) return {problem: whyNot(action, world)};
  world.session?.tell(record);
  return {};
}

function whyNot(action: Action, world: ConsoleWorld): string {
  if (world.whyNot !== "unknownName") return `${action.kind}: not possible as it is now`;
  const {members, clients} = world.view;
  return `${action.kind}: found a name that is not there, expected some of n1 to n${members.length}, c1 to c${clients.length}`;
}

function membersText({view}: ConsoleWorld): string {
  const lines = view.members.map(({id, status, server}) => {
    if (server === undefined) return `${memberName(id)} ${status}\n`;
    const {raft, store} = server;
    const paused = status === "paused" ? " (paused)" : "";
    return `${memberName(id)} ${raft.role}${paused} term ${raft.term} revision ${store.currentRevision}\n`;
  });
  return lines.join("");
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
