// The digest of a response: equal responses, equal digest. By explicit field lists, so that an absent field and its zero
// value are the same (requestDigest.ts does it for requests).

import {unreachable} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
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
      for (const response of result.responses) digestResult(response, into);
      return;
    case "compact":
      return into.word(5);
    case "watch":
      into.word(6);
      return digestWatch(result, into);
    case "status":
      into.word(7);
      into.int(result.leader);
      into.int(result.raftIndex);
      into.int(result.raftAppliedIndex);
      into.int(result.dbSize);
      into.int(result.dbSizeInUse);
      into.int(result.errors.length);
      for (const error of result.errors) into.string(error);
      return;
    case "members":
      into.word(9);
      into.bool(result.joint);
      for (const {member, isLearner} of result.members) {
        into.int(member);
        into.bool(isLearner);
      }
      return;
    case "moveLeader":
      return into.word(10);
    case "defragment":
      return into.word(11);
    case "alarms":
      into.word(12);
      into.int(result.alarms.length);
      for (const {member, alarm} of result.alarms) {
        into.int(member);
        into.string(alarm);
      }
      return;
    case "error":
      into.word(8);
      into.string(result.error.code);
      return into.string(result.error.message);
    default:
      return unreachable(result);
  }
}

function digestWatch(result: WatchResult, into: Hasher): void {
  into.int(result.watchId);
  into.bool(result.created ?? false);
  into.bool(result.canceled ?? false);
  into.int(result.compactRevision ?? 0);
  into.string(result.cancelReason ?? "");
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
