// The committed results of the soak of the client's recipes, and a part of it played again.

import {describe, expect, inject, it} from "vitest";
import {Luck} from "./luck.ts";
import {
  afterwards,
  idleHere,
  noRecipesPlayed,
  playOne,
  playRecipes,
  recipeChecks,
  recipesZeros,
} from "./recipes/play.ts";
import {recipes} from "./recipes/recipes.ts";
import type {RecipesResults} from "./recipes/recipes.ts";
import {readResults} from "./results.ts";

const drawn = 4;

/** Milliseconds; some seconds of one core. */
const timeout = 120_000;

const results = readResults<RecipesResults>(recipes.file);

function present(): RecipesResults {
  if (results === undefined) throw new Error(`${recipes.file} is absent: npm run soak -- recipes`);
  return results;
}

describe("the committed results", () => {
  it("are of this code, and of 1,000 seeds in which everything was exercised and nothing broken", () => {
    const {codeHash, runs, seeds, violations, undecided, checks, traces} = present();
    expect(codeHash).toBe(recipes.hash());
    expect(seeds[1] - seeds[0]).toBeGreaterThanOrEqual(1000);
    expect(runs).toBe(2 * (seeds[1] - seeds[0]));
    expect(traces.length).toBe(runs / 2);
    expect(violations).toEqual([]);
    expect(undecided).toEqual([]);
    expect(recipesZeros(present())).toEqual([]);
    expect(idleHere.filter((name) => checks[name] !== 0)).toEqual([]);
    expect(Object.keys(checks)).toEqual(recipeChecks().map(({name}) => name));
  });

  it("say that a lock is held by two at once, and that fencing is what saves updates from it", () => {
    const {unfenced, fenced} = present();
    expect(unfenced.sharedRuns).toBeGreaterThan(100);
    expect(fenced.sharedRuns).toBeGreaterThan(100);
    expect(unfenced.lostRuns).toBeGreaterThan(10);
    expect(unfenced.refused).toBe(0);
    expect(fenced.lostRuns).toBe(0);
    expect(fenced.refused).toBeGreaterThan(10);
  });

  it("say that recipes are done again once all is well", () => {
    const {all, done} = afterwards(present());
    expect(all).toBeGreaterThan(10_000);
    expect(done / all).toBeGreaterThan(0.9);
  });
});

describe("played again,", () => {
  const luck = new Luck();
  luck.begin(inject("seed"), 1);
  const seeds = Array.from({length: drawn}, () => luck.below(1000));

  it(
    `${drawn} seeds break nothing and come out the same`,
    () => {
      const played = playRecipes(seeds);
      expect(played.violations).toEqual([]);
      expect(played.traces).toEqual(seeds.map((seed) => present().traces[seed]));
    },
    timeout,
  );

  it(
    "an update is lost where one was, and is not with fencing; that two held the lock breaks no claim",
    () => {
      const [seed = 0] = present().unfenced.lostIn;
      const plain = playOne(seed, false);
      expect(plain.unfenced).toMatchObject({sharedRuns: 1, lostRuns: 1});
      expect(plain.violations).toEqual([]);
      expect(playOne(seed, true).fenced.lostRuns).toBe(0);
    },
    timeout,
  );
});

it("a soak of nothing exercised nothing", () => {
  expect(recipesZeros(noRecipesPlayed).length).toBeGreaterThan(20);
});
