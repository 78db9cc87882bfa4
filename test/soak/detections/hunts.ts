// What is hunted: bugs of the museum in every member, and settings that no cluster survives; and by which order of events.

import type {BetrayalKind} from "../../../sim/fault/damage.ts";
import {scheduleKinds} from "../../../sim/explore/trial.ts";
import type {TrialOptions} from "../../../sim/explore/trial.ts";

export interface Hunt {
  readonly name: string;
  readonly trial: TrialOptions;
  /** So many seeds at most: few are enough for what is found often. */
  readonly seeds: number;
}

function bug(id: string, seeds: number, more: TrialOptions = {}): Hunt {
  return {name: more.deposed === true ? `${id}, leaders deposed` : id, trial: {bugs: [id], ...more}, seeds};
}

function betrayal(kind: BetrayalKind, seeds: number): Hunt {
  return {name: kind, trial: {betrayal: kind}, seeds};
}

export const hunts: readonly Hunt[] = [
  bug("answer-before-sync", 60),
  bug("commit-older-term", 300),
  bug("commit-older-term", 300, {deposed: true}),
  bug("read-unconfirmed", 300),
  bug("read-unconfirmed", 300, {deposed: true}),
  bug("vote-for-older-log", 120),
  bug("vote-twice", 300),
  {name: "leaseReads", trial: {leaseReads: true}, seeds: 300},
  {name: "leaseReads, leaders deposed", trial: {leaseReads: true, deposed: true}, seeds: 300},
  betrayal("olderDisk", 60),
  betrayal("syncLies", 150),
  betrayal("wipe", 60),
];

/** Who decides the order of events, in every seed the same kind; "swarm": each seed draws a kind, as trials do. */
export const strategies = [...scheduleKinds.filter((kind) => kind !== "fair"), "swarm"] as const;
export type Strategy = (typeof strategies)[number];

export function trialFor({trial}: Hunt, strategy: Strategy): TrialOptions {
  return strategy === "swarm" ? trial : {...trial, schedule: strategy};
}
