// What an entry or a request holds, in a few words: core's own, but for changes of membership, which name servers as the
// page does: `members +n4 −n1`.

import {unreachable} from "../../core/base/assert.ts";
import {decodeConfChange, type SingleChange} from "../../core/raft/confChange.ts";
import type {Entry} from "../../core/raft/entry.ts";
import {describeRequest, entryText} from "../../core/server/describe.ts";
import type {Request} from "../../core/server/request.ts";
import {nameOfMember} from "./member.ts";

/** `no-op` for the entry that opens a term. */
export function entryHolds(entry: Entry): string {
  if (entry.type === "normal") return entryText(entry);
  return changesText(decodeConfChange(entry.type, entry.data)?.changes ?? []);
}

export function requestText(request: Request): string {
  return request.kind === "reconfigure" ? changesText(request.changes) : describeRequest(request);
}

function changesText(changes: readonly SingleChange[]): string {
  if (changes.length === 0) return "leave joint";
  return `members ${changes.map(changeText).join(" ")}`;
}

function changeText({type, member}: SingleChange): string {
  const name = nameOfMember(member);
  switch (type) {
    case "addVoter":
      return `+${name}`;
    case "addLearner":
      return `+${name} (learner)`;
    case "remove":
      return `−${name}`;
    case "update":
      return name;
    default:
      return unreachable(type);
  }
}
