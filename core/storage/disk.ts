// The disk port: operations as data, completions as inputs. The world decides when an operation completes, and what a
// crash leaves of those that were not synced.
//
// Durable: a byte, once a sync of its file, issued after the write completed, has completed; a name, once syncDir has.
// Operations on one file are carried out in the order they were asked for; on different files in any.

/** One operation on a file of this member's directory. Offsets and sizes in bytes. */
export type DiskOp =
  /** The buffer is handed over: it is not written again. */
  | {readonly kind: "write"; readonly file: string; readonly at: number; readonly bytes: Uint8Array}
  | {readonly kind: "allocate" | "truncate"; readonly file: string; readonly size: number}
  | {readonly kind: "sync" | "unlink"; readonly file: string}
  | {readonly kind: "rename"; readonly file: string; readonly to: string}
  | {readonly kind: "syncDir"};

/** What can be read at boot (and, later, for snapshots); repairs are effects. */
export interface DiskReader {
  /** Names, in byte order. */
  list(): readonly string[];
  /** 0 when there is no such file. */
  size(file: string): number;
  /** A copy; shorter than `length` at the file's end. */
  read(file: string, at: number, length: number): Uint8Array;
}
