// Whether the backend file has room for a write (etcd server/storage/quota.go). It is a guess on the safe side: the file
// grows with commits, not with writes, and by pages.

import type {RequestOp} from "../mvcc/kv.ts";
import type {Backend} from "../storage/backend.ts";
import type {WriteRequest} from "./command.ts";

/** Bytes that a put takes besides its key and value. etcd: kvOverhead. */
const putOverhead = 256;
/** Bytes that a lease takes. etcd: leaseOverhead. */
const leaseOverhead = 64;

/**
 * Most bytes that the request may add: 0 if it puts nothing and grants no lease. Of a transaction's branches the dearer one counts. etcd lets
 * puts of a nested transaction through, here they count.
 */
export function costOf(request: WriteRequest | RequestOp): number {
  if (request.kind === "put") return putOverhead + request.key.length + request.value.length;
  if (request.kind === "leaseGrant") return leaseOverhead;
  if (request.kind === "txn") return Math.max(costOfAll(request.success), costOfAll(request.failure));
  return 0;
}

/** Whether there is room for the request. A quota of 0 is none. */
export function hasRoom(request: WriteRequest, backend: Pick<Backend, "size">, quotaBytes: number): boolean {
  const cost = costOf(request);
  return cost === 0 || quotaBytes === 0 || backend.size + cost < quotaBytes;
}

function costOfAll(ops: readonly RequestOp[]): number {
  return ops.reduce((cost, op) => cost + costOf(op), 0);
}
