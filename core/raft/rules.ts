// Small named decisions that a bug could get wrong (law 12). A node is made with a set of them; a bug is another set.
// Each is a pure function of what it is given.

import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {Entry, EntryId, HardState, Index, Term} from "./entry.ts";
import type {MessageKind} from "./message.ts";

export interface RaftRules {
  /** How many of so many voters decide. §5.2. */
  quorumSize(voters: number): number;
  /** Whether to vote for `candidate` in the node's current term. §5.2, §5.4.1. */
  canGrantVote(asked: VoteQuestion): boolean;
  /** Whether a log that ends in `theirs` is at least as up to date as one that ends in `ours`. §5.4.1. */
  isUpToDate(theirs: EntryId, ours: EntryId): boolean;
  /** Whether an append that follows `prevLogTerm` fits a log with `ourTerm` there (undefined: nothing is there). §5.3. */
  fitsOurLog(asked: {readonly prevLogTerm: Term; readonly ourTerm: Term | undefined}): boolean;
  /** Whether an entry with `ourTerm`, and all after it, must give way to one of the leader with `theirTerm`. §5.3. */
  mustReplace(asked: {readonly ourTerm: Term; readonly theirTerm: Term}): boolean;
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
}

export const raftRules: RaftRules = {
  quorumSize(voters) {
    return (voters >> 1) + 1;
  },
  canGrantVote({candidate, votedFor, leader, upToDate}) {
    return upToDate && (votedFor === candidate || (votedFor === noMember && leader === noMember));
  },
  isUpToDate(theirs, ours) {
    return theirs.term > ours.term || (theirs.term === ours.term && theirs.index >= ours.index);
  },
  fitsOurLog({prevLogTerm, ourTerm}) {
    return prevLogTerm === ourTerm;
  },
  mustReplace({ourTerm, theirTerm}) {
    return ourTerm !== theirTerm;
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
    return kind === "RequestVote" || kind === "RequestVoteResponse" || kind === "AppendEntriesResponse";
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
