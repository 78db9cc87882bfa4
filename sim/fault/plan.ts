// Fault plans: what goes wrong, and when, drawn from a seed as an explicit list of interventions that a person can read,
// edit and shrink. Every fault is undone before the plan's end, so a run may be asked to recover. Unless asked for more,
// a plan draws only what a sound cluster survives on any set of members; damaged disks (damage.ts) are asked for. Voters and
// learners of the beginning are drawn alike; a spare server is left alone, since it is the script's to say when it starts.

import {assert} from "../../core/base/assert.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {Config, Intervention} from "../run.ts";
import {scriptLane} from "../world/lanes.ts";
import {betrayals, damages} from "./damage.ts";
import type {BetrayalKind, DamageKind} from "./damage.ts";
import {faultKinds, isPossible} from "./kinds.ts";
import type {FaultKind} from "./kinds.ts";
import {Luck} from "./luck.ts";
import {linkFaults, networkFaults} from "./networkFaults.ts";
import {clientFaults, clockFaults, clusterFaults, memberFaults} from "./processFaults.ts";
import {swarm, weighted} from "./swarm.ts";
import type {Planned, Times} from "./windows.ts";

export {faultKinds, timeKinds} from "./kinds.ts";
export type {FaultKind} from "./kinds.ts";

export interface PlanOptions {
  /** When everything is whole again. */
  readonly until: Micros;
  /** When the first fault may happen. */
  readonly from?: Micros;
  /**
   * How many times as long as what goes wrong the pauses are: each group of sufferers (the network, its links, all members together, each
   * member, clients, clocks) draws one of these. 1 when absent: each sufferer suffers half of the time.
   */
  readonly calms?: readonly [number, ...number[]];
  /** What may be drawn; a plan has some of it only, in a mixture of its own (swarm.ts). */
  readonly kinds?: readonly FaultKind[];
  /** Those of them that every plan has. */
  readonly always?: readonly FaultKind[];
  /** Damage to disks besides, of as many voters as the others can do without; none when absent. */
  readonly damage?: readonly DamageKind[];
  /** What no cluster survives, besides, of one voter: a promise may break, which is what is to be seen. None when absent. */
  readonly betrayal?: readonly BetrayalKind[];
}

/** Draws a plan: the same for the same seed, configuration and options. */
export function faultPlan(seed: string, config: Config, options: PlanOptions): readonly Intervention[] {
  const {until, from = 0, calms = [1], kinds = faultKinds, always = [], damage = [], betrayal = []} = options;
  assert(from < until, `a fault plan needs time: from ${from} until ${until}`);
  const luck = new Luck(seed);
  const weights = swarm(
    luck,
    kinds.filter((kind) => isPossible(kind, config)),
    always,
  );
  const electionTimeout = config.clock.tick * config.raft.electionTicks;
  const times: Times = {from, until, electionTimeout, calm: 1};
  const drawing = {luck, config, weights, times};
  const faults = (
    [
      ["network", networkFaults],
      ["links", linkFaults],
      ["cluster", clusterFaults],
      ["members", memberFaults],
      ["clients", clientFaults],
      ["clocks", clockFaults],
    ] as const
  ).flatMap(([group, faultsOf]) =>
    faultsOf({...drawing, times: {...times, calm: luck.of(`calm/${group}`, calms)}}),
  );
  return numbered([
    ...faults,
    ...damages({...drawing, weights: weighted(luck, damage)}),
    ...betrayals({...drawing, weights: weighted(luck, betrayal)}),
  ]);
}

/** As interventions in order of time, numbered in each lane. */
export function numbered(planned: readonly Planned[]): readonly Intervention[] {
  const numbers = new Map<string, number>();
  return planned
    .toSorted((a, b) => a.at - b.at)
    .map(({at, do: action}) => {
      const lane = scriptLane(action);
      const id = (numbers.get(lane) ?? 0) + 1;
      numbers.set(lane, id);
      return {id, when: {at}, do: action, origin: "plan"};
    });
}
