// What an entry of the log holds: a client's request and who proposed it. The bytes, written with base/codec:
//
//   format u8 (1) · proposer uint · nonce uint · sequence uint · user · authRevision uint · request
//
//   request   kind u8, then by kind
//     1 put          key · value · lease · flags u8 (1 prevKv, 2 ignoreValue, 4 ignoreLease)
//     2 deleteRange  key · rangeEnd · prevKv
//     3 txn          count, compares · count, requests (success) · count, requests (failure)
//     4 compact      revision int · physical
//     5 range        key · rangeEnd · limit int · revision int · sortOrder u8 · sortTarget u8 ·
//                    flags u8 (1 serializable, 2 keysOnly, 4 countOnly, 8 the four bounds follow) ·
//                    minMod, maxMod, minCreate, maxCreate int
//     6 plain        the rarer ones, with the names of their fields (base/plain.ts)
//   compare   key · rangeEnd · result u8 · target u8 · value (int; bytes for "value", byte string for "lease")
//
// Absent optional fields are written as etcd's zero values, and read back as absent. An entry with no bytes at all is
// the one with which a leader opens its term (Raft §8).

import {assert, InvariantViolation} from "../base/assert.ts";
import {Reader, Writer} from "../base/codec.ts";
import type {Hasher} from "../base/hasher.ts";
import {readPlain, writePlain} from "../base/plain.ts";
import type {Plain} from "../base/plain.ts";
import type {LoggedAuthRequest} from "../auth/auth.ts";
import type {Key} from "../base/key.ts";
import type {MemberId, Revision} from "../base/quantity.ts";
import type {LeaseCheckpointRequest, LeaseGrantRequest, LeaseRevokeRequest} from "../lease/lease.ts";
import {sortOrders, sortTargets} from "../mvcc/kv.ts";
import type {
  Compare,
  CompactRequest,
  DeleteRangeRequest,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
} from "../mvcc/kv.ts";
import type {AlarmRequest} from "./alarm.ts";
import type {MemberAttributesRequest} from "./request.ts";

/** Requests that change keys. */
export type KvWriteRequest = PutRequest | DeleteRangeRequest | TxnRequest;

/** Requests that go through the log. */
export type WriteRequest = KvWriteRequest | CompactRequest | RareRequest;

/** Those that are written as plain data. */
export type RareRequest =
  | AlarmRequest
  | LeaseGrantRequest
  | LeaseRevokeRequest
  | LeaseCheckpointRequest
  | LoggedAuthRequest
  | MemberAttributesRequest;

/** Names one proposal. Unique: `nonce` is drawn once per boot, `sequence` counts within it. */
export interface ProposalId {
  readonly proposer: MemberId;
  readonly nonce: number;
  readonly sequence: number;
}

export interface Command extends ProposalId {
  readonly request: WriteRequest;
  /** Who asks, and the auth store's revision when that was looked up; absent while authentication is off. */
  readonly user?: Key;
  readonly authRevision?: Revision;
}

/** Whether the request changes keys. */
export function isKvWrite(request: WriteRequest): request is KvWriteRequest {
  return request.kind === "put" || request.kind === "deleteRange" || request.kind === "txn";
}

const format = 1;
const kinds = {put: 1, deleteRange: 2, txn: 3, compact: 4, range: 5, plain: 6} as const;
const putFlags = {prevKv: 1, ignoreValue: 2, ignoreLease: 4} as const;
const rangeFlags = {serializable: 1, keysOnly: 2, countOnly: 4, bounded: 8} as const;
const compareResults = ["=", ">", "<", "!="] as const;
const compareTargets = ["version", "create", "mod", "value", "lease"] as const;

/** Where commands are written before they are copied out: nothing else is while one is. */
const scratch = new Writer();

export function encodeCommand(command: Command): Uint8Array {
  const into = scratch;
  into.clear();
  into.byte(format);
  into.uint(command.proposer);
  into.uint(command.nonce);
  into.uint(command.sequence);
  into.byteString(command.user ?? "");
  into.uint(command.authRevision ?? 0);
  writeRequest(into, command.request);
  return into.finish();
}

/** A request alone. */
export function encodeRequest(request: WriteRequest | RangeRequest): Uint8Array {
  scratch.clear();
  writeRequest(scratch, request);
  return scratch.finish();
}

/** Hashes the bytes that {@link encodeRequest} would make. */
export function hashRequest(request: WriteRequest | RangeRequest, into: Hasher): void {
  scratch.clear();
  writeRequest(scratch, request);
  into.bytes(scratch.view(0));
}

/** The command in an entry's data; undefined for the opening entry of a term. Other bytes than ours are our bug. */
export function decodeCommand(data: Uint8Array): Command | undefined {
  if (data.length === 0) return undefined;
  const from = new Reader(data);
  const found = from.byte();
  if (found !== format) assert(false, `an entry's data begins with format ${format}, not ${found}`);
  const [proposer, nonce, sequence] = [from.uint(), from.uint(), from.uint()];
  const [user, authRevision] = [from.byteString(), from.uint()];
  const request = readRequest(from);
  assert(request.kind !== "range", "an entry holds a request that writes, not a range");
  if (from.broken || !from.done)
    assert(false, `an entry's data ends at byte ${data.length}, its command at ${from.offset}`);
  return user === ""
    ? {proposer, nonce, sequence, request}
    : {proposer, nonce, sequence, user, authRevision, request};
}

function writeRequest(into: Writer, request: WriteRequest | RangeRequest): void {
  switch (request.kind) {
    case "put":
      into.byte(kinds.put);
      into.byteString(request.key);
      into.bytes(request.value);
      into.byteString(request.lease ?? "");
      return into.byte(
        (request.prevKv === true ? putFlags.prevKv : 0) |
          (request.ignoreValue === true ? putFlags.ignoreValue : 0) |
          (request.ignoreLease === true ? putFlags.ignoreLease : 0),
      );
    case "deleteRange":
      into.byte(kinds.deleteRange);
      into.byteString(request.key);
      into.byteString(request.rangeEnd ?? "");
      return into.bool(request.prevKv ?? false);
    case "txn":
      into.byte(kinds.txn);
      into.uint(request.compare.length);
      for (const compare of request.compare) writeCompare(into, compare);
      writeBranch(into, request.success);
      return writeBranch(into, request.failure);
    case "compact":
      into.byte(kinds.compact);
      into.int(request.revision);
      return into.bool(request.physical ?? false);
    case "range":
      into.byte(kinds.range);
      return writeRange(into, request);
    default:
      into.byte(kinds.plain);
      return writePlain(into, request as unknown as Plain);
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
  const bounds = [
    range.minModRevision ?? 0,
    range.maxModRevision ?? 0,
    range.minCreateRevision ?? 0,
    range.maxCreateRevision ?? 0,
  ];
  const bounded = bounds.some((bound) => bound !== 0);
  into.byte(
    (range.serializable === true ? rangeFlags.serializable : 0) |
      (range.keysOnly === true ? rangeFlags.keysOnly : 0) |
      (range.countOnly === true ? rangeFlags.countOnly : 0) |
      (bounded ? rangeFlags.bounded : 0),
  );
  if (bounded) for (const bound of bounds) into.int(bound);
}

function writeCompare(into: Writer, {key, rangeEnd, result, target}: Compare): void {
  into.byteString(key);
  into.byteString(rangeEnd ?? "");
  into.byte(compareResults.indexOf(result));
  into.byte(compareTargets.indexOf(target.kind));
  if (target.kind === "value") into.bytes(target.value);
  else if (target.kind === "lease") into.byteString(target.value);
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
      return readCompact(from);
    case kinds.range:
      return readRange(from);
    case kinds.plain:
      return readPlain(from) as unknown as RareRequest;
    default:
      throw unknown("request", kind);
  }
}

function readOp(from: Reader): RequestOp {
  const request = readRequest(from);
  const {kind} = request;
  if (kind === "put" || kind === "deleteRange" || kind === "txn" || kind === "range") return request;
  throw new InvariantViolation(`a transaction holds no request of kind ${kind}`);
}

function readCompact(from: Reader): CompactRequest {
  const revision = from.int();
  return {kind: "compact", revision, ...(from.bool() ? {physical: true} : {})};
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
  const flags = from.byte();
  if (lease === "" && flags === 0) return put;
  return {
    ...put,
    ...(lease === "" ? {} : {lease}),
    ...((flags & putFlags.prevKv) === 0 ? {} : {prevKv: true}),
    ...((flags & putFlags.ignoreValue) === 0 ? {} : {ignoreValue: true}),
    ...((flags & putFlags.ignoreLease) === 0 ? {} : {ignoreLease: true}),
  };
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
  const flags = from.byte();
  const isBounded = (flags & rangeFlags.bounded) !== 0;
  const [minMod, maxMod, minCreate, maxCreate] = isBounded
    ? [from.int(), from.int(), from.int(), from.int()]
    : [0, 0, 0, 0];
  return {
    kind: "range",
    key,
    ...(rangeEnd === "" ? {} : {rangeEnd}),
    ...(limit === 0 ? {} : {limit}),
    ...(revision === 0 ? {} : {revision}),
    ...(sortOrder === "none" ? {} : {sortOrder}),
    ...(sortTarget === "key" ? {} : {sortTarget}),
    ...((flags & rangeFlags.serializable) === 0 ? {} : {serializable: true}),
    ...((flags & rangeFlags.keysOnly) === 0 ? {} : {keysOnly: true}),
    ...((flags & rangeFlags.countOnly) === 0 ? {} : {countOnly: true}),
    ...(minMod === 0 ? {} : {minModRevision: minMod}),
    ...(maxMod === 0 ? {} : {maxModRevision: maxMod}),
    ...(minCreate === 0 ? {} : {minCreateRevision: minCreate}),
    ...(maxCreate === 0 ? {} : {maxCreateRevision: maxCreate}),
  };
}

function readCompare(from: Reader): Compare {
  const key = from.byteString();
  const rangeEnd = from.byteString();
  const result = named(compareResults, from.byte(), "compare result");
  const kind = named(compareTargets, from.byte(), "compare target");
  return {key, ...(rangeEnd === "" ? {} : {rangeEnd}), result, target: readTarget(from, kind)};
}

function readTarget(from: Reader, kind: (typeof compareTargets)[number]): Compare["target"] {
  if (kind === "value") return {kind, value: from.bytes()};
  if (kind === "lease") return {kind, value: from.byteString()};
  return {kind, value: from.int()};
}

function named<T>(names: readonly T[], index: number, what: string): T {
  const name = names[index];
  if (name === undefined) throw unknown(what, index);
  return name;
}

function unknown(what: string, found: number): InvariantViolation {
  return new InvariantViolation(`an entry holds a ${what} of number ${found}, which this build never writes`);
}
