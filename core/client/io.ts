// What goes into a client machine and what comes out. A client holds one stream per endpoint for calls, and one per
// watch; it numbers its streams from 0, and the world makes them distinct between clients. All calls of a client are
// numbered from 1 in the order in which they are made (`Client.nextCall`): those of its caller, its recipes, and the
// requests that recipes make.

import type {MemberId} from "../base/quantity.ts";
import type {ApiError, Metadata, Request, Response} from "../server/request.ts";
import type {RecipeRequest, RecipeResult, Told} from "./recipes/recipe.ts";

export type ClientInput =
  /** A person, a workload or a program asks. `call` is the operation's number at this client; `to` pins an endpoint. */
  | {
      readonly kind: "call";
      readonly call: number;
      readonly request: Request;
      readonly to?: MemberId;
      readonly metadata?: Metadata;
    }
  /** A recipe (recipes/recipe.ts). `call` is its number, as of a single request. */
  | {readonly kind: "recipe"; readonly call: number; readonly recipe: RecipeRequest}
  /** Stop a call: a watch is cancelled, another is given up and its outcome is unknown; a recipe cleans up first. */
  | {readonly kind: "cancel"; readonly call: number}
  | {readonly kind: "response"; readonly stream: number; readonly id: number; readonly response: Response}
  /** The connection broke: the member crashed or refused. `unused`: nothing that was sent on it ever left. */
  | {readonly kind: "closed"; readonly stream: number; readonly unused?: boolean}
  | {readonly kind: "wake"};

export type ClientEffect =
  | {readonly kind: "open"; readonly stream: number; readonly to: MemberId}
  | {
      readonly kind: "send";
      readonly stream: number;
      readonly id: number;
      readonly request: Request;
      readonly metadata?: Metadata;
    }
  | {readonly kind: "close"; readonly stream: number}
  /** The recipe of call `parent` asks for something, by a call of its own; comes before that is sent. */
  | {
      readonly kind: "invoked";
      readonly call: number;
      readonly parent: number;
      readonly request: Request;
    }
  /** A watch response for the call, in order; the call goes on. */
  | {readonly kind: "watched"; readonly call: number; readonly response: Response}
  | {readonly kind: "settled"; readonly call: number; readonly outcome: Outcome}
  /** News of the recipe of that call; also after it finished (its session was lost). */
  | {readonly kind: "told"; readonly call: number; readonly told: Told}
  /** A recipe's `settled`. */
  | {readonly kind: "finished"; readonly call: number; readonly outcome: RecipeOutcome};

/** `unknown`: it may have been done, may yet be done, or not. The table in outcome.ts says which errors are definite. */
export type Outcome =
  | {readonly kind: "ok"; readonly response: Response}
  | {readonly kind: "failed" | "unknown"; readonly error?: ApiError};

/** `failed`: it changed nothing that it did not undo. `unknown`: something of it may be left, at most until its lease ends. */
export type RecipeOutcome =
  | {readonly kind: "done"; readonly result: RecipeResult}
  | {readonly kind: "failed" | "unknown"; readonly error: ApiError};
