// Every exhibit of the museum: its plaque, and what its smallest scenario shows.

import {describe, expect, it} from "vitest";
import {present} from "../../core/base/assert.ts";
import {checksToName} from "../../scenarios/checks.ts";
import {exhibitOf, exhibits} from "../../scenarios/museum/index.ts";
import {scenarios} from "../../scenarios/index.ts";
import {perform} from "../../scenarios/perform.ts";
import {ScenarioReader} from "../../scenarios/read.ts";
import {replacedRules} from "../../sim/bug/exhibit.ts";
import {museum, versionOf} from "../../sim/bug/museum.ts";
import {plaques} from "../../sim/bug/plaques.ts";
import {standardChecks} from "../../sim/check/standard.ts";
import {World} from "../../sim/world/world.ts";

const ids = museum.map(({id}) => id);
/** What every run is judged by; other checks speak only through the scenario's claim. */
const standard = new Set(standardChecks().map(({name}) => name));

/** Names of the checks that a performance broke, and of its claims that turned out false. */
function broken(id: string, variant?: string): readonly string[] {
  const scenario = exhibitOf(id);
  if (scenario === undefined) throw new Error(`${id} has no scenario`);
  const {checks} = perform(scenario, variant === undefined ? {} : {variant});
  return checks.filter(({verdict}) => verdict !== "pass").map(({name}) => name);
}

describe("the museum", () => {
  it("has each bug once, in byte order, with a plaque and a scenario of its own", () => {
    expect(ids).toEqual([...new Set(ids)].toSorted());
    expect(Object.keys(plaques)).toEqual(ids);
    expect(exhibits.map(({id}) => id)).toEqual(ids);
    const lessons = new Set(scenarios.map(({id}) => id));
    expect(ids.filter((id) => lessons.has(id))).toEqual([]);
  });

  it("has scenarios that are files, too", () => {
    const reader = new ScenarioReader();
    for (const scenario of exhibits) {
      const read = reader.read(JSON.stringify(scenario));
      expect(read.ok ? undefined : `${scenario.id}: ${read.error}`).toBeUndefined();
    }
  });
});

describe.each(ids)("%s", (id) => {
  it("replaces a rule, and its plaque says all in both languages and names checks that there are", () => {
    const bug = museum.find((one) => one.id === id);
    expect(bug && replacedRules(bug)).not.toEqual([]);
    const plaque = plaques[id];
    if (plaque === undefined) throw new Error(`${id} has no plaque`);
    for (const words of [plaque.title, plaque.happened, plaque.condition, plaque.fix])
      for (const text of [words.en, words.zh]) expect(text).toMatch(/\S/);
    expect(plaque.title.en).not.toMatch(/\.$/);
    const names = new Set(checksToName().map(({name}) => name));
    expect(plaque.caughtBy.filter((name) => !names.has(name))).toEqual([]);
    for (const link of plaque.links) expect(new URL(link).protocol).toBe("https:");
  });

  it("is caught by the checks that its plaque names, at once; sound members in the same steps break nothing", () => {
    const caughtBy = plaques[id]?.caughtBy.filter((name) => standard.has(name));
    expect(broken(id).toSorted()).toEqual(caughtBy?.toSorted());
    expect(broken(id, "fixed")).toEqual([]);
  });

  it("goes on in twins as it does by itself: they have the rules of their originals", () => {
    const {run, events, traceHash} = perform(present(exhibitOf(id), "its scenario"));
    let world = World.create(run, versionOf);
    while (world.step < events) {
      if (world.step % 7 === 0) world = world.fork();
      world.take(present(world.next(), "a next event"));
    }
    expect(world.hash).toBe(traceHash);
  });
});
