// The B+ tree against a sorted array, its shape, and what a fork costs.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {compareKeys} from "../../../core/base/key.ts";
import {BTree} from "../../../core/btree/btree.ts";
import {nodeKeysMax, nodeKeysMin, type Node} from "../../../core/btree/node.ts";

type Numbers = BTree<number, string>;

/** Their sums are of the values' lengths. */
function numbers(): Numbers {
  return new BTree<number, string>(
    (a, b) => a - b,
    (value) => value.length,
  );
}

function filled(count: number): Numbers {
  const tree = numbers();
  for (let i = 0; i < count; i++) tree.set(i, `v${i}`);
  return tree;
}

function entries(tree: Numbers, from?: number): [number, string][] {
  const seen: [number, string][] = [];
  tree.scan(from, (key, value) => {
    seen.push([key, value]);
    return true;
  });
  return seen;
}

function nodes<K, V>(node: Node<K, V>): Node<K, V>[] {
  return node.kind === "leaf" ? [node] : [node, ...node.children.flatMap((child) => nodes(child))];
}

/** Throws unless the node keeps the shape of a B+ tree; answers its height. */
function checkShape(node: Node<number, string>, isRoot = true, from = -Infinity, to = Infinity): number {
  must(node.keys.length <= nodeKeysMax, `${node.keys.length} keys in a node`);
  must(isRoot || node.keys.length >= nodeKeysMin, `only ${node.keys.length} keys in a node`);
  let last = -Infinity;
  for (const key of node.keys) {
    must(key > last && key >= from && key < to, `${key} after ${last} in [${from}, ${to})`);
    last = key;
  }
  if (node.kind === "leaf") {
    must(node.values.length === node.keys.length, "a leaf has one value for each key");
    return 1;
  }
  must(node.children.length === node.keys.length + 1, "a branch has one child more than keys");
  const heights = node.children.map((child, i) =>
    checkShape(child, false, node.keys[i - 1] ?? from, node.keys[i] ?? to),
  );
  must(new Set(heights).size === 1, `leaves at heights ${heights.join(" ")}`);
  return 1 + (heights[0] ?? 0);
}

function must(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

describe("a B+ tree", () => {
  it("holds nothing at first", () => {
    const tree = numbers();
    expect([tree.size, tree.first(), tree.last(), tree.get(1), tree.delete(1)]).toEqual([
      0,
      undefined,
      undefined,
      undefined,
      false,
    ]);
  });

  it("scans from a key that it does not hold, and stops when told to", () => {
    const tree = numbers();
    for (let i = 0; i < 300; i += 10) tree.set(i, `v${i}`);
    const seen: number[] = [];
    tree.scan(95, (key) => seen.push(key) < 3);
    expect(seen).toEqual([100, 110, 120]);
  });

  it("keeps byte strings in byte order", () => {
    const tree = new BTree<string, number>(compareKeys);
    const keys = ["b", "a\xff", "a", "", "a\0", "\xff"];
    keys.forEach((key, i) => tree.set(key, i));
    const seen: string[] = [];
    tree.scan(undefined, (key) => seen.push(key) > 0);
    expect(seen).toEqual(["", "a", "a\0", "a\xff", "b", "\xff"]);
  });

  it("keeps all leaves at one depth and every node at least half full, growing and shrinking", () => {
    const tree = numbers();
    for (let i = 0; i < 3000; i++) tree.set((i * 7919) % 3001, "v");
    expect(checkShape(tree.root)).toBe(3);
    for (let i = 0; i < 2990; i++) {
      tree.delete((i * 4001) % 3001);
      if (i % 100 === 0) checkShape(tree.root);
    }
    expect(checkShape(tree.root)).toBe(1);
  });
});

describe("a sum over a B+ tree", () => {
  it("looks at no value of a node again that was not written since", () => {
    let looks = 0;
    const tree = new BTree<number, string>(
      (a, b) => a - b,
      () => ((looks += 1), 1),
    );
    for (let i = 0; i < 3000; i++) tree.set(i, "");
    expect([tree.sum(undefined, undefined), looks]).toEqual([3000, 3000]);
    expect([tree.sum(undefined, undefined), looks]).toEqual([3000, 3000]);
    tree.set(1500, "");
    tree.sum(10, 2990);
    expect(looks).toBeLessThan(3000 + 3 * nodeKeysMax);
  });
});

describe("a B+ tree of which a part is retained", () => {
  it.each([0, 1, 32, 33, 34, 1056, 1057, 3000])("has its shape with %i keys left", (left) => {
    const tree = filled(3000);
    const twin = tree.fork();
    tree.retain((key) => key < left);
    checkShape(tree.root);
    expect(entries(tree)).toEqual(entries(filled(left)));
    expect([tree.size, twin.size, entries(twin).length]).toEqual([left, 3000, 3000]);
  });
});

describe("a fork", () => {
  it("shares every node until one side writes", () => {
    const tree = filled(2000);
    const twin = tree.fork();
    expect(twin.root).toBe(tree.root);
    expect(entries(twin)).toEqual(entries(tree));
  });

  it("makes a write copy the way from the root to one leaf, once, and nothing else", () => {
    const tree = filled(2000);
    const before = new Set(nodes(tree.root));
    const twin = tree.fork();
    twin.set(1000, "changed");
    const copied = nodes(twin.root).filter((node) => !before.has(node));
    expect(copied.length).toBe(3);
    twin.set(1000, "again");
    expect(nodes(twin.root).filter((node) => !before.has(node))).toEqual(copied);
    expect([tree.get(1000), twin.get(1000)]).toEqual(["v1000", "again"]);
    expect(new Set(nodes(tree.root))).toEqual(before);
  });

  it("takes the right to write in place from the original too", () => {
    const tree = filled(2000);
    const twin = tree.fork();
    tree.set(5, "changed");
    tree.delete(6);
    expect([twin.get(5), twin.get(6), twin.size]).toEqual(["v5", "v6", 2000]);
  });

  it("costs nothing later: a tree nobody shares is written in place", () => {
    const tree = filled(2000);
    const before = nodes(tree.root);
    for (let i = 0; i < 2000; i++) tree.set(i, "changed");
    expect(nodes(tree.root).every((node, i) => node === before[i])).toBe(true);
  });

  it("copies nothing for a delete that finds nothing", () => {
    const tree = filled(100);
    const twin = tree.fork();
    expect(twin.delete(1000)).toBe(false);
    expect(twin.root).toBe(tree.root);
  });
});

function lengths(sorted: readonly [number, string][]): number {
  return sorted.reduce((sum, [, value]) => sum + value.length, 0);
}

/**
 * A step on one of several trees: a run of keys set or deleted, a fork, every few keys gone at once, or a sum, which the
 * tree remembers.
 */
const step = fc.record({
  on: fc.nat(3),
  kind: fc.constantFrom("set", "set", "delete", "fork", "retain", "sum"),
  start: fc.nat(400),
  stride: fc.integer({min: 1, max: 37}),
  count: fc.integer({min: 1, max: 150}),
});

describe("a family of forks", () => {
  it("agrees, tree by tree, with sorted arrays that are copied whole", () => {
    fc.assert(
      fc.property(
        fc.array(step, {minLength: 1, maxLength: 20}),
        fc.nat(400),
        fc.nat(400),
        (steps, from, to) => {
          const family: {tree: Numbers; model: Map<number, string>}[] = [{tree: numbers(), model: new Map()}];
          steps.forEach(({on, kind, start, stride, count}, nth) => {
            const chosen = family[on % family.length];
            if (chosen === undefined) return;
            const {tree, model} = chosen;
            if (kind === "fork") family.push({tree: tree.fork(), model: new Map(model)});
            if (kind === "sum") tree.sum(undefined, undefined);
            if (kind === "retain") {
              tree.retain((key) => key % stride === 0);
              for (const key of model.keys()) if (key % stride !== 0) model.delete(key);
            }
            const isRun = kind === "set" || kind === "delete";
            for (let i = 0, key = start; isRun && i < count; i++, key = (key + stride) % 401) {
              if (kind === "set") tree.set(key, `${nth}/${i}`);
              else if (tree.delete(key) !== model.has(key))
                throw new Error(`delete(${key}) answered wrongly`);
              if (kind === "set") model.set(key, `${nth}/${i}`);
              else model.delete(key);
            }
          });
          for (const {tree, model} of family) {
            const sorted = [...model].sort(([a], [b]) => a - b);
            expect(entries(tree)).toEqual(sorted);
            expect(entries(tree, from)).toEqual(sorted.filter(([key]) => key >= from));
            expect([tree.size, tree.first()?.key, tree.last()?.key]).toEqual([
              sorted.length,
              sorted[0]?.[0],
              sorted.at(-1)?.[0],
            ]);
            expect(tree.get(from)).toBe(model.get(from));
            expect(tree.sum(undefined, undefined)).toBe(lengths(sorted));
            expect(tree.sum(from, undefined)).toBe(lengths(sorted.filter(([key]) => key >= from)));
            if (from <= to)
              expect(tree.sum(from, to)).toBe(lengths(sorted.filter(([key]) => key >= from && key < to)));
            checkShape(tree.root);
          }
        },
      ),
      {numRuns: 120},
    );
  });
});
