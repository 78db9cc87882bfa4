// Who is in the cluster, who leads it, and what stands for the beginning of its log.

import {describe, expect, test} from "vitest";
import type {Message} from "../../../core/raft/message.ts";
import type {Request, Response} from "../../../core/server/request.ts";
import {apiErrors} from "../../../core/server/request.ts";
import {Cluster, errorOf, led, ms, pairsOf, requestTimeout} from "./cluster.ts";

/** n4 was added as a learner and is up to date. */
function withLearner(): Cluster {
  const cluster = led();
  cluster.start(4);
  cluster.ask(1, "member add n4 --learner");
  cluster.tick(3);
  return cluster;
}

function puts(cluster: Cluster, count: number, id = 1): void {
  for (let i = 1; i <= count; i++) cluster.ask(id, `put k${i % 3} ${i}`);
}

/** `n1 n2 n4(learner)`, with a `+` behind it while joint. */
function membersOf(response: Response | undefined): string {
  if (response?.result.kind !== "members") return errorOf(response) ?? "no answer";
  const {members, joint} = response.result;
  return (
    members.map(({member, isLearner}) => `n${member}${isLearner ? "(learner)" : ""}`).join(" ") +
    (joint ? " +" : "")
  );
}

function sent(cluster: Cluster, kind: Message["kind"]): readonly Message[] {
  return cluster.effects.flatMap(({effect}) =>
    effect.kind === "send" && effect.message.kind === kind ? [effect.message] : [],
  );
}

describe("changes of membership", () => {
  test("are answered with the members there are then, by whoever is asked", () => {
    const cluster = led();
    cluster.start(4);
    expect(membersOf(cluster.ask(1, "member list"))).toBe("n1 n2 n3");
    expect(membersOf(cluster.ask(2, "member add n4 --learner"))).toBe("n1 n2 n3 n4(learner)");
    cluster.tick(2);
    expect(membersOf(cluster.ask(1, "member promote n4"))).toBe("n1 n2 n3 n4");
    expect(membersOf(cluster.ask(1, "member remove n2"))).toBe("n1 n3 n4");
    cluster.tick();
    expect(membersOf(cluster.ask(4, "member list"))).toBe("n1 n3 n4");
  });

  test("a voter may be added at once; it counts before it has anything", () => {
    const cluster = led();
    expect(membersOf(cluster.ask(1, "member add n4"))).toBe("n1 n2 n3 n4");
    cluster.isolated.add(3);
    expect(cluster.ask(1, "put x 1")).toBeUndefined();
    cluster.start(4);
    cluster.tick(3);
    expect(cluster.responses.at(-1)?.response.result.kind).toBe("put");
  });

  test.each<[line: string, at: number, error: keyof typeof apiErrors]>([
    ["member add n2", 1, "memberExists"],
    ["member add n4", 3, "memberExists"],
    ["member add n5 --learner", 1, "tooManyLearners"],
    ["member remove n9", 1, "memberNotFound"],
    ["member promote n9", 1, "memberNotFound"],
    ["member promote n2", 1, "memberNotLearner"],
    ["move-leader n2", 3, "notLeader"],
    ["move-leader n4", 1, "badLeaderTransferee"],
    ["move-leader n9", 1, "badLeaderTransferee"],
    ["member reconfigure r1 r2 r3", 1, "badChange"],
  ])("%s, asked of n%i of n1 n2 n3 and the learner n4: %s", (line, at, error) => {
    const cluster = withLearner();
    expect(errorOf(cluster.ask(at, line))).toBe(apiErrors[error].message);
    expect(membersOf(cluster.ask(1, "member list"))).toBe("n1 n2 n3 n4(learner)");
  });

  test("a learner is not promoted before it holds nine tenths of the log", () => {
    const cluster = led();
    puts(cluster, 20);
    cluster.ask(1, "member add n4 --learner");
    expect(errorOf(cluster.ask(1, "member promote n4"))).toBe(apiErrors.learnerNotReady.message);
    cluster.start(4);
    cluster.tick(3);
    expect(membersOf(cluster.ask(1, "member promote n4"))).toBe("n1 n2 n3 n4");
  });

  test("what became impossible on the way is refused when it is applied, and changes nothing", () => {
    const cluster = led();
    cluster.stalled.add(2);
    expect(membersOf(cluster.ask(1, "member add n4 --learner"))).toBe("n1 n2 n3 n4(learner)");
    // n2 has not applied that yet.
    for (const [i, line] of ["member add n4 --learner", "member add n5 --learner"].entries()) {
      expect(cluster.ask(2, line, {stream: 7, id: i})).toBeUndefined();
    }
    cluster.stalled.clear();
    cluster.run();
    cluster.tick(2);
    expect(cluster.on(7).map(errorOf)).toEqual([
      apiErrors.memberExists.message,
      apiErrors.tooManyLearners.message,
    ]);
    expect(membersOf(cluster.ask(2, "member list"))).toBe("n1 n2 n3 n4(learner)");
  });

  test("one that the leader does not take while another is under way is answered when its time is up", () => {
    const cluster = led();
    cluster.isolated.add(2).add(3);
    cluster.ask(1, "member remove n2", {stream: 1});
    cluster.ask(1, "member remove n3", {stream: 2});
    cluster.isolated.clear();
    cluster.tick(3);
    expect(cluster.on(1).map(membersOf)).toEqual(["n1 n3"]);
    expect(cluster.on(2)).toEqual([]);
    cluster.pass(requestTimeout);
    expect(cluster.on(2).map(errorOf)).toEqual([apiErrors.timeout.message]);
  });

  test("several at once go through a joint configuration, which is left by itself or when told", () => {
    const cluster = led();
    cluster.start(4);
    cluster.start(5);
    expect(membersOf(cluster.ask(1, "member reconfigure v4 v5 r2 r3 --transition explicit"))).toBe(
      "n1 n2 n3 n4 n5 +",
    );
    cluster.tick(3);
    expect(membersOf(cluster.ask(1, "member list"))).toBe("n1 n2 n3 n4 n5 +");
    expect(membersOf(cluster.ask(1, "member reconfigure"))).toBe("n1 n4 n5");
    expect(membersOf(cluster.ask(1, "member reconfigure v6 r5"))).toBe("n1 n4 n5 n6 +");
    cluster.start(6);
    cluster.tick(2);
    expect(membersOf(cluster.ask(1, "member list"))).toBe("n1 n4 n6");
  });

  test("a leader that is removed leads no more, and the others elect another", () => {
    const cluster = led();
    expect(membersOf(cluster.ask(1, "member remove n1"))).toBe("n2 n3");
    expect(cluster.server(1).raft.role).toBe("follower");
    cluster.elect(2);
    expect(cluster.server(2).raft.role).toBe("leader");
    expect(cluster.ask(2, "put x 1")?.result.kind).toBe("put");
  });

  test("survive a crash, whether their entries are in the log or behind a snapshot", () => {
    for (const snapshotEvery of [0, 2]) {
      const cluster = led({snapshotEvery, snapshotKeep: 0});
      cluster.ask(1, "member remove n3");
      puts(cluster, 5);
      cluster.crash(1);
      cluster.boot(1);
      cluster.run();
      expect(cluster.server(1).raft.confState.voters).toEqual([1, 2]);
      cluster.elect(2);
      cluster.tick(2);
      expect(membersOf(cluster.ask(1, "member list"))).toBe("n1 n2");
    }
  });
});

describe("a learner", () => {
  test.each([
    "put x 1",
    "get x",
    "del x",
    "compact 1",
    "watch x",
    "member add n5",
    "member list",
    "move-leader n1",
    "txn : get x :",
  ])("refuses %s", (line) => {
    const cluster = withLearner();
    expect(errorOf(cluster.ask(4, line))).toBe(apiErrors.notSupportedForLearner.message);
  });

  test("answers from what it has: its own state and its status", () => {
    const cluster = withLearner();
    cluster.ask(1, "put x 1");
    cluster.tick();
    expect(pairsOf(cluster.ask(4, "get x --consistency s"))).toBe("x=1@2");
    expect(cluster.ask(4, "status")?.result).toMatchObject({kind: "status", leader: 1});
  });

  test("does not count: neither does it help to commit, nor is it missed", () => {
    const cluster = withLearner();
    cluster.isolated.add(4).add(3);
    expect(cluster.ask(1, "put x 1")?.result.kind).toBe("put");
    cluster.isolated.delete(4);
    cluster.isolated.add(2);
    expect(cluster.ask(1, "put x 2")).toBeUndefined();
  });

  test("may be there from the beginning", () => {
    const cluster = led({learners: [4, 5]});
    cluster.ask(1, "put x 1");
    cluster.tick();
    expect(membersOf(cluster.ask(1, "member list"))).toBe("n1 n2 n3 n4(learner) n5(learner)");
    expect(pairsOf(cluster.ask(5, "get x --consistency s"))).toBe("x=1@2");
  });
});

describe("move-leader", () => {
  test("is answered once the other leads", () => {
    const cluster = led();
    expect(cluster.ask(1, "move-leader n2")?.result).toEqual({kind: "moveLeader"});
    expect(cluster.server(2).raft.role).toBe("leader");
    expect(cluster.server(1).raft.role).toBe("follower");
  });

  test("to who leads already is done", () => {
    const cluster = led();
    expect(cluster.ask(1, "move-leader n1")?.result).toEqual({kind: "moveLeader"});
    expect(cluster.server(1).raft.term).toBe(1);
  });

  test("brings the other up to date first", () => {
    const cluster = led();
    cluster.isolated.add(2);
    puts(cluster, 3);
    cluster.isolated.clear();
    cluster.ask(1, "move-leader n2");
    cluster.tick();
    expect(cluster.server(2).raft.role).toBe("leader");
    expect(cluster.server(2).store.currentRevision).toBe(4);
    expect(cluster.on(0).at(-1)?.result).toEqual({kind: "moveLeader"});
  });

  test("takes proposals again, and fails in time, if the other does not come", () => {
    const cluster = led();
    cluster.isolated.add(3);
    expect(cluster.ask(1, "move-leader n3", {stream: 1})).toBeUndefined();
    expect(cluster.server(1).raft.transferee).toBe(3);
    expect(cluster.ask(1, "put x 1", {stream: 2})).toBeUndefined();
    cluster.tick(10);
    expect(cluster.server(1).raft.transferee).toBe(0);
    expect(cluster.on(2)[0]?.result.kind).toBe("put");
    cluster.pass(requestTimeout);
    expect(cluster.on(1).map(errorOf)).toEqual([apiErrors.timeoutLeaderTransfer.message]);
  });
});

describe("a snapshot", () => {
  test("is made after so many applied entries, and the log behind it is forgotten but for what is kept", () => {
    const cluster = led({snapshotEvery: 4, snapshotKeep: 2});
    puts(cluster, 2);
    expect(cluster.server(1).raft.firstIndex).toBe(1);
    puts(cluster, 1);
    expect(cluster.server(1).raft.firstIndex).toBe(3);
    puts(cluster, 4);
    expect(cluster.server(1).raft.firstIndex).toBe(7);
  });

  test("is not counted on before it is durable: until then the log stays whole", () => {
    const cluster = led({snapshotEvery: 4, snapshotKeep: 0});
    puts(cluster, 2);
    const before = cluster.server(1).wal.bytes;
    cluster.input(1, {kind: "request", stream: 0, id: 9, request: {kind: "compact", revision: 1}});
    while (cluster.server(1).appliedIndex < 4) cluster.next();
    expect(cluster.server(1).wal.bytes).toBeGreaterThan(before);
    expect(cluster.server(1).raft.firstIndex).toBe(1);
    cluster.run();
    expect(cluster.server(1).raft.firstIndex).toBe(5);
  });

  test("is what a member starts from after a crash: the same store, the same digest of all that was applied", () => {
    const cluster = led({snapshotEvery: 3, snapshotKeep: 0});
    puts(cluster, 8);
    cluster.ask(1, "compact 4");
    cluster.tick();
    const {lastApplied, store} = cluster.server(1);
    cluster.crash(1);
    cluster.boot(1);
    cluster.run();
    expect(cluster.server(1).appliedIndex).toBeGreaterThan(0);
    cluster.elect(2);
    cluster.tick(2);
    cluster.crash(3);
    expect(cluster.server(1).store.currentRevision).toBe(store.currentRevision);
    expect(cluster.server(1).store.compactRevision).toBe(4);
    expect(cluster.server(1).lastApplied).toEqual(cluster.server(2).lastApplied);
    expect(cluster.server(1).lastApplied.index).toBeGreaterThan(lastApplied.index);
    expect(pairsOf(cluster.ask(1, "get k --prefix"))).toBe(pairsOf(cluster.ask(2, "get k --prefix")));
  });

  test("brings a follower back that is too far behind", () => {
    const cluster = led({snapshotEvery: 3, snapshotKeep: 1});
    cluster.isolated.add(3);
    puts(cluster, 9);
    cluster.isolated.clear();
    cluster.tick(3);
    expect(sent(cluster, "InstallSnapshot").length).toBeGreaterThan(0);
    expect(cluster.server(3).lastApplied).toEqual(cluster.server(1).lastApplied);
    expect(cluster.server(3).raft.firstIndex).toBeGreaterThan(3);
    cluster.crash(3);
    cluster.boot(3);
    cluster.tick(2);
    expect(cluster.server(3).lastApplied).toEqual(cluster.server(1).lastApplied);
  });

  test("that did not arrive is sent again", () => {
    const cluster = led({snapshotEvery: 3, snapshotKeep: 1});
    cluster.isolated.add(3);
    puts(cluster, 9);
    let lost = 0;
    cluster.loses = ({kind}) => kind === "InstallSnapshot" && lost++ === 0;
    cluster.isolated.clear();
    cluster.tick(1);
    expect(lost).toBe(1);
    expect(cluster.server(3).appliedIndex).toBe(1);
    cluster.tick(3);
    expect(lost).toBe(2);
    expect(cluster.server(3).lastApplied).toEqual(cluster.server(1).lastApplied);
  });

  test("is sent as the state is then: who was added since the last one made finds itself in it", () => {
    const cluster = led({snapshotEvery: 4, snapshotKeep: 0});
    puts(cluster, 3);
    expect(cluster.server(1).raft.firstIndex).toBe(5);
    cluster.ask(1, "member add n4 --learner");
    cluster.start(4);
    cluster.tick(4);
    expect(cluster.server(1).raft.firstIndex).toBe(5);
    const [snapshot] = sent(cluster, "InstallSnapshot");
    expect(snapshot).toMatchObject({to: 4, snapshot: {index: 5, confState: {learners: [4]}}});
    expect(cluster.server(4).lastApplied).toEqual(cluster.server(1).lastApplied);
    expect(membersOf(cluster.ask(1, "member promote n4"))).toBe("n1 n2 n3 n4");
  });

  test("whose state is damaged is not taken", () => {
    const cluster = led({snapshotEvery: 3, snapshotKeep: 1});
    cluster.isolated.add(3);
    puts(cluster, 9);
    cluster.tick(2);
    const {raft, lastApplied} = cluster.server(1);
    const {term, confState} = raft;
    const index = lastApplied.index;
    const snapshot = {index, term, confState, data: Uint8Array.of(1, 2, 3)};
    cluster.input(3, {
      kind: "message",
      from: 1,
      message: {kind: "InstallSnapshot", from: 1, to: 3, term, snapshot},
    });
    cluster.run();
    expect(cluster.server(3).raft.unstableSnapshot).toBeUndefined();
    expect(cluster.server(3).lastApplied.index).toBeLessThan(index);
    cluster.isolated.clear();
    cluster.tick(3);
    expect(cluster.server(3).lastApplied).toEqual(lastApplied);
  });

  test("leaves who waited for an answer to the clock: nobody knows what became of the entry", () => {
    const cluster = led({snapshotEvery: 3, snapshotKeep: 0});
    cluster.isolated.add(3);
    cluster.input(3, {kind: "request", stream: 5, id: 1, request: {kind: "compact", revision: 1}});
    puts(cluster, 9);
    cluster.isolated.clear();
    cluster.tick(3);
    expect(cluster.server(3).lastApplied).toEqual(cluster.server(1).lastApplied);
    expect(cluster.on(5)).toEqual([]);
    cluster.pass(requestTimeout + ms);
    expect(cluster.on(5).map(errorOf)).toEqual([apiErrors.timeout.message]);
  });
});

describe("a change that was asked for and has become another", () => {
  const add = (member: number, isLearner = false): Request => ({kind: "memberAdd", member, isLearner});

  test("to add a voter that has meanwhile become a learner is refused, and promotes nobody", () => {
    const cluster = led();
    cluster.isolated.add(3);
    cluster.ask(1, add(4, true));
    cluster.isolated.delete(3);
    cluster.ask(3, add(4));
    cluster.tick(3);
    expect(cluster.server(1).raft.confState.learners).toEqual([4]);
    expect(errorOf(cluster.responses.at(-1)?.response)).toBe(apiErrors.memberExists.message);
  });

  test("to promote who was removed meanwhile does not bring it back", () => {
    const cluster = new Cluster({learners: [4]});
    cluster.run();
    cluster.elect();
    cluster.tick(2);
    cluster.isolated.add(3);
    cluster.ask(1, "put a b");
    cluster.input(1, {kind: "request", stream: 9, id: 1, request: {kind: "moveLeader", target: 3}});
    cluster.input(1, {kind: "request", stream: 9, id: 2, request: {kind: "memberPromote", member: 4}});
    cluster.run();
    cluster.isolated.delete(3);
    cluster.isolated.add(1);
    cluster.elect(2);
    cluster.ask(2, {kind: "memberRemove", member: 4});
    cluster.isolated.delete(1);
    cluster.tick(3);
    expect(cluster.server(2).raft.confState.voters).toEqual([1, 2, 3]);
  });
});
