// From runs that fail to the smallest that fail the same check: what is left, and that nothing of it can be left out.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {scenarioOfSmaller} from "../../../scenarios/ofRun.ts";
import {perform} from "../../../scenarios/perform.ts";
import {ScenarioReader} from "../../../scenarios/read.ts";
import type {Action} from "../../../sim/action.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import type {Checker, Violation} from "../../../sim/check/checker.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import type {EventRecord} from "../../../sim/event.ts";
import {execute} from "../../../sim/execute.ts";
import {shrink} from "../../../sim/explore/shrink.ts";
import type {Shrunk} from "../../../sim/explore/shrink.ts";
import {playTrial} from "../../../sim/explore/sweep.ts";
import {trialChecks, trialOf} from "../../../sim/explore/trial.ts";
import type {Intervention, Run} from "../../../sim/run.ts";
import type {WorldView} from "../../../sim/view.ts";
import {figure8} from "../bug/figure8.ts";
import {at, makeRun, ms, sound} from "../stage.ts";

const timeout = 60_000;

function shrunkOf(run: Run, check: string, most = Infinity): Shrunk {
  let tried = 0;
  const stop = (): boolean => tried++ >= most;
  return present(shrink(run, {versions: versionOf, checkers: trialChecks, check, stop}), "a run that fails");
}

/** Whether a run fails that check by itself. */
function fails(run: Run, check: string): boolean {
  return execute(run, {versions: versionOf, checkers: trialChecks()}).checks.some(
    ({name, verdict}) => name === check && verdict === "fail",
  );
}

/** What a person would read of it. */
function expectReadable(run: Run, {violation, at: when}: Shrunk): void {
  const scenario = scenarioOfSmaller("small", {run, check: violation.check, at: when});
  const read = new ScenarioReader().check(JSON.parse(JSON.stringify(scenario)));
  expect(read).toMatchObject({ok: true});
  const failed = perform(scenario).checks.filter(({verdict}) => verdict === "fail");
  expect(failed.map(({name}) => name)).toContain(violation.check);
}

describe("a vote given twice, found by a trial", () => {
  const done = playTrial(trialOf(33, {bugs: ["vote-twice"]}));
  const small = shrunkOf(done.run, "Election Safety");

  it(
    "needs no fault, no client, and one member that has the bug",
    () => {
      expect(done.run.script.length).toBeGreaterThan(100);
      expect(small).toMatchObject({isMinimal: true, violation: {check: "Election Safety"}});
      const {script, choices, config, versions} = small.run;
      expect([script.length, choices.length, config.clients, config.members]).toEqual([0, 0, 0, 3]);
      expect(Object.values(versions)).toEqual([["vote-twice"]]);
      expect(small.events).toBeLessThan(200);
    },
    timeout,
  );

  it("fails by itself, and as a scenario", () => {
    expect(fails(small.recorded, "Election Safety")).toBe(true);
    expectReadable(small.run, small);
  });
});

describe("an entry of an older term that is committed: Raft's Figure 8 among much else", () => {
  const {world} = figure8({n1: ["commit-older-term"]});
  const run = world.recorded();
  const noise = Array.from({length: 40}, (_, i): Intervention =>
    at(100 + i, 100 * i, i % 4 === 0 ? {kind: "clock", who: "c1", rate: 999_000 + i} : {kind: "mark"}),
  );
  const noisy = {...run, script: [...run.script, ...noise], limits: {...run.limits, until: world.now}};
  const small = shrunkOf(noisy, "Leader Completeness");

  it(
    "needs the steps of the figure, and none of them can be left out",
    () => {
      expect(fails(noisy, "Leader Completeness")).toBe(true);
      const {script} = small.run;
      expect(script.length).toBeLessThanOrEqual(20);
      expect(script.map(({do: {kind}}) => kind)).not.toContain("mark");
      for (const one of script) {
        const less = {...small.run, script: script.filter((other) => other !== one)};
        expect(
          shrink(less, {
            versions: versionOf,
            checkers: standardChecks,
            check: "Leader Completeness",
            stop: () => true,
          }),
        ).toBeUndefined();
      }
    },
    timeout,
  );

  it("fails by itself, and as a scenario", () => {
    expect(fails(small.recorded, "Leader Completeness")).toBe(true);
    expectReadable(small.run, small);
  });
});

/** Fails when n2 is paused a second or more after n1 crashed, and n3's clock has jumped an odd number of times. */
class Told implements Checker {
  readonly name = "Told";
  private crashed: number | undefined;
  private jumps = 0;

  exercised(): number {
    return 1;
  }

  fork(): this {
    return Object.assign(new Told(), this) as this;
  }

  after(_view: WorldView, {id, at: now, step, changes}: EventRecord): Violation | undefined {
    for (const change of changes) {
      if (change.kind !== "fault") continue;
      const {action} = change;
      if (action.kind === "jump") this.jumps++;
      if (action.kind === "crash" && action.member === "n1") this.crashed ??= now;
      const isLate = this.crashed !== undefined && now >= this.crashed + 1000 * ms;
      if (action.kind === "pause" && isLate && this.jumps % 2 === 1) {
        const said: Violation["said"] = {id: "callOpen", args: {}, refs: []};
        return {check: this.name, said, evidence: [id], step};
      }
    }
    return undefined;
  }
}

describe("whatever else is done,", () => {
  const time = fc.integer({min: 0, max: 5900});
  const noise = fc.array(
    fc.tuple(
      time,
      fc.constantFrom<Action>(
        {kind: "cut", from: "n2", to: "n3"},
        {kind: "heal"},
        {kind: "crash", member: "n3"},
        {kind: "restart", member: "n3"},
        {kind: "restart", member: "n1"},
        {kind: "pauseClient", client: "c1"},
        {kind: "client", client: "c1", op: "get a"},
      ),
    ),
    {maxLength: 30},
  );
  const jumps = fc.array(fc.tuple(time, time), {maxLength: 4});

  it(
    "two faults a second apart and one jump are what is left: of the other jumps each needs another one to go",
    () => {
      fc.assert(
        fc.property(noise, jumps, (others, pairs) => {
          const jump: Action = {kind: "jump", who: "n3", by: 1000};
          const done: readonly (readonly [number, Action])[] = [
            [3000, {kind: "crash", member: "n1"}],
            [6000, {kind: "pause", member: "n2"}],
            [4500, jump],
            ...others,
            ...pairs.flat().map((when) => [when, jump] as const),
          ];
          const script = done
            .toSorted(([a], [b]) => a - b)
            .map(([when, action], i) => at(i + 1, when, action));
          const small = present(
            shrink(makeRun({script, until: 6500}), {
              versions: sound,
              checkers: () => [new Told()],
              check: "Told",
            }),
            "a run that fails",
          );
          expect(small.run.script.map(({do: {kind}}) => kind).toSorted()).toEqual(["crash", "jump", "pause"]);
          expect(small.isMinimal).toBe(true);
          expect(small.at).toBeLessThan(2500 * ms);
        }),
        {numRuns: 6},
      );
    },
    timeout,
  );
});

it(
  "stopped at any moment, it answers with what it has, which fails",
  () => {
    const {run} = playTrial(trialOf(33, {bugs: ["vote-twice"]}));
    const some = shrunkOf(run, "Election Safety", 5);
    expect(some.isMinimal).toBe(false);
    expect(some.tried).toBeLessThan(7);
    expect(fails(some.recorded, "Election Safety")).toBe(true);
  },
  timeout,
);

it("a run that does not fail has no smaller one", () => {
  const {run} = trialOf(0);
  const short = {...run, limits: {...run.limits, events: 500}};
  expect(
    shrink(short, {versions: versionOf, checkers: trialChecks, check: "Election Safety"}),
  ).toBeUndefined();
});
