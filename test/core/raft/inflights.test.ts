import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {Inflights} from "../../../core/raft/inflights.ts";
import type {Inflight, InflightLimits} from "../../../core/raft/inflights.ts";

function inflights(limits: InflightLimits, messages: readonly [number, number][]): Inflights {
  const it = new Inflights(limits);
  for (const [last, bytes] of messages) it.add({last, bytes});
  return it;
}

type Step =
  | {readonly kind: "add"; readonly entries: number; readonly bytes: number}
  | {readonly kind: "free"; readonly back: number}
  | {readonly kind: "clear" | "fork"};

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("add" as const),
      entries: fc.integer({min: 1, max: 3}),
      bytes: fc.nat({max: 10}),
    }),
  },
  {weight: 3, arbitrary: fc.record({kind: fc.constant("free" as const), back: fc.nat({max: 8})})},
  {weight: 1, arbitrary: fc.record({kind: fc.constantFrom("clear" as const, "fork" as const)})},
);

describe("messages on the way", () => {
  it("are a queue that is full at its limit of messages or of bytes", () => {
    const limits = fc.record({max: fc.integer({min: 1, max: 5}), bytesMax: fc.constantFrom(0, 1, 12, 25)});
    fc.assert(
      fc.property(limits, fc.array(step, {minLength: 10, maxLength: 50, size: "max"}), (limit, steps) => {
        let real = new Inflights(limit);
        let list: Inflight[] = [];
        let last = 0;
        for (const one of steps) {
          if (one.kind === "add") {
            last += one.entries;
            const message = {last, bytes: one.bytes};
            if (real.full) expect(() => real.add(message)).toThrow("on the way");
            else {
              real.add(message);
              list.push(message);
            }
          } else if (one.kind === "free") {
            real.freeTo(last - one.back);
            list = list.filter((message) => message.last > last - one.back);
          } else if (one.kind === "clear") {
            real.clear();
            list = [];
          } else {
            real = real.fork();
          }
          expect(real.list()).toEqual(list);
          expect(real.count).toBe(list.length);
          const bytes = list.reduce((sum, message) => sum + message.bytes, 0);
          expect(real.full).toBe(list.length >= limit.max || (limit.bytesMax > 0 && bytes >= limit.bytesMax));
        }
      }),
      {numRuns: 200},
    );
  });

  it.each([
    ["one of one", {max: 1, bytesMax: 0}, [[1, 0]], true],
    ["one of two", {max: 2, bytesMax: 0}, [[1, 900]], false],
    [
      "two of two",
      {max: 2, bytesMax: 0},
      [
        [1, 9],
        [2, 9],
      ],
      true,
    ],
    ["as many bytes as allowed", {max: 9, bytesMax: 10}, [[1, 10]], true],
    [
      "one byte less than allowed",
      {max: 9, bytesMax: 10},
      [
        [1, 4],
        [2, 5],
      ],
      false,
    ],
    [
      "more bytes than allowed, by the last",
      {max: 9, bytesMax: 10},
      [
        [1, 9],
        [2, 100],
      ],
      true,
    ],
    [
      "no bytes at all, but all messages",
      {max: 2, bytesMax: 10},
      [
        [1, 0],
        [2, 0],
      ],
      true,
    ],
  ] satisfies [string, InflightLimits, [number, number][], boolean][])(
    "with %s are full or not",
    (_, limits, messages, full) => {
      expect(inflights(limits, messages).full).toBe(full);
    },
  );

  it.each([
    [0, [2, 3, 5, 8]],
    [1, [2, 3, 5, 8]],
    [2, [3, 5, 8]],
    [4, [5, 8]],
    [5, [8]],
    [7, [8]],
    [8, []],
    [100, []],
  ])("that end at %i or before have arrived, with their bytes", (index, left) => {
    const real = inflights({max: 4, bytesMax: 40}, [
      [2, 10],
      [3, 10],
      [5, 10],
      [8, 9],
    ]);
    real.freeTo(index);
    expect(real.list().map(({last}) => last)).toEqual(left);
    for (let at = real.count; at < 4; at++) {
      expect(real.full).toBe(false);
      real.add({last: 10 + at, bytes: 10});
    }
    expect(real.full).toBe(true);
  });

  it("in a twin go their own way", () => {
    const real = inflights({max: 2, bytesMax: 20}, [[1, 10]]);
    const twin = real.fork();
    twin.add({last: 2, bytes: 10});
    expect([real.count, real.full, twin.full]).toEqual([1, false, true]);
    real.freeTo(1);
    expect(twin.count).toBe(2);
  });
});
