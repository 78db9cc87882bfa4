// Histories of an etcd, of whole stores with revisions, in EDN: what was asked as etcdctl has it, and what was answered
// (etcdAnswer.ts). Also what was applied, where it is known: the log.
//
//   {:process 0, :type :invoke, :f :etcdctl, :value "put x 1"}
//   {:process :log, :type :info, :f :applied, :value "put x 1", :revisions [1 2]}        applied while the store went from 1 to 2
//   {:process 0, :type :ok, :f :etcdctl, :value {:revision 2}}
//   {:process 1, :type :fail, :f :etcdctl, :value "get x --rev 9", :error "etcdserver: mvcc: required revision is a future revision"}

import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import {formatCommand, parseCommand} from "../../core/client/command.ts";
import type {Outcome} from "../../core/client/io.ts";
import {isSerializable} from "../../core/server/admission.ts";
import {decodeCommand, encodeCommand} from "../../core/server/command.ts";
import type {WriteRequest} from "../../core/server/command.ts";
import type {RequestOp} from "../../core/mvcc/kv.ts";
import type {Request} from "../../core/server/request.ts";
import {AppliedEntry} from "../history/appliedLog.ts";
import type {Moment, Operation} from "../history/operation.ts";
import type {Edn} from "../trace/export/edn.ts";
import {keyword} from "../trace/export/edn.ts";
import {AnswerError, answerIn, ednOfAnswer} from "./etcdAnswer.ts";
import {isKeyword, isList, isMap} from "./ednReader.ts";
import type {Read} from "./ednReader.ts";
import {historyLine, shown} from "./jepsen.ts";
import {Processes} from "./processes.ts";

/** Steps are lines. */
export interface EtcdHistory {
  /** In order of invocation. */
  readonly history: readonly Operation[];
  /** Undefined: the history has none. */
  readonly appliedLog: readonly AppliedEntry[] | undefined;
}

const kinds: ReadonlySet<string> = new Set([
  "range",
  "put",
  "deleteRange",
  "txn",
  "compact",
  "leaseGrant",
  "leaseRevoke",
]);

// ---- reading

/** Whether a history is of an etcd. */
export function isOfEtcd(reads: readonly Read[]): boolean {
  return reads.some(({value}) => isMap(value) && isNamed(value.get("f"), "etcdctl"));
}

function isNamed(value: Edn | undefined, name: string): boolean {
  return isKeyword(value) && value.keyword === name;
}

export function readEtcd(reads: readonly Read[]): Result<EtcdHistory, string> {
  const reading = new Reading();
  let at = 0;
  for (const {line, value} of reads) {
    at = Math.max(line, at + 1);
    const wrong = isMap(value) ? reading.take(at, value) : `found ${shown(value)}, expected a map`;
    if (wrong !== undefined) return failed(`line ${at}: ${wrong}`);
  }
  return ok(reading.end());
}

class Reading {
  private readonly list: Operation[] = [];
  private readonly log: AppliedEntry[] = [];
  private isLogged = false;
  /** By process: the place of what it waits for, and how much it has asked. */
  private readonly open = new Map<string, number>();
  private readonly calls = new Map<string, number>();
  /** Of the line before, if that is of the log: those of one event stand together. */
  private last: AppliedEntry | undefined;

  /** An event; what is wrong with it. */
  take(at: number, event: ReadonlyMap<string, Edn>): string | undefined {
    const process = event.get("process");
    const last = this.last;
    this.last = undefined;
    if (isNamed(process, "log")) return this.applied(at, event, last);
    // The nemesis.
    if (isKeyword(process)) return undefined;
    if (typeof process !== "number") return `found :process ${shownOr(process)}, expected a number`;
    const [f, type] = [event.get("f"), event.get("type")];
    if (!isNamed(f, "etcdctl"))
      return `found :f ${shownOr(f)}, expected :etcdctl, as in other events of this history`;
    if (isNamed(type, "invoke")) return this.invoked(at, String(process), event.get("value"));
    const place = this.open.get(String(process));
    const begun = this.list[place ?? -1];
    if (place === undefined || begun === undefined)
      return `found :type ${shownOr(type)} of process ${process}, expected its :invoke before it`;
    const outcome = outcomeIn(event, begun.request);
    if (typeof outcome === "string") return outcome;
    this.open.delete(String(process));
    this.list[place] = {...begun, returned: {step: at, at: 0}, outcome};
    return undefined;
  }

  end(): EtcdHistory {
    return {history: this.list, appliedLog: this.isLogged ? this.log : undefined};
  }

  private invoked(at: number, process: string, value: Edn | undefined): string | undefined {
    const waiting = this.list[this.open.get(process) ?? -1];
    if (waiting !== undefined)
      return `found :invoke of process ${process}, expected the completion of line ${waiting.invoked.step} before it`;
    const request = requestIn(value);
    if (!request.ok) return request.error;
    const call = (this.calls.get(process) ?? 0) + 1;
    this.calls.set(process, call);
    this.open.set(process, this.list.length);
    const invoked = {step: at, at: 0};
    this.list.push({client: process, call, request: request.value, invoked, watched: []});
    return undefined;
  }

  private applied(
    at: number,
    event: ReadonlyMap<string, Edn>,
    last: AppliedEntry | undefined,
  ): string | undefined {
    const request = requestIn(event.get("value"));
    if (!request.ok) return request.error;
    if (request.value.kind === "range") return "found a read in the log, expected what changes something";
    const [least, most] = revisionsIn(event.get("revisions"));
    if (least === undefined || most === undefined)
      return `found :revisions ${shownOr(event.get("revisions"))}, expected the store's before and after, such as [1 2]`;
    const isSameEvent = last?.least === least && last.most === most;
    const moment = isSameEvent ? last.moment : {step: at, at: 0};
    this.last = entryOf(request.value as WriteRequest, this.log.length + 1, {moment, least, most});
    this.log.push(this.last);
    this.isLogged = true;
    return undefined;
  }
}

interface Span {
  readonly moment: Moment;
  readonly least: number;
  readonly most: number;
}

function entryOf(request: WriteRequest, index: number, span: Span): AppliedEntry {
  const data = encodeCommand({proposer: 1, nonce: 0, sequence: index, request});
  return new AppliedEntry({index, term: 1, type: "normal", data}, {member: 1, ...span});
}

function revisionsIn(value: Edn | undefined): readonly (number | undefined)[] {
  const [least, most] = isList(value) ? value : [];
  return typeof least === "number" && typeof most === "number" ? [least, most] : [];
}

function requestIn(value: Edn | undefined): Result<Request, string> {
  if (typeof value !== "string")
    return failed(`found :value ${shownOr(value)}, expected a line of etcdctl such as "put x 1"`);
  const parsed = parseCommand(value);
  if (!parsed.ok) return parsed;
  if (parsed.value.kind === "request" && kinds.has(parsed.value.request.kind))
    return ok(parsed.value.request);
  return failed(
    `found :value ${shown(value)}, expected put, get, del, txn, compact, lease grant or lease revoke`,
  );
}

function outcomeIn(event: ReadonlyMap<string, Edn>, request: Request): Outcome | string {
  const [type, error] = [event.get("type"), event.get("error")];
  const said = typeof error === "string" ? ({error: {code: "Unknown", message: error}} as const) : {};
  if (isNamed(type, "info")) return {kind: "unknown", ...said};
  if (isNamed(type, "fail")) return {kind: "failed", ...said};
  if (!isNamed(type, "ok")) return `found :type ${shownOr(type)}, expected :invoke, :ok, :fail or :info`;
  try {
    return {kind: "ok", response: answerIn(event.get("value"), request)};
  } catch (wrong) {
    if (wrong instanceof AnswerError) return wrong.message;
    throw wrong;
  }
}

function shownOr(value: Edn | undefined): string {
  return value === undefined ? "nothing" : shown(value);
}

// ---- judging

/**
 * The operations as the one order has them. A serializable read may be of any time before it returned, so it was asked, as it
 * were, when the history began. Without a log, leases may have run out.
 */
export function ordered({history, appliedLog}: EtcdHistory): readonly Operation[] {
  const began = history.map((operation): Operation => {
    const {request} = operation;
    if ((request.kind !== "range" && request.kind !== "txn") || !isSerializable(request)) return operation;
    return {...operation, request: inOrder(request), invoked: {step: 0, at: 0}};
  });
  const ends = appliedLog === undefined ? history.flatMap(endOf) : [];
  return [...began, ...ends].sort((a, b) => a.invoked.step - b.invoked.step);
}

function inOrder<Asked extends RequestOp>(request: Asked): Asked {
  if (request.kind !== "txn") return {...request, serializable: false};
  return {...request, success: request.success.map(inOrder), failure: request.failure.map(inOrder)};
}

/** A lease that was granted may end at any time after. */
function endOf({client, call, request, outcome, invoked}: Operation): readonly Operation[] {
  if (request.kind !== "leaseGrant" || outcome?.kind === "failed") return [];
  const result = outcome?.kind === "ok" ? outcome.response.result : undefined;
  const lease = result?.kind === "leaseGrant" ? result.lease : request.lease;
  return lease === undefined
    ? []
    : [{client, call, request: {kind: "leaseRevoke", lease}, invoked, watched: []}];
}

// ---- writing

/** What happens, in order: within an event what was applied comes first, then what ends, unless it began there. */
interface Happening {
  readonly step: number;
  readonly phase: 0 | 1 | 2 | 3;
  readonly at: number;
  readonly told: () => Readonly<Record<string, Edn | undefined>>;
}

/** The history of clients of an etcd, watches and what is about members and users left out; with the log, where it is known. */
export function writeEtcd(
  operations: readonly Operation[],
  log: readonly AppliedEntry[] | undefined,
  end: Moment,
): string {
  const processes = new Processes();
  const calls = operations.filter(({request}) => kinds.has(request.kind));
  const all = [
    ...calls.flatMap((one) => happeningsOf(one, processes, end)),
    ...(log ?? []).flatMap((entry) => appliedOf(entry)),
  ].sort((a, b) => a.step - b.step || a.phase - b.phase);
  return all.map(({at, told}, index) => historyLine({index, time: at * 1000, ...told()})).join("");
}

function happeningsOf(one: Operation, processes: Processes, end: Moment): readonly Happening[] {
  const {client, call, request, invoked, outcome} = one;
  const returned = one.returned ?? {step: end.step + 1, at: end.at};
  const name = `${client}#${call}`;
  const line = formatCommand(request);
  const f = keyword("etcdctl");
  return [
    {
      ...invoked,
      phase: 2,
      told: () => ({process: processes.begin(name, client), type: keyword("invoke"), f, value: line}),
    },
    {
      ...returned,
      phase: returned.step === invoked.step ? 3 : 1,
      told: () => {
        const {type, value, error} = endedAs(outcome, line);
        const process = processes.end(name, client, type !== "info");
        return {process, type: keyword(type), f, value, error};
      },
    },
  ];
}

interface Ended {
  readonly type: "ok" | "fail" | "info";
  readonly value: Edn;
  readonly error?: string;
}

function endedAs(outcome: Outcome | undefined, line: string): Ended {
  if (outcome === undefined) return {type: "info", value: line, error: "still open at the end"};
  if (outcome.kind !== "ok") {
    const type = outcome.kind === "failed" ? "fail" : "info";
    return {type, value: line, ...(outcome.error === undefined ? {} : {error: outcome.error.message})};
  }
  const {result} = outcome.response;
  if (result.kind === "error") return {type: "fail", value: line, error: result.error.message};
  return {type: "ok", value: ednOfAnswer(outcome.response)};
}

function appliedOf({entry, moment, least, most}: AppliedEntry): readonly Happening[] {
  const request = entry.type === "normal" ? decodeCommand(entry.data)?.request : undefined;
  if (request === undefined || !kinds.has(request.kind)) return [];
  const told = (): ReturnType<Happening["told"]> => ({
    process: keyword("log"),
    type: keyword("info"),
    f: keyword("applied"),
    value: formatCommand(request as Request),
    revisions: [least, most],
  });
  return [{...moment, phase: 0, told}];
}
