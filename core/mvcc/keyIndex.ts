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
import {noValue, type FullRevision, type KeyValue} from "./kv.ts";
import {compareRevisions, revisionKey} from "./revision.ts";

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

interface Life {
  readonly created: FullRevision;
  version: number;
  readonly revisions: FullRevision[];
  tombstone: FullRevision | undefined;
}

/** The generations of one key, oldest first. Written in place by the store that owns it; others copy it first. */
export class KeyIndex {
  readonly key: Key;
  readonly owner: Owner;
  private readonly lives: Life[];

  constructor(key: Key, owner: Owner, lives: Life[] = []) {
    this.key = key;
    this.owner = owner;
    this.lives = lives;
  }

  /** Whether nothing of the key is left, so that it may leave the index. */
  get isEmpty(): boolean {
    return this.lives.length === 0;
  }

  /** The same index, for a store with another owner token to write. */
  copy(owner: Owner): KeyIndex {
    return new KeyIndex(this.key, owner, this.lives.map(copyLife));
  }

  /** Records a put: it goes on with the life that has not ended, or begins one. Answers what the value must carry. */
  put(revision: FullRevision): {readonly created: Revision; readonly version: number} {
    this.assertNewer(revision);
    let life = this.lives.at(-1);
    if (life === undefined || life.tombstone !== undefined) {
      life = {created: revision, version: 0, revisions: [], tombstone: undefined};
      this.lives.push(life);
    }
    life.revisions.push(revision);
    life.version++;
    return {created: life.created.main, version: life.version};
  }

  /** Records a delete of a key that exists: it ends the life. */
  tombstone(revision: FullRevision): void {
    this.assertNewer(revision);
    const life = present(this.lives.at(-1), `a life of ${this.key} to end`);
    assert(life.tombstone === undefined, `${this.key} is deleted at ${revision.main} but was deleted before`);
    life.tombstone = revision;
  }

  /**
   * Takes over a put from the records of a store, in their order: it goes on with the life that has not ended, or begins
   * one, or is the first that compaction has left of one. False, and nothing is done, if it cannot be the next one.
   */
  restorePut(revision: FullRevision, {createRevision, version}: KeyValue): boolean {
    if (!this.isNewest(revision)) return false;
    const life = this.lives.at(-1);
    if (life !== undefined && life.tombstone === undefined) {
      if (createRevision !== life.created.main || version !== life.version + 1) return false;
      life.revisions.push(revision);
      life.version = version;
      return true;
    }
    const isFirst = version === 1 && createRevision === revision.main;
    const created = isFirst ? revision : {main: createRevision, sub: 0};
    if (!isFirst && !(this.mayBeCut(createRevision) && precedes(created, version, revision))) return false;
    this.lives.push({created, version, revisions: [revision], tombstone: undefined});
    return true;
  }

  /** The same for a tombstone: it ends a life, or is all that compaction has left of one (etcd `restoreTombstone`, #19179). */
  restoreTombstone(revision: FullRevision): boolean {
    if (!this.isNewest(revision)) return false;
    const life = this.lives.at(-1);
    if (life !== undefined && life.tombstone === undefined) life.tombstone = revision;
    else if (this.mayBeCut(revision.main)) this.lives.push(onlyEnd(revision));
    else return false;
    return true;
  }

  /** The put whose value a read at `at` finds, unless the key did not exist then. */
  get(at: Revision): FullRevision | undefined {
    for (let i = this.lives.length - 1; i >= 0; i--) {
      const life = present(this.lives[i], "a life");
      if (oldest(life).main > at) continue;
      if (life.tombstone !== undefined && life.tombstone.main <= at) return undefined;
      return life.revisions[newestAt(life.revisions, at)];
    }
    return undefined;
  }

  /** What a read at `at` finds, but for its value and its lease, which the index does not know. */
  keyOnly(at: Revision): KeyValue | undefined {
    const revision = this.get(at);
    if (revision === undefined) return undefined;
    const life = present(
      this.lives.findLast(({revisions}) => revisions.includes(revision)),
      "the life of a put",
    );
    const later = life.revisions.length - 1 - life.revisions.indexOf(revision);
    return {
      key: this.key,
      value: noValue,
      createRevision: life.created.main,
      modRevision: revision.main,
      version: life.version - later,
      lease: "",
    };
  }

  /**
   * What compaction at `at` leaves; the revisions it drops are added to `dropped`. Answers itself if none are.
   * etcd: `doCompact` with `tombstone.main >= at`, so that a tombstone at exactly `at` stays (#18089).
   */
  compacted(at: Revision, dropped: FullRevision[], owner: Owner): KeyIndex {
    const before = dropped.length;
    const left: Life[] = [];
    for (const life of this.lives) {
      if (life.tombstone !== undefined && life.tombstone.main < at) {
        dropped.push(...life.revisions, life.tombstone);
        continue;
      }
      // A tombstone at `at` is itself the newest change there, so no put of its life is needed any more.
      const ended = life.tombstone !== undefined && life.tombstone.main === at;
      const keepFrom = ended ? life.revisions.length : Math.max(0, newestAt(life.revisions, at));
      for (let i = 0; i < keepFrom; i++) dropped.push(present(life.revisions[i], "a put"));
      left.push(keepFrom === 0 ? copyLife(life) : cutLife(life, keepFrom));
    }
    return dropped.length === before ? this : new KeyIndex(this.key, owner, left);
  }

  /** The generations, oldest first; a copy. */
  history(): readonly Generation[] {
    return this.lives.map((life) => generationOf(copyLife(life)));
  }

  private get newest(): FullRevision | undefined {
    const life = this.lives.at(-1);
    return life?.tombstone ?? life?.revisions.at(-1);
  }

  private isNewest(revision: FullRevision): boolean {
    const newest = this.newest;
    return newest === undefined || compareRevisions(newest, revision) < 0;
  }

  /**
   * Whether compaction can have cut a life that was created at `main` and follows those here: of one key it drops the
   * oldest changes. Only a life begun in the very revision that ended the last one leaves that one's tombstone behind.
   */
  private mayBeCut(main: Revision): boolean {
    return this.isEmpty || this.newest?.main === main;
  }

  private assertNewer(revision: FullRevision): void {
    assert(
      this.isNewest(revision),
      `a change of ${this.key} at ${revision.main}.${revision.sub} is not newer than its last one`,
    );
  }
}

function copyLife(life: Life): Life {
  return {...life, revisions: life.revisions.slice()};
}

function generationOf(life: Life): Generation {
  const {created, version, revisions, tombstone} = life;
  return tombstone === undefined ? {created, version, revisions} : {created, version, revisions, tombstone};
}

/** A life without its first `count` puts, and without what only they could tell. */
function cutLife({created, version, revisions, tombstone}: Life, count: number): Life {
  if (count === revisions.length && tombstone !== undefined) return onlyEnd(tombstone);
  return {created: {main: created.main, sub: 0}, version, revisions: revisions.slice(count), tombstone};
}

/** A life of which the tombstone is left and nothing else. */
function onlyEnd(tombstone: FullRevision): Life {
  return {created: tombstone, version: 0, revisions: [], tombstone};
}

/** Whether the put at `revision` can be the `version`th of a life: each one dropped before it had a revision of its own. */
function precedes(created: FullRevision, version: number, revision: FullRevision): boolean {
  const room = revisionKey(revision.main, revision.sub) - revisionKey(created.main, created.sub);
  return version > 1 && version - 1 <= room;
}

/** The oldest change of a life that is left. */
function oldest(life: Life): FullRevision {
  return present(life.revisions[0] ?? life.tombstone, "a change in a life that compaction left");
}

/** Index of the newest of these that is at or before `at`; −1 if all are later. */
function newestAt(revisions: readonly FullRevision[], at: Revision): number {
  let from = 0;
  let to = revisions.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (present(revisions[middle], "a put").main <= at) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}
