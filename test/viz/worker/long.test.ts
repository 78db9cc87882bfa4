// The engine on a run of 100,000 events: what it costs must not depend on that number.

import {beforeAll, describe, expect, it} from "vitest";
import type {Frame} from "../../../viz/frame.ts";
import {Desk} from "./desk.ts";
import {longScenario} from "./longScenario.ts";

const events = 100_000;

describe("a run of 100,000 events", () => {
  const desk = new Desk({list: [longScenario(200_000)]});
  let last: Frame;

  beforeAll(() => {
    const seq = desk.send({kind: "open", source: {kind: "scenario", id: "long"}});
    while (!desk.answers.some((answer) => "seq" in answer && answer.seq === seq) && desk.slice());
    const opened = desk.answers.at(-1);
    if (opened?.kind !== "frame") throw new Error(`not opened: ${JSON.stringify(opened)}`);
    // What runs on by itself is not needed: the test says how far.
    desk.send({kind: "cancel"});
    last = opened.frame;
  }, 60_000);

  it("has frames within 10 % of the size of those of 1,000 events", () => {
    const short = new Desk({list: [longScenario(340)]});
    const end = short.go(short.open({kind: "scenario", id: "long"}), {kind: "end"});
    expect(Math.abs(end.cursor.step - 1000)).toBeLessThan(300);
    const early = sizes(short, end, end.cursor.step - 200);
    last = desk.go(last, {kind: "step", step: events});
    expect(last.cursor.step).toBe(events);
    const late = sizes(desk, last, events - 200);
    expect(late / early).toBeLessThan(1.1);
  }, 60_000);

  it("is sought in within 100 ms, wherever", () => {
    const steps = [50_000, 3, 99_999, 70_111, 12_345, 511, 88_000, 40_959];
    const least = new Map<number, number>();
    // Three rounds, each step come to from another: of the times the least, which no garbage of other tests is in.
    for (const step of [...steps, ...steps, ...steps]) {
      // Of the processor, which other work on the machine does not lengthen.
      const before = process.cpuUsage();
      const frame = desk.go(last, {kind: "step", step});
      const {user, system} = process.cpuUsage(before);
      least.set(step, Math.min(least.get(step) ?? Infinity, (user + system) / 1000));
      expect(frame.cursor.step).toBe(step);
    }
    expect(Math.max(...least.values())).toBeLessThan(100);
  });

  it("is left at the last good place when a long run is cancelled", () => {
    desk.send({kind: "seek", branch: "main", from: last.cursor, target: {kind: "end"}});
    for (let i = 0; i < 5; i++) desk.slice();
    const seq = desk.send({kind: "cancel"});
    expect(desk.answers.at(-1)).toEqual({kind: "done", seq});
    const answered = desk.answers.length;
    desk.settle();
    expect(desk.answers.length).toBe(answered);
    expect(desk.go(last, {kind: "step", step: 10}).cursor.step).toBe(10);
  });
});

/** The mean size of some frames from a step on, as text: single frames differ by what happens to fly. */
function sizes(desk: Desk, from: Frame, first: number): number {
  let sum = 0;
  for (let i = 0; i < 10; i++)
    sum += JSON.stringify(desk.go(from, {kind: "step", step: first + 20 * i})).length;
  return sum / 10;
}
