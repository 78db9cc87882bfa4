// A leader replicates its log and commits what a quorum holds (§5.3, §5.4.2), shows that it is alive, and answers
// where a linearizable read must stand (§8). It never waits for its own disk before it sends (thesis §10.2.1): its
// own acknowledgement comes back by the receipt of the append work, and counts like a follower's.

import {unreachable} from "../base/assert.ts";
import type {MemberId} from "../base/quantity.ts";
import {ok} from "../base/result.ts";
import type {Result} from "../base/result.ts";
import type {Entry} from "./entry.ts";
import type {AppendEntriesResponse, HeartbeatResponse, Message, RequestVote} from "./message.ts";
import type {Progress} from "./progress.ts";
import {reachedByQuorum} from "./quorum.ts";
import type {LeaderRole, Raft} from "./raft.ts";
import type {ReadQuestion} from "./readOnly.ts";

export function stepLeader(raft: Raft, role: LeaderRole, message: Exclude<Message, RequestVote>): void {
  switch (message.kind) {
    case "Propose":
      proposeAsLeader(raft, role, message.data);
      return;
    case "AppendEntriesResponse":
      return handleAppendEntriesResponse(raft, role, message);
    case "HeartbeatResponse":
      return handleHeartbeatResponse(raft, role, message);
    case "ReadIndex":
      return readIndexAsLeader(raft, role, {from: message.from, context: message.context});
    case "RequestVoteResponse":
    case "ReadIndexResponse":
      return raft.drop(message, "wrongRole");
    case "AppendEntries":
    case "Heartbeat":
      // Another leader of this term: the claim of election safety speaks of that, not this member.
      return raft.drop(message, "wrongRole");
    default:
      return unreachable(message);
  }
}

/** The first act: an empty entry of the new term, with which all before it can be committed (§5.4.2, §8). */
export function openTerm(raft: Raft, role: LeaderRole): void {
  appendOwn(raft, [new Uint8Array(0)]);
  broadcastAppend(raft, role);
}

export function proposeAsLeader(
  raft: Raft,
  role: LeaderRole,
  data: readonly Uint8Array[],
): Result<undefined, "proposalDropped"> {
  appendOwn(raft, data);
  broadcastAppend(raft, role);
  return ok(undefined);
}

export function sendHeartbeats(raft: Raft, role: LeaderRole): void {
  const {id, term, log} = raft;
  for (const {member: to, matchIndex} of role.progress) {
    if (to === id) continue;
    const commit = raft.rules.heartbeatCommit({matchIndex, commitIndex: log.commitIndex});
    raft.send({kind: "Heartbeat", from: id, to, term, commit, readPosition: role.reads.position});
  }
}

/** Puts the read in line, and asks all whether this is still the leader. thesis §6.4. */
export function readIndexAsLeader(raft: Raft, role: LeaderRole, question: ReadQuestion): void {
  if (!knowsCommitted(raft)) {
    role.reads.postpone(question);
    raft.notes?.note({
      kind: "readPostponed",
      member: raft.id,
      from: question.from,
      context: question.context,
    });
    return;
  }
  role.reads.add(question, raft.log.commitIndex);
  role.reads.acknowledge(raft.id, role.reads.position);
  sendHeartbeats(raft, role);
  releaseReads(raft, role);
}

/** The transport could not deliver: what was sent ahead is taken for lost. */
export function reportUnreachable(raft: Raft, role: LeaderRole, member: MemberId): void {
  const progress = progressOf(role, member);
  if (progress === undefined || member === raft.id || progress.state !== "replicate") return;
  progress.becomeProbe();
  noteState(raft, progress);
}

function progressOf(role: LeaderRole, member: MemberId): Progress | undefined {
  for (const progress of role.progress) if (progress.member === member) return progress;
  return undefined;
}

/** Appends commands to its own log, and asks for its own acknowledgement once they are durable. */
function appendOwn(raft: Raft, data: readonly Uint8Array[]): void {
  const {id, term, log} = raft;
  const entries: Entry[] = [];
  for (const one of data) entries.push({index: log.lastIndex + 1 + entries.length, term, data: one});
  log.append(entries);
  const index = log.lastIndex;
  raft.send({
    kind: "AppendEntriesResponse",
    from: id,
    to: id,
    term,
    success: true,
    index,
    hintIndex: 0,
    hintTerm: 0,
  });
}

function broadcastAppend(raft: Raft, role: LeaderRole): void {
  for (const progress of role.progress) {
    if (progress.member !== raft.id) maybeSendAppend(raft, progress, "evenIfEmpty");
  }
}

/** Sends what comes next to a follower, if its state allows; with nothing to send, only if an empty message is wanted. */
function maybeSendAppend(raft: Raft, progress: Progress, when: "evenIfEmpty" | "withEntries"): boolean {
  if (progress.paused) return false;
  const {id, term, log} = raft;
  const prevLogIndex = progress.nextIndex - 1;
  const prevLogTerm = log.termAt(prevLogIndex);
  // Compacted away, it will take a snapshot; no log is compacted yet.
  if (prevLogTerm === undefined) return false;
  const windowFull = progress.state === "replicate" && progress.inflights.full;
  const entries = windowFull ? [] : log.entriesFrom(progress.nextIndex, raft.config.messageBytesMax);
  if (entries.length === 0 && when === "withEntries") return false;
  const leaderCommit = log.commitIndex;
  raft.send({
    kind: "AppendEntries",
    from: id,
    to: progress.member,
    term,
    prevLogIndex,
    prevLogTerm,
    entries,
    leaderCommit,
  });
  progress.sent({count: entries.length, commit: leaderCommit});
  return true;
}

function handleAppendEntriesResponse(raft: Raft, role: LeaderRole, message: AppendEntriesResponse): void {
  const progress = progressOf(role, message.from);
  if (progress === undefined) return raft.drop(message, "unknownSender");
  if (message.success) acknowledged(raft, role, progress, message);
  else refused(raft, progress, message);
}

function acknowledged(
  raft: Raft,
  role: LeaderRole,
  progress: Progress,
  {index}: AppendEntriesResponse,
): void {
  const wasProbed = progress.state === "probe" && progress.matchIndex === index;
  if (!progress.maybeUpdate(index) && !wasProbed) return;
  if (progress.state === "probe") {
    progress.becomeReplicate();
    noteState(raft, progress);
  } else {
    progress.inflights.freeTo(index);
  }
  const isOther = progress.member !== raft.id;
  if (maybeCommit(raft, role)) {
    takePostponedReads(raft, role);
    broadcastAppend(raft, role);
  } else if (isOther && progress.canBumpCommit(raft.log.commitIndex)) {
    maybeSendAppend(raft, progress, "evenIfEmpty");
  }
  // The window may have opened by more than one message.
  if (isOther) while (maybeSendAppend(raft, progress, "withEntries"));
}

/**
 * The logs differ at the refused position. Both sides skip whole terms: the follower named the last position whose
 * term is not beyond ours, and there we look for the last of our terms that is not beyond the follower's.
 */
function refused(raft: Raft, progress: Progress, {index, hintIndex, hintTerm}: AppendEntriesResponse): void {
  const hint =
    hintTerm > 0 ? raft.log.findConflictByTerm({index: hintIndex, term: hintTerm}).index : hintIndex;
  if (!progress.maybeDecreaseTo(index, hint)) return;
  if (progress.state === "replicate") {
    progress.becomeProbe();
    noteState(raft, progress);
  }
  const {member: follower, nextIndex} = progress;
  raft.notes?.note({kind: "nextIndexDecreased", member: raft.id, follower, nextIndex});
  maybeSendAppend(raft, progress, "evenIfEmpty");
}

function handleHeartbeatResponse(raft: Raft, role: LeaderRole, message: HeartbeatResponse): void {
  const progress = progressOf(role, message.from);
  if (progress === undefined) return raft.drop(message, "unknownSender");
  progress.paused = false;
  // What was sent may be lost; a full window, too, is tried again with an empty message.
  if (progress.matchIndex < raft.log.lastIndex || progress.state === "probe") {
    maybeSendAppend(raft, progress, "evenIfEmpty");
  }
  role.reads.acknowledge(message.from, message.readPosition);
  releaseReads(raft, role);
}

/** Commits the highest index that a quorum holds, if the entry there is of this term. §5.3, §5.4.2, Figure 8. */
function maybeCommit(raft: Raft, role: LeaderRole): boolean {
  const {log, rules, term} = raft;
  const index = reachedByQuorum(raft.quorum, (member) => progressOf(role, member)?.matchIndex ?? 0);
  if (index <= log.commitIndex) return false;
  if (!rules.mayCommit({index, entryTerm: log.termAt(index) ?? 0, currentTerm: term})) return false;
  log.commitTo(index);
  if (raft.notes !== undefined) {
    const by = role.progress
      .filter((progress) => progress.matchIndex >= index)
      .map((progress) => progress.member);
    raft.notes.note({kind: "committed", member: raft.id, index, by});
  }
  return true;
}

/** Whether an entry of this term is committed: only then does the leader know all that is. §8. */
function knowsCommitted({log, rules, term}: Raft): boolean {
  return rules.mayTakeReads({committedTerm: log.termAt(log.commitIndex) ?? 0, currentTerm: term});
}

function takePostponedReads(raft: Raft, role: LeaderRole): void {
  if (!knowsCommitted(raft)) return;
  for (const question of role.reads.takePostponed()) readIndexAsLeader(raft, role, question);
}

function releaseReads(raft: Raft, role: LeaderRole): void {
  const {reads} = role;
  const quorumPosition = reachedByQuorum(raft.quorum, (member) => reads.ackOf(member));
  for (const read of reads.release((position) => raft.rules.mayServeRead({position, quorumPosition}))) {
    const {from: to, context, index} = read;
    raft.notes?.note({kind: "readConfirmed", member: raft.id, from: to, context, index});
    if (to === raft.id) raft.readStates.push({index, context});
    else raft.send({kind: "ReadIndexResponse", from: raft.id, to, term: raft.term, index, context});
  }
}

function noteState(raft: Raft, {member: follower, state}: Progress): void {
  raft.notes?.note({kind: "progressChanged", member: raft.id, follower, state});
}
