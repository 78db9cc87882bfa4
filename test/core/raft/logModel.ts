// The log as a plain list, and the real one beside it, with a disk that writes when told to. Whatever is done to both, they
// must look the same from outside.

import {expect} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {confState} from "../../../core/raft/confState.ts";
import type {Entry, EntryId} from "../../../core/raft/entry.ts";
import {encodedBytes, noData} from "../../../core/raft/entry.ts";
import {openLog} from "../../../core/raft/log.ts";
import type {Log} from "../../../core/raft/log.ts";
import {MemoryStorage} from "../../../core/raft/memoryStorage.ts";
import type {Snapshot} from "../../../core/raft/snapshot.ts";
import {snapshotAt} from "./entries.ts";
import {entry} from "./notation.ts";

export type LogStep =
  | {readonly kind: "append"; readonly back: number; readonly count: number; readonly sameTerm: boolean}
  | {readonly kind: "restore" | "commit" | "compact"; readonly ahead: number}
  | {readonly kind: "take" | "write" | "apply" | "applyUnstable" | "applied" | "fork"};

interface Work {
  readonly snapshot: Snapshot | undefined;
  readonly entries: readonly Entry[];
  readonly last: EntryId | undefined;
  readonly term: number;
}

export class LogModel {
  private storage = new MemoryStorage();
  private real: Log;
  private readonly bytesMax: number;
  /** What is held, and from where on; before it only one term is known. */
  private before: EntryId = {index: 0, term: 0};
  private list: Entry[] = [];
  private term = 1;
  private stable = 0;
  private pendingSnapshot = 0;
  private commit = 0;
  private applying = 0;
  private lastApplied = 0;
  private paused = false;
  private readonly works: Work[] = [];
  private readonly handedOut: (readonly Entry[])[] = [];

  constructor(applyingBytesMax: number) {
    this.bytesMax = applyingBytesMax;
    this.real = openLog(this.storage, {commit: 0, applied: 0, applyingBytesMax});
  }

  do(step: LogStep): void {
    switch (step.kind) {
      case "append":
        return this.append(step);
      case "restore":
        return this.restore(step.ahead);
      case "commit":
        this.commit = Math.min(this.last, this.commit + step.ahead);
        this.real.commitTo(this.commit - step.ahead);
        this.real.commitTo(this.commit);
        return;
      case "compact":
        return this.compact(step.ahead);
      case "take":
        return this.take();
      case "write":
        return this.write();
      case "apply":
        return this.apply(false);
      case "applyUnstable":
        return this.apply(true);
      case "applied":
        return this.applied(this.handedOut.shift() ?? []);
      case "fork":
        this.storage = this.storage.fork();
        this.real = this.real.fork(this.storage);
        return;
      default:
        throw new Error(`no such step: ${JSON.stringify(step)}`);
    }
  }

  /** Looks at all there is to see. */
  compare(): void {
    const {real, before, last} = this;
    expect([real.commitIndex, real.applying, real.lastApplied, real.firstIndex, real.lastIndex]).toEqual([
      this.commit,
      this.applying,
      this.lastApplied,
      before.index + 1,
      last,
    ]);
    expect(real.unstableFrom).toBe(this.stable + 1);
    expect(real.unstableCount).toBe(last - this.stable);
    expect(real.unstableSnapshot?.index ?? 0).toBe(this.pendingSnapshot);
    expect(real.hasApplyWork(true)).toBe(this.hasApplyWork(true));
    expect(real.hasApplyWork(false)).toBe(this.hasApplyWork(false));
    const indexes = Array.from({length: last + 3}, (_, index) => index);
    expect(indexes.map((index) => real.entryAt(index))).toEqual(indexes.map((index) => this.entryAt(index)));
    expect(indexes.map((index) => real.termAt(index))).toEqual(indexes.map((index) => this.termAt(index)));
    expect(real.last).toEqual({index: last, term: this.termAt(last)});
    expect(real.entries(before.index + 1, last + 1, Infinity)).toEqual(this.list);
    for (const bytesMax of [0, 25, 40]) {
      expect(real.entries(before.index + 1, last + 1, bytesMax)).toEqual(prefix(this.list, bytesMax));
    }
  }

  private get last(): number {
    return this.before.index + this.list.length;
  }

  private entryAt(index: number): Entry | undefined {
    return index > this.before.index ? this.list[index - this.before.index - 1] : undefined;
  }

  private termAt(index: number): number | undefined {
    return index === this.before.index ? this.before.term : this.entryAt(index)?.term;
  }

  private append({back, count, sameTerm}: Extract<LogStep, {kind: "append"}>): void {
    if (!sameTerm) this.term++;
    // Within a term a log only grows.
    const from = sameTerm ? this.last + 1 : Math.max(this.commit, this.last - back) + 1;
    const entries = Array.from({length: count}, (_, i) => entry({index: from + i, term: this.term}));
    this.real.append(entries);
    this.list = [...this.list.slice(0, from - this.before.index - 1), ...entries];
    this.stable = Math.min(this.stable, from - 1);
  }

  private restore(ahead: number): void {
    const index = this.commit + 1 + ahead;
    // Of the same leader it lies beyond the log: what lies inside of it is there already (§5.3), and not restored.
    const term = index > this.last ? this.term : ++this.term;
    const snapshot = snapshotAt({index, term});
    this.real.restore(snapshot);
    this.before = {index, term};
    this.list = [];
    this.commit = index;
    this.stable = index;
    this.pendingSnapshot = index;
  }

  /** As the application does: keeps a snapshot, and cuts the log behind it. */
  private compact(ahead: number): void {
    const index = Math.min(this.before.index + ahead, this.lastApplied, this.stable);
    if (index <= this.before.index || this.pendingSnapshot > 0) return;
    const term = present(this.termAt(index), `term of ${index}`);
    this.storage.createSnapshot(index, confState([1]), noData);
    this.storage.compact(index);
    this.list = this.list.slice(index - this.before.index);
    this.before = {index, term};
  }

  private take(): void {
    const {snapshot, entries} = this.real.appendWork();
    this.real.appendWorkTaken();
    expect(this.real.hasAppendWork()).toBe(false);
    this.works.push({snapshot, entries, last: this.real.lastUnstable(), term: this.term});
  }

  /** Does the oldest work, and hands the receipt back as a node does. */
  private write(): void {
    const work = this.works.shift();
    if (work === undefined) return;
    const {snapshot, entries, last, term} = work;
    if (snapshot !== undefined) this.storage.applySnapshot(snapshot);
    this.storage.append(entries);
    if (last !== undefined && term === this.term) {
      const isHere = last.index > this.stable && this.termAt(last.index) === last.term;
      expect(this.real.stableTo(last) === "stable").toBe(isHere);
      if (isHere) this.stable = last.index;
    }
    if (snapshot === undefined) return;
    this.real.snapshotStable(snapshot.index);
    if (this.pendingSnapshot === snapshot.index) this.pendingSnapshot = 0;
    this.moveApplied(snapshot.index, 0);
  }

  private hasApplyWork(allowUnstable: boolean): boolean {
    return !this.paused && this.pendingSnapshot === 0 && this.applying < this.appliableTo(allowUnstable);
  }

  private appliableTo(allowUnstable: boolean): number {
    return allowUnstable ? this.commit : Math.min(this.commit, this.stable);
  }

  private get applyingBytes(): number {
    return bytesOf(this.handedOut.flat());
  }

  private apply(allowUnstable: boolean): void {
    const work = this.real.takeApplyWork(allowUnstable);
    if (!this.hasApplyWork(allowUnstable)) return expect(work).toEqual([]);
    const to = this.appliableTo(allowUnstable);
    const open = this.list.slice(this.applying - this.before.index, to - this.before.index);
    expect(work).toEqual(prefix(open, this.bytesMax - this.applyingBytes));
    this.handedOut.push(work);
    this.applying += work.length;
    this.paused = this.applyingBytes >= this.bytesMax || this.applying < to;
  }

  private applied(entries: readonly Entry[]): void {
    const last = entries.at(-1);
    if (last !== undefined) this.moveApplied(last.index, bytesOf(entries));
  }

  private moveApplied(index: number, bytes: number): void {
    this.lastApplied = Math.max(this.lastApplied, index);
    this.applying = Math.max(this.applying, this.lastApplied);
    this.real.applied(this.lastApplied, bytes);
    this.paused = this.applyingBytes >= this.bytesMax;
  }
}

function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, one) => sum + encodedBytes(one), 0);
}

/** As many as fit, and at least one. */
function prefix(entries: readonly Entry[], bytesMax: number): readonly Entry[] {
  let length = entries.length;
  while (length > 1 && bytesOf(entries.slice(0, length)) > bytesMax) length--;
  return entries.slice(0, length);
}
