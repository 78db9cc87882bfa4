// How a member goes over to another configuration: when it applies a change of membership, when it takes a snapshot, and
// at boot. A leader also begins or ends replication to who came or went (§6, thesis §4).

import {InvariantViolation} from "../base/assert.ts";
import {noMember} from "../base/quantity.ts";
import {maybeCommit} from "./commit.ts";
import type {Changed, ConfChange} from "./confChange.ts";
import {change} from "./confChange.ts";
import type {ConfState} from "./confState.ts";
import {checkConfState, isLearner, isVoter, membersOf} from "./confState.ts";
import type {Entry, Index} from "./entry.ts";
import {encodedBytes, noData, payloadBytes} from "./entry.ts";
import type {InflightLimits} from "./inflights.ts";
import {Inflights} from "./inflights.ts";
import {proposeAsLeader} from "./leader.ts";
import {Progress} from "./progress.ts";
import {quorumOf} from "./quorum.ts";
import type {LeaderRole, Raft} from "./raft.ts";
import {broadcastAppend, maybeSendAppend} from "./replicate.ts";

/** A committed change is applied. What is impossible is our bug: the proposer's leader has refused it. etcd panics too. */
export function applyConfChange(raft: Raft, asked: ConfChange): ConfState {
  const changed = change(raft.conf, asked);
  if (!changed.ok) {
    throw new InvariantViolation(`n${raft.id} cannot apply a change of membership: ${changed.error}`);
  }
  switchTo(raft, changed.value);
  return raft.conf;
}

/** Decides by `conf` from now on. */
export function switchTo(raft: Raft, {conf, renewed}: Changed): void {
  checkConfState(conf);
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
    // It may have to lead on until the change is committed everywhere, without counting itself (thesis §4.2.2).
    if (raft.config.stepDownOnRemoval) raft.becomeFollower(raft.term, noMember);
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

/**
 * The state machine has applied everything up to the last of `entries`. In a joint configuration that is to be left by
 * itself, the leader now proposes that; again with each entry, should the proposal have been refused.
 */
export function entriesApplied(raft: Raft, entries: readonly Entry[]): void {
  const last = entries.at(-1);
  if (last === undefined) return;
  let bytes = 0;
  for (const entry of entries) bytes += encodedBytes(entry);
  appliedTo(raft, last.index, bytes);
  if (raft.role.kind === "leader") {
    raft.role.uncommittedBytes = Math.max(0, raft.role.uncommittedBytes - payloadBytes(entries));
  }
}

/** The state machine is at `index`; `bytes`, encoded, of what was handed out are done with. */
export function appliedTo(raft: Raft, index: number, bytes: number): void {
  const {log, role} = raft;
  log.applied(Math.max(index, log.lastApplied), bytes);
  if (role.kind !== "leader" || !raft.conf.autoLeave || log.lastApplied < role.pendingConfIndex) return;
  const {ok: proposed} = proposeAsLeader(raft, role, [{type: "confChangeV2", data: noData}]);
  raft.notes?.note({kind: "autoLeave", member: raft.id, term: raft.term, confState: raft.conf, proposed});
}

/** What a leader begins with: it has yet to find out where the others' logs agree with its own. */
export function newProgress(raft: Raft): Progress[] {
  const {id, conf} = raft;
  const nextIndex = raft.log.lastIndex + 1;
  return membersOf(conf).map((member) => {
    const inflights = new Inflights(limitsOf(raft));
    const start = {nextIndex, inflights, isLearner: isLearner(conf, member), recentActive: member === id};
    const progress = new Progress(member, start);
    if (member !== id) return progress;
    progress.matchIndex = nextIndex - 1;
    progress.becomeReplicate();
    return progress;
  });
}

/**
 * What a leader whose log ends at `lastIndex` goes on with. Who stays goes on where it was; who is new begins, and counts
 * as active so that it has time to answer. etcd: confchange.go, initProgress.
 */
export function continued(
  before: readonly Progress[],
  {conf, renewed}: Changed,
  {lastIndex, limits}: {readonly lastIndex: Index; readonly limits: InflightLimits},
): Progress[] {
  const nextIndex = Math.max(lastIndex, 1);
  return membersOf(conf).map((member) => {
    const learner = isLearner(conf, member);
    const known = renewed.has(member) ? undefined : before.find((one) => one.member === member);
    if (known === undefined) {
      const inflights = new Inflights(limits);
      return new Progress(member, {nextIndex, inflights, isLearner: learner, recentActive: true});
    }
    known.isLearner = learner;
    return known;
  });
}

function limitsOf({config}: Raft): InflightLimits {
  return {max: config.inflightMax, bytesMax: config.inflightBytesMax};
}
