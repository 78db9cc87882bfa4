// Seeds played, and what came of them as data: each one once with all that is survived, and once with a disk that
// betrays its member, which is not.

import type {Hash} from "../../../core/base/hasher.ts";
import type {Said} from "../../../core/base/said.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import type {Checker, Violation} from "../../../sim/check/checker.ts";
import {Convergence} from "../../../sim/check/convergence.ts";
import {aboutUsers, standardChecks} from "../../../sim/check/standard.ts";
import {watchCatchesUp} from "../../../sim/check/watchGuarantees.ts";
import {execute} from "../../../sim/execute.ts";
import {betrayalKinds} from "../../../sim/fault/damage.ts";
import type {BetrayalKind} from "../../../sim/fault/damage.ts";
import {Counters} from "../features.ts";
import {sum} from "../soak.ts";
import type {Counts} from "../soak.ts";
import {diskRun, quiet, watchPatience} from "./diskRun.ts";
import {diskFeatures, rareFeatures, Tally} from "./tally.ts";

/** A claim about the run of a seed. */
export interface OfRun {
  readonly seed: number;
  readonly check: string;
}

export interface Broken extends OfRun {
  readonly said: Pick<Said, "id" | "args">;
}

/** What came of betrayals of one kind. */
export interface Betrayed {
  readonly seeds: number;
  /** In which the disk did betray its member. */
  readonly struck: number;
  /** In which nothing came of it. */
  readonly unharmed: number;
  /** In which that member refused to go on because of what it found, by what it said, and nothing else was noticed. */
  readonly foundOut: Counts;
  /** By claim. */
  readonly caught: Readonly<Record<string, Caught>>;
}

/** How a claim was broken: in how many seeds, in how many of these before any other or with it, and once. */
export interface Caught {
  readonly seeds: number;
  readonly first: number;
  readonly example: Broken;
}

export interface DisksPlayed {
  readonly runs: number;
  readonly events: number;
  readonly operations: number;
  readonly features: Counts;
  /** How often each claim could have failed. */
  readonly checks: Counts;
  /** Of which a budget of steps did not say whether they hold. */
  readonly undecided: readonly OfRun[];
  readonly violations: readonly Broken[];
  readonly betrayals: Readonly<Record<BetrayalKind, Betrayed>>;
  /** Of each survivable run, its trace's. */
  readonly traces: readonly Hash[];
}

/** Those of every run, and that the cluster recovers, watches too. */
export function diskChecks(): Checker[] {
  return [...standardChecks(), new Convergence(), watchCatchesUp(quiet, watchPatience)];
}

const noBetrayal: Betrayed = {seeds: 0, struck: 0, unharmed: 0, foundOut: {}, caught: {}};

export const noDisksPlayed: DisksPlayed = {
  runs: 0,
  events: 0,
  operations: 0,
  features: new Counters<string>(diskFeatures).toRecord(),
  checks: Object.fromEntries(diskChecks().map(({name}) => [name, 0])),
  undecided: [],
  violations: [],
  betrayals: Object.fromEntries(betrayalKinds.map((kind) => [kind, noBetrayal])) as DisksPlayed["betrayals"],
  traces: [],
};

/** The survivable run of a seed. */
function playSound(seed: number): DisksPlayed {
  const {run, director, pausePoints} = diskRun(seed);
  const tally = new Tally(pausePoints);
  const executed = execute(run, {versions: versionOf, director, checkers: [...diskChecks(), tally]});
  tally.history(executed.view);
  const {events, checks, violation, operations, traceHash} = executed;
  const judged = checks.filter(({name}) => name !== tally.name);
  return {
    ...noDisksPlayed,
    runs: 1,
    events,
    operations: operations.length,
    features: tally.counters.toRecord(),
    checks: Object.fromEntries(judged.map(({name, exercised}) => [name, exercised])),
    undecided: judged.filter(({verdict}) => verdict === "unknown").map(({name: check}) => ({seed, check})),
    violations: violation === undefined ? [] : [brokenBy(seed, violation)],
    traces: [traceHash],
  };
}

/** The run of a seed in which one member's disk betrays it. */
export function playBetrayal(seed: number, kind: BetrayalKind): Betrayed {
  const {run, director} = diskRun(seed, kind);
  let struck = false;
  const reasons = new Set<string>();
  const {checks, violation: first} = execute(run, {
    versions: versionOf,
    director,
    checkers: standardChecks(),
    onEvent: ({changes}) => {
      for (const change of changes) {
        if (change.kind === "fault" && change.action.kind === "disk")
          struck ||= change.action.fault.kind === kind;
        else if (change.kind === "died" && change.said !== undefined) reasons.add(change.said.id);
      }
    },
  });
  const caught = checks.flatMap(({violation}): [string, Caught][] => {
    if (violation === undefined) return [];
    const example = brokenBy(seed, violation);
    return [[violation.check, {seeds: 1, first: violation.step === first?.step ? 1 : 0, example}]];
  });
  return {
    seeds: 1,
    struck: struck ? 1 : 0,
    unharmed: first === undefined && reasons.size === 0 ? 1 : 0,
    foundOut: Object.fromEntries(first === undefined ? [...reasons].map((id) => [id, 1]) : []),
    caught: Object.fromEntries(caught),
  };
}

function brokenBy(seed: number, {check, said: {id, args}}: Violation): Broken {
  return {seed, check, said: {id, args}};
}

/** `betrayed`: besides the survivable run the betrayal of each seed's kind. */
export function playDisks(seeds: Iterable<number>, betrayed: boolean): DisksPlayed {
  let played = noDisksPlayed;
  for (const seed of seeds) {
    played = disksTogether(played, playSound(seed));
    const kind = betrayalKinds[seed % betrayalKinds.length];
    if (!betrayed || kind === undefined) continue;
    const betrayals = {...noDisksPlayed.betrayals, [kind]: playBetrayal(seed, kind)};
    played = disksTogether(played, {...noDisksPlayed, betrayals});
  }
  return played;
}

export function disksTogether(a: DisksPlayed, b: DisksPlayed): DisksPlayed {
  return {
    runs: a.runs + b.runs,
    events: a.events + b.events,
    operations: a.operations + b.operations,
    features: sum(a.features, b.features),
    checks: sum(a.checks, b.checks),
    undecided: [...a.undecided, ...b.undecided],
    violations: [...a.violations, ...b.violations],
    betrayals: Object.fromEntries(
      betrayalKinds.map((kind) => [kind, betrayedTogether(a.betrayals[kind], b.betrayals[kind])]),
    ) as DisksPlayed["betrayals"],
    traces: [...a.traces, ...b.traces],
  };
}

function betrayedTogether(a: Betrayed, b: Betrayed): Betrayed {
  const caught: Record<string, Caught> = {...a.caught};
  for (const [check, more] of Object.entries(b.caught)) {
    const {seeds, first, example} = caught[check] ?? {seeds: 0, first: 0, example: more.example};
    // An example in which nothing broke before is the better one.
    const better = first === 0 && more.first > 0 ? more.example : example;
    caught[check] = {seeds: seeds + more.seeds, first: first + more.first, example: better};
  }
  return {
    seeds: a.seeds + b.seeds,
    struck: a.struck + b.struck,
    unharmed: a.unharmed + b.unharmed,
    foundOut: sum(a.foundOut, b.foundOut),
    caught,
  };
}

/** What was never exercised. */
export function disksZeros({features, checks}: DisksPlayed): readonly string[] {
  const idle = [features, checks].flatMap((counts) =>
    Object.keys(counts).filter((name) => counts[name] === 0),
  );
  return idle.filter((name) => !rareFeatures.includes(name) && !aboutUsers.includes(name));
}
