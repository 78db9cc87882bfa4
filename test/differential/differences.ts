// Where ours and the etcd that Debian has (3.4.23) are known to differ. The README lists them, differences.test.ts shows
// both answers of each; here is what the random tests must know to step around them, and nothing around them.

import {contains} from "../../core/base/key.ts";
import type {Key} from "../../core/base/key.ts";
import type {
  DeleteRangeRequest,
  HashKvRequest,
  RequestOp,
  StoreEvent,
  TxnRequest,
} from "../../core/mvcc/kv.ts";
import {apiErrors} from "../../core/server/request.ts";
import type {ApiError, Request, Response} from "../../core/server/request.ts";

/** Seconds that may pass for one of them between a grant and a question: the clock of ours is not the real one's. */
const patience = 60;

/** Ours refuses the transaction for a duplicate key, and etcd would not: #22445, #16380. */
export function isStricter(request: Request, ours: Response): boolean {
  if (request.kind !== "txn" || ours.result.kind !== "error") return false;
  if (ours.result.error.message !== apiErrors.duplicateKey.message) return false;
  return intervals(request.success) !== "duplicate" && intervals(request.failure) !== "duplicate";
}

/** A transaction with a wrong revision and a put that cannot be: 3.4 looks at its puts first, etcd since 3.6 in their order. */
export function isOtherOrder(request: Request, {result: ours}: Response, {result: real}: Response): boolean {
  if (request.kind !== "txn" || ours.kind !== "error" || real.kind !== "error") return false;
  const {compacted, futureRevision, leaseNotFound, keyNotFound} = apiErrors;
  const isOneOf = (errors: readonly ApiError[], {message}: ApiError): boolean =>
    errors.some((one) => one.message === message);
  return (
    isOneOf([compacted, futureRevision], ours.error) && isOneOf([leaseNotFound, keyNotFound], real.error)
  );
}

interface Intervals {
  readonly puts: ReadonlySet<Key>;
  readonly dels: readonly DeleteRangeRequest[];
}

/** What etcd looks at (server/etcdserver/api/v3rpc/key.go, checkIntervals), holes and all. */
function intervals(ops: readonly RequestOp[]): Intervals | "duplicate" {
  const dels = ops.filter((op) => op.kind === "deleteRange");
  const puts = new Set<Key>();
  for (const txn of ops.filter((op) => op.kind === "txn")) {
    const nested = nestedIntervals(txn, puts, dels);
    if (nested === "duplicate") return nested;
    for (const key of nested.puts) puts.add(key);
    dels.push(...nested.dels);
  }
  for (const {key} of ops.filter((op) => op.kind === "put")) {
    if (puts.has(key) || isDeleted(key, dels)) return "duplicate";
    puts.add(key);
  }
  return {puts, dels};
}

function nestedIntervals(
  txn: TxnRequest,
  puts: ReadonlySet<Key>,
  dels: readonly DeleteRangeRequest[],
): Intervals | "duplicate" {
  const [success, failure] = [intervals(txn.success), intervals(txn.failure)];
  if (success === "duplicate" || failure === "duplicate") return "duplicate";
  const all = new Set([...success.puts, ...failure.puts]);
  for (const key of all) if (puts.has(key) || isDeleted(key, dels)) return "duplicate";
  return {puts: all, dels: [...success.dels, ...failure.dels]};
}

/** A delete from a key on has the end "\0", which is before every key: etcd sees an empty interval. */
function isDeleted(key: Key, dels: readonly DeleteRangeRequest[]): boolean {
  return dels.some(({key: from, rangeEnd = ""}) => rangeEnd !== "\0" && contains({from, to: rangeEnd}, key));
}

/** The real answer, by our clock. */
export function byOurClock(ours: Response, real: Response): Response {
  const [{result: a}, {result: b}] = [ours, real];
  if (a.kind !== "leaseTimeToLive" || b.kind !== "leaseTimeToLive") return real;
  const isLeft = a.ttl >= 0 && b.ttl >= 0 && Math.abs(a.ttl - b.ttl) < patience;
  return isLeft ? {...real, result: {...b, ttl: a.ttl}} : real;
}

/** A tombstone at a revision that was compacted at: kept by ours and by etcd since 3.4.33, dropped before. #18089. */
export function isDroppedTombstone({kind, kv}: StoreEvent, compactions: ReadonlySet<number>): boolean {
  return kind === "delete" && compactions.has(kv.modRevision);
}

/** The revision compacted at can be hashed by ours and by etcd today; 3.4 refuses it as compacted. */
export function isHashOfCompacted(
  {revision}: HashKvRequest,
  {result: ours}: Response,
  {result: real}: Response,
): boolean {
  if (ours.kind !== "hashKv" || real.kind !== "error") return false;
  return real.error.message === apiErrors.compacted.message && ours.compactRevision === revision;
}
