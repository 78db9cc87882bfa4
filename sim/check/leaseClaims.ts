// What etcd promises of leases (api_guarantees.md, Lease).

import {second} from "../../core/base/quantity.ts";
import type {LeaseId, MemberId, Micros} from "../../core/base/quantity.ts";
import {bytesOfKey, textOfBytes} from "../../core/base/key.ts";
import type {KeyValue} from "../../core/mvcc/kv.ts";
import {everyKey} from "../../core/mvcc/store.ts";
import {Clock} from "../clock.ts";
import type {EventRecord} from "../event.ts";
import type {Operation} from "../history/operation.ts";
import type {LeaseEntry} from "../history/appliedLog.ts";
import type {MemberView, WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {nameOf} from "./entries.ts";
import {say} from "./words.ts";

/** What a member's clock said, whenever it was. All begin true. */
class ClockRecord {
  static readonly true = new ClockRecord([{from: 0, clock: Clock.true}]);
  private readonly clocks: readonly {readonly from: Micros; readonly clock: Pick<Clock, "read" | "rate">}[];

  constructor(clocks: ClockRecord["clocks"]) {
    this.clocks = clocks;
  }

  seen(clock: Pick<Clock, "read" | "rate">, now: Micros): ClockRecord {
    return this.clocks.at(-1)?.clock === clock ? this : new ClockRecord([...this.clocks, {from: now, clock}]);
  }

  at(time: Micros): Micros {
    const last = this.clocks.findLast(({from}) => from <= time) ?? this.clocks[0];
    return last === undefined ? time : last.clock.read(time);
  }
}

/** A lease as its clients know it: granted or renewed, and for how long it is good since it was asked for. */
interface Life {
  readonly operation: Operation;
  readonly lease: LeaseId;
  readonly ttl: Micros;
  /** Of the member that answered. */
  readonly term: number;
}

/**
 * A lease that runs out has lived its time to live since it was granted or renewed last, by the clock of the leader that ends
 * it; a leader that found it gives it all of its time anew. L1. Leases that clients revoke are their affair, and what an
 * earlier leader renewed when there was a later one already is not known to that.
 */
export class LeasesLiveOn implements Checker {
  readonly name = "Leases Live Their Time";
  readonly interest = {changes: ["role", "fault"]} as const;
  private clocks: readonly ClockRecord[] = [];
  /** When each term's leader began to lead. */
  private leading = new Map<number, Micros>();
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new LeasesLiveOn();
    twin.clocks = this.clocks;
    twin.leading = new Map(this.leading);
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, {changes, at}: EventRecord): undefined {
    for (const change of changes) {
      if (change.kind === "role" && change.role === "leader" && !this.leading.has(change.term))
        this.leading.set(change.term, at);
      if (change.kind === "fault" && (change.action.kind === "clock" || change.action.kind === "jump"))
        this.clocks = view.members.map(({clock}, i) => (this.clocks[i] ?? ClockRecord.true).seen(clock, at));
    }
  }

  end(view: WorldView): Violation | undefined {
    this.count = 0;
    const lives = view.operations.map(lifeOf).filter((life) => life !== undefined);
    const ended = new Map<LeaseId, number>();
    const reused = grantedAgain(view.operations);
    for (const revocation of view.leaseLog.filter(({kind}) => kind === "revoke")) {
      const {lease, moment} = revocation;
      if (reused.has(lease)) continue;
      const since = ended.get(lease) ?? 0;
      ended.set(lease, moment.step);
      const mine = lives.filter(
        (life) =>
          life.lease === lease &&
          life.operation.invoked.step > since &&
          life.operation.invoked.step < moment.step,
      );
      if (mine.length === 0 || askedToEnd(view.operations, lease, moment.step)) continue;
      this.count++;
      const said = this.early(revocation, mine, view);
      if (said !== undefined)
        return {
          check: this.name,
          said,
          evidence: view.last === undefined ? [] : [view.last.id],
          step: moment.step,
        };
    }
    return undefined;
  }

  private early(
    {lease, term, proposer, moment}: LeaseEntry,
    lives: readonly Life[],
    view: WorldView,
  ): Violation["said"] | undefined {
    const clock = this.clocks[proposer - 1] ?? ClockRecord.true;
    const began = this.leading.get(term) ?? 0;
    const keepsChecks = view.members.some(({config}) => config.leaseCheckpointEvery > 0);
    for (const {operation, ttl, term: answeredIn} of lives) {
      // What an earlier leader renewed counts from when the later one began; how much was left it may know of.
      const from = answeredIn === term ? operation.invoked.at : began;
      if (answeredIn !== term && keepsChecks) continue;
      const passed = clock.at(moment.at) - clock.at(from);
      if (passed >= ttl) continue;
      const args = {lease, member: nameOf(proposer), passed: passed / 1000, due: ttl / 1000};
      return say("leaseEarly", args, [nameOf(proposer), `op:${operation.client}#${operation.call}`]);
    }
    return undefined;
  }
}

/**
 * Where leases are checkpointed, one that nobody renews lives its time once, however often leaders change: a change costs what
 * passed since the last checkpoint, and an election. To be asked of runs whose members are well: etcd promises no more than that a
 * lease does not end early (#9888, #13491).
 */
export class LeasesEndInTime implements Checker {
  readonly name = "Leases End In Time";
  readonly interest = {changes: ["role"]} as const;
  /** When each term's leader began to lead. */
  private leading = new Map<number, Micros>();
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new LeasesEndInTime();
    twin.leading = new Map(this.leading);
    twin.count = this.count;
    return twin as this;
  }

  after(_view: WorldView, {changes, at}: EventRecord): undefined {
    for (const change of changes)
      if (change.kind === "role" && change.role === "leader" && !this.leading.has(change.term))
        this.leading.set(change.term, at);
  }

  end(view: WorldView): Violation | undefined {
    this.count = 0;
    const config = view.members[0]?.config;
    if (config === undefined || config.leaseCheckpointEvery === 0) return undefined;
    const {electionTicks, tick, leaseCheckEvery, leaseCheckpointEvery} = config;
    const perChange = leaseCheckpointEvery + leaseCheckEvery + electionsMax * electionTicks * tick + second;
    for (const [lease, {ttl, from}] of lastRenewals(view.operations)) {
      const to = view.leaseLog.find((entry) => entry.kind === "revoke" && entry.lease === lease)?.moment.at;
      const lived = (to ?? view.now) - from;
      const changes = [...this.leading.values()].filter((at) => at > from && at < from + lived).length;
      const most = ttl + leaseCheckEvery + second + changes * perChange;
      if (to !== undefined || lived > most) this.count++;
      if (lived <= most) continue;
      const said = say("leaseLate", {lease, lived: lived / 1000, due: most / 1000}, []);
      const evidence = view.last === undefined ? [] : [view.last.id];
      return {check: this.name, said, evidence, step: view.step};
    }
    return undefined;
  }
}

/** Election timeouts that a change of leaders takes at most. */
const electionsMax = 4;

/** When each lease was granted or renewed last, and for how long; none that may have been renewed without an answer. */
function lastRenewals(
  operations: readonly Operation[],
): ReadonlyMap<LeaseId, {readonly ttl: Micros; readonly from: Micros}> {
  const renewals = new Map<LeaseId, {readonly ttl: Micros; readonly from: Micros}>();
  const unsure = new Set<LeaseId>();
  for (const operation of operations) {
    const {request, outcome, returned} = operation;
    const life = lifeOf(operation);
    if (life !== undefined && returned !== undefined)
      renewals.set(life.lease, {
        ttl: life.ttl,
        from: Math.max(returned.at, renewals.get(life.lease)?.from ?? 0),
      });
    else if (request.kind === "leaseKeepAlive" && outcome?.kind !== "ok") unsure.add(request.lease);
  }
  for (const lease of unsure) renewals.delete(lease);
  return renewals;
}

function lifeOf(operation: Operation): Life | undefined {
  const {outcome} = operation;
  if (outcome?.kind !== "ok") return undefined;
  const {result, header} = outcome.response;
  if (result.kind !== "leaseGrant" && result.kind !== "leaseKeepAlive") return undefined;
  if (result.ttl <= 0) return undefined;
  return {operation, lease: result.lease, ttl: result.ttl * 1_000_000, term: header.raftTerm};
}

/**
 * Leases whose id was granted more than once: a revocation that was on its way for the first may end the second, which has no
 * other name. etcd's too; who picks ids should not pick one twice.
 */
function grantedAgain(operations: readonly Operation[]): ReadonlySet<LeaseId> {
  const [once, again] = [new Set<LeaseId>(), new Set<LeaseId>()];
  for (const {request, outcome} of operations) {
    if (request.kind !== "leaseGrant" || request.lease === undefined || outcome?.kind === "failed") continue;
    (once.has(request.lease) ? again : once).add(request.lease);
  }
  return again;
}

function askedToEnd(operations: readonly Operation[], lease: LeaseId, before: number): boolean {
  return operations.some(
    ({request, invoked}) =>
      request.kind === "leaseRevoke" && request.lease === lease && invoked.step < before,
  );
}

/** With a lease go all of its keys: none is left attached when its revocation was applied. L2. */
export class LeasesEndWhole implements Checker {
  readonly name = "Leases End Whole";
  readonly interest = {changes: ["apply"]} as const;
  private seen = 0;
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new LeasesEndWhole();
    twin.seen = this.seen;
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    const {leaseLog} = view;
    for (; this.seen < leaseLog.length; this.seen++) {
      const revocation = leaseLog[this.seen];
      if (revocation?.kind !== "revoke") continue;
      const {lease, index} = revocation;
      const keys = keysWithout(view.members[revocation.member - 1], lease);
      if (keys === undefined) continue;
      const left = keys.find((kv) => kv.lease === lease)?.key;
      if (left !== undefined || tookKeys(revocation, view)) this.count++;
      if (left === undefined) continue;
      const said = say("leaseHalf", {lease, index, key: textOfBytes(bytesOfKey(left))}, [
        nameOf(revocation.member),
      ]);
      this.seen++;
      return {check: this.name, said, evidence: [event.id], step: event.step};
    }
    return undefined;
  }
}

/** All keys of a member that does not know the lease (any more); undefined where that cannot be seen. To none ("") nothing is attached. */
function keysWithout(member: MemberView | undefined, lease: LeaseId): readonly KeyValue[] | undefined {
  const server = member?.server;
  if (server === undefined || lease === "" || server.lessor.has(lease)) return undefined;
  const found = server.store.range({kind: "range", key: everyKey.to, rangeEnd: everyKey.to});
  return found.ok ? found.value.kvs : undefined;
}

/** Whether keys went when it was applied: one that takes none cannot do so by halves. */
function tookKeys({least, most}: LeaseEntry, {revisions}: WorldView): boolean {
  for (let revision = least + 1; revision <= most; revision++)
    if (revisions.at(revision)?.some(({kind}) => kind === "delete") === true) return true;
  return false;
}

/** A member that has ended a lease renews it for nobody. L3 (etcd #14758). */
export class NoRenewalAfterTheEnd implements Checker {
  readonly name = "No Renewal After The End";
  readonly interest = {payloads: ["response"], changes: ["apply"]} as const;
  /** By member and lease: when it applied the end. */
  private ended = new Map<string, Micros>();
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new NoRenewalAfterTheEnd();
    twin.ended = new Map(this.ended);
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    const {payload, changes, at} = event;
    for (const change of changes) {
      if (change.kind !== "apply") continue;
      // Ascending by index, and what was applied is near the end.
      for (let i = view.leaseLog.length; i > 0; i--) {
        const entry = view.leaseLog[i - 1];
        if (entry === undefined || entry.index < change.from) break;
        if (entry.kind === "revoke" && entry.index <= change.to)
          this.ended.set(`${change.member}/${entry.lease}`, at);
      }
    }
    if (payload.kind !== "response") return undefined;
    const {result} = payload.response;
    if (result.kind !== "leaseKeepAlive") return undefined;
    const {from, client, sent} = payload;
    const end = this.ended.get(`${from}/${result.lease}`);
    const server = view.members[from - 1]?.server;
    // Granted anew, or renewed by another member that it asked: not its own doing.
    if (end === undefined || server?.raft.role !== "leader" || server.lessor.has(result.lease))
      return undefined;
    this.count++;
    if (result.ttl <= 0 || sent <= end) return undefined;
    const member: MemberId = from;
    const said = say("leaseRenewedAfterEnd", {member: nameOf(member), lease: result.lease, client}, [
      nameOf(member),
      client,
    ]);
    return {check: this.name, said, evidence: [event.id], step: event.step};
  }
}

/**
 * Nobody is told that a lease has longer to live than it can have: what it was granted, and an election timeout if another leader
 * took it over. Where so many are taken over that their ends are spread, twice as long as that takes. L1 (etcd #17642).
 */
export class RestWithinGrant implements Checker {
  readonly name = "Rest Within Grant";
  readonly interest = {payloads: ["response"]} as const;
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new RestWithinGrant();
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, {id, step, payload}: EventRecord): Violation | undefined {
    if (payload.kind !== "response") return undefined;
    const {from, client, response} = payload;
    const {result} = response;
    const config = view.members[from - 1]?.config;
    if (result.kind !== "leaseTimeToLive" || result.grantedTtl === 0 || config === undefined)
      return undefined;
    this.count++;
    const {lease, ttl, grantedTtl} = result;
    const {electionTicks, tick, leaseRevokesMax, leaseCheckEvery} = config;
    const spread = Math.ceil((2 * view.leaseLog.length * leaseCheckEvery) / leaseRevokesMax);
    if (ttl * second <= grantedTtl * second + electionTicks * tick + spread) return undefined;
    const args = {member: nameOf(from), client, lease, ttl, granted: grantedTtl};
    const said = say("leaseRest", args, [nameOf(from), client]);
    return {check: this.name, said, evidence: [id], step};
  }
}

/** So many times members apply entries between two looks at all keys of one. */
const lookEvery = 64;

/** A key counts to one lease at most: the one that its last put named. Every member's lessor and store agree. L4. */
export class OneLeasePerKey implements Checker {
  readonly name = "One Lease Per Key";
  readonly interest = {changes: ["apply"]} as const;
  private applied = 0;
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new OneLeasePerKey();
    twin.applied = this.applied;
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, event: EventRecord): Violation | undefined {
    for (const change of event.changes) {
      if (change.kind !== "apply" || ++this.applied % lookEvery !== 0) continue;
      const member = view.members[change.member - 1];
      const said = member && this.look(member);
      if (said !== undefined) return {check: this.name, said, evidence: [event.id], step: event.step};
    }
    return undefined;
  }

  end(view: WorldView): Violation | undefined {
    for (const member of view.members) {
      const said = this.look(member);
      if (said !== undefined)
        return {
          check: this.name,
          said,
          evidence: view.last === undefined ? [] : [view.last.id],
          step: view.step,
        };
    }
    return undefined;
  }

  private look({id, server}: MemberView): Violation["said"] | undefined {
    if (server === undefined) return undefined;
    const stored = new Map<string, LeaseId>();
    const found = server.store.range({kind: "range", key: everyKey.to, rangeEnd: everyKey.to});
    for (const kv of found.ok ? found.value.kvs : []) if (kv.lease !== "") stored.set(kv.key, kv.lease);
    const wrong = (lease: LeaseId, key: string): Violation["said"] =>
      say(
        "leaseKeys",
        {member: nameOf(id), lease, key: textOfBytes(bytesOfKey(key)), stored: stored.get(key) ?? "–"},
        [nameOf(id)],
      );
    for (const lease of server.lessor.list()) {
      for (const key of server.lessor.keysOf(lease)) {
        this.count++;
        if (stored.get(key) !== lease) return wrong(lease, key);
        stored.delete(key);
      }
    }
    for (const [key, lease] of stored) return wrong(lease, key);
    return undefined;
  }
}
