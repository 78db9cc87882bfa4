// How many bytes a message takes on the wire: an estimate, after protobuf's rules, of what etcd would send. A field is a
// tag byte and a varint; text, bytes and messages within messages have their length before them; what is zero or empty is
// absent; which kind of several a message is costs two bytes. gRPC's and TCP's own headers are left out, and etcd's ids,
// 64 bits long, count as the small numbers that they are here. Asked for only where a link has a bandwidth.

import {varintBytes} from "../../core/base/codec.ts";
import {encodedBytes} from "../../core/raft/entry.ts";
import type {PeerMessage} from "../../core/server/peer.ts";
import type {Payload} from "../event.ts";

/** Of what travels over links. The news that a stream is over takes none: its kernel tells. */
export function wireBytes(payload: Payload): number {
  switch (payload.kind) {
    case "message":
      return messageBytes(payload.message);
    case "request":
      return contentBytes(payload.request) + fieldBytes(payload.metadata);
    case "response":
      return contentBytes(payload.response);
    case "credit":
      // HTTP/2's WINDOW_UPDATE (RFC 9113, §6.9).
      return 13;
    default:
      return 0;
  }
}

function messageBytes(message: PeerMessage): number {
  if (message.kind !== "AppendEntries") return contentBytes(message);
  let bytes = contentBytes({...message, entries: []});
  for (const entry of message.entries) bytes += framed(encodedBytes(entry));
  return bytes;
}

/** A value in a field of its own. */
function fieldBytes(value: unknown): number {
  if (value === true) return 2;
  if (typeof value === "number") return value === 0 ? 0 : 1 + varintBytes(Math.abs(value));
  if (typeof value === "string" || value instanceof Uint8Array) {
    return value.length === 0 ? 0 : framed(value.length);
  }
  if (Array.isArray(value)) {
    let bytes = 0;
    // An element is there even if it is empty.
    for (const item of value) bytes += Math.max(2, fieldBytes(item));
    return bytes;
  }
  return typeof value === "object" && value !== null ? framed(contentBytes(value)) : 0;
}

function contentBytes(message: object): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(message)) bytes += name === "kind" ? 2 : fieldBytes(value);
  return bytes;
}

function framed(length: number): number {
  return 1 + varintBytes(length) + length;
}
