// Where the parts of a server meet: three members with users, leases, watches, physical compactions, changes of membership
// and snapshots, that pause anywhere, lose their leaders, are cut off and crash. A twin goes on as its original does,
// whatever waits in it; and once the faults are over nothing waits any more, and members that applied the same hold the same.

import {isDeepStrictEqual} from "node:util";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {present} from "../../../core/base/assert.ts";
import type {LeaseId} from "../../../core/base/quantity.ts";
import {points} from "../../../core/server/io.ts";
import type {Actor, Input} from "../../../core/server/io.ts";
import type {Metadata, Request, Result} from "../../../core/server/request.ts";
import type {Server} from "../../../core/server/server.ts";
import {digestOf} from "../../support/digest.ts";
import {Cluster, ms, request} from "./cluster.ts";

const leases: readonly LeaseId[] = ["0000000000000001", "8000000000000000"];
const tick = 100 * ms;

/** A cluster that tries each third input on a twin too. */
class Twinned extends Cluster {
  private inputs = 0;
  /** How often what was come by. */
  readonly seen = new Map<string, number>();
  /** Who paused, and has not had its turn. */
  readonly paused: {readonly id: number; readonly actor: Actor}[] = [];
  twins = 0;

  override input(id: number, input: Input): void {
    const server = this.servers.get(id);
    if (server === undefined) return;
    const twin = this.inputs++ % 7 === 0 ? server.fork() : undefined;
    if (twin !== undefined && digestOf(twin) !== digestOf(server)) throw new Error(`n${id}: a twin differs`);
    this.effects.length = 0;
    super.input(id, input);
    const effects = this.effects.map(({effect}) => effect);
    this.notePauses(id);
    for (const effect of effects) {
      if (effect.kind === "respond") this.count(nameOf(effect.response.result));
      else if (effect.kind === "send") this.count(effect.message.kind);
      else this.count(effect.kind);
    }
    if (twin === undefined) return;
    this.twins++;
    if (!isDeepStrictEqual(twin.handle(input, this.now), effects))
      throw new Error(`n${id}: a twin does something else at ${JSON.stringify(input)}`);
    if (digestOf(twin) !== digestOf(server))
      throw new Error(`n${id}: a twin differs after ${JSON.stringify(input)}`);
  }

  bootAgain(id: number): void {
    this.effects.length = 0;
    this.boot(id);
    this.notePauses(id);
  }

  private count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  private notePauses(id: number): void {
    for (const {effect} of this.effects)
      if (effect.kind === "pause") this.paused.push({id, actor: effect.actor});
  }

  down(id: number, isKilled: boolean): void {
    if (isKilled) this.kill(id);
    else this.crash(id);
    const others = this.paused.filter((one) => one.id !== id);
    this.paused.splice(0, this.paused.length, ...others);
  }

  turn(which: number): void {
    const [next] = this.paused.splice(which % Math.max(1, this.paused.length), 1);
    if (next !== undefined) this.input(next.id, {kind: "turn", actor: next.actor});
  }
}

function nameOf(result: Result): string {
  return result.kind === "error" ? result.error.message : result.kind;
}

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(
      ...([
        "write",
        "write",
        "read",
        "read",
        "lease",
        "lease",
        "watch",
        "compact",
        "auth",
        "member",
      ] as const),
      ...(["run", "run", "next", "next", "tick", "live", "turn", "turn", "turn"] as const),
      ...(["elect", "cut", "heal", "crash", "kill", "boot", "close", "upkeep"] as const),
    ),
    member: fc.constantFrom(1, 2, 3),
    n: fc.nat(30),
  }),
  {minLength: 60, maxLength: 160, size: "max"},
);

type Step = typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

class Play {
  readonly cluster: Twinned;
  private nextId = 1;

  constructor(config: ConstructorParameters<typeof Cluster>[0], isGuarded: boolean) {
    const more = {tick, commitOpsMax: 3, preVote: true, checkQuorum: true, snapshotEvery: 6, snapshotKeep: 1};
    this.cluster = new Twinned({...more, compactHashCheckEvery: 900 * ms, healthInterval: 0, ...config});
    this.cluster.run();
    this.cluster.elect();
    for (const line of ["user add root --new-user-password=pw", "role add root", "user grant-role root root"])
      this.ask(1, request(line));
    this.settle(5);
    if (!isGuarded) return;
    this.ask(1, request("auth enable"));
    this.settle(2);
    this.ask(1, {kind: "authenticate", name: "root", password: "pw"});
    this.settle(2);
  }

  take({kind, member, n}: Step): void {
    const {cluster} = this;
    const pick = <T>(...all: readonly T[]): T => all[n % all.length] as T;
    switch (kind) {
      case "write":
        return this.ask(member, request(pick("put a 1", "put b 2", "del a --prev-kv", "put c 3 --prev-kv")));
      case "read":
        return this.ask(member, request(pick("get a", "get b --consistency=s", "member list", "status")));
      case "lease":
        return this.ask(member, this.leaseRequest(n));
      case "watch":
        return this.watch(member, n);
      case "compact": {
        const revision = Math.max(1, (cluster.servers.get(member)?.store.currentRevision ?? 1) - (n % 3));
        return this.ask(member, {kind: "compact", revision, physical: n % 2 === 0});
      }
      case "auth":
        return this.ask(
          member,
          pick<Request>(
            {kind: "authenticate", name: "root", password: "pw"},
            {kind: "authenticate", name: "root", password: "pw"},
            request("user add u --new-user-password=x"),
            request("user delete u"),
            request("auth enable"),
            {kind: "authenticate", name: "root", password: "pw"},
            request("auth disable"),
          ),
        );
      case "member":
        return this.member(member, n);
      case "upkeep":
        return this.ask(
          member,
          pick<Request>({kind: "defragment"}, {kind: "moveLeader", target: 1 + (n % 3)}),
        );
      case "run":
        return cluster.run();
      case "next":
        for (let i = 0; i < n; i++) cluster.next();
        return;
      case "tick":
        return cluster.tick(1 + (n % 4));
      case "live":
        return this.live(n);
      case "turn":
        for (let i = 0; i < 4; i++) cluster.turn(n);
        return;
      case "elect":
        return cluster.input(member, {kind: "timeout"});
      case "cut":
        cluster.isolated.clear();
        cluster.isolated.add(member);
        return;
      case "heal":
        return cluster.isolated.clear();
      case "crash":
      case "kill":
        return cluster.down(member, kind === "kill");
      case "boot":
        if (!cluster.servers.has(member)) cluster.bootAgain(member);
        return;
      case "close":
        return cluster.input(member, {kind: "streamClosed", stream: pick(0, 1, 2)});
    }
  }

  /** The faults are over. */
  end(): void {
    const {cluster} = this;
    cluster.isolated.clear();
    for (const [id] of cluster.disks) if (!cluster.servers.has(id)) cluster.bootAgain(id);
    this.settle(40);
    if (![...cluster.servers.values()].some(({raft}) => raft.role === "leader")) cluster.elect();
    this.settle(90);
    this.drain();
  }

  private live(n: number): void {
    for (let i = 0; i < n; i++) {
      this.cluster.pass(tick);
      this.cluster.tick();
    }
  }

  /** Time goes by, and whoever pauses has its turn. */
  private settle(ticks: number): void {
    for (let i = 0; i < ticks; i++) {
      this.drain();
      this.live(1);
    }
  }

  private drain(): void {
    for (let turns = 0; this.cluster.paused.length > 0 && turns < 1000; turns++) {
      this.cluster.turn(0);
      this.cluster.run();
    }
  }

  private ask(member: number, asked: Request): void {
    const id = this.nextId++;
    const token = this.token(id);
    const metadata: Metadata = {...(token === undefined ? {} : {token}), requireLeader: id % 7 === 0};
    this.cluster.input(member, {kind: "request", stream: id % 3, id, request: asked, metadata});
  }

  /** One that was given out, none, or one that will never be. */
  private token(id: number): string | undefined {
    if (id % 4 === 0) return id % 8 === 0 ? undefined : "abcdefghijklmnop.999";
    for (const {response} of this.cluster.responses.toReversed())
      if (response.result.kind === "authenticate") return response.result.token;
    return undefined;
  }

  private leaseRequest(n: number): Request {
    const lease = leases[n % 2] ?? "";
    switch (n % 5) {
      case 0:
        return {kind: "leaseGrant", lease, ttl: 2};
      case 1:
        return {kind: "leaseKeepAlive", lease};
      case 2:
        return {kind: "leaseTimeToLive", lease, keys: true};
      case 3:
        return {kind: "put", key: "d", value: Uint8Array.of(1), lease};
      default:
        return {kind: "authenticate", name: "root", password: "pw"};
    }
  }

  private watch(member: number, n: number): void {
    const {cluster} = this;
    const stream = 10 + (n % 2);
    const asked: readonly Request[] = [
      {kind: "watchCreate", key: "a", rangeEnd: "z", progressNotify: true},
      {kind: "watchCreate", key: "a", startRevision: 1, prevKv: true},
      {kind: "watchCancel", watchId: 0},
      {kind: "watchProgress"},
    ];
    const id = this.nextId++;
    const found = asked[n % asked.length];
    if (n % 5 === 4) cluster.input(member, {kind: "streamReady", stream, room: 3});
    else if (found !== undefined) cluster.input(member, {kind: "request", stream, id, request: found});
  }

  private member(member: number, n: number): void {
    const {cluster} = this;
    if (n % 4 === 0 && !cluster.disks.has(4)) cluster.start(4);
    const asked: readonly Request[] = [
      {kind: "memberAdd", member: 4, isLearner: true},
      {kind: "memberAdd", member: 4, isLearner: true},
      {kind: "memberPromote", member: 4},
      {kind: "memberRemove", member: 4},
    ];
    this.ask(member, asked[n % 4] ?? {kind: "status"});
  }
}

/** What members must agree on. */
function held({lastApplied, store, lessor, auth, membership, alarms}: Server): unknown {
  return {lastApplied, hash: store.hashKv(0), leases: [...lessor.list()].sort(), auth, membership, alarms};
}

/** What the plays must come by. */
const come =
  "InstallSnapshot ReadIndexResponse Forwarded authEnable defragment compact members leaseKeepAlive watch put".split(
    " ",
  );

describe("all parts together", () => {
  it.each([
    ["without pauses", []],
    ["with a pause at every point", points],
  ] as const)(
    "%s, twins do the same, nothing waits for ever, and all members agree",
    (_name, pausePoints) => {
      let twins = 0;
      const seen = new Map<string, number>();
      fc.assert(
        fc.property(steps, fc.boolean(), (all, isGuarded) => {
          const play = new Play({pausePoints}, isGuarded);
          for (const step of all) play.take(step);
          play.end();
          const {cluster} = play;
          twins += cluster.twins;
          for (const [what, times] of cluster.seen) seen.set(what, (seen.get(what) ?? 0) + times);
          const up = [...cluster.servers.values()].filter(({exited}) => !exited);
          for (const server of up) {
            const {id} = server.config;
            if (server.membership.removed.includes(id)) continue;
            expect([id, server.waiting()]).toEqual([id, 0]);
          }
          const leader = present(
            up.find(({raft}) => raft.role === "leader"),
            "a leader",
          );
          for (const server of up)
            if (leader.membership.members.some(({member}) => member === server.config.id))
              expect(held(server)).toEqual(held(leader));
        }),
        {numRuns: 20},
      );
      for (const what of come) expect([what, (seen.get(what) ?? 0) > 0]).toEqual([what, true]);
      expect(twins).toBeGreaterThan(1000);
    },
    120_000,
  );
});
