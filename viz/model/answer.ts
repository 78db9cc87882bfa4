// An answer in a few words, as a client would tell it: `x=1`, `not found`, etcd's own error text.

import {unreachable} from "../../core/base/assert.ts";
import type {KeyValue, OpResult} from "../../core/mvcc/kv.ts";
import {noMember} from "../../core/base/quantity.ts";
import type {Outcome} from "../../core/client/io.ts";
import {alarmText} from "../../core/server/alarm.ts";
import {apiErrors} from "../../core/server/request.ts";
import type {MembersResult, Response, Result, StatusResult} from "../../core/server/request.ts";
import type {WatchResult} from "../../core/watch/watch.ts";
import {nameOfMember} from "./member.ts";
import {keyText, valueText} from "./text.ts";

/** Longest value spelt out, and how many pairs. */
const valueMax = 24;
const pairsMax = 3;

export function answerText(response: Response): string {
  return resultText(response.result);
}

/** Whether a member answered that its file, or another's, is over the quota. */
export function isNoSpace(outcome: Outcome): boolean {
  return outcome.kind !== "ok" && outcome.error?.message === apiErrors.noSpace.message;
}

function resultText(result: Result): string {
  switch (result.kind) {
    case "range":
    case "put":
    case "deleteRange":
    case "txn":
      return opText(result);
    case "compact":
    case "defragment":
      return "OK";
    case "watch":
      return watchText(result);
    case "status":
      return statusText(result);
    case "alarms":
      return result.alarms.length === 0 ? "no alarm" : listed(result.alarms.map(alarmText));
    case "members":
      return membersText(result);
    case "moveLeader":
      return "OK";
    case "error":
      return result.error.message;
    default:
      return "OK";
  }
}

/** `n1 n2 n3, learner n4`, as `etcdctl member list` calls them. */
function membersText({members, joint}: MembersResult): string {
  const named = (which: boolean): string =>
    members
      .filter(({isLearner}) => isLearner === which)
      .map(({member}) => nameOfMember(member))
      .join(" ");
  const learners = named(true);
  return `${named(false)}${learners === "" ? "" : `, learner ${learners}`}${joint ? ", joint" : ""}`;
}

/** As `etcdctl endpoint status` goes on: sizes of the backend file, then what is wrong. */
function statusText({leader, raftAppliedIndex, dbSize, dbSizeInUse, errors}: StatusResult): string {
  const known = leader === noMember ? "no leader" : `leader ${nameOfMember(leader)}`;
  const parts = [known, `applied ${raftAppliedIndex}`, `db ${dbSize} B`, `in use ${dbSizeInUse} B`];
  return [...parts, ...errors].join(", ");
}

function opText(result: OpResult): string {
  switch (result.kind) {
    case "range":
      if (result.kvs.length === 0) return result.count > 0 ? `${result.count}` : "not found";
      return listed(result.kvs.map(pairText));
    case "put":
      return "OK";
    case "deleteRange":
      return `${result.deleted} deleted`;
    case "txn":
      return result.succeeded ? "succeeded" : "not succeeded";
    default:
      return unreachable(result);
  }
}

/** What a watch tells: `put x=2`, `delete x`. */
export function watchText(result: WatchResult): string {
  if (result.canceled === true) return result.cancelReason ?? "canceled";
  if (result.events.length === 0) return result.created === true ? "created" : "progress notify";
  return listed(
    result.events.map(({kind, kv}) => (kind === "put" ? `put ${pairText(kv)}` : `delete ${keyText(kv.key)}`)),
  );
}

function listed(parts: readonly string[]): string {
  const shown = parts.slice(0, pairsMax).join(", ");
  return parts.length > pairsMax ? `${shown}, +${parts.length - pairsMax}` : shown;
}

function pairText({key, value}: KeyValue): string {
  return `${keyText(key)}=${valueText(value, valueMax)}`;
}
