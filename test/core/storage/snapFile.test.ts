import {describe, expect, test} from "vitest";
import {snapFileName} from "../../../core/storage/files.ts";
import {
  chooseSnap,
  decodeSnapFile,
  encodeSnapFile,
  saveSnapDbSteps,
  saveSnapSteps,
  tidySteps,
} from "../../../core/storage/snapFile.ts";
import type {SnapshotMark} from "../../../core/storage/snapshotMark.ts";
import {MemoryDisk} from "./memoryDisk.ts";
import {mark} from "./walLog.ts";

const joint: SnapshotMark = {
  index: 300,
  term: 7,
  confState: {
    voters: [1, 2, 300],
    votersOutgoing: [1, 2, 3],
    learners: [4],
    learnersNext: [3],
    autoLeave: true,
  },
};

/** Of more members than a sector holds. */
const crowd: SnapshotMark = {
  ...joint,
  confState: {...joint.confState, learners: Array.from({length: 300}, (_, i) => 1000 + i)},
};

function fileOf({term, index}: SnapshotMark): string {
  return snapFileName(term, index);
}

function diskWith(...marks: readonly SnapshotMark[]): MemoryDisk {
  const disk = new MemoryDisk();
  for (const one of marks) disk.run(saveSnapSteps(one));
  return disk;
}

describe("a snapshot file", () => {
  test("gives back the mark that was written", () => {
    for (const one of [mark(1, 1), joint, crowd]) expect(decodeSnapFile(encodeSnapFile(one))).toEqual(one);
  });

  test("with any bit flipped holds the same mark or is broken", () => {
    for (const one of [mark(1, 1), joint, crowd]) {
      const bytes = encodeSnapFile(one);
      let broken = 0;
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const flipped = bytes.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const decoded = decodeSnapFile(flipped);
        if (decoded === undefined) broken++;
        else expect(decoded).toEqual(one);
      }
      // Seven bytes at most are padding.
      expect(broken).toBeGreaterThanOrEqual(8 * (bytes.length - 7));
    }
  });

  test("that is shorter or longer than it was is broken", () => {
    const bytes = encodeSnapFile(crowd);
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeSnapFile(bytes.slice(0, length))).toBe(undefined);
    }
    expect(decodeSnapFile(Uint8Array.of(...bytes, 0))).toBe(undefined);
  });

  test("is there whole, or not at all, after a crash at any operation of its saving", () => {
    const ops = saveSnapSteps(crowd).flat();
    for (let done = 0; done <= ops.length; done++) {
      const disk = diskWith(mark(1, 1));
      for (const op of ops.slice(0, done)) disk.do(op);
      for (let names = 0; names <= disk.nameChanges; names++) {
        for (let set = 0; set < 1 << disk.pieces; set++) {
          const left = disk.crash({names, piece: (i) => ((set >>> i) & 1) === 1});
          const snaps = chooseSnap(left, [mark(1, 1), crowd]);
          const {mark: chosen, broken} = snaps;
          expect(broken).toEqual([]);
          expect([mark(1, 1), crowd]).toContainEqual(chosen);
          if (done === ops.length) expect(chosen).toEqual(crowd);
          left.run(tidySteps(left.list(), snaps));
          expect(left.list().filter((name) => name.endsWith(".tmp"))).toEqual([]);
        }
      }
    }
  });
});

describe("of the snapshot files", () => {
  const marks = [mark(4, 1), mark(8, 1), mark(12, 2), mark(9, 3)];

  test("the newest one is chosen that the log knows: of the highest term, then index", () => {
    const disk = diskWith(...marks);
    const chosen = (known: readonly SnapshotMark[]): SnapshotMark | undefined => chooseSnap(disk, known).mark;
    expect(chosen(marks)).toEqual(mark(9, 3));
    expect(chosen(marks.slice(0, 2))).toEqual(mark(8, 1));
    expect(chosen([mark(9, 1)])).toBeUndefined();
    expect(chooseSnap(disk, marks.slice(0, 2)).intact).toEqual(marks.slice(0, 2));
    expect(chooseSnap(new MemoryDisk(), marks)).toEqual({mark: undefined, intact: [], broken: []});
  });

  test("a broken one is told of and set aside, and the next is chosen", () => {
    const disk = diskWith(...marks);
    const file = fileOf(mark(9, 3));
    disk.spoil(file, (bytes) => bytes.fill(0, 8, 9));
    // A whole one under the name of another is no better.
    const foreign = fileOf(mark(12, 2));
    disk.spoil(foreign, () => encodeSnapFile(mark(4, 1)));
    const found = chooseSnap(disk, marks);
    expect(found).toMatchObject({mark: mark(8, 1), broken: [foreign, file]});
    disk.run(tidySteps(disk.list(), found));
    expect(chooseSnap(disk, marks)).toEqual({...found, broken: []});
    expect(disk.list()).toContain(`${file}.broken`);
  });

  test("those that the log does not know are taken away, and received states but the one that is needed", () => {
    const disk = diskWith(...marks);
    for (const index of [8, 12]) disk.run(saveSnapDbSteps(index, Uint8Array.of(1)));
    const before = disk.list();
    const found = chooseSnap(disk, marks.slice(0, 2));
    disk.run(tidySteps(before, found));
    expect(disk.list()).toEqual([fileOf(mark(4, 1)), "0000000000000008.snap.db", fileOf(mark(8, 1))].sort());
    expect(tidySteps(disk.list(), found)).toEqual([]);
  });
});
