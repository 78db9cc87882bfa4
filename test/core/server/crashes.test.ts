// A crash at every point between two operations of a member's disk, in every way that sim/disk/crashStates.ts knows: the
// member comes back, with all that it ever promised, and its store is that of its log. And a disk that does not do what
// it says is found out, so that each sync is known to be needed, and the search is known to see.

import {describe, expect, test} from "vitest";
import type {DiskOp} from "../../../core/storage/disk.ts";
import {crashStates} from "../../../sim/disk/crashStates.ts";
import {Disk} from "../../../sim/disk/disk.ts";
import {Draws} from "../../../sim/random.ts";
import {serverConfig} from "./cluster.ts";
import {CrashSearch} from "./crashSearch.ts";
import {alone, ask, follower} from "./plays.ts";
import type {Play} from "./plays.ts";
import {nothingPromised} from "./promises.ts";
import {Recording} from "./recording.ts";
import type {EarlierLives, Moment, RecordingOptions} from "./recording.ts";
import {Truth} from "./truth.ts";

const patience = 180_000;

interface Found {
  readonly search: CrashSearch;
  /** How often the disk was asked for what, as "rename .snap": kind, and how the file's name ends (the new one). */
  readonly asked: ReadonlyMap<string, number>;
}

/** Throws what is wrong with any crash. */
function crash(play: Play, forgets?: RecordingOptions["forgets"]): Found {
  const truth = new Truth();
  const search = new CrashSearch(truth, serverConfig(1, play.config));
  const see = (moment: Moment): void => search.see(moment);
  const recording = new Recording({member: 1, config: play.config, truth, see, forgets});
  play.run(recording);
  const asked = new Map<string, number>();
  for (const op of recording.asked) asked.set(kindOf(op), (asked.get(kindOf(op)) ?? 0) + 1);
  return {search, asked};
}

/** "write db", "rename .snap.db", "syncDir". */
function kindOf(op: DiskOp | undefined): string {
  if (op === undefined || op.kind === "syncDir") return op?.kind ?? "";
  const name = op.kind === "rename" ? op.to : op.file;
  return `${op.kind} ${name.replace(/^[0-9a-f-]*[0-9a-f]{16}/, "")}`;
}

describe("a member that crashes between any two operations of its disk, and in its recovery", () => {
  test(
    "holds every write that it answered, if it decides alone: 200 requests, with segments, commits, compactions, snapshots, purges and a defragmentation",
    () => {
      const {search, asked} = crash(alone);
      expect(asked.get("rename .wal")).toBeGreaterThan(5);
      expect(asked.get("sync db")).toBeGreaterThan(50);
      expect(asked.get("rename .snap")).toBeGreaterThan(5);
      expect(asked.get("unlink .snap")).toBeGreaterThan(3);
      expect(asked.get("unlink .wal")).toBeGreaterThan(3);
      // It is created, and defragmented.
      expect(asked.get("rename db")).toBe(2);
      expect(search.moments).toBeGreaterThan(1900);
      expect(search.cases).toBeGreaterThan(20_000);
      expect(search.disks).toBeGreaterThan(4500);
      expect(search.casesInRecovery).toBeGreaterThan(6000);
    },
    patience,
  );

  test(
    "holds its votes and what it acknowledged, if it is one of three: it follows, votes, leads, is overwritten, receives snapshots",
    () => {
      const {search, asked} = crash(follower);
      expect(asked.get("rename .wal")).toBeGreaterThan(3);
      expect(asked.get("rename .snap.db")).toBe(3);
      // It is created, and two of the states that were received become it: one was overtaken.
      expect(asked.get("rename db")).toBe(3);
      expect(search.moments).toBeGreaterThan(1000);
      expect(search.cases).toBeGreaterThan(8500);
      expect(search.disks).toBeGreaterThan(1250);
      expect(search.casesInRecovery).toBeGreaterThan(2000);
    },
    patience,
  );
});

describe("a member that crashes again and again", () => {
  test(
    "holds at every point of its six lives what it promised in any before",
    () => {
      const truth = new Truth();
      const draws = new Draws("lives");
      const luck = draws.stream("crash");
      let before: EarlierLives = {count: 0, disk: new Disk(), promises: nothingPromised};
      let cases = 0;
      for (let life = 1; life <= 6; life++) {
        const search = new CrashSearch(truth, serverConfig(1, alone.config));
        const see = (moment: Moment): void => {
          search.see(moment);
          before = {count: life, disk: moment.disk, promises: moment.promises};
        };
        const recording = new Recording({member: 1, config: alone.config, truth, see, before});
        recording.settle();
        recording.input(1, {kind: "timeout"});
        ask(recording, 1, [16 * life - 15, 16 * life]);
        // It goes down in the middle of things.
        const left = [...crashStates(before.disk)];
        const disk = left[draws.next(luck, left.length)];
        if (disk !== undefined) before = {...before, disk};
        cases += search.cases;
      }
      expect(before.promises.term).toBeGreaterThan(5);
      expect(before.promises.answered.index).toBeGreaterThan(60);
      expect(cases).toBeGreaterThan(6000);
    },
    patience,
  );
});

describe("a disk that says it has synced, and has not, is found out by some crash", () => {
  /** `before`: what the same actor asked for before. */
  type Forgets = NonNullable<RecordingOptions["forgets"]>;
  const syncOf =
    (file: string): Forgets =>
    (op) =>
      kindOf(op) === `sync ${file}`;
  const namesAfter =
    (before: string): Forgets =>
    (op, last) =>
      op.kind === "syncDir" && kindOf(last) === before;
  const isMeta = (op: DiskOp | undefined): boolean =>
    op?.kind === "write" && op.file === "db" && op.at < 2 * 512;

  test.each<[string, Play, Forgets, RegExp]>([
    ["a segment", alone, syncOf(".wal"), /it was in term 1 and is in 0/],
    ["a segment in a cluster", follower, syncOf(".wal"), /it was in term 1 and is in 0/],
    ["a segment that is being prepared", alone, syncOf("next.wal.tmp"), /walCorrupt/],
    ["the name of a segment", alone, namesAfter("rename .wal"), /its log ends at/],
    ["a snapshot file", follower, syncOf(".snap.tmp"), /snapshotDamaged/],
    ["the name of a snapshot file", follower, namesAfter("rename .snap"), /logGap/],
    ["a state that was received", follower, syncOf(".snap.db.tmp"), /backendDamaged/],
    ["a new backend file", alone, syncOf("db.tmp"), /backendDamaged/],
    [
      "the pages of the backend file",
      alone,
      (op, last) => syncOf("db")(op, last) && !isMeta(last),
      /backendDamaged/,
    ],
    ["its meta page", follower, (op, last) => syncOf("db")(op, last) && isMeta(last), /backendDamaged/],
  ])(
    "%s",
    (_what, play, forgets, why) => {
      expect(() => crash(play, forgets)).toThrow(why);
    },
    patience,
  );
});
