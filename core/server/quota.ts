// Whether the backend file has room for a write (etcd server/storage/quota.go). It is a guess on the safe side: the file
// grows with commits, not with writes, and by pages.

import type {RequestOp} from "../mvcc/kv.ts";
import type {Backend} from "../storage/backend.ts";
import type {WriteRequest} from "./command.ts";
import type {ServerRules} from "./rules.ts";

/** Bytes that a put takes besides its key and value. etcd: kvOverhead. */
const putOverhead = 256;
/** Bytes that a lease takes. etcd: leaseOverhead. */
const leaseOverhead = 64;

/** Most bytes that the request may add: 0 if it puts nothing and grants no lease. Of a transaction's branches the dearer one counts. */
export function costOf(request: WriteRequest | RequestOp, rules: ServerRules): number {
  if (request.kind === "put") return putOverhead + request.key.length + request.value.length;
  if (request.kind === "leaseGrant") return leaseOverhead;
  if (request.kind !== "txn") return 0;
  return Math.max(costOfAll(request.success, rules), costOfAll(request.failure, rules));
}

/** Whether there is room for what costs so much. A quota of 0 is none. */
export function hasRoom(cost: number, backend: Pick<Backend, "size">, quotaBytes: number): boolean {
  return cost === 0 || quotaBytes === 0 || backend.size + cost < quotaBytes;
}

function costOfAll(ops: readonly RequestOp[], rules: ServerRules): number {
  let all = 0;
  for (const op of ops) if (op.kind !== "txn" || rules.countsNestedPuts()) all += costOf(op, rules);
  return all;
}
