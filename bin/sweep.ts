// `etcdscope sweep`: many seeds on all cores, every failure saved as a trace at once. `etcdscope merge`: the parts of one
// sweep as one.

import {availableParallelism} from "node:os";
import {performance} from "node:perf_hooks";
import process from "node:process";
import {resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {worded} from "../core/base/said.ts";
import type {Scenario} from "../scenarios/format.ts";
import {museum} from "../sim/bug/museum.ts";
import {checkWords} from "../sim/check/words.ts";
import {behaviours} from "../sim/explore/behaviours.ts";
import {totalsOf} from "../sim/explore/sweep.ts";
import type {CoverageTotals, SeedResult, Totals} from "../sim/explore/sweep.ts";
import {scheduleKinds} from "../sim/explore/trial.ts";
import type {TrialOptions} from "../sim/explore/trial.ts";
import {codeHash, isBuilt} from "../sim/trace/code.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {GuidedTasks} from "./guidedTasks.ts";
import {committed, foundText} from "./killMatrix.ts";
import {lock} from "./lock.ts";
import {runPool} from "./pool.ts";
import {shellWord, wrapped} from "./report.ts";
import {bugNamed, scenarioNamed} from "./source.ts";
import {appendResult, isSameSweep, openJournal, readJournal, seedsOf} from "./sweepJournal.ts";
import type {SweepHead} from "./sweepJournal.ts";
import {playTask, trialOfTask} from "./sweepTask.ts";
import type {SweepTask} from "./sweepTask.ts";
import {writeWhole} from "./written.ts";

export interface SweepOptions {
  readonly scenario?: string;
  readonly seeds: readonly [number, number];
  readonly bug?: string;
  readonly schedule?: string;
  readonly short?: true;
  readonly guided?: true;
  readonly jobs?: number;
  readonly shard: readonly [number, number];
  /** Seconds. */
  readonly budget?: number;
  readonly out?: string;
  readonly json?: true;
}

/** A build's results are refused by another build; what runs from its sources has no name to know them by. */
const unnoticed = isBuilt
  ? ""
  : " (run from its sources: whether they changed since is not noticed; after a change name another file)";

export async function sweep(options: SweepOptions, io: Io): Promise<Exit> {
  if (options.out === undefined) return await play(options, io);
  const release = lock(resolve(options.out), `--out ${options.out}`);
  try {
    return await play(options, io);
  } finally {
    release();
  }
}

async function play(options: SweepOptions, io: Io): Promise<Exit> {
  const named = options.scenario === undefined ? undefined : await scenarioNamed(options.scenario);
  const head = headOf(options, named?.scenario);
  const out = options.out === undefined ? undefined : resolve(options.out);
  const before = out === undefined ? {results: new Map<number, SeedResult>()} : openJournal(out, head);
  const results = new Map(before.results);
  const left = seedsOf(head).filter((seed) => !results.has(seed));
  const about = {
    options: head.options,
    ...(named === undefined ? {} : {scenario: named.scenario}),
    ...(named?.file === undefined ? {} : {source: named.file.text}),
    traces: tracesOf(out, head),
  };
  if (results.size > 0) io.err(`${options.out}: goes on, seeds done: ${results.size}${unnoticed}\n`);
  const began = performance.now();
  const progress = new SweepProgress(left.length, io);
  let stopping = false;
  const stop = (): void => {
    stopping = true;
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const isOver = (): boolean =>
    stopping || (options.budget !== undefined && performance.now() - began > 1000 * options.budget);
  const source = head.guided === true ? new GuidedTasks(head.seeds, results) : inOrder(left);
  const next = (): SweepTask | "later" | undefined => {
    const task = isOver() ? undefined : source.next();
    return typeof task === "object" ? {...task, ...about} : task;
  };
  const done = (result: SeedResult): void => {
    if (out !== undefined) appendResult(out, result);
    results.set(result.seed, result);
    if (result.failure !== undefined) io.err(`${failureLine(result)}\n`);
    progress.done(result);
  };
  const {jobs = availableParallelism()} = options;
  if (jobs > 0) await runPool<SweepTask, SeedResult>({script: workerScript(), jobs, next, done});
  // Alone, nothing has to be waited for.
  else for (let task = next(); typeof task === "object"; task = next()) done(playTask(task));
  process.off("SIGINT", stop).off("SIGTERM", stop);
  progress.end();
  const missing = seedsOf(head).filter((seed) => !results.has(seed));
  const exit = tell(
    {head, results: [...results.values()], missing, wallMs: performance.now() - began},
    options,
    io,
  );
  if (missing.length > 0 && out !== undefined && options.json !== true)
    io.err(`${options.out} has what was done: the same command goes on\n`);
  return exit;
}

/** Seed after seed. */
function inOrder(seeds: readonly number[]): {next(): Pick<SweepTask, "seed"> | undefined} {
  let begun = 0;
  return {
    next: () => {
      const seed = seeds[begun++];
      return seed === undefined ? undefined : {seed};
    },
  };
}

export interface MergeOptions {
  readonly out?: string;
  readonly json?: true;
}

/** Joins results of parts of one sweep; says which seeds never ran. */
export function merge(files: readonly string[], options: MergeOptions, io: Io): Exit {
  const journals = files.map(readJournal);
  const [first] = journals;
  if (first === undefined)
    throw new UsageError("merge: found no file, expected the results of a sweep's parts");
  const other = journals.findIndex(({head}) => !isSameSweep(head, first.head));
  if (other >= 0)
    throw new UsageError(`${files[other]}: found another sweep than in ${files[0]}, expected parts of one`);
  const head: SweepHead = {...first.head, shard: [1, 1]};
  const results = new Map<number, SeedResult>();
  for (const journal of journals) {
    for (const [seed, result] of journal.results) {
      const known = results.get(seed);
      if (known !== undefined && known.hash !== result.hash)
        throw new UsageError(
          `seed ${seed}: found two different runs in ${files.join(", ")}, expected one code's`,
        );
      results.set(seed, result);
    }
  }
  const sorted = [...results.values()].sort((a, b) => a.seed - b.seed);
  if (options.out !== undefined)
    writeWhole(options.out, [head, ...sorted].map((line) => `${JSON.stringify(line)}\n`).join(""));
  const missing = seedsOf(head).filter((seed) => !results.has(seed));
  return tell({head, results: sorted, missing, wallMs: 0}, options, io);
}

function headOf(options: SweepOptions, scenario: Scenario | undefined): SweepHead {
  const {bug, schedule} = options;
  const kind = scheduleKinds.find((one) => one === schedule);
  if (schedule !== undefined && kind === undefined)
    throw new UsageError(
      `--schedule: found ${JSON.stringify(schedule)}, expected one of ${scheduleKinds.join(", ")}`,
    );
  if (bug !== undefined) bugNamed(bug, "--bug");
  if (scenario !== undefined && options.short === true)
    throw new UsageError(
      "--short: found --scenario beside it, expected one of them: a scenario says itself how long it lasts",
    );
  if (options.guided === true && (scenario !== undefined || options.shard[1] > 1))
    throw new UsageError(
      "--guided: found --scenario or --shard beside it, expected neither: what is played depends on all that was reached before",
    );
  const trial: TrialOptions = {
    ...(bug === undefined ? {} : {bugs: [bug]}),
    ...(kind === undefined ? {} : {schedule: kind}),
    ...(options.short === undefined ? {} : {short: true}),
  };
  const {checkers} = trialOfTask({seed: 0, options: trial, ...(scenario === undefined ? {} : {scenario})});
  return {
    etcdscope: "sweep",
    format: 1,
    code: codeHash,
    ...(scenario === undefined ? {} : {scenario: scenario.id}),
    options: trial,
    ...(options.guided === true ? {guided: true} : {}),
    seeds: options.seeds,
    shard: options.shard,
    checks: checkers().map(({name}) => name),
  };
}

/** Beside the results, or here. */
/** Named by what is swept, so that another sweep's stay. */
function tracesOf(out: string | undefined, {scenario, options: {bugs = []}}: SweepHead): string {
  if (out !== undefined) return `${out.replace(/\.[^./\\]*$/, "")}-`;
  const what = [...(scenario === undefined ? [] : [scenario]), ...bugs].map((one) => `${one}-`);
  return resolve(`etcdscope-sweep-${what.join("")}`);
}

/** Beside this file, from the sources and in the bundle alike. */
function workerScript(): string {
  const kind = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./sweep.worker.${kind}`, import.meta.url));
}

function failureLine({seed, failure}: SeedResult): string {
  if (failure === undefined) return "";
  const {check, said, trace} = failure;
  return `seed ${seed}: ${check}: ${worded(checkWords, said, "en")}${trace === undefined ? "" : `\n  ${trace}`}`;
}

interface Told {
  readonly head: SweepHead;
  readonly results: readonly SeedResult[];
  readonly missing: readonly number[];
  /** 0: not played here. */
  readonly wallMs: number;
}

function tell({head, results, missing, wallMs}: Told, {json}: {readonly json?: true}, io: Io): Exit {
  const totals = totalsOf(results, head.checks);
  const perSecond = (count: number): number => (wallMs < 1 ? 0 : Math.round((1000 * count) / wallMs));
  if (json === true) {
    const {events, operations} = totals;
    const speed = {eventsPerSecond: perSecond(events), operationsPerSecond: perSecond(operations)};
    io.out(
      `${JSON.stringify({...totals, wallMs: Math.round(wallMs), ...speed, missing: rangesOf(missing)})}\n`,
    );
  } else {
    tellInWords(totals, missing, io);
    // Of a hunt one wants to know whether it found; what its seeds reached is asked of sound members.
    if (head.scenario === undefined && head.options.bugs === undefined) io.out(coverageText(totals.coverage));
    else if (totals.failed === 0) io.out(notFound(head, totals.seeds));
    adviseOn(totals, io);
  }
  if (totals.failed > 0) return 1;
  return missing.length > 0 || totals.unknown > 0 ? 3 : 0;
}

function tellInWords(
  {seeds, passed, failed, unknown, failures, idle, ...totals}: Totals,
  missing: readonly number[],
  io: Io,
): void {
  const undecided = unknown === 0 ? "" : `, ${unknown} undecided`;
  io.out(`${seeds} seeds: ${passed} held, ${failed} failed${undecided}\n`);
  io.out(`${totals.events} events, ${totals.operations} operations\n`);
  for (const check of new Set(failures.map((one) => one.check))) {
    const found = failures.filter((one) => one.check === check);
    io.out(`${check}: ${found.length} of ${seeds} seeds, the first is ${found[0]?.seed}\n`);
  }
  if (idle.length > 0) io.out(wrapped("never exercised:", idle));
  if (missing.length > 0)
    io.out(
      `never ran: ${rangesOf(missing)
        .map(([a, b]) => `${a}..${b}`)
        .join(" ")}\n`,
    );
}

/** What to do with the first failure that was saved. */
function adviseOn({failures}: Totals, io: Io): void {
  const trace = failures.find((one) => one.trace !== undefined)?.trace;
  if (trace === undefined) return;
  io.err(`see it:           ${io.command} open ${shellWord(trace)}\n`);
  io.err(`run it again:     ${io.command} replay ${shellWord(trace)}\n`);
  io.err(`make it smaller:  ${io.command} shrink ${shellWord(trace)}\n`);
}

/** How often others found it: sixty seeds say more than three. */
function notFound({scenario, options: {bugs = []}}: SweepHead, seeds: number): string {
  const bug = museum.find(({id}) => id === scenario || bugs.includes(id))?.id;
  const row = bug === undefined ? undefined : committed[bug];
  if (bug === undefined || row === undefined) return "";
  return `${bug} was not found in ${seeds} seeds; the museum's hunt found it in ${foundText(row)} (docs/museum.md says by which way)\n`;
}

function coverageText({reached, of, never, rare}: CoverageTotals): string {
  const few = Object.entries(rare).map(([name, seeds]) => `${name} (${seeds})`);
  return [
    `reached ${reached} of ${of} behaviours\n`,
    ...(never.length === 0 ? [] : ["never reached:\n", ...kindLines(folded(never))]),
    ...(few.length === 0 ? [] : ["rarely reached, in how many seeds:\n", ...kindLines(few)]),
  ].join("");
}

/** What a name begins with stands before all that begin so. */
function kindLines(names: readonly string[]): readonly string[] {
  const kinds = new Map<string, string[]>();
  for (const name of names) {
    const end = name.indexOf("/") + 1;
    const kind = name.slice(0, end);
    kinds.set(kind, [...(kinds.get(kind) ?? []), name.slice(end)]);
  }
  return [...kinds].map(([kind, rest]) => wrapped(`  ${kind}`, rest));
}

/** Where nothing at all of a kind was reached, the kind: `call/userAdd/…`. */
function folded(never: readonly string[]): readonly string[] {
  const absent = new Set(never);
  const reached = behaviours.filter((name) => !absent.has(name));
  const shortest = (name: string): string => {
    for (let end = name.indexOf("/"); end >= 0; end = name.indexOf("/", end + 1)) {
      const kind = name.slice(0, end + 1);
      if (!reached.some((one) => one.startsWith(kind))) return `${kind}…`;
    }
    return name;
  };
  return [...new Set(never.map(shortest))];
}

/** Seeds as ranges, of which the last is not included. */
function rangesOf(seeds: readonly number[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const seed of seeds) {
    const last = ranges.at(-1);
    if (last?.[1] === seed) last[1]++;
    else ranges.push([seed, seed + 1]);
  }
  return ranges;
}

/** One line, over and over for a person who watches; else now and then. */
class SweepProgress {
  private readonly all: number;
  private readonly io: Io;
  private readonly began = performance.now();
  private count = 0;
  private failed = 0;
  private events = 0;
  private saidAt = 0;

  constructor(all: number, io: Io) {
    this.all = all;
    this.io = io;
  }

  done({events, verdict}: SeedResult): void {
    this.count++;
    this.events += events;
    if (verdict === "fail") this.failed++;
    const seconds = (performance.now() - this.began) / 1000;
    if (seconds - this.saidAt < (this.io.interactive ? 0.2 : 30)) return;
    this.saidAt = seconds;
    const left = Math.round(((this.all - this.count) * seconds) / this.count);
    const line = `${this.count} of ${this.all} seeds, ${this.failed} failed, ${Math.round(this.events / seconds)} events/s, ${left} s left`;
    this.io.err(this.io.interactive ? `\r\x1b[K${line}` : `${line}\n`);
  }

  end(): void {
    if (this.io.interactive && this.count > 0) this.io.err("\r\x1b[K");
  }
}
