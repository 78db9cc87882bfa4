// The names of what must hold of one member, and what happens when it does not. checks.ts and its neighbours ask; the
// README's section "Invariants" tells where each comes from.

import {InvariantViolation} from "../base/assert.ts";
import type {RawNode} from "./rawNode.ts";

export const claimNames = [
  // the log's cursors
  "appliedIsHandedOut",
  "handedOutIsCommitted",
  "handedOutIsDurable",
  "committedIsInTheLog",
  "compactedIsApplied",
  "unstableIsTheTail",
  "theLogEndsAtLastIndex",
  // terms
  "termCoversTheLog",
  "entriesHaveATerm",
  "termsGrowAlongTheLog",
  "nothingHappensInTermZero",
  // a snapshot that is not durable
  "tailFollowsTheSnapshot",
  "snapshotHasATerm",
  "snapshotIsCommitted",
  // roles
  "candidateVotedForItself",
  "candidateKnowsNoLeader",
  "followerFollowsAnother",
  "leaderKnowsItself",
  "leaderOpenedItsTerm",
  "leaderCountsItsQuorumInTime",
  "pendingChangeIsInTheLog",
  "transferIsToAnotherVoter",
  // the configuration
  "someoneDecides",
  "learnersHaveNoVote",
  "nextLearnersAreOutgoing",
  "onlyJointIsLeft",
  // a leader's progress
  "progressIsOfTheMembers",
  "matchIsBelowNext",
  "matchIsInTheLog",
  "nextIsInTheLog",
  "sentCommitIsCommitted",
  "ownMatchWasHandedOut",
  "leaderSendsItselfNothing",
  "onlyReplicateHasAWindow",
  "windowIsBounded",
  "windowIsAboveMatch",
  "windowIsBelowNext",
  "windowGrows",
  "pausesOnlyWhenFull",
  "onlySnapshotIsPending",
  "snapshotIsPending",
  "pendingSnapshotIsCommitted",
  "nextFollowsTheSnapshot",
  // steps
  "termNeverFalls",
  "commitIndexNeverFalls",
  "handedOutNeverFalls",
  "lastAppliedNeverFalls",
  "committedEntriesStay",
  "votesOncePerTerm",
  "followsOneLeaderPerTerm",
  "candidateOpensATerm",
  "campaignsWithoutPendingChange",
  "leadsAfterACampaign",
  "leadsToTheEndOfTheTerm",
  "leaderOnlyAppends",
  "leaderCommitsOfItsTerm",
  "leaderCommitsWhatAQuorumHolds",
  "oneChangeAtATime",
  "leavesTheJointConfiguration",
  "matchIndexNeverFalls",
  "electionTimeoutIsInRange",
  "electionTimeoutIsActedUpon",
  // what is about to be sent
  "sendsInItsOwnName",
  "termIsNotAhead",
  "answersHaveATerm",
  "onlyLeadersReplicate",
  "appendFollowsAnEntry",
  "appendedEntriesAreOfTheTerm",
  "toldCommitIsCommitted",
  "sentSnapshotIsCommitted",
  "asksForVotesInANewTerm",
  "acknowledgesWhatItHolds",
] as const;

export type ClaimName = (typeof claimNames)[number];

/** Counts how often each claim was asked about; costs more than asking. */
export interface ClaimTally {
  count(name: ClaimName): void;
}

export function claim(holds: boolean, node: RawNode, name: ClaimName, tally: ClaimTally | undefined): void {
  if (tally !== undefined) tally.count(name);
  if (!holds) fail(node, name);
}

function fail(node: RawNode, name: ClaimName): never {
  const {id, role, term, commitIndex, lastApplied, lastIndex} = node;
  throw new InvariantViolation(
    `${name}: n${id} is ${role} of term ${term}, applied ${lastApplied}, committed ${commitIndex}, last ${lastIndex}`,
  );
}
