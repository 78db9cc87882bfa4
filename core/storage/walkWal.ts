// The log's records one after the other, over all its segments, up to the first place that cannot be read on from. For
// opening (readWal.ts) and for people (describeWal.ts).

import type {Damage, DiskReader} from "./disk.ts";
import {parseWalFileName, walFileName} from "./files.ts";
import type {ByteSource, SegmentHead, WalRecord} from "./record.ts";
import {provesSync, readRecord, walFormat} from "./record.ts";
import {storageRules} from "./rules.ts";

export type WalItem =
  | {
      readonly kind: "record";
      readonly file: string;
      readonly offset: number;
      /** With head, marks and padding. */
      readonly bytes: number;
      readonly crc: number;
      /** Whether all before it was synced when it was written. */
      readonly isAfterSync: boolean;
      readonly record: WalRecord;
    }
  /** The last item: a record that a crash cut short; nobody was told of it. Bytes up to the end of the file. */
  | {readonly kind: "torn"; readonly file: string; readonly offset: number; readonly bytes: number}
  /** The last item. */
  | ({readonly kind: "damage"} & Damage);

/** Names of the log's segments, in their order. */
export function walFiles(disk: DiskReader): readonly string[] {
  return disk.list().filter((name) => parseWalFileName(name) !== undefined);
}

export function* walkWal(disk: DiskReader, rules = storageRules): Generator<WalItem, void> {
  const files = walFiles(disk);
  /** The end of the segment before. */
  let before:
    | {readonly file: string; readonly offset: number; readonly crc: number; readonly sequence: number}
    | undefined;
  for (const [i, file] of files.entries()) {
    const source = new FileSource(disk, file);
    const head = readRecord(source, 0, 0);
    if (head.kind !== "record" || head.record.kind !== "metadata" || !isHeadOf(head.record, file)) {
      return yield {kind: "damage", file, offset: 0};
    }
    const {sequence, chain} = head.record;
    if (before !== undefined && sequence !== before.sequence + 1)
      return yield {kind: "damage", file, offset: 0};
    // There is a next one only when all of this one was synced: what is missing of it was there once.
    if (before !== undefined && chain !== before.crc)
      return yield {kind: "damage", file: before.file, offset: before.offset};
    let [offset, crc] = [0, 0];
    for (;;) {
      const framed = readRecord(source, offset, crc, rules);
      if (framed.kind === "end") break;
      if (framed.kind !== "record") {
        const looksTorn = framed.kind === "torn";
        const wasSynced = looksTorn && provesSync(source, framed.next);
        const mayCutOff = rules.mayCutOff({looksTorn, isLast: i === files.length - 1, wasSynced});
        if (mayCutOff) yield {kind: "torn", file, offset, bytes: source.size - offset};
        else yield {kind: "damage", file, offset};
        return;
      }
      const {record, next, isAfterSync} = framed;
      if (offset > 0 && record.kind === "metadata") return yield {kind: "damage", file, offset};
      crc = framed.crc;
      yield {kind: "record", file, offset, bytes: next - offset, crc, isAfterSync, record};
      offset = next;
    }
    before = {file, offset, crc, sequence};
  }
}

function isHeadOf({format, sequence, firstIndex}: SegmentHead, file: string): boolean {
  return format === walFormat && walFileName(sequence, firstIndex) === file;
}

/** A segment may be large and mostly zeros: it is read in pieces. */
const pieceBytes = 64 * 1024;

class FileSource implements ByteSource {
  readonly size: number;
  private readonly disk: DiskReader;
  private readonly file: string;
  private piece: Uint8Array = new Uint8Array(0);
  private pieceAt = 0;

  constructor(disk: DiskReader, file: string) {
    this.disk = disk;
    this.file = file;
    this.size = disk.size(file);
  }

  read(at: number, length: number): Uint8Array {
    const end = Math.min(at + length, this.size);
    if (at < this.pieceAt || end > this.pieceAt + this.piece.length) {
      this.piece = this.disk.read(this.file, at, Math.max(length, pieceBytes));
      this.pieceAt = at;
    }
    return this.piece.subarray(at - this.pieceAt, at - this.pieceAt + length);
  }
}
