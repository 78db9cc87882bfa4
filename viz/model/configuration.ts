// Who decides, for the views: the configuration that is shown, and whether some servers are a majority of it. A joint
// configuration has two halves, and needs a majority of each (§6).

import type {MemberId} from "../../core/base/quantity.ts";
import {emptyConfState, isJoint, isLearner, isVoter, type ConfState} from "../../core/raft/confState.ts";
import {majorityOf} from "../../core/raft/quorum.ts";
import type {ConfigurationView, MemberMark} from "../frame.ts";
import {leaderOf, nameOfMember, type MemberState} from "./member.ts";

/** Voters, and how many of them decide. */
export interface Half {
  readonly voters: readonly MemberId[];
  readonly needed: number;
}

/** One; of a joint configuration two, the new one first. */
export function halvesOf(conf: ConfState): readonly Half[] {
  const lists = isJoint(conf) ? [conf.voters, conf.votersOutgoing] : [conf.voters];
  return lists.map((voters) => ({voters, needed: majorityOf(voters.length)}));
}

/** The first half of which those are no majority; undefined when they decide. */
export function lackingHalf(conf: ConfState, has: (member: MemberId) => boolean): Half | undefined {
  return halvesOf(conf).find(({voters, needed}) => voters.filter(has).length < needed);
}

/** Whose configuration is shown: the leader's, or, while nobody leads, that of the one that has applied most. */
export function configured(members: readonly MemberState[]): MemberState | undefined {
  const leader = leaderOf(members);
  if (leader !== undefined) return leader;
  let most: MemberState | undefined;
  for (const member of members) {
    if (member.confState.voters.length === 0) continue;
    if (most === undefined || member.lastApplied > most.lastApplied) most = member;
  }
  return most;
}

export function confStateOf(members: readonly MemberState[]): ConfState {
  return configured(members)?.confState ?? emptyConfState;
}

export function standingIn(conf: ConfState, id: MemberId): MemberMark["standing"] {
  if (isVoter(conf, id)) return "voter";
  return isLearner(conf, id) ? "learner" : "outside";
}

export function configurationView(seenBy: string, conf: ConfState): ConfigurationView {
  return {
    seenBy,
    voters: conf.voters.map(nameOfMember),
    outgoing: conf.votersOutgoing.map(nameOfMember),
    learners: conf.learners.map(nameOfMember),
    learnersNext: conf.learnersNext.map(nameOfMember),
    autoLeave: conf.autoLeave,
  };
}

/** `n2 n3 n4`. */
export function namesOf(members: readonly MemberId[]): string {
  return members.map(nameOfMember).join(" ");
}
