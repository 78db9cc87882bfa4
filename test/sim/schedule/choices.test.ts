// Choices deviate from the base schedule, one event each; those that do not apply any more are skipped.

import {describe, expect, it} from "vitest";
import {execute} from "../../../sim/execute.ts";
import type {EventRecord} from "../../../sim/event.ts";
import {World} from "../../../sim/world/world.ts";
import {makeRun, sound, take} from "../stage.ts";

describe("a choice", () => {
  it("takes an event that is not the earliest, at its own time, and the rest follows late", () => {
    const run = makeRun();
    const world = World.create(run, sound);
    const after = take(world, 120).at(-1);
    const chosen = world.enabled().at(-1);
    const records: EventRecord[] = [];
    const take_ = `${chosen?.lane}#${chosen?.ordinal}`;
    const choices = [{after: after?.id ?? "", take: take_}];
    execute(
      {...run, choices, limits: {events: 140, until: 1e9}},
      {versions: sound, onEvent: (record) => void records.push(record)},
    );
    expect(records[119]?.id).toBe(after?.id);
    expect(records[120]?.id).toBe(take_);
    expect(records[120]?.at).toBe(chosen?.due);
    expect(records[121]?.at).toBe(chosen?.due);
  });

  it("that names an event which is not there is skipped and told", () => {
    const run = makeRun({until: 200});
    const choices = [
      {after: "clock/n1#3", take: "n1→n2#77"},
      {after: "n9→n1#1", take: "clock/n1#1"},
    ];
    const done = execute({...run, choices}, {versions: sound});
    expect(done.skippedChoices).toEqual([choices[0]]);
    expect(done.traceHash).toBe(execute(run, {versions: sound}).traceHash);
  });

  it("is made among the heads of lanes: of one link only the first message", () => {
    const world = World.create(makeRun(), sound);
    for (let i = 0; i < 300; i++) {
      const lanes = world.enabled().map(({lane}) => lane);
      expect(new Set(lanes).size).toBe(lanes.length);
      take(world, 1);
    }
  });
});
