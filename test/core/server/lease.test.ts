// Leases on a cluster: what comes through the log, who keeps time, and whom others ask. Facts: etcd.md §1.8.

import {describe, expect, test} from "vitest";
import type {LeaseId} from "../../../core/base/quantity.ts";
import type {PutRequest} from "../../../core/mvcc/kv.ts";
import {encodeCommand} from "../../../core/server/command.ts";
import type {WriteRequest} from "../../../core/server/command.ts";
import type {PeerMessage} from "../../../core/server/peer.ts";
import type {Request, Response, Result} from "../../../core/server/request.ts";
import {apiErrors} from "../../../core/server/request.ts";
import {encodeLease, leaseKey} from "../../../core/lease/leaseRecord.ts";
import {digestOf} from "../../support/digest.ts";
import {Cluster, errorOf, eventsOf, led as ledBy, ms, pairsOf, requestTimeout} from "./cluster.ts";
import {emptyApplier} from "./emptyApplier.ts";

const second = 1000 * ms;
// 10 ticks of 100 ms: an election timeout of 1 s, and so a least ttl of 2 s.
const tick = 100 * ms;
const electionTimeout = 10 * tick;
const lease: LeaseId = "0000000000000abc";
const negative: LeaseId = "fffffffffffffffe";

function led(config = {}): Cluster {
  return ledBy({tick, commitOpsMax: 1, ...config});
}

function grant(cluster: Cluster, ttl: number, id = lease, at = 1): Result | undefined {
  return cluster.ask(at, {kind: "leaseGrant", ttl, lease: id})?.result;
}

function put(key: string, id = lease): PutRequest {
  return {kind: "put", key, value: Uint8Array.of(49), ...(id === "" ? {} : {lease: id})};
}

function keepAlive(cluster: Cluster, at: number, id = lease): Response | undefined {
  return cluster.ask(at, {kind: "leaseKeepAlive", lease: id});
}

function timeToLive(cluster: Cluster, at: number, id = lease): Response | undefined {
  return cluster.ask(at, {kind: "leaseTimeToLive", lease: id, keys: true});
}

function ttlOf(response: Response | undefined): number | undefined {
  const result = response?.result;
  return result?.kind === "leaseKeepAlive" || result?.kind === "leaseTimeToLive" ? result.ttl : undefined;
}

/** Time passes and clocks tick, as in life. */
function live(cluster: Cluster, by: number): void {
  for (let left = by; left > 0; left -= tick) {
    cluster.pass(Math.min(left, tick));
    cluster.tick();
  }
}

function isKnown(cluster: Cluster, at: number, id = lease): boolean {
  return cluster.server(at).lessor.has(id);
}

describe("a lease through the log", () => {
  test("is granted with at least ⌈1.5 election timeouts⌉, without a revision", () => {
    const cluster = led();
    for (const [ttl, id] of [
      [0, "01"],
      [1, "02"],
      [-5, "03"],
      [7, "04"],
    ] as const) {
      const response = cluster.ask(2, {kind: "leaseGrant", ttl, lease: id.padStart(16, "0")});
      expect(response?.result).toEqual({
        kind: "leaseGrant",
        lease: id.padStart(16, "0"),
        ttl: Math.max(2, ttl),
      });
      expect(response?.header.revision).toBe(1);
    }
    cluster.tick();
    for (const id of [1, 2, 3]) expect(cluster.server(id).lessor.size).toBe(4);
  });

  test("gets an id of its own when none is asked for, positive and new", () => {
    const cluster = led();
    const ids = [1, 2, 3].map((at) => {
      const result = cluster.ask(at, {kind: "leaseGrant", ttl: 5})?.result;
      return result?.kind === "leaseGrant" ? result.lease : "";
    });
    for (const id of ids) expect(id).toMatch(/^[0-7][0-9a-f]{15}$/);
    expect(new Set(ids).size).toBe(3);
  });

  test("is refused if it exists, or is too long; revoking one that is not there fails", () => {
    const cluster = led();
    grant(cluster, 5);
    const error = (request: Request): string | undefined => errorOf(cluster.ask(1, request));
    expect(error({kind: "leaseGrant", ttl: 5, lease})).toBe("etcdserver: lease already exists");
    expect(error({kind: "leaseGrant", ttl: 9_000_000_001})).toBe("etcdserver: too large lease TTL");
    expect(error({kind: "leaseRevoke", lease: negative})).toBe("etcdserver: requested lease not found");
    expect(error(put("x", negative))).toBe("etcdserver: requested lease not found");
    expect(cluster.ask(1, {kind: "leaseGrant", ttl: 9_000_000_000, lease: negative})?.result.kind).toBe(
      "leaseGrant",
    );
    expect(cluster.ask(1, "get x")?.header.revision).toBe(1);
  });

  test("takes all its keys with it, sorted, in one revision, and a put without a lease takes a key off it", () => {
    const cluster = led();
    grant(cluster, 5);
    for (const key of ["c", "a", "b", "d"]) cluster.ask(1, put(key));
    cluster.ask(1, "put b 2");
    cluster.ask(2, {
      kind: "txn",
      compare: [],
      success: [put("e"), {kind: "deleteRange", key: "d"}],
      failure: [],
    });
    cluster.eager.add(4);
    cluster.ask(2, {kind: "watchCreate", key: "a", rangeEnd: "\0"}, {stream: 4});
    cluster.ask(3, {kind: "leaseRevoke", lease}, {stream: 5});
    expect(cluster.on(5)[0]?.result).toEqual({kind: "leaseRevoke"});
    expect(cluster.on(5)[0]?.header.revision).toBe(8);
    cluster.tick();
    expect(cluster.on(4).flatMap(eventsOf)).toEqual(["delete a@8", "delete c@8", "delete e@8"]);
    expect(pairsOf(cluster.ask(1, {kind: "range", key: "a", rangeEnd: "\0"}))).toBe("b=2@6");
    cluster.tick();
    for (const id of [1, 2, 3]) expect(isKnown(cluster, id)).toBe(false);
  });

  test("without keys ends without a revision", () => {
    const cluster = led();
    grant(cluster, 5);
    expect(cluster.ask(1, {kind: "leaseRevoke", lease})?.header.revision).toBe(1);
  });

  test("is refused where there is no space", () => {
    const full = led({quotaBytes: 1});
    expect(errorOf(full.ask(1, {kind: "leaseGrant", ttl: 5}))).toBe(
      "etcdserver: mvcc: database space exceeded",
    );
    expect(full.server(1).lessor.size).toBe(0);
    // Under the alarm nobody grants one, whatever room there is; a revocation goes on.
    const applier = emptyApplier();
    const apply = (request: WriteRequest): Result | undefined => {
      const data = encodeCommand({proposer: 1, nonce: 1, sequence: 1, request});
      return applier.apply({index: applier.index + 1, term: 1, type: "normal", data}, 0)?.result;
    };
    expect(apply({kind: "leaseGrant", ttl: 5, lease})?.kind).toBe("leaseGrant");
    apply({kind: "alarm", action: "activate", alarm: {member: 1, alarm: "NOSPACE"}});
    expect(apply({kind: "leaseGrant", ttl: 5, lease: negative})).toMatchObject({
      error: {message: "etcdserver: mvcc: database space exceeded"},
    });
    expect(apply({kind: "leaseRevoke", lease})?.kind).toBe("leaseRevoke");
    expect(applier.lessor.size).toBe(0);
  });

  test("is in bucket lease, and comes back with its keys after a crash, negative ids too", () => {
    const cluster = led();
    for (const id of [lease, negative]) grant(cluster, 60, id);
    cluster.ask(1, put("x"));
    cluster.ask(1, put("y", negative));
    cluster.ask(1, put("z"));
    cluster.ask(1, "put z 2");
    cluster.ask(1, put("gone"));
    cluster.ask(1, "del gone");
    cluster.tick(2);
    cluster.pass(second);
    cluster.crash(2);
    cluster.boot(2);
    cluster.run();
    const {lessor, backend} = cluster.server(2);
    expect(lessor.view(cluster.now)).toEqual([
      {lease, ttl: 60, remainingTtl: 0, remaining: undefined, keys: ["x"]},
      {lease: negative, ttl: 60, remainingTtl: 0, remaining: undefined, keys: ["y"]},
    ]);
    expect(backend.get("lease", leaseKey(negative))).toEqual(
      encodeLease({lease: negative, ttl: 60, remainingTtl: 0}),
    );
    // All members agree on whether a put may name it.
    cluster.elect(2);
    expect(cluster.ask(2, put("w", negative))?.result.kind).toBe("put");
  });

  test("that was revoked stays so after a crash, and so do its keys", () => {
    const cluster = led();
    grant(cluster, 60);
    cluster.ask(1, put("x"));
    cluster.ask(1, {kind: "leaseRevoke", lease});
    cluster.tick(2);
    cluster.pass(second);
    for (const id of [1, 2, 3]) cluster.crash(id);
    for (const id of [1, 2, 3]) cluster.boot(id);
    cluster.run();
    cluster.elect(3);
    expect(isKnown(cluster, 3)).toBe(false);
    expect(cluster.server(3).backend.get("lease", leaseKey(lease))).toBeUndefined();
    expect(pairsOf(cluster.ask(3, "get x"))).toBe("");
  });

  test("comes with a snapshot, with its keys", () => {
    const cluster = led({snapshotEvery: 4, snapshotKeep: 0});
    cluster.isolated.add(3);
    grant(cluster, 60);
    cluster.ask(1, put("x"));
    for (let i = 0; i < 8; i++) cluster.ask(1, "put y 1");
    cluster.pass(second);
    cluster.isolated.delete(3);
    cluster.tick(5);
    cluster.pass(second);
    cluster.tick(5);
    expect(cluster.server(3).appliedIndex).toBe(cluster.server(1).appliedIndex);
    expect(cluster.server(3).lessor.keysOf(lease)).toEqual(["x"]);
  });
});

describe("expiry", () => {
  test("is the primary's: after the ttl, and at most one look later, the keys go through the log", () => {
    const cluster = led();
    grant(cluster, 3);
    cluster.ask(1, put("x"));
    cluster.eager.add(4);
    cluster.ask(2, "watch x", {stream: 4});
    live(cluster, 3 * second - 1);
    expect([1, 2, 3].map((id) => isKnown(cluster, id))).toEqual([true, true, true]);
    live(cluster, 600 * ms);
    cluster.tick();
    expect([1, 2, 3].map((id) => isKnown(cluster, id))).toEqual([false, false, false]);
    expect(cluster.on(4).flatMap(eventsOf)).toEqual(["delete x@3"]);
  });

  test("asks for no wake while there is nothing to expire", () => {
    const cluster = led();
    cluster.pass(second);
    expect([1, 2, 3].map((id) => cluster.server(id).deadline())).toEqual([undefined, undefined, undefined]);
    grant(cluster, 5);
    cluster.pass(second);
    expect(cluster.server(1).deadline()).toBe(Math.ceil((5 * second + second) / (500 * ms)) * 500 * ms);
  });

  test("takes leases in the order in which they ended, so many at a time, so many on their way", () => {
    const cluster = led({leaseRevokesMax: 3, leaseRevokesPending: 2});
    const ids = [5, 3, 1, 4, 2].map((n) => `000000000000000${n}`);
    for (const id of ids) grant(cluster, 2, id);
    const seen = (): readonly string[] =>
      ids
        .toSorted()
        .filter((id) => cluster.server(1).lessor.has(id))
        .map((id) => id.slice(-1));
    live(cluster, 2 * second - tick);
    expect(seen()).toHaveLength(5);
    cluster.isolated.add(1);
    cluster.tick();
    cluster.pass(500 * ms);
    cluster.tick();
    const proposed = (): number => cluster.server(1).raft.lastIndex - cluster.server(1).raft.commitIndex;
    expect(proposed()).toBe(2);
    cluster.isolated.delete(1);
    cluster.tick();
    // The third of the look follows; two are left for the next one.
    expect(seen()).toEqual(["4", "5"]);
    live(cluster, 500 * ms);
    expect(seen()).toEqual([]);
  });

  test("is tried again when a revocation does not come through in time", () => {
    const cluster = led();
    grant(cluster, 2);
    cluster.loses = (message) => message.kind === "AppendEntries";
    live(cluster, 3 * second);
    expect(cluster.server(1).raft.lastIndex - cluster.server(1).raft.commitIndex).toBe(1);
    live(cluster, requestTimeout + second);
    expect(cluster.server(1).raft.lastIndex - cluster.server(1).raft.commitIndex).toBe(2);
    cluster.loses = () => false;
    cluster.tick(3);
    expect(isKnown(cluster, 2)).toBe(false);
  });

  test("begins anew with a new leader, an election timeout later than the ttl (etcd #9888)", () => {
    const cluster = led();
    grant(cluster, 4);
    live(cluster, 3 * second);
    cluster.elect(2);
    expect(ttlOf(timeToLive(cluster, 1))).toBe(5);
    expect(cluster.server(1).lessor.isPrimary).toBe(false);
    live(cluster, 4 * second + electionTimeout - tick);
    expect(isKnown(cluster, 2)).toBe(true);
    live(cluster, second);
    expect(isKnown(cluster, 2)).toBe(false);
  });

  test("begins with what was left at the last checkpoint, where there are such", () => {
    const cluster = led({leaseCheckpointEvery: 5 * second});
    grant(cluster, 20);
    live(cluster, 12 * second);
    expect(cluster.server(3).lessor.get(lease)?.remainingTtl).toBe(10);
    cluster.elect(2);
    expect(ttlOf(timeToLive(cluster, 2))).toBe(11);
    // A second change of leader does not lose it (etcd #17132).
    cluster.elect(3);
    expect(ttlOf(timeToLive(cluster, 3))).toBe(11);
    cluster.pass(200 * ms);
    cluster.crash(1);
    cluster.boot(1);
    cluster.run();
    expect(cluster.server(1).lessor.get(lease)?.remainingTtl).toBe(10);
  });

  test("goes on being checkpointed under the alarm CORRUPT, which refuses other requests for leases", () => {
    const cluster = led({leaseCheckpointEvery: 5 * second});
    grant(cluster, 20);
    cluster.ask(1, {kind: "alarmActivate", member: 2, alarm: "CORRUPT"});
    for (const line of ["lease grant 20", `lease revoke ${lease}`])
      expect(errorOf(cluster.ask(1, line))).toBe(apiErrors.corrupt.message);
    live(cluster, 6 * second);
    expect(cluster.server(3).lessor.get(lease)?.remainingTtl).toBe(15);
  });

  test("a renewal takes the checkpoint back first, through the log", () => {
    const cluster = led({leaseCheckpointEvery: 5 * second});
    grant(cluster, 20);
    live(cluster, 6 * second);
    expect(cluster.server(1).lessor.get(lease)?.remainingTtl).toBe(15);
    expect(ttlOf(keepAlive(cluster, 2))).toBe(20);
    cluster.tick();
    expect(cluster.server(3).lessor.get(lease)?.remainingTtl).toBe(0);
    cluster.elect(3);
    expect(ttlOf(timeToLive(cluster, 3))).toBe(21);
  });
});

describe("the primary", () => {
  test("is the leader once it has applied the entry that opens its term", () => {
    const cluster = new Cluster({tick, pausePoints: ["beforeApplyOneEntryNormal"]});
    cluster.run();
    cluster.elect();
    expect(cluster.server(1).raft.role).toBe("leader");
    expect(cluster.server(1).lessor.isPrimary).toBe(false);
    cluster.input(1, {kind: "turn", actor: "apply"});
    expect(cluster.server(1).lessor.isPrimary).toBe(true);
  });

  test("that lost the majority goes on counting, and what it proposes to revoke comes to nothing", () => {
    const cluster = led();
    grant(cluster, 3);
    cluster.ask(1, put("x"));
    cluster.tick();
    cluster.isolated.add(1);
    cluster.elect(2);
    expect([1, 2].map((id) => cluster.server(id).lessor.isPrimary)).toEqual([true, true]);
    live(cluster, 2 * second);
    expect(ttlOf(keepAlive(cluster, 3))).toBe(3);
    live(cluster, 2 * second);
    // Its own count is over, the other's is not.
    expect(cluster.server(1).lessor.hasExpired(lease, cluster.now)).toBe(true);
    expect(cluster.server(1).raft.lastIndex).toBeGreaterThan(cluster.server(1).raft.commitIndex);
    cluster.isolated.delete(1);
    cluster.tick(3);
    expect(cluster.server(1).lessor.isPrimary).toBe(false);
    expect(pairsOf(cluster.ask(1, "get x"))).toBe("x=1@2");
    expect([1, 2, 3].every((id) => isKnown(cluster, id))).toBe(true);
  });

  test("that was stopped asks a quorum before it revokes (etcd #15247)", () => {
    const cluster = led();
    grant(cluster, 3);
    cluster.tick();
    cluster.isolated.add(1);
    cluster.elect(2);
    // Its clock did not tick meanwhile: the wake is the first it hears.
    cluster.pass(4 * second);
    expect(cluster.server(1).lessor.isPrimary).toBe(true);
    const {lastIndex, commitIndex} = cluster.server(1).raft;
    expect(lastIndex).toBe(commitIndex);
    expect(isKnown(cluster, 1)).toBe(true);
    // A leader that is confirmed goes on.
    const other = led();
    grant(other, 3);
    other.pass(4 * second);
    other.tick();
    expect(isKnown(other, 1)).toBe(false);
  });

  test("that hears of another drops what it had not handed to raft", () => {
    const cluster = led({pausePoints: ["beforeRevokeExpiredLeases"]});
    grant(cluster, 3);
    live(cluster, 4 * second);
    const pauses = cluster.effects.filter(({effect}) => effect.kind === "pause");
    expect(pauses).toEqual([
      {from: 1, effect: {kind: "pause", actor: "lease", at: "beforeRevokeExpiredLeases"}},
    ]);
    cluster.elect(2);
    cluster.input(1, {kind: "turn", actor: "lease"});
    cluster.run();
    cluster.tick(3);
    expect(isKnown(cluster, 2)).toBe(true);
    cluster.elect(1);
    live(cluster, 5 * second);
    cluster.input(1, {kind: "turn", actor: "lease"});
    cluster.run();
    expect(isKnown(cluster, 1)).toBe(false);
  });

  test("is not let go on by the turn of a round that was given up", () => {
    const cluster = led({pausePoints: ["beforeRevokeExpiredLeases"]});
    grant(cluster, 3);
    live(cluster, 4 * second);
    // It leads no more, and leads again: its first round's turn is still on its way when the second stands there.
    cluster.elect(2);
    cluster.elect(1);
    live(cluster, 5 * second);
    cluster.input(1, {kind: "turn", actor: "lease"});
    cluster.run();
    expect(isKnown(cluster, 1)).toBe(true);
    cluster.input(1, {kind: "turn", actor: "lease"});
    cluster.run();
    expect(isKnown(cluster, 1)).toBe(false);
  });
});

describe("keep-alive", () => {
  test("is answered alike by all members, and gives the whole ttl", () => {
    const cluster = led();
    grant(cluster, 4);
    for (const at of [1, 2, 3]) {
      live(cluster, 3 * second);
      const response = keepAlive(cluster, at);
      expect(response?.result).toEqual({kind: "leaseKeepAlive", lease, ttl: 4});
      expect(response?.header.memberId).toBe(at);
    }
    expect(isKnown(cluster, 1)).toBe(true);
  });

  test("of a lease that is not there is answered with ttl 0, which is no error", () => {
    const cluster = led();
    for (const at of [1, 2])
      expect(keepAlive(cluster, at)?.result).toEqual({kind: "leaseKeepAlive", lease, ttl: 0});
  });

  test("of an expired lease waits until it is revoked, and then there is none", () => {
    const cluster = led();
    grant(cluster, 2);
    live(cluster, 2 * second - tick);
    cluster.now += 150 * ms;
    expect(cluster.server(1).lessor.hasExpired(lease, cluster.now)).toBe(true);
    expect(keepAlive(cluster, 1)).toBeUndefined();
    expect(keepAlive(cluster, 2)).toBeUndefined();
    live(cluster, 500 * ms);
    const answers = cluster.responses.slice(-2).map(({response}) => response.result);
    expect(answers).toEqual([
      {kind: "leaseKeepAlive", lease, ttl: 0},
      {kind: "leaseKeepAlive", lease, ttl: 0},
    ]);
  });

  test("of an expired lease goes on to the next leader when its own is none any more", () => {
    const cluster = led();
    grant(cluster, 2);
    live(cluster, 2 * second - tick);
    cluster.now += 150 * ms;
    expect(keepAlive(cluster, 1)).toBeUndefined();
    cluster.elect(2);
    cluster.pass(50 * ms);
    expect(ttlOf(cluster.responses.at(-1)?.response)).toBe(2);
  });

  test("that stood while the lease was revoked is not answered with time to live (etcd #14758, #20590)", () => {
    const cluster = led({pausePoints: ["beforeCheckpointInLeaseRenew", "beforeServeHTTPLeaseRenew"]});
    grant(cluster, 10);
    expect(keepAlive(cluster, 1)).toBeUndefined();
    expect(keepAlive(cluster, 2)).toBeUndefined();
    cluster.ask(1, {kind: "leaseRevoke", lease});
    for (let i = 0; i < 3; i++) {
      cluster.input(1, {kind: "turn", actor: "lease"});
      cluster.run();
    }
    const answers = cluster.responses.filter(({response}) => response.result.kind === "leaseKeepAlive");
    expect(answers.map(({from, response}) => [from, ttlOf(response)])).toEqual([
      [1, 0],
      [2, 0],
    ]);
    // The header was made before: it does not name the revision of the end.
    expect(answers.map(({response}) => response.header.revision)).toEqual([1, 1]);
  });

  test("is asked again of whoever leads when the first was lost or led no more", () => {
    const cluster = led();
    grant(cluster, 10);
    let lost = 0;
    cluster.loses = (message: PeerMessage) => message.kind === "Forward" && lost++ === 0;
    expect(keepAlive(cluster, 3)).toBeUndefined();
    cluster.pass(600 * ms);
    expect(ttlOf(cluster.responses.at(-1)?.response)).toBe(10);
    cluster.loses = (message: PeerMessage) => message.kind === "Forward" && message.to === 1;
    expect(keepAlive(cluster, 3)).toBeUndefined();
    cluster.elect(2);
    cluster.pass(600 * ms);
    expect(ttlOf(cluster.responses.at(-1)?.response)).toBe(10);
  });

  test("without a leader fails after the request's time: no leader; with one that is silent: timed out", () => {
    const cluster = new Cluster({tick});
    cluster.run();
    expect(keepAlive(cluster, 2)).toBeUndefined();
    cluster.pass(requestTimeout);
    expect(errorOf(cluster.responses.at(-1)?.response)).toBe("etcdserver: no leader");
    cluster.elect();
    cluster.loses = (message: PeerMessage) => message.kind === "Forwarded";
    expect(keepAlive(cluster, 2)).toBeUndefined();
    cluster.pass(requestTimeout);
    expect(errorOf(cluster.responses.at(-1)?.response)).toBe("etcdserver: request timed out");
    expect(cluster.server(2).waiting()).toBe(0);
  });

  test("of a leader that applies slowly waits for what was committed, one second at most", () => {
    const cluster = led({pausePoints: ["beforeApplyOneEntryNormal"]});
    cluster.input(1, {kind: "turn", actor: "apply"});
    expect(cluster.server(1).lessor.isPrimary).toBe(true);
    expect(grant(cluster, 10)).toBeUndefined();
    expect(keepAlive(cluster, 1)).toBeUndefined();
    cluster.pass(second - 1);
    expect(cluster.responses).toEqual([]);
    cluster.pass(1);
    expect(cluster.responses.map(({response}) => errorOf(response))).toEqual([
      "etcdserver: request timed out, waiting for the applied index took too long",
    ]);
    expect(keepAlive(cluster, 1)).toBeUndefined();
    cluster.input(1, {kind: "turn", actor: "apply"});
    expect(cluster.responses.slice(1).map(({response}) => response.result.kind)).toEqual([
      "leaseGrant",
      "leaseKeepAlive",
    ]);
  });
});

describe("time to live", () => {
  test("is the leader's to say, with the keys if asked for", () => {
    const cluster = led();
    grant(cluster, 10);
    cluster.ask(1, put("b"));
    cluster.ask(1, put("a"));
    live(cluster, 2500 * ms);
    for (const at of [1, 2, 3]) {
      const response = timeToLive(cluster, at);
      expect(response?.result).toEqual({
        kind: "leaseTimeToLive",
        lease,
        ttl: 7,
        grantedTtl: 10,
        keys: ["a", "b"],
      });
      expect(response?.header).toMatchObject({memberId: at, revision: 3});
    }
  });

  test("of a lease that is not there is −1, which is no error", () => {
    const cluster = led();
    for (const at of [1, 3])
      expect(timeToLive(cluster, at)?.result).toEqual({
        kind: "leaseTimeToLive",
        lease,
        ttl: -1,
        grantedTtl: 0,
        keys: [],
      });
  });

  test("is refused by a leader that was demoted while it looked: leader changed (etcd #17642)", () => {
    const cluster = led({pausePoints: ["beforeLookupWhenLeaseTimeToLive"]});
    grant(cluster, 10);
    expect(timeToLive(cluster, 1)).toBeUndefined();
    cluster.elect(2);
    cluster.input(1, {kind: "turn", actor: "lease"});
    cluster.run();
    expect(errorOf(cluster.responses.at(-1)?.response)).toBe("etcdserver: leader changed");
  });

  test("is asked of the next leader if the one asked was demoted meanwhile", () => {
    const cluster = led({pausePoints: ["beforeLookupWhenForwardLeaseTimeToLive"]});
    grant(cluster, 10);
    expect(timeToLive(cluster, 3)).toBeUndefined();
    cluster.elect(2);
    cluster.input(1, {kind: "turn", actor: "lease"});
    cluster.run();
    cluster.pass(50 * ms);
    cluster.input(2, {kind: "turn", actor: "lease"});
    cluster.run();
    expect(ttlOf(cluster.responses.at(-1)?.response)).toBe(10);
  });
});

describe("the list", () => {
  test("is of the leases that the member asked knows; a learner answers none of all this", () => {
    const cluster = new Cluster({tick, members: [1, 2, 3], learners: [4]});
    cluster.run();
    cluster.elect();
    grant(cluster, 9, "0000000000000002");
    grant(cluster, 5, "0000000000000003");
    cluster.tick();
    const list = (at: number): Response | undefined => cluster.ask(at, {kind: "leaseList"});
    expect(list(1)?.result).toEqual({
      kind: "leaseList",
      leases: ["0000000000000003", "0000000000000002"],
    });
    expect(list(2)?.result).toEqual({
      kind: "leaseList",
      leases: ["0000000000000002", "0000000000000003"],
    });
    const refusal = "etcdserver: rpc not supported for learner";
    expect([list(4), keepAlive(cluster, 4), timeToLive(cluster, 4)].map(errorOf)).toEqual([
      refusal,
      refusal,
      refusal,
    ]);
    expect(cluster.server(4).lessor.size).toBe(2);
  });
});

describe("a twin", () => {
  test("goes on as its original would: equal digests at every step", () => {
    const cluster = led({leaseCheckpointEvery: 5 * second, pausePoints: ["beforeCheckpointInLeaseRenew"]});
    grant(cluster, 20);
    cluster.ask(1, put("x"));
    live(cluster, 8 * second);
    expect(keepAlive(cluster, 1)).toBeUndefined();
    const original = cluster.server(1);
    const twin = original.fork();
    expect(digestOf(twin)).toBe(digestOf(original));
    const later = cluster.now + 13 * second;
    for (const input of [{kind: "turn", actor: "lease"}, {kind: "tick"}, {kind: "wake"}] as const) {
      expect(twin.handle(input, later)).toEqual(original.handle(input, later));
      expect(digestOf(twin)).toBe(digestOf(original));
      expect(twin.deadline()).toBe(original.deadline());
    }
    expect(original.raft.lastIndex).toBeGreaterThan(original.raft.commitIndex);
  });

  test("has another digest if a lease ends at another time, and the same if the clock is another", () => {
    const [one, other, late] = [0, 1, 0].map((by, i) => {
      const cluster = new Cluster({tick, commitOpsMax: 1});
      cluster.run();
      // Before they hear of each other: how long they have is no matter of the clock.
      if (i === 2) cluster.pass(5 * second);
      cluster.elect();
      grant(cluster, 5 + by);
      cluster.tick();
      return digestOf(cluster.server(1));
    });
    expect(one).not.toBe(other);
    expect(one).toBe(late);
  });
});
