import {describe, expect, test} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {decodeCommand} from "../../../core/server/command.ts";
import type {Input} from "../../../core/server/io.ts";
import type {PeerMessage} from "../../../core/server/peer.ts";
import {apiErrors} from "../../../core/server/request.ts";
import type {Request} from "../../../core/server/request.ts";
import {walFileName} from "../../../core/storage/files.ts";
import {digestOf} from "../../support/digest.ts";
import {Cluster, errorOf, led, ms, pairsOf, readIndexRetry, request, requestTimeout} from "./cluster.ts";

/** The member's last disk operation. */
/** The numbers of the last two disk operations that a member asked for. */
function lastOps(cluster: Cluster, id: number): readonly number[] {
  return cluster.effects
    .flatMap(({from, effect}) => (from === id && effect.kind === "disk" ? [effect.op] : []))
    .slice(-2);
}

describe("a write", () => {
  test("is answered by the member that was asked, once applied there, and reaches every store", () => {
    const cluster = led();
    const response = cluster.ask(1, "put x 1");
    expect(response).toEqual({header: {memberId: 1, revision: 2, raftTerm: 1}, result: {kind: "put"}});
    cluster.tick();
    for (const id of [1, 2, 3]) {
      expect(cluster.server(id).store.currentRevision).toBe(2);
      expect(cluster.server(id).lastApplied).toEqual(cluster.server(1).lastApplied);
    }
  });

  test("asked of a follower goes through the leader and is answered by the follower", () => {
    const cluster = led();
    cluster.ask(2, "put x 1");
    cluster.tick();
    expect(cluster.responses).toHaveLength(1);
    expect(cluster.responses[0]).toMatchObject({from: 2, response: {header: {memberId: 2, revision: 2}}});
  });

  test("is not answered before a majority has it on disk", () => {
    const cluster = led();
    cluster.stalled.add(2).add(3);
    expect(cluster.ask(1, "put x 1")).toBeUndefined();
    expect(cluster.server(1).waiting()).toBe(1);
    cluster.stalled.delete(2);
    cluster.run();
    expect(cluster.responses[0]?.response.result).toEqual({kind: "put"});
    expect(cluster.server(1).waiting()).toBe(0);
  });

  test("commits without the leader's own disk, and is applied there only once that has it too", () => {
    const cluster = led();
    const leader = cluster.server(1);
    cluster.stalled.add(1);
    expect(cluster.ask(1, "put x 1")).toBeUndefined();
    expect([leader.raft.commitIndex, leader.durableIndex, leader.appliedIndex]).toEqual([2, 1, 1]);
    expect(leader.appendQueue).toBeGreaterThan(0);
    cluster.stalled.clear();
    cluster.run();
    expect([leader.durableIndex, leader.appliedIndex, leader.appendQueue]).toEqual([2, 2, 0]);
    expect(cluster.responses).toHaveLength(1);
  });

  test("waits while no leader is known, and is proposed once there is one", () => {
    const cluster = new Cluster();
    cluster.run();
    expect(cluster.ask(2, "put x 1")).toBeUndefined();
    cluster.elect(1);
    cluster.tick();
    expect(cluster.responses.map(({response}) => response.result)).toEqual([{kind: "put"}]);
  });

  test("that waits too long is answered 'request timed out'", () => {
    const cluster = new Cluster();
    cluster.run();
    cluster.ask(2, "put x 1");
    cluster.pass(requestTimeout - 1);
    expect(cluster.responses).toEqual([]);
    cluster.pass(1);
    expect(errorOf(cluster.responses[0]?.response)).toBe("etcdserver: request timed out");
    expect(cluster.server(2).deadline()).toBeUndefined();
  });

  test("names the leader's failure when the leader was lost while it waited", () => {
    const cluster = led();
    cluster.isolated.add(1);
    cluster.ask(2, "put x 1");
    cluster.elect(3);
    cluster.pass(requestTimeout);
    expect(errorOf(cluster.responses[0]?.response)).toBe(
      "etcdserver: request timed out, possibly due to previous leader failure",
    );
  });

  test("that timed out may still be applied, and is then answered to nobody", () => {
    const cluster = led();
    cluster.stalled.add(2).add(3);
    cluster.ask(1, "put x 1");
    cluster.pass(requestTimeout);
    expect(errorOf(cluster.responses[0]?.response)).toBe(apiErrors.timeout.message);
    cluster.stalled.clear();
    cluster.run();
    expect(cluster.server(1).store.currentRevision).toBe(2);
    expect(cluster.responses).toHaveLength(1);
  });

  test("of a leader cut off is overwritten after healing, and its asker never told it was done", () => {
    const cluster = led();
    cluster.isolated.add(1);
    cluster.ask(1, "put lost 1");
    cluster.elect(2);
    cluster.ask(2, "put kept 1");
    cluster.isolated.clear();
    cluster.tick(2);
    const texts = [1, 2, 3].map((id) => {
      const server = cluster.server(id);
      const entry = server.raft.entryAt(3);
      return entry === undefined ? "" : server.entryText(entry);
    });
    expect(texts).toEqual(["put kept=1", "put kept=1", "put kept=1"]);
    expect(cluster.responses.map(({from}) => from)).toEqual([2]);
    cluster.pass(requestTimeout);
    expect(errorOf(cluster.responses[1]?.response)).toBe(apiErrors.timeoutLeaderFail.message);
  });

  test("refused in form is not proposed", () => {
    const cluster = led({requestBytesMax: 100, txnOpsMax: 1});
    const lastIndex = cluster.server(1).raft.lastIndex;
    const overfull = {kind: "put", key: "x", value: Uint8Array.of(49), ignoreValue: true} as const;
    const leased = {...overfull, ignoreValue: false, lease: "000000000000001f", ignoreLease: true} as const;
    const refusals = [
      ['put "" 1', apiErrors.emptyKey],
      ["txn : put a 1 ; put a 2 :", apiErrors.tooManyOps],
      [`put x ${"y".repeat(100)}`, apiErrors.requestTooLarge],
      [overfull, apiErrors.valueProvided],
      [{kind: "txn", compare: [], success: [leased], failure: []}, apiErrors.leaseProvided],
      ['get ""', apiErrors.emptyKey],
    ] as const;
    for (const [line, error] of refusals)
      expect(cluster.ask(1, line)?.result).toEqual({kind: "error", error});
    expect(cluster.ask(1, "txn : ( txn : put a 1 ; put a 2 : ) :")?.result).toEqual({
      kind: "error",
      error: apiErrors.tooManyOps,
    });
    expect(cluster.server(1).raft.lastIndex).toBe(lastIndex);
  });

  test("refused by the store is applied everywhere, changes nothing, and is answered with the store's error", () => {
    const cluster = led();
    cluster.ask(1, "put x 1");
    cluster.ask(1, "compact 2");
    expect(errorOf(cluster.ask(1, "compact 2"))).toBe(apiErrors.compacted.message);
    expect(errorOf(cluster.ask(1, "compact 9"))).toBe(apiErrors.futureRevision.message);
    cluster.tick();
    for (const id of [1, 2, 3]) expect(cluster.server(id).appliedIndex).toBe(5);
    expect(cluster.ask(1, "put x 2")?.header.revision).toBe(3);
  });
});

describe("a read", () => {
  test("of a follower sees what was answered before it was asked", () => {
    const cluster = led();
    cluster.stalled.add(3);
    cluster.ask(1, "put x 1");
    cluster.stalled.clear();
    expect(pairsOf(cluster.ask(3, "get x"))).toBe("x=1@2");
    expect(cluster.server(3).appliedIndex).toBe(2);
  });

  test("waits on a leader cut off, and fails when another was elected", () => {
    const cluster = led();
    cluster.ask(1, "put x 1");
    cluster.isolated.add(1);
    expect(cluster.ask(1, "get x")).toBeUndefined();
    cluster.elect(2);
    cluster.ask(2, "put x 2");
    cluster.isolated.clear();
    cluster.tick(2);
    expect(errorOf(cluster.responses[2]?.response)).toBe(apiErrors.leaderChanged.message);
    expect(pairsOf(cluster.ask(1, "get x"))).toBe("x=2@3");
  });

  test("with serializable consistency is answered at once from this member's own state, also without a leader", () => {
    const cluster = led();
    cluster.ask(1, "put x 1");
    cluster.tick();
    cluster.isolated.add(3);
    cluster.ask(1, "put x 2");
    expect(pairsOf(cluster.ask(3, "get x --consistency s"))).toBe("x=1@2");
    expect(pairsOf(cluster.ask(3, "txn : get x --consistency=s :"))).toBeUndefined();
    expect(cluster.responses.at(-1)?.response.result).toMatchObject({kind: "txn", succeeded: true});
    cluster.ask(3, "txn : get x :");
    expect(cluster.server(3).waiting()).toBe(1);
  });

  test("is asked for again under a fresh context until an answer comes", () => {
    const cluster = led();
    cluster.isolated.add(3);
    cluster.ask(3, "get x");
    cluster.pass(2 * readIndexRetry);
    const contexts = cluster.effects.flatMap(({effect}) =>
      effect.kind === "send" && effect.message.kind === "ReadIndex" ? [effect.message.context] : [],
    );
    expect(contexts).toHaveLength(3);
    expect(new Set(contexts).size).toBe(3);
    cluster.isolated.clear();
    cluster.pass(readIndexRetry);
    expect(cluster.responses).toHaveLength(1);
  });

  test("that waits too long is answered 'request timed out'", () => {
    const cluster = led();
    cluster.isolated.add(3);
    cluster.ask(3, "get x");
    cluster.pass(requestTimeout);
    expect(errorOf(cluster.responses[0]?.response)).toBe(apiErrors.timeout.message);
  });

  test("asked while a batch is out waits for the next batch", () => {
    const cluster = led();
    cluster.isolated.add(3);
    cluster.ask(3, "get x", {id: 1});
    cluster.ask(1, "put x 1");
    cluster.ask(3, "get x", {id: 2});
    expect(cluster.server(3).waiting()).toBe(2);
    cluster.isolated.clear();
    cluster.pass(readIndexRetry);
    cluster.tick();
    expect(cluster.responses.map(({id, response}) => [id, pairsOf(response)]).slice(1)).toEqual([
      [1, "x=1@2"],
      [2, "x=1@2"],
    ]);
  });

  test("never takes an answer to a read of another life for its own", () => {
    const cluster = led();
    cluster.isolated.add(3);
    cluster.ask(3, "get x");
    cluster.crash(3);
    cluster.boot(3);
    cluster.run();
    cluster.isolated.clear();
    cluster.tick();
    const contexts = () =>
      cluster.effects.flatMap(({effect}) =>
        effect.kind === "send" && effect.message.kind === "ReadIndex" ? [effect.message.context] : [],
      );
    cluster.ask(3, "get x");
    expect(contexts().length).toBeGreaterThan(1);
    expect(new Set(contexts()).size).toBe(contexts().length);
  });
});

describe("a restart", () => {
  test("brings back log, vote and store from the disk alone", () => {
    const cluster = led();
    cluster.ask(1, "put x 1");
    cluster.ask(1, "put x 2");
    cluster.tick();
    const before = cluster.server(2);
    cluster.crash(2, {piece: () => true, names: Infinity});
    cluster.boot(2);
    const after = cluster.server(2);
    expect(after.raft.hardState()).toEqual(before.raft.hardState());
    expect(after.raft.lastIndex).toBe(before.raft.lastIndex);
    expect(after.lastApplied).toEqual(before.lastApplied);
    expect(after.store.currentRevision).toBe(3);
  });

  test("of all members at once loses nothing that was answered", () => {
    const cluster = led();
    cluster.ask(1, "put x 1");
    for (const id of [1, 2, 3]) cluster.crash(id);
    for (const id of [1, 2, 3]) cluster.boot(id);
    cluster.run();
    cluster.elect(2);
    expect(pairsOf(cluster.ask(2, "get x"))).toBe("x=1@2");
  });

  test("proposes under another name, so that an entry of the life before is nobody's answer", () => {
    const cluster = led();
    cluster.stalled.add(2).add(3);
    cluster.ask(1, "put old 1");
    cluster.stalled.delete(1);
    cluster.run();
    cluster.crash(1);
    cluster.boot(1);
    cluster.ask(1, "put new 1");
    cluster.stalled.clear();
    cluster.run();
    cluster.elect(1);
    cluster.tick();
    const commands = [2, 4].map((index) =>
      decodeCommand(cluster.server(1).raft.entryAt(index)?.data ?? new Uint8Array()),
    );
    expect(commands.map((command) => command?.sequence)).toEqual([1, 1]);
    expect(commands[0]?.nonce).not.toBe(commands[1]?.nonce);
    expect(cluster.responses.map(({response}) => response.header.revision)).toEqual([3]);
  });

  test("refuses a log that rotted, naming file and offset, and does nothing any more", () => {
    const cluster = led();
    cluster.ask(1, "put x 1");
    cluster.crash(2);
    cluster
      .disk(2)
      .spoil(walFileName(0, 1), (bytes) => bytes.map((byte, at) => (at === 9 ? byte ^ 4 : byte)));
    cluster.boot(2);
    expect(cluster.effects.at(-1)?.effect).toEqual({
      kind: "exit",
      reason: {
        id: "storage/walCorrupt",
        args: {member: "n2", file: walFileName(0, 1), offset: 0},
        refs: ["n2"],
      },
    });
    const before = cluster.effects.length;
    cluster.elect(2);
    cluster.ask(2, "get x");
    expect(cluster.effects).toHaveLength(before);
    expect(cluster.server(2).exited).toBe(true);
  });

  test("refuses the log of another member", () => {
    const cluster = led();
    cluster.crash(2);
    cluster.disks.set(2, cluster.disk(3));
    cluster.boot(2);
    expect(cluster.effects.at(-1)?.effect).toMatchObject({kind: "exit", reason: {id: "storage/walForeign"}});
  });
});

describe("the actors", () => {
  test("append: nothing is promised on the strength of bytes that are not durable", () => {
    const cluster = new Cluster();
    cluster.run();
    cluster.stalled.add(2);
    cluster.elect(1);
    const votes = cluster.effects.filter(
      ({from, effect}) =>
        from === 2 && effect.kind === "send" && effect.message.kind === "RequestVoteResponse",
    );
    expect(votes).toEqual([]);
    expect(cluster.server(1).raft.role).toBe("leader");
  });

  test("append: a disk that fails stops the member", () => {
    const cluster = led();
    cluster.stalled.add(1);
    cluster.ask(1, "put x 1");
    const op = cluster.effects
      .flatMap(({from, effect}) => (from === 1 && effect.kind === "disk" ? [effect.op] : []))
      .at(-1);
    cluster.input(1, {kind: "diskDone", op: op ?? 0, error: "io"});
    expect(cluster.effects.at(-1)?.effect).toMatchObject({
      kind: "exit",
      reason: {id: "server/diskFailed", args: {error: "io"}},
    });
  });

  test("append: what arrives during a sync goes out together with the next", () => {
    const cluster = led();
    cluster.stalled.add(1);
    for (const line of ["put a 1", "put b 1", "put c 1"]) cluster.ask(1, line);
    const before = cluster.effects.length;
    cluster.stalled.clear();
    cluster.run();
    const writes = cluster.effects
      .slice(before)
      .filter(({from, effect}) => from === 1 && effect.kind === "disk" && effect.do.kind === "write");
    expect(writes).toHaveLength(1);
    expect(cluster.server(1).durableIndex).toBe(4);
  });

  test("append: pauses before each write where that is listed", () => {
    const cluster = new Cluster({pausePoints: ["raftBeforeSave"]});
    cluster.run();
    cluster.elect(1);
    expect(cluster.effects.at(-1)).toEqual({
      from: 1,
      effect: {kind: "pause", actor: "append", at: "raftBeforeSave"},
    });
    expect(cluster.server(1).appendQueue).toBe(1);
    const writes = () =>
      cluster.effects.filter(({from, effect}) => from === 1 && effect.kind === "disk").length;
    const before = writes();
    cluster.input(1, {kind: "turn", actor: "append"});
    expect(writes()).toBeGreaterThan(before);
  });

  test("apply: one entry per turn where the pause point is listed", () => {
    const cluster = led({pausePoints: ["beforeApplyOneEntryNormal"]});
    const server = cluster.server(1);
    cluster.ask(1, "put x 1");
    cluster.ask(1, "put x 2");
    expect([server.appliedIndex, server.raft.commitIndex, server.applyQueue]).toEqual([0, 3, 3]);
    cluster.input(1, {kind: "turn", actor: "apply"});
    expect(server.appliedIndex).toBe(1);
    cluster.input(1, {kind: "turn", actor: "apply"});
    expect([server.appliedIndex, server.store.currentRevision]).toEqual([2, 2]);
    expect(cluster.responses).toHaveLength(1);
    cluster.input(1, {kind: "turn", actor: "apply"});
    cluster.input(1, {kind: "turn", actor: "apply"});
    expect([server.appliedIndex, server.applyQueue]).toEqual([3, 0]);
    const pauses = cluster.effects.filter(({from, effect}) => from === 1 && effect.kind === "pause");
    expect(pauses).toHaveLength(3);
  });

  test("apply: a linearizable read waits for its index", () => {
    const cluster = led({pausePoints: ["beforeApplyOneEntryNormal"]});
    cluster.ask(1, "put x 1");
    cluster.ask(1, "get x");
    expect(cluster.responses).toEqual([]);
    cluster.input(1, {kind: "turn", actor: "apply"});
    cluster.input(1, {kind: "turn", actor: "apply"});
    expect(cluster.responses.map(({response}) => response.result.kind)).toEqual(["put", "range"]);
  });

  test("reads: what was written before the question goes out is read, however long it stood there", () => {
    const cluster = led({pausePoints: ["beforeReadIndex"]});
    cluster.ask(3, "get x");
    expect(cluster.effects.filter(({effect}) => effect.kind === "pause")).toEqual([
      {from: 3, effect: {kind: "pause", actor: "reads", at: "beforeReadIndex"}},
    ]);
    cluster.ask(1, "put x 1");
    cluster.tick();
    cluster.input(3, {kind: "turn", actor: "reads"});
    cluster.run();
    expect(pairsOf(cluster.responses.at(-1)?.response)).toBe("x=1@2");
  });

  test("reads: a late answer to an old question does not confirm what was asked after it (etcd #20418)", () => {
    const cluster = led({pausePoints: ["beforeReadIndex"]});
    const next = (): void => {
      cluster.input(3, {kind: "turn", actor: "reads"});
      cluster.run();
    };
    // The answer to the first question stays on its way; its reads run out.
    let late: Extract<PeerMessage, {kind: "ReadIndexResponse"}> | undefined;
    cluster.loses = (message) => {
      if (message.kind === "ReadIndexResponse") late ??= message;
      return message.kind === "ReadIndexResponse";
    };
    cluster.ask(3, "get x", {id: 1});
    next();
    cluster.pass(requestTimeout);
    cluster.loses = () => false;
    expect(errorOf(cluster.responses.at(-1)?.response)).toBe(apiErrors.timeout.message);
    cluster.ask(1, "put x 1");
    const before = cluster.responses.length;
    cluster.ask(3, "get x", {id: 2});
    cluster.input(3, {kind: "message", from: 1, message: present(late, "an answer")});
    cluster.run();
    expect(cluster.responses).toHaveLength(before);
    next();
    next();
    expect(pairsOf(cluster.responses.at(-1)?.response)).toBe("x=1@2");
  });

  test("reads: a new leader refuses those that have no answer yet, not those that stand before being served", () => {
    const cluster = led({pausePoints: ["beforeReadIndex", "beforeServeReads"]});
    cluster.ask(3, "get x", {id: 1});
    cluster.input(3, {kind: "turn", actor: "reads"});
    cluster.run();
    cluster.ask(3, "get x", {id: 2});
    cluster.elect(2);
    expect(cluster.responses.map(({id, response}) => [id, errorOf(response)])).toEqual([
      [2, apiErrors.leaderChanged.message],
    ]);
    cluster.input(3, {kind: "turn", actor: "reads"});
    cluster.input(3, {kind: "turn", actor: "reads"});
    cluster.run();
    expect([cluster.responses.length, cluster.responses.at(-1)?.id, cluster.server(3).waiting()]).toEqual([
      2, 1, 0,
    ]);
  });

  test.each(["beforeReadIndex", "beforeServeReads"] as const)(
    "reads: a twin goes on from %s by itself",
    (point) => {
      const cluster = led({pausePoints: [point]});
      cluster.ask(1, "put x 1");
      cluster.ask(1, "get x");
      const original = cluster.server(1);
      cluster.servers.set(1, original.fork());
      expect(digestOf(cluster.server(1))).toBe(digestOf(original));
      cluster.input(1, {kind: "turn", actor: "reads"});
      cluster.run();
      expect(pairsOf(cluster.responses.at(-1)?.response)).toBe("x=1@2");
      expect([cluster.server(1).waiting(), original.waiting()]).toEqual([0, 1]);
    },
  );
});

describe("the server", () => {
  test("tells the store's revision with every answer, but with none about members and users, as etcd", () => {
    const cluster = led();
    cluster.ask(1, "put x 1");
    const revisionOf = (line: Request | string): number | undefined => cluster.ask(1, line)?.header.revision;
    const lines = ["get x", "lease list", "status", "alarm list", "member list", "user list", "auth status"];
    expect(lines.map((line) => [line, revisionOf(line)])).toEqual([
      ["get x", 2],
      ["lease list", 2],
      ["status", 2],
      ["alarm list", 2],
      ["member list", 0],
      ["user list", 0],
      ["auth status", 0],
    ]);
    expect(revisionOf({kind: "defragment"})).toBe(0);
    expect(revisionOf({kind: "put", key: "", value: Uint8Array.of()})).toBe(2);
  });

  test("tells its status", () => {
    const cluster = led();
    cluster.ask(1, "put x 1");
    expect(cluster.ask(2, "status")?.result).toEqual({
      kind: "status",
      leader: 1,
      raftIndex: 2,
      raftAppliedIndex: 2,
      dbSize: cluster.server(2).backend.size,
      dbSizeInUse: cluster.server(2).backend.sizeInUse,
      dbSizeQuota: 0,
      isLearner: false,
      version: "3.8.0-alpha.0",
      errors: [],
    });
    cluster.isolated.add(3);
    cluster.ask(1, "put x 2");
    expect(cluster.ask(1, "status")?.result).toMatchObject({raftIndex: 3, raftAppliedIndex: 3});
    expect(cluster.ask(3, "status")?.result).toMatchObject({raftIndex: 2, raftAppliedIndex: 2});
  });

  test("forgets what waits on a stream whose client is gone", () => {
    const cluster = led();
    cluster.isolated.add(1);
    cluster.ask(1, "put x 1", {stream: 7});
    cluster.ask(1, "get x", {stream: 7});
    cluster.ask(1, "get x", {stream: 8});
    cluster.input(1, {kind: "streamClosed", stream: 7});
    expect(cluster.server(1).waiting()).toBe(1);
    cluster.pass(requestTimeout);
    expect(cluster.responses.map(({stream}) => stream)).toEqual([8]);
  });

  test("a fork goes on like the original, and apart from it", () => {
    const cluster = led();
    cluster.ask(1, "put x 1");
    cluster.stalled.add(1);
    cluster.isolated.add(1);
    cluster.ask(1, "put x 2");
    cluster.ask(1, "get x");
    cluster.ask(1, "watch x --rev 1", {stream: 5});
    const server = cluster.server(1);
    const twin = server.fork();
    const before = digestOf(server);
    expect(digestOf(twin)).toBe(before);
    const now = cluster.now + requestTimeout;
    const [write = 0, sync = 0] = lastOps(cluster, 1);
    const inputs: readonly Input[] = [
      {kind: "request", stream: 1, id: 9, request: request("put y 2")},
      {kind: "diskDone", op: write},
      {kind: "tick"},
      {kind: "wake"},
      {kind: "streamReady", stream: 5, room: 1},
      {kind: "diskDone", op: sync},
      {kind: "timeout"},
    ];
    const expected = inputs.map((input) => twin.handle(input, now));
    expect(digestOf(server)).toBe(before);
    expect(inputs.map((input) => server.handle(input, now))).toEqual(expected);
    expect(digestOf(server)).toBe(digestOf(twin));
    expect(digestOf(server)).not.toBe(before);
    const errors = expected
      .flat()
      .flatMap((effect) => (effect.kind === "respond" ? (errorOf(effect.response) ?? []) : []));
    expect(errors).toEqual([apiErrors.timeout.message, apiErrors.timeout.message]);
  });

  test("the digest does not depend on what time it is", () => {
    const now = [0, 12_345 * ms].map((at) => {
      const cluster = new Cluster();
      cluster.now = at;
      cluster.run();
      cluster.elect();
      cluster.isolated.add(1);
      cluster.ask(1, "put x 1");
      cluster.ask(1, "get x");
      return digestOf(cluster.server(1));
    });
    expect(now[0]).toBe(now[1]);
  });
});
