// Small named decisions that a bug could get wrong (law 12). A node is made with a set of them; a bug is another set.
// Each is a pure function of what it is given.

import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {Entry, EntryId, HardState, Index, Term} from "./entry.ts";

export interface RaftRules {
  /** Whether to vote for `candidate` in the node's current term. §5.2, §5.4.1. */
  canGrantVote(asked: VoteQuestion): boolean;
  /** Whether a log that ends in `theirs` is at least as up to date as one that ends in `ours`. §5.4.1. */
  isUpToDate(theirs: EntryId, ours: EntryId): boolean;
  /** Whether an index that a majority holds may be committed by counting replicas. §5.4.2. */
  mayCommit(asked: {readonly index: Index; readonly entryTerm: Term; readonly currentTerm: Term}): boolean;
  /** Whether the disk must be synced before what follows is said. Figure 2, "persistent state". */
  mustSync(before: HardState, after: HardState, entries: readonly Entry[]): boolean;
  /** What of its commit index a leader may tell a follower in a heartbeat, which proves nothing about the log. */
  heartbeatCommit(asked: {readonly matchIndex: Index; readonly commitIndex: Index}): Index;
}

export interface VoteQuestion {
  readonly candidate: MemberId;
  readonly votedFor: MemberId;
  readonly leader: MemberId;
  readonly upToDate: boolean;
}

export const raftRules: RaftRules = {
  canGrantVote({candidate, votedFor, leader, upToDate}) {
    return upToDate && (votedFor === candidate || (votedFor === noMember && leader === noMember));
  },
  isUpToDate(theirs, ours) {
    return theirs.term > ours.term || (theirs.term === ours.term && theirs.index >= ours.index);
  },
  mayCommit({entryTerm, currentTerm}) {
    return entryTerm === currentTerm;
  },
  mustSync(before, after, entries) {
    return entries.length > 0 || before.term !== after.term || before.votedFor !== after.votedFor;
  },
  heartbeatCommit({matchIndex, commitIndex}) {
    return Math.min(matchIndex, commitIndex);
  },
};
