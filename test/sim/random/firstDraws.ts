// One suite, run in Node and in a real browser: the generator behind every draw gives the same numbers in both (law 1).

import seedrandom from "seedrandom";
import {describe, expect, it} from "vitest";

const expected = {
  "8123/network": [1646183491, -1265135196, -2092607294, -1510013949],
  "8123/n1#0/election": [-666677699, 1142617983, 1439057334, 1210715280],
};

export function firstDraws(engine: string): void {
  describe(`law 1: a run is the same in every engine, ${engine}`, () => {
    it.each(Object.entries(expected))("draws the known numbers from stream %s", (name, numbers) => {
      const stream = seedrandom.tychei(name);
      expect(numbers.map(() => stream.int32())).toEqual(numbers);
    });
  });
}
