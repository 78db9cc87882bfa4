// What Vitest's `expect` learns of runs: that they hold, that what their clients saw is linearizable, that watches kept what
// etcd promises of them. A matcher takes a trial, which it runs, or a run that is there already.

import {expect} from "vitest";
import type {Expect, Scenario, When} from "../scenarios/format.ts";
import {performAgain} from "../scenarios/perform.ts";
import {claimPrefix} from "../scenarios/claim.ts";
import {say} from "../scenarios/words.ts";
import type {CheckReport, Verdict} from "../sim/check/checker.ts";
import {readHistory} from "../sim/record/formats.ts";
import type {EtcdRecording, Recording} from "../sim/record/formats.ts";
import {judge} from "../sim/record/judge.ts";
import {judgeEtcd} from "../sim/record/judgeEtcd.ts";
import {readTrace} from "../sim/trace/file.ts";
import {historySteps} from "./budgets.ts";
import {explained, headOf, wrongIn} from "./explain.ts";
import type {Claims, Done} from "./explain.ts";
import {refuse, scenario} from "./given.ts";
import {breachLines, contradictionLines} from "./historyText.ts";
import {run} from "./lib.ts";
import type {RunOptions} from "./lib.ts";
import {isObject, problemOfClaims, problemOfKeys, refusal} from "./refuse.ts";
import {traceOf} from "./traceOf.ts";

/** One run to be judged. */
export interface Trial extends Pick<RunOptions, "seed" | "variant" | "faults" | "schedule"> {
  /** A scenario, or the id of one of ours. */
  readonly of: Scenario | string;
  /**
   * The ids of the scenario's expectations that must hold too, or "all" of them and that every step was taken. None when
   * absent: under faults that a scenario does not know, "the leader is n2 again" may be false and nothing wrong.
   */
  readonly claims?: Claims;
}

interface Judgement {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * Whether a trial holds: the checks that judge every run (Raft's five properties, linearizability, the watch guarantees)
 * and the claims that the trial names, with faults or without; of a run that is there already, all of its checks. With an
 * invariant, whether that is so after every event, too.
 */
export function holds(received: Trial | Done, invariant?: When): Judgement {
  const {done, claims} = doneOf(received, "toHold");
  const broken = invariant === undefined ? undefined : brokenIn(done, invariant);
  return judgementOf(done, wrongIn(done, claims) ?? broken, ["holds", "to"]);
}

/** A history that somebody recorded, and what it is of. */
export interface OfHistory {
  /** Of one register, or one for each key; of texts, which grow; of a whole etcd, with its revisions. */
  readonly model: (typeof models)[number];
  /** Steps of the search, after which it is not known. Absent: those of `etcdscope check`. */
  readonly budget?: number;
}

const models = ["register", "text", "etcd"] as const;
const modelOf = {registers: "register", texts: "text", etcd: "etcd"} as const;

/** What clients of a trial or a run saw; with `of`, what a history says that `etcdscope check` reads, as text. */
export function isLinearizable(received: Trial | Done | string, of?: OfHistory): Judgement {
  if (of !== undefined) return isLinearizableHistory(received, of);
  const isOne = (check: string): boolean => check === "Linearizability";
  return keeps(received as Trial | Done, "toBeLinearizable", isOne, ["is linearizable", "to be"]);
}

function isLinearizableHistory(received: unknown, of: OfHistory): Judgement {
  refuse(problemOfHistory(received, of));
  const read = readHistory(received as string);
  if (!read.ok) throw new Error(`toBeLinearizable: ${read.error}`);
  const recording = read.value;
  const is = modelOf[recording.of];
  if (is !== of.model)
    throw new Error(`toBeLinearizable: found a history with the model ${is}, expected one with ${of.model}`);
  const {verdict, lines} = judgedHistory(recording, of.budget ?? historySteps);
  const what = `a history of ${recording.operations} operations (${of.model})`;
  if (verdict === "pass")
    return {pass: true, message: () => `${what} is linearizable, expected it not to be`};
  const why = verdict === "fail" ? "is not linearizable" : "is not settled: the budget of steps ran out";
  return {pass: false, message: () => [`${what} ${why}`, ...lines()].join("\n")};
}

function judgedHistory(
  recording: Recording | EtcdRecording,
  budget: number,
): {readonly verdict: Verdict; readonly lines: () => readonly string[]} {
  if (recording.of === "etcd") {
    const {verdict, violation} = judgeEtcd(recording, budget);
    return {verdict, lines: () => (violation === undefined ? [] : contradictionLines(violation))};
  }
  const {verdict, keys} = judge(recording, {budget});
  const broken = keys.find(({explain}) => explain !== undefined);
  return {
    verdict,
    lines: () => (broken?.explain === undefined ? [] : breachLines(broken.key, broken.explain())),
  };
}

function problemOfHistory(received: unknown, of: OfHistory): string | undefined {
  const problem = problemOfKeys(of, ["model", "budget"], "toBeLinearizable");
  if (problem !== undefined) return problem;
  const {model, budget} = of;
  if (!models.includes(model))
    return refusal("toBeLinearizable: model", model, `one of ${models.join(", ")}`);
  if (budget !== undefined && !(Number.isSafeInteger(budget) && budget > 0))
    return refusal("toBeLinearizable: budget", budget, "a whole number of steps");
  if (typeof received === "string") return undefined;
  return refusal("toBeLinearizable", received, "the text of a history, since a model is named");
}

/** What etcd documents of watches (sim/check). */
export function keepsWatches(received: Trial | Done): Judgement {
  const isOne = (check: string): boolean => check.startsWith("Watch ") || check === "Previous Values";
  return keeps(received, "toKeepWatchGuarantees", isOne, ["keeps the watch guarantees", "to"]);
}

/** Whether the checks of these names hold; `words`: what is said of it, and what was expected. */
function keeps(
  received: Trial | Done,
  matcher: string,
  isOne: (check: string) => boolean,
  words: readonly [string, string],
): Judgement {
  const {done} = doneOf(received, matcher);
  const wrong = done.checks.find(({name, verdict}) => isOne(name) && verdict !== "pass");
  return judgementOf(done, wrong, words);
}

function judgementOf(
  done: Done,
  wrong: CheckReport | undefined,
  [says, wanted]: readonly [string, string],
): Judgement {
  if (wrong === undefined)
    return {pass: true, message: () => `${headOf(done)} ${says}, expected it not ${wanted}`};
  // Once: it writes the trace.
  const text = explained(done, wrong, traceOf(done));
  return {pass: false, message: () => text};
}

function doneOf(received: Trial | Done, matcher: string): {readonly done: Done; readonly claims: Claims} {
  if (isDone(received)) return {done: received, claims: "all"};
  refuse(problemOfTrial(received, matcher));
  const {of, claims = [], ...options} = received;
  const what = scenario(of);
  refuse(problemOfClaims(what, options.variant, claims, "trial.claims"));
  return {done: run(what, options), claims};
}

function isDone(received: unknown): received is Done {
  return isObject(received) && "checks" in received && "lines" in received;
}

function problemOfTrial(trial: unknown, matcher: string): string | undefined {
  if (!isObject(trial) || !("of" in trial))
    return refusal(matcher, trial, "a trial: {of: scenario(…), seed, faults, claims}, or a run");
  return problemOfKeys(trial, ["of", "seed", "variant", "faults", "schedule", "claims"], "trial");
}

// ---- an invariant

const always = "toHold-always";
const moment = "toHold-moment";

/** The first event after which it is not so; undefined: it always is. The run is run again, event by event. */
function brokenIn(done: Done, invariant: When): CheckReport | undefined {
  const says = {en: "what toHold was given", zh: "toHold 的不变量"};
  const added: readonly Expect[] = [
    {id: always, claim: {always: invariant}, says},
    // Judged at the first moment at which it is not so.
    {id: moment, at: {not: invariant}, claim: invariant, says},
  ];
  const trace = readTrace(traceOf(done));
  if (!trace.ok) throw new Error(trace.error);
  const {variant} = done;
  const of = withExpectations(done.of, variant, added);
  const {checks} = performAgain(trace.value, of, variant === undefined ? {} : {variant}).executed;
  const report = (id: string): CheckReport | undefined =>
    checks.find(({name}) => name === `${claimPrefix}${id}`);
  const [whole, first] = [report(always), report(moment)];
  if (whole?.verdict === "pass" || first?.violation === undefined) return undefined;
  const text = JSON.stringify(invariant);
  const said = say("claimFalse", {claim: "toHold", en: text, zh: text});
  return {...first, name: "invariant", violation: {...first.violation, check: "invariant", said}};
}

function withExpectations(of: Scenario, variant: string | undefined, added: readonly Expect[]): Scenario {
  const {variants = {}} = of;
  const overlay = variant === undefined ? undefined : variants[variant];
  const more =
    overlay === undefined || variant === undefined
      ? {run: {...of.run, expect: [...of.run.expect, ...added]}}
      : {variants: {...variants, [variant]: {...overlay, expect: [...overlay.expect, ...added]}}};
  try {
    return scenario({...of, ...more});
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Error(error.message.replace(/^.*?\.expect\[\d+\]\.(?:claim\.always|at\.not|claim)/, "toHold"));
  }
}

// ---- the matchers

declare module "vitest" {
  interface Matchers<T> {
    /** That a {@link Trial} holds, or a run: the standard checks, the claims that it names, and an invariant: a fact that is so after every event. */
    toHold(invariant?: When): T;
    /**
     * That there is one order of all operations of a {@link Trial} or run that explains every answer, revisions included; with
     * a model, of a history that somebody recorded: its text, in a format that `etcdscope check` reads.
     */
    toBeLinearizable(of?: OfHistory): T;
    /** That the watches of a {@link Trial} or run were told everything, in order, once, whole and as it was. */
    toKeepWatchGuarantees(): T;
  }
}

expect.extend({toHold: holds, toBeLinearizable: isLinearizable, toKeepWatchGuarantees: keepsWatches});
