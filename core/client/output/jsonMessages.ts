// Answers as etcdctl's JSON has them: the fields of etcd's Go structs under their protobuf names, zero values left out
// (reference: `json:"…,omitempty"` in api/etcdserverpb). A lease's answers are of client/v3's own structs, with all fields.

import {bytesOfKey} from "../../base/key.ts";
import type {Key} from "../../base/key.ts";
import type {Permission} from "../../auth/auth.ts";
import type {KeyValue, OpResult, StoreEvent, TxnResult} from "../../mvcc/kv.ts";
import type {
  Header,
  MemberInfo,
  MembersResult,
  Request,
  Response,
  StatusResult,
} from "../../server/request.ts";
import type {WatchResult} from "../../watch/watch.ts";
import type {Json} from "./goText.ts";
import {base64, leaseNumber} from "./goText.ts";
import type {OutputOptions} from "./output.ts";
import {bytesText} from "./output.ts";
import {opRevisions} from "./opRevisions.ts";

type Fields = {readonly [name: string]: Json | undefined};

/** The whole answer. */
export function messageOf(request: Request, {header, result}: Response, {clusterId}: OutputOptions): Json {
  const head = headerFields(header, clusterId);
  switch (result.kind) {
    case "range":
    case "put":
    case "deleteRange":
      return {header: head, ...opFields(result)};
    case "txn":
      return {header: head, ...txnFields(result, header.revision)};
    case "watch":
      return watchMessage(result, head);
    case "leaseGrant":
      return {...head, ID: leaseNumber(result.lease), TTL: result.ttl, Error: ""};
    case "leaseKeepAlive":
      return {...head, ID: leaseNumber(result.lease), TTL: result.ttl};
    case "leaseTimeToLive": {
      const asked = request.kind === "leaseTimeToLive" && request.keys === true;
      const keys = asked && result.keys.length > 0 ? result.keys.map(bytes) : null;
      const {lease, ttl, grantedTtl} = result;
      return {...head, id: leaseNumber(lease), ttl, "granted-ttl": grantedTtl, keys};
    }
    case "leaseList":
      return {...head, leases: result.leases.map((lease) => ({id: leaseNumber(lease)}))};
    case "members":
      return membersMessage(request, result, head);
    case "alarms":
      return {
        header: head,
        alarms: list(
          result.alarms.map(({member, alarm}) => ({memberID: member, alarm: alarm === "NOSPACE" ? 1 : 2})),
        ),
      };
    case "hashKv":
      return hashKvMessage(result, head);
    case "status":
      return statusMessage(result, header, head);
    case "authStatus":
      return {
        header: head,
        enabled: truth(result.enabled),
        authRevision: number(result.authRevision),
      };
    case "userGet":
    case "roleList":
      return {header: head, roles: list(result.roles.map(bytesText))};
    case "userList":
      return {header: head, users: list(result.users.map(bytesText))};
    case "roleGet":
      return {header: head, perm: list(result.permissions.map(permissionFields))};
    default:
      return {header: head};
  }
}

function headerFields({memberId, revision, raftTerm}: Header, clusterId: number): Fields {
  return {
    cluster_id: number(clusterId),
    member_id: number(memberId),
    revision: number(revision),
    raft_term: number(raftTerm),
  };
}

function opFields(result: Exclude<OpResult, TxnResult>): Fields {
  if (result.kind === "put")
    return {prev_kv: result.prevKv === undefined ? undefined : kvFields(result.prevKv)};
  if (result.kind === "deleteRange")
    return {deleted: number(result.deleted), prev_kvs: list(result.prevKvs.map(kvFields))};
  return {kvs: list(result.kvs.map(kvFields)), more: truth(result.more), count: number(result.count)};
}

const opNames = {
  range: "response_range",
  put: "response_put",
  deleteRange: "response_delete_range",
  txn: "response_txn",
} as const satisfies Record<OpResult["kind"], string>;

/** 3.4 writes ResponseRange where today's etcd writes response_range. */
function txnFields(result: TxnResult, revision: number): Fields {
  const revisions = opRevisions(result, revision);
  const responses = result.responses.map((op, i) => {
    const header: Fields = {revision: number(revisions[i] ?? 0)};
    const fields = op.kind === "txn" ? txnFields(op, revision) : opFields(op);
    return {Response: {[opNames[op.kind]]: {header, ...fields}}};
  });
  return {succeeded: truth(result.succeeded), responses: list(responses)};
}

function watchMessage(result: WatchResult, Header: Fields): Json {
  return {
    Header,
    Events: result.events.map(eventFields),
    CompactRevision: result.compactRevision ?? 0,
    Canceled: result.canceled === true,
    Created: result.created === true,
  };
}

function eventFields({kind, kv, prevKv}: StoreEvent): Fields {
  return {
    type: kind === "delete" ? 1 : undefined,
    kv: kvFields(kv),
    prev_kv: prevKv === undefined ? undefined : kvFields(prevKv),
  };
}

function kvFields(kv: KeyValue): Fields {
  return {
    key: bytes(kv.key),
    create_revision: number(kv.createRevision),
    mod_revision: number(kv.modRevision),
    version: number(kv.version),
    value: kv.value.length === 0 ? undefined : base64(kv.value),
    lease: kv.lease === "" ? undefined : leaseNumber(kv.lease),
  };
}

function membersMessage(request: Request, {members}: MembersResult, header: Fields): Json {
  const added =
    request.kind === "memberAdd" ? members.find(({member}) => member === request.member) : undefined;
  const member = added === undefined ? undefined : memberFields(added);
  return {header, member, members: list(members.map(memberFields))};
}

function memberFields({member, name, peerUrls, clientUrls, isLearner}: MemberInfo): Fields {
  return {
    ID: member,
    name: name === "" ? undefined : name,
    peerURLs: list(peerUrls),
    clientURLs: list(clientUrls),
    isLearner: truth(isLearner),
  };
}

function hashKvMessage(
  result: {readonly hash: number; readonly compactRevision: number; readonly hashRevision: number},
  header: Fields,
): Json {
  return {
    header,
    hash: number(result.hash),
    compact_revision: number(result.compactRevision),
    hash_revision: number(result.hashRevision),
  };
}

function statusMessage(status: StatusResult, {raftTerm}: Header, header: Fields): Json {
  return {
    header,
    version: status.version,
    dbSize: number(status.dbSize),
    leader: number(status.leader),
    raftIndex: number(status.raftIndex),
    raftTerm: number(raftTerm),
    raftAppliedIndex: number(status.raftAppliedIndex),
    errors: list(status.errors),
    dbSizeInUse: number(status.dbSizeInUse),
    isLearner: truth(status.isLearner),
    storageVersion: storageVersion(status),
    dbSizeQuota: number(status.dbSizeQuota),
    downgradeInfo: {},
  };
}

/** Of the file's layout: the release without what stands behind its number. */
export function storageVersion({version}: StatusResult): string {
  return version.replace(/-.*$/, "");
}

const permissionTypes = {read: undefined, write: 1, readwrite: 2} as const;

function permissionFields({type, key, rangeEnd = ""}: Permission): Fields {
  return {
    permType: permissionTypes[type],
    key: key === "" ? undefined : bytes(key),
    range_end: rangeEnd === "" ? undefined : bytes(rangeEnd),
  };
}

function bytes(key: Key): string {
  return base64(bytesOfKey(key));
}

function number(value: number): number | undefined {
  return value === 0 ? undefined : value;
}

function truth(value: boolean): true | undefined {
  return value ? true : undefined;
}

function list<T extends Json>(all: readonly T[]): readonly T[] | undefined {
  return all.length === 0 ? undefined : all;
}
