// One short human text for what an entry or a request holds, in the manner of an etcdctl line: `put x=1`, `del a…`,
// `compact 5`. For labels and transcripts; not meant to be read back (core/client/command.ts has the exact grammar).

import {unreachable} from "../base/assert.ts";
import {bytesOfKey, prefixEnd, textOfBytes, unbounded} from "../base/key.ts";
import type {Key, Value} from "../base/key.ts";
import {decodeConfChange} from "../raft/confChange.ts";
import {describeChanges} from "../raft/describe.ts";
import type {Entry} from "../raft/entry.ts";
import {decodeCommand} from "./command.ts";
import type {WriteRequest} from "./command.ts";
import type {AlarmRequest} from "./alarm.ts";
import type {AlarmDisarmRequest, Request} from "./request.ts";

/** Longest text of a key or a value. */
const partMax = 24;

/** What a normal entry's data holds; `no-op` for the entry that opens a term (Raft §8). */
export function describeCommand(data: Uint8Array): string {
  const command = decodeCommand(data);
  return command === undefined ? "no-op" : describeRequest(command.request);
}

/** What an entry holds: a command, or a change of membership such as `members v4 r1`. */
export function entryText({type, data}: Entry): string {
  if (type === "normal") return describeCommand(data);
  const changes = decodeConfChange(type, data)?.changes ?? [];
  return changes.length === 0 ? "leave joint" : `members ${describeChanges(changes)}`;
}

type Common = Extract<
  Request,
  {
    kind:
      | "put"
      | "deleteRange"
      | "range"
      | "txn"
      | "compact"
      | "watchCreate"
      | "watchCancel"
      | "memberAdd"
      | "memberRemove"
      | "memberPromote"
      | "memberList"
      | "reconfigure"
      | "moveLeader"
      | "status"
      | "defragment";
  }
>;

/** A request in a few words. */
export function describeRequest(request: Request | WriteRequest): string {
  switch (request.kind) {
    case "put":
      return `put ${keyText(request.key)}=${valueText(request.value)}`;
    case "deleteRange":
      return `del ${rangeText(request.key, request.rangeEnd)}`;
    case "range":
      return `get ${rangeText(request.key, request.rangeEnd)}${at(request.revision)}`;
    case "txn": {
      const branches = [request.success, request.failure].map((ops) => ops.map(describeRequest).join("; "));
      const compares = request.compare.map((compare) => {
        const {target} = compare;
        const value = target.kind === "value" ? valueText(target.value) : `${target.value}`;
        return `${target.kind}(${keyText(compare.key)})${compare.result}${value}`;
      });
      return `txn ${compares.join(" ")} ? ${branches.join(" : ")}`;
    }
    case "compact":
      return `compact ${request.revision}`;
    case "watchCreate":
      return `watch ${rangeText(request.key, request.rangeEnd)}${at(request.startRevision)}`;
    case "watchCancel":
      return `cancel watch ${request.watchId}`;
    case "memberAdd":
      return `member add n${request.member}${request.isLearner === true ? " --learner" : ""}`;
    case "memberRemove":
      return `member remove n${request.member}`;
    case "memberPromote":
      return `member promote n${request.member}`;
    case "memberList":
      return "member list";
    case "reconfigure":
      return request.changes.length === 0 ? "leave joint" : `members ${describeChanges(request.changes)}`;
    case "moveLeader":
      return `move-leader n${request.target}`;
    case "status":
      return "status";
    case "defragment":
      return "defrag";
    default:
      return describeRare(request);
  }
}

/** Those about leases, users, roles, members and upkeep. */
function describeRare(request: Exclude<Request | WriteRequest, Common>): string {
  switch (request.kind) {
    case "alarmActivate":
      return `alarm ${request.alarm} n${request.member}`;
    case "alarmDisarm":
    case "alarm":
      return describeAlarm(request);
    case "watchProgress":
      return "watch progress";
    case "memberUpdate":
      return `member update n${request.member} ${request.peerUrls.join()}`;
    case "memberAttributes":
      return `member ${request.name} started`;
    case "leaseGrant":
      return `lease grant ${request.ttl}`;
    case "leaseRevoke":
      return `lease revoke ${request.lease}`;
    case "leaseKeepAlive":
      return `lease keep-alive ${request.lease}`;
    case "leaseTimeToLive":
      return `lease timetolive ${request.lease}`;
    case "leaseCheckpoint":
      return `lease checkpoint ${request.checkpoints.length}`;
    case "hashKv":
      return `hashkv${at(request.revision)}`;
    case "roleGrantPermission":
      return `role grant-permission ${keyText(request.role)} ${request.permission.type} ${rangeText(request.permission.key, request.permission.rangeEnd)}`;
    case "roleRevokePermission":
      return `role revoke-permission ${keyText(request.role)} ${rangeText(request.key, request.rangeEnd)}`;
    case "userGrantRole":
    case "userRevokeRole":
      return `${spelt(request.kind)} ${keyText(request.name)} ${keyText(request.role)}`;
    case "roleAdd":
    case "roleDelete":
    case "roleGet":
      return `${spelt(request.kind)} ${keyText(request.role)}`;
    case "authenticate":
    case "userAdd":
    case "userDelete":
    case "userGet":
    case "userChangePassword":
      return `${spelt(request.kind)} ${keyText(request.name)}`;
    case "alarmList":
    case "leaseList":
    case "authEnable":
    case "authDisable":
    case "authStatus":
    case "userList":
    case "roleList":
    case "hash":
    case "snapshot":
      return spelt(request.kind);
    default:
      return unreachable(request);
  }
}

function describeAlarm(request: AlarmRequest | AlarmDisarmRequest): string {
  if (request.kind === "alarm" && request.action === "activate")
    return `alarm ${request.alarm.alarm} n${request.alarm.member}`;
  return "alarm disarm";
}

/** `userGrantRole` as `user grant-role`. */
function spelt(kind: string): string {
  return kind.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`).replace("-", " ");
}

function rangeText(key: Key, rangeEnd: Key = ""): string {
  if (rangeEnd === "") return keyText(key);
  if (rangeEnd === unbounded) return `${keyText(key)}…`;
  return rangeEnd === prefixEnd(key) ? `${keyText(key)}*` : `[${keyText(key)}, ${keyText(rangeEnd)})`;
}

function at(revision = 0): string {
  return revision === 0 ? "" : ` @${revision}`;
}

function keyText(key: Key): string {
  return shorten(textOfBytes(bytesOfKey(key)));
}

function valueText(value: Value): string {
  return shorten(textOfBytes(value.length > 4 * partMax ? value.subarray(0, 4 * partMax) : value));
}

function shorten(text: string): string {
  const points = [...text];
  return points.length <= partMax ? text : `${points.slice(0, partMax - 1).join("")}…`;
}
