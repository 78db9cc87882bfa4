// npm run soak -- --budget 30m [--seeds A..B] [--jobs 2] [--out F]     plays on from where the results file ends
// npm run soak -- --replay SEED [--keep 0-4,7]                         one schedule, told event by event
//
// B is not included. SIGINT stops, and keeps what is done.

import {fork} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {mkdirSync} from "node:fs";
import {dirname, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {Counters, features} from "./features.ts";
import {nothingFrom, raftHash, readResults, resultsFile, writeResults} from "./results.ts";
import type {Results} from "./results.ts";
import {playSchedule, scheduleLength} from "./schedule.ts";
import {keepOf, replayLine, shrink} from "./shrink.ts";
import {together, zeros} from "./soak.ts";
import type {Played} from "./soak.ts";
import type {Done, Task} from "./worker.ts";

/** Seeds in one task of a worker. */
const taskSize = 200;

interface Options {
  readonly budgetSeconds: number;
  readonly seeds: readonly [number, number];
  readonly jobs: number;
  readonly out: string;
}

class Soak {
  private readonly options: Options;
  private results: Results;
  private next: number;
  private busy = 0;
  private stopping = false;
  private readonly startedAt = performance.now();
  private readonly secondsBefore: number;
  /** Done before something that comes before it. */
  private readonly early = new Map<number, Done>();

  constructor(options: Options) {
    this.options = options;
    const [from] = options.seeds;
    const there = readResults(options.out);
    const goesOn = there !== undefined && there.codeHash === raftHash() && there.seeds[0] === from;
    this.results = goesOn ? there : nothingFrom(from);
    this.next = this.results.seeds[1];
    this.secondsBefore = this.results.seconds;
    if (this.next > from) console.log(`goes on at seed ${this.next}`);
    else if (there !== undefined)
      console.log(`${options.out} is of other code or other seeds, and will be replaced`);
  }

  run(): void {
    const script = fileURLToPath(new URL("worker.ts", import.meta.url));
    process.on("SIGINT", () => {
      this.stopping = true;
    });
    for (let job = 0; job < this.options.jobs; job++) {
      const worker = fork(script, {execArgv: ["--import", "tsx"]});
      worker.on("message", (done: Done) => this.done(worker, done));
      worker.on("error", (error) => {
        throw error;
      });
      this.give(worker);
    }
  }

  private give(worker: ChildProcess): void {
    const [, to] = this.options.seeds;
    if (this.stopping || this.next >= to || this.seconds() > this.options.budgetSeconds) {
      worker.disconnect();
      return;
    }
    const task: Task = {from: this.next, to: Math.min(to, this.next + taskSize)};
    this.next = task.to;
    this.busy++;
    worker.send(task);
  }

  private done(worker: ChildProcess, done: Done): void {
    this.busy--;
    this.early.set(done.from, done);
    for (;;) {
      const following = this.early.get(this.results.seeds[1]);
      if (following === undefined) break;
      this.early.delete(following.from);
      this.take(following.to, following.played);
    }
    this.give(worker);
    if (this.busy === 0) this.finish();
  }

  private take(to: number, played: Played): void {
    for (const {seed, said} of played.violations) {
      console.log(`\nseed ${seed}: ${said}`);
      const shrunk = shrink(seed);
      if (shrunk !== undefined) console.log(`  ${shrunk.keep.length} events: ${replayLine(shrunk)}`);
    }
    const all = together(this.results, played);
    const seconds = this.secondsBefore + this.seconds();
    this.results = {
      ...this.results,
      ...all,
      seeds: [this.results.seeds[0], to],
      seconds: Math.round(seconds),
      schedulesPerSecond: Math.round(all.schedules / seconds),
    };
    const {schedules, events, violations} = this.results;
    const line = `${schedules} schedules, ${events} events, ${Math.round(all.schedules / seconds)} schedules/s, ${violations.length} violations`;
    process.stdout.write(process.stdout.isTTY ? `\r${line}` : to % (50 * taskSize) === 0 ? `${line}\n` : "");
  }

  private finish(): void {
    const {out} = this.options;
    mkdirSync(dirname(out), {recursive: true});
    writeResults(out, this.results);
    const {schedules, events, seeds, seconds, schedulesPerSecond, violations} = this.results;
    console.log(`\nseeds ${seeds[0]}..${seeds[1]}: ${schedules} schedules, ${events} events in ${seconds} s`);
    console.log(
      `${schedulesPerSecond} schedules per second, ${Math.round(events / seconds)} events per second`,
    );
    const never = zeros(this.results);
    console.log(never.length === 0 ? "everything was exercised" : `never exercised: ${never.join(", ")}`);
    console.log(
      violations.length === 0 ? "nothing was broken" : `${violations.length} schedules broke a claim`,
    );
    process.exitCode = violations.length === 0 ? 0 : 1;
  }

  private seconds(): number {
    return (performance.now() - this.startedAt) / 1000;
  }
}

/** Tells a schedule event by event: role, term, and applied/committed/last of each member before it. */
function replay(seed: number, keep: readonly number[] | undefined): void {
  try {
    playSchedule({
      seed,
      keep,
      features: new Counters(features),
      notes: {note: (note) => console.log(`      ${JSON.stringify(note)}`)},
      onEvent: (event, action, {hosts}) => {
        const members = hosts.map(({id, node, applied, disk}) => {
          const {role, term, commitIndex, lastIndex} = node;
          return `n${id} ${role}/${term} ${applied}/${commitIndex}/${lastIndex}/${disk.synced.lastIndex}`;
        });
        console.log(`${String(event).padStart(4)} ${action.padEnd(12)} ${members.join("  ")}`);
      },
    });
    console.log("nothing was broken");
  } catch (error) {
    console.log(error instanceof Error ? `${error.name}: ${error.message}` : error);
    process.exitCode = 1;
  }
}

const usageLine =
  "usage: npm run soak -- --budget 30m [--seeds A..B] [--jobs N] [--out F] | --replay S [--keep 0-4,7]";

function usage(problem: string): never {
  console.error(`${problem}; ${usageLine}`);
  process.exit(2);
}

function secondsOf(budget: string): number {
  const match = /^(\d+)(s|m|h)$/.exec(budget);
  if (match === null) usage(`--budget ${budget}: expected 90s, 30m or 2h`);
  return Number(match[1]) * {s: 1, m: 60, h: 3600}[match[2] as "s" | "m" | "h"];
}

const flags = {
  budget: {type: "string", default: "30m"},
  seeds: {type: "string", default: "0..300000"},
  jobs: {type: "string", default: "2"},
  out: {type: "string", default: resultsFile},
  replay: {type: "string"},
  keep: {type: "string"},
  help: {type: "boolean", short: "h"},
} as const;

function parsed(): ReturnType<typeof parseArgs<{options: typeof flags}>>["values"] {
  try {
    return parseArgs({options: flags}).values;
  } catch (error) {
    return usage(error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error));
  }
}

function main(): void {
  const values = parsed();
  // Whoever reads has enough: `… | head`.
  process.stdout.on("error", () => process.exit(0));
  if (values.help === true) {
    console.log(usageLine);
    return;
  }
  if (values.replay !== undefined) {
    if (!/^\d+$/.test(values.replay)) usage(`--replay ${values.replay}: expected a seed, a whole number`);
    const keep = values.keep === undefined ? undefined : keepOf(values.keep);
    if (values.keep !== undefined && keep === undefined) usage(`--keep ${values.keep}: expected 0-4,7`);
    if (keep?.some((event) => event >= scheduleLength) === true)
      usage(`a schedule has ${scheduleLength} events`);
    return replay(Number(values.replay), keep);
  }
  const seeds = /^(\d+)\.\.(\d+)$/.exec(values.seeds);
  if (seeds === null || Number(seeds[1]) >= Number(seeds[2])) {
    usage(`--seeds ${values.seeds}: expected A..B, A less than B`);
  }
  if (values.out === resultsFile && values.seeds.split("..")[0] !== "0") {
    usage(`--seeds ${values.seeds}: the committed results begin at seed 0; other seeds need --out F`);
  }
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1) usage(`--jobs ${values.jobs}: expected a positive number`);
  const options = {budgetSeconds: secondsOf(values.budget), jobs, out: resolve(values.out)};
  new Soak({...options, seeds: [Number(seeds[1]), Number(seeds[2])]}).run();
}

main();
