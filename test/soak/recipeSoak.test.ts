// The committed results of the soak of the client's recipes, and a part of it played again.

import {describe, expect, inject, it} from "vitest";
import {versionOf} from "../../sim/bug/museum.ts";
import {judge} from "../../sim/check/linearizability.ts";
import {execute} from "../../sim/execute.ts";
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
import {recipeRun} from "./recipes/recipeRun.ts";
import {recipes} from "./recipes/recipes.ts";
import type {RecipesResults} from "./recipes/recipes.ts";
import {readResults} from "./results.ts";

const drawn = 6;

/** Milliseconds; some seconds of one core. */
const timeout = 120_000;

/** Seeds in which, with and without fencing, a million steps of search did not say whether the history is linearizable. */
const undecided = [255, 332];

const results = readResults<RecipesResults>(recipes.file);

function present(): RecipesResults {
  if (results === undefined) throw new Error(`${recipes.file} is absent: npm run soak -- recipes`);
  return results;
}

function judgedWith(seed: number, fenced: boolean, budget: number): string {
  const {run, director} = recipeRun(seed, fenced);
  const {view} = execute(run, {versions: versionOf, director, checkers: []});
  return judge(view.operations, budget, view).kind;
}

describe("the committed results", () => {
  it("are of this code, and of 1,000 seeds in which everything was exercised and nothing broken", () => {
    const {codeHash, runs, seeds, violations, unknown, checks, traces} = present();
    expect(codeHash).toBe(recipes.hash());
    expect(seeds[1] - seeds[0]).toBeGreaterThanOrEqual(1000);
    expect(runs).toBe(2 * (seeds[1] - seeds[0]));
    expect(traces.length).toBe(runs / 2);
    expect(violations).toEqual([]);
    expect(unknown).toEqual({Linearizability: 2 * undecided.length});
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

  it.each(undecided)(
    "a million steps leave seed %i undecided, without fencing and with it",
    (seed) => {
      for (const fenced of [false, true])
        expect(judgedWith(seed, fenced, 1_000_000), `fenced: ${fenced}`).toBe("unknown");
    },
    timeout,
  );

  it(
    "ten million say of seed 255 that it is linearizable",
    () => {
      expect(judgedWith(255, true, 10_000_000)).toBe("held");
    },
    timeout,
  );

  it(
    "an update is lost where one was, and is not with fencing",
    () => {
      const [seed = 0] = present().unfenced.lostIn;
      expect(playOne(seed, false).unfenced.lostRuns).toBe(1);
      expect(playOne(seed, true).fenced.lostRuns).toBe(0);
    },
    timeout,
  );
});

it("a soak of nothing exercised nothing", () => {
  expect(recipesZeros(noRecipesPlayed).length).toBeGreaterThan(20);
});
