// What the log gives back, how it is cut into segments and purged. walTearing.test.ts: crashes; walRot.test.ts: rot.

import {describe, expect, test} from "vitest";
import {crc32c} from "../../../core/base/checksum.ts";
import {Writer} from "../../../core/base/codec.ts";
import type {DiskOp, DiskStep} from "../../../core/storage/disk.ts";
import {nextWalFile, walFileName} from "../../../core/storage/files.ts";
import {emptyWal, entriesAfter, readWal} from "../../../core/storage/readWal.ts";
import type {SegmentHead, WalRecord} from "../../../core/storage/record.ts";
import {walFormat, writeRecord} from "../../../core/storage/record.ts";
import {Wal} from "../../../core/storage/wal.ts";
import {walFiles} from "../../../core/storage/walkWal.ts";
import {digestOf} from "../../support/digest.ts";
import {MemoryDisk} from "./memoryDisk.ts";
import {batch, entry, mark, member, Opened, read, snapshotBatch} from "./walLog.ts";

const first = walFileName(0, 1);

function kinds(steps: readonly DiskStep[]): readonly (readonly string[])[] {
  return steps.map((step) => step.map(({kind}) => kind));
}

/** A disk with these records, each segment begun by a `metadata`. Answers where the last record stands, too. */
function written(...records: readonly WalRecord[]): {disk: MemoryDisk; file: string; offset: number} {
  const disk = new MemoryDisk();
  let writer = new Writer();
  let [file, offset, crc] = ["", 0, 0];
  for (const record of records) {
    if (
      record.kind === "metadata" &&
      !disk.list().includes(walFileName(record.sequence, record.firstIndex))
    ) {
      writer = new Writer();
      crc = 0;
      file = walFileName(record.sequence, record.firstIndex);
    }
    offset = writer.length;
    crc = writeRecord(writer, 0, record, crc, false);
    const bytes = writer.finish();
    disk.spoil(file, () => bytes);
  }
  return {disk, file, offset};
}

const head: SegmentHead = {kind: "metadata", format: walFormat, member, sequence: 0, firstIndex: 1, chain: 0};

function put(index: number, term: number): WalRecord {
  return {kind: "entry", entry: entry(index, term)};
}

function own(index: number, term: number): WalRecord {
  return {kind: "snapshot", mark: mark(index, term), replacesLog: false};
}

function received(index: number, term: number): WalRecord {
  return {kind: "snapshot", mark: mark(index, term), replacesLog: true};
}

function state(term: number, commit: number): WalRecord {
  return {kind: "hardState", hardState: {term, votedFor: 1, commit}};
}

/** `snapshots | first index: entries | hard state` of what these records say. */
function readBack(...records: readonly WalRecord[]): string {
  const {snapshots, firstIndex, entries, hardState} = read(written(head, ...records).disk);
  const marks = snapshots.map(({index, term}) => `${term}/${index}`).join(" ");
  const log = entries.map(({index, term}) => ` ${term}/${index}`).join("");
  return `${marks} | ${firstIndex}:${log} | t${hardState.term} v${hardState.votedFor} c${hardState.commit}`;
}

describe("the write-ahead log", () => {
  test("gives back what was written, a later entry of an index replacing all from there on", () => {
    const log = new Opened();
    log.append(batch([entry(1, 1), entry(2, 1), entry(3, 1)], {term: 1, votedFor: 1, commit: 1}));
    log.append(batch([entry(2, 2, 2000)], {term: 2, votedFor: 3, commit: 1}));
    const contents = read(log.disk);
    expect(contents.member).toBe(member);
    expect(contents.entries).toEqual([entry(1, 1), entry(2, 2, 2000)]);
    expect(contents.hardState).toEqual({term: 2, votedFor: 3, commit: 1});
  });

  test("is empty where nothing was written", () => {
    expect(readWal(new MemoryDisk())).toEqual({ok: true, value: emptyWal});
  });

  test("is made aside, and open when its first segment's name is durable", () => {
    const wal = new Wal(emptyWal.tail, {member, segmentBytes: 4096});
    const steps = wal.open();
    expect(kinds(steps)).toEqual([["write", "allocate", "sync"], ["rename"], ["syncDir"]]);
    expect(steps.flat().map((op) => ("file" in op ? op.file : ""))).toEqual([
      nextWalFile,
      nextWalFile,
      nextWalFile,
      nextWalFile,
      "",
    ]);
    expect(wal.durableBytes).toBe(0);
    wal.settled();
    expect(wal.durableBytes).toBe(wal.bytes);
    const disk = new MemoryDisk();
    disk.run(steps);
    expect(disk.list()).toEqual([first]);
    expect(disk.size(first)).toBe(4096);
  });

  test("is opened with a sync of what was read and of its names, and with zeros behind it", () => {
    const log = new Opened();
    const {bytes} = log.wal;
    const wal = new Wal(read(log.disk).tail, {member, segmentBytes: 4096});
    expect(wal.open()).toEqual([
      [
        {kind: "truncate", file: first, size: bytes},
        {kind: "allocate", file: first, size: 4096},
        {kind: "sync", file: first},
      ],
      [{kind: "syncDir"}],
    ]);
    expect(wal.durableBytes).toBe(0);
    wal.settled();
    expect(wal.durableBytes).toBe(bytes);
  });

  test("a segment that was being made is removed at opening", () => {
    for (const log of [new Opened(), {disk: new MemoryDisk()}]) {
      log.disk.do({kind: "write", file: nextWalFile, at: 0, bytes: new Uint8Array(9000).fill(7)});
      const opened = new Opened(log.disk, 4096);
      expect(opened.disk.list()).toEqual([first]);
      expect(read(opened.disk).member).toBe(member);
    }
  });

  test("a batch is durable when its sync is done; one that need not be synced is not", () => {
    const {wal} = new Opened();
    const before = wal.durableBytes;
    expect(kinds(wal.append([batch([entry(1, 1)])]))).toEqual([["write", "sync"]]);
    expect(wal.durableBytes).toBe(before);
    wal.settled();
    expect(wal.durableBytes).toBe(wal.bytes);
    expect(kinds(wal.append([batch([], {term: 1, votedFor: 0, commit: 1}, false)]))).toEqual([["write"]]);
    wal.settled();
    expect(wal.durableBytes).toBeLessThan(wal.bytes);
    expect(wal.append([batch([], undefined, false)])).toEqual([]);
    expect(kinds(wal.append([batch([])]))).toEqual([["sync"]]);
    wal.settled();
    expect(wal.durableBytes).toBe(wal.bytes);
  });

  test("a batch with a snapshot is always synced", () => {
    const {wal} = new Opened();
    expect(kinds(wal.append([{...snapshotBatch(mark(7, 3)), mustSync: false}]))).toEqual([["write", "sync"]]);
  });

  test("of two batches at a time the second is refused", () => {
    const {wal} = new Opened();
    wal.append([batch([entry(1, 1)])]);
    expect(() => wal.append([batch([entry(2, 1)])])).toThrow("another was on its way");
  });

  test("the term of an entry holds although the hard state written with it was lost", () => {
    expect(readBack(state(3, 0), put(1, 4))).toBe(" | 1: 4/1 | t4 v0 c0");
    expect(readBack(state(4, 0), put(1, 4))).toBe(" | 1: 4/1 | t4 v1 c0");
  });

  test("whole records that contradict each other are refused where the contradiction stands", () => {
    const contradictions: readonly (readonly WalRecord[])[] = [
      [head, put(2, 1)],
      [head, put(0, 1)],
      [head, head],
      [{...head, format: walFormat + 1}],
      [head, {...head, sequence: 1, firstIndex: 3, chain: chainOf(head)}],
      [head, own(1, 1)],
      [head, put(1, 1), own(1, 2)],
      [head, received(7, 3), put(6, 3)],
      [head, received(7, 3), put(7, 3)],
      [head, received(7, 3), put(9, 3)],
      [head, received(7, 3), received(6, 4)],
    ];
    for (const records of contradictions) {
      const {disk, file, offset} = written(...records);
      expect(readWal(disk)).toEqual({ok: false, error: {file, offset}});
    }
  });

  test("a fork waits for the same operations and writes the same, apart from the original", () => {
    const {wal} = new Opened();
    wal.append([batch([entry(1, 1)])]);
    const twin = wal.fork();
    wal.settled();
    expect([twin.durableBytes < twin.bytes, wal.durableBytes === wal.bytes]).toEqual([true, true]);
    expect(digestOf(twin)).not.toBe(digestOf(wal));
    twin.settled();
    expect(digestOf(twin)).toBe(digestOf(wal));
    expect(twin.append([batch([entry(2, 1)])])).toEqual(wal.append([batch([entry(2, 1)])]));
  });

  test("a fork knows what is durable, and its own log only", () => {
    const {wal} = new Opened(new MemoryDisk(), 80);
    wal.append([batch([entry(1, 1)])]);
    wal.settled();
    const twin = wal.fork();
    expect([twin.segments, twin.durableBytes]).toEqual([wal.segments, wal.bytes]);
    twin.append([batch([entry(2, 1), entry(3, 1)])]);
    wal.append([snapshotBatch(mark(1, 1)), snapshotBatch(mark(1, 1))]);
    expect(wal.segments.map(({firstIndex}) => firstIndex)).toEqual([1, 2]);
  });
});

describe("a snapshot in the log", () => {
  test("of what the log holds leaves the log as it is", () => {
    expect(readBack(put(1, 1), put(2, 1), put(3, 1), own(2, 1))).toBe("1/2 | 1: 1/1 1/2 1/3 | t1 v0 c2");
    const log = new Opened();
    log.append(batch([entry(1, 1), entry(2, 1), entry(3, 2)]), snapshotBatch(mark(2, 1)));
    expect(read(log.disk).entries).toHaveLength(3);
  });

  test("of another member takes the place of all entries: those it is beyond, and those it contradicts", () => {
    expect(readBack(put(1, 1), put(2, 1), received(7, 3))).toBe("3/7 | 8: | t3 v0 c7");
    expect(readBack(put(1, 1), received(7, 3), put(8, 3))).toBe("3/7 | 8: 3/8 | t3 v0 c7");
    for (const foreign of [mark(7, 3), mark(2, 2)]) {
      const log = new Opened();
      log.append(batch([entry(1, 1), entry(2, 1), entry(3, 1)]));
      log.append(snapshotBatch(foreign));
      const contents = read(log.disk);
      expect([contents.entries, contents.firstIndex]).toEqual([[], foreign.index + 1]);
      log.append(batch([entry(foreign.index + 1, 3)]));
      expect(read(log.disk).entries).toEqual([entry(foreign.index + 1, 3)]);
    }
  });

  test("counts as committed, and begins its term, although no hard state says so", () => {
    expect(readBack(state(2, 4), received(7, 3))).toBe("3/7 | 8: | t3 v0 c7");
    expect(readBack(state(5, 9), received(7, 3))).toBe("3/7 | 8: | t5 v1 c9");
  });

  test("an older one is of this log, whatever is known of its index still", () => {
    const log = new Opened();
    log.append(snapshotBatch(mark(7, 3)));
    log.append(batch([entry(8, 3)]));
    log.append(snapshotBatch(mark(5, 2)), snapshotBatch(mark(7, 3)));
    const {snapshots, entries} = read(log.disk);
    expect(snapshots).toEqual([mark(7, 3), mark(5, 2), mark(7, 3)]);
    expect(entries).toEqual([entry(8, 3)]);
  });

  test("is followed by the entries behind it, if the log holds them without a gap", () => {
    const contents = {firstIndex: 4, entries: [entry(4, 1), entry(5, 1)]};
    expect(entriesAfter(contents, undefined)).toBe(undefined);
    expect(entriesAfter(contents, mark(2, 1))).toBe(undefined);
    expect(entriesAfter(contents, mark(3, 1))).toEqual(contents.entries);
    expect(entriesAfter(contents, mark(4, 1))).toEqual([entry(5, 1)]);
    expect(entriesAfter(contents, mark(5, 1))).toEqual([]);
    expect(entriesAfter(contents, mark(6, 1))).toBe(undefined);
    expect(entriesAfter(emptyWal, undefined)).toEqual([]);
  });
});

/** A log of segments that a few entries fill. */
function longLog(entries: number): Opened {
  const log = new Opened(new MemoryDisk(), 256);
  for (let index = 1; index <= entries; index++) {
    log.append(batch([entry(index, 1, 40)], {term: 1, votedFor: 3, commit: index - 1}));
  }
  return log;
}

describe("the segments of the log", () => {
  test("a full one is synced, and the next made aside, before anything is written to that", () => {
    const log = new Opened(new MemoryDisk(), 256);
    log.append(batch([entry(1, 1)], {term: 1, votedFor: 3, commit: 0}, false));
    const steps = log.wal.append([batch([entry(2, 1, 200)], undefined, false)]);
    expect(kinds(steps)).toEqual([["write", "sync", "write", "allocate", "sync"], ["rename"], ["syncDir"]]);
    const [written, , prepared, allocated] = steps.flat();
    expect([fileOf(written), fileOf(prepared)]).toEqual([first, nextWalFile]);
    expect(allocated).toEqual({kind: "allocate", file: nextWalFile, size: 256});
    expect(steps[1]).toEqual([{kind: "rename", file: nextWalFile, to: walFileName(1, 3)}]);
    expect(log.wal.durableBytes).toBeLessThan(log.wal.segments[0]?.bytes ?? 0);
    log.wal.settled();
    expect(log.wal.segments.map((segment) => segment.durableBytes === segment.bytes)).toEqual([true, true]);
  });

  test("are read as one log", () => {
    const log = longLog(20);
    expect(log.wal.segments.length).toBeGreaterThan(4);
    expect(walFiles(log.disk)).toEqual(log.wal.segments.map(({file}) => file));
    const contents = read(log.disk);
    expect(contents.entries.map(({index}) => index)).toEqual(Array.from({length: 20}, (_, i) => i + 1));
    expect(contents.tail.segments).toEqual(
      log.wal.segments.map(({file, sequence, firstIndex, bytes}) => ({file, sequence, firstIndex, bytes})),
    );
  });

  test("are purged from the oldest on, up to the one that holds the entry", () => {
    const log = longLog(20);
    const {segments} = log.wal;
    const [kept, index] = [segments[3], (segments[3]?.firstIndex ?? 0) + 1];
    const steps = log.wal.purge(index);
    expect(steps).toEqual([
      ...segments.slice(0, 3).map(({file}) => [{kind: "unlink", file}]),
      [{kind: "syncDir"}],
    ]);
    log.disk.run(steps);
    const contents = read(log.disk);
    expect(contents.firstIndex).toBe(kept?.firstIndex);
    expect(contents.entries.at(-1)?.index).toBe(20);
    expect(log.wal.purge(index)).toEqual([]);
    new Opened(log.disk, 256).append(batch([entry(21, 1)]));
    expect(read(log.disk).entries.at(-1)).toEqual(entry(21, 1));
  });

  test("the last is never purged, nor the one before while that has no name yet", () => {
    const log = longLog(20);
    const wal = log.wal.fork();
    const {length} = wal.segments;
    wal.append([batch([entry(21, 1, 300)])]);
    expect(wal.purge(99)).toHaveLength(length);
    wal.settled();
    expect(wal.purge(99)).toHaveLength(2);
    expect(wal.segments).toHaveLength(1);
    expect(wal.purge(99)).toEqual([]);
  });

  test("a purge while the log is being opened counts no byte twice", () => {
    const wal = new Wal(read(longLog(20).disk).tail, {member, segmentBytes: 256});
    wal.open();
    wal.purge(20);
    expect(wal.durableBytes).toBe(0);
    wal.settled();
    expect(wal.durableBytes).toBe(wal.bytes);
  });

  test("a purge loses no vote: each begins with the hard state", () => {
    const log = new Opened(new MemoryDisk(), 256);
    log.append(batch([entry(1, 1)], {term: 4, votedFor: 3, commit: 1}));
    for (let index = 2; index <= 20; index++) log.append(batch([entry(index, 1, 40)]));
    log.purge(20);
    expect(read(log.disk).hardState).toEqual({term: 4, votedFor: 3, commit: 1});
  });

  test("a purge up to a snapshot leaves its record and all entries behind it, of its own and received", () => {
    for (const isReceived of [false, true]) {
      for (let at = 1; at <= 12; at++) {
        const log = longLog(at);
        const snapshot = isReceived ? mark(at + 50, 2) : mark(at, 1);
        log.append(snapshotBatch(snapshot));
        for (let index = snapshot.index + 1; index <= snapshot.index + 9; index++) {
          log.append(batch([entry(index, 2, 40)]));
        }
        log.purge(snapshot.index);
        const contents = read(log.disk);
        expect(contents.snapshots).toContainEqual(snapshot);
        expect(entriesAfter(contents, snapshot)).toHaveLength(9);
      }
    }
  });

  test("after a purge a snapshot of its own leaves entries behind it that were there before it", () => {
    const log = longLog(20);
    const last = log.wal.segments.at(-1)?.firstIndex ?? 0;
    log.purge(last);
    // One whose entry is not held any more.
    log.append(snapshotBatch(mark(last - 1, 1)));
    expect(read(log.disk).entries.at(-1)?.index).toBe(20);
  });

  test("the first that is held may begin with an entry in place of one that was purged", () => {
    const log = new Opened(new MemoryDisk(), 256);
    for (let index = 1; index <= 3; index++) log.append(batch([entry(index, 1, 60)]));
    const second = log.wal.segments.at(-1)?.firstIndex ?? 0;
    expect(second).toBe(4);
    log.append(batch([entry(3, 2), entry(4, 2)]));
    log.purge(second);
    const contents = read(log.disk);
    expect(contents.firstIndex).toBe(3);
    expect(contents.entries).toEqual([entry(3, 2), entry(4, 2)]);
  });

  test("one that is missing in between is refused, and one that is of another log or place", () => {
    const files = walFiles(longLog(20).disk);
    const [zeroth = "", one = "", two = "", three = ""] = files;
    const gap = longLog(20).disk;
    gap.do({kind: "unlink", file: one});
    expect(readWal(gap)).toEqual({ok: false, error: {file: two, offset: 0}});
    const renamed = longLog(20).disk;
    for (const file of [zeroth, one]) renamed.do({kind: "unlink", file});
    renamed.do({kind: "rename", file: two, to: one});
    expect(readWal(renamed)).toEqual({ok: false, error: {file: one, offset: 0}});
    const mixed = longLog(20).disk;
    const other = new Opened(new MemoryDisk(), 256);
    for (let index = 1; index <= 20; index++) {
      other.append(batch([entry(index, 7, 40)], {term: 7, votedFor: 3, commit: index - 1}));
    }
    mixed.spoil(three, () => other.disk.read(three, 0, other.disk.size(three)));
    const end = read(longLog(20).disk).tail.segments[2]?.bytes;
    expect(readWal(mixed)).toEqual({ok: false, error: {file: two, offset: end}});
  });

  test("all are of one member", () => {
    const {disk, file} = written(head, {...head, member: 3, sequence: 1, chain: chainOf(head)});
    expect(readWal(disk)).toEqual({ok: false, error: {file, offset: 0}});
  });

  test("a batch larger than a segment is one write, and fills it", () => {
    const log = new Opened(new MemoryDisk(), 256);
    const entries = [entry(1, 1, 90_000), entry(2, 1, 70_000)];
    log.append(batch(entries));
    expect(log.wal.segments).toHaveLength(2);
    expect(read(log.disk).entries.map(({data}) => crc32c(data))).toEqual(
      entries.map(({data}) => crc32c(data)),
    );
  });
});

function chainOf(record: WalRecord): number {
  return writeRecord(new Writer(), 0, record, 0, false);
}

function fileOf(op: DiskOp | undefined): string {
  return op !== undefined && "file" in op ? op.file : "";
}
