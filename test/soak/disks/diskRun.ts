// One seed's run: a five-member cluster whose disks do all that a sound cluster survives, or, besides, one thing that
// none does. Everything is drawn from the seed's name, by streams of their own.

import type {Micros} from "../../../core/base/quantity.ts";
import {points} from "../../../core/server/io.ts";
import type {Point} from "../../../core/server/io.ts";
import type {Director} from "../../../sim/director.ts";
import {damageKinds} from "../../../sim/fault/damage.ts";
import type {BetrayalKind} from "../../../sim/fault/damage.ts";
import {Luck} from "../../../sim/fault/luck.ts";
import {faultPlan, numbered} from "../../../sim/fault/plan.ts";
import type {FaultKind} from "../../../sim/fault/plan.ts";
import {recovery} from "../../../sim/fault/recovery.ts";
import {resolve} from "../../../sim/profile.ts";
import type {Config, Run} from "../../../sim/run.ts";
import {UntilAlike} from "../../../sim/explore/untilAlike.ts";
import {Mix} from "../../../sim/workload/mix.ts";

const ms = 1000;

/** When the last fault is undone, and everything that can be mended is. */
export const quiet: Micros = 8000 * ms;

/** How long after that the sound members may take to be alike. */
export const patience: Micros = 4000 * ms;

/** How long watches may take to be told of everything then: the run goes on for longer. */
export const watchPatience: Micros = 1000 * ms;

const members = 5;

/** What befalls the network, processes and disks. Whole clusters with everything else that can be drawn: sim/explore. */
const kinds: readonly FaultKind[] = [
  "cut",
  "oneWay",
  "split",
  "loss",
  "crash",
  "crashAtDisk",
  "blackout",
  "pause",
  "timeout",
  "loseUnsynced",
  "tearUnsynced",
  "loseNames",
  "slow",
  "stall",
];

/** A run and who asks things in it. */
export interface DiskRun {
  readonly run: Run;
  readonly director: Director;
  /** Where its actors may pause. */
  readonly pausePoints: readonly Point[];
}

/** `betrayal`: what goes wrong, besides, with the disk of one member. */
export function diskRun(seed: number, betrayal?: BetrayalKind): DiskRun {
  const name = betrayal === undefined ? `disks ${seed}` : `disks ${seed} ${betrayal}`;
  const luck = new Luck(name);
  const config = drawConfig(luck, drawPoints(luck, seed));
  const damage = damageKinds.filter((kind) => luck.below(`damage/${kind}`, 2) === 0);
  const plan = faultPlan(name, config, {
    until: quiet,
    kinds,
    ...(betrayal === undefined ? {damage} : {betrayal: [betrayal]}),
  }).map(({when, do: action}) => ({at: when.at, do: action}));
  const ending = recovery(config, {at: quiet, until: quiet + patience, every: 500 * ms});
  const script = numbered([...plan, ...ending]);
  const limits = {events: 200_000, until: quiet + patience};
  const run: Run = {format: 1, config, seed: name, versions: {}, script, choices: [], limits};
  const director = new UntilAlike([drawMix(luck, name)], quiet + watchPatience + 500 * ms);
  return {run, director, pausePoints: config.pausePoints};
}

/** Without which a point is seldom come to. */
const storesFor: Partial<Record<Point, Partial<Config["store"]>>> = {
  beforeMoveVictims: {watchChannelMax: 2},
  beforeCheckpointInLeaseRenew: {leaseCheckpointEvery: 300 * ms},
  beforeCorruptCheck: {corruptCheckEvery: 700 * ms},
  beforeCompactHashCheck: {compactHashCheckEvery: 700 * ms},
};

function drawConfig(luck: Luck, pausePoints: readonly Point[]): Config {
  const [alone] = pausePoints.length === 1 ? pausePoints : [];
  const slowest = luck.of("disk", [1, 2, 6]);
  return resolve({
    members,
    clients: 4,
    raft: {
      electionTicks: 10,
      heartbeatTicks: 2,
      preVote: luck.below("preVote", 2) === 0,
      checkQuorum: luck.below("checkQuorum", 2) === 0,
      snapshotEvery: luck.of("snapshotEvery", [20, 10]),
      snapshotKeep: luck.of("snapshotKeep", [5, 1]),
    },
    store: {
      walSegmentBytes: luck.of("walSegmentBytes", [2048, 4096]),
      snapshotFilesMax: luck.of("snapshotFilesMax", [2, 1, 5]),
      compactionBatch: luck.of("compactionBatch", [3, 1, 10]),
      commitEvery: luck.of("commitEvery", [100, 100, 10]) * ms,
      leaseCheckEvery: luck.of("leaseCheckEvery", [100, 500]) * ms,
      leaseCheckpointEvery: luck.of("leaseCheckpointEvery", [0, 300]) * ms,
      progressNotifyEvery: luck.of("progressNotifyEvery", [200, 600_000]) * ms,
      watchChannelMax: luck.of("watchChannelMax", [128, 2]),
      autoCompactEvery: luck.of("autoCompactEvery", [0, 3000]) * ms,
      corruptCheckEvery: luck.of("corruptCheckEvery", [0, 700]) * ms,
      compactHashCheckEvery: luck.of("compactHashCheckEvery", [0, 700]) * ms,
      initialCorruptCheck: luck.below("initialCorruptCheck", 4) === 0,
      ...(alone === undefined ? {} : storesFor[alone]),
    },
    network: {reorder: luck.below("reorder", 3) === 0},
    disk: {write: {least: 200, most: 400 * slowest}, sync: {least: 1 * ms, most: 2 * ms * slowest}},
    clock: {tick: 20 * ms, apply: {least: 1 * ms, most: 2 * ms * slowest}},
    pausePoints,
  });
}

/** None, one, some or all (swarm testing): with one, each turn of its actor is that point's; seeds take these by turns. */
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

function drawMix(luck: Luck, seed: string): Mix {
  return new Mix({
    seed,
    until: quiet,
    keys: luck.of("keys", [4, 12]),
    think: luck.of("think", [30, 60, 120]) * ms,
    operationsMax: 120,
    compact: luck.of("compact", [4, 0, 12]),
    defrag: luck.of("defrag", [3, 0, 8]),
    padding: luck.of("padding", [60, 0, 700]),
    leases: luck.of("leases", [0, 20]),
    rest: luck.of("rest", [0, 25]),
  });
}
