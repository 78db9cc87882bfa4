// Linearizability of what clients saw: there is one order of all operations, each at an instant between its invocation
// and its return, in which a single store gives every answer that was given, revisions included. Herlihy & Wing 1990.

import {present} from "../../core/base/assert.ts";
import {keyOfBytes} from "../../core/base/key.ts";
import type {Outcome} from "../../core/client/io.ts";
import {isSerializable} from "../../core/server/admission.ts";
import {isReadOnly} from "../../core/mvcc/store.ts";
import {decodeCommand, encodeRequest} from "../../core/server/command.ts";
import {apiErrors} from "../../core/server/request.ts";
import type {Request, Response} from "../../core/server/request.ts";
import type {Operation} from "../history/operation.ts";
import type {WorldView} from "../view.ts";
import {sameAnswer} from "./answers.ts";
import type {Checker, Violation} from "./checker.ts";
import {Claims} from "./claims.ts";
import {freshKvState, kvStep} from "./kvModel.ts";
import type {KvAnswer, KvError, KvRequest, KvState, Logged} from "./kvModel.ts";
import {search} from "./search.ts";
import type {Found, Model, Timed} from "./search.ts";
import {say} from "./words.ts";

/** An operation as the search takes it; `answer` undefined: unknown, every answer would do. */
export interface Judged extends Timed {
  /** Undefined: the cluster did it by itself. */
  readonly operation: Operation | undefined;
  readonly request: KvRequest;
  readonly answer: KvAnswer | undefined;
  /** Of an unknown outcome: where the log shows such a request; absent: it may be anywhere. */
  readonly spans?: readonly Span[];
}

/** An entry was applied while the store went from one revision to another. */
interface Span {
  readonly least: number;
  readonly most: number;
}

type Log = NonNullable<WorldView["appliedLog"]>;

/** Where in the log a request stands. All of it is read, once an answer is missing. */
class Places {
  private readonly log: Log;
  /** By a request's bytes. */
  private spans: ReadonlyMap<string, readonly Span[]> | undefined;

  constructor(log: Log) {
    this.log = log;
  }

  /** As often as it stands there; undefined: nobody has applied it. */
  of(request: Exclude<KvRequest, Logged>): readonly Span[] | undefined {
    this.spans ??= spansOf(this.log);
    return this.spans.get(keyOfBytes(encodeRequest(request)));
  }
}

function spansOf(log: Log): ReadonlyMap<string, readonly Span[]> {
  const spans = new Map<string, Span[]>();
  for (const {entry, least, most} of log) {
    const command = entry.type === "normal" ? decodeCommand(entry.data) : undefined;
    if (command === undefined) continue;
    const key = keyOfBytes(encodeRequest(command.request));
    const found = spans.get(key) ?? [];
    found.push({least, most});
    spans.set(key, found);
  }
  return spans;
}

/** The store, told what the whole history pins down. */
function modelWith(claims: Claims): Model<KvState, Judged> {
  return {
    initial: freshKvState,
    step(state, op) {
      const next = kvStep(state, op.request);
      if (op.answer === undefined) {
        const fits = ({least, most}: Span): boolean => state.revision >= least && next.state.revision <= most;
        if (op.spans?.some(fits) === false) return undefined;
        return claims.allow(state, next.state) ? next.state : undefined;
      }
      return sameAnswer(op.answer, next.answer) ? next.state : undefined;
    },
    // Every answer has the revision after it: of a compaction, a bound.
    reach({answer, pure}) {
      if (answer?.kind !== "ok" || answer.result.kind === "compact") return undefined;
      return {least: pure === true ? answer.revision : answer.revision - 1, most: answer.revision};
    },
    place: ({revision}) => revision,
    hash: (state) => [state.hashA, state.hashB],
  };
}

/** Judges a history; `budget` in model steps. */
export function judge(
  operations: readonly Operation[],
  budget: number,
  log?: Pick<WorldView, "appliedLog">,
): Found<Judged> & {readonly judged: number} {
  const applied = log?.appliedLog;
  const places = applied === undefined ? undefined : new Places(applied);
  const ops = operations.map((operation) => judged(operation, places)).filter((op) => op !== undefined);
  for (const request of applied === undefined ? [] : untold(operations, applied))
    ops.push({operation: undefined, request, answer: undefined, invoked: 0, returned: undefined});
  const claims = new Claims(applied === undefined ? Infinity : (applied.at(-1)?.most ?? 1));
  for (const {request, answer} of ops) if (answer !== undefined) claims.add(request, answer);
  for (const {watched} of operations) {
    for (const {response} of watched) {
      if (response.result.kind === "watch")
        for (const event of response.result.events) claims.addEvent(event);
    }
  }
  return {...search(modelWith(claims), ops, budget), judged: ops.length};
}

/** The operation as the search takes it; undefined where it says nothing: reads without an answer, definite failures. */
function judged(operation: Operation, places: Places | undefined): Judged | undefined {
  const request = touching(operation.request) ?? granted(operation);
  if (request === undefined) return undefined;
  const answer = answerOf(operation.outcome);
  if (answer === "none") return undefined;
  if (answer === undefined && (isRead(request) || (places !== undefined && isUpkeep(request))))
    return undefined;
  const invoked = operation.invoked.step;
  if (answer !== undefined) {
    const pure = answer.kind === "error" || isRead(request);
    return {operation, request, answer, invoked, returned: operation.returned?.step, pure};
  }
  const maybe = {operation, request, answer, invoked, returned: undefined};
  if (places === undefined || request.kind === "logged") return maybe;
  const found = places.of(request);
  // Nobody has applied it: it did nothing so far.
  return found === undefined ? undefined : {...maybe, spans: found};
}

/** A serializable read takes no part in the one order, a watch neither. */
function touching(request: Request): KvRequest | undefined {
  switch (request.kind) {
    case "range":
    case "txn":
      return isSerializable(request) ? undefined : request;
    case "put":
    case "deleteRange":
    case "compact":
    case "leaseRevoke":
      return request;
    default:
      return undefined;
  }
}

/** A grant, with the id that the server picked if it was left to it: nobody knows the id of one that was not answered. */
function granted({request, outcome}: Operation): KvRequest | undefined {
  if (request.kind !== "leaseGrant") return undefined;
  if (request.lease !== undefined) return request;
  const result = outcome?.kind === "ok" ? outcome.response.result : undefined;
  return result?.kind === "leaseGrant" ? {...request, lease: result.lease} : undefined;
}

/** Of these the log tells also what nobody asked for, or was not told of ({@link untold}). */
function isUpkeep(request: {readonly kind: string}): request is Logged["request"] {
  const {kind} = request;
  return kind === "compact" || kind === "leaseGrant" || kind === "leaseRevoke";
}

function isRead(request: KvRequest): boolean {
  return request.kind === "range" || (request.kind === "txn" && isReadOnly(request));
}

/** undefined: unknown; "none": it definitely did nothing and saw nothing. */
function answerOf(outcome: Outcome | undefined): KvAnswer | "none" | undefined {
  if (outcome === undefined) return undefined;
  if (outcome.kind === "ok") return okAnswer(outcome.response);
  return outcome.kind === "unknown" ? undefined : refusal(outcome.error?.message);
}

function okAnswer(response: Response): KvAnswer | "none" | undefined {
  const {result, header} = response;
  switch (result.kind) {
    case "range":
    case "put":
    case "deleteRange":
    case "txn":
    case "compact":
    case "leaseGrant":
    case "leaseRevoke":
      return {kind: "ok", revision: header.revision, result};
    case "error":
      return refusal(result.error.message);
    default:
      return "none";
  }
}

/** Refusals that a store gives because of its state, so that they must fit into the order too. */
const judgedErrors: readonly KvError[] = [
  "compacted",
  "futureRevision",
  "keyNotFound",
  "leaseNotFound",
  "leaseExists",
];

function refusal(message: string | undefined): KvAnswer | "none" {
  const error = judgedErrors.find((name) => apiErrors[name].message === message);
  return error === undefined ? "none" : {kind: "error", error};
}

/**
 * What the log did without anyone being told: leases that ran out, compactions by the cluster itself, and those of clients whose
 * answers were lost. Nothing need be guessed of them.
 */
function untold(operations: readonly Operation[], log: Log): readonly Logged[] {
  const left: (Omit<Logged, "place"> & {readonly step: number})[] = [];
  for (const {upkeep, moment, least, most} of log)
    if (upkeep !== undefined && isUpkeep(upkeep.request))
      left.push({kind: "logged", request: upkeep.request, least, most, step: moment.step});
  for (const operation of operations) {
    const told = operation.outcome?.kind === "ok" ? (granted(operation) ?? operation.request) : undefined;
    if (told === undefined || !isUpkeep(told)) continue;
    // The same may be asked again and again: it is the one that was applied while the client waited.
    const place = left.findIndex(
      ({request, step}) =>
        isSame(request, told) && step > operation.invoked.step && step <= (operation.returned?.step ?? step),
    );
    if (place >= 0) left.splice(place, 1);
  }
  return left.map(({kind, request, least, most}, place) => ({kind, request, least, most, place}));
}

function isSame(a: Logged["request"], b: Logged["request"]): boolean {
  if (a.kind === "compact" || b.kind === "compact")
    return a.kind === b.kind && "revision" in a && "revision" in b && a.revision === b.revision;
  return a.kind === b.kind && a.lease === b.lease;
}

export class Linearizability implements Checker {
  readonly name = "Linearizability";
  private readonly budget: number;
  private count = 0;

  /** `budget`: model steps after which the answer is "unknown". */
  constructor(budget = 4_000_000) {
    this.budget = budget;
  }

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new Linearizability(this.budget);
    twin.count = this.count;
    return twin as this;
  }

  end(view: WorldView): Violation | "unknown" | undefined {
    const found = judge(view.operations, this.budget, view);
    this.count = found.judged;
    if (found.kind === "held") return undefined;
    if (found.kind === "unknown") return "unknown";
    const blocked = present(found.blocked.operation, "an operation that a client asked for");
    const {client, call, request, returned} = blocked;
    const operation = `op:${client}#${call}`;
    const said = say("notLinearizable", {operation, client, line: request.kind}, [operation]);
    const step = returned?.step ?? view.step;
    return {check: this.name, said, evidence: view.last === undefined ? [] : [view.last.id], step};
  }
}
