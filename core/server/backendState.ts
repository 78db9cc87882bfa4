// What the backend file says of the state machine: the store, and how far in the log it is. Both are written in one
// transaction, so that a member that comes back applies no entry twice and leaves none out (etcd
// server/etcdserver/cindex, server/storage/mvcc/kvstore.go, restore).
//
//   bucket key    17 or 18 bytes of revision ▶ the key and its value then            (mvcc/recordBytes.ts)
//   bucket meta   consistent_index, term ▶ the last entry that the other buckets hold, 8 bytes each, big-endian
//                 scheduledCompactRev, finishedCompactRev ▶ a revision
//                 entries_digest ▶ digest of all entries up to there; etcd has none, checks compare it
//   bucket alarm  the alarms that stand                                              (alarm.ts)
//   buckets auth, authUsers, authRoles: who may do what                    (authBuckets.ts)
//   buckets members, members_removed, and confState in meta: who is in the cluster    (memberRecord.ts)
//   bucket lease  the leases that there are                                          (leaseState.ts)

import {Reader, Writer} from "../base/codec.ts";
import {Hasher} from "../base/hasher.ts";
import {bytesOfKey, keyOfBytes, type Key} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import {uint64Bytes, uint64Of} from "../base/uint64.ts";
import type {StoreEvent} from "../mvcc/kv.ts";
import {decodeRecord, encodeRecord, parseRevisionBytes, revisionBytes} from "../mvcc/recordBytes.ts";
import {restoreStore} from "../mvcc/restoreStore.ts";
import {mvccRules} from "../mvcc/rules.ts";
import type {DroppedRecord, KvHash, Store, StoreRecord} from "../mvcc/store.ts";
import type {Index, Term} from "../raft/entry.ts";
import type {Backend} from "../storage/backend.ts";
import type {Alarm} from "./alarm.ts";
import {readAlarms} from "./alarm.ts";
import type {AuthState} from "../auth/authState.ts";
import {readAuth} from "./authBuckets.ts";
import {readMembership} from "./memberRecord.ts";
import type {Membership} from "./memberRecord.ts";
import {readLeases} from "./leaseState.ts";
import type {StoredLeases} from "./leaseState.ts";

const scheduled = "scheduledCompactRev";
const finished = "finishedCompactRev";

/** How far in the log a store is. */
export interface AppliedPosition {
  readonly index: Index;
  readonly term: Term;
  /** Of all entries up to there, in order. */
  readonly digest: Hasher;
}

/** What is to be deleted for one compaction, in order. */
export interface Compaction {
  readonly revision: Revision;
  readonly dropped: readonly DroppedRecord[];
  /** Of what it goes through; absent where nobody compares it, or where the one before had not deleted all yet. */
  readonly hash?: KvHash | undefined;
}

/** A store as it stands in a backend file. */
export interface BackendState {
  readonly store: Store;
  readonly position: AppliedPosition;
  readonly alarms: readonly Alarm[];
  readonly auth: AuthState;
  readonly membership: Membership;
  readonly leases: StoredLeases;
  /** A compaction of which not everything is deleted, or not known to be. */
  readonly unfinished: Compaction | undefined;
}

/** Undefined when what stands there contradicts itself: each page may be whole and the content is none of ours. */
export function readState(backend: Backend, rules = mvccRules): BackendState | undefined {
  const records: StoreRecord[] = [];
  let sound = true;
  backend.scan("key", "", (key, value) => {
    const record = decodeRecord(key, value);
    if (record === undefined) sound = false;
    else records.push(record);
    return sound;
  });
  const position = readPosition(backend);
  const alarms = readAlarms(backend);
  const auth = readAuth(backend);
  const leases = readLeases(backend, records);
  const membership = readMembership(backend);
  if (!sound || position === undefined || alarms === undefined) return undefined;
  if (auth === undefined || leases === undefined || membership === undefined) return undefined;
  const [done, asked] = [revisionAt(backend, finished), revisionAt(backend, scheduled)];
  const restored = restoreStore(records, done, asked, rules);
  if (restored === undefined) return undefined;
  const {store, dropped, hash} = restored;
  const compaction = {finished: done, scheduled: asked, current: store.currentRevision};
  const unfinished = rules.mustCompactAgain(compaction) ? {revision: asked, dropped, hash} : undefined;
  return {store, position, alarms, auth, leases, membership, unfinished};
}

/** Writes what a write transaction changed; all have its revision, and their place is their sub. */
export function writeEvents(backend: Backend, events: readonly StoreEvent[]): void {
  for (const [sub, event] of events.entries()) {
    const {key, value} = encodeRecord(event, sub);
    backend.put("key", key, value);
  }
}

export function deleteRecord(backend: Backend, {main, sub, isTombstone}: DroppedRecord): void {
  backend.delete("key", revisionBytes(main, sub, isTombstone));
}

export function writeScheduled(backend: Backend, revision: Revision): void {
  backend.put("meta", scheduled, revisionValue(revision));
}

export function writeFinished(backend: Backend, revision: Revision): void {
  backend.put("meta", finished, revisionValue(revision));
}

/** Whether all is deleted that compactions had to. etcd: checkPrevCompactionCompleted. */
export function isCompactionFinished(backend: Backend): boolean {
  return revisionAt(backend, scheduled) === revisionAt(backend, finished);
}

export function writePosition(backend: Backend, {index, term, digest}: AppliedPosition): void {
  backend.put("meta", "consistent_index", uint64Bytes(index));
  backend.put("meta", "term", uint64Bytes(term));
  const lanes = new Writer();
  for (const lane of digest.lanes()) lanes.uint32(lane);
  backend.put("meta", "entries_digest", lanes.finish());
}

/** The file stands at the beginning of a log, whatever it holds. */
export function forgetPosition(backend: Backend): void {
  for (const key of ["consistent_index", "term", "entries_digest"]) backend.delete("meta", key);
}

/** A file that was never committed to stands at the beginning. */
export function readPosition(backend: Backend): AppliedPosition | undefined {
  const index = backend.get("meta", "consistent_index");
  if (index === undefined) return {index: 0, term: 0, digest: new Hasher()};
  const term = backend.get("meta", "term");
  const digest = backend.get("meta", "entries_digest");
  if (index.length !== 8 || term?.length !== 8 || digest?.length !== 8) return undefined;
  const lanes = new Reader(digest);
  return {index: uint64Of(index), term: uint64Of(term), digest: new Hasher(lanes.uint32(), lanes.uint32())};
}

/** −1: never compacted. */
function revisionAt(backend: Backend, key: Key): Revision {
  const value = backend.get("meta", key);
  return value === undefined ? -1 : (parseRevisionBytes(keyOfBytes(value))?.main ?? -1);
}

function revisionValue(main: Revision): Uint8Array {
  return bytesOfKey(revisionBytes(main, 0, false));
}
