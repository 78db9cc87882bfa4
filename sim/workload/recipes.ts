// A workload of recipes: every client asks for one after another, with few names, so that they meet.

import type {Micros} from "../../core/base/quantity.ts";
import {WorkloadDirector} from "./director.ts";
import type {Line, Load, Workload} from "./workload.ts";

export type RecipeLoad = "critical" | "counter" | "election" | "queue" | "registry";

export interface RecipeOptions {
  readonly seed: string;
  /** No recipe begins later. */
  readonly until: Micros;
  /** What is asked for; each client is given one, in turn. */
  readonly loads: readonly [RecipeLoad, ...RecipeLoad[]];
  /** Whether critical sections have their writes refused once their lock is lost. */
  readonly fenced?: boolean;
  /** Longest that a critical section is held. */
  readonly hold?: Micros;
  /** Seconds. */
  readonly ttl?: number;
  /** Longest time between two recipes of a client, and of a term of office. */
  readonly think?: Micros;
  /** How long the run goes on after `until`. */
  readonly linger?: Micros;
}

export function recipesOf(options: Omit<RecipeOptions, "seed">): Workload {
  const {until, loads, linger = 0} = options;
  return {
    loads: loads.map((name, nth) => ({...recipeLoad(name, options), by: {nth, of: loads.length}})),
    until,
    ...(linger === 0 ? {} : {linger}),
    // Recipes may wait for ever.
    ends: "time",
  };
}

function recipeLoad(
  name: RecipeLoad,
  {fenced = false, hold = 200_000, ttl = 1, think = 50_000}: Omit<RecipeOptions, "seed">,
): Omit<Load, "by"> {
  const pause = {least: 0, most: Math.max(0, think - 1)};
  const pace = {kind: "closed", think: pause} as const;
  const one = (...lines: readonly [Line, ...Line[]]): Omit<Load, "by"> => ({
    pace,
    asks: [{weight: 1, lines}],
  });
  switch (name) {
    case "critical":
      return one(`critical jobs n --ttl ${ttl} --hold {draw:1..${hold}}us${fenced ? " --fenced" : ""}`);
    case "counter":
      return {...one("stm add total 1 ; get {other} ; add {key} 1"), keys: ["n0", "n1"]};
    case "election":
      return one(`elect chief {client}.{n} --ttl ${ttl}`, {wait: pause}, "resign {callOf:chief}");
    case "queue":
      return {
        pace,
        order: "inTurn",
        asks: [
          {weight: 1, lines: ["enqueue work {client}.{n}"]},
          {weight: 1, lines: ["dequeue work"]},
        ],
        claims: [{claim: "queue", queue: "work"}],
      };
    case "registry":
      return one(`register web {client} 10.0.0.{n} --ttl ${ttl}`, {wait: pause}, "deregister {callOf:web}");
  }
}

export class RecipeLoads extends WorkloadDirector {
  constructor({seed, ...options}: RecipeOptions) {
    super(recipesOf(options), seed);
  }
}
