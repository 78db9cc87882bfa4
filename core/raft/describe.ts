// One line for people, per entry, message and Ready: transcripts, logs and debugging use the same words, which are the
// field's and in no language. `n1→n3 AppendEntries term 2, after 5/1: 6/2 7/2, commit 5`. Positions are index/term.

import {unreachable} from "../base/assert.ts";
import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import type {EntryId} from "./entry.ts";
import type {Message} from "./message.ts";
import type {AppendWork, Ready} from "./ready.ts";

export function describeMember(member: MemberId): string {
  return member === noMember ? "none" : `n${member}`;
}

export function describeEntry({index, term}: EntryId): string {
  return `${index}/${term}`;
}

export function describeEntries(entries: readonly EntryId[]): string {
  return entries.length === 0 ? "nothing" : entries.map(describeEntry).join(" ");
}

export function describeMessage(message: Message): string {
  const head = `${describeMember(message.from)}→${describeMember(message.to)} ${message.kind}`;
  const body = describeBody(message);
  return message.term === 0 ? `${head} ${body}` : `${head} term ${message.term}, ${body}`;
}

function describeBody(message: Message): string {
  switch (message.kind) {
    case "RequestVote":
      return `log ends ${message.lastLogIndex}/${message.lastLogTerm}`;
    case "RequestVoteResponse":
      return message.voteGranted ? "granted" : "refused";
    case "AppendEntries": {
      const {prevLogIndex, prevLogTerm, entries, leaderCommit} = message;
      return `after ${prevLogIndex}/${prevLogTerm}: ${describeEntries(entries)}, commit ${leaderCommit}`;
    }
    case "AppendEntriesResponse":
      if (message.success) return `holds ${message.index}`;
      return `refused ${message.index}, try ${message.hintIndex}/${message.hintTerm}`;
    case "Heartbeat":
      return `commit ${message.commit}${describePosition(message.readPosition)}`;
    case "HeartbeatResponse":
      return `alive${describePosition(message.readPosition)}`;
    case "Propose":
      return `${message.data.length} command${message.data.length === 1 ? "" : "s"}`;
    case "ReadIndex":
      return `read ${message.context}`;
    case "ReadIndexResponse":
      return `read ${message.context} at ${message.index}`;
    default:
      return unreachable(message);
  }
}

function describePosition(readPosition: number): string {
  return readPosition === 0 ? "" : `, reads ${readPosition}`;
}

/** Several lines, one per thing to do; empty when there is nothing. */
export function describeReady(ready: Ready): readonly string[] {
  const lines: string[] = [];
  const {softState, append, apply} = ready;
  if (softState !== undefined) lines.push(`${softState.role}, leader ${describeMember(softState.leader)}`);
  for (const {context, index} of ready.readStates) lines.push(`read ${context} at ${index}`);
  for (const message of ready.messages) lines.push(describeMessage(message));
  if (append !== undefined) lines.push(...describeAppend(append));
  if (apply.length > 0) lines.push(`apply ${describeEntries(apply)}`);
  return lines;
}

function describeAppend({hardState, entries, mustSync, messages}: AppendWork): readonly string[] {
  const parts: string[] = [mustSync ? "append, sync" : "append"];
  if (hardState !== undefined) {
    parts.push(
      `term ${hardState.term} vote ${describeMember(hardState.votedFor)} commit ${hardState.commit}`,
    );
  }
  if (entries.length > 0) parts.push(describeEntries(entries));
  return [parts.join(": "), ...messages.map((message) => `  then ${describeMessage(message)}`)];
}
