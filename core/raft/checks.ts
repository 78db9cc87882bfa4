// What must hold of one member: of any state it is in (checkState), and of any step it takes (checkTransition). Cheap
// enough to be asked after every event: O(members), no look along the log. A failed one is our bug, or a planted one, and
// names the claim. A step is one call to a RawNode, or several: an event of its server.
//
//   claims.ts   the names       progressChecks.ts   a leader's view of the others       messageChecks.ts   what it says
//
// After LogCabin's RaftConsensusInvariants and the list of etcd-io/raft pull request 381; the README's "Invariants" has
// them one by one.

import {noMember} from "../base/quantity.ts";
import {claim} from "./claims.ts";
import type {ClaimTally} from "./claims.ts";
import {isJoint, isMember, isVoter} from "./confState.ts";
import type {ConfState} from "./confState.ts";
import {checkMessage} from "./messageChecks.ts";
import type {NodeFacts} from "./nodeFacts.ts";
import {checkMatches, checkMembers, checkProgress, isHeldByQuorum} from "./progressChecks.ts";
import type {RawNode} from "./rawNode.ts";
import type {Snapshot} from "./snapshot.ts";

export {factsOf} from "./nodeFacts.ts";
export type {NodeFacts} from "./nodeFacts.ts";

/**
 * Throws the first broken claim about the state of `node`. `before`: facts of it in a state that was checked; what has not
 * changed since is not looked at again.
 */
export function checkState(node: RawNode, tally?: ClaimTally, before?: NodeFacts): void {
  checkLog(node, tally);
  const sameConf = before !== undefined && before.conf === node.confState;
  if (!sameConf) checkConf(node, node.confState, tally);
  const {term, role, votedFor, id, leader} = node;
  if (term === 0) {
    const idle = votedFor === noMember && (role === "follower" || role === "preCandidate");
    claim(idle, node, "nothingHappensInTermZero", tally);
  }
  if (role === "follower") {
    claim(leader !== id, node, "followerFollowsAnother", tally);
    return;
  }
  if (role !== "preCandidate") claim(votedFor === id, node, "candidateVotedForItself", tally);
  if (role === "leader") checkLeader(node, tally, sameConf && before.progress === node.liveProgress());
  else claim(leader === noMember, node, "candidateKnowsNoLeader", tally);
}

function checkLog(node: RawNode, tally: ClaimTally | undefined): void {
  const {term, lastApplied, applying, commitIndex, lastIndex, firstIndex, unstableFrom} = node;
  const {unstableWorkFrom: workFrom, unstableSnapshot: snapshot, config} = node;
  claim(lastApplied <= applying, node, "appliedIsHandedOut", tally);
  claim(applying <= commitIndex, node, "handedOutIsCommitted", tally);
  if (config.asyncStorageWrites) claim(applying < unstableFrom, node, "handedOutIsDurable", tally);
  claim(commitIndex <= lastIndex, node, "committedIsInTheLog", tally);
  claim(unstableFrom <= workFrom && workFrom <= lastIndex + 1, node, "unstableIsTheTail", tally);
  const lastTerm = node.termAt(lastIndex) ?? -1;
  claim(lastTerm >= 0 && lastTerm <= term, node, "termCoversTheLog", tally);
  if (lastIndex >= firstIndex) claim(lastTerm > 0, node, "entriesHaveATerm", tally);
  claim((node.termAt(lastIndex - 1) ?? 0) <= lastTerm, node, "termsGrowAlongTheLog", tally);
  claim(node.entryAt(lastIndex + 1) === undefined, node, "theLogEndsAtLastIndex", tally);
  if (snapshot === undefined) claim(firstIndex - 1 <= lastApplied, node, "compactedIsApplied", tally);
  else checkSnapshot(node, snapshot, tally);
}

function checkSnapshot(node: RawNode, {index, term}: Snapshot, tally: ClaimTally | undefined): void {
  const behind = node.unstableFrom > index && node.firstIndex === index + 1;
  claim(behind, node, "tailFollowsTheSnapshot", tally);
  claim(term > 0 && term <= node.term, node, "snapshotHasATerm", tally);
  claim(index <= node.commitIndex, node, "snapshotIsCommitted", tally);
}

function checkConf(node: RawNode, conf: ConfState, tally: ClaimTally | undefined): void {
  const {voters, votersOutgoing, learners, learnersNext, autoLeave} = conf;
  // A member that was told nothing yet waits for the log or a snapshot to tell it.
  const nobody = votersOutgoing.length === 0 && learners.length === 0 && node.role === "follower";
  claim(voters.length > 0 || nobody, node, "someoneDecides", tally);
  if (votersOutgoing.length === 0) {
    claim(learnersNext.length === 0 && !autoLeave, node, "onlyJointIsLeft", tally);
  }
  for (const learner of learners) claim(!isVoter(conf, learner), node, "learnersHaveNoVote", tally);
  for (const next of learnersNext) {
    const leaves = votersOutgoing.includes(next) && !voters.includes(next);
    claim(leaves, node, "nextLearnersAreOutgoing", tally);
  }
}

function checkLeader(node: RawNode, tally: ClaimTally | undefined, sameMembers: boolean): void {
  const {id, lastIndex, transferee, confState, ticksElapsed} = node;
  claim(node.leader === id, node, "leaderKnowsItself", tally);
  claim(node.termAt(lastIndex) === node.term, node, "leaderOpenedItsTerm", tally);
  claim(ticksElapsed < node.config.electionTicks, node, "leaderCountsItsQuorumInTime", tally);
  claim(node.pendingConfIndex <= lastIndex, node, "pendingChangeIsInTheLog", tally);
  if (transferee !== noMember && isVoter(confState, id)) {
    // A leader that was removed itself keeps a wish it had: it takes no part in its own switch any more (as in etcd).
    const another = transferee !== id && isVoter(confState, transferee);
    claim(another, node, "transferIsToAnotherVoter", tally);
  }
  if (!sameMembers) checkMembers(node, tally);
  checkProgress(node, tally);
}

/**
 * Throws the first broken claim about the step that led from `before` to `node` as it is now. Not across a restart.
 * What `node` is about to say since is checked with it.
 */
export function checkTransition(before: NodeFacts, node: RawNode, tally?: ClaimTally): void {
  const {term} = node;
  claim(term >= before.term, node, "termNeverFalls", tally);
  claim(node.commitIndex >= before.commitIndex, node, "commitIndexNeverFalls", tally);
  claim(node.applying >= before.applying, node, "handedOutNeverFalls", tally);
  claim(node.lastApplied >= before.lastApplied, node, "lastAppliedNeverFalls", tally);
  if (before.committedEntry !== undefined) {
    const entry = node.entryAt(before.commitIndex);
    const stays = entry === before.committedEntry || (entry === undefined && isCompacted(node, before));
    claim(stays, node, "committedEntriesStay", tally);
  }
  checkTimer(before, node, tally);
  checkCampaign(before, node, tally);
  if (term === before.term) checkWithinTerm(before, node, tally);
  for (let i = before.messages(node); i < node.pendingMessages().length; i++) {
    checkMessage(node, node.pendingMessages()[i], tally);
  }
  for (let i = before.answers(node); i < node.pendingAnswers().length; i++) {
    checkMessage(node, node.pendingAnswers()[i], tally);
  }
}

function isCompacted(node: RawNode, {commitIndex}: NodeFacts): boolean {
  return commitIndex < node.firstIndex;
}

function checkTimer(before: NodeFacts, node: RawNode, tally: ClaimTally | undefined): void {
  const {term, role, promotable, ticksElapsed: elapsed, electionTimeout: timeout} = node;
  const {electionTicks} = node.config;
  // A pre-candidate goes on with the timer of its follower. Not asked of other steps: a timeout may be set by hand.
  if (term !== before.term || (role !== before.role && role !== "preCandidate")) {
    const inRange = timeout >= electionTicks && timeout < 2 * electionTicks;
    claim(inRange, node, "electionTimeoutIsInRange", tally);
  }
  // Who may not campaign lets the timer run on, and acts at its first tick once it may.
  if (role !== "leader" && promotable && before.waits && timeout === before.electionTimeout) {
    claim(elapsed < timeout, node, "electionTimeoutIsActedUpon", tally);
  }
}

function checkCampaign(before: NodeFacts, node: RawNode, tally: ClaimTally | undefined): void {
  const {role, term} = node;
  if (role !== "candidate" && role !== "preCandidate") return;
  if (role === before.role && term === before.term) return;
  if (role === "candidate") claim(term > before.term, node, "candidateOpensATerm", tally);
  // With one it might decide by a configuration that others have left twice (etcd-io/raft #234). Short: what is unapplied.
  let pending = false;
  for (let index = node.lastApplied + 1; index <= node.commitIndex; index++) {
    if ((node.entryAt(index)?.type ?? "normal") !== "normal") pending = true;
  }
  claim(!pending, node, "campaignsWithoutPendingChange", tally);
}

function checkWithinTerm(before: NodeFacts, node: RawNode, tally: ClaimTally | undefined): void {
  const {role, votedFor, leader} = node;
  if (before.votedFor !== noMember) claim(votedFor === before.votedFor, node, "votesOncePerTerm", tally);
  // It may forget who leads, but there is none other.
  if (before.termLeader !== noMember && leader !== noMember) {
    claim(leader === before.termLeader, node, "followsOneLeaderPerTerm", tally);
  }
  if (before.role !== "leader") {
    if (role === "leader") claim(before.role === "candidate", node, "leadsAfterACampaign", tally);
    return;
  }
  if (role !== "leader") {
    const {checkQuorum, stepDownOnRemoval} = node.config;
    const mayStepDown = checkQuorum || (stepDownOnRemoval && !isVoter(node.confState, node.id));
    const stepsDown = mayStepDown && role === "follower" && leader === noMember;
    return claim(stepsDown, node, "leadsToTheEndOfTheTerm", tally);
  }
  checkLeaderStep(before, node, tally);
}

function checkLeaderStep(before: NodeFacts, node: RawNode, tally: ClaimTally | undefined): void {
  const {commitIndex, lastIndex, lastApplied, pendingConfIndex, confState} = node;
  const stays = lastIndex >= before.lastIndex && node.entryAt(before.lastIndex) === before.lastEntry;
  const gone = before.lastIndex < node.firstIndex;
  claim(stays || (gone && lastIndex >= before.lastIndex), node, "leaderOnlyAppends", tally);
  if (commitIndex > before.commitIndex) {
    claim(node.termAt(commitIndex) === node.term, node, "leaderCommitsOfItsTerm", tally);
    // If a change was applied since, which configuration it was that decided is not known any more.
    if (confState === before.conf) {
      claim(isHeldByQuorum(node, commitIndex), node, "leaderCommitsWhatAQuorumHolds", tally);
    }
  }
  if (pendingConfIndex !== before.pendingConfIndex && !node.config.disableConfChangeValidation) {
    const alone = pendingConfIndex > before.pendingConfIndex && before.pendingConfIndex <= lastApplied;
    claim(alone, node, "oneChangeAtATime", tally);
  }
  const applied = lastApplied > before.lastApplied && isJoint(confState) && confState.autoLeave;
  if (
    applied &&
    node.transferee === noMember &&
    before.transferee === noMember &&
    isMember(confState, node.id)
  ) {
    claim(pendingConfIndex > lastApplied, node, "leavesTheJointConfiguration", tally);
  }
  checkMatches(before, node, tally);
}
