// Random lives of leases on three members that lose their leaders, are cut off, stop, and crash. Claims (etcd.md §3, L1–L4):
// no lease that was granted or renewed is gone before its ttl is over, unless somebody revoked it; all its keys go in one
// revision; once it is gone no keep-alive is answered with time to live; members that applied the same hold the same.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {LeaseId} from "../../../core/base/quantity.ts";
import {everyKey} from "../../../core/mvcc/store.ts";
import type {Request} from "../../../core/server/request.ts";
import type {Server} from "../../../core/server/server.ts";
import {Cluster, ms} from "./cluster.ts";

const second = 1000 * ms;
const tick = 100 * ms;
const leases: readonly LeaseId[] = ["0000000000000001", "8000000000000000", "ffffffffffffffff"];
const keys = ["a", "b", "c", "d"];
const members = [1, 2, 3];

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(
      ...(["grant", "grant", "keepAlive", "keepAlive", "keepAlive", "put", "put", "del"] as const),
      ...(["live", "live", "live", "live", "live", "stop", "elect", "cut", "heal", "heal"] as const),
      ...(["crash", "turn", "turn", "turn", "turn", "revoke"] as const),
    ),
    member: fc.constantFrom(...members),
    lease: fc.nat(2),
    key: fc.nat(3),
    n: fc.integer({min: 1, max: 4}),
  }),
  {minLength: 25, maxLength: 50},
);

type Step = typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

class Lives {
  readonly cluster: Cluster;
  /** How often each claim was put to the test. */
  readonly exercised = {expired: 0, renewed: 0};
  /** Until when each lease must live, as its clients were told. */
  private readonly promised = new Map<LeaseId, number>();
  private readonly revoked = new Set<LeaseId>();
  private readonly asked = new Map<number, {readonly lease: LeaseId; readonly since: number}>();
  private heard = 0;
  private nextId = 1;

  constructor(config: object) {
    // With equal timeouts for ever a member with a short log would keep the others from electing anybody.
    this.cluster = new Cluster({tick, commitOpsMax: 1, preVote: true, ...config});
    this.cluster.run();
    this.cluster.elect();
  }

  take(step: Step): void {
    const {cluster} = this;
    const lease = leases[step.lease] ?? "";
    const key = keys[step.key] ?? "";
    switch (step.kind) {
      case "grant":
        return this.ask(step.member, {kind: "leaseGrant", ttl: step.n + 1, lease}, lease);
      case "keepAlive":
        return this.ask(step.member, {kind: "leaseKeepAlive", lease}, lease);
      case "put":
        return this.ask(step.member, {kind: "put", key, value: Uint8Array.of(1), lease}, "");
      case "del":
        return this.ask(step.member, {kind: "deleteRange", key}, "");
      case "revoke":
        this.revoked.add(lease);
        return this.ask(step.member, {kind: "leaseRevoke", lease}, "");
      case "live":
        for (let i = 0; i < 7 * step.n; i++) {
          cluster.pass(tick);
          cluster.tick();
          this.look();
        }
        return;
      case "stop":
        // Time goes by and no clock ticks.
        cluster.now += step.n * second;
        return cluster.pass(0);
      case "elect":
        return cluster.elect(step.member);
      case "cut":
        cluster.isolated.clear();
        cluster.isolated.add(step.member);
        return;
      case "heal":
        cluster.isolated.clear();
        return cluster.tick(2);
      case "crash":
        cluster.crash(step.member);
        cluster.boot(step.member);
        return cluster.run();
      case "turn":
        for (let i = 0; i < 12; i++) {
          cluster.input(1 + (i % 3), {kind: "turn", actor: "lease"});
          cluster.run();
        }
        return;
      default:
        return step.kind satisfies never;
    }
  }

  /** What members hold, and what clients were told since the last look. */
  look(): void {
    const {cluster} = this;
    for (; this.heard < cluster.responses.length; this.heard++) {
      const {id, response} = cluster.responses[this.heard] ?? {id: 0, response: undefined};
      const asked = this.asked.get(id);
      const result = response?.result;
      if (asked === undefined || (result?.kind !== "leaseGrant" && result?.kind !== "leaseKeepAlive"))
        continue;
      if (result.ttl === 0) continue;
      if (result.kind === "leaseKeepAlive") {
        this.exercised.renewed++;
        // Somebody who leads holds it still.
        expect(members.some((one) => this.holds(one, asked.lease))).toBe(true);
      } else this.revoked.delete(asked.lease);
      // A client counts from when it asked.
      const until = asked.since + result.ttl * second;
      this.promised.set(asked.lease, Math.max(until, this.promised.get(asked.lease) ?? 0));
    }
    for (const [lease, until] of this.promised) {
      if (this.revoked.has(lease) || this.newest().lessor.has(lease)) continue;
      expect(cluster.now).toBeGreaterThanOrEqual(until);
      this.exercised.expired++;
      this.promised.delete(lease);
    }
    for (const member of members) checkKeys(cluster.server(member));
  }

  /** The member that has applied most. */
  private newest(): Server {
    const servers = members.map((member) => this.cluster.server(member));
    return servers.reduce((most, one) => (one.appliedIndex > most.appliedIndex ? one : most));
  }

  private holds(member: number, lease: LeaseId): boolean {
    return this.cluster.server(member).lessor.has(lease);
  }

  private ask(member: number, request: Request, lease: LeaseId): void {
    const id = this.nextId++;
    if (lease !== "") this.asked.set(id, {lease, since: this.cluster.now});
    this.cluster.ask(member, request, {id});
  }
}

/** Keys hang on the lease that their value names, and on one that is there. */
function checkKeys({store, lessor}: Server): void {
  for (const key of store.keys(everyKey)) {
    const range = store.range({kind: "range", key});
    const lease = range.ok ? (range.value.kvs[0]?.lease ?? "") : "";
    expect(lessor.leaseOf(key)).toBe(lease);
    if (lease !== "") expect(lessor.has(lease)).toBe(true);
  }
  for (const lease of lessor.list())
    for (const key of lessor.keysOf(lease)) expect(lessor.leaseOf(key)).toBe(lease);
}

/** What members that applied the same must have in common. */
function agreed({appliedIndex, lessor}: Server): string {
  const all = lessor
    .view(0)
    .map(({lease, ttl, remainingTtl, keys: held}) => ({lease, ttl, remainingTtl, held}));
  return JSON.stringify([appliedIndex, all.sort((a, b) => (a.lease < b.lease ? -1 : 1))]);
}

describe("leases on a cluster", () => {
  for (const [name, config] of [
    ["that goes on at once", {}],
    ["with checkpoints", {leaseCheckpointEvery: second}],
    [
      "whose lease actors stand at their points",
      {
        leaseCheckpointEvery: second,
        pausePoints: [
          "beforeRevokeExpiredLeases",
          "beforeCheckpointInLeaseRenew",
          "beforeServeHTTPLeaseRenew",
        ],
      },
    ],
    ["with snapshots", {snapshotEvery: 5, snapshotKeep: 1}],
  ] as const) {
    it(`${name} live as long as was promised, and end whole`, () => {
      const exercised = {expired: 0, renewed: 0};
      fc.assert(
        fc.property(steps, (life) => {
          const lives = new Lives(config);
          for (const step of life) {
            lives.take(step);
            lives.look();
          }
          lives.cluster.isolated.clear();
          lives.cluster.tick(60);
          const newest = members.map((member) => agreed(lives.cluster.server(member)));
          expect(new Set(newest).size).toBe(1);
          exercised.expired += lives.exercised.expired;
          exercised.renewed += lives.exercised.renewed;
        }),
        {numRuns: 40},
      );
      expect(exercised.expired).toBeGreaterThan(3);
      expect(exercised.renewed).toBeGreaterThan(4);
    });
  }
});
