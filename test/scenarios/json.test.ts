import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {parseJson} from "../../scenarios/json.ts";

describe("JSON with comments", () => {
  it.each([
    ["", "line 1, column 1: found the end of the file"],
    ["{", "line 1, column 2: found the end of the file"],
    ['{"a":1,}', 'line 1, column 8: found "}"'],
    ["[1,]", 'line 1, column 4: found "]"'],
    ["[1}", 'line 1, column 3: found "}"'],
    ['{"a" 1}', 'line 1, column 6: found "1"'],
    ['{"a":\n  01}', 'line 2, column 4: found "1"'],
    ["{'a':1}", 'line 1, column 2: found "\'"'],
    ['["a\nb"]', 'line 1, column 2: found "\\""'],
    ['"\\x"', 'line 1, column 1: found "\\""'],
    ["1 2", 'line 1, column 3: found "2"'],
    ["[] 中", 'line 1, column 4: found "中"'],
    ["// only a comment", "line 1, column 18: found the end of the file"],
  ])("says of %j where it goes wrong", (text, where) => {
    expect(parseJson(text)).toEqual({ok: false, error: `${where}, expected JSON`});
  });

  it("reads what JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(parseJson(text)).toEqual({ok: true, value: JSON.parse(text)});
      }),
      {numRuns: 300},
    );
  });

  it("finds the character that was broken, or one behind it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (value, place) => {
        const text = JSON.stringify([value]);
        const at = (place % (text.length - 1)) + 1;
        const broken = `${text.slice(0, at)}\u0001${text.slice(at)}`;
        const read = parseJson(broken);
        expect(read.ok).toBe(false);
        const column = Number(/column (\d+)/.exec(read.ok ? "" : read.error)?.[1]);
        // Inside of a string, the string's beginning is named; inside of a literal, its beginning too.
        expect(column).toBeLessThanOrEqual(at + 1);
      }),
      {numRuns: 300},
    );
  });
});
