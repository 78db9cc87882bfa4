// Who is in the cluster, and who decides. A configuration is a value: a change makes another one (confChange.ts).
//
//   joint (§6):   voters (2 3 4) && votersOutgoing (1 2 3)      every decision needs a quorum of both halves
//
// Invariants (`checkConfState`): learners are no voters of either half; learnersNext are voters of the outgoing half that
// become learners once the joint configuration is left; outside of one, votersOutgoing and learnersNext are empty.
// etcd: tracker.Config, raftpb.ConfState.

import {assert} from "../base/assert.ts";
import type {MemberId} from "../base/quantity.ts";

/** All lists ascending, without repetition. */
export interface ConfState {
  /** Who decides; in a joint configuration its incoming half. */
  readonly voters: readonly MemberId[];
  /** Who decides too while the configuration is joint; else empty. */
  readonly votersOutgoing: readonly MemberId[];
  /** Who is sent the log and has no say. thesis §4.2.1. */
  readonly learners: readonly MemberId[];
  /** Outgoing voters that will be learners. */
  readonly learnersNext: readonly MemberId[];
  /** Whether the leader proposes to leave the joint configuration as soon as it has applied it. */
  readonly autoLeave: boolean;
}

export const emptyConfState: ConfState = {
  voters: [],
  votersOutgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
};

/** A plain configuration; ids in any order. */
export function confState(voters: readonly MemberId[], learners: readonly MemberId[] = []): ConfState {
  return {...emptyConfState, voters: ascending(voters), learners: ascending(learners)};
}

export function isJoint(conf: ConfState): boolean {
  return conf.votersOutgoing.length > 0;
}

/** Whether it has a vote: in a joint configuration, in either half. */
export function isVoter(conf: ConfState, member: MemberId): boolean {
  return conf.voters.includes(member) || conf.votersOutgoing.includes(member);
}

export function isLearner(conf: ConfState, member: MemberId): boolean {
  return conf.learners.includes(member);
}

/** Whether it is sent the log: a voter of either half, or a learner. */
export function isMember(conf: ConfState, member: MemberId): boolean {
  return isVoter(conf, member) || isLearner(conf, member);
}

/** Voters of both halves, ascending. */
export function votersOf(conf: ConfState): readonly MemberId[] {
  return isJoint(conf) ? union(conf.voters, conf.votersOutgoing) : conf.voters;
}

/** All that the leader replicates to, itself included, ascending. */
export function membersOf(conf: ConfState): readonly MemberId[] {
  const voters = votersOf(conf);
  return conf.learners.length === 0 ? voters : union(voters, conf.learners);
}

export function isSameConfState(a: ConfState, b: ConfState): boolean {
  return (
    a.autoLeave === b.autoLeave &&
    isSameList(a.voters, b.voters) &&
    isSameList(a.votersOutgoing, b.votersOutgoing) &&
    isSameList(a.learners, b.learners) &&
    isSameList(a.learnersNext, b.learnersNext)
  );
}

/** Fails on a configuration that no sequence of changes leads to. */
export function checkConfState(conf: ConfState): void {
  for (const list of [conf.voters, conf.votersOutgoing, conf.learners, conf.learnersNext]) {
    for (let i = 0; i < list.length; i++) {
      assert(
        (list[i] ?? 0) > (list[i - 1] ?? 0),
        `members are positive ids in ascending order, not ${list.join(", ")}`,
      );
    }
  }
  for (const learner of conf.learners)
    assert(!isVoter(conf, learner), `n${learner} is a learner and a voter`);
  for (const next of conf.learnersNext) {
    assert(conf.votersOutgoing.includes(next), `n${next} is to become a learner and is no outgoing voter`);
    assert(!conf.voters.includes(next), `n${next} is to become a learner and is an incoming voter`);
  }
  if (isJoint(conf)) return assert(conf.voters.length > 0, "a joint configuration has incoming voters");
  assert(conf.learnersNext.length === 0, "learnersNext is empty outside of a joint configuration");
  assert(!conf.autoLeave, "autoLeave is false outside of a joint configuration");
}

export function ascending(members: Iterable<MemberId>): readonly MemberId[] {
  return [...new Set(members)].toSorted((a, b) => a - b);
}

function union(a: readonly MemberId[], b: readonly MemberId[]): readonly MemberId[] {
  return ascending([...a, ...b]);
}

function isSameList(a: readonly MemberId[], b: readonly MemberId[]): boolean {
  return a.length === b.length && a.every((member, i) => member === b[i]);
}
