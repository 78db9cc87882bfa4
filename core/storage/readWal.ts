// Reading the log back at boot: what survived, and where writing goes on. A tail that was never wholly written is cut
// off; a record that was whole once and is not any more is refused, because what it promised (a vote, an
// acknowledgement) cannot be known. etcd wal/wal.go ReadAll, wal/repair.go.

import {assert} from "../base/assert.ts";
import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {Entry, HardState} from "../raft/entry.ts";
import type {Snapshot} from "../raft/snapshot.ts";
import type {DiskReader} from "./disk.ts";
import type {WalRecord} from "./record.ts";
import {readRecord} from "./record.ts";

/** The log's only file; segments come later. */
export const walFile = "wal";
/** The format that this build writes and reads. */
export const walFormat = 1;

/** What a member finds on its disk. */
export interface WalContents {
  /** Whose log it is; undefined when nothing was written yet. */
  readonly member: MemberId | undefined;
  /** The newest snapshot; undefined when the log goes back to the beginning. */
  readonly snapshot: Snapshot | undefined;
  /** From the one behind the snapshot on, or from 1, without a gap. */
  readonly entries: readonly Entry[];
  readonly hardState: HardState;
  /** Bytes of good records: where the next one goes. */
  readonly offset: number;
  /** The checksum that the next record goes on from. */
  readonly crc: number;
  /** Bytes behind the good records that must go before anything is written. */
  readonly torn: number;
}

/** Where a record stands that cannot be trusted. */
export interface WalCorruption {
  readonly file: string;
  readonly offset: number;
}

/** Reads the whole log. Fails where a record was whole once, or where whole records contradict each other. */
export function readWal(disk: DiskReader): Result<WalContents, WalCorruption> {
  const size = disk.size(walFile);
  const file = disk.read(walFile, 0, size);
  assert(file.length === size, `the disk said that ${walFile} has ${size} bytes and gave ${file.length}`);
  const replay = new Replay();
  let offset = 0;
  let crc = 0;
  for (;;) {
    const framed = readRecord(file, offset, crc);
    if (framed.kind === "corrupt") return failed({file: walFile, offset});
    if (framed.kind !== "record") break;
    if (!replay.take(framed.record)) return failed({file: walFile, offset});
    offset = framed.next;
    crc = framed.crc;
  }
  return ok({
    member: replay.member,
    snapshot: replay.snapshot,
    entries: replay.entries,
    hardState: replay.state(),
    offset,
    crc,
    torn: size - offset,
  });
}

/** The records taken in order. */
class Replay {
  entries: Entry[] = [];
  member: MemberId | undefined;
  snapshot: Snapshot | undefined;
  private hardState: HardState = {term: 0, votedFor: noMember, commit: 0};

  /** False when the record cannot follow those before it. */
  take(record: WalRecord): boolean {
    if (record.kind === "metadata") {
      if (this.member !== undefined || record.format !== walFormat) return false;
      this.member = record.member;
      return true;
    }
    if (this.member === undefined) return false;
    if (record.kind === "hardState") {
      this.hardState = record.hardState;
      return true;
    }
    if (record.kind === "snapshot") this.takeSnapshot(record.snapshot);
    return record.kind === "snapshot" || this.takeEntry(record.entry);
  }

  private takeEntry(entry: Entry): boolean {
    const place = entry.index - (this.snapshot?.index ?? 0) - 1;
    if (place < 0 || place > this.entries.length) return false;
    this.entries.length = place;
    this.entries.push(entry);
    return true;
  }

  /** One of what the log holds leaves the entries behind it; another one came in place of the log. */
  private takeSnapshot(snapshot: Snapshot): void {
    const before = this.snapshot?.index ?? 0;
    if (snapshot.index <= before) return;
    const place = snapshot.index - before - 1;
    const isOurs = this.entries[place]?.term === snapshot.term;
    this.entries = isOurs ? this.entries.slice(place + 1) : [];
    this.snapshot = snapshot;
  }

  /**
   * The last hard state. The one written with the last entries may be lost while they are not: their term had begun, and
   * this member gave no vote in it, or a hard state of that term would have been synced before. What a snapshot stands
   * for is committed.
   */
  state(): HardState {
    const commit = Math.max(this.hardState.commit, this.snapshot?.index ?? 0);
    const term = this.entries.at(-1)?.term ?? this.snapshot?.term ?? 0;
    if (term <= this.hardState.term) return {...this.hardState, commit};
    return {term, votedFor: noMember, commit};
  }
}
