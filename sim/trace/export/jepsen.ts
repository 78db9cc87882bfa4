// Jepsen's history in EDN: a map per line, an invocation and a completion for every operation. Registers and transactions
// stand as jepsen.etcd has them: keys apart from each other (`[key value]`), a register's value with its version.
//
//   {:index 0, :time 227796000, :process 0, :type :invoke, :f :write, :value ["x" [nil "1"]]}
//   {:index 1, :time 251628000, :process 0, :type :ok, :f :write, :value ["x" [nil "1"]]}
//
// What may be stale is no `:read`, for which a checker of registers would take it: `:serializable-read`, `:serializable-txn`.
//
// :ok it was done, :fail it was not, :info nobody knows. A process does one thing at a time, and is over after :info, as
// Jepsen's are: who has several calls under way has several processes. Faults are the nemesis's.

import {unreachable} from "../../../core/base/assert.ts";
import {bytesOfKey, textOfBytes} from "../../../core/base/key.ts";
import type {Key} from "../../../core/base/key.ts";
import type {Outcome} from "../../../core/client/io.ts";
import {formatCommand} from "../../../core/client/formatCommand.ts";
import {isSerializable} from "../../../core/server/admission.ts";
import type {
  Compare,
  KeyValue,
  OpResult,
  RangeRequest,
  RequestOp,
  TxnRequest,
  TxnResult,
} from "../../../core/mvcc/kv.ts";
import type {Request} from "../../../core/server/request.ts";
import type {Action} from "../../action.ts";
import type {Operation} from "../../history/operation.ts";
import {historyLine} from "../../record/jepsen.ts";
import {Processes} from "../../record/processes.ts";
import type {WorldView} from "../../view.ts";
import type {TakenEvent} from "../../world/record.ts";
import type {Edn} from "./edn.ts";
import {ednMap, keyword} from "./edn.ts";
import type {Exporter} from "./exporter.ts";

/** What happens, in order: within an event what ends comes first, unless it began there. */
interface Happening {
  readonly step: number;
  readonly phase: 0 | 1 | 2;
  readonly at: number;
  readonly what: Operation | Action;
  readonly ends: boolean;
}

/** Not done to the cluster, or told as an operation. */
const noFaults: ReadonlySet<Action["kind"]> = new Set(["client", "mark", "pin"]);

export class JepsenExporter implements Exporter {
  private readonly faults: Happening[] = [];

  take({step, at, payload}: TakenEvent): void {
    if (payload.kind !== "script" || noFaults.has(payload.action.kind)) return;
    for (const ends of [false, true])
      this.faults.push({step, at, phase: ends ? 2 : 1, what: payload.action, ends});
  }

  end({operations, now, step: last}: WorldView): string {
    const calls = operations.flatMap((one): readonly Happening[] => {
      const {invoked, returned} = one;
      const end = returned ?? {step: last + 1, at: now};
      return [
        {...invoked, phase: 1, what: one, ends: false},
        {...end, phase: end.step === invoked.step ? 2 : 0, what: one, ends: true},
      ];
    });
    const all = [...calls, ...this.faults].sort((a, b) => a.step - b.step || a.phase - b.phase);
    const processes = new Processes();
    const lines = all.map(({at, what, ends}, index) => {
      const head = {index, time: at * 1000};
      return historyLine({...head, ...("request" in what ? call(what, ends, processes) : fault(what))});
    });
    return lines.join("");
  }
}

type Fields = Readonly<Record<string, Edn | undefined>>;

function call(one: Operation, ends: boolean, processes: Processes): Fields {
  const {client, call: number, request, outcome} = one;
  const name = `${client}#${number}`;
  if (!ends) {
    const {f, value} = asked(request);
    return {process: processes.begin(name, client), type: keyword("invoke"), f: keyword(f), value};
  }
  const type = typeOf(request, outcome);
  const {f, value} = type === "ok" ? answered(request, outcome) : asked(request);
  const error =
    outcome === undefined ? "still open at the end" : "error" in outcome ? outcome.error?.message : undefined;
  const process = processes.end(name, client, type !== "info");
  return {process, type: keyword(type), f: keyword(f), value, error};
}

function typeOf(request: Request, outcome: Outcome | undefined): "ok" | "fail" | "info" {
  if (outcome === undefined) return "info";
  if (outcome.kind !== "ok") return outcome.kind === "failed" ? "fail" : "info";
  const {result} = outcome.response;
  if (result.kind === "error") return "fail";
  // As in Jepsen: a compare-and-set that found something else was not done.
  return casOf(request) !== undefined && result.kind === "txn" && !result.succeeded ? "fail" : "ok";
}

function fault(action: Action): Fields {
  const {kind, ...more} = action;
  return {process: keyword("nemesis"), type: keyword("info"), f: keyword(kebab(kind)), value: dataOf(more)};
}

interface Told {
  readonly f: string;
  readonly value: Edn;
}

/** What an operation wants. */
function asked(request: Request): Told {
  if (isPlainRead(request)) return {f: named("read", request), value: [text(request.key), null]};
  const cas = casOf(request);
  if (cas !== undefined) return {f: "cas", value: [cas.key, [null, [cas.old, cas.next]]]};
  switch (request.kind) {
    case "put":
      return {f: "write", value: [text(request.key), [null, textOfBytes(request.value)]]};
    case "txn":
      return request.compare.length === 0
        ? {f: named("txn", request), value: request.success.map((op) => micro(op))}
        : {f: named("guarded-txn", request), value: guarded(request)};
    default:
      return {f: kebab(request.kind), value: formatCommand(request)};
  }
}

/** What a member answers from its own state may be old. */
function named(f: string, request: RangeRequest | TxnRequest): string {
  return isSerializable(request) ? `serializable-${f}` : f;
}

/** What an operation came to, where it was done. */
function answered(request: Request, outcome: Outcome | undefined): Told {
  const told = asked(request);
  const result = outcome?.kind === "ok" ? outcome.response.result : undefined;
  if (isPlainRead(request) && result?.kind === "range")
    return {...told, value: [text(request.key), versioned(result.kvs[0])]};
  if (request.kind !== "txn" || result?.kind !== "txn" || told.f === "cas") return told;
  const done = (result.succeeded ? request.success : request.failure).map((op, i) =>
    micro(op, result.responses[i]),
  );
  if (request.compare.length === 0) return {...told, value: done};
  return {...told, value: ednMap({...guardedFields(request), succeeded: result.succeeded, did: done})};
}

/** One key, as it is now, whole. */
function isPlainRead(request: Request): request is RangeRequest {
  if (request.kind !== "range") return false;
  const {kind: _, key: __, serializable: ___, ...more} = request;
  return Object.values(more).every(
    (value) => value === undefined || value === false || value === "" || value === 0,
  );
}

/** `[version value]`; `[0 nil]` of a key that is not there. */
function versioned(kv: KeyValue | undefined): Edn {
  return kv === undefined ? [0, null] : [kv.version, textOfBytes(kv.value)];
}

interface Cas {
  readonly key: string;
  readonly old: string;
  readonly next: string;
}

/** If the value is this, put that; else nothing, or a look. */
function casOf(request: Request): Cas | undefined {
  if (request.kind !== "txn" || request.compare.length !== 1 || request.success.length !== 1)
    return undefined;
  const [compare] = request.compare;
  const [put] = request.success;
  const looks = request.failure.every(({kind}) => kind === "range");
  if (!looks || compare?.target.kind !== "value" || compare.result !== "=" || compare.rangeEnd !== undefined)
    return undefined;
  if (put?.kind !== "put" || put.key !== compare.key) return undefined;
  return {key: text(put.key), old: textOfBytes(compare.target.value), next: textOfBytes(put.value)};
}

/** `[:r key value]` `[:w key value]` `[:delete key count]` */
function micro(op: RequestOp, result?: OpResult): Edn {
  switch (op.kind) {
    case "range": {
      const found = result?.kind === "range" ? result.kvs.map(({value}) => textOfBytes(value)) : [];
      const one = op.rangeEnd === undefined || op.rangeEnd === "";
      return [keyword("r"), text(op.key), one ? (found[0] ?? null) : found];
    }
    case "put":
      return [keyword("w"), text(op.key), textOfBytes(op.value)];
    case "deleteRange":
      return [keyword("delete"), text(op.key), result?.kind === "deleteRange" ? result.deleted : null];
    case "txn":
      return [keyword("txn"), nested(op, result?.kind === "txn" ? result : undefined)];
    default:
      return unreachable(op);
  }
}

function nested(txn: TxnRequest, result: TxnResult | undefined): Edn {
  if (result === undefined) return guarded(txn);
  const done = (result.succeeded ? txn.success : txn.failure).map((op, i) => micro(op, result.responses[i]));
  return ednMap({...guardedFields(txn), succeeded: result.succeeded, did: done});
}

function guarded(txn: TxnRequest): Edn {
  return ednMap(guardedFields(txn));
}

function guardedFields({compare, success, failure}: TxnRequest): Fields {
  return {
    compare: compare.map(comparison),
    success: success.map((op) => micro(op)),
    failure: failure.map((op) => micro(op)),
  };
}

function comparison({key, result, target}: Compare): Edn {
  const value = target.kind === "value" ? textOfBytes(target.value) : target.value;
  return [keyword(target.kind), text(key), keyword(result), value];
}

function text(key: Key): string {
  return textOfBytes(bytesOfKey(key));
}

/** `leaseGrant` → `lease-grant` */
function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Plain data; keys become keywords. */
function dataOf(value: unknown): Edn {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(dataOf);
  if (typeof value !== "object" || value === null) return null;
  return ednMap(Object.fromEntries(Object.entries(value).map(([key, one]) => [kebab(key), dataOf(one)])));
}
