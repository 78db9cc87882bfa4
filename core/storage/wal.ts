// The write-ahead log of a running member: turns batches into disk operations. It keeps no bytes; what was written is read
// back only at boot (readWal.ts).
//
// One batch is on its way at a time. It is done when all its steps are: a batch that must be synced is then durable.
// Opening is the first batch, and it always ends with a sync: bytes that were read back after a crash of the process alone
// may not be durable yet, and nothing may be said on their strength before they are.
//
// A segment that is full is closed, and the next one made: written aside, synced, renamed, its name synced. Nothing is
// written to it before its name is durable, and it has no name before the one before it is synced. So every named segment
// begins with a whole head, and all but the last one are whole.

import {assert} from "../base/assert.ts";
import {Writer} from "../base/codec.ts";
import type {Hasher} from "../base/hasher.ts";
import {Slab} from "../base/slab.ts";
import type {MemberId} from "../base/quantity.ts";
import type {Entry, HardState, Index} from "../raft/entry.ts";
import type {DiskOp, DiskStep} from "./disk.ts";
import {nextWalFile, walFileName} from "./files.ts";
import {LogOutline} from "./logOutline.ts";
import type {WalSegment, WalTail} from "./readWal.ts";
import type {WalRecord} from "./record.ts";
import {walFormat, writeRecord} from "./record.ts";
import {storageRules, type StorageRules} from "./rules.ts";
import type {SnapshotMark} from "./snapshotMark.ts";

/** What is handed to the disk: soon in its pages, and forgotten. */
const slab = new Slab();

/** What is to be written, in this order: the snapshot, the entries, the hard state. */
export interface WalBatch {
  readonly snapshot: SnapshotMark | undefined;
  readonly entries: readonly Entry[];
  readonly hardState: HardState | undefined;
  readonly mustSync: boolean;
}

export interface WalOptions {
  readonly member: MemberId;
  /** A segment that has so many bytes is closed. The last batch in it may make it larger. */
  readonly segmentBytes: number;
}

/** A segment as it stands on the disk. */
export interface WalSegmentView extends WalSegment {
  /** Those of its bytes that are known to survive a crash. */
  readonly durableBytes: number;
}

export class Wal {
  private readonly options: WalOptions;
  private readonly rules: StorageRules;
  /** Oldest first; the last one is written to. Empty before the first is made. */
  private held: readonly WalSegment[];
  private crc: number;
  private outline: LogOutline;
  private hardState: HardState;
  private isAsideLeft: boolean;
  /** Bytes that are not known to be durable; all of them stand at the log's end. */
  private volatile: number;
  /** What the batch on its way does beside writing. */
  private onItsWay: "nothing" | "write" | "sync" | "cut" = "nothing";
  /** Where records are put together: empty between calls, so twins share it. */
  private scratch = new Writer();

  constructor(tail: WalTail, options: WalOptions, rules = storageRules) {
    this.options = options;
    this.rules = rules;
    this.held = tail.segments;
    this.crc = tail.crc;
    this.outline = tail.outline.fork();
    this.hardState = tail.hardState;
    this.isAsideLeft = tail.isAsideLeft;
    this.volatile = this.bytes;
  }

  /** Bytes of all records handed to the disk that were not purged. */
  get bytes(): number {
    let bytes = 0;
    for (const segment of this.held) bytes += segment.bytes;
    return bytes;
  }

  /** Those of them that are known to survive a crash. */
  get durableBytes(): number {
    return this.bytes - this.volatile;
  }

  /** Oldest first. */
  get segments(): readonly WalSegmentView[] {
    const views: WalSegmentView[] = [];
    let rest = this.volatile;
    for (const segment of this.held.toReversed()) {
      const durableBytes = Math.max(0, segment.bytes - rest);
      rest -= segment.bytes - durableBytes;
      views.push({...segment, durableBytes});
    }
    return views.reverse();
  }

  /** Makes the log fit to be appended to: cuts a torn tail off, makes the first segment of a new log. */
  open(): readonly DiskStep[] {
    this.begin("cut");
    const ops: DiskOp[] = [];
    if (this.isAsideLeft) ops.push({kind: "unlink", file: nextWalFile});
    this.isAsideLeft = false;
    const last = this.held.at(-1);
    if (last === undefined) return this.cut(ops);
    const {file, bytes} = last;
    // As in etcd (ZeroToEnd): behind the good records there are zeros, whatever the crash left there.
    ops.push({kind: "truncate", file, size: bytes});
    ops.push({kind: "allocate", file, size: this.options.segmentBytes}, {kind: "sync", file});
    return [ops, [{kind: "syncDir"}]];
  }

  /** Writes the batches as one. No steps when there is nothing to write or sync: they are done then. */
  append(batches: readonly WalBatch[]): readonly DiskStep[] {
    let mustSync = false;
    this.scratch.clear();
    for (const batch of batches) {
      this.putBatch(batch);
      mustSync ||= batch.mustSync || batch.snapshot !== undefined;
    }
    if (this.scratch.length === 0 && !mustSync) return [];
    const {file, bytes} = this.last();
    const isFull = bytes + this.scratch.length >= this.options.segmentBytes;
    this.begin(isFull ? "cut" : mustSync ? "sync" : "write");
    const ops: DiskOp[] = [];
    if (this.scratch.length > 0) ops.push(this.write(file, bytes));
    if (mustSync || isFull) ops.push({kind: "sync", file});
    return isFull ? this.cut(ops) : [ops];
  }

  /** All steps of the last {@link open} or {@link append} completed. */
  settled(): void {
    if (this.onItsWay === "sync" || this.onItsWay === "cut") this.volatile = 0;
    this.onItsWay = "nothing";
  }

  /**
   * Unlinks the segments before the newest one that begins at or before `index`, oldest first. Who kept a snapshot at
   * `index` still finds it in the log afterwards, and every entry behind it: its record was written after the entry that it
   * stands for (or stands for none), so in the segment that holds that or in a later one. The last hard state was repeated
   * at the head of every segment.
   */
  purge(index: Index): readonly DiskStep[] {
    // One that is being made may not have its name yet.
    const named = this.onItsWay === "cut" ? this.held.slice(0, -1) : this.held;
    const keepFrom = named.findLastIndex((segment) => segment.firstIndex <= index);
    if (keepFrom <= 0) return [];
    // One after the other: a crash must leave no gap.
    const steps: DiskStep[] = this.held.slice(0, keepFrom).map(({file}) => [{kind: "unlink", file}]);
    this.held = this.held.slice(keepFrom);
    this.volatile = Math.min(this.volatile, this.bytes);
    return [...steps, [{kind: "syncDir"}]];
  }

  fork(): Wal {
    const twin = new Wal(
      {
        segments: this.held,
        crc: this.crc,
        outline: this.outline,
        hardState: this.hardState,
        isAsideLeft: this.isAsideLeft,
      },
      this.options,
      this.rules,
    );
    twin.volatile = this.volatile;
    twin.onItsWay = this.onItsWay;
    twin.scratch = this.scratch;
    return twin;
  }

  digest(into: Hasher): void {
    into.int(this.held[0]?.sequence ?? -1);
    into.int(this.held.length);
    for (const {firstIndex} of this.held) into.int(firstIndex);
    into.int(this.held.at(-1)?.bytes ?? -1);
    into.int(this.crc);
    into.int(this.volatile);
    into.string(this.onItsWay);
  }

  private begin(what: "write" | "sync" | "cut"): void {
    assert(this.onItsWay === "nothing", "a batch was appended to the log while another was on its way");
    this.onItsWay = what;
  }

  private last(): WalSegment {
    const last = this.held.at(-1);
    assert(last !== undefined, "a batch was appended to a log that was not opened");
    return last;
  }

  private putBatch({snapshot: mark, entries, hardState}: WalBatch): void {
    if (mark !== undefined) {
      const replacesLog = !this.outline.holds(mark);
      if (replacesLog) this.outline = new LogOutline(mark.index, [mark]);
      this.put({kind: "snapshot", mark, replacesLog});
    }
    for (const entry of entries) {
      this.outline.put(entry);
      this.put({kind: "entry", entry});
    }
    if (hardState === undefined) return;
    this.hardState = hardState;
    this.put({kind: "hardState", hardState});
  }

  private put(record: WalRecord): void {
    // A segment gets its name when all before it is synced.
    const isAfterSync = this.scratch.length === 0 && (this.volatile === 0 || record.kind === "metadata");
    this.crc = writeRecord(this.scratch, this.held.at(-1)?.bytes ?? 0, record, this.crc, isAfterSync);
  }

  /** The records put together, to be written at the end of the last segment. */
  private write(file: string, at: number): DiskOp {
    const bytes = slab.copy(this.scratch.view(0));
    this.volatile += bytes.length;
    this.held = this.held.with(-1, {...this.last(), bytes: at + bytes.length});
    return {kind: "write", file, at, bytes};
  }

  /** Goes over to a new segment. `ops`: what goes along with preparing it. */
  private cut(ops: readonly DiskOp[]): readonly DiskStep[] {
    const {member, segmentBytes} = this.options;
    const sequence = (this.held.at(-1)?.sequence ?? -1) + 1;
    const firstIndex = this.outline.last + 1;
    const file = walFileName(sequence, firstIndex);
    this.held = [...this.held, {file, sequence, firstIndex, bytes: 0}];
    const chain = this.crc;
    this.crc = 0;
    this.scratch.clear();
    this.put({kind: "metadata", format: walFormat, member, sequence, firstIndex, chain});
    const {hardState} = this;
    if (hardState.term > 0 || hardState.commit > 0) this.put({kind: "hardState", hardState});
    const prepare: DiskStep = [
      ...ops,
      this.write(nextWalFile, 0),
      {kind: "allocate", file: nextWalFile, size: segmentBytes},
      {kind: "sync", file: nextWalFile},
    ];
    const named: DiskStep = [{kind: "rename", file: nextWalFile, to: file}];
    return this.rules.mustSyncName() ? [prepare, named, [{kind: "syncDir"}]] : [prepare, named];
  }
}
