// What two clients believe of one lock, and what fenced writers wrote, made by hand.

import {describe, expect, it} from "vitest";
import type {RecipeRequest, RecipeResult} from "../../../core/client/recipes/recipe.ts";
import {FencedWrites, MutualExclusion} from "../../../sim/check/lockClaims.ts";
import type {RecipeOperation} from "../../../sim/history/operation.ts";
import type {WorldView} from "../../../sim/view.ts";

const moment = (step: number): {step: number; at: number} => ({step, at: step * 1000});

interface Held {
  readonly client: string;
  readonly from: number;
  readonly to?: number;
  /** Told that its session is lost. */
  readonly lost?: number;
}

function locked({client, from, to, lost}: Held): readonly RecipeOperation[] {
  const holding = {key: `jobs/${client}`, revision: from, lease: client} as const;
  const told = [
    {moment: moment(from), told: {kind: "holds", ...holding}} as const,
    ...(lost === undefined
      ? []
      : [{moment: moment(lost), told: {kind: "lost", lease: client, reason: "expired"}} as const]),
  ];
  const head = {client, call: from, invoked: moment(from - 1)};
  const lock: RecipeOperation = {...head, recipe: {kind: "lock", name: "jobs"}, told};
  if (to === undefined) return [lock];
  return [lock, {client, call: to, invoked: moment(to), recipe: {kind: "unlock", of: from}, told: []}];
}

function view(recipes: readonly RecipeOperation[]): WorldView {
  return {recipes, now: 100_000, step: 100, last: undefined} as unknown as WorldView;
}

describe("Mutual Exclusion", () => {
  const judged = (...held: readonly Held[]): string | undefined =>
    new MutualExclusion().end(view(held.flatMap(locked)))?.said.id;

  it("holds while one follows the other, or knows that it lost the lock", () => {
    expect(judged({client: "c1", from: 2, to: 5}, {client: "c2", from: 6})).toBeUndefined();
    expect(judged({client: "c1", from: 2, lost: 5}, {client: "c2", from: 6})).toBeUndefined();
  });

  it("is broken by two who take themselves for the holder", () => {
    expect(judged({client: "c1", from: 2, to: 9}, {client: "c2", from: 6, to: 7})).toBe("twoHolders");
    expect(judged({client: "c1", from: 2}, {client: "c2", from: 6})).toBe("twoHolders");
    expect(judged({client: "c1", from: 2, lost: 8}, {client: "c2", from: 6})).toBe("twoHolders");
  });
});

describe("Fenced Writes", () => {
  const section = (token: number, read: number, more: Partial<RecipeResult> = {}): RecipeOperation => {
    const recipe: RecipeRequest = {kind: "critical", name: "jobs", key: "n", fenced: true};
    const result = {
      kind: "critical",
      key: `jobs/${token}`,
      token,
      read,
      wrote: read + 1,
      refused: false,
      ...more,
    };
    const outcome = {kind: "done", result: result as RecipeResult} as const;
    return {client: `c${token}`, call: 1, invoked: moment(token), recipe, outcome, told: []};
  };
  const judged = (...sections: readonly RecipeOperation[]): string | undefined =>
    new FencedWrites().end(view(sections))?.said.id;

  it("holds where each has read what the one before wrote, and others were refused", () => {
    expect(judged(section(2, 0), section(3, 1), section(7, 2))).toBeUndefined();
    expect(judged(section(2, 0), section(3, 0, {refused: true}), section(7, 1))).toBeUndefined();
  });

  it("is broken by an update that is lost, and by a token that goes back", () => {
    expect(judged(section(2, 0), section(3, 0))).toBe("updateLost");
    expect(judged(section(2, 1), section(3, 0))).toBe("tokenBack");
  });
});
