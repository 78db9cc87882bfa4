// The index of watchers against brute force: whoever watches a key is found, once, however the watchers came and went.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {contains} from "../../../core/base/key.ts";
import {IntervalTree} from "../../../core/watch/intervalTree.ts";
import {compareWatchers, type RangeWatcher} from "../../../core/watch/watcher.ts";
import {WatcherIndex} from "../../../core/watch/watcherIndex.ts";

const keys = ["a", "aa", "ab", "b", "ba", "c", "\xff", "\xff\xff"];

const watcher = fc
  .record({
    stream: fc.nat(3),
    watchId: fc.nat(7),
    from: fc.constantFrom(...keys),
    to: fc.constantFrom("", "\0", ...keys),
  })
  .map(({stream, watchId, from, to}) => ({stream, watchId, range: {from, to}}));

const nameOf = ({stream, watchId}: RangeWatcher): string => `${stream}/${watchId}`;

/** Adds each watcher whose name is free, takes away the one that has it. */
function toggle(
  index: WatcherIndex<RangeWatcher>,
  there: Map<string, RangeWatcher>,
  one: RangeWatcher,
): void {
  const known = there.get(nameOf(one));
  if (known === undefined) {
    index.add(one);
    there.set(nameOf(one), one);
  } else {
    index.delete(known);
    there.delete(nameOf(one));
  }
}

function found(index: WatcherIndex<RangeWatcher>, key: string): readonly string[] {
  const names: RangeWatcher[] = [];
  index.visit(key, (one) => names.push(one));
  return names.sort(compareWatchers).map(nameOf);
}

function expected(there: ReadonlyMap<string, RangeWatcher>, key: string): readonly string[] {
  return [...there.values()]
    .filter(({range}) => contains(range, key))
    .sort(compareWatchers)
    .map(nameOf);
}

describe("the watcher index", () => {
  it("finds for every key the watchers whose range holds it, each once", () => {
    fc.assert(
      fc.property(fc.array(watcher, {maxLength: 60, size: "max"}), fc.nat(60), (taken, forkAt) => {
        const index = new WatcherIndex<RangeWatcher>();
        const there = new Map<string, RangeWatcher>();
        let twin = index.fork();
        let then = new Map(there);
        for (const [i, one] of taken.entries()) {
          toggle(index, there, one);
          if (i !== forkAt) continue;
          twin = index.fork();
          then = new Map(there);
        }
        for (const key of [...keys, "", "\0", "abc"]) {
          expect(found(index, key)).toEqual(expected(there, key));
          expect(found(twin, key)).toEqual(expected(then, key));
        }
      }),
      {numRuns: 400},
    );
  });
});

describe("the interval tree", () => {
  const many = (count: number): readonly RangeWatcher[] =>
    Array.from({length: count}, (_, i) => ({
      stream: i % 3,
      watchId: i,
      range: {from: String.fromCharCode(97 + (i % 26)), to: "\0"},
    }));

  it("is balanced, also when ranges come in order", () => {
    const tree = new IntervalTree<RangeWatcher>();
    for (const one of many(10_000)) tree.add(one);
    // 13.3 is the logarithm; a treap's height is expected at about twice that.
    expect(tree.height).toBeLessThan(45);
    for (const one of many(9_000)) expect(tree.delete(one)).toBe(true);
    expect(tree.delete({stream: 0, watchId: 3, range: {from: "d", to: "\0"}})).toBe(false);
    let left = 0;
    tree.visit("z", () => left++);
    expect(left).toBe(1000);
    expect(tree.height).toBeLessThan(35);
  });

  it("visits in one order, whatever the order its ranges came in", () => {
    const [one, two] = [new IntervalTree<RangeWatcher>(), new IntervalTree<RangeWatcher>()];
    for (const range of many(100)) one.add(range);
    for (const range of many(100).toReversed()) two.add(range);
    const order = (tree: IntervalTree<RangeWatcher>): readonly string[] => {
      const names: string[] = [];
      tree.visit("m", (found) => names.push(nameOf(found)));
      return names;
    };
    expect(order(one)).toHaveLength(52);
    expect([order(two), two.height]).toEqual([order(one), one.height]);
  });

  it("looks only where a range may reach", () => {
    const tree = new IntervalTree<RangeWatcher>();
    const digits = (i: number): string => String(i).padStart(6, "0");
    let looks = 0;
    for (let i = 0; i < 10_000; i++) {
      const range = {from: digits(i), to: digits(i + 2)};
      tree.add({
        stream: 1,
        watchId: i,
        get range() {
          looks++;
          return range;
        },
      });
    }
    const names: number[] = [];
    looks = 0;
    tree.visit(digits(5_000), ({watchId}) => names.push(watchId));
    expect(names).toEqual([4_999, 5_000]);
    expect(looks).toBeLessThan(60);
  });
});
