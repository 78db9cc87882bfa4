// What a lock is worth (etcd "Why etcd", "lock"; jepsen.io/analyses/etcd-3.4.3): its holders believe to be alone, and may be
// wrong, for a lease says nothing to one who does not look at its clock. What the store is asked to refuse, it refuses.

import type {Key} from "../../core/base/key.ts";
import {bytesOfKey, textOfBytes} from "../../core/base/key.ts";
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

/**
 * No two clients take themselves for the holder of one lock at the same time. NOT promised by a lock that rests on a lease (X1):
 * a check to be asked for, which a paused client breaks.
 */
export class MutualExclusion implements Checker {
  readonly name = "Mutual Exclusion";
  private count = 0;

  exercised(): number {
    return this.count;
  }

  fork(): this {
    const twin = new MutualExclusion();
    twin.count = this.count;
    return twin as this;
  }

  end(view: WorldView): Violation | undefined {
    const holdings = view.recipes
      .flatMap((operation) => holdingOf(operation, view.recipes, view))
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
        return {check: this.name, said: say("twoHolders", args, [a, b]), evidence, step: holding.from};
      }
      current.set(holding.name, holding);
    }
    return undefined;
  }
}

function holdingOf(
  operation: RecipeOperation,
  recipes: readonly RecipeOperation[],
  view: WorldView,
): readonly Holding[] {
  const {recipe, told, client, call, returned} = operation;
  if (recipe.kind !== "lock" && recipe.kind !== "tryLock" && recipe.kind !== "critical") return [];
  const holds = told.find((one) => one.told.kind === "holds");
  if (holds === undefined) return [];
  const ends = [
    told.find((one) => one.told.kind === "lost" && one.moment.step > holds.moment.step)?.moment,
    recipe.kind === "critical"
      ? returned
      : recipes.find((one) => one.client === client && one.recipe.kind === "unlock" && one.recipe.of === call)
          ?.invoked,
  ].filter((end) => end !== undefined);
  const end = ends.toSorted((a, b) => a.step - b.step)[0];
  return [
    {
      operation,
      name: recipe.name,
      from: holds.moment.step,
      to: end?.step,
      fromTime: holds.moment.at,
      toTime: end?.at ?? view.now,
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
