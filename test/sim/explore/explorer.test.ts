// The explorer on a space whose answer is known: n counters up to m are (m+1)^n states and n·m·(m+1)^(n−1) arrows.

import {describe, expect, test} from "vitest";
import {Explorer, noReductions} from "../../../sim/explore/explorer.ts";
import type {ExploreOptions} from "../../../sim/explore/explorer.ts";
import {grid} from "./grid.ts";
import type {GridOptions} from "./grid.ts";
import {drawnProgram} from "./programs.ts";

const sleepOnly = {...noReductions, sleep: true};

function explore(of: GridOptions, options: ExploreOptions<readonly number[]> = {}) {
  return new Explorer(grid(of), {reductions: noReductions, ...options}).run();
}

describe("the explorer", () => {
  for (const order of ["depth", "breadth"] as const) {
    test(`meets every state once, by ${order}`, () => {
      const seen: string[] = [];
      const found = explore({counters: 3, limit: 4}, {order, onState: (state) => seen.push(state.join())});
      expect(found).toMatchObject({
        states: 125,
        transitions: 3 * 4 * 25,
        terminal: 1,
        complete: true,
        broken: 0,
      });
      expect(new Set(seen).size).toBe(125);
      expect(seen).toHaveLength(125);
      expect(found.depth).toBe(12);
    });

    test(`with sleep sets meets the same states by fewer arrows, by ${order}`, () => {
      const found = explore({counters: 3, limit: 4}, {order, reductions: sleepOnly});
      // Independent counters leave one way to each state: a tree.
      expect(found).toMatchObject({states: 125, transitions: 124, terminal: 1, complete: true});
      expect(found.cut.sleep).toBe(3 * 4 * 25 - 124);
    });
  }

  test("misses nothing where more actions are enabled than can sleep", () => {
    const options = {order: "breadth", depth: 2} as const;
    const found = explore({counters: 40, limit: 1}, {...options, reductions: sleepOnly});
    const plain = explore({counters: 40, limit: 1}, options);
    expect(found.states).toBe(1 + 40 + 780);
    expect(plain.states).toBe(found.states);
    // The nine that cannot sleep are taken in every order.
    expect(plain.transitions - found.transitions).toBe(780 - (9 * 8) / 2);
  });

  test("finds a shortest way to what is broken, and goes no further from there", () => {
    const found = explore({counters: 2, limit: 5, broken: [1, 2]}, {order: "breadth"});
    expect(found.violations).toHaveLength(1);
    expect(found.violations[0]?.path).toHaveLength(3);
    const counts = [0, 1].map((n) => found.violations[0]?.path.filter(({counter}) => counter === n).length);
    expect(counts).toEqual([1, 2]);
    expect(found.broken).toBe(2);
    expect(found.states).toBe(35);
    expect(found.complete).toBe(true);
  });

  test("stops at the first where asked to", () => {
    const found = explore({counters: 2, limit: 5, broken: [1, 2]}, {order: "breadth", stopAtFirst: true});
    expect(found.complete).toBe(false);
    expect(found.states).toBeLessThan(35);
  });

  test("says what a depth or a number of states cut", () => {
    const shallow = explore({counters: 2, limit: 5}, {order: "breadth", depth: 3});
    expect(shallow).toMatchObject({states: 10, complete: false, cut: {depth: 4}});
    const few = explore({counters: 2, limit: 5}, {statesMax: 7});
    expect(few).toMatchObject({states: 7, complete: false, cut: {limit: 1}});
  });

  test("goes on in slices as in one go", () => {
    const whole = explore({counters: 3, limit: 3}, {reductions: sleepOnly});
    const slices = new Explorer(grid({counters: 3, limit: 3}), {reductions: sleepOnly});
    let count = 1;
    while (slices.advance(5)) count++;
    expect(count).toBe(Math.ceil(63 / 5));
    expect(slices.explored()).toEqual(whole);
  });
});

describe("sleep sets on drawn programs", () => {
  /** Programs in which a state is missed if whoever comes to one awake does not take what slept there. */
  const delicate = [
    {seed: "q1735", shape: {processes: 5, steps: 2, variables: 5}, states: 4312},
    {seed: "q1831", shape: {processes: 5, steps: 2, variables: 6}, states: 2549},
  ];

  for (const {seed, shape, states} of delicate) {
    test(`miss nothing in ${seed}`, () => {
      const program = drawnProgram(seed, shape);
      expect(new Explorer(program, {reductions: noReductions}).run().states).toBe(states);
      expect(new Explorer(program, {reductions: sleepOnly}).run().states).toBe(states);
    });
  }

  test("miss nothing in forty more", () => {
    let cut = 0;
    for (let n = 0; n < 40; n++) {
      const program = drawnProgram(`p${n}`, {processes: 3, steps: 3, variables: 4});
      for (const order of ["depth", "breadth"] as const) {
        const plain = new Explorer(program, {order, reductions: noReductions}).run();
        const found = new Explorer(program, {order, reductions: sleepOnly}).run();
        expect([found.states, found.terminal]).toEqual([plain.states, plain.terminal]);
        cut += plain.transitions - found.transitions;
      }
    }
    expect(cut).toBeGreaterThan(1000);
  });
});
