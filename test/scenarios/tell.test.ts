import {describe, expect, it} from "vitest";
import type {Scenario} from "../../scenarios/format.ts";
import {scenarios} from "../../scenarios/index.ts";
import {leaderPartition} from "../../scenarios/leaderPartition.ts";
import {stage} from "../../scenarios/resolve.ts";
import {Teller} from "../../scenarios/tell.ts";
import type {Told} from "../../scenarios/tell.ts";
import {versionOf} from "../../sim/bug/museum.ts";
import type {EventRecord} from "../../sim/event.ts";
import {Life} from "../../sim/timeline/life.ts";

interface Heard {
  readonly teller: Teller;
  readonly records: readonly EventRecord[];
}

/** Tells a whole run. `forkEvery`: goes on with a twin of the teller after so many events. */
function listen(scenario: Scenario, seed: string, forkEvery = Number.POSITIVE_INFINITY): Heard {
  const {run, director} = stage(scenario, {seed});
  const life = Life.create(run, {versions: versionOf, director});
  let teller = new Teller(scenario);
  teller.after(life.world.view, undefined);
  const records: EventRecord[] = [];
  for (let record = life.step(); record !== undefined; record = life.step()) {
    records.push(record);
    teller.after(life.world.view, record);
    if (record.step % forkEvery === 0) teller = teller.fork();
  }
  teller.end(life.world.view);
  return {teller, records};
}

function textsOf(told: Told): readonly string[] {
  const texts =
    told.kind === "say"
      ? told.sentences.map(({text}) => text)
      : [told.text, ...told.answers.map(({text}) => text)];
  return texts.flatMap(({en, zh}) => [en, zh]);
}

describe("telling a scenario", () => {
  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    "%s: every beat is told in order, for every seed, and what it says is so",
    (_id, scenario) => {
      for (let seed = 1; seed <= 12; seed++) {
        const {teller} = listen(scenario, String(seed));
        expect(teller.told.map(({id}) => id)).toEqual(scenario.tell?.map(({id}) => id));
        for (const told of teller.told) {
          const wrong = told.kind === "say" ? told.sentences.filter(({holds}) => !holds) : [];
          expect(wrong, `seed ${seed}, beat ${told.id}`).toEqual([]);
          for (const text of textsOf(told)) expect(text).not.toMatch(/[{}?]\)|\{|\}/);
        }
      }
    },
  );

  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    "%s: every question comes out with exactly one right answer",
    (_id, scenario) => {
      const asked = (scenario.tell ?? []).filter((beat) => "ask" in beat);
      for (let seed = 1; seed <= 5; seed++) {
        const {teller} = listen(scenario, String(seed));
        expect(teller.outcomes.map(({beat}) => beat)).toEqual(asked.map(({id}) => id));
        for (const {right} of teller.outcomes) expect(right.filter(Boolean)).toHaveLength(1);
      }
    },
  );

  it("tells the same when it goes on with a twin", () => {
    const straight = listen(leaderPartition, "3").teller;
    const forked = listen(leaderPartition, "3", 50).teller;
    expect(forked.told).toEqual(straight.told);
    expect(forked.outcomes).toEqual(straight.outcomes);
    expect(forked.openStep).toBe(straight.openStep);
  });

  it("answers which beat is told after a step, however it is asked", () => {
    const {teller} = listen(leaderPartition, "3");
    expect(teller.at(0)?.id).toBe("start");
    for (const [i, told] of teller.told.entries()) {
      expect(teller.at(told.step)?.id).toBe(told.id);
      expect(teller.at(told.step - 1)?.id).toBe(teller.told[i - 1]?.id);
    }
  });

  it("opens leader-partition with a leader and a write under way, and cuts within a tenth of a second", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const {teller, records} = listen(leaderPartition, String(seed));
      const open = teller.openStep ?? 0;
      const asked = teller.told.find(({id}) => id === "will-it-survive")?.step ?? 0;
      const elected = teller.told.find(({id}) => id === "elected")?.step ?? Number.POSITIVE_INFINITY;
      const committed = teller.told.find(({id}) => id === "first-done")?.step ?? 0;
      expect(elected).toBeLessThan(open);
      expect(open).toBeLessThan(committed);
      expect(committed).toBeLessThan(asked);
      const [from, to] = [records[open - 1]?.at ?? 0, records[asked - 1]?.at ?? Number.POSITIVE_INFINITY];
      expect(to - from).toBeLessThan(100_000);
      expect(to - from).toBeGreaterThan(20_000);
    }
  });
});
