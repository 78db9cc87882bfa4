// The disk port: operations as data, completions as inputs. The world decides when an operation completes, and what a
// crash leaves of those that were not synced.
//
// Durable: a byte, once a sync of its file, issued after the write completed, has completed; a name, once syncDir has.
// Operations on one file are carried out in the order they were asked for; on different files in any.
//
// What is not durable is lost or not, as a crash will have it: a write sector by sector, whichever of them, in whatever
// order; a change of size apart from what was written; of the changes of names the first few, because a journal keeps
// their order. So a file may be long and hold zeros, and a later write may be there without an earlier one.

/** One operation on a file of this member's directory. Offsets and sizes in bytes. */
export type DiskOp =
  /** The buffer is handed over: it is not written again. */
  | {readonly kind: "write"; readonly file: string; readonly at: number; readonly bytes: Uint8Array}
  /** `allocate` makes the file at least so long, with zeros; `truncate` exactly so long. */
  | {readonly kind: "allocate" | "truncate"; readonly file: string; readonly size: number}
  | {readonly kind: "sync" | "unlink"; readonly file: string}
  /** What had the name `to` is gone. Of a file that is not there: fails. */
  | {readonly kind: "rename"; readonly file: string; readonly to: string}
  | {readonly kind: "syncDir"};

export type DiskOpKind = DiskOp["kind"];

export const diskOpKinds = [
  "write",
  "allocate",
  "truncate",
  "sync",
  "unlink",
  "rename",
  "syncDir",
] as const satisfies readonly DiskOpKind[];

/** Operations that may be on their way together; the next step is asked for when all of this one are done. */
export type DiskStep = readonly DiskOp[];

/** What a disk writes whole or not at all: the unit of tearing. In bytes. */
export const sectorBytes = 512;

/** What can be read at boot (and, later, for snapshots); repairs are effects. */
export interface DiskReader {
  /** Names, in byte order. */
  list(): readonly string[];
  /** 0 when there is no such file. */
  size(file: string): number;
  /** A copy; shorter than `length` at the file's end. */
  read(file: string, at: number, length: number): Uint8Array;
}

/** Where something stands on the disk that cannot be trusted. */
export interface Damage {
  readonly file: string;
  /** In bytes. */
  readonly offset: number;
}
