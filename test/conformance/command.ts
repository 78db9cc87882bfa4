// `raft <folder> [--json]`: etcd's own test scripts, run against this raft. `linearizability <folder> [--json]`: recorded
// histories, judged. Exit status 0: all agree (scripts strictly); 1: not all do; 2: the question made no sense, and one line
// says why.

import {statSync} from "node:fs";
import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import {describeHistories, describeHistory, jsonOfHistories, runHistories} from "./linearizability.ts";
import {describeFile, describeTotal, jsonOf} from "./report.ts";
import {runFolder} from "./run.ts";

export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** What came of a folder: lines for people, one for programs. */
interface Came {
  readonly lines: readonly string[];
  readonly json: string;
  readonly agree: boolean;
}

const suites: Readonly<Record<string, (folder: string) => Result<Came, string>>> = {
  raft: scripts,
  linearizability: histories,
};

const usage = `expected ${Object.keys(suites).join(" or ")}, then <folder> [--json]`;

/** Returns the exit status. */
export function main(words: readonly string[], {out, err}: Streams): number {
  const asked = askedIn(words);
  const came = asked.ok ? asked.value.run(asked.value.folder) : asked;
  if (!came.ok) {
    err(`conformance: ${came.error}\n`);
    return 2;
  }
  const {lines, json, agree} = came.value;
  out(words.includes("--json") ? `${json}\n` : lines.map((line) => `${line}\n`).join(""));
  return agree ? 0 : 1;
}

function scripts(folder: string): Result<Came, string> {
  const outcomes = runFolder(folder);
  if (outcomes.length === 0) return failed(`no scripts in ${folder}: expected *.txt`);
  return ok({
    lines: [...outcomes.map((outcome) => describeFile(outcome, folder)), describeTotal(outcomes)],
    json: jsonOf(outcomes),
    agree: outcomes.every(({strict}) => strict === undefined),
  });
}

function histories(folder: string): Result<Came, string> {
  const run = runHistories(folder);
  if (!run.ok) return run;
  const outcomes = run.value;
  return ok({
    lines: [...outcomes.map(describeHistory), describeHistories(outcomes)],
    json: jsonOfHistories(outcomes),
    agree: outcomes.every(({agrees}) => agrees),
  });
}

interface Asked {
  readonly run: (folder: string) => Result<Came, string>;
  readonly folder: string;
}

function askedIn(words: readonly string[]): Result<Asked, string> {
  const unknown = words.find((word) => word.startsWith("-") && word !== "--json");
  if (unknown !== undefined) return failed(`unknown option ${unknown}: expected at most --json`);
  const [what, folder, ...more] = words.filter((word) => word !== "--json");
  const run = what === undefined || !Object.hasOwn(suites, what) ? undefined : suites[what];
  if (run === undefined)
    return failed(`${what === undefined ? "nothing asked" : `unknown "${what}"`}: ${usage}`);
  if (folder === undefined) return failed(`${what} without a folder: ${usage}`);
  if (more.length > 0) return failed(`${what} with too many words (${more.join(" ")}): ${usage}`);
  if (statSync(folder, {throwIfNoEntry: false})?.isDirectory() !== true)
    return failed(`${folder} is no folder: ${usage}`);
  return ok({run, folder});
}
