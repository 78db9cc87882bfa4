// The client's small named decisions, so that a bug, or a person's own recipe, is a replacement and not a switch.

import type {Micros, Revision} from "../base/quantity.ts";
import type {ApiError, Request} from "../server/request.ts";
import type {Outcome} from "./io.ts";
import {mayRepeat, outcomeOf} from "./outcome.ts";
import type {Recipe} from "./recipes/await.ts";
import type {RecipeRequest, RecipeResult} from "./recipes/recipe.ts";
import {recipeOf} from "./recipes/recipes.ts";

export interface ClientRules {
  /** Whether to ask again by itself. A client that repeats a write after "Unavailable" loses updates (#14890). */
  readonly mayRepeat: (request: Request, error: ApiError) => boolean;
  /** What its caller is told after an error. A write that timed out may have been done, or may yet be (#17332). */
  readonly outcomeOf: (request: Request, error: ApiError) => Outcome;
  /** What a member is asked, for a call that asks for this. */
  readonly asked: (request: Request) => Request;
  /** The first revision of a watch from now on, when the member that created it was at `created`. */
  readonly watchBegins: (created: Revision) => Revision;
  /** The first revision that is still to come, once all of `last` was told. */
  readonly watchGoesOn: (last: Revision) => Revision;
  /** The first revision to ask for on another stream, where `next` is the first that was not told; 0: from now on. */
  readonly watchResumes: (next: Revision) => Revision;
  /** Until when a client takes a lease for alive that was granted or renewed for `ttl` at `answered`, by its own clock. */
  readonly believesUntil: (answered: Micros, ttl: Micros) => Micros;
  /** A recipe's code, not yet started; the same each time. */
  readonly recipeOf: (recipe: RecipeRequest) => Recipe<RecipeResult>;
}

export const clientRules: ClientRules = {
  mayRepeat,
  outcomeOf,
  asked: (request) => request,
  watchBegins: (created) => created + 1,
  watchGoesOn: (last) => last + 1,
  watchResumes: (next) => next,
  believesUntil: (answered, ttl) => answered + ttl,
  recipeOf,
};
