// Merged permissions against brute force over a small key space.

import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {RangeSet} from "../../../core/auth/rangeSet.ts";
import type {KeyRange} from "../../../core/base/key.ts";
import {contains} from "../../../core/base/key.ts";

const letters = ["a", "b", "c", "d", "e"];
/** One key of each stretch that ranges between letters can cut out: the letter itself, and those behind it. */
const keys = letters.flatMap((letter) => [letter, `${letter}\0`]);

const ranges: fc.Arbitrary<KeyRange> = fc
  .tuple(fc.constantFrom(...letters), fc.constantFrom("", "\0", ...letters))
  .filter(([from, to]) => to === "" || to === "\0" || from < to)
  .map(([from, to]) => ({from, to}));

describe("a set of ranges", () => {
  test("covers a range exactly if each of its keys is in some range of the set", () => {
    fc.assert(
      fc.property(fc.array(ranges, {maxLength: 6}), ranges, (granted, asked) => {
        const every = keys
          .filter((key) => contains(asked, key))
          .every((key) => granted.some((range) => contains(range, key)));
        expect(new RangeSet(granted).covers(asked)).toBe(every);
      }),
      {numRuns: 2000},
    );
  });

  test("of two ranges that touch covers what reaches over both", () => {
    const touching = new RangeSet([
      {from: "c", to: "e"},
      {from: "a", to: "c"},
    ]);
    expect(touching.covers({from: "b", to: "d"})).toBe(true);
    expect(touching.covers({from: "a", to: "f"})).toBe(false);
    const apart = new RangeSet([
      {from: "a", to: "b"},
      {from: "c", to: "e"},
    ]);
    expect(apart.covers({from: "a", to: "d"})).toBe(false);
    expect(apart.covers({from: "c", to: ""})).toBe(true);
  });

  test("covers everything from a key on only with a range that has no end", () => {
    expect(new RangeSet([{from: "a", to: "\xff"}]).covers({from: "b", to: "\0"})).toBe(false);
    expect(new RangeSet([{from: "a", to: "\0"}]).covers({from: "b", to: "\0"})).toBe(true);
    expect(new RangeSet([{from: "a", to: "\0"}]).covers({from: "A", to: "\0"})).toBe(false);
  });

  test("of nothing covers nothing", () => {
    expect(new RangeSet([]).covers({from: "a", to: ""})).toBe(false);
  });
});
