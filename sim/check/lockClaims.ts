// What a lock is worth (etcd "Why etcd", "lock"; jepsen.io/analyses/etcd-3.4.3): its holders believe to be alone, and may be
// wrong, for a lease says nothing to one who does not look at its clock. What the store is asked to refuse, it refuses.

import type {Key} from "../../core/base/key.ts";
import {bytesOfKey, textOfBytes} from "../../core/base/key.ts";
import type {RecipeKind, RecipeRequest} from "../../core/client/recipes/recipe.ts";
import type {RecipeOperation} from "../history/operation.ts";
import type {WorldView} from "../view.ts";
import type {Checker, Violation} from "./checker.ts";
import {say} from "./words.ts";

/** From when to when a client took itself for the holder; open at the end: still. */
interface Holding {
  readonly operation: RecipeOperation;
  readonly name: Key;
  readonly from: number;
  readonly to: number | undefined;
  readonly fromTime: number;
  readonly toTime: number;
}

/** What may be held by one client alone: recipes that take it, and give it back; and what is said of two that hold it. */
interface Exclusive {
  readonly taken: ReadonlySet<RecipeKind>;
  readonly givenBack: "unlock" | "resign";
  readonly words: "twoHolders" | "twoElected";
}

const locks: Exclusive = {
  taken: new Set(["lock", "tryLock", "critical"]),
  givenBack: "unlock",
  words: "twoHolders",
};

const elections: Exclusive = {taken: new Set(["campaign"]), givenBack: "resign", words: "twoElected"};

/**
 * No two clients take themselves for the holder of one lock at the same time. NOT promised by a lock that rests on a lease (X1):
 * a check to be asked for, which a paused client breaks.
 */
export class MutualExclusion implements Checker {
  readonly name: string = "Mutual Exclusion";
  protected readonly of: Exclusive = locks;
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new (this.constructor as new () => MutualExclusion)();
    twin.count = this.count;
    return twin as this;
  }

  end(view: WorldView): Violation | undefined {
    const holdings = view.recipes
      .flatMap((operation) => holdingOf(operation, this.of, view))
      .toSorted((a, b) => a.from - b.from);
    this.count = holdings.length;
    const current = new Map<Key, Holding>();
    for (const holding of holdings) {
      const before = current.get(holding.name);
      if (before !== undefined && (before.to === undefined || before.to > holding.from)) {
        const [a, b] = [before.operation.client, holding.operation.client];
        const args = {
          a,
          b,
          name: textOfBytes(bytesOfKey(holding.name)),
          from: ms(before.fromTime),
          to: ms(before.toTime),
          since: ms(holding.fromTime),
        };
        const evidence = view.last === undefined ? [] : [view.last.id];
        return {check: this.name, said: say(this.of.words, args, [a, b]), evidence, step: holding.from};
      }
      current.set(holding.name, holding);
    }
    return undefined;
  }
}

/** The same of elections: no two clients take themselves for the elected. NOT promised either (X1), for an election is a lock whose keys have values. */
export class OneElected extends MutualExclusion {
  override readonly name = "One Elected";
  protected override readonly of = elections;
}

function holdingOf(
  operation: RecipeOperation,
  {taken, givenBack}: Exclusive,
  {recipes, now}: WorldView,
): readonly Holding[] {
  const {recipe, told, client, call, returned} = operation;
  if (!taken.has(recipe.kind) || !("name" in recipe)) return [];
  const holds = told.find((one) => one.told.kind === "holds");
  if (holds === undefined) return [];
  const session = "session" in recipe ? recipe.session : undefined;
  // Its session's end is the client's own wish too.
  const endsIt = (other: RecipeRequest): boolean =>
    (other.kind === givenBack && other.of === call) ||
    (other.kind === "close" && (other.of === call || other.of === session));
  const ends = [
    told.find((one) => one.told.kind === "lost" && one.moment.step > holds.moment.step)?.moment,
    recipe.kind === "critical"
      ? returned
      : recipes.find((one) => one.client === client && endsIt(one.recipe))?.invoked,
  ].filter((end) => end !== undefined);
  const end = ends.toSorted((a, b) => a.step - b.step)[0];
  return [
    {
      operation,
      name: recipe.name,
      from: holds.moment.step,
      to: end?.step,
      fromTime: holds.moment.at,
      toTime: end?.at ?? now,
    },
  ];
}

/** One fenced write of a counter. */
interface Fenced {
  readonly operation: RecipeOperation;
  readonly key: Key;
  readonly token: number;
  readonly read: number;
}

/**
 * Writes that are refused unless their lock is still held lose no update, and their tokens only rise: whatever the holders
 * believe, the store is asked. X1, with fencing.
 */
export class FencedWrites implements Checker {
  readonly name = "Fenced Writes";
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new FencedWrites();
    twin.count = this.count;
    return twin as this;
  }

  end(view: WorldView): Violation | undefined {
    this.count = 0;
    for (const key of keysOf(view.recipes)) {
      const writes = view.recipes
        .flatMap((operation) => fencedOf(operation, key))
        .toSorted((a, b) => a.token - b.token);
      this.count += writes.length;
      const said = wrongIn(writes);
      if (said !== undefined) {
        const evidence = view.last === undefined ? [] : [view.last.id];
        return {check: this.name, said, evidence, step: view.step};
      }
    }
    return undefined;
  }
}

/** Counters that only fenced writers write. */
function keysOf(recipes: readonly RecipeOperation[]): readonly Key[] {
  const fenced = new Set<Key>();
  const others = new Set<Key>();
  for (const {recipe} of recipes)
    if (recipe.kind === "critical") (recipe.fenced === true ? fenced : others).add(recipe.key);
  return [...fenced].filter((key) => !others.has(key)).toSorted();
}

function fencedOf(operation: RecipeOperation, key: Key): readonly Fenced[] {
  const {recipe, outcome} = operation;
  if (recipe.kind !== "critical" || recipe.key !== key || outcome?.kind !== "done") return [];
  const {result} = outcome;
  if (result.kind !== "critical" || result.refused || result.wrote === undefined) return [];
  return [{operation, key, token: result.token, read: result.read}];
}

/** In order of their tokens each has read what the one before wrote, or later. */
function wrongIn(writes: readonly Fenced[]): Violation["said"] | undefined {
  for (const [i, one] of writes.entries()) {
    const before = writes[i - 1];
    if (before === undefined || one.read > before.read) continue;
    const {client, call} = one.operation;
    const name = `op:${client}#${call}`;
    if (one.read === before.read)
      return say("updateLost", {client, operation: name, other: before.operation.client, read: one.read}, [
        name,
      ]);
    return say("tokenBack", {client, operation: name, token: before.token, before: one.token}, [name]);
  }
  return undefined;
}

function ms(micros: number): number {
  return Math.round(micros / 1000);
}
