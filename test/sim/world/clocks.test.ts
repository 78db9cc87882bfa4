import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {Clock, leastRate, mostRate} from "../../../sim/clock.ts";
import {World} from "../../../sim/world/world.ts";
import {at, makeRun, makeWorld, ms, put, sound, until} from "../stage.ts";

const rate = fc.integer({min: leastRate, max: mostRate});
const span = fc.integer({min: 0, max: 3_600_000_000});

/** A clock after some changes, and when the last of them was. */
const clocks = fc
  .array(fc.tuple(span, rate, fc.integer({min: 0, max: 1_000_000})), {maxLength: 4})
  .map((changes) => {
    let clock = Clock.true;
    let now = 0;
    for (const [later, another, by] of changes) {
      now += later;
      clock = clock.atRate(now, another).ahead(now, by);
    }
    return {clock, now};
  });

describe("a clock", () => {
  test("says the world's time until it is set", () => {
    fc.assert(
      fc.property(span, (time) => {
        expect(Clock.true.read(time)).toBe(time);
        expect(Clock.true.when(time)).toBe(time);
      }),
    );
  });

  test("never goes back, whatever is done to it", () => {
    fc.assert(
      fc.property(clocks, span, rate, ({clock, now}, later, another) => {
        const then = now + later;
        expect(clock.read(then)).toBeGreaterThanOrEqual(clock.read(now));
        expect(clock.atRate(then, another).read(then)).toBe(clock.read(then));
      }),
    );
  });

  test("comes to a time at the first moment at which it says it", () => {
    fc.assert(
      fc.property(clocks, span, ({clock, now}, left) => {
        const time = clock.read(now) + left + 1;
        const due = clock.when(time);
        expect(clock.read(due)).toBeGreaterThanOrEqual(time);
        expect(clock.read(due - 1)).toBeLessThan(time);
      }),
    );
  });

  test("counts micros of its own per second of the world's", () => {
    const fast = Clock.true.atRate(1000, 1_500_000);
    expect(fast.read(1000)).toBe(1000);
    expect(fast.read(2_001_000)).toBe(3_001_000);
    expect(fast.when(3_001_000)).toBe(2_001_000);
    expect(Clock.true.ahead(10, 5).read(10)).toBe(15);
  });
});

/** Ticks that the member has had by the end. */
function ticksOf(world: World, member: string, time: number): number {
  let count = 0;
  for (;;) {
    const next = world.next();
    if (next === undefined || next.due > time) return count;
    if (next.lane === `clock/${member}`) count++;
    world.take(next);
  }
}

describe("a member's clock", () => {
  test("at twice the rate it ticks twice as often", () => {
    const script = [at(1, 0, {kind: "clock", who: "n2", rate: 2_000_000})];
    const world = makeWorld({script, until: 5000});
    const other = makeWorld({script, until: 5000});
    expect(ticksOf(world, "n2", 2000 * ms)).toBeGreaterThan(1.95 * ticksOf(other, "n1", 2000 * ms));
  });

  test("that jumps ahead lets what waits run out", () => {
    const asked = at(1, 600, {kind: "split", groups: [["n1"], ["n2"], ["n3"]]});
    const script = [asked, at(2, 700, put("c1", "x", "1", "n1"))];
    const settled = (more: readonly ReturnType<typeof at>[]): number => {
      const world = makeWorld({
        script: [...script, ...more],
        until: 5000,
        client: {requestTimeout: 4_000_000},
      });
      until(world, "an answer", () => world.operations[0]?.returned !== undefined);
      return world.now;
    };
    expect(settled([])).toBeGreaterThan(1700 * ms);
    expect(settled([at(3, 800, {kind: "jump", who: "n1", by: 2_000_000})])).toBeLessThan(1000 * ms);
  });

  test("a clock that is set ahead and goes on truly changes nothing else: the run replays, and forks go on alike", () => {
    const script = [
      at(1, 300, {kind: "clock", who: "n1", rate: 1_300_000}),
      at(2, 500, put("c1", "x", "1")),
      at(3, 600, {kind: "clock", who: "c1", rate: 700_000}),
      at(4, 700, {kind: "jump", who: "n3", by: 90_000}),
      at(5, 900, put("c2", "y", "1")),
      at(6, 1200, {kind: "clock", who: "n1", rate: 1_000_000}),
    ];
    const run = makeRun({script, until: 2000});
    const straight = World.create(run, sound);
    const forked = World.create(run, sound);
    let twin = forked;
    while (straight.now < 1500 * ms) {
      const [next, same] = [straight.next(), twin.next()];
      if (next === undefined || same === undefined) break;
      straight.take(next);
      twin.take(same);
      twin = twin.fork();
    }
    expect(twin.hash).toBe(straight.hash);
    expect(twin.digest()).toBe(straight.digest());
    expect(straight.skipped).toEqual([]);
  });
});

describe("a client that is paused", () => {
  test("takes what arrived when it goes on, and its time has passed", () => {
    const script = [
      at(1, 600, put("c1", "x", "1")),
      at(2, 601, {kind: "pauseClient", client: "c1"}),
      at(3, 2000, {kind: "resumeClient", client: "c1"}),
    ];
    const world = makeWorld({script, until: 5000});
    until(world, "the pause", () => world.now >= 1900 * ms);
    expect(world.pausedClients).toEqual(["c1"]);
    expect(world.operations[0]?.returned).toBeUndefined();
    until(world, "the answer", () => world.operations[0]?.returned !== undefined);
    expect(world.now).toBeGreaterThanOrEqual(2000 * ms);
  });

  test("cannot be asked, paused again, or resumed twice", () => {
    const script = [
      at(1, 100, {kind: "resumeClient", client: "c1"}),
      at(2, 200, {kind: "pauseClient", client: "c1"}),
      at(3, 300, {kind: "pauseClient", client: "c1"}),
      at(4, 400, put("c1", "x", "1")),
    ];
    const world = makeWorld({script, until: 1000});
    until(world, "the end of the script", () => world.now >= 500 * ms);
    expect(world.skipped.map(({why}) => why)).toEqual(["notNow", "notNow", "notNow"]);
  });
});

test("a client's wake that was overtaken keeps its place when that for which it was meant is over, and something else is due as well", () => {
  const script = [
    at(1, 10, {kind: "pause", member: "n1"}),
    at(2, 20, {kind: "client", client: "c1", op: "get a", to: "n1"}),
    at(3, 30, {kind: "client", client: "c1", op: "get b", to: "n1"}),
  ];
  const world = makeWorld({members: 3, clients: 1, script, client: {requestTimeout: 700 * ms}});
  const wake = (): number | undefined => world.pending().find(({lane}) => lane === "client/c1")?.due;
  until(world, "time of the first call's end", () => world.now > 710 * ms);
  expect(wake()).toBe(720 * ms);
  while (world.now <= 730 * ms) {
    const other = present(
      world.enabled().find(({lane}) => lane !== "client/c1"),
      "another event",
    );
    world.overtake(other);
    world.take(other);
  }
  expect(wake()).toBe(720 * ms);
  world.act({do: {kind: "client", client: "c1", op: "cancel 1"}, origin: "outside"});
  expect(world.operations.map(({outcome}) => outcome?.kind)).toEqual(["failed", undefined]);
  expect(wake()).toBe(720 * ms);
});
