// What raft makes of the news that its state machine has applied entries: the window of handed-out entries opens, a
// leader's tail of uncommitted commands shrinks, and a joint configuration may be left.

import type {Entry, Index} from "./entry.ts";
import {encodedBytes, noData, payloadBytes} from "./entry.ts";
import {proposeAsLeader} from "./leader.ts";
import type {Raft} from "./raft.ts";

/**
 * The state machine has applied everything up to the last of `entries`. In a joint configuration that is to be left by
 * itself, the leader now proposes that; again with each entry, should the proposal have been refused.
 */
export function entriesApplied(raft: Raft, entries: readonly Entry[]): void {
  const last = entries.at(-1);
  if (last === undefined) return;
  let bytes = 0;
  for (const entry of entries) bytes += encodedBytes(entry);
  const {commitIndex} = raft.log;
  appliedTo(raft, raft.rules.appliedAfter({last: last.index, commitIndex}), bytes);
  if (raft.role.kind === "leader") {
    raft.role.uncommittedBytes = Math.max(0, raft.role.uncommittedBytes - payloadBytes(entries));
  }
}

/** The state machine is at `index`; `bytes`, encoded, of what was handed out are done with. */
export function appliedTo(raft: Raft, index: Index, bytes: number): void {
  const {log, role} = raft;
  const appliedBefore = log.lastApplied;
  log.applied(Math.max(index, appliedBefore), bytes);
  if (role.kind !== "leader" || !raft.conf.autoLeave) return;
  const {pendingConfIndex} = role;
  const asked = {appliedBefore, lastApplied: log.lastApplied, pendingConfIndex};
  if (!raft.rules.mustProposeLeaving(asked)) return;
  const {ok: proposed} = proposeAsLeader(raft, role, [{type: "confChangeV2", data: noData}]);
  raft.notes?.note({kind: "autoLeave", member: raft.id, term: raft.term, confState: raft.conf, proposed});
}
