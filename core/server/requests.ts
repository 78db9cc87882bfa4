// Requests on their way to an answer: refused at the door, served from this member's own state, or kept until the log
// or a read index lets them be answered (proposals.ts, reads.ts). Answers are collected here and taken by the server.

import type {Hasher} from "../base/hasher.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {RangeRequest, TxnRequest} from "../mvcc/kv.ts";
import {isReadOnly} from "../mvcc/store.ts";
import type {RawNode} from "../raft/rawNode.ts";
import type {ReadState} from "../raft/ready.ts";
import {isSerializable, refusalOfRead, refusalOfWrite} from "./admission.ts";
import {errorResult} from "./applier.ts";
import type {AppliedCommand, Applier} from "./applier.ts";
import type {WriteRequest} from "./command.ts";
import {encodeCommand} from "./command.ts";
import type {ServerConfig} from "./config.ts";
import {Proposals} from "./proposals.ts";
import type {Asker} from "./proposals.ts";
import {Reads} from "./reads.ts";
import type {ApiErrorName, Header, Request, Response, Result} from "./request.ts";
import {apiErrors} from "./request.ts";

/** What requests are served with. */
export interface RequestsWith {
  readonly config: ServerConfig;
  /** Drawn once per boot: names this boot's proposals and reads. */
  readonly nonce: number;
  readonly raft: RawNode;
  readonly applier: Applier;
}

export interface Answer extends Asker {
  readonly response: Response;
}

export class Requests {
  private readonly with: RequestsWith;
  private proposals = new Proposals();
  private reads: Reads;
  private leader: MemberId = noMember;
  private answers: Answer[] = [];

  constructor(served: RequestsWith) {
    this.with = served;
    this.reads = new Reads(served.nonce);
  }

  /** Requests that are not answered. */
  get waiting(): number {
    return this.proposals.size + this.reads.size;
  }

  deadline(): Micros | undefined {
    const proposals = this.proposals.deadline();
    const reads = this.reads.deadline();
    return proposals === undefined || reads === undefined ? (proposals ?? reads) : Math.min(proposals, reads);
  }

  /** The answers since the last time, in order. */
  takeAnswers(): readonly Answer[] {
    const {answers} = this;
    if (answers.length > 0) this.answers = [];
    return answers;
  }

  /** A client asks anything but for a watch. */
  take(asker: Asker, request: Request, now: Micros): void {
    switch (request.kind) {
      case "range":
        return this.read(asker, request, now);
      case "txn":
        return isReadOnly(request) ? this.read(asker, request, now) : this.propose(asker, request, now);
      case "put":
      case "deleteRange":
      case "compact":
        return this.propose(asker, request, now);
      case "status":
        return this.answerStatus(asker);
      default:
        return this.refuse(asker, "unsupported");
    }
  }

  /** Hands what waits to raft: proposals once a leader is known, the next batch of reads once the last is answered. */
  offer(now: Micros): void {
    const {raft, config} = this.with;
    if (this.proposals.held && raft.leader !== noMember) {
      this.proposals.proposeHeld((data) => raft.propose([data]).ok);
    }
    const context = this.reads.start(now + config.readIndexRetry);
    if (context !== undefined) raft.readIndex(context);
  }

  /** Raft knows another leader, or none any more. */
  followLeader(leader: MemberId): void {
    if (leader === this.leader) return;
    if (this.leader !== noMember) this.proposals.leaderLost();
    // etcd tells waiting reads of every newly known leader, the first one included (etcd server.go, leaderChanged).
    if (leader !== noMember)
      for (const read of this.reads.leaderChanged()) this.refuse(read, "leaderChanged");
    this.leader = leader;
  }

  /** Raft answered reads. */
  confirm(states: readonly ReadState[]): void {
    for (const state of states) this.reads.confirm(state.context, state.index);
    if (states.length > 0) this.serveReads();
  }

  /** The store went on by one entry; undefined when that opened a term. */
  applied(applied: AppliedCommand | undefined): void {
    const {config, nonce} = this.with;
    if (applied !== undefined) {
      const {proposer, nonce: ofBoot, sequence} = applied.proposal;
      const asker = proposer === config.id && ofBoot === nonce ? this.proposals.settle(sequence) : undefined;
      if (asker !== undefined) this.answer(asker, applied.result);
    }
    this.serveReads();
  }

  /** Answers what waited too long, asks for read indexes again. */
  expire(now: Micros): void {
    for (const expired of this.proposals.expire(now)) {
      this.refuse(expired, expired.leaderLost ? "timeoutLeaderFail" : "timeout");
    }
    for (const read of this.reads.expire(now)) this.refuse(read, "timeout");
    const context = this.reads.retry(now, now + this.with.config.readIndexRetry);
    if (context !== undefined) this.with.raft.readIndex(context);
  }

  /** The client is gone. */
  close(stream: number): void {
    this.proposals.close(stream);
    this.reads.close(stream);
  }

  header(): Header {
    const {config, applier, raft} = this.with;
    return {memberId: config.id, revision: applier.store.currentRevision, raftTerm: raft.term};
  }

  /** A twin served with the twins of raft and applier. */
  fork(served: RequestsWith): Requests {
    const twin = new Requests(served);
    twin.proposals = this.proposals.fork();
    twin.reads = this.reads.fork();
    twin.leader = this.leader;
    twin.answers = this.answers.slice();
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.with.nonce);
    into.int(this.leader);
    this.proposals.digest(into, now);
    this.reads.digest(into, now);
  }

  private propose(asker: Asker, request: WriteRequest, now: Micros): void {
    const {config, nonce} = this.with;
    const refusal = refusalOfWrite(request, config);
    if (refusal !== undefined) return this.refuse(asker, refusal);
    this.proposals.add(asker, now + config.requestTimeout, (sequence) =>
      encodeCommand({proposer: config.id, nonce, sequence, request}),
    );
  }

  private read(asker: Asker, request: RangeRequest | TxnRequest, now: Micros): void {
    const {config} = this.with;
    const refusal = refusalOfRead(request, config);
    if (refusal !== undefined) return this.refuse(asker, refusal);
    if (isSerializable(request)) return this.answerRead(asker, request);
    this.reads.add({stream: asker.stream, id: asker.id, request, expires: now + config.requestTimeout});
  }

  private serveReads(): void {
    for (const read of this.reads.ready(this.with.applier.index)) this.answerRead(read, read.request);
  }

  private answerRead(asker: Asker, request: RangeRequest | TxnRequest): void {
    const {store} = this.with.applier;
    const result = request.kind === "range" ? store.range(request) : store.readTxn(request);
    this.answer(asker, result.ok ? result.value : errorResult(result.error));
  }

  private answerStatus(asker: Asker): void {
    const {raft, applier} = this.with;
    const {leader, commitIndex} = raft;
    this.answer(asker, {kind: "status", leader, raftIndex: commitIndex, raftAppliedIndex: applier.index});
  }

  private refuse(asker: Asker, error: ApiErrorName): void {
    this.answer(asker, {kind: "error", error: apiErrors[error]});
  }

  private answer({stream, id}: Asker, result: Result): void {
    this.answers.push({stream, id, response: {header: this.header(), result}});
  }
}
