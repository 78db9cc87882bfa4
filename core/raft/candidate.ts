// A candidate asks for votes (§5.2): it leads once a quorum granted, and gives up when a quorum cannot grant any more
// or a leader of its term shows up. Its vote for itself counts when it is durable, like anyone's.

import {unreachable} from "../base/assert.ts";
import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import {handleAppendEntries, handleHeartbeat} from "./follower.ts";
import {openTerm} from "./leader.ts";
import type {Message, RequestVote} from "./message.ts";
import {voteResult} from "./quorum.ts";
import type {CandidateRole, Raft} from "./raft.ts";

/** Figure 2, "Candidates". */
export function campaign(raft: Raft): void {
  raft.becomeCandidate();
  const {id, term} = raft;
  const {index: lastLogIndex, term: lastLogTerm} = raft.log.last;
  for (const to of raft.config.voters) {
    if (to === id) raft.send({kind: "RequestVoteResponse", from: id, to, term, voteGranted: true});
    else raft.send({kind: "RequestVote", from: id, to, term, lastLogIndex, lastLogTerm});
  }
}

export function stepCandidate(raft: Raft, role: CandidateRole, message: Exclude<Message, RequestVote>): void {
  switch (message.kind) {
    case "AppendEntries":
      raft.becomeFollower(message.term, message.from);
      return handleAppendEntries(raft, message);
    case "Heartbeat":
      raft.becomeFollower(message.term, message.from);
      return handleHeartbeat(raft, message);
    case "RequestVoteResponse":
      return countVote(raft, role, {voter: message.from, granted: message.voteGranted});
    case "Propose":
    case "ReadIndex":
      return raft.drop(message, "noLeader");
    case "AppendEntriesResponse":
    case "HeartbeatResponse":
    case "ReadIndexResponse":
      return raft.drop(message, "wrongRole");
    default:
      return unreachable(message);
  }
}

interface Vote {
  readonly voter: MemberId;
  readonly granted: boolean;
}

function countVote(raft: Raft, role: CandidateRole, {voter, granted}: Vote): void {
  // The first answer counts; the network may bring it twice.
  if (!role.votes.has(voter)) role.votes.set(voter, granted);
  raft.notes?.note({kind: "voteCounted", member: raft.id, voter, granted});
  const result = voteResult(raft.quorum, role.votes);
  switch (result) {
    case "won": {
      const by = raft.config.voters.filter((member) => role.votes.get(member) === true);
      raft.notes?.note({kind: "becameLeader", member: raft.id, term: raft.term, by});
      return openTerm(raft, raft.becomeLeader());
    }
    case "lost":
      return raft.becomeFollower(raft.term, noMember);
    case "pending":
      return;
    default:
      return unreachable(result);
  }
}
