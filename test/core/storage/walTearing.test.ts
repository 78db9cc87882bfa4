// The promise of the log under every crash of a disk that keeps its word: what is found is a prefix of the records that
// holds all that was synced, and never damage. memoryDisk.ts says what a crash may leave.

import fc from "fast-check";
import {describe, expect, test} from "vitest";
import type {Entry, HardState} from "../../../core/raft/entry.ts";
import type {DiskOp, DiskStep} from "../../../core/storage/disk.ts";
import {sectorBytes} from "../../../core/storage/disk.ts";
import {walFileName} from "../../../core/storage/files.ts";
import {entriesAfter} from "../../../core/storage/readWal.ts";
import type {SnapshotMark} from "../../../core/storage/snapshotMark.ts";
import type {WalBatch} from "../../../core/storage/wal.ts";
import {Wal} from "../../../core/storage/wal.ts";
import type {Kept} from "./memoryDisk.ts";
import {MemoryDisk, nothingKept} from "./memoryDisk.ts";
import {batch, entry, mark, member, Opened, read, snapshotBatch} from "./walLog.ts";

/** What a log says: compared with what is read, as far as the segments reach back. */
interface Model {
  readonly snapshots: readonly SnapshotMark[];
  /** By index; index 0 and what a snapshot took the place of is absent. */
  readonly entries: readonly (Entry | undefined)[];
  readonly hardState: HardState;
}

const nothing: Model = {snapshots: [], entries: [undefined], hardState: {term: 0, votedFor: 0, commit: 0}};

type Piece = SnapshotMark | Entry | HardState;

function piecesOf({snapshot, entries, hardState}: WalBatch): readonly Piece[] {
  return [snapshot, ...entries, hardState].filter((piece) => piece !== undefined);
}

function after(model: Model, piece: Piece): Model {
  const {snapshots, entries} = model;
  if ("votedFor" in piece) return {...model, hardState: piece};
  if ("data" in piece) return {...model, entries: [...entries.slice(0, piece.index), piece]};
  const isOwn = piece.index < entries.length && (entries[piece.index]?.term ?? piece.term) === piece.term;
  const left = isOwn ? entries : Array.from({length: piece.index + 1}, () => undefined);
  return {...model, snapshots: [...snapshots, piece], entries: left};
}

/** The models after each of the pieces, the first with none. */
function modelsOf(batches: readonly WalBatch[]): readonly Model[] {
  const models = [nothing];
  for (const piece of batches.flatMap(piecesOf)) models.push(after(models.at(-1) ?? nothing, piece));
  return models;
}

function raised({snapshots, entries, hardState}: Model): HardState {
  const newest = snapshots.toSorted((a, b) => a.index - b.index).at(-1);
  const commit = Math.max(hardState.commit, newest?.index ?? 0);
  const term = entries.at(-1)?.term ?? newest?.term ?? 0;
  return term > hardState.term ? {term, votedFor: 0, commit} : {...hardState, commit};
}

/** Which of the models the disk agrees with, the last of them; -1 when with none. Entries before the first held are not asked for. */
function found(disk: MemoryDisk, models: readonly Model[]): number {
  const contents = read(disk);
  const said = JSON.stringify([contents.firstIndex + contents.entries.length, contents.hardState]);
  return models.findLastIndex((model) => {
    if (JSON.stringify([model.entries.length, raised(model)]) !== said) return false;
    const held = model.entries.slice(contents.firstIndex);
    const marks = contents.snapshots.length === 0 ? [] : model.snapshots.slice(-contents.snapshots.length);
    return JSON.stringify([held, marks]) === JSON.stringify([contents.entries, contents.snapshots]);
  });
}

/** A drawn sequence of batches as raft makes them: appends, truncations by a newer term, snapshots of both origins. */
const histories: fc.Arbitrary<readonly WalBatch[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom("append", "append", "append", "own", "received"),
      back: fc.nat(2),
      count: fc.nat(3),
      size: fc.constantFrom(0, 1, 40, 490, 700, 1600),
      fill: fc.constantFrom(0, 1, 0xff),
      newTerm: fc.boolean(),
      state: fc.boolean(),
      mustSync: fc.boolean(),
    }),
    {minLength: 1, maxLength: 10},
  )
  .map((steps) => {
    const made: WalBatch[] = [];
    let [last, committed, term] = [0, 0, 1];
    for (const {kind, back, count, size, fill, newTerm, state, mustSync} of steps) {
      if (kind === "own") {
        if (last === committed) continue;
        // Everything is committed: its terms are those of the entries.
        committed = last;
        const whole = modelsOf(made).at(-1)?.entries[last];
        made.push(snapshotBatch(mark(last, whole?.term ?? term)));
        continue;
      }
      if (kind === "received") {
        term++;
        committed = last = last + 1 + count;
        made.push({...snapshotBatch(mark(last, term)), mustSync: false});
        continue;
      }
      if (newTerm) {
        term++;
        last = Math.max(committed, last - back);
      }
      const entries = Array.from({length: count}, (): Entry => {
        const data = new Uint8Array(size).fill(fill);
        return {index: ++last, term, type: "normal", data};
      });
      made.push(batch(entries, state ? {term, votedFor: 1, commit: committed} : undefined, mustSync));
    }
    return made;
  });

/** The disk operations of a run, and how many pieces are promised to be found when it ends before each; none before it is open. */
interface Run {
  readonly ops: readonly {readonly op: DiskOp; readonly promised: number | undefined}[];
  readonly models: readonly Model[];
}

/**
 * Opens a log on the disk and writes the batches. Within a step the operations on different files are in any order: with
 * `asideFirst` those on the segment being made come first.
 */
function runOf(
  disk: MemoryDisk,
  batches: readonly WalBatch[],
  segmentBytes: number,
  asideFirst: boolean,
): Run {
  const ops: {op: DiskOp; promised: number | undefined}[] = [];
  const wal = new Wal(read(disk).tail, {member, segmentBytes});
  let promised: number | undefined;
  const run = (steps: readonly DiskStep[]): void => {
    for (const step of steps) {
      const order = asideFirst ? step.toSorted((a, b) => Number(isAside(b)) - Number(isAside(a))) : step;
      for (const op of order) ops.push({op, promised});
    }
    wal.settled();
  };
  run(wal.open());
  promised = 0;
  let written = 0;
  for (const one of batches) {
    run(wal.append([one]));
    written += piecesOf(one).length;
    if (wal.durableBytes === wal.bytes) promised = written;
    if (one.mustSync || one.snapshot !== undefined) expect(promised).toBe(written);
  }
  // The last promise counts from the end of its last operation on.
  ops.push({op: {kind: "syncDir"}, promised});
  return {ops, models: modelsOf(batches)};
}

function isAside(op: DiskOp): boolean {
  return "file" in op && op.file.endsWith(".tmp");
}

/** Every crash of the disk as it stands, if it has few pieces; the simplest ones else. */
function* crashes(disk: MemoryDisk): Generator<Kept> {
  const {pieces, nameChanges} = disk;
  for (let names = 0; names <= nameChanges; names++) {
    if (pieces <= 8) {
      for (let set = 0; set < 1 << pieces; set++) yield {names, piece: (i) => ((set >>> i) & 1) === 1};
      continue;
    }
    for (let at = 0; at <= pieces; at++) {
      yield {names, piece: (i) => i < at};
      yield {names, piece: (i) => i !== at};
      yield {names, piece: (i) => i === at};
    }
  }
}

const crash = fc.record({
  at: fc.nat(1 << 16),
  pieces: fc.array(fc.boolean(), {minLength: 12, maxLength: 12}),
  names: fc.nat(3),
});

function crashed(disk: MemoryDisk, {pieces, names}: {pieces: readonly boolean[]; names: number}): MemoryDisk {
  return disk.crash({piece: (i) => pieces[i % pieces.length] ?? true, names});
}

describe("a crash of a member whose disk keeps its word", () => {
  test("leaves a prefix of the records, at least all that was synced: any history, any crash", () => {
    fc.assert(
      fc.property(
        histories,
        fc.constantFrom(256, 1024, 4096),
        fc.boolean(),
        crash,
        (batches, segmentBytes, asideFirst, drawn) => {
          const disk = new MemoryDisk();
          const {ops, models} = runOf(disk, batches, segmentBytes, asideFirst);
          const at = drawn.at % ops.length;
          for (const {op} of ops.slice(0, at)) disk.do(op);
          const survived = found(crashed(disk, drawn), models);
          expect(survived).toBeGreaterThanOrEqual(ops[at]?.promised ?? 0);
        },
      ),
      {numRuns: 1500},
    );
  });

  test("and another crash while it opens and writes on, too, after one of the process alone or of the power", () => {
    fc.assert(
      fc.property(
        histories,
        fc.constantFrom(256, 1024, 4096),
        fc.boolean(),
        crash,
        crash,
        (batches, segmentBytes, isPower, one, two) => {
          const disk = new MemoryDisk();
          const first = runOf(disk, batches, segmentBytes, false);
          const stop = one.at % first.ops.length;
          for (const {op} of first.ops.slice(0, stop)) disk.do(op);
          const left = isPower ? crashed(disk, one) : disk;
          const kept = read(left);
          const base = found(left, first.models);
          const before = first.models.slice(0, base + 1);
          const more = batch([entry(kept.firstIndex + kept.entries.length, 99, 700)], {
            term: 99,
            votedFor: 3,
            commit: 0,
          });
          const models = [...before];
          for (const piece of piecesOf(more)) models.push(after(models.at(-1) ?? nothing, piece));
          const second = runOf(left, [more], segmentBytes, true);
          const at = two.at % second.ops.length;
          for (const {op} of second.ops.slice(0, at)) left.do(op);
          const promised = second.ops[at]?.promised;
          const atLeast = promised === undefined ? (first.ops[stop]?.promised ?? 0) : base + promised;
          expect(found(crashed(left, two), models)).toBeGreaterThanOrEqual(atLeast);
        },
      ),
      {numRuns: 1500},
    );
  });

  test("leaves such a prefix: every crash at every operation of one history", () => {
    const zeros = {...entry(3, 1, 1300), data: new Uint8Array(1300)};
    const single = {...entry(4, 2, 1300), data: new Uint8Array(1300).fill(1, 700, 701)};
    const batches: readonly WalBatch[] = [
      batch([entry(1, 1, 30), entry(2, 1, 600)], {term: 1, votedFor: 1, commit: 0}),
      batch([zeros], undefined, false),
      batch([], {term: 1, votedFor: 1, commit: 2}, false),
      snapshotBatch(mark(2, 1)),
      batch([single], {term: 2, votedFor: 3, commit: 3}, false),
      batch([entry(4, 3, 480)], undefined, false),
      batch([entry(5, 3, 10)], {term: 3, votedFor: 1, commit: 3}),
      snapshotBatch(mark(9, 4)),
      batch([entry(10, 4, 600)], {term: 4, votedFor: 0, commit: 9}, false),
    ];
    let cases = 0;
    for (const asideFirst of [false, true]) {
      for (const segmentBytes of [512, 2048, 8192]) {
        const disk = new MemoryDisk();
        const {ops, models} = runOf(disk, batches, segmentBytes, asideFirst);
        for (const {op, promised} of ops) {
          for (const kept of crashes(disk)) {
            cases++;
            const survived = found(disk.crash(kept), models);
            expect(survived).toBeGreaterThanOrEqual(promised ?? 0);
          }
          disk.do(op);
        }
      }
    }
    expect(cases).toBeGreaterThan(1500);
  });

  test("in a purge leaves a log without a gap that holds what the purge was to leave", () => {
    const log = new Opened(new MemoryDisk(), 256);
    for (let index = 1; index <= 20; index++) log.append(batch([entry(index, 1, 40)]));
    log.append(snapshotBatch(mark(15, 1)));
    const steps = log.wal.purge(15);
    expect(steps.length).toBeGreaterThan(2);
    for (let done = 0; done <= steps.length; done++) {
      for (const kept of crashes(log.disk)) {
        const contents = read(log.disk.crash(kept));
        expect(contents.snapshots).toEqual([mark(15, 1)]);
        expect(entriesAfter(contents, mark(15, 1))).toHaveLength(5);
      }
      log.disk.run(steps.slice(done, done + 1));
    }
  });
});

describe("a record of which a sector was never written", () => {
  const file = walFileName(0, 1);

  test("is cut off, and what stood behind it; behind it there are zeros then", () => {
    const log = new Opened();
    log.append(batch([entry(1, 1)]));
    const end = log.wal.bytes;
    log.append(batch([entry(2, 1, 4 * sectorBytes)], undefined, false));
    log.append(batch([entry(3, 1)], undefined, false));
    const {pieces} = log.disk;
    expect(pieces).toBe(6);
    for (let lost = 0; lost < pieces - 1; lost++) {
      const left = log.disk.crash({names: 0, piece: (i) => i !== lost});
      expect(read(left).entries).toEqual([entry(1, 1)]);
      const again = new Opened(left);
      expect(again.wal.bytes).toBe(end);
      expect(left.read(file, end, 1 << 16).every((byte) => byte === 0)).toBe(true);
      expect(read(left.crash(nothingKept)).entries).toEqual([entry(1, 1)]);
    }
  });

  test("is rot when a record behind it says that all before was synced", () => {
    const log = new Opened();
    log.append(batch([entry(1, 1)]));
    const offset = log.wal.bytes;
    log.append(batch([entry(2, 1, 2 * sectorBytes)], undefined, true));
    log.append(batch([entry(3, 1)], undefined, false));
    log.disk.spoil(file, (bytes) => bytes.fill(0, sectorBytes, 2 * sectorBytes));
    expect(() => read(log.disk)).toThrow(`damaged at ${file}:${offset}`);
  });

  test("is rot when there is a segment behind it", () => {
    const log = new Opened(new MemoryDisk(), 1024);
    const offset = log.wal.bytes;
    log.append(batch([entry(1, 1, 2 * sectorBytes)]));
    expect(log.wal.segments).toHaveLength(2);
    log.disk.spoil(file, (bytes) => bytes.fill(0, sectorBytes, 2 * sectorBytes));
    expect(() => read(log.disk)).toThrow(`damaged at ${file}:${offset}`);
    const shorter = new Opened(new MemoryDisk(), 1024);
    shorter.append(batch([entry(1, 1, 2 * sectorBytes)]));
    shorter.disk.spoil(file, (bytes) => bytes.slice(0, offset));
    expect(() => read(shorter.disk)).toThrow(`damaged at ${file}:${offset}`);
  });

  test("is rot when only a part of the sector is zero", () => {
    const log = new Opened();
    const offset = log.wal.bytes;
    log.append(batch([entry(1, 1, 2 * sectorBytes)]));
    log.disk.spoil(file, (bytes) => bytes.fill(0, sectorBytes, 2 * sectorBytes - 1));
    expect(() => read(log.disk)).toThrow(`damaged at ${file}:${offset}`);
  });
});
