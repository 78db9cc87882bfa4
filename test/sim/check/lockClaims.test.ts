// What two clients believe of one lock, and what fenced writers wrote, made by hand.

import {describe, expect, it} from "vitest";
import type {RecipeRequest, RecipeResult} from "../../../core/client/recipes/recipe.ts";
import {FencedWrites, MutualExclusion, OneElected} from "../../../sim/check/lockClaims.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import {execute} from "../../../sim/execute.ts";
import type {RecipeOperation} from "../../../sim/history/operation.ts";
import type {WorldView} from "../../../sim/view.ts";
import {at, makeRun, sound} from "../stage.ts";

const moment = (step: number): {step: number; at: number} => ({step, at: step * 1000});

interface Held {
  readonly client: string;
  readonly from: number;
  readonly to?: number;
  /** Told that its session is lost. */
  readonly lost?: number;
}

function locked(
  {client, from, to, lost}: Held,
  kind: "lock" | "campaign" = "lock",
): readonly RecipeOperation[] {
  const holding = {key: `jobs/${client}`, revision: from, lease: client} as const;
  const told = [
    {moment: moment(from), told: {kind: "holds", ...holding}} as const,
    ...(lost === undefined
      ? []
      : [{moment: moment(lost), told: {kind: "lost", lease: client, reason: "expired"}} as const]),
  ];
  const head = {client, call: from, invoked: moment(from - 1)};
  const recipe = kind === "lock" ? {kind, name: "jobs"} : {kind, name: "jobs", value: new Uint8Array()};
  const lock: RecipeOperation = {...head, recipe, told};
  if (to === undefined) return [lock];
  const back = kind === "lock" ? "unlock" : "resign";
  return [lock, {client, call: to, invoked: moment(to), recipe: {kind: back, of: from}, told: []}];
}

function view(recipes: readonly RecipeOperation[]): WorldView {
  return {recipes, now: 100_000, step: 100, last: undefined} as unknown as WorldView;
}

describe("Mutual Exclusion", () => {
  const judged = (...held: readonly Held[]): string | undefined =>
    new MutualExclusion().end(view(held.flatMap((one) => locked(one))))?.said.id;

  it("holds while one follows the other, or knows that it lost the lock", () => {
    expect(judged({client: "c1", from: 2, to: 5}, {client: "c2", from: 6})).toBeUndefined();
    expect(judged({client: "c1", from: 2, lost: 5}, {client: "c2", from: 6})).toBeUndefined();
  });

  it("is broken by two who take themselves for the holder", () => {
    expect(judged({client: "c1", from: 2, to: 9}, {client: "c2", from: 6, to: 7})).toBe("twoHolders");
    expect(judged({client: "c1", from: 2}, {client: "c2", from: 6})).toBe("twoHolders");
    expect(judged({client: "c1", from: 2, lost: 8}, {client: "c2", from: 6})).toBe("twoHolders");
  });

  it("holds where who held it closed the session under it", () => {
    const closing = (of: number): RecipeOperation =>
      ({client: "c1", call: 5, invoked: moment(5), recipe: {kind: "close", of}, told: []}) as RecipeOperation;
    const second = locked({client: "c2", from: 6});
    const [first] = locked({client: "c1", from: 2});
    const shared = {...first, recipe: {kind: "lock", name: "jobs", session: 1}} as RecipeOperation;
    const judge = (...recipes: readonly (RecipeOperation | undefined)[]): string | undefined =>
      new MutualExclusion().end(view(recipes.filter((one) => one !== undefined)))?.said.id;
    expect(judge(first, closing(2), ...second)).toBeUndefined();
    expect(judge(shared, closing(1), ...second)).toBeUndefined();
    expect(judge(shared, closing(3), ...second)).toBe("twoHolders");
  });
});

describe("One Elected", () => {
  const judged = (...held: readonly Held[]): string | undefined =>
    new OneElected().end(view(held.flatMap((one) => locked(one, "campaign"))))?.said.id;

  it("holds while one follows the other, and is broken by two at once", () => {
    expect(judged({client: "c1", from: 2, to: 5}, {client: "c2", from: 6})).toBeUndefined();
    expect(judged({client: "c1", from: 2, lost: 5}, {client: "c2", from: 6})).toBeUndefined();
    expect(judged({client: "c1", from: 2, to: 9}, {client: "c2", from: 6})).toBe("twoElected");
    expect(new MutualExclusion().end(view(locked({client: "c1", from: 2}, "campaign")))).toBeUndefined();
    const checker = new OneElected();
    checker.end(view(locked({client: "c1", from: 2}, "campaign")));
    expect([checker.fork().name, checker.fork().exercised()]).toEqual(["One Elected", 1]);
  });

  it("is broken in a run by a client that stands still longer than its lease lives", () => {
    const script = [
      at(1, 1200, {kind: "client", client: "c1", op: "elect chief a --ttl 1"}),
      at(2, 1500, {kind: "pauseClient", client: "c1"}),
      at(3, 1600, {kind: "client", client: "c2", op: "elect chief b --ttl 1"}),
      at(4, 7000, {kind: "resumeClient", client: "c1"}),
    ];
    const checkers = [...standardChecks(), new OneElected()];
    const {violation, checks} = execute(makeRun({script, until: 8000}), {versions: sound, checkers});
    expect(checks.at(-1)?.exercised).toBe(2);
    expect(violation).toMatchObject({
      check: "One Elected",
      said: {id: "twoElected", args: {a: "c1", b: "c2"}},
    });
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
