// What a plan may draw, by name: README.md says of each what it is and where it comes from. Kinds of one group befall one
// sufferer one after another, and so never undo each other's work; those of different groups overlap.

import {pointsOf} from "../../core/server/io.ts";
import type {Actor, Point} from "../../core/server/io.ts";
import type {Config} from "../run.ts";

/** Who reaches whom: one at a time in the whole cluster. */
export const networkKinds = [
  "cut",
  "oneWay",
  "split",
  "isolate",
  "partial",
  "bridge",
  "flap",
  "swizzle",
  "loss",
] as const;

/** How what one member sends to another fares: one at a time for each sender. */
export const linkKinds = ["slowLink", "narrowLink", "lossyLink", "duplicate", "reorder"] as const;

/** Those that a client's connections, which are streams, can suffer too. */
export const streamKinds = ["slowLink", "narrowLink"] as const;

/** A client's connections to one member. */
export const connectionKinds = ["reset", "refuse"] as const;

/** Of one member's process. */
export const processKinds = [
  "crash",
  "pause",
  "timeout",
  "crashAt",
  "crashAtDisk",
  "crashTwice",
  "reconfigure",
] as const;

/** Of all members' processes. */
export const clusterKinds = ["blackout", "rolling"] as const;

/** Of one member's actors. */
export const actorKinds = ["slowActor"] as const;

/** Of one member's disk: a crash after which little is left, or a disk that takes its time. */
export const diskKinds = ["loseUnsynced", "tearUnsynced", "loseNames", "slow", "stall"] as const;

export const clientKinds = ["pauseClient"] as const;

/** Of the clock of a member or client. */
export const clockKinds = ["clock", "jump"] as const;

export type NetworkKind = (typeof networkKinds)[number];
export type LinkKind = (typeof linkKinds)[number];
export type StreamKind = (typeof streamKinds)[number];
export type ConnectionKind = (typeof connectionKinds)[number];
export type ProcessKind = (typeof processKinds)[number];
export type ClusterKind = (typeof clusterKinds)[number];
export type DiskKind = (typeof diskKinds)[number];
export type ClockKind = (typeof clockKinds)[number];

export type FaultKind =
  | NetworkKind
  | LinkKind
  | ConnectionKind
  | ProcessKind
  | ClusterKind
  | (typeof actorKinds)[number]
  | DiskKind
  | (typeof clientKinds)[number]
  | ClockKind;

/** All that are drawn unless a plan names others: all but what befalls clients and clocks. Survivable on any set of members at once. */
export const faultKinds: readonly FaultKind[] = [
  ...networkKinds,
  ...linkKinds,
  ...connectionKinds,
  ...processKinds,
  ...clusterKinds,
  ...actorKinds,
  ...diskKinds,
];

/** What befalls clients and clocks: leases and locks feel it, the log does not. Survivable too. */
export const timeKinds: readonly FaultKind[] = [...clientKinds, ...clockKinds];

/** In election timeouts: how much longer than others they last. One alone for long is how a leader goes stale; a client stands still for longer than a lease may last. */
export const longer: {readonly [K in FaultKind]?: number} = {
  isolate: 4,
  flap: 4,
  swizzle: 4,
  pauseClient: 8,
  clock: 2,
};

/** Whether there is anybody whom it can befall. */
export function isPossible(kind: FaultKind, config: Config): boolean {
  const servers = config.members + config.learners;
  switch (kind) {
    case "partial":
    case "bridge":
      return servers > 2;
    case "crashAt":
    case "slowActor":
      return config.pausePoints.length > 0;
    case "reset":
    case "refuse":
    case "pauseClient":
      return config.clients > 0;
    case "slowLink":
    case "narrowLink":
      return servers > 1 || config.clients > 0;
    case "lossyLink":
    case "duplicate":
    case "reorder":
      return servers > 1;
    default:
      return servers > 1 || !networkKinds.some((one) => one === kind);
  }
}

/** Actors that pause somewhere, and so have turns that can take long. */
export function pausingActors(pausePoints: readonly Point[]): readonly Actor[] {
  const actors = Object.entries(pointsOf) as [Actor, readonly Point[]][];
  return actors
    .filter(([, points]) => points.some((point) => pausePoints.includes(point)))
    .map(([actor]) => actor);
}
