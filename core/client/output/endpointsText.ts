// What `endpoint status`, `endpoint health` and `endpoint hashkv` print of all endpoints together
// (etcdctl/ctlv3/command/{ep_command,printer}.go).

import type {Micros} from "../../base/quantity.ts";
import {keyFromText} from "../../base/key.ts";
import type {HashKvResult} from "../../mvcc/kv.ts";
import type {Response, StatusResult} from "../../server/request.ts";
import {headerText, line, quoted} from "./fieldsText.ts";
import {durationText, hex, humanBytes, jsonText} from "./goText.ts";
import type {Json} from "./goText.ts";
import {messageOf, storageVersion} from "./jsonMessages.ts";
import type {Output, OutputOptions} from "./output.ts";
import {printed, unsupportedFormat} from "./output.ts";
import {tableText} from "./tableText.ts";

export interface EndpointStatus {
  readonly endpoint: string;
  readonly response: Response & {readonly result: StatusResult};
}

export interface EndpointHash {
  readonly endpoint: string;
  readonly response: Response & {readonly result: HashKvResult};
}

export interface EndpointHealth {
  readonly endpoint: string;
  readonly took: Micros;
  /** "": it is healthy. */
  readonly error: string;
}

const statusHeaders = [
  "endpoint",
  "ID",
  "version",
  "storage version",
  "db size",
  "in use",
  "percentage not in use",
  "quota",
  "is leader",
  "is learner",
  "raft term",
  "raft index",
  "raft applied index",
  "errors",
  "downgrade target version",
  "downgrade enabled",
];

/** 3.4 has fewer columns: neither storage version nor what is in use, quota or downgrades. */
export function statusOutput(all: readonly EndpointStatus[], options: OutputOptions): Output {
  const rows = all.map(({endpoint, response: {header, result}}) => [
    endpoint,
    hex(header.memberId),
    result.version,
    storageVersion(result),
    humanBytes(result.dbSize),
    humanBytes(result.dbSizeInUse),
    `${percentFree(result)}%`,
    humanBytes(result.dbSizeQuota),
    `${result.leader === header.memberId}`,
    `${result.isLearner}`,
    `${header.raftTerm}`,
    `${result.raftIndex}`,
    `${result.raftAppliedIndex}`,
    result.errors.join(", "),
    "",
    "false",
  ]);
  const json = all.map(({endpoint, response}) => ({
    Endpoint: endpoint,
    Status: messageOf({kind: "status"}, response, options),
  }));
  const fields = all.map((one) => statusFields(one, options));
  return inFormat(options, {headers: statusHeaders, rows, json, fields});
}

export function hashOutput(all: readonly EndpointHash[], options: OutputOptions): Output {
  const rows = all.map(({endpoint, response: {result}}) => [
    endpoint,
    `${result.hash}`,
    `${result.hashRevision}`,
  ]);
  const json = all.map(({endpoint, response}) => ({
    Endpoint: endpoint,
    HashKV: messageOf({kind: "hashKv"}, response, options),
  }));
  const fields = all.map(
    ({endpoint, response: {header, result}}) =>
      headerText(header, options) +
      line("Endpoint", quoted(keyFromText(endpoint))) +
      line("Hash", result.hash) +
      line("HashRevision", result.hashRevision),
  );
  return inFormat(options, {headers: ["endpoint", "hash", "hash_revision"], rows, json, fields});
}

/** In the order in which they answered. */
export function healthOutput(all: readonly EndpointHealth[], options: OutputOptions): Output {
  const rows = all.map(({endpoint, took, error}) => [endpoint, `${error === ""}`, durationText(took), error]);
  const json = all.map(({endpoint, took, error}) => ({
    endpoint,
    health: error === "",
    took: durationText(took),
    error: error === "" ? undefined : error,
  }));
  const fields = all.map(
    ({endpoint, took, error}) =>
      line("Endpoint", quoted(keyFromText(endpoint))) +
      line("Health", error === "") +
      line("Took", durationText(took)) +
      line("Error", error),
  );
  const output =
    options.writeOut === "simple"
      ? simpleHealth(all)
      : inFormat(options, {headers: ["endpoint", "health", "took", "error"], rows, json, fields});
  if (all.every(({error}) => error === "") || output.exitCode !== 0) return output;
  return {...output, stderr: `${output.stderr}Error: unhealthy cluster\n`, exitCode: 1};
}

function simpleHealth(all: readonly EndpointHealth[]): Output {
  let [stdout, stderr] = ["", ""];
  for (const {endpoint, took, error} of all) {
    if (error === "")
      stdout += `${endpoint} is healthy: successfully committed proposal: took = ${durationText(took)}\n`;
    else stderr += `${endpoint} is unhealthy: failed to commit proposal: ${error}\n`;
  }
  return {stdout, stderr, exitCode: 0};
}

function inFormat(
  {writeOut}: OutputOptions,
  of: {
    readonly headers: readonly string[];
    readonly rows: readonly (readonly string[])[];
    readonly json: Json;
    readonly fields: readonly string[];
  },
): Output {
  switch (writeOut) {
    case "simple":
      return printed(of.rows.map((row) => `${row.join(", ")}\n`).join(""));
    case "json":
      return printed(`${jsonText(of.json)}\n`);
    case "fields":
      return printed(of.fields.map((text) => `${text}\n`).join(""));
    case "table":
      return printed(tableText(of.headers, of.rows));
    default:
      return unsupportedFormat(writeOut);
  }
}

function statusFields(
  {endpoint, response: {header, result}}: EndpointStatus,
  options: OutputOptions,
): string {
  return (
    headerText(header, options) +
    line("Version", quoted(keyFromText(result.version))) +
    line("StorageVersion", quoted(keyFromText(storageVersion(result)))) +
    line("DBSize", result.dbSize) +
    line("DBSizeInUse", result.dbSizeInUse) +
    line("DBSizeQuota", result.dbSizeQuota) +
    line("Leader", options.hex ? hex(result.leader) : result.leader) +
    line("IsLearner", result.isLearner) +
    line("RaftIndex", result.raftIndex) +
    line("RaftTerm", header.raftTerm) +
    line("RaftAppliedIndex", result.raftAppliedIndex) +
    line("Errors", `[${result.errors.join(" ")}]`) +
    line("Endpoint", quoted(keyFromText(endpoint))) +
    line("DowngradeTargetVersion", '""') +
    line("DowngradeEnabled", false)
  );
}

function percentFree({dbSize, dbSizeInUse}: StatusResult): number {
  return dbSize === 0 ? 0 : 100 - Math.floor((dbSizeInUse * 100) / dbSize);
}
