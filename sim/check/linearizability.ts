// Linearizability of what clients saw: there is one order of all operations, each at an instant between its invocation
// and its return, in which a single store gives every answer that was given, revisions included. Herlihy & Wing 1990.

import type {Outcome} from "../../core/client/io.ts";
import {apiErrors} from "../../core/server/request.ts";
import type {Request, Response} from "../../core/server/request.ts";
import type {Operation} from "../history/operation.ts";
import type {WorldView} from "../view.ts";
import {sameAnswer} from "./answers.ts";
import type {Checker, Violation} from "./checker.ts";
import {Claims} from "./claims.ts";
import {freshKvState, kvStep} from "./kvModel.ts";
import type {KvAnswer, KvRequest, KvState} from "./kvModel.ts";
import {search} from "./search.ts";
import type {Found, Model, Timed} from "./search.ts";
import {say} from "./words.ts";

/** An operation as the search takes it; `answer` undefined: unknown, every answer would do. */
export interface Judged extends Timed {
  readonly operation: Operation;
  readonly request: KvRequest;
  readonly answer: KvAnswer | undefined;
}

/** The store, told what the whole history pins down. */
function modelWith(claims: Claims): Model<KvState, Judged> {
  return {
    initial: freshKvState,
    step(state, op) {
      const next = kvStep(state, op.request);
      if (op.answer === undefined) return claims.allow(state, next.state) ? next.state : undefined;
      return sameAnswer(op.answer, next.answer) ? next.state : undefined;
    },
    hash: (state) => [state.hashA, state.hashB],
  };
}

/** Judges a history; `budget` in model steps. */
export function judge(
  operations: readonly Operation[],
  budget: number,
): Found<Judged> & {readonly judged: number} {
  const ops = operations.map(judged).filter((op) => op !== undefined);
  const claims = new Claims();
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
function judged(operation: Operation): Judged | undefined {
  const request = touching(operation.request);
  if (request === undefined) return undefined;
  const answer = answerOf(operation.outcome);
  if (answer === "none") return undefined;
  if (answer === undefined && reads(request)) return undefined;
  const returned = answer === undefined ? undefined : operation.returned?.step;
  return {operation, request, answer, invoked: operation.invoked.step, returned};
}

/** A serializable read takes no part in the one order, a watch neither. */
function touching(request: Request): KvRequest | undefined {
  switch (request.kind) {
    case "range":
      return request.serializable === true ? undefined : request;
    case "put":
    case "deleteRange":
    case "txn":
    case "compact":
      return request;
    case "watchCreate":
    case "watchCancel":
    case "status":
      return undefined;
    default:
      return undefined;
  }
}

function reads(request: KvRequest): boolean {
  return request.kind === "range";
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
      return {kind: "ok", revision: header.revision, result};
    case "error":
      return refusal(result.error.message);
    case "watch":
    case "status":
      return "none";
    default:
      return "none";
  }
}

function refusal(message: string | undefined): KvAnswer | "none" {
  if (message === apiErrors.compacted.message) return {kind: "error", error: "compacted"};
  if (message === apiErrors.futureRevision.message) return {kind: "error", error: "futureRevision"};
  return "none";
}

export class Linearizability implements Checker {
  readonly name = "Linearizability";
  private readonly budget: number;
  private count = 0;

  /** `budget`: model steps after which the answer is "unknown". */
  constructor(budget = 1_000_000) {
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
    const found = judge(view.operations, this.budget);
    this.count = found.judged;
    if (found.kind === "held") return undefined;
    if (found.kind === "unknown") return "unknown";
    const {client, call, request, returned} = found.blocked.operation;
    const operation = `op:${client}#${call}`;
    const said = say("notLinearizable", {operation, client, line: request.kind}, [operation]);
    const step = returned?.step ?? view.step;
    return {check: this.name, said, evidence: view.last === undefined ? [] : [view.last.id], step};
  }
}
