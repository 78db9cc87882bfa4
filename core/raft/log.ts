// The log seen whole: the stable part, read from storage, with the unstable tail over it, and three cursors.
//
//   firstIndex ………… lastApplied ………… applying ………… commitIndex ………… lastIndex
//
// Invariant: lastApplied ≤ applying ≤ commitIndex ≤ lastIndex. etcd: log.go.

import {assert, present} from "../base/assert.ts";
import type {Entry, EntryId, Index, Term} from "./entry.ts";
import {encodedBytes} from "./entry.ts";
import type {Snapshot} from "./snapshot.ts";
import type {Storage} from "./storage.ts";
import {Unstable} from "./unstable.ts";
import type {Appended, Stabilized} from "./unstable.ts";

interface LogState {
  commitIndex: Index;
  /** The last entry handed out to be applied. */
  applying: Index;
  lastApplied: Index;
  /** Encoded bytes of what was handed out and is not applied. */
  applyingBytes: number;
  /** Nothing more is handed out until something was applied: the limit is reached. */
  applyPaused: boolean;
}

/** Where a member that starts stands. */
export interface LogStart {
  /** As persisted; 0 for a member that never ran. */
  readonly commit: Index;
  /** The last entry that its store holds; 0 if that starts at the storage's beginning. */
  readonly applied: Index;
  /** Encoded bytes that may be handed out and not applied. */
  readonly applyingBytesMax: number;
}

/** The log of a member that starts. Fails if `commit` or `applied` lies outside of it: then something durable was lost. */
export function openLog(storage: Storage, {commit, applied, applyingBytesMax}: LogStart): Log {
  const {firstIndex, lastIndex} = storage;
  const before = firstIndex - 1;
  assert(
    commit === 0 || (commit >= before && commit <= lastIndex),
    `commitIndex ${commit} lies outside of the log ${firstIndex}..${lastIndex}; was the log lost?`,
  );
  assert(
    applied === 0 || (applied >= before && applied <= lastIndex),
    `applied ${applied} lies outside of the log ${firstIndex}..${lastIndex}`,
  );
  const lastApplied = Math.max(applied, before);
  // What was applied was committed, though that commit index need not have been synced.
  const commitIndex = Math.max(commit, lastApplied);
  return new Log(storage, new Unstable(lastIndex + 1), {
    state: {commitIndex, applying: lastApplied, lastApplied, applyingBytes: 0, applyPaused: false},
    applyingBytesMax,
  });
}

export class Log {
  private readonly storage: Storage;
  private readonly unstable: Unstable;
  private readonly applyingBytesMax: number;
  private readonly state: LogState;

  /** For {@link openLog} and `fork`. */
  constructor(
    storage: Storage,
    unstable: Unstable,
    {state, applyingBytesMax}: {readonly state: LogState; readonly applyingBytesMax: number},
  ) {
    this.storage = storage;
    this.unstable = unstable;
    this.state = state;
    this.applyingBytesMax = applyingBytesMax;
  }

  get commitIndex(): Index {
    return this.state.commitIndex;
  }

  get applying(): Index {
    return this.state.applying;
  }

  get lastApplied(): Index {
    return this.state.lastApplied;
  }

  get firstIndex(): Index {
    return this.unstable.snapshot === undefined ? this.storage.firstIndex : this.unstable.snapshot.index + 1;
  }

  get lastIndex(): Index {
    return this.unstable.lastIndex;
  }

  get last(): EntryId {
    const index = this.unstable.lastIndex;
    return {index, term: present(this.termAt(index), "term of last entry", index)};
  }

  /** First entry that is not known to be durable; lastIndex + 1 if all are. */
  get unstableFrom(): Index {
    return this.unstable.offset;
  }

  /** First entry that nobody was asked to write yet. */
  get unstableWorkFrom(): Index {
    return this.unstable.workFrom;
  }

  get unstableCount(): number {
    return this.unstable.length;
  }

  /** A received snapshot that is not known to be durable. */
  get unstableSnapshot(): Snapshot | undefined {
    return this.unstable.snapshot;
  }

  /** The same object until `index` is overwritten: what becomes stable is what was unstable. */
  entryAt(index: Index): Entry | undefined {
    if (index >= this.unstable.offset) return this.unstable.entryAt(index);
    return this.unstable.snapshot === undefined ? this.storage.entryAt(index) : undefined;
  }

  /** Known from one before the first entry to the last; undefined elsewhere. */
  termAt(index: Index): Term | undefined {
    if (index >= this.unstable.offset || this.unstable.snapshot !== undefined)
      return this.unstable.termAt(index);
    return this.storage.termAt(index);
  }

  isAt({index, term}: EntryId): boolean {
    return this.termAt(index) === term;
  }

  /** Entries of [from, to), as many as fit in `bytesMax` encoded, but at least one. A fresh array. */
  entries(from: Index, to: Index, bytesMax: number): readonly Entry[] {
    const entries: Entry[] = [];
    let bytes = 0;
    for (let index = from; index < to; index++) {
      const entry = present(this.entryAt(index), "entry", index);
      bytes += encodedBytes(entry);
      if (bytes > bytesMax && entries.length > 0) break;
      entries.push(entry);
    }
    return entries;
  }

  append(entries: readonly Entry[]): Appended {
    const first = entries[0];
    if (first === undefined) return "appended";
    if (first.index <= this.state.commitIndex)
      assert(
        false,
        `entry ${first.index} would replace a committed one (commitIndex ${this.state.commitIndex})`,
      );
    return this.unstable.truncateAndAppend(entries);
  }

  /** Moves commitIndex forward, never back. */
  commitTo(index: Index): boolean {
    if (index <= this.state.commitIndex) return false;
    if (index > this.lastIndex)
      assert(false, `commitIndex ${index} is beyond lastIndex ${this.lastIndex}; was the log lost?`);
    this.state.commitIndex = index;
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
    for (let at = index; at > 0; at--) {
      const ours = this.termAt(at);
      if (ours === undefined) return {index: at, term: 0};
      if (ours <= term) return {index: at, term: ours};
    }
    return {index: 0, term: 0};
  }

  hasAppendWork(): boolean {
    return this.unstable.hasWork();
  }

  /** What nobody was asked to write yet; to be followed by {@link appendWorkTaken}. */
  appendWork(): {readonly snapshot: Snapshot | undefined; readonly entries: readonly Entry[]} {
    return {snapshot: this.unstable.snapshotWork(), entries: this.unstable.entryWork()};
  }

  appendWorkTaken(): void {
    this.unstable.workTaken();
  }

  /** Last entry that is not known to be durable, if there is one. */
  lastUnstable(): EntryId | undefined {
    return this.unstable.isEmpty ? undefined : this.last;
  }

  /** Everything up to `id` became durable and is in storage, unless the unstable part has changed meanwhile. */
  stableTo(id: EntryId): Stabilized {
    const outcome = this.unstable.stableTo(id);
    if (outcome === "stable" && this.storage.termAt(id.index) !== id.term)
      assert(false, `entry ${id.index}/${id.term} is said to be durable but is not in storage`);
    return outcome;
  }

  /** The received snapshot at `index` became durable and is in storage. */
  snapshotStable(index: Index): void {
    this.unstable.snapshotStable(index);
  }

  /** A snapshot from the leader takes the place of the log, and what it stands for is committed. */
  restore(snapshot: Snapshot): void {
    assert(
      snapshot.index > this.state.commitIndex,
      `a snapshot at ${snapshot.index} is not beyond commitIndex ${this.state.commitIndex}`,
    );
    this.state.commitIndex = snapshot.index;
    this.unstable.restore(snapshot);
  }

  /** `allowUnstable`: also what is not durable here; safe if it will be before it is acknowledged. */
  hasApplyWork(allowUnstable: boolean): boolean {
    return !this.isApplyBlocked() && this.state.applying < this.appliableTo(allowUnstable);
  }

  /** Entries that are committed and were not handed out before, within the limit. */
  takeApplyWork(allowUnstable: boolean): readonly Entry[] {
    if (!this.hasApplyWork(allowUnstable)) return [];
    const {state} = this;
    const to = this.appliableTo(allowUnstable);
    const work = this.entries(state.applying + 1, to + 1, this.applyingBytesMax - state.applyingBytes);
    state.applying += work.length;
    for (const entry of work) state.applyingBytes += encodedBytes(entry);
    state.applyPaused = state.applyingBytes >= this.applyingBytesMax || state.applying < to;
    return work;
  }

  /** The state machine is at `index`; `bytes`, encoded, of what was handed out are done with. */
  applied(index: Index, bytes: number): void {
    const {state} = this;
    if (index < state.lastApplied || index > state.commitIndex)
      assert(
        false,
        `entry ${index} was applied, outside of what is committed: ${state.lastApplied}..${state.commitIndex}`,
      );
    state.lastApplied = index;
    state.applying = Math.max(state.applying, index);
    state.applyingBytes = Math.max(0, state.applyingBytes - bytes);
    state.applyPaused = state.applyingBytes >= this.applyingBytesMax;
  }

  /** The latest snapshot that a follower could be sent; undefined if none can be had now. */
  snapshot(): Snapshot | undefined {
    return this.unstable.snapshot ?? this.storage.snapshot();
  }

  /** Numbers that decide what the next Ready holds, for the digest. */
  cursors(): readonly number[] {
    const {commitIndex, applying, lastApplied, applyingBytes, applyPaused} = this.state;
    const {offset, workFrom} = this.unstable;
    const received = this.unstable.snapshot?.index ?? 0;
    const waiting = this.unstable.snapshotWork() === undefined ? 0 : 1;
    return [
      commitIndex,
      applying,
      lastApplied,
      applyingBytes,
      applyPaused ? 1 : 0,
      offset,
      workFrom,
      received,
      waiting,
    ];
  }

  /** An independent twin over a fork of the same storage. */
  fork(storage: Storage): Log {
    const {applyingBytesMax} = this;
    return new Log(storage, this.unstable.fork(), {state: {...this.state}, applyingBytesMax});
  }

  /** While a snapshot is on its way to the disk the entries before it are not here, and none after it may be applied. */
  private isApplyBlocked(): boolean {
    return this.state.applyPaused || this.unstable.snapshot !== undefined;
  }

  private appliableTo(allowUnstable: boolean): Index {
    const {commitIndex} = this.state;
    return allowUnstable ? commitIndex : Math.min(commitIndex, this.unstable.offset - 1);
  }
}
