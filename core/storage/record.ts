// One record of the write-ahead log and its frame. Records follow each other without gaps:
//
//   length u32 │ guard u8 │ crc u32 │ body: kind u8, payload        (length counts the body; integers little-endian)
//
// `crc` is CRC-32C of the body going on from the record before, so a record is good only after the very records it was
// written after (etcd wal/encoder.go). `guard` is a check of `length` alone: without it a rotted length that points past
// the file's end could not be told from a record that a crash cut short.

import {crc32c} from "../base/checksum.ts";
import {Reader, Writer} from "../base/codec.ts";
import type {MemberId} from "../base/quantity.ts";
import type {ConfState} from "../raft/confState.ts";
import type {Entry, EntryType, HardState} from "../raft/entry.ts";
import type {Snapshot} from "../raft/snapshot.ts";
import {sectorBytes} from "./disk.ts";

export type WalRecord =
  /** The first record: whose log this is, and how it is written. */
  | {readonly kind: "metadata"; readonly format: number; readonly member: MemberId}
  /** Replaces the entry of that index and all after it. */
  | {readonly kind: "entry"; readonly entry: Entry}
  | {readonly kind: "hardState"; readonly hardState: HardState}
  /** Stands for the log up to its index: made by this member of what it holds, or received in place of its log. */
  | {readonly kind: "snapshot"; readonly snapshot: Snapshot};

/** What stands at an offset of the file. `next` is the offset behind the record, `crc` where the chain goes on from. */
export type Framed =
  | {readonly kind: "record"; readonly record: WalRecord; readonly next: number; readonly crc: number}
  /** Nothing more was written. */
  | {readonly kind: "end"}
  /** A record that was never wholly written; un-synced, so nobody was told of it. */
  | {readonly kind: "torn"}
  /** A record that was whole once. */
  | {readonly kind: "corrupt"};

/** Bytes of a record before its body. */
export const headBytes = 9;

const kinds = {metadata: 1, entry: 2, hardState: 3, snapshot: 4} as const;
const entryTypes: readonly EntryType[] = ["normal", "confChange", "confChangeV2"];

/** Appends the record's frame; returns the checksum that the next one goes on from. */
export function writeRecord(into: Writer, record: WalRecord, crcBefore: number): number {
  const body = encodeBody(record);
  const crc = crc32c(body, crcBefore);
  into.uint32(body.length);
  into.byte(guardOf(body.length));
  into.uint32(crc);
  into.raw(body);
  return crc;
}

/** Reads the record at `at`; never throws. */
export function readRecord(file: Uint8Array, at: number, crcBefore: number): Framed {
  if (at >= file.length) return {kind: "end"};
  if (at + headBytes > file.length) return {kind: "torn"};
  const head = new Reader(file, at);
  const length = head.uint32();
  const guard = head.byte();
  const crc = head.uint32();
  if (isZero(file, at, file.length)) return {kind: "end"};
  if (length === 0 || guard !== guardOf(length)) {
    return {kind: lossExplains(file, at, at + headBytes) ? "torn" : "corrupt"};
  }
  const next = at + headBytes + length;
  if (next > file.length) return {kind: "torn"};
  const body = file.subarray(at + headBytes, next);
  if (crc32c(body, crcBefore) !== crc) return {kind: lossExplains(file, at, next) ? "torn" : "corrupt"};
  const record = decodeBody(body);
  return record === undefined ? {kind: "corrupt"} : {kind: "record", record, next, crc};
}

/**
 * Whether a crash before the sync explains that [from, to) is not what was written: a part of it up to a sector's border
 * is zero, or all is zero from its last byte to the end of the file. etcd wal/decoder.go, isTornEntry.
 */
function lossExplains(file: Uint8Array, from: number, to: number): boolean {
  if (isZero(file, to - 1, file.length)) return true;
  for (let at = from; at < to;) {
    const border = Math.min(to, at - (at % sectorBytes) + sectorBytes);
    if (isZero(file, at, border)) return true;
    at = border;
  }
  return false;
}

function isZero(file: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (file[at] !== 0) return false;
  return true;
}

/** One byte of check over a length, never 0; every single bit of the length changes it. */
function guardOf(length: number): number {
  const bytes = new Uint8Array([
    length & 0xff,
    (length >>> 8) & 0xff,
    (length >>> 16) & 0xff,
    (length >>> 24) & 0xff,
  ]);
  return (crc32c(bytes) & 0x7f) | 0x80;
}

function encodeBody(record: WalRecord): Uint8Array {
  const body = new Writer();
  body.byte(kinds[record.kind]);
  if (record.kind === "metadata") {
    body.uint(record.format);
    body.uint(record.member);
  } else if (record.kind === "entry") {
    body.uint(record.entry.index);
    body.uint(record.entry.term);
    body.byte(entryTypes.indexOf(record.entry.type));
    body.bytes(record.entry.data);
  } else if (record.kind === "snapshot") {
    writeSnapshot(body, record.snapshot);
  } else {
    body.uint(record.hardState.term);
    body.uint(record.hardState.votedFor);
    body.uint(record.hardState.commit);
  }
  return body.finish();
}

/** Undefined when the body is of no known kind or has another length than its kind needs. */
function decodeBody(body: Uint8Array): WalRecord | undefined {
  const reader = new Reader(body);
  const record = decodeKind(reader.byte(), reader);
  return reader.broken || !reader.done ? undefined : record;
}

function decodeKind(kind: number, reader: Reader): WalRecord | undefined {
  if (kind === kinds.metadata) return {kind: "metadata", format: reader.uint(), member: reader.uint()};
  if (kind === kinds.entry) {
    const [index, term, type, data] = [
      reader.uint(),
      reader.uint(),
      entryTypes[reader.byte()],
      reader.bytes(),
    ];
    return type === undefined ? undefined : {kind: "entry", entry: {index, term, type, data}};
  }
  if (kind === kinds.snapshot) return {kind: "snapshot", snapshot: readSnapshot(reader)};
  if (kind !== kinds.hardState) return undefined;
  return {
    kind: "hardState",
    hardState: {term: reader.uint(), votedFor: reader.uint(), commit: reader.uint()},
  };
}

function writeSnapshot(body: Writer, {index, term, confState, data}: Snapshot): void {
  body.uint(index);
  body.uint(term);
  const {voters, votersOutgoing, learners, learnersNext, autoLeave} = confState;
  for (const list of [voters, votersOutgoing, learners, learnersNext]) {
    body.uint(list.length);
    for (const member of list) body.uint(member);
  }
  body.bool(autoLeave);
  body.bytes(data);
}

function readSnapshot(reader: Reader): Snapshot {
  const [index, term] = [reader.uint(), reader.uint()];
  const confState = readConfState(reader);
  return {index, term, confState, data: reader.bytes()};
}

function readConfState(reader: Reader): ConfState {
  const voters = readMembers(reader);
  const votersOutgoing = readMembers(reader);
  const learners = readMembers(reader);
  const learnersNext = readMembers(reader);
  return {voters, votersOutgoing, learners, learnersNext, autoLeave: reader.bool()};
}

/** Stops where the bytes end, whatever count they claim. */
function readMembers(reader: Reader): readonly MemberId[] {
  const count = reader.uint();
  const members: MemberId[] = [];
  for (let i = 0; i < count && !reader.broken; i++) members.push(reader.uint());
  return members;
}
