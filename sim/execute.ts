// Runs a run from beginning to end: what the command, the tests and the library use. Keeps nothing of the way but what
// is asked for.

import type {Hash} from "../core/base/hasher.ts";
import type {Micros} from "../core/base/quantity.ts";
import type {CheckReport, Verdict, Violation} from "./check/checker.ts";
import type {Operation} from "./history/operation.ts";
import type {Choice, Run} from "./run.ts";
import {Life, verdictOf} from "./timeline/life.ts";
import type {Company, End} from "./timeline/life.ts";
import {TraceLines} from "./trace/lines.ts";
import type {About} from "./trace/trace.ts";
import {TraceWriter} from "./trace/writer.ts";
import type {Sink} from "./trace/writer.ts";
import type {TakenEvent} from "./world/record.ts";
import type {Skipped} from "./world/world.ts";
import type {WorldView} from "./view.ts";

export interface ExecuteOptions extends Company {
  /** Told now and then, every few thousand events. */
  readonly onProgress?: (events: number, now: Micros) => void;
  /** Told of every event, and the world after it; true stops the run. */
  readonly onEvent?: (record: TakenEvent, view: WorldView) => boolean | void;
  /** From this event on it ends as soon as a claim is broken, and none is asked about the end. Absent: it goes on. */
  readonly endsBrokenFrom?: number;
  /** Whether to keep the trace's lines. */
  readonly lines?: boolean;
  /** Writes the trace's file while the run goes on. */
  readonly trace?: {readonly about: About; readonly sink: Sink};
}

export interface Executed {
  readonly verdict: Verdict;
  readonly events: number;
  /** Sent between members. */
  readonly messages: number;
  readonly virtualMs: number;
  readonly at: Micros;
  readonly traceHash: Hash;
  readonly checks: readonly CheckReport[];
  /** The first that was found. */
  readonly violation: Violation | undefined;
  /** Empty unless asked for. */
  readonly lines: TraceLines;
  /** With everything that was done to it: runs again without director. */
  readonly run: Run;
  readonly skipped: readonly Skipped[];
  readonly skippedChoices: readonly Choice[];
  /** Why it ended; undefined when it was stopped. */
  readonly end: End | undefined;
  readonly operations: readonly Operation[];
  /** The world at the end. */
  readonly view: WorldView;
}

const progressEvery = 4096;

export function execute(run: Run, options: ExecuteOptions): Executed {
  const life = Life.create(run, options);
  const lines = new TraceLines();
  const writer =
    options.trace === undefined
      ? undefined
      : new TraceWriter({...run, ...options.trace.about}, options.trace.sink);
  for (let record = life.step(); record !== undefined; record = life.step()) {
    if (options.lines === true) lines.push(record);
    writer?.take(record, life);
    if (record.step % progressEvery === 0) options.onProgress?.(record.step, record.at);
    if (options.onEvent?.(record, life.world.view) === true) break;
    if (life.isBroken && record.step >= (options.endsBrokenFrom ?? Infinity)) break;
  }
  const done = executedOf(life, lines);
  const {events, at, traceHash: hash, verdict} = done;
  writer?.end(life, done.run, {events, at, hash, verdict});
  return done;
}

/** What a life that is over, or was stopped, came to. */
export function executedOf(life: Life, lines: TraceLines): Executed {
  const {world} = life;
  const checks = life.reports();
  const violations = checks.flatMap(({violation}) => (violation === undefined ? [] : [violation]));
  return {
    verdict: verdictOf(checks),
    events: world.step,
    messages: world.messages,
    virtualMs: Math.floor(world.now / 1000),
    at: world.now,
    traceHash: world.hash,
    checks,
    violation: violations.sort((a, b) => a.step - b.step)[0],
    lines,
    run: life.recorded(),
    skipped: world.skipped,
    skippedChoices: life.skippedChoices,
    end: life.end,
    operations: world.operations,
    view: world.view,
  };
}
