// The client's small named decisions, so that a bug, or a person's own recipe, is a replacement and not a switch.

import type {ApiError, Request} from "../server/request.ts";
import {mayRepeat} from "./outcome.ts";
import type {Recipe} from "./recipes/await.ts";
import type {RecipeRequest, RecipeResult} from "./recipes/recipe.ts";
import {recipeOf} from "./recipes/recipes.ts";

export interface ClientRules {
  /** Whether to ask again by itself. A client that repeats a write after "Unavailable" loses updates (#14890). */
  readonly mayRepeat: (request: Request, error: ApiError) => boolean;
  /** A recipe's code, not yet started; the same each time. */
  readonly recipeOf: (recipe: RecipeRequest) => Recipe<RecipeResult>;
}

export const clientRules: ClientRules = {mayRepeat, recipeOf};
