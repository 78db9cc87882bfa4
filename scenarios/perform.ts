// A scenario from beginning to end: staged, executed, judged. What the command, the library and the tests call.

import type {NotesOutlet} from "../core/raft/notes.ts";
import {versionOf} from "../sim/bug/museum.ts";
import type {CheckReport} from "../sim/check/checker.ts";
import {standardChecks} from "../sim/check/standard.ts";
import {execute} from "../sim/execute.ts";
import type {Executed, ExecuteOptions} from "../sim/execute.ts";
import type {Intervention} from "../sim/run.ts";
import {checksOfTrace} from "../sim/explore/trial.ts";
import type {Schedule} from "../sim/schedule/schedule.ts";
import {replay} from "../sim/trace/replay.ts";
import type {Replayed} from "../sim/trace/replay.ts";
import type {TraceFile} from "../sim/trace/trace.ts";
import {claimPrefix, claimsOf, completedCheck} from "./claim.ts";
import type {Expect, Scenario, When} from "./format.ts";
import {Ear} from "./ear.ts";
import type {Hear} from "./ear.ts";
import {planOf, stage} from "./resolve.ts";
import {Stops} from "./stops.ts";
import type {Stop} from "./stops.ts";

export interface PerformOptions {
  /** Instead of the scenario's own. */
  readonly seed?: string;
  /** One of the scenario's overlays. */
  readonly variant?: string;
  /** What goes wrong besides: a fault plan. */
  readonly faults?: readonly Intervention[];
  /** Who decides the order of events. Absent: time, or the scenario's choices. */
  readonly schedule?: Schedule | undefined;
  readonly onProgress?: NonNullable<ExecuteOptions["onProgress"]>;
  /** Whether to keep the trace's lines. */
  readonly lines?: boolean;
  /** Writes the trace's file while the run goes on. */
  readonly trace?: NonNullable<ExecuteOptions["trace"]>;
  /** Told of every event, with the world after it. */
  readonly onEvent?: Hear;
  /** Told what happens inside of the members' raft. */
  readonly notes?: NotesOutlet;
}

export interface Performed extends Executed {
  readonly scenario: string;
  readonly seed: string;
  /** The run came out as the scenario says it should: its claims hold, and only checks that it names are violated. */
  readonly expected: boolean;
  /** Members that stopped by themselves and are down at the end. */
  readonly stopped: readonly Stop[];
}

/** Runs a scenario that was validated. */
export function perform(scenario: Scenario, options: PerformOptions = {}): Performed {
  const {plan, run, director, claims} = stage(scenario, options);
  const stops = new Stops();
  const script = [...run.script, ...(options.faults ?? [])];
  const ear = new Ear((record, view) => {
    stops.tell(record);
    options.onEvent?.(record, view);
  });
  const heard = execute(
    {...run, script},
    {
      versions: versionOf,
      director,
      schedule: options.schedule,
      checkers: [...standardChecks(), ...claims, ear],
      lines: options.lines ?? false,
      notes: options.notes,
      ...(options.trace === undefined ? {} : {trace: options.trace}),
      ...(options.onProgress === undefined ? {} : {onProgress: options.onProgress}),
    },
  );
  const checks = Ear.without(heard.checks);
  const expected = isExpected(checks, plan.expect);
  return {...heard, checks, scenario: scenario.id, seed: run.seed, expected, stopped: stops.all};
}

/** Runs a trace again, judged by the scenario it came from, if that is known. What is claimed of a run's end says nothing of one that is cut. */
export function performAgain(
  trace: TraceFile,
  scenario: Scenario | undefined,
  options: Pick<PerformOptions, "variant" | "onProgress"> = {},
): Replayed & Pick<Performed, "expected" | "stopped"> {
  const plan = scenario === undefined ? undefined : planOf(scenario, options.variant);
  const claims = plan === undefined || trace.isCut === true ? [] : claimsOf(plan);
  const stops = new Stops();
  const ear = new Ear((record) => stops.tell(record));
  const {difference, executed: heard} = replay(trace, {
    versions: versionOf,
    checkers: [...checksOfTrace(trace.header), ...claims, ear],
    // A sweep's run that broke a claim was over there: what should be so at the end says nothing about it.
    ...(scenario === undefined ? {endsBrokenFrom: trace.lines.length} : {}),
    ...(options.onProgress === undefined ? {} : {onProgress: options.onProgress}),
  });
  const checks = Ear.without(heard.checks);
  const expected = isExpected(checks, plan?.expect ?? []);
  return {difference, executed: {...heard, checks}, expected, stopped: stops.all};
}

function isExpected(checks: readonly CheckReport[], expects: readonly Expect[]): boolean {
  const announced = new Set(expects.flatMap(({claim}) => violationsIn(claim)));
  return checks.every(({name, verdict}) => {
    if (verdict === "pass") return true;
    return verdict === "fail" && !isClaim(name) && announced.has(name);
  });
}

function isClaim(name: string): boolean {
  return name.startsWith(claimPrefix) || name === completedCheck;
}

/** Checks that a claim says are violated. */
function violationsIn(claim: When): readonly string[] {
  if ("check" in claim) return claim.is === "violated" ? [claim.check] : [];
  if ("all" in claim) return claim.all.flatMap(violationsIn);
  return "any" in claim ? claim.any.flatMap(violationsIn) : [];
}
