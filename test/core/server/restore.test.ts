// What becomes of a cluster's data when its members do not go on as they were: saved and restored into a new cluster, one
// member alone with all it has, members with other boundaries of a static beginning.

import {describe, expect, test} from "vitest";
import {boot} from "../../../core/server/boot.ts";
import {soundVersion} from "../../../core/server/config.ts";
import {restoreSnapshot} from "../../../core/server/restoreSnapshot.ts";
import {foundation} from "../../../core/server/memberRecord.ts";
import {apiErrors} from "../../../core/server/request.ts";
import {Cluster, errorOf, led, ms, pairsOf, serverConfig} from "./cluster.ts";

const pageBytes = 512;

function puts(cluster: Cluster, count: number, key = "k"): void {
  for (let i = 1; i <= count; i++) cluster.ask(1, `put ${key}${i % 3} ${i}`);
}

/** An old cluster that lived a little, and what a client saved of it. */
function saved(): {readonly cluster: Cluster; readonly blob: Uint8Array} {
  const cluster = led();
  puts(cluster, 5);
  cluster.ask(1, "member add n4 --learner");
  cluster.ask(1, "member remove n4");
  cluster.ask(1, "compact 3");
  cluster.tick();
  const result = cluster.ask(2, {kind: "snapshot"})?.result;
  if (result?.kind !== "snapshot") throw new Error("no snapshot");
  return {cluster, blob: result.blob};
}

/** A cluster of new members on what was restored. */
function restored(blob: Uint8Array, members: readonly number[], bumpRevision = 0): Cluster {
  const cluster = new Cluster({members: [1, 2, 3]}, []);
  for (const id of members) {
    const file = restoreSnapshot(blob, {members, pageBytes, bumpRevision});
    if (file === undefined) throw new Error("not restored");
    cluster.start(id);
    cluster.crash(id);
    for (const name of cluster.disk(id).list()) cluster.disk(id).do({kind: "unlink", file: name});
    cluster.disk(id).do({kind: "write", file: file.file, at: 0, bytes: file.bytes});
    cluster.disk(id).do({kind: "sync", file: file.file});
    cluster.disk(id).do({kind: "syncDir"});
    cluster.boot(id);
  }
  cluster.run();
  cluster.elect(members[0]);
  return cluster;
}

describe("a snapshot that is restored", () => {
  test("makes a new cluster with the old keys, new members, and a log that begins anew", () => {
    const {blob} = saved();
    const cluster = restored(blob, [6, 7, 8]);
    for (const id of [6, 7, 8]) {
      const {membership, store, raft} = cluster.server(id);
      expect(membership).toEqual(foundation([6, 7, 8], []));
      expect(store).toMatchObject({currentRevision: 6, compactRevision: 3});
      expect(raft).toMatchObject({term: 1, firstIndex: 1});
    }
    expect(pairsOf(cluster.ask(6, "get k --prefix"))).toBe("k0=3@4 k1=4@5 k2=5@6");
    expect(cluster.ask(7, "put x 1")?.result.kind).toBe("put");
    expect(errorOf(cluster.ask(6, "member add n4 --learner"))).toBeUndefined();
  });

  test("goes on after a crash from what the new cluster did", () => {
    const cluster = restored(saved().blob, [1, 2]);
    puts(cluster, 3, "n");
    cluster.pass(200 * ms);
    for (const id of [1, 2]) {
      cluster.crash(id);
      cluster.boot(id);
    }
    cluster.run();
    cluster.elect(2);
    expect(pairsOf(cluster.ask(2, "get n --prefix"))).toBe("n0=3@9 n1=1@7 n2=2@8");
  });

  test("may leave revisions out, so that who knew later ones notices", () => {
    const cluster = restored(saved().blob, [1], 1000);
    expect(cluster.server(1).store).toMatchObject({currentRevision: 1006, compactRevision: 1006});
    expect(pairsOf(cluster.ask(1, "get k --prefix"))).toBe("k0=3@4 k1=4@5 k2=5@6");
    expect(errorOf(cluster.ask(1, "get k0 --rev 6"))).toBe(apiErrors.compacted.message);
    cluster.ask(1, "put k0 6");
    expect(pairsOf(cluster.ask(1, "get k0"))).toBe("k0=6@1007");
  });

  test("gives every new member the same file", () => {
    const {blob} = saved();
    const files = [1, 2].map(() => restoreSnapshot(blob, {members: [1, 2], pageBytes})?.bytes);
    expect(files[0]).toEqual(files[1]);
  });

  test("that is damaged anywhere, or of another page size, is not", () => {
    const {blob} = saved();
    const members = [1];
    for (let at = 0; at < blob.length; at += 97) {
      const harmed = blob.slice();
      harmed[at] = (harmed[at] ?? 0) ^ 1;
      expect(restoreSnapshot(harmed, {members, pageBytes})).toBeUndefined();
    }
    expect(restoreSnapshot(blob.subarray(0, -1), {members, pageBytes})).toBeUndefined();
    expect(restoreSnapshot(blob, {members, pageBytes: 1024})).toBeUndefined();
  });
});

describe("a member that is forced into a cluster of its own", () => {
  /** n1 of three, whose last entry no other has. */
  function left(config: ConstructorParameters<typeof Cluster>[0] = {}): Cluster {
    const cluster = led(config);
    puts(cluster, 4);
    cluster.tick();
    cluster.isolated.add(1);
    cluster.ask(1, "put lost 1");
    cluster.crash(1);
    cluster.isolated.clear();
    for (const id of [2, 3]) cluster.crash(id);
    return cluster;
  }

  function force(cluster: Cluster, id: number): void {
    const booted = boot({
      config: serverConfig(id),
      version: soundVersion,
      disk: cluster.disk(id),
      draw: () => 1,
      forceNewCluster: true,
    });
    cluster.servers.set(id, booted.server);
    (cluster as unknown as {take(id: number, effects: unknown): void}).take(id, booted.effects);
    cluster.run();
    cluster.elect(id);
  }

  test.each([{}, {snapshotEvery: 3, snapshotKeep: 0}])(
    "keeps what was committed, loses what was not, and has nobody beside it (%j)",
    (config) => {
      const cluster = left(config);
      force(cluster, 1);
      const {raft, membership} = cluster.server(1);
      expect(raft).toMatchObject({role: "leader", confState: {voters: [1], learners: []}});
      expect(membership.members.map(({member}) => member)).toEqual([1]);
      expect(membership.removed).toEqual([2, 3]);
      expect(pairsOf(cluster.ask(1, "get k --prefix"))).toBe("k0=3@4 k1=4@5 k2=2@3");
      expect(pairsOf(cluster.ask(1, "get lost"))).toBe("");
      expect(cluster.ask(1, "put x 1")?.result.kind).toBe("put");
    },
  );

  test("stays alone when it is started again as usual", () => {
    const cluster = left();
    force(cluster, 1);
    cluster.ask(1, "put x 1");
    cluster.crash(1);
    cluster.boot(1);
    cluster.run();
    cluster.elect();
    expect(cluster.server(1).raft.confState.voters).toEqual([1]);
    expect(pairsOf(cluster.ask(1, "get x"))).toBe("x=1@6");
  });

  test("gets a vote if it had none", () => {
    const cluster = led({learners: [4]});
    puts(cluster, 3);
    cluster.tick(2);
    // What it knows to be committed is what its file holds by then.
    cluster.pass(200 * ms);
    for (const id of [1, 2, 3, 4]) cluster.crash(id);
    force(cluster, 4);
    expect(cluster.server(4).raft).toMatchObject({role: "leader", confState: {voters: [4], learners: []}});
    expect(pairsOf(cluster.ask(4, "get k0"))).toBe("k0=3@4");
  });
});

describe("a static beginning", () => {
  test("is in every new member's file, and a member that has one goes by that", () => {
    const cluster = led();
    expect(cluster.server(2).membership).toEqual(foundation([1, 2, 3], []));
    cluster.ask(1, "member remove n3");
    cluster.tick();
    cluster.pass(200 * ms);
    for (const id of [1, 2]) {
      cluster.crash(id);
      // It is told of three members still, as it was when it was first started.
      cluster.boot(id);
      cluster.run();
      expect(cluster.server(id).raft.confState.voters).toEqual([1, 2]);
    }
    cluster.elect(2);
    expect(cluster.ask(2, "put x 1")?.result.kind).toBe("put");
  });

  test("may be of one member, or have learners", () => {
    const one = led({}, [1]);
    expect(one.ask(1, "put x 1")?.result.kind).toBe("put");
    const learning = led({learners: [4]});
    expect(learning.server(4).membership).toEqual(foundation([1, 2, 3], [4]));
  });
});
