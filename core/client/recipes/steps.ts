// The steps that recipes are made of: an await each, with its answer taken apart, and etcd's small helpers over them
// (client/v3/concurrency/key.go, client/v3/experimental/recipes/{client,key,watch}.go).

import {assert} from "../../base/assert.ts";
import type {Key, Value} from "../../base/key.ts";
import {prefixEnd} from "../../base/key.ts";
import type {LeaseId, Micros, Revision} from "../../base/quantity.ts";
import type {
  Compare,
  KeyValue,
  OpResult,
  PutRequest,
  RangeRequest,
  RangeResult,
  RequestOp,
  StoreEvent,
  TxnResult,
} from "../../mvcc/kv.ts";
import type {ApiError, Header, Request, Response, Result} from "../../server/request.ts";
import type {WatchCreateRequest} from "../../watch/watch.ts";
import type {Outcome} from "../io.ts";
import {clientErrors} from "../outcome.ts";
import type {Await, Memory, Recipe, Resumed, Wait, Waited} from "./await.ts";
import {RecipeError} from "./await.ts";
import type {Told} from "./recipe.ts";

/** What the recipes refuse, with etcd's texts; where etcd has none the text is ours. */
export const recipeErrors = {
  sessionExpired: {code: "Unknown", message: "mutex: session is expired"},
  locked: {code: "Unknown", message: "mutex: Locked by another session"},
  lockReleased: {code: "Unknown", message: "mutex: lock has already been released"},
  notLeader: {code: "Unknown", message: "election: not leader"},
  noLeader: {code: "Unknown", message: "election: no leader"},
  keyExists: {code: "Unknown", message: "key already exists"},
  tooManyClients: {code: "Unknown", message: "too many clients"},
  lostWatcher: {code: "Unknown", message: "lost watcher waiting for delete"},
  /** Ours: `of` or `session` names a call that has none. */
  noSession: {code: "FailedPrecondition", message: "etcdscope: that call has no session"},
  noHolding: {code: "FailedPrecondition", message: "etcdscope: that call holds nothing"},
  noNumber: {code: "FailedPrecondition", message: "etcdscope: the value is no number"},
} as const satisfies Record<string, ApiError>;

// ---- awaits

type Answer<K extends Resumed["kind"]> = Extract<Resumed, {kind: K}>;

function* awaited<K extends Resumed["kind"]>(wanted: Await, kind: K): Recipe<Answer<K>> {
  const resumed = yield wanted;
  assert(resumed.kind === kind, `${wanted.kind} is answered with ${kind}, not ${resumed.kind}`);
  return resumed as Answer<K>;
}

/** Asks, whatever comes of it. */
export function* attempt(request: Request): Recipe<Outcome> {
  return (yield* awaited({kind: "request", request}, "outcome")).outcome;
}

/** Asks for what cleans up, whatever comes of it, unless its caller cancels the recipe meanwhile: then it ends. */
export function* tidy(request: Request): Recipe<void> {
  const outcome = yield* attempt(request);
  if (outcome.kind !== "ok" && failureOf(outcome).isCancellation) throw failureOf(outcome);
}

/** What a request that was not done, or may not have been, ends its recipe with. */
export function failureOf({kind, error}: Exclude<Outcome, {kind: "ok"}>): RecipeError {
  return new RecipeError(error ?? clientErrors.canceled, kind === "unknown");
}

/** Asks; ends the recipe if it cannot be done or may not have been. */
export function* ask<K extends Result["kind"]>(
  request: Request,
  kind: K,
): Recipe<{readonly header: Header; readonly result: Extract<Result, {kind: K}>}> {
  const outcome = yield* attempt(request);
  if (outcome.kind !== "ok") throw failureOf(outcome);
  const {header, result} = outcome.response;
  assert(result.kind === kind, `a ${request.kind} is answered with ${kind}, not ${result.kind}`);
  return {header, result: result as Extract<Result, {kind: K}>};
}

export function* openWatch(request: WatchCreateRequest): Recipe<number> {
  return (yield* awaited({kind: "open", request}, "opened")).watch;
}

export function* shut(watch: number): Recipe<void> {
  yield* awaited({kind: "shut", watch}, "done");
}

/** Waits for one of several; ends the recipe if its caller cancels it. */
export function* first(of: readonly Wait[]): Recipe<Exclude<Waited, {kind: "canceled"}>> {
  const waited = yield {kind: "any", of};
  if (waited.kind === "canceled") throw new RecipeError(clientErrors.canceled, false);
  assert(
    waited.kind === "news" || waited.kind === "ended" || waited.kind === "slept" || waited.kind === "lost",
    `a wait is not answered with ${waited.kind}`,
  );
  return waited;
}

export function* sleep(micros: Micros): Recipe<void> {
  yield* first([{kind: "sleep", micros}]);
}

/** The next response of a watch; undefined when there are no more. */
export function* next(watch: number): Recipe<Response | undefined> {
  const waited = yield* first([{kind: "next", watch}]);
  return waited.kind === "news" ? waited.response : undefined;
}

export function* now(): Recipe<Micros> {
  return (yield* awaited({kind: "now"}, "time")).now;
}

export function* keep(lease: LeaseId, ttl: number): Recipe<void> {
  yield* awaited({kind: "keep", lease, ttl}, "done");
}

export function* forget(lease: LeaseId): Recipe<void> {
  yield* awaited({kind: "forget", lease}, "done");
}

export function* recall(call: number): Recipe<Memory | undefined> {
  return (yield* awaited({kind: "recall", call}, "memory")).memory;
}

export function* release(call: number): Recipe<void> {
  yield* awaited({kind: "release", call}, "done");
}

export function* tell(told: Told): Recipe<void> {
  yield* awaited({kind: "tell", told}, "done");
}

// ---- requests

export function* getKey(key: Key): Recipe<{readonly header: Header; readonly kv: KeyValue | undefined}> {
  const {header, result} = yield* ask({kind: "range", key}, "range");
  return {header, kv: result.kvs[0]};
}

export function* getPrefix(
  prefix: Key,
  options: Partial<RangeRequest> = {},
): Recipe<{readonly header: Header; readonly result: RangeResult}> {
  return yield* ask(prefixed(prefix, options), "range");
}

export function* txn(
  compare: readonly Compare[],
  success: readonly RequestOp[],
  failure: readonly RequestOp[] = [],
): Recipe<{readonly header: Header; readonly result: TxnResult}> {
  return yield* ask({kind: "txn", compare, success, failure}, "txn");
}

/** Whether it could be done: the key's create, or last, revision is that one. */
export function* guarded(
  target: "create" | "mod",
  key: Key,
  revision: Revision,
  ops: readonly RequestOp[],
): Recipe<{readonly done: boolean; readonly header: Header}> {
  const {header, result} = yield* txn([revisionIs(target, key, revision)], ops);
  return {done: result.succeeded, header};
}

/** Puts a key that must be new; undefined: it is not. The revision is that of the put. */
export function* putNew(key: Key, value: Value, lease: LeaseId): Recipe<Revision | undefined> {
  const compare: Compare = {key, result: "=", target: {kind: "version", value: 0}};
  const {header, result} = yield* txn([compare], [put(key, value, lease)]);
  return result.succeeded ? header.revision : undefined;
}

/** A new key under the prefix, named by the client's clock (etcd: the wall clock's nanoseconds) until it is a new one. */
export function* putUnique(
  prefix: Key,
  value: Value,
  lease: LeaseId,
): Recipe<{readonly key: Key; readonly revision: Revision}> {
  for (;;) {
    const key = `${prefix}/${yield* now()}`;
    const revision = yield* putNew(key, value, lease);
    if (revision !== undefined) return {key, revision};
  }
}

// ---- waiting for events

/** The first event of one kind from `startRevision` on. etcd: WaitEvents, WaitPrefixEvents. */
export function* waitFor(
  kind: StoreEvent["kind"],
  request: Omit<WatchCreateRequest, "kind">,
): Recipe<StoreEvent> {
  const watch = yield* openWatch({kind: "watchCreate", ...request});
  for (;;) {
    const response = yield* next(watch);
    if (response === undefined) throw new RecipeError(recipeErrors.lostWatcher, false);
    const event = eventsOf(response).find((candidate) => candidate.kind === kind);
    if (event === undefined) continue;
    yield* shut(watch);
    return event;
  }
}

/** Waits until no key under the prefix was created up to `maxCreateRevision`. One watch at a time, on the last of them. */
export function* waitDeletes(prefix: Key, maxCreateRevision: Revision): Recipe<void> {
  for (;;) {
    const {header, result} = yield* getPrefix(prefix, {
      sortTarget: "create",
      sortOrder: "descend",
      limit: 1,
      maxCreateRevision,
    });
    const before = result.kvs[0];
    if (before === undefined) return;
    yield* tell({kind: "waits", key: before.key});
    yield* waitFor("delete", {key: before.key, startRevision: header.revision});
  }
}

export function eventsOf({result}: Response): readonly StoreEvent[] {
  return result.kind === "watch" ? result.events : [];
}

// ---- words

export function prefixed(prefix: Key, options: Partial<RangeRequest> = {}): RangeRequest {
  return {...options, kind: "range", key: prefix, rangeEnd: prefixEnd(prefix)};
}

export function put(key: Key, value: Value, lease: LeaseId = ""): PutRequest {
  return {kind: "put", key, value, ...(lease === "" ? {} : {lease})};
}

export function revisionIs(target: "create" | "mod", key: Key, value: Revision): Compare {
  return {key, result: "=", target: {kind: target, value}};
}

export function kvsOf(result: OpResult | undefined): readonly KeyValue[] {
  return result?.kind === "range" ? result.kvs : [];
}

export const nothing: Value = new Uint8Array();

/** Go's `%x` of a lease: no leading zeros, a minus for a negative one. Recipes name keys so. */
export function leaseText(lease: LeaseId): Key {
  return lease < "8" ? lease.replace(/^0+(?=.)/, "") : `-${negated(lease).replace(/^0+(?=.)/, "")}`;
}

/** Two's complement of 16 hex digits. */
function negated(lease: LeaseId): LeaseId {
  const low = -Number.parseInt(lease.slice(8), 16) >>> 0;
  const high = (~Number.parseInt(lease.slice(0, 8), 16) + (low === 0 ? 1 : 0)) >>> 0;
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}

/** Fails the recipe; nothing of it is left. */
export function refuse(error: ApiError): never {
  throw new RecipeError(error, false);
}
