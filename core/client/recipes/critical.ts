// A critical section, for experiments with what a lock promises: take the lock, read a counter, do something for a while,
// write one more, give the lock back.
//
//   lock jobs ──▶ token 12 ── get n ──▶ 4 ── hold ── plain:   put n 5                                        ── unlock
//                                                    fenced:  If create(jobs/694d…01)=12 Then put n 5
//
// It looks at nothing but its own steps while it holds: if its session ends meanwhile (a pause, a clock, a partition),
// another has the lock as well, and the plain put writes over what that one wrote. The fenced one is refused.

import type {Key} from "../../base/key.ts";
import {bytesOfKey} from "../../base/key.ts";
import type {Recipe} from "./await.ts";
import {lockIn} from "./mutex.ts";
import type {Holding, RecipeOf, RecipeResult} from "./recipe.ts";
import {closeSession, withSession} from "./session.ts";
import {numberOf} from "./stm.ts";
import {ask, getKey, guarded, put, sleep, tell, tidy} from "./steps.ts";

export function* critical(request: RecipeOf<"critical">): Recipe<RecipeResult> {
  const {name, key, hold = 0, fenced = false} = request;
  return yield* withSession(request, function* (session): Recipe<RecipeResult> {
    const holding = yield* lockIn(name, session);
    yield* tell({kind: "holds", ...holding});
    const {kv} = yield* getKey(key);
    const read = numberOf(kv?.value);
    if (hold > 0) yield* sleep(hold);
    const written = yield* write(key, read + 1, fenced ? holding : undefined);
    yield* tidy({kind: "deleteRange", key: holding.key});
    yield* closeSession(session.lease);
    return {
      kind: "critical",
      key: holding.key,
      token: holding.revision,
      read,
      ...(written ? {wrote: read + 1} : {}),
      refused: !written,
    };
  });
}

/** Whether it was done. */
function* write(key: Key, number: number, fence: Holding | undefined): Recipe<boolean> {
  const op = put(key, bytesOfKey(`${number}`));
  if (fence !== undefined) return (yield* guarded("create", fence.key, fence.revision, [op])).done;
  yield* ask(op, "put");
  return true;
}
