// A persistent B+ tree. A fork costs O(1): both trees go on from the same nodes under new owner tokens, and a node is
// copied when a tree that does not own it first writes it. Without forks it is an ordinary B+ tree, written in place.

import {
  at,
  build,
  childIndex,
  fillChild,
  lowerBound,
  makeBranch,
  makeLeaf,
  nodeKeysMin,
  owned,
  Owner,
  splitOversized,
  type Branch,
  type CompareKeys,
  type Node,
  type Split,
} from "./node.ts";

/** One key with its value. */
export interface BTreeEntry<K, V> {
  readonly key: K;
  readonly value: V;
}

/**
 * A sorted map. Values are never written by the tree; a value that a caller writes in place is seen by all forks.
 * `get` answers undefined for an absent key, so undefined is no useful value.
 */
export class BTree<K, V> {
  private readonly compare: CompareKeys<K>;
  private readonly measure: (value: V) => number;
  private owner = new Owner();
  private top: Node<K, V>;
  private count = 0;

  /** `measure`: what {@link sum} adds up. A value that is written in place must be set again when its measure changes. */
  constructor(compare: CompareKeys<K>, measure: (value: V) => number = () => 1) {
    this.compare = compare;
    this.measure = measure;
    this.top = makeLeaf<K, V>(this.owner, [], []);
  }

  /** How many keys it holds. */
  get size(): number {
    return this.count;
  }

  /** The topmost node, to look at only: checks and tests walk the structure from here. */
  get root(): Node<K, V> {
    return this.top;
  }

  get(key: K): V | undefined {
    let node = this.top;
    while (node.kind === "branch") node = at(node.children, childIndex(node.keys, key, this.compare));
    const index = lowerBound(node.keys, key, this.compare);
    const found = node.keys[index];
    return found !== undefined && this.compare(found, key) === 0 ? node.values[index] : undefined;
  }

  /** Adds the key, or replaces its value. */
  set(key: K, value: V): void {
    this.top = owned(this.top, this.owner);
    const split = this.setIn(this.top, key, value);
    if (split !== undefined) this.top = makeBranch(this.owner, [split.key], [this.top, split.right]);
  }

  /** Takes the key away; false if it was not there (nothing is copied then). */
  delete(key: K): boolean {
    if (this.get(key) === undefined) return false;
    this.top = owned(this.top, this.owner);
    this.deleteIn(this.top, key);
    if (this.top.kind === "branch" && this.top.children.length === 1) this.top = at(this.top.children, 0);
    this.count--;
    return true;
  }

  /**
   * Visits the entries in ascending order, from the first key that is not less than `from` (undefined: from the very
   * first), until `visit` returns false. The tree must not be changed meanwhile.
   */
  scan(from: K | undefined, visit: (key: K, value: V) => boolean): void {
    this.scanIn(this.top, from, visit);
  }

  /**
   * The sum of the measure over the values from the first key that is not less than `from` to the last that is less than
   * `to`; undefined: from the very first, to the very last. Sums of whole nodes are remembered until they are written.
   */
  sum(from: K | undefined, to: K | undefined): number {
    return this.sumIn(this.top, from, to);
  }

  /** Keeps those entries alone that `keeps` is true of. Costs O(size), so it is for many at once. */
  retain(keeps: (key: K, value: V) => boolean): void {
    const keys: K[] = [];
    const values: V[] = [];
    this.scan(undefined, (key, value) => {
      if (!keeps(key, value)) return true;
      keys.push(key);
      values.push(value);
      return true;
    });
    this.count = keys.length;
    this.top = build(this.owner, keys, values);
  }

  first(): BTreeEntry<K, V> | undefined {
    let node = this.top;
    while (node.kind === "branch") node = at(node.children, 0);
    return node.keys.length === 0 ? undefined : {key: at(node.keys, 0), value: at(node.values, 0)};
  }

  last(): BTreeEntry<K, V> | undefined {
    let node = this.top;
    while (node.kind === "branch") node = at(node.children, node.children.length - 1);
    const index = node.keys.length - 1;
    return index < 0 ? undefined : {key: at(node.keys, index), value: at(node.values, index)};
  }

  /** An independent twin in O(1). Both trees lose the ownership of every node that exists now. */
  fork(): BTree<K, V> {
    const twin = new BTree<K, V>(this.compare, this.measure);
    twin.top = this.top;
    twin.count = this.count;
    this.owner = new Owner();
    return twin;
  }

  /** Sets the key in an owned node; what that node could not hold is returned. */
  private setIn(node: Node<K, V>, key: K, value: V): Split<K, V> | undefined {
    if (node.kind === "branch") return this.setBelow(node, key, value);
    const index = lowerBound(node.keys, key, this.compare);
    const found = node.keys[index];
    if (found !== undefined && this.compare(found, key) === 0) {
      node.values[index] = value;
      return undefined;
    }
    node.keys.splice(index, 0, key);
    node.values.splice(index, 0, value);
    this.count++;
    return splitOversized(node);
  }

  private setBelow(branch: Branch<K, V>, key: K, value: V): Split<K, V> | undefined {
    const index = childIndex(branch.keys, key, this.compare);
    const child = owned(at(branch.children, index), this.owner);
    branch.children[index] = child;
    const split = this.setIn(child, key, value);
    if (split === undefined) return undefined;
    branch.keys.splice(index, 0, split.key);
    branch.children.splice(index + 1, 0, split.right);
    return splitOversized(branch);
  }

  /** Takes a key that is there out of an owned node. */
  private deleteIn(node: Node<K, V>, key: K): void {
    if (node.kind === "leaf") {
      const index = lowerBound(node.keys, key, this.compare);
      node.keys.splice(index, 1);
      node.values.splice(index, 1);
      return;
    }
    // A separator equal to the deleted key may stay: it still divides its neighbours.
    const index = childIndex(node.keys, key, this.compare);
    const child = owned(at(node.children, index), this.owner);
    node.children[index] = child;
    this.deleteIn(child, key);
    if (child.keys.length < nodeKeysMin) fillChild(node, index);
  }

  private sumIn(node: Node<K, V>, from: K | undefined, to: K | undefined): number {
    const isWhole = from === undefined && to === undefined;
    if (isWhole && node.sum !== undefined) return node.sum;
    let sum = 0;
    if (node.kind === "leaf") {
      const end = to === undefined ? node.keys.length : lowerBound(node.keys, to, this.compare);
      const start = from === undefined ? 0 : lowerBound(node.keys, from, this.compare);
      for (let i = start; i < end; i++) sum += this.measure(at(node.values, i));
    } else {
      const start = from === undefined ? 0 : childIndex(node.keys, from, this.compare);
      const end = to === undefined ? node.keys.length : childIndex(node.keys, to, this.compare);
      // Only the outermost children can hold keys beyond the bounds.
      for (let i = start; i <= end; i++) {
        const child = at(node.children, i);
        sum += this.sumIn(child, i === start ? from : undefined, i === end ? to : undefined);
      }
    }
    if (isWhole) node.sum = sum;
    return sum;
  }

  /** False once `visit` has said stop. */
  private scanIn(node: Node<K, V>, from: K | undefined, visit: (key: K, value: V) => boolean): boolean {
    if (node.kind === "leaf") {
      for (
        let i = from === undefined ? 0 : lowerBound(node.keys, from, this.compare);
        i < node.keys.length;
        i++
      ) {
        if (!visit(at(node.keys, i), at(node.values, i))) return false;
      }
      return true;
    }
    const start = from === undefined ? 0 : childIndex(node.keys, from, this.compare);
    for (let i = start; i < node.children.length; i++) {
      // Only the first child can hold keys before `from`.
      if (!this.scanIn(at(node.children, i), i === start ? from : undefined, visit)) return false;
    }
    return true;
  }
}
