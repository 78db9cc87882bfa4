// Drawn recipes of every kind.

import fc from "fast-check";
import type {RecipeKind, RecipeOf, RecipeRequest} from "../../../core/client/recipes/recipe.ts";
import {isolations} from "../../../core/client/recipes/recipe.ts";
import {keyOfBytes} from "../../../core/base/key.ts";

const call = fc.integer({min: 1, max: 9});
const ttl = fc.integer({min: 2, max: 100});
const names = fc.constantFrom("jobs", "db", "a b");
const values = fc.uint8Array({maxLength: 4});
const held = fc.oneof(fc.record({ttl}, {requiredKeys: []}), fc.record({session: call}));
const micros = fc.integer({min: 1, max: 2_000_000});
const key = fc.oneof(
  fc.constantFrom("x", "n", "a b"),
  fc.uint8Array({minLength: 1, maxLength: 4}).map((bytes) => keyOfBytes(bytes)),
);
const stmOps = fc.oneof(
  fc.record({kind: fc.constantFrom("get" as const, "del" as const), key}),
  fc.record({kind: fc.constant("put" as const), key, value: values}),
  fc.record({kind: fc.constant("add" as const), key, by: fc.integer({min: -9, max: 9})}),
);

function withHeld<T extends object>(of: fc.Arbitrary<T>): fc.Arbitrary<T & {ttl?: number; session?: number}> {
  return fc.tuple(of, held).map(([one, under]) => ({...one, ...under}));
}

type Drawn = {readonly [K in RecipeKind]: fc.Arbitrary<RecipeOf<K> | RecipeRequest>};

const byKind: Drawn = {
  session: fc.record({kind: fc.constant("session" as const), ttl}, {requiredKeys: ["kind"]}),
  orphan: fc.record({kind: fc.constant("orphan" as const), of: call}),
  close: fc.record({kind: fc.constant("close" as const), of: call}),
  lock: withHeld(fc.record({kind: fc.constant("lock" as const), name: names})),
  tryLock: withHeld(fc.record({kind: fc.constant("tryLock" as const), name: names})),
  rlock: withHeld(fc.record({kind: fc.constant("rlock" as const), name: names})),
  wlock: withHeld(fc.record({kind: fc.constant("wlock" as const), name: names})),
  unlock: fc.record({kind: fc.constant("unlock" as const), of: call}),
  isOwner: fc.record({kind: fc.constant("isOwner" as const), of: call}),
  campaign: withHeld(fc.record({kind: fc.constant("campaign" as const), name: names, value: values})),
  proclaim: fc.record({kind: fc.constant("proclaim" as const), of: call, value: values}),
  resign: fc.record({kind: fc.constant("resign" as const), of: call}),
  leader: fc.record({kind: fc.constant("leader" as const), name: names}),
  observe: fc.record({kind: fc.constant("observe" as const), name: names}),
  stm: fc.record(
    {
      kind: fc.constant("stm" as const),
      isolation: fc.constantFrom(...isolations),
      prefetch: fc.array(key, {minLength: 1, maxLength: 2}),
      ops: fc.array(stmOps, {minLength: 1, maxLength: 4}),
      hold: micros,
    },
    {requiredKeys: ["kind", "ops"]},
  ),
  enqueue: fc.record(
    {
      kind: fc.constant("enqueue" as const),
      queue: names,
      value: values,
      priority: fc.integer({min: 0, max: 65535}),
    },
    {requiredKeys: ["kind", "queue", "value"]},
  ),
  dequeue: fc.record(
    {kind: fc.constant("dequeue" as const), queue: names, priority: fc.constant(true)},
    {requiredKeys: ["kind", "queue"]},
  ),
  barrierHold: fc.record({kind: fc.constant("barrierHold" as const), name: names}),
  barrierRelease: fc.record({kind: fc.constant("barrierRelease" as const), name: names}),
  barrierWait: fc.record({kind: fc.constant("barrierWait" as const), name: names}),
  enter: withHeld(
    fc.record({kind: fc.constant("enter" as const), name: names, count: fc.integer({min: 1, max: 4})}),
  ),
  leave: fc.record({kind: fc.constant("leave" as const), of: call}),
  register: withHeld(
    fc.record({kind: fc.constant("register" as const), service: names, id: names, address: values}),
  ),
  deregister: fc.record({kind: fc.constant("deregister" as const), of: call}),
  discover: fc.record({kind: fc.constant("discover" as const), service: names}),
  standby: fc.record(
    {kind: fc.constant("standby" as const), service: names, value: values, ttl, beat: micros},
    {requiredKeys: ["kind", "service", "value"]},
  ),
  critical: fc.record(
    {
      kind: fc.constant("critical" as const),
      name: names,
      key,
      ttl,
      hold: micros,
      fenced: fc.constant(true),
    },
    {requiredKeys: ["kind", "name", "key"]},
  ),
};

export const recipes: fc.Arbitrary<RecipeRequest> = fc.oneof(...Object.values(byKind));
