// What `import … from "etcdscope/test"` gives: fault plans as a fast-check arbitrary, and a Vitest matcher that says of a
// run that it holds, or prints seed, faults, trace and link of the one that does not.
//
//   fc.assert(fc.property(faultPlans(of), fc.nat(), (faults, seed) => {
//     expect({of, seed: `${seed}`, faults, claims: ["mine"]}).toHold();
//   }));
//
// And of a person's own async functions on a simulated cluster:
//
//   await fc.assert(fc.asyncProperty(faultPlans(of), fc.nat(), async (faults, seed) => {
//     await programsHold({of, seed: `${seed}`, faults, programs: {c1: mine, c2: mine}, afterwards: looks});
//   }));

import fc from "fast-check";
import {expect} from "vitest";
import type {Scenario} from "../scenarios/format.ts";
import {stage} from "../scenarios/resolve.ts";
import {parseTime} from "../scenarios/time.ts";
import {faultKinds, faultPlan, timeKinds} from "../sim/fault/plan.ts";
import type {FaultKind} from "../sim/fault/plan.ts";
import type {Programs} from "../sim/program/run.ts";
import type {Intervention} from "../sim/run.ts";
import {didYouMean} from "./didYouMean.ts";
import {explained, headOf, wrongIn} from "./explain.ts";
import type {Claims} from "./explain.ts";
import {scenario} from "./given.ts";
import {explain, run, traceOf} from "./lib.ts";
import {runPrograms} from "./programs.ts";
import type {ProgramsDone, ProgramsOptions} from "./programs.ts";
import {isObject, problemOfClaims, problemOfKeys, refusal} from "./refuse.ts";

/** One run to be judged. */
export interface Trial {
  /** A scenario, or the id of one of ours. */
  readonly of: Scenario | string;
  /** The scenario's own when absent. */
  readonly seed?: string;
  readonly variant?: string;
  /** What goes wrong besides: from {@link faultPlans}. */
  readonly faults?: readonly Intervention[];
  /**
   * The ids of the scenario's expectations that must hold too, or "all" of them and that every step was taken. None when
   * absent: under faults that a scenario does not know, "the leader is n2 again" may be false and nothing wrong.
   */
  readonly claims?: Claims;
}

export interface FaultPlanOptions {
  /** When everything is whole again, such as "800ms"; two seconds when absent. */
  readonly until?: string;
  /** What may go wrong; everything but what befalls clients and clocks when absent. */
  readonly kinds?: readonly FaultKind[];
  /** Every fault is undone by then, as programs need it that must come to an end; such plans do not shrink. */
  readonly whole?: boolean;
}

/** Plans of faults that a sound cluster survives, for a scenario's cluster. Shrinks by leaving faults out. */
export function faultPlans(
  of: Scenario | string,
  options: FaultPlanOptions = {},
): fc.Arbitrary<readonly Intervention[]> {
  const {config} = stage(scenario(of)).run;
  const problem =
    problemOfKeys(options, ["until", "kinds", "whole"], "options") ?? problemOfKinds(options.kinds);
  if (problem !== undefined) throw new Error(problem);
  const {until = "2s", kinds, whole = false} = options;
  const micros = parseTime(until);
  if (micros === undefined || micros === 0)
    throw new Error(refusal("options.until", until, 'a time such as "800ms"'));
  const drawn = {until: micros, ...(kinds === undefined ? {} : {kinds})};
  const seeds = fc.noShrink(fc.integer({min: 0, max: 0x7fffffff}));
  const plan = (seed: number): Intervention[] => [...faultPlan(`plan/${seed}`, config, drawn)];
  return whole ? seeds.map(plan) : seeds.chain((seed) => fc.noBias(fc.subarray(plan(seed))));
}

function problemOfKinds(kinds: unknown): string | undefined {
  if (kinds === undefined) return undefined;
  const known = [...faultKinds, ...timeKinds];
  const expected = `a list of ${known.join(", ")}`;
  if (!Array.isArray(kinds) || kinds.length === 0) return refusal("options.kinds", kinds, expected);
  const unknown: unknown = kinds.find((kind) => !known.some((one) => one === kind));
  if (unknown === undefined) return undefined;
  const hint = typeof unknown === "string" ? didYouMean(unknown, known) : "";
  return refusal("options.kinds", unknown, `${expected}${hint}`);
}

/**
 * Whether a trial holds: the checks that judge every run (Raft's five properties, linearizability, the watch guarantees)
 * and the claims that the trial names, with faults or without. The message says what did not, and leads back to the run.
 */
export function judge(trial: Trial): {readonly pass: boolean; readonly message: string} {
  const problem = problemOfTrial(trial);
  if (problem !== undefined) throw new Error(problem);
  const {of, claims = [], ...options} = trial;
  const what = scenario(of);
  const unknown = problemOfClaims(what, trial.variant, claims, "trial.claims");
  if (unknown !== undefined) throw new Error(unknown);
  const done = run(what, options);
  const wrong = wrongIn(done, claims);
  if (wrong === undefined) return {pass: true, message: `${headOf(done)} holds, expected it not to`};
  return {pass: false, message: explained(done, wrong, traceOf(done))};
}

function problemOfTrial(trial: unknown): string | undefined {
  if (!isObject(trial) || !("of" in trial))
    return refusal("toHold", trial, "a trial: {of: scenario(…), seed, faults, claims}");
  return problemOfKeys(trial, ["of", "seed", "variant", "faults", "claims"], "trial");
}

/** Programs to be judged, and how. */
export interface ProgramTrial extends ProgramsOptions {
  /** By client: `{c1: async ({client}) => …}`. */
  readonly programs: Programs;
}

/**
 * Runs programs (see `runPrograms`) and resolves with what came of them where they hold: all ended, none threw, and the
 * checks that judge every run hold. Else throws, with seed, faults, trace and link as {@link judge} says them.
 */
export async function programsHold({programs, ...options}: ProgramTrial): Promise<ProgramsDone> {
  const done = await runPrograms(programs, options);
  if (done.verdict === "pass") return done;
  throw new Error(explain(done));
}

declare module "vitest" {
  interface Matchers<T> {
    /** That a {@link Trial} holds: the standard checks, and the claims that it names. */
    toHold(): T;
  }
}

expect.extend({
  toHold(received: Trial) {
    const {pass, message} = judge(received);
    return {pass, message: () => message};
  },
});
