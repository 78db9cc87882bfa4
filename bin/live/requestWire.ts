// Our words for a request as etcd's message. Fields at their zero values are left out, as protobuf does.

import {unreachable} from "../../core/base/assert.ts";
import type {AuthRequest, Permission} from "../../core/auth/auth.ts";
import {bytesOfKey, textOfBytes} from "../../core/base/key.ts";
import type {Key} from "../../core/base/key.ts";
import type {LeaseRequest} from "../../core/lease/lease.ts";
import type {
  Compare,
  DeleteRangeRequest,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
} from "../../core/mvcc/kv.ts";
import type {AlarmType} from "../../core/server/alarm.ts";
import type {Request} from "../../core/server/request.ts";
import type {WatchCancelRequest, WatchCreateRequest, WatchProgressRequest} from "../../core/watch/watch.ts";
import {int64OfLease} from "./quantities.ts";
import type {MemberIds} from "./quantities.ts";
import type {Message, MethodName} from "./services.ts";

type WatchRequest = WatchCreateRequest | WatchCancelRequest | WatchProgressRequest;

/** Requests that etcd's API has no method for. */
type Ours = Extract<Request, {readonly kind: "reconfigure"}>;

/** Requests that are one gRPC call. Keep-alives and watches are messages of a stream. */
export type CallRequest = Exclude<Request, WatchRequest | Ours | {readonly kind: "leaseKeepAlive"}>;

export interface WireCall {
  readonly method: MethodName;
  readonly message: Message;
}

export function callOf(request: CallRequest, ids: MemberIds): WireCall {
  switch (request.kind) {
    case "range":
      return {method: "KV/Range", message: rangeMessage(request)};
    case "put":
      return {method: "KV/Put", message: putMessage(request)};
    case "deleteRange":
      return {method: "KV/DeleteRange", message: deleteMessage(request)};
    case "txn":
      return {method: "KV/Txn", message: txnMessage(request)};
    case "compact":
      return {method: "KV/Compact", message: {revision: request.revision, physical: request.physical}};
    case "leaseGrant":
    case "leaseRevoke":
    case "leaseTimeToLive":
    case "leaseList":
      return leaseCall(request);
    default:
      return isAuth(request) ? authCall(request) : upkeepCall(request, ids);
  }
}

export function watchMessage(request: WatchRequest): Message {
  switch (request.kind) {
    case "watchCreate":
      return {
        createRequest: {
          key: bytesOfKey(request.key),
          rangeEnd: endOf(request.rangeEnd),
          startRevision: request.startRevision,
          progressNotify: request.progressNotify,
          filters: request.filters?.map((filter) => filter.toUpperCase()),
          prevKv: request.prevKv,
          watchId: request.watchId,
          fragment: request.fragment,
        },
      };
    case "watchCancel":
      return {cancelRequest: {watchId: request.watchId}};
    case "watchProgress":
      return {progressRequest: {}};
    default:
      return unreachable(request);
  }
}

function rangeMessage(request: RangeRequest): Message {
  return {
    key: bytesOfKey(request.key),
    rangeEnd: endOf(request.rangeEnd),
    limit: request.limit,
    revision: request.revision,
    sortOrder: request.sortOrder?.toUpperCase(),
    sortTarget: request.sortTarget?.toUpperCase(),
    serializable: request.serializable,
    keysOnly: request.keysOnly,
    countOnly: request.countOnly,
    minModRevision: request.minModRevision,
    maxModRevision: request.maxModRevision,
    minCreateRevision: request.minCreateRevision,
    maxCreateRevision: request.maxCreateRevision,
  };
}

function putMessage(request: PutRequest): Message {
  return {
    key: bytesOfKey(request.key),
    value: request.value,
    lease: int64OfLease(request.lease ?? ""),
    prevKv: request.prevKv,
    ignoreValue: request.ignoreValue,
    ignoreLease: request.ignoreLease,
  };
}

function deleteMessage(request: DeleteRangeRequest): Message {
  return {
    key: bytesOfKey(request.key),
    rangeEnd: endOf(request.rangeEnd),
    prevKv: request.prevKv,
  };
}

function txnMessage(request: TxnRequest): Message {
  return {
    compare: request.compare.map(compareMessage),
    success: request.success.map(opMessage),
    failure: request.failure.map(opMessage),
  };
}

function opMessage(op: RequestOp): Message {
  switch (op.kind) {
    case "range":
      return {requestRange: rangeMessage(op)};
    case "put":
      return {requestPut: putMessage(op)};
    case "deleteRange":
      return {requestDeleteRange: deleteMessage(op)};
    case "txn":
      return {requestTxn: txnMessage(op)};
    default:
      return unreachable(op);
  }
}

const compareResults = {"=": "EQUAL", ">": "GREATER", "<": "LESS", "!=": "NOT_EQUAL"} as const;

function compareMessage({key, rangeEnd, result, target}: Compare): Message {
  return {
    result: compareResults[result],
    target: target.kind.toUpperCase(),
    key: bytesOfKey(key),
    rangeEnd: endOf(rangeEnd),
    ...targetFields(target),
  };
}

function targetFields(target: Compare["target"]): Message {
  switch (target.kind) {
    case "version":
      return {version: target.value};
    case "create":
      return {createRevision: target.value};
    case "mod":
      return {modRevision: target.value};
    case "value":
      return {value: target.value};
    case "lease":
      return {lease: int64OfLease(target.value)};
    default:
      return unreachable(target);
  }
}

function leaseCall(request: Exclude<LeaseRequest, {readonly kind: "leaseKeepAlive"}>): WireCall {
  switch (request.kind) {
    case "leaseGrant":
      return {method: "Lease/LeaseGrant", message: {TTL: request.ttl, ID: int64OfLease(request.lease ?? "")}};
    case "leaseRevoke":
      return {method: "Lease/LeaseRevoke", message: {ID: int64OfLease(request.lease)}};
    case "leaseTimeToLive":
      return {
        method: "Lease/LeaseTimeToLive",
        message: {ID: int64OfLease(request.lease), keys: request.keys},
      };
    case "leaseList":
      return {method: "Lease/LeaseLeases", message: {}};
    default:
      return unreachable(request);
  }
}

type UpkeepRequest = Exclude<
  CallRequest,
  | AuthRequest
  | LeaseRequest
  | RangeRequest
  | PutRequest
  | DeleteRangeRequest
  | TxnRequest
  | {readonly kind: "compact"}
>;

function upkeepCall(request: UpkeepRequest, ids: MemberIds): WireCall {
  switch (request.kind) {
    case "status":
      return {method: "Maintenance/Status", message: {}};
    case "memberAdd":
      return {
        method: "Cluster/MemberAdd",
        message: {peerURLs: request.peerUrls, isLearner: request.isLearner},
      };
    case "memberRemove":
      return {method: "Cluster/MemberRemove", message: {ID: ids.idOf(request.member)}};
    case "memberPromote":
      return {method: "Cluster/MemberPromote", message: {ID: ids.idOf(request.member)}};
    case "memberUpdate":
      return {
        method: "Cluster/MemberUpdate",
        message: {ID: ids.idOf(request.member), peerURLs: request.peerUrls},
      };
    case "memberList":
      return {method: "Cluster/MemberList", message: {linearizable: request.linearizable}};
    case "moveLeader":
      return {method: "Maintenance/MoveLeader", message: {targetID: ids.idOf(request.target)}};
    case "defragment":
      return {method: "Maintenance/Defragment", message: {}};
    case "alarmList":
      return {method: "Maintenance/Alarm", message: {action: "GET"}};
    case "alarmActivate":
      return {
        method: "Maintenance/Alarm",
        message: alarmMessage("ACTIVATE", ids.idOf(request.member), request.alarm),
      };
    case "alarmDisarm":
      return {
        method: "Maintenance/Alarm",
        message: alarmMessage("DEACTIVATE", ids.idOf(request.member ?? 0), request.alarm),
      };
    case "hashKv":
      return {method: "Maintenance/HashKV", message: {revision: request.revision}};
    case "hash":
      return {method: "Maintenance/Hash", message: {}};
    case "snapshot":
      return {method: "Maintenance/Snapshot", message: {}};
    default:
      return unreachable(request);
  }
}

function alarmMessage(
  action: "ACTIVATE" | "DEACTIVATE",
  memberID: string,
  alarm: AlarmType | undefined,
): Message {
  return {action, memberID, alarm: alarm ?? "NONE"};
}

/** By the names of etcd's methods, less their service. */
const authMethods: Readonly<Record<AuthRequest["kind"], string>> = {
  authEnable: "AuthEnable",
  authDisable: "AuthDisable",
  authStatus: "AuthStatus",
  authenticate: "Authenticate",
  userAdd: "UserAdd",
  userGet: "UserGet",
  userList: "UserList",
  userDelete: "UserDelete",
  userChangePassword: "UserChangePassword",
  userGrantRole: "UserGrantRole",
  userRevokeRole: "UserRevokeRole",
  roleAdd: "RoleAdd",
  roleGet: "RoleGet",
  roleList: "RoleList",
  roleDelete: "RoleDelete",
  roleGrantPermission: "RoleGrantPermission",
  roleRevokePermission: "RoleRevokePermission",
};

function isAuth(request: CallRequest): request is AuthRequest {
  return Object.hasOwn(authMethods, request.kind);
}

function authCall(request: AuthRequest): WireCall {
  return {method: `Auth/${authMethods[request.kind]}`, message: authMessage(request)};
}

function authMessage(request: AuthRequest): Message {
  switch (request.kind) {
    case "authenticate":
    case "userChangePassword":
      return {name: text(request.name), password: text(request.password)};
    case "userAdd":
      return {
        name: text(request.name),
        password: text(request.password ?? ""),
        ...(request.noPassword === true ? {options: {noPassword: true}} : {}),
      };
    case "userGet":
    case "userDelete":
      return {name: text(request.name)};
    // etcd calls a user to be given a role "user", and one to lose it "name".
    case "userGrantRole":
      return {user: text(request.name), role: text(request.role)};
    case "userRevokeRole":
      return {name: text(request.name), role: text(request.role)};
    case "roleAdd":
      return {name: text(request.role)};
    case "roleGet":
    case "roleDelete":
      return {role: text(request.role)};
    case "roleGrantPermission":
      return {name: text(request.role), perm: permissionMessage(request.permission)};
    case "roleRevokePermission":
      return {
        role: text(request.role),
        key: bytesOfKey(request.key),
        rangeEnd: endOf(request.rangeEnd),
      };
    default:
      return {};
  }
}

function permissionMessage({type, key, rangeEnd}: Permission): Message {
  return {permType: type.toUpperCase(), key: bytesOfKey(key), rangeEnd: endOf(rangeEnd)};
}

/**
 * "" must not travel: etcd takes a `range_end` that is there and empty for "no upper bound" (its Go slice is then not nil),
 * whatever the documentation says of empty ones.
 */
function endOf(rangeEnd: Key | undefined): Uint8Array | undefined {
  return rangeEnd === undefined || rangeEnd === "" ? undefined : bytesOfKey(rangeEnd);
}

/** A protobuf string: it has to be UTF-8. */
function text(bytes: Key): string {
  return textOfBytes(bytesOfKey(bytes));
}
