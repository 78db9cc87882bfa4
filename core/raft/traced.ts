// What the trace validation of etcd's Raft against its TLA+ specification reads: events with the state of the member that
// they happen to, at the places where etcd's library makes them. etcd: state_trace.go, tla/Traceetcdraft.tla.

import type {MemberId} from "../base/quantity.ts";
import type {SingleChange} from "./confChange.ts";
import type {HardState, Index, RoleName} from "./entry.ts";
import type {Message, MessageKind} from "./message.ts";
import {progressOf} from "./progress.ts";
import type {Raft} from "./raft.ts";

/** etcd's names. Messages are Send… or Receive… of one of {@link exchanges}. */
export type TracedName =
  | "InitState"
  | "BecomeCandidate"
  | "BecomeFollower"
  | "BecomeLeader"
  /** After every attempt to commit. */
  | "Commit"
  /** Before a normal entry is appended to the leader's log. */
  | "Replicate"
  /** Before a change of membership is. */
  | "ChangeConf"
  /** Before a member goes over to a configuration. */
  | "ApplyConfChange"
  | "Ready"
  | `${"Send" | "Receive"}${Exchange}`;

type Exchange =
  | "AppendEntriesRequest"
  | "AppendEntriesResponse"
  | "RequestVoteRequest"
  | "RequestVoteResponse";

/** Of the kinds that are traced: pre-votes, reads, transfers and forwarded proposals are not in the specification. */
const exchanges: Readonly<Partial<Record<MessageKind, Exchange>>> = {
  AppendEntries: "AppendEntriesRequest",
  Heartbeat: "AppendEntriesRequest",
  InstallSnapshot: "AppendEntriesRequest",
  AppendEntriesResponse: "AppendEntriesResponse",
  HeartbeatResponse: "AppendEntriesResponse",
  RequestVote: "RequestVoteRequest",
  RequestVoteResponse: "RequestVoteResponse",
};

/** What goes with some of them. */
export interface TracedMore {
  readonly message?: Message;
  /** Of a ChangeConf. */
  readonly changes?: readonly SingleChange[];
  /** Of an ApplyConfChange: the voters from now on. */
  readonly voters?: readonly MemberId[];
  /** The leader's own progress, with what it sends as AppendEntries. */
  readonly progress?: {readonly match: Index; readonly next: Index};
}

export interface Traced extends TracedMore {
  readonly name: TracedName;
  readonly hardState: HardState;
  readonly role: RoleName;
  /** The last index of its log. */
  readonly last: Index;
  /** Both halves of its configuration; the second is empty unless that is joint. */
  readonly conf: readonly [readonly MemberId[], readonly MemberId[]];
}

/** Notes what happened, for outlets that want it. */
export function trace(raft: Raft, name: TracedName, more: TracedMore = {}): void {
  if (raft.notes?.wantsTrace !== true) return;
  const {id: member, term, log, roleName: role, conf} = raft;
  const traced: Traced = {
    name,
    hardState: raft.hardState(),
    role,
    last: log.lastIndex,
    conf: [conf.voters, conf.votersOutgoing],
    ...more,
  };
  raft.notes.note({kind: "traced", member, term, traced});
}

/** A message is handed over to be sent, to this member itself too, or was received and is looked at now. */
export function traceMessage(raft: Raft, does: "Send" | "Receive", message: Message): void {
  const exchange = exchanges[message.kind];
  if (raft.notes?.wantsTrace !== true || exchange === undefined) return;
  const {role, id} = raft;
  const isAppend = does === "Send" && message.kind === "AppendEntries" && role.kind === "leader";
  const own = isAppend ? progressOf(role, id) : undefined;
  const progress = own === undefined ? {} : {progress: {match: own.matchIndex, next: own.nextIndex}};
  trace(raft, `${does}${exchange}`, {message, ...progress});
}
