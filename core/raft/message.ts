// What members say to each other. The paper's names; one field set per kind (etcd overloads one struct: the README's
// table maps the names). Nothing here is written after it was sent.

import type {MemberId} from "../base/quantity.ts";
import type {Entry, Index, Term} from "./entry.ts";

interface Addressed {
  readonly from: MemberId;
  readonly to: MemberId;
  /** The sender's term (§5.1); a candidate's is the one it campaigns for. */
  readonly term: Term;
}

/** A candidate asks for a vote. §5.2, §5.4.1. etcd: MsgVote. */
export interface RequestVote extends Addressed {
  readonly kind: "RequestVote";
  readonly lastLogIndex: Index;
  readonly lastLogTerm: Term;
}

/** etcd: MsgVoteResp. */
export interface RequestVoteResponse extends Addressed {
  readonly kind: "RequestVoteResponse";
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

/** A follower hands proposals on to the leader. Term 0: it is not a statement about terms. etcd: MsgProp. */
export interface Propose extends Addressed {
  readonly kind: "Propose";
  readonly data: readonly Uint8Array[];
}

/** A follower asks for an index that a linearizable read must wait for. Term 0. thesis §6.4. etcd: MsgReadIndex. */
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
  | AppendEntries
  | AppendEntriesResponse
  | Heartbeat
  | HeartbeatResponse
  | Propose
  | ReadIndex
  | ReadIndexResponse;

export type MessageKind = Message["kind"];
