// Requests on their way to an answer: refused at the door, served from this member's own state, or kept until the log
// or a read index lets them be answered (proposals.ts, reads.ts). Answers are collected here and taken by the server.

import type {Hasher} from "../base/hasher.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import {earliest, noMember} from "../base/quantity.ts";
import type {LeaseCheckpointRequest, LeaseRevokeRequest} from "../lease/lease.ts";
import type {RangeRequest, TxnRequest} from "../mvcc/kv.ts";
import {isReadOnly} from "../mvcc/store.ts";
import {proposalOf} from "../raft/confChange.ts";
import type {Proposal} from "../raft/entry.ts";
import {isLearner, isVoter} from "../raft/confState.ts";
import type {RawNode} from "../raft/rawNode.ts";
import type {ReadState} from "../raft/ready.ts";
import {alarmText, disarming, withAlarm} from "./alarm.ts";
import {isForLearner, isSerializable, refusalOfRead, refusalOfWrite} from "./admission.ts";
import {errorResult} from "./applier.ts";
import type {AppliedCommand, Applier} from "./applier.ts";
import {etcdVersion} from "./cluster.ts";
import type {ProposalId, WriteRequest} from "./command.ts";
import {encodeCommand} from "./command.ts";
import type {ServerConfig} from "./config.ts";
import {withLeaseId} from "./leaseState.ts";
import {confChangeOf, membersResult, refusalOfMembership} from "./membership.ts";
import type {AppliedChange} from "./membership.ts";
import type {Draw} from "./parts.ts";
import {Proposals} from "./proposals.ts";
import type {Asker, Purpose} from "./proposals.ts";
import {hasRoom} from "./quota.ts";
import {Reads} from "./reads.ts";
import type {
  ApiErrorName,
  Header,
  MembershipRequest,
  Metadata,
  Request,
  Response,
  Result,
} from "./request.ts";
import {apiErrors} from "./request.ts";
import {Transfers} from "./transfers.ts";

/** What requests are served with. */
export interface RequestsWith {
  readonly config: ServerConfig;
  /** Drawn once per boot: names this boot's proposals and reads. */
  readonly nonce: number;
  readonly draw: Draw;
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
  private transfers = new Transfers();
  private leader: MemberId = noMember;
  private answers: Answer[] = [];

  constructor(served: RequestsWith) {
    this.with = served;
    this.reads = new Reads(served.nonce);
  }

  /** Requests that are not answered. */
  get waiting(): number {
    return this.proposals.size + this.reads.size + this.transfers.size;
  }

  deadline(): Micros | undefined {
    return earliest(this.proposals.deadline(), this.reads.deadline(), this.transfers.deadline());
  }

  /** The answers since the last time, in order. */
  takeAnswers(): readonly Answer[] {
    const {answers} = this;
    if (answers.length > 0) this.answers = [];
    return answers;
  }

  /** Refuses what a learner does not answer; false when it, or a voter, may go on with it. */
  refusesAsLearner(asker: Asker, request: Request): boolean {
    if (!isLearner(this.with.raft.confState, this.with.config.id) || isForLearner(request)) return false;
    this.refuse(asker, "notSupportedForLearner");
    return true;
  }

  /** Refuses a request that asks for a member with a leader; false when it may go on. */
  refusesWithoutLeader(asker: Asker, metadata: Metadata | undefined): boolean {
    if (metadata?.requireLeader !== true || this.with.raft.leader !== noMember) return false;
    this.refuse(asker, "noLeader");
    return true;
  }

  /** A client asks anything but for a watch. */
  take(asker: Asker, request: Request, now: Micros): void {
    if (this.refusesAsLearner(asker, request)) return;
    switch (request.kind) {
      case "range":
        return this.read(asker, request, now);
      case "txn":
        return isReadOnly(request) ? this.read(asker, request, now) : this.propose(asker, request, now);
      case "put":
      case "deleteRange":
      case "compact":
      case "leaseRevoke":
        return this.propose(asker, request, now);
      case "leaseGrant":
        return this.propose(asker, withLeaseId(request, this.with.draw), now);
      case "leaseList":
        return this.answer(asker, {kind: "leaseList", leases: this.with.applier.lessor.list()});
      case "memberAdd":
      case "memberRemove":
      case "memberPromote":
      case "reconfigure":
        return this.proposeChange(asker, request, now);
      case "moveLeader":
        return this.moveLeader(asker, request.target, now);
      case "alarmDisarm":
        return this.propose(asker, disarming, now);
      case "alarmList":
        return this.answer(asker, {kind: "alarms", alarms: this.with.applier.alarms});
      case "memberList":
        return this.answer(asker, membersResult(this.with.raft.confState));
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
      this.proposals.proposeHeld((proposal) => raft.offer([proposal]).ok);
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
    for (const asker of this.transfers.leads(leader)) this.answer(asker, {kind: "moveLeader"});
  }

  /** Raft answered reads. */
  confirm(states: readonly ReadState[]): void {
    for (const state of states) this.reads.confirm(state.context, state.index);
    if (states.length > 0) this.serveReads();
  }

  /** The store went on by one entry; undefined when that opened a term. */
  applied(applied: AppliedCommand | undefined, now: Micros): void {
    if (applied?.overQuota === true) this.raiseNoSpace(now);
    if (applied !== undefined) this.settle(applied.proposal, applied.result);
    this.serveReads();
  }

  /** A change of membership was applied. */
  changed({proposal, error}: AppliedChange): void {
    if (proposal !== undefined) {
      const {confState} = this.with.raft;
      this.settle(proposal, error === undefined ? membersResult(confState) : errorResult(error));
    }
    this.serveReads();
  }

  /** The store was replaced by that of a snapshot. Who waits for an entry in it is told nothing: it may have been applied or not. */
  restored(): void {
    this.serveReads();
  }

  /** The backend file was rewritten. */
  defragmented(asker: Asker): void {
    this.answer(asker, {kind: "defragment"});
  }

  /** The primary proposes for leases; nobody is answered. */
  proposeForLeases(request: LeaseRevokeRequest | LeaseCheckpointRequest, now: Micros): void {
    this.addProposal(undefined, request, now, "lease");
  }

  /** It is the primary no more: what raft has not taken yet is not to be proposed. */
  withdrawForLeases(): void {
    this.proposals.withdraw("lease");
  }

  /** What another member answered to a client's request, or why none did. */
  forwarded(asker: Asker, result: Result): void {
    this.answer(asker, result);
  }

  /** Answers what waited too long, asks for read indexes again. */
  expire(now: Micros): void {
    for (const expired of this.proposals.expire(now)) {
      this.refuse(expired, expired.leaderLost ? "timeoutLeaderFail" : "timeout");
    }
    for (const read of this.reads.expire(now)) this.refuse(read, "timeout");
    for (const asker of this.transfers.expire(now)) this.refuse(asker, "timeoutLeaderTransfer");
    const context = this.reads.retry(now, now + this.with.config.readIndexRetry);
    if (context !== undefined) this.with.raft.readIndex(context);
  }

  /** The client is gone. */
  close(stream: number): void {
    this.proposals.close(stream);
    this.reads.close(stream);
    this.transfers.close(stream);
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
    twin.transfers = this.transfers.fork();
    twin.leader = this.leader;
    twin.answers = this.answers.slice();
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.with.nonce);
    into.int(this.leader);
    this.proposals.digest(into, now);
    this.reads.digest(into, now);
    this.transfers.digest(into, now);
  }

  private propose(asker: Asker, request: WriteRequest, now: Micros): void {
    const {config, applier} = this.with;
    const refusal = refusalOfWrite(request, config);
    if (refusal !== undefined) return this.refuse(asker, refusal);
    if (!hasRoom(request, applier.backend, config.quotaBytes)) {
      this.raiseNoSpace(now);
      return this.refuse(asker, "noSpace");
    }
    this.addProposal(asker, request, now);
  }

  /** Tells all members that this one's file is over its quota, unless they know or are being told. */
  private raiseNoSpace(now: Micros): void {
    const {config, applier} = this.with;
    const alarm = {member: config.id, alarm: "NOSPACE"} as const;
    if (this.proposals.hasOwn || withAlarm(applier.alarms, alarm) === applier.alarms) return;
    this.addProposal(undefined, {kind: "alarm", action: "activate", alarm}, now);
  }

  private addProposal(
    asker: Asker | undefined,
    request: WriteRequest,
    now: Micros,
    purpose: Purpose = "upkeep",
  ): void {
    const {config, nonce} = this.with;
    const make = (sequence: number): Proposal => ({
      type: "normal",
      data: encodeCommand({proposer: config.id, nonce, sequence, request}),
    });
    this.proposals.add(asker, now + config.requestTimeout, make, purpose);
  }

  private proposeChange(asker: Asker, request: MembershipRequest, now: Micros): void {
    const {config, nonce, raft} = this.with;
    const refusal = refusalOfMembership(request, raft);
    if (refusal !== undefined) return this.refuse(asker, refusal);
    this.proposals.add(asker, now + config.requestTimeout, (sequence) =>
      proposalOf(confChangeOf(request, {proposer: config.id, nonce, sequence})),
    );
  }

  /** Only the leader is asked, as in etcd. */
  private moveLeader(asker: Asker, target: MemberId, now: Micros): void {
    const {config, raft} = this.with;
    if (raft.role !== "leader") return this.refuse(asker, "notLeader");
    if (!isVoter(raft.confState, target)) return this.refuse(asker, "badLeaderTransferee");
    if (target === config.id) return this.answer(asker, {kind: "moveLeader"});
    raft.transferLeader(target);
    this.transfers.add(asker, target, now + config.requestTimeout);
  }

  private settle({proposer, nonce: ofBoot, sequence}: ProposalId, result: Result): void {
    const {config, nonce} = this.with;
    const asker = proposer === config.id && ofBoot === nonce ? this.proposals.settle(sequence) : undefined;
    if (asker !== undefined) this.answer(asker, result);
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
    const {size: dbSize, sizeInUse: dbSizeInUse} = applier.backend;
    this.answer(asker, {
      kind: "status",
      leader,
      raftIndex: commitIndex,
      raftAppliedIndex: applier.index,
      dbSize,
      dbSizeInUse,
      dbSizeQuota: this.with.config.quotaBytes,
      isLearner: isLearner(raft.confState, this.with.config.id),
      version: etcdVersion,
      errors: [
        ...(leader === noMember ? [apiErrors.noLeader.message] : []),
        ...applier.alarms.map(alarmText),
      ],
    });
  }

  private refuse(asker: Asker, error: ApiErrorName): void {
    this.answer(asker, errorResult(error));
  }

  private answer({stream, id}: Asker, result: Result): void {
    this.answers.push({stream, id, response: {header: this.header(), result}});
  }
}
