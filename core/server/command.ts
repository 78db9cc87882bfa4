// What an entry of the log holds: a client's request and who proposed it. The bytes, written with base/codec:
//
//   format u8 (1) · proposer uint · nonce uint · sequence uint · request
//
//   request   kind u8, then by kind
//     1 put          key · value · lease · prevKv
//     2 deleteRange  key · rangeEnd · prevKv
//     3 txn          count, compares · count, requests (success) · count, requests (failure)
//     4 compact      revision int
//     5 range        key · rangeEnd · limit int · revision int · sortOrder u8 · sortTarget u8 ·
//                    serializable · keysOnly · countOnly
//     6 alarm        action u8 (1 activate, 2 deactivate) · member uint · alarm u8 (1 NOSPACE)
//                    to deactivate is to deactivate all: 0 · 0
//   compare   key · result u8 · target u8 · value (int; bytes for target "value")
//
// Absent optional fields are written as etcd's zero values, and read back as absent. An entry with no bytes at all is
// the one with which a leader opens its term (Raft §8).

import {assert, InvariantViolation, unreachable} from "../base/assert.ts";
import {Reader, Writer} from "../base/codec.ts";
import {noMember} from "../base/quantity.ts";
import type {MemberId} from "../base/quantity.ts";
import type {
  Compare,
  CompactRequest,
  DeleteRangeRequest,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
} from "../mvcc/kv.ts";
import {alarmNumbers} from "./alarm.ts";
import type {AlarmRequest} from "./alarm.ts";

/** Requests that go through the log. */
export type WriteRequest = PutRequest | DeleteRangeRequest | TxnRequest | CompactRequest | AlarmRequest;

/** Names one proposal. Unique: `nonce` is drawn once per boot, `sequence` counts within it. */
export interface ProposalId {
  readonly proposer: MemberId;
  readonly nonce: number;
  readonly sequence: number;
}

export interface Command extends ProposalId {
  readonly request: WriteRequest;
}

const format = 1;
const kinds = {put: 1, deleteRange: 2, txn: 3, compact: 4, range: 5, alarm: 6} as const;
const alarmActions = {activate: 1, deactivate: 2} as const;
const sortOrders = ["none", "ascend", "descend"] as const;
const sortTargets = ["key", "version", "create", "mod", "value"] as const;
const compareResults = ["=", ">", "<", "!="] as const;
const compareTargets = ["version", "create", "mod", "value"] as const;

export function encodeCommand(command: Command): Uint8Array {
  const into = new Writer();
  into.byte(format);
  into.uint(command.proposer);
  into.uint(command.nonce);
  into.uint(command.sequence);
  writeRequest(into, command.request);
  return into.finish();
}

/** A request alone: for its size, and for digests. */
export function encodeRequest(request: WriteRequest | RangeRequest): Uint8Array {
  const into = new Writer();
  writeRequest(into, request);
  return into.finish();
}

/** The command in an entry's data; undefined for the opening entry of a term. Other bytes than ours are our bug. */
export function decodeCommand(data: Uint8Array): Command | undefined {
  if (data.length === 0) return undefined;
  const from = new Reader(data);
  const found = from.byte();
  assert(found === format, `an entry's data begins with format ${format}, not ${found}`);
  const id = {proposer: from.uint(), nonce: from.uint(), sequence: from.uint()};
  const request = readRequest(from);
  assert(request.kind !== "range", "an entry holds a request that writes, not a range");
  assert(
    !from.broken && from.done,
    `an entry's data ends at byte ${data.length}, its command at ${from.offset}`,
  );
  return {...id, request};
}

function writeRequest(into: Writer, request: WriteRequest | RangeRequest): void {
  into.byte(kinds[request.kind]);
  switch (request.kind) {
    case "put":
      into.byteString(request.key);
      into.bytes(request.value);
      into.byteString(request.lease ?? "");
      return into.bool(request.prevKv ?? false);
    case "deleteRange":
      into.byteString(request.key);
      into.byteString(request.rangeEnd ?? "");
      return into.bool(request.prevKv ?? false);
    case "txn":
      into.uint(request.compare.length);
      for (const compare of request.compare) writeCompare(into, compare);
      writeBranch(into, request.success);
      return writeBranch(into, request.failure);
    case "compact":
      return into.int(request.revision);
    case "range":
      return writeRange(into, request);
    case "alarm":
      return writeAlarmRequest(into, request);
    default:
      return unreachable(request);
  }
}

function writeBranch(into: Writer, ops: readonly RequestOp[]): void {
  into.uint(ops.length);
  for (const op of ops) writeRequest(into, op);
}

function writeRange(into: Writer, range: RangeRequest): void {
  into.byteString(range.key);
  into.byteString(range.rangeEnd ?? "");
  into.int(range.limit ?? 0);
  into.int(range.revision ?? 0);
  into.byte(sortOrders.indexOf(range.sortOrder ?? "none"));
  into.byte(sortTargets.indexOf(range.sortTarget ?? "key"));
  into.bool(range.serializable ?? false);
  into.bool(range.keysOnly ?? false);
  into.bool(range.countOnly ?? false);
}

function writeAlarmRequest(into: Writer, request: AlarmRequest): void {
  into.byte(alarmActions[request.action]);
  const isOne = request.action === "activate";
  into.uint(isOne ? request.alarm.member : noMember);
  into.byte(isOne ? alarmNumbers[request.alarm.alarm] : 0);
}

function writeCompare(into: Writer, {key, result, target}: Compare): void {
  into.byteString(key);
  into.byte(compareResults.indexOf(result));
  into.byte(compareTargets.indexOf(target.kind));
  if (target.kind === "value") into.bytes(target.value);
  else into.int(target.value);
}

function readRequest(from: Reader): WriteRequest | RangeRequest {
  const kind = from.byte();
  switch (kind) {
    case kinds.put:
      return readPut(from);
    case kinds.deleteRange:
      return readDeleteRange(from);
    case kinds.txn:
      return {
        kind: "txn",
        compare: readList(from, readCompare),
        success: readList(from, readOp),
        failure: readList(from, readOp),
      };
    case kinds.compact:
      return {kind: "compact", revision: from.int()};
    case kinds.range:
      return readRange(from);
    case kinds.alarm:
      return readAlarmRequest(from);
    default:
      throw unknown("request", kind);
  }
}

function readOp(from: Reader): RequestOp {
  const request = readRequest(from);
  assert(
    request.kind !== "compact" && request.kind !== "alarm",
    `a transaction holds no request of kind ${request.kind}`,
  );
  return request;
}

function readList<T>(from: Reader, readOne: (from: Reader) => T): readonly T[] {
  const count = from.uint();
  const list: T[] = [];
  for (let i = 0; i < count; i++) list.push(readOne(from));
  return list;
}

function readPut(from: Reader): PutRequest {
  const put: PutRequest = {kind: "put", key: from.byteString(), value: from.bytes()};
  const lease = from.byteString();
  const prevKv = from.bool();
  return {...put, ...(lease === "" ? {} : {lease}), ...(prevKv ? {prevKv} : {})};
}

function readDeleteRange(from: Reader): DeleteRangeRequest {
  const key = from.byteString();
  const rangeEnd = from.byteString();
  const prevKv = from.bool();
  return {kind: "deleteRange", key, ...(rangeEnd === "" ? {} : {rangeEnd}), ...(prevKv ? {prevKv} : {})};
}

function readRange(from: Reader): RangeRequest {
  const key = from.byteString();
  const rangeEnd = from.byteString();
  const limit = from.int();
  const revision = from.int();
  const sortOrder = named(sortOrders, from.byte(), "sort order");
  const sortTarget = named(sortTargets, from.byte(), "sort target");
  const [serializable, keysOnly, countOnly] = [from.bool(), from.bool(), from.bool()];
  return {
    kind: "range",
    key,
    ...(rangeEnd === "" ? {} : {rangeEnd}),
    ...(limit === 0 ? {} : {limit}),
    ...(revision === 0 ? {} : {revision}),
    ...(sortOrder === "none" ? {} : {sortOrder}),
    ...(sortTarget === "key" ? {} : {sortTarget}),
    ...(serializable ? {serializable} : {}),
    ...(keysOnly ? {keysOnly} : {}),
    ...(countOnly ? {countOnly} : {}),
  };
}

function readAlarmRequest(from: Reader): AlarmRequest {
  const [action, member, number] = [from.byte(), from.uint(), from.byte()];
  if (action === alarmActions.activate && number === alarmNumbers.NOSPACE)
    return {kind: "alarm", action: "activate", alarm: {member, alarm: "NOSPACE"}};
  if (action === alarmActions.deactivate && member === noMember && number === 0)
    return {kind: "alarm", action: "deactivate"};
  throw unknown("alarm's action or kind", action === alarmActions.activate ? number : action);
}

function readCompare(from: Reader): Compare {
  const key = from.byteString();
  const result = named(compareResults, from.byte(), "compare result");
  const kind = named(compareTargets, from.byte(), "compare target");
  return {key, result, target: kind === "value" ? {kind, value: from.bytes()} : {kind, value: from.int()}};
}

function named<T>(names: readonly T[], index: number, what: string): T {
  const name = names[index];
  if (name === undefined) throw unknown(what, index);
  return name;
}

function unknown(what: string, found: number): InvariantViolation {
  return new InvariantViolation(`an entry holds a ${what} of number ${found}, which this build never writes`);
}
