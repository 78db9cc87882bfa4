// Runs a run from beginning to end: what the command, the tests and the library use. Keeps nothing of the way but what
// is asked for.

import type {Hash} from "../core/base/hasher.ts";
import type {Micros} from "../core/base/quantity.ts";
import type {CheckReport, Verdict, Violation} from "./check/checker.ts";
import type {EventRecord} from "./event.ts";
import type {Operation} from "./history/operation.ts";
import type {Choice, Run} from "./run.ts";
import {Life, verdictOf} from "./timeline/life.ts";
import type {Company, End} from "./timeline/life.ts";
import type {TraceLine} from "./trace/trace.ts";
import {chainHash} from "./world/record.ts";
import type {Skipped} from "./world/world.ts";
import type {WorldView} from "./view.ts";

export interface ExecuteOptions extends Company {
  /** Told now and then, every few thousand events. */
  readonly onProgress?: (events: number, now: Micros) => void;
  /** Told of every event; true stops the run. */
  readonly onEvent?: (record: EventRecord) => boolean | void;
  /** Whether to keep the trace's lines. */
  readonly lines?: boolean;
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
  readonly lines: readonly TraceLine[];
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
  const lines: TraceLine[] = [];
  for (let record = life.step(); record !== undefined; record = life.step()) {
    if (options.lines === true) lines.push({id: record.id, at: record.at, hash: chainHash(record)});
    if (record.step % progressEvery === 0) options.onProgress?.(record.step, record.at);
    if (options.onEvent?.(record) === true) break;
  }
  return executedOf(life, lines);
}

/** What a life that is over, or was stopped, came to. */
export function executedOf(life: Life, lines: readonly TraceLine[]): Executed {
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
