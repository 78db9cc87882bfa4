// What must hold of one member: of any state it is in (checkState), and of any step it takes (checkTransition). Cheap
// enough to be asked after every event. A failed one is our bug, or a planted one, and names the claim.
// After LogCabin's RaftConsensusInvariants and the list of etcd-io/raft pull request 381.

import {InvariantViolation} from "../base/assert.ts";
import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {Entry, Index, RoleName, Term} from "./entry.ts";
import type {RawNode} from "./rawNode.ts";

/** What checkTransition needs to remember of the state before. */
export interface NodeFacts {
  readonly term: Term;
  readonly votedFor: MemberId;
  readonly role: RoleName;
  readonly leader: MemberId;
  readonly commitIndex: Index;
  readonly lastApplied: Index;
  readonly lastIndex: Index;
  readonly lastEntry: Entry | undefined;
  readonly committedEntry: Entry | undefined;
  /** A leader's, by ascending member. */
  readonly matchIndexes: readonly Index[];
}

export function factsOf(node: RawNode): NodeFacts {
  const {term, votedFor, role, leader, commitIndex, lastApplied, lastIndex} = node;
  return {
    term,
    votedFor,
    role,
    leader,
    commitIndex,
    lastApplied,
    lastIndex,
    lastEntry: node.entryAt(lastIndex),
    committedEntry: node.entryAt(commitIndex),
    matchIndexes: node.progress().map((progress) => progress.matchIndex),
  };
}

/** Throws the first broken claim about the state of `node`. */
export function checkState(node: RawNode): void {
  const {id, term, role, leader, lastApplied, commitIndex, lastIndex} = node;
  claim(lastApplied <= commitIndex, node, "appliedIsCommitted");
  claim(commitIndex <= lastIndex, node, "committedIsInTheLog");
  claim(node.unstableFrom <= lastIndex + 1, node, "unstableIsTheTail");
  const lastTerm = node.termAt(lastIndex) ?? -1;
  claim(lastTerm >= 0 && lastTerm <= term, node, "termCoversTheLog");
  claim(lastIndex < node.firstIndex || lastTerm > 0, node, "entriesHaveATerm");
  claim((node.termAt(lastIndex - 1) ?? 0) <= lastTerm, node, "termsGrowAlongTheLog");
  claim(node.entryAt(lastIndex + 1) === undefined, node, "theLogEndsAtLastIndex");
  const {timeout} = node.ticksToElection;
  const {electionTicks} = node.config;
  claim(timeout >= electionTicks && timeout < 2 * electionTicks, node, "electionTimeoutIsInRange");
  claim(node.ticksToElection.elapsed < timeout, node, "electionTimeoutIsActedUpon");
  if (term === 0) claim(node.votedFor === noMember && role === "follower", node, "nothingHappensInTermZero");
  if (role === "candidate") claim(leader === noMember, node, "candidateKnowsNoLeader");
  if (role === "follower") claim(leader !== id, node, "followerFollowsAnother");
  else claim(node.votedFor === id, node, "votedForItself");
  if (role === "leader") checkLeader(node);
}

function checkLeader(node: RawNode): void {
  claim(node.leader === node.id, node, "leaderKnowsItself");
  claim(node.termAt(node.lastIndex) === node.term, node, "leaderOpenedItsTerm");
  for (const {member, state, matchIndex, nextIndex, inflight, paused} of node.progress()) {
    claim(matchIndex < nextIndex, node, "matchIsBelowNext");
    claim(matchIndex <= node.lastIndex, node, "matchIsInTheLog");
    claim(member === node.id || nextIndex <= node.lastIndex + 1, node, "nextIsInTheLog");
    claim(inflight <= node.config.inflightMax, node, "inflightIsBounded");
    if (state === "probe") claim(inflight === 0, node, "probeHasNoWindow");
    if (member === node.id) claim(state === "replicate" && !paused, node, "leaderReplicatesItself");
    if (member === node.id) claim(matchIndex < node.unstableFrom, node, "leaderCountsWhatIsDurable");
  }
}

/** Throws the first broken claim about the step that led from `before` to `node` as it is now. Not across a restart. */
export function checkTransition(before: NodeFacts, node: RawNode): void {
  claim(node.term >= before.term, node, "termNeverFalls");
  claim(node.commitIndex >= before.commitIndex, node, "commitIndexNeverFalls");
  claim(node.lastApplied >= before.lastApplied, node, "lastAppliedNeverFalls");
  if (before.committedEntry !== undefined) {
    claim(node.entryAt(before.commitIndex) === before.committedEntry, node, "committedEntriesStay");
  }
  if (node.term !== before.term) return;
  if (before.votedFor !== noMember) claim(node.votedFor === before.votedFor, node, "votesOncePerTerm");
  if (before.leader !== noMember) claim(node.leader === before.leader, node, "followsOneLeaderPerTerm");
  if (before.role !== "leader") return;
  claim(node.role === "leader", node, "leadsToTheEndOfTheTerm");
  claim(node.lastIndex >= before.lastIndex, node, "leaderOnlyAppends");
  claim(node.entryAt(before.lastIndex) === before.lastEntry, node, "leaderOnlyAppends");
  const now = node.progress();
  for (let i = 0; i < now.length; i++) {
    claim((now[i]?.matchIndex ?? -1) >= (before.matchIndexes[i] ?? 0), node, "matchIndexNeverFalls");
  }
}

function claim(holds: boolean, node: RawNode, name: string): void {
  if (holds) return;
  const {id, role, term, commitIndex, lastApplied, lastIndex} = node;
  throw new InvariantViolation(
    `${name}: n${id} is ${role} of term ${term}, applied ${lastApplied}, committed ${commitIndex}, last ${lastIndex}`,
  );
}
