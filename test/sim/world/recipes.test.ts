import {describe, expect, test} from "vitest";
import {keyOfBytes} from "../../../core/base/key.ts";
import type {RecipeResult} from "../../../core/client/recipes/recipe.ts";
import type {Action} from "../../../sim/action.ts";
import type {World} from "../../../sim/world/world.ts";
import {act, makeWorld, runTo, until, untilLeader} from "../stage.ts";

const second = 1000;

function ask(world: World, client: string, op: string): number {
  const action: Action = {kind: "client", client, op};
  act(world, action);
  return world.recipes.at(-1)?.call ?? 0;
}

/** Its outcome in short: what of its result says most. */
function outcomeOf(world: World, client: string, call: number): RecipeResult | string | undefined {
  const found = world.recipes.find((one) => one.client === client && one.call === call);
  const outcome = found?.outcome;
  if (outcome === undefined) return undefined;
  return outcome.kind === "done" ? outcome.result : `${outcome.kind} ${outcome.error.message}`;
}

function run(world: World, client: string, op: string): RecipeResult | string | undefined {
  const call = ask(world, client, op);
  until(world, op, () => outcomeOf(world, client, call) !== undefined);
  return outcomeOf(world, client, call);
}

function valueOf(world: World, key: string): string | undefined {
  const server = world.members.find(({id}) => id === untilLeader(world))?.server;
  const found = server?.store.range({kind: "range", key});
  const kv = found?.ok === true ? found.value.kvs[0] : undefined;
  return kv && keyOfBytes(kv.value);
}

describe("recipes against a cluster", () => {
  test("a lock passes to the next when its holder stands still past its lease", () => {
    const world = makeWorld({until: 60_000});
    untilLeader(world);
    const held = run(world, "c1", "lock jobs --ttl 3");
    expect(held).toMatchObject({kind: "lock"});
    act(world, {kind: "pauseClient", client: "c1"});
    expect(run(world, "c2", "lock jobs --ttl 3")).toMatchObject({kind: "lock"});
    act(world, {kind: "resumeClient", client: "c1"});
    runTo(world, world.now / 1000 + 2 * second);
    expect(world.recipes[0]?.told.map(({told}) => told.kind)).toEqual(["holds", "lost"]);
    expect(run(world, "c1", "is-owner 1")).toEqual({kind: "isOwner", isOwner: false});
  });

  test("a lock is kept over a change of leader", () => {
    const world = makeWorld({until: 60_000});
    const leader = untilLeader(world);
    run(world, "c1", "lock jobs --ttl 3");
    act(world, {kind: "crash", member: `n${leader}`});
    untilLeader(world);
    const waiter = ask(world, "c2", "lock jobs --ttl 3");
    runTo(world, world.now / 1000 + 12 * second);
    expect(outcomeOf(world, "c2", waiter)).toBeUndefined();
    expect(run(world, "c1", "is-owner 1")).toEqual({kind: "isOwner", isOwner: true});
    run(world, "c1", "unlock 1");
    until(world, "the waiter's turn", () => outcomeOf(world, "c2", waiter) !== undefined);
  });

  test("additions by STM are never lost, with a leader lost in between", () => {
    const world = makeWorld({until: 60_000});
    const leader = untilLeader(world);
    const calls = [1, 2, 3, 4].flatMap((i) =>
      ["c1", "c2"].map((client) => {
        if (i === 3 && client === "c1") act(world, {kind: "crash", member: `n${leader}`});
        return {client, call: ask(world, client, "stm add n 1")};
      }),
    );
    until(world, "all ends", () =>
      calls.every(({client, call}) => outcomeOf(world, client, call) !== undefined),
    );
    const ends = calls.map(({client, call}) => outcomeOf(world, client, call));
    const done = ends.filter((end) => typeof end !== "string").length;
    const unknown = ends.filter((end) => typeof end === "string" && end.startsWith("unknown")).length;
    const sum = Number(valueOf(world, "n") ?? "0");
    expect(sum).toBeGreaterThanOrEqual(done);
    expect(sum).toBeLessThanOrEqual(done + unknown);
    expect(done).toBeGreaterThan(0);
  });

  test("a fork of a world with recipes on their way goes on as the original does", () => {
    const world = makeWorld({until: 60_000});
    untilLeader(world);
    ask(world, "c1", "critical jobs n --ttl 3 --hold 500ms");
    ask(world, "c2", "critical jobs n --ttl 3 --hold 500ms --fenced");
    ask(world, "c2", "observe db");
    ask(world, "c1", "elect db a --ttl 3");
    runTo(world, world.now / 1000 + 300);
    const twin = world.fork();
    const end = world.now / 1000 + 5 * second;
    runTo(world, end);
    runTo(twin, end);
    expect(twin.hash).toBe(world.hash);
    expect(twin.digest()).toBe(world.digest());
    expect(twin.recipes).toEqual(world.recipes);
    expect(valueOf(world, "n")).toBe("2");
  });
});
