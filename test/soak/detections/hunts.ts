// What is hunted: bugs of the museum in every member, and settings that no cluster survives; and by which order of events.

import type {BetrayalKind} from "../../../sim/fault/damage.ts";
import {scheduleKinds} from "../../../sim/explore/trial.ts";
import type {TrialOptions} from "../../../sim/explore/trial.ts";

export interface Hunt {
  readonly name: string;
  readonly trial: TrialOptions;
  /** So many seeds by each strategy, and so many searches guided by coverage: where the rate allows it, enough for 40 detections. */
  readonly seeds: number;
  readonly searches: number;
}

/** Most searches find what they are for. */
const searches = 44;

function bug(id: string, seeds: number, more: Partial<Hunt> = {}): Hunt {
  return {name: id, trial: {bugs: [id]}, seeds, searches, ...more};
}

function betrayal(kind: BetrayalKind, seeds: number): Hunt {
  return {name: kind, trial: {betrayal: kind}, seeds, searches};
}

export const hunts: readonly Hunt[] = [
  bug("answer-before-sync", 64),
  // Seldom if at all: four leaders must go at the right moments, one after another.
  bug("commit-older-term", 60, {searches: 4}),
  bug("commit-older-term", 200, {
    name: "commit-older-term, leaders deposed",
    trial: {bugs: ["commit-older-term"], deposed: true},
  }),
  bug("read-unconfirmed", 240),
  bug("vote-for-older-log", 120),
  bug("vote-twice", 180),
  {name: "leaseReads", trial: {leaseReads: true}, seeds: 240, searches},
  betrayal("olderDisk", 48),
  betrayal("syncLies", 110),
  betrayal("wipe", 44),
];

/** Who decides the order of events, in every seed the same kind; "swarm": each seed draws a kind, as trials do. */
export const strategies = [...scheduleKinds.filter((kind) => kind !== "fair"), "swarm"] as const;
export type Strategy = (typeof strategies)[number];

export function trialFor({trial}: Hunt, strategy: Strategy): TrialOptions {
  return strategy === "swarm" ? trial : {...trial, schedule: strategy};
}
