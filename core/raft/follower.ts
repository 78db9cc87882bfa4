// A follower answers: it appends what the leader sends if the logs fit (§5.3), follows its commit index, and hands
// proposals and reads on to it. It says nothing of its own accord.

import {unreachable} from "../base/assert.ts";
import {noMember} from "../base/quantity.ts";
import {failed, ok} from "../base/result.ts";
import type {Result} from "../base/result.ts";
import type {Entry} from "./entry.ts";
import type {AppendEntries, Heartbeat, Message, RequestVote} from "./message.ts";
import type {FollowerRole, Raft} from "./raft.ts";

export function stepFollower(raft: Raft, role: FollowerRole, message: Exclude<Message, RequestVote>): void {
  switch (message.kind) {
    case "AppendEntries":
      raft.electionElapsed = 0;
      role.leader = message.from;
      return handleAppendEntries(raft, message);
    case "Heartbeat":
      raft.electionElapsed = 0;
      role.leader = message.from;
      return handleHeartbeat(raft, message);
    case "Propose":
      if (!forwardProposal(raft, role, message.data).ok) raft.drop(message, "noLeader");
      return;
    case "ReadIndexResponse":
      raft.readStates.push({index: message.index, context: message.context});
      return;
    case "ReadIndex":
    case "RequestVoteResponse":
    case "AppendEntriesResponse":
    case "HeartbeatResponse":
      return raft.drop(message, "wrongRole");
    default:
      return unreachable(message);
  }
}

/** Figure 2, "AppendEntries RPC", receiver 2–5. */
export function handleAppendEntries(raft: Raft, message: AppendEntries): void {
  const {log, rules} = raft;
  const {prevLogIndex, prevLogTerm, entries} = message;
  if (prevLogIndex < log.commitIndex) {
    // An old message: what is committed is the leader's log, so there is nothing to compare.
    return accept(raft, message, log.commitIndex);
  }
  if (!rules.fitsOurLog({prevLogTerm, ourTerm: log.termAt(prevLogIndex)})) return refuse(raft, message);
  appendNew(raft, entries);
  const lastNewIndex = prevLogIndex + entries.length;
  log.commitTo(rules.followerCommit({leaderCommit: message.leaderCommit, lastNewIndex}));
  // No more than the message proves: beyond it may stand entries that the leader does not have.
  accept(raft, message, lastNewIndex);
}

export function handleHeartbeat(raft: Raft, message: Heartbeat): void {
  raft.log.commitTo(message.commit);
  const {id, term} = raft;
  raft.send({
    kind: "HeartbeatResponse",
    from: id,
    to: message.from,
    term,
    readPosition: message.readPosition,
  });
}

export function forwardProposal(
  raft: Raft,
  role: FollowerRole,
  data: readonly Uint8Array[],
): Result<undefined, "proposalDropped"> {
  if (role.leader === noMember) {
    raft.notes?.note({kind: "proposalDropped", member: raft.id});
    return failed("proposalDropped");
  }
  raft.send({kind: "Propose", from: raft.id, to: role.leader, term: 0, data});
  return ok(undefined);
}

export function forwardReadIndex(raft: Raft, role: FollowerRole, context: number): void {
  if (role.leader === noMember) {
    raft.notes?.note({kind: "readDropped", member: raft.id, context});
    return;
  }
  raft.send({kind: "ReadIndex", from: raft.id, to: role.leader, term: 0, context});
}

/** Skips what this log has already, and replaces from the first entry that differs. A message may be older than the log. */
function appendNew(raft: Raft, entries: readonly Entry[]): void {
  const {log} = raft;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    if (entry === undefined) return;
    const ourTerm = log.termAt(entry.index);
    if (ourTerm !== undefined && !raft.rules.mustReplace({ourTerm, theirTerm: entry.term})) continue;
    if (ourTerm !== undefined) {
      raft.notes?.note({
        kind: "logTruncated",
        member: raft.id,
        from: entry.index,
        was: ourTerm,
        becomes: entry.term,
      });
    }
    log.append(entries.slice(i));
    return;
  }
}

function accept(raft: Raft, message: AppendEntries, index: number): void {
  raft.send({
    kind: "AppendEntriesResponse",
    from: raft.id,
    to: message.from,
    term: raft.term,
    success: true,
    index,
    hintIndex: 0,
    hintTerm: 0,
  });
}

/** Tells the leader where the logs may still agree, so that it need not go back one by one. §5.3. */
function refuse(raft: Raft, message: AppendEntries): void {
  const {log} = raft;
  const index = Math.min(message.prevLogIndex, log.lastIndex);
  const hint = log.findConflictByTerm({index, term: message.prevLogTerm});
  raft.send({
    kind: "AppendEntriesResponse",
    from: raft.id,
    to: message.from,
    term: raft.term,
    success: false,
    index: message.prevLogIndex,
    hintIndex: hint.index,
    hintTerm: hint.term,
  });
  raft.notes?.note({
    kind: "appendRefused",
    member: raft.id,
    leader: message.from,
    prevLogIndex: message.prevLogIndex,
    hintIndex: hint.index,
    hintTerm: hint.term,
  });
}
