// A range of seeds played, and what came of it as data.

import {InvariantViolation} from "../../core/base/assert.ts";
import {claimNames} from "../../core/raft/claims.ts";
import {Counters, features} from "./features.ts";
import {NoteCounter, noteNames} from "./notes.ts";
import {Broken, clusterClaims} from "./observer.ts";
import {playSchedule} from "./schedule.ts";

/** Every so many schedules one is watched closely: each question asked of a member is counted, and each note. */
export const watchedEvery = 16;

export interface Failure {
  readonly seed: number;
  readonly said: string;
}

export type Counts = Readonly<Record<string, number>>;

export interface Played {
  readonly schedules: number;
  readonly events: number;
  readonly features: Counts;
  /** Claims about the cluster. */
  readonly checks: Counts;
  /** Claims about a member, in the schedules that were watched closely. */
  readonly memberChecks: Counts;
  /** What core/raft noted in these. */
  readonly notes: Counts;
  readonly violations: readonly Failure[];
}

export const nothingPlayed: Played = {
  schedules: 0,
  events: 0,
  features: new Counters(features).toRecord(),
  checks: new Counters(clusterClaims).toRecord(),
  memberChecks: new Counters(claimNames).toRecord(),
  notes: new Counters(noteNames).toRecord(),
  violations: [],
};

/** What a schedule breaks, if it does; a fault of the soak itself is thrown. */
export function failureOf(play: () => void): string | undefined {
  try {
    play();
    return undefined;
  } catch (error) {
    if (error instanceof InvariantViolation || error instanceof Broken) return error.message;
    throw error;
  }
}

/** `every`: how many schedules there are to one that is watched closely. */
export function playSeeds(seeds: Iterable<number>, every: number = watchedEvery): Played {
  const counters = new Counters(features);
  const checks = new Counters(clusterClaims);
  const memberChecks = new Counters(claimNames);
  const notes = new NoteCounter();
  const violations: Failure[] = [];
  let schedules = 0;
  let events = 0;
  for (const seed of seeds) {
    const closely = seed % every === 0 ? {tally: memberChecks, notes} : {};
    const said = failureOf(() => {
      const cluster = playSchedule({seed, features: counters, ...closely});
      events += cluster.events;
      for (const [place, name] of clusterClaims.entries()) {
        checks.count(name, cluster.observer.exercised[place] ?? 0);
      }
    });
    if (said !== undefined) violations.push({seed, said});
    schedules++;
  }
  return {
    schedules,
    events,
    features: counters.toRecord(),
    checks: checks.toRecord(),
    memberChecks: memberChecks.toRecord(),
    notes: notes.counters.toRecord(),
    violations,
  };
}

export function together(a: Played, b: Played): Played {
  return {
    schedules: a.schedules + b.schedules,
    events: a.events + b.events,
    features: sum(a.features, b.features),
    checks: sum(a.checks, b.checks),
    memberChecks: sum(a.memberChecks, b.memberChecks),
    notes: sum(a.notes, b.notes),
    violations: [...a.violations, ...b.violations],
  };
}

export function sum(a: Counts, b: Counts): Counts {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}

/** What was never exercised. */
export function zeros({features: f, checks, memberChecks, notes}: Played): readonly string[] {
  const all = [f, checks, memberChecks, notes];
  return all.flatMap((counts) => Object.keys(counts).filter((name) => counts[name] === 0));
}

export function* range(from: number, to: number): Generator<number, undefined> {
  for (let seed = from; seed < to; seed++) yield seed;
}
