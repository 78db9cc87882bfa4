// What members say to each other. The paper's names; one field set per kind (etcd overloads one struct: the README's
// table maps the names). Nothing here is written after it was sent.

import type {MemberId} from "../base/quantity.ts";
import type {Entry, Index, Proposal, Term} from "./entry.ts";
import type {Snapshot} from "./snapshot.ts";

interface Addressed {
  readonly from: MemberId;
  readonly to: MemberId;
  /** The sender's term (§5.1). 0 in what is no statement about terms: Propose, ReadIndex. */
  readonly term: Term;
}

/** A candidate asks for a vote in the term that it campaigns for. §5.2, §5.4.1. etcd: MsgVote. */
export interface RequestVote extends Addressed {
  readonly kind: "RequestVote";
  readonly lastLogIndex: Index;
  readonly lastLogTerm: Term;
  /** The leader itself wants this candidate to lead: its lease does not stand in the way. thesis §3.10. */
  readonly transfer: boolean;
}

/** etcd: MsgVoteResp. */
export interface RequestVoteResponse extends Addressed {
  readonly kind: "RequestVoteResponse";
  readonly voteGranted: boolean;
}

/** Asks whether a campaign in `term`, one above the sender's own, could succeed; nobody's term moves. thesis §9.6. etcd: MsgPreVote. */
export interface PreVote extends Addressed {
  readonly kind: "PreVote";
  readonly lastLogIndex: Index;
  readonly lastLogTerm: Term;
}

/** Granted: `term` is the one asked for. Refused: the refuser's own. etcd: MsgPreVoteResp. */
export interface PreVoteResponse extends Addressed {
  readonly kind: "PreVoteResponse";
  readonly voteGranted: boolean;
}

/** The leader replicates; `entries` may be empty (a probe, or news of the commit index). §5.3. etcd: MsgApp. */
export interface AppendEntries extends Addressed {
  readonly kind: "AppendEntries";
  readonly prevLogIndex: Index;
  readonly prevLogTerm: Term;
  readonly entries: readonly Entry[];
  readonly leaderCommit: Index;
}

/** etcd: MsgAppResp. Said only when what it claims is durable. */
export interface AppendEntriesResponse extends Addressed {
  readonly kind: "AppendEntriesResponse";
  readonly success: boolean;
  /** On success: the follower's log agrees with the leader's up to here, as the message proved. Else the refused `prevLogIndex`. */
  readonly index: Index;
  /** On refusal: where the leader might try next, and the follower's term there (fast backup); else 0. */
  readonly hintIndex: Index;
  readonly hintTerm: Term;
}

/** Proof of life; carries no log check, so `commit` is at most what the follower is known to hold. etcd: MsgHeartbeat. */
export interface Heartbeat extends Addressed {
  readonly kind: "Heartbeat";
  readonly commit: Index;
  /** How many reads were asked of the leader when this was sent: an answer confirms its leadership for all of them. thesis §6.4. */
  readonly readPosition: number;
}

/** etcd: MsgHeartbeatResp. */
export interface HeartbeatResponse extends Addressed {
  readonly kind: "HeartbeatResponse";
  readonly readPosition: number;
}

/** The whole state up to an index, for a follower whose next entry is compacted away. §7. etcd: MsgSnap. */
export interface InstallSnapshot extends Addressed {
  readonly kind: "InstallSnapshot";
  readonly snapshot: Snapshot;
}

/** The leader tells its chosen successor to campaign at once. thesis §3.10. etcd: MsgTimeoutNow. */
export interface TimeoutNow extends Addressed {
  readonly kind: "TimeoutNow";
}

/** A follower hands on the wish that `transferee` should lead. etcd: MsgTransferLeader, whose From is the transferee. */
export interface TransferLeader extends Addressed {
  readonly kind: "TransferLeader";
  readonly transferee: MemberId;
}

/** A follower hands proposals on to the leader. etcd: MsgProp. */
export interface Propose extends Addressed {
  readonly kind: "Propose";
  readonly proposals: readonly Proposal[];
}

/** A follower asks for an index that a linearizable read must wait for. thesis §6.4. etcd: MsgReadIndex. */
export interface ReadIndex extends Addressed {
  readonly kind: "ReadIndex";
  /** The asker's own name for the read; unique within the asker, also over its restarts: a late answer may find its next life. */
  readonly context: number;
}

/** etcd: MsgReadIndexResp. */
export interface ReadIndexResponse extends Addressed {
  readonly kind: "ReadIndexResponse";
  readonly index: Index;
  readonly context: number;
}

export type Message =
  | RequestVote
  | RequestVoteResponse
  | PreVote
  | PreVoteResponse
  | AppendEntries
  | AppendEntriesResponse
  | Heartbeat
  | HeartbeatResponse
  | InstallSnapshot
  | TimeoutNow
  | TransferLeader
  | Propose
  | ReadIndex
  | ReadIndexResponse;

/** Says that the sender's log agrees with the leader's up to `index`. */
export function acknowledgement(
  {from, to, term}: {readonly from: MemberId; readonly to: MemberId; readonly term: Term},
  index: Index,
): AppendEntriesResponse {
  return {kind: "AppendEntriesResponse", from, to, term, success: true, index, hintIndex: 0, hintTerm: 0};
}

export type MessageKind = Message["kind"];
