// The committed results of the soak of small histories; the smaller ones, and some of the larger, played again; and what its README
// argues of those that stand for others, tried.

import {describe, expect, inject, it} from "vitest";
import type {Call} from "../../sim/record/call.ts";
import {isExplained} from "../sim/record/everyOrder.ts";
import {Luck} from "./luck.ts";
import {arrangementOf, arrangementsOf, isFirst} from "./registers/arrangements.ts";
import {EveryOrder} from "./registers/everyOrder.ts";
import type {Intervals} from "./registers/intervals.ts";
import {intervalsOf} from "./registers/intervals.ts";
import type {Label} from "./registers/labels.ts";
import {forEachLabelling, isIdle} from "./registers/labels.ts";
import {
  allParts,
  callOf,
  noRegistersPlayed,
  partsOf,
  playPart,
  registersTogether,
  sizes,
  smallSizes,
} from "./registers/play.ts";
import {registers} from "./registers/registers.ts";
import type {RegistersResults} from "./registers/registers.ts";
import {readResults} from "./results.ts";

const results = readResults<RegistersResults>(registers.file);

function present(): RegistersResults {
  if (results === undefined) throw new Error(`${registers.file} is absent: npm run soak -- registers`);
  return results;
}

describe("the committed results", () => {
  it("are of every way for up to eight operations of three clients to begin and end, and all agree", () => {
    const {counts, disagreements, seeds} = present();
    expect(disagreements).toEqual([]);
    expect(seeds).toEqual([0, allParts().length]);
    expect(counts.map(({parts}) => parts)).toEqual(sizes.map((_, size) => partsOf(size).length));
    expect(counts.reduce((sum, {histories}) => sum + histories, 0)).toBeGreaterThan(150_000_000);
    for (const {histories, held} of counts) {
      expect(held).toBeGreaterThan(histories / 30);
      expect(held).toBeLessThan(histories);
    }
  });
});

describe("played again,", () => {
  it("every history of up to five operations is judged as by trying every order", () => {
    let played = noRegistersPlayed;
    for (const [size] of smallSizes.entries())
      for (const part of partsOf(size)) played = registersTogether(played, playPart(part));
    expect(played.disagreements).toEqual([]);
    const small = smallSizes.length;
    expect(played.counts.slice(0, small)).toEqual(present().counts.slice(0, small));
  });

  it("so are drawn ones of seven and eight", () => {
    const luck = new Luck();
    luck.begin(inject("seed"), 0);
    const large = allParts().filter(({size}) => (sizes[size]?.operations ?? 0) > 6);
    let histories = 0;
    while (histories < 100_000) {
      const part = large[luck.below(large.length)];
      const played = part === undefined ? noRegistersPlayed : playPart(part);
      expect(played.disagreements).toEqual([]);
      histories += played.counts.reduce((sum, counts) => sum + counts.histories, 0);
    }
  });

  it("a wrong answer is told", () => {
    const [part] = partsOf(1);
    if (part === undefined) throw new Error("no way to begin and end");
    const lying = playPart(part, () => "held");
    expect(lying.disagreements.length).toBeGreaterThan(0);
    expect(lying.disagreements[0]).toMatchObject({held: false, found: "held"});
  });
});

/** Every history of so many operations, in one order of events. */
function* everyOne(operations: number): Generator<readonly [Intervals, readonly Label[]]> {
  for (const intervals of intervalsOf(operations, 3)) {
    const all: (readonly Label[])[] = [];
    forEachLabelling(intervals, {lost: true, which: "all"}, (labels) => all.push([...labels]));
    for (const labels of all) yield [intervals, labels];
  }
}

describe("which histories stand for all", () => {
  const write: Label = {kind: "write", value: 1};

  it("as many ways to begin and end as there are interval orders of that width, and as many orders of events", () => {
    // Without a width: Fishburn's numbers.
    const unbounded = [1, 2, 5, 15, 53, 217];
    expect(unbounded.map((_, i) => [...intervalsOf(i + 1, 9)].length)).toEqual(unbounded);
    // At each return one of those under way returns: 1 · 3 · 5 · 7 … where all may be under way.
    const eventsOf = (operations: number, width: number): number => {
      let count = 0;
      for (const intervals of intervalsOf(operations, width)) {
        const labels = intervals.list.map((): Label => write);
        for (const arrangement of arrangementsOf(intervals))
          count += Number(isFirst(intervals, labels, arrangement));
      }
      return count;
    };
    const some = [1, 2, 3, 4, 5];
    expect(some.map((operations) => eventsOf(operations, 9))).toEqual([1, 3, 15, 105, 945]);
    expect(some.map((operations) => eventsOf(operations, 3))).toEqual([1, 3, 15, 81, 441]);
  });

  it("trying every order says of them what it says elsewhere", () => {
    let held = 0;
    for (const operations of [1, 2, 3])
      for (const [intervals, labels] of everyOne(operations)) {
        const {invoked, returned} = arrangementOf(intervals, 0);
        const calls = labels.map((label, i): Call => {
          const times = {invoked: invoked[i] ?? 0, returned: label.kind === "lost" ? undefined : returned[i]};
          return {...callOf(label), ...times};
        });
        const isRight = isExplained(calls, {value: null, version: 0});
        expect(new EveryOrder(intervals).isRight(labels)).toBe(isRight);
        held += Number(isRight);
      }
    expect(held).toBeGreaterThan(200);
  });

  it("what could be left out makes no difference, nor does whether what nobody reads is one value", () => {
    let [idle, merged] = [0, 0];
    for (const operations of [2, 3, 4])
      for (const [intervals, labels] of everyOne(operations)) {
        const isRight = new EveryOrder(intervals).isRight(labels);
        const one = oneUnread(labels);
        if (one.some(({value}, i) => value !== labels[i]?.value)) {
          merged++;
          expect(new EveryOrder(intervals).isRight(one)).toBe(isRight);
        }
        for (const [i] of labels.entries()) {
          if (!isIdle(intervals, one, i)) continue;
          idle++;
          const less = {...intervals, list: intervals.list.toSpliced(i, 1)};
          expect(new EveryOrder(less).isRight(one.toSpliced(i, 1))).toBe(isRight);
        }
      }
    expect(idle).toBeGreaterThan(5000);
    expect(merged).toBeGreaterThan(100);
  });
});

function oneUnread(labels: readonly Label[]): readonly Label[] {
  const isRead = (value: number): boolean => labels.some((one) => one.kind === "read" && one.value === value);
  return labels.map((label) => (label.kind === "read" || isRead(label.value) ? label : {...label, value: 8}));
}
