// When an entry counts as committed (§5.3, §5.4.2): the one decision that all safety hangs on.

import type {MemberId} from "../base/quantity.ts";
import {isVoter} from "./confState.ts";
import type {Index} from "./entry.ts";
import {takePostponedReads} from "./leaderReads.ts";
import {progressOf} from "./progress.ts";
import {reachedByQuorum} from "./quorum.ts";
import type {LeaderRole, Raft} from "./raft.ts";
import {trace} from "./traced.ts";

/** Commits the highest index that a quorum holds, if the entry there is of this term. §5.3, §5.4.2, Figure 8. */
export function maybeCommit(raft: Raft, role: LeaderRole): boolean {
  const commits = commitReached(raft, role);
  if (raft.notes !== undefined) trace(raft, "Commit");
  return commits;
}

function commitReached(raft: Raft, role: LeaderRole): boolean {
  const {log, rules, term} = raft;
  const index = reachedByQuorum(raft.quorum, (member) => progressOf(role, member)?.matchIndex ?? 0);
  if (index <= log.commitIndex) return false;
  if (!rules.mayCommit({index, entryTerm: log.termAt(index) ?? 0, currentTerm: term})) return false;
  log.commitTo(index);
  noteCommit(raft, role, index);
  takePostponedReads(raft, role);
  return true;
}

function noteCommit({id, term, conf, notes}: Raft, role: LeaderRole, index: Index): void {
  if (notes === undefined) return;
  const by: MemberId[] = [];
  for (const {member, matchIndex} of role.progress) {
    if (matchIndex >= index && isVoter(conf, member)) by.push(member);
  }
  notes.note({kind: "committed", member: id, term, index, by});
}
