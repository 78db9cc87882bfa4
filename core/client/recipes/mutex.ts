// A lock (etcd client/v3/concurrency/mutex.go). Who waits is a key; the one created first holds the lock, and each waits
// for the deletion of the one before it only. The keys of `lock jobs`:
//
//   jobs/694d…01   create 12   lease 694d…01     holds the lock; its fencing token is 12
//   jobs/694d…07   create 15   lease 694d…07     waits for the deletion of …01
//   jobs/694d…05   create 19   lease 694d…05     waits for the deletion of …07
//
// A lock in etcd excludes nobody by itself: its holder may have lost its lease and not know (jepsen.io/analyses/etcd-3.4.3).
// `Compare(create(key) = token)` in the transaction that writes makes it safe (`isOwner`, and `fenced` in critical.ts).
//
// As in etcd: two locks on one session are one owner, since they have one key; waiting goes on when the waiter's own
// session ends, and only then finds out (#19597); unlocking deletes by name, so that a repeated one can delete a newer
// acquisition of the same session (#22082).

import type {Key} from "../../base/key.ts";
import type {Revision} from "../../base/quantity.ts";
import {RecipeError} from "./await.ts";
import type {Recipe} from "./await.ts";
import type {Holding, RecipeOf, RecipeResult} from "./recipe.ts";
import {giveBack, heldBy, obtain} from "./session.ts";
import type {Session} from "./session.ts";
import {
  ask,
  getKey,
  kvsOf,
  leaseText,
  nothing,
  prefixed,
  put,
  recipeErrors,
  refuse,
  revisionIs,
  tidy,
  txn,
  waitDeletes,
} from "./steps.ts";

interface Acquired extends Holding {
  /** It is the first: the lock is held. */
  readonly owns: boolean;
}

/** Puts the key of the session among those who want the lock, once. */
export function* tryAcquire(name: Key, {lease}: Session): Recipe<Acquired> {
  const prefix = `${name}/`;
  const key = prefix + leaseText(lease);
  const getOwner = prefixed(prefix, {sortTarget: "create", sortOrder: "ascend", limit: 1});
  const {header, result} = yield* txn(
    [revisionIs("create", key, 0)],
    [put(key, nothing, lease), getOwner],
    [{kind: "range", key}, getOwner],
  );
  const mine = result.succeeded ? undefined : kvsOf(result.responses[0])[0];
  const revision: Revision = mine?.createRevision ?? header.revision;
  const owner = kvsOf(result.responses[1])[0];
  return {key, revision, lease, owns: owner === undefined || owner.createRevision === revision};
}

/** Waits until the session holds the lock. */
export function* lockIn(name: Key, session: Session): Recipe<Holding> {
  const {owns, ...holding} = yield* tryAcquire(name, session);
  if (!owns && !(yield* waitForTurn(name, holding))) refuse(recipeErrors.sessionExpired);
  return holding;
}

/** Whether the own key is there when those before it are gone: the session may have ended meanwhile (Jepsen, #11456). */
function* waitForTurn(name: Key, {key, revision}: Holding): Recipe<boolean> {
  try {
    yield* waitDeletes(`${name}/`, revision - 1);
    return (yield* getKey(key)).kv !== undefined;
  } catch (error) {
    if (error instanceof RecipeError) yield* tidy({kind: "deleteRange", key});
    throw error;
  }
}

export function* lock(request: RecipeOf<"lock">): Recipe<RecipeResult> {
  return yield* obtain(request, (session) => lockIn(request.name, session));
}

/** Refused if another holds the lock. */
export function* tryLock(request: RecipeOf<"tryLock">): Recipe<RecipeResult> {
  return yield* obtain(request, function* (session): Recipe<Holding> {
    const {owns, ...holding} = yield* tryAcquire(request.name, session);
    if (owns) return holding;
    yield* ask({kind: "deleteRange", key: holding.key}, "deleteRange");
    return refuse(recipeErrors.locked);
  });
}

/** Deletes the key that call `of` made, whatever it is by now, and ends its session if it has one of its own. */
export function* unlock({of}: RecipeOf<"unlock">): Recipe<RecipeResult> {
  const held = yield* heldBy(of, recipeErrors.lockReleased);
  yield* ask({kind: "deleteRange", key: held.holding.key}, "deleteRange");
  yield* giveBack(of, held);
  return {kind: "unlock"};
}

/** What etcd's `IsOwner` compares, asked on its own. Its answer is of the past; within a transaction it is a guard. */
export function* isOwner({of}: RecipeOf<"isOwner">): Recipe<RecipeResult> {
  const {recipe, holding} = yield* heldBy(of);
  const target = recipe.kind === "register" ? "mod" : "create";
  const {result} = yield* txn([revisionIs(target, holding.key, holding.revision)], []);
  return {kind: "isOwner", isOwner: result.succeeded};
}
