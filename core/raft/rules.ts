// Small named decisions that a bug could get wrong (law 12). A node is made with a set of them; a bug is another set.
// Each is a pure function of what it is given.

import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {ConfState} from "./confState.ts";
import type {Entry, EntryId, HardState, Index, Term} from "./entry.ts";
import type {MessageKind} from "./message.ts";
import type {ReadOnly} from "./readOnly.ts";
import type {VoteResult} from "./quorum.ts";

export interface RaftRules {
  /** Whether a message of an older term is not taken for what it says. §5.1. */
  isOutdated(kind: MessageKind): boolean;
  /** How many of so many voters decide. §5.2. */
  quorumSize(voters: number): number;
  /** Who has a say in what a half of the configuration decides; `voters` are that half's. thesis §4.2.1. */
  deciders(voters: readonly MemberId[], learners: ConfState["learners"]): readonly MemberId[];
  /** In whose name an answer of `voter` counts in an election; `answered` have one each. §5.2. */
  ballotOf(asked: BallotQuestion): MemberId;
  /** Whether to vote for `candidate`, or to grant its pre-vote. §5.2, §5.4.1, thesis §9.6. */
  canGrantVote(asked: VoteQuestion): boolean;
  /** Whether a log that ends in `theirs` is at least as up to date as one that ends in `ours`. §5.4.1. */
  isUpToDate(theirs: EntryId, ours: EntryId): boolean;
  /** Whether a request for a vote is not even looked at, because a leader was heard of lately. thesis §4.2.3. */
  isLeased(asked: LeaseQuestion): boolean;
  /** What the answer to a request for a vote says of terms: the one that was `asked` for, or the voter's `own`. §5.1, thesis §9.6. */
  voteAnswerTerm(asked: {readonly granted: boolean; readonly asked: Term; readonly own: Term}): Term;
  /** Whether the sender of an older term must be told so, or may be ignored. thesis §9.6; etcd raft.go, Step. */
  mustAnswerOlder(asked: OlderTermQuestion): boolean;
  /** Ticks without news of a leader before a member campaigns; `drawn` is one of as many numbers as `electionTicks`. §5.2. */
  electionTimeout(asked: {readonly electionTicks: number; readonly drawn: number}): number;
  /** Whether a leader goes on, of whose voters so many answered lately. thesis §6.2. */
  keepsLeading(answered: VoteResult): boolean;
  /** Whether a leader goes on that has no vote in the configuration that it has just applied. thesis §4.2.2. */
  leadsWithoutVote(asked: {readonly stepDownOnRemoval: boolean}): boolean;
  /** Whether a follower that answers a heartbeat is sent what comes next, though what was sent last is not answered. etcd tracker/progress.go. */
  resumesAfterHeartbeat(): boolean;
  /** Whether a follower with a full window is sent an empty message now and then, since what fills it may be lost. etcd #14633. */
  probesFullWindow(): boolean;
  /** Whether a follower that was sent a snapshot goes on with entries, when it holds all up to `matchIndex`. etcd-io/raft #110. */
  goesOnWithEntries(asked: SnapshotQuestion): boolean;
  /** Whether a member may take a snapshot in place of its log and configuration, with these places in the two. §7. */
  mayTakeSnapshot(asked: PlaceQuestion): boolean;
  /** Since when a configuration decides. The thesis (§4.1): since it is in the log; etcd: since it is applied. */
  decidesSince(): "append" | "apply";
  /** What a new leader, whose log ended at `lastIndex`, must have applied before it takes a change of membership. thesis §4.1. */
  firstChangeWaitsFor(lastIndex: Index): Index;
  /** Whether changes must lead through a joint configuration, if nobody asked for one. §6, Figure 10. */
  needsJoint(changes: number): boolean;
  /** Whether so many voters may come and go at once, without a joint configuration. thesis §4.1. */
  mayChangeAtOnce(voters: number): boolean;
  /** Whether a leader proposes to leave a joint configuration that is to be left by itself. §6. */
  mustProposeLeaving(asked: LeavingQuestion): boolean;
  /** Why a proposed change of membership must not enter the log; undefined if it may. thesis §4.1, §4.3. */
  refusalOfChange(asked: ChangeQuestion): ChangeRefusal | undefined;
  /** Whether a member may campaign that knows of a committed change of membership which it has not applied. */
  mayCampaignWithPendingChange(): boolean;
  /** Whether an append that follows `prevLogTerm` fits a log with `ourTerm` there (undefined: nothing is there). §5.3. */
  fitsOurLog(asked: {readonly prevLogTerm: Term; readonly ourTerm: Term | undefined}): boolean;
  /** Whether an entry with `ourTerm`, and all after it, must give way to one of the leader with `theirTerm`. §5.3. */
  mustReplace(asked: {readonly ourTerm: Term; readonly theirTerm: Term}): boolean;
  /** What a follower may claim to hold after an append that ended at `lastNewIndex`; its own log may be longer. §5.3. */
  acknowledgedIndex(asked: {readonly lastNewIndex: Index; readonly lastIndex: Index}): Index;
  /** How far a follower may commit after an append that proved its log up to `lastNewIndex`. Figure 2, "AppendEntries RPC" 5. */
  followerCommit(asked: {readonly leaderCommit: Index; readonly lastNewIndex: Index}): Index;
  /** Whether an index that a quorum holds may be committed by counting replicas. §5.4.2. */
  mayCommit(asked: {readonly index: Index; readonly entryTerm: Term; readonly currentTerm: Term}): boolean;
  /** Whether the disk must be synced before what follows is said. Figure 2, "persistent state". */
  mustSync(before: HardState, after: HardState, entries: readonly Entry[]): boolean;
  /** Whether a leader's entry counts as held by itself while its own disk has yet to write it. thesis §10.2.1. */
  mayCountUnsynced(voters: number): boolean;
  /** Whether an entry that is committed may be applied while this member's own disk has yet to write it. README, `advance`. */
  mayApplyUnsynced(asyncStorageWrites: boolean, voters: number): boolean;
  /** Whether a message claims something that must be durable before it leaves. */
  mustWaitForSync(kind: MessageKind): boolean;
  /** Whether a receipt still speaks of the entries that are in the log. */
  mayTrustReceipt(asked: {readonly receiptTerm: Term; readonly currentTerm: Term}): boolean;
  /** Whether a new leader begins its term with an empty entry of its own. §8, §5.4.2. */
  opensTermWithEntry(): boolean;
  /** Whether a follower must be sent the state itself: its next entry, or the term of the one before (undefined), is compacted away. §7. */
  mustSendSnapshot(prevLogTerm: Term | undefined, hasEntries: boolean): boolean;
  /** How far a follower's log is known to match by an answer that says `acknowledged`, if the leader's ends at `lastIndex`. Figure 2, matchIndex. */
  matchedBy(asked: {readonly acknowledged: Index; readonly lastIndex: Index}): Index;
  /** How far the state machine is once it has applied what was handed out up to `last`. Figure 2, lastApplied. */
  appliedAfter(asked: {readonly last: Index; readonly commitIndex: Index}): Index;
  /** What of its commit index a leader may tell a follower in a heartbeat, which proves nothing about the log. */
  heartbeatCommit(asked: {readonly matchIndex: Index; readonly commitIndex: Index}): Index;
  /** Whether a leader of so many voters whose last committed entry has `committedTerm` knows what is committed. §8, thesis §6.4. */
  mayTakeReads(asked: ReadsQuestion): boolean;
  /** Whether a leader answers a read without asking anybody, on the lease that its last quorum gave it. thesis §6.4.1. */
  mayReadOnLease(asked: ReadLease): boolean;
  /** By what a heartbeat names the reads that its answer will confirm: all that were asked up to now. thesis §6.4. */
  readMark(reads: ReadOnly): number;
  /** The reads that an answer to a heartbeat with `mark` confirms: all up to this position. */
  markedPosition(mark: number, reads: ReadOnly): number;
  /** Whether the read at `position` may be served, when a quorum has confirmed `quorumPosition`. thesis §6.4. */
  mayServeRead(asked: {readonly position: number; readonly quorumPosition: number}): boolean;
}

export interface VoteQuestion {
  readonly candidate: MemberId;
  readonly votedFor: MemberId;
  readonly leader: MemberId;
  readonly upToDate: boolean;
  /** A pre-vote, for a term that is beyond the member's own. */
  readonly preVoteAhead: boolean;
  /** The voter is a learner, as far as it knows. */
  readonly isLearner: boolean;
}

export interface OlderTermQuestion {
  readonly kind: MessageKind;
  readonly checkQuorum: boolean;
  readonly preVote: boolean;
}

export interface SnapshotQuestion {
  readonly matchIndex: Index;
  /** Of the leader's log. */
  readonly firstIndex: Index;
  /** The snapshot that was sent. */
  readonly pendingSnapshot: Index;
}

export interface PlaceQuestion {
  readonly isMemberThere: boolean;
  readonly isLearnerThere: boolean;
  readonly isVoterHere: boolean;
}

export interface LeavingQuestion {
  /** What the leader had applied before … */
  readonly appliedBefore: Index;
  /** … and has now. */
  readonly lastApplied: Index;
  readonly pendingConfIndex: Index;
}

export interface BallotQuestion {
  readonly voter: MemberId;
  /** Who was asked. */
  readonly voters: readonly MemberId[];
  readonly answered: ReadonlyMap<MemberId, boolean>;
}

export interface LeaseQuestion {
  readonly checkQuorum: boolean;
  readonly leader: MemberId;
  readonly electionElapsed: number;
  readonly electionTicks: number;
  /** The leader itself sent the candidate. */
  readonly transfer: boolean;
}

export interface ReadsQuestion {
  readonly committedTerm: Term;
  readonly currentTerm: Term;
  readonly voters: number;
}

export interface ReadLease {
  /** As configured. */
  readonly leaseReads: boolean;
  readonly checkQuorum: boolean;
  readonly electionTicks: number;
  /** Ticks since the leader counted its quorum last (§6.2), or began to hand over. */
  readonly electionElapsed: number;
  /** Whether a quorum has answered since it was counted last. */
  readonly quorumAnswered: () => boolean;
  readonly transferee: MemberId;
}

export interface ChangeQuestion {
  /** The last change of membership that may be in the log. */
  readonly pendingConfIndex: Index;
  readonly lastApplied: Index;
  readonly joint: boolean;
  /** The change leaves a joint configuration. */
  readonly leaves: boolean;
}

export type ChangeRefusal = "pending" | "mustLeaveJoint" | "notJoint";

export const raftRules: RaftRules = {
  isOutdated() {
    return true;
  },
  quorumSize(voters) {
    return (voters >> 1) + 1;
  },
  deciders(voters) {
    return voters;
  },
  ballotOf({voter}) {
    // The network may bring it twice.
    return voter;
  },
  canGrantVote({candidate, votedFor, leader, upToDate, preVoteAhead}) {
    return (
      upToDate && (votedFor === candidate || (votedFor === noMember && leader === noMember) || preVoteAhead)
    );
  },
  isUpToDate(theirs, ours) {
    return theirs.term > ours.term || (theirs.term === ours.term && theirs.index >= ours.index);
  },
  isLeased({checkQuorum, leader, electionElapsed, electionTicks, transfer}) {
    return checkQuorum && leader !== noMember && electionElapsed < electionTicks && !transfer;
  },
  voteAnswerTerm({granted, asked, own}) {
    // A pre-vote is granted for a term that is not the voter's yet; a refusal tells a member that is behind how far.
    return granted ? asked : own;
  },
  mustAnswerOlder({kind, checkQuorum, preVote}) {
    // A leader would not vote for us while it thinks that it leads, nor would we hear from it: our term ends that. A
    // pre-candidate must learn that its term is old, or it never campaigns in one that can win.
    if (kind === "Heartbeat" || kind === "AppendEntries") return checkQuorum || preVote;
    return kind === "PreVote";
  },
  electionTimeout({electionTicks, drawn}) {
    return electionTicks + drawn;
  },
  keepsLeading(answered) {
    return answered === "won";
  },
  leadsWithoutVote({stepDownOnRemoval}) {
    // It may have to lead on until the change is committed everywhere, without counting itself.
    return !stepDownOnRemoval;
  },
  resumesAfterHeartbeat() {
    // What was sent, or its answer, may be lost.
    return true;
  },
  probesFullWindow() {
    return true;
  },
  goesOnWithEntries({matchIndex, firstIndex}) {
    // Whichever snapshot it was, or an append that came late: from here on our log is enough.
    return matchIndex + 1 >= firstIndex;
  },
  mayTakeSnapshot({isMemberThere}) {
    return isMemberThere;
  },
  decidesSince() {
    return "apply";
  },
  firstChangeWaitsFor(lastIndex) {
    // Whatever of the older terms' entries is a change of membership is not behind this. Where a configuration decides since
    // it is in the log, the leader must wait for one more, which opens its term (Ongaro, raft-dev, 2015).
    return lastIndex;
  },
  needsJoint(changes) {
    return changes > 1;
  },
  mayChangeAtOnce(voters) {
    return voters <= 1;
  },
  mustProposeLeaving({lastApplied, pendingConfIndex}) {
    return lastApplied >= pendingConfIndex;
  },
  refusalOfChange({pendingConfIndex, lastApplied, joint, leaves}) {
    // One at a time: two changes from one configuration may have quorums that do not meet.
    if (pendingConfIndex > lastApplied) return "pending";
    if (joint && !leaves) return "mustLeaveJoint";
    return !joint && leaves ? "notJoint" : undefined;
  },
  mayCampaignWithPendingChange() {
    // Two members that lag behind by two changes each could be elected by quorums that do not meet.
    return false;
  },
  fitsOurLog({prevLogTerm, ourTerm}) {
    return prevLogTerm === ourTerm;
  },
  mustReplace({ourTerm, theirTerm}) {
    return ourTerm !== theirTerm;
  },
  acknowledgedIndex({lastNewIndex}) {
    // No more than the message proves: beyond it may stand entries that the leader does not have.
    return lastNewIndex;
  },
  followerCommit({leaderCommit, lastNewIndex}) {
    return Math.min(leaderCommit, lastNewIndex);
  },
  mayCommit({entryTerm, currentTerm}) {
    return entryTerm === currentTerm;
  },
  mustSync(before, after, entries) {
    return entries.length > 0 || before.term !== after.term || before.votedFor !== after.votedFor;
  },
  mayCountUnsynced() {
    return false;
  },
  mayApplyUnsynced(asyncStorageWrites) {
    // Safe if it is durable before it is said to be applied: `advance` comes after both.
    return !asyncStorageWrites;
  },
  mustWaitForSync(kind) {
    // A request for votes too: it says that this candidate will not ask again in the term with another log, which it
    // might after a crash that took its term and its last entries.
    return kind === "RequestVote" || etcdRules.mustWaitForSync(kind);
  },
  mayTrustReceipt({receiptTerm, currentTerm}) {
    // In a newer term the same (index, term) may have been cut off and written again meanwhile (ABA).
    return receiptTerm === currentTerm;
  },
  opensTermWithEntry() {
    return true;
  },
  mustSendSnapshot(prevLogTerm) {
    return prevLogTerm === undefined;
  },
  matchedBy({acknowledged}) {
    return acknowledged;
  },
  appliedAfter({last}) {
    // More may be committed than was handed out: it is handed out in portions.
    return last;
  },
  heartbeatCommit({matchIndex, commitIndex}) {
    return Math.min(matchIndex, commitIndex);
  },
  mayTakeReads({committedTerm, currentTerm}) {
    // A leader that is alone, too: its commit index need not have been synced before a crash.
    return committedTerm === currentTerm;
  },
  mayReadOnLease({leaseReads}) {
    return leaseReads;
  },
  readMark({position}) {
    return position;
  },
  markedPosition(mark) {
    return mark;
  },
  mayServeRead({position, quorumPosition}) {
    return position <= quorumPosition;
  },
};

/** The rules as etcd's library has them; the README tells what follows from each difference. Transcripts are run with these. */
export const etcdRules: RaftRules = {
  ...raftRules,
  mustWaitForSync(kind) {
    return kind === "RequestVoteResponse" || kind === "PreVoteResponse" || kind === "AppendEntriesResponse";
  },
};
