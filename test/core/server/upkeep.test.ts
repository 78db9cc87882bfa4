// What keeps a cluster in order: alarms, hashes and images of the backend, compaction and comparison without anybody
// asking, and what is refused when there is too much to do.

import {describe, expect, test} from "vitest";
import type {Request, Response} from "../../../core/server/request.ts";
import {apiErrors} from "../../../core/server/request.ts";
import {foundation} from "../../../core/server/memberRecord.ts";
import {minorityOf} from "../../../core/server/corruptCheck.ts";
import {isOverloaded} from "../../../core/server/admission.ts";
import {openImage} from "../../../core/storage/openBackend.ts";
import {readState} from "../../../core/server/backendState.ts";
import {encodeRecord} from "../../../core/mvcc/recordBytes.ts";
import {errorOf, led, ms, pairsOf, requestTimeout} from "./cluster.ts";
import type {Cluster} from "./cluster.ts";

const seconds = 1000 * ms;

function puts(cluster: Cluster, count: number): void {
  for (let i = 1; i <= count; i++) cluster.ask(1, `put k${i % 3} ${i}`);
}

/** The value of one key in a member's file becomes another, while it is down. */
function corrupt(cluster: Cluster, id: number): void {
  cluster.pass(200 * ms);
  const {backend, store} = cluster.server(id);
  const record = store.records().at(-1);
  if (record === undefined) throw new Error("there is nothing to corrupt");
  const kv = {...record.kv, value: Uint8Array.of(120)};
  const {key, value} = encodeRecord({kind: "put", kv}, record.revision.sub);
  const twin = backend.fork();
  twin.put("key", key, value);
  const bytes = twin.image();
  cluster.kill(id);
  cluster.disk(id).do({kind: "truncate", file: "db", size: 0});
  cluster.disk(id).do({kind: "write", file: "db", at: 0, bytes});
  cluster.disk(id).do({kind: "sync", file: "db"});
  cluster.boot(id);
  cluster.run();
}

function resultOf(response: Response | undefined): unknown {
  return response?.result;
}

describe("alarms", () => {
  const raise = (member: number, alarm: "NOSPACE" | "CORRUPT"): Request => ({
    kind: "alarmActivate",
    member,
    alarm,
  });

  function alarmed(): Cluster {
    const cluster = led();
    for (const one of [raise(2, "NOSPACE"), raise(2, "CORRUPT"), raise(3, "CORRUPT")]) cluster.ask(1, one);
    return cluster;
  }

  const standing = (cluster: Cluster): readonly string[] =>
    cluster.server(1).alarms.map(({member, alarm}) => `n${member} ${alarm}`);

  test.each<[Request, readonly string[]]>([
    [{kind: "alarmDisarm"}, []],
    [{kind: "alarmDisarm", member: 2, alarm: "CORRUPT"}, ["n2 NOSPACE", "n3 CORRUPT"]],
    [{kind: "alarmDisarm", member: 2}, ["n3 CORRUPT"]],
    [{kind: "alarmDisarm", alarm: "CORRUPT"}, ["n2 NOSPACE"]],
    [{kind: "alarmDisarm", member: 1}, ["n2 NOSPACE", "n2 CORRUPT", "n3 CORRUPT"]],
  ])("by member and kind; %j ends those that it is about", (request, left) => {
    const cluster = alarmed();
    const before = standing(cluster);
    const answer = cluster.ask(1, request)?.result;
    expect(standing(cluster)).toEqual(left);
    expect(answer).toMatchObject({kind: "alarms", alarms: {length: before.length - left.length}});
  });

  test("stand after a crash, those of no member too", () => {
    const cluster = led({}, [1]);
    cluster.ask(1, raise(0, "CORRUPT"));
    cluster.ask(1, raise(1, "NOSPACE"));
    cluster.pass(200 * ms);
    cluster.crash(1);
    cluster.boot(1);
    expect(standing(cluster)).toEqual(["n0 CORRUPT", "n1 NOSPACE"]);
  });

  test.each([
    "put x 1",
    "get x",
    "get x --consistency s",
    "del x",
    "compact 1",
    "txn : get x :",
    "txn : put x 1 :",
  ])("of a corrupt store refuse %s", (line) => {
    const cluster = led();
    cluster.ask(1, raise(2, "CORRUPT"));
    expect(errorOf(cluster.ask(1, line))).toBe(apiErrors.corrupt.message);
    expect(cluster.server(1).store.currentRevision).toBe(1);
    cluster.ask(1, {kind: "alarmDisarm"});
    expect(errorOf(cluster.ask(1, "put x 1"))).toBeUndefined();
  });

  test("leave members and upkeep alone", () => {
    const cluster = led();
    cluster.ask(1, raise(2, "CORRUPT"));
    expect(errorOf(cluster.ask(1, "member add n4 --learner"))).toBeUndefined();
    expect(cluster.ask(1, "status")?.result).toMatchObject({errors: ["memberID:2 alarm:CORRUPT"]});
  });
});

describe("the hash of a backend", () => {
  test("is the same on members that hold the same, however far each has committed, and another one else", () => {
    const cluster = led();
    puts(cluster, 5);
    cluster.tick();
    const hashes = (): readonly unknown[] => [1, 2, 3].map((id) => resultOf(cluster.ask(id, {kind: "hash"})));
    const before = hashes();
    expect(new Set(before.map((one) => JSON.stringify(one))).size).toBe(1);
    cluster.ask(1, "defrag");
    cluster.pass(200 * ms);
    expect(hashes()).toEqual(before);
    puts(cluster, 1);
    expect(resultOf(cluster.ask(1, {kind: "hash"}))).not.toEqual(before[0]);
  });
});

describe("a snapshot that a client takes", () => {
  test("is a backend file with all that was applied, and who is in the cluster", () => {
    const cluster = led();
    puts(cluster, 4);
    const result = cluster.ask(1, {kind: "snapshot"})?.result;
    if (result?.kind !== "snapshot") throw new Error("no snapshot");
    const backend = openImage(result.blob, {pageBytes: 512});
    const state = backend && readState(backend);
    expect(state?.store.currentRevision).toBe(5);
    expect(state?.position.index).toBe(cluster.server(1).appliedIndex);
    expect(state?.membership).toEqual(foundation([1, 2, 3], []));
  });

  test("is to be had from a learner too", () => {
    const cluster = led({learners: [4]});
    cluster.tick(2);
    expect(cluster.ask(4, {kind: "snapshot"})?.result.kind).toBe("snapshot");
    expect(errorOf(cluster.ask(4, {kind: "hash"}))).toBe(apiErrors.notSupportedForLearner.message);
  });
});

describe("too much to do", () => {
  test("is a gap of more than so many entries that are committed and not applied; revocations may go on longer", () => {
    for (const [kind, gap, is] of [
      ["put", 5000, false],
      ["put", 5001, true],
      ["leaseRevoke", 5001, false],
      ["leaseRevoke", 10_001, true],
    ] as const)
      expect(isOverloaded({kind}, gap, 5000)).toBe(is);
  });

  test("makes a member refuse writes, and nothing of it is done", () => {
    const cluster = led({applyGapMax: 2, pausePoints: ["beforeApplyOneEntryNormal"]}, [1]);
    const turn = (): void => cluster.input(1, {kind: "turn", actor: "apply"});
    turn();
    cluster.run();
    for (let i = 0; i < 3; i++) cluster.ask(1, `put x ${i}`);
    expect(cluster.server(1).applyQueue).toBeGreaterThan(2);
    const {lastIndex} = cluster.server(1).raft;
    expect(errorOf(cluster.ask(1, "put y 1", {stream: 3}))).toBe(apiErrors.tooManyRequests.message);
    expect(cluster.server(1).raft.lastIndex).toBe(lastIndex);
    for (let i = 0; i < 6; i++) {
      turn();
      cluster.run();
    }
    expect(errorOf(cluster.ask(1, "put y 1", {stream: 3}))).toBeUndefined();
  });
});

describe("too much to do for the primary", () => {
  test("leaves a lease that expired for its next try", () => {
    const cluster = led({applyGapMax: 0, pausePoints: ["beforeApplyOneEntryNormal"]}, [1]);
    const turn = (): void => {
      cluster.input(1, {kind: "turn", actor: "apply"});
      cluster.run();
    };
    turn();
    cluster.run();
    const lease = "0000000000000001";
    cluster.ask(1, {kind: "leaseGrant", lease, ttl: 2});
    turn();
    cluster.ask(1, "put x 1");
    const server = cluster.server(1);
    const {lastIndex} = server.raft;
    expect([server.lessor.isPrimary, server.applyQueue]).toEqual([true, 1]);
    for (let i = 0; i < 400; i++) {
      cluster.pass(10 * ms);
      cluster.tick();
    }
    expect([server.raft.lastIndex, server.lessor.has(lease)]).toEqual([lastIndex, true]);
    turn();
    cluster.tick();
    cluster.pass(requestTimeout);
    turn();
    expect(server.lessor.has(lease)).toBe(false);
  });
});

describe("a request that timed out", () => {
  const plain = apiErrors.timeout.message;
  const lost = apiErrors.timeoutConnectionLost.message;

  test("at a follower that hears its leader: nobody knows why", () => {
    const cluster = led();
    cluster.loses = ({kind}) => kind === "Propose";
    cluster.ask(2, "put x 1", {stream: 1});
    cluster.tick(3);
    cluster.pass(requestTimeout);
    expect(cluster.on(1).map(errorOf)).toEqual([plain]);
  });

  test("at a follower that knows its leader and has not heard it for an election timeout: the connection", () => {
    const cluster = led();
    cluster.tick();
    cluster.isolated.add(2);
    cluster.ask(2, "put x 1", {stream: 1});
    for (let i = 0; i < 11; i++) cluster.input(2, {kind: "tick"});
    expect(cluster.server(2).raft.leader).toBe(1);
    cluster.pass(requestTimeout);
    expect(cluster.on(1).map(errorOf)).toEqual([lost]);
  });

  test("at a follower that heard its leader again only since it was asked: the connection", () => {
    const cluster = led();
    cluster.tick();
    cluster.isolated.add(2);
    for (let i = 0; i < 11; i++) cluster.input(2, {kind: "tick"});
    cluster.ask(2, "put x 1", {stream: 1});
    cluster.pass(1 * ms);
    cluster.isolated.delete(2);
    cluster.input(1, {kind: "tick"});
    cluster.run();
    cluster.pass(requestTimeout);
    expect(cluster.on(1).map(errorOf)).toEqual([lost]);
  });

  test("at a leader without a quorum: the connection; with one, nobody knows", () => {
    for (const [isolated, error] of [
      [[2, 3], lost],
      [[], plain],
    ] as const) {
      const cluster = led();
      cluster.tick();
      for (const id of isolated) cluster.isolated.add(id);
      if (isolated.length === 0) cluster.loses = ({kind}) => kind === "AppendEntriesResponse";
      cluster.ask(1, "put x 1", {stream: 1});
      for (let i = 0; i < 12; i++) cluster.input(1, {kind: "tick"});
      cluster.run();
      cluster.pass(requestTimeout);
      expect(cluster.on(1).map(errorOf)).toEqual([error]);
    }
  });
});

describe("auto-compaction", () => {
  test("by time keeps what is younger than the retention", () => {
    const every = 100 * seconds;
    const cluster = led({autoCompactEvery: every}, [1]);
    const seen: number[] = [];
    for (let i = 0; i < 25; i++) {
      puts(cluster, 1);
      cluster.pass(every / 10);
      seen.push(cluster.server(1).store.compactRevision);
    }
    // Nothing before the retention has passed; then what was noted as long ago; from then on, every retention, what was
    // noted one note earlier than that, as in etcd.
    expect(seen.slice(0, 9).every((revision) => revision === -1)).toBe(true);
    expect([...new Set(seen)]).toEqual([-1, 1, 10]);
  });

  test("by count keeps so many revisions, every five minutes", () => {
    const cluster = led({autoCompactRevisions: 4}, [1]);
    puts(cluster, 10);
    cluster.pass(299 * seconds);
    expect(cluster.server(1).store.compactRevision).toBe(-1);
    cluster.pass(2 * seconds);
    expect(cluster.server(1).store.compactRevision).toBe(7);
    const {lastIndex} = cluster.server(1).raft;
    cluster.pass(600 * seconds);
    expect(cluster.server(1).raft.lastIndex).toBe(lastIndex);
  });

  test("is the leader's; what somebody else compacted counts as done", () => {
    const cluster = led({autoCompactRevisions: 4});
    puts(cluster, 10);
    cluster.ask(1, "compact 7");
    const {lastIndex} = cluster.server(1).raft;
    cluster.pass(301 * seconds);
    expect(cluster.server(1).raft.lastIndex).toBe(lastIndex + 1);
    cluster.pass(600 * seconds);
    expect(cluster.server(1).raft.lastIndex).toBe(lastIndex + 1);
    expect(cluster.server(2).store.compactRevision).toBe(7);
  });

  test("waits at its point for a turn", () => {
    const cluster = led({autoCompactRevisions: 4, pausePoints: ["beforeAutoCompact"]}, [1]);
    puts(cluster, 10);
    cluster.pass(301 * seconds);
    expect(cluster.server(1).store.compactRevision).toBe(-1);
    expect(cluster.effects.at(-1)?.effect).toEqual({
      kind: "pause",
      actor: "autoCompact",
      at: "beforeAutoCompact",
    });
    cluster.input(1, {kind: "turn", actor: "autoCompact"});
    cluster.run();
    expect(cluster.server(1).store.compactRevision).toBe(7);
  });

  test("is off unless asked for", () => {
    const cluster = led({}, [1]);
    expect(cluster.server(1).deadline()).toBeUndefined();
  });
});

describe("the comparison of stores", () => {
  const corruptCheckEvery = 10 * seconds;

  test("finds nothing where nothing is", () => {
    const cluster = led({corruptCheckEvery, compactHashCheckEvery: corruptCheckEvery});
    puts(cluster, 8);
    cluster.ask(1, "compact 4");
    cluster.pass(35 * seconds);
    cluster.tick();
    expect(cluster.server(1).alarms).toEqual([]);
    const asked = cluster.effects.filter(
      ({effect}) => effect.kind === "send" && effect.message.kind === "Forward",
    );
    expect(asked.length).toBeGreaterThan(6);
    expect(asked.every(({from}) => from === 1)).toBe(true);
  });

  test("raises the alarm for a member whose store differs, and everything about keys is refused", () => {
    const cluster = led({corruptCheckEvery});
    puts(cluster, 3);
    cluster.tick();
    corrupt(cluster, 3);
    cluster.tick(2);
    cluster.pass(corruptCheckEvery);
    cluster.tick();
    expect(cluster.server(2).alarms).toEqual([{member: 3, alarm: "CORRUPT"}]);
    expect(errorOf(cluster.ask(2, "put x 1"))).toBe(apiErrors.corrupt.message);
  });

  test("does not take a member that is behind, or has not compacted yet, for a corrupt one", () => {
    const cluster = led({corruptCheckEvery});
    puts(cluster, 3);
    cluster.stalled.add(3);
    puts(cluster, 3);
    cluster.ask(1, "compact 3");
    cluster.pass(corruptCheckEvery);
    cluster.stalled.clear();
    cluster.run();
    cluster.pass(corruptCheckEvery + requestTimeout);
    expect(cluster.server(1).alarms).toEqual([]);
  });

  test("of what compactions went through accuses nobody of being late where all keys were deleted just there", () => {
    const cluster = led({compactHashCheckEvery: 10 * seconds});
    cluster.ask(1, "put x 1");
    cluster.ask(1, "compact 2");
    cluster.ask(1, "del x");
    cluster.tick();
    cluster.stalled.add(3);
    cluster.ask(1, "compact 3");
    cluster.tick();
    const compacted = [1, 2, 3].map((id) => cluster.server(id).store.compactRevision);
    expect(compacted).toEqual([3, 3, 2]);
    cluster.pass(11 * seconds);
    const hashes = cluster.effects.flatMap(({effect}) =>
      effect.kind === "send" && effect.message.kind === "Forwarded" ? [effect.message.response.result] : [],
    );
    expect(hashes).toHaveLength(2);
    expect(hashes[0]).toMatchObject({kind: "hashKv", compactRevision: 2, hashRevision: 3});
    expect(hashes[1]).toEqual(hashes[0]);
    expect(cluster.server(1).alarms).toEqual([]);
  });

  test("of what compactions went through lets the majority be right", () => {
    const cluster = led({compactHashCheckEvery: 10 * seconds});
    puts(cluster, 6);
    cluster.tick();
    corrupt(cluster, 2);
    cluster.tick(2);
    cluster.ask(1, "compact 7");
    cluster.tick();
    cluster.pass(10 * seconds);
    cluster.tick();
    expect(cluster.server(1).alarms).toEqual([{member: 2, alarm: "CORRUPT"}]);
  });

  test.each([
    [[1, 1, 1], {conclusive: true, alarmed: []}],
    [[1, 1], {conclusive: false, alarmed: []}],
    [[1, 1, 2], {conclusive: true, alarmed: [3]}],
    [[2, 1, 1], {conclusive: true, alarmed: [1]}],
    [[1, 2, 3], {conclusive: true, alarmed: [0]}],
    [[1, 2], {conclusive: true, alarmed: [0]}],
  ])("hashes %j of n1, n2 and n3: %j", ([first = 0, ...rest], found) => {
    const own = {hash: first, compactRevision: 2, revision: 9};
    const answers = rest.map((hash, i) => ({
      member: i + 2,
      hash: {kind: "hashKv", hash, compactRevision: 2, hashRevision: 9} as const,
    }));
    expect(minorityOf(own, answers, {self: 1, others: [2, 3]})).toEqual(found);
  });

  test("at boot keeps a member from serving until the others have answered, and then goes on with what waited", () => {
    const cluster = led();
    puts(cluster, 3);
    cluster.tick();
    cluster.crash(3);
    const checked = cluster as unknown as {config: object};
    checked.config = {...checked.config, initialCorruptCheck: true};
    cluster.boot(3);
    cluster.input(3, {kind: "request", stream: 4, id: 1, request: {kind: "status"}});
    expect(cluster.on(4)).toEqual([]);
    cluster.run();
    expect(cluster.on(4)).toHaveLength(1);
    cluster.tick(2);
    expect(pairsOf(cluster.ask(3, "get k0"))).toBe("k0=3@4");
  });

  test("at boot stops a member whose store differs; who gets no answer in time goes on", () => {
    for (const isAlone of [false, true]) {
      const cluster = led({initialCorruptCheck: true});
      puts(cluster, 3);
      cluster.tick();
      if (isAlone) for (const id of [1, 2]) cluster.isolated.add(id);
      corrupt(cluster, 3);
      cluster.pass(requestTimeout);
      expect(cluster.server(3).exited).toBe(!isAlone);
      const last = cluster.effects.findLast(({effect}) => effect.kind === "exit")?.effect;
      if (!isAlone) expect(last).toMatchObject({reason: {id: "server/storesDiffer", args: {member: "n3"}}});
    }
  });
});
