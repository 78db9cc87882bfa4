// A sweep is many trials; here is what came of each as plain data, and of all of them together. It does not matter in which order
// or where they were played.

import type {Hash} from "../../core/base/hasher.ts";
import type {Said} from "../../core/base/said.ts";
import {versionOf} from "../bug/museum.ts";
import type {Verdict} from "../check/checker.ts";
import {execute} from "../execute.ts";
import type {Executed} from "../execute.ts";
import type {EventId} from "../run.ts";
import type {Trial} from "./trial.ts";

/** What came of one seed. Names of fields are short where there are many: a sweep's file has a line per seed. */
export interface SeedResult {
  readonly seed: number;
  readonly verdict: Verdict;
  readonly events: number;
  readonly operations: number;
  /** The chain's at the end. */
  readonly hash: Hash;
  /** How often each claim could have failed, by the order of the trial's checks. */
  readonly exercised: readonly number[];
  /** The first that was broken. */
  readonly failure?: Failure;
  /** Claims that a budget of steps left undecided. */
  readonly unknown?: readonly string[];
}

export interface Failure {
  readonly check: string;
  readonly said: Said;
  readonly evidence: readonly EventId[];
  /** Where the failure was saved. */
  readonly trace?: string;
}

/** Runs a trial to its end, or to the event that breaks a claim: what a cluster does that is broken may take for ever. */
export function playTrial({run, director, schedule, checkers}: Trial, lines = false): Executed {
  return execute(run, {
    versions: versionOf,
    director,
    schedule,
    checkers: checkers(),
    lines,
    endsBrokenFrom: 1,
  });
}

export function resultOf(seed: number, done: Executed): SeedResult {
  const {verdict, events, operations, traceHash: hash, checks, violation} = done;
  const unknown = checks.filter((check) => check.verdict === "unknown").map(({name}) => name);
  return {
    seed,
    verdict,
    events,
    operations: operations.length,
    hash,
    exercised: checks.map(({exercised}) => exercised),
    ...(violation === undefined
      ? {}
      : {failure: {check: violation.check, said: violation.said, evidence: violation.evidence}}),
    ...(unknown.length === 0 ? {} : {unknown}),
  };
}

export interface Totals {
  readonly seeds: number;
  readonly passed: number;
  readonly failed: number;
  readonly unknown: number;
  readonly events: number;
  readonly operations: number;
  readonly failures: readonly {readonly seed: number; readonly check: string; readonly trace?: string}[];
  /** Claims that no seed exercised: the sweep says nothing about them. */
  readonly idle: readonly string[];
}

/** `checks`: names of the trials' checks, in order. */
export function totalsOf(results: readonly SeedResult[], checks: readonly string[]): Totals {
  const count = (verdict: Verdict): number => results.filter((one) => one.verdict === verdict).length;
  const sum = (what: "events" | "operations"): number => results.reduce((all, one) => all + one[what], 0);
  const failures = results
    .flatMap(({seed, failure}) => {
      if (failure === undefined) return [];
      const {check, trace} = failure;
      return [{seed, check, ...(trace === undefined ? {} : {trace})}];
    })
    .sort((a, b) => a.seed - b.seed);
  return {
    seeds: results.length,
    passed: count("pass"),
    failed: count("fail"),
    unknown: count("unknown"),
    events: sum("events"),
    operations: sum("operations"),
    failures,
    idle: checks.filter((_, i) => results.every(({exercised}) => (exercised[i] ?? 0) === 0)),
  };
}
