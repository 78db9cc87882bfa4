// What is said of a recorded history: its verdict, and why it is violated; for the command and for the matcher. No node: imports.

import {bytesOfKey, quotedText} from "../core/base/key.ts";
import {formatCommand} from "../core/client/command.ts";
import type {KeyValue, OpResult} from "../core/mvcc/kv.ts";
import type {Response, Result} from "../core/server/request.ts";
import type {Operation} from "../sim/history/operation.ts";
import {callText} from "../sim/record/call.ts";
import type {Call} from "../sim/record/call.ts";
import type {EtcdViolation} from "../sim/record/judgeEtcd.ts";
import type {Explanation} from "../sim/record/windows.ts";
import {columns, cut} from "./columns.ts";

export const exits = {pass: 0, fail: 1, unknown: 3} as const;

export const verdictWords = {
  pass: "held: the history is linearizable",
  fail: "VIOLATED: the history is not linearizable",
  unknown: "unknown: the budget ran out",
} as const;

/** Rows of a table, and characters of a cell that says what was done. */
export const rowsMax = 12;
const cellMax = 60;
const etcdCellMax = 70;
const head = ["  line", "to", "process", "what"];

// ---- of a register, or a text

/** Why a key is violated: the window that nothing explains, and how far an order goes. */
export function breachLines(key: string, {blocked, order, from, window}: Explanation): readonly string[] {
  const of = key === "" ? "" : `key ${cut(key, 40)}: `;
  const what = cut(callText(blocked), cellMax);
  const whatever = from === undefined ? "" : `, whatever was there before line ${from}`;
  const before = `an order that explains all before line ${blocked.returned}, ${order.length} operations; its end:`;
  return [
    "",
    `${of}no order explains that ${what} returned to process ${blocked.process} at line ${blocked.returned}`,
    `the shortest window that no order explains${whatever}:`,
    ...callLines(window, blocked),
    ...(order.length === 0 ? [] : [before, ...callLines(order, blocked)]),
  ];
}

/** The last of them. */
function callLines(calls: readonly Call[], blocked: Call): readonly string[] {
  const rows = calls
    .slice(-rowsMax)
    .map((call) => [
      `  ${call.invoked}`,
      call.returned === undefined ? "…" : `${call.returned}`,
      call.process,
      cut(callText(call), cellMax) + (call === blocked ? "  ◀" : ""),
    ]);
  const left = calls.length > rowsMax ? [`  … ${calls.length - rowsMax} before`] : [];
  return [...left, ...columns([head, ...rows], [0, 1, 2])];
}

// ---- of an etcd

const reasons = {
  time: "the second shows less than the first, which had returned before it was asked",
  state: "the second was not answered what the first left",
  revision: "both are said to have made one revision",
  gap: "between them lies a revision that nobody made",
} as const satisfies Record<NonNullable<EtcdViolation["why"]>, string>;

/** Why an etcd's history is violated: the operations that contradict each other. */
export function contradictionLines({operations, why, given}: EtcdViolation): readonly string[] {
  const isPair = operations.length === 2;
  const reason = isPair && why !== undefined ? reasons[why] : "no order explains its answer";
  const which = isPair ? "these two contradict each other" : "this operation is wrong";
  const log = given === undefined ? "" : ", given the log (without it that is not certain)";
  const rows = operations.map((one) => [
    `  ${one.invoked.step}`,
    one.returned === undefined ? "…" : `${one.returned.step}`,
    one.client,
    cut(operationText(one), etcdCellMax) + (one === operations.at(-1) ? "  ◀" : ""),
  ]);
  return ["", `${which}${log}: ${reason}`, ...columns([head, ...rows], [0, 1, 2])];
}

function operationText({request, outcome}: Operation): string {
  const asked = formatCommand(request);
  if (outcome?.kind === "ok") return `${asked}: ${answerText(outcome.response)}`;
  const isFailed = outcome?.kind === "failed";
  return `${asked}: ${isFailed ? (outcome.error?.message ?? "failed") : "outcome unknown"}`;
}

function answerText({header, result}: Response): string {
  const said = resultText(result);
  return `revision ${header.revision}${said === "" ? "" : `, ${said}`}`;
}

function resultText(result: Result): string {
  switch (result.kind) {
    case "range":
    case "put":
    case "deleteRange":
    case "txn":
      return opText(result);
    default:
      return "";
  }
}

function opText(result: OpResult): string {
  switch (result.kind) {
    case "range":
      return result.kvs.length === 0 ? `${result.count} keys` : result.kvs.map(kvText).join(", ");
    case "put":
      return result.prevKv === undefined ? "" : `before it ${kvText(result.prevKv)}`;
    case "deleteRange":
      return `${result.deleted} deleted`;
    case "txn":
      return [result.succeeded ? "success" : "failure", ...result.responses.map(opText)]
        .filter((text) => text !== "")
        .join("; ");
  }
}

function kvText({key, value, modRevision, version}: KeyValue): string {
  return `${quotedText(bytesOfKey(key))} = ${quotedText(value)} (version ${version} of revision ${modRevision})`;
}
