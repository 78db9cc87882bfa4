// A request as one line of etcdctl, so that `parseCommand` of it gives the request again (absent fields and zero values
// taken as the same). Not commands of their own, and text for people only: a watch's cancellation, and what a member
// tells of itself.

import type {Key} from "../base/key.ts";
import {keyFromText, keyOfBytes, prefixEnd, unbounded} from "../base/key.ts";
import type {MemberId} from "../base/quantity.ts";
import type {AuthRequest} from "../auth/auth.ts";
import type {LeaseRequest} from "../lease/lease.ts";
import type {Compare, PutRequest, RangeRequest} from "../mvcc/kv.ts";
import {describeRequest} from "../server/describe.ts";
import type {Request} from "../server/request.ts";
import type {WatchCreateRequest} from "../watch/watch.ts";
import {rangeIntegers} from "./kvCommand.ts";
import {formatChanges} from "./memberCommand.ts";
import {quote, text} from "./quote.ts";

export function formatCommand(request: Request): string {
  switch (request.kind) {
    case "put":
      return put(request);
    case "deleteRange":
      return words("del", range(request), on("--prev-kv", request.prevKv));
    case "range":
      return words("get", range(request), options(request));
    case "txn": {
      const [success, failure] = [request.success, request.failure].map((ops) =>
        ops.map(operation).join(" ; "),
      );
      return words("txn", ...request.compare.map(compare), ":", success, ":", failure);
    }
    case "compact":
      return words("compact", `${request.revision}`, on("--physical", request.physical));
    case "watchCreate":
      return watch(request);
    case "watchProgress":
      return "progress";
    case "watchCancel":
      return `cancel watch ${request.watchId}`;
    case "leaseGrant":
    case "leaseRevoke":
    case "leaseKeepAlive":
    case "leaseTimeToLive":
    case "leaseList":
      return lease(request);
    default:
      return formatMaintenance(request) ?? formatMembership(request) ?? formatAuth(request as AuthRequest);
  }
}

function formatMaintenance(request: Request): string | undefined {
  switch (request.kind) {
    case "status":
      return "status";
    case "hashKv":
      return words("endpoint hashkv", flag("--rev", request.revision));
    case "hash":
      return "endpoint hash";
    case "snapshot":
      return "snapshot save snapshot.db";
    case "defragment":
      return "defrag";
    case "alarmList":
      return "alarm list";
    case "alarmDisarm":
      return words(
        "alarm disarm",
        request.member === undefined ? "" : memberName(request.member),
        request.alarm ?? "",
      );
    case "alarmActivate":
      return words("alarm activate", memberName(request.member), request.alarm);
    default:
      return undefined;
  }
}

function formatMembership(request: Request): string | undefined {
  switch (request.kind) {
    case "memberAdd":
      return words(
        "member add",
        memberName(request.member),
        urls(request.peerUrls ?? []),
        on("--learner", request.isLearner),
      );
    case "memberRemove":
      return `member remove ${memberName(request.member)}`;
    case "memberPromote":
      return `member promote ${memberName(request.member)}`;
    case "memberUpdate":
      return words("member update", memberName(request.member), urls(request.peerUrls));
    case "memberList":
      return words("member list", request.linearizable === true ? "--consistency=l" : "");
    case "reconfigure":
      return words(
        "member reconfigure",
        formatChanges(request.changes),
        request.transition === "auto" ? "" : `--transition=${request.transition}`,
      );
    case "moveLeader":
      return `move-leader ${memberName(request.target)}`;
    default:
      return undefined;
  }
}

const authWords = {
  authEnable: "auth enable",
  authDisable: "auth disable",
  authStatus: "auth status",
  userList: "user list",
  roleList: "role list",
  userDelete: "user delete",
  userGet: "user get",
  userGrantRole: "user grant-role",
  userRevokeRole: "user revoke-role",
  roleAdd: "role add",
  roleDelete: "role delete",
  roleGet: "role get",
} as const satisfies Partial<Record<AuthRequest["kind"], string>>;

function formatAuth(request: AuthRequest): string {
  switch (request.kind) {
    case "authenticate":
      return words("auth login", text(request.name), text(request.password));
    case "userAdd": {
      const password = request.password === undefined ? "" : `--new-user-password=${quote(request.password)}`;
      return words("user add", text(request.name), password, on("--no-password", request.noPassword));
    }
    case "userChangePassword":
      return words("user passwd", text(request.name), text(request.password));
    case "roleGrantPermission": {
      const {permission, role} = request;
      return words("role grant-permission", text(role), permission.type, range(permission));
    }
    case "roleRevokePermission":
      return words("role revoke-permission", text(request.role), range(request));
    case "userGrantRole":
    case "userRevokeRole":
      return words(authWords[request.kind], text(request.name), text(request.role));
    case "userDelete":
    case "userGet":
      return words(authWords[request.kind], text(request.name));
    case "roleAdd":
    case "roleDelete":
    case "roleGet":
      return words(authWords[request.kind], text(request.role));
    case "authEnable":
    case "authDisable":
    case "authStatus":
    case "userList":
    case "roleList":
      return authWords[request.kind];
    default:
      // Of a later version: for people.
      return describeRequest(request);
  }
}

function put(request: PutRequest): string {
  return words(
    "put",
    text(request.key),
    request.ignoreValue === true ? "" : text(keyOfBytes(request.value)),
    flag("--lease", request.lease),
    on("--prev-kv", request.prevKv),
    on("--ignore-value", request.ignoreValue),
    on("--ignore-lease", request.ignoreLease),
  );
}

function watch(request: WatchCreateRequest): string {
  return words(
    "watch",
    range(request),
    flag("--rev", request.startRevision),
    on("--prev-kv", request.prevKv),
    on("--progress-notify", request.progressNotify),
    flag("--filter", request.filters?.join()),
    on("--fragment", request.fragment),
    flag("--watch-id", request.watchId),
  );
}

function lease(request: LeaseRequest): string {
  switch (request.kind) {
    case "leaseGrant":
      return words("lease grant", `${request.ttl}`, flag("--id", request.lease));
    case "leaseRevoke":
      return `lease revoke ${leaseId(request.lease)}`;
    case "leaseKeepAlive":
      return `lease keep-alive ${leaseId(request.lease)}`;
    case "leaseTimeToLive":
      return words("lease timetolive", leaseId(request.lease), on("--keys", request.keys));
    default:
      return "lease list";
  }
}

function leaseId(id: string): string {
  return id === "" ? "0" : id;
}

function memberName(member: MemberId): string {
  return `n${member}`;
}

function urls(all: readonly string[]): string {
  return all.length === 0 ? "" : `--peer-urls=${quote(keyFromText(all.join()))}`;
}

function operation(request: Request): string {
  return request.kind === "txn" ? `( ${formatCommand(request)} )` : formatCommand(request);
}

/** `mod("x")=2`; of a range `mod("x","y")=2`. */
function compare({key, rangeEnd = "", result, target}: Compare): string {
  const keys = rangeEnd === "" ? quote(key) : `${quote(key)},${quote(rangeEnd)}`;
  const value =
    target.kind === "value"
      ? quote(keyOfBytes(target.value))
      : target.kind === "lease"
        ? leaseId(target.value)
        : `${target.value}`;
  return `${target.kind}(${keys})${result}${value}`;
}

function range({key, rangeEnd = ""}: {readonly key: Key; readonly rangeEnd?: Key}): string {
  if (rangeEnd === "") return text(key);
  // For the empty key the flags mean another range than these bytes.
  if (key === "") return words(text(key), text(rangeEnd));
  if (rangeEnd === unbounded) return words(text(key), "--from-key");
  return rangeEnd === prefixEnd(key) ? words(text(key), "--prefix") : words(text(key), text(rangeEnd));
}

function options(request: RangeRequest): string {
  const {sortOrder = "none", sortTarget = "key"} = request;
  const integers = (Object.keys(rangeIntegers) as (keyof typeof rangeIntegers)[]).map((field) =>
    flag(rangeIntegers[field], request[field]),
  );
  return words(
    ...integers,
    request.serializable === true ? "--consistency=s" : "",
    sortOrder === "none" ? "" : `--order=${sortOrder.toUpperCase()}`,
    sortTarget === "key" ? "" : `--sort-by=${sortTarget === "mod" ? "MODIFY" : sortTarget.toUpperCase()}`,
    on("--keys-only", request.keysOnly),
    on("--count-only", request.countOnly),
  );
}

function on(name: string, isOn: boolean | undefined): string {
  return isOn === true ? name : "";
}

function flag(name: string, value: string | number | undefined): string {
  return value === undefined || value === 0 || value === "" ? "" : `${name}=${value}`;
}

/** Puts blanks between those that are there. */
function words(...all: readonly (string | undefined)[]): string {
  return all.filter((word) => word !== undefined && word !== "").join(" ");
}
