// A leader takes proposals into its log (§5.3). How the log reaches the others is replicate.ts's, what their answers mean
// acknowledge.ts's. It never waits for its own disk before it sends (thesis §10.2.1): its own acknowledgement counts when
// it is durable, like a follower's.

import {assert, present, unreachable} from "../base/assert.ts";
import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import {failed} from "../base/result.ts";
import {handleAppendEntriesResponse, handleHeartbeatResponse} from "./acknowledge.ts";
import {decodeConfChange} from "./confChange.ts";
import type {ConfChange} from "./confChange.ts";
import {isJoint} from "./confState.ts";
import type {Entry, Index, Proposal} from "./entry.ts";
import {noData, payloadBytes} from "./entry.ts";
import {readIndexAsLeader} from "./leaderReads.ts";
import {followLog} from "./membership.ts";
import {acknowledgement} from "./message.ts";
import type {Message, PreVote, RequestVote} from "./message.ts";
import type {RefusedProposal} from "./notes.ts";
import {progressOf} from "./progress.ts";
import type {LeaderRole, Raft} from "./raft.ts";
import {broadcastAppend} from "./replicate.ts";
import type {ChangeRefusal} from "./rules.ts";
import {accepted} from "./stepResult.ts";
import type {StepResult} from "./stepResult.ts";
import {trace} from "./traced.ts";
import {transferLeader} from "./transfer.ts";

export function stepLeader(
  raft: Raft,
  role: LeaderRole,
  message: Exclude<Message, RequestVote | PreVote>,
): StepResult {
  switch (message.kind) {
    case "Propose":
      return proposeAsLeader(raft, role, message.proposals);
    case "AppendEntriesResponse":
      return handleAppendEntriesResponse(raft, role, message);
    case "HeartbeatResponse":
      return handleHeartbeatResponse(raft, role, message);
    case "ReadIndex":
      readIndexAsLeader(raft, role, {from: message.from, context: message.context});
      return accepted;
    case "TransferLeader":
      transferLeader(raft, role, message.transferee);
      return accepted;
    case "RequestVoteResponse":
    case "PreVoteResponse":
    case "TimeoutNow":
    case "ReadIndexResponse":
      return raft.drop(message, "wrongRole");
    case "AppendEntries":
    case "Heartbeat":
    case "InstallSnapshot":
      // Another leader of this term: the claim of election safety speaks of that, not this member.
      return raft.drop(message, "wrongRole");
    default:
      return unreachable(message);
  }
}

/** The first act: an empty entry of the new term, with which all before it can be committed (§5.4.2, §8). `by`: its voters. */
export function openTerm(raft: Raft, role: LeaderRole, by: readonly MemberId[]): void {
  if (raft.rules.opensTermWithEntry()) appendOwn(raft, role, [{type: "normal", data: noData}]);
  raft.notes?.note({kind: "becameLeader", member: raft.id, term: raft.term, by});
  broadcastAppend(raft, role);
}

export function proposeAsLeader(raft: Raft, role: LeaderRole, proposals: readonly Proposal[]): StepResult {
  assert(proposals.length > 0, "a proposal has at least one entry");
  if (progressOf(role, raft.id) === undefined) return refuse(raft, role, "removed");
  if (role.transferee !== noMember) return refuse(raft, role, "transferring");
  const {taken, pendingConfIndex} = screenChanges(raft, role, proposals);
  if (!appendOwn(raft, role, taken)) return refuse(raft, role, "uncommittedLimit");
  role.pendingConfIndex = pendingConfIndex;
  broadcastAppend(raft, role);
  return accepted;
}

/** Appends to its own log, and asks for its own acknowledgement once that is durable. False: the tail is too long already. */
function appendOwn(raft: Raft, role: LeaderRole, proposals: readonly Proposal[]): boolean {
  const {id, term, log} = raft;
  const entries: Entry[] = [];
  let index = log.lastIndex;
  for (const {type, data} of proposals) entries.push({index: ++index, term, type, data});
  if (raft.notes !== undefined) traceEntries(raft, entries);
  if (!reserveUncommitted(raft, role, payloadBytes(entries))) return false;
  log.append(entries);
  followLog(raft);
  const own = acknowledgement({from: id, to: id, term}, index);
  if (raft.rules.mayCountUnsynced(raft.quorum.incoming.voters.length)) {
    handleAppendEntriesResponse(raft, role, own);
  } else {
    raft.send(own);
  }
  return true;
}

function traceEntries(raft: Raft, entries: readonly Entry[]): void {
  for (const {type} of entries) if (type === "normal") trace(raft, "Replicate");
}

/** Without a quorum, clients must not fill the leader's memory. A tail of nothing takes any proposal, and nothing fits always. */
function reserveUncommitted({config}: Raft, role: LeaderRole, bytes: number): boolean {
  const max = config.uncommittedBytesMax;
  const tail = role.uncommittedBytes;
  if (max !== 0 && tail > 0 && bytes > 0 && tail + bytes > max) return false;
  role.uncommittedBytes = tail + bytes;
  return true;
}

/** What may enter the log, and the last change of membership in it once it did. */
interface Screened {
  readonly taken: readonly Proposal[];
  readonly pendingConfIndex: Index;
}

/**
 * The proposals, with every change of membership that must not enter the log replaced by an empty entry: its proposer
 * sees it applied as nothing, which etcd's callers rely on.
 */
function screenChanges(raft: Raft, role: LeaderRole, proposals: readonly Proposal[]): Screened {
  let taken = proposals;
  let {pendingConfIndex} = role;
  for (let i = 0; i < proposals.length; i++) {
    const {type, data} = proposals[i] ?? {type: "normal", data: noData};
    if (type === "normal") continue;
    const change = present(decodeConfChange(type, data), "a change of membership in a proposal of that type");
    const why = refusalHere(raft, change, pendingConfIndex);
    if (why === undefined || raft.config.disableConfChangeValidation) {
      pendingConfIndex = raft.log.lastIndex + i + 1;
      if (raft.notes !== undefined && change.changes.length > 0)
        trace(raft, "ChangeConf", {changes: change.changes});
      continue;
    }
    noteIgnored(raft, {change, why, pendingConfIndex});
    taken = taken.with(i, {type: "normal", data: noData});
  }
  return {taken, pendingConfIndex};
}

function refusalHere(raft: Raft, change: ConfChange, pendingConfIndex: Index): ChangeRefusal | undefined {
  const {lastApplied} = raft.log;
  const leaves = change.changes.length === 0;
  return raft.rules.refusalOfChange({pendingConfIndex, lastApplied, joint: isJoint(raft.conf), leaves});
}

function noteIgnored(
  {id, term, conf, log, notes}: Raft,
  ignored: {readonly change: ConfChange; readonly why: ChangeRefusal; readonly pendingConfIndex: Index},
): void {
  const applied = log.lastApplied;
  notes?.note({kind: "changeIgnored", member: id, term, confState: conf, applied, ...ignored});
}

function refuse(raft: Raft, role: LeaderRole, why: RefusedProposal): StepResult {
  raft.notes?.note({kind: "proposalDropped", member: raft.id, term: raft.term, why, leader: role.transferee});
  return failed("proposalDropped");
}
