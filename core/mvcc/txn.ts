// One transaction on the versions: its branches are chosen first, then every operation is checked, and only then is
// anything done, so that nothing is left half done (etcd server/etcdserver/txn/txn.go). A put or a delete on its own is
// a transaction of one operation.

import {present, unreachable} from "../base/assert.ts";
import {compareKeys, rangeOf} from "../base/key.ts";
import type {LeaseId, Revision} from "../base/quantity.ts";
import type {
  Compare,
  CompareResult,
  DeleteRangeRequest,
  DeleteRangeResult,
  KeyValue,
  OpResult,
  PutRequest,
  PutResult,
  RangeRequest,
  RangeResult,
  RequestOp,
  StoreEvent,
  TxnRequest,
  TxnResult,
} from "./kv.ts";
import {compareValues, readRange} from "./rangeRead.ts";
import type {StoreError} from "./storeError.ts";
import {someLease, zeroLease} from "./validate.ts";
import type {Versions} from "./versions.ts";

/** A transaction with its branch chosen; `nested` holds those of its nested transactions, in order. */
export interface ChosenTxn {
  readonly succeeded: boolean;
  readonly ops: readonly RequestOp[];
  readonly nested: readonly ChosenTxn[];
}

/** What operations are checked against: the state before the transaction. */
export interface StateBefore {
  readonly versions: Versions;
  readonly compactRevision: Revision;
  readonly currentRevision: Revision;
  readonly leases: KnownLeases;
}

/** The leases that there are: a put may name one of these. The lessor is one (core/lease). */
export interface KnownLeases {
  has(lease: LeaseId): boolean;
}

/**
 * Evaluates all compares, those of nested transactions on the way too, on the state before the transaction: a nested
 * compare does not see what earlier operations write. etcd: `compareToPath`.
 */
export function choose(versions: Versions, request: TxnRequest, at: Revision): ChosenTxn {
  const succeeded = request.compare.every((compare) => holds(compare, versions, at));
  const ops = succeeded ? request.success : request.failure;
  const nested: ChosenTxn[] = [];
  for (const op of ops) if (op.kind === "txn") nested.push(choose(versions, op, at));
  return {succeeded, ops, nested};
}

/** Why an operation on the chosen path cannot be done: the first one, in the order in which they would run. etcd: `checkTxn`. */
export function checkChosen(chosen: ChosenTxn, before: StateBefore): StoreError | undefined {
  let nested = 0;
  for (const op of chosen.ops) {
    const error =
      op.kind === "txn"
        ? checkChosen(present(chosen.nested[nested++], "a chosen branch"), before)
        : checkOp(op, before);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** A put on its own: its lease must exist, and its key too if it is to keep something. */
export function checkPut(request: PutRequest, before: StateBefore): StoreError | undefined {
  return leaseError(request, before) ?? keyError(request, before);
}

function leaseError(request: PutRequest, before: StateBefore): StoreError | undefined {
  const lease = someLease(request.lease);
  return lease !== "" && !before.leases.has(lease) ? "leaseNotFound" : undefined;
}

function keyError(request: PutRequest, before: StateBefore): StoreError | undefined {
  if (request.ignoreValue !== true && request.ignoreLease !== true) return undefined;
  const revision = before.versions.revisionAt(request.key, before.currentRevision);
  return revision === undefined ? "keyNotFound" : undefined;
}

/** Within a transaction etcd looks for the key first (`checkPut`), on its own for the lease (`Put`). */
function checkOp(op: Exclude<RequestOp, TxnRequest>, before: StateBefore): StoreError | undefined {
  if (op.kind === "put") return keyError(op, before) ?? leaseError(op, before);
  return op.kind === "range" ? checkRevision(op, before) : undefined;
}

/** Whether a range within a transaction may be read: only 0 is the current revision there (etcd #13871). */
function checkRevision(request: RangeRequest, before: StateBefore): StoreError | undefined {
  const revision = request.revision ?? 0;
  if (revision === 0) return undefined;
  if (revision > before.currentRevision) return "futureRevision";
  return revision < before.compactRevision ? "compacted" : undefined;
}

/** Runs checked operations; what it writes is one revision, numbered by sub in the order of the changes. */
export class Txn {
  /** The changes so far, in order. */
  readonly events: StoreEvent[] = [];
  private readonly versions: Versions;
  private readonly before: Revision;

  /** `before`: the store's revision when the transaction begins. */
  constructor(versions: Versions, before: Revision) {
    this.versions = versions;
    this.before = before;
  }

  /** The store's revision after what was done so far: a transaction that changes nothing makes no revision. */
  get revision(): Revision {
    return this.events.length > 0 ? this.before + 1 : this.before;
  }

  /** Runs the operations in order; each sees what the earlier ones wrote, and its answer carries the revision then. */
  run(chosen: ChosenTxn): TxnResult {
    const responses: OpResult[] = [];
    let nested = 0;
    for (const op of chosen.ops) {
      if (op.kind === "txn") responses.push(this.run(present(chosen.nested[nested++], "a chosen branch")));
      else responses.push({...this.runOne(op), revision: this.revision});
    }
    return {kind: "txn", succeeded: chosen.succeeded, responses};
  }

  put(request: PutRequest): PutResult {
    const {key, ignoreValue = false, ignoreLease = false, prevKv = false} = request;
    const old = ignoreValue || ignoreLease || prevKv ? this.versions.valueAt(key, this.revision) : undefined;
    const value = ignoreValue ? present(old, "a value to keep").value : request.value;
    const lease = ignoreLease ? present(old, "a lease to keep").lease : someLease(request.lease);
    this.events.push(this.versions.put(key, value, lease, this.nextRevision()));
    return prevKv && old !== undefined ? {kind: "put", prevKv: old} : {kind: "put"};
  }

  deleteRange(request: DeleteRangeRequest): DeleteRangeResult {
    const {found} = this.versions.find(rangeOf(request), this.revision);
    const kvs = found.map((revision) => this.versions.value(revision));
    for (const kv of kvs) this.events.push(this.versions.tombstone(kv.key, this.nextRevision()));
    return {kind: "deleteRange", deleted: kvs.length, prevKvs: request.prevKv === true ? kvs : []};
  }

  private range(request: RangeRequest): RangeResult {
    const revision = request.revision ?? 0;
    return readRange(this.versions, request, revision > 0 ? revision : this.revision);
  }

  private runOne(op: Exclude<RequestOp, TxnRequest>): Exclude<OpResult, TxnResult> {
    switch (op.kind) {
      case "range":
        return this.range(op);
      case "put":
        return this.put(op);
      case "deleteRange":
        return this.deleteRange(op);
      default:
        return unreachable(op);
    }
  }

  private nextRevision(): {readonly main: Revision; readonly sub: number} {
    return {main: this.before + 1, sub: this.events.length};
  }
}

/** Whether a compare holds: of every key in its range, or of a missing one if there is none. etcd: `applyCompare`. */
function holds(compare: Compare, versions: Versions, at: Revision): boolean {
  const {found} = versions.find(rangeOf(compare), at);
  if (found.length === 0) return holdsOf(compare, undefined);
  return found.every((revision) => holdsOf(compare, versions.value(revision)));
}

/**
 * Whether a compare holds of one value, undefined if there is no key. A missing key has version, create and mod
 * revision 0 and no lease, but no value: no compare of it holds, not even "!=".
 */
function holdsOf(compare: Compare, kv: KeyValue | undefined): boolean {
  switch (compare.target.kind) {
    case "version":
      return signFits((kv?.version ?? 0) - compare.target.value, compare.result);
    case "create":
      return signFits((kv?.createRevision ?? 0) - compare.target.value, compare.result);
    case "mod":
      return signFits((kv?.modRevision ?? 0) - compare.target.value, compare.result);
    case "value":
      return kv !== undefined && signFits(compareValues(kv.value, compare.target.value), compare.result);
    case "lease":
      return signFits(compareLeases(kv?.lease ?? "", compare.target.value), compare.result);
    default:
      return unreachable(compare.target);
  }
}

/** As the signed 64-bit numbers that they are: those from 8000000000000000 on are negative. */
function compareLeases(a: LeaseId, b: LeaseId): number {
  const [left, right] = [someLease(a) || zeroLease, someLease(b) || zeroLease];
  const [isLeftNegative, isRightNegative] = [left >= "8", right >= "8"];
  return isLeftNegative === isRightNegative ? compareKeys(left, right) : isLeftNegative ? -1 : 1;
}

function signFits(sign: number, result: CompareResult): boolean {
  switch (result) {
    case "=":
      return sign === 0;
    case "!=":
      return sign !== 0;
    case "<":
      return sign < 0;
    case ">":
      return sign > 0;
    default:
      return unreachable(result);
  }
}
