// What must hold of what a member is about to say, when it comes to say it (checks.ts).

import {claim} from "./claims.ts";
import type {ClaimName, ClaimTally} from "./claims.ts";
import type {AppendEntries, Message} from "./message.ts";
import type {RawNode} from "./rawNode.ts";

/** Throws the first broken claim about a message that `node` has just come to say. */
export function checkMessage(
  node: RawNode,
  message: Message | undefined,
  tally: ClaimTally | undefined,
): void {
  if (message === undefined) return;
  const {kind, term} = message;
  claim(message.from === node.id && message.to > 0, node, "sendsInItsOwnName", tally);
  // A pre-vote, and its grant, speak of the term that would be next.
  const isPreVote = kind === "PreVote" || kind === "PreVoteResponse";
  if (!isPreVote) claim(term <= node.term, node, "termIsNotAhead", tally);
  switch (kind) {
    case "RequestVote":
    case "PreVote": {
      const asks = term > message.lastLogTerm && term === (isPreVote ? node.term + 1 : node.term);
      claim(asks && message.to !== node.id, node, "asksForVotesInANewTerm", tally);
      return;
    }
    case "RequestVoteResponse":
    case "PreVoteResponse":
    case "HeartbeatResponse":
      return claim(term > 0, node, "answersHaveATerm", tally);
    case "AppendEntriesResponse": {
      claim(term > 0, node, "answersHaveATerm", tally);
      const holds = !message.success || message.index <= node.lastIndex;
      return claim(holds, node, "acknowledgesWhatItHolds", tally);
    }
    case "AppendEntries":
      return checkAppend(node, message, tally);
    case "Heartbeat":
      claim(isOfLeader(node, message), node, "onlyLeadersReplicate", tally);
      return claim(message.commit <= node.commitIndex, node, "toldCommitIsCommitted", tally);
    case "InstallSnapshot": {
      const {index, term: snapshotTerm} = message.snapshot;
      claim(isOfLeader(node, message), node, "onlyLeadersReplicate", tally);
      const committed = index > 0 && snapshotTerm > 0 && index <= node.commitIndex;
      return claim(committed, node, "sentSnapshotIsCommitted", tally);
    }
    case "ReadIndexResponse":
      return claim(message.index <= node.commitIndex, node, "toldCommitIsCommitted", tally);
    case "TimeoutNow":
      return claim(isOfLeader(node, message), node, "onlyLeadersReplicate", tally);
    case "TransferLeader":
    case "Propose":
    case "ReadIndex":
      return;
  }
}

function isOfLeader(node: RawNode, {term, to}: Message): boolean {
  return node.role === "leader" && term === node.term && to !== node.id;
}

function checkAppend(node: RawNode, message: AppendEntries, tally: ClaimTally | undefined): void {
  claim(isOfLeader(node, message), node, "onlyLeadersReplicate", tally);
  claim(message.leaderCommit <= node.commitIndex, node, "toldCommitIsCommitted", tally);
  claim(followsAnEntry(message), node, "appendFollowsAnEntry", tally);
  claim(areOfTheTerm(message), node, "appendedEntriesAreOfTheTerm", tally);
}

function followsAnEntry({prevLogIndex, prevLogTerm}: AppendEntries): boolean {
  return prevLogTerm > 0 === prevLogIndex > 0;
}

/** They follow one another, and none is of a later term than the sender's. */
function areOfTheTerm({term, prevLogIndex, prevLogTerm, entries}: AppendEntries): boolean {
  let termBefore = prevLogTerm;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    if (entry === undefined || entry.index !== prevLogIndex + 1 + i || entry.term < termBefore) return false;
    termBefore = entry.term;
  }
  return termBefore <= term;
}

/** The claim that a message breaks whoever sent it, and in whatever state; undefined: none. For who sees it only on its way. */
export function faultOf(message: Message): ClaimName | undefined {
  const {kind, from, to, term} = message;
  if (from <= 0 || to <= 0 || from === to) return "sendsInItsOwnName";
  switch (kind) {
    case "RequestVote":
    case "PreVote":
      return term > message.lastLogTerm ? undefined : "asksForVotesInANewTerm";
    case "RequestVoteResponse":
    case "PreVoteResponse":
    case "HeartbeatResponse":
    case "AppendEntriesResponse":
      return term > 0 ? undefined : "answersHaveATerm";
    case "AppendEntries":
      if (term <= 0) return "onlyLeadersReplicate";
      if (!followsAnEntry(message)) return "appendFollowsAnEntry";
      return areOfTheTerm(message) ? undefined : "appendedEntriesAreOfTheTerm";
    case "Heartbeat":
    case "TimeoutNow":
      return term > 0 ? undefined : "onlyLeadersReplicate";
    case "InstallSnapshot": {
      const {index, term: snapshotTerm} = message.snapshot;
      const isSound = index > 0 && snapshotTerm > 0 && snapshotTerm <= term;
      return isSound ? undefined : "sentSnapshotIsCommitted";
    }
    case "TransferLeader":
    case "Propose":
    case "ReadIndex":
    case "ReadIndexResponse":
      return undefined;
  }
}
