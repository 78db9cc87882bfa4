// Leadership handed over on purpose (thesis §3.10): the leader takes no more proposals, brings its successor up to date,
// and tells it to campaign at once. If that takes longer than an election, it goes on leading.

import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {TransferStep} from "./notes.ts";
import type {Progress} from "./progress.ts";
import {progressOf} from "./progress.ts";
import type {LeaderRole, Raft} from "./raft.ts";
import {maybeSendAppend} from "./replicate.ts";

export function transferLeader(raft: Raft, role: LeaderRole, transferee: MemberId): void {
  const progress = progressOf(role, transferee);
  if (progress === undefined) return;
  if (progress.isLearner) return note(raft, "toLearner", transferee);
  if (role.transferee === transferee) return note(raft, "alreadyToSame", transferee);
  if (role.transferee !== noMember) {
    note(raft, "previousAborted", role.transferee);
    role.transferee = noMember;
  }
  if (transferee === raft.id) return note(raft, "toItself", transferee);
  note(raft, "started", transferee);
  raft.electionElapsed = 0;
  role.transferee = transferee;
  if (progress.matchIndex === raft.log.lastIndex) {
    sendTimeoutNow(raft, transferee);
    note(raft, "timeoutNowAtOnce", transferee);
  } else {
    maybeSendAppend(raft, progress, "evenIfEmpty");
  }
}

/** Goes on with a transfer once the transferee holds the whole log. */
export function completeTransfer(raft: Raft, role: LeaderRole, {member, matchIndex}: Progress): void {
  if (member !== role.transferee || matchIndex !== raft.log.lastIndex) return;
  note(raft, "timeoutNowAfterAppend", member);
  sendTimeoutNow(raft, member);
}

function sendTimeoutNow(raft: Raft, to: MemberId): void {
  raft.send({kind: "TimeoutNow", from: raft.id, to, term: raft.term});
}

function note(raft: Raft, step: TransferStep, transferee: MemberId): void {
  raft.notes?.note({kind: "transfer", member: raft.id, term: raft.term, step, transferee});
}
