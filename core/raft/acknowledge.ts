// What the others' answers tell a leader (§5.3): how far their logs agree with its own, where they differ, that they are
// alive; and what the transport tells of messages that got lost.

import type {MemberId} from "../base/quantity.ts";
import {maybeCommit} from "./commit.ts";
import {acknowledgeRead} from "./leaderReads.ts";
import type {AppendEntriesResponse, HeartbeatResponse} from "./message.ts";
import type {Progress} from "./progress.ts";
import {progressOf} from "./progress.ts";
import type {LeaderRole, Raft} from "./raft.ts";
import {broadcastAppend, maybeSendAppend} from "./replicate.ts";
import {accepted} from "./stepResult.ts";
import type {StepResult} from "./stepResult.ts";
import {completeTransfer} from "./transfer.ts";

export function handleAppendEntriesResponse(
  raft: Raft,
  role: LeaderRole,
  message: AppendEntriesResponse,
): StepResult {
  const progress = progressOf(role, message.from);
  if (progress === undefined) return raft.drop(message, "noProgress");
  progress.recentActive = true;
  if (message.success) acknowledged(raft, role, progress, message);
  else refused(raft, progress, message);
  return accepted;
}

export function handleHeartbeatResponse(
  raft: Raft,
  role: LeaderRole,
  message: HeartbeatResponse,
): StepResult {
  const progress = progressOf(role, message.from);
  if (progress === undefined) return raft.drop(message, "noProgress");
  progress.recentActive = true;
  if (raft.rules.resumesAfterHeartbeat()) progress.flowPaused = false;
  // What was sent may be lost; a full window, too, is tried again with an empty message. A probe that is up to date is
  // sent one as well, or it would stay a probe.
  if (progress.matchIndex < raft.log.lastIndex || progress.state === "probe") {
    maybeSendAppend(raft, progress, "evenIfEmpty");
  }
  acknowledgeRead(raft, role, message);
  return accepted;
}

/** The transport could not deliver: what was sent ahead is taken for lost. */
export function reportUnreachable(raft: Raft, role: LeaderRole, member: MemberId): void {
  const progress = progressOf(role, member);
  if (progress === undefined || member === raft.id) return;
  if (progress.state === "replicate") becomeProbe(raft, progress);
  raft.notes?.note({kind: "unreachable", member: raft.id, term: raft.term, progress: progress.view()});
}

/** The transport tells what became of a snapshot. Either way the follower's next answer decides how to go on. */
export function reportSnapshot(
  raft: Raft,
  role: LeaderRole,
  {to, ok}: {readonly to: MemberId; readonly ok: boolean},
): void {
  const progress = progressOf(role, to);
  if (progress === undefined || progress.state !== "snapshot") return;
  if (!ok) progress.pendingSnapshot = 0;
  becomeProbe(raft, progress);
  raft.notes?.note({
    kind: "snapshotReported",
    member: raft.id,
    term: raft.term,
    ok,
    progress: progress.view(),
  });
  // Delivered: it may still be writing. Failed: no hurry to send the next. A heartbeat's answer opens the flow.
  progress.flowPaused = true;
}

function acknowledged(
  raft: Raft,
  role: LeaderRole,
  progress: Progress,
  {index}: AppendEntriesResponse,
): void {
  const wasProbed = progress.state === "probe" && progress.matchIndex === index;
  const match = raft.rules.matchedBy({acknowledged: index, lastIndex: raft.log.lastIndex});
  if (!progress.maybeUpdate(match) && !wasProbed) return;
  goOn(raft, progress, index);
  const isOther = progress.member !== raft.id;
  if (maybeCommit(raft, role)) {
    broadcastAppend(raft, role);
  } else if (isOther && progress.canBumpCommit(raft.log.commitIndex)) {
    maybeSendAppend(raft, progress, "evenIfEmpty");
  }
  // The window may have opened by more than one message.
  if (isOther) while (maybeSendAppend(raft, progress, "withEntries"));
  completeTransfer(raft, role, progress);
}

/** The follower's log agrees with ours up to `index`. */
function goOn(raft: Raft, progress: Progress, index: number): void {
  if (progress.state === "replicate") {
    progress.inflights.freeTo(index);
  } else if (progress.state === "probe") {
    becomeReplicate(raft, progress);
  } else if (goesOnWithEntries(raft, progress)) {
    raft.notes?.note({
      kind: "snapshotRecovered",
      member: raft.id,
      term: raft.term,
      progress: progress.view(),
    });
    progress.becomeProbe();
    becomeReplicate(raft, progress);
  }
}

function goesOnWithEntries({rules, log}: Raft, {matchIndex, pendingSnapshot}: Progress): boolean {
  return rules.goesOnWithEntries({matchIndex, firstIndex: log.firstIndex, pendingSnapshot});
}

/**
 * The logs differ at the refused position. Both sides skip whole terms: the follower named the last position whose
 * term is not beyond ours, and there we look for the last of our terms that is not beyond the follower's.
 */
function refused(raft: Raft, progress: Progress, message: AppendEntriesResponse): void {
  const {index, hintIndex, hintTerm} = message;
  raft.notes?.note({kind: "refusalTaken", member: raft.id, term: raft.term, message});
  const hint =
    hintTerm > 0 ? raft.log.findConflictByTerm({index: hintIndex, term: hintTerm}).index : hintIndex;
  if (!progress.maybeDecreaseTo(index, hint)) return;
  raft.notes?.note({kind: "nextIndexDecreased", member: raft.id, term: raft.term, progress: progress.view()});
  if (progress.state === "replicate") becomeProbe(raft, progress);
  maybeSendAppend(raft, progress, "evenIfEmpty");
}

function becomeProbe(raft: Raft, progress: Progress): void {
  progress.becomeProbe();
  noteState(raft, progress);
}

function becomeReplicate(raft: Raft, progress: Progress): void {
  progress.becomeReplicate();
  noteState(raft, progress);
}

function noteState(raft: Raft, progress: Progress): void {
  raft.notes?.note({kind: "progressChanged", member: raft.id, term: raft.term, progress: progress.view()});
}
