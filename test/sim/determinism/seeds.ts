// A few seeds of everything: faults of every kind, clocks that lie, leases, watches, transactions, recipes of interventions.
// Imports nothing of Node, so that other engines run the same file; whoever runs it gets the chain of every seed.

import {versionOf} from "../../../sim/bug/museum.ts";
import type {Director} from "../../../sim/director.ts";
import {faultKinds, faultPlan, timeKinds} from "../../../sim/fault/plan.ts";
import {resolve} from "../../../sim/profile.ts";
import type {Run} from "../../../sim/run.ts";
import {Life} from "../../../sim/timeline/life.ts";
import {Mix} from "../../../sim/workload/mix.ts";

export const seeds = ["1", "2", "3"] as const;

const second = 1_000_000;

/** What a seed means here. */
export function played(seed: string): {readonly run: Run; readonly director: Director} {
  const name = `determinism ${seed}`;
  const odd = Number(seed) % 2 === 1;
  const config = resolve({
    members: odd ? 3 : 5,
    clients: 3,
    network: {reorder: odd, lossPerMillion: 10_000},
    raft: {checkQuorum: odd, preVote: !odd, snapshotEvery: 20, snapshotKeep: 5},
    store: {leaseCheckEvery: 100_000, progressNotifyEvery: 200_000},
    pausePoints: odd ? ["beforeApplyOneEntryNormal", "raftBeforeSave", "beforeSendWatchResponse"] : [],
  });
  const script = faultPlan(name, config, {until: 1.2 * second, kinds: [...faultKinds, ...timeKinds]});
  const limits = {events: 100_000, until: 3 * second};
  const run: Run = {format: 1, config, seed: name, versions: {}, script, choices: [], limits};
  const director = new Mix({
    seed: name,
    until: 1.2 * second,
    operationsMax: 60,
    leases: 30,
    rest: 30,
    linger: 0.5 * second,
  });
  return {run, director};
}

export function lifeOf(seed: string): Life {
  const {run, director} = played(seed);
  return Life.create(run, {versions: versionOf, director});
}

/** Events and chain of every seed: `1: 4021 0123456789abcdef, 2: …`. `onEvent` is called after each event. */
export function chains(onEvent: (step: number) => void = () => undefined): string {
  return seeds
    .map((seed) => {
      const life = lifeOf(seed);
      for (let record = life.step(); record !== undefined; record = life.step()) onEvent(record.step);
      return `${seed}: ${life.world.step} ${life.world.hash}`;
    })
    .join(", ");
}
