// Snapshots between members (§7): when a leader sends one, what it does until that arrived, and what a follower makes of
// it. After etcd's raft_snap_test.go and the snapshot tests of raft_test.go.

import {describe, expect, it} from "vitest";
import type {ConfState} from "../../../core/raft/confState.ts";
import {confState} from "../../../core/raft/confState.ts";
import {noData} from "../../../core/raft/entry.ts";
import type {Message} from "../../../core/raft/message.ts";
import type {RaftNote} from "../../../core/raft/notes.ts";
import type {Snapshot} from "../../../core/raft/snapshot.ts";
import {conf} from "./changes.ts";
import {Cluster} from "./cluster.ts";
import {snapshotAt} from "./entries.ts";
import {ack, appendsTo, modes, nack, progressOf, pulse, shapes} from "./leading.ts";
import {Alone, append, only, termsOf} from "./notation.ts";
import type {AloneOptions} from "./notation.ts";

function compact({storage, node}: Alone, index: number, kept = index): void {
  storage.createSnapshot(kept, node.confState, noData);
  storage.compact(index);
}

/** Leads term 2; entries 1 to 11 are of term 1, applied, and compacted up to `index`; a snapshot stands at 11. */
function compacted(index: number, asyncStorageWrites: boolean, options: AloneOptions = {}): Alone {
  const log = "1 ".repeat(11);
  const config = {...options.config, asyncStorageWrites};
  const alone = new Alone({...options, log, hard: {commit: 11}, config});
  alone.drain();
  compact(alone, index, 11);
  alone.lead();
  expect(alone.node.lastIndex).toBe(12);
  return alone;
}

/** The follower has nothing, and says so: what it needs is compacted. */
function fellBehind(alone: Alone): readonly Message[] {
  return alone.take(nack(alone, 2, {index: 11, hintIndex: 0}));
}

describe.each(modes)("a leader, %s,", (_, mode) => {
  it("sends its snapshot to a follower whose next entry is compacted", () => {
    const alone = compacted(11, mode);
    const sent = fellBehind(alone);
    expect(sent).toMatchObject([{kind: "InstallSnapshot", to: 2, term: 2, snapshot: {index: 11, term: 1}}]);
    expect(progressOf(alone, 2)).toMatchObject({
      state: "snapshot",
      pendingSnapshot: 11,
      nextIndex: 12,
      matchIndex: 0,
      sentCommit: 11,
      paused: true,
    });
  });

  it("sends nothing else to it until it hears what became of the snapshot", () => {
    const alone = compacted(11, mode);
    fellBehind(alone);
    expect(shapes(2, alone.propose("a"))).toEqual([]);
    expect(alone.take(pulse(alone, 2))).toEqual([]);
    expect(progressOf(alone, 2)).toMatchObject({state: "snapshot", pendingSnapshot: 11});
    expect(only(alone.ticks(1), "Heartbeat").map(({to}) => to)).toEqual([2, 3]);
  });

  it("probes behind the snapshot that was reported to have arrived, once the follower shows life", () => {
    const alone = compacted(11, mode);
    fellBehind(alone);
    alone.node.reportSnapshot(2, "arrived");
    expect(progressOf(alone, 2)).toMatchObject({
      state: "probe",
      pendingSnapshot: 0,
      nextIndex: 12,
      paused: true,
    });
    expect(shapes(2, alone.propose("a"))).toEqual([]);
    expect(appendsTo(2, alone.take(pulse(alone, 2)))).toMatchObject([{prevLogIndex: 11, prevLogTerm: 1}]);
  });

  it("sends the snapshot again if it was reported to have failed, once the follower shows life", () => {
    const alone = compacted(11, mode);
    fellBehind(alone);
    alone.node.reportSnapshot(2, "failed");
    expect(progressOf(alone, 2)).toMatchObject({
      state: "probe",
      pendingSnapshot: 0,
      nextIndex: 1,
      paused: true,
    });
    expect(alone.propose("a").filter(({to}) => to === 2)).toEqual([]);
    expect(alone.take(pulse(alone, 2))).toMatchObject([{kind: "InstallSnapshot", to: 2}]);
  });

  it("takes no report of a snapshot that it did not send", () => {
    const alone = compacted(11, mode);
    const before = alone.node.progress();
    alone.node.reportSnapshot(2, "failed");
    alone.node.reportSnapshot(3, "arrived");
    alone.node.reportSnapshot(9, "arrived");
    expect(alone.node.progress()).toEqual(before);
  });

  it("goes on replicating when the follower acknowledges the snapshot, reported or not", () => {
    const alone = compacted(11, mode);
    alone.propose("a");
    fellBehind(alone);
    expect(shapes(2, alone.take(ack(alone, 2, 11)))).toEqual([[12, 13]]);
    expect(progressOf(alone, 2)).toMatchObject({
      state: "replicate",
      matchIndex: 11,
      nextIndex: 14,
      pendingSnapshot: 0,
      inflight: 1,
    });
  });

  it("goes on replicating as soon as its log reaches the follower's, be it by less than the snapshot (D10)", () => {
    const alone = compacted(8, mode);
    fellBehind(alone);
    expect(progressOf(alone, 2)).toMatchObject({state: "snapshot", pendingSnapshot: 11});
    expect(alone.take(ack(alone, 2, 7))).toEqual([]);
    expect(progressOf(alone, 2)).toMatchObject({state: "snapshot", matchIndex: 7});
    expect(shapes(2, alone.take(ack(alone, 2, 8)))).toEqual([[9, 10, 11, 12]]);
    expect(progressOf(alone, 2)).toMatchObject({state: "replicate", matchIndex: 8, nextIndex: 13});
  });

  it("spares a follower that does not answer the snapshot, until it does", () => {
    const notes: RaftNote[] = [];
    const outlet = {note: (note: RaftNote) => void notes.push(note)};
    const alone = compacted(11, mode, {config: {checkQuorum: true}, notes: outlet});
    alone.take(ack(alone, 2, 12), ack(alone, 3, 12));
    alone.propose("a", "b", "c");
    alone.take(ack(alone, 2, 15));
    alone.node.reportUnreachable(3);
    alone.ticks(10);
    alone.take(pulse(alone, 2));
    expect(progressOf(alone, 3)).toMatchObject({
      state: "probe",
      nextIndex: 13,
      paused: false,
      recentActive: false,
    });
    compact(alone, 15);
    notes.length = 0;
    expect(alone.propose("d").filter(({to}) => to === 3)).toEqual([]);
    expect(notes).toContainEqual(
      expect.objectContaining({kind: "snapshotNotSent", follower: 3, why: "inactive"}),
    );
    expect(alone.take(pulse(alone, 3))).toMatchObject([
      {kind: "InstallSnapshot", to: 3, snapshot: {index: 15}},
    ]);
  });

  it("asks again later when the storage has no snapshot just now", () => {
    const notes: RaftNote[] = [];
    const alone = compacted(11, mode, {notes: {note: (note) => void notes.push(note)}});
    const {latest} = {latest: alone.storage.snapshot()};
    let busy = true;
    alone.storage.snapshot = () => (busy ? undefined : latest);
    expect(fellBehind(alone)).toEqual([]);
    expect(notes.at(-1)).toMatchObject({kind: "snapshotNotSent", follower: 2, why: "unavailable"});
    expect(progressOf(alone, 2)).toMatchObject({state: "probe", nextIndex: 1});
    busy = false;
    expect(alone.take(pulse(alone, 2))).toMatchObject([{kind: "InstallSnapshot", to: 2}]);
  });

  it("sends a snapshot, not an append of unknown term, when its log is compacted behind a full window (A12)", () => {
    const alone = compacted(11, mode, {config: {inflightMax: 1, messageBytesMax: 0}});
    alone.take(ack(alone, 2, 12), ack(alone, 3, 12));
    alone.propose("a", "b", "c");
    for (const index of [13, 14, 15]) alone.take(ack(alone, 3, index));
    expect(progressOf(alone, 2)).toMatchObject({state: "replicate", matchIndex: 12, nextIndex: 14});
    compact(alone, 15);
    expect(alone.take(pulse(alone, 2))).toMatchObject([
      {kind: "InstallSnapshot", to: 2, snapshot: {index: 15}},
    ]);
  });

  it("fails when nothing stands for what was before its log", () => {
    const alone = new Alone({log: "1 1 1", hard: {commit: 3}, config: {asyncStorageWrites: mode}});
    alone.drain();
    alone.storage.compact(3);
    alone.lead();
    expect(() => alone.take(nack(alone, 2, {index: 3, hintIndex: 0}))).toThrow(
      "no snapshot stands for what was",
    );
  });
});

function installs(snapshot: Snapshot, term = 2): Message {
  return {kind: "InstallSnapshot", from: 1, to: 2, term, snapshot};
}

describe.each(modes)("a follower, %s,", (_, mode) => {
  const follower = (options: AloneOptions = {}) =>
    new Alone({id: 2, ...options, config: {asyncStorageWrites: mode}});

  it("takes a snapshot in place of its log, and acknowledges it", () => {
    const alone = follower({log: "1 1 1", hard: {commit: 1}});
    alone.drain();
    const snapshot = snapshotAt({index: 11, term: 2}, confState([1, 2, 3, 4]));
    const said = alone.take(installs(snapshot));
    expect(said).toMatchObject([{kind: "AppendEntriesResponse", to: 1, success: true, index: 11}]);
    const {node} = alone;
    expect(node.confState).toEqual(snapshot.confState);
    expect([node.firstIndex, node.lastIndex, node.commitIndex, node.lastApplied]).toEqual([12, 11, 11, 11]);
    expect([node.termAt(11), node.termAt(10)]).toEqual([2, undefined]);
    expect(alone.storage.snapshot()).toBe(snapshot);
    expect([node.leader, node.term]).toEqual([1, 2]);
  });

  it("answers when the snapshot is durable, and neither applies nor campaigns before", () => {
    const {node, storage} = follower();
    const snapshot = snapshotAt({index: 11, term: 2});
    node.step(installs(snapshot));
    expect([node.lastApplied, node.promotable]).toEqual([0, false]);
    const {messages, append: work, apply} = node.ready();
    expect([messages, apply]).toEqual([[], []]);
    expect(work).toMatchObject({snapshot, entries: [], messages: [{index: 11, success: true}]});
    node.campaign();
    expect(node.role).toBe("follower");
    storage.applySnapshot(snapshot);
    if (!mode) node.advance();
    else if (work?.receipt !== undefined) node.appended(work.receipt);
    expect([node.lastApplied, node.promotable, node.unstableSnapshot]).toEqual([11, true, undefined]);
  });

  it("goes on with entries behind the snapshot", () => {
    const alone = follower();
    const head = {kind: "AppendEntries", from: 1, to: 2, term: 2, prevLogIndex: 11, prevLogTerm: 2} as const;
    const entry = {index: 12, term: 2, type: "normal", data: noData} as const;
    // Both come before any of it is written.
    const said = alone.take(installs(snapshotAt({index: 11, term: 2})), {
      ...head,
      entries: [entry],
      leaderCommit: 12,
    });
    expect(said).toMatchObject([{index: 11}, {index: 12}]);
    expect(alone.applied.map(({index}) => index)).toEqual([12]);
    expect(alone.node.lastApplied).toBe(12);
  });

  it.each([
    ["it commits no less", "1 1 1", 3, {index: 2, term: 1}, 3, 3],
    ["it commits just that", "1 1 1", 3, {index: 3, term: 1}, 3, 3],
  ])("keeps its log if %s (%s, %i, %j), and says so", (_name, log, commit, at, answer, after) => {
    const alone = follower({log, hard: {commit}});
    alone.drain();
    expect(alone.take(installs(snapshotAt(at)))).toMatchObject([{success: true, index: answer}]);
    expect([alone.node.commitIndex, termsOf(alone.node)]).toEqual([after, log]);
    expect(alone.storage.snapshot()?.index).toBe(0);
  });

  it("keeps its log if that reaches so far and agrees, and knows now that it is committed", () => {
    const alone = follower({log: "1 1 1 1", hard: {commit: 1}});
    alone.drain();
    expect(alone.take(installs(snapshotAt({index: 3, term: 1})))).toMatchObject([{success: true, index: 3}]);
    expect([alone.node.commitIndex, termsOf(alone.node)]).toEqual([3, "1 1 1 1"]);
    expect(alone.node.confState).toEqual(confState([1, 2, 3]));
    expect(alone.applied.map(({index}) => index)).toEqual([1, 2, 3]);
  });

  it("gives up its log if that reaches so far and differs", () => {
    const alone = follower({log: "1 1 1 1", hard: {commit: 1}});
    alone.drain();
    expect(alone.take(installs(snapshotAt({index: 3, term: 2})))).toMatchObject([{success: true, index: 3}]);
    expect([alone.node.firstIndex, alone.node.lastIndex, alone.node.termAt(3)]).toEqual([4, 3, 2]);
  });

  it.each([
    ["a voter", "1 2 3", "1 2 3 4", false],
    ["a learner", "1 2 3", "1 3 learners 2", true],
    ["a learner still", "1 3 learners 2", "1 3 learners 2", true],
    ["a voter now", "1 3 learners 2", "1 2 3", false],
    ["an incoming voter", "1 2 3", "2 3 && 1 3 autoleave", false],
    ["an outgoing voter", "1 2 3", "1 3 && 1 2 3", false],
    ["an outgoing voter that will learn", "1 2 3", "1 3 && 1 2 3 next 2", false],
  ])("takes a snapshot in which it is %s: (%s), (%s)", (_name, before, after, learns) => {
    const alone = follower({conf: conf(before)});
    alone.take(installs(snapshotAt({index: 11, term: 2}, conf(after))));
    expect(alone.node.lastIndex).toBe(11);
    expect(alone.node.confState).toEqual(conf(after));
    expect(alone.node.promotable).toBe(!learns);
  });

  it("takes no snapshot in which it is nobody", () => {
    const alone = follower({log: "1", hard: {commit: 1}});
    alone.drain();
    const said = alone.take(installs(snapshotAt({index: 11, term: 2}, confState([1, 3]))));
    expect(said).toMatchObject([{success: true, index: 1}]);
    expect([alone.node.lastIndex, alone.node.confState]).toEqual([1, confState([1, 2, 3])]);
  });

  it("takes no snapshot of an older term", () => {
    const alone = follower({hard: {term: 5}});
    expect(alone.take(installs(snapshotAt({index: 11, term: 2}), 4))).toEqual([]);
    expect(alone.node.lastIndex).toBe(0);
  });

  it("refuses an append before its snapshot by what it holds, without looking", () => {
    const alone = follower();
    alone.take(installs(snapshotAt({index: 11, term: 2})));
    const said = alone.take(append({from: 1, to: 2, term: 2}, "1 1 1", 1));
    expect(said).toMatchObject([{success: true, index: 11}]);
    expect(alone.node.lastIndex).toBe(11);
  });
});

describe.each(modes)("a cluster, %s,", (_, mode) => {
  const run = (start?: ConfState) => {
    const options = {size: 3, config: {asyncStorageWrites: mode}};
    const cluster = new Cluster(start === undefined ? options : {...options, conf: start});
    cluster.elect(1);
    return cluster;
  };
  const apart = (cluster: Cluster) => {
    cluster.isolate(3);
    for (let i = 0; i < 20; i++) cluster.propose(1, `x${i}`);
    cluster.settle();
    cluster.compact(1);
    cluster.propose(1, "after");
    cluster.settle();
    cluster.heal();
    for (let i = 0; i < 3; i++) {
      cluster.tick(1);
      cluster.settle();
    }
  };

  it.each([undefined, conf("1 2 learners 3")])("brings a slow member up by a snapshot: %j", (start) => {
    const cluster = run(start);
    apart(cluster);
    expect(cluster.node(3).firstIndex).toBe(22);
    expect(cluster.node(3).lastApplied).toBe(cluster.node(1).lastApplied);
    expect(cluster.node(3).confState).toEqual(cluster.node(1).confState);
    expect(progress(cluster)).toMatchObject({state: "replicate", matchIndex: cluster.node(1).lastIndex});
    cluster.propose(1, "more");
    cluster.settle();
    expect(cluster.member(3).applied.at(-1)?.index).toBe(cluster.node(1).lastIndex);
  });

  it("lets a member that came by a snapshot lead", () => {
    const cluster = run();
    apart(cluster);
    cluster.elect(3);
    expect(cluster.node(3).role).toBe("leader");
    cluster.propose(3, "mine");
    cluster.settle();
    expect(cluster.node(1).lastApplied).toBe(cluster.node(3).lastIndex);
  });

  it("brings it up also when the first snapshot is lost, and again when its report is", () => {
    const cluster = run();
    cluster.isolate(3);
    for (let i = 0; i < 5; i++) cluster.propose(1, `x${i}`);
    cluster.settle();
    cluster.compact(1);
    cluster.heal();
    cluster.tick(1);
    cluster.settle(({kind}) => kind === "InstallSnapshot");
    expect(progress(cluster)).toMatchObject({state: "snapshot", matchIndex: 1});
    cluster.act(1, (node) => node.reportSnapshot(3, "failed"));
    cluster.tick(1);
    // It is taken, and the answer lost; nobody reports.
    cluster.settle(({kind, from}) => kind === "AppendEntriesResponse" && from === 3);
    expect(cluster.node(3).firstIndex).toBe(7);
    expect(progress(cluster)).toMatchObject({state: "snapshot", matchIndex: 1});
    cluster.act(1, (node) => node.reportSnapshot(3, "arrived"));
    cluster.tick(1);
    cluster.settle();
    expect(progress(cluster)).toMatchObject({state: "replicate", matchIndex: 6});
  });

  function progress(cluster: Cluster) {
    return cluster.node(1).progress()[2];
  }
});
