import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {encodedBytes} from "../../../core/raft/entry.ts";
import {openLog} from "../../../core/raft/log.ts";
import type {Log} from "../../../core/raft/log.ts";
import {MemoryStorage} from "../../../core/raft/memoryStorage.ts";
import {entriesFrom, snapshotAt} from "./entries.ts";
import {LogModel} from "./logModel.ts";
import type {LogStep} from "./logModel.ts";
import {entry, log} from "./notation.ts";

const small = fc.nat({max: 3});
const step: fc.Arbitrary<LogStep> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      back: fc.nat({max: 4}),
      count: fc.integer({min: 1, max: 4}),
      sameTerm: fc.boolean(),
    }),
  },
  {weight: 1, arbitrary: fc.record({kind: fc.constant("restore" as const), ahead: small})},
  {
    weight: 4,
    arbitrary: fc.record({kind: fc.constantFrom("commit" as const, "compact" as const), ahead: small}),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constantFrom(...(["take", "write", "apply", "applyUnstable", "applied", "fork"] as const)),
    }),
  },
);

const unlimited = {commit: 0, applied: 0, applyingBytesMax: Infinity};

function storageWith(terms: string): MemoryStorage {
  const storage = new MemoryStorage();
  storage.append(log(terms));
  return storage;
}

/** A log whose entries up to `stable` are in storage, and the others unstable. */
function split(terms: string, stable: number): Log {
  const all = log(terms);
  const storage = new MemoryStorage();
  storage.append(all.slice(0, stable));
  const real = openLog(storage, unlimited);
  real.append(all.slice(stable));
  return real;
}

/** A log that begins behind 4/2: entries 5/2, 6/2, 7/3. */
function compacted(): Log {
  const storage = new MemoryStorage(snapshotAt({index: 4, term: 2}));
  storage.append(entriesFrom(5, "2 2 3"));
  return openLog(storage, unlimited);
}

const indexes = (entries: readonly {index: number}[]) => entries.map(({index}) => index);

describe("the log", () => {
  it("is a list, however its entries are spread over what is compacted, stable, in progress and new", () => {
    const limits = fc.constantFrom(0, 20, 45, Infinity);
    fc.assert(
      fc.property(limits, fc.array(step, {minLength: 10, maxLength: 60, size: "max"}), (limit, steps) => {
        const model = new LogModel(limit);
        for (const one of steps) {
          model.do(one);
          model.compare();
        }
      }),
      {numRuns: 150},
    );
  });

  it.each([
    ["1 1 1", 3],
    ["1 1 1", 1],
    ["1 1 1", 0],
  ])(
    "of %s, %i of them stable, holds entries and terms where they are, and nothing elsewhere",
    (terms, stable) => {
      const real = split(terms, stable);
      expect([0, 1, 2, 3, 4].map((index) => real.entryAt(index)?.index)).toEqual([
        undefined,
        1,
        2,
        3,
        undefined,
      ]);
      expect([0, 1, 3, 4].map((index) => real.termAt(index))).toEqual([0, 1, 1, undefined]);
      expect(real.last).toEqual({index: 3, term: 1});
    },
  );

  it("that is compacted knows the term just before its first entry, and none before that", () => {
    const real = compacted();
    expect([3, 4, 5, 7, 8].map((index) => real.termAt(index))).toEqual([undefined, 2, 2, 3, undefined]);
    expect([4, 5, 7, 8].map((index) => real.entryAt(index)?.index)).toEqual([undefined, 5, 7, undefined]);
    expect([real.firstIndex, real.lastIndex, real.unstableFrom]).toEqual([5, 7, 8]);
    expect([real.commitIndex, real.applying, real.lastApplied]).toEqual([4, 4, 4]);
    expect(real.isAt({index: 4, term: 2})).toBe(true);
    expect(real.isAt({index: 4, term: 1})).toBe(false);
    expect(real.isAt({index: 3, term: 2})).toBe(false);
  });

  it("compacted under it loses what is behind, and goes on with the rest", () => {
    const storage = storageWith("1 1 2 2 3");
    const real = openLog(storage, {...unlimited, commit: 4, applied: 4});
    real.append(entriesFrom(6, "3"));
    storage.createSnapshot(3, snapshotAt({index: 3, term: 2}).confState, new Uint8Array());
    storage.compact(3);
    expect([real.firstIndex, real.lastIndex, real.unstableFrom]).toEqual([4, 6, 6]);
    expect(real.termAt(3)).toBe(2);
    expect(real.entryAt(3)).toBeUndefined();
    expect(indexes(real.entries(4, 7, Infinity))).toEqual([4, 5, 6]);
    expect(real.appendWork().entries).toEqual(entriesFrom(6, "3"));
    real.append(entriesFrom(6, "4 4"));
    expect(real.last).toEqual({index: 7, term: 4});
  });
});

describe("a log that opens", () => {
  it.each([
    ["never ran", "", 0, 0, [0, 0]],
    ["committed nothing", "1 1 1", 0, 0, [0, 0]],
    ["committed, its store at the beginning", "1 1 1", 2, 0, [2, 0]],
    ["committed and applied", "1 1 1", 3, 2, [3, 2]],
    ["applied more than its commit index says, which was not synced", "1 1 1", 1, 2, [2, 2]],
  ])("of a member that %s goes on there", (_, terms, commit, applied, [committed, at]) => {
    const real = openLog(storageWith(terms), {commit, applied, applyingBytesMax: Infinity});
    expect([real.commitIndex, real.lastApplied, real.applying]).toEqual([committed, at, at]);
  });

  it.each([
    [8, 0, "commitIndex 8 lies outside of the log 5..7"],
    [3, 0, "commitIndex 3 lies outside of the log 5..7"],
    [7, 8, "applied 8 lies outside of the log 5..7"],
    [7, 3, "applied 3 lies outside of the log 5..7"],
  ])("fails with commit %i and applied %i: something durable was lost", (commit, applied, why) => {
    const storage = new MemoryStorage(snapshotAt({index: 4, term: 2}));
    storage.append(entriesFrom(5, "2 2 3"));
    expect(() => openLog(storage, {commit, applied, applyingBytesMax: 1})).toThrow(why);
  });
});

describe("to append to a log", () => {
  it.each([
    ["1 2", "", 3, "1 2", 3, "appended"],
    ["1 2", "2", 3, "1 2 2", 3, "appended"],
    ["1 2", "3", 2, "1 3", 2, "replaced"],
    ["1 2", "3 3", 1, "3 3", 1, "replaced"],
  ])(
    "where %s is stable, entries %s at %i, makes %s, unstable from %i",
    (terms, more, at, after, from, how) => {
      const real = openLog(storageWith(terms), unlimited);
      expect(real.append(entriesFrom(at, more))).toBe(how);
      expect(real.entries(1, real.lastIndex + 1, Infinity)).toEqual(log(after));
      expect(real.unstableFrom).toBe(from);
    },
  );

  it("is refused over a gap, and over what is committed", () => {
    const real = openLog(storageWith("1 1"), {...unlimited, commit: 1});
    expect(() => real.append([entry({index: 4, term: 1})])).toThrow("gap");
    expect(() => real.append([entry({index: 1, term: 2})])).toThrow("replace a committed one");
  });
});

describe("the commit index", () => {
  it("moves forward only, and never beyond the log", () => {
    const real = openLog(storageWith("1 1 1"), {...unlimited, commit: 2});
    expect([real.commitTo(3), real.commitIndex]).toEqual([true, 3]);
    expect([real.commitTo(1), real.commitIndex]).toEqual([false, 3]);
    expect([real.commitTo(3), real.commitIndex]).toEqual([false, 3]);
    expect(() => real.commitTo(4)).toThrow("commitIndex 4 is beyond lastIndex 3");
  });
});

describe("the position where two logs may agree", () => {
  it.each([
    ["1 2 3", 3, 3, 3, 3],
    ["1 2 3", 3, 2, 2, 2],
    ["1 2 3", 3, 9, 3, 3],
    ["1 1 1 1 2 2 5 5", 8, 5, 8, 5],
    ["1 1 1 1 2 2 5 5", 8, 4, 6, 2],
    ["1 1 1 1 2 2 5 5", 6, 1, 4, 1],
    ["1 1 1 1 2 2 5 5", 3, 0, 0, 0],
    ["1 1 1 1 2 2 5 5", 9, 5, 9, 0],
    ["2 2 2", 3, 1, 0, 0],
    ["", 0, 1, 0, 0],
  ])("of %s, below %i of term %i, is %i of term %i", (terms, index, term, found, foundTerm) => {
    const real = split(terms, Math.floor(log(terms).length / 2));
    expect(real.findConflictByTerm({index, term})).toEqual({index: found, term: foundTerm});
  });

  it.each([
    [7, 3, 7, 3],
    [7, 2, 6, 2],
    [7, 1, 3, 0],
    [4, 2, 4, 2],
    [4, 1, 3, 0],
    [3, 1, 3, 0],
    [2, 9, 2, 0],
  ])(
    "is unknown where the log is compacted: below %i of term %i it is %i of term %i",
    (index, term, found, foundTerm) => {
      expect(compacted().findConflictByTerm({index, term})).toEqual({index: found, term: foundTerm});
    },
  );
});

describe("a range of entries", () => {
  const size = encodedBytes(entry({index: 1, term: 1}));

  it.each([
    [1, 1, Infinity, []],
    [1, 7, Infinity, [1, 2, 3, 4, 5, 6]],
    [2, 4, Infinity, [2, 3]],
    [4, 7, Infinity, [4, 5, 6]],
    [3, 5, Infinity, [3, 4]],
    [1, 7, 0, [1]],
    [4, 7, 0, [4]],
    [1, 7, 2 * size - 1, [1]],
    [1, 7, 2 * size, [1, 2]],
    [2, 7, 3 * size, [2, 3, 4]],
    [5, 7, 2 * size, [5, 6]],
  ])("from %i to before %i within %d bytes is %j, whatever is stable", (from, to, bytesMax, expected) => {
    for (let stable = 0; stable <= 6; stable++) {
      const entries = split("1 1 1 1 1 1", stable).entries(from, to, bytesMax);
      expect(indexes(entries)).toEqual(expected);
    }
  });

  it("that is not there is refused", () => {
    expect(() => compacted().entries(4, 6, Infinity)).toThrow("entry 4 is absent");
    expect(() => compacted().entries(7, 9, Infinity)).toThrow("entry 8 is absent");
  });
});

describe("work for the state machine", () => {
  const size = encodedBytes(entry({index: 1, term: 1}));
  const opened = (applyingBytesMax: number, stable: number, commit: number) => {
    const real = openLog(storageWith("1 1 1 1".slice(0, 2 * stable)), {
      ...unlimited,
      applyingBytesMax,
    });
    real.append(log("1 1 1 1").slice(stable));
    real.commitTo(commit);
    return real;
  };

  it.each([
    [4, 3, true, [1, 2, 3]],
    [2, 3, true, [1, 2, 3]],
    [2, 3, false, [1, 2]],
    [0, 3, false, []],
    [4, 0, true, []],
    [4, 4, false, [1, 2, 3, 4]],
  ])(
    "with %i entries stable, %i committed, unstable ones allowed: %s, is %j",
    (stable, commit, allowed, expected) => {
      const real = opened(Infinity, stable, commit);
      expect(real.hasApplyWork(allowed)).toBe(expected.length > 0);
      expect(indexes(real.takeApplyWork(allowed))).toEqual(expected);
      expect(real.applying).toBe(expected.length);
      expect(real.hasApplyWork(allowed)).toBe(false);
      expect(real.lastApplied).toBe(0);
    },
  );

  it("is none while a snapshot is on its way to the disk", () => {
    const real = opened(Infinity, 4, 2);
    real.restore(snapshotAt({index: 6, term: 1}));
    real.append(entriesFrom(7, "1"));
    real.commitTo(7);
    expect([real.hasApplyWork(true), real.hasApplyWork(false)]).toEqual([false, false]);
    expect(real.takeApplyWork(true)).toEqual([]);
    real.snapshotStable(6);
    real.applied(6, 0);
    expect(indexes(real.takeApplyWork(true))).toEqual([7]);
  });

  it("stops at the limit of bytes until something was applied", () => {
    const real = opened(2 * size, 4, 4);
    expect(indexes(real.takeApplyWork(false))).toEqual([1, 2]);
    expect(real.hasApplyWork(false)).toBe(false);
    real.applied(1, size);
    expect(indexes(real.takeApplyWork(false))).toEqual([3]);
    expect(real.hasApplyWork(false)).toBe(false);
    real.applied(3, 2 * size);
    expect(indexes(real.takeApplyWork(false))).toEqual([4]);
  });

  it("stops also below the limit when the next entry did not fit", () => {
    const real = opened(2 * size - 1, 4, 4);
    expect(indexes(real.takeApplyWork(false))).toEqual([1]);
    expect(real.hasApplyWork(false)).toBe(false);
    real.applied(1, size);
    expect(indexes(real.takeApplyWork(false))).toEqual([2]);
  });

  it("is one entry at a time with the smallest limit, and an entry larger than any limit is handed out", () => {
    const real = opened(1, 4, 4);
    for (const index of [1, 2, 3, 4]) {
      expect(indexes(real.takeApplyWork(false))).toEqual([index]);
      expect(real.takeApplyWork(false)).toEqual([]);
      real.applied(index, size);
    }
  });

  it("goes on when more than was handed out is said to be applied, never below nothing", () => {
    const real = openLog(storageWith("1 1 1 1 1 1"), {commit: 6, applied: 0, applyingBytesMax: 2 * size});
    real.takeApplyWork(false);
    real.applied(2, 100 * size);
    expect(indexes(real.takeApplyWork(false))).toEqual([3, 4]);
    expect(real.hasApplyWork(false)).toBe(false);
  });

  it("is applied in order, and only when committed", () => {
    const real = opened(Infinity, 4, 3);
    real.takeApplyWork(false);
    expect(() => real.applied(4, 0)).toThrow("outside of what is committed: 0..3");
    real.applied(2, 0);
    expect(() => real.applied(1, 0)).toThrow("outside of what is committed: 2..3");
    expect([real.lastApplied, real.applying]).toEqual([2, 3]);
  });
});

describe("a receipt of the disk", () => {
  it("for what is not in storage is a lie", () => {
    const real = openLog(new MemoryStorage(), unlimited);
    real.append(log("1"));
    expect(() => real.stableTo({index: 1, term: 1})).toThrow("is said to be durable but is not in storage");
  });

  it("for what is not in the log any more changes nothing", () => {
    const storage = new MemoryStorage();
    const real = openLog(storage, unlimited);
    real.append(log("1 1"));
    real.append(entriesFrom(2, "2"));
    storage.append(log("1 1"));
    expect(real.stableTo({index: 2, term: 1})).toBe("mismatched");
    expect(real.unstableFrom).toBe(1);
    expect(real.lastUnstable()).toEqual({index: 2, term: 2});
    expect(real.stableTo({index: 1, term: 1})).toBe("stable");
    expect(real.lastUnstable()).toEqual({index: 2, term: 2});
    expect(real.stableTo({index: 1, term: 1})).toBe("missing");
  });
});

describe("a snapshot from the leader", () => {
  it("takes the place of the log, and what it stands for is committed", () => {
    const storage = storageWith("1 1 2");
    const real = openLog(storage, {...unlimited, commit: 1});
    const snapshot = snapshotAt({index: 9, term: 4});
    real.restore(snapshot);
    expect([real.firstIndex, real.lastIndex, real.unstableFrom]).toEqual([10, 9, 10]);
    expect([real.commitIndex, real.applying, real.lastApplied]).toEqual([9, 0, 0]);
    expect([2, 3, 8, 9, 10].map((index) => real.termAt(index))).toEqual([
      undefined,
      undefined,
      undefined,
      4,
      undefined,
    ]);
    expect(real.entryAt(2)).toBeUndefined();
    expect(real.snapshot()).toBe(snapshot);
    expect(real.appendWork()).toEqual({snapshot, entries: []});
    expect(real.lastUnstable()).toBeUndefined();
    storage.applySnapshot(snapshot);
    real.snapshotStable(9);
    expect([real.firstIndex, real.termAt(9), real.snapshot()]).toEqual([10, 4, snapshot]);
  });

  it("that is not beyond what is committed is refused", () => {
    const real = openLog(storageWith("1 1 2"), {...unlimited, commit: 2});
    expect(() => real.restore(snapshotAt({index: 2, term: 1}))).toThrow("not beyond commitIndex 2");
  });

  it("for a follower is the storage's, unless a newer one is on its way to the disk", () => {
    const storage = new MemoryStorage(snapshotAt({index: 4, term: 2}));
    const real = openLog(storage, unlimited);
    expect(real.snapshot()?.index).toBe(4);
    real.restore(snapshotAt({index: 9, term: 2}));
    expect(real.snapshot()?.index).toBe(9);
  });
});

describe("a twin of the log", () => {
  it("goes its own way", () => {
    const storage = storageWith("1 1");
    const real = openLog(storage, {...unlimited, applyingBytesMax: 1});
    real.append(entriesFrom(3, "1 1"));
    const twin = real.fork(storage.fork());
    twin.append(entriesFrom(3, "2"));
    twin.commitTo(3);
    twin.takeApplyWork(true);
    expect([real.lastIndex, real.commitIndex, real.applying]).toEqual([4, 0, 0]);
    expect(real.cursors()).not.toEqual(twin.cursors());
    real.commitTo(2);
    expect(indexes(real.takeApplyWork(true))).toEqual([1]);
  });
});
