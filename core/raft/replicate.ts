// How a leader's log reaches the others (§5.3): what is sent to whom, and when. progress.ts keeps what is known of each.

import {assert} from "../base/assert.ts";
import type {MemberId} from "../base/quantity.ts";
import type {Entry} from "./entry.ts";
import {payloadBytes} from "./entry.ts";
import type {Progress} from "./progress.ts";
import type {LeaderRole, Raft} from "./raft.ts";

const nothing: readonly Entry[] = [];

export function broadcastAppend(raft: Raft, role: LeaderRole): void {
  for (const progress of role.progress) {
    if (progress.member !== raft.id) maybeSendAppend(raft, progress, "evenIfEmpty");
  }
}

/** Sends what comes next to a follower, if its state allows; with nothing to send, only if an empty message is wanted. */
export function maybeSendAppend(
  raft: Raft,
  progress: Progress,
  when: "evenIfEmpty" | "withEntries",
): boolean {
  if (progress.paused) return false;
  const {id, term, log} = raft;
  const prevLogIndex = progress.nextIndex - 1;
  const prevLogTerm = log.termAt(prevLogIndex);
  // With a full window an empty message goes out now and then, so that a lost window is noticed (etcd #14633).
  const windowFull = progress.state === "replicate" && progress.inflights.full;
  const hasEntries = !windowFull && progress.nextIndex <= log.lastIndex;
  if (raft.rules.mustSendSnapshot(prevLogTerm, hasEntries)) return maybeSendSnapshot(raft, progress);
  if (!hasEntries && when === "withEntries") return false;
  if (windowFull && !raft.rules.probesFullWindow()) return false;
  const entries = hasEntries
    ? log.entries(progress.nextIndex, log.lastIndex + 1, raft.config.messageBytesMax)
    : nothing;
  const leaderCommit = log.commitIndex;
  raft.send({
    kind: "AppendEntries",
    from: id,
    to: progress.member,
    term,
    prevLogIndex,
    prevLogTerm: prevLogTerm ?? 0,
    entries,
    leaderCommit,
  });
  progress.sentEntries(entries.length, payloadBytes(entries));
  progress.sentCommit = leaderCommit;
  return true;
}

/** Sends the state itself. Nothing else goes to the follower until it answers. */
function maybeSendSnapshot(raft: Raft, progress: Progress): boolean {
  const {id, term, log} = raft;
  const {member: to} = progress;
  // One that does not answer is spared the large message.
  if (!progress.recentActive) return noSnapshot(raft, to, "inactive");
  const snapshot = log.snapshot();
  if (snapshot === undefined) return noSnapshot(raft, to, "unavailable");
  assert(
    snapshot.index > 0,
    `the log begins at ${log.firstIndex}, and no snapshot stands for what was before`,
  );
  const before = raft.notes === undefined ? undefined : progress.view();
  progress.becomeSnapshot(snapshot.index);
  if (before !== undefined) {
    const {firstIndex, commitIndex: commit} = log;
    const after = progress.view();
    raft.notes?.note({kind: "snapshotSent", member: id, term, firstIndex, commit, snapshot, before, after});
  }
  raft.send({kind: "InstallSnapshot", from: id, to, term, snapshot});
  return true;
}

function noSnapshot({id, term, notes}: Raft, follower: MemberId, why: "inactive" | "unavailable"): false {
  notes?.note({kind: "snapshotNotSent", member: id, term, follower, why});
  return false;
}
