// What a server answers about compaction, and about the hash of its store.

import {describe, expect, test} from "vitest";
import type {ServerConfig} from "../../../core/server/config.ts";
import type {Result} from "../../../core/server/request.ts";
import {apiErrors} from "../../../core/server/request.ts";
import {Cluster, ms} from "./cluster.ts";

/** Three batches, a rest between any two of them. */
const slow = {compactionBatch: 2, compactionSleep: 10 * ms, compactHashCheckEvery: 60_000 * ms};

function led(config: Partial<ServerConfig> = {}): Cluster {
  const cluster = new Cluster({...slow, ...config});
  cluster.elect(1);
  for (let i = 0; i < 7; i++) cluster.ask(1, `put x ${i}`);
  return cluster;
}

function hashOf(cluster: Cluster, member: number, revision = 0): Result | undefined {
  return cluster.ask(member, {kind: "hashKv", revision})?.result;
}

function compact(cluster: Cluster, revision: number, physical = true): Result | undefined {
  return cluster.ask(1, {kind: "compact", revision, physical})?.result;
}

/** Records in the file of a member that crashes now, as it comes back. */
function recordsLeft(cluster: Cluster, id: number): number {
  cluster.crash(id);
  cluster.boot(id);
  let records = 0;
  cluster.server(id).backend.scan("key", "", () => ++records > 0);
  return records;
}

describe("a compaction", () => {
  test("is answered at once, while the file still holds what it drops", () => {
    const cluster = led();
    expect(compact(cluster, 8, false)).toEqual({kind: "compact"});
    expect(cluster.server(1).compactQueue).toBeGreaterThan(0);
  });

  test("is answered, if it is to be physical, when all it drops is deleted from the file and that is durable", () => {
    const cluster = led();
    expect(compact(cluster, 8)).toBeUndefined();
    expect(cluster.server(1).waiting()).toBe(1);
    cluster.pass(19 * ms);
    expect(cluster.responses.at(-1)?.response.result.kind).toBe("put");
    cluster.pass(ms);
    expect(cluster.responses.at(-1)?.response.result).toEqual({kind: "compact"});
    expect(cluster.server(1).waiting()).toBe(0);
    expect(recordsLeft(cluster, 1)).toBe(1);
  });

  test("that is refused is answered at once, physical or not", () => {
    expect(compact(led(), 9)).toEqual({kind: "error", error: apiErrors.futureRevision});
  });

  test("is not answered to a client that has gone", () => {
    const cluster = led();
    compact(cluster, 8);
    cluster.input(1, {kind: "streamClosed", stream: 0});
    const {length} = cluster.responses;
    cluster.pass(50 * ms);
    expect([cluster.responses.length, cluster.server(1).waiting()]).toEqual([length, 0]);
  });

  test("is answered by a twin of the member too", () => {
    const cluster = led();
    compact(cluster, 8);
    cluster.servers.set(1, cluster.server(1).fork());
    cluster.pass(20 * ms);
    expect(cluster.responses.at(-1)?.response.result).toEqual({kind: "compact"});
  });
});

describe("the hash of a member's store", () => {
  test("is answered without a quorum, at the revision that is asked for, with the compact revision", () => {
    const cluster = led();
    cluster.tick();
    for (const id of [1, 2, 3]) cluster.isolated.add(id);
    const [one, other] = [hashOf(cluster, 1), hashOf(cluster, 3)];
    expect(one).toMatchObject({kind: "hashKv", compactRevision: -1, hashRevision: 8});
    expect(other).toEqual(one);
    expect(hashOf(cluster, 2, 5)).toMatchObject({hashRevision: 5});
  });

  test("is refused beyond the current revision, and below the compact one", () => {
    const cluster = led({compactHashCheckEvery: 0});
    compact(cluster, 6);
    expect(hashOf(cluster, 1, 9)).toEqual({kind: "error", error: apiErrors.futureRevision});
    expect(hashOf(cluster, 1, 5)).toEqual({kind: "error", error: apiErrors.compacted});
    expect(hashOf(cluster, 1, 6)).toMatchObject({compactRevision: 6, hashRevision: 6});
  });
});

describe("the hashes of compactions", () => {
  test("are kept once their compaction has deleted all, and answered at their revision", () => {
    const cluster = led();
    const before = hashOf(cluster, 1, 8);
    compact(cluster, 8);
    expect(cluster.server(1).compactionHashes).toEqual([]);
    cluster.pass(20 * ms);
    expect(cluster.server(1).compactionHashes).toMatchObject([{compactRevision: -1, revision: 8}]);
    expect(hashOf(cluster, 1, 8)).toEqual(before);
    expect(cluster.server(1).fork().compactionHashes).toEqual(cluster.server(1).compactionHashes);
  });

  test("of one at revision 0 is not the answer to who asks for the hash of now", () => {
    const cluster = led();
    const before = hashOf(cluster, 1);
    compact(cluster, 0);
    expect(cluster.server(1).compactionHashes).toMatchObject([{revision: 0}]);
    expect(hashOf(cluster, 1)).toEqual({...before, compactRevision: 0});
  });

  test("are not kept of one that begins while the one before has not deleted all (etcd #15919)", () => {
    const cluster = led();
    compact(cluster, 7, false);
    compact(cluster, 8, false);
    cluster.pass(100 * ms);
    expect(cluster.server(1).compactionHashes.map(({revision}) => revision)).toEqual([7]);
    cluster.ask(1, "put x 7");
    compact(cluster, 9);
    cluster.pass(100 * ms);
    expect(cluster.server(1).compactionHashes.map(({revision}) => revision)).toEqual([7, 9]);
  });

  test("are not kept of one that a crash interrupted", () => {
    const cluster = led();
    cluster.pass(100 * ms);
    compact(cluster, 8, false);
    cluster.crash(1);
    cluster.boot(1);
    cluster.pass(100 * ms);
    expect(cluster.server(1).compactionHashes).toEqual([]);
  });

  test("are not made where nobody compares them", () => {
    const cluster = led({compactHashCheckEvery: 0});
    compact(cluster, 8, false);
    cluster.pass(100 * ms);
    expect(cluster.server(1).compactionHashes).toEqual([]);
  });
});
