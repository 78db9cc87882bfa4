// What a seed means in a sweep. Each seed draws a cluster, its settings, what is asked of it, what goes wrong, and who decides
// the order of events, each from a stream of its own (swarm testing: Groce et al., ISSTA 2012): what every run has keeps
// some bugs from ever being seen, so every run lacks something.
//
//   0 ──────────── faults, clients ask ──────────── quiet ── all is whole, puts ── until
//                                                     └─ the run ends as soon as all members are alike

import type {Micros} from "../../core/base/quantity.ts";
import {points} from "../../core/server/io.ts";
import type {Point} from "../../core/server/io.ts";
import type {Checker} from "../check/checker.ts";
import {Convergence} from "../check/convergence.ts";
import {FencedWrites} from "../check/lockClaims.ts";
import {standardChecks} from "../check/standard.ts";
import type {Director} from "../director.ts";
import {damageKinds} from "../fault/damage.ts";
import type {BetrayalKind} from "../fault/damage.ts";
import {Besieger} from "../fault/besieger.ts";
import {Deposer} from "../fault/deposer.ts";
import {Luck} from "../fault/luck.ts";
import {votersOf} from "../fault/names.ts";
import {faultKinds, faultPlan, numbered, timeKinds} from "../fault/plan.ts";
import type {FaultKind} from "../fault/plan.ts";
import {recovery} from "../fault/recovery.ts";
import type {Planned} from "../fault/windows.ts";
import {resolve} from "../profile.ts";
import type {Config, Run} from "../run.ts";
import type {Schedule} from "../schedule/schedule.ts";
import {Mix} from "../workload/mix.ts";
import {versionsWith} from "../bug/museum.ts";
import {RecipeLoads} from "../workload/recipes.ts";
import type {RecipeLoad} from "../workload/recipes.ts";
import {UntilAlike} from "./untilAlike.ts";

/** Kinds of schedules that a seed can draw. */
export const scheduleKinds = ["time", "random", "pct", "delay", "fair"] as const;
export type ScheduleKind = (typeof scheduleKinds)[number];

export interface TrialOptions {
  /** Names of the museum's bugs, which members have, or clients. */
  readonly bugs?: readonly string[];
  /** The only member or client that has them: n2. Absent: all have. */
  readonly buggy?: string;
  /** Absent: drawn. */
  readonly schedule?: ScheduleKind;
  /** Voters. Absent: drawn. */
  readonly members?: number;
  /** A short seed: three members at etcd's default timings, 60 simulated seconds, about 300 operations. */
  readonly short?: boolean;
  /** What no cluster survives, on one member's disk. */
  readonly betrayal?: BetrayalKind;
  /** Leaders answer reads by their lease (thesis §6.4.1): wrong as soon as clocks lie, as they do in trials. */
  readonly leaseReads?: boolean;
  /** Five members, one entry in a message, and leaders are cut off at bad moments (fault/deposer.ts). */
  readonly deposed?: boolean;
}

export interface Trial {
  readonly run: Run;
  /** Who asks. */
  readonly director: Director | undefined;
  readonly schedule: Schedule;
  /** Fresh ones. */
  readonly checkers: () => Checker[];
}

/** Simulated times of a trial: the election timeout is the measure of all. */
interface Times {
  readonly tick: Micros;
  readonly electionTimeout: Micros;
  /** When the last fault is undone. */
  readonly quiet: Micros;
  /** No end before. */
  readonly least: Micros;
  readonly until: Micros;
}

/** Of what a trial is made: data, from which another one can be made that differs in little (guided.ts). */
export interface TrialParts {
  readonly options: TrialOptions;
  readonly config: Config;
  /** The run's name, from which the world draws. */
  readonly name: string;
  /** From which workload and leaders' fates are drawn. */
  readonly asker: string;
  readonly faults: readonly Planned[];
  readonly schedule: Schedule;
  readonly isRecipes: boolean;
}

/** What may go wrong besides, where leaders are cut off on purpose: more would keep them from being elected. */
const quietKinds: readonly FaultKind[] = ["crash", "timeout", "loss", "slow", "pauseClient", "clock"];

/** Where all suffer half of the time, nobody leads in two thirds of it: most trials have some who are left in peace. */
const calms = [1, 4, 16, 16] as const;

/** The trial of a seed: the same for the same seed and options. An option changes nothing that it does not say. */
export function trialOf(seed: number, options: TrialOptions = {}): Trial {
  return trialFrom(partsOf(seed, options));
}

export function partsOf(seed: number, options: TrialOptions = {}): TrialParts {
  const name = `${options.short === true ? "short" : "trial"} ${seed}`;
  const luck = new Luck(name);
  const isRecipes = luck.below("recipes", 5) === 0;
  const config = drawConfig(luck, seed, options, isRecipes);
  const times = timesOf(config, options);
  const damage = damageKinds.filter((kind) => luck.below(`damage/${kind}`, 4) === 0);
  const plan = faultPlan(name, config, {
    until: times.quiet,
    calms,
    kinds: options.deposed === true ? quietKinds : [...faultKinds, ...timeKinds],
    damage,
    ...(options.betrayal === undefined ? {} : {betrayal: [options.betrayal]}),
  });
  const faults = plan.map(({when: {at}, do: action}) => ({at, do: action}));
  const schedule = drawSchedule(luck, name, times, options.schedule);
  return {options, config, name, asker: name, faults, schedule, isRecipes};
}

/** `faults` come before all is made whole; later ones are left out. */
export function trialFrom({options, config, name, asker, faults, schedule, isRecipes}: TrialParts): Trial {
  const times = timesOf(config, options);
  const {quiet, electionTimeout, until} = times;
  const before = faults.filter(({at}) => at < quiet);
  const ending = recovery(config, {
    at: quiet,
    until: until - 4 * electionTimeout,
    every: 2 * electionTimeout,
  });
  const run: Run = {
    format: 1,
    config,
    seed: name,
    versions: versionsOf(config, options),
    script: numbered([...before, ...ending]),
    choices: [],
    limits: {events: 1_000_000, until},
  };
  const luck = new Luck(asker);
  const onLeaders = {seed: asker, until: quiet - 4 * electionTimeout, electionTimeout};
  const isBesieged = luck.below("besieged", 4) > 0;
  const directors: readonly Director[] = [
    isRecipes ? drawRecipes(luck, asker, times, options) : drawMix(luck, asker, times, config, options),
    ...(options.deposed === true ? [new Deposer(onLeaders)] : isBesieged ? [new Besieger(onLeaders)] : []),
  ];
  return {run, director: new UntilAlike(directors, times.least), schedule, checkers: trialChecks};
}

/** When a trial's last fault is undone. */
export function quietOf({config, options}: Pick<TrialParts, "config" | "options">): Micros {
  return timesOf(config, options).quiet;
}

/** Claims that hold of every trial. */
export function trialChecks(): Checker[] {
  return [...standardChecks(), new FencedWrites(), new Convergence()];
}

/** By which a run on record is judged: a trial's comes from no scenario, and was made to recover. */
export function checksOfTrace({scenario}: {readonly scenario?: string}): Checker[] {
  return scenario === undefined ? trialChecks() : standardChecks();
}

function timesOf({clock, raft}: Config, {short}: TrialOptions): Times {
  const {tick} = clock;
  const electionTimeout = tick * raft.electionTicks;
  const [quiet, least, until] = short === true ? [45, 55, 60] : [40, 40, 65];
  return {
    tick,
    electionTimeout,
    quiet: quiet * electionTimeout,
    least: least * electionTimeout,
    until: until * electionTimeout,
  };
}

function versionsOf({members, learners, clients}: Config, {bugs = [], buggy}: TrialOptions): Run["versions"] {
  if (bugs.length === 0) return {};
  const servers = Array.from({length: members + learners}, (_, i) => `n${i + 1}`);
  const names = [...servers, ...Array.from({length: clients}, (_, i) => `c${i + 1}`)];
  return versionsWith(
    names.filter((name) => name === (buggy ?? name)),
    bugs,
  );
}

// ---- the cluster

/** Without which a point is seldom come to. */
const storesFor: Partial<Record<Point, Partial<Config["store"]>>> = {
  beforeMoveVictims: {watchChannelMax: 2},
  beforeCheckpointInLeaseRenew: {leaseCheckpointEvery: 300_000},
  beforeCorruptCheck: {corruptCheckEvery: 700_000},
  beforeCompactHashCheck: {compactHashCheckEvery: 700_000},
};

function drawConfig(luck: Luck, seed: number, options: TrialOptions, isRecipes: boolean): Config {
  const isShort = options.short === true;
  const pausePoints = drawPoints(luck, seed);
  const [alone] = pausePoints.length === 1 ? pausePoints : [];
  const drawnSize = luck.of("size", ["3", "3", "3", "3", "5", "5", "3+1"]);
  const size = options.deposed === true ? "5" : drawnSize;
  const profile = luck.of("profile", [
    "teaching",
    "teaching",
    "teaching",
    "datacentre",
    "datacentre",
    "wan",
  ] as const);
  // Ten ticks are an election timeout: long beside what a message takes.
  const tick = isShort ? 100_000 : {teaching: 20_000, datacentre: 10_000, wan: 100_000}[profile];
  const timeout = 10 * tick;
  const slowest = luck.of("disk", [1, 2, 6]);
  const checkQuorum = luck.below("checkQuorum", 2) === 0;
  const messageBytesMax = luck.of("messageBytesMax", [65_536, 1, 512]);
  return resolve({
    profile: isShort ? "datacentre" : profile,
    members: isShort ? 3 : (options.members ?? Number(size[0])),
    learners: !isShort && options.members === undefined && size === "3+1" ? 1 : 0,
    clients: isShort ? 3 : luck.of("clients", [3, 4, 6]),
    raft: {
      electionTicks: 10,
      heartbeatTicks: luck.of("heartbeatTicks", [1, 2, 3]),
      preVote: luck.below("preVote", 2) === 0,
      // Without it a leader that was cut off renews leases that another one has ended.
      checkQuorum: isRecipes || checkQuorum || options.leaseReads === true,
      ...(options.leaseReads === true ? {leaseReads: true} : {}),
      inflightMax: luck.of("inflightMax", [16, 1, 4, 256]),
      messageBytesMax: options.deposed === true ? 1 : messageBytesMax,
      snapshotEvery: luck.of("snapshotEvery", [0, 20, 10, 100]),
      snapshotKeep: luck.of("snapshotKeep", [5, 1, 50]),
    },
    store: {
      requestTimeout: 5 * timeout,
      readIndexRetry: Math.floor(timeout / 2),
      walSegmentBytes: luck.of("walSegmentBytes", [2048, 4096, 16_384]),
      snapshotFilesMax: luck.of("snapshotFilesMax", [2, 1, 5]),
      compactionBatch: luck.of("compactionBatch", [3, 1, 10, 1000]),
      commitEvery: luck.of("commitEvery", [100_000, 100_000, 10_000]),
      leaseCheckEvery: luck.of("leaseCheckEvery", [100_000, 500_000]),
      leaseCheckpointEvery: luck.of("leaseCheckpointEvery", [0, 300_000]),
      progressNotifyEvery: luck.of("progressNotifyEvery", [200_000, 600_000_000]),
      watchChannelMax: luck.of("watchChannelMax", [128, 2]),
      autoCompactEvery: luck.of("autoCompactEvery", [0, 3_000_000]),
      corruptCheckEvery: luck.of("corruptCheckEvery", [0, 0, 700_000]),
      compactHashCheckEvery: luck.of("compactHashCheckEvery", [0, 0, 700_000]),
      initialCorruptCheck: luck.below("initialCorruptCheck", 4) === 0,
      ...(alone === undefined ? {} : storesFor[alone]),
    },
    network: {reorder: luck.below("reorder", 3) === 0},
    disk: {write: {least: 200, most: 400 * slowest}, sync: {least: 1000, most: 2000 * slowest}},
    clock: {tick, apply: {least: 1000, most: 2000 * slowest}},
    client: {requestTimeout: luck.of("clientTimeout", [4, 2, 1]) * timeout},
    pausePoints,
  });
}

/** None, one, some or all: with one, each turn of its actor is that point's; seeds take these by turns. */
function drawPoints(luck: Luck, seed: number): readonly Point[] {
  switch (luck.of("points", ["none", "one", "one", "one", "some", "all"])) {
    case "none":
      return [];
    case "one":
      return points.slice(seed % points.length).slice(0, 1);
    case "some":
      return points.filter((point) => luck.below(`point/${point}`, 3) === 0);
    default:
      return points;
  }
}

// ---- what is asked, and in which order things happen

/** Operations of one client at most, and of a short one: of those, with the reads beside, about 300 are done in all. */
const operationsMax = 150;
const shortMax = 85;

function drawMix(
  luck: Luck,
  seed: string,
  {quiet, electionTimeout}: Times,
  config: Config,
  {short}: TrialOptions,
): Director {
  const rest = luck.of("think", [2, 3, 4]) * Math.floor(electionTimeout / 4);
  return new Mix({
    seed,
    until: quiet,
    keys: luck.of("keys", [4, 2, 12]),
    // Spread over the time of faults.
    think: short === true ? Math.floor(quiet / shortMax) : rest,
    operationsMax: short === true ? shortMax : operationsMax,
    compact: luck.of("compact", [4, 0, 12]),
    defrag: luck.of("defrag", [3, 0, 8]),
    padding: luck.of("padding", [60, 0, 700]),
    leases: luck.of("leases", [0, 20]),
    rest: luck.of("rest", [0, 25]),
    beside: luck.below("beside", 3) > 0 ? votersOf(config) : [],
  });
}

const others = ["counter", "election", "queue", "registry"] as const satisfies readonly RecipeLoad[];

function drawRecipes(
  luck: Luck,
  seed: string,
  {quiet, electionTimeout}: Times,
  {short}: TrialOptions,
): Director {
  const unhurried = short === true ? 3 : 1;
  return new RecipeLoads({
    seed,
    until: quiet,
    fenced: true,
    loads: ["critical", "critical", luck.of("other", others), luck.of("other", others)],
    hold: luck.of("hold", [1, 4, 16]) * Math.floor(electionTimeout / 4),
    think: unhurried * luck.of("recipeThink", [1, 4]) * Math.floor(electionTimeout / 4),
  });
}

/**
 * Half of the trials keep time's order. What overtakes does so by less than an election timeout, and nothing does once all
 * is whole: who is slow for ever recovers never.
 */
export function drawSchedule(
  luck: Luck,
  seed: string,
  {electionTimeout, quiet: until}: Pick<Times, "electionTimeout" | "quiet">,
  kind?: ScheduleKind,
): Schedule {
  const drawn = luck.of("schedule", ["time", "time", "time", "random", "pct", "delay"] as const);
  const window = luck.of("window", [2, 10, 30]) * Math.floor(electionTimeout / 100);
  const depth = 1 + luck.below("depth", 5);
  const delays = 1 << luck.below("delays", 10);
  // About as many decisions as a trial has.
  const steps = 10_000;
  switch (kind ?? drawn) {
    case "time":
      return {kind: "time"};
    case "random":
      return {kind: "random", seed, window, until};
    case "pct":
      return {kind: "pct", seed, depth, steps, window, until};
    case "delay":
      return {kind: "delay", seed, delays, steps, window, until};
    case "fair":
      return {kind: "fair", window, until};
  }
}
