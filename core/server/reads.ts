// Linearizable reads (thesis §6.4; etcd server/etcdserver/read): those that arrive while a batch is out wait for the
// next one. A batch asks for a read index under a context; without an answer it asks again under a fresh one, and an
// answer to any of its contexts confirms it. Then its reads wait until the store has applied that index. An actor: it may
// pause before a question, the first or a later one, goes to raft, and before what is confirmed is served.
//
//   add ──▶ next ──step──▶ batch {contexts} ──(beforeReadIndex)──▶ asked ──confirm(index)──▶ confirmed
//                             ▲                                      │                          │ applied ≥ index
//                             └────────────── retryAt ───────────────┘                          ▼
//                                                                     ready ◀──(beforeServeReads)
//
// Contexts are never used twice, also not across boots: a late answer to a read of another life would name an old index.

import {assert} from "../base/assert.ts";
import type {AuthenticateRequest} from "../auth/auth.ts";
import type {Hasher} from "../base/hasher.ts";
import type {Micros} from "../base/quantity.ts";
import {sooner} from "../base/quantity.ts";
import type {RangeRequest, TxnRequest} from "../mvcc/kv.ts";
import type {Index} from "../raft/entry.ts";
import type {Point} from "./io.ts";
import type {Asker} from "./proposals.ts";
import type {MemberListRequest, Metadata} from "./request.ts";
import {digestMetadata, digestRequest} from "./requestDigest.ts";
import type {ServerRules} from "./rules.ts";
import {serverRules} from "./rules.ts";
import {Turns} from "./turns.ts";

export interface Read extends Asker {
  readonly request: RangeRequest | TxnRequest | MemberListRequest | AuthenticateRequest;
  readonly metadata?: Metadata | undefined;
  readonly expires: Micros;
}

interface Batch {
  /** Ascending, consecutive: the names under which it asked. */
  readonly firstContext: number;
  readonly lastContext: number;
  readonly reads: readonly Read[];
  /** Undefined: the last one has not been asked yet, … */
  readonly retryAt: Micros | undefined;
  /** … and may be. */
  readonly mayAsk: boolean;
}

interface Confirmed {
  readonly index: Index;
  readonly reads: readonly Read[];
}

/** Answered reads, or the question under a context. */
type Standing = "ready" | number;

/** Contexts that one boot may use: reads from the first on, who asks for itself (leaseRounds.ts) from the last. */
export const contextsPerBoot = 2 ** 22;
/** Bound of the nonce that the contexts of a boot begin with. */
export const nonceBound = 2 ** 31;

const none: readonly Read[] = [];

export class Reads {
  private readonly nonce: number;
  private readonly rules: ServerRules;
  private contexts = 0;
  private next: readonly Read[] = [];
  private batch: Batch | undefined;
  private confirmed: readonly Confirmed[] = [];
  private turns: Turns<Standing>;
  /** How far those are that may be served. */
  private serving: "resting" | "standing" | "passed" = "resting";

  /** `nonce`: drawn once per boot, in [0, nonceBound). */
  constructor(nonce: number, pausePoints: readonly Point[] = [], rules: ServerRules = serverRules) {
    this.nonce = nonce;
    this.rules = rules;
    this.turns = new Turns(pausePoints);
  }

  get size(): number {
    let size = this.next.length + (this.batch?.reads.length ?? 0);
    for (const {reads} of this.confirmed) size += reads.length;
    return size;
  }

  add(read: Read): void {
    this.next = [...this.next, read];
  }

  /** Starts the next batch if none is out, and asks, or asks again. Returns the context to ask under, if one is due. */
  step(now: Micros, retryEvery: Micros): number | undefined {
    const {batch} = this;
    if (batch === undefined && this.next.length > 0) {
      const context = this.freshContext();
      this.decide({firstContext: context, lastContext: context, reads: this.next});
      this.next = [];
    } else if (batch?.retryAt !== undefined && batch.retryAt <= now) {
      const fresh = (): number => this.freshContext();
      this.decide({...batch, lastContext: this.rules.retryContext({last: batch.lastContext, fresh})});
    }
    if (this.batch?.mayAsk !== true) return undefined;
    this.batch = {...this.batch, mayAsk: false, retryAt: now + retryEvery};
    return this.batch.lastContext;
  }

  /** The point to pause at now. */
  pause(): Point | undefined {
    return this.turns.pause();
  }

  /** It may go on from where it paused. */
  turn(): void {
    const who = this.turns.turn();
    if (who === "ready") this.serving = "passed";
    else if (who !== undefined && this.batch?.lastContext === who) this.batch = {...this.batch, mayAsk: true};
  }

  /** The answer to a context; one that no batch asked under any more is dropped. */
  confirm(context: number, index: Index): void {
    const {batch} = this;
    if (batch === undefined) return;
    const {firstContext: first, lastContext: last} = batch;
    if (!this.rules.answersBatch({context, first, last})) return;
    this.batch = undefined;
    this.confirmed = [...this.confirmed, {index, reads: batch.reads}];
  }

  /** Takes the reads whose index the store has applied, once it may serve them. */
  ready(applied: Index): readonly Read[] {
    if (this.serving === "standing") return none;
    const passed = this.serving === "passed";
    // A turn is for those that stood there, also if none of them is left: later ones come to the point themselves.
    this.serving = "resting";
    return this.confirmed.length === 0 ? none : this.takeReady(applied, passed);
  }

  private takeReady(applied: Index, passed: boolean): readonly Read[] {
    if (!this.confirmed.some(({index}) => index <= applied)) return none;
    if (!passed && !this.turns.passes("beforeServeReads", "ready")) {
      this.serving = "standing";
      return none;
    }
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
    const twin = new Reads(this.nonce, [], this.rules);
    twin.turns = this.turns.fork();
    twin.serving = this.serving;
    twin.contexts = this.contexts;
    twin.next = this.next;
    twin.batch = this.batch;
    twin.confirmed = this.confirmed;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.nonce);
    into.int(this.contexts);
    this.turns.digest(into);
    into.string(this.serving);
    into.int(this.next.length);
    for (const read of this.next) digestRead(read, into, now);
    into.bool(this.batch !== undefined);
    if (this.batch !== undefined) {
      into.int(this.batch.firstContext);
      into.bool(this.batch.mayAsk);
      into.int(this.batch.retryAt === undefined ? -1 : this.batch.retryAt - now);
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

  /** Decides to ask under the last context; there may be a pause before that. */
  private decide(batch: Omit<Batch, "retryAt" | "mayAsk">): void {
    const mayAsk = this.turns.passes("beforeReadIndex", batch.lastContext);
    this.batch = {...batch, retryAt: undefined, mayAsk};
  }

  private freshContext(): number {
    if (this.contexts >= contextsPerBoot)
      assert(false, `a boot has ${contextsPerBoot} read contexts, all are used`);
    return this.nonce * contextsPerBoot + this.contexts++;
  }

  private all(): readonly Read[] {
    return [...this.confirmed.flatMap(({reads}) => reads), ...(this.batch?.reads ?? []), ...this.next];
  }

  private oldest(): Micros | undefined {
    let oldest = oldestOf(this.next, oldestOf(this.batch?.reads ?? none, undefined));
    for (const {reads} of this.confirmed) oldest = oldestOf(reads, oldest);
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

function oldestOf(reads: readonly Read[], least: Micros | undefined): Micros | undefined {
  let oldest = least;
  for (const {expires} of reads) oldest = sooner(oldest, expires);
  return oldest;
}

function digestRead(read: Read, into: Hasher, now: Micros): void {
  into.int(read.stream);
  into.int(read.id);
  digestRequest(read.request, into);
  digestMetadata(read.metadata, into);
  into.int(read.expires - now);
}
