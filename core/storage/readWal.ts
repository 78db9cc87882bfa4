// Reading the log back at boot: what survived, and where writing goes on. A tail that was never wholly written is cut
// off; a record that was whole once and is not any more is refused, because what it promised (a vote, an
// acknowledgement) cannot be known. etcd wal/wal.go ReadAll, ValidSnapshotEntries, wal/repair.go.

import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {Entry, HardState, Index} from "../raft/entry.ts";
import type {Damage, DiskReader} from "./disk.ts";
import {nextWalFile} from "./files.ts";
import {LogOutline} from "./logOutline.ts";
import type {SegmentHead, WalRecord} from "./record.ts";
import type {SnapshotMark} from "./snapshotMark.ts";
import {storageRules} from "./rules.ts";
import {walkWal} from "./walkWal.ts";

/** What a member finds in its log. */
export interface WalContents {
  /** Whose log it is; undefined when nothing was written yet. */
  readonly member: MemberId | undefined;
  /** All that the segments tell of, in the order in which they were written; each at or before `hardState.commit`. */
  readonly snapshots: readonly SnapshotMark[];
  /** Of the first of `entries`, or the one that the next entry will have. */
  readonly firstIndex: Index;
  /** Those that the segments hold, without a gap; behind a received snapshot only what follows it. */
  readonly entries: readonly Entry[];
  readonly hardState: HardState;
  readonly tail: WalTail;
}

/** Where writing goes on: what {@link Wal} must know of what was written before. */
export interface WalTail {
  /** Oldest first; none when nothing was written yet. */
  readonly segments: readonly WalSegment[];
  /** The checksum that the next record goes on from. */
  readonly crc: number;
  readonly outline: LogOutline;
  readonly hardState: HardState;
  /** Whether a segment is left that was being prepared. */
  readonly isAsideLeft: boolean;
}

export interface WalSegment {
  readonly file: string;
  readonly sequence: number;
  /** The first entry that it may hold, unless it replaces earlier ones. */
  readonly firstIndex: Index;
  /** Of good records. */
  readonly bytes: number;
}

const noHardState: HardState = {term: 0, votedFor: noMember, commit: 0};

/** What is found where nothing was written yet. */
export const emptyWal: WalContents = {
  member: undefined,
  snapshots: [],
  firstIndex: 1,
  entries: [],
  hardState: noHardState,
  tail: {segments: [], crc: 0, outline: new LogOutline(0), hardState: noHardState, isAsideLeft: false},
};

/** Reads the whole log. Fails where a record was whole once, or where whole records contradict each other. */
export function readWal(disk: DiskReader, rules = storageRules): Result<WalContents, Damage> {
  const replay = new Replay();
  const segments: Writable<WalSegment>[] = [];
  let crc = 0;
  for (const item of walkWal(disk, rules)) {
    const {file, offset} = item;
    if (item.kind === "damage") return failed({file, offset});
    if (item.kind === "torn") break;
    if (!replay.take(item.record)) return failed({file, offset});
    if (item.record.kind === "metadata") segments.push(segmentOf(item.record, file));
    const last = segments.at(-1);
    if (last !== undefined) last.bytes = offset + item.bytes;
    crc = item.crc;
  }
  const {member, snapshots, firstIndex, entries} = replay;
  const hardState = replay.state();
  const isAsideLeft = disk.list().includes(nextWalFile);
  const tail = {segments, crc, outline: replay.outline, hardState, isAsideLeft};
  return ok({member, snapshots, firstIndex, entries, hardState, tail});
}

/**
 * What the log holds behind a snapshot, or from its beginning. Undefined when that does not follow: the entries between
 * were purged, or the snapshot is beyond the log.
 */
export function entriesAfter(
  {firstIndex, entries}: Pick<WalContents, "firstIndex" | "entries">,
  mark: SnapshotMark | undefined,
): readonly Entry[] | undefined {
  const place = (mark?.index ?? 0) + 1 - firstIndex;
  return place < 0 || place > entries.length ? undefined : entries.slice(place);
}

type Writable<T> = {-readonly [Field in keyof T]: T[Field]};

function segmentOf({sequence, firstIndex}: SegmentHead, file: string): WalSegment {
  return {file, sequence, firstIndex, bytes: 0};
}

/** The records taken in order. */
class Replay {
  member: MemberId | undefined;
  snapshots: SnapshotMark[] = [];
  firstIndex: Index = 1;
  entries: Entry[] = [];
  outline = new LogOutline(0);
  private newest: SnapshotMark | undefined;
  private hardState: HardState = noHardState;

  /** False when the record cannot follow those before it. */
  take(record: WalRecord): boolean {
    if (record.kind === "metadata") return this.takeHead(record);
    if (record.kind === "entry") return this.takeEntry(record.entry);
    if (record.kind === "snapshot") return this.takeSnapshot(record.mark, record.replacesLog);
    this.hardState = record.hardState;
    return true;
  }

  /** The oldest segment says where the log begins. */
  private takeHead({member, firstIndex}: SegmentHead): boolean {
    if (this.member !== undefined) return member === this.member && firstIndex === this.outline.last + 1;
    this.member = member;
    this.firstIndex = firstIndex;
    this.outline = new LogOutline(firstIndex - 1);
    return true;
  }

  /** An earlier entry than all that are held replaces one whose segment was purged. What a snapshot stands for stays. */
  private takeEntry(entry: Entry): boolean {
    const {index} = entry;
    if (index <= (this.newest?.index ?? 0) || index > this.outline.last + 1) return false;
    this.firstIndex = Math.min(this.firstIndex, index);
    this.entries.length = index - this.firstIndex;
    this.entries.push(entry);
    this.outline.put(entry);
    return true;
  }

  private takeSnapshot(mark: SnapshotMark, replacesLog: boolean): boolean {
    if (replacesLog) {
      if (mark.index <= (this.newest?.index ?? 0)) return false;
      this.entries = [];
      this.firstIndex = mark.index + 1;
      this.outline = new LogOutline(mark.index, [mark]);
    }
    if (!this.outline.holds(mark)) return false;
    this.snapshots.push(mark);
    if (mark.index > (this.newest?.index ?? 0)) this.newest = mark;
    return true;
  }

  /**
   * The last hard state. The one written with the last entries may be lost while they are not: their term had begun, and
   * this member gave no vote in it, or a hard state of that term would have been synced before. What a snapshot stands
   * for is committed.
   */
  state(): HardState {
    const commit = Math.max(this.hardState.commit, this.newest?.index ?? 0);
    const term = this.entries.at(-1)?.term ?? this.newest?.term ?? 0;
    if (term <= this.hardState.term) return {...this.hardState, commit};
    return {term, votedFor: noMember, commit};
  }
}
