// A request as one line of etcdctl, so that `parseCommand` of it gives the request again (absent fields and zero values
// taken as the same). A watch's cancellation is not a command of its own, and a lease is not read yet: their text is for
// people only.

import type {Key} from "../base/key.ts";
import {bytesOfKey, keyFromText, keyOfBytes, prefixEnd, textOfBytes, unbounded} from "../base/key.ts";
import type {MemberId} from "../base/quantity.ts";
import type {Compare, RangeRequest} from "../mvcc/kv.ts";
import {describeRequest} from "../server/describe.ts";
import type {Request} from "../server/request.ts";
import {formatChanges} from "./memberCommand.ts";

export function formatCommand(request: Request): string {
  switch (request.kind) {
    case "put":
      return words(
        "put",
        text(request.key),
        text(keyOfBytes(request.value)),
        flag("--lease", request.lease),
        prevKv(request),
      );
    case "deleteRange":
      return words("del", range(request), prevKv(request));
    case "range":
      return words("get", range(request), options(request));
    case "txn": {
      const [success, failure] = [request.success, request.failure].map((ops) =>
        ops.map(operation).join(" ; "),
      );
      return words("txn", ...request.compare.map(compare), ":", success, ":", failure);
    }
    case "compact":
      return `compact ${request.revision}`;
    case "watchCreate":
      return words(
        "watch",
        range(request),
        flag("--rev", request.startRevision),
        prevKv(request),
        flag("--filter", request.filters?.join()),
      );
    case "watchCancel":
      return `cancel watch ${request.watchId}`;
    case "memberAdd":
      return words("member add", memberName(request.member), request.isLearner === true ? "--learner" : "");
    case "memberRemove":
      return `member remove ${memberName(request.member)}`;
    case "memberPromote":
      return `member promote ${memberName(request.member)}`;
    case "memberList":
      return "member list";
    case "reconfigure":
      return words(
        "member reconfigure",
        formatChanges(request.changes),
        request.transition === "auto" ? "" : `--transition=${request.transition}`,
      );
    case "moveLeader":
      return `move-leader ${memberName(request.target)}`;
    case "status":
      return "status";
    case "defragment":
      return "defrag";
    case "alarmList":
      return "alarm list";
    case "alarmDisarm":
      return "alarm disarm";
    default:
      return describeRequest(request);
  }
}

function memberName(member: MemberId): string {
  return `n${member}`;
}

function operation(request: Request): string {
  return request.kind === "txn" ? `( ${formatCommand(request)} )` : formatCommand(request);
}

function compare({key, result, target}: Compare): string {
  const value = target.kind === "value" ? quote(keyOfBytes(target.value)) : `${target.value}`;
  return `${target.kind}(${quote(key)})${result}${value}`;
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
  return words(
    flag("--rev", request.revision),
    flag("--limit", request.limit),
    request.serializable === true ? "--consistency=s" : "",
    sortOrder === "none" ? "" : `--order=${sortOrder.toUpperCase()}`,
    sortTarget === "key" ? "" : `--sort-by=${sortTarget === "mod" ? "MODIFY" : sortTarget.toUpperCase()}`,
    request.keysOnly === true ? "--keys-only" : "",
    request.countOnly === true ? "--count-only" : "",
  );
}

function prevKv(request: {readonly prevKv?: boolean}): string {
  return request.prevKv === true ? "--prev-kv" : "";
}

function flag(name: string, value: string | number | undefined): string {
  return value === undefined || value === 0 || value === "" ? "" : `${name}=${value}`;
}

/** Puts blanks between those that are there. */
function words(...all: readonly (string | undefined)[]): string {
  return all.filter((word) => word !== undefined && word !== "").join(" ");
}

/** Bare where that reads back as the same. */
function text(key: Key): string {
  const bare = /^[!#-~]+$/.test(key) && !key.startsWith("--") && !/^[:;()]$/.test(key);
  return bare ? key : quote(key);
}

/** In quotes: UTF-8 as text, other bytes as `\xNN`. */
function quote(key: Key): string {
  const decoded = textOfBytes(bytesOfKey(key));
  const isText = keyFromText(decoded) === key;
  let quoted = "";
  for (const char of isText ? decoded : key) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === "\\") quoted += `\\${char}`;
    else if (code < 0x20 || code === 0x7f || (!isText && code > 0x7f))
      quoted += `\\x${code.toString(16).padStart(2, "0")}`;
    else quoted += char;
  }
  return `"${quoted}"`;
}
