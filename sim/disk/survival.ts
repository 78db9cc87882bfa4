// What of an operation a crash may leave. A write has a part for every sector that it touches, which is there or not by
// itself; one that lengthens its file has one part more, the size, so that a file can be long and hold zeros. Any other
// operation on a file is there or not.

import type {DiskOp} from "../../core/storage/disk.ts";
import {sectorBytes} from "../../core/storage/disk.ts";

/** Operations that change what is in a file. */
export type FileOp = Extract<DiskOp, {kind: "write" | "allocate" | "truncate"}>;

/** An operation that no sync covers yet. */
export interface Unsynced {
  /** Counts what the disk was asked for, so that operations of different files can be put in order. */
  readonly order: number;
  readonly op: FileOp;
  /** A write beyond the end that the file had by then. */
  readonly grows: boolean;
}

/** Which parts of an operation are there: sectors in order, then the size if it has that part. */
export type Kept = "all" | "none" | readonly boolean[];

/** Decides what a crash leaves. */
export interface Survival {
  /** `file` is the name that the file had last. */
  of(file: string, one: Unsynced): Kept;
  /** How many of the changes of names, from the first. */
  names(count: number): number;
}

/** How many parts an operation has. */
export function partsOf({op, grows}: Unsynced): number {
  return op.kind === "write" ? sectorsOf(op.at, op.bytes.length) + (grows ? 1 : 0) : 1;
}

/** The operations that have the effect of what is kept. */
export function surviving(one: Unsynced, kept: Kept): readonly FileOp[] {
  const {op, grows} = one;
  if (kept === "none") return [];
  if (kept === "all") return [op];
  if (op.kind !== "write") return kept[0] === true ? [op] : [];
  const {file, at, bytes} = op;
  const sectors = sectorsOf(at, bytes.length);
  const first = Math.floor(at / sectorBytes);
  const left: FileOp[] = [];
  for (let sector = 0; sector < sectors; sector++) {
    if (kept[sector] !== true) continue;
    const from = Math.max(at, (first + sector) * sectorBytes);
    const to = Math.min(at + bytes.length, (first + sector + 1) * sectorBytes);
    left.push({kind: "write", file, at: from, bytes: bytes.subarray(from - at, to - at)});
  }
  if (grows && kept[sectors] === true) left.push({kind: "allocate", file, size: at + bytes.length});
  return left;
}

function sectorsOf(at: number, length: number): number {
  return length === 0 ? 0 : Math.floor((at + length - 1) / sectorBytes) - Math.floor(at / sectorBytes) + 1;
}
