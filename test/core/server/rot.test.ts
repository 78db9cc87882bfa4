// Rot: whichever bit of a member's disk flips, the member comes to the same state, or it refuses and says where.

import {describe, expect, test} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import type {Index} from "../../../core/raft/entry.ts";
import type {Server} from "../../../core/server/server.ts";
import type {DiskReader} from "../../../core/storage/disk.ts";
import {Disk} from "../../../sim/disk/disk.ts";
import {ms, request, serverConfig} from "./cluster.ts";
import type {ServerConfig} from "../../../core/server/config.ts";
import {digestOf} from "../../support/digest.ts";
import {Recording} from "./recording.ts";
import type {Booted} from "./recovery.ts";
import {bootOn, Life} from "./recovery.ts";
import {stateText, Truth} from "./truth.ts";

const patience = 180_000;

const config = serverConfig(1, {
  members: [1],
  walSegmentBytes: 256,
  snapshotEvery: 5,
  snapshotKeep: 2,
  snapshotFilesMax: 2,
  compactionBatch: 2,
  compactionSleep: 10 * ms,
});

const receivingCluster = {members: [1, 2, 3], walSegmentBytes: 512, snapshotEvery: 4, snapshotKeep: 1};
const receiving = serverConfig(1, receivingCluster);

/** A disk of one member with a bit that is wrong, at will. */
class RottenDisk implements DiskReader {
  private readonly files: ReadonlyMap<string, Uint8Array>;

  constructor(disk: DiskReader) {
    this.files = new Map(disk.list().map((name) => [name, disk.read(name, 0, disk.size(name))]));
  }

  list(): readonly string[] {
    return [...this.files.keys()];
  }

  size(file: string): number {
    return this.files.get(file)?.length ?? 0;
  }

  read(file: string, at: number, length: number): Uint8Array {
    return (this.files.get(file) ?? new Uint8Array()).slice(at, at + length);
  }

  flip(file: string, at: number, bit: number): void {
    const bytes = this.files.get(file);
    if (bytes !== undefined) bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  }
}

/** Four segments, two snapshot files, and a backend file in the middle of a compaction. */
function smallDisk(): Disk {
  const disk = new Disk();
  const {server, effects} = bootOn(disk, config);
  const life = new Life(server, disk, config);
  life.goOn(effects);
  life.handle({kind: "timeout"});
  const lines = [
    "put a 1",
    "put b 2",
    "del a",
    "put a 3",
    "put c 4",
    "put a 5",
    "put b 6",
    "put a 7",
    "put d 8",
  ];
  for (const line of [...lines, "compact 8", "put e 9", "del c", "put a 10"])
    life.handle({kind: "request", stream: 0, id: 0, request: request(line)});
  return disk;
}

/** The state of another member has just come, and the backend file is still the old one. */
function receivedDisk(): Disk {
  let disk = new Disk();
  const recording = new Recording({
    member: 1,
    config: receivingCluster,
    truth: new Truth(),
    see: (moment) => {
      ({disk} = moment);
    },
  });
  recording.holds = (op) => op.kind === "rename" && op.to === "db" && op.file !== "db.tmp";
  recording.settle();
  recording.input(2, {kind: "timeout"});
  recording.settle();
  recording.ask(2, "put a 1", 1);
  recording.settle();
  recording.cut.add(1);
  for (let n = 2; n < 12; n++) recording.ask(2, `put ${n % 2 === 0 ? "a" : "b"} ${n}`, n);
  recording.cut.delete(1);
  recording.input(2, {kind: "tick"});
  recording.settle();
  return disk.crashed({of: () => "none", names: () => 0});
}

/** What a member remembers of its own as soon as it boots; `from`: the first entry that counts. */
function rememberedText({raft}: Server, from: Index): string {
  const hasher = new Hasher();
  for (let index = from; index <= raft.lastIndex; index++) {
    hasher.int(raft.termAt(index) ?? -1);
    hasher.bytes(raft.entryAt(index)?.data ?? new Uint8Array());
  }
  return `term ${raft.term}, vote ${raft.votedFor}, log to ${raft.lastIndex}, ${hasher.hash()}`;
}

/** What it serves once it is elected. */
function servedText({server, effects}: Booted, options: ServerConfig): string {
  const life = new Life(server, new Disk(), options);
  life.goOn(effects);
  life.handle({kind: "timeout"});
  return `${stateText(server)}, commit ${server.raft.commitIndex}`;
}

interface Counts {
  /** As if nothing had happened. */
  same: number;
  /** Another way to the same state. */
  recovered: number;
  refused: number;
}

/** Flips every bit of the disk, one at a time. */
function flipAll(disk: DiskReader, options: ServerConfig): ReadonlyMap<string, Counts> {
  const rotten = new RottenDisk(disk);
  const sound = bootOn(rotten, options);
  const from = sound.server.raft.firstIndex;
  const digest = digestOf(sound.server);
  const remembered = rememberedText(sound.server, from);
  const served = servedText(sound, options);
  const counts = new Map<string, Counts>();
  // Members that are equal when they boot will be equal.
  const ways = new Map<string, string>();
  const flipped = (file: string, at: number): keyof Counts => {
    const booted = bootOn(rotten, options);
    const refusal = booted.effects.find((effect) => effect.kind === "exit");
    if (refusal !== undefined) {
      const {args} = refusal.reason;
      if (args["file"] !== file || !(Number(args["offset"]) <= at))
        expect.unreachable(`${file} byte ${at}: refused with ${JSON.stringify(refusal.reason)}`);
      return "refused";
    }
    const way = digestOf(booted.server);
    if (way === digest) return "same";
    const text = rememberedText(booted.server, from);
    if (text !== remembered) expect.unreachable(`${file} byte ${at}: ${text}`);
    const found = ways.get(way) ?? servedText(booted, options);
    ways.set(way, found);
    if (found !== served) expect.unreachable(`${file} byte ${at}: ${found}`);
    return "recovered";
  };
  for (const file of rotten.list()) {
    const count = {same: 0, recovered: 0, refused: 0};
    counts.set(file, count);
    for (let at = 0; at < rotten.size(file); at++) {
      for (let bit = 0; bit < 8; bit++) {
        rotten.flip(file, at, bit);
        count[flipped(file, at)]++;
        rotten.flip(file, at, bit);
      }
    }
  }
  return counts;
}

const pageBits = 512 * 8;

function kindOf(name: string): string {
  return name.replace(/^[0-9a-f-]*[0-9a-f]{16}/, "");
}

function sumOf(counts: ReadonlyMap<string, Counts>, kind: string, what: keyof Counts): number {
  let sum = 0;
  for (const [name, count] of counts) if (kindOf(name) === kind) sum += count[what];
  return sum;
}

describe("a bit that flips on a member's disk", () => {
  test(
    "leaves it in the same state or makes it refuse by file and offset: four segments, two snapshot files, half a compaction",
    () => {
      const disk = smallDisk();
      expect(disk.list().map(kindOf)).toEqual([".wal", ".snap", ".wal", ".snap", ".wal", ".wal", "db"]);
      expect(bootOn(disk, config).server.compactQueue).toBeGreaterThan(0);
      const counts = flipAll(disk, config);
      // Behind the last record and in the padding of records there is nothing to be harmed.
      expect(sumOf(counts, ".wal", "refused")).toBeGreaterThan(4500);
      expect(sumOf(counts, ".wal", "recovered")).toBe(0);
      // The log goes back to the older snapshot, and to the beginning.
      expect(sumOf(counts, ".snap", "recovered")).toBeGreaterThan(280);
      expect(sumOf(counts, ".snap", "refused")).toBe(0);
      // The pages that lead to what is newest; a broken meta page leads to the commit before, and the log further on.
      expect(sumOf(counts, "db", "refused")).toBe(3 * pageBits);
      expect(sumOf(counts, "db", "recovered")).toBe(4 * pageBits);
      expect(sumOf(counts, "db", "same")).toBe(pageBits);
    },
    patience,
  );

  test(
    "does so too where another member's state waits for its place: without its snapshot file it has no beginning",
    () => {
      const disk = receivedDisk();
      expect(disk.list().map(kindOf)).toEqual([".wal", ".snap", ".snap.db", "db"]);
      const counts = flipAll(disk, receiving);
      expect(sumOf(counts, ".wal", "refused")).toBeGreaterThan(1000);
      expect(sumOf(counts, ".snap", "refused")).toBeGreaterThan(150);
      expect(sumOf(counts, ".snap", "recovered")).toBe(0);
      // Both meta pages of what was received lead to the same pages, of which there are three.
      expect(sumOf(counts, ".snap.db", "recovered")).toBe(2 * pageBits);
      expect(sumOf(counts, ".snap.db", "refused")).toBe(3 * pageBits);
      // What was received takes the place of the old file anyway.
      expect(sumOf(counts, "db", "refused")).toBe(0);
    },
    patience,
  );
});
