// A session: a lease that its client keeps alive, and with it all keys put under it (etcd client/v3/concurrency/session.go).
//
//   leaseGrant ttl ──▶ lease ──keep-alive every ttl/3──▶ … until orphan (kept no more), close (revoked) or lost
//
// A session can be dead at the members while its client still takes it for alive: a client that stands still renews
// nothing, and its clock is not theirs. Whoever acts on the word of a session alone acts on the past; what guards a write
// is a comparison of the revision that created the session's key, in the transaction that writes.

import type {LeaseId} from "../../base/quantity.ts";
import type {ApiError} from "../../server/request.ts";
import {apiErrors} from "../../server/request.ts";
import {RecipeError} from "./await.ts";
import type {Memory, Recipe} from "./await.ts";
import type {Holding, HoldingResult, RecipeOf, RecipeResult} from "./recipe.ts";
import {
  ask,
  attempt,
  failureOf,
  forget,
  keep,
  recall,
  recipeErrors,
  refuse,
  release,
  tell,
  tidy,
} from "./steps.ts";

export interface Session {
  readonly lease: LeaseId;
  /** Seconds; 0 if it is another call's. */
  readonly ttl: number;
  /** Made by this recipe, so that it ends with what the recipe holds. */
  readonly own: boolean;
}

/** What a recipe call holds. */
interface Held extends Memory {
  readonly holding: Holding;
}

/** Seconds. etcd: defaultSessionTTL. */
const defaultTtl = 60;

/** A new one, or that of an earlier call. */
export function* openSession(request: {readonly ttl?: number; readonly session?: number}): Recipe<Session> {
  if (request.session !== undefined) {
    const memory = yield* recall(request.session);
    return {lease: memory?.lease ?? refuse(recipeErrors.noSession), ttl: 0, own: false};
  }
  const {result} = yield* ask({kind: "leaseGrant", ttl: request.ttl ?? defaultTtl}, "leaseGrant");
  yield* keep(result.lease, result.ttl);
  return {lease: result.lease, ttl: result.ttl, own: true};
}

/** Ends it. If no member answers, the lease is left to run out. */
export function* closeSession(lease: LeaseId): Recipe<void> {
  yield* forget(lease);
  yield* tidy({kind: "leaseRevoke", lease});
}

/**
 * What is done within a session; if that fails and the session was made for it, the session ends as well, so that
 * nothing of it stays longer than its lease.
 */
export function* withSession<T>(
  request: {readonly ttl?: number; readonly session?: number},
  body: (session: Session) => Recipe<T>,
): Recipe<T> {
  const session = yield* openSession(request);
  try {
    return yield* body(session);
  } catch (error) {
    if (error instanceof RecipeError && session.own) yield* closeSession(session.lease);
    throw error;
  }
}

/** The frame of recipes that hold a key: `body` gets it within a session, and then it is told. */
export function* obtain(
  request: RecipeOf<HoldingResult["kind"]>,
  body: (session: Session) => Recipe<Holding>,
): Recipe<RecipeResult> {
  return yield* withSession(request, function* (session): Recipe<RecipeResult> {
    const holding = yield* body(session);
    yield* tell({kind: "holds", ...holding});
    return {kind: request.kind, ...holding};
  });
}

/** What call `of` holds; if that is nothing, the recipe fails with `error`. */
export function* heldBy(of: number, error: ApiError = recipeErrors.noHolding): Recipe<Held> {
  const memory = yield* recall(of);
  return memory?.holding === undefined ? refuse(error) : {...memory, holding: memory.holding};
}

/** Call `of` holds it no longer; a session of its own ends with it. */
export function* giveBack(of: number, {holding, ownSession}: Held): Recipe<void> {
  yield* release(of);
  if (ownSession) yield* closeSession(holding.lease);
}

/** The recipe "session". */
export function* session(request: RecipeOf<"session">): Recipe<RecipeResult> {
  const {lease, ttl} = yield* openSession(request);
  return {kind: "session", lease, ttl};
}

/** The recipes "orphan" and "close". A lease that is not found is closed already: etcd's client says it is not found. */
export function* endSession({kind, of}: RecipeOf<"orphan" | "close">): Recipe<RecipeResult> {
  const memory = yield* recall(of);
  if (memory?.lease === undefined) return refuse(recipeErrors.noSession);
  yield* forget(memory.lease);
  if (kind === "close") {
    const outcome = yield* attempt({kind: "leaseRevoke", lease: memory.lease});
    const isGone = outcome.kind === "ok" || outcome.error?.message === apiErrors.leaseNotFound.message;
    if (!isGone) throw failureOf(outcome);
  }
  return {kind};
}
