// One record of the write-ahead log: what it says, and its bytes. frame.ts has how they lie in the file.

import {assert} from "../base/assert.ts";
import {crc32c} from "../base/checksum.ts";
import {Reader, type Writer} from "../base/codec.ts";
import type {MemberId} from "../base/quantity.ts";
import type {ConfState} from "../raft/confState.ts";
import type {Entry, EntryType, HardState, Index} from "../raft/entry.ts";
import {bodyEnd, gather, headBytes, isZero, judge, nextHead, readHead, spread, writeHead} from "./frame.ts";
import {storageRules} from "./rules.ts";
import type {SnapshotMark} from "./snapshotMark.ts";

/** The format that this build writes and reads. */
export const walFormat = 2;

export type WalRecord =
  /** The first record of every segment. */
  | SegmentHead
  /** Replaces the entry of that index and all after it. */
  | {readonly kind: "entry"; readonly entry: Entry}
  | {readonly kind: "hardState"; readonly hardState: HardState}
  /** A snapshot that stands for the log up to its index: of this member's own log, or received in place of it. */
  | {readonly kind: "snapshot"; readonly mark: SnapshotMark; readonly replacesLog: boolean};

/** How the log is written, whose it is, and which part of it this segment is. */
export interface SegmentHead {
  readonly kind: "metadata";
  readonly format: number;
  readonly member: MemberId;
  /** From 0, without a gap. */
  readonly sequence: number;
  /** The one behind the last entry of the segments before. */
  readonly firstIndex: Index;
  /** The checksum of the record before it, at the end of the segment before; 0 in the first. */
  readonly chain: number;
}

/** Bytes that can be read piece by piece. */
export interface ByteSource {
  readonly size: number;
  /** Shorter at the end; good until the next call. */
  read(at: number, length: number): Uint8Array;
}

/** What stands at an offset. `next` is the offset behind the record, `crc` where the chain goes on from. */
export type Framed =
  | {
      readonly kind: "record";
      readonly record: WalRecord;
      readonly next: number;
      readonly crc: number;
      /** Whether all before it was synced when it was written. */
      readonly isAfterSync: boolean;
    }
  /** Nothing more was written. */
  | {readonly kind: "end"}
  /** A record of which parts were never written: a crash explains it, unless something behind it says that it was synced. */
  | {readonly kind: "torn"; readonly next: number}
  /** What no crash leaves. */
  | {readonly kind: "rotten"};

const kinds = {metadata: 1, entry: 2, hardState: 3, snapshot: 4} as const;
const entryTypes: readonly EntryType[] = ["normal", "confChange", "confChangeV2"];

/**
 * Appends the record's frame. `base` is the offset in the file at which the writer's first byte will stand, a multiple of
 * 8. Answers the checksum that the next record goes on from.
 */
export function writeRecord(
  into: Writer,
  base: number,
  record: WalRecord,
  crcBefore: number,
  isAfterSync: boolean,
): number {
  const from = into.length;
  const at = base + from;
  assert(at % headBytes === 0, `a record begins at a multiple of ${headBytes}, not at ${at}`);
  into.zeros(headBytes);
  encodeBody(into, record);
  const length = into.length - from - headBytes;
  const crc = crc32c(into.view(from + headBytes), crcBefore);
  into.zeros(nextHead(at, length) - at - headBytes - length);
  const frame = into.view(from);
  spread(frame, at, length);
  writeHead(frame, {length, isAfterSync, crc});
  return crc;
}

/** Reads the record at `at`, which goes on from the checksum `crcBefore`; never throws. */
export function readRecord(file: ByteSource, at: number, crcBefore: number, rules = storageRules): Framed {
  if (at >= file.size) return {kind: "end"};
  const bytes = file.read(at, headBytes);
  if (isZero(bytes, 0, bytes.length)) return {kind: "end"};
  if (bytes.length < headBytes) return {kind: "torn", next: file.size};
  const head = readHead(bytes);
  if (head === undefined || head.length === 0) return {kind: "rotten"};
  const {length, isAfterSync, crc} = head;
  const next = nextHead(at, length);
  const end = bodyEnd(at, length);
  if (end > file.size) return {kind: "torn", next};
  const frame = file.read(at, end - at);
  const judged = judge(frame, at, length);
  if (judged !== "whole") return {kind: judged, next};
  const body = gather(frame, at, length);
  const record = rules.fitsChain(crc, crc32c(body, crcBefore)) ? decodeBody(body) : undefined;
  return record === undefined ? {kind: "rotten"} : {kind: "record", record, next, crc, isAfterSync};
}

/** Whether a record at `at` or one behind it, as the heads tell, was written when all before it was synced. */
export function provesSync(file: ByteSource, at: number): boolean {
  for (let offset = at; offset + headBytes <= file.size;) {
    const head = readHead(file.read(offset, headBytes));
    if (head === undefined || head.length === 0) return false;
    if (head.isAfterSync) return true;
    offset = nextHead(offset, head.length);
  }
  return false;
}

function encodeBody(body: Writer, record: WalRecord): void {
  body.byte(kinds[record.kind]);
  if (record.kind === "metadata") {
    body.uint(record.format);
    body.uint(record.member);
    body.uint(record.sequence);
    body.uint(record.firstIndex);
    body.uint32(record.chain);
  } else if (record.kind === "entry") {
    body.uint(record.entry.index);
    body.uint(record.entry.term);
    body.byte(entryTypes.indexOf(record.entry.type));
    body.bytes(record.entry.data);
  } else if (record.kind === "snapshot") {
    body.bool(record.replacesLog);
    writeMark(body, record.mark);
  } else {
    body.uint(record.hardState.term);
    body.uint(record.hardState.votedFor);
    body.uint(record.hardState.commit);
  }
}

/** Undefined when the body is of no known kind or has another length than its kind needs. */
function decodeBody(body: Uint8Array): WalRecord | undefined {
  const reader = new Reader(body);
  const record = decodeKind(reader.byte(), reader);
  return reader.broken || !reader.done ? undefined : record;
}

function decodeKind(kind: number, reader: Reader): WalRecord | undefined {
  if (kind === kinds.metadata) {
    const [format, member] = [reader.uint(), reader.uint()];
    const [sequence, firstIndex] = [reader.uint(), reader.uint()];
    return {kind: "metadata", format, member, sequence, firstIndex, chain: reader.uint32()};
  }
  if (kind === kinds.entry) {
    const [index, term] = [reader.uint(), reader.uint()];
    const [type, data] = [entryTypes[reader.byte()], reader.bytes()];
    return type === undefined ? undefined : {kind: "entry", entry: {index, term, type, data}};
  }
  if (kind === kinds.snapshot) {
    const replacesLog = reader.bool();
    return {kind: "snapshot", mark: readMark(reader), replacesLog};
  }
  if (kind !== kinds.hardState) return undefined;
  return {
    kind: "hardState",
    hardState: {term: reader.uint(), votedFor: reader.uint(), commit: reader.uint()},
  };
}

function writeMark(body: Writer, {index, term, confState}: SnapshotMark): void {
  body.uint(index);
  body.uint(term);
  const {voters, votersOutgoing, learners, learnersNext, autoLeave} = confState;
  for (const list of [voters, votersOutgoing, learners, learnersNext]) {
    body.uint(list.length);
    for (const member of list) body.uint(member);
  }
  body.bool(autoLeave);
}

function readMark(reader: Reader): SnapshotMark {
  const [index, term] = [reader.uint(), reader.uint()];
  return {index, term, confState: readConfState(reader)};
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
