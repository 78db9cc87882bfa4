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
import type {FullRevision} from "./kv.ts";
import {compareRevisions, revisionKey} from "./revision.ts";

/** One life of a key. */
export interface Generation {
  /** The put that began it, even when compaction has dropped that one. */
  readonly created: FullRevision;
  /** How many puts it had, dropped ones too: the version of its newest value. */
  readonly version: number;
  /** Its puts that compaction has left, oldest first. The tombstone is not among them. */
  readonly revisions: readonly FullRevision[];
  /** The delete that ended it; absent while the key lives. */
  readonly tombstone?: FullRevision;
}

/** The beginning of a life as far as compaction has dropped it. */
export interface Cut {
  /** The put that began the life. */
  readonly created: FullRevision;
  /** How many puts were dropped, that one included. */
  readonly dropped: number;
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
   * Begins a life that compaction had cut in another store. The oldest change that was left of it must be recorded next:
   * until then a reader would find a life without changes.
   */
  resume({created, dropped}: Cut): void {
    this.assertNewer(created);
    assert(!this.isAlive, `${this.key} begins a life at ${created.main} but has not ended the last one`);
    this.lives.push({created, version: dropped, revisions: [], tombstone: undefined});
  }

  /** Whether such a change can be the next one, after `resume(cut)` if there is one. Recording another one may throw. */
  takes(kind: "put" | "delete", revision: FullRevision, cut: Cut | undefined): boolean {
    const newest = this.newest;
    if (newest !== undefined && compareRevisions(newest, cut?.created ?? revision) >= 0) return false;
    if (cut === undefined) return kind === "put" || this.isAlive;
    return !this.isAlive && precedes(cut, revision);
  }

  /** The lives that compaction has cut, each with the oldest change that is left of it. */
  cuts(): readonly {readonly at: FullRevision; readonly cut: Cut}[] {
    const cuts: {at: FullRevision; cut: Cut}[] = [];
    for (const life of this.lives) {
      const dropped = life.version - life.revisions.length;
      if (dropped > 0) cuts.push({at: oldest(life), cut: {created: life.created, dropped}});
    }
    return cuts;
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
      left.push({...life, revisions: life.revisions.slice(keepFrom)});
    }
    return dropped.length === before ? this : new KeyIndex(this.key, owner, left);
  }

  /** The generations, oldest first; a copy. */
  history(): readonly Generation[] {
    return this.lives.map((life) => generationOf(copyLife(life)));
  }

  private get isAlive(): boolean {
    const life = this.lives.at(-1);
    return life !== undefined && life.tombstone === undefined;
  }

  private get newest(): FullRevision | undefined {
    const life = this.lives.at(-1);
    return life?.tombstone ?? life?.revisions.at(-1);
  }

  private assertNewer(revision: FullRevision): void {
    const newest = this.newest;
    assert(
      newest === undefined || compareRevisions(newest, revision) < 0,
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

/** Whether what was cut off can lie before the change at `revision`: each dropped put had a revision of its own. */
function precedes({created, dropped}: Cut, revision: FullRevision): boolean {
  const room = revisionKey(revision.main, revision.sub) - revisionKey(created.main, created.sub);
  return dropped >= 1 && dropped <= room;
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
