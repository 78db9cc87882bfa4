// What raft reads back of what its member made durable: the hard state and the stable part of the log. The server
// fills it, at boot from the disk and later as each AppendWork becomes durable; raft itself only reads.
// A compacted log and snapshots will move `before`; until then it stays at the very beginning.

import {assert} from "../base/assert.ts";
import {noMember} from "../base/quantity.ts";
import type {Entry, EntryId, HardState, Index, Term} from "./entry.ts";

const nothingYet: HardState = {term: 0, votedFor: noMember, commit: 0};

/** The stable log of one member, in memory. etcd: MemoryStorage. */
export class MemoryStorage {
  private state: HardState = nothingYet;
  /** The position just before the first entry that is held. etcd: the dummy entry. */
  private readonly before: EntryId = {index: 0, term: 0};
  private held: Entry[] = [];

  get firstIndex(): Index {
    return this.before.index + 1;
  }

  get lastIndex(): Index {
    return this.before.index + this.held.length;
  }

  /** What was set last; all zero for a member that never ran. */
  initialState(): HardState {
    return this.state;
  }

  setHardState(state: HardState): void {
    this.state = state;
  }

  /** Adds entries that became durable; one at an index that is held already replaces it and all after it. */
  append(entries: readonly Entry[]): void {
    const first = entries[0];
    if (first === undefined) return;
    assert(
      first.index >= this.firstIndex && first.index <= this.lastIndex + 1,
      `entry ${first.index} leaves a gap in the stable log, which holds ${this.firstIndex}..${this.lastIndex}`,
    );
    this.held.length = first.index - this.firstIndex;
    for (const entry of entries) {
      assert(entry.index === this.lastIndex + 1, `entry ${entry.index} does not follow ${this.lastIndex}`);
      this.held.push(entry);
    }
  }

  entryAt(index: Index): Entry | undefined {
    return index < this.firstIndex ? undefined : this.held[index - this.firstIndex];
  }

  /** Term of the entry at `index`, known from one before the first held entry to the last; else undefined. */
  termAt(index: Index): Term | undefined {
    return index === this.before.index ? this.before.term : this.entryAt(index)?.term;
  }

  /** Entries of [from, to), which must be held. A fresh array. */
  entries(from: Index, to: Index): readonly Entry[] {
    assert(
      from >= this.firstIndex && to <= this.lastIndex + 1,
      `stable entries [${from}, ${to}) asked, held are ${this.firstIndex}..${this.lastIndex}`,
    );
    return this.held.slice(from - this.firstIndex, to - this.firstIndex);
  }

  /** An independent twin; entries are shared. */
  fork(): MemoryStorage {
    const twin = new MemoryStorage();
    twin.state = this.state;
    twin.held = this.held.slice();
    return twin;
  }
}
