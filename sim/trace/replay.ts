// Runs a trace again and compares event by event: it agrees, or the first difference is named, with what the file says
// and what happened.

import type {ExecuteOptions, Executed} from "../execute.ts";
import {execute} from "../execute.ts";
import {chainHash} from "../world/record.ts";
import type {About, TraceFile, TraceHeader, TraceLine} from "./trace.ts";
import type {Run} from "../run.ts";

export interface Difference {
  /** From 1. */
  readonly step: number;
  /** What the file says; undefined where it says that the run was over. */
  readonly expected: TraceLine | undefined;
  /** What happened; undefined when nothing more did. */
  readonly actual: TraceLine | undefined;
}

export interface Replayed {
  readonly difference: Difference | undefined;
  readonly executed: Executed;
}

/** The file of a run that was executed with its lines kept. */
export function traceOf(done: Executed, about: About): TraceFile {
  const end = {events: done.events, at: done.at, hash: done.traceHash, verdict: done.verdict};
  return {header: {...done.run, ...about, end}, lines: done.lines};
}

/** The run in a trace's header: as far as it went, and no further. */
export function runOf({format, config, seed, versions, script, choices, limits, end}: TraceHeader): Run {
  return {format, config, seed, versions, script, choices, limits: {...limits, events: end.events}};
}

/** Runs it again up to its end or the first difference. */
export function replay(
  trace: TraceFile,
  options: Omit<ExecuteOptions, "lines" | "trace" | "onEvent" | "director">,
): Replayed {
  const {lines} = trace;
  let difference: Difference | undefined;
  const executed = execute(runOf(trace.header), {
    ...options,
    lines: true,
    onEvent: (record) => {
      if (lines.agrees(record.step - 1, record)) return false;
      const {step, id, at} = record;
      difference = {step, expected: lines.at(step - 1), actual: {id, at, hash: chainHash(record)}};
      return true;
    },
  });
  const missing = lines.at(executed.events);
  if (difference === undefined && missing !== undefined) {
    difference = {step: executed.events + 1, expected: missing, actual: undefined};
  }
  return {difference, executed};
}
