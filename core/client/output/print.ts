// What etcdctl prints of one answer, and of an error, in the format that was asked for.

import type {Micros} from "../../base/quantity.ts";
import {etcdVersion} from "../../server/cluster.ts";
import type {ApiError, MembersResult, Request, Response} from "../../server/request.ts";
import {apiErrors} from "../../server/request.ts";
import type {RequestCommand} from "../command.ts";
import {endpointOf} from "../globals.ts";
import {fieldsText} from "./fieldsText.ts";
import {durationText, hex, jsonText} from "./goText.ts";
import {messageOf} from "./jsonMessages.ts";
import type {Output, OutputOptions} from "./output.ts";
import {bytesText, exits, failedWith, printed, refused, unsupportedFormat} from "./output.ts";
import {memberRows, simpleText} from "./simpleText.ts";
import {tableText} from "./tableText.ts";

/** What there is to know besides the answer. */
export interface Asked {
  /** From the command to its answer. */
  readonly took: Micros;
  /** Whom it asked, as etcdctl prints it. */
  readonly endpoint: string;
}

/** Of an answer that is no error. */
export function printResponse(
  command: RequestCommand,
  response: Response,
  options: OutputOptions,
  asked: Asked,
): Output {
  const {request} = command;
  const always = sameInAllFormats(command, asked);
  return always === undefined ? inFormat(request, response, options) : printed(always);
}

/** One response of a watch that is not its first, which says only that it was created. */
export function printWatch(response: Response, options: OutputOptions): Output {
  const {result, header} = response;
  if (result.kind !== "watch") return printed("");
  const isProgress = result.events.length === 0 && result.canceled !== true && result.created !== true;
  const notice = isProgress ? `progress notify: ${header.revision}\n` : "";
  const printedEvents = inFormat({kind: "watchProgress"}, response, options);
  return {...printedEvents, stdout: notice + printedEvents.stdout};
}

/** A watch's last response: the server gave it up. */
export function printCanceled(response: Response, options: OutputOptions): Output {
  const {result} = response;
  const {cancelReason = "", compactRevision = 0} = result.kind === "watch" ? result : {};
  const reason = compactRevision > 0 ? apiErrors.compacted.message : cancelReason;
  const last = inFormat({kind: "watchProgress"}, response, options);
  if (last.exitCode !== exits.success) return last;
  return {
    stdout: last.stdout,
    stderr: `watch was canceled (${reason})\nError: watch is canceled by the server\n`,
    exitCode: exits.interrupted,
  };
}

/** What a command prints when it fails; etcdctl 3.4's lines of JSON log before it are not printed today. */
export function printError({name, request, globals}: RequestCommand, error: ApiError, asked: Asked): Output {
  const {message} = error;
  switch (name) {
    case "lease grant":
      return refused(`failed to grant lease (${message})`);
    case "lease revoke":
      return refused(`failed to revoke lease (${message})`);
    case "lease timetolive":
    case "lease list":
    case "lease keep-alive":
      return failedWith(error, exits.badConnection);
    case "snapshot save":
      return failedWith(error, exits.interrupted);
    case "defrag":
      return {
        stdout: "",
        stderr: `Failed to defragment etcd member[${asked.endpoint}]. took ${durationText(asked.took)}. (${message})\n`,
        exitCode: exits.error,
      };
    case "move-leader": {
      if (message !== apiErrors.notLeader.message || request.kind !== "moveLeader") return failedWith(error);
      const endpoints = globals.endpoints?.map(endpointOf).join(" ") ?? asked.endpoint;
      return refused(`no leader endpoint given at [${endpoints}]`, exits.badArgs);
    }
    default:
      return failedWith(error);
  }
}

/** Lines that etcdctl prints whatever format was asked for. */
function sameInAllFormats({name, request, said}: RequestCommand, asked: Asked): string | undefined {
  switch (request.kind) {
    case "compact":
      return `compacted revision ${request.revision}\n`;
    case "authEnable":
      return "Authentication Enabled\n";
    case "authDisable":
      return "Authentication Disabled\n";
    case "defragment":
      // 3.4 does not say how long it took.
      return `Finished defragmenting etcd member[${asked.endpoint}]. took ${durationText(asked.took)}\n`;
    case "snapshot":
      return name === "snapshot save"
        ? `Snapshot saved at ${bytesText(said.at(0))}\nServer version ${etcdVersion}\n`
        : undefined;
    default:
      return undefined;
  }
}

function inFormat(request: Request, response: Response, options: OutputOptions): Output {
  const {writeOut} = options;
  const {result} = response;
  switch (writeOut) {
    case "simple":
      return printed(simpleText(request, response, options));
    case "fields": {
      const text = fieldsText(request, response, options);
      return text === undefined ? unsupportedFormat(writeOut) : printed(text);
    }
    case "json":
      return printed(`${jsonOf(request, response, options)}\n`);
    case "table":
      return request.kind === "memberList" && result.kind === "members"
        ? printed(tableText(memberHeaders, memberRows(result.members)))
        : unsupportedFormat(writeOut);
    default:
      // What a protobuf message looks like is the wire's business, and nobody is at its other end here.
      return unsupportedFormat(writeOut);
  }
}

const memberHeaders = ["ID", "Status", "Name", "Peer Addrs", "Client Addrs", "Is Learner"];

function jsonOf(request: Request, response: Response, options: OutputOptions): string {
  const {result, header} = response;
  if (options.hex && request.kind === "memberList" && result.kind === "members")
    return hexMembers(result, header, options.clusterId);
  return jsonText(messageOf(request, response, options));
}

/** The one answer that `--hex` changes in JSON (printer_json.go, printMemberListWithHexJSON). */
function hexMembers({members}: MembersResult, header: Response["header"], clusterId: number): string {
  const each = members.map(
    ({member, name, peerUrls, clientUrls}) =>
      `{"ID":"${hex(member)}","name":"${name}","peerURLs":${jsonText(peerUrls)},"clientURLs":${jsonText(clientUrls)}}`,
  );
  const head = `{"cluster_id":"${hex(clusterId)}","member_id":"${hex(header.memberId)}","raft_term":${hex(header.raftTerm)}}`;
  return `{"header":${head}${each.length === 0 ? "" : `,"members":[${each.join(",")}]`}}`;
}
