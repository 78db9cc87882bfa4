// What may go wrong with a disk, as data: placed by hand, by a scenario's step or by a plan. `file` names a file that the
// disk holds, or ends of names: `*.wal` is the last such name in byte order, `*` any. A sector is counted from 0, and
// around the file's end, so that a plan need not know how long the file will be.

import type {Micros} from "../../core/base/quantity.ts";
import {sectorBytes} from "../../core/storage/disk.ts";
import {isWithin} from "../bounds.ts";
import type {Bounds} from "../bounds.ts";

export type DiskFault =
  /** At the next crash nothing survives that was not synced: no write, no size, no name. */
  | {readonly kind: "loseUnsynced"}
  /** At the next crash of every write that was not synced some sectors survive and some do not. */
  | {readonly kind: "tearUnsynced"}
  /** At the next crash every name is as the last syncDir left it; what was written is drawn as ever. */
  | {readonly kind: "loseNames"}
  /** From now on everything takes so many times as long. */
  | {readonly kind: "slow"; readonly factor: number}
  /** Nothing is done before so much time has passed, neither what is on its way nor what is asked for meanwhile. */
  | {readonly kind: "stall"; readonly for: Micros}
  /** From now on there is room for so many bytes more: what would need more answers "full" and changes nothing. */
  | {readonly kind: "full"; readonly room: number}
  /**
   * The next sync of the file answers "io". What it should have made durable counts as written all the same, so no later
   * sync will: nothing of it is on the medium, or every other sector (Rebello et al., ATC 2020: pages are marked clean).
   */
  | {readonly kind: "syncFails"; readonly file: string; readonly keeps: "nothing" | "half"}
  /** One bit of the medium flips, and stays so. */
  | {readonly kind: "rot"; readonly file: string; readonly sector: number; readonly bit: number}
  /** Whoever reads the sector gets an error: a server that boots cannot, until the disk is mended. */
  | {readonly kind: "unreadable"; readonly file: string; readonly sector: number}
  /**
   * The next write of the file lands at a sector of `into` (the same or another), durable and well formed; where it should
   * have gone the medium keeps what stood there, and the size is as if it had been written. What would land beyond the end is lost.
   */
  | {readonly kind: "misdirect"; readonly file: string; readonly into: string; readonly sector: number}
  /** From now on a sync answers that it is done, and nothing is durable; mended, the next sync tells the truth of all. */
  | {readonly kind: "syncLies"}
  /** At the next crash the file is as it was before its last so many syncs. */
  | {readonly kind: "syncedLost"; readonly file: string; readonly syncs: number}
  /** Puts a copy of what is durable aside. Nothing goes wrong yet. */
  | {readonly kind: "backup"}
  /** The copy put aside is put back: at the next crash, or at once if the member is down. */
  | {readonly kind: "olderDisk"}
  /** The disk is replaced by an empty one: at the next crash, or at once if the member is down. It comes back under its old id. */
  | {readonly kind: "wipe"}
  /** Ends what is in force: what lies tells the truth, what is slow or full is not any more, every sector can be read. */
  | {readonly kind: "mend"};

export type DiskFaultKind = DiskFault["kind"];

/** One that came to a disk, and when. */
export type Struck = DiskFault & {readonly at: Micros};

/**
 * What a fault can do to its member at worst. `none`: nothing that a disk may not do at any time. `stops`: the member
 * cannot go on, but what was durable is. `damages`: what was durable is not any more, and the member finds out.
 * `betrays`: the same, and it does not.
 */
export type Harm = "none" | "stops" | "damages" | "betrays";

export const harmOf: {readonly [K in DiskFaultKind]: Harm} = {
  loseUnsynced: "none",
  tearUnsynced: "none",
  loseNames: "none",
  slow: "none",
  stall: "none",
  full: "stops",
  syncFails: "stops",
  rot: "damages",
  unreadable: "damages",
  misdirect: "betrays",
  syncLies: "betrays",
  syncedLost: "betrays",
  backup: "none",
  olderDisk: "betrays",
  wipe: "betrays",
  mend: "none",
};

/** How long a fault is in force: until it has happened, until there was a crash, or until the disk is mended. */
export const lasts: {readonly [K in DiskFaultKind]: "once" | "untilCrash" | "untilMended"} = {
  loseUnsynced: "untilCrash",
  tearUnsynced: "untilCrash",
  loseNames: "untilCrash",
  slow: "untilMended",
  stall: "once",
  full: "untilMended",
  syncFails: "once",
  rot: "once",
  unreadable: "untilMended",
  misdirect: "once",
  syncLies: "untilMended",
  syncedLost: "untilCrash",
  backup: "once",
  olderDisk: "untilCrash",
  wipe: "untilCrash",
  mend: "once",
};

export const diskFaultKinds = Object.keys(harmOf) as readonly DiskFaultKind[];

/** Syncs of a file that can be taken back. */
export const pastSyncs = 8;

/** What the numbers of a fault may be. */
export const faultBounds = {
  factor: {least: 2, most: 1000},
  for: {least: 1, most: 3_600_000_000},
  room: {least: 0, most: 1_000_000_000_000},
  sector: {least: 0, most: 1_000_000_000},
  bit: {least: 0, most: sectorBytes * 8 - 1},
  syncs: {least: 1, most: pastSyncs},
} as const satisfies Readonly<Record<string, Bounds>>;

/** Whether all numbers are within their bounds. */
export function isWithinBounds(fault: DiskFault): boolean {
  const values = new Map<string, unknown>(Object.entries(fault));
  return Object.entries(faultBounds).every(([key, bounds]) => {
    const value = values.get(key);
    return value === undefined || isWithin(value, bounds);
  });
}

/** Whether a name is meant by `file`, which names it or ends of names. */
export function isMeant(file: string, name: string): boolean {
  return file.startsWith("*") ? name.endsWith(file.slice(1)) : name === file;
}

/** A sector that cannot be read. The world takes it for the end of whoever read it. */
export class ReadError extends Error {
  override readonly name = "ReadError";

  readonly file: string;
  readonly sector: number;

  constructor(file: string, sector: number) {
    super(`${file}: sector ${sector} cannot be read`);
    this.file = file;
    this.sector = sector;
  }
}
