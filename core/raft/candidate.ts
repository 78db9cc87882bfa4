// A candidate counts the votes that it asked for (campaign.ts): it leads once a quorum granted, and gives up when a quorum
// cannot grant any more or a leader of its term shows up (§5.2). A pre-candidate that could win campaigns (thesis §9.6).

import {unreachable} from "../base/assert.ts";
import {noMember} from "../base/quantity.ts";
import {askForVotes} from "./campaign.ts";
import {votersOf} from "./confState.ts";
import {handleAppendEntries, handleHeartbeat, handleSnapshot, refuseProposal} from "./follower.ts";
import {openTerm} from "./leader.ts";
import type {Message, PreVote, PreVoteResponse, RequestVote, RequestVoteResponse} from "./message.ts";
import {voteResult} from "./quorum.ts";
import type {CandidateRole, Raft} from "./raft.ts";
import {accepted} from "./stepResult.ts";
import type {StepResult} from "./stepResult.ts";

export function stepCandidate(
  raft: Raft,
  role: CandidateRole,
  message: Exclude<Message, RequestVote | PreVote>,
): StepResult {
  switch (message.kind) {
    case "AppendEntries":
      raft.becomeFollower(message.term, message.from);
      return handleAppendEntries(raft, message);
    case "Heartbeat":
      raft.becomeFollower(message.term, message.from);
      return handleHeartbeat(raft, message);
    case "InstallSnapshot":
      raft.becomeFollower(message.term, message.from);
      return handleSnapshot(raft, message);
    case "RequestVoteResponse":
    case "PreVoteResponse":
      return countVote(raft, role, message);
    case "Propose":
      return refuseProposal(raft);
    case "ReadIndex":
      return raft.drop(message, "noLeader");
    case "AppendEntriesResponse":
    case "HeartbeatResponse":
    case "TimeoutNow":
    case "TransferLeader":
    case "ReadIndexResponse":
      return raft.drop(message, "wrongRole");
    default:
      return unreachable(message);
  }
}

function countVote(
  raft: Raft,
  role: CandidateRole,
  {kind, from: voter, voteGranted: granted}: RequestVoteResponse | PreVoteResponse,
): StepResult {
  const preVote = kind === "PreVoteResponse";
  // A late pre-vote is no vote.
  if (preVote !== (role.kind === "preCandidate")) return accepted;
  const ballot = raft.rules.ballotOf({voter, voters: votersOf(raft.conf), answered: role.votes});
  // The first answer counts.
  if (!role.votes.has(ballot)) role.votes.set(ballot, granted);
  noteCount(raft, role, {voter, granted, preVote});
  const result = voteResult(raft.quorum, (member) => role.votes.get(member));
  if (result === "lost") raft.becomeFollower(raft.term, noMember);
  if (result !== "won") return accepted;
  if (role.kind === "preCandidate") askForVotes(raft, false);
  else openTerm(raft, raft.becomeLeader(), granters(raft, role));
  return accepted;
}

interface Vote {
  readonly voter: number;
  readonly granted: boolean;
  readonly preVote: boolean;
}

function noteCount(raft: Raft, role: CandidateRole, vote: Vote): void {
  if (raft.notes === undefined) return;
  const answers = votersOf(raft.conf).map((member) => role.votes.get(member));
  const grants = answers.filter((granted) => granted === true).length;
  const refusals = answers.filter((granted) => granted === false).length;
  raft.notes.note({kind: "voteCounted", member: raft.id, term: raft.term, ...vote, grants, refusals});
}

function granters(raft: Raft, role: CandidateRole): readonly number[] {
  return votersOf(raft.conf).filter((member) => role.votes.get(member) === true);
}
