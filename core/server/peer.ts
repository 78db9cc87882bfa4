// What members say to each other: Raft's messages, and requests that a client asked of one member and only another can
// answer, or that a member has of its own (etcd's peers speak HTTP for these: /leases, /members/promote, /hashkv).

import type {Hasher} from "../base/hasher.ts";
import type {MemberId} from "../base/quantity.ts";
import {describeMessage} from "../raft/describe.ts";
import type {Term} from "../raft/entry.ts";
import {digestMessage} from "../raft/digest.ts";
import type {Message} from "../raft/message.ts";
import {describeCommand, describeRequest} from "./describe.ts";
import type {Request, Response} from "./request.ts";
import {digestRequest} from "./requestDigest.ts";
import {digestResponse} from "./responseDigest.ts";

export type PeerMessage = Message | ForwardMessage | ForwardedMessage;

/** A request for another member. As good as lost if no answer comes in time. */
export interface ForwardMessage {
  readonly kind: "Forward";
  readonly from: MemberId;
  readonly to: MemberId;
  /** Names it at the sender. */
  readonly id: number;
  readonly request: Request;
}

/** Its answer. */
export interface ForwardedMessage {
  readonly kind: "Forwarded";
  readonly from: MemberId;
  readonly to: MemberId;
  readonly id: number;
  readonly response: Response;
}

/** Whether it is for Raft. */
export function isRaftMessage(message: PeerMessage): message is Message {
  return message.kind !== "Forward" && message.kind !== "Forwarded";
}

export function digestPeerMessage(message: PeerMessage, into: Hasher): void {
  if (isRaftMessage(message)) return digestMessage(message, into);
  into.string(message.kind);
  into.int(message.from);
  into.int(message.to);
  into.int(message.id);
  if (message.kind === "Forward") digestRequest(message.request, into);
  else digestResponse(message.response, into);
}

/** One line for people. */
export function describePeerMessage(message: PeerMessage): string {
  if (isRaftMessage(message)) return describeMessage(message, describeCommand);
  const what = message.kind === "Forward" ? describeRequest(message.request) : message.response.result.kind;
  return `${message.from}->${message.to} ${message.kind} ${what}`;
}

/** Of a message that is for Raft; 0 of others, which have none. */
export function termOf(message: PeerMessage): Term {
  return isRaftMessage(message) ? message.term : 0;
}
