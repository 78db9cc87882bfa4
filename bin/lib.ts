// What `import … from "etcdscope"` gives: run a scenario, save the run as a trace, replay it, and the vocabulary of
// facts and checks. No node: imports: the same code runs in a browser.
//
//   const done = run(scenario("leader-partition"), {seed: "7"});
//   done.verdict                     // "pass"
//   replay(traceOf(done)).difference // undefined: the same run, event by event
//
// And runs your own async functions on a simulated cluster (simulate.ts).

import {scenarioOf} from "../scenarios/index.ts";
import type {Scenario, Text} from "../scenarios/format.ts";
import {perform, performAgain} from "../scenarios/perform.ts";
import type {PerformOptions} from "../scenarios/perform.ts";
import {vocabulary} from "../scenarios/vocabulary.ts";
import type {Term} from "../scenarios/vocabulary.ts";
import {facts as factKinds, isFactName} from "../scenarios/fact.ts";
import {standardChecks} from "../sim/check/standard.ts";
import {readTrace} from "../sim/trace/file.ts";
import type {Replayed} from "../sim/trace/replay.ts";
import {explained, headOf, wrongIn} from "./explain.ts";
import type {Claims, Done} from "./explain.ts";
import {problemOfFaults, refuse, scenario} from "./given.ts";
import {
  problemOfClaims,
  problemOfKeys,
  problemOfSchedule,
  problemOfSeed,
  problemOfTrace,
  problemOfVariant,
  refusal,
} from "./refuse.ts";
import {problemOfDone, traceOf} from "./traceOf.ts";

export type {Beat, Expect, Fact, Run, Scenario, Step, Text, When} from "../scenarios/format.ts";
export type {Performed} from "../scenarios/perform.ts";
export type {Term} from "../scenarios/vocabulary.ts";
export type {Checker, CheckReport, Verdict, Violation} from "../sim/check/checker.ts";
export type {Difference} from "../sim/trace/replay.ts";
export type {Intervention} from "../sim/run.ts";
export type {Claims, Done} from "./explain.ts";
export {scenarios} from "../scenarios/index.ts";
export {scenarioSchema} from "../scenarios/schema.ts";
export {faultKinds, faultPlan} from "../sim/fault/plan.ts";
export type {Schedule} from "../sim/schedule/schedule.ts";
export type {Action, RestartWith} from "../sim/action.ts";
export type {ProgramClient as Client} from "../sim/program/client.ts";
export {EtcdError, FaultError} from "../sim/program/error.ts";
export type {ProgramFaults as Faults} from "../sim/program/faults.ts";
export type {Clock, Program, ProgramEnd, Tools} from "../sim/program/program.ts";
export type {Cluster} from "./cluster.ts";
export {simulate, SimulationError} from "./simulate.ts";
export type {Programs, SimulateOptions, Simulated} from "./simulate.ts";
export {scenario} from "./given.ts";
export {traceOf} from "./traceOf.ts";

/** What a run may be given besides its scenario. */
export type RunOptions = Omit<PerformOptions, "lines" | "trace">;

/**
 * Runs a scenario, or the one of that id, to its end. The same scenario, seed and faults give the same run, event by
 * event. Throws one line where an option is not what it should be.
 */
export function run(of: Scenario | string, options: RunOptions = {}): Done {
  const what = scenario(of);
  const {faults = [], variant} = options;
  refuse(
    problemOfKeys(options, ["seed", "variant", "faults", "schedule", "onProgress"], "options") ??
      problemOfSeed(options.seed, "options.seed") ??
      problemOfVariant(what, variant, "options.variant") ??
      problemOfSchedule(options.schedule, "options.schedule") ??
      problemOfProgress(options.onProgress) ??
      problemOfFaults(what, variant, faults),
  );
  const done = perform(what, {...options, lines: true});
  return {...done, of: what, faults, ...(variant === undefined ? {} : {variant})};
}

function problemOfProgress(onProgress: unknown): string | undefined {
  if (onProgress === undefined || typeof onProgress === "function") return undefined;
  return refusal("options.onProgress", onProgress, "a function of events and microseconds");
}

/**
 * Why a run does not hold, in words that lead back to it: the check that failed, the seed, the faults, a trace (saved in
 * the system's folder for temporary files, where there is one) and a link. Says so if it holds. All claims of the scenario
 * count, as they do in `done.verdict`, unless some are named.
 */
export function explain(done: Done, options: {readonly claims?: Claims} = {}): string {
  refuse(
    problemOfDone(done) ??
      problemOfKeys(options, ["claims"], "options") ??
      problemOfClaims(done.of, done.variant, options.claims, "options.claims"),
  );
  const wrong = wrongIn(done, options.claims ?? "all");
  return wrong === undefined ? `${headOf(done)} holds` : explained(done, wrong, traceOf(done));
}

/** Runs a trace again, up to its end or the first event that differs. Throws one line where the bytes, or an older trace's text, are no trace. */
export function replay(trace: Uint8Array | string): Replayed & {readonly expected: boolean} {
  if (typeof trace !== "string" && !(trace instanceof Uint8Array))
    throw new Error(refusal("trace", trace, "a trace's bytes, as traceOf gives them"));
  refuse(problemOfTrace(trace));
  const read = readTrace(trace);
  if (!read.ok) throw new Error(read.error);
  const {scenario: id = "", source, variant} = read.value.header;
  const of = source === undefined ? scenarioOf(id) : scenario(source);
  if (of !== undefined) refuse(problemOfVariant(of, variant, "header.variant"));
  return performAgain(read.value, of, variant === undefined ? {} : {variant});
}

/**
 * What scenarios are written in, facts and what puts them together: name, one line of documentation, an example; for
 * facts also words for true and for false.
 */
export const facts: readonly (Term & {readonly words?: {readonly yes: Text; readonly no: Text}})[] =
  vocabulary.map((term) => (isFactName(term.name) ? {...term, words: factKinds[term.name].words} : term));

/** The names of the checks that judge every run, besides a scenario's own claims. */
export const checks: readonly string[] = standardChecks().map(({name}) => name);
