// The words of the log: what an entry is, and what must survive a crash (Raft Figure 2, "persistent state").

import type {MemberId} from "../base/quantity.ts";

/** Election number, at least 1 once anything happened; 0 before. Raft §5.1. */
export type Term = number;

/** Position in the log; the first entry has 1. */
export type Index = number;

/** One entry of the log. Never written after birth: logs of one process share it, twins made by `fork` too. */
export interface Entry {
  readonly index: Index;
  readonly term: Term;
  /** The state machine's command; empty in the entry with which a leader opens its term (§8). */
  readonly data: Uint8Array;
}

/** Names a log position together with what stands there. */
export interface EntryId {
  readonly index: Index;
  readonly term: Term;
}

/** What must be durable before anything that follows from it is said. `commit` alone need not be synced. */
export interface HardState {
  readonly term: Term;
  /** Who got this member's vote in `term`; {@link noMember} if nobody did. */
  readonly votedFor: MemberId;
  readonly commit: Index;
}

/** What need not survive: who leads, as this member knows, and its own role. */
export interface SoftState {
  readonly leader: MemberId;
  readonly role: RoleName;
}

export type RoleName = "follower" | "candidate" | "leader";
