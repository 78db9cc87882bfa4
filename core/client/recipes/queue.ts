// Queues (etcd client/v3/experimental/recipes/{queue,priority_queue,key}.go).
//
//   queue            jobs/1719000            "a"      named by the client's clock; first out: least mod revision
//   priority queue   jobs/00005/0000000000000000 "b"  priority, then a number that counts up; first out: least key
//                    __jobs/00005            ""       written with each new one, so that numbers do not clash
//
// Who takes one deletes it, if it is still as it was read. etcd's queue looks at all keys that begin with its name, so
// that `jobs2` would be in `jobs`; here both look behind the slash.

import type {Key} from "../../base/key.ts";
import {prefixEnd} from "../../base/key.ts";
import type {Revision} from "../../base/quantity.ts";
import type {Compare, RangeRequest} from "../../mvcc/kv.ts";
import type {Recipe} from "./await.ts";
import type {RecipeOf, RecipeResult} from "./recipe.ts";
import {getPrefix, guarded, nothing, put, putUnique, tell, txn, waitFor} from "./steps.ts";

export const priorityMax = 65535;

export function* enqueue({queue, value, priority}: RecipeOf<"enqueue">): Recipe<RecipeResult> {
  const added =
    priority === undefined
      ? yield* putUnique(queue, value, "")
      : yield* putSequential(`${queue}/${`${priority}`.padStart(5, "0")}`, (key) => put(key, value));
  return {kind: "enqueue", ...added};
}

/** A new key under the prefix, one behind the last. etcd: newSequentialKV. */
function* putSequential(
  prefix: Key,
  putAt: (key: Key) => ReturnType<typeof put>,
): Recipe<{readonly key: Key; readonly revision: Revision}> {
  const base = `__${prefix}`;
  for (;;) {
    const {header, result} = yield* getPrefix(prefix, {sortOrder: "descend", limit: 1});
    const last = result.kvs[0]?.key;
    const number = last === undefined ? 0 : Number(last.slice(last.lastIndexOf("/") + 1)) + 1;
    const key = `${prefix}/${`${number}`.padStart(16, "0")}`;
    // Without the base key: another adds number+1 and takes this one out again between the read and the write.
    const unchanged: Compare = {key: base, result: "<", target: {kind: "mod", value: header.revision + 1}};
    const added = yield* txn([unchanged], [put(base, nothing), putAt(key)]);
    if (added.result.succeeded) return {key, revision: added.header.revision};
  }
}

/** Takes the first; waits while there is none. */
export function* dequeue({queue, priority = false}: RecipeOf<"dequeue">): Recipe<RecipeResult> {
  const prefix = `${queue}/`;
  const firstOut: Partial<RangeRequest> = priority
    ? {sortOrder: "ascend", limit: 1}
    : {sortTarget: "mod", sortOrder: "ascend", limit: 1};
  for (;;) {
    const {header, result} = yield* getPrefix(prefix, firstOut);
    const found = result.kvs[0];
    if (found !== undefined && (yield* take(found)))
      return {kind: "dequeue", key: found.key, value: found.value};
    // Another was quicker.
    if (result.more) continue;
    yield* tell({kind: "waits", key: prefix});
    const {kv} = yield* waitFor("put", {
      key: prefix,
      rangeEnd: prefixEnd(prefix),
      startRevision: header.revision,
    });
    if (yield* take(kv)) return {kind: "dequeue", key: kv.key, value: kv.value};
  }
}

/** Whether it was this one that deleted it. */
function* take({key, modRevision}: {readonly key: Key; readonly modRevision: Revision}): Recipe<boolean> {
  const {done} = yield* guarded("mod", key, modRevision, [{kind: "deleteRange", key}]);
  return done;
}
