// What the log and the backend file do to the leases: requests that are applied, and bucket `lease` (etcd
// server/etcdserver/apply, lease/lessor.go). Which keys hang on a lease stands nowhere by itself: it is in their last
// values (mvcc/kvstore.go, restoreIntoIndex).
//
//   bucket lease   8 bytes of an id ▶ the lease                                       (lease/leaseRecord.ts)

import {unreachable} from "../base/assert.ts";
import type {Key} from "../base/key.ts";
import {second} from "../base/quantity.ts";
import type {LeaseId, Micros, Revision} from "../base/quantity.ts";
import type {
  LeaseCheckpointRequest,
  LeaseGrantRequest,
  LeaseResult,
  LeaseRevokeRequest,
} from "../lease/lease.ts";
import type {LeaseRecord} from "../lease/leaseRecord.ts";
import {decodeLease, encodeLease, leaseIdOf, leaseKey} from "../lease/leaseRecord.ts";
import type {Lessor, LessorConfig} from "../lease/lessor.ts";
import type {StoreEvent} from "../mvcc/kv.ts";
import type {Store, StoreRecord} from "../mvcc/store.ts";
import type {Backend} from "../storage/backend.ts";
import type {ServerConfig} from "./config.ts";
import type {Draw} from "./parts.ts";
import type {ApiErrorName} from "./request.ts";

/** By the clock. etcd: ServerConfig.ElectionTimeout. */
export function electionTimeout({electionTicks, tick}: ServerConfig): Micros {
  return electionTicks * tick;
}

export function lessorConfig(config: ServerConfig): LessorConfig {
  const {electionTicks, tick, leaseCheckEvery, leaseRevokesMax, leaseCheckpointEvery} = config;
  return {
    minTtl: Math.ceil((Math.floor((3 * electionTicks) / 2) * tick) / second),
    revokesPerSecond: Math.max(1, Math.floor((leaseRevokesMax * second) / leaseCheckEvery)),
    checkpointEvery: leaseCheckpointEvery,
  };
}

/** Draws an id for a lease that was asked for without one: a positive int64, from stream "lease". */
export function withLeaseId(request: LeaseGrantRequest, draw: Draw): LeaseGrantRequest {
  const asked = request.lease ?? "";
  if (asked !== "" && !/^0*$/.test(asked)) return request;
  return {...request, lease: leaseIdOf(draw("lease", 2 ** 31), draw("lease", 2 ** 32)) || leaseIdOf(0, 1)};
}

export type LeaseLogRequest = LeaseGrantRequest | LeaseRevokeRequest | LeaseCheckpointRequest;

/** What an applied request did. */
export interface AppliedLease {
  readonly result: LeaseResult | {readonly error: ApiErrorName};
  /** Deletions, in order; all have `revision`. */
  readonly events: readonly StoreEvent[];
  readonly revision: Revision;
}

/** Applies the request; what it does to keys has still to be written and told. */
export function applyLease(
  request: LeaseLogRequest,
  {lessor, store, backend}: {readonly lessor: Lessor; readonly store: Store; readonly backend: Backend},
  now: Micros,
): AppliedLease {
  const unchanged = {events: [], revision: store.currentRevision};
  switch (request.kind) {
    case "leaseGrant": {
      const granted = lessor.grant(request.lease ?? "", request.ttl, now);
      if (!granted.ok) return {result: {error: granted.error}, ...unchanged};
      const {lease, ttl} = granted.value;
      writeLease(backend, lessor.rules.stored(granted.value));
      return {result: {kind: "leaseGrant", lease, ttl}, ...unchanged};
    }
    case "leaseRevoke": {
      const revoked = lessor.revoke(request.lease);
      if (!revoked.ok) return {result: {error: revoked.error}, ...unchanged};
      backend.delete("lease", leaseKey(request.lease));
      return {result: {kind: "leaseRevoke"}, ...store.deleteKeys(revoked.value)};
    }
    case "leaseCheckpoint": {
      // One that was revoked meanwhile is passed over.
      const known = request.checkpoints.flatMap(({lease, remainingTtl}) => {
        const record = lessor.checkpoint(lease, remainingTtl, now);
        return record === undefined ? [] : [record];
      });
      for (const record of known) writeLease(backend, lessor.rules.stored(record));
      return {result: {kind: "leaseList", leases: known.map(({lease}) => lease)}, ...unchanged};
    }
    default:
      return unreachable(request);
  }
}

/** Attachments follow the changes of a write, in order: a put without a lease takes its key off the one it had. */
export function followEvents(lessor: Lessor, events: readonly StoreEvent[]): void {
  if (lessor.size === 0) return;
  for (const {kind, kv} of events) {
    if (kind === "put") lessor.attach(kv.key, kv.lease);
    else lessor.detach(kv.key);
  }
}

/** The leases of a file, and the keys whose last values name one. */
export interface StoredLeases {
  readonly leases: readonly LeaseRecord[];
  readonly attached: ReadonlyMap<Key, LeaseId>;
}

/** Undefined if something else stands there. `records`: all of bucket `key`, oldest first. */
export function readLeases(backend: Backend, records: readonly StoreRecord[]): StoredLeases | undefined {
  const leases: LeaseRecord[] = [];
  let sound = true;
  backend.scan("lease", "", (key, value) => {
    const lease = decodeLease(key, value);
    if (lease === undefined) sound = false;
    else leases.push(lease);
    return sound;
  });
  if (!sound) return undefined;
  const attached = new Map<Key, LeaseId>();
  for (const {isTombstone, kv} of leases.length === 0 ? [] : records) {
    if (isTombstone || kv.lease === "") attached.delete(kv.key);
    else attached.set(kv.key, kv.lease);
  }
  return {leases, attached};
}

function writeLease(backend: Backend, record: LeaseRecord): void {
  backend.put("lease", leaseKey(record.lease), encodeLease(record));
}
