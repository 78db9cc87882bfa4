// Operations as they are judged: what was asked of the store, and what was answered, without what says nothing of it.

import {isReadOnly} from "../../core/mvcc/store.ts";
import type {Outcome} from "../../core/client/io.ts";
import {isSerializable} from "../../core/server/admission.ts";
import {apiErrors} from "../../core/server/request.ts";
import type {Request, Response} from "../../core/server/request.ts";
import type {Operation} from "../history/operation.ts";
import type {KvAnswer, KvError, KvRequest, Logged} from "./kvModel.ts";
import type {Timed} from "./search.ts";

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
export interface Span {
  readonly least: number;
  readonly most: number;
}

/** The operation as it is judged; undefined where it says nothing: reads without an answer, definite failures. */
export function judged(operation: Operation): Judged | undefined {
  const request = touching(operation.request) ?? granted(operation);
  if (request === undefined) return undefined;
  const answer = answerOf(operation.outcome);
  if (answer === "none" || (answer === undefined && isRead(request))) return undefined;
  const invoked = operation.invoked.step;
  if (answer === undefined) return {operation, request, answer, invoked, returned: undefined};
  const pure = answer.kind === "error" || isRead(request);
  return {operation, request, answer, invoked, returned: operation.returned?.step, pure};
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
export function granted({request, outcome}: Operation): KvRequest | undefined {
  if (request.kind !== "leaseGrant") return undefined;
  if (request.lease !== undefined) return request;
  const result = outcome?.kind === "ok" ? outcome.response.result : undefined;
  return result?.kind === "leaseGrant" ? {...request, lease: result.lease} : undefined;
}

/** Of these the log tells also what nobody asked for, or was not told of. */
export function isUpkeep(request: {readonly kind: string}): request is Logged["request"] {
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
