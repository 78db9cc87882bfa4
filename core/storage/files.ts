// The names of a member's files, as etcd has them in member/wal and member/snap. A name ends in what the file is; what is
// being written has `.tmp` behind it until it is whole and gets its name by a rename.
//
//   0000000000000001-0000000000000042.wal    a segment of the log: its sequence, the first index that it may hold
//   0000000000000003-0000000000000041.snap   a snapshot file: term, index; `.broken` behind it once it was found damaged
//   0000000000000041.snap.db                 the state that came with a snapshot from another member: index
//   db                                       the backend file

import type {Index, Term} from "../raft/entry.ts";

/** The backend file. */
export const dbFile = "db";
/** Written aside: a segment, a new backend file. */
export const nextWalFile = "next.wal.tmp";
export const nextDbFile = "db.tmp";
/** Behind the name of what is not whole yet, and of what is not whole any more. */
export const asideSuffix = ".tmp";
export const brokenSuffix = ".broken";

export function walFileName(sequence: number, firstIndex: Index): string {
  return `${hex16(sequence)}-${hex16(firstIndex)}.wal`;
}

export function snapFileName(term: Term, index: Index): string {
  return `${hex16(term)}-${hex16(index)}.snap`;
}

export function snapDbFileName(index: Index): string {
  return `${hex16(index)}.snap.db`;
}

/** Undefined when it is no segment's name. */
export function parseWalFileName(
  name: string,
): {readonly sequence: number; readonly firstIndex: Index} | undefined {
  const [sequence, firstIndex] = numbersIn(name, /^([0-9a-f]{16})-([0-9a-f]{16})\.wal$/);
  return sequence === undefined || firstIndex === undefined ? undefined : {sequence, firstIndex};
}

/** Undefined when it is no snapshot file's name. */
export function parseSnapFileName(name: string): {readonly term: Term; readonly index: Index} | undefined {
  const [term, index] = numbersIn(name, /^([0-9a-f]{16})-([0-9a-f]{16})\.snap$/);
  return term === undefined || index === undefined ? undefined : {term, index};
}

/** The index of a received state; undefined when it is no such file's name. */
export function parseSnapDbFileName(name: string): Index | undefined {
  return numbersIn(name, /^([0-9a-f]{16})\.snap\.db$/)[0];
}

function hex16(value: number): string {
  return value.toString(16).padStart(16, "0");
}

function numbersIn(name: string, pattern: RegExp): readonly number[] {
  return (pattern.exec(name)?.slice(1) ?? []).map((digits) => parseInt(digits, 16));
}
