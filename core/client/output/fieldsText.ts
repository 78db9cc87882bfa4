// `-w fields`: one line per field (etcdctl/ctlv3/command/printer_fields.go). Undefined: etcdctl has no such output.

import {bytesOfKey, keyFromText, quotedText} from "../../base/key.ts";
import type {Key, Value} from "../../base/key.ts";
import type {LeaseId} from "../../base/quantity.ts";
import type {KeyValue, OpResult, TxnResult} from "../../mvcc/kv.ts";
import type {Header, MembersResult, Request, Response} from "../../server/request.ts";
import type {WatchResult} from "../../watch/watch.ts";
import {hex, leaseHex, leaseNumber} from "./goText.ts";
import {opRevisions} from "./opRevisions.ts";
import type {OutputOptions} from "./output.ts";

type Ids = Pick<OutputOptions, "hex" | "clusterId">;

export function fieldsText(request: Request, {header, result}: Response, ids: Ids): string | undefined {
  switch (result.kind) {
    case "range":
    case "put":
    case "deleteRange":
    case "txn":
      return headerText(header, ids) + opText(result, header, ids);
    case "watch":
      return headerText(header, ids) + eventsText(result, ids);
    case "leaseGrant":
    case "leaseKeepAlive":
      return headerText(header, ids) + leaseLine(result.lease, ids) + line("TTL", result.ttl);
    case "leaseTimeToLive":
      return (
        headerText(header, ids) +
        leaseLine(result.lease, ids) +
        line("TTL", result.ttl) +
        line("GrantedTTL", result.grantedTtl) +
        result.keys.map((key) => line("Key", quoted(key))).join("")
      );
    case "leaseList":
      return headerText(header, ids) + result.leases.map((lease) => leaseLine(lease, ids)).join("");
    case "leaseRevoke":
      return headerText(header, ids);
    case "members":
      return request.kind === "memberList" ? membersText(result, header, ids) : undefined;
    case "alarms":
      return (
        headerText(header, ids) +
        result.alarms
          .map(({member, alarm}) => `${line("MemberID", idText(member, ids))}${line("AlarmType", alarm)}\n`)
          .join("")
      );
    case "roleGet":
      return (
        headerText(header, ids) +
        result.permissions
          .map(
            ({type, key, rangeEnd = ""}) =>
              line("PermType", type.toUpperCase()) +
              line("Key", quoted(key)) +
              line("RangeEnd", quoted(rangeEnd)),
          )
          .join("")
      );
    case "roleList":
      return `${headerText(header, ids)}"Roles" :${result.roles.map((role) => ` ${quoted(role)}`).join("")}\n`;
    case "roleAdd":
    case "roleDelete":
    case "roleGrantPermission":
    case "roleRevokePermission":
    case "userAdd":
    case "userDelete":
    case "userChangePassword":
    case "userGrantRole":
    case "userRevokeRole":
      return headerText(header, ids);
    default:
      return undefined;
  }
}

/** 3.4 prints a revision of 0 too. */
export function headerText({memberId, revision, raftTerm}: Header, ids: Ids): string {
  return (
    line("ClusterID", idText(ids.clusterId, ids)) +
    line("MemberID", idText(memberId, ids)) +
    (revision > 0 ? line("Revision", revision) : "") +
    line("RaftTerm", raftTerm)
  );
}

export function line(name: string, value: string | number | boolean): string {
  return `"${name}" : ${value}\n`;
}

/** `%q` */
export function quoted(bytes: Key | Value): string {
  return quotedText(typeof bytes === "string" ? bytesOfKey(bytes) : bytes);
}

function idText(id: number, ids: Ids): string {
  return ids.hex ? hex(id) : `${id}`;
}

function leaseLine(lease: LeaseId, ids: Ids): string {
  return line("ID", ids.hex ? leaseHex(lease) : leaseNumber(lease).text);
}

function opText(result: OpResult, header: Header, ids: Ids): string {
  switch (result.kind) {
    case "range": {
      const kvs = result.kvs.map((kv) => kvText("", kv, ids)).join("");
      return kvs + line("More", result.more) + line("Count", result.count);
    }
    case "put":
      return result.prevKv === undefined ? "" : kvText("Prev", result.prevKv, ids);
    case "deleteRange":
      return line("Deleted", result.deleted) + result.prevKvs.map((kv) => kvText("Prev", kv, ids)).join("");
    default:
      return txnText(result, header, ids);
  }
}

/** The headers of answers within it say nothing but the revision. */
function txnText(result: TxnResult, header: Header, ids: Ids): string {
  const revisions = opRevisions(result, header.revision);
  const inner = {...ids, clusterId: 0};
  const ops = result.responses.map((op, i) => {
    const of: Header = {memberId: 0, revision: revisions[i] ?? 0, raftTerm: 0};
    return headerText(of, inner) + opText(op, op.kind === "txn" ? header : of, ids);
  });
  return line("Succeeded", result.succeeded) + ops.join("");
}

function eventsText({events}: WatchResult, ids: Ids): string {
  return events
    .map(
      ({kind, kv, prevKv}) =>
        line("Type", kind.toUpperCase()) +
        (prevKv === undefined ? "" : kvText("Prev", prevKv, ids)) +
        kvText("", kv, ids),
    )
    .join("");
}

function kvText(prefix: string, kv: KeyValue, ids: Ids): string {
  return (
    line(`${prefix}Key`, quoted(kv.key)) +
    line(`${prefix}CreateRevision`, kv.createRevision) +
    line(`${prefix}ModRevision`, kv.modRevision) +
    line(`${prefix}Version`, kv.version) +
    line(`${prefix}Value`, quoted(kv.value)) +
    line(`${prefix}Lease`, ids.hex ? leaseHex(kv.lease) : leaseNumber(kv.lease).text)
  );
}

function membersText({members}: MembersResult, header: Header, ids: Ids): string {
  const each = members.map(
    ({member, name, peerUrls, clientUrls, isLearner}) =>
      line("ID", idText(member, ids)) +
      line("Name", quoted(keyFromText(name))) +
      peerUrls.map((url) => line("PeerURL", quoted(keyFromText(url)))).join("") +
      clientUrls.map((url) => line("ClientURL", quoted(keyFromText(url)))).join("") +
      `${line("IsLearner", isLearner)}\n`,
  );
  return headerText(header, ids) + each.join("");
}
