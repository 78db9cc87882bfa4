// A backend file over its quota: the alarm, what is refused while it stands, and the way out.

import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {keyOfBytes} from "../../../core/base/key.ts";
import {readAlarms, writeAlarm} from "../../../core/server/alarm.ts";
import {costOf, hasRoom} from "../../../core/server/quota.ts";
import {serverRules} from "../../../core/server/rules.ts";
import {Backend} from "../../../core/storage/backend.ts";
import {errorOf, led as ledBy, ms, pairsOf, request, requestTimeout} from "./cluster.ts";
import type {Cluster} from "./cluster.ts";

const noSpace = "etcdserver: mvcc: database space exceeded";
const big = "v".repeat(400);
const bigPut = `put x ${big}`;
const quotaBytes = 8 * 1024;

/** A cluster with a leader, whose writes are committed at once. */
function led(config: ConstructorParameters<typeof Cluster>[0] = {}): Cluster {
  return ledBy({commitOpsMax: 1, quotaBytes, ...config});
}

/** Puts until one is refused; how many were acknowledged. */
function fill(cluster: Cluster, member = 1): number {
  for (let i = 0; i < 100; i++) {
    const error = errorOf(cluster.ask(member, `put k${i} ${big}`));
    if (error === undefined) continue;
    expect(error).toBe(noSpace);
    return i;
  }
  throw new Error("there was always room");
}

/** A cluster in which n1 raised its alarm, and everybody knows. */
function full(config: ConstructorParameters<typeof Cluster>[0] = {}): Cluster {
  const cluster = led(config);
  fill(cluster);
  cluster.tick();
  return cluster;
}

function alarmsAt(cluster: Cluster, member = 1): readonly number[] {
  return cluster.server(member).alarms.map((alarm) => alarm.member);
}

function nth(cluster: Cluster, member: number, id: number): string | undefined {
  const found = cluster.responses.filter((one) => one.from === member && one.id === id);
  return errorOf(found[0]?.response);
}

/** How many alarms were raised, as the log of n1 has it. */
function raised(cluster: Cluster): number {
  const {raft} = cluster.server(1);
  let count = 0;
  for (let index = raft.firstIndex; index <= raft.lastIndex; index++) {
    const entry = raft.entryAt(index);
    if (entry !== undefined && cluster.server(1).entryText(entry).startsWith("alarm NOSPACE")) count++;
  }
  return count;
}

describe("the cost of a request", () => {
  test.each([
    ["put abc 12345", 256 + 3 + 5],
    ["put é x", 256 + 2 + 1],
    ["del a --prefix", 0],
    ["compact 3", 0],
    ["txn : get x : del y", 0],
    ["txn : put a 1 : put bb 22 ; put c 3", 256 + 4 + 256 + 2],
    ["txn : put a 1 ; put b 2 : put c 3", 2 * (256 + 2)],
    ["txn : ( txn : put a 1 : ) ; put b 2 :", 2 * (256 + 2)],
  ])("%s: %d", (line, cost) => {
    expect(costOf(request(line) as Parameters<typeof costOf>[0], serverRules)).toBe(cost);
  });

  test("must leave the file smaller than the quota", () => {
    const size = 4096;
    expect(hasRoom(258, {size}, size + 258)).toBe(false);
    expect(hasRoom(258, {size}, size + 259)).toBe(true);
    expect(hasRoom(258, {size}, 0)).toBe(true);
    expect(hasRoom(0, {size}, 1)).toBe(true);
  });
});

describe("the bucket of alarms", () => {
  test("gives the alarms back, by member, as etcd writes them", () => {
    const members = fc.uniqueArray(fc.integer({min: 1, max: 2 ** 40}), {maxLength: 5});
    fc.assert(
      fc.property(members, (drawn) => {
        const backend = Backend.empty({pageBytes: 512});
        for (const member of drawn) writeAlarm(backend, {member, alarm: "NOSPACE"});
        backend.commit();
        expect(readAlarms(backend)?.map(({member}) => member)).toEqual(drawn.toSorted((a, b) => a - b));
      }),
    );
    const backend = Backend.empty({pageBytes: 512});
    writeAlarm(backend, {member: 300, alarm: "NOSPACE"});
    const key = keyOfBytes(Uint8Array.of(0x08, 0xac, 0x02, 0x10, 0x01));
    expect(backend.get("alarm", key)).toEqual(new Uint8Array());
  });

  test.each([
    [[0x08, 1, 0x10, 3]],
    [[0x08, 0, 0x10, 1]],
    [[0x08, 1, 0x10]],
    [[0x08, 1, 0x10, 1, 0]],
    [[0x08, 0x81, 0, 0x10, 1]],
    [[0x10, 1, 0x08, 1]],
  ])("with %j in it is none of ours", (bytes) => {
    const backend = Backend.empty({pageBytes: 512});
    writeAlarm(backend, {member: 1, alarm: "NOSPACE"});
    backend.put("alarm", keyOfBytes(Uint8Array.from(bytes)), new Uint8Array());
    expect(readAlarms(backend)).toBeUndefined();
  });
});

describe("a member over its quota", () => {
  test("refuses puts before they are proposed, and raises one alarm, which all come to know", () => {
    const cluster = led();
    const count = fill(cluster);
    expect(count).toBeGreaterThan(3);
    const {lastIndex} = cluster.server(1).raft;
    cluster.tick();
    for (const member of [1, 2, 3]) expect(alarmsAt(cluster, member)).toEqual([1]);
    expect(errorOf(cluster.ask(1, bigPut))).toBe(noSpace);
    expect(errorOf(cluster.ask(1, `txn : get a : ${bigPut}`))).toBe(noSpace);
    expect(cluster.server(1).raft.lastIndex).toBe(lastIndex);
    expect(raised(cluster)).toBe(1);
    expect(cluster.server(1).store.currentRevision).toBe(count + 1);
  });

  test("stops puts in the whole cluster, without effect; all that frees space or reads goes on", () => {
    const cluster = full();
    // n2 would have room.
    cluster.ask(2, "defrag");
    const revision = cluster.server(2).store.currentRevision;
    for (const line of [
      "put x 1",
      "txn : put x 1 :",
      "txn : ( txn : put x 1 : ) :",
      "txn : del k0 : put x 1",
    ])
      expect(errorOf(cluster.ask(2, line)), line).toBe(noSpace);
    expect(cluster.server(1).store.currentRevision).toBe(revision);
    expect(pairsOf(cluster.ask(2, "get k0 --keys-only"))).toBe("k0=@2");
    expect(cluster.ask(2, "txn : get k0 :")?.result.kind).toBe("txn");
    expect(cluster.ask(2, "txn : del k0 :")?.result).toMatchObject({succeeded: true});
    expect(cluster.ask(2, "del k1")?.result).toMatchObject({deleted: 1});
    expect(cluster.ask(2, `compact ${revision}`)?.result.kind).toBe("compact");
    expect(cluster.ask(2, "defrag")?.result.kind).toBe("defragment");
  });

  test("does what was applied before the alarm was, but answers that there is no room", () => {
    const cluster = led({commitOpsMax: 10_000, pausePoints: ["beforeCommit"]});
    // All are proposed while the file is small; then it grows, and n2 applies one more than it has room for.
    for (let i = 0; i < 20; i++) expect(errorOf(cluster.ask(2, `put k${i} ${big}`))).toBeUndefined();
    cluster.loses = (message) => message.kind === "AppendEntries" && message.to === 2;
    cluster.ask(2, "put late 1", {id: 9});
    expect(nth(cluster, 2, 9)).toBeUndefined();
    cluster.pass(200 * ms);
    cluster.input(2, {kind: "turn", actor: "commit"});
    cluster.run();
    expect(cluster.server(2).backend.size).toBeGreaterThan(quotaBytes);
    cluster.loses = () => false;
    cluster.tick(3);
    expect(nth(cluster, 2, 9)).toBe(noSpace);
    for (const member of [1, 2, 3]) expect(alarmsAt(cluster, member)).toEqual([2]);
    expect(pairsOf(cluster.ask(1, "get late"))).toBe("late=1@22");
    expect(raised(cluster)).toBe(1);
  });

  test("says so once until the alarm is applied or its time runs out, then again", () => {
    const cluster = led();
    fill(cluster);
    cluster.ask(1, "alarm disarm");
    cluster.isolated.add(1);
    const before = raised(cluster);
    for (let i = 0; i < 3; i++) expect(errorOf(cluster.ask(1, bigPut))).toBe(noSpace);
    expect(raised(cluster)).toBe(before + 1);
    expect(cluster.server(1).waiting()).toBe(0);
    cluster.pass(requestTimeout + ms);
    expect(errorOf(cluster.ask(1, bigPut))).toBe(noSpace);
    expect(raised(cluster)).toBe(before + 2);
    expect(cluster.responses.filter(({response}) => errorOf(response)?.includes("timed out"))).toEqual([]);
  });

  test("holds its alarm until a leader is known", () => {
    const cluster = led();
    fill(cluster);
    cluster.ask(1, "alarm disarm");
    cluster.crash(1);
    cluster.boot(1);
    cluster.run();
    expect(errorOf(cluster.ask(1, bigPut))).toBe(noSpace);
    expect(alarmsAt(cluster)).toEqual([]);
    cluster.elect(2);
    cluster.tick();
    expect(alarmsAt(cluster, 3)).toEqual([1]);
  });

  test("is two alarms if two members are", () => {
    const cluster = full();
    expect(errorOf(cluster.ask(3, bigPut))).toBe(noSpace);
    cluster.tick();
    expect(alarmsAt(cluster, 2)).toEqual([1, 3]);
  });

  test("goes on without a quota", () => {
    const cluster = led({quotaBytes: 0});
    for (let i = 0; i < 50; i++) expect(errorOf(cluster.ask(1, `put k${i} ${big}`))).toBeUndefined();
    expect(alarmsAt(cluster)).toEqual([]);
  });
});

describe("an alarm", () => {
  test("is listed by the member asked, and ended by disarming, which answers what it ended", () => {
    const cluster = full();
    const alarms = [{member: 1, alarm: "NOSPACE"}];
    expect(cluster.ask(3, "alarm list")?.result).toEqual({kind: "alarms", alarms});
    expect(cluster.ask(3, "alarm disarm")?.result).toEqual({kind: "alarms", alarms});
    cluster.tick();
    for (const member of [1, 2, 3]) expect(alarmsAt(cluster, member)).toEqual([]);
    expect(cluster.ask(2, "alarm list")?.result).toEqual({kind: "alarms", alarms: []});
    expect(cluster.ask(2, "alarm disarm")?.result).toEqual({kind: "alarms", alarms: []});
  });

  test("is not ended without a majority", () => {
    const cluster = full();
    cluster.isolated.add(2).add(3);
    expect(cluster.ask(1, "alarm disarm")).toBeUndefined();
    expect(alarmsAt(cluster)).toEqual([1]);
  });

  test("comes back at the next put if the file was not made smaller", () => {
    const cluster = full();
    cluster.ask(1, "del k --prefix");
    cluster.ask(1, `compact ${cluster.server(1).store.currentRevision}`);
    cluster.pass(1000 * ms);
    cluster.ask(1, "alarm disarm");
    expect(errorOf(cluster.ask(1, bigPut))).toBe(noSpace);
    expect(alarmsAt(cluster)).toEqual([1]);
  });

  test("stays away when the file was made smaller on every member, and puts go on", () => {
    const cluster = full();
    cluster.ask(1, "del k --prefix");
    cluster.ask(1, `compact ${cluster.server(1).store.currentRevision}`);
    cluster.tick();
    cluster.pass(1000 * ms);
    for (const member of [1, 2, 3]) {
      const before = cluster.server(member).backend.size;
      cluster.ask(member, "defrag");
      expect(cluster.server(member).backend.size).toBeLessThan(before);
    }
    cluster.ask(2, "alarm disarm");
    for (const member of [1, 2, 3])
      expect(errorOf(cluster.ask(member, `put x${member} ${big}`))).toBeUndefined();
    expect(alarmsAt(cluster)).toEqual([]);
  });

  test.each([true, false])("survives a crash of all, in the backend file: %s", (isCommitted) => {
    const cluster = led({commitOpsMax: 10_000});
    for (let i = 0; i < 20; i++) cluster.ask(1, `put k${i} ${big}`);
    cluster.pass(200 * ms);
    expect(errorOf(cluster.ask(1, bigPut))).toBe(noSpace);
    cluster.tick();
    if (isCommitted) cluster.pass(200 * ms);
    const {committedToBackend, appliedIndex} = cluster.server(3);
    expect(committedToBackend === appliedIndex).toBe(isCommitted);
    for (const member of [1, 2, 3]) cluster.crash(member);
    for (const member of [1, 2, 3]) cluster.boot(member);
    cluster.run();
    cluster.elect(2);
    cluster.tick();
    for (const member of [1, 2, 3]) expect(alarmsAt(cluster, member)).toEqual([1]);
    expect(errorOf(cluster.ask(2, "put x 1"))).toBe(noSpace);
  });

  test("is in a snapshot, and an alarm that was ended is not", () => {
    const cluster = led({snapshotEvery: 4, snapshotKeep: 0});
    cluster.isolated.add(3);
    fill(cluster);
    for (let i = 0; i < 8; i++) cluster.ask(1, `del k${i}`);
    expect(cluster.server(1).raft.firstIndex).toBeGreaterThan(5);
    cluster.isolated.delete(3);
    cluster.tick(5);
    expect(alarmsAt(cluster, 3)).toEqual([1]);
    expect(errorOf(cluster.ask(3, bigPut))).toBe(noSpace);
    cluster.isolated.add(3);
    cluster.ask(1, "alarm disarm");
    for (let i = 8; i < 16; i++) cluster.ask(1, `del k${i}`);
    cluster.isolated.delete(3);
    cluster.tick(5);
    expect(alarmsAt(cluster, 3)).toEqual([]);
  });

  test("is kept by a twin and told by the digest", () => {
    const cluster = full();
    const server = cluster.server(1);
    const twin = server.fork();
    expect(twin.alarms).toEqual(server.alarms);
    cluster.ask(1, "alarm disarm");
    expect([server.alarms.length, twin.alarms.length]).toEqual([0, 1]);
  });

  test("stands in the status, with the sizes of the backend file", () => {
    const cluster = full();
    const {size, sizeInUse} = cluster.server(2).backend;
    expect(sizeInUse).toBeLessThanOrEqual(size);
    expect(cluster.ask(2, "status")?.result).toMatchObject({
      dbSize: size,
      dbSizeInUse: sizeInUse,
      errors: ["memberID:1 alarm:NOSPACE"],
    });
    cluster.crash(2);
    cluster.boot(2);
    expect(cluster.ask(2, "status")?.result).toMatchObject({
      errors: ["etcdserver: no leader", "memberID:1 alarm:NOSPACE"],
    });
  });
});
