// What a guided sweep plays: the same, however many play it and whatever ended it in between.

import {expect, it} from "vitest";
import {GuidedTasks} from "../../bin/guidedTasks.ts";
import type {GuidedTask} from "../../bin/guidedTasks.ts";
import {behaviours} from "../../sim/explore/behaviours.ts";
import {generationSize} from "../../sim/explore/guided.ts";
import type {SeedResult} from "../../sim/explore/sweep.ts";

const digits = Math.ceil(behaviours.length / 4);

/** As if it were played: what it reaches is made of its numbers. */
function resultOf({seed, lineage}: GuidedTask): SeedResult {
  const place = [lineage.seed, ...lineage.mutations].reduce((sum, one) => (7 * sum + one) % digits, 0);
  const reached = `${"0".repeat(place)}1${"0".repeat(digits - place - 1)}`;
  return {seed, verdict: "pass", events: 0, operations: 0, hash: "", exercised: [], reached};
}

/** Plays up to `count` with `jobs` at a time, of which the one that came last ends first. */
function played(count: number, jobs: number, results = new Map<number, SeedResult>()): readonly string[] {
  const tasks = new GuidedTasks([0, count], results);
  const said: string[] = [];
  const busy: GuidedTask[] = [];
  for (;;) {
    const task = busy.length < jobs ? tasks.next() : "later";
    if (typeof task === "object") {
      said[task.seed] = JSON.stringify(task.lineage);
      busy.push(task);
      continue;
    }
    const done = busy.pop();
    if (done !== undefined) results.set(done.seed, resultOf(done));
    else if (task === undefined) return said;
  }
}

const count = 4 * generationSize - 5;

it("does not depend on how many play it", () => {
  const alone = played(count, 1);
  expect(alone.length).toBe(count);
  expect(alone.some((lineage) => !lineage.includes("[]"))).toBe(true);
  for (const jobs of [2, 7, 100]) expect(played(count, jobs)).toEqual(alone);
});

it("goes on where it was", () => {
  const results = new Map<number, SeedResult>();
  const first = played(2 * generationSize + 3, 3, results);
  const rest = played(count, 3, results);
  expect(rest.findIndex((lineage) => lineage !== undefined)).toBe(first.length);
  expect([...first, ...rest.slice(first.length)]).toEqual(played(count, 1));
});
