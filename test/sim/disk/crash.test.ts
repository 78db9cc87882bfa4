// What a crash leaves of what was not synced, by luck and in every way that there is.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import type {DiskOp} from "../../../core/storage/disk.ts";
import {countCrashStates, crashStates} from "../../../sim/disk/crashStates.ts";
import {Disk} from "../../../sim/disk/disk.ts";
import {below, draw} from "../../../sim/random.ts";
import {DiskModel} from "./model.ts";
import {Hand, holding, lettersOf, rename, sectors, sync, syncDir, unlink, write} from "./operations.ts";

/** Luck as the world draws it. */
function luck(seed: number): (stream: string, bound: number) => number {
  const counts = new Map<string, number>();
  return (stream, bound) => {
    const n = (counts.get(stream) ?? 0) + 1;
    counts.set(stream, n);
    return below(draw(`${seed}`, stream, n), bound);
  };
}

function lettersAfter(hand: Hand): ReadonlySet<string> {
  const found = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const disk = hand.disk.fork();
    disk.crash(luck(seed));
    found.add(lettersOf(new Hand(disk).text()));
  }
  return found;
}

const file = fc.constantFrom("a", "b", "c");
const operation: fc.Arbitrary<DiskOp> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      file,
      at: fc.nat(1500),
      bytes: fc.uint8Array({minLength: 1, maxLength: 1400}),
    }),
  },
  fc.record({kind: fc.constantFrom("allocate" as const, "truncate" as const), file, size: fc.nat(2500)}),
  {weight: 2, arbitrary: fc.record({kind: fc.constant("sync" as const), file})},
  fc.record({kind: fc.constant("unlink" as const), file}),
  fc.record({kind: fc.constant("rename" as const), file, to: file}).filter((op) => op.file !== op.to),
  {weight: 2, arbitrary: fc.constant(syncDir)},
);
const history = fc.array(fc.record({op: operation, isDone: fc.boolean()}), {maxLength: 9});

function after(steps: readonly {readonly op: DiskOp; readonly isDone: boolean}[]): [Disk, DiskModel] {
  const disk = new Disk();
  const model = new DiskModel();
  for (const [i, {op, isDone}] of steps.entries()) {
    disk.submit(i, op);
    if (isDone) disk.complete(i);
    model.do(op, isDone);
  }
  return [disk, model];
}

describe("a crash", () => {
  it("says what became of what was not synced", () => {
    const hand = holding("a".repeat(1024));
    expect(hand.disk.lastCrash).toBeUndefined();
    hand.do(write("wal", 0, "b"), write("wal", 0, "c".repeat(1024)), write("other", 0, "d"));
    hand.ask(sync("wal"));
    const torn = hand.disk.crashed({
      of: (name) => (name === "wal" ? [true, false] : "none"),
      names: () => 0,
    });
    expect(torn.lastCrash).toEqual({underway: 1, kept: 0, torn: 2, lost: 1, namesLost: 1});
    const kept = hand.disk.crashed({of: () => "all", names: (count) => count});
    expect(kept.lastCrash).toEqual({underway: 1, kept: 3, torn: 0, lost: 0, namesLost: 0});
    expect(kept.fork().lastCrash).toEqual(kept.lastCrash);
  });

  it("leaves only what the port allows, whatever was done and whatever is drawn", () => {
    fc.assert(
      fc.property(history, fc.nat(), (steps, seed) => {
        const [disk, model] = after(steps);
        disk.crash(luck(seed));
        expect(model.allows(disk)).toBe(true);
      }),
      {numRuns: 1500, seed: 1},
    );
  });

  it("leaves a disk that goes on like any other: a second crash takes nothing more", () => {
    fc.assert(
      fc.property(history, fc.nat(), (steps, seed) => {
        const [disk] = after(steps);
        disk.crash(luck(seed));
        const before = digest(disk);
        expect([disk.unsynced(), disk.unsyncedNames, disk.bytes]).toEqual([[], 0, disk.durableBytes]);
        disk.crash(() => 0);
        expect(digest(disk)).toBe(before);
      }),
      {numRuns: 300, seed: 1},
    );
  });

  it("tears a write sector by sector: any of them may be missing", () => {
    const hand = holding(sectors("..."));
    hand.do(write("wal", 0, sectors("abc")));
    expect([...lettersAfter(hand)].sort((a, b) => (a < b ? -1 : 1))).toEqual(
      ["...", "..c", ".b.", ".bc", "a..", "a.c", "ab.", "abc"].sort((a, b) => (a < b ? -1 : 1)),
    );
  });

  it("keeps the size and loses the content, or a part of both", () => {
    const hand = holding(sectors("."));
    hand.do(write("wal", 512, sectors("ab")));
    const found = lettersAfter(hand);
    for (const left of [".", ".00", ".0b", ".a", ".a0", ".ab"]) expect(found).toContain(left);
  });

  it("can lose an allocation and keep the write that came after it", () => {
    const hand = holding("");
    hand.do({kind: "allocate", file: "wal", size: 2048}, write("wal", 0, sectors("a")));
    const found = lettersAfter(hand);
    expect(found).toContain("a");
    expect(found).toContain("0000");
    expect(found).toContain("a000");
  });

  it("draws once when all or nothing survives, else once for each operation and 30 sectors", () => {
    const hand = holding("");
    hand.do(write("wal", 0, sectors("x".repeat(63))), write("wal", 0, "y"));
    const drawn: string[] = [];
    hand.disk.fork().crash((stream, bound) => {
      drawn.push(`${stream} ${bound}`);
      return bound - 2;
    });
    expect(drawn).toEqual(["/ 4", "wal 3"].concat(["wal 2"]));
    drawn.length = 0;
    hand.disk.crash((stream, bound) => {
      drawn.push(`${stream} ${bound}`);
      return bound - 1;
    });
    expect(drawn).toEqual(["/ 4", "wal 3", "wal 1073741824", "wal 1073741824", "wal 16", "wal 2"]);
  });

  it("draws nothing for a disk on which everything is durable but how the crash is", () => {
    let draws = 0;
    holding("abc").disk.crash(() => (draws++, 0));
    expect(draws).toBeLessThanOrEqual(1);
  });
});

describe("names", () => {
  it("that were renamed over others stand for the old file until the directory is synced", () => {
    const hand = holding("old", "db");
    hand.do(write("db.tmp", 0, "new"), sync("db.tmp"), rename("db.tmp", "db"));
    const lost = new Hand(hand.disk.fork()).crashLosing();
    expect([lost.disk.list(), lost.text("db")]).toEqual([["db"], "old"]);
    hand.do(syncDir);
    hand.crashLosing();
    expect([hand.disk.list(), hand.text("db")]).toEqual([["db"], "new"]);
  });

  it("that are durable may lead to a file whose bytes are not", () => {
    const hand = new Hand();
    hand.do(write("db.tmp", 0, "new"), rename("db.tmp", "db"), syncDir);
    hand.crashLosing();
    expect([hand.disk.list(), hand.text("db")]).toEqual([["db"], ""]);
  });

  it("that come back after an unlink that was not synced bring the un-synced writes to nobody else", () => {
    const hand = holding("old");
    hand.do(write("wal", 0, "new"), unlink("wal"), write("wal", 0, "other"));
    hand.crashLosing();
    expect(hand.text()).toBe("old");
    hand.do(sync("wal"));
    expect(hand.text()).toBe("old");
  });

  it("name the stream that a file's fate is drawn from: the one that was asked for last", () => {
    const hand = holding("abc");
    hand.do(rename("wal", "log"), write("log", 0, "x"));
    const streams: string[] = [];
    hand.disk.crash((stream) => (streams.push(stream), stream === "/" ? 2 : 0));
    expect(streams).toEqual(["/", "log", ""]);
  });

  it("are kept as a prefix of their changes", () => {
    const hand = holding("1", "one");
    hand.do(rename("one", "two"), rename("two", "three"), unlink("three"));
    const found = [0, 1, 2, 3].map((kept) => {
      const disk = hand.disk.fork();
      disk.crash((stream) => (stream === "/" ? 2 : kept));
      return disk.list().join();
    });
    expect(found).toEqual(["one", "two", "three", ""]);
  });
});

describe("every state that a crash may leave", () => {
  /** One write of two sectors that lengthens the file, one of a few bytes in place, one rename. */
  function example(): Hand {
    const hand = holding(sectors(".."));
    hand.do(write("wal", 1024, sectors("ab")), write("wal", 0, "c"), rename("wal", "log"));
    return hand;
  }

  it("is every prefix, every omission and every torn part, with every prefix of names", () => {
    const found = [...crashStates(example().disk)].map((disk) => {
      const [name = ""] = disk.list();
      return `${name} ${lettersOf(new Hand(disk).text(name))}`;
    });
    const contents = ["..", "..ab", "c.ab", "c.", "c.0b", "..0b", "c.a0", "..a0", "c.ab", "..ab"];
    expect(found).toEqual(contents.flatMap((content) => [`wal ${content}`, `log ${content}`]));
  });

  it("is counted without being made, and the same every time", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const [disk] = after(steps);
        const states = [...crashStates(disk)].map(digest);
        expect(states.length).toBe(countCrashStates(disk));
        expect([...crashStates(disk)].map(digest)).toEqual(states);
      }),
      {numRuns: 60, seed: 1},
    );
  });

  it("is within what the port allows, and leaves the disk as it was", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const [disk, model] = after(steps);
        const before = digest(disk);
        for (const left of crashStates(disk)) {
          expect(model.allows(left)).toBe(true);
          left.submit(99, {kind: "truncate", file: "a", size: 1});
        }
        expect(digest(disk)).toBe(before);
      }),
      {numRuns: 100, seed: 1},
    );
  });
});

function digest(disk: Disk): string {
  const into = new Hasher();
  disk.digest(into);
  return into.hash();
}
