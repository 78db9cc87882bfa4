// The digest of a response: equal responses, equal digest. In answers about keys and from watches an absent field and its
// zero value are the same (requestDigest.ts does it for requests).

import type {Hasher} from "../base/hasher.ts";
import {digestPlain} from "../base/plain.ts";
import type {Plain} from "../base/plain.ts";
import type {KeyValue, StoreEvent} from "../mvcc/kv.ts";
import type {WatchResult} from "../watch/watch.ts";
import type {Response, Result} from "./request.ts";

export function digestResponse({header, result}: Response, into: Hasher): void {
  into.int(header.memberId);
  into.int(header.revision);
  into.int(header.raftTerm);
  digestResult(result, into);
}

function digestResult(result: Result, into: Hasher): void {
  switch (result.kind) {
    case "range":
      into.word(1);
      into.bool(result.more);
      into.int(result.count);
      return digestKvs(result.kvs, into);
    case "put":
      into.word(2);
      return digestKvs(result.prevKv === undefined ? [] : [result.prevKv], into);
    case "deleteRange":
      into.word(3);
      into.int(result.deleted);
      return digestKvs(result.prevKvs, into);
    case "txn":
      into.word(4);
      into.bool(result.succeeded);
      into.int(result.responses.length);
      for (const response of result.responses) {
        digestResult(response, into);
        if (response.kind !== "txn") into.int(response.revision ?? 0);
      }
      return;
    case "compact":
      return into.word(5);
    case "watch":
      into.word(6);
      return digestWatch(result, into);
    default:
      into.word(7);
      return digestPlain(result as unknown as Plain, into);
  }
}

function digestWatch(result: WatchResult, into: Hasher): void {
  into.int(result.watchId);
  into.bool(result.created ?? false);
  into.bool(result.canceled ?? false);
  into.int(result.compactRevision ?? 0);
  into.string(result.cancelReason ?? "");
  into.bool(result.fragment ?? false);
  into.int(result.events.length);
  for (const event of result.events) digestEvent(event, into);
}

function digestEvent({kind, kv, prevKv}: StoreEvent, into: Hasher): void {
  into.bool(kind === "put");
  digestKv(kv, into);
  into.bool(prevKv !== undefined);
  if (prevKv !== undefined) digestKv(prevKv, into);
}

function digestKvs(kvs: readonly KeyValue[], into: Hasher): void {
  into.int(kvs.length);
  for (const kv of kvs) digestKv(kv, into);
}

function digestKv(kv: KeyValue, into: Hasher): void {
  into.string(kv.key);
  into.bytes(kv.value);
  into.int(kv.createRevision);
  into.int(kv.modRevision);
  into.int(kv.version);
  into.string(kv.lease);
}
