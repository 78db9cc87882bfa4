// The storage in memory: what a member's disk holds, as raft sees it. etcd: MemoryStorage.

import {assert} from "../base/assert.ts";
import {noMember} from "../base/quantity.ts";
import type {ConfState} from "./confState.ts";
import {emptyConfState} from "./confState.ts";
import type {Entry, HardState, Index, Term} from "./entry.ts";
import {noData} from "./entry.ts";
import type {Snapshot} from "./snapshot.ts";
import type {Storage} from "./storage.ts";

const nothingYet: HardState = {term: 0, votedFor: noMember, commit: 0};

/** The snapshot at the very beginning: no state, and the configuration that a cluster starts with. */
export function genesis(confState: ConfState): Snapshot {
  return {index: 0, term: 0, confState, data: noData};
}

export class MemoryStorage implements Storage {
  private state: HardState = nothingYet;
  private latest: Snapshot;
  /** The position just before the first entry that is held. etcd: the dummy entry. */
  private beforeIndex: Index;
  private beforeTerm: Term;
  private held: Entry[] = [];

  /** `start`: what it begins with; without one, a member that knows nobody. */
  constructor(start: Snapshot = genesis(emptyConfState)) {
    this.latest = start;
    this.beforeIndex = start.index;
    this.beforeTerm = start.term;
  }

  get firstIndex(): Index {
    return this.beforeIndex + 1;
  }

  get lastIndex(): Index {
    return this.beforeIndex + this.held.length;
  }

  initialState(): {readonly hardState: HardState; readonly confState: ConfState} {
    return {hardState: this.state, confState: this.latest.confState};
  }

  get hardState(): HardState {
    return this.state;
  }

  setHardState(state: HardState): void {
    this.state = state;
  }

  snapshot(): Snapshot | undefined {
    return this.latest;
  }

  /** Adds entries that became durable; one at an index that is held already replaces it and all after it. Compacted ones are skipped. */
  append(entries: readonly Entry[]): void {
    const first = entries[0];
    if (first === undefined || (entries.at(-1)?.index ?? 0) < this.firstIndex) return;
    if (first.index > this.lastIndex + 1)
      assert(
        false,
        `entry ${first.index} leaves a gap in the stable log, which holds ${this.firstIndex}..${this.lastIndex}`,
      );
    let next = first.index;
    this.held.length = Math.max(0, Math.min(this.held.length, next - this.firstIndex));
    for (const entry of entries) {
      if (entry.index !== next) assert(false, `entry ${entry.index} does not follow ${next - 1}`);
      if (next >= this.firstIndex) this.held.push(entry);
      next++;
    }
  }

  /** Replaces all that is held by a snapshot. False, and nothing happens, if it is older than the latest. */
  applySnapshot(snapshot: Snapshot): boolean {
    if (snapshot.index <= this.latest.index && this.latest.index > 0) return false;
    this.latest = snapshot;
    this.beforeIndex = snapshot.index;
    this.beforeTerm = snapshot.term;
    this.held = [];
    return true;
  }

  /** Keeps a snapshot of what was applied up to `index`; the entries stay. False if it is not newer than the latest. */
  createSnapshot(index: Index, confState: ConfState, data: Uint8Array): boolean {
    if (index <= this.latest.index) return false;
    const term = this.termAt(index);
    assert(
      term !== undefined,
      `a snapshot at ${index} lies outside of the log ${this.firstIndex}..${this.lastIndex}`,
    );
    this.latest = {index, term, confState, data};
    return true;
  }

  /** Forgets the entries up to `index`. False if they are forgotten already. */
  compact(index: Index): boolean {
    if (index <= this.beforeIndex) return false;
    const term = this.termAt(index);
    assert(
      term !== undefined,
      `compacted at ${index}, which lies outside of the log ${this.firstIndex}..${this.lastIndex}`,
    );
    this.held = this.held.slice(index - this.beforeIndex);
    this.beforeIndex = index;
    this.beforeTerm = term;
    return true;
  }

  entryAt(index: Index): Entry | undefined {
    return index <= this.beforeIndex ? undefined : this.held[index - this.beforeIndex - 1];
  }

  termAt(index: Index): Term | undefined {
    return index === this.beforeIndex ? this.beforeTerm : this.entryAt(index)?.term;
  }

  /** An independent twin; entries are shared. */
  fork(): MemoryStorage {
    const twin = new MemoryStorage(this.latest);
    twin.state = this.state;
    twin.beforeIndex = this.beforeIndex;
    twin.beforeTerm = this.beforeTerm;
    twin.held = this.held.slice();
    return twin;
  }
}
