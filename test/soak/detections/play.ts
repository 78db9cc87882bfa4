// Hunts played, and what came of them as data: which seeds broke a claim, and which claim broke first.

import {versionOf} from "../../../sim/bug/museum.ts";
import {execute} from "../../../sim/execute.ts";
import type {Executed} from "../../../sim/execute.ts";
import type {Reached} from "../../../sim/explore/coverage.ts";
import {Guide, trialOfLineage} from "../../../sim/explore/guided.ts";
import type {Lineage} from "../../../sim/explore/guided.ts";
import {shrink} from "../../../sim/explore/shrink.ts";
import {playTrial} from "../../../sim/explore/sweep.ts";
import {trialChecks, trialOf} from "../../../sim/explore/trial.ts";
import type {TrialOptions} from "../../../sim/explore/trial.ts";
import {sum} from "../soak.ts";
import type {Counts} from "../soak.ts";
import {hunts, strategies, trialFor} from "./hunts.ts";
import type {Hunt, Strategy} from "./hunts.ts";

/** Of one hunt by one strategy. */
export interface Detections {
  readonly seeds: number;
  /** Seeds in which a claim broke, ascending. */
  readonly found: readonly number[];
  /** By the claim that broke first. */
  readonly by: Counts;
}

/** By hunt and strategy. */
export type Table = Readonly<Record<string, Readonly<Record<Strategy, Detections>>>>;

/** Searches guided by coverage. Each begins with seeds of its own and ends with its first detection. */
export interface Guided {
  readonly searches: number;
  /** Of each search that detected something: how many trials it took. */
  readonly found: readonly number[];
}

export interface DetectionsPlayed {
  readonly runs: number;
  readonly events: number;
  readonly table: Table;
  /** By hunt. */
  readonly guided: Readonly<Record<string, Guided>>;
}

/** A failure of a hunt, made small: the first that gets as small as is wanted, or the smallest of those that were tried. */
export interface Small {
  readonly seed: number;
  readonly strategy: Strategy;
  readonly check: string;
  /** Of the run that was found, up to where the claim broke. */
  readonly from: Size;
  readonly to: Size;
  readonly tried: number;
  /** Nothing more can be left out. */
  readonly minimal: boolean;
  /** Of the processor: what else runs beside takes none of them. */
  readonly seconds: number;
}

export interface Size {
  readonly interventions: number;
  readonly choices: number;
  readonly events: number;
}

const nothing: Detections = {seeds: 0, found: [], by: {}};

function tableOf(cell: (hunt: Hunt, strategy: Strategy) => Detections): Table {
  const row = (hunt: Hunt): Table[string] =>
    Object.fromEntries(strategies.map((strategy) => [strategy, cell(hunt, strategy)])) as Table[string];
  return Object.fromEntries(hunts.map((hunt) => [hunt.name, row(hunt)]));
}

const noSearch: Guided = {searches: 0, found: []};

/** Small generations: a search is to be guided by what it met before it has found something by luck alone. */
const generation = 8;

/** A search gives up after so many trials. */
export const searchTrialsMax = 64;

function guidedOf(cell: (hunt: Hunt) => Guided): DetectionsPlayed["guided"] {
  return Object.fromEntries(hunts.map((hunt) => [hunt.name, cell(hunt)]));
}

export const noDetectionsPlayed: DetectionsPlayed = {
  runs: 0,
  events: 0,
  table: tableOf(() => nothing),
  guided: guidedOf(() => noSearch),
};

/** What breaks a claim without the bug, too, is no detection. */
function failsSound(lineage: Lineage, {deposed = false}: TrialOptions): boolean {
  return playTrial(trialOfLineage(lineage, {deposed})).violation !== undefined;
}

/** A guided search; its seeds are `seed` million and on. */
export function searchGuided({trial}: Hunt, seed: number): Guided {
  const guide = new Guide(1_000_000 * (seed + 1), generation);
  let trials = 0;
  while (trials < searchTrialsMax) {
    const learnt: {lineage: Lineage; reached: Reached}[] = [];
    for (const lineage of guide.next()) {
      const {violation, reached} = playTrial(trialOfLineage(lineage, trial));
      trials++;
      if (violation !== undefined && !failsSound(lineage, trial)) return {searches: 1, found: [trials]};
      learnt.push({lineage, reached});
    }
    guide.learn(learnt);
  }
  return {searches: 1, found: []};
}

/** Up to where a claim broke; claims that are judged at the end only, to the end. */
export function playHunt(hunt: Hunt, strategy: Strategy, seed: number): Executed {
  const {run, director, schedule, checkers} = trialOf(seed, trialFor(hunt, strategy));
  return execute(run, {versions: versionOf, director, schedule, checkers: checkers(), endsBrokenFrom: 1});
}

/** Every hunt by every strategy, in the seeds that it has. */
export function playDetections(
  seeds: Iterable<number>,
  which: (hunt: Hunt, strategy: Strategy) => boolean = () => true,
  withGuide = true,
): DetectionsPlayed {
  let played = noDetectionsPlayed;
  for (const seed of seeds) {
    let [runs, events] = [0, 0];
    const table = tableOf((hunt, strategy) => {
      if (seed >= hunt.seeds || !which(hunt, strategy)) return nothing;
      const {violation, events: taken} = playHunt(hunt, strategy, seed);
      runs++;
      events += taken;
      return violation === undefined
        ? {...nothing, seeds: 1}
        : {seeds: 1, found: [seed], by: {[violation.check]: 1}};
    });
    const guided = guidedOf((hunt) =>
      seed < hunt.searches && withGuide ? searchGuided(hunt, seed) : noSearch,
    );
    played = detectionsTogether(played, {runs, events, table, guided});
  }
  return played;
}

export function detectionsTogether(a: DetectionsPlayed, b: DetectionsPlayed): DetectionsPlayed {
  const table = tableOf(({name}, strategy) => {
    const [one, two] = [a.table[name]?.[strategy] ?? nothing, b.table[name]?.[strategy] ?? nothing];
    return {
      seeds: one.seeds + two.seeds,
      found: [...one.found, ...two.found],
      by: sum(one.by, two.by),
    };
  });
  const guided = guidedOf(({name}) => {
    const [one, two] = [a.guided[name] ?? noSearch, b.guided[name] ?? noSearch];
    return {searches: one.searches + two.searches, found: [...one.found, ...two.found]};
  });
  return {runs: a.runs + b.runs, events: a.events + b.events, table, guided};
}

/** How many failures are tried: one that depends on the order of events of one moment may not be the same run when it is shrunk. */
const tries = 3;

/** As many interventions as a person reads. */
export const smallEnough = 20;

/** Makes a hunt's failures small, first those in time's order if there are any. Undefined: there is none yet. */
export function smallOf(hunt: Hunt, table: Table, maxSeconds = 60): Small | undefined {
  const failures = strategies.flatMap((strategy) =>
    (table[hunt.name]?.[strategy].found ?? []).map((seed) => ({strategy, seed})),
  );
  let best: Small | undefined;
  for (const {strategy, seed} of failures.slice(0, tries)) {
    const small = shrunk(hunt, strategy, seed, maxSeconds);
    if (small === undefined) continue;
    if (best === undefined || small.to.interventions < best.to.interventions) best = small;
    if (best.to.interventions <= smallEnough && best.minimal) return best;
  }
  return best;
}

function shrunk(hunt: Hunt, strategy: Strategy, seed: number, maxSeconds: number): Small | undefined {
  const {run, violation, events} = playHunt(hunt, strategy, seed);
  if (violation === undefined) return undefined;
  const {check} = violation;
  const began = process.cpuUsage();
  const seconds = (): number => {
    const {user, system} = process.cpuUsage(began);
    return (user + system) / 1_000_000;
  };
  const stop = (): boolean => seconds() > maxSeconds;
  const small = shrink(run, {versions: versionOf, checkers: trialChecks, check, stop});
  if (small === undefined) return undefined;
  return {
    seed,
    strategy,
    check,
    from: {interventions: run.script.length, choices: run.choices.length, events},
    to: {
      interventions: small.run.script.length,
      choices: small.run.choices.length,
      events: small.events,
    },
    tried: small.tried,
    minimal: small.isMinimal,
    seconds: Math.round(10 * seconds()) / 10,
  };
}
