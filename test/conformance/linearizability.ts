// Histories that others recorded, with the verdicts that they say are right: `expected.tsv` in the folder names them, a line
// each, with the steps and the time that Porcupine takes.

import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import process from "node:process";
import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import type {Verdict} from "../../sim/check/checker.ts";
import {readRecording} from "../../sim/record/formats.ts";
import {judge} from "../../sim/record/judge.ts";

/** What the list says of a file. */
export interface Listed {
  readonly file: string;
  readonly operations: number;
  readonly linearizable: boolean;
  /** Porcupine's steps, and its best and median time in microseconds; of some they are not known. */
  readonly steps: number | undefined;
  readonly bestUs: number | undefined;
}

export interface HistoryOutcome extends Listed {
  readonly verdict: Verdict;
  readonly agrees: boolean;
  readonly ours: {readonly operations: number; readonly steps: number; readonly us: number};
}

/** The budget of a file, in steps. */
const budget = 20_000_000;

/** Runs every file of the list. A file that the list has twice, once as a single object, is one history: it is judged once. */
export function runHistories(folder: string): Result<readonly HistoryOutcome[], string> {
  const path = join(folder, "expected.tsv");
  if (!existsSync(path)) return failed(`no expected.tsv in ${folder}: expected a list of files and verdicts`);
  const [, ...rows] = readFileSync(path, "utf8").trim().split("\n");
  const outcomes: HistoryOutcome[] = [];
  for (const row of rows.map((line) => line.split("\t"))) {
    const listed = listedIn(row);
    if (/ \(.*\)$/.test(listed.file)) continue;
    const read = readRecording(readFileSync(join(folder, listed.file), "utf8"));
    if (!read.ok) return failed(`${listed.file}: ${read.error}`);
    const began = process.cpuUsage();
    const {verdict, steps} = judge(read.value, {budget});
    const {user, system} = process.cpuUsage(began);
    const ours = {operations: read.value.operations, steps, us: user + system};
    outcomes.push({...listed, verdict, agrees: verdict === (listed.linearizable ? "pass" : "fail"), ours});
  }
  return ok(outcomes);
}

function listedIn([
  file = "",
  ,
  operations = "",
  ,
  linearizable = "",
  steps = "",
  bestUs = "",
]: readonly string[]): Listed {
  const numberIn = (text: string): number | undefined => (text === "" ? undefined : Number(text));
  return {
    file,
    operations: Number(operations),
    linearizable: linearizable === "true",
    steps: numberIn(steps),
    bestUs: numberIn(bestUs),
  };
}

export interface Totals {
  readonly files: number;
  readonly agree: number;
  readonly steps: number;
  readonly listedSteps: number;
  readonly us: number;
  readonly listedUs: number;
}

export function totalsOf(outcomes: readonly HistoryOutcome[]): Totals {
  const sum = (of: (outcome: HistoryOutcome) => number | undefined): number =>
    outcomes.reduce((total, outcome) => total + (of(outcome) ?? 0), 0);
  return {
    files: outcomes.length,
    agree: sum(({agrees}) => Number(agrees)),
    steps: sum(({ours}) => ours.steps),
    listedSteps: sum(({steps}) => steps),
    us: sum(({ours}) => ours.us),
    listedUs: sum(({bestUs}) => bestUs),
  };
}

export function describeHistory({file, verdict, agrees, steps, bestUs, ours}: HistoryOutcome): string {
  const cells = [
    agrees ? "agrees" : "WRONG ",
    verdict.padEnd(7),
    ...beside(ours.steps, steps),
    "steps",
    ...beside(ours.us, bestUs),
    "µs",
  ];
  return `${cells.join(" ")}  ${file}`;
}

export function describeHistories(outcomes: readonly HistoryOutcome[]): string {
  const {files, agree, steps, listedSteps, us, listedUs} = totalsOf(outcomes);
  return `${files} files: ${agree} agree; ${steps} steps (listed: ${listedSteps}), ${us} µs of processor time (listed, elsewhere: ${listedUs})`;
}

/** Ours, and the listed. */
function beside(ours: number, listed: number | undefined): readonly string[] {
  return [String(ours).padStart(7), `(${listed ?? "–"})`.padEnd(9)];
}

/** One line. */
export function jsonOfHistories(outcomes: readonly HistoryOutcome[]): string {
  const files = outcomes.map(({file, verdict, agrees, steps, bestUs, ours}) => ({
    file,
    verdict,
    agrees,
    ...ours,
    ...(steps === undefined ? {} : {listedSteps: steps}),
    ...(bestUs === undefined ? {} : {listedUs: bestUs}),
  }));
  return JSON.stringify({files, total: totalsOf(outcomes)});
}
