// A lock for many readers or one writer (etcd client/v3/experimental/recipes/rwmutex.go).
//
//   doc/read/17190001    mod 12    a reader: waits for writers before it only
//   doc/write/17190005   mod 15    a writer: waits for all before it
//   doc/read/17190007    mod 19    a reader: waits for the writer
//
// As in etcd: nobody looks whether the own key is still there after the wait, so that one whose session ended while it
// waited has the lock all the same.

import type {Key} from "../../base/key.ts";
import type {Recipe} from "./await.ts";
import type {Holding, RecipeOf, RecipeResult} from "./recipe.ts";
import {obtain} from "./session.ts";
import {getPrefix, nothing, putUnique, tell, waitFor} from "./steps.ts";

/** Waits until it may read, or write. `unlock` gives it back. */
export function* readWriteLock(request: RecipeOf<"rlock" | "wlock">): Recipe<RecipeResult> {
  const {kind, name} = request;
  return yield* obtain(request, function* ({lease}): Recipe<Holding> {
    const mine = `${name}/${kind === "rlock" ? "read" : "write"}`;
    const holding: Holding = {...(yield* putUnique(mine, nothing, lease)), lease};
    yield* waitOnLast(kind === "rlock" ? `${name}/write` : `${name}/`, holding);
    return holding;
  });
}

/** Waits until no key under the prefix is older than the own one, for the last of them at a time. */
function* waitOnLast(prefix: Key, {revision}: Holding): Recipe<void> {
  for (;;) {
    const {result} = yield* getPrefix(prefix, {
      sortTarget: "mod",
      sortOrder: "descend",
      limit: 1,
      maxModRevision: revision - 1,
    });
    const before = result.kvs[0];
    if (before === undefined) return;
    yield* tell({kind: "waits", key: before.key});
    yield* waitFor("delete", {key: before.key, startRevision: revision});
  }
}
