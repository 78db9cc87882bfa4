// The tail of the log that is not known to be durable: entries from `offset` on, after a received snapshot if there is
// one. A prefix of it was handed out as append work already (in progress); a receipt moves what it covers over to the
// stable log.
//
//        stable            unstable                            unstable after a snapshot at 20
//   ... 3  4  5 │ 6  7  8  9  10                          [20] │ 21  22
//               │         └ inProgressTo = 9: entries 6..8     └ offset = 21: nothing below is looked at any more
//               └ offset = 6                are being written
//
// etcd: log_unstable.go.

import {assert} from "../base/assert.ts";
import type {Entry, EntryId, Index, Term} from "./entry.ts";
import type {Snapshot} from "./snapshot.ts";

/** What `truncateAndAppend` did with what was there. */
export type Appended = "appended" | "replaced" | "truncated";

/** What came of a receipt; `missing`, `inSnapshot` and `mismatched` change nothing. */
export type Stabilized = "stable" | "missing" | "inSnapshot" | "mismatched";

export class Unstable {
  /** Index of the first entry here, also when there is none. */
  offset: Index;
  /** A received snapshot that is not known to be durable; it ends at offset − 1 when it comes. */
  private received: Snapshot | undefined;
  private snapshotInProgress = false;
  /** Entries before this index were handed out to be written. Invariant: offset ≤ inProgressTo ≤ lastIndex + 1. */
  private inProgressTo: Index;
  private entries: Entry[] = [];

  constructor(offset: Index) {
    this.offset = offset;
    this.inProgressTo = offset;
  }

  /** Index of the last entry of the whole log: when nothing is unstable, the one before `offset`. */
  get lastIndex(): Index {
    return this.offset + this.entries.length - 1;
  }

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  get length(): number {
    return this.entries.length;
  }

  get snapshot(): Snapshot | undefined {
    return this.received;
  }

  /** First index that nobody was asked to write yet. */
  get workFrom(): Index {
    return this.inProgressTo;
  }

  entryAt(index: Index): Entry | undefined {
    return index < this.offset ? undefined : this.entries[index - this.offset];
  }

  termAt(index: Index): Term | undefined {
    if (index >= this.offset) return this.entries[index - this.offset]?.term;
    return index === this.received?.index ? this.received.term : undefined;
  }

  hasWork(): boolean {
    return this.inProgressTo <= this.lastIndex || this.snapshotWork() !== undefined;
  }

  /** The received snapshot, if nobody was asked to write it yet. */
  snapshotWork(): Snapshot | undefined {
    return this.snapshotInProgress ? undefined : this.received;
  }

  /** Entries that nobody was asked to write yet. A fresh array. */
  entryWork(): readonly Entry[] {
    return this.entries.slice(this.inProgressTo - this.offset);
  }

  /** All that is here is in progress from now on. */
  workTaken(): void {
    this.inProgressTo = this.lastIndex + 1;
    this.snapshotInProgress = this.received !== undefined;
  }

  /** Appends entries that follow each other; the first may lie anywhere up to lastIndex + 1, and cuts off what stands there. */
  truncateAndAppend(entries: readonly Entry[]): Appended {
    const from = entries[0]?.index;
    if (from === undefined) return "appended";
    const end = this.lastIndex + 1;
    if (from > end) assert(false, `entry ${from} leaves a gap after ${end - 1}`);
    if (from < end && from <= this.offset) {
      // Also what the stable log holds from here on is overwritten: it is not looked at any more.
      this.entries = entries.slice();
      this.offset = from;
      this.inProgressTo = from;
      return "replaced";
    }
    this.entries.length = from - this.offset;
    this.inProgressTo = Math.min(this.inProgressTo, from);
    for (const entry of entries) this.entries.push(entry);
    return from < end ? "truncated" : "appended";
  }

  /**
   * Everything up to `id` became durable, unless that entry is not here any more: it was replaced, or an earlier receipt
   * covered it.
   */
  stableTo(id: EntryId): Stabilized {
    const term = this.termAt(id.index);
    if (term === undefined) return "missing";
    if (id.index < this.offset) return "inSnapshot";
    if (term !== id.term) return "mismatched";
    this.entries.splice(0, id.index + 1 - this.offset);
    this.offset = id.index + 1;
    this.inProgressTo = Math.max(this.inProgressTo, this.offset);
    return "stable";
  }

  /** The snapshot at `index` became durable; another one may have been received meanwhile. */
  snapshotStable(index: Index): void {
    if (this.received?.index !== index) return;
    this.received = undefined;
    this.snapshotInProgress = false;
  }

  /** A snapshot takes the place of the whole log. */
  restore(snapshot: Snapshot): void {
    this.offset = snapshot.index + 1;
    this.inProgressTo = this.offset;
    this.entries = [];
    this.received = snapshot;
    this.snapshotInProgress = false;
  }

  fork(): Unstable {
    const twin = new Unstable(this.offset);
    twin.received = this.received;
    twin.snapshotInProgress = this.snapshotInProgress;
    twin.inProgressTo = this.inProgressTo;
    twin.entries = this.entries.slice();
    return twin;
  }
}
