// What goes into the chain (CONTRACTS): the input of an event and the effects that came of it, as integers. Hot: no
// string is made, and numbers only where a word has one.

import {unreachable} from "../../core/base/assert.ts";
import type {Hasher} from "../../core/base/hasher.ts";
import type {ClientEffect} from "../../core/client/io.ts";
import {digestPeerMessage} from "../../core/server/peer.ts";
import type {Effect} from "../../core/server/io.ts";
import {digestRequest} from "../../core/server/requestDigest.ts";
import {digestResponse} from "../../core/server/responseDigest.ts";
import type {DiskOp} from "../../core/storage/disk.ts";
import type {Payload} from "../event.ts";

/**
 * Any plain data: integers, strings, booleans, bytes, lists and records of them. Equal data, equal digest, in whatever order
 * keys were made; one that is absent and one that is undefined are the same. For what comes seldom (actions); what comes
 * often has a digest of its own.
 */
export function digestData(data: unknown, into: Hasher): void {
  if (typeof data === "number") return into.int(data);
  if (typeof data === "string") return into.string(data);
  if (typeof data === "boolean") return into.bool(data);
  if (data instanceof Uint8Array) return into.bytes(data);
  if (Array.isArray(data)) {
    into.word(data.length);
    for (const item of data) digestData(item, into);
    return;
  }
  if (typeof data !== "object" || data === null) return into.word(0);
  for (const key of Object.keys(data).sort(ascending)) {
    const value: unknown = data[key as keyof typeof data];
    if (value === undefined) continue;
    into.string(key);
    digestData(value, into);
  }
  into.word(-1);
}

function ascending(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** What an event brings. The moment it was sent is left out: it decides nothing. */
export function digestPayload(payload: Payload, into: Hasher): void {
  switch (payload.kind) {
    case "tick":
      return into.word(1);
    case "wake":
      return into.word(2);
    case "turn":
      into.word(3);
      return into.string(payload.actor);
    case "message":
      into.word(4);
      return digestPeerMessage(payload.message, into);
    case "request":
      into.word(5);
      into.int(payload.stream);
      into.int(payload.id);
      if (payload.metadata !== undefined) digestData(payload.metadata, into);
      return digestRequest(payload.request, into);
    case "response":
      into.word(6);
      into.int(payload.stream);
      into.int(payload.id);
      return digestResponse(payload.response, into);
    case "close":
      into.word(7);
      into.int(payload.stream);
      return into.bool(payload.toward === "member");
    case "diskDone":
      into.word(8);
      return into.int(payload.op);
    case "clientWake":
      return into.word(9);
    case "script":
      into.word(10);
      return digestData(payload.action, into);
    case "report":
      into.word(12);
      into.int(payload.to);
      return into.bool(payload.what === "snapshotDone");
    case "credit":
      into.word(11);
      into.int(payload.stream);
      return into.int(payload.room);
    default:
      return unreachable(payload);
  }
}

export function digestEffect(effect: Effect, into: Hasher): void {
  switch (effect.kind) {
    case "send":
      into.word(1);
      return digestPeerMessage(effect.message, into);
    case "disk":
      into.word(2);
      into.int(effect.op);
      return digestDiskOp(effect.do, into);
    case "pause":
      into.word(3);
      return into.string(effect.at);
    case "respond":
      into.word(4);
      into.int(effect.stream);
      into.int(effect.id);
      return digestResponse(effect.response, into);
    case "exit":
      into.word(5);
      return into.string(effect.reason.id);
    default:
      return unreachable(effect);
  }
}

export function digestClientEffect(effect: ClientEffect, into: Hasher): void {
  switch (effect.kind) {
    case "open":
      into.word(1);
      into.int(effect.stream);
      return into.int(effect.to);
    case "send":
      into.word(2);
      into.int(effect.stream);
      into.int(effect.id);
      return digestRequest(effect.request, into);
    case "close":
      into.word(3);
      return into.int(effect.stream);
    case "watched":
      into.word(4);
      return into.int(effect.call);
    case "settled":
      into.word(5);
      into.int(effect.call);
      return into.string(effect.outcome.kind);
    case "invoked":
      into.word(6);
      into.int(effect.call);
      into.int(effect.parent);
      return digestRequest(effect.request, into);
    case "told":
    case "finished":
      into.word(7);
      return digestData(effect, into);
    default:
      return unreachable(effect);
  }
}

function digestDiskOp(op: DiskOp, into: Hasher): void {
  switch (op.kind) {
    case "write":
      into.word(1);
      into.string(op.file);
      into.int(op.at);
      return into.bytes(op.bytes);
    case "allocate":
      into.word(2);
      into.string(op.file);
      return into.int(op.size);
    case "truncate":
      into.word(3);
      into.string(op.file);
      return into.int(op.size);
    case "sync":
      into.word(4);
      return into.string(op.file);
    case "unlink":
      into.word(5);
      return into.string(op.file);
    case "rename":
      into.word(6);
      into.string(op.file);
      return into.string(op.to);
    case "syncDir":
      return into.word(7);
    default:
      return unreachable(op);
  }
}
