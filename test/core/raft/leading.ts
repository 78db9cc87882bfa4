// A leader whose followers are played by the test, in both ways of doing its work: with receipts, and one Ready at a time.

import type {MemberId} from "../../../core/base/quantity.ts";
import type {Index} from "../../../core/raft/entry.ts";
import type {AppendEntries, AppendEntriesResponse, Message} from "../../../core/raft/message.ts";
import type {ProgressView} from "../../../core/raft/ready.ts";
import {Alone, holds, only} from "./notation.ts";
import type {AloneOptions} from "./notation.ts";

/** For `describe.each`: the name, and the option. */
export const modes: readonly (readonly [string, boolean])[] = [
  ["one Ready at a time", false],
  ["with receipts", true],
];

/** Leads the term after its log's last; everybody voted for it. */
export function leading({config, ...options}: AloneOptions, asyncStorageWrites = true): Alone {
  const alone = new Alone({...options, config: {...config, asyncStorageWrites}});
  alone.lead();
  return alone;
}

/** What a follower says: that it holds everything up to `index`. */
export function ack({node}: Alone, from: MemberId, index: Index): AppendEntriesResponse {
  return holds({from, to: node.id, term: node.term}, index);
}

/** That an append after `index` does not fit; where it might. */
export function nack(
  {node}: Alone,
  from: MemberId,
  at: {readonly index: Index; readonly hintIndex: Index; readonly hintTerm?: number},
): AppendEntriesResponse {
  const {index, hintIndex, hintTerm = 0} = at;
  const {id: to, term} = node;
  return {kind: "AppendEntriesResponse", from, to, term, success: false, index, hintIndex, hintTerm};
}

/** That it is alive. */
export function pulse({node}: Alone, from: MemberId): Message {
  return {kind: "HeartbeatResponse", from, to: node.id, term: node.term, readPosition: 0};
}

export function appendsTo(member: MemberId, said: readonly Message[]): readonly AppendEntries[] {
  return only(said, "AppendEntries").filter(({to}) => to === member);
}

/** The indexes in each append to `member`; `[]` is an empty one. */
export function shapes(member: MemberId, said: readonly Message[]): readonly (readonly Index[])[] {
  return appendsTo(member, said).map(({entries}) => entries.map(({index}) => index));
}

export function progressOf({node}: Alone, member: MemberId): ProgressView {
  const found = node.progress().find((one) => one.member === member);
  if (found === undefined) throw new Error(`n${member} is no member`);
  return found;
}
