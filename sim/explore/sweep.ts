// A sweep is many trials; here is what came of each as plain data, and of all of them together. It does not matter in which order
// or where they were played.

import type {Hash} from "../../core/base/hasher.ts";
import type {Said} from "../../core/base/said.ts";
import {versionOf} from "../bug/museum.ts";
import type {Verdict} from "../check/checker.ts";
import {execute} from "../execute.ts";
import type {Executed} from "../execute.ts";
import type {EventId} from "../run.ts";
import {behaviours} from "./behaviours.ts";
import {Coverage, Covered} from "./coverage.ts";
import type {Reached} from "./coverage.ts";
import type {Lineage} from "./guided.ts";
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
  /** The behaviours that it reached. */
  readonly reached: Reached;
  /** Of a guided sweep: what was played. */
  readonly lineage?: Lineage;
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

export interface PlayedTrial extends Executed {
  readonly reached: Reached;
}

/** Runs a trial to its end, or to the event that breaks a claim: what a cluster does that is broken may take for ever. */
export function playTrial({run, director, schedule, checkers}: Trial, lines = false): PlayedTrial {
  const coverage = new Coverage(run.config);
  const done = execute(run, {
    versions: versionOf,
    director,
    schedule,
    checkers: checkers(),
    lines,
    endsBrokenFrom: 1,
    notes: coverage,
    onEvent: (record, view) => coverage.onEvent(record, view),
  });
  coverage.history(done.view);
  return {...done, reached: coverage.reached()};
}

export function resultOf(seed: number, done: PlayedTrial): SeedResult {
  const {verdict, events, operations, traceHash: hash, checks, violation, reached} = done;
  const unknown = checks.filter((check) => check.verdict === "unknown").map(({name}) => name);
  return {
    seed,
    verdict,
    events,
    operations: operations.length,
    hash,
    exercised: checks.map(({exercised}) => exercised),
    reached,
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
  readonly coverage: CoverageTotals;
}

export interface CoverageTotals {
  /** Behaviours that were reached, and all there are. */
  readonly reached: number;
  readonly of: number;
  /** By name. */
  readonly never: readonly string[];
  /** Reached by few seeds: by how many. */
  readonly rare: Readonly<Record<string, number>>;
}

/** A behaviour that fewer seeds reach is rare, and fewer than one in ten do. */
const few = 5;

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
    coverage: coverageOf(new Covered(results.map(({reached}) => reached)), results.length),
  };
}

function coverageOf(covered: Covered, seeds: number): CoverageTotals {
  const never = covered.never();
  const rare = covered.rare(Math.min(few, Math.ceil(seeds / 10)));
  return {reached: behaviours.length - never.length, of: behaviours.length, never, rare};
}
