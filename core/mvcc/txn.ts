// One transaction on the versions: its branches are chosen first, then every operation is checked, and only then is
// anything done, so that nothing is left half done (etcd server/etcdserver/txn/txn.go). A put or a delete on its own is
// a transaction of one operation.

import {assert, present, unreachable} from "../base/assert.ts";
import {compareKeys} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
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
import type {Versions} from "./versions.ts";

/** A transaction with its branch chosen; `nested` holds those of its nested transactions, in order. */
export interface ChosenTxn {
  readonly succeeded: boolean;
  readonly ops: readonly RequestOp[];
  readonly nested: readonly ChosenTxn[];
}

/** The revisions that may be read. */
export interface ReadableRevisions {
  readonly compactRevision: Revision;
  readonly currentRevision: Revision;
}

/**
 * Evaluates all compares, those of nested transactions on the way too, on the state before the transaction: a nested
 * compare does not see what earlier operations write. etcd: `compareToPath`.
 */
export function choose(versions: Versions, request: TxnRequest, at: Revision): ChosenTxn {
  const succeeded = request.compare.every((compare) => holds(compare, versions.valueAt(compare.key, at)));
  const ops = succeeded ? request.success : request.failure;
  const nested: ChosenTxn[] = [];
  for (const op of ops) if (op.kind === "txn") nested.push(choose(versions, op, at));
  return {succeeded, ops, nested};
}

/** Why an operation on the chosen path cannot be done. etcd: `checkTxn`. */
export function checkChosen(chosen: ChosenTxn, readable: ReadableRevisions): StoreError | undefined {
  for (const op of chosen.ops) {
    const error = checkOp(op, readable);
    if (error !== undefined) return error;
  }
  for (const nested of chosen.nested) {
    const error = checkChosen(nested, readable);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** No lease exists yet, so none can be found. */
export function checkPut(request: PutRequest): StoreError | undefined {
  return request.lease === undefined || request.lease === "" ? undefined : "leaseNotFound";
}

/** Whether a range within a transaction may be read: only 0 is the current revision there (etcd #13871). */
function checkOp(op: RequestOp, readable: ReadableRevisions): StoreError | undefined {
  if (op.kind === "put") return checkPut(op);
  if (op.kind !== "range") return undefined;
  const revision = op.revision ?? 0;
  if (revision === 0) return undefined;
  if (revision > readable.currentRevision) return "futureRevision";
  return revision < readable.compactRevision ? "compacted" : undefined;
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

  /** Runs the operations in order; each sees what the earlier ones wrote. */
  run(chosen: ChosenTxn): TxnResult {
    const responses: OpResult[] = [];
    let nested = 0;
    for (const op of chosen.ops) {
      responses.push(
        op.kind === "txn" ? this.run(present(chosen.nested[nested++], "a chosen branch")) : this.runOne(op),
      );
    }
    return {kind: "txn", succeeded: chosen.succeeded, responses};
  }

  put(request: PutRequest): PutResult {
    const prevKv = request.prevKv === true ? this.versions.valueAt(request.key, this.revision) : undefined;
    this.events.push(this.versions.put(request, this.nextRevision()));
    return prevKv === undefined ? {kind: "put"} : {kind: "put", prevKv};
  }

  deleteRange(request: DeleteRangeRequest): DeleteRangeResult {
    const found = this.versions.find({from: request.key, to: request.rangeEnd ?? ""}, this.revision);
    const kvs = found.map((revision) => this.versions.value(revision));
    for (const kv of kvs) this.events.push(this.versions.tombstone(kv.key, this.nextRevision()));
    return {kind: "deleteRange", deleted: kvs.length, prevKvs: request.prevKv === true ? kvs : []};
  }

  private range(request: RangeRequest): RangeResult {
    const revision = request.revision ?? 0;
    return readRange(this.versions, request, revision > 0 ? revision : this.revision);
  }

  private runOne(op: Exclude<RequestOp, TxnRequest>): OpResult {
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
    const main = this.before + 1;
    assert(Number.isSafeInteger(main), `revision ${main} is not a safe integer`);
    return {main, sub: this.events.length};
  }
}

/**
 * Whether a compare holds of the key's value, undefined if the key does not exist. A missing key has version, create
 * and mod revision 0, but no value: no compare of it holds, not even "!=".
 */
function holds(compare: Compare, kv: KeyValue | undefined): boolean {
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
      return signFits(compareKeys(kv?.lease ?? "", compare.target.value), compare.result);
    default:
      return unreachable(compare.target);
  }
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
