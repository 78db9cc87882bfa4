// What numbers a run may ask for: a reader's memory and patience, not the model's. A restart with other flags and a trace
// file are held to the same.

import type {LinkQuality} from "./network/quality.ts";
import type {Config} from "./run.ts";

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Every number's bounds; "yesOrNo" is no number. */
export type BoundsOf<T> = {
  readonly [K in keyof T]-?: NonNullable<T[K]> extends boolean ? "yesOrNo" : Bounds;
};

/** Micros. */
export const hour = 3_600_000_000;

/** Longest time that a run may speak of. */
export const timeMax = 1000 * hour;

const million = upTo(1_000_000);
const always = from(1, hour);
const sometimes = from(0, hour);

export const raftBounds: BoundsOf<Config["raft"]> = {
  electionTicks: from(2, 1_000_000),
  heartbeatTicks: from(1, 1_000_000),
  inflightMax: from(1, 1_000_000),
  messageBytesMax: upTo(1_000_000_000),
  preVote: "yesOrNo",
  checkQuorum: "yesOrNo",
  leaseReads: "yesOrNo",
  snapshotEvery: upTo(1_000_000_000),
  snapshotKeep: upTo(1_000_000_000),
};

export const storeBounds: BoundsOf<Config["store"]> = {
  watchChannelMax: from(1, 1_000_000),
  watchSyncEvery: always,
  requestTimeout: always,
  readIndexRetry: always,
  txnOpsMax: from(1, 1_000_000),
  requestBytesMax: from(1, 1_000_000_000),
  walSegmentBytes: from(1024, 1_000_000_000),
  snapshotFilesMax: from(1, 1000),
  pageBytes: from(512, 65_536),
  quotaBytes: upTo(1_000_000_000_000),
  commitEvery: always,
  commitOpsMax: from(1, 1_000_000),
  compactionBatch: from(1, 1_000_000),
  compactionSleep: always,
  applyGapMax: from(1, 1_000_000),
  watchVictimEvery: always,
  watchSyncWatchersMax: from(1, 1_000_000),
  watchBatchRevisionsMax: from(1, 1_000_000),
  progressNotifyEvery: always,
  leaseCheckEvery: always,
  leaseRevokesMax: from(1, 1_000_000),
  leaseRevokesPending: from(1, 1_000_000),
  leaseCheckpointEvery: sometimes,
  strictReconfig: "yesOrNo",
  healthInterval: sometimes,
  autoCompactEvery: sometimes,
  autoCompactRevisions: upTo(1_000_000_000),
  corruptCheckEvery: sometimes,
  compactHashCheckEvery: sometimes,
  initialCorruptCheck: "yesOrNo",
  authTokenTtl: always,
};

/** The latency, a range, has {@link latencyBounds} for both ends. */
export const linkBounds: BoundsOf<Omit<LinkQuality, "latency">> = {
  lossPerMillion: million,
  duplicatePerMillion: million,
  reorderPerMillion: million,
  bytesPerSecond: upTo(1_000_000_000),
  queueBytes: upTo(1_000_000_000),
};

/** Of what is drawn from: no wider than a draw is. */
export const latencyBounds: Bounds = sometimes;

/** How many times something is waited for (crashAt), and how slow an actor may be. */
export const nthBounds: Bounds = from(1, 1_000_000);
export const slowBounds: Bounds = from(1, 1000);

export function isWithin(value: unknown, {least, most}: Bounds): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most;
}

/** Whether every setting that is there is one of `bounds` and within. */
export function areWithin<T>(settings: Partial<T>, bounds: BoundsOf<T>): boolean {
  const known = new Map<string, unknown>(Object.entries(bounds));
  return Object.entries(settings).every(([key, value]) => {
    const bound = known.get(key) as Bounds | "yesOrNo" | undefined;
    if (bound === undefined) return false;
    return bound === "yesOrNo" ? typeof value === "boolean" : isWithin(value, bound);
  });
}

function from(least: number, most: number): Bounds {
  return {least, most};
}

function upTo(most: number): Bounds {
  return {least: 0, most};
}
