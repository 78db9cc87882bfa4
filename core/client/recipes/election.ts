// An election (etcd client/v3/concurrency/election.go): a lock whose keys have values. The keys of `campaign db`:
//
//   db/694d…01   create 12   "n1"     leads; its token is 12
//   db/694d…07   create 15   "n2"     waits for the deletion of …01
//
// As in etcd, and unlike the lock: who has waited does not look whether its own key is still there, so that a campaign
// whose session ended while it waited succeeds all the same (a phantom leader; also when its key was deleted, #11777);
// a wait that breaks, other than by cancelling, keeps the key (#21128), until the session ends; a resignation that fails
// forgets all the same that it led (#22123). `observe` never says that nobody leads. Unlike etcd's, a campaign that is
// cancelled while it puts its new value deletes its key: etcd's has no context left to do so.

import type {Key, Value} from "../../base/key.ts";
import {prefixEnd} from "../../base/key.ts";
import type {Revision} from "../../base/quantity.ts";
import type {KeyValue} from "../../mvcc/kv.ts";
import {RecipeError} from "./await.ts";
import type {Recipe} from "./await.ts";
import type {Holding, RecipeOf, RecipeResult} from "./recipe.ts";
import {closeSession, heldBy, obtain} from "./session.ts";
import {
  eventsOf,
  getPrefix,
  guarded,
  kvsOf,
  leaseText,
  next,
  openWatch,
  put,
  recall,
  recipeErrors,
  refuse,
  release,
  revisionIs,
  shut,
  tell,
  tidy,
  txn,
  waitDeletes,
  waitFor,
} from "./steps.ts";

const firstCreated = {sortTarget: "create", sortOrder: "ascend", limit: 1} as const;

/** Waits until it leads. */
export function* campaign(request: RecipeOf<"campaign">): Recipe<RecipeResult> {
  return yield* obtain(request, function* ({lease}): Recipe<Holding> {
    const {name, value} = request;
    const prefix = `${name}/`;
    const key = prefix + leaseText(lease);
    const {header, result} = yield* txn(
      [revisionIs("create", key, 0)],
      [put(key, value, lease)],
      [{kind: "range", key}],
    );
    // The session has campaigned before: its key is there, perhaps with another value.
    const before = result.succeeded ? undefined : kvsOf(result.responses[0])[0];
    const holding: Holding = {key, revision: before?.createRevision ?? header.revision, lease};
    if (before !== undefined && !isEqual(before.value, value) && !(yield* takesValue(holding, value)))
      refuse(recipeErrors.notLeader);
    yield* waitToLead(prefix, holding);
    return holding;
  });
}

/** Whether the key of an earlier campaign is still there to take the new value. If that breaks, it resigns. */
function* takesValue(holding: Holding, value: Value): Recipe<boolean> {
  const {key, revision, lease} = holding;
  try {
    return (yield* guarded("create", key, revision, [put(key, value, lease)])).done;
  } catch (error) {
    if (error instanceof RecipeError) yield* deleteOwn(holding);
    throw error;
  }
}

function* waitToLead(prefix: Key, holding: Holding): Recipe<void> {
  try {
    yield* waitDeletes(prefix, holding.revision - 1);
  } catch (error) {
    if (error instanceof RecipeError && error.isCancellation) yield* deleteOwn(holding);
    throw error;
  }
}

/** Deletes the key if it is still the one that campaigned. */
function* deleteOwn({key, revision}: Holding): Recipe<void> {
  yield* tidy({
    kind: "txn",
    compare: [revisionIs("create", key, revision)],
    success: [{kind: "deleteRange", key}],
    failure: [],
  });
}

/** A new value; refused if it does not lead any more. */
export function* proclaim({of, value}: RecipeOf<"proclaim">): Recipe<RecipeResult> {
  const {key, revision, lease} = (yield* heldBy(of, recipeErrors.notLeader)).holding;
  const {done} = yield* guarded("create", key, revision, [put(key, value, lease)]);
  if (!done) {
    yield* release(of);
    refuse(recipeErrors.notLeader);
  }
  return {kind: "proclaim"};
}

/** Nothing to do if it does not lead. */
export function* resign({of}: RecipeOf<"resign">): Recipe<RecipeResult> {
  const memory = yield* recall(of);
  if (memory?.holding === undefined) return {kind: "resign"};
  const {key, revision, lease} = memory.holding;
  yield* release(of);
  yield* guarded("create", key, revision, [{kind: "deleteRange", key}]);
  if (memory.ownSession) yield* closeSession(lease);
  return {kind: "resign"};
}

export function* leader({name}: RecipeOf<"leader">): Recipe<RecipeResult> {
  const {result} = yield* getPrefix(`${name}/`, firstCreated);
  const kv = result.kvs[0] ?? refuse(recipeErrors.noLeader);
  return {kind: "leader", key: kv.key, value: kv.value, revision: kv.createRevision};
}

export function* observe({name}: RecipeOf<"observe">): Recipe<RecipeResult> {
  const prefix = `${name}/`;
  for (;;) {
    const {header, result} = yield* getPrefix(prefix, firstCreated);
    const found = result.kvs[0];
    const range = {key: prefix, rangeEnd: prefixEnd(prefix), startRevision: header.revision};
    const kv = found ?? (yield* waitFor("put", range)).kv;
    yield* tellLeader(kv);
    yield* follow(kv.key, (found === undefined ? kv.modRevision : header.revision) + 1);
  }
}

/** Tells each value of the leader's key until it is deleted. */
function* follow(key: Key, startRevision: Revision): Recipe<void> {
  const watch = yield* openWatch({kind: "watchCreate", key, startRevision});
  for (;;) {
    const response = yield* next(watch);
    if (response === undefined) return refuse(recipeErrors.lostWatcher);
    for (const {kind, kv} of eventsOf(response)) {
      if (kind === "delete") return yield* shut(watch);
      yield* tellLeader(kv);
    }
  }
}

function* tellLeader({key, value, createRevision}: KeyValue): Recipe<void> {
  yield* tell({kind: "leader", key, value, revision: createRevision});
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
