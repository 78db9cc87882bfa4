// A running recipe that can be forked. A generator cannot be: but what it does follows from its arguments and from what
// it was resumed with, so a twin is the list of that, run again when the twin is first resumed.
//
//   original   ask ──ok──▶ open ──7──▶ next ──news──▶ next            log  ok · 7 · news
//                                                      │ fork         (shared: a list that grows at its end only)
//   twin                                               └─ no generator; the same log
//              resumed with `lost`: made anew, given ok · 7 · news without looking at what it asks, then `lost`
//
// A fork that is only looked at, or thrown away, costs nothing.

import {assert} from "../../base/assert.ts";
import {Hasher} from "../../base/hasher.ts";
import {digestResponse} from "../../server/responseDigest.ts";
import type {Outcome} from "../io.ts";
import {RecipeError} from "./await.ts";
import type {Await, Recipe, Resumed} from "./await.ts";
import {digestPlain} from "../../base/plain.ts";
import type {Plain} from "../../base/plain.ts";

/** Where a recipe is after it was started or resumed. */
export type Step<T> =
  | {readonly kind: "waits"; readonly for: Await}
  | {readonly kind: "done"; readonly result: T}
  | {readonly kind: "failed"; readonly error: RecipeError};

interface Log {
  readonly value: Resumed;
  readonly before: Log | undefined;
}

export class Replayed<T> {
  private readonly make: () => Recipe<T>;
  private log: Log | undefined;
  /** Of the log. */
  private readonly hasher: Hasher;
  /** Absent: it is made when it is resumed. */
  private generator: Recipe<T> | undefined;

  /** `make` gives the same recipe each time. */
  constructor(make: () => Recipe<T>, hasher = new Hasher(), log?: Log) {
    this.make = make;
    this.hasher = hasher;
    this.log = log;
  }

  /** Once, before it is resumed. */
  start(): Step<T> {
    assert(this.generator === undefined && this.log === undefined, "a recipe is started once");
    this.generator = this.make();
    const {generator} = this;
    return step(() => generator.next());
  }

  resume(value: Resumed): Step<T> {
    const generator = (this.generator ??= this.replay());
    this.log = {value, before: this.log};
    digestResumed(value, this.hasher);
    return step(() => generator.next(value));
  }

  fork(): Replayed<T> {
    return new Replayed(this.make, this.hasher.fork(), this.log);
  }

  /** Two recipes that were resumed alike. Recipes that came to the same point on different ways differ. */
  digest(into: Hasher): void {
    for (const lane of this.hasher.lanes()) into.word(lane);
  }

  private replay(): Recipe<T> {
    const values: Resumed[] = [];
    for (let log = this.log; log !== undefined; log = log.before) values.push(log.value);
    const generator = this.make();
    generator.next();
    for (const value of values.reverse()) generator.next(value);
    return generator;
  }
}

function step<T>(go: () => IteratorResult<Await, T>): Step<T> {
  try {
    const {done, value} = go();
    return done === true ? {kind: "done", result: value} : {kind: "waits", for: value};
  } catch (error) {
    if (error instanceof RecipeError) return {kind: "failed", error};
    throw error;
  }
}

function digestResumed(value: Resumed, into: Hasher): void {
  into.string(value.kind);
  if (value.kind === "outcome") return digestOutcome(value.outcome, into);
  if (value.kind === "ended") {
    into.int(value.of);
    return digestOutcome(value.outcome, into);
  }
  if (value.kind === "news") {
    into.int(value.of);
    return digestResponse(value.response, into);
  }
  digestPlain(value as unknown as Plain, into);
}

export function digestOutcome(outcome: Outcome, into: Hasher): void {
  into.string(outcome.kind);
  if (outcome.kind === "ok") digestResponse(outcome.response, into);
  else into.string(outcome.error?.message ?? "");
}
