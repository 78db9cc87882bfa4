// What users were let do, compared with what they may (etcd "Role-based access control", learning/design-auth-v3.md).
//
//   entries    … grant … enable … grant … revoke …      states of the users, each from its entry on
//   request           asked ├──────────────┤ answered   allowed by one of those that it may have met

import type {Index} from "../../core/raft/entry.ts";
import type {Key, KeyRange} from "../../core/base/key.ts";
import {bytesOfKey, rangeOf, textOfBytes} from "../../core/base/key.ts";
import type {LeaseId} from "../../core/base/quantity.ts";
import type {OpResult, RequestOp} from "../../core/mvcc/kv.ts";
import {decodeCommand} from "../../core/server/command.ts";
import type {Request, Response, Result} from "../../core/server/request.ts";
import type {EventRecord} from "../event.ts";
import type {AppliedEntry} from "../history/appliedLog.ts";
import type {Operation} from "../history/operation.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {States} from "./states.ts";
import {Users} from "./users.ts";
import type {Access} from "./users.ts";
import {say} from "./words.ts";

/** The users from an entry on, which was first applied at `step`. */
interface Standing {
  readonly from: Index;
  readonly step: number;
  readonly users: Users;
}

/**
 * Nothing is shown to a user, or changed by one, that the users' roles did not allow at any moment at which it can have been
 * decided: of a transaction the branch that was taken counts. Without users there is nothing to judge.
 */
export class Permissions implements Checker {
  readonly name = "Permissions";
  readonly interest = {payloads: ["request"]} as const;
  /** Up to which entry the member had applied to which a request with a token came first. */
  private doors = new Map<Request, Index>();
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new Permissions();
    twin.doors = new Map(this.doors);
    twin.count = this.count;
    return twin as this;
  }

  after(view: WorldView, {payload}: EventRecord): undefined {
    if (payload.kind !== "request" || payload.metadata?.token === undefined) return;
    const server = view.members[payload.to - 1]?.server;
    if (server !== undefined && !this.doors.has(payload.request))
      this.doors.set(payload.request, server.appliedIndex);
  }

  end(view: WorldView): Violation | undefined {
    this.count = 0;
    const {appliedLog: log, operations} = view;
    if (log === undefined || !operations.some(({request}) => request.kind === "authEnable")) return undefined;
    const standings = standingsOf(log);
    const users = usersByToken(operations);
    const states = new States(view.revisions);
    for (const operation of operations) {
      const possible = this.possible(operation, standings, log);
      if (possible.length === 0 || possible.some(({enabled}) => !enabled)) continue;
      const user = users.get(operation.token ?? "") ?? "";
      for (const access of accessesOf(operation, states)) {
        this.count++;
        if (possible.some((one) => one.allows(user, access))) continue;
        return this.violation(view, operation, user, access);
      }
    }
    return undefined;
  }

  /** The users as they may have been when it was decided; none: it was not answered, or nobody knows which. */
  private possible(
    {request, invoked, returned, watched}: Operation,
    standings: readonly Standing[],
    log: readonly AppliedEntry[],
  ): readonly Users[] {
    const until = (watched[0]?.moment ?? returned)?.step;
    if (until === undefined) return [];
    const door = this.doors.get(request);
    const known = isOfOneMember(request) ? door : Math.max(door ?? 0, appliedBefore(log, invoked.step));
    if (known === undefined) return [];
    const first = standings.findLastIndex(({from}) => from <= known);
    return standings.filter(({step}, i) => i >= first && step <= until).map(({users}) => users);
  }

  private violation(
    {step, last}: WorldView,
    {client, call, returned}: Operation,
    user: Key,
    {op, range}: Access,
  ): Violation {
    const operation = `op:${client}#${call}`;
    const args = {client, operation, user: textOf(user), key: textOf(range.from)};
    const said = say(op === "read" ? "readUnallowed" : "wroteUnallowed", args, [operation]);
    return {
      check: this.name,
      said,
      evidence: last === undefined ? [] : [last.id],
      step: returned?.step ?? step,
    };
  }
}

/** Each is another state of the users than the one before. */
function standingsOf(log: readonly AppliedEntry[]): readonly Standing[] {
  const standings: Standing[] = [{from: 0, step: 0, users: Users.none}];
  let users = Users.none;
  for (const {entry, moment} of log) {
    const command = entry.type === "normal" ? decodeCommand(entry.data) : undefined;
    const after = command === undefined ? users : users.after(command);
    if (after === users) continue;
    users = after;
    standings.push({from: entry.index, step: moment.step, users});
  }
  return standings;
}

function usersByToken(operations: readonly Operation[]): ReadonlyMap<string, Key> {
  const users = new Map<string, Key>();
  for (const {request, outcome} of operations) {
    const result = outcome?.kind === "ok" ? outcome.response.result : undefined;
    if (request.kind === "authenticate" && result?.kind === "authenticate")
      users.set(result.token, request.name);
  }
  return users;
}

/** Answered from what the member asked has applied, which may be behind. */
function isOfOneMember(request: Request): boolean {
  if (request.kind === "range") return request.serializable === true;
  if (request.kind === "txn")
    return [...request.success, ...request.failure].every(
      (op) => op.kind === "range" && op.serializable === true,
    );
  return request.kind === "watchCreate" || request.kind === "leaseTimeToLive";
}

/** What was applied somewhere before somebody asked is applied wherever the answer is a linearizable one. */
function appliedBefore(log: readonly AppliedEntry[], step: number): Index {
  return log.findLast(({moment}) => moment.step < step)?.entry.index ?? 0;
}

/** What an answer shows, and what was changed for it. */
function accessesOf({request, outcome, watched}: Operation, states: States): readonly Access[] {
  if (request.kind === "watchCreate") {
    const first = watched[0]?.response.result;
    const isOpen = first?.kind === "watch" && first.created === true && first.canceled !== true;
    // An empty key is the least one.
    return isOpen ? [reading(rangeOf({...request, key: request.key === "" ? "\0" : request.key}))] : [];
  }
  if (outcome?.kind !== "ok") return [];
  return accessesIn(request, outcome.response, states);
}

function accessesIn(request: Request, {header, result}: Response, states: States): readonly Access[] {
  switch (request.kind) {
    case "range":
    case "put":
    case "deleteRange":
    case "txn":
      return isOpResult(result) ? accessesOfOp(request, result, header.revision, states) : [];
    case "leaseRevoke":
      return revoked(request.lease, header.revision, states);
    case "leaseTimeToLive":
      return result.kind === "leaseTimeToLive" ? result.keys.map((key) => reading(one(key))) : [];
    default:
      return [];
  }
}

/** `revision`: the store's when all was done. */
function accessesOfOp(op: RequestOp, result: OpResult, revision: number, states: States): readonly Access[] {
  if (op.kind === "range") return [reading(rangeOf(op))];
  if (op.kind === "put") {
    const isShown = result.kind === "put" && result.prevKv !== undefined;
    const leased = op.lease === undefined ? [] : attachedTo(op.lease, revision - 1, states);
    return [op.key, ...leased].map((key) => writing(one(key))).concat(isShown ? [reading(one(op.key))] : []);
  }
  if (op.kind === "deleteRange") {
    const isShown = result.kind === "deleteRange" && (result.prevKvs?.length ?? 0) > 0;
    return [writing(rangeOf(op)), ...(isShown ? [reading(rangeOf(op))] : [])];
  }
  if (result.kind !== "txn") return [];
  const taken = result.succeeded ? op.success : op.failure;
  return [
    ...op.compare.map((compare) => reading(rangeOf(compare))),
    ...result.responses.flatMap((response, i) => {
      const within = taken[i];
      return within === undefined ? [] : accessesOfOp(within, response, revision, states);
    }),
  ];
}

/** The keys that the revocation deleted, if it was what made the revision. */
function revoked(lease: LeaseId, revision: number, states: States): readonly Access[] {
  return attachedTo(lease, revision - 1, states)
    .filter((key) => states.at(revision)?.keys.get(key) === undefined)
    .map((key) => writing(one(key)));
}

function attachedTo(lease: LeaseId, revision: number, states: States): readonly Key[] {
  return [...(states.at(revision)?.keys ?? [])].filter((kv) => kv.lease === lease).map(({key}) => key);
}

function isOpResult(result: Result): result is OpResult {
  return ["range", "put", "deleteRange", "txn"].includes(result.kind);
}

function one(key: Key): KeyRange {
  return {from: key, to: ""};
}

function reading(range: KeyRange): Access {
  return {op: "read", range};
}

function writing(range: KeyRange): Access {
  return {op: "write", range};
}

function textOf(key: Key): string {
  return `"${textOfBytes(bytesOfKey(key))}"`;
}
