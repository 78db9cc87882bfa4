// Linearizable reads (thesis §6.4; etcd server/etcdserver/read): those that arrive while a batch is out wait for the
// next one. A batch asks for a read index under a context; without an answer it asks again under a fresh one, and an
// answer to any of its contexts confirms it. Then its reads wait until the store has applied that index.
//
//   add ──▶ next ──start──▶ batch {contexts} ──confirm(index)──▶ confirmed ──applied ≥ index──▶ ready
//
// Contexts are never used twice, also not across boots: a late answer to a read of another life would name an old index.

import {assert} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {Micros} from "../base/quantity.ts";
import type {RangeRequest, TxnRequest} from "../mvcc/kv.ts";
import type {Index} from "../raft/entry.ts";
import {encodeRequest} from "./command.ts";
import type {Asker} from "./proposals.ts";

export interface Read extends Asker {
  readonly request: RangeRequest | TxnRequest;
  readonly expires: Micros;
}

interface Batch {
  /** Ascending, consecutive: the names under which it asked. */
  readonly firstContext: number;
  readonly lastContext: number;
  readonly reads: readonly Read[];
  readonly retryAt: Micros;
}

interface Confirmed {
  readonly index: Index;
  readonly reads: readonly Read[];
}

/** Contexts that one boot may use: reads from the first on, who asks for itself (leaseRounds.ts) from the last. */
export const contextsPerBoot = 2 ** 22;
/** Bound of the nonce that the contexts of a boot begin with. */
export const nonceBound = 2 ** 31;

export class Reads {
  private readonly nonce: number;
  private contexts = 0;
  private next: readonly Read[] = [];
  private batch: Batch | undefined;
  private confirmed: readonly Confirmed[] = [];

  /** `nonce`: drawn once per boot, in [0, nonceBound). */
  constructor(nonce: number) {
    this.nonce = nonce;
  }

  get size(): number {
    let size = this.next.length + (this.batch?.reads.length ?? 0);
    for (const {reads} of this.confirmed) size += reads.length;
    return size;
  }

  add(read: Read): void {
    this.next = [...this.next, read];
  }

  /** Starts the next batch if none is out. Returns the context to ask under. */
  start(retryAt: Micros): number | undefined {
    if (this.batch !== undefined || this.next.length === 0) return undefined;
    const context = this.freshContext();
    this.batch = {firstContext: context, lastContext: context, reads: this.next, retryAt};
    this.next = [];
    return context;
  }

  /** Asks again if a batch is out and its time has come. Returns the fresh context. */
  retry(now: Micros, retryAt: Micros): number | undefined {
    if (this.batch === undefined || this.batch.retryAt > now) return undefined;
    const context = this.freshContext();
    this.batch = {...this.batch, lastContext: context, retryAt};
    return context;
  }

  /** The answer to a context; one that no batch asked under any more is dropped. */
  confirm(context: number, index: Index): void {
    const {batch} = this;
    if (batch === undefined || context < batch.firstContext || context > batch.lastContext) return;
    this.batch = undefined;
    this.confirmed = [...this.confirmed, {index, reads: batch.reads}];
  }

  /** Takes the reads whose index the store has applied. */
  ready(applied: Index): readonly Read[] {
    if (!this.confirmed.some(({index}) => index <= applied)) return [];
    const ready = this.confirmed.filter(({index}) => index <= applied).flatMap(({reads}) => reads);
    this.confirmed = this.confirmed.filter(({index}) => index > applied);
    return ready;
  }

  /** Another leader was elected: takes the reads of the batch, whose question may be lost. */
  leaderChanged(): readonly Read[] {
    const reads = this.batch?.reads ?? [];
    this.batch = undefined;
    return reads;
  }

  /** Takes those whose time ran out. */
  expire(now: Micros): readonly Read[] {
    const oldest = this.oldest();
    if (oldest === undefined || oldest > now) return [];
    const expired = this.all().filter((read) => read.expires <= now);
    this.keep((read) => read.expires > now);
    return expired;
  }

  deadline(): Micros | undefined {
    const oldest = this.oldest();
    const retryAt = this.batch?.retryAt;
    if (oldest === undefined || retryAt === undefined) return oldest ?? retryAt;
    return Math.min(oldest, retryAt);
  }

  close(stream: number): void {
    if (this.size > 0) this.keep((read) => read.stream !== stream);
  }

  fork(): Reads {
    const twin = new Reads(this.nonce);
    twin.contexts = this.contexts;
    twin.next = this.next;
    twin.batch = this.batch;
    twin.confirmed = this.confirmed;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.nonce);
    into.int(this.contexts);
    into.int(this.next.length);
    for (const read of this.next) digestRead(read, into, now);
    into.bool(this.batch !== undefined);
    if (this.batch !== undefined) {
      into.int(this.batch.firstContext);
      into.int(this.batch.retryAt - now);
      into.int(this.batch.reads.length);
      for (const read of this.batch.reads) digestRead(read, into, now);
    }
    into.int(this.confirmed.length);
    for (const {index, reads} of this.confirmed) {
      into.int(index);
      into.int(reads.length);
      for (const read of reads) digestRead(read, into, now);
    }
  }

  private freshContext(): number {
    assert(this.contexts < contextsPerBoot, `a boot has ${contextsPerBoot} read contexts, all are used`);
    return this.nonce * contextsPerBoot + this.contexts++;
  }

  private all(): readonly Read[] {
    return [...this.confirmed.flatMap(({reads}) => reads), ...(this.batch?.reads ?? []), ...this.next];
  }

  private oldest(): Micros | undefined {
    let oldest: Micros | undefined;
    if (this.size === 0) return undefined;
    for (const {expires} of this.all()) if (oldest === undefined || expires < oldest) oldest = expires;
    return oldest;
  }

  private keep(wanted: (read: Read) => boolean): void {
    this.next = this.next.filter(wanted);
    this.confirmed = this.confirmed
      .map(({index, reads}) => ({index, reads: reads.filter(wanted)}))
      .filter(({reads}) => reads.length > 0);
    if (this.batch === undefined) return;
    const reads = this.batch.reads.filter(wanted);
    this.batch = reads.length === 0 ? undefined : {...this.batch, reads};
  }
}

function digestRead(read: Read, into: Hasher, now: Micros): void {
  into.int(read.stream);
  into.int(read.id);
  into.bytes(encodeRequest(read.request));
  into.int(read.expires - now);
}
