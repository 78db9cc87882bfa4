import {describe, expect, it} from "vitest";
import type {Scenario} from "../../scenarios/format.ts";
import {leaderCrash} from "../../scenarios/leaderCrash.ts";
import {leaderPartition} from "../../scenarios/leaderPartition.ts";
import {scenarios} from "../../scenarios/index.ts";
import {perform} from "../../scenarios/perform.ts";
import type {Performed} from "../../scenarios/perform.ts";

/** A failing seed, as it may be pasted. */
function failures(done: Performed): readonly string[] {
  const failed = done.checks.filter(({verdict}) => verdict !== "pass");
  return failed.map(({name}) => `npm run -s etcdscope -- run ${done.scenario} --seed ${done.seed}: ${name}`);
}

function hashes(scenario: Scenario, seeds: number, variant?: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (let seed = 1; seed <= seeds; seed++) {
    const done = perform(scenario, {seed: String(seed), ...(variant === undefined ? {} : {variant})});
    expect(failures(done)).toEqual([]);
    expect(done.expected).toBe(true);
    expect(done.end).toBe("done");
    found.add(done.traceHash);
  }
  return found;
}

describe("our scenarios", () => {
  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    "%s holds for every seed, claims included, and seeds give different runs",
    (_id, scenario) => {
      expect(scenario.run.holds).toBe("every seed");
      expect(hashes(scenario, 50).size).toBeGreaterThanOrEqual(45);
    },
  );

  it.each(
    scenarios.flatMap((scenario) =>
      Object.keys(scenario.variants ?? {}).map((name) => [scenario.id, name, scenario] as const),
    ),
  )("%s in the variant %s shows what it says", (_id, variant, scenario) => {
    hashes(scenario, 5, variant);
  });

  it.each([leaderPartition, leaderCrash].map((scenario) => [scenario.id, scenario] as const))(
    "%s holds just as well when snapshots take the place of the logs' beginnings",
    (_id, scenario) => {
      const {run} = scenario;
      const config = {...run.config, raft: {snapshotEvery: 1, snapshotKeep: 0}};
      hashes({...scenario, run: {...run, config}}, 10);
    },
  );

  it("gives the same hash for the same seed, twice", () => {
    for (const scenario of scenarios) {
      expect(perform(scenario, {seed: "7"}).traceHash).toBe(perform(scenario, {seed: "7"}).traceHash);
    }
  });

  it("keeps its hash when only the telling changes", () => {
    const [first] = scenarios;
    if (first === undefined) throw new Error("there is no scenario");
    const {tell: _tell, open: _open, ...untold} = first;
    expect(perform(untold).traceHash).toBe(perform(first).traceHash);
  });

  it("has a claim that the control variant makes false: the fault is what it is about", () => {
    for (const scenario of scenarios) {
      const control = scenario.variants?.["control"];
      if (control === undefined) continue;
      const plan: Scenario = {...scenario, variants: {bare: {run: control.run, expect: scenario.run.expect}}};
      const wrong = perform(plan, {variant: "bare"}).checks.filter(({verdict}) => verdict === "fail");
      expect(wrong.length, scenario.id).toBeGreaterThan(0);
    }
  });
});
