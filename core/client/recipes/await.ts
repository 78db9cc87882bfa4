// What a recipe may wait for. A recipe is a generator that yields an `Await` and is resumed with what came of it, so that
// the client machine runs it (../recipeRuns.ts), whoever carries its requests: a simulated world, or a connection.
//
//   function* deleteIt(key) {                    recipeRuns.ts
//     const outcome = yield* ask({kind: "deleteRange", key});     ──{request}──▶  sends it
//     …                                          ◀──{outcome}──  when it is settled
//
// A recipe keeps no time, draws nothing and remembers nothing outside itself: what it does follows from its arguments and
// from what it was resumed with. When its caller cancels it, what it waits for at that moment is answered with an error
// (`canceled`); it may then clean up, and what it waits for after that is answered as always. One that is cleaning up
// already is told in the same way, and must not go on as if it had not been (`tidy` in steps.ts).

import type {LeaseId, Micros} from "../../base/quantity.ts";
import type {ApiError, Request, Response} from "../../server/request.ts";
import type {WatchCreateRequest} from "../../watch/watch.ts";
import type {Outcome} from "../io.ts";
import type {Holding, LossReason, RecipeRequest, Told} from "./recipe.ts";

/** What a recipe waits for that does not change anything, so that several can be waited for at once. */
export type Wait =
  /** The next response of a watch that the recipe opened. None is lost by not waiting for it. */
  | {readonly kind: "next"; readonly watch: number}
  | {readonly kind: "sleep"; readonly micros: Micros}
  /** That a lease is not kept alive any more. */
  | {readonly kind: "lost"; readonly lease: LeaseId};

export type Await =
  | Wait
  | {readonly kind: "request"; readonly request: Request}
  /** Opens a watch and goes on at once. It resumes over broken connections without gap or repetition. */
  | {readonly kind: "open"; readonly request: WatchCreateRequest}
  /** Gives a watch up; goes on at once. */
  | {readonly kind: "shut"; readonly watch: number}
  /** The first of several; the others stay as they are. */
  | {readonly kind: "any"; readonly of: readonly Wait[]}
  /** By the client's own clock; goes on at once. */
  | {readonly kind: "now"}
  /** Keeps a lease alive from now on, also when the recipe is done; `ttl` in seconds. Goes on at once. */
  | {readonly kind: "keep"; readonly lease: LeaseId; readonly ttl: number}
  /** Stops that; goes on at once. */
  | {readonly kind: "forget"; readonly lease: LeaseId}
  /** What an earlier recipe call of this client made and holds; goes on at once. */
  | {readonly kind: "recall"; readonly call: number}
  /** That call's holding was given back; goes on at once. */
  | {readonly kind: "release"; readonly call: number}
  /** Says something; goes on at once. With `holds` it is also remembered as this call's holding. */
  | {readonly kind: "tell"; readonly told: Told};

/** What an earlier recipe of this client left behind. */
export interface Memory {
  readonly recipe: RecipeRequest;
  /** Absent: none, or it was given back. */
  readonly holding?: Holding;
  /** The lease of its session. */
  readonly lease?: LeaseId;
  /** Whether the session is its own, to be closed with it. */
  readonly ownSession: boolean;
}

/** What a wait ended with; `of` is its place in an `any`, 0 for a single one. */
export type Waited =
  | {readonly kind: "news"; readonly of: number; readonly response: Response}
  /** The watch is over: refused, or cancelled by the member (compacted). */
  | {readonly kind: "ended"; readonly of: number; readonly outcome: Outcome}
  | {readonly kind: "slept"; readonly of: number}
  | {readonly kind: "lost"; readonly of: number; readonly reason: LossReason}
  | {readonly kind: "canceled"};

export type Resumed =
  | Waited
  | {readonly kind: "outcome"; readonly outcome: Outcome}
  | {readonly kind: "opened"; readonly watch: number}
  | {readonly kind: "time"; readonly now: Micros}
  | {readonly kind: "memory"; readonly memory?: Memory}
  | {readonly kind: "done"};

/** A recipe's code: yields what it waits for, returns what came of it. `yield*` calls another. */
export type Recipe<T> = Generator<Await, T, Resumed>;

/** How a recipe ends early: it throws this. `maybe`: what it asked for last may have been done. */
export class RecipeError extends Error {
  readonly error: ApiError;
  readonly maybe: boolean;

  constructor(error: ApiError, maybe: boolean) {
    super(error.message);
    this.error = error;
    this.maybe = maybe;
  }

  /** By its caller. */
  get isCancellation(): boolean {
    return this.error.code === "Canceled";
  }
}
