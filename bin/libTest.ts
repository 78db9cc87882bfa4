// What `import … from "etcdscope/test"` gives: fault plans as a fast-check arbitrary, and a Vitest matcher that says of a
// run that it holds, or prints seed, trace and link of the one that does not.
//
//   fc.assert(fc.property(faultPlans(of), fc.nat(), (faults, seed) => { expect({of, seed: `${seed}`, faults}).toHold(); }));

import fc from "fast-check";
import {expect} from "vitest";
import {worded} from "../core/base/said.ts";
import type {Scenario} from "../scenarios/format.ts";
import {stage} from "../scenarios/resolve.ts";
import {parseTime} from "../scenarios/time.ts";
import {scenarioWords} from "../scenarios/words.ts";
import type {CheckReport} from "../sim/check/checker.ts";
import {standardChecks} from "../sim/check/standard.ts";
import {checkWords} from "../sim/check/words.ts";
import {faultPlan} from "../sim/fault/plan.ts";
import type {FaultKind} from "../sim/fault/plan.ts";
import type {Intervention} from "../sim/run.ts";
import {readTrace} from "../sim/trace/file.ts";
import {codeHash} from "../sim/trace/code.ts";
import {actsOf, wholeHash} from "./link.ts";
import {run, traceOf} from "./lib.ts";
import type {Done} from "./lib.ts";

/** One run to be judged. */
export interface Trial {
  readonly of: Scenario;
  /** The scenario's own when absent. */
  readonly seed?: string;
  readonly variant?: string;
  /** What goes wrong besides: from {@link faultPlans}. */
  readonly faults?: readonly Intervention[];
}

export interface FaultPlanOptions {
  /** When everything is whole again, such as "800ms"; two seconds when absent. */
  readonly until?: string;
  /** What may go wrong; everything when absent. */
  readonly kinds?: readonly FaultKind[];
}

/** Plans of cuts, splits, losses, crashes and pauses for a scenario's cluster. Shrinks by leaving faults out. */
export function faultPlans(
  of: Scenario,
  {until = "2s", kinds}: FaultPlanOptions = {},
): fc.Arbitrary<readonly Intervention[]> {
  const {config} = stage(of).run;
  const micros = parseTime(until);
  if (micros === undefined || micros === 0)
    throw new Error(`until: found ${JSON.stringify(until)}, expected a time such as "800ms"`);
  const options = {until: micros, ...(kinds === undefined ? {} : {kinds})};
  const seeds = fc.noShrink(fc.integer({min: 0, max: 0x7fffffff}));
  return seeds.chain((seed) => fc.noBias(fc.subarray([...faultPlan(`plan/${seed}`, config, options)])));
}

/**
 * Whether a trial holds. Under faults that the scenario does not know, its own claims may well be false, so only the
 * checks that judge every run count then; without faults, the claims count too.
 */
export function judge(trial: Trial): {readonly pass: boolean; readonly message: string} {
  const {of, seed, variant, faults = []} = trial;
  const done = run(of, {
    faults,
    ...(seed === undefined ? {} : {seed}),
    ...(variant === undefined ? {} : {variant}),
  });
  const always = new Set(standardChecks().map(({name}) => name));
  const wrong = done.checks.find(
    ({name, verdict}) => verdict !== "pass" && (faults.length === 0 || always.has(name)),
  );
  const what = `${of.id} with seed ${JSON.stringify(done.seed)} and ${faults.length} faults`;
  if (wrong === undefined) return {pass: true, message: `${what} holds, expected it not to`};
  return {
    pass: false,
    message: [`${what} does not hold: ${wrong.name}`, ...evidenceOf(wrong), ...pasteable(done, wrong)].join(
      "\n",
    ),
  };
}

function evidenceOf({verdict, violation}: CheckReport): readonly string[] {
  if (violation === undefined) return [`  ${verdict}: a budget ran out`];
  return [
    `  ${worded({...checkWords, ...scenarioWords}, violation.said, "en")}`,
    `  at ${violation.evidence.join(" ")}`,
  ];
}

/** Seed, trace and link. The trace is saved where there is a disk to save it on. */
function pasteable(done: Done, {violation}: CheckReport): readonly string[] {
  const text = traceOf(done);
  const event = violation?.evidence.at(-1);
  const path = save(`etcdscope-${done.traceHash}.trace`, text);
  const at = event === undefined ? "" : ` --at '${event}'`;
  const trace = path === undefined ? done.traceHash : `${path}   (npx etcdscope replay ${path})`;
  const open = path === undefined ? [] : [`open:   npx etcdscope open ${path}${at}`];
  return [`seed:   ${done.seed}`, `trace:  ${trace}`, ...open, `link:   ${linkOf(done, text, event)}`];
}

/** For any page of etcdscope: to be put behind its address. */
function linkOf({of, seed}: Done, text: string, event: string | undefined): string {
  const trace = readTrace(text);
  const line = trace.ok ? trace.value.lines.find(({id}) => id === event) : undefined;
  const source = trace.ok ? trace.value.header.source : undefined;
  return wholeHash({
    format: 1,
    scenario: source === undefined ? of.id : {text: source},
    seed,
    acts: trace.ok ? actsOf(trace.value) : [],
    cursor: {event: line?.id ?? "", time: line?.at ?? 0},
    chain: line?.hash.slice(0, 8) ?? "",
    code: codeHash,
  });
}

interface Built {
  getBuiltinModule?: (name: string) => unknown;
}

/** Writes a file into the system's folder for such; undefined where there is none (a browser). */
function save(name: string, text: string): string | undefined {
  const {process} = globalThis as {process?: Built};
  const files = process?.getBuiltinModule?.("fs") as
    | {writeFileSync(path: string, text: string): void}
    | undefined;
  const system = process?.getBuiltinModule?.("os") as {tmpdir(): string} | undefined;
  if (files === undefined || system === undefined) return undefined;
  const path = `${system.tmpdir()}/${name}`;
  files.writeFileSync(path, text);
  return path;
}

declare module "vitest" {
  interface Matchers<T> {
    /** That a {@link Trial} holds. */
    toHold(): T;
  }
}

expect.extend({
  toHold(received: Trial) {
    const {pass, message} = judge(received);
    return {pass, message: () => message};
  },
});
