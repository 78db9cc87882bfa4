// Every version of every key, in two trees (etcd: treeIndex and the bucket `key`): the index leads from a key to the
// revisions of its changes, the record from a revision to the change. Nothing here decides what a revision is or what a
// request may do; the store and its transactions do.

import {present} from "../base/assert.ts";
import {Hasher} from "../base/hasher.ts";
import {compareKeys, contains, type Key, type KeyRange, type Value} from "../base/key.ts";
import {integerMax, type LeaseId, type Revision} from "../base/quantity.ts";
import {BTree} from "../btree/btree.ts";
import {Owner} from "../btree/node.ts";
import {KeyIndex, type Generation} from "./keyIndex.ts";
import {noValue, type FullRevision, type KeyValue, type StoreEvent} from "./kv.ts";
import {compareRevisions, revisionKey, unpackRevision, type RevisionKey} from "./revision.ts";

/** All changes of one write, in order. */
export interface RevisionEvents {
  readonly revision: Revision;
  readonly events: readonly StoreEvent[];
}

/** One recorded change as it stands in the backend's bucket `key`: what a store comes back from. */
export interface StoreRecord {
  readonly revision: FullRevision;
  readonly isTombstone: boolean;
  /** A tombstone's holds only key and modRevision. */
  readonly kv: KeyValue;
}

/** Where a record stood that compaction has dropped: in the bucket `key` it is still to be deleted. */
export interface DroppedRecord extends FullRevision {
  readonly isTombstone: boolean;
}

/** Where values lie, and how many there are. */
export interface Found {
  readonly found: readonly FullRevision[];
  readonly count: number;
}

/** The `kv` of a delete. */
export function tombstoneOf(key: Key, modRevision: Revision): KeyValue {
  return {key, value: noValue, createRevision: 0, modRevision, version: 0, lease: ""};
}

/** The two trees. Between two public calls they agree: the record holds exactly the revisions that the index names. */
export class Versions {
  private owner = new Owner();
  private index = new BTree<Key, KeyIndex>(compareKeys);
  private record = new BTree<RevisionKey, StoreEvent>(compareNumbers);
  // The sum over all records of their digests: kept up to date by each change, and no order matters in it.
  private sumA = 0;
  private sumB = 0;

  /** The value that a read of `key` at `at` finds. */
  valueAt(key: Key, at: Revision): KeyValue | undefined {
    const revision = this.revisionAt(key, at);
    return revision === undefined ? undefined : this.value(revision);
  }

  /** Where that value lies. */
  revisionAt(key: Key, at: Revision): FullRevision | undefined {
    return this.index.get(key)?.get(at);
  }

  /** Where the values lie that a read of `range` at `at` finds, in key order, `most` at most; and how many there are. */
  find(range: KeyRange, at: Revision, most = integerMax): Found {
    const found: FullRevision[] = [];
    let count = 0;
    this.scanIndex(range, (index) => {
      const revision = index.get(at);
      if (revision === undefined) return;
      if (count < most) found.push(revision);
      count++;
    });
    return {found, count};
  }

  /** The same from the index alone: keys with their revisions and versions, neither values nor leases. */
  findKeys(
    range: KeyRange,
    at: Revision,
    most = integerMax,
  ): {readonly kvs: KeyValue[]; readonly count: number} {
    const kvs: KeyValue[] = [];
    let count = 0;
    this.scanIndex(range, (index) => {
      const key = index.keyOnly(at);
      if (key === undefined) return;
      if (count < most) kvs.push(key);
      count++;
    });
    return {kvs, count};
  }

  /** The value put at `revision`, which the index names. */
  value(revision: FullRevision): KeyValue {
    return present(this.event(revision), `the record of ${revision.main}.${revision.sub}`).kv;
  }

  /** The change made at `revision`, unless compaction has dropped it. */
  event(revision: FullRevision): StoreEvent | undefined {
    return this.record.get(revisionKey(revision.main, revision.sub));
  }

  /** What is recorded from `from` on (main revision) in the range, by revision, until `to` (not included) or `most`. */
  events(from: Revision, to: Revision, range: KeyRange, most: number): readonly RevisionEvents[] {
    const batches: {readonly revision: Revision; readonly events: StoreEvent[]}[] = [];
    if (from >= to) return batches;
    this.record.scan(revisionKey(Math.max(from, 0), 0), (_, event) => {
      const revision = event.kv.modRevision;
      if (revision >= to) return false;
      if (!contains(range, event.kv.key)) return true;
      let batch = batches.at(-1);
      if (batch?.revision !== revision) {
        if (batches.length >= most) return false;
        batch = {revision, events: []};
        batches.push(batch);
      }
      batch.events.push(event);
      return true;
    });
    return batches;
  }

  /** Records a put at `revision`. */
  put(key: Key, value: Value, lease: LeaseId, revision: FullRevision): StoreEvent {
    const {created: createRevision, version} = this.writableIndex(key).put(revision);
    const kv: KeyValue = {key, value, createRevision, modRevision: revision.main, version, lease};
    return this.add({kind: "put", kv}, revision);
  }

  /** Records a delete of a key that exists at `revision`. */
  tombstone(key: Key, revision: FullRevision): StoreEvent {
    this.writableIndex(key).tombstone(revision);
    return this.add({kind: "delete", kv: tombstoneOf(key, revision.main)}, revision);
  }

  /** All that is recorded, oldest first: what {@link restore} makes equal versions of. */
  records(): readonly StoreRecord[] {
    const records: StoreRecord[] = [];
    this.record.scan(undefined, (at, {kind, kv}) => {
      records.push({revision: unpackRevision(at), isTombstone: kind === "delete", kv});
      return true;
    });
    return records;
  }

  /** Takes over a record of other versions; false if it cannot follow those taken already: these are then of no use. */
  restore({revision, isTombstone, kv}: StoreRecord): boolean {
    const last = this.record.last()?.key ?? -1;
    if (revisionKey(revision.main, revision.sub) <= last) return false;
    if (!isTombstone && kv.modRevision !== revision.main) return false;
    const index = this.writableIndex(kv.key);
    if (!(isTombstone ? index.restoreTombstone(revision) : index.restorePut(revision, kv))) return false;
    this.add(
      isTombstone ? {kind: "delete", kv: tombstoneOf(kv.key, revision.main)} : {kind: "put", kv},
      revision,
    );
    return true;
  }

  /**
   * Forgets what no read or watch from `at` on can ask for, and answers where it stood, oldest first. Walks the whole
   * index, as etcd does.
   */
  compact(at: Revision): readonly DroppedRecord[] {
    const dropped: FullRevision[] = [];
    const changed: KeyIndex[] = [];
    this.index.scan(undefined, (_, index) => {
      const left = index.compacted(at, dropped, this.owner);
      if (left !== index) changed.push(left);
      return true;
    });
    for (const index of changed) {
      if (index.isEmpty) this.index.delete(index.key);
      else this.index.set(index.key, index);
    }
    return dropped.sort(compareRevisions).map((revision) => this.drop(revision));
  }

  /** The keys in the index, deleted ones too that compaction has not yet forgotten. */
  keys(range: KeyRange): readonly Key[] {
    const keys: Key[] = [];
    this.scanIndex(range, (index) => keys.push(index.key));
    return keys;
  }

  history(key: Key): readonly Generation[] {
    return this.index.get(key)?.history() ?? [];
  }

  /** How many changes are recorded. */
  get size(): number {
    return this.record.size;
  }

  fork(): Versions {
    const twin = new Versions();
    twin.index = this.index.fork();
    twin.record = this.record.fork();
    twin.sumA = this.sumA;
    twin.sumB = this.sumB;
    // The twin has a token of its own; ours changes too, since it now shares every key index that we owned.
    this.owner = new Owner();
    return twin;
  }

  /** Equal records, equal digest; how they came about does not matter. O(1). */
  digest(into: Hasher): void {
    into.int(this.record.size);
    into.word(this.sumA);
    into.word(this.sumB);
  }

  private scanIndex(range: KeyRange, visit: (index: KeyIndex) => void): void {
    if (range.to === "") {
      const index = this.index.get(range.from);
      if (index !== undefined) visit(index);
      return;
    }
    this.index.scan(range.from, (key, index) => {
      if (!contains(range, key)) return false;
      visit(index);
      return true;
    });
  }

  private writableIndex(key: Key): KeyIndex {
    const found = this.index.get(key);
    if (found?.owner === this.owner) return found;
    const writable = found?.copy(this.owner) ?? new KeyIndex(key, this.owner);
    this.index.set(key, writable);
    return writable;
  }

  private add(event: StoreEvent, revision: FullRevision): StoreEvent {
    this.record.set(revisionKey(revision.main, revision.sub), event);
    this.count(event, revision, 1);
    return event;
  }

  private drop({main, sub}: FullRevision): DroppedRecord {
    const event = present(this.event({main, sub}), `the record of ${main}.${sub}`);
    this.count(event, {main, sub}, -1);
    this.record.delete(revisionKey(main, sub));
    return {main, sub, isTombstone: event.kind === "delete"};
  }

  /** Adds the event's digest to the sum, or takes it away. */
  private count(event: StoreEvent, revision: FullRevision, sign: 1 | -1): void {
    const hasher = new Hasher();
    hasher.int(revision.main);
    hasher.int(revision.sub);
    hasher.bool(event.kind === "put");
    hasher.string(event.kv.key);
    hasher.int(event.kv.createRevision);
    hasher.int(event.kv.version);
    hasher.string(event.kv.lease);
    hasher.bytes(event.kv.value);
    const [a, b] = hasher.lanes();
    this.sumA = (this.sumA + sign * a) | 0;
    this.sumB = (this.sumB + sign * b) | 0;
  }
}

function compareNumbers(a: number, b: number): number {
  return a - b;
}
