// A leader sees whether it still has a quorum (thesis §6.2).

import {noMember} from "../base/quantity.ts";
import {progressOf} from "./progress.ts";
import {voteResult} from "./quorum.ts";
import type {Quorum, VoteResult} from "./quorum.ts";
import type {LeaderRole, Raft} from "./raft.ts";

/**
 * Whether a quorum answered since this was asked last; if not, it steps down, so that its clients look for another leader
 * (thesis §6.2). False: it leads no more.
 */
export function checkQuorumActive(raft: Raft, role: LeaderRole): boolean {
  const answered = answeredLately(raft.quorum, role);
  for (const progress of role.progress) if (progress.member !== raft.id) progress.recentActive = false;
  if (raft.rules.keepsLeading(answered)) return true;
  raft.notes?.note({kind: "quorumLost", member: raft.id, term: raft.term});
  raft.becomeFollower(raft.term, noMember);
  return false;
}

/** Whether a quorum has answered, to an append or a heartbeat, since this leader counted it last. */
export function quorumAnswered(quorum: Quorum, role: LeaderRole): boolean {
  return answeredLately(quorum, role) === "won";
}

function answeredLately(quorum: Quorum, role: LeaderRole): VoteResult {
  return voteResult(quorum, (member) => progressOf(role, member)?.recentActive);
}
