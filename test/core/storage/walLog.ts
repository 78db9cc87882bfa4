// What the tests of the log share: an opened log on a disk, and shorthands for what is written to it.

import {confState} from "../../../core/raft/confState.ts";
import type {Entry, HardState} from "../../../core/raft/entry.ts";
import type {DiskStep} from "../../../core/storage/disk.ts";
import type {WalContents} from "../../../core/storage/readWal.ts";
import {readWal} from "../../../core/storage/readWal.ts";
import type {SnapshotMark} from "../../../core/storage/snapshotMark.ts";
import type {WalBatch} from "../../../core/storage/wal.ts";
import {Wal} from "../../../core/storage/wal.ts";
import {MemoryDisk} from "./memoryDisk.ts";

export const member = 2;

/** A log opened on a disk, whose operations complete at once. */
export class Opened {
  readonly disk: MemoryDisk;
  readonly wal: Wal;

  constructor(disk: MemoryDisk = new MemoryDisk(), segmentBytes = 1 << 16) {
    this.disk = disk;
    this.wal = new Wal(read(disk).tail, {member, segmentBytes});
    this.complete(this.wal.open());
  }

  append(...batches: readonly WalBatch[]): void {
    this.complete(this.wal.append(batches));
  }

  purge(index: number): void {
    this.disk.run(this.wal.purge(index));
  }

  private complete(steps: readonly DiskStep[]): void {
    this.disk.run(steps);
    this.wal.settled();
  }
}

export function read(disk: MemoryDisk): WalContents {
  const result = readWal(disk);
  if (!result.ok) throw new Error(`damaged at ${result.error.file}:${result.error.offset}`);
  return result.value;
}

export function entry(index: number, term: number, size = 3): Entry {
  return {index, term, type: "normal", data: new Uint8Array(size).fill(index | 0xa0)};
}

export function mark(index: number, term: number): SnapshotMark {
  return {index, term, confState: confState([1, 2, 3], [4])};
}

export function batch(entries: readonly Entry[], hardState?: HardState, mustSync = true): WalBatch {
  return {snapshot: undefined, entries, hardState, mustSync};
}

export function snapshotBatch(snapshot: SnapshotMark): WalBatch {
  return {snapshot, entries: [], hardState: undefined, mustSync: true};
}
