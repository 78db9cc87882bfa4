// What an event's payload says of itself: between whom it travels, whom it is for, with whom it dies.

import {unreachable} from "../../core/base/assert.ts";
import type {MemberId} from "../../core/base/quantity.ts";
import {noMember} from "../../core/base/quantity.ts";
import type {Payload} from "../event.ts";
import {memberName} from "./lanes.ts";

/** The two ends of what travels over a link, as names. */
export function endsOf(payload: Payload): {readonly from: string; readonly to: string} | undefined {
  switch (payload.kind) {
    case "message":
      return {from: memberName(payload.from), to: memberName(payload.to)};
    case "request":
    case "credit":
      return {from: payload.client, to: memberName(payload.to)};
    case "response":
      return {from: memberName(payload.from), to: payload.client};
    case "close":
      return payload.toward === "member"
        ? {from: payload.client, to: memberName(payload.member)}
        : {from: memberName(payload.member), to: payload.client};
    case "tick":
    case "wake":
    case "turn":
    case "diskDone":
    case "report":
    case "clientWake":
    case "script":
      return undefined;
    default:
      return unreachable(payload);
  }
}

/** The member that an event would be handed to; {@link noMember} for a client's and the script's. */
export function targetOf(payload: Payload): MemberId {
  switch (payload.kind) {
    case "tick":
    case "wake":
    case "turn":
    case "diskDone":
    case "report":
      return payload.member;
    case "message":
    case "request":
    case "credit":
      return payload.to;
    case "close":
      return payload.toward === "member" ? payload.member : noMember;
    case "response":
    case "clientWake":
    case "script":
      return noMember;
    default:
      return unreachable(payload);
  }
}

/** The client that an event would be handed to, if it is for one. */
export function clientOf(payload: Payload): string | undefined {
  if (payload.kind === "response" || payload.kind === "clientWake") return payload.client;
  return payload.kind === "close" && payload.toward === "client" ? payload.client : undefined;
}

const own: ReadonlySet<Payload["kind"]> = new Set(["tick", "turn", "diskDone", "report"] as const);

/** Whether the event dies with its member: its clock, its actors' turns, what its disk and its transport answer. */
export function isOwn(payload: Payload): boolean {
  return own.has(payload.kind);
}

/**
 * Whether it may arrive twice: between members all but a forwarded proposal, which nothing in Raft tells from another one,
 * so that it would become two entries. A client's stream brings everything once.
 */
export function mayComeTwice(payload: Payload): boolean {
  return payload.kind === "message" && payload.message.kind !== "Propose";
}
