// The numbers of the named spaces that are small enough, and that what must hold holds in all of them. A number that
// moves says that something behaves differently: that is the point.

import {describe, expect, test} from "vitest";
import {allReductions, Explorer, noReductions} from "../../../sim/explore/explorer.ts";
import {makeSpace, spaces} from "../../../sim/explore/spaces.ts";
import {present} from "../../../core/base/assert.ts";

interface Known {
  readonly id: string;
  readonly states: number;
  readonly terminal: number;
  /** Without any reduction. */
  readonly plain?: number;
}

const known: readonly Known[] = [
  {id: "raft-commit-2", states: 2031, terminal: 294, plain: 15_099},
  {id: "raft-duplicate-2", states: 3847, terminal: 122},
  {id: "raft-election-2", states: 57, terminal: 5, plain: 375},
  {id: "raft-election-3", states: 6532, terminal: 17},
  {id: "raft-heartbeat-2", states: 5855, terminal: 121},
  {id: "server-disk-2", states: 626, terminal: 13, plain: 1258},
  {id: "server-put-2", states: 6554, terminal: 670},
];

describe("named spaces", () => {
  test("have names in byte order, each once", () => {
    const ids = spaces.map(({id}) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
  });

  for (const {id, states, terminal, plain} of known) {
    test(`${id}: ${states} states, and nothing breaks`, () => {
      const named = present(
        spaces.find((one) => one.id === id),
        id,
      );
      const explore = (reductions = allReductions) => new Explorer(makeSpace(named), {reductions}).run();
      const found = explore();
      expect(found).toMatchObject({states, terminal, complete: true, broken: 0});
      if (plain !== undefined) expect(explore(noReductions)).toMatchObject({states: plain, broken: 0});
    });
  }

  test("a second search is the first again, whatever was explored before it", () => {
    const named = present(
      spaces.find(({id}) => id === "raft-election-2"),
      "a small space",
    );
    const first = new Explorer(makeSpace(named)).run();
    const space = makeSpace(named);
    new Explorer(space, {order: "breadth", reductions: noReductions}).run();
    expect(new Explorer(space).run()).toEqual(first);
  });
});
