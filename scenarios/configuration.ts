// Who is in the cluster at a moment. "A majority", `{members}` and "a follower" mean this configuration: a server that
// was started and not added yet, a learner, or a member that was removed has no say in them.

import type {MemberId} from "../core/base/quantity.ts";
import {confState, isJoint} from "../core/raft/confState.ts";
import type {ConfState} from "../core/raft/confState.ts";
import type {MemberView, WorldView} from "../sim/view.ts";

/** Which halves must agree: both, or one; outside of a joint configuration they are the same. */
export type Half = "both" | "old" | "new";

/** The leader of the highest term among the members that run. */
export function leaderOf(view: WorldView): MemberView | undefined {
  let leader: MemberView | undefined;
  for (const member of view.members) {
    const raft = member.server?.raft;
    if (raft?.role !== "leader") continue;
    if (leader === undefined || raft.term > (leader.server?.raft.term ?? 0)) leader = member;
  }
  return leader;
}

/** As the leader has applied it; without one, as the member that has applied most; if none runs, as it was at first. */
export function configurationOf(view: WorldView): ConfState {
  const knows = leaderOf(view) ?? mostApplied(view);
  return knows?.server?.raft.confState ?? firstConfiguration(view);
}

/** The configuration that the run began with. */
export function firstConfiguration({run: {config}}: WorldView): ConfState {
  const ids = Array.from({length: config.members + config.learners}, (_, i) => i + 1);
  return confState(ids.slice(0, config.members), ids.slice(config.members));
}

/** Whether more than half of the voters are such; of a joint configuration, of each half that is asked for. */
export function isMajority(conf: ConfState, is: (voter: MemberId) => boolean, half: Half = "both"): boolean {
  const {voters, votersOutgoing} = conf;
  const isMost = (of: readonly MemberId[]): boolean => 2 * of.filter(is).length > of.length;
  const old = isJoint(conf) ? votersOutgoing : voters;
  if (half === "both") return isMost(voters) && isMost(old);
  return isMost(half === "old" ? old : voters);
}

/** How many voters are a majority: `2`; of a joint configuration, of its old half and of its new one: `2+2`. */
export function majorityText(conf: ConfState): string {
  const most = (of: readonly MemberId[]): number => Math.floor(of.length / 2) + 1;
  return isJoint(conf) ? `${most(conf.votersOutgoing)}+${most(conf.voters)}` : `${most(conf.voters)}`;
}

/** Names: `n1 n2 n3`; a dash without any. */
export function namesText(members: readonly MemberId[]): string {
  return members.length === 0 ? "–" : members.map((id) => `n${id}`).join(" ");
}

/** Who decides: `n1 n2 n3`; of a joint configuration, its old half and its new one: `n1 n2 n3 + n3 n4 n5`. */
export function votersText(conf: ConfState): string {
  const {voters, votersOutgoing} = conf;
  return isJoint(conf) ? `${namesText(votersOutgoing)} + ${namesText(voters)}` : namesText(voters);
}

function mostApplied(view: WorldView): MemberView | undefined {
  let most: MemberView | undefined;
  for (const member of view.members) {
    const applied = member.server?.appliedIndex;
    if (applied !== undefined && applied > (most?.server?.appliedIndex ?? -1)) most = member;
  }
  return most;
}
