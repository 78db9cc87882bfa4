// Barriers (etcd client/v3/experimental/recipes/{barrier,double_barrier}.go).
//
//   barrier          gate                    held while the key is there; who waits goes on when it is deleted
//
//   double barrier   gate/waiters/17190001   one per client that entered, under its session's lease
//                    gate/waiters/17190007   the `count`-th puts …
//                    gate/ready              … this: all go in. They leave together: the first waits for the last to go,
//                                            all others delete their keys and wait for the first

import type {Key} from "../../base/key.ts";
import type {Revision} from "../../base/quantity.ts";
import type {KeyValue} from "../../mvcc/kv.ts";
import type {Recipe} from "./await.ts";
import type {Holding, RecipeOf, RecipeResult} from "./recipe.ts";
import {giveBack, heldBy, obtain} from "./session.ts";
import {
  ask,
  getKey,
  getPrefix,
  nothing,
  put,
  putNew,
  putUnique,
  recipeErrors,
  refuse,
  tell,
  waitFor,
} from "./steps.ts";

/** Refused if it is held. */
export function* barrierHold({name}: {readonly name: Key}): Recipe<RecipeResult> {
  if ((yield* putNew(name, nothing, "")) === undefined) refuse(recipeErrors.keyExists);
  return {kind: "barrierHold"};
}

export function* barrierRelease({name}: {readonly name: Key}): Recipe<RecipeResult> {
  yield* ask({kind: "deleteRange", key: name}, "deleteRange");
  return {kind: "barrierRelease"};
}

export function* barrierWait({name}: {readonly name: Key}): Recipe<RecipeResult> {
  const {header, kv} = yield* getKey(name);
  if (kv !== undefined) {
    yield* tell({kind: "waits", key: name});
    yield* waitFor("delete", {key: name, startRevision: header.revision + 1});
  }
  return {kind: "barrierWait"};
}

/** Waits until `count` have entered; refused if they have already. */
export function* enter(request: RecipeOf<"enter">): Recipe<RecipeResult> {
  const {name, count} = request;
  return yield* obtain(request, function* ({lease}): Recipe<Holding> {
    if ((yield* entered(name)).length >= count) refuse(recipeErrors.tooManyClients);
    const {key, revision} = yield* putUnique(waitersOf(name), nothing, lease);
    const holding: Holding = {key, revision, lease};
    const last = (yield* entered(name))[count - 1];
    if (last !== undefined && revision > last.createRevision) {
      yield* ask({kind: "deleteRange", key}, "deleteRange");
      refuse(recipeErrors.tooManyClients);
    }
    if (last?.createRevision === revision) yield* ask(put(readyOf(name), nothing), "put");
    else {
      yield* tell({kind: "waits", key: readyOf(name)});
      yield* waitFor("put", {key: readyOf(name), startRevision: revision});
    }
    return holding;
  });
}

/** Waits until all who entered leave. */
export function* leave({of}: RecipeOf<"leave">): Recipe<RecipeResult> {
  const held = yield* heldBy(of);
  const {recipe, holding} = held;
  if (recipe.kind !== "enter") return refuse(recipeErrors.noHolding);
  yield* leaveWith(recipe.name, holding.key);
  yield* giveBack(of, held);
  return {kind: "leave"};
}

function* leaveWith(name: Key, mine: Key): Recipe<void> {
  for (;;) {
    const waiters = [...(yield* entered(name))].sort((a, b) => a.modRevision - b.modRevision);
    const lowest = waiters[0];
    const highest = waiters.at(-1);
    if (lowest === undefined || highest === undefined) return;
    if (waiters.length === 1 && lowest.key === mine) {
      yield* ask({kind: "deleteRange", key: readyOf(name)}, "deleteRange");
      yield* ask({kind: "deleteRange", key: mine}, "deleteRange");
      return;
    }
    if (lowest.key === mine) {
      yield* waitForDelete(highest.key, highest.modRevision);
      continue;
    }
    yield* ask({kind: "deleteRange", key: mine}, "deleteRange");
    yield* waitForDelete(lowest.key, lowest.modRevision);
  }
}

function* waitForDelete(key: Key, startRevision: Revision): Recipe<void> {
  yield* tell({kind: "waits", key});
  yield* waitFor("delete", {key, startRevision});
}

function* entered(name: Key): Recipe<readonly KeyValue[]> {
  const {result} = yield* getPrefix(waitersOf(name), {sortTarget: "create", sortOrder: "ascend"});
  return result.kvs;
}

function waitersOf(name: Key): Key {
  return `${name}/waiters`;
}

function readyOf(name: Key): Key {
  return `${name}/ready`;
}
