// Primary and standby of a service, on a lock and its token. The keys of `standby db n1`:
//
//   db/lock/694d…01   create 12     the primary's
//   db/lock/694d…07   create 15     the standby's: waits
//   db/primary        "n1"          written by the primary every beat: If create(db/lock/694d…01) = 12 Then put
//
//   standby ──lock──▶ primary ──the beat is refused, or the session is lost──▶ standby, with a new session
//
// A primary that stood still may believe in itself for a while; what it writes is refused.

import type {Micros} from "../../base/quantity.ts";
import {RecipeError} from "./await.ts";
import type {Recipe} from "./await.ts";
import {lockIn} from "./mutex.ts";
import type {Holding, RecipeOf, RecipeResult} from "./recipe.ts";
import {closeSession, withSession} from "./session.ts";
import {first, guarded, put, tell} from "./steps.ts";

const defaultBeat: Micros = 1_000_000;

/** Before it tries again after an error. */
const pause: Micros = 1_000_000;

export function* standby(request: RecipeOf<"standby">): Recipe<RecipeResult> {
  for (;;) {
    yield* tell({kind: "standby"});
    try {
      yield* oneTerm(request);
    } catch (error) {
      if (!(error instanceof RecipeError) || error.isCancellation) throw error;
      yield* first([{kind: "sleep", micros: pause}]);
    }
  }
}

/** From standby to primary and, at its end, no longer. */
function* oneTerm(request: RecipeOf<"standby">): Recipe<void> {
  const ttl = request.ttl === undefined ? {} : {ttl: request.ttl};
  yield* withSession(ttl, function* (session) {
    const holding = yield* lockIn(`${request.service}/lock`, session);
    yield* tell({kind: "holds", ...holding});
    yield* tell({kind: "primary", key: holding.key, token: holding.revision});
    yield* lead(request, holding);
    yield* closeSession(session.lease);
  });
}

/** Beats until one is refused or the session is lost. */
function* lead({service, value, beat = defaultBeat}: RecipeOf<"standby">, holding: Holding): Recipe<void> {
  for (;;) {
    const {done} = yield* guarded("create", holding.key, holding.revision, [
      put(`${service}/primary`, value),
    ]);
    if (!done) return;
    const waited = yield* first([
      {kind: "lost", lease: holding.lease},
      {kind: "sleep", micros: beat},
    ]);
    if (waited.kind === "lost") return;
  }
}
