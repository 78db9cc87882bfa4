// A cluster that runs out of its quota, and comes back: nothing acknowledged is lost on the way.

import {describe, expect, it} from "vitest";
import {apiErrors} from "../../../core/server/request.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import type {Action} from "../../../sim/action.ts";
import {execute} from "../../../sim/execute.ts";
import type {Operation} from "../../../sim/history/operation.ts";
import type {World} from "../../../sim/world/world.ts";
import {act, leaderOf, makeWorld, ms, runTo, sound, until, untilLeader} from "../stage.ts";

const big = "v".repeat(300);
const noSpace = apiErrors.noSpace.message;
const members = [1, 2, 3];

function ask(op: string, to: number): Action {
  return {kind: "client", client: "c1", op, to: `n${to}`};
}

/** Asks, and goes on until the answer is there: `ok`, or the error. */
function asked(world: World, op: string, to = leaderOf(world)): string {
  const place = world.operations.length;
  act(world, ask(op, to));
  until(world, `an answer to ${op}`, () => world.operations[place]?.outcome !== undefined);
  return saidOf(world.operations[place]);
}

function saidOf(operation: Operation | undefined): string {
  const outcome = operation?.outcome;
  return outcome?.kind === "ok" ? "ok" : (outcome?.error?.message ?? "?");
}

function alarmsOf(world: World, id: number): readonly number[] | undefined {
  return world.members[id - 1]?.server?.alarms.map(({member}) => member);
}

function keysOf(world: World, id: number): readonly string[] {
  const found = world.members[id - 1]?.server?.store.range({kind: "range", key: "k", rangeEnd: "l"});
  return found?.ok === true ? found.value.kvs.map(({key}) => key) : [];
}

/** A cluster that was asked for more than it has room for, all at once. */
function filled(): {readonly world: World; readonly burst: readonly Operation[]} {
  const world = makeWorld({
    members: 3,
    spares: 1,
    raft: {snapshotEvery: 8, snapshotKeep: 1},
    store: {quotaBytes: 8 * 1024, commitOpsMax: 4},
  });
  untilLeader(world);
  const count = 24;
  for (let i = 0; i < count; i++) act(world, ask(`put k${String(i).padStart(2, "0")} ${big}`, (i % 3) + 1));
  until(world, "all answers", () => world.operations.every(({outcome}) => outcome !== undefined));
  const burst = world.operations.slice(0, count);
  runTo(world, world.now / ms + 500);
  return {world, burst};
}

/** Everything that was done to the world, once more and judged. */
function judged(world: World): ReturnType<typeof execute> {
  const run = {...world.recorded(), limits: {events: 100_000, until: world.now}};
  return execute(run, {versions: sound, checkers: standardChecks()});
}

/** Frees what all but six keys took, on every member. */
function freed(world: World): void {
  expect(asked(world, "del k06 --from-key")).toBe("ok");
  const revision = world.members[leaderOf(world) - 1]?.server?.store.currentRevision;
  expect(asked(world, `compact ${revision}`)).toBe("ok");
  runTo(world, world.now / ms + 500);
  for (const id of members) expect(asked(world, "defrag", id)).toBe("ok");
}

describe("a cluster over its quota", () => {
  it("refuses puts, serves reads, and takes puts again once there is room; nothing acknowledged is lost", () => {
    const {world, burst} = filled();
    const said = burst.map(saidOf);
    expect(new Set(said)).toEqual(new Set(["ok", noSpace]));
    expect(burst.every(({outcome}) => outcome?.kind !== "failed")).toBe(true);
    const acknowledged = said.filter((one) => one === "ok").length;
    // They were in the log before the alarm: those that were told of no room were done all the same.
    expect(acknowledged).toBeLessThan(burst.length);
    for (const id of members) expect(keysOf(world, id)).toHaveLength(burst.length);
    for (const id of members) {
      expect(alarmsOf(world, id)?.length).toBeGreaterThan(0);
      expect(asked(world, `put more ${big}`, id)).toBe(noSpace);
      expect(asked(world, "get k --prefix", id)).toBe("ok");
      expect(asked(world, "get k00 --consistency s", id)).toBe("ok");
    }
    freed(world);
    expect(asked(world, "put more 1")).toBe(noSpace);
    expect(asked(world, "alarm disarm", 2)).toBe("ok");
    for (const id of members) expect(asked(world, `put more${id} ${big}`, id)).toBe("ok");
    expect(asked(world, "get k --prefix")).toBe("ok");
    runTo(world, world.now / ms + 500);
    for (const id of members) expect(alarmsOf(world, id)).toEqual([]);
    const {verdict, violation} = judged(world);
    expect(violation).toBeUndefined();
    expect(verdict).toBe("pass");
  });

  it("is so still after a crash, on the member that comes back and on one that joins by a snapshot", () => {
    const {world} = filled();
    const alarms = alarmsOf(world, 1);
    const back = leaderOf(world) === 1 ? 2 : 1;
    act(world, {kind: "crash", member: `n${back}`});
    act(world, {kind: "restart", member: `n${back}`});
    expect(alarmsOf(world, back)).toEqual(alarms);
    expect(keysOf(world, back)).toEqual(keysOf(world, leaderOf(world)));
    expect(asked(world, "member add n4 --learner")).toBe("ok");
    act(world, {kind: "restart", member: "n4"});
    until(world, "a snapshot at n4", () => keysOf(world, 4).length > 0);
    expect(alarmsOf(world, 4)).toEqual(alarms);
    expect(world.members[3]?.server?.appliedIndex).toBe((world.members[3]?.server?.raft.firstIndex ?? 0) - 1);
    const led = leaderOf(world);
    act(world, {kind: "crash", member: `n${led}`});
    untilLeader(world);
    act(world, {kind: "restart", member: `n${led}`});
    expect(asked(world, `put more ${big}`)).toBe(noSpace);
    freed(world);
    expect(asked(world, "alarm disarm")).toBe("ok");
    expect(asked(world, "put more 1")).toBe("ok");
    expect(asked(world, "get k --prefix")).toBe("ok");
    until(world, "n4 to know", () => alarmsOf(world, 4)?.length === 0);
    const {verdict, violation} = judged(world);
    expect(violation).toBeUndefined();
    expect(verdict).toBe("pass");
  });
});
