// What etcd promises of answers (api_guarantees.md, KV), each judged at the end of a run against what the store really
// did: the state at the revision that the answer names, or the one before it if the operation made that revision.
//
//   revision   6 ─────────── 7 ─────────── 8
//   state      S6            S7            S8
//   a read answered at 7 shows S7;  a transaction that made 8 answers what it does to S7, and leaves S8

import type {OpResult} from "../../core/mvcc/kv.ts";
import type {Request} from "../../core/server/request.ts";
import type {Operation} from "../history/operation.ts";
import {sameAnswer, sameKv} from "./answers.ts";
import type {Checker} from "./checker.ts";
import {wrote} from "./claims.ts";
import {EndClaim} from "./endClaim.ts";
import {kvStep} from "./kvModel.ts";
import type {KvRequest, KvState} from "./kvModel.ts";
import {States} from "./states.ts";
import {say} from "./words.ts";

/** An answered operation with the state that it met. */
interface Answered {
  readonly operation: Operation;
  readonly request: KvRequest;
  readonly result: OpResult;
  /** The answer's. */
  readonly revision: number;
  readonly before: KvState;
}

/** A claim about each answer to the requests that it `concerns`; `isRight`: whether the answer is. */
function shownClaim(
  name: string,
  concerns: (request: Request) => boolean,
  isRight: (answered: Answered, states: States) => boolean,
): Checker {
  return new EndClaim(name, (view, count) => {
    const states = new States(view.revisions);
    for (const operation of view.operations) {
      const answered = concerns(operation.request) ? answeredOf(operation, states) : undefined;
      if (answered === undefined) continue;
      count(1);
      if (isRight(answered, states)) continue;
      const {client, call, returned} = operation;
      const {revision} = answered;
      const named = `op:${client}#${call}`;
      const said = say("notItsState", {operation: named, client, revision}, [named, `rev:${revision}`]);
      return {said, step: returned?.step ?? view.step};
    }
    return undefined;
  });
}

/** Undefined where there is no answer, or nobody knows the state any more. */
function answeredOf(operation: Operation, states: States): Answered | undefined {
  const {request, outcome} = operation;
  if (outcome?.kind !== "ok") return undefined;
  const {header, result} = outcome.response;
  if (request.kind !== result.kind) return undefined;
  switch (result.kind) {
    case "range":
    case "put":
    case "deleteRange":
    case "txn": {
      const {revision} = header;
      const before = states.at(wrote(result) ? revision - 1 : revision);
      if (before === undefined) return undefined;
      return {operation, request: request as KvRequest, result, revision, before};
    }
    default:
      return undefined;
  }
}

function isOfItsState({request, result, revision, before}: Answered): boolean {
  return sameAnswer({kind: "ok", revision, result}, kvStep(before, request).answer);
}

function isHistorical(request: Request): boolean {
  return request.kind === "range" && (request.revision ?? 0) > 0;
}

/**
 * A read, also a serializable one, shows the state of the store at one revision: the one that its answer names. K4: "…may be
 * stale … but not an arbitrary one".
 */
export function readsShowStates(): Checker {
  return shownClaim(
    "Reads Show A State",
    (request) => request.kind === "range" && !isHistorical(request),
    isOfItsState,
  );
}

/** A read of a past revision shows the state at that revision. K8. */
export function historicalReads(): Checker {
  return shownClaim("Historical Reads", isHistorical, isOfItsState);
}

/** The operations of a transaction are done in the order of its list, each seeing what those before it wrote. K5. */
export function transactionsInOrder(): Checker {
  return shownClaim("Transactions In Order", (request) => request.kind === "txn", isOfItsState);
}

/** An operation that was answered did all that it was to do, at one revision, and nothing besides. K3. */
export function atomicWrites(): Checker {
  return shownClaim("Atomic Writes", writes, ({request, result, revision, before}, states) => {
    if (!wrote(result)) return true;
    const [due, made] = [kvStep(before, request).state, states.at(revision)];
    return made === undefined || (due.revision === revision && due.keys.equals(made.keys, sameKv));
  });
}

function writes({kind}: Request): boolean {
  return kind === "put" || kind === "deleteRange" || kind === "txn";
}
