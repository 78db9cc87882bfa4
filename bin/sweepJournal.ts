// A sweep on record: a head that says what is swept, then a line per seed, appended as seeds are done. Whatever ends the sweep,
// all lines but a torn last one are good, and the sweep goes on from there.

import {appendFileSync, existsSync, readFileSync, truncateSync} from "node:fs";
import type {SeedResult} from "../sim/explore/sweep.ts";
import type {TrialOptions} from "../sim/explore/trial.ts";
import {foundWords} from "./errno.ts";
import {UsageError} from "./io.ts";
import {writeWhole, written} from "./written.ts";

export interface SweepHead {
  readonly etcdscope: "sweep";
  readonly format: 1;
  /** The build that played. */
  readonly code: string;
  readonly scenario?: string;
  readonly options: TrialOptions;
  /** Which trials are played depends on what those before reached. */
  readonly guided?: true;
  /** The first is included, the last is not. */
  readonly seeds: readonly [from: number, to: number];
  /** Which of so many parts: [1, 3] is every third seed, from the first on. */
  readonly shard: readonly [part: number, of: number];
  /** Names of the checks, in the order of the lines' counts. */
  readonly checks: readonly string[];
}

export interface Journal {
  readonly head: SweepHead;
  /** By seed; a seed that was played twice counts once. */
  readonly results: ReadonlyMap<number, SeedResult>;
}

/** The seeds of a part, in order. */
export function seedsOf({seeds: [from, to], shard: [part, of]}: SweepHead): readonly number[] {
  return Array.from({length: to - from}, (_, i) => from + i).filter((_, i) => i % of === part - 1);
}

/** What differs between two parts of one sweep is only which part they are. */
export function isSameSweep(a: SweepHead, b: SweepHead): boolean {
  const whole = (head: SweepHead): string => JSON.stringify({...head, shard: [1, 1]});
  return whole(a) === whole(b);
}

export function readJournal(path: string): Journal {
  const {head, lines} = parsed(textIn(path), path);
  return {head, results: new Map(lines.map((line) => [line.seed, line]))};
}

/** Begins a journal, or goes on with the one that is there. */
export function openJournal(path: string, head: SweepHead): Journal {
  if (!existsSync(path)) {
    writeWhole(path, `${JSON.stringify(head)}\n`);
    return {head, results: new Map()};
  }
  const text = textIn(path);
  const found = parsed(text, path);
  if (JSON.stringify(found.head) !== JSON.stringify(head)) {
    throw new UsageError(
      `--out ${path}: found another sweep (${differenceOf(found.head, head)}), expected a new file`,
    );
  }
  // A line that was being written when the sweep was stopped.
  if (!text.endsWith("\n")) truncateSync(path, Buffer.byteLength(text.slice(0, text.lastIndexOf("\n") + 1)));
  return {head, results: new Map(found.lines.map((line) => [line.seed, line]))};
}

export function appendResult(path: string, result: SeedResult): void {
  written(path, () => appendFileSync(path, `${JSON.stringify(result)}\n`));
}

function textIn(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const found = foundWords(error, "no such file");
    throw new UsageError(`${path}: found ${found}, expected a sweep's results (etcdscope sweep --out)`);
  }
}

function differenceOf(found: SweepHead, wanted: SweepHead): string {
  const keys = ["code", "scenario", "options", "guided", "seeds", "shard", "checks"] as const;
  const key = keys.find((one) => JSON.stringify(found[one]) !== JSON.stringify(wanted[one])) ?? "format";
  if (key === "seeds") return `its seeds are ${found.seeds.join("..")}`;
  if (key === "shard") return `its shard is ${found.shard.join("/")}`;
  return `its ${key} ${key === "checks" ? "differ" : `is ${JSON.stringify(found[key]) ?? "none"}`}`;
}

function parsed(
  text: string,
  path: string,
): {readonly head: SweepHead; readonly lines: readonly SeedResult[]} {
  // The last one is empty, or torn.
  const [first = "", ...lines] = text.split("\n").slice(0, -1);
  const head = objectIn(first) as Partial<SweepHead> | undefined;
  if (head?.etcdscope !== "sweep" || head.format !== 1) {
    const found = JSON.stringify(first.slice(0, 20));
    throw new UsageError(
      `${path}: found ${found} at its beginning, expected a sweep's results (etcdscope sweep --out)`,
    );
  }
  const results = lines.map((line, i) => {
    const result = objectIn(line) as Partial<SeedResult> | undefined;
    if (Number.isSafeInteger(result?.seed) && typeof result?.verdict === "string")
      return result as SeedResult;
    throw new UsageError(
      `${path}: line ${i + 2}: found ${JSON.stringify(line.slice(0, 20))}, expected what came of a seed`,
    );
  });
  return {head: head as SweepHead, lines: results};
}

function objectIn(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
