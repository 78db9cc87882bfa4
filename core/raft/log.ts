// The log seen whole: the stable part, read from storage, with the unstable tail over it, and three cursors.
//
//   1 ………… lastApplied ………… applying ………… commitIndex ………… lastIndex
//
// Invariant: lastApplied ≤ applying ≤ commitIndex ≤ lastIndex, and only durable entries are handed out to be applied.
// etcd: log.go.

import {assert, present} from "../base/assert.ts";
import type {Entry, EntryId, Index, Term} from "./entry.ts";
import type {MemoryStorage} from "./memoryStorage.ts";
import {Unstable} from "./unstable.ts";

/** What an entry takes in a message beside its data: index and term, eight bytes each. */
const entryHeadBytes = 16;

interface Cursors {
  readonly committed: Index;
  readonly applying: Index;
  readonly appliedTo: Index;
}

/**
 * The log of a member that starts, with its commit index as persisted and the entry that its store has applied. Fails
 * if these lie outside of the log: then something durable was lost.
 */
export function openLog(
  storage: MemoryStorage,
  {commit, applied}: {readonly commit: Index; readonly applied: Index},
): Log {
  const {firstIndex, lastIndex} = storage;
  assert(
    commit >= firstIndex - 1 && commit <= lastIndex,
    `commitIndex ${commit} lies outside of the log ${firstIndex}..${lastIndex}; was the log lost?`,
  );
  assert(
    applied >= firstIndex - 1 && applied <= lastIndex,
    `applied ${applied} lies outside of the log ${firstIndex}..${lastIndex}`,
  );
  // What was applied was committed, though that commit index need not have been synced.
  const cursors = {committed: Math.max(commit, applied), applying: applied, appliedTo: applied};
  return new Log(storage, new Unstable(lastIndex + 1), cursors);
}

export class Log {
  private readonly storage: MemoryStorage;
  private readonly unstable: Unstable;
  private committed: Index;
  /** The last entry handed out to be applied. */
  private applying: Index;
  private appliedTo: Index;

  /** For {@link openLog} and `fork`. */
  constructor(storage: MemoryStorage, unstable: Unstable, cursors: Cursors) {
    this.storage = storage;
    this.unstable = unstable;
    this.committed = cursors.committed;
    this.applying = cursors.applying;
    this.appliedTo = cursors.appliedTo;
  }

  get commitIndex(): Index {
    return this.committed;
  }

  get lastApplied(): Index {
    return this.appliedTo;
  }

  get firstIndex(): Index {
    return this.storage.firstIndex;
  }

  get lastIndex(): Index {
    return this.unstable.lastIndex;
  }

  get last(): EntryId {
    const index = this.lastIndex;
    return {index, term: present(this.termAt(index), `term of last entry ${index}`)};
  }

  /** First entry that is not known to be durable; lastIndex + 1 if all are. */
  get unstableFrom(): Index {
    return this.unstable.offset;
  }

  /** The same object until `index` is overwritten: what becomes stable is what was unstable. */
  entryAt(index: Index): Entry | undefined {
    return index >= this.unstable.offset ? this.unstable.entryAt(index) : this.storage.entryAt(index);
  }

  /** Known from one before the first entry to the last; undefined elsewhere. */
  termAt(index: Index): Term | undefined {
    return index >= this.unstable.offset ? this.unstable.entryAt(index)?.term : this.storage.termAt(index);
  }

  /** Entries from `from` to the last, as many as fit in `bytesMax`, but at least one. A fresh array. */
  entriesFrom(from: Index, bytesMax: number): readonly Entry[] {
    const entries: Entry[] = [];
    let bytes = 0;
    for (let index = from; index <= this.lastIndex; index++) {
      const entry = present(this.entryAt(index), `entry ${index}`);
      bytes += entryHeadBytes + entry.data.length;
      if (entries.length > 0 && bytes > bytesMax) break;
      entries.push(entry);
    }
    return entries;
  }

  append(entries: readonly Entry[]): void {
    const first = entries[0];
    if (first === undefined) return;
    assert(
      first.index > this.committed,
      `entry ${first.index} would replace a committed one (commitIndex ${this.committed})`,
    );
    this.unstable.truncateAndAppend(entries);
  }

  /** Moves commitIndex forward, never back. */
  commitTo(index: Index): boolean {
    if (index <= this.committed) return false;
    assert(
      index <= this.lastIndex,
      `commitIndex ${index} is beyond lastIndex ${this.lastIndex}; was the log lost?`,
    );
    this.committed = index;
    return true;
  }

  /**
   * Where two logs may still agree, if one has an entry of `term` at `index` and this one something else: the largest
   * position up to `index` whose term here is at most `term`. Term 0 there means unknown, or the very beginning.
   *
   *   index      1 2 3 4 5 6 7 8 9
   *   theirs     1 3 3 3 5 5 5 5 5       refused at 9, term 5
   *   this log   1 1 1 1 2 2             → index 6, term 2: one step, where counting down would take three
   *
   * Raft §5.3 ("the protocol can be optimized"), etcd findConflictByTerm.
   */
  findConflictByTerm({index, term}: EntryId): EntryId {
    for (let at = index; at >= this.firstIndex; at--) {
      const here = this.termAt(at);
      if (here === undefined) return {index: at, term: 0};
      if (here <= term) return {index: at, term: here};
    }
    return {index: this.firstIndex - 1, term: this.termAt(this.firstIndex - 1) ?? 0};
  }

  hasAppendWork(): boolean {
    return this.unstable.hasWork();
  }

  takeAppendWork(): readonly Entry[] {
    return this.unstable.takeWork();
  }

  /** Last entry that is not known to be durable, if there is one. */
  lastUnstable(): EntryId | undefined {
    return this.unstable.isEmpty ? undefined : this.last;
  }

  /** Everything up to `id` became durable and is in storage; false if `id` is not in the unstable part any more. */
  stableTo(id: EntryId): boolean {
    if (!this.unstable.stableTo(id)) return false;
    assert(
      this.storage.termAt(id.index) === id.term,
      `entry ${id.index}/${id.term} is said to be durable but is not in storage`,
    );
    return true;
  }

  hasApplyWork(): boolean {
    return this.applying < this.appliableTo();
  }

  /** Entries that are committed and durable here, and were not handed out before. */
  takeApplyWork(): readonly Entry[] {
    const to = this.appliableTo();
    if (this.applying >= to) return [];
    const work = this.storage.entries(this.applying + 1, to + 1);
    this.applying = to;
    return work;
  }

  applied(index: Index): void {
    assert(
      index >= this.appliedTo && index <= this.applying,
      `entry ${index} was applied, outside of what was handed out: ${this.appliedTo}..${this.applying}`,
    );
    this.appliedTo = index;
  }

  /** Cursors that decide what the next Ready holds, for the digest. */
  cursors(): readonly Index[] {
    return [this.committed, this.applying, this.appliedTo, this.unstable.offset, this.unstable.workFrom];
  }

  /** An independent twin over a fork of the same storage. */
  fork(storage: MemoryStorage): Log {
    const {committed, applying, appliedTo} = this;
    return new Log(storage, this.unstable.fork(), {committed, applying, appliedTo});
  }

  private appliableTo(): Index {
    return Math.min(this.committed, this.unstable.offset - 1);
  }
}
