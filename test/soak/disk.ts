// A member's disk: what raft reads (all that was written), and what a crash leaves for certain (all that was synced). Work
// is a list of operations, in the order of etcd's write-ahead log: the snapshot, each entry, the hard state, and a sync.
// A crash keeps any prefix of what was not synced.

import {noMember} from "../../core/base/quantity.ts";
import type {ConfState} from "../../core/raft/confState.ts";
import type {Entry, HardState, Index} from "../../core/raft/entry.ts";
import {noData} from "../../core/raft/entry.ts";
import {MemoryStorage} from "../../core/raft/memoryStorage.ts";
import type {AppendWork} from "../../core/raft/ready.ts";
import type {Snapshot} from "../../core/raft/snapshot.ts";
import type {Storage} from "../../core/raft/storage.ts";

type Operation =
  | {readonly kind: "snapshot"; readonly snapshot: Snapshot}
  | {readonly kind: "made"; readonly snapshot: Snapshot}
  | {readonly kind: "compact"; readonly index: Index};

type Written = Entry | HardState | Operation;

export class Disk implements Storage {
  /** All that was written. */
  written: MemoryStorage;
  /** All that was synced. */
  synced: MemoryStorage;
  hardState: HardState = {term: 0, votedFor: noMember, commit: 0};
  syncedHardState: HardState = this.hardState;
  /** The configuration with which raft starts: as of what the state machine holds. */
  confState: ConfState;
  /** The configuration that it began with. */
  readonly firstConfState: ConfState;
  private readonly unsynced: Written[] = [];
  private readonly one: Entry[] = [];

  constructor(start: Snapshot) {
    this.written = new MemoryStorage(start);
    this.synced = new MemoryStorage(start);
    this.confState = start.confState;
    this.firstConfState = start.confState;
    if (start.index > 0) this.hardState = {term: start.term, votedFor: noMember, commit: start.index};
    this.syncedHardState = this.hardState;
  }

  // ---- what raft reads

  initialState(): {readonly hardState: HardState; readonly confState: ConfState} {
    return {hardState: this.hardState, confState: this.confState};
  }

  get firstIndex(): Index {
    return this.written.firstIndex;
  }

  get lastIndex(): Index {
    return this.written.lastIndex;
  }

  entryAt(index: Index): Entry | undefined {
    return this.written.entryAt(index);
  }

  termAt(index: Index): number | undefined {
    return this.written.termAt(index);
  }

  snapshot(): Snapshot | undefined {
    return this.written.snapshot();
  }

  // ---- operations

  /** Does the operation of `work` at `place`; false if there is none any more. */
  operate(work: AppendWork, place: number): boolean {
    let rest = place;
    if (work.snapshot !== undefined && rest-- === 0) {
      return this.write({kind: "snapshot", snapshot: work.snapshot});
    }
    const entry = work.entries[rest];
    if (entry !== undefined) return this.write(entry);
    rest -= work.entries.length;
    if (work.hardState !== undefined && rest-- === 0) return this.write(work.hardState);
    // A snapshot must be durable before it is acknowledged, whatever mustSync says.
    if ((work.mustSync || work.snapshot !== undefined) && rest === 0) {
      this.sync();
      return true;
    }
    return false;
  }

  /** A snapshot of what was applied up to `index`. False if there is a newer one, or the log does not reach there yet. */
  make(index: Index, confStateThere: ConfState): boolean {
    const latest = this.written.snapshot()?.index ?? 0;
    const term = this.written.termAt(index);
    if (index <= latest || term === undefined) return false;
    this.write({kind: "made", snapshot: {index, term, confState: confStateThere, data: noData}});
    return true;
  }

  /** Forgets entries up to `index`, at most the latest snapshot's. */
  compact(index: Index): boolean {
    if (index < this.firstIndex || index > (this.written.snapshot()?.index ?? 0)) return false;
    this.write({kind: "compact", index});
    return true;
  }

  get unsyncedCount(): number {
    return this.unsynced.length;
  }

  sync(): void {
    for (const operation of this.unsynced) this.doSynced(operation);
    this.unsynced.length = 0;
  }

  /** The first `kept` of the operations that were not synced are there, and nothing else is that was not. */
  crash(kept: number): void {
    this.unsynced.length = kept;
    this.sync();
    this.written = this.synced.fork();
    this.hardState = this.syncedHardState;
  }

  /**
   * What a member concludes from its disk when it starts: what a snapshot stands for was committed. True if the log's last
   * entry is of a later term than the hard state: that was lost, and nothing was said in the term.
   */
  recover(): boolean {
    const {hardState, written} = this;
    const commit = Math.max(hardState.commit, written.snapshot()?.index ?? 0);
    const term = written.termAt(written.lastIndex) ?? 0;
    const isLost = term > hardState.term;
    this.hardState = isLost ? {term, votedFor: noMember, commit} : {...hardState, commit};
    return isLost;
  }

  private write(operation: Written): true {
    this.unsynced.push(operation);
    if ("votedFor" in operation) this.hardState = operation;
    else this.doIn(this.written, operation);
    return true;
  }

  private doSynced(operation: Written): void {
    if ("votedFor" in operation) this.syncedHardState = operation;
    else this.doIn(this.synced, operation);
  }

  private doIn(storage: MemoryStorage, operation: Entry | Operation): void {
    if (!("kind" in operation)) {
      this.one[0] = operation;
      storage.append(this.one);
    } else if (operation.kind === "snapshot") storage.applySnapshot(operation.snapshot);
    else if (operation.kind === "compact") storage.compact(operation.index);
    else {
      const {index, confState, data} = operation.snapshot;
      storage.createSnapshot(index, confState, data);
    }
  }
}
