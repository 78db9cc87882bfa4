// Going back is running again (law 2): any moment is the one that a straight run came through, and a branch leaves what
// it forked from as it was.

import {describe, expect, it} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import {execute} from "../../../sim/execute.ts";
import {faultPlan} from "../../../sim/fault/plan.ts";
import {Checkpoints} from "../../../sim/timeline/checkpoints.ts";
import type {Life} from "../../../sim/timeline/life.ts";
import {Timeline} from "../../../sim/timeline/timeline.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import {World} from "../../../sim/world/world.ts";
import {at, makeRun, ms, put, sound, take} from "../stage.ts";

const script = [
  at(1, 400, put("c1", "x", "1")),
  at(2, 800, {kind: "crash", member: "n1"}),
  at(3, 1100, {kind: "restart", member: "n1"}),
];

function opened(until = 5000): Timeline {
  return Timeline.open(makeRun({script, until}), {versions: sound});
}

/** With faults, clients and checks. */
function busy(): Timeline {
  const run = makeRun({members: 3, clients: 2, until: 4000});
  const plan = faultPlan("3", run.config, {until: 2000 * ms});
  const director = new Mix({seed: "3", until: 2000 * ms});
  return Timeline.open({...run, script: plan}, {versions: sound, director, checkers: standardChecks()});
}

function stateAt(timeline: Timeline, step: number): string {
  const {view} = timeline.seek(step);
  return (view as World).digest();
}

describe("seeking", () => {
  it("finds the state of a straight run, from the left, from the right and by steps back", () => {
    const timeline = opened();
    timeline.runTo({step: 1500});
    const straight = World.create(makeRun({script, until: 5000}), sound);
    const digests = [straight.digest()];
    for (let step = 1; step <= 1500; step++) {
      take(straight, 1);
      digests.push(step % 10 === 0 ? straight.digest() : "");
    }
    for (const step of [0, 10, 700, 1490, 1500, 30, 1200, 1190, 1180, 1170, 20, 260, 250, 510]) {
      expect(stateAt(timeline, step), `step ${step}`).toBe(digests[step]);
    }
  });

  it("finds the same moment and reports with a director and checks", () => {
    const timeline = busy();
    timeline.runTo({step: 900});
    const seen = [stateAt(timeline, 700), timeline.seek(700).checks, timeline.record(700)];
    timeline.runTo({step: 2500});
    timeline.seek(40);
    expect([stateAt(timeline, 700), timeline.seek(700).checks, timeline.record(700)]).toEqual(seen);
  });

  it("goes by time and by name too", () => {
    const timeline = opened();
    expect(timeline.runTo({time: 900 * ms}, 10)).toBe(false);
    expect(timeline.runTo({time: 900 * ms})).toBe(true);
    expect(timeline.now).toBeLessThanOrEqual(900 * ms);
    expect(timeline.nextDue).toBeGreaterThan(900 * ms);
    expect(timeline.stepAt(timeline.now)).toBe(timeline.length);
    expect(timeline.stepAt(0)).toBe(0);
    const record = present(timeline.record(300), "event 300");
    expect(timeline.stepOf(record.id)).toBe(300);
    expect(timeline.stepAt(record.at)).toBeGreaterThanOrEqual(300);
    expect(timeline.stepOf("n1→n2#9999")).toBeUndefined();
  });
});

describe("a branch", () => {
  it("leaves its parent's chain as it was and shares what came before", () => {
    const timeline = busy();
    timeline.runTo({step: 1200});
    const before = timeline.records.map((_, i) => timeline.hashAt(i + 1));
    const made = timeline.branch(500, {
      do: {kind: "split", groups: [["n1"], ["n2", "n3"]]},
      origin: "person",
    });
    if (!made.ok) throw new Error(made.error);
    const branch = made.value;
    branch.runTo({step: 1200});
    expect(timeline.records.map((_, i) => timeline.hashAt(i + 1))).toEqual(before);
    expect(branch.records.slice(0, 500).map((_, i) => branch.hashAt(i + 1))).toEqual(before.slice(0, 500));
    expect(branch.hashAt(501)).not.toBe(before[500]);
    expect(branch.forkedFrom).toMatchObject({parent: "main", step: 500, event: timeline.record(500)?.id});
    // The past of the branch is the parent's; behind the fork it is its own.
    expect(stateAt(branch, 400)).toBe(stateAt(timeline, 400));
    for (const step of [500, 501, 505, 511, 620, branch.length]) {
      expect((branch.seek(step).view as World).hash, `step ${step}`).toBe(branch.hashAt(step));
    }
    const there = stateAt(branch, 700);
    stateAt(branch, 20);
    expect(stateAt(branch, 700)).toBe(there);
  });

  it("may be acted upon at its front, again and again, and any moment behind is reached as it was", () => {
    const timeline = busy();
    timeline.runTo({step: 900});
    const branch = timeline.fork(600, "a console");
    expect([branch.length, branch.id === timeline.id]).toEqual([600, false]);
    const acts: number[] = [];
    for (let i = 0; i < 5; i++) {
      // A look behind the front leaves lives on the way, which must be told of what is done later.
      branch.seek(Math.max(1, branch.length - 40));
      acts.push(present(branch.act({do: put("c1", "mine", `${i}`), origin: "person"}), "an act").step);
      branch.runTo({step: branch.length + 50});
    }
    expect(branch.act({do: {kind: "crash", member: "n9"}, origin: "person"})).toBeUndefined();
    expect(branch.whyNot).toBe("unknownName");
    for (const step of [...acts, 580, ...acts.map((one) => one + 7)].reverse())
      expect((branch.seek(step).view as World).hash, `step ${step}`).toBe(branch.hashAt(step));
    expect(branch.acts().map(({do: action}) => action.kind)).toEqual(acts.map(() => "client"));
    const other = branch.fork(present(acts[2], "the third act"), "elsewhere");
    other.runTo({step: other.length + 100});
    for (const step of [acts[1] ?? 0, other.length])
      expect((other.seek(step).view as World).hash).toBe(other.hashAt(step));
  });

  it("is a run of its own: recorded, it runs again to the same chain", () => {
    const timeline = busy();
    timeline.runTo({step: 1000});
    const first = timeline.branch(600, {do: put("c1", "mine", "1"), origin: "person"});
    if (!first.ok) throw new Error(first.error);
    first.value.runTo({step: 900});
    const second = first.value.branch(800, {do: {kind: "cut", from: "n1", to: "n2"}, origin: "person"});
    if (!second.ok) throw new Error(second.error);
    const branch = second.value;
    branch.runTo({time: Number.MAX_SAFE_INTEGER});
    const run = branch.recordedRun();
    expect(branch.acts().map(({do: done}) => done.kind)).toEqual(["client", "cut"]);
    expect(execute(run, {versions: sound}).traceHash).toBe(branch.hashAt(branch.length));
  });

  it("has an id that the parent, the fork and the action make", () => {
    const timeline = opened();
    timeline.runTo({step: 600});
    const id = (step: number, member: string): string => {
      const made = timeline.branch(step, {do: {kind: "pause", member}, origin: "person"});
      return made.ok ? made.value.id : made.error;
    };
    expect(id(300, "n2")).toBe(id(300, "n2"));
    expect(new Set([id(300, "n2"), id(301, "n2"), id(300, "n3"), timeline.id]).size).toBe(4);
  });

  it("is refused where the action does not apply", () => {
    const timeline = opened();
    timeline.runTo({step: 100});
    expect(timeline.branch(50, {do: {kind: "restart", member: "n1"}, origin: "person"})).toEqual({
      ok: false,
      error: "notNow",
    });
  });

  it("may begin where its parent ended", () => {
    const timeline = opened(600);
    timeline.runTo({time: 700 * ms});
    expect(timeline.ended).toBe("time");
    const made = timeline.branch(timeline.length, {do: {kind: "mark"}, origin: "person"});
    expect(made.ok && made.value.length).toBe(timeline.length + 1);
    expect(timeline.ended).toBe("time");
  });
});

describe("checkpoints", () => {
  it("lie at most 512 events apart, and stay few however long the run", () => {
    const checkpoints = new Checkpoints();
    for (let step = 0; step <= 100_000; step++) {
      if (checkpoints.due(step)) checkpoints.add({world: {step}} as Life);
    }
    for (let step = 0; step <= 100_000; step += 7) {
      expect(step - (checkpoints.before(step)?.world.step ?? -1000)).toBeLessThanOrEqual(512);
    }
    for (let step = 100_001; step <= 2_000_000; step++) {
      if (checkpoints.due(step)) checkpoints.add({world: {step}} as Life);
    }
    expect(checkpoints.count).toBeLessThanOrEqual(400);
    expect(checkpoints.before(5)?.world.step).toBe(0);
  });
});
