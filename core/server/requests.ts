// Requests on their way to an answer: refused at the door, served from this member's own state, or kept until the log
// or a read index lets them be answered (proposals.ts, reads.ts). Answers are collected here and taken by the server.

import type {AuthenticateRequest} from "../auth/auth.ts";
import {isAuthRequest} from "../auth/auth.ts";
import type {Hasher} from "../base/hasher.ts";
import type {MemberId, Micros, Revision} from "../base/quantity.ts";
import {noMember, sooner} from "../base/quantity.ts";
import type {LeaseCheckpointRequest, LeaseRevokeRequest} from "../lease/lease.ts";
import {ok} from "../base/result.ts";
import type {RangeRequest, TxnRequest} from "../mvcc/kv.ts";
import {isReadOnly} from "../mvcc/store.ts";
import {proposalOf} from "../raft/confChange.ts";
import type {Proposal} from "../raft/entry.ts";
import {isLearner, isVoter} from "../raft/confState.ts";
import {majorityOf} from "../raft/quorum.ts";
import type {RawNode} from "../raft/rawNode.ts";
import type {ReadState} from "../raft/ready.ts";
import type {Alarm} from "./alarm.ts";
import {alarmRequest, alarmText, isCorrupt, withAlarm} from "./alarm.ts";
import {isForLearner, isOverloaded, isSerializable, refusalOfRead, refusalOfWrite} from "./admission.ts";
import {errorResult} from "./applier.ts";
import type {AppliedCommand, Applier} from "./applier.ts";
import type {Authorizer} from "./authorizer.ts";
import {hashOfBackend} from "./backendHash.ts";
import {etcdVersion, memberInfo} from "./cluster.ts";
import type {ProposalId, WriteRequest} from "./command.ts";
import {encodeCommand} from "./command.ts";
import {CompactWaits} from "./compactWaits.ts";
import type {ServerConfig} from "./config.ts";
import {Contacts} from "./contacts.ts";
import {peerOf} from "./forwards.ts";
import type {Point} from "./io.ts";
import {withLeaseId} from "./leaseState.ts";
import {confChangeOf, membersResult, refusalOfMembership} from "./membership.ts";
import type {AppliedChange} from "./membership.ts";
import type {Draw} from "./parts.ts";
import {Proposals} from "./proposals.ts";
import type {Asker, Expired, Purpose} from "./proposals.ts";
import {Publisher} from "./publish.ts";
import {Reads} from "./reads.ts";
import type {Read} from "./reads.ts";
import type {
  ApiErrorName,
  Header,
  MemberListRequest,
  MembershipRequest,
  Metadata,
  Request,
  Response,
  Result,
} from "./request.ts";
import {apiErrors} from "./request.ts";
import type {ServerRules} from "./rules.ts";
import {Transfers} from "./transfers.ts";

/** What requests are served with. */
export interface RequestsWith {
  readonly config: ServerConfig;
  /** Drawn once per boot: names this boot's proposals and reads. */
  readonly nonce: number;
  readonly draw: Draw;
  readonly raft: RawNode;
  readonly applier: Applier;
  readonly authorizer: Authorizer;
  readonly rules: ServerRules;
}

export interface Answer extends Asker {
  readonly response: Response;
}

export class Requests {
  private readonly with: RequestsWith;
  private proposals: Proposals;
  private reads: Reads;
  private transfers = new Transfers();
  private publisher = new Publisher();
  private contacts: Contacts;
  private compactions = new CompactWaits();
  private leader: MemberId = noMember;
  private answers: Answer[] = [];

  constructor(served: RequestsWith) {
    this.with = served;
    this.proposals = new Proposals(served.rules);
    this.reads = new Reads(served.nonce, served.config.pausePoints, served.rules);
    this.contacts = new Contacts(served.config.electionTicks);
  }

  /** Requests that are not answered. */
  get waiting(): number {
    return this.proposals.size + this.reads.size + this.transfers.size + this.compactions.size;
  }

  /** The least revision of which somebody waits until its compaction is done and committed. */
  get awaitedCompaction(): Revision {
    return this.compactions.least;
  }

  deadline(): Micros | undefined {
    const {proposals, reads, transfers, publisher} = this;
    const ofClients = sooner(sooner(proposals.deadline(), reads.deadline()), transfers.deadline());
    return sooner(ofClients, publisher.deadline());
  }

  /** Its clock ticked. */
  tick(): void {
    this.contacts.tick();
  }

  /** Another member was heard of. */
  heard(from: MemberId, now: Micros): void {
    this.contacts.heard(from, now);
  }

  /** The answers since the last time, in order. */
  takeAnswers(): readonly Answer[] {
    const {answers} = this;
    if (answers.length > 0) this.answers = [];
    return answers;
  }

  /** Refuses what a learner does not answer, and what the asker may not ask; false when it may go on. */
  refuses(asker: Asker, request: Request, metadata: Metadata | undefined): boolean {
    const {raft, config, authorizer} = this.with;
    // Another member's check of the stores is no client's question.
    const isCheck = request.kind === "hashKv" && peerOf(asker) !== undefined;
    const isMute = isLearner(raft.confState, config.id) && !isForLearner(request) && !isCheck;
    const refusal = isMute ? "notSupportedForLearner" : authorizer.refusalAtDoor(asker, request, metadata);
    if (refusal !== undefined) this.refuse(asker, refusal);
    return refusal !== undefined;
  }

  /** Refuses a request that asks for a member with a leader; false when it may go on. */
  refusesWithoutLeader(asker: Asker, metadata: Metadata | undefined): boolean {
    if (metadata?.requireLeader !== true || this.with.raft.leader !== noMember) return false;
    this.refuse(asker, "noLeader");
    return true;
  }

  /** A client asks anything but for a watch. */
  take(asker: Asker, request: Request, now: Micros, metadata?: Metadata): void {
    if (this.refuses(asker, request, metadata)) return;
    if (isAuthRequest(request)) {
      if (request.kind === "authenticate") return this.read(asker, request, now);
      return this.propose(asker, this.with.authorizer.logged(request), now, metadata);
    }
    switch (request.kind) {
      case "range":
        return this.read(asker, request, now, metadata);
      case "txn":
        return isReadOnly(request)
          ? this.read(asker, request, now, metadata)
          : this.propose(asker, request, now, metadata);
      case "put":
      case "deleteRange":
      case "compact":
      case "leaseRevoke":
        return this.propose(asker, request, now, metadata);
      case "leaseGrant":
        return this.propose(asker, withLeaseId(request, this.with.draw), now, metadata);
      case "leaseList":
        return this.answer(asker, {kind: "leaseList", leases: this.with.applier.lessor.list()});
      case "memberAdd":
      case "memberRemove":
      case "memberPromote":
      case "memberUpdate":
      case "reconfigure":
        return this.proposeChange(asker, request, now);
      case "moveLeader":
        return this.moveLeader(asker, request.target, now);
      case "alarmActivate":
      case "alarmDisarm":
        return this.propose(asker, alarmRequest(request), now, metadata);
      case "alarmList":
        return this.answer(asker, {kind: "alarms", alarms: this.with.applier.alarms});
      case "memberList":
        return this.listMembers(asker, request, now);
      case "hash":
        return this.answer(asker, {kind: "hash", hash: hashOfBackend(this.with.applier.backend)});
      case "snapshot":
        return this.answer(asker, {kind: "snapshot", blob: this.with.applier.image()});
      case "hashKv":
        return this.answerHash(asker, request.revision);
      case "status":
        return this.answerStatus(asker);
      default:
        return this.refuse(asker, "unsupported");
    }
  }

  /** Hands what waits to raft: proposals once a leader is known, the next batch of reads once the last is answered. */
  offer(now: Micros): void {
    const {raft, config} = this.with;
    this.publish(now);
    if (this.proposals.held && raft.leader !== noMember) this.proposeHeld();
    const context = this.reads.step(now, config.readIndexRetry);
    if (context !== undefined) raft.readIndex(context);
  }

  private proposeHeld(): void {
    const {raft} = this.with;
    this.proposals.proposeHeld((proposal) => raft.offer([proposal]).ok);
  }

  /** Where the actor of linearizable reads pauses now. */
  pauseOfReads(): Point | undefined {
    return this.reads.pause();
  }

  /** Linearizable reads may go on from where they paused. */
  turnReads(): void {
    this.reads.turn();
    this.serveReads();
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
    if (applied?.tokens !== undefined) this.with.authorizer.take(applied.tokens);
    if (applied !== undefined) this.settleApplied(applied);
    this.serveReads();
  }

  /** All that compactions up to `revision` dropped is deleted, and committed where {@link awaitedCompaction} said so. */
  compacted(revision: Revision): void {
    for (const asker of this.compactions.done(revision)) this.answer(asker, {kind: "compact"});
  }

  /** What nobody asked for; under the number that names it. */
  proposeOwn(request: WriteRequest, now: Micros): number {
    return this.addProposal("rounds", request, now);
  }

  /** Tells all members of an alarm, unless it stands. */
  raise(alarm: Alarm, now: Micros): void {
    const {alarms} = this.with.applier;
    if (withAlarm(alarms, alarm) !== alarms) this.proposeOwn({kind: "alarm", action: "activate", alarm}, now);
  }

  /** A change of membership was applied. */
  changed({proposal, error}: AppliedChange): void {
    if (proposal !== undefined) {
      const {membership} = this.with.applier;
      this.settle(proposal, error === undefined ? membersResult(membership) : errorResult(error));
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

  /** The primary proposes for leases; nobody is answered. Whether it did: too many may be waiting to be applied. */
  proposeForLeases(request: LeaseRevokeRequest | LeaseCheckpointRequest, now: Micros): boolean {
    if (this.overloads(request)) return false;
    this.addProposal("lease", request, now);
    return true;
  }

  /** It is the primary no more: what raft has not taken yet is not to be proposed. */
  withdrawForLeases(): void {
    this.proposals.withdraw("lease");
  }

  /** What another member answered to a client's request, or why none did. */
  forwarded(asker: Asker, result: Result): void {
    this.answer(asker, result);
  }

  /** Answers what waited too long. */
  expire(now: Micros): void {
    for (const expired of this.proposals.expire(now)) {
      this.refuse(expired, this.whyTimeout(expired, now));
    }
    for (const read of this.reads.expire(now)) this.refuse(read, "timeout");
    for (const asker of this.transfers.expire(now)) this.refuse(asker, "timeoutLeaderTransfer");
  }

  /** The client is gone. */
  close(stream: number): void {
    this.proposals.close(stream);
    this.reads.close(stream);
    this.transfers.close(stream);
    this.compactions.close(stream);
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
    twin.publisher = this.publisher.fork();
    twin.contacts = this.contacts.fork();
    twin.compactions = this.compactions.fork();
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
    this.compactions.digest(into);
    this.publisher.digest(into, now);
    const {requestTimeout, healthInterval} = this.with.config;
    this.contacts.digest(into, now, Math.max(requestTimeout, healthInterval));
  }

  /** What may have been the reason. etcd: parseProposeCtxErr. */
  private whyTimeout({leaderLost}: Expired, now: Micros): ApiErrorName {
    const {raft, config, applier} = this.with;
    if (leaderLost) return "timeoutLeaderFail";
    if (raft.leader === noMember) return "timeout";
    const asked = now - config.requestTimeout;
    if (raft.role !== "leader")
      return this.contacts.connectedSince(raft.leader, asked) ? "timeout" : "timeoutConnectionLost";
    const voters = applier.membership.conf.voters;
    const connected = this.contacts.countSince(voters, config.id, asked);
    return connected >= majorityOf(voters.length) ? "timeout" : "timeoutConnectionLost";
  }

  /** A member that was added tells its name. */
  private publish(now: Micros): void {
    const {config, raft, applier} = this.with;
    if (!this.publisher.wants(applier.membership, config.id)) return;
    if (!this.publisher.takeTurn(raft.leader !== noMember, now, config.requestTimeout)) return;
    const {member, name, clientUrls} = memberInfo(config.id);
    this.proposeOwn({kind: "memberAttributes", member, name, clientUrls}, now);
  }

  private listMembers(asker: Asker, request: MemberListRequest, now: Micros): void {
    const {config, applier} = this.with;
    if (request.linearizable !== true) return this.answer(asker, membersResult(applier.membership));
    this.reads.add({stream: asker.stream, id: asker.id, request, expires: now + config.requestTimeout});
  }

  private propose(asker: Asker, request: WriteRequest, now: Micros, metadata?: Metadata): void {
    const {config, applier} = this.with;
    const refusal = refusalOfWrite(request, config, this.with.applier.storeRules);
    if (refusal !== undefined) return this.refuse(asker, refusal);
    if (this.overloads(request)) return this.refuse(asker, "tooManyRequests");
    if (!applier.hasRoom(request)) {
      this.raiseNoSpace(now);
      return this.refuse(asker, "noSpace");
    }
    this.addProposal(asker, request, now, metadata);
  }

  private overloads(request: WriteRequest): boolean {
    const {raft, applier, config} = this.with;
    return isOverloaded(request, raft.commitIndex - applier.index, config.applyGapMax);
  }

  /** Tells all members that this one's file is over its quota, unless they know or are being told. */
  private raiseNoSpace(now: Micros): void {
    const {config, applier} = this.with;
    const alarm = {member: config.id, alarm: "NOSPACE"} as const;
    if (this.proposals.hasOwn("noSpace") || withAlarm(applier.alarms, alarm) === applier.alarms) return;
    this.addProposal("noSpace", {kind: "alarm", action: "activate", alarm}, now);
  }

  private addProposal(
    whose: Asker | Purpose,
    request: WriteRequest,
    now: Micros,
    metadata?: Metadata,
  ): number {
    const {config, nonce, authorizer} = this.with;
    const signature = authorizer.signature(typeof whose === "string" ? undefined : whose, metadata);
    const make = (sequence: number): Proposal => ({
      type: "normal",
      data: encodeCommand({proposer: config.id, nonce, sequence, ...signature, request}),
    });
    return this.proposals.add(whose, now + config.requestTimeout, make);
  }

  /** All that was said about users before is applied here (a read index came first): the password can be looked at. */
  private authenticate(asker: Asker, request: AuthenticateRequest): void {
    const {authorizer} = this.with;
    const checked = authorizer.checkPassword(request);
    if (!checked.ok) return this.refuse(asker, checked.error);
    const authenticates = {request, revision: checked.value.revision};
    this.addProposal({...asker, authenticates}, checked.value.request, authorizer.now);
  }

  private proposeChange(asker: Asker, request: MembershipRequest, now: Micros): void {
    const {config, nonce, raft, applier} = this.with;
    const {membership} = applier;
    const {contacts} = this;
    const refusal = refusalOfMembership(request, {config, raft, membership, contacts, now});
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

  private settleApplied({proposal, result, compaction, physical}: AppliedCommand): void {
    const asker = this.askerOf(proposal);
    if (asker === undefined) return;
    const {authenticates} = asker;
    if (compaction !== undefined && physical === true) this.compactions.add(asker, compaction.revision);
    // The password may be another one by now: it is looked at again (etcd v3_server.go, Authenticate).
    else if (
      authenticates !== undefined &&
      result.kind === "authenticate" &&
      this.with.authorizer.isStale(authenticates.revision)
    )
      this.authenticate(asker, authenticates.request);
    else this.answer(asker, result);
  }

  private settle(proposal: ProposalId, result: Result): void {
    const asker = this.askerOf(proposal);
    if (asker !== undefined) this.answer(asker, result);
  }

  /** Who waits for a proposal of this boot. */
  private askerOf({proposer, nonce: ofBoot, sequence}: ProposalId): Asker | undefined {
    const {config, nonce} = this.with;
    return proposer === config.id && ofBoot === nonce ? this.proposals.settle(sequence) : undefined;
  }

  private read(
    asker: Asker,
    request: RangeRequest | TxnRequest | AuthenticateRequest,
    now: Micros,
    metadata?: Metadata,
  ): void {
    const {config} = this.with;
    if (request.kind !== "authenticate") {
      const refusal = refusalOfRead(request, config);
      if (refusal !== undefined) return this.refuse(asker, refusal);
      if (isSerializable(request)) return this.answerRead(asker, request, metadata);
    }
    const {stream, id} = asker;
    this.reads.add({stream, id, request, metadata, expires: now + config.requestTimeout});
  }

  private serveReads(): void {
    for (const read of this.reads.ready(this.with.applier.index)) {
      const {stream, id, request, metadata} = read;
      if (request.kind === "authenticate") this.authenticate({stream, id}, request);
      else this.answerRead({stream, id}, request, metadata);
    }
  }

  private answerRead(
    asker: Asker,
    request: Exclude<Read["request"], AuthenticateRequest>,
    metadata: Metadata | undefined,
  ): void {
    const {store, alarms, membership} = this.with.applier;
    if (request.kind === "memberList") return this.answer(asker, membersResult(membership));
    if (isCorrupt(alarms)) return this.refuse(asker, "corrupt");
    const refusal = this.with.authorizer.refusalOfRead(request, metadata);
    if (refusal !== undefined) return this.refuse(asker, refusal);
    const result = request.kind === "range" ? store.range(request) : store.readTxn(request);
    this.answer(asker, result.ok ? result.value : errorResult(result.error));
  }

  /** From this member's own store as it is, or what a compaction at just that revision left (etcd mvcc/hash.go, HashByRev). */
  private answerHash(asker: Asker, revision: Revision = 0): void {
    const {store, compactionHashes} = this.with.applier;
    const kept = revision > 0 ? compactionHashes.at(revision) : undefined;
    const found = kept === undefined ? store.hashKv(revision) : ok(kept);
    if (!found.ok) return this.refuse(asker, found.error);
    const {hash, compactRevision, revision: hashRevision} = found.value;
    this.answer(asker, {kind: "hashKv", hash, compactRevision, hashRevision});
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
    const header = this.header();
    const revision = carriesRevision(result) ? header.revision : 0;
    this.answers.push({stream, id, response: {header: {...header, revision}, result}});
  }
}

/** Answers about members, users and roles carry none, and what is answered with no header at all (etcd api/v3rpc/member.go, apply's newHeader). */
function carriesRevision(result: Result): boolean {
  const {kind} = result;
  return kind !== "members" && kind !== "moveLeader" && kind !== "defragment" && !isAuthRequest(result);
}
