// What goes into the chain of plain data: all of it, and not the order in which it came about.

import fc from "fast-check";
import {expect, it} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import {digestData} from "../../../sim/world/chain.ts";

function digest(data: unknown): string {
  const into = new Hasher();
  digestData(data, into);
  return into.hash();
}

const data = fc.letrec<{data: unknown}>((tie) => ({
  data: fc.oneof(
    {maxDepth: 3},
    fc.integer(),
    fc.boolean(),
    fc.string({maxLength: 4}),
    fc.uint8Array({maxLength: 4}),
    fc.array(tie("data"), {maxLength: 3}),
    fc.dictionary(fc.string({maxLength: 3}), tie("data"), {maxKeys: 4, noNullPrototype: true}),
  ),
})).data;

/** The same, but for the order in which the keys of records were made; fields that are undefined besides. */
function madeOtherwise(one: unknown): unknown {
  if (Array.isArray(one)) return one.map(madeOtherwise);
  if (typeof one !== "object" || one === null || one instanceof Uint8Array) return one;
  const fields = Object.entries(one).map(([key, value]) => [key, madeOtherwise(value)] as const);
  return Object.fromEntries([["absent", undefined], ...fields.toReversed()]);
}

it("equal data has equal digests, in whatever order the keys of its records were made", () => {
  fc.assert(
    fc.property(data, (one) => {
      expect(digest(madeOtherwise(one))).toBe(digest(one));
    }),
    {numRuns: 500},
  );
});

it.each([
  [
    {a: 1, b: 2},
    {a: 2, b: 1},
  ],
  [{a: {b: 1}}, {a: {}, b: 1}],
  [
    {a: 1, b: {}},
    {a: 1, b: []},
  ],
  [
    [1, 2],
    [2, 1],
  ],
  [[[1], 2], [[1, 2]]],
  [{a: 1}, {a: 1, b: 0}],
])("%j and %j have other digests", (one, other) => {
  expect(digest(one)).not.toBe(digest(other));
});
