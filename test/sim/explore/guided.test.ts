// Coverage-guided search: what is played is decided by what was reached, and by nothing else.

import {describe, expect, it} from "vitest";
import {behaviours} from "../../../sim/explore/behaviours.ts";
import type {Reached} from "../../../sim/explore/coverage.ts";
import {generationSize, Guide, mutated, trialOfLineage} from "../../../sim/explore/guided.ts";
import type {Lineage} from "../../../sim/explore/guided.ts";
import {playTrial} from "../../../sim/explore/sweep.ts";
import {partsOf, trialOf} from "../../../sim/explore/trial.ts";

const digits = Math.ceil(behaviours.length / 4);

/** Of one behaviour alone. */
function only(place: number): Reached {
  return Array.from({length: digits}, (_, i) =>
    i === place >> 2 ? (1 << (place & 3)).toString(16) : "0",
  ).join("");
}

function learnt(guide: Guide, reached: (lineage: Lineage) => Reached): readonly Lineage[] {
  const generation = guide.next();
  guide.learn(generation.map((lineage) => ({lineage, reached: reached(lineage)})));
  return generation;
}

describe("a mutated trial", () => {
  it("is the same for the same parent and numbers, and without any the seed's", () => {
    const data = (lineage: Lineage) => {
      const {run, schedule} = trialOfLineage(lineage);
      return {run, schedule};
    };
    expect(data({seed: 3, mutations: [5, 9]})).toEqual(data({seed: 3, mutations: [5, 9]}));
    const {run, schedule} = trialOf(3);
    expect(data({seed: 3, mutations: []})).toEqual({run, schedule});
  });

  it("differs from its parent in one thing, and over some numbers in each", () => {
    const parent = partsOf(3);
    const keys = ["name", "asker", "faults", "schedule", "config", "options", "isRecipes"] as const;
    const seen = new Map<string, number>();
    for (let number = 0; number < 60; number++) {
      const child = mutated(parent, number);
      const changed = keys.filter((key) => JSON.stringify(child[key]) !== JSON.stringify(parent[key]));
      expect(changed.length).toBeLessThanOrEqual(1);
      const [what = "nothing"] = changed;
      const how = what === "faults" ? `faults ${child.faults.length - parent.faults.length}` : what;
      seen.set(how, (seen.get(how) ?? 0) + 1);
    }
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining(["name", "asker", "schedule", "faults 0", "faults -1", "faults 1"]),
    );
  });

  it("of a sound cluster breaks nothing", () => {
    for (const mutations of [[4], [1, 2, 3]]) {
      const done = playTrial(trialOfLineage({seed: 39, mutations}));
      expect([mutations, done.violation]).toEqual([mutations, undefined]);
    }
  });
});

describe("a guide", () => {
  it("begins with seeds, and goes on with as many children of what reached the rarest", () => {
    const guide = new Guide(100);
    const first = learnt(guide, ({seed}) => only(seed === 107 ? 8 : 0));
    expect(first).toEqual(Array.from({length: generationSize}, (_, i) => ({seed: 100 + i, mutations: []})));
    const second = guide.next();
    const children = second.filter(({mutations}) => mutations.length > 0);
    expect(children.length).toBe(generationSize / 2);
    const ofTheRare = children.filter(({seed}) => seed === 107).length;
    expect(ofTheRare).toBeGreaterThan(3);
    expect(new Set(children.map(({mutations}) => mutations.join())).size).toBe(children.length);
  });

  it("goes by generations of another size, if one is asked for", () => {
    const guide = new Guide(0, 8);
    expect(learnt(guide, ({seed}) => only(seed))).toHaveLength(8);
    const second = guide.next();
    expect(second.map(({mutations}) => mutations.length)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
    expect(second.flatMap(({mutations}) => mutations)).toEqual([9, 11, 13, 15]);
  });

  it("forgets parents whose behaviours are no more rare", () => {
    const guide = new Guide();
    learnt(guide, ({seed}) => only(seed === 7 ? 8 : 0));
    for (let times = 0; times < 3; times++) learnt(guide, ({seed}) => only(8 + (seed % 4)));
    const seeds = guide.next().flatMap(({seed, mutations}) => (mutations.length > 0 ? [seed] : []));
    expect(seeds.filter((seed) => seed === 7).length).toBeLessThan(generationSize / 4);
  });
});
