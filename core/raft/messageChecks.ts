// What must hold of what a member is about to say, when it comes to say it (checks.ts).

import {claim} from "./claims.ts";
import type {ClaimTally} from "./claims.ts";
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
  const {prevLogIndex, prevLogTerm, entries} = message;
  claim(isOfLeader(node, message), node, "onlyLeadersReplicate", tally);
  claim(message.leaderCommit <= node.commitIndex, node, "toldCommitIsCommitted", tally);
  claim(prevLogTerm > 0 === prevLogIndex > 0, node, "appendFollowsAnEntry", tally);
  let inOrder = true;
  let termBefore = prevLogTerm;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    if (entry === undefined || entry.index !== prevLogIndex + 1 + i || entry.term < termBefore)
      inOrder = false;
    else termBefore = entry.term;
  }
  claim(inOrder && termBefore <= node.term, node, "appendedEntriesAreOfTheTerm", tally);
}
