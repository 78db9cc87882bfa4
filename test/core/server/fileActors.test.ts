// The actors of a member's files beside each other: what one is in the middle of when another begins, and when the member
// crashes. Each was wrong once.

import {describe, expect, test} from "vitest";
import {integerMax} from "../../../core/base/quantity.ts";
import {confState} from "../../../core/raft/confState.ts";
import {CommitActor} from "../../../core/server/commitActor.ts";
import {CompactActor} from "../../../core/server/compactActor.ts";
import {DiskWork} from "../../../core/server/diskWork.ts";
import {SnapshotActor} from "../../../core/server/snapshotActor.ts";
import type {DiskOp} from "../../../core/storage/disk.ts";
import {dbFile} from "../../../core/storage/files.ts";
import {metaPageOf} from "../../../core/storage/meta.ts";
import {digestOf} from "../../support/digest.ts";
import {led, ms} from "./cluster.ts";
import type {Cluster} from "./cluster.ts";
import {emptyApplier} from "./emptyApplier.ts";

function puts(cluster: Cluster, count: number, padding = 0): void {
  for (let i = 1; i <= count; i++) cluster.ask(1, `put k${i % 3} ${i}${"x".repeat(padding)}`);
}

/** Why members refused to go on. */
function refusals(cluster: Cluster): readonly string[] {
  return cluster.effects.flatMap(({effect}) => (effect.kind === "exit" ? [effect.reason.id] : []));
}

function snapshotFiles(cluster: Cluster, id: number): number {
  return cluster
    .disk(id)
    .list()
    .filter((file) => file.endsWith(".snap")).length;
}

const isWalSync = (op: DiskOp): boolean => op.kind === "sync" && op.file.endsWith(".wal");

/** n3 is left behind, until only a snapshot can bring it back. */
function leaveBehind(cluster: Cluster): void {
  cluster.isolated.add(3);
  puts(cluster, 9);
}

describe("a snapshot", () => {
  test("that is made while the log is replayed at boot has the configuration of its index", () => {
    const cluster = led({snapshotEvery: 6, pausePoints: ["snapshotBeforeSave"]});
    cluster.ask(1, "put a 1");
    cluster.ask(1, "member add n4 --learner");
    puts(cluster, 4);
    // The commit for the snapshot is durable, its file is not written.
    expect(cluster.server(1).committedToBackend).toBeGreaterThanOrEqual(6);
    cluster.crash(1);
    cluster.boot(1);
    cluster.run();
    cluster.input(1, {kind: "turn", actor: "snapshot"});
    cluster.run();
    puts(cluster, 0);
    cluster.crash(1);
    cluster.boot(1);
    cluster.run();
    expect(cluster.server(1).raft.confState.learners).toEqual([4]);
  });

  test("that is received while old segments go leaves no gap in the log", () => {
    const cluster = led({
      snapshotEvery: 8,
      snapshotKeep: 0,
      snapshotFilesMax: 1,
      walSegmentBytes: 512,
      pausePoints: ["raftBeforeWALRelease"],
    });
    const turns = (...ids: readonly number[]): void => {
      for (const id of ids) cluster.input(id, {kind: "turn", actor: "snapshot"});
      cluster.run();
    };
    turns(1, 2, 3);
    puts(cluster, 20, 100);
    cluster.tick();
    expect(snapshotFiles(cluster, 3)).toBe(1);
    cluster.isolated.add(3);
    for (let i = 0; i < 4; i++) {
      turns(1);
      puts(cluster, 10);
    }
    cluster.isolated.clear();
    cluster.tick(3);
    expect(cluster.server(3).appliedIndex).toBe(cluster.server(1).appliedIndex);
    for (let i = 0; i < 4; i++) turns(1, 2, 3);
    puts(cluster, 20, 100);
    cluster.tick(2);
    for (let i = 0; i < 4; i++) turns(1, 2, 3);
    cluster.crash(3);
    cluster.boot(3);
    expect(refusals(cluster)).toEqual([]);
  });

  test("that is received right after a boot is not tidied away with what a crash had left", () => {
    const cluster = led({
      snapshotEvery: 3,
      snapshotKeep: 0,
      pausePoints: ["raftAfterSaveSnap", "applyBeforeOpenSnapshot"],
    });
    leaveBehind(cluster);
    cluster.isolated.clear();
    cluster.tick(3);
    // The files of the snapshot are there, its record is not.
    expect(snapshotFiles(cluster, 3)).toBe(1);
    cluster.crash(3);
    cluster.boot(3);
    cluster.hold(3, (op) => "file" in op && op.file === dbFile);
    cluster.run();
    cluster.tick(6);
    cluster.input(3, {kind: "turn", actor: "append"});
    cluster.run();
    expect(cluster.server(3).appliedIndex).toBe(cluster.server(1).appliedIndex);
    cluster.release(3);
    cluster.run();
    cluster.crash(3);
    cluster.boot(3);
    expect(refusals(cluster)).toEqual([]);
  });

  test("that is received before the copy leaves nobody who asked for a defragmentation without an answer", () => {
    const cluster = led({snapshotEvery: 3, snapshotKeep: 0});
    puts(cluster, 1);
    cluster.hold(3, (op) => "file" in op && op.file === dbFile);
    cluster.tick();
    // A commit of n3 is on its way.
    cluster.pass(200 * ms);
    leaveBehind(cluster);
    cluster.ask(3, "defrag", {stream: 7, id: 1});
    expect(cluster.on(7)).toEqual([]);
    cluster.isolated.clear();
    cluster.tick(3);
    expect(cluster.on(7).map(({result}) => result.kind)).toEqual(["defragment"]);
  });
});

describe("of a log that was read and is not durable yet, because only the process was down,", () => {
  test("no received state takes its place by it", () => {
    const cluster = led({snapshotEvery: 3, snapshotKeep: 0});
    leaveBehind(cluster);
    cluster.isolated.clear();
    // n3 writes the snapshot's record, and does not come to sync it.
    cluster.hold(3, isWalSync);
    cluster.tick(3);
    expect(snapshotFiles(cluster, 3)).toBe(1);
    comesBackTwice(cluster, 3);
    expect(refusals(cluster)).toEqual([]);
  });

  test("nothing is committed to the backend file by it", () => {
    const cluster = led();
    puts(cluster, 3);
    cluster.tick();
    cluster.hold(3, isWalSync);
    // In one batch: entries, and that they are committed.
    cluster.loses = ({kind, to}) => to === 3 && kind === "AppendEntries";
    puts(cluster, 3);
    cluster.loses = () => false;
    cluster.tick(3);
    comesBackTwice(cluster, 3);
    expect(refusals(cluster)).toEqual([]);
  });

  test("nothing is purged by it", () => {
    const settings = {snapshotEvery: 8, snapshotKeep: 0, snapshotFilesMax: 1, walSegmentBytes: 512};
    const cluster = led(settings, [1]);
    puts(cluster, 10, 100);
    expect(snapshotFiles(cluster, 1)).toBe(1);
    let isMade = false;
    cluster.hold(1, (op) => {
      isMade ||= op.kind === "rename" && op.to.endsWith(".snap");
      return isMade && isWalSync(op);
    });
    puts(cluster, 10, 100);
    expect(snapshotFiles(cluster, 1)).toBe(2);
    comesBackTwice(cluster, 1);
    expect(refusals(cluster)).toEqual([]);
  });

  /** The process comes back, its log's sync is held up, and the power fails. */
  function comesBackTwice(cluster: Cluster, id: number): void {
    cluster.kill(id);
    cluster.isolated.add(id);
    cluster.boot(id);
    cluster.hold(id, isWalSync);
    cluster.run();
    cluster.pass(300 * ms);
    cluster.crash(id);
    cluster.boot(id);
  }
});

describe("a backend file whose newer meta page rots", () => {
  test("is gone on from at the older one, from an older snapshot if the newest is of a later entry", () => {
    const cluster = led({snapshotEvery: 6, snapshotKeep: 0, snapshotFilesMax: 2}, [1]);
    let value = 0;
    while (snapshotFiles(cluster, 1) < 2) cluster.ask(1, `put k v${++value}`);
    const {backend, store} = cluster.server(1);
    const revision = store.currentRevision;
    cluster.crash(1);
    const at = metaPageOf(backend.version) * backend.pageBytes + 100;
    cluster.disk(1).spoil(dbFile, (bytes) => bytes.with(at, (bytes[at] ?? 0) ^ 0xee));
    cluster.boot(1);
    cluster.run();
    expect(refusals(cluster)).toEqual([]);
    cluster.elect();
    expect(cluster.server(1).store.currentRevision).toBe(revision);
  });
});

describe("a defragmentation", () => {
  test("is not answered to a client that is gone", () => {
    const cluster = led({pausePoints: ["defragBeforeCopy"]});
    cluster.ask(1, "defrag", {stream: 7, id: 1});
    cluster.ask(1, "defrag", {stream: 7, id: 2});
    cluster.ask(1, "defrag", {stream: 8, id: 3});
    expect(cluster.server(1).waiting()).toBe(3);
    cluster.input(1, {kind: "streamClosed", stream: 7});
    expect(cluster.server(1).waiting()).toBe(1);
    cluster.input(1, {kind: "turn", actor: "defragment"});
    cluster.run();
    cluster.input(1, {kind: "turn", actor: "defragment"});
    cluster.run();
    expect([cluster.on(7).length, cluster.on(8).length]).toEqual([0, 1]);
  });
});

describe("work with the disk", () => {
  test("takes no turn of a pause that was abandoned for one of another pause", () => {
    const work = new DiskWork("commit", ["beforeCommit", "afterCommit"]);
    work.start(["beforeCommit"]);
    expect(work.next().kind).toBe("pause");
    work.abandon();
    expect(work.next().kind).toBe("done");
    work.start(["afterCommit", [{kind: "syncDir"}]]);
    expect(work.next().kind).toBe("pause");
    // The first pause's.
    work.turn();
    expect(work.next().kind).toBe("none");
    work.turn();
    expect(work.next().kind).toBe("disk");
  });
});

describe("the digest of a member", () => {
  const limits = {every: 1, opsMax: 100};

  test("tells which commit a compaction waits for", () => {
    const applier = emptyApplier();
    const commit = CommitActor.at(0, limits, []);
    const waiting = (): CompactActor => {
      const compact = CompactActor.resting({batch: 1, sleep: 1}, []);
      compact.submit({revision: 5, dropped: []});
      while (compact.next(applier, commit, 0, integerMax).kind === "done");
      return compact;
    };
    const early = waiting();
    while (commit.next(applier, 0, false).kind !== "disk");
    const late = waiting();
    expect(digestOf(early, 0, commit)).not.toBe(digestOf(late, 0, commit));
  });

  test("tells what a snapshot will stand for", () => {
    const commit = CommitActor.at(0, limits, []);
    const [one, other] = [5, 6].map((index) => {
      const snapshot = SnapshotActor.resting({every: 1, keep: 0, filesMax: 1}, [], []);
      snapshot.begin({index, term: 1, confState: confState([1])}, commit);
      return digestOf(snapshot, commit);
    });
    expect(one).not.toBe(other);
  });

  test("tells which entries were applied, also where they changed nothing of the store", () => {
    const [one, other] = [1, 2].map((byte) => {
      const applier = emptyApplier();
      applier.apply({index: 1, term: 1, type: "confChange", data: Uint8Array.of(byte)}, 0);
      return digestOf(applier, 0);
    });
    expect(one).not.toBe(other);
  });
});
