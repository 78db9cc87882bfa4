// The corruption check: the leader asks the others for hashes of their stores, and raises the alarm for who differs (etcd
// server/etcdserver/corrupt.go). Two kinds of round, each at its own pace:
//
//   whole        everybody's store at the leader's revision; one alarm a round. As etcd's PeriodicCheck, but for the
//                header's revision, which no answer between members carries
//   compaction   what the newest compactions went through (mvcc/hashKv.ts): the majority is right, the others are alarmed;
//                without a majority the alarm is that of no member. etcd: CompactHashCheck
//
//   due ──(pause)──▶ ask all others ──answers, or time ran out──▶ [whole: this store is as far as the log] ──▶ judge

import type {Hasher} from "../base/hasher.ts";
import {noMember, sooner} from "../base/quantity.ts";
import type {MemberId, Micros, Revision} from "../base/quantity.ts";
import type {HashKvResult} from "../mvcc/kv.ts";
import type {KvHash, Store} from "../mvcc/store.ts";
import type {Index} from "../raft/entry.ts";
import {majorityOf} from "../raft/quorum.ts";
import type {ServerConfig} from "./config.ts";
import type {Point} from "./io.ts";
import type {Result} from "./request.ts";
import {Rounds} from "./rounds.ts";

type Kind = "whole" | "compaction";

const kinds: readonly Kind[] = ["whole", "compaction"];
const pointOf = {whole: "beforeCorruptCheck", compaction: "beforeCompactHashCheck"} as const;

/** What it judges by. */
export interface CheckSight {
  readonly isLeader: boolean;
  readonly store: Store;
  readonly compactions: readonly KvHash[];
  readonly self: MemberId;
  /** All others in the record, ascending. */
  readonly others: readonly MemberId[];
  readonly appliedIndex: Index;
  readonly commitIndex: Index;
  /** An entry of this leader's own term is committed: before, others may know more to be. */
  readonly knowsCommitted: boolean;
}

export type CheckStep =
  | {readonly kind: "none"}
  | {readonly kind: "pause"; readonly at: Point}
  /** Their hashes at a revision are wanted. */
  | {readonly kind: "ask"; readonly ticket: number; readonly revision: Revision}
  /** These members' stores are not like the others'. */
  | {readonly kind: "alarm"; readonly members: readonly MemberId[]};

/** Another member's hash. */
export interface PeerHash {
  readonly member: MemberId;
  readonly hash: HashKvResult;
}

interface Inquiry {
  readonly kind: Kind;
  readonly ticket: number;
  readonly own: KvHash;
  readonly left: readonly MemberId[];
  readonly answers: readonly PeerHash[];
  /** Known once all have answered: up to here the store must go before it is judged. */
  readonly until: Index | undefined;
}

const nothing: CheckStep = {kind: "none"};

type Limits = Pick<ServerConfig, "corruptCheckEvery" | "compactHashCheckEvery" | "pausePoints">;

export class CorruptCheck {
  private readonly limits: Limits;
  private readonly isOff: boolean;
  private rounds: Readonly<Record<Kind, Rounds>>;
  private inquiry: Inquiry | undefined;
  private tickets = 0;
  /** Compactions up to here were found equal. */
  private checked: Revision = 0;
  /** Those of this round that are still to be asked about, newest first. */
  private queue: readonly KvHash[] = [];

  constructor(limits: Limits) {
    this.limits = limits;
    this.isOff = kinds.every((kind) => this.every(kind) === 0);
    const {pausePoints} = limits;
    this.rounds = {
      whole: new Rounds(pausePoints.includes(pointOf.whole)),
      compaction: new Rounds(pausePoints.includes(pointOf.compaction)),
    };
  }

  deadline(): Micros | undefined {
    return sooner(this.rounds.whole.deadline(), this.rounds.compaction.deadline());
  }

  wake(now: Micros): void {
    for (const kind of kinds) this.rounds[kind].wake(now);
  }

  turn(): void {
    for (const kind of kinds) this.rounds[kind].turn();
  }

  /** Whether {@link next} would answer nothing whatever it saw: asked at every event, before anything is made for it to see. */
  get rests(): boolean {
    const {isOff, inquiry, queue} = this;
    if (isOff) return true;
    return inquiry === undefined && queue.length === 0 && this.sleeps("whole") && this.sleeps("compaction");
  }

  /** Goes on as far as it can. */
  next(sight: CheckSight, now: Micros): CheckStep {
    for (const kind of kinds) {
      const round = this.rounds[kind];
      if (round.idle && this.every(kind) > 0) round.arm(now + this.every(kind));
      if (round.takePause()) return {kind: "pause", at: pointOf[kind]};
    }
    if (this.inquiry !== undefined) return this.judge(sight);
    const [next, ...rest] = this.queue;
    if (next !== undefined) {
      this.queue = rest;
      return this.ask("compaction", next, sight);
    }
    if (this.rounds.whole.takeRound() && sight.isLeader) return this.askWhole(sight);
    if (this.rounds.compaction.takeRound() && sight.isLeader) {
      this.queue = sight.compactions.filter(({revision}) => revision > this.checked).toReversed();
      return this.next(sight, now);
    }
    return nothing;
  }

  /** An answer, or that there is none. */
  heard(ticket: number, member: MemberId, result: Result): void {
    const {inquiry} = this;
    if (inquiry?.ticket !== ticket) return;
    const left = inquiry.left.filter((one) => one !== member);
    const answers = result.kind === "hashKv" ? [...inquiry.answers, {member, hash: result}] : inquiry.answers;
    this.inquiry = {...inquiry, left, answers};
  }

  fork(): CorruptCheck {
    const twin = new CorruptCheck(this.limits);
    twin.rounds = {whole: this.rounds.whole.fork(), compaction: this.rounds.compaction.fork()};
    twin.inquiry = this.inquiry;
    twin.tickets = this.tickets;
    twin.checked = this.checked;
    twin.queue = this.queue;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    for (const kind of kinds) this.rounds[kind].digest(into, now);
    into.int(this.tickets);
    into.int(this.checked);
    into.int(this.queue.length);
    for (const {revision} of this.queue) into.int(revision);
    into.string(this.inquiry?.kind ?? "");
    if (this.inquiry === undefined) return;
    const {own, left, answers, until} = this.inquiry;
    into.int(own.revision);
    into.int(own.hash);
    into.int(left.length);
    for (const member of left) into.int(member);
    into.int(answers.length);
    for (const {member, hash} of answers) {
      into.int(member);
      into.int(hash.hash);
      into.int(hash.compactRevision);
    }
    into.int(until ?? -1);
  }

  /** Its next round is armed, or there is none. */
  private sleeps(kind: Kind): boolean {
    const round = this.rounds[kind];
    return round.asleep && (!round.idle || this.every(kind) === 0);
  }

  private every(kind: Kind): Micros {
    return kind === "whole" ? this.limits.corruptCheckEvery : this.limits.compactHashCheckEvery;
  }

  private askWhole(sight: CheckSight): CheckStep {
    const own = sight.store.hashKv(0);
    return own.ok ? this.ask("whole", own.value, sight) : nothing;
  }

  private ask(kind: Kind, own: KvHash, {others}: CheckSight): CheckStep {
    if (others.length === 0) return nothing;
    const ticket = ++this.tickets;
    this.inquiry = {kind, ticket, own, left: others, answers: [], until: undefined};
    return {kind: "ask", ticket, revision: own.revision};
  }

  private judge(sight: CheckSight): CheckStep {
    const {inquiry} = this;
    if (inquiry === undefined || inquiry.left.length > 0) return nothing;
    const isWhole = inquiry.kind === "whole";
    // What another has applied is committed by now, and a leader knows so much once an entry of its own term is (§8; etcd
    // asks for a read index): whoever is further than this store may be right.
    if (isWhole && sight.isLeader && inquiry.until === undefined && !sight.knowsCommitted) return nothing;
    const until = inquiry.until ?? sight.commitIndex;
    if (isWhole && sight.appliedIndex < until) {
      this.inquiry = {...inquiry, until};
      return nothing;
    }
    this.inquiry = undefined;
    if (!sight.isLeader) {
      this.queue = [];
      return nothing;
    }
    if (isWhole) return alarm(mismatchOf(inquiry.own, inquiry.answers, sight));
    const found = minorityOf(inquiry.own, inquiry.answers, sight);
    if (found.conclusive) {
      this.checked = Math.max(this.checked, inquiry.own.revision);
      this.queue = [];
    }
    return alarm(found.alarmed);
  }
}

function alarm(members: readonly MemberId[]): CheckStep {
  return members.length === 0 ? nothing : {kind: "alarm", members};
}

/** The first whose store is not like the leader's; none if no comparison says so. */
function mismatchOf(
  own: KvHash,
  answers: readonly PeerHash[],
  {self, store}: Pick<CheckSight, "self" | "store">,
): readonly MemberId[] {
  const again = store.hashKv(0);
  if (again.ok && again.value.revision === own.revision) {
    const {hash, compactRevision} = again.value;
    if (compactRevision === own.compactRevision && hash !== own.hash) return [self];
  }
  const wrong = answers
    .toSorted((a, b) => a.member - b.member)
    .find(({hash: {hash, compactRevision}}) => {
      if (compactRevision > store.compactRevision) return true;
      return compactRevision === own.compactRevision && hash !== own.hash;
    });
  return wrong === undefined ? [] : [wrong.member];
}

/** Who does not have the hash that a majority has; no member at all when none has one. */
export function minorityOf(
  own: KvHash,
  answers: readonly PeerHash[],
  {self, others}: Pick<CheckSight, "self" | "others">,
): {readonly conclusive: boolean; readonly alarmed: readonly MemberId[]} {
  const comparable = answers.filter(({hash}) => hash.compactRevision === own.compactRevision);
  const byHash = new Map<number, MemberId[]>([[own.hash, [self]]]);
  for (const {member, hash} of comparable) byHash.set(hash.hash, [...(byHash.get(hash.hash) ?? []), member]);
  if (byHash.size === 1) return {conclusive: comparable.length === others.length, alarmed: []};
  const quorum = majorityOf(others.length + 1);
  const groups = [...byHash.values()];
  const right = groups.find((members) => members.length >= quorum);
  if (right === undefined) return {conclusive: true, alarmed: [noMember]};
  const wrong = groups.filter((members) => members !== right).flat();
  return {conclusive: true, alarmed: wrong.sort((a, b) => a - b)};
}
