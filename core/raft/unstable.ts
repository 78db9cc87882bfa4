// The tail of the log that is not known to be durable: entries from `offset` on. A prefix of it was handed out as
// append work already (in progress); a receipt moves what it covers over to the stable log.
//
//        stable            unstable
//   ... 3  4  5 │ 6  7  8  9  10
//               │         └ inProgressTo = 9: entries 6..8 are being written
//               └ offset = 6
//
// etcd: log_unstable.go.

import {assert} from "../base/assert.ts";
import type {Entry, EntryId, Index} from "./entry.ts";

export class Unstable {
  /** Index of the first entry here, also when there is none. */
  offset: Index;
  /** Entries before this index were handed out to be written. Invariant: offset ≤ inProgressTo ≤ lastIndex + 1. */
  private inProgressTo: Index;
  private entries: Entry[];

  constructor(offset: Index) {
    this.offset = offset;
    this.inProgressTo = offset;
    this.entries = [];
  }

  /** Index of the last entry of the whole log: when nothing is unstable, the one before `offset`. */
  get lastIndex(): Index {
    return this.offset + this.entries.length - 1;
  }

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  entryAt(index: Index): Entry | undefined {
    return index < this.offset ? undefined : this.entries[index - this.offset];
  }

  hasWork(): boolean {
    return this.inProgressTo <= this.lastIndex;
  }

  /** Entries that nobody was asked to write yet; they are in progress from now on. A fresh array. */
  takeWork(): readonly Entry[] {
    const work = this.entries.slice(this.inProgressTo - this.offset);
    this.inProgressTo = this.lastIndex + 1;
    return work;
  }

  /** Appends entries that follow each other; the first may lie anywhere up to lastIndex + 1, and cuts off what stands there. */
  truncateAndAppend(entries: readonly Entry[]): void {
    const from = entries[0]?.index;
    if (from === undefined) return;
    assert(from <= this.lastIndex + 1, `entry ${from} leaves a gap after ${this.lastIndex}`);
    if (from <= this.offset) {
      // Also what the stable log holds from here on is overwritten: it is not looked at any more.
      this.entries = entries.slice();
      this.offset = from;
      this.inProgressTo = from;
      return;
    }
    this.entries.length = from - this.offset;
    this.inProgressTo = Math.min(this.inProgressTo, from);
    for (const entry of entries) this.entries.push(entry);
  }

  /**
   * Everything up to `id` became durable. False, and nothing happens, if that entry is not here any more: it was
   * replaced, or an earlier receipt covered it.
   */
  stableTo(id: EntryId): boolean {
    if (this.entryAt(id.index)?.term !== id.term) return false;
    this.entries.splice(0, id.index + 1 - this.offset);
    this.offset = id.index + 1;
    this.inProgressTo = Math.max(this.inProgressTo, this.offset);
    return true;
  }

  fork(): Unstable {
    const twin = new Unstable(this.offset);
    twin.inProgressTo = this.inProgressTo;
    twin.entries = this.entries.slice();
    return twin;
  }

  /** First index that nobody was asked to write yet. */
  get workFrom(): Index {
    return this.inProgressTo;
  }
}
