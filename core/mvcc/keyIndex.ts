// Where the versions of one key lie: its generations, each the key's life from a creating put to the delete that ends
// it (etcd mvcc/key_index.go). Worked through for one key, `t` marking the tombstone that a delete leaves:
//
//   put at 1, put at 2, delete at 3, put at 4, delete at 5:    {1, 2, 3t}  {4, 5t}
//
//   compact(2)   {2, 3t} {4, 5t}   a read at 2 must still find the value of 2; nobody can ask for 1 any more
//   compact(4)   {4, 5t}           from 4 on, no read finds anything of the first life, so all of it goes
//   compact(5)   {5t}              reads at 5 find nothing, yet a watch from 5 must still see the delete: 5t stays
//   compact(6)   gone              the delete lies before everything that may be asked: the key leaves the index
//
// So compaction at R keeps, of each life that had not ended before R, the newest change at or before R and all later
// ones. Where etcd appends an empty generation after a tombstone, here the tombstone itself says that the life is over.

import {assert, present} from "../base/assert.ts";
import type {Key} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import type {Owner} from "../btree/node.ts";
import type {FullRevision, KeyValue} from "./kv.ts";
import {endOf, mainOf, revisionKey, unpackRevision, type RevisionKey} from "./revision.ts";
import {mvccRules} from "./rules.ts";

/**
 * One life of a key: all of it that its records tell. Compaction normalises what they do not tell any more, so that a
 * store that came back from its records holds the same lives as one that never went away.
 */
export interface Generation {
  /**
   * The put that began it. Once compaction has dropped that one, its `sub` is 0: what is left tells only its main
   * revision. Of a life of which only the tombstone is left, the tombstone itself.
   */
  readonly created: FullRevision;
  /** How many puts it had, dropped ones too: the version of its newest value. 0 if only the tombstone is left. */
  readonly version: number;
  /** Its puts that compaction has left, oldest first. The tombstone is not among them. */
  readonly revisions: readonly FullRevision[];
  /** The delete that ended it; absent while the key lives. */
  readonly tombstone?: FullRevision;
}

/** Its revisions are packed: of a million keys it is the index that weighs most. */
interface Life {
  /** The main revision of the put that began it. */
  readonly created: Revision;
  version: number;
  readonly revisions: RevisionKey[];
  tombstone: RevisionKey | undefined;
}

/** Lives that a key does not have. */
const none: Life[] = [];

/** What the index knows of a value. */
export interface IndexedValue {
  readonly at: RevisionKey;
  readonly created: Revision;
  readonly version: number;
}

/** The generations of one key, oldest first. Written in place by the store that owns it; others copy it first. */
export class KeyIndex {
  readonly key: Key;
  readonly owner: Owner;
  /** All but the newest; most keys have no others. */
  private past: Life[];
  private life: Life | undefined;

  constructor(key: Key, owner: Owner, past = none, life?: Life) {
    this.key = key;
    this.owner = owner;
    this.past = past;
    this.life = life;
  }

  /** Whether nothing of the key is left, so that it may leave the index. */
  get isEmpty(): boolean {
    return this.life === undefined;
  }

  /** Whether the key exists after its newest change. */
  get isAlive(): boolean {
    return this.life !== undefined && this.life.tombstone === undefined;
  }

  /** The same index, for a store with another owner token to write. */
  copy(owner: Owner): KeyIndex {
    const past = this.past === none ? none : this.past.slice();
    return new KeyIndex(this.key, owner, past, this.life && copyLife(this.life));
  }

  /** Records a put: it goes on with the life that has not ended, or begins one. Answers what the value must carry. */
  put(at: RevisionKey): IndexedValue {
    this.assertNewer(at);
    const {life} = this;
    if (life === undefined || life.tombstone !== undefined) {
      const created = mainOf(at);
      this.begin({created, version: 1, revisions: [at], tombstone: undefined});
      return {at, created, version: 1};
    }
    life.revisions.push(at);
    life.version++;
    return {at, created: life.created, version: life.version};
  }

  /** Records a delete of a key that exists: it ends the life. */
  tombstone(at: RevisionKey): void {
    this.assertNewer(at);
    const life = present(this.life, "a life to end");
    if (life.tombstone !== undefined)
      assert(false, `${this.key} is deleted at ${mainOf(at)} but was deleted before`);
    life.tombstone = at;
  }

  /**
   * Takes over a put from the records of a store, in their order: it goes on with the life that has not ended, or begins
   * one, or is the first that compaction has left of one. False, and nothing is done, if it cannot be the next one.
   */
  restorePut(at: RevisionKey, {createRevision: created, version}: KeyValue): boolean {
    if (at <= this.newest) return false;
    const {life} = this;
    if (life !== undefined && life.tombstone === undefined) {
      if (created !== life.created || version !== life.version + 1) return false;
      life.revisions.push(at);
      life.version = version;
      return true;
    }
    const isFirst = version === 1 && created === mainOf(at);
    if (!isFirst && !(this.mayBeCut(created) && precedes(created, version, at))) return false;
    this.begin({created, version, revisions: [at], tombstone: undefined});
    return true;
  }

  /** The same for a tombstone: it ends a life, or is all that compaction has left of one (etcd `restoreTombstone`, #19179). */
  restoreTombstone(at: RevisionKey): boolean {
    if (at <= this.newest) return false;
    if (this.life !== undefined && this.isAlive) this.life.tombstone = at;
    else if (this.mayBeCut(mainOf(at))) this.begin(onlyEnd(at));
    else return false;
    return true;
  }

  /** The put whose value a read at `at` finds, unless the key did not exist then. */
  get(at: Revision): RevisionKey | undefined {
    const end = endOf(at);
    const life = this.lifeAt(end);
    return life && life.revisions[newestBefore(life.revisions, end)];
  }

  /** The same, with what the value carries. */
  find(at: Revision): IndexedValue | undefined {
    const end = endOf(at);
    const life = this.lifeAt(end);
    if (life === undefined) return undefined;
    const {revisions, created, version} = life;
    const index = newestBefore(revisions, end);
    return {
      at: present(revisions[index], "a put"),
      created,
      version: version - (revisions.length - 1 - index),
    };
  }

  /**
   * What compaction at `at` leaves; the revisions it drops are added to `dropped`. Answers itself if none are, or if
   * the owner may write it.
   * etcd: `doCompact` with `tombstone.main >= at`, so that a tombstone at exactly `at` stays (#18089).
   */
  compacted(at: Revision, dropped: RevisionKey[], owner: Owner, rules = mvccRules): KeyIndex {
    const before = dropped.length;
    const end = endOf(at);
    if (this.hasNothingBefore(end)) return this;
    const left: Life[] = [];
    let ended = false;
    for (const life of this.lives()) {
      const {revisions, tombstone} = life;
      if (tombstone !== undefined && rules.isForgotten(mainOf(tombstone), at)) {
        for (const put of revisions) dropped.push(put);
        dropped.push(tombstone);
        continue;
      }
      // A tombstone at `at` is itself the newest change there, so no put of its life is needed any more.
      const follows = ended;
      ended = tombstone !== undefined && tombstone < end;
      const keepFrom = rules.droppedPuts(newestBefore(revisions, end) + 1, ended, follows);
      for (let i = 0; i < keepFrom; i++) dropped.push(present(revisions[i], "a put"));
      if (keepFrom === 0) left.push(life);
      else if (keepFrom < revisions.length || tombstone !== undefined) left.push(cutLife(life, keepFrom));
    }
    if (dropped.length === before) return this;
    const life = left.pop();
    if (this.owner === owner) {
      this.past = left.length === 0 ? none : left;
      this.life = life;
      return this;
    }
    return new KeyIndex(this.key, owner, left.length === 0 ? none : left, life && copyLife(life));
  }

  /** The generations, oldest first; a copy. */
  history(): readonly Generation[] {
    return this.lives().map(generationOf);
  }

  /** A key that lives its first life and has no more than one change before `end`: most keys. */
  private hasNothingBefore(end: RevisionKey): boolean {
    if (this.past !== none || !this.isAlive) return false;
    return (this.life?.revisions[1] ?? end) >= end;
  }

  private lives(): readonly Life[] {
    return this.life === undefined ? none : this.past.length === 0 ? [this.life] : [...this.past, this.life];
  }

  private begin(life: Life): void {
    // What is past is never written again, so copies of the index share it.
    if (this.life !== undefined && this.past === none) this.past = [this.life];
    else if (this.life !== undefined) this.past.push(this.life);
    this.life = life;
  }

  /** The life in which a read before `end` finds its value; undefined if the key did not exist then. */
  private lifeAt(end: RevisionKey): Life | undefined {
    let {life} = this;
    for (let i = this.past.length - 1; life !== undefined && oldest(life) >= end; i--) life = this.past[i];
    return life !== undefined && (life.tombstone === undefined || life.tombstone >= end) ? life : undefined;
  }

  /** Of the newest change; −1 if there is none. */
  private get newest(): RevisionKey {
    return this.life?.tombstone ?? this.life?.revisions.at(-1) ?? -1;
  }

  /**
   * Whether compaction can have cut a life that was created at `main` and follows those here: of one key it drops the
   * oldest changes. Only a life begun in the very revision that ended the last one leaves that one's tombstone behind.
   */
  private mayBeCut(main: Revision): boolean {
    return this.isEmpty || mainOf(this.newest) === main;
  }

  private assertNewer(at: RevisionKey): void {
    if (at > this.newest) return;
    const {main, sub} = unpackRevision(at);
    assert(false, `a change of ${this.key} at ${main}.${sub} is not newer than its last one`);
  }
}

function copyLife(life: Life): Life {
  return {...life, revisions: life.revisions.slice()};
}

function generationOf({created, version, revisions, tombstone}: Life): Generation {
  const puts = revisions.map(unpackRevision);
  const first = puts.length === version ? puts[0] : {main: created, sub: 0};
  if (tombstone === undefined) return {created: present(first, "a first put"), version, revisions: puts};
  const end = unpackRevision(tombstone);
  return {
    created: version === 0 ? end : present(first, "a first put"),
    version,
    revisions: puts,
    tombstone: end,
  };
}

/** A life without its first `count` puts, and without what only they could tell. */
function cutLife({created, version, revisions, tombstone}: Life, count: number): Life {
  if (count === revisions.length && tombstone !== undefined) return onlyEnd(tombstone);
  return {created, version, revisions: revisions.slice(count), tombstone};
}

/** A life of which the tombstone is left and nothing else. */
function onlyEnd(tombstone: RevisionKey): Life {
  return {created: mainOf(tombstone), version: 0, revisions: [], tombstone};
}

/** Whether the put at `at` can be the `version`th of a life: each one dropped before it had a revision of its own. */
function precedes(created: Revision, version: number, at: RevisionKey): boolean {
  return version > 1 && version - 1 <= at - revisionKey(created, 0);
}

/** The oldest change of a life that is left. */
function oldest(life: Life): RevisionKey {
  return life.revisions[0] ?? present(life.tombstone, "a change in a life that compaction left");
}

/** Index of the newest of these before `end`; −1 if there is none. */
function newestBefore(revisions: readonly RevisionKey[], end: RevisionKey): number {
  let from = 0;
  let to = revisions.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (present(revisions[middle], "a put") < end) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}
