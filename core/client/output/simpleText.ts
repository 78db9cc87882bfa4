// `-w simple`, what etcdctl prints unless it is asked for something else (etcdctl/ctlv3/command/printer_simple.go).

import {prefixEnd, unbounded} from "../../base/key.ts";
import type {Key, Value} from "../../base/key.ts";
import type {Permission} from "../../auth/auth.ts";
import type {KeyValue, OpResult, TxnResult} from "../../mvcc/kv.ts";
import {nameOf, peerUrlOf} from "../../server/cluster.ts";
import type {MemberInfo, MembersResult, Request, Response} from "../../server/request.ts";
import type {LeaseTimeToLiveResult} from "../../lease/lease.ts";
import type {WatchResult} from "../../watch/watch.ts";
import {hex, leaseHex} from "./goText.ts";
import type {OutputOptions} from "./output.ts";
import {bytesText} from "./output.ts";

type Kind = Pick<OutputOptions, "hex" | "valueOnly" | "clusterId">;

export function simpleText(request: Request, response: Response, kind: Kind): string {
  const {result} = response;
  switch (result.kind) {
    case "range":
    case "put":
    case "deleteRange":
    case "txn":
      return opText(result, kind);
    case "watch":
      return eventsText(result, kind);
    case "leaseGrant":
      return `lease ${leaseHex(result.lease)} granted with TTL(${result.ttl}s)\n`;
    case "leaseRevoke":
      return request.kind === "leaseRevoke" ? `lease ${leaseHex(request.lease)} revoked\n` : "";
    case "leaseKeepAlive":
      return `lease ${leaseHex(result.lease)} keepalived with TTL(${result.ttl})\n`;
    case "leaseTimeToLive":
      return remainingText(result, request.kind === "leaseTimeToLive" && request.keys === true);
    case "leaseList":
      return `found ${result.leases.length} leases\n${result.leases.map((one) => `${leaseHex(one)}\n`).join("")}`;
    case "members":
      return membersText(request, result, kind.clusterId);
    case "moveLeader": {
      const target = request.kind === "moveLeader" ? request.target : 0;
      return `Leadership transferred from ${hex(response.header.memberId)} to ${hex(target)}\n`;
    }
    case "alarms":
      // With a blank at the end, as gogo/protobuf's text has.
      return result.alarms.map(({member, alarm}) => `memberID:${member} alarm:${alarm} \n`).join("");
    case "authStatus":
      return `Authentication Status: ${result.enabled}\nAuthRevision: ${result.authRevision}\n`;
    case "userGet":
      return `User: ${nameIn(request)}\nRoles:${result.roles.map((role) => ` ${bytesText(role)}`).join("")}\n`;
    case "userList":
      return result.users.map((user) => `${bytesText(user)}\n`).join("");
    case "roleList":
      return result.roles.map((role) => `${bytesText(role)}\n`).join("");
    case "roleGet":
      return roleText(request.kind === "roleGet" ? request.role : "", result.permissions);
    default:
      return doneText(request);
  }
}

/** What was done, of requests whose answer says nothing more. */
function doneText(request: Request): string {
  switch (request.kind) {
    case "userAdd":
      return `User ${bytesText(request.name)} created\n`;
    case "userDelete":
      return `User ${bytesText(request.name)} deleted\n`;
    case "userChangePassword":
      return "Password updated\n";
    case "userGrantRole":
      return `Role ${bytesText(request.role)} is granted to user ${bytesText(request.name)}\n`;
    case "userRevokeRole":
      return `Role ${bytesText(request.role)} is revoked from user ${bytesText(request.name)}\n`;
    case "roleAdd":
      return `Role ${bytesText(request.role)} created\n`;
    case "roleDelete":
      return `Role ${bytesText(request.role)} deleted\n`;
    case "roleGrantPermission":
      return `Role ${bytesText(request.role)} updated\n`;
    case "roleRevokePermission":
      return revokedText(request.role, request.key, request.rangeEnd ?? "");
    default:
      return "";
  }
}

function opText(result: OpResult, kind: Kind): string {
  switch (result.kind) {
    case "range":
      return result.kvs.map((kv) => kvText(kv, kind)).join("");
    case "put":
      return `OK\n${result.prevKv === undefined ? "" : kvText(result.prevKv, kind)}`;
    case "deleteRange":
      return `${result.deleted}\n${result.prevKvs.map((kv) => kvText(kv, kind)).join("")}`;
    default:
      return txnText(result, kind);
  }
}

/** A nested one, which etcdctl cannot ask for, is told like the outer one. */
function txnText({succeeded, responses}: TxnResult, kind: Kind): string {
  return `${succeeded ? "SUCCESS" : "FAILURE"}\n${responses.map((op) => `\n${opText(op, kind)}`).join("")}`;
}

function eventsText({events}: WatchResult, kind: Kind): string {
  return events
    .map(
      (event) =>
        `${event.kind.toUpperCase()}\n${event.prevKv === undefined ? "" : kvText(event.prevKv, kind)}${kvText(event.kv, kind)}`,
    )
    .join("");
}

function kvText({key, value}: KeyValue, kind: Kind): string {
  const text = (bytes: Key | Value): string => (kind.hex ? hexBytes(bytes) : bytesText(bytes));
  return `${kind.valueOnly ? "" : `${text(key)}\n`}${text(value)}\n`;
}

/** `\x74\x76` */
function hexBytes(bytes: Key | Value): string {
  const all = typeof bytes === "string" ? [...bytes].map((char) => char.charCodeAt(0)) : [...bytes];
  return all.map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}

function remainingText({lease, ttl, grantedTtl, keys}: LeaseTimeToLiveResult, withKeys: boolean): string {
  if (grantedTtl === 0 && ttl === -1) return `lease ${leaseHex(lease)} already expired\n`;
  const attached = withKeys ? `, attached keys([${keys.map(bytesText).join(" ")}])` : "";
  return `lease ${leaseHex(lease)} granted with TTL(${grantedTtl}s), remaining(${ttl}s)${attached}\n`;
}

function membersText(request: Request, {members}: MembersResult, clusterId: number): string {
  const cluster = hex(clusterId, 16);
  switch (request.kind) {
    case "memberList":
      return memberRows(members)
        .map((row) => `${row.join(", ")}\n`)
        .join("");
    case "memberAdd": {
      const as = request.isLearner === true ? " as learner " : " ";
      return `Member ${hex(request.member, 16)} added${as}to cluster ${cluster}\n${environment(request, members)}`;
    }
    case "memberRemove":
      return `Member ${hex(request.member, 16)} removed from cluster ${cluster}\n`;
    case "memberUpdate":
      return `Member ${hex(request.member, 16)} updated in cluster ${cluster}\n`;
    case "memberPromote":
      return `Member ${hex(request.member, 16)} promoted in cluster ${cluster}\n`;
    default:
      // Ours: several changes at once.
      return memberRows(members)
        .map((row) => `${row.join(", ")}\n`)
        .join("");
  }
}

/** What the new member is to be started with. */
function environment(
  {member, peerUrls = [peerUrlOf(member)]}: Extract<Request, {kind: "memberAdd"}>,
  members: readonly MemberInfo[],
): string {
  const name = nameOf(member);
  const cluster = members.flatMap((one) =>
    one.peerUrls.map((url) => `${one.member === member ? name : one.name}=${url}`),
  );
  return (
    `\nETCD_NAME="${name}"\n` +
    `ETCD_INITIAL_CLUSTER="${cluster.join(",")}"\n` +
    `ETCD_INITIAL_ADVERTISE_PEER_URLS="${peerUrls.join(",")}"\n` +
    'ETCD_INITIAL_CLUSTER_STATE="existing"\n'
  );
}

/** One row per member, for the list and the table. */
export function memberRows(members: readonly MemberInfo[]): readonly (readonly string[])[] {
  return members.map(({member, name, peerUrls, clientUrls, isLearner}) => [
    hex(member),
    name === "" ? "unstarted" : "started",
    name,
    peerUrls.join(","),
    clientUrls.join(","),
    `${isLearner}`,
  ]);
}

function nameIn(request: Request): string {
  return request.kind === "userGet" ? bytesText(request.name) : "";
}

/** etcd's root may do everything, and has no permissions to show. */
function roleText(role: Key, permissions: readonly Permission[]): string {
  if (role === "root") return "Role root\nKV Read:\n\t[, <open ended>\nKV Write:\n\t[, <open ended>\n";
  const of = (type: "read" | "write"): string =>
    permissions
      .filter((one) => one.type === type || one.type === "readwrite")
      .map(permissionText)
      .join("");
  return `Role ${bytesText(role)}\nKV Read:\n${of("read")}KV Write:\n${of("write")}`;
}

function permissionText({key, rangeEnd = ""}: Permission): string {
  if (rangeEnd === "") return `\t${bytesText(key)}\n`;
  const isPrefix = key !== "" && prefixEnd(key) === rangeEnd;
  const end = rangeEnd === unbounded ? "<open ended>" : `${bytesText(rangeEnd)})`;
  return `\t[${bytesText(key)}, ${end}${isPrefix ? ` (prefix ${bytesText(key)})` : ""}\n`;
}

function revokedText(role: Key, key: Key, rangeEnd: Key): string {
  const of = `is revoked from role ${bytesText(role)}\n`;
  if (rangeEnd === "") return `Permission of key ${bytesText(key)} ${of}`;
  const end = rangeEnd === unbounded ? "<open ended>" : `${bytesText(rangeEnd)})`;
  return `Permission of range [${bytesText(key)}, ${end} ${of}`;
}
