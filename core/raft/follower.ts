// A follower answers: it appends what the leader sends if the logs fit (§5.3), follows its commit index, takes its
// snapshots (§7), and hands proposals and reads on to it. It says nothing of its own accord.

import {unreachable} from "../base/assert.ts";
import {noMember} from "../base/quantity.ts";
import {failed} from "../base/result.ts";
import {campaign} from "./campaign.ts";
import {isLearner, isMember, isVoter} from "./confState.ts";
import type {Entry, Index, Proposal} from "./entry.ts";
import {followLog, switchTo} from "./membership.ts";
import {acknowledgement} from "./message.ts";
import type {AppendEntries, Heartbeat, InstallSnapshot, Message, PreVote, RequestVote} from "./message.ts";
import type {FollowerRole, Raft} from "./raft.ts";
import type {Snapshot} from "./snapshot.ts";
import {accepted} from "./stepResult.ts";
import type {StepResult} from "./stepResult.ts";

export function stepFollower(
  raft: Raft,
  role: FollowerRole,
  message: Exclude<Message, RequestVote | PreVote>,
): StepResult {
  switch (message.kind) {
    case "AppendEntries":
      hearLeader(raft, role, message);
      return handleAppendEntries(raft, message);
    case "Heartbeat":
      hearLeader(raft, role, message);
      return handleHeartbeat(raft, message);
    case "InstallSnapshot":
      hearLeader(raft, role, message);
      return handleSnapshot(raft, message);
    case "TimeoutNow":
      raft.notes?.note({kind: "timeoutNowTaken", member: raft.id, term: raft.term, from: message.from});
      // The leader itself wants it: no need to ask first, and nobody is disturbed (thesis §3.10).
      campaign(raft, "transfer");
      return accepted;
    case "Propose":
      return forwardProposal(raft, role, message.proposals);
    case "TransferLeader":
      forwardTransfer(raft, role, message.transferee);
      return accepted;
    case "ReadIndexResponse":
      raft.readStates.push({index: message.index, context: message.context});
      return accepted;
    case "ReadIndex":
    case "RequestVoteResponse":
    case "PreVoteResponse":
    case "AppendEntriesResponse":
    case "HeartbeatResponse":
      return raft.drop(message, "wrongRole");
    default:
      return unreachable(message);
  }
}

function hearLeader(raft: Raft, role: FollowerRole, {from}: Message): void {
  raft.electionElapsed = 0;
  role.leader = from;
}

/** Figure 2, "AppendEntries RPC", receiver 2–5. */
export function handleAppendEntries(raft: Raft, message: AppendEntries): StepResult {
  const {log, rules} = raft;
  const {prevLogIndex, prevLogTerm, entries} = message;
  if (prevLogIndex < log.commitIndex) {
    // An old message: what is committed is the leader's log, so there is nothing to compare.
    return accept(raft, message.from, log.commitIndex);
  }
  if (!rules.fitsOurLog({prevLogTerm, ourTerm: log.termAt(prevLogIndex)})) return refuse(raft, message);
  appendNew(raft, entries);
  const lastNewIndex = prevLogIndex + entries.length;
  log.commitTo(rules.followerCommit({leaderCommit: message.leaderCommit, lastNewIndex}));
  return accept(raft, message.from, rules.acknowledgedIndex({lastNewIndex, lastIndex: log.lastIndex}));
}

export function handleHeartbeat(raft: Raft, message: Heartbeat): StepResult {
  raft.log.commitTo(message.commit);
  const {id, term} = raft;
  raft.send({
    kind: "HeartbeatResponse",
    from: id,
    to: message.from,
    term,
    readPosition: message.readPosition,
  });
  return accepted;
}

/** §7, "InstallSnapshot RPC". The answer waits until the snapshot is durable. */
export function handleSnapshot(raft: Raft, {from, snapshot}: InstallSnapshot): StepResult {
  return accept(raft, from, restore(raft, snapshot) ? raft.log.lastIndex : raft.log.commitIndex);
}

/** Takes the snapshot in place of the log and of the configuration; false if there is no need to, or no right. */
function restore(raft: Raft, snapshot: Snapshot): boolean {
  const {id, term, log} = raft;
  const why = refusalOfSnapshot(raft, snapshot);
  if (why !== undefined) {
    const {commitIndex: commit, last} = log;
    if (why === "forwarded") log.commitTo(snapshot.index);
    const answered = log.commitIndex;
    raft.notes?.note({kind: "snapshotIgnored", member: id, term, snapshot, commit, last, why, answered});
    return false;
  }
  if (raft.notes !== undefined) {
    const marks = {
      committed: log.commitIndex,
      applied: log.lastApplied,
      applying: log.applying,
      unstableFrom: log.unstableFrom,
      workFrom: log.unstableWorkFrom,
      unstableCount: log.unstableCount,
    };
    raft.notes.note({kind: "snapshotStarted", member: id, term, snapshot, log: marks});
  }
  log.restore(snapshot);
  raft.confApplied = snapshot.confState;
  switchTo(raft, {conf: snapshot.confState, renewed: new Set()});
  const {commitIndex: commit, last} = log;
  raft.notes?.note({kind: "snapshotRestored", member: id, term, snapshot, commit, last});
  return true;
}

function refusalOfSnapshot(
  {id, log, conf, rules}: Raft,
  {index, term, confState}: Snapshot,
): "old" | "notMember" | "forwarded" | undefined {
  if (index <= log.commitIndex) return "old";
  const isMemberThere = isMember(confState, id);
  const isLearnerThere = isLearner(confState, id);
  if (!rules.mayTakeSnapshot({isMemberThere, isLearnerThere, isVoterHere: isVoter(conf, id)}))
    return "notMember";
  // The log goes that far already: it only did not know that it is committed.
  return log.isAt({index, term}) ? "forwarded" : undefined;
}

export function forwardProposal(raft: Raft, role: FollowerRole, proposals: readonly Proposal[]): StepResult {
  const {leader} = role;
  if (leader === noMember) return refuseProposal(raft);
  if (raft.config.disableProposalForwarding) {
    raft.notes?.note({
      kind: "proposalDropped",
      member: raft.id,
      term: raft.term,
      why: "notForwarded",
      leader,
    });
    return failed("proposalDropped");
  }
  raft.send({kind: "Propose", from: raft.id, to: leader, term: 0, proposals});
  return accepted;
}

/** There is nobody to hand a proposal to. */
export function refuseProposal(raft: Raft): StepResult {
  const {id, term} = raft;
  raft.notes?.note({kind: "proposalDropped", member: id, term, why: "noLeader", leader: noMember});
  return failed("proposalDropped");
}

export function forwardReadIndex(raft: Raft, role: FollowerRole, context: number): void {
  if (role.leader === noMember) {
    raft.notes?.note({kind: "readDropped", member: raft.id, term: raft.term, context});
    return;
  }
  raft.send({kind: "ReadIndex", from: raft.id, to: role.leader, term: 0, context});
}

export function forwardTransfer(raft: Raft, role: FollowerRole, transferee: number): void {
  const {id, term} = raft;
  if (role.leader === noMember) {
    raft.notes?.note({kind: "transfer", member: id, term, step: "noLeader", transferee});
    return;
  }
  raft.send({kind: "TransferLeader", from: id, to: role.leader, term, transferee});
}

/**
 * Takes the leader for unknown, in the same term, so that this member votes at once for whoever asks: for those who know
 * by other means that the leader is gone. Refused where a leader answers reads on the strength of its lease.
 */
export function forgetLeader(raft: Raft, role: FollowerRole): void {
  const {id, term} = raft;
  if (raft.config.readOnly === "leaseBased") {
    raft.notes?.note({kind: "forgetRefused", member: id, term});
    return;
  }
  if (role.leader === noMember) return;
  raft.notes?.note({kind: "leaderForgotten", member: id, term, leader: role.leader});
  role.leader = noMember;
}

/** Skips what this log has already, and replaces from the first entry that differs. A message may be older than the log. */
function appendNew(raft: Raft, entries: readonly Entry[]): void {
  const {log, rules} = raft;
  for (let i = 0; i < entries.length; i++) {
    const {index, term} = entries[i] ?? {index: 0, term: 0};
    const ourTerm = log.termAt(index);
    if (ourTerm !== undefined && !rules.mustReplace({ourTerm, theirTerm: term})) continue;
    if (ourTerm !== undefined) noteConflict(raft, index, {ours: ourTerm, theirs: term});
    const how = log.append(i === 0 ? entries : entries.slice(i));
    if (how !== "appended") {
      raft.notes?.note({kind: "logCut", member: raft.id, term: raft.term, from: index, how});
    }
    followLog(raft);
    return;
  }
}

function noteConflict(
  raft: Raft,
  index: Index,
  terms: {readonly ours: number; readonly theirs: number},
): void {
  raft.notes?.note({kind: "logConflict", member: raft.id, term: raft.term, index, ...terms});
}

function accept(raft: Raft, to: number, index: Index): StepResult {
  const {id, term} = raft;
  raft.send(acknowledgement({from: id, to, term}, index));
  return accepted;
}

/** Tells the leader where the logs may still agree, so that it need not go back one by one. §5.3. */
function refuse(raft: Raft, message: AppendEntries): StepResult {
  const {id, term, log} = raft;
  const {prevLogIndex: index, prevLogTerm} = message;
  const hint = log.findConflictByTerm({index: Math.min(index, log.lastIndex), term: prevLogTerm});
  const ourTerm = log.termAt(index) ?? 0;
  raft.notes?.note({kind: "appendRefused", member: id, term, message, ourTerm, hint});
  raft.send({
    kind: "AppendEntriesResponse",
    from: id,
    to: message.from,
    term,
    success: false,
    index,
    hintIndex: hint.index,
    hintTerm: hint.term,
  });
  return accepted;
}
