// The key-value store of one member: every version of every key since the last compaction. Each write that changes
// something makes one revision; a read names the revision it wants. Deterministic and total: equal requests in equal
// order give equal stores, and a request that cannot be done is refused as a whole (etcd mvcc/kvstore.go).

import type {Hasher} from "../base/hasher.ts";
import {unbounded, type Key, type KeyRange} from "../base/key.ts";
import {integerMax, type Revision} from "../base/quantity.ts";
import {failed, ok, type Result} from "../base/result.ts";
import type {KvHash} from "./hashKv.ts";
import type {Generation} from "./keyIndex.ts";
import type {
  DeleteRangeRequest,
  FullRevision,
  KeyValue,
  OpResult,
  PutRequest,
  RangeRequest,
  RangeResult,
  StoreEvent,
  TxnRequest,
  TxnResult,
} from "./kv.ts";
import {readRange} from "./rangeRead.ts";
import type {DroppedRecord, StoreRecord} from "./record.ts";
import {mainMax, subMax, unpackRevision} from "./revision.ts";
import {mvccRules, type MvccRules} from "./rules.ts";
import type {StoreError} from "./storeError.ts";
import {checkChosen, checkPut, choose, Txn, type KnownLeases, type StateBefore} from "./txn.ts";
import {isReadOnly, validate} from "./validate.ts";
import {Versions, type RevisionEvents} from "./versions.ts";

export type {KvHash} from "./hashKv.ts";
export type {Generation} from "./keyIndex.ts";
export type {StoreError} from "./storeError.ts";
export type {KnownLeases} from "./txn.ts";
export type {DroppedRecord, StoreRecord} from "./record.ts";
export type {RevisionEvents} from "./versions.ts";
export {isReadOnly, validate};

/** What a write did. */
export interface Applied {
  readonly result: OpResult;
  /** The store's revision afterwards: the answer's `header.revision`. */
  readonly revision: Revision;
  /** The changes, in order of sub; none if nothing changed. All have `revision` as modRevision. */
  readonly events: readonly StoreEvent[];
}

/** A store without a lessor. */
export const noLeases: KnownLeases = {has: () => false};

/** Every key. */
export const everyKey: KeyRange = {from: "", to: unbounded};

export class Store {
  private readonly rules: MvccRules;
  private versions: Versions;
  private current: Revision = 1;
  private compacted: Revision = -1;

  constructor(rules = mvccRules) {
    this.rules = rules;
    this.versions = new Versions(rules);
  }

  /** The revision of the last write; 1 if there was none. */
  get currentRevision(): Revision {
    return this.current;
  }

  /** Reads before this one are refused; −1 if the store was never compacted. Invariant: ≤ currentRevision. */
  get compactRevision(): Revision {
    return this.compacted;
  }

  /** Reads at `request.revision`, or at the current one if that is 0 or less. Errors: emptyKey, futureRevision, compacted. */
  range(request: RangeRequest): Result<RangeResult, StoreError> {
    const error = validate(request, integerMax, this.rules);
    if (error !== undefined) return failed(error);
    const asked = request.revision ?? 0;
    if (asked > this.current) return failed("futureRevision");
    if (asked > 0 && asked < this.compacted) return failed("compacted");
    return ok(readRange(this.versions, request, asked > 0 ? asked : this.current));
  }

  /**
   * One write transaction, with the leases that there are: everything is checked first, then all of it is done, under one revision. A transaction that
   * only reads is allowed and makes none.
   */
  apply(
    request: PutRequest | DeleteRangeRequest | TxnRequest,
    leases: KnownLeases = noLeases,
  ): Result<Applied, StoreError> {
    const error = validate(request, integerMax, this.rules);
    if (error !== undefined) return failed(error);
    const txn = new Txn(this.versions, this.current);
    let result: OpResult;
    if (request.kind === "put") {
      const putError = checkPut(request, this.before(leases));
      if (putError !== undefined) return failed(putError);
      result = txn.put(request);
    } else if (request.kind === "deleteRange") {
      result = txn.deleteRange(request);
    } else {
      const chosen = choose(this.versions, request, this.current);
      const chosenError = checkChosen(chosen, this.before(leases));
      if (chosenError !== undefined) return failed(chosenError);
      result = txn.run(chosen);
    }
    this.current = txn.revision;
    return ok({result, revision: this.current, events: txn.events});
  }

  /**
   * Deletes those of the keys that live, in this order and under one revision: what is left to do of a lease that ends.
   * If none lives nothing is changed (etcd lease/lessor.go, Revoke).
   */
  deleteKeys(keys: readonly Key[]): Pick<Applied, "revision" | "events"> {
    const txn = new Txn(this.versions, this.current);
    for (const key of keys) txn.deleteRange({kind: "deleteRange", key});
    this.current = txn.revision;
    return {revision: this.current, events: txn.events};
  }

  /** A transaction of which `isReadOnly` holds, on the current state. */
  readTxn(request: TxnRequest): Result<TxnResult, StoreError> {
    if (!isReadOnly(request)) return failed("unsupported");
    const error = validate(request, integerMax, this.rules);
    if (error !== undefined) return failed(error);
    const chosen = choose(this.versions, request, this.current);
    const chosenError = checkChosen(chosen, this.before(noLeases));
    if (chosenError !== undefined) return failed(chosenError);
    return ok(new Txn(this.versions, this.current).run(chosen));
  }

  /**
   * Forgets what cannot be read at `revision` or later. Reads at exactly `revision` stay possible, and so do watches
   * from there: a delete at that revision is kept. Nothing of it is found here any more once this returns; what is
   * answered, oldest first, is still to be deleted in the backend. Errors: compacted (not above the last one),
   * futureRevision.
   */
  compact(revision: Revision): Result<readonly DroppedRecord[], StoreError> {
    if (revision <= this.compacted) return failed("compacted");
    if (revision > this.current) return failed("futureRevision");
    this.compacted = revision;
    return ok(this.versions.compact(revision));
  }

  /** The hash of the history up to `revision`, 0 being the current one. Errors: futureRevision, compacted. */
  hashKv(revision: Revision = 0): Result<KvHash, StoreError> {
    if (revision > 0 && revision < this.compacted) return failed("compacted");
    if (revision > this.current) return failed("futureRevision");
    return ok(this.hashTo(revision > 0 ? revision : this.current));
  }

  /**
   * The hash that a compaction at `revision` makes of what it goes through; to be asked before it is done. Members may
   * compare it long after, whatever was compacted since.
   */
  compactionHash(revision: Revision): KvHash {
    return this.hashTo(revision);
  }

  /**
   * The changes of the keys in `range` from revision `from` (included) to `to` (not included), those of one revision
   * together and in order; at most `most` revisions. Complete from the compact revision on; below it only what
   * compaction has left.
   */
  eventsBetween(from: Revision, to: Revision, range: KeyRange, most = integerMax): readonly RevisionEvents[] {
    return this.versions.events(from, to, range, most);
  }

  /** Where a read of `key` at `revision` finds its value; undefined if it finds none or is refused. */
  revisionAt(key: Key, revision: Revision): FullRevision | undefined {
    if (revision < this.compacted || revision > this.current) return undefined;
    const at = this.versions.revisionAt(key, revision);
    return at === undefined ? undefined : unpackRevision(at);
  }

  /** The value of `key` just before `revision`; undefined if there was none, or if compaction has made it unreadable. */
  valueBefore(key: Key, revision: Revision): KeyValue | undefined {
    const at = revision - 1;
    return at < this.compacted ? undefined : this.versions.valueAt(key, at);
  }

  /** Keys in byte order, deleted ones too while compaction has left something of them. */
  keys(range: KeyRange = everyKey): readonly Key[] {
    return this.versions.keys(range);
  }

  /** The lives of a key that compaction has left, oldest first; none for a key that is not in `keys()`. */
  history(key: Key): readonly Generation[] {
    return this.versions.history(key);
  }

  /** The change at a full revision: a put with its value, or a tombstone (`kind: "delete"`); undefined if not recorded. */
  versionAt(main: Revision, sub: number): StoreEvent | undefined {
    return this.versions.event({main, sub});
  }

  /** Every change that is recorded, oldest first. With the two revisions they are all that a store is. */
  records(): readonly StoreRecord[] {
    return this.versions.records();
  }

  /**
   * The store of these revisions and records, oldest first; undefined if no store can be at them, whatever compaction
   * dropped. That it dropped what it should is not checked: a store that lost too much comes back as it was.
   */
  static restored(
    {
      currentRevision,
      compactRevision,
      records,
    }: {
      readonly currentRevision: Revision;
      readonly compactRevision: Revision;
      readonly records: Iterable<StoreRecord>;
    },
    rules = mvccRules,
  ): Store | undefined {
    if (currentRevision < 1 || currentRevision >= mainMax || compactRevision < -1) return undefined;
    const isAhead = compactRevision > currentRevision;
    if (isAhead && !rules.mayBeAhead(compactRevision, currentRevision)) return undefined;
    const store = new Store(rules);
    store.current = currentRevision;
    store.compacted = compactRevision;
    for (const record of records) {
      const {revision, isTombstone, kv} = record;
      if (kv.key === "" || !isWritten(revision, currentRevision)) return undefined;
      if (!isTombstone && !isWritten({main: kv.createRevision, sub: 0}, currentRevision)) return undefined;
      if (!store.versions.restore(record)) return undefined;
    }
    return store;
  }

  private hashTo(revision: Revision): KvHash {
    const hash = this.versions.hash(revision, this.compacted);
    return {hash, compactRevision: this.compacted, revision};
  }

  private before(leases: KnownLeases): StateBefore {
    const {versions, compacted: compactRevision, current: currentRevision} = this;
    return {versions, compactRevision, currentRevision, leases};
  }

  /** An independent twin in O(1); structure is shared. */
  fork(): Store {
    const twin = new Store(this.rules);
    twin.versions = this.versions.fork();
    twin.current = this.current;
    twin.compacted = this.compacted;
    return twin;
  }

  /** Equal content, equal digest. O(1). */
  digest(into: Hasher): void {
    into.int(this.current);
    into.int(this.compacted);
    this.versions.digest(into);
  }
}

/** Whether a store at `current` may have made a change there; its first write is at 2. */
function isWritten({main, sub}: FullRevision, current: Revision): boolean {
  return main > 1 && main <= current && sub < subMax;
}
