// Who holds the leases: what was granted, which keys hang on it, and, on the member that leads, how long each has still to
// live (etcd server/lease/lessor.go). What comes through the log is equal on all members; expiries are one member's, by its
// clock, and only while it is the primary.
//
//   granted, attached, checkpointed  ── all members          expiries, checkpoints due  ── the primary
//                                        promote ──▶ each lives its whole time anew, and an election timeout more
//                                        demote  ──▶ for ever
//
// All of it is in trees whose forks share structure. What expires next is the least of (time, id).

import {assert} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import {compareKeys} from "../base/key.ts";
import type {Key} from "../base/key.ts";
import {integerMax, second, sooner} from "../base/quantity.ts";
import type {LeaseId, Micros} from "../base/quantity.ts";
import {failed, ok} from "../base/result.ts";
import type {Result} from "../base/result.ts";
import {BTree} from "../btree/btree.ts";
import {Agenda} from "./agenda.ts";
import {Attachments} from "./attachments.ts";
import type {LeaseRecord} from "./leaseRecord.ts";
import {leaseRules, type LeaseRules} from "./rules.ts";
import {spread} from "./spread.ts";

export interface LessorConfig {
  /** Seconds; a lease that is granted less gets so much. etcd: ⌈1.5 × election timeout⌉. */
  readonly minTtl: number;
  /** Expired leases that can be revoked in a second: more are not to expire together after a promotion. etcd: 1,000. */
  readonly revokesPerSecond: number;
  /** How long a lease must have left to be checkpointed, and after how long it is; 0: none is. etcd: 5 min. */
  readonly checkpointEvery: Micros;
}

/** The errors of etcd's lessor. */
export type LeaseError = "leaseNotFound" | "leaseExists" | "leaseTtlTooLarge";

/** What came of a renewal. An expired lease can only be waited for: to be revoked, or for another primary. */
export type Renewal =
  | {readonly kind: "renewed"; readonly ttl: number}
  | {readonly kind: "notFound" | "notPrimary" | "expired"};

/** A lease for who looks on. */
export interface LeaseView extends LeaseRecord {
  /** Seconds left, 0 or less once it has expired; undefined where nobody counts. */
  readonly remaining: number | undefined;
  readonly keys: readonly Key[];
}

/** Seconds. etcd: MaxLeaseTTL. */
export const ttlMax = 9_000_000_000;

export class Lessor {
  readonly rules: LeaseRules;
  private readonly config: LessorConfig;
  private leases = new BTree<LeaseId, LeaseRecord>(compareKeys);
  private attachments = new Attachments();
  private primary = false;
  /** When each lease ends; of none while it is not the primary. */
  private expiries = new BTree<LeaseId, Micros>(compareKeys);
  /** When to look at each: as it ends, or, if it was taken to be revoked, when to take it again. */
  private looks = new Agenda();
  private checkpoints = new Agenda();

  constructor(config: LessorConfig, rules: LeaseRules = leaseRules) {
    this.config = config;
    this.rules = rules;
  }

  /** As a backend file has it: its leases, and the keys whose last value names one. One that is not there is none (etcd logs it). */
  static restored(
    config: LessorConfig,
    leases: readonly LeaseRecord[],
    attached: Iterable<readonly [Key, LeaseId]>,
    rules: LeaseRules = leaseRules,
  ): Lessor {
    const lessor = new Lessor(config, rules);
    for (const record of leases) if (rules.isRestored(record.lease)) lessor.leases.set(record.lease, record);
    if (!rules.attachesAnew()) return lessor;
    for (const [key, lease] of attached) if (lessor.has(lease)) lessor.attachments.attach(key, lease);
    return lessor;
  }

  /** Whether this member keeps time. */
  get isPrimary(): boolean {
    return this.primary;
  }

  get size(): number {
    return this.leases.size;
  }

  has(lease: LeaseId): boolean {
    return this.leases.get(lease) !== undefined;
  }

  /** Whether a key may be put on it. */
  takes(lease: LeaseId): boolean {
    return this.rules.mayAttach({isThere: this.has(lease)});
  }

  get(lease: LeaseId): LeaseRecord | undefined {
    return this.leases.get(lease);
  }

  /** The lease of a key; "" if it has none. */
  leaseOf(key: Key): LeaseId {
    return this.attachments.leaseOf(key);
  }

  /** The keys of a lease, ascending. */
  keysOf(lease: LeaseId): readonly Key[] {
    return this.attachments.keysOf(lease);
  }

  // ---- what comes through the log

  /** A ttl below the least is raised to it. */
  grant(lease: LeaseId, ttl: number, now: Micros): Result<LeaseRecord, LeaseError> {
    if (lease === "") return failed("leaseNotFound");
    if (ttl > ttlMax) return failed("leaseTtlTooLarge");
    if (this.has(lease)) return failed("leaseExists");
    const record = {lease, ttl: Math.max(ttl, this.config.minTtl), remainingTtl: 0};
    this.leases.set(lease, record);
    if (this.primary) this.begin(record, 0, {takenOver: false, now});
    return ok(record);
  }

  /** The lease is gone; answers its keys, which must go with it, in this order: ascending. */
  revoke(lease: LeaseId): Result<readonly Key[], LeaseError> {
    if (!this.leases.delete(lease)) return failed("leaseNotFound");
    const keys = this.attachments.drop(lease);
    this.expiries.delete(lease);
    this.looks.delete(lease);
    this.checkpoints.delete(lease);
    return ok(this.rules.deletionOrder(keys));
  }

  /** How much is left of a lease, as the primary said; 0: all of it, for it was renewed. Answers the lease as it is now. */
  checkpoint(lease: LeaseId, remainingTtl: number, now: Micros): LeaseRecord | undefined {
    const known = this.leases.get(lease);
    if (known === undefined) return undefined;
    const record = {...known, remainingTtl};
    this.leases.set(lease, record);
    if (this.primary) this.scheduleCheckpoint(record, now);
    return record;
  }

  /** A put: the key hangs on this lease alone from now on; "" is none. */
  attach(key: Key, lease: LeaseId): void {
    if (lease === "") return this.attachments.detach(key);
    assert(this.takes(lease), `a key is attached to lease ${lease}, which is not there`);
    this.attachments.attach(key, lease);
  }

  /** A delete. */
  detach(key: Key): void {
    this.attachments.detach(key);
  }

  // ---- the primary

  /** Begins to keep time: all leases live anew, by `extend` longer than what they were granted or had left. */
  promote(extend: Micros, now: Micros): void {
    this.primary = true;
    this.expiries = new BTree(compareKeys);
    this.looks = new Agenda();
    this.checkpoints = new Agenda();
    const about = {takenOver: true, now};
    this.leases.scan(undefined, (_, record) => {
      this.begin(record, extend, about);
      return true;
    });
    const perSecond = this.config.revokesPerSecond;
    if (this.leases.size < perSecond) return;
    for (const {lease, delay} of spread(this.looks.all(), perSecond, now)) {
      const record = this.leases.get(lease);
      if (record !== undefined) this.begin(record, extend + delay, about);
    }
  }

  /** Another member keeps time, or none. */
  demote(): void {
    if (!this.primary) return;
    this.primary = false;
    this.expiries = new BTree(compareKeys);
    this.looks = new Agenda();
    this.checkpoints = new Agenda();
  }

  /**
   * The lease lives its whole time anew, unless it has expired already. What was checkpointed must have been taken back before.
   * `seen`: as it was when who renews it looked before.
   */
  renew(lease: LeaseId, now: Micros, seen?: LeaseRecord): Renewal {
    if (!this.primary) return {kind: "notPrimary"};
    const record = this.rules.leaseToRenew({seen, found: this.leases.get(lease)});
    if (record === undefined) return {kind: "notFound"};
    if (!this.rules.mayRenew({hasExpired: this.hasExpired(lease, now)})) return {kind: "expired"};
    this.setExpiry(lease, later(now, record.ttl * second));
    return {kind: "renewed", ttl: record.ttl};
  }

  hasExpired(lease: LeaseId, now: Micros): boolean {
    const expiry = this.expiries.get(lease);
    return expiry !== undefined && expiry <= now;
  }

  /** When it ends; undefined where nobody counts. */
  expiryOf(lease: LeaseId): Micros | undefined {
    return this.expiries.get(lease);
  }

  /** Whole seconds left, towards 0: below it once it has expired. etcd: int64(Remaining().Seconds()). */
  remaining(lease: LeaseId, now: Micros): number | undefined {
    const expiry = this.expiries.get(lease);
    return expiry === undefined ? undefined : Math.trunc((expiry - now) / second);
  }

  /** When the next lease is to be revoked, once more if it was taken already. */
  get nextExpiry(): Micros | undefined {
    return this.looks.first();
  }

  get nextCheckpoint(): Micros | undefined {
    return this.checkpoints.first();
  }

  /** When it has something to do. */
  deadline(): Micros | undefined {
    return sooner(this.nextExpiry, this.nextCheckpoint);
  }

  /** Expired leases, those that expired first first; not the same again before `retryAt`. */
  takeExpired(most: number, retryAt: Micros, now: Micros): readonly LeaseId[] {
    const taken = this.looks.take(most, now);
    for (const lease of taken) this.looks.set(lease, retryAt);
    return taken;
  }

  /** What is left, in seconds, upwards, of leases that it is time to tell the others of. */
  takeCheckpoints(
    most: number,
    now: Micros,
  ): readonly {readonly lease: LeaseId; readonly remainingTtl: number}[] {
    const due: {lease: LeaseId; remainingTtl: number}[] = [];
    for (const lease of this.checkpoints.take(most, now)) {
      const expiry = this.expiries.get(lease) ?? now;
      const remainingTtl = Math.ceil((expiry - now) / second);
      if (expiry <= now || remainingTtl >= (this.leases.get(lease)?.ttl ?? 0)) continue;
      due.push({lease, remainingTtl});
    }
    return due;
  }

  // ---- to look at

  /** All of them, those that end first first; ascending where nobody counts. */
  list(): readonly LeaseId[] {
    const ids: LeaseId[] = [];
    this.leases.scan(undefined, (lease) => ids.push(lease) > 0);
    const end = (lease: LeaseId): Micros => this.expiries.get(lease) ?? integerMax;
    return ids.sort((a, b) => end(a) - end(b) || compareKeys(a, b));
  }

  view(now: Micros): readonly LeaseView[] {
    return this.list().flatMap((lease) => {
      const record = this.leases.get(lease);
      const remaining = this.remaining(lease, now);
      return record === undefined ? [] : [{...record, remaining, keys: this.keysOf(lease)}];
    });
  }

  /** An independent twin in O(1); structure is shared. */
  fork(): Lessor {
    const twin = new Lessor(this.config, this.rules);
    twin.leases = this.leases.fork();
    twin.attachments = this.attachments.fork();
    twin.primary = this.primary;
    twin.expiries = this.expiries.fork();
    twin.looks = this.looks.fork();
    twin.checkpoints = this.checkpoints.fork();
    return twin;
  }

  /** What comes through the log, and is equal on all members that have applied the same: the leases, what was granted and what is left. */
  digestRecords(into: Hasher): void {
    into.int(this.leases.size);
    this.leases.scan(undefined, (lease, {ttl, remainingTtl}) => {
      into.string(lease);
      into.int(ttl);
      into.int(remainingTtl);
      return true;
    });
  }

  /** Which keys hang on a lease is the store's to say: it follows from their last values. */
  digest(into: Hasher, now: Micros): void {
    into.bool(this.primary);
    into.int(this.leases.size);
    this.leases.scan(undefined, (lease, {ttl, remainingTtl}) => {
      into.string(lease);
      into.int(ttl);
      into.int(remainingTtl);
      into.int((this.expiries.get(lease) ?? now - 1) - now);
      return true;
    });
    this.looks.digest(into, now);
    this.checkpoints.digest(into, now);
  }

  /** Its time begins: what it was granted, or what was left of it. */
  private begin(
    record: LeaseRecord,
    extend: Micros,
    {takenOver, now}: {readonly takenOver: boolean; readonly now: Micros},
  ): void {
    const seconds = record.remainingTtl > 0 ? record.remainingTtl : record.ttl;
    this.setExpiry(record.lease, later(now, seconds * second, extend));
    if (this.rules.mayCheckpoint({takenOver})) this.scheduleCheckpoint(record, now);
  }

  private setExpiry(lease: LeaseId, expiry: Micros): void {
    this.expiries.set(lease, expiry);
    this.looks.set(lease, expiry);
  }

  private scheduleCheckpoint({lease, ttl, remainingTtl}: LeaseRecord, now: Micros): void {
    const every = this.config.checkpointEvery;
    const seconds = remainingTtl > 0 ? remainingTtl : ttl;
    if (every > 0 && seconds > Math.floor(every / second)) this.checkpoints.set(lease, now + every);
  }
}

/** The longest lease and a clock that has run for months are more than a number holds exactly. */
function later(now: Micros, ...by: readonly Micros[]): Micros {
  return Math.min(
    integerMax,
    by.reduce((sum, one) => sum + one, now),
  );
}
