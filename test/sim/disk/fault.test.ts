// What each fault of a disk does.

import {describe, expect, it} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import {diskFaultKinds, harmOf, isWithinBounds, ReadError} from "../../../sim/disk/fault.ts";
import type {DiskFault} from "../../../sim/disk/fault.ts";
import type {Disk} from "../../../sim/disk/disk.ts";
import {Hand, holding, lettersOf, rename, sectors, sync, syncDir, write} from "./operations.ts";

describe("faults of the next crash", () => {
  it("loseUnsynced: nothing survives that was not synced", () => {
    const hand = holding("abc").strike({kind: "loseUnsynced"});
    hand.do(write("wal", 3, "def"), rename("wal", "log"));
    hand.crashKeeping();
    expect([hand.disk.list(), hand.text()]).toEqual([["wal"], "abc"]);
    expect(hand.disk.faults).toEqual([]);
  });

  it("tearUnsynced: every write of several sectors is torn, neither whole nor gone", () => {
    for (const value of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const hand = holding(sectors("...")).strike({kind: "tearUnsynced"});
      hand.do(write("wal", 0, sectors("abc")));
      hand.disk.crash((_stream, bound) => Math.min(value, bound - 1));
      expect(["...", "abc"]).not.toContain(lettersOf(hand.text()));
    }
  });

  it("loseNames: names are as the last syncDir left them, contents are drawn", () => {
    const hand = holding("abc").strike({kind: "loseNames"});
    hand.do(write("wal", 0, "xyz"), rename("wal", "log"));
    hand.crashKeeping();
    expect([hand.disk.list(), hand.text()]).toEqual([["wal"], "xyz"]);
  });

  it("syncedLost: the last so many syncs of the file are taken back", () => {
    for (const [syncs, left] of [
      [1, "1234"],
      [2, "123"],
      [8, ""],
    ] as const) {
      const hand = holding("1");
      for (let n = 2; n <= 5; n++) hand.do(write("wal", n - 1, `${n}`), sync("wal"));
      hand.strike({kind: "syncedLost", file: "wal", syncs}).crashKeeping();
      expect(hand.text()).toBe(left);
    }
  });

  it("syncedLost: a disk that remembers as many syncs as it can loses no more than asked", () => {
    const hand = holding("0");
    for (let n = 1; n < 30; n++) hand.do(write("wal", n, "x"), sync("wal"));
    expect(hand.disk.durableBytes).toBe(30);
    hand.strike({kind: "syncedLost", file: "*", syncs: 8}).crashKeeping();
    expect(hand.text()).toBe(`0${"x".repeat(21)}`);
  });

  it("olderDisk: the copy put aside is put back, whatever came since", () => {
    const hand = holding("old").strike({kind: "backup"});
    hand.do(write("wal", 0, "new"), sync("wal"), write("db", 0, "db"), sync("db"), syncDir);
    hand.strike({kind: "olderDisk"});
    expect(hand.text()).toBe("new");
    hand.crashKeeping();
    expect([hand.disk.list(), hand.text()]).toEqual([["wal"], "old"]);
    hand.do(write("wal", 3, "er"), sync("wal"));
    hand.strike({kind: "olderDisk"}).crashKeeping();
    expect(hand.text()).toBe("old");
  });

  it("olderDisk: what the copy holds was durable when it was made", () => {
    const hand = holding("old");
    hand.do(write("wal", 0, "new"));
    hand.strike({kind: "backup"});
    expect(hand.do(sync("wal"))).toEqual(["done"]);
    hand.strike({kind: "olderDisk"}).crashKeeping();
    expect(hand.text()).toBe("old");
  });

  it("wipe: nothing is left, and files can be made again", () => {
    const hand = holding("abc").strike({kind: "wipe"}).crashKeeping();
    expect([hand.disk.list(), hand.disk.bytes]).toEqual([[], 0]);
    hand.do(write("wal", 0, "new"), sync("wal"), syncDir);
    hand.crashLosing();
    expect(hand.text()).toBe("new");
  });

  it("wipe and olderDisk happen at once to a member that is down", () => {
    const hand = holding("old").strike({kind: "backup"}).crashKeeping();
    hand.disk.strike({kind: "wipe"}, {now: 0, isDown: true});
    expect([hand.disk.list(), hand.disk.faults]).toEqual([[], []]);
    hand.disk.strike({kind: "olderDisk"}, {now: 0, isDown: true});
    expect([hand.text(), hand.disk.faults]).toEqual(["old", []]);
  });
});

describe("faults of the medium", () => {
  it("rot: one bit of a sector flips, stays so, and survives forks, syncs and crashes", () => {
    const text = sectors("ab");
    const hand = holding(text);
    hand.strike({kind: "rot", file: "*al", sector: 3, bit: 9});
    const rotten = (): number[] =>
      [...hand.text()].flatMap((char, i) => (char === text[i] ? [] : [i, char.charCodeAt(0) ^ 0x62]));
    // Sector 3 of two is the second; bit 9 is bit 1 of its byte 1.
    expect(rotten()).toEqual([513, 2]);
    hand.do(write("wal", 0, "b"), sync("wal"));
    hand.crashLosing();
    expect(rotten()).toEqual([0, 0, 513, 2]);
    hand.do(write("wal", 513, "b"), sync("wal"));
    expect(rotten()).toEqual([0, 0]);
  });

  it("rot: does not lengthen a file that ends within the sector", () => {
    const hand = holding("abc").strike({kind: "rot", file: "wal", sector: 0, bit: 4095});
    expect(hand.text()).toBe("ab\xe3");
  });

  it("unreadable: whoever reads the sector gets an error, others do not, until it is mended", () => {
    const hand = holding(sectors("abc")).strike({kind: "unreadable", file: "wal", sector: 1});
    const {disk} = hand;
    expect(() => disk.read("wal", 1000, 1)).toThrow(ReadError);
    expect(() => disk.read("wal", 0, 2000)).toThrow("wal: sector 1 cannot be read");
    expect([disk.read("wal", 0, 512).length, disk.read("wal", 1024, 512).length]).toEqual([512, 512]);
    hand.crashKeeping();
    expect(() => disk.read("wal", 511, 2)).toThrow(ReadError);
    hand.strike({kind: "mend"});
    expect(lettersOf(hand.text())).toBe("abc");
  });

  it("misdirect: the next write lands elsewhere, durable, and its place keeps what stood there", () => {
    const hand = holding(sectors("abc"));
    hand.do(write("db", 0, sectors("xyz")), sync("db"), syncDir);
    hand.strike({kind: "misdirect", file: "wal", into: "db", sector: 1});
    hand.do(write("wal", 0, sectors("1")), write("wal", 512, sectors("2")), sync("wal"));
    hand.crashLosing();
    expect([lettersOf(hand.text()), lettersOf(hand.text("db"))]).toEqual(["a2c", "x1z"]);
  });

  it("misdirect: a write that should have lengthened its file leaves zeros there", () => {
    const hand = holding(sectors("ab"));
    hand.strike({kind: "misdirect", file: "wal", into: "wal", sector: 0});
    hand.do(write("wal", 1024, sectors("c")), sync("wal"));
    expect(lettersOf(hand.text())).toBe("cb0");
  });

  it("misdirect: what would land beyond the end is lost, and lengthens nothing", () => {
    const hand = holding(sectors("a"));
    hand.do(write("db", 0, "abc"), sync("db"), syncDir);
    hand.strike({kind: "misdirect", file: "wal", into: "db", sector: 0});
    hand.do(write("wal", 100, "xyz"), sync("wal"));
    expect([hand.disk.size("db"), hand.disk.read("db", 0, 200).length, lettersOf(hand.text())]).toEqual([
      3,
      3,
      "a",
    ]);
  });

  it("unreadable: a disk that replaces it can be read", () => {
    const hand = holding("abc").strike({kind: "unreadable", file: "wal", sector: 0}, {kind: "wipe"});
    hand.crashKeeping();
    expect(hand.disk.faults).toEqual([]);
  });
});

describe("faults of syncs", () => {
  it("syncFails: the sync answers io, once, and no later one makes its writes durable", () => {
    const hand = holding("abc").strike({kind: "syncFails", file: "wal", keeps: "nothing"});
    const ends = hand.do(write("wal", 0, "xyz"), sync("wal"), write("wal", 3, "d"), sync("wal"));
    expect(ends).toEqual(["done", "io", "done", "done"]);
    hand.crashKeeping();
    expect(hand.text()).toBe("abcd");
  });

  it("syncFails: it may have brought half of a write to the medium", () => {
    const hand = holding(sectors("....")).strike({kind: "syncFails", file: "*", keeps: "half"});
    expect(hand.do(write("wal", 0, sectors("abcd")), sync("wal"))).toEqual(["done", "io"]);
    hand.crashKeeping();
    expect(lettersOf(hand.text())).toBe("a.c.");
  });

  it("syncFails: only that of the file that is meant", () => {
    const hand = holding("abc").strike({kind: "syncFails", file: "db", keeps: "nothing"});
    expect(hand.do(sync("wal"), syncDir, sync("db"), sync("db"))).toEqual(["done", "done", "io", "done"]);
  });

  it("syncLies: syncs say that they are done and cover nothing, names neither", () => {
    const hand = holding("abc").strike({kind: "syncLies"});
    const ends = hand.do(write("wal", 0, "xyz"), sync("wal"), write("db", 0, "1"), sync("db"), syncDir);
    expect(new Set(ends)).toEqual(new Set(["done"]));
    const lost = new Hand(hand.disk.fork()).crashLosing();
    expect([lost.disk.list(), lost.text()]).toEqual([["wal"], "abc"]);
    hand.strike({kind: "mend"});
    hand.do(sync("wal"));
    hand.crashLosing();
    expect(hand.text()).toBe("xyz");
  });
});

describe("a full disk", () => {
  it("answers full to what would need more room, changes nothing, and takes what fits", () => {
    const hand = holding("abc").strike({kind: "full", room: 2});
    const ends = hand.do(
      write("wal", 1, "xy"),
      write("wal", 3, "def"),
      {kind: "allocate", file: "wal", size: 6},
      write("wal", 3, "de"),
      write("db", 0, "1"),
      sync("wal"),
    );
    expect(ends).toEqual(["done", "full", "full", "done", "full", "done"]);
    hand.crashLosing();
    expect(hand.text()).toBe("axyde");
  });

  it("has room again when a file is gone, or when it is mended", () => {
    const hand = holding("abc").strike({kind: "full", room: 0});
    expect(hand.do(write("db", 0, "1"), {kind: "unlink", file: "wal"}, write("db", 0, "123"))).toEqual([
      "full",
      "done",
      "done",
    ]);
    expect(hand.do(write("db", 3, "4"))).toEqual(["full"]);
    hand.strike({kind: "mend"});
    expect(hand.do(write("db", 3, "4"))).toEqual(["done"]);
  });
});

describe("a disk in view", () => {
  it("tells its files, what is not synced, and what is on its way", () => {
    const hand = holding("abc");
    hand.do(write("wal", 3, "de"), write("db", 0, "1"), sync("db"));
    const op = hand.ask(sync("wal"));
    expect(hand.disk.files()).toEqual([
      {name: "db", bytes: 1, durableBytes: 1, dirtyBytes: 0, isDurable: false},
      {name: "wal", bytes: 5, durableBytes: 3, dirtyBytes: 2, isDurable: true},
    ]);
    expect(hand.disk.queued()).toEqual([{op, file: "wal", what: "sync"}]);
    expect([hand.disk.bytes, hand.disk.durableBytes, hand.disk.queue]).toEqual([6, 3, 1]);
  });

  it("counts as damaged from the first fault that can lose or change what was durable", () => {
    const hand = holding("abc").strike(
      {kind: "loseUnsynced"},
      {kind: "slow", factor: 9},
      {kind: "syncFails", file: "*", keeps: "half"},
    );
    expect(hand.disk.damagedBy).toBeUndefined();
    expect(hand.disk.harms.map(({kind}) => kind)).toEqual(["syncFails"]);
    const rot = {kind: "rot", file: "wal", sector: 0, bit: 0} as const;
    hand.strike(rot, {kind: "wipe"}, {kind: "mend"});
    expect([hand.disk.damagedBy, hand.disk.faults]).toEqual([{...rot, at: 0}, []]);
  });

  it("digests what is in force and what is aside, and forks with it", () => {
    const digests = new Set<string>();
    const faults: readonly DiskFault[] = [
      {kind: "slow", factor: 2},
      {kind: "syncLies"},
      {kind: "unreadable", file: "wal", sector: 0},
      {kind: "backup"},
      {kind: "full", room: 7},
    ];
    for (const fault of faults) {
      const {disk} = holding("abc").strike(fault);
      expect(digest(disk.fork())).toBe(digest(disk));
      digests.add(digest(disk));
    }
    digests.add(digest(holding("abc").disk));
    expect(digests.size).toBe(faults.length + 1);
  });

  it("keeps one copy aside, the last", () => {
    const once = holding("abc").strike({kind: "backup"});
    const twice = holding("abc").strike({kind: "backup"}, {kind: "backup"});
    expect(digest(twice.disk)).toBe(digest(once.disk));
  });

  it("digests the same whatever way it came to be so", () => {
    const hand = new Hand();
    hand.do(write("x", 0, "1"), write("wal", 0, "abX"), sync("wal"), write("wal", 2, "c"), sync("wal"));
    hand.do({kind: "unlink", file: "x"}, syncDir);
    expect(digest(hand.disk)).toBe(digest(holding("abc").disk));
  });
});

describe("a fault", () => {
  it("is refused where it means nothing", () => {
    const {disk} = holding("abc");
    const why = (fault: DiskFault, isDown = false): string | undefined => disk.refuses(fault, isDown);
    expect(why({kind: "rot", file: "db", sector: 0, bit: 0})).toBe("unknownFile");
    expect(why({kind: "rot", file: "*l", sector: 0, bit: 0})).toBeUndefined();
    expect(why({kind: "syncedLost", file: "wal", syncs: 1}, true)).toBe("notNow");
    expect(why({kind: "loseUnsynced"}, true)).toBe("notNow");
    expect(why({kind: "olderDisk"})).toBe("notNow");
    expect(why({kind: "mend"})).toBe("notNow");
    const empty = holding("").disk;
    expect(empty.refuses({kind: "unreadable", file: "wal", sector: 0}, false)).toBe("unknownFile");
  });

  it("has numbers within bounds", () => {
    expect(isWithinBounds({kind: "slow", factor: 1})).toBe(false);
    expect(isWithinBounds({kind: "slow", factor: 2.5})).toBe(false);
    expect(isWithinBounds({kind: "rot", file: "wal", sector: 0, bit: 4096})).toBe(false);
    expect(isWithinBounds({kind: "rot", file: "wal", sector: 0, bit: 4095})).toBe(true);
  });

  it("of every kind says what harm it does", () => {
    expect(diskFaultKinds.filter((kind) => harmOf[kind] === "betrays")).toEqual([
      "misdirect",
      "syncLies",
      "syncedLost",
      "olderDisk",
      "wipe",
    ]);
  });
});

function digest(disk: Disk): string {
  const into = new Hasher();
  disk.digest(into);
  return into.hash();
}
