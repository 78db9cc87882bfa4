// Seeds played, and what came of them as data: each one with fencing and without.

import type {Hash} from "../../../core/base/hasher.ts";
import type {Said} from "../../../core/base/said.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import type {Checker, CheckReport} from "../../../sim/check/checker.ts";
import {FencedWrites, MutualExclusion} from "../../../sim/check/lockClaims.ts";
import {aboutUsers, standardChecks} from "../../../sim/check/standard.ts";
import {watchCatchesUp} from "../../../sim/check/watchGuarantees.ts";
import {execute} from "../../../sim/execute.ts";
import type {Executed} from "../../../sim/execute.ts";
import type {RecipeOperation} from "../../../sim/history/operation.ts";
import {sum} from "../soak.ts";
import type {Counts} from "../soak.ts";
import {quiet, recipeRun} from "./recipeRun.ts";

/** A claim about the run of a seed. */
export interface OfRun {
  readonly seed: number;
  readonly fenced: boolean;
  readonly check: string;
}

export interface Broken extends OfRun {
  readonly said: Pick<Said, "id" | "args">;
}

/** What became of the lock in the runs of one way of writing. */
export interface Locked {
  /** Times that a client took itself for the holder. */
  readonly held: number;
  /** Runs in which two clients did so at the same time. */
  readonly sharedRuns: number;
  /** Runs in which two of them wrote the same number: one update is lost. */
  readonly lostRuns: number;
  /** Writes that were refused because the lock was lost. */
  readonly refused: number;
  /** Seeds in which an update was lost, the first ten. */
  readonly lostIn: readonly number[];
}

export interface RecipesPlayed {
  readonly runs: number;
  readonly events: number;
  readonly operations: number;
  /** By recipe and outcome. */
  readonly outcomes: Counts;
  readonly faults: Counts;
  /** How often each claim could have failed. */
  readonly checks: Counts;
  /** Of which a budget of steps did not say whether they hold. */
  readonly undecided: readonly OfRun[];
  readonly violations: readonly Broken[];
  readonly unfenced: Locked;
  readonly fenced: Locked;
  /** Of each fenced run, its trace's. */
  readonly traces: readonly Hash[];
}

/** Claims that must hold of every run. */
export function recipeChecks(): Checker[] {
  return [...standardChecks(), new FencedWrites(), watchCatchesUp(quiet, 2_000_000)];
}

/** Claims that need what is not asked for here: users, compactions, past revisions, previous values, how long leases live, and members that compare. */
export const idleHere: readonly string[] = [
  ...aboutUsers,
  "Watch Never Silent",
  "Watch Bookmarks",
  "Previous Values",
  "Historical Reads",
  "Alarms Are True",
  "Rest Within Grant",
];

/** Counted, and no claim: two clients may well take themselves for the holder of a lock. */
const exclusion = new MutualExclusion().name;

const noLock: Locked = {held: 0, sharedRuns: 0, lostRuns: 0, refused: 0, lostIn: []};

export const noRecipesPlayed: RecipesPlayed = {
  runs: 0,
  events: 0,
  operations: 0,
  outcomes: {},
  faults: {},
  checks: Object.fromEntries(recipeChecks().map(({name}) => [name, 0])),
  undecided: [],
  violations: [],
  unfenced: noLock,
  fenced: noLock,
  traces: [],
};

export function playRecipes(seeds: Iterable<number>): RecipesPlayed {
  let played = noRecipesPlayed;
  for (const seed of seeds) {
    played = recipesTogether(played, playOne(seed, false));
    played = recipesTogether(played, playOne(seed, true));
  }
  return played;
}

/** The run of a seed, told by `onEvent` if somebody listens. */
export function playOne(seed: number, fenced: boolean): RecipesPlayed {
  const {run, director} = recipeRun(seed, fenced);
  const faults: Record<string, number> = {};
  const executed = execute(run, {
    versions: versionOf,
    director,
    checkers: [...recipeChecks(), new MutualExclusion()],
    onEvent: ({changes}) => {
      for (const change of changes)
        if (change.kind === "fault") faults[change.action.kind] = (faults[change.action.kind] ?? 0) + 1;
    },
  });
  const judged = judgedIn(executed);
  const locked = lockedIn(executed, seed);
  return {
    ...noRecipesPlayed,
    runs: 1,
    events: executed.events,
    operations: executed.operations.length,
    outcomes: outcomesOf(executed.view.recipes),
    faults,
    checks: Object.fromEntries(judged.map(({name, exercised}) => [name, exercised])),
    undecided: judged
      .filter(({verdict}) => verdict === "unknown")
      .map(({name: check}) => ({seed, fenced, check})),
    violations: judged
      .flatMap(({violation}) => (violation === undefined ? [] : [violation]))
      .map(({check, said: {id, args}}) => ({seed, fenced, check, said: {id, args}})),
    unfenced: fenced ? noLock : locked,
    fenced: fenced ? locked : noLock,
    traces: fenced ? [executed.traceHash] : [],
  };
}

/** What came of the claims that must hold. That a lock excludes is none of them. */
export function judgedIn({checks}: Executed): readonly CheckReport[] {
  return checks.filter(({name}) => name !== exclusion);
}

function lockedIn({view, checks}: Executed, seed: number): Locked {
  const written = view.recipes.flatMap(({outcome}) =>
    outcome?.kind === "done" && outcome.result.kind === "critical" ? [outcome.result] : [],
  );
  const numbers = written.flatMap(({wrote}) => wrote ?? []);
  const lost = new Set(numbers).size < numbers.length;
  const locks = checks.find(({name}) => name === exclusion);
  return {
    held: locks?.exercised ?? 0,
    sharedRuns: locks?.verdict === "fail" ? 1 : 0,
    lostRuns: lost ? 1 : 0,
    refused: written.filter(({refused}) => refused).length,
    lostIn: lost ? [seed] : [],
  };
}

function outcomesOf(recipes: readonly RecipeOperation[]): Counts {
  const counts: Record<string, number> = {};
  for (const {recipe, outcome, invoked} of recipes) {
    const when = invoked.at > quiet ? "/afterwards" : "";
    const name = `${recipe.kind}/${outcome?.kind ?? "open"}${when}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

export function recipesTogether(a: RecipesPlayed, b: RecipesPlayed): RecipesPlayed {
  return {
    runs: a.runs + b.runs,
    events: a.events + b.events,
    operations: a.operations + b.operations,
    outcomes: sorted(sum(a.outcomes, b.outcomes)),
    faults: sorted(sum(a.faults, b.faults)),
    checks: sum(a.checks, b.checks),
    undecided: [...a.undecided, ...b.undecided],
    violations: [...a.violations, ...b.violations],
    unfenced: lockedTogether(a.unfenced, b.unfenced),
    fenced: lockedTogether(a.fenced, b.fenced),
    traces: [...a.traces, ...b.traces],
  };
}

function lockedTogether(a: Locked, b: Locked): Locked {
  return {
    held: a.held + b.held,
    sharedRuns: a.sharedRuns + b.sharedRuns,
    lostRuns: a.lostRuns + b.lostRuns,
    refused: a.refused + b.refused,
    lostIn: [...a.lostIn, ...b.lostIn].slice(0, 10),
  };
}

function sorted(counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What was never exercised, besides what cannot be here. */
export function recipesZeros({checks}: RecipesPlayed): readonly string[] {
  return Object.keys(checks).filter((name) => checks[name] === 0 && !idleHere.includes(name));
}

/** Recipes that began when all was well again, and those of them that were done. */
export function afterwards({outcomes}: RecipesPlayed): {readonly all: number; readonly done: number} {
  const of = (end: RegExp): number =>
    Object.entries(outcomes).reduce((count, [name, times]) => count + (end.test(name) ? times : 0), 0);
  return {all: of(/\/afterwards$/), done: of(/\/done\/afterwards$/)};
}
