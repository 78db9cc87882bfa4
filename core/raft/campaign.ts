// How an election begins (§5.2): when a timer ran out, a person wants it, or the leader does. Its vote for itself counts
// when it is durable, like anyone's. What comes of it is candidate.ts's.

import {votersOf} from "./confState.ts";
import type {PreVote, RequestVote} from "./message.ts";
import type {Raft} from "./raft.ts";

/** `transfer`: the leader wants it (thesis §3.10), so nobody is asked before, and its lease does not stand in the way. */
export type CampaignKind = "preVote" | "election" | "transfer";

/** Starts an election, unless this member leads or may not campaign. */
export function campaign(raft: Raft, kind: CampaignKind): void {
  const why = refusalOfCampaign(raft);
  if (why !== undefined) {
    raft.notes?.note({kind: "campaignRefused", member: raft.id, term: raft.term, why});
    return;
  }
  raft.notes?.note({kind: "electionStarted", member: raft.id, term: raft.term});
  if (kind === "preVote") askForPreVotes(raft);
  else askForVotes(raft, kind === "transfer");
}

function refusalOfCampaign(raft: Raft): "leading" | "unpromotable" | "pendingChange" | undefined {
  if (raft.role.kind === "leader") return "leading";
  if (!raft.promotable) return "unpromotable";
  if (!raft.rules.mayCampaignWithPendingChange() && hasPendingChange(raft)) return "pendingChange";
  return undefined;
}

/** Whether a change of membership is committed and not applied here: then others may already decide in another configuration. */
function hasPendingChange({log}: Raft): boolean {
  for (let index = log.lastApplied + 1; index <= log.commitIndex; index++) {
    const type = log.entryAt(index)?.type ?? "normal";
    if (type !== "normal") return true;
  }
  return false;
}

function askForPreVotes(raft: Raft): void {
  raft.becomePreCandidate();
  const {id} = raft;
  const term = raft.term + 1;
  const {index: lastLogIndex, term: lastLogTerm} = raft.log.last;
  for (const to of votersOf(raft.conf)) {
    if (to === id) raft.send({kind: "PreVoteResponse", from: id, to, term, voteGranted: true});
    else ask(raft, {kind: "PreVote", from: id, to, term, lastLogIndex, lastLogTerm});
  }
}

/** Figure 2, "Candidates". */
export function askForVotes(raft: Raft, transfer: boolean): void {
  raft.becomeCandidate();
  const {id, term} = raft;
  const {index: lastLogIndex, term: lastLogTerm} = raft.log.last;
  for (const to of votersOf(raft.conf)) {
    if (to === id) raft.send({kind: "RequestVoteResponse", from: id, to, term, voteGranted: true});
    else ask(raft, {kind: "RequestVote", from: id, to, term, lastLogIndex, lastLogTerm, transfer});
  }
}

function ask(raft: Raft, message: RequestVote | PreVote): void {
  raft.notes?.note({kind: "voteRequested", member: raft.id, term: raft.term, message});
  raft.send(message);
}
