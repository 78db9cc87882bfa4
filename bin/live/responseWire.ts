// etcd's messages as our words: answers to calls, watch responses, keep-alives, and errors.

import type {Permission} from "../../core/auth/auth.ts";
import {keyFromText, keyOfBytes} from "../../core/base/key.ts";
import type {KeyValue, OpResult, RangeResult, StoreEvent, TxnResult} from "../../core/mvcc/kv.ts";
import type {Alarm, AlarmType} from "../../core/server/alarm.ts";
import type {ApiError, GrpcCode, Header, MemberInfo, Response, Result} from "../../core/server/request.ts";
import {leaseOfInt64, numberOf} from "./quantities.ts";
import type {Int64, MemberIds} from "./quantities.ts";
import type {CallRequest} from "./requestWire.ts";
import type {Message} from "./services.ts";

interface WireHeader {
  readonly memberId: Int64;
  readonly revision: Int64;
  readonly raftTerm: Int64;
}

interface WireKeyValue {
  readonly key: Uint8Array;
  readonly createRevision: Int64;
  readonly modRevision: Int64;
  readonly version: Int64;
  readonly value: Uint8Array;
  readonly lease: Int64;
}

interface Inner {
  readonly header: WireHeader | null;
}

interface WireRange extends Inner {
  readonly kvs: readonly WireKeyValue[];
  readonly more: boolean;
  readonly count: Int64;
}

interface WirePut extends Inner {
  readonly prevKv: WireKeyValue | null;
}

interface WireDelete extends Inner {
  readonly deleted: Int64;
  readonly prevKvs: readonly WireKeyValue[];
}

interface WireTxn {
  readonly succeeded: boolean;
  readonly responses: readonly {
    readonly responseRange?: WireRange;
    readonly responsePut?: WirePut;
    readonly responseDeleteRange?: WireDelete;
    readonly responseTxn?: WireTxn;
  }[];
}

interface WireWatch {
  readonly watchId: Int64;
  readonly created: boolean;
  readonly canceled: boolean;
  readonly compactRevision: Int64;
  readonly cancelReason: string;
  readonly fragment: boolean;
  readonly events: readonly {
    readonly type: "PUT" | "DELETE";
    readonly kv: WireKeyValue;
    readonly prevKv: WireKeyValue | null;
  }[];
}

interface WireMember {
  readonly ID: Int64;
  readonly name: string;
  readonly peerURLs: readonly string[];
  readonly clientURLs: readonly string[];
  readonly isLearner: boolean;
}

interface WireStatus {
  readonly version: string;
  readonly dbSize: Int64;
  readonly dbSizeInUse: Int64;
  readonly dbSizeQuota: Int64;
  readonly leader: Int64;
  readonly raftIndex: Int64;
  readonly raftAppliedIndex: Int64;
  readonly errors: readonly string[];
  readonly isLearner: boolean;
}

const noHeader: Header = {memberId: 0, revision: 0, raftTerm: 0};

/** The answer to a call. */
export function responseOf(request: CallRequest, message: Message, ids: MemberIds): Response {
  return {header: headerOf(message, ids), result: resultOf(request, message, ids)};
}

export function errorResponse(error: ApiError): Response {
  return {header: noHeader, result: {kind: "error", error}};
}

/** gRPC's numbers for codes, as far as etcd uses them; all others are unknown. */
const codes: Readonly<Record<number, GrpcCode>> = {
  1: "Canceled",
  3: "InvalidArgument",
  4: "DeadlineExceeded",
  5: "NotFound",
  7: "PermissionDenied",
  8: "ResourceExhausted",
  9: "FailedPrecondition",
  11: "OutOfRange",
  12: "Unimplemented",
  14: "Unavailable",
  15: "DataLoss",
  16: "Unauthenticated",
};

export function errorOf(status: {readonly code: number; readonly details: string}): ApiError {
  return {code: codes[status.code] ?? "Unknown", message: status.details};
}

export function watchResponseOf(message: Message, ids: MemberIds): Response {
  const watch = message as unknown as WireWatch;
  return {
    header: headerOf(message, ids),
    result: {
      kind: "watch",
      watchId: numberOf(watch.watchId),
      ...(watch.created ? {created: true} : {}),
      ...(watch.canceled ? {canceled: true} : {}),
      ...(watch.compactRevision === "0" ? {} : {compactRevision: numberOf(watch.compactRevision)}),
      ...(watch.cancelReason === "" ? {} : {cancelReason: watch.cancelReason}),
      ...(watch.fragment ? {fragment: true} : {}),
      events: watch.events.map(eventOf),
    },
  };
}

export function keepAliveResponseOf(message: Message, ids: MemberIds): Response {
  const {ID, TTL} = message as {ID: Int64; TTL: Int64};
  return {
    header: headerOf(message, ids),
    result: {kind: "leaseKeepAlive", lease: leaseOfInt64(ID), ttl: numberOf(TTL)},
  };
}

function headerOf(message: Message, ids: MemberIds): Header {
  const header = message["header"] as WireHeader | null | undefined;
  if (header === null || header === undefined) return noHeader;
  return {
    memberId: ids.numberOf(header.memberId),
    revision: numberOf(header.revision),
    raftTerm: numberOf(header.raftTerm),
  };
}

// oxlint-disable-next-line max-lines-per-function -- one case per message kind
function resultOf(request: CallRequest, message: Message, ids: MemberIds): Result {
  switch (request.kind) {
    case "range":
      return rangeOf(message as unknown as WireRange);
    case "put":
      return putOf(message as unknown as WirePut);
    case "deleteRange":
      return deletedOf(message as unknown as WireDelete);
    case "txn":
      return txnOf(message as unknown as WireTxn);
    case "leaseGrant": {
      const {ID, TTL} = message as {ID: Int64; TTL: Int64};
      return {kind: "leaseGrant", lease: leaseOfInt64(ID), ttl: numberOf(TTL)};
    }
    case "leaseTimeToLive": {
      const {TTL, grantedTTL, keys} = message as {TTL: Int64; grantedTTL: Int64; keys: Uint8Array[]};
      const found = {ttl: numberOf(TTL), grantedTtl: numberOf(grantedTTL)};
      return {kind: "leaseTimeToLive", lease: request.lease, ...found, keys: keys.map(keyOfBytes).toSorted()};
    }
    case "leaseList": {
      const {leases} = message as unknown as {leases: readonly {ID: Int64}[]};
      return {kind: "leaseList", leases: leases.map(({ID}) => leaseOfInt64(ID))};
    }
    case "status":
      return statusOf(message as unknown as WireStatus, ids);
    case "memberAdd":
    case "memberRemove":
    case "memberPromote":
    case "memberUpdate":
    case "memberList":
      return membersOf(message as unknown as {members: WireMember[]; all: WireMember[]}, ids);
    case "alarmList":
    case "alarmActivate":
    case "alarmDisarm":
      return {kind: "alarms", alarms: alarmsOf(message, ids)};
    case "hash":
      return {kind: "hash", hash: Number(message["hash"])};
    case "hashKv": {
      const {hash, compactRevision, hashRevision} = message as {
        hash: number;
        compactRevision: Int64;
        hashRevision: Int64;
      };
      const at = {compactRevision: numberOf(compactRevision), hashRevision: numberOf(hashRevision)};
      return {kind: "hashKv", hash, ...at};
    }
    case "snapshot":
      return {kind: "snapshot", blob: message["blob"] as Uint8Array};
    case "authStatus": {
      const {enabled, authRevision} = message as {enabled: boolean; authRevision: Int64};
      return {kind: "authStatus", enabled, authRevision: numberOf(authRevision)};
    }
    case "authenticate":
      return {kind: "authenticate", token: String(message["token"])};
    case "userGet":
      return {kind: "userGet", roles: namesOf(message["roles"])};
    case "userList":
      return {kind: "userList", users: namesOf(message["users"])};
    case "roleList":
      return {kind: "roleList", roles: namesOf(message["roles"])};
    case "roleGet":
      return {kind: "roleGet", permissions: (message["perm"] as WirePermission[]).map(permissionOf)};
    // What is left answers only that it was done.
    default:
      return {kind: request.kind};
  }
}

function kvOf(kv: WireKeyValue): KeyValue {
  return {
    key: keyOfBytes(kv.key),
    // Node's buffers are views of larger ones.
    value: new Uint8Array(kv.value),
    createRevision: numberOf(kv.createRevision),
    modRevision: numberOf(kv.modRevision),
    version: numberOf(kv.version),
    lease: leaseOfInt64(kv.lease),
  };
}

function rangeOf({kvs, more, count}: WireRange): RangeResult {
  return {kind: "range", kvs: kvs.map(kvOf), more, count: numberOf(count)};
}

function putOf({prevKv}: WirePut): OpResult {
  return {kind: "put", ...(prevKv === null ? {} : {prevKv: kvOf(prevKv)})};
}

function deletedOf({deleted, prevKvs}: WireDelete): OpResult {
  return {kind: "deleteRange", deleted: numberOf(deleted), prevKvs: prevKvs.map(kvOf)};
}

function txnOf({succeeded, responses}: WireTxn): TxnResult {
  return {
    kind: "txn",
    succeeded,
    responses: responses.map((one) => {
      const {responseRange: range, responsePut: put, responseDeleteRange: deleted} = one;
      if (range !== undefined) return {...rangeOf(range), ...innerOf(range)};
      if (put !== undefined) return {...putOf(put), ...innerOf(put)};
      if (deleted !== undefined) return {...deletedOf(deleted), ...innerOf(deleted)};
      if (one.responseTxn !== undefined) return txnOf(one.responseTxn);
      throw new Error("a transaction's response holds an answer of no kind");
    }),
  };
}

/** Of the headers inside a transaction only the revision is set. */
function innerOf({header}: Inner): {readonly revision?: number} {
  return header === null || header.revision === "0" ? {} : {revision: numberOf(header.revision)};
}

function eventOf({type, kv, prevKv}: WireWatch["events"][number]): StoreEvent {
  return {
    kind: type === "PUT" ? "put" : "delete",
    kv: kvOf(kv),
    ...(prevKv === null ? {} : {prevKv: kvOf(prevKv)}),
  };
}

/** MemberAdd's answer has the new one first and all of them behind it. */
function membersOf({members, all}: {members: WireMember[]; all: WireMember[]}, ids: MemberIds): Result {
  const found = (all.length > 0 ? all : members).map((one): MemberInfo => ({
    member: ids.numberOf(one.ID),
    name: one.name,
    peerUrls: one.peerURLs,
    clientUrls: one.clientURLs,
    isLearner: one.isLearner,
  }));
  return {kind: "members", members: found.toSorted((a, b) => a.member - b.member), joint: false};
}

function statusOf(status: WireStatus, ids: MemberIds): Result {
  return {
    kind: "status",
    leader: ids.spokenOf(status.leader),
    raftIndex: numberOf(status.raftIndex),
    raftAppliedIndex: numberOf(status.raftAppliedIndex),
    dbSize: numberOf(status.dbSize),
    dbSizeInUse: numberOf(status.dbSizeInUse),
    dbSizeQuota: numberOf(status.dbSizeQuota),
    isLearner: status.isLearner,
    version: status.version,
    errors: status.errors,
  };
}

function alarmsOf(message: Message, ids: MemberIds): readonly Alarm[] {
  const alarms = message["alarms"] as {memberID: Int64; alarm: AlarmType}[];
  return alarms.map(({memberID, alarm}) => ({member: ids.numberOf(memberID), alarm}));
}

interface WirePermission {
  readonly permType: "READ" | "WRITE" | "READWRITE";
  readonly key: Uint8Array;
  readonly rangeEnd: Uint8Array;
}

const permissionTypes = {READ: "read", WRITE: "write", READWRITE: "readwrite"} as const;

function permissionOf({permType, key, rangeEnd}: WirePermission): Permission {
  const end = keyOfBytes(rangeEnd);
  return {type: permissionTypes[permType], key: keyOfBytes(key), ...(end === "" ? {} : {rangeEnd: end})};
}

function namesOf(names: unknown): readonly string[] {
  return (names as string[]).map(keyFromText);
}
