// Small named decisions that a bug could get wrong (law 12). A node is made with a set of them; a bug is another set.
// Each is a pure function of what it is given.

import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {Entry, EntryId, HardState, Index, Term} from "./entry.ts";
import type {MessageKind} from "./message.ts";

export interface RaftRules {
  /** How many of so many voters decide. §5.2. */
  quorumSize(voters: number): number;
  /** Whether to vote for `candidate`, or to grant its pre-vote. §5.2, §5.4.1, thesis §9.6. */
  canGrantVote(asked: VoteQuestion): boolean;
  /** Whether a log that ends in `theirs` is at least as up to date as one that ends in `ours`. §5.4.1. */
  isUpToDate(theirs: EntryId, ours: EntryId): boolean;
  /** Whether a request for a vote is not even looked at, because a leader was heard of lately. thesis §4.2.3. */
  isLeased(asked: LeaseQuestion): boolean;
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
  /** Whether a message claims something that must be durable before it leaves. */
  mustWaitForSync(kind: MessageKind): boolean;
  /** Whether a receipt still speaks of the entries that are in the log. */
  mayTrustReceipt(asked: {readonly receiptTerm: Term; readonly currentTerm: Term}): boolean;
  /** What of its commit index a leader may tell a follower in a heartbeat, which proves nothing about the log. */
  heartbeatCommit(asked: {readonly matchIndex: Index; readonly commitIndex: Index}): Index;
  /** Whether a leader whose last committed entry has `committedTerm` knows what is committed. §8, thesis §6.4. */
  mayTakeReads(asked: {readonly committedTerm: Term; readonly currentTerm: Term}): boolean;
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
}

export interface LeaseQuestion {
  readonly checkQuorum: boolean;
  readonly leader: MemberId;
  readonly electionElapsed: number;
  readonly electionTicks: number;
  /** The leader itself sent the candidate. */
  readonly transfer: boolean;
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
  quorumSize(voters) {
    return (voters >> 1) + 1;
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
  mustWaitForSync(kind) {
    // A request for votes too: it says that this candidate will not ask again in the term with another log, which it
    // might after a crash that took its term and its last entries.
    return kind === "RequestVote" || etcdRules.mustWaitForSync(kind);
  },
  mayTrustReceipt({receiptTerm, currentTerm}) {
    // In a newer term the same (index, term) may have been cut off and written again meanwhile (ABA).
    return receiptTerm === currentTerm;
  },
  heartbeatCommit({matchIndex, commitIndex}) {
    return Math.min(matchIndex, commitIndex);
  },
  mayTakeReads({committedTerm, currentTerm}) {
    return committedTerm === currentTerm;
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
