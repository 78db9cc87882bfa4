// Which requests are well-formed, before anything is read: etcd's api/v3rpc/key.go. A server asks before it proposes,
// and the store asks again, since an entry that reaches it must never take the member down.

import {unreachable} from "../base/assert.ts";
import {contains, type Key, type KeyRange} from "../base/key.ts";
import {integerMax, type LeaseId} from "../base/quantity.ts";
import {
  sortOrders,
  sortTargets,
  type PutRequest,
  type RangeRequest,
  type RequestOp,
  type TxnRequest,
} from "./kv.ts";
import {mvccRules, type MvccRules} from "./rules.ts";
import type {StoreError} from "./storeError.ts";

export const zeroLease: LeaseId = "0000000000000000";

/** What is wrong with the request's form. `txnOpsMax`: operations, or compares, in a transaction (etcd: 128). */
export function validate(
  request: RequestOp,
  txnOpsMax = integerMax,
  rules = mvccRules,
): StoreError | undefined {
  switch (request.kind) {
    case "range":
      return validateRange(request);
    case "put":
      return validatePut(request);
    case "deleteRange":
      return request.key === "" ? "emptyKey" : undefined;
    case "txn":
      return validateTxn(request, txnOpsMax) ?? checkIntervals(request, rules);
    default:
      return unreachable(request);
  }
}

/** A word that is none is a number on etcd's wire that its enums do not have. */
function validateRange({key, sortOrder = "none", sortTarget = "key"}: RangeRequest): StoreError | undefined {
  if (key === "") return "emptyKey";
  return sortOrders.includes(sortOrder) && sortTargets.includes(sortTarget) ? undefined : "invalidSortOption";
}

function validatePut(request: PutRequest): StoreError | undefined {
  if (request.key === "") return "emptyKey";
  if (request.ignoreValue === true && request.value.length > 0) return "valueProvided";
  return request.ignoreLease === true && someLease(request.lease) !== "" ? "leaseProvided" : undefined;
}

/** The lease that is meant: on etcd's wire one of zero is none. */
export function someLease(lease: LeaseId = ""): LeaseId {
  return lease === zeroLease ? "" : lease;
}

/** Whether neither branch can write. A nested transaction counts as a write even if it only reads, as in etcd. */
export function isReadOnly(request: TxnRequest): boolean {
  return (
    request.success.every((op) => op.kind === "range") && request.failure.every((op) => op.kind === "range")
  );
}

/** Sizes and keys, in all branches. A nested transaction may use what the outer one left of `txnOpsMax`. */
function validateTxn(request: TxnRequest, txnOpsMax: number): StoreError | undefined {
  const ops = Math.max(request.compare.length, request.success.length, request.failure.length);
  if (ops > txnOpsMax) return "tooManyOps";
  for (const compare of request.compare) if (compare.key === "") return "emptyKey";
  for (const branch of [request.success, request.failure]) {
    for (const op of branch) {
      const error = op.kind === "txn" ? validateTxn(op, txnOpsMax - ops) : validate(op);
      if (error !== undefined) return error;
    }
  }
  return undefined;
}

/**
 * No key may be put twice, or put and deleted, by one transaction; deleted twice it may be. etcd: `checkIntervals`.
 * Stricter than etcd in two cases, which there corrupt the store (#22376): a delete from a key on, and a delete in a
 * nested transaction after a put in an earlier one, are seen to overlap the puts that they overlap.
 */
function checkIntervals(request: TxnRequest, rules: MvccRules): StoreError | undefined {
  return footprint(request, rules) === undefined ? "duplicateKey" : undefined;
}

/** What some operations would write. */
interface Footprint {
  readonly puts: ReadonlySet<Key>;
  readonly deletes: readonly KeyRange[];
}

/** What either branch may write; the branches may overlap each other, as only one runs. Undefined: a key is duplicate. */
function footprint(request: TxnRequest, rules: MvccRules): Footprint | undefined {
  const success = branchFootprint(request.success, rules);
  const failure = branchFootprint(request.failure, rules);
  if (success === undefined || failure === undefined) return undefined;
  return {
    puts: new Set([...success.puts, ...failure.puts]),
    deletes: [...success.deletes, ...failure.deletes],
  };
}

function branchFootprint(ops: readonly RequestOp[], rules: MvccRules): Footprint | undefined {
  const puts = new Set<Key>();
  const deletes: KeyRange[] = [];
  for (const op of ops) {
    const next = opFootprint(op, rules);
    if (next === undefined) return undefined;
    for (const key of next.puts) if (puts.has(key)) return undefined;
    if (overlap(next.puts, deletes)) return undefined;
    if (rules.comparesWithEarlierPuts(op.kind) && overlap(puts, next.deletes)) return undefined;
    for (const key of next.puts) puts.add(key);
    deletes.push(...next.deletes);
  }
  return {puts, deletes};
}

function opFootprint(op: RequestOp, rules: MvccRules): Footprint | undefined {
  switch (op.kind) {
    case "range":
      return {puts: new Set(), deletes: []};
    case "put":
      return {puts: new Set([op.key]), deletes: []};
    case "deleteRange":
      return {puts: new Set(), deletes: [rules.reachOfDelete(op)]};
    case "txn":
      return footprint(op, rules);
    default:
      return unreachable(op);
  }
}

function overlap(puts: ReadonlySet<Key>, deletes: readonly KeyRange[]): boolean {
  for (const range of deletes) {
    for (const key of puts) if (contains(range, key)) return true;
  }
  return false;
}
