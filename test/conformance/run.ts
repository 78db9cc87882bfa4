// Every script under a folder, each by the kind that it is of, and how far each agrees.

import {readdirSync, readFileSync} from "node:fs";
import {join, resolve, sep} from "node:path";
import {ConfChangeScript} from "./confChangeScript.ts";
import {readScript} from "./dataDriven.ts";
import {Interaction} from "./interaction.ts";
import type {Outcome} from "./outcome.ts";
import {outcomeOf} from "./outcome.ts";
import {QuorumScript} from "./quorumScript.ts";
import type {Script} from "./script.ts";

export interface FileOutcome extends Outcome {
  /** Relative to the folder, with slashes. */
  readonly file: string;
}

/** By path. Fails as node:fs does if the folder cannot be read. */
export function runFolder(folder: string): readonly FileOutcome[] {
  return scriptsIn(folder).map((file) => {
    const path = resolve(folder, file);
    const text = readFileSync(path, "utf8");
    return {file, ...outcomeOf(text, newScript(path, text))};
  });
}

function scriptsIn(folder: string): readonly string[] {
  const files: string[] = [];
  for (const item of readdirSync(folder, {withFileTypes: true})) {
    if (item.isDirectory()) {
      files.push(...scriptsIn(join(folder, item.name)).map((file) => `${item.name}/${file}`));
    } else if (item.name.endsWith(".txt")) files.push(item.name);
  }
  return files.toSorted((a, b) => (a < b ? -1 : 1));
}

const quorumCommands: ReadonlySet<string> = new Set(["committed", "vote"]);
const confChangeCommands: ReadonlySet<string> = new Set(["simple", "enter-joint", "leave-joint"]);

/** Upstream's folders tell; elsewhere, the first command that is known. */
export function newScript(path: string, text: string): Script {
  const folders = path.split(sep);
  const testdata = folders.lastIndexOf("testdata");
  const room = testdata > 0 ? folders[testdata - 1] : undefined;
  if (room === "quorum") return new QuorumScript();
  if (room === "confchange") return new ConfChangeScript();
  const command = firstCommand(text);
  if (quorumCommands.has(command)) return new QuorumScript();
  return confChangeCommands.has(command) ? new ConfChangeScript() : new Interaction();
}

function firstCommand(text: string): string {
  try {
    const first = readScript(text).next();
    return first.done === true ? "" : first.value.command;
  } catch {
    // Whoever runs it is told.
    return "";
  }
}
