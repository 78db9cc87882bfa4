// A service registry: who offers a service, and where (the use of leases that etcd's own resolver is made for,
// client/v3/naming/endpoints). An instance is a key under its session's lease; who asks reads the prefix once, and then
// watches it from the next revision on.
//
//   web/a   "10.0.0.1:80"   mod 12   lease …01     kept alive by the instance itself
//   web/b   "10.0.0.2:80"   mod 15   lease …07     gone when b is silent for its time to live
//
// Registering again takes the key over, so that an instance that comes back need not wait for its old lease.

import type {Key} from "../../base/key.ts";
import {prefixEnd} from "../../base/key.ts";
import type {Revision} from "../../base/quantity.ts";
import type {Recipe} from "./await.ts";
import type {Holding, Instance, RecipeOf, RecipeResult} from "./recipe.ts";
import {giveBack, heldBy, obtain} from "./session.ts";
import {ask, eventsOf, getPrefix, guarded, next, openWatch, put, shut, tell} from "./steps.ts";

export function* register(request: RecipeOf<"register">): Recipe<RecipeResult> {
  return yield* obtain(request, function* ({lease}): Recipe<Holding> {
    const key = `${request.service}/${request.id}`;
    const {header} = yield* ask(put(key, request.address, lease), "put");
    return {key, revision: header.revision, lease};
  });
}

/** Takes it out, unless it was taken over. */
export function* deregister({of}: RecipeOf<"deregister">): Recipe<RecipeResult> {
  const held = yield* heldBy(of);
  const {key, revision} = held.holding;
  yield* guarded("mod", key, revision, [{kind: "deleteRange", key}]);
  yield* giveBack(of, held);
  return {kind: "deregister"};
}

/** Tells the instances, and again after each change. Read anew if the history in between was compacted. */
export function* discover({service}: RecipeOf<"discover">): Recipe<RecipeResult> {
  const prefix = `${service}/`;
  for (;;) {
    const {header, result} = yield* getPrefix(prefix);
    const instances = new Map<Key, Instance>();
    for (const {key, value, modRevision} of result.kvs)
      instances.set(key, {id: key.slice(prefix.length), address: value, revision: modRevision});
    yield* tellInstances(instances, header.revision);
    yield* follow(prefix, header.revision + 1, instances);
  }
}

/** Until the watch ends. */
function* follow(prefix: Key, startRevision: Revision, instances: Map<Key, Instance>): Recipe<void> {
  const watch = yield* openWatch({
    kind: "watchCreate",
    key: prefix,
    rangeEnd: prefixEnd(prefix),
    startRevision,
  });
  for (;;) {
    const response = yield* next(watch);
    if (response === undefined) return yield* shut(watch);
    let revision: Revision = 0;
    for (const {kind, kv} of eventsOf(response)) {
      revision = kv.modRevision;
      const id = kv.key.slice(prefix.length);
      if (kind === "delete") instances.delete(kv.key);
      else instances.set(kv.key, {id, address: kv.value, revision});
    }
    if (revision > 0) yield* tellInstances(instances, revision);
  }
}

function* tellInstances(instances: ReadonlyMap<Key, Instance>, revision: Revision): Recipe<void> {
  const byId = [...instances.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  yield* tell({kind: "instances", instances: byId, revision});
}
