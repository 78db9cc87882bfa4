// The primary's rounds: every leaseCheckEvery it looks for leases that have expired, and for those whose rest the others
// should know (etcd server/lease/lessor.go, runLoop; server/etcdserver/server.go, revokeExpiredLeases). What it finds it
// proposes: expiry is an entry of the log like any other.
//
//   resting ─look─▶ taken ─▶ (confirming: a read index) ─▶ (pause at beforeRevokeExpiredLeases) ─▶ revoking ─▶ resting
//                                                                              at most leaseRevokesPending on their way
//
// A member that was stopped for a while wakes with the old time in its head: its leases look expired though somebody else
// may lead, and renew them (etcd #15247). So one whose clock has not ticked lately asks a quorum first. In etcd the
// question is open because the lessor goes on while raft is stuck on its disk; here raft is never stuck, and a member that
// hears of another leader drops the round at once, with what it has not handed to raft yet.
//
// While there is nothing to expire there is no look: a quiet member is quiet. Looks are whole leaseCheckEvery from the
// promotion.

import type {Hasher} from "../base/hasher.ts";
import {sooner} from "../base/quantity.ts";
import type {LeaseId, Micros} from "../base/quantity.ts";
import type {Lessor} from "../lease/lessor.ts";
import type {Index} from "../raft/entry.ts";
import type {ReadState} from "../raft/ready.ts";
import type {ServerConfig} from "./config.ts";
import type {ServerParts} from "./parts.ts";
import {contextsPerBoot} from "./reads.ts";
import type {Turns} from "./turns.ts";

export type LeaseWith = Pick<ServerParts, "config" | "nonce" | "raft" | "applier" | "requests" | "forwards">;

/** What of the lease actor stands at a point: a request, by its ticket, or a round of revocations, by its number below 0. */
export type Standing = number;

type Stage =
  | {readonly kind: "resting"}
  /** Asked under contexts from `first` down to `last`, again at `retryAt`; once it is answered, the store must reach `index`. */
  | {
      readonly kind: "confirming";
      readonly first: number;
      readonly last: number;
      readonly retryAt: Micros;
      readonly expires: Micros;
      readonly index: Index | undefined;
    }
  /** Comes to the point, or stands there. */
  | {readonly kind: "arriving" | "standing"}
  | {readonly kind: "revoking"};

/** Leases in one entry. etcd: maxLeaseCheckpointBatchSize. */
const checkpointsMax = 1000;
/** A clock that has not ticked for so many ticks may have been stopped. etcd: isActive. */
const activeTicks = 3;
const resting: Stage = {kind: "resting"};

export class LeaseRounds {
  private stage: Stage = resting;
  /** Of this round, still to be proposed. */
  private queue: readonly LeaseId[] = [];
  /** Proposed, and until when it counts as on its way. */
  private pending: readonly {readonly lease: LeaseId; readonly expires: Micros}[] = [];
  private contexts = 0;
  /** Names the round that stands, so that the turn of one that was given up moves no other on; counts down. */
  private round = 0;
  /** When it became the primary, and how often leaseCheckEvery was over since at its last look. */
  private promotedAt: Micros = 0;
  private looks = -1;
  /** Undefined: not in this life. */
  private tickedAt: Micros | undefined;

  ticked(now: Micros): void {
    this.tickedAt = now;
  }

  deadline({config, applier}: LeaseWith): Micros | undefined {
    const {lessor} = applier;
    if (!lessor.isPrimary) return undefined;
    const {stage} = this;
    if (stage.kind === "confirming") return Math.min(stage.retryAt, stage.expires);
    return sooner(this.lookAt(lessor, config.leaseCheckEvery), this.pending[0]?.expires);
  }

  /** Time has passed: looks, if it is time. */
  wake(parts: LeaseWith, now: Micros): void {
    const {config, applier, requests} = parts;
    this.settlePending(applier.lessor, now);
    if (this.stage.kind === "confirming") return this.retry(this.stage, parts, now);
    const at = this.lookAt(applier.lessor, config.leaseCheckEvery);
    if (at === undefined || at > now) return;
    this.looks = Math.floor((now - this.promotedAt) / config.leaseCheckEvery);
    let checkpoints = applier.lessor.takeCheckpoints(checkpointsMax, now);
    while (checkpoints.length > 0) {
      requests.proposeForLeases({kind: "leaseCheckpoint", checkpoints}, now);
      checkpoints = applier.lessor.takeCheckpoints(checkpointsMax, now);
    }
    if (this.stage.kind === "resting") this.begin(parts, now);
  }

  /** Goes on as far as it can; whether that was any further. */
  step({config, applier, requests}: LeaseWith, turns: Turns<Standing>, now: Micros): boolean {
    const {stage} = this;
    if (stage.kind === "resting" && this.pending.length === 0) return false;
    this.settlePending(applier.lessor, now);
    if (stage.kind === "confirming" && stage.index !== undefined && stage.index <= applier.index) {
      this.stage = {kind: "arriving"};
      return true;
    }
    if (stage.kind === "arriving") {
      const passes = turns.passes("beforeRevokeExpiredLeases", --this.round);
      this.stage = {kind: passes ? "revoking" : "standing"};
      return true;
    }
    if (stage.kind !== "revoking") return false;
    return this.revoke(config.leaseRevokesPending, (lease) => {
      if (!applier.lessor.has(lease)) return undefined;
      // One that is refused is taken again once its time is over, as in etcd.
      const isProposed = requests.proposeForLeases({kind: "leaseRevoke", lease}, now);
      return isProposed ? now + config.requestTimeout : undefined;
    });
  }

  /** A round may go on from where it stood. */
  turn(round: number): void {
    if (this.stage.kind === "standing" && round === this.round) this.stage = {kind: "revoking"};
  }

  /** Raft answered questions for read indexes. */
  confirm(states: readonly ReadState[]): void {
    const {stage} = this;
    if (stage.kind !== "confirming" || stage.index !== undefined) return;
    const found = states.find(({context}) => context <= stage.first && context >= stage.last);
    if (found !== undefined) this.stage = {...stage, index: found.index};
  }

  /** This member is the primary from now on. */
  promoted(now: Micros): void {
    this.promotedAt = now;
    this.looks = -1;
  }

  /** This member is not the primary any more. */
  demoted(): void {
    this.stage = resting;
    this.queue = [];
    this.pending = [];
  }

  fork(): LeaseRounds {
    const twin = new LeaseRounds();
    twin.stage = this.stage;
    twin.queue = this.queue;
    twin.pending = this.pending;
    twin.contexts = this.contexts;
    twin.round = this.round;
    twin.promotedAt = this.promotedAt;
    twin.looks = this.looks;
    twin.tickedAt = this.tickedAt;
    return twin;
  }

  digest(into: Hasher, {config, applier}: LeaseWith, now: Micros): void {
    const {stage} = this;
    into.string(stage.kind);
    if (stage.kind === "confirming") {
      into.int(stage.first);
      into.int(stage.last);
      into.int(stage.retryAt - now);
      into.int(stage.expires - now);
      into.int(stage.index ?? 0);
    }
    into.int(this.queue.length);
    for (const lease of this.queue) into.string(lease);
    into.int(this.pending.length);
    for (const {lease, expires} of this.pending) {
      into.string(lease);
      into.int(expires - now);
    }
    into.int(this.contexts);
    into.int(this.round);
    into.int(this.sinceTick(config, now));
    if (!applier.lessor.isPrimary) return;
    const every = config.leaseCheckEvery;
    const since = now - this.promotedAt;
    into.int(since % every);
    // Whether this one was made already; what was before is over.
    into.bool(this.looks === Math.floor(since / every));
  }

  /** When the next look is worth while. */
  private lookAt(lessor: Lessor, every: Micros): Micros | undefined {
    const due = this.stage.kind === "resting" ? lessor.deadline() : lessor.nextCheckpoint;
    if (due === undefined || !lessor.isPrimary) return undefined;
    return this.promotedAt + Math.max(this.looks + 1, Math.ceil((due - this.promotedAt) / every)) * every;
  }

  private begin(parts: LeaseWith, now: Micros): void {
    const {config, applier} = parts;
    const {requestTimeout: timeout} = config;
    const taken = applier.lessor.takeExpired(config.leaseRevokesMax, now + timeout, now);
    const pending = new Set(this.pending.map(({lease}) => lease));
    this.queue = taken.filter((lease) => !pending.has(lease));
    if (this.queue.length === 0) return;
    if (this.sinceTick(config, now) < activeTicks * config.tick) this.stage = {kind: "arriving"};
    else this.ask(parts, {expires: now + timeout, first: undefined}, now);
  }

  /** How long ago its clock ticked, as far as it matters. */
  private sinceTick({tick}: ServerConfig, now: Micros): Micros {
    return Math.min(now - (this.tickedAt ?? -Infinity), activeTicks * tick);
  }

  /** Asks a quorum whether it leads still. Contexts are the last ones of the boot's, reads.ts has the first ones. */
  private ask(
    {config, nonce, raft}: LeaseWith,
    {expires, first}: {readonly expires: Micros; readonly first: number | undefined},
    now: Micros,
  ): void {
    const last = nonce * contextsPerBoot + contextsPerBoot - ++this.contexts;
    const retryAt = now + config.readIndexRetry;
    this.stage = {kind: "confirming", first: first ?? last, last, retryAt, expires, index: undefined};
    raft.readIndex(last);
  }

  private retry(stage: Stage & {readonly kind: "confirming"}, parts: LeaseWith, now: Micros): void {
    if (stage.expires <= now) {
      // Not confirmed: they are taken again once their time is over.
      this.stage = resting;
      this.queue = [];
    } else if (stage.retryAt <= now) {
      if (stage.index === undefined) this.ask(parts, stage, now);
      else this.stage = {...stage, retryAt: stage.expires};
    }
  }

  /** Proposes what there is room for; `propose` answers until when it is on its way, or that there is no need. */
  private revoke(most: number, propose: (lease: LeaseId) => Micros | undefined): boolean {
    let done = 0;
    while (done < this.queue.length && this.pending.length < most) {
      const lease = this.queue[done++];
      const expires = lease === undefined ? undefined : propose(lease);
      if (lease !== undefined && expires !== undefined) this.pending = [...this.pending, {lease, expires}];
    }
    this.queue = this.queue.slice(done);
    if (this.queue.length > 0) return done > 0;
    this.stage = resting;
    return true;
  }

  /** A revocation is over once the lease is gone, or its time is. */
  private settlePending(lessor: Lessor, now: Micros): void {
    if (this.pending.every(({lease, expires}) => expires > now && lessor.has(lease))) return;
    this.pending = this.pending.filter(({lease, expires}) => expires > now && lessor.has(lease));
  }
}
