// What clients saw: the evidence for linearizability and for the watch guarantees. Real-time order is by step.

import type {Micros} from "../../core/base/quantity.ts";
import type {Outcome, RecipeOutcome} from "../../core/client/io.ts";
import type {RecipeRequest, Told} from "../../core/client/recipes/recipe.ts";
import type {Request, Response} from "../../core/server/request.ts";

export interface Moment {
  readonly step: number;
  readonly at: Micros;
}

/** A response that a watch's client got, and when. */
export interface WatchedResponse {
  readonly moment: Moment;
  readonly response: Response;
}

/** One call of one client. Named `op:c1#4`, or `op:#name` by its `as`. */
export interface Operation {
  readonly client: string;
  /** Counts the client's calls from 1. */
  readonly call: number;
  readonly as?: string;
  /** The call of the recipe that asked for it. */
  readonly parent?: number;
  readonly request: Request;
  /** That the caller said along: whom it asks as. */
  readonly token?: string;
  readonly invoked: Moment;
  /** Set with `outcome` once it settled; a watch settles when it is cancelled. */
  readonly returned?: Moment;
  readonly outcome?: Outcome;
  /** A watch's responses, in the order the client got them. */
  readonly watched: readonly WatchedResponse[];
}

/** A recipe that one client was asked for. What it asked for itself are operations, with its call as their parent. */
export interface RecipeOperation {
  readonly client: string;
  /** Counted together with the client's operations. */
  readonly call: number;
  readonly as?: string;
  readonly recipe: RecipeRequest;
  readonly invoked: Moment;
  readonly returned?: Moment;
  readonly outcome?: RecipeOutcome;
  /** What it told, in order; also after it returned. */
  readonly told: readonly {readonly moment: Moment; readonly told: Told}[];
}
