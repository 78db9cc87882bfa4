// Snapshots in the write-ahead log: made of what it holds, or received in its place.

import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {Writer} from "../../../core/base/codec.ts";
import {confState} from "../../../core/raft/confState.ts";
import type {Entry, HardState} from "../../../core/raft/entry.ts";
import type {Snapshot} from "../../../core/raft/snapshot.ts";
import type {WalContents} from "../../../core/storage/readWal.ts";
import {readWal, walFile, walFormat} from "../../../core/storage/readWal.ts";
import type {WalRecord} from "../../../core/storage/record.ts";
import {writeRecord} from "../../../core/storage/record.ts";
import {Wal} from "../../../core/storage/wal.ts";
import {MemoryDisk} from "./memoryDisk.ts";

const head: WalRecord = {kind: "metadata", format: walFormat, member: 2};

function entry(index: number, term: number): WalRecord & {readonly kind: "entry"} {
  return {kind: "entry", entry: {index, term, type: "normal", data: Uint8Array.of(index, term)}};
}

function snapshot(index: number, term: number, size = 3): WalRecord & {readonly kind: "snapshot"} {
  const data = new Uint8Array(size).fill(index);
  return {kind: "snapshot", snapshot: {index, term, confState: confState([1, 2, 3], [4]), data}};
}

function hardState(term: number, commit: number): WalRecord {
  return {kind: "hardState", hardState: {term, votedFor: 1, commit}};
}

/** The file's bytes, and behind which byte each record ends. */
function written(records: readonly WalRecord[]): {
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
} {
  const writer = new Writer();
  const ends: number[] = [];
  let crc = 0;
  for (const record of records) {
    crc = writeRecord(writer, record, crc);
    ends.push(writer.length);
  }
  return {bytes: writer.finish(), ends};
}

function read(bytes: Uint8Array): WalContents {
  const disk = new MemoryDisk();
  disk.spoil(walFile, () => bytes);
  const result = readWal(disk);
  if (!result.ok) throw new Error(`corrupt at ${result.error.offset}`);
  return result.value;
}

function readBack(...records: readonly WalRecord[]): string {
  const {snapshot: found, entries, hardState: state} = read(written([head, ...records]).bytes);
  const log = entries.map(({index, term}) => `${index}/${term}`).join(" ");
  return `${found === undefined ? "-" : `${found.index}/${found.term}`} | ${log} | t${state.term} c${state.commit}`;
}

describe("a snapshot in the write-ahead log", () => {
  test("of what the log holds leaves the entries behind it", () => {
    expect(readBack(entry(1, 1), entry(2, 1), entry(3, 1), snapshot(2, 1))).toBe("2/1 | 3/1 | t1 c2");
    expect(readBack(entry(1, 1), entry(2, 1), snapshot(2, 1), entry(3, 1))).toBe("2/1 | 3/1 | t1 c2");
  });

  test("of another member takes the place of all entries: those it is beyond, and those it contradicts", () => {
    expect(readBack(entry(1, 1), entry(2, 1), snapshot(7, 3))).toBe("7/3 |  | t3 c7");
    expect(readBack(entry(1, 1), entry(2, 1), entry(3, 1), snapshot(2, 2))).toBe("2/2 |  | t2 c2");
    expect(readBack(entry(1, 1), snapshot(7, 3), entry(8, 3))).toBe("7/3 | 8/3 | t3 c7");
  });

  test("older than the one before it changes nothing", () => {
    expect(readBack(snapshot(7, 3), entry(8, 3), snapshot(5, 2))).toBe("7/3 | 8/3 | t3 c7");
    expect(readBack(snapshot(7, 3), entry(8, 3), snapshot(7, 3))).toBe("7/3 | 8/3 | t3 c7");
  });

  test("counts as committed, and begins its term, although no hard state says so", () => {
    expect(readBack(hardState(2, 4), snapshot(7, 3))).toBe("7/3 |  | t3 c7");
    expect(readBack(hardState(5, 9), snapshot(7, 3))).toBe("7/3 |  | t5 c9");
  });

  test("an entry that stands within it, or leaves a gap behind it, contradicts it", () => {
    for (const index of [6, 7, 9]) {
      const {bytes, ends} = written([head, snapshot(7, 3), entry(index, 3)]);
      const disk = new MemoryDisk();
      disk.spoil(walFile, () => bytes);
      expect(readWal(disk)).toEqual({ok: false, error: {file: walFile, offset: ends[1]}});
    }
  });

  test("is written before the entries that came with it, and always synced", () => {
    const start = written([head]).bytes;
    const [write, sync] = new Wal(read(start)).append([
      {
        snapshot: snapshot(7, 3).snapshot,
        entries: [entry(8, 3).entry],
        hardState: undefined,
        mustSync: false,
      },
    ]);
    expect(sync?.do.kind).toBe("sync");
    const bytes = write?.do.kind === "write" ? write.do.bytes : new Uint8Array();
    expect([...start, ...bytes]).toEqual([...written([head, snapshot(7, 3), entry(8, 3)]).bytes]);
  });
});

/** Records as a member writes them: appends, truncations by a newer term, snapshots of its own, snapshots received. */
const histories: fc.Arbitrary<readonly WalRecord[]> = fc
  .array(fc.record({kind: fc.constantFrom("append", "truncate", "own", "received", "state"), n: fc.nat(5)}), {
    minLength: 1,
    maxLength: 14,
  })
  .map((steps) => {
    const records: WalRecord[] = [];
    let [base, term] = [0, 1];
    let log: Entry[] = [];
    const append = (): void => {
      const one = entry(base + log.length + 1, term);
      log.push(one.entry);
      records.push(one);
    };
    for (const {kind, n} of steps) {
      if (kind === "append") append();
      if (kind === "truncate") {
        term++;
        log = log.slice(0, n);
        append();
      }
      const own = log[n];
      if (kind === "own" && own !== undefined) {
        records.push(snapshot(own.index, own.term, 40 * n));
        log = log.slice(n + 1);
        base = own.index;
      }
      if (kind === "received") {
        term++;
        base += log.length + 1 + n;
        log = [];
        records.push(snapshot(base, term, 40 * n));
      }
      if (kind === "state") records.push(hardState(term, base));
    }
    return records;
  });

/** What the records say, one after the other. */
function model(
  records: readonly WalRecord[],
): Pick<WalContents, "snapshot" | "entries"> & {readonly commit: number} {
  let found: Snapshot | undefined;
  let entries: readonly Entry[] = [];
  let state: HardState = {term: 0, votedFor: 0, commit: 0};
  for (const record of records) {
    if (record.kind === "entry") {
      entries = [...entries.filter(({index}) => index < record.entry.index), record.entry];
    } else if (record.kind === "snapshot") {
      const {index, term} = record.snapshot;
      const isOurs = entries.some((one) => one.index === index && one.term === term);
      entries = isOurs ? entries.filter((one) => one.index > index) : [];
      found = record.snapshot;
    } else if (record.kind === "hardState") {
      state = record.hardState;
    }
  }
  return {snapshot: found, entries, commit: Math.max(state.commit, found?.index ?? 0)};
}

describe("a log with snapshots, cut off at any byte", () => {
  test("gives back what its whole records say, and where writing goes on", () => {
    fc.assert(
      fc.property(histories, (records) => {
        const {bytes, ends} = written([head, ...records]);
        for (let size = ends[0] ?? 0; size <= bytes.length; size++) {
          const whole = ends.filter((end) => end <= size).length;
          const contents = read(bytes.slice(0, size));
          const {snapshot: found, entries, commit} = model(records.slice(0, whole - 1));
          expect(contents.snapshot).toEqual(found);
          expect(contents.entries).toEqual(entries);
          expect(contents.hardState.commit).toBe(commit);
          expect(contents.offset).toBe(ends[whole - 1]);
          expect(contents.torn).toBe(size - contents.offset);
        }
      }),
      {numRuns: 40},
    );
  });
});
