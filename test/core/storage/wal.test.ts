import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {Writer} from "../../../core/base/codec.ts";
import type {Entry, HardState} from "../../../core/raft/entry.ts";
import type {WalContents} from "../../../core/storage/readWal.ts";
import {readWal, walFile, walFormat} from "../../../core/storage/readWal.ts";
import type {WalRecord} from "../../../core/storage/record.ts";
import {sectorBytes} from "../../../core/storage/disk.ts";
import {headBytes, writeRecord} from "../../../core/storage/record.ts";
import type {DiskCommand, WalBatch} from "../../../core/storage/wal.ts";
import {Wal} from "../../../core/storage/wal.ts";
import {MemoryDisk} from "./memoryDisk.ts";

const member = 2;

/** A log opened on a disk, whose operations complete at once. */
class Opened {
  readonly disk: MemoryDisk;
  readonly wal: Wal;

  constructor(disk: MemoryDisk) {
    this.disk = disk;
    const contents = read(disk);
    this.wal = new Wal(contents);
    this.complete(this.wal.open(contents, member));
  }

  append(...batches: readonly WalBatch[]): void {
    this.complete(this.wal.append(batches));
  }

  private complete(commands: readonly DiskCommand[]): void {
    for (const command of commands) {
      this.disk.do(command.do);
      this.wal.completed(command.op);
    }
  }
}

/** Whether the log has nothing on its way, after each of these was completed. */
function idleAfter(wal: Wal, commands: readonly (DiskCommand | undefined)[]): readonly boolean[] {
  return commands.map((command) => {
    wal.completed(command?.op ?? 0);
    return wal.idle;
  });
}

function read(disk: MemoryDisk): WalContents {
  const result = readWal(disk);
  if (!result.ok) throw new Error(`corrupt at ${result.error.file}:${result.error.offset}`);
  return result.value;
}

function entry(index: number, term: number, size = 3): Entry {
  return {index, term, type: "normal", data: new Uint8Array(size).fill(index | 0xa0)};
}

function batch(entries: readonly Entry[], hardState?: HardState, mustSync = true): WalBatch {
  return {snapshot: undefined, entries, hardState, mustSync};
}

/** A drawn sequence of batches as raft makes them: appends, and truncations by a newer term. */
const batches = fc
  .array(
    fc.record({
      back: fc.nat(2),
      count: fc.nat(3),
      size: fc.constantFrom(0, 1, 40, 700),
      newTerm: fc.boolean(),
      state: fc.boolean(),
      mustSync: fc.boolean(),
    }),
    {minLength: 1, maxLength: 12},
  )
  .map((steps) => {
    const made: WalBatch[] = [];
    let last = 0;
    let term = 1;
    for (const step of steps) {
      if (step.newTerm) {
        term++;
        last = Math.max(0, last - step.back);
      }
      const entries: Entry[] = [];
      for (let i = 0; i < step.count; i++) entries.push(entry(++last, term, step.size));
      made.push(batch(entries, step.state ? {term, votedFor: 1, commit: 0} : undefined, step.mustSync));
    }
    return made;
  });

/** The log and hard state after the first `count` records of the batches. */
function modelAfter(
  all: readonly WalBatch[],
  count: number,
): {entries: readonly Entry[]; hardState: HardState} {
  let entries: Entry[] = [];
  let hardState: HardState = {term: 0, votedFor: 0, commit: 0};
  let left = count;
  for (const one of all) {
    for (const record of one.entries) {
      if (left-- > 0) entries = [...entries.slice(0, record.index - 1), record];
    }
    if (one.hardState !== undefined && left-- > 0) hardState = one.hardState;
  }
  const term = entries.at(-1)?.term ?? 0;
  if (term > hardState.term) hardState = {term, votedFor: 0, commit: hardState.commit};
  return {entries, hardState};
}

describe("the write-ahead log", () => {
  test("gives back what was written, a later entry of an index replacing all from there on", () => {
    const log = new Opened(new MemoryDisk());
    log.append(batch([entry(1, 1), entry(2, 1), entry(3, 1)], {term: 1, votedFor: 1, commit: 1}));
    log.append(batch([entry(2, 2)], {term: 2, votedFor: 3, commit: 1}));
    const contents = read(log.disk);
    expect(contents.member).toBe(member);
    expect(contents.entries).toEqual([entry(1, 1), entry(2, 2)]);
    expect(contents.hardState).toEqual({term: 2, votedFor: 3, commit: 1});
    expect(contents.torn).toBe(0);
  });

  test("a crash leaves a prefix of the records, at least all that was synced, and never another one", () => {
    fc.assert(
      fc.property(batches, fc.nat(4000), (all, keep) => {
        const log = new Opened(new MemoryDisk());
        let synced = 0;
        let written = 0;
        for (const one of all) {
          log.append(one);
          written += one.entries.length + (one.hardState === undefined ? 0 : 1);
          if (one.mustSync) synced = written;
        }
        const contents = read(log.disk.crash(keep));
        const models = [];
        for (let count = synced; count <= written; count++) models.push(modelAfter(all, count));
        expect(models).toContainEqual({entries: contents.entries, hardState: contents.hardState});
        if (keep >= log.disk.unsyncedBytes)
          expect(contents.entries).toEqual(modelAfter(all, written).entries);
      }),
      {numRuns: 100},
    );
  });

  test("after a crash it is written on as if the lost records had never been", () => {
    fc.assert(
      fc.property(batches, fc.nat(3000), (all, keep) => {
        const first = new Opened(new MemoryDisk());
        for (const one of all) first.append(one);
        const second = new Opened(first.disk.crash(keep));
        const survived = read(second.disk).entries;
        const more = entry(survived.length + 1, 99);
        second.append(batch([more]));
        const contents = read(second.disk.crash(0));
        expect(contents.entries).toEqual([...survived, more]);
        expect(contents.torn).toBe(0);
      }),
      {numRuns: 100},
    );
  });

  test("unwritten sectors count as a tail that was never written, wherever they lie", () => {
    const log = new Opened(new MemoryDisk());
    log.append(batch([entry(1, 1)]));
    const end = log.wal.bytes;
    log.append(batch([entry(2, 1, 4 * sectorBytes)]), batch([entry(3, 1)]));
    for (const hole of [end, 2 * sectorBytes, 4 * sectorBytes]) {
      const disk = new MemoryDisk();
      disk.spoil(walFile, () => {
        const bytes = log.disk.read(walFile, 0, log.disk.size(walFile));
        const from = hole === end ? end : hole - (hole % sectorBytes);
        return bytes.fill(0, from, from - (from % sectorBytes) + sectorBytes);
      });
      const contents = read(disk);
      expect(contents.entries).toEqual([entry(1, 1)]);
      expect(contents.offset).toBe(end);
      expect(contents.torn).toBeGreaterThan(0);
    }
  });

  test("any bit that rots within a whole record is refused by file and offset", () => {
    const log = new Opened(new MemoryDisk());
    const offsets = [0];
    for (let index = 1; index <= 4; index++) {
      offsets.push(log.wal.bytes);
      log.append(batch([entry(index, 1, 20)]));
    }
    const size = log.wal.bytes;
    fc.assert(
      fc.property(fc.nat(size - 1), fc.nat(7), (at, bit) => {
        const disk = new MemoryDisk();
        disk.spoil(walFile, () => log.disk.read(walFile, 0, size));
        disk.spoil(walFile, (bytes) => bytes.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte)));
        const offset = offsets.filter((from) => from <= at).at(-1);
        expect(readWal(disk)).toEqual({ok: false, error: {file: walFile, offset}});
      }),
      {numRuns: 100},
    );
  });

  test("a length that rots to zero, or beyond the file's end, is no torn tail", () => {
    for (const rotten of [0, 0x7f]) {
      const log = new Opened(new MemoryDisk());
      const offset = log.wal.bytes;
      log.append(batch([entry(1, 1)]));
      log.append(batch([entry(2, 1)]));
      log.disk.spoil(walFile, (bytes) => bytes.map((byte, at) => (at === offset ? rotten : byte)));
      expect(readWal(log.disk)).toEqual({ok: false, error: {file: walFile, offset}});
    }
  });

  test("whole records that contradict each other are refused where the contradiction stands", () => {
    const head: WalRecord = {kind: "metadata", format: walFormat, member};
    const contradictions: readonly (readonly WalRecord[])[] = [
      [head, {kind: "entry", entry: entry(2, 1)}],
      [head, {kind: "entry", entry: entry(0, 1)}],
      [head, head],
      [{kind: "metadata", format: walFormat + 1, member}],
      [{kind: "entry", entry: entry(1, 1)}],
    ];
    for (const records of contradictions) {
      const writer = new Writer();
      let offset = 0;
      let crc = 0;
      for (const record of records) {
        offset = writer.length;
        crc = writeRecord(writer, record, crc);
      }
      const disk = new MemoryDisk();
      disk.spoil(walFile, () => writer.finish());
      expect(readWal(disk)).toEqual({ok: false, error: {file: walFile, offset}});
    }
  });

  test("a record moved from its place is refused, because checksums are chained", () => {
    const log = new Opened(new MemoryDisk());
    const from = log.wal.bytes;
    log.append(batch([entry(1, 1)]));
    const to = log.wal.bytes;
    log.append(batch([entry(1, 2)]));
    log.disk.spoil(walFile, (bytes) => {
      const moved = bytes.slice();
      moved.set(bytes.subarray(to, to + (to - from)), from);
      return moved;
    });
    expect(readWal(log.disk)).toEqual({ok: false, error: {file: walFile, offset: from}});
  });

  test("a torn tail is truncated and the cut synced before anything is written over it", () => {
    const log = new Opened(new MemoryDisk());
    log.append(batch([entry(1, 1)]));
    const end = log.wal.bytes;
    log.append(batch([entry(2, 1)], undefined, false));
    const contents = read(log.disk.crash(headBytes + 1));
    const commands = new Wal(contents).open(contents, member);
    expect(commands.map((command) => command.do)).toEqual([
      {kind: "truncate", file: walFile, size: end},
      {kind: "sync", file: walFile},
    ]);
  });

  test("a batch is done when its write is synced; one that need not be synced when it is written", () => {
    const {wal} = new Opened(new MemoryDisk());
    const before = wal.durableBytes;
    const [write, sync, none] = wal.append([batch([entry(1, 1)])]);
    expect([write?.do.kind, sync?.do.kind, none]).toEqual(["write", "sync", undefined]);
    expect(idleAfter(wal, [write])).toEqual([false]);
    expect(wal.durableBytes).toBe(before);
    expect(idleAfter(wal, [sync])).toEqual([true]);
    expect(wal.durableBytes).toBe(wal.bytes);
    const commands = wal.append([batch([], {term: 1, votedFor: 0, commit: 1}, false)]);
    expect(commands.map((command) => command.do.kind)).toEqual(["write"]);
    expect(idleAfter(wal, commands)).toEqual([true]);
    expect(wal.durableBytes).toBeLessThan(wal.bytes);
  });

  test("a new log is not open before its name is durable too", () => {
    const contents = read(new MemoryDisk());
    const wal = new Wal(contents);
    const commands = wal.open(contents, member);
    expect(commands.map((command) => command.do.kind)).toEqual(["write", "sync", "syncDir"]);
    expect(idleAfter(wal, commands)).toEqual([false, false, true]);
  });

  test("a fork waits for the same operations, apart from the original", () => {
    const {wal} = new Opened(new MemoryDisk());
    const [write, sync] = wal.append([batch([entry(1, 1)])]);
    const twin = wal.fork();
    expect(idleAfter(wal, [write, sync])).toEqual([false, true]);
    expect([twin.idle, twin.durableBytes < twin.bytes]).toEqual([false, true]);
    expect(idleAfter(twin, [write, sync])).toEqual([false, true]);
    expect(twin.append([batch([entry(2, 1)])])).toEqual(wal.append([batch([entry(2, 1)])]));
  });

  test("the term of an entry holds although the hard state written with it was lost", () => {
    const log = new Opened(new MemoryDisk());
    log.append(batch([], {term: 3, votedFor: 1, commit: 0}));
    const before = log.wal.bytes;
    log.append(batch([entry(1, 4)], {term: 4, votedFor: 2, commit: 0}, false));
    const lost = log.wal.bytes - before - 2;
    expect(read(log.disk.crash(lost)).hardState).toEqual({term: 4, votedFor: 0, commit: 0});
  });
});
