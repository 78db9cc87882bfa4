// The digest of a request: equal requests, equal digest. By explicit field lists, so that an absent field and its zero
// value (etcd's wire does not tell them apart) are the same.

import {unreachable} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {Request} from "./request.ts";
import {encodeRequest} from "./command.ts";

export function digestRequest(request: Request, into: Hasher): void {
  into.string(request.kind);
  switch (request.kind) {
    case "put":
    case "deleteRange":
    case "range":
    case "txn":
    case "compact":
      return into.bytes(encodeRequest(request));
    case "watchCreate":
      into.string(request.key);
      into.string(request.rangeEnd ?? "");
      into.int(request.startRevision ?? 0);
      into.bool(request.prevKv ?? false);
      return into.string((request.filters ?? []).join());
    case "watchCancel":
      return into.int(request.watchId);
    case "memberAdd":
      into.bool(request.isLearner ?? false);
      return into.int(request.member);
    case "memberRemove":
    case "memberPromote":
      return into.int(request.member);
    case "moveLeader":
      return into.int(request.target);
    case "reconfigure":
      into.string(request.transition);
      for (const {type, member} of request.changes) {
        into.string(type);
        into.int(member);
      }
      return;
    case "memberList":
    case "status":
    case "defragment":
    case "alarmList":
    case "alarmDisarm":
      return;
    default:
      return unreachable(request);
  }
}
