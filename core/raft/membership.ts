// How a member goes over to another configuration: when it applies a change of membership (or, by the thesis, as soon as
// that is in its log), when it takes a snapshot, and at boot. A leader also begins or ends replication to who came or went (§6, thesis §4).

import {InvariantViolation} from "../base/assert.ts";
import {noMember} from "../base/quantity.ts";
import {maybeCommit} from "./commit.ts";
import type {Changed, ConfChange} from "./confChange.ts";
import {change, decodeConfChange} from "./confChange.ts";
import type {ConfState} from "./confState.ts";
import {checkConfState, isSameConfState, isVoter} from "./confState.ts";
import {noData} from "./entry.ts";
import {quorumOf} from "./quorum.ts";
import type {LeaderRole, Raft} from "./raft.ts";
import {continued, limitsOf} from "./replicas.ts";
import {broadcastAppend, maybeSendAppend} from "./replicate.ts";
import {trace} from "./traced.ts";

/** A committed change is applied. What is impossible is our bug: the proposer's leader has refused it. etcd panics too. */
export function applyConfChange(raft: Raft, asked: ConfChange): ConfState {
  const changed = change(raft.confApplied, asked, raft.rules);
  if (!changed.ok) {
    throw new InvariantViolation(`n${raft.id} cannot apply a change of membership: ${changed.error}`);
  }
  raft.confApplied = changed.value.conf;
  if (raft.rules.decidesSince() === "apply") switchTo(raft, changed.value);
  return raft.confApplied;
}

/** Entries were appended, and others perhaps cut off: where a configuration decides since it is in the log, the last one there does. */
export function followLog(raft: Raft): void {
  if (raft.rules.decidesSince() === "apply") return;
  const {log} = raft;
  let conf = raft.confApplied;
  for (let index = log.lastApplied + 1; index <= log.lastIndex; index++) {
    const {type, data} = log.entryAt(index) ?? {type: "normal", data: noData};
    const asked = type === "normal" ? undefined : decodeConfChange(type, data);
    const changed = asked === undefined ? undefined : change(conf, asked, raft.rules);
    if (changed?.ok === true) conf = changed.value.conf;
  }
  if (!isSameConfState(conf, raft.conf)) switchTo(raft, {conf, renewed: new Set()});
}

/** Decides by `conf` from now on. */
export function switchTo(raft: Raft, {conf, renewed}: Changed): void {
  checkConfState(conf);
  if (raft.notes !== undefined) trace(raft, "ApplyConfChange", {voters: conf.voters});
  raft.conf = conf;
  raft.quorum = quorumOf(conf, raft.rules);
  raft.notes?.note({kind: "configurationChanged", member: raft.id, term: raft.term, confState: conf});
  if (raft.role.kind === "leader") switchAsLeader(raft, raft.role, renewed);
}

function switchAsLeader(raft: Raft, role: LeaderRole, renewed: ReadonlySet<number>): void {
  const {id, conf} = raft;
  role.progress = continued(
    role.progress,
    {conf, renewed},
    {lastIndex: raft.log.lastIndex, limits: limitsOf(raft)},
  );
  if (!isVoter(conf, id)) {
    const {stepDownOnRemoval} = raft.config;
    if (!raft.rules.leadsWithoutVote({stepDownOnRemoval})) raft.becomeFollower(raft.term, noMember);
    return;
  }
  if (maybeCommit(raft, role)) {
    // The quorum became smaller.
    broadcastAppend(raft, role);
  } else {
    for (const progress of role.progress) {
      if (progress.member !== id) maybeSendAppend(raft, progress, "withEntries");
    }
  }
  if (!isVoter(conf, role.transferee)) role.transferee = noMember;
}
