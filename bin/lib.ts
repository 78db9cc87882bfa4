// What `import … from "etcdscope"` gives: run a scenario, save the run as a trace, replay it, and the vocabulary of
// facts and checks. No node: imports: the same code runs in a browser.
//
//   const done = run(scenario("leader-partition"), {seed: "7"});
//   done.verdict                     // "pass"
//   replay(traceOf(done)).difference // undefined: the same run, event by event

import {facts as factKinds, factNames} from "../scenarios/fact.ts";
import type {FactName} from "../scenarios/fact.ts";
import type {Scenario, Text} from "../scenarios/format.ts";
import {scenarioOf, scenarios} from "../scenarios/index.ts";
import {perform, performAgain} from "../scenarios/perform.ts";
import type {Performed, PerformOptions} from "../scenarios/perform.ts";
import {ScenarioReader} from "../scenarios/read.ts";
import {standardChecks} from "../sim/check/standard.ts";
import {codeHash} from "../sim/trace/code.ts";
import {readTrace, writeTrace} from "../sim/trace/file.ts";
import {traceOf as traceFile} from "../sim/trace/replay.ts";
import type {Replayed} from "../sim/trace/replay.ts";

export type {Beat, Expect, Fact, Run, Scenario, Step, Text, When} from "../scenarios/format.ts";
export type {Performed} from "../scenarios/perform.ts";
export type {Checker, CheckReport, Verdict, Violation} from "../sim/check/checker.ts";
export type {Difference} from "../sim/trace/replay.ts";
export type {Intervention} from "../sim/run.ts";
export {scenarios} from "../scenarios/index.ts";
export {scenarioSchema} from "../scenarios/schema.ts";
export {faultKinds, faultPlan} from "../sim/fault/plan.ts";

/** A run that can be saved: what {@link run} gives. */
export interface Done extends Performed {
  /** What was run. */
  readonly of: Scenario;
  readonly variant?: string;
}

/** One of ours by its id, or a scenario's JSON (as text, with comments if you like, or parsed). Throws one line that says where it is wrong. */
export function scenario(from: string | object): Scenario {
  const ours = typeof from === "string" ? scenarioOf(from) : undefined;
  if (ours !== undefined) return ours;
  if (typeof from === "string" && !from.includes("{")) {
    throw new Error(
      `found no scenario ${JSON.stringify(from)}, expected one of ${scenarios.map(({id}) => id).join(", ")}`,
    );
  }
  const reader = new ScenarioReader();
  const read = typeof from === "string" ? reader.read(from) : reader.check(from);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

/** Runs a scenario to its end. The same scenario, seed and faults give the same run, event by event. */
export function run(of: Scenario, options: Omit<PerformOptions, "lines"> = {}): Done {
  const done = perform(of, {...options, lines: true});
  return {...done, of, ...(options.variant === undefined ? {} : {variant: options.variant})};
}

/** The run as a trace file's text, for `etcdscope replay` and `etcdscope open`. */
export function traceOf(done: Done): string {
  const {of, variant} = done;
  const about = {
    code: codeHash,
    scenario: of.id,
    ...(variant === undefined ? {} : {variant}),
    ...(scenarioOf(of.id) === of ? {} : {source: JSON.stringify(of)}),
  };
  return writeTrace(traceFile(done, about));
}

/** Runs a trace again, up to its end or the first event that differs. Throws one line where the text is no trace. */
export function replay(trace: string): Replayed & {readonly expected: boolean} {
  const read = readTrace(trace);
  if (!read.ok) throw new Error(read.error);
  const {scenario: id = "", source, variant} = read.value.header;
  const of = source === undefined ? scenarioOf(id) : scenario(source);
  return performAgain(read.value, of, variant === undefined ? {} : {variant});
}

/** The facts that scenarios are written in: name, one line of documentation, words for true and for false. */
export const facts: readonly {
  readonly name: FactName;
  readonly doc: string;
  readonly words: {readonly yes: Text; readonly no: Text};
}[] = factNames.map((name) => ({name, doc: factKinds[name].doc, words: factKinds[name].words}));

/** The names of the checks that judge every run, besides a scenario's own claims. */
export const checks: readonly string[] = standardChecks().map(({name}) => name);
