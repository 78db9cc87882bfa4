// The museum's bugs hunted, each as its plaque says, and what came of it as data: which checks broke, in which seeds, and how soon.

import {present} from "../../../core/base/assert.ts";
import type {Row, Rows} from "../../../bin/killMatrix.ts";
import {scenarioTrial} from "../../../bin/scenarioTrial.ts";
import {checksToName} from "../../../scenarios/checks.ts";
import {exhibitOf} from "../../../scenarios/museum/index.ts";
import type {Plaque} from "../../../sim/bug/exhibit.ts";
import {museum, versionOf} from "../../../sim/bug/museum.ts";
import {plaques} from "../../../sim/bug/plaques.ts";
import type {Checker} from "../../../sim/check/checker.ts";
import {standardChecks, whiteBox} from "../../../sim/check/standard.ts";
import {execute} from "../../../sim/execute.ts";
import type {Executed} from "../../../sim/execute.ts";
import {scheduleKinds, trialOf} from "../../../sim/explore/trial.ts";
import type {ScheduleKind, Trial} from "../../../sim/explore/trial.ts";
import {sum} from "../soak.ts";

export interface MatrixPlayed {
  readonly runs: number;
  readonly events: number;
  /** Of the processors. */
  readonly cpuMs: number;
  /** By the bug's id. */
  readonly rows: Rows;
}

/** Every bug is hunted in so many seeds, so that of many a spread can be told; one that is found seldom in as many as its plaque states. */
const seedsAtLeast = 60;

export function seedsOf(id: string): number {
  return Math.max(seedsAtLeast, plaqueOf(id).hunt.seeds);
}

/** Of the bug that has most. */
export const matrixSeeds = Math.max(...museum.map(({id}) => seedsOf(id)));

/** What a bug makes of a cluster may go on for ever; a sound one needs a third of these. */
const eventsMax = 30_000;

const noRow: Row = {seeds: 0, found: [], events: [], first: {}, any: {}, played: {}, foundBy: {}, cpuMs: 0};

export const noMatrixPlayed: MatrixPlayed = {
  runs: 0,
  events: 0,
  cpuMs: 0,
  rows: Object.fromEntries(museum.map(({id}) => [id, noRow])),
};

/** Each seed has its own kind, so that all bugs meet all kinds. */
function kindOf(seed: number): ScheduleKind {
  return present(scheduleKinds[seed % scheduleKinds.length], "a kind of schedule");
}

/** Who else hunts in the same way plays the same runs without the bug. */
export function huntOf(id: string, seed: number, isSound = false): Trial {
  const {hunt} = plaqueOf(id);
  const schedule = kindOf(seed);
  if (hunt.by === "scenario") {
    const trial = scenarioTrial(present(exhibitOf(id), "the scenario of", id), seed, {schedule});
    return isSound ? {...trial, run: {...trial.run, versions: {}}} : trial;
  }
  const bugs = isSound ? {} : {bugs: [id]};
  return trialOf(seed, {short: hunt.deposed !== true, deposed: hunt.deposed === true, schedule, ...bugs});
}

/**
 * What judges every run, what judges trials besides, and what else a plaque names. Those that look inside of members ask those with the bug
 * as well: a rule that is replaced often shows there at once.
 */
function checksOf(id: string, trial: Trial): Checker[] {
  const {hunt, caughtBy} = plaqueOf(id);
  const checks = standardChecks(true);
  const names = new Set(checks.map(({name}) => name));
  const others =
    hunt.by === "trials" ? trial.checkers() : checksToName().filter(({name}) => caughtBy.includes(name));
  return [...checks, ...others.filter(({name}) => !names.has(name))];
}

function plaqueOf(id: string): Plaque {
  return present(plaques[id], "the plaque of", id);
}

/** To its end: what breaks later is told too. */
export function playHunt(id: string, seed: number, isSound = false): Executed {
  const trial = huntOf(id, seed, isSound);
  const {run, director, schedule} = trial;
  const events = Math.min(run.limits.events, eventsMax);
  const checkers = checksOf(id, trial);
  return execute(
    {...run, limits: {...run.limits, events}},
    {versions: versionOf, director, schedule, checkers},
  );
}

/** `which`: the bugs to hunt; all when absent. */
export function playMatrix(
  seeds: Iterable<number>,
  which: readonly string[] = museum.map(({id}) => id),
): MatrixPlayed {
  const before = process.cpuUsage();
  let played = noMatrixPlayed;
  for (const seed of seeds) {
    const sound = new SoundRuns(seed);
    const rows: Record<string, Row> = {};
    let [runs, events] = [0, 0];
    for (const id of which.filter((one) => seed < seedsOf(one))) {
      const began = process.cpuUsage();
      const done = playHunt(id, seed);
      const cpuMs = cpuMsSince(began);
      rows[id] = {...rowOf(seed, done, sound.broken(id, done)), cpuMs};
      runs++;
      events += done.events;
    }
    played = matrixTogether(played, {runs, events, cpuMs: 0, rows});
  }
  return {...played, cpuMs: cpuMsSince(before)};
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const {user, system} = process.cpuUsage(before);
  return Math.round((user + system) / 1000);
}

/** What the runs of a seed break without a bug: nothing, it is hoped; it would be no detection. */
class SoundRuns {
  private readonly seed: number;
  private readonly byHunt = new Map<string, ReadonlySet<string>>();

  constructor(seed: number) {
    this.seed = seed;
  }

  /** Asked only where something broke. Trials without a bug are the same whichever is hunted. */
  broken(id: string, {violation}: Executed): ReadonlySet<string> {
    if (violation === undefined) return new Set();
    const {hunt} = plaqueOf(id);
    const name = hunt.by === "scenario" ? id : `trials ${hunt.deposed === true}`;
    const known = this.byHunt.get(name);
    if (known !== undefined) return known;
    const broken = new Set(brokenIn(playHunt(id, this.seed, true)));
    this.byHunt.set(name, broken);
    return broken;
  }
}

function brokenIn({checks}: Executed): readonly string[] {
  return checks.filter(({verdict}) => verdict === "fail").map(({name}) => name);
}

function rowOf(seed: number, done: Executed, sound: ReadonlySet<string>): Row {
  const kind = kindOf(seed);
  const row: Row = {...noRow, seeds: 1, played: {[kind]: 1}};
  // A run that was cut came to no end in which all could be alike.
  const isCut = done.end === "events";
  const violations = done.checks.flatMap(({violation}) =>
    violation === undefined || sound.has(violation.check) || (isCut && violation.check === "Convergence")
      ? []
      : [violation],
  );
  const any = Object.fromEntries(violations.map(({check}) => [check, 1]));
  // What is seen inside of a member that has the bug is told, but it is no detection: it says less than what comes of it.
  const outside = violations.filter(({check}) => !whiteBox.includes(check));
  const [first] = outside.toSorted((a, b) => a.step - b.step);
  if (first === undefined) return {...row, any};
  return {
    ...row,
    found: [seed],
    events: [first.step],
    first: {[first.check]: 1},
    any,
    foundBy: {[kind]: 1},
  };
}

export function matrixTogether(a: MatrixPlayed, b: MatrixPlayed): MatrixPlayed {
  const rows = Object.entries(a.rows).map(([id, one]): [string, Row] => {
    const two = b.rows[id] ?? noRow;
    return [
      id,
      {
        seeds: one.seeds + two.seeds,
        found: [...one.found, ...two.found],
        events: [...one.events, ...two.events],
        first: sum(one.first, two.first),
        any: sum(one.any, two.any),
        played: sum(one.played, two.played),
        foundBy: sum(one.foundBy, two.foundBy),
        cpuMs: one.cpuMs + two.cpuMs,
      },
    ];
  });
  return {
    runs: a.runs + b.runs,
    events: a.events + b.events,
    cpuMs: a.cpuMs + b.cpuMs,
    rows: Object.fromEntries(rows),
  };
}
