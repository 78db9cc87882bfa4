import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {LogOutline} from "../../../core/storage/logOutline.ts";

describe("the outline of a log", () => {
  test("knows the term at every index, as the log itself does", () => {
    const puts = fc.array(fc.record({back: fc.nat(4), term: fc.integer({min: 1, max: 3})}), {maxLength: 12});
    fc.assert(
      fc.property(fc.nat(2), puts, (begin, drawn) => {
        const outline = new LogOutline(begin);
        let log: readonly number[] = [];
        for (const {back, term} of drawn) {
          log = [...log.slice(0, Math.max(0, log.length - back)), term];
          outline.put({index: begin + log.length, term});
        }
        expect(outline.last).toBe(begin + log.length);
        for (let index = 1; index <= begin + 12; index++) {
          for (const term of [1, 2, 3]) {
            const there = index <= begin || log[index - begin - 1] === term;
            expect(outline.holds({index, term})).toBe(there);
          }
        }
      }),
    );
  });
});
