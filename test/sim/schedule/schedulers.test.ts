// Every scheduler keeps to the suite, and each does what it is for.

import {describe, expect, it} from "vitest";
import {present} from "../../../core/base/assert.ts";
import type {Pending} from "../../../sim/event.ts";
import {execute} from "../../../sim/execute.ts";
import {faultPlan} from "../../../sim/fault/plan.ts";
import {ExhaustiveSchedule} from "../../../sim/schedule/exhaustive.ts";
import {PctSchedule} from "../../../sim/schedule/pct.ts";
import {RandomSchedule} from "../../../sim/schedule/random.ts";
import {schedulerOf} from "../../../sim/schedule/schedule.ts";
import type {Schedule} from "../../../sim/schedule/schedule.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import {World} from "../../../sim/world/world.ts";
import {at, makeRun, ms, put, sound} from "../stage.ts";
import {conforms} from "./conformance.ts";

const window = 12 * ms;

const schedules: Readonly<Record<string, Schedule>> = {
  time: {kind: "time"},
  random: {kind: "random", seed: "1", window},
  PCT: {kind: "pct", seed: "1", depth: 4, steps: 500, window},
  "delay-bounded": {kind: "delay", seed: "1", delays: 40, steps: 500, window},
  fair: {kind: "fair", window},
};

for (const [name, schedule] of Object.entries(schedules))
  conforms(name, schedule.kind === "time" ? 0 : window, () => schedulerOf(schedule));

conforms("replayed", window, (run) => {
  const recorded = schedulerOf({kind: "random", seed: "2", window});
  const world = World.create(run, sound);
  for (let next = recorded.next(world); next !== undefined; next = recorded.next(world)) {
    if (next.due > run.limits.until || world.step >= run.limits.events) break;
    world.take(next);
  }
  expect(recorded.choices().length).toBeGreaterThan(100);
  return schedulerOf({kind: "choices", choices: recorded.choices()});
});

conforms("exhaustive", window, () => {
  // Not the first, which is time's order.
  let one: ExhaustiveSchedule = new ExhaustiveSchedule({depth: 50, window});
  for (let i = 0; i < 3; i++) {
    const world = World.create(makeRun({events: 150}), sound);
    while (world.step < 150) world.take(present(one.next(world), "an event"));
    one = present(one.following(), "another order");
  }
  return one;
});

describe("a run under a schedule", () => {
  const run = makeRun({seed: "asked", until: 1200, clients: 3, network: {reorder: true}});
  const script = faultPlan("asked", run.config, {until: 1000 * ms});

  it.each(Object.entries(schedules))("%s runs again from what was recorded of it", (_name, schedule) => {
    const director = new Mix({seed: "asked", until: 1000 * ms, operationsMax: 30});
    const done = execute({...run, script}, {versions: sound, director, schedule});
    expect(done.operations.length).toBeGreaterThan(15);
    expect(done.run.choices.length > 0).toBe(schedule.kind !== "time");
    const again = execute(done.run, {versions: sound});
    expect(again.traceHash).toBe(done.traceHash);
    expect(again.events).toBe(done.events);
    expect(again.skippedChoices).toEqual([]);
    expect(done.view.overtaken > 0).toBe(schedule.kind !== "time");
    expect(done.view.overtaken).toBeLessThanOrEqual(window);
    expect(again.view.overtaken).toBe(done.view.overtaken);
  });
});

describe("random and PCT", () => {
  const event = (lane: string, ordinal: number): Pending => {
    return {lane, ordinal, due: 0, seq: 0, cause: 0, payload: {kind: "tick", member: 1}};
  };
  const others = ["n1→n2", "n2→n1", "clock/n1", "actor/n3/apply", "c1→n2", "disk/n1/wal"].map((lane, i) =>
    event(lane, i + 1),
  );

  it("rank by name: what else is enabled moves nobody's rank", () => {
    for (let seed = 0; seed < 40; seed++) {
      for (const make of [
        () => new RandomSchedule({seed: `${seed}`, window}),
        () => new PctSchedule({seed: `${seed}`, depth: 1, steps: 1, window}),
      ]) {
        const [a, b, ...rest] = others as [Pending, Pending, ...Pending[]];
        const best = make().pick([a, b, ...rest]);
        const second = others.find((one) => one !== best) ?? a;
        for (const other of others) if (other !== best) expect(make().pick([other, best])).toBe(best);
        expect(make().pick([best, second])).toBe(best);
      }
    }
  });

  it("take different orders with different seeds", () => {
    const bests = new Set<Pending>();
    for (let seed = 0; seed < 60; seed++)
      bests.add(new RandomSchedule({seed: `${seed}`, window}).pick(others as [Pending, Pending]));
    expect(bests.size).toBe(others.length);
  });
});

describe("the exhaustive schedule", () => {
  const depth = 6;
  const near = 3 * ms;
  const run = makeRun({
    members: 1,
    clients: 2,
    seed: "small",
    script: [at(1, 30, put("c1", "x", "1")), at(1, 30, put("c2", "x", "2"))],
    until: 60,
  });

  /** The orders of the first decisions, by forks instead of by an odometer. */
  function orders(world: World, left: number): number {
    for (;;) {
      const base = world.next();
      if (base === undefined || base.due > run.limits.until || left === 0) return 1;
      const enabled =
        base.payload.kind === "script" || world.lastUnscripted === undefined ? [base] : world.enabled(near);
      if (enabled.length === 1) {
        world.take(base);
        continue;
      }
      let sum = 0;
      for (const event of enabled) {
        const twin = world.fork();
        twin.take(event);
        sum += orders(twin, left - 1);
      }
      return sum;
    }
  }

  it("takes every order once, and no other", () => {
    const seen = new Set<string>();
    let runs = 0;
    for (
      let one: ExhaustiveSchedule | undefined = new ExhaustiveSchedule({depth, window: near});
      one !== undefined;
      one = one.following()
    ) {
      const world = World.create(run, sound);
      for (
        let next = one.next(world);
        next !== undefined && next.due <= run.limits.until;
        next = one.next(world)
      )
        world.take(next);
      seen.add(JSON.stringify(one.choices()));
      runs++;
    }
    expect(runs).toBe(orders(World.create(run, sound), depth));
    expect(runs).toBeGreaterThan(30);
    expect(seen.size).toBe(runs);
  });
});
