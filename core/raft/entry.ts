// The words of the log: what an entry is, and what must survive a crash (Raft Figure 2, "persistent state").

import {varintBytes} from "../base/codec.ts";
import type {MemberId} from "../base/quantity.ts";

/** Election number, at least 1 once anything happened; 0 before. Raft §5.1. */
export type Term = number;

/** Position in the log; the first entry has 1. */
export type Index = number;

/** What an entry is for: the state machine (`normal`), or the cluster's membership (confChange.ts holds its bytes). */
export type EntryType = "normal" | "confChange" | "confChangeV2";

/** One entry of the log. Never written after birth: logs of one process share it, twins made by `fork` too. */
export interface Entry {
  readonly index: Index;
  readonly term: Term;
  readonly type: EntryType;
  /** The command or the encoded change; empty in the entry with which a leader opens its term (§8). */
  readonly data: Uint8Array;
}

/** What is proposed: an entry without its place. */
export interface Proposal {
  readonly type: EntryType;
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
  /** Who got this member's vote in `term`; `noMember` if nobody did. */
  readonly votedFor: MemberId;
  readonly commit: Index;
}

/** What need not survive: who leads, as this member knows, and its own role. */
export interface SoftState {
  readonly leader: MemberId;
  readonly role: RoleName;
}

export type RoleName = "follower" | "preCandidate" | "candidate" | "leader";

export const noData = new Uint8Array(0);

/** Bytes of commands: what limits on payload count (uncommitted entries, messages on the way). */
export function payloadBytes(entries: readonly Entry[]): number {
  let bytes = 0;
  for (const entry of entries) bytes += entry.data.length;
  return bytes;
}

/**
 * Bytes of an entry as etcd would put it on the wire (protobuf: a field is a tag byte, a varint, and for data its bytes):
 * what limits on messages and on handed-out entries count.
 */
export function encodedBytes({index, term, type, data}: Entry): number {
  const dataBytes = data.length === 0 ? 0 : 1 + varintBytes(data.length) + data.length;
  return 2 + varintBytes(index) + varintBytes(term) + (type === "normal" ? 0 : 2) + dataBytes;
}
