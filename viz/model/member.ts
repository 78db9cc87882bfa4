// A member as the page speaks of it: one flat reading of its server, or, while it is crashed, of what the server was
// right before, cut down to what its disk still has. Every view reads members through here.

import {emptyConfState, type ConfState} from "../../core/raft/confState.ts";
import type {Entry} from "../../core/raft/entry.ts";
import type {ProgressView} from "../../core/raft/ready.ts";
import type {Server} from "../../core/server/server.ts";
import {memberName} from "../../sim/world/lanes.ts";
import type {MemberView, NetworkView} from "../../sim/view.ts";
import type {MemberMark} from "../frame.ts";
import type {Moment} from "./moment.ts";

export interface MemberState {
  readonly id: number;
  readonly name: string;
  readonly status: MemberMark["status"];
  /** False: it was never started. */
  readonly started: boolean;
  /** "follower" while crashed: nobody campaigns or leads who is not there. */
  readonly role: MemberMark["role"];
  readonly term: number;
  /** 0 is nobody. */
  readonly leader: number;
  readonly votedFor: number;
  /** Who is in the cluster, as it has applied it. */
  readonly confState: ConfState;
  /** To whom it hands over, while it leads; 0 is nobody. */
  readonly transferee: number;
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly durableIndex: number;
  /** Undefined only when nothing is known of the member. */
  readonly server: Server | undefined;
  entryAt(index: number): Entry | undefined;
  /** When it leads; else none. */
  progress(): readonly ProgressView[];
}

/** All members, ascending. */
export function membersOf(moment: Moment): readonly MemberState[] {
  return moment.view.members.map((member) => stateOf(member, moment));
}

/** `n2`; "" for nobody. */
export function nameOfMember(id: number): string {
  return id === 0 ? "" : memberName(id);
}

/** The running leader of the highest term. */
export function leaderOf(members: readonly MemberState[]): MemberState | undefined {
  let leader: MemberState | undefined;
  for (const member of members) {
    if (member.role === "leader" && (leader === undefined || member.term > leader.term)) leader = member;
  }
  return leader;
}

/** The members that `from` can talk with, both ways, itself included. Only running ones answer. */
export function reachedBy(
  from: MemberState,
  members: readonly MemberState[],
  network: NetworkView,
): readonly MemberState[] {
  return members.filter(
    (other) =>
      other.id === from.id ||
      (other.status === "up" &&
        !network.blocked(from.name, other.name) &&
        !network.blocked(other.name, from.name)),
  );
}

function stateOf(member: MemberView, moment: Moment): MemberState {
  const {id, status} = member;
  const server = member.server ?? moment.lastServer(id);
  const crashed = member.server === undefined;
  const raft = server?.raft;
  const durableIndex = server?.durableIndex ?? 0;
  const lastIndex = crashed ? durableIndex : (raft?.lastIndex ?? 0);
  return {
    id,
    name: nameOfMember(id),
    status: crashed ? "crashed" : status,
    started: member.incarnation > 0,
    role: crashed ? "follower" : (raft?.role ?? "follower"),
    term: raft?.term ?? 0,
    leader: crashed ? 0 : (raft?.leader ?? 0),
    votedFor: raft?.votedFor ?? 0,
    confState: raft?.confState ?? emptyConfState,
    transferee: crashed ? 0 : (raft?.transferee ?? 0),
    firstIndex: raft?.firstIndex ?? 1,
    lastIndex,
    commitIndex: Math.min(raft?.commitIndex ?? 0, lastIndex),
    lastApplied: Math.min(server?.appliedIndex ?? 0, lastIndex),
    durableIndex: Math.min(durableIndex, lastIndex),
    server,
    entryAt: (index) => (index <= lastIndex ? raft?.entryAt(index) : undefined),
    progress: () => (!crashed && raft?.role === "leader" ? raft.progress() : []),
  };
}
