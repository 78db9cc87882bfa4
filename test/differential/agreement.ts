// Whether two answers to the same request say the same. What may differ is in differences.ts, and nothing else.

import type {KeyValue, OpResult, RangeRequest, RequestOp, TxnRequest} from "../../core/mvcc/kv.ts";
import type {Response, Result} from "../../core/server/request.ts";
import type {Answers, Asked} from "./pair.ts";
import {byOurClock} from "./differences.ts";
import {source} from "./source.ts";

/** Both answers, if they do not agree. */
export function disagreement(request: Asked, {ours, real}: Answers): string | undefined {
  const [a, b] = [canonical(request, ours), canonical(request, byOurClock(ours, real))].map((one) =>
    source(one),
  );
  return a === b ? undefined : `ours: ${a}\nreal: ${b}`;
}

/** What is compared: the result, and the store's revision that came with it. */
function canonical(request: Asked, {header, result}: Response): unknown {
  if (result.kind === "error") return result;
  return {revision: header.revision, result: canonicalResult(request, result)};
}

function canonicalResult(request: Asked, result: Result): Result {
  // etcd sorts them by what is left of them.
  if (result.kind === "leaseList") return {...result, leases: result.leases.toSorted()};
  if (request.kind === "range" || request.kind === "txn") return canonicalOp(request, result as OpResult);
  return result;
}

function canonicalOp(op: RequestOp, result: OpResult): OpResult {
  if (op.kind === "range" && result.kind === "range") return canonicalRange(op, result.kvs, result);
  if (op.kind === "txn" && result.kind === "txn") {
    const branch = branchOf(op, result.succeeded);
    const responses = result.responses.map((one, i) => {
      const asked = branch[i];
      return asked === undefined ? one : canonicalOp(asked, one);
    });
    return {...result, responses};
  }
  return result;
}

function branchOf(txn: TxnRequest, succeeded: boolean): readonly RequestOp[] {
  return succeeded ? txn.success : txn.failure;
}

/** keys-only: etcd today answers from its index, which does not know the lease; before, it did. */
function canonicalRange(
  {keysOnly}: RangeRequest,
  kvs: readonly KeyValue[],
  result: Extract<OpResult, {kind: "range"}>,
): OpResult {
  return keysOnly === true ? {...result, kvs: kvs.map((kv) => ({...kv, lease: ""}))} : result;
}
