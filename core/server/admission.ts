// What a member refuses before it proposes or reads, and how it must serve a read (etcd server/etcdserver/v3_server.go,
// api/v3rpc/key.go). Small pure questions about a request.

import type {RangeRequest, TxnRequest} from "../mvcc/kv.ts";
import type {MvccRules} from "../mvcc/rules.ts";
import {validate} from "../mvcc/store.ts";
import type {WriteRequest} from "./command.ts";
import {encodeCommand, isKvWrite} from "./command.ts";
import type {ServerConfig} from "./config.ts";
import type {ApiErrorName, Request} from "./request.ts";

/** Why the request is not proposed, if it is not. The entry's data must fit too, whatever its proposal's number is. */
export function refusalOfWrite(
  request: WriteRequest,
  config: ServerConfig,
  rules: MvccRules,
): ApiErrorName | undefined {
  const malformed = isKvWrite(request) ? validate(request, config.txnOpsMax, rules) : undefined;
  if (malformed !== undefined) return malformed;
  const data = encodeCommand({proposer: config.id, nonce: 0, sequence: 0, request});
  return data.length > config.requestBytesMax ? "requestTooLarge" : undefined;
}

/**
 * Whether a member cannot apply as fast as is committed, and takes no more: `gap` committed entries are not applied.
 * Revocations of leases may go on for longer: they make room (etcd: processInternalRaftRequestOnce, PriorityRequest).
 */
export function isOverloaded({kind}: Pick<WriteRequest, "kind">, gap: number, gapMax: number): boolean {
  return gap > (kind === "leaseRevoke" ? 2 * gapMax : gapMax);
}

/** Why the request is not read, if it is not. */
export function refusalOfRead(
  request: RangeRequest | TxnRequest,
  config: ServerConfig,
): ApiErrorName | undefined {
  return validate(request, config.txnOpsMax);
}

/** A transaction is served from this member's own state only if all of its ranges allow it. */
export function isSerializable(request: RangeRequest | TxnRequest): boolean {
  if (request.kind === "range") return request.serializable === true;
  return [...request.success, ...request.failure].every(
    (op) => op.kind === "range" && op.serializable === true,
  );
}

/** What a learner answers: only what it can from its own state (etcd server/interceptor.go). */
export function isForLearner(request: Request): boolean {
  if (request.kind === "range") return request.serializable === true;
  return request.kind === "status" || request.kind === "snapshot";
}
