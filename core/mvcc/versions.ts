// Every version of every key, in two trees (etcd: treeIndex and the bucket `key`): the index leads from a key to the
// revisions of its changes, the record from a revision to the change. Nothing here decides what a revision is or what a
// request may do; the store and its transactions do.

import {present} from "../base/assert.ts";
import {Hasher} from "../base/hasher.ts";
import {compareKeys, contains, unbounded, type Key, type KeyRange, type Value} from "../base/key.ts";
import {integerMax, type LeaseId, type Revision} from "../base/quantity.ts";
import {BTree} from "../btree/btree.ts";
import {Owner} from "../btree/node.ts";
import {KvHasher} from "./hashKv.ts";
import {KeyIndex, type Generation, type IndexedValue} from "./keyIndex.ts";
import {noValue, type FullRevision, type KeyValue, type StoreEvent} from "./kv.ts";
import {tombstoneOf, type DroppedRecord, type StoreRecord} from "./record.ts";
import {endOf, mainOf, revisionKey, unpackRevision, type RevisionKey} from "./revision.ts";
import {mvccRules, type MvccRules} from "./rules.ts";

/** All changes of one write, in order. */
export interface RevisionEvents {
  readonly revision: Revision;
  readonly events: readonly StoreEvent[];
}

/** To delete a record costs about this much more than to visit one. */
const retainShare = 8;

/** Where values lie, and how many there are. */
export interface Found {
  readonly found: readonly RevisionKey[];
  readonly count: number;
}

/** The two trees. Between two public calls they agree: the record holds exactly the revisions that the index names. */
export class Versions {
  private readonly rules: MvccRules;
  private owner = new Owner();
  private index = new BTree<Key, KeyIndex>(compareKeys, (index) => (index.isAlive ? 1 : 0));
  private record = new BTree<RevisionKey, StoreEvent>(compareNumbers);
  // The sum over all records of their digests: kept up to date by each change, and no order matters in it.
  private sumA = 0;
  private sumB = 0;

  constructor(rules = mvccRules) {
    this.rules = rules;
  }

  /** The value that a read of `key` at `at` finds. */
  valueAt(key: Key, at: Revision): KeyValue | undefined {
    const found = this.revisionAt(key, at);
    return found === undefined ? undefined : this.value(found);
  }

  /** Where that value lies. */
  revisionAt(key: Key, at: Revision): RevisionKey | undefined {
    return this.index.get(key)?.get(at);
  }

  /** Where the values lie that a read of `range` at `at` finds, in key order, `most` at most; and how many there are. */
  find(range: KeyRange, at: Revision, most = integerMax): Found {
    const found: RevisionKey[] = [];
    const count = this.visit(range, at, most, (index) => {
      const revision = index.get(at);
      if (revision !== undefined) found.push(revision);
      return found.length;
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
    const count = this.visit(range, at, most, (index) => {
      const found = index.find(at);
      if (found !== undefined) kvs.push(keyOnly(index.key, found));
      return kvs.length;
    });
    return {kvs, count};
  }

  /** The value put at `at`, which the index names. */
  value(at: RevisionKey): KeyValue {
    return present(this.record.get(at), "a record that the index names").kv;
  }

  /** The change made at `revision`, unless compaction has dropped it. */
  event({main, sub}: FullRevision): StoreEvent | undefined {
    return this.record.get(revisionKey(main, sub));
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
  put(key: Key, value: Value, lease: LeaseId, {main, sub}: FullRevision): StoreEvent {
    const at = revisionKey(main, sub);
    const found = this.index.get(key);
    const index = this.writable(key, found);
    // The tree counts the keys that are alive: it must hear of one that begins or ends to be.
    const goesOn = index === found && index.isAlive;
    const {created: createRevision, version} = index.put(at);
    if (!goesOn) this.index.set(key, index);
    return this.add({kind: "put", kv: {key, value, createRevision, modRevision: main, version, lease}}, at);
  }

  /** Records a delete of a key that exists at `revision`. */
  tombstone(key: Key, {main, sub}: FullRevision): StoreEvent {
    const at = revisionKey(main, sub);
    const index = this.writable(key, this.index.get(key));
    index.tombstone(at);
    this.index.set(key, index);
    return this.add({kind: "delete", kv: tombstoneOf(key, main)}, at);
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
    const at = revisionKey(revision.main, revision.sub);
    if (at <= (this.record.last()?.key ?? -1)) return false;
    if (!isTombstone && kv.modRevision !== revision.main) return false;
    const found = this.index.get(kv.key);
    if (isTombstone && found === undefined && !this.rules.takesLoneTombstone()) return true;
    const index = this.writable(kv.key, found);
    const goesOn = index === found && index.isAlive && !isTombstone;
    if (!(isTombstone ? index.restoreTombstone(at) : index.restorePut(at, kv))) return false;
    if (!goesOn) this.index.set(kv.key, index);
    this.add(isTombstone ? {kind: "delete", kv: tombstoneOf(kv.key, revision.main)} : {kind: "put", kv}, at);
    return true;
  }

  /**
   * The hash of the history up to `at`, of a store that was compacted at `compacted`. Of the records up to there only
   * those at or before `compacted` are hashed that a read at `at` finds; all of them if it finds none at all (etcd: an
   * empty `keep`).
   */
  hash(at: Revision, compacted: Revision): number {
    let keepsAny = false;
    this.index.scan(undefined, (_, index) => {
      keepsAny = index.get(at) !== undefined;
      return !keepsAny;
    });
    const hasher = new KvHasher(compacted, ({revision: {main, sub}, kv}) => {
      return !keepsAny || this.revisionAt(kv.key, at) === revisionKey(main, sub);
    });
    this.record.scan(undefined, (key, {kind, kv}) => {
      if (kv.modRevision > at) return false;
      hasher.add({revision: unpackRevision(key), isTombstone: kind === "delete", kv});
      return true;
    });
    return hasher.hash;
  }

  /**
   * Forgets what no read or watch from `at` on can ask for, and answers where it stood, oldest first. Walks the whole
   * index, as etcd does.
   */
  compact(at: Revision): readonly DroppedRecord[] {
    const dropped: RevisionKey[] = [];
    const changed: KeyIndex[] = [];
    this.index.scan(undefined, (_, index) => {
      const left = index.compacted(at, dropped, this.owner, this.rules);
      if (left !== index || left.isEmpty) changed.push(left);
      return true;
    });
    for (const index of changed) {
      if (index.isEmpty) this.index.delete(index.key);
      else this.index.set(index.key, index);
    }
    const ordered = Float64Array.from(dropped).sort();
    // One by one, or all at once where they are a good part of what there is.
    const isMost = ordered.length * retainShare > this.record.size;
    const gone = Array.from(ordered, (each) => this.drop(each, !isMost));
    if (isMost) {
      let next = 0;
      this.record.retain((key) => {
        if (key !== ordered[next]) return true;
        next++;
        return false;
      });
    }
    return gone;
  }

  /** The keys in the index, deleted ones too that compaction has not yet forgotten. */
  keys(range: KeyRange): readonly Key[] {
    const keys: Key[] = [];
    this.scanIndex(range, (index) => keys.push(index.key) > 0);
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
    const twin = new Versions(this.rules);
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

  /**
   * Lets `take` have the keys in the range, in order, until it has taken `most`; answers how many there are to take. All
   * of them are looked at only in the past: how many there are now the tree knows.
   */
  private visit(range: KeyRange, at: Revision, most: number, take: (index: KeyIndex) => number): number {
    if (most === integerMax) {
      let taken = 0;
      this.scanIndex(range, (index) => {
        taken = take(index);
        return true;
      });
      return taken;
    }
    if (most > 0) this.scanIndex(range, (index) => take(index) < most);
    return this.count(range, at);
  }

  /** How many keys a read of the range at `at` finds. */
  private count({from, to}: KeyRange, at: Revision): number {
    if (to === "") return this.revisionAt(from, at) === undefined ? 0 : 1;
    const isNow = endOf(at) > (this.record.last()?.key ?? -1);
    if (isNow)
      return to !== unbounded && to <= from ? 0 : this.index.sum(from, to === unbounded ? undefined : to);
    let count = 0;
    this.scanIndex({from, to}, (index) => {
      if (index.get(at) !== undefined) count++;
      return true;
    });
    return count;
  }

  /** Until `visit` returns false. */
  private scanIndex(range: KeyRange, visit: (index: KeyIndex) => boolean): void {
    if (range.to === "") {
      const index = this.index.get(range.from);
      if (index !== undefined) visit(index);
      return;
    }
    this.index.scan(range.from, (key, index) => contains(range, key) && visit(index));
  }

  /** What may be written of the key: what was found, if it is ours, else a copy, or a new one, to be set in the tree. */
  private writable(key: Key, found: KeyIndex | undefined): KeyIndex {
    if (found?.owner === this.owner) return found;
    return found?.copy(this.owner) ?? new KeyIndex(key, this.owner);
  }

  private add(event: StoreEvent, at: RevisionKey): StoreEvent {
    this.record.set(at, event);
    this.weigh(event, at, 1);
    return event;
  }

  private drop(at: RevisionKey, fromTree: boolean): DroppedRecord {
    const event = present(this.record.get(at), "a record that the index named");
    this.weigh(event, at, -1);
    if (fromTree) this.record.delete(at);
    return {...unpackRevision(at), isTombstone: event.kind === "delete"};
  }

  /** Adds the event's digest to the sum, or takes it away. */
  private weigh(event: StoreEvent, at: RevisionKey, sign: 1 | -1): void {
    const hasher = new Hasher();
    hasher.int(at);
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

function keyOnly(key: Key, {at, created: createRevision, version}: IndexedValue): KeyValue {
  return {key, value: noValue, createRevision, modRevision: mainOf(at), version, lease: ""};
}

function compareNumbers(a: number, b: number): number {
  return a - b;
}
