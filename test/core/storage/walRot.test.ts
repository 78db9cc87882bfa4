// Rot: whichever bit of the log flips, what is read is the same, or it is refused by file and offset.

import {describe, expect, test} from "vitest";
import {readWal} from "../../../core/storage/readWal.ts";
import type {Entry} from "../../../core/raft/entry.ts";
import type {DiskReader} from "../../../core/storage/disk.ts";
import {walFiles} from "../../../core/storage/walkWal.ts";
import {MemoryDisk} from "./memoryDisk.ts";
import {batch, entry, mark, Opened, read, snapshotBatch} from "./walLog.ts";

function filled(index: number, data: Uint8Array): Entry {
  return {index, term: 1, type: "normal", data};
}

/** Several segments; values that are all zeros, or have a single bit set; sectors that begin within zeros. */
function smallLog(): Opened {
  const log = new Opened(new MemoryDisk(), 640);
  log.append(batch([entry(1, 1, 0), filled(2, new Uint8Array(600))], {term: 1, votedFor: 3, commit: 0}));
  log.append(batch([filled(3, new Uint8Array(90))], {term: 1, votedFor: 3, commit: 2}, false));
  log.append(batch([filled(4, new Uint8Array(530).fill(1, 300, 301))]));
  log.append(snapshotBatch(mark(3, 1)));
  log.append(batch([entry(4, 2, 30)], {term: 2, votedFor: 1, commit: 3}));
  log.append(batch([filled(5, new Uint8Array(520).fill(128, 519))]));
  log.append(snapshotBatch(mark(9, 3)));
  log.append(batch([filled(10, new Uint8Array(540))], {term: 3, votedFor: 2, commit: 9}));
  log.append(batch([entry(11, 3, 3)]));
  return log;
}

/** What is told of the log, in one string. */
function told(disk: MemoryDisk): string {
  return JSON.stringify(read(disk));
}

describe("a bit that flips in the log", () => {
  test("changes nothing, or is refused by its file and the offset of its record: every bit of a small log", () => {
    const {disk} = smallLog();
    const files = walFiles(disk);
    expect(files.length).toBeGreaterThan(3);
    const whole = told(disk);
    let [refused, same] = [0, 0];
    for (const file of files) {
      const bytes = disk.read(file, 0, disk.size(file));
      const flipped: DiskReader = {
        list: () => disk.list(),
        size: (name) => disk.size(name),
        read: (name, at, length) =>
          name === file ? bytes.slice(at, at + length) : disk.read(name, at, length),
      };
      for (let at = 0; at < bytes.length; at++) {
        for (let bit = 0; bit < 8; bit++) {
          const before = bytes[at] ?? 0;
          bytes[at] = before ^ (1 << bit);
          const result = readWal(flipped);
          bytes[at] = before;
          if (result.ok) {
            same++;
            if (JSON.stringify(result.value) !== whole) expect.unreachable(`${file} byte ${at} bit ${bit}`);
          } else {
            refused++;
            const {file: named, offset} = result.error;
            if (named !== file || offset > at)
              expect.unreachable(`${file}:${at} was said to be ${named}:${offset}`);
          }
        }
      }
    }
    // What is not refused stands in padding or behind the last record.
    expect(same).toBeLessThan(refused);
  });

  test("names the record: each bit of every record's head and body", () => {
    const log = new Opened();
    const offsets: number[] = [];
    for (let index = 1; index <= 3; index++) {
      offsets.push(log.wal.bytes);
      log.append(batch([entry(index, 1, 20)]));
    }
    const [file = ""] = walFiles(log.disk);
    const bytes = log.disk.read(file, 0, log.wal.bytes);
    for (const offset of offsets) {
      // 8 of head, 24 of body.
      for (let at = offset; at < offset + 32; at++) {
        log.disk.spoil(file, () => bytes.map((byte, i) => (i === at ? byte ^ 4 : byte)));
        expect(readWal(log.disk)).toEqual({ok: false, error: {file, offset}});
      }
    }
  });
});

describe("what no crash leaves in the log", () => {
  test("is refused: a record moved from its place, because checksums are chained", () => {
    const log = new Opened();
    const from = log.wal.bytes;
    log.append(batch([entry(1, 1)]));
    const to = log.wal.bytes;
    log.append(batch([entry(1, 2)]));
    const [file = ""] = walFiles(log.disk);
    log.disk.spoil(file, (bytes) => {
      bytes.copyWithin(from, to, to + (to - from));
      return bytes;
    });
    expect(readWal(log.disk)).toEqual({ok: false, error: {file, offset: from}});
  });

  test("is refused: a segment without its head, or with nothing in it", () => {
    for (const change of [() => new Uint8Array(), (bytes: Uint8Array) => bytes.fill(0)]) {
      const {disk} = smallLog();
      const file = walFiles(disk).at(-1) ?? "";
      disk.spoil(file, change);
      expect(readWal(disk)).toEqual({ok: false, error: {file, offset: 0}});
    }
  });

  test("is refused: zeros at the end of a segment that has another behind it", () => {
    const {disk, wal} = smallLog();
    const [{file, bytes: end} = {file: "", bytes: 0}] = wal.segments;
    const sector = end - (end % 512);
    disk.spoil(file, (bytes) => bytes.fill(0, sector));
    const result = readWal(disk);
    expect(result).toMatchObject({ok: false, error: {file}});
  });
});
