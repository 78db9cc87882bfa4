// `raft <folder> [--json]`: etcd's own test scripts, run against this raft. Exit status 0: all agree strictly; 1: not all
// do; 2: the question made no sense, and one line says why.

import {statSync} from "node:fs";
import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import {describeFile, describeTotal, jsonOf} from "./report.ts";
import {runFolder} from "./run.ts";

export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Returns the exit status. */
export function main(words: readonly string[], {out, err}: Streams): number {
  const folder = folderIn(words);
  const outcomes = folder.ok ? runFolder(folder.value) : [];
  if (!folder.ok || outcomes.length === 0) {
    err(`conformance: ${folder.ok ? `no scripts in ${folder.value}: expected *.txt` : folder.error}\n`);
    return 2;
  }
  if (words.includes("--json")) out(`${jsonOf(outcomes)}\n`);
  else {
    for (const outcome of outcomes) out(`${describeFile(outcome, folder.value)}\n`);
    out(`${describeTotal(outcomes)}\n`);
  }
  return outcomes.every(({strict}) => strict === undefined) ? 0 : 1;
}

function folderIn(words: readonly string[]): Result<string, string> {
  const unknown = words.find((word) => word.startsWith("-") && word !== "--json");
  if (unknown !== undefined) return failed(`unknown option ${unknown}: expected at most --json`);
  const [what, folder, ...more] = words.filter((word) => word !== "--json");
  const usage = "expected raft <folder> [--json]";
  if (what !== "raft")
    return failed(`${what === undefined ? "nothing asked" : `unknown "${what}"`}: ${usage}`);
  if (folder === undefined) return failed(`raft without a folder: ${usage}`);
  if (more.length > 0) return failed(`raft with too many words (${more.join(" ")}): ${usage}`);
  if (statSync(folder, {throwIfNoEntry: false})?.isDirectory() !== true)
    return failed(`${folder} is no folder: ${usage}`);
  return ok(folder);
}
