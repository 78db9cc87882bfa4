// The two kinds of node of the B+ tree: leaves hold the entries, branches only lead to them. A node belongs to the tree
// whose owner token it carries; that tree alone writes it in place, every other one that reaches it copies it first.
// Nothing here knows of roots or forks (see btree.ts).

/** Identity of a tree between two forks. Compared with `===`; holds nothing. */
export class Owner {
  readonly kind = "owner";
}

/** Entries in a leaf, keys in a branch, at most. A node other than the root holds at least half. */
export const nodeKeysMax = 32;
export const nodeKeysMin = nodeKeysMax / 2;

/** Same sign both ways, never 0 for different keys. */
export type CompareKeys<K> = (a: K, b: K) => number;

/** Sorted entries: `values[i]` belongs to `keys[i]`. */
export interface Leaf<K, V> {
  readonly kind: "leaf";
  readonly owner: Owner;
  keys: K[];
  values: V[];
  /** Of the tree's measure over all values, where it is known. */
  sum: number | undefined;
}

/** `children[i]` holds the keys from `keys[i - 1]` (included) to `keys[i]` (not included): one child more than keys. */
export interface Branch<K, V> {
  readonly kind: "branch";
  readonly owner: Owner;
  keys: K[];
  children: Node<K, V>[];
  /** Of the measure over all that is below, where it is known. */
  sum: number | undefined;
}

export type Node<K, V> = Leaf<K, V> | Branch<K, V>;

/** The right half of a node that had grown too large, and the least key that may be found in it. */
export interface Split<K, V> {
  readonly key: K;
  readonly right: Node<K, V>;
}

export function makeLeaf<K, V>(owner: Owner, keys: K[], values: V[]): Leaf<K, V> {
  return {kind: "leaf", owner, keys, values, sum: undefined};
}

export function makeBranch<K, V>(owner: Owner, keys: K[], children: Node<K, V>[]): Branch<K, V> {
  return {kind: "branch", owner, keys, children, sum: undefined};
}

/** The node itself if `owner` may write it, else a copy that it may. It is about to: no sum of it is known any more. */
export function owned<K, V>(node: Node<K, V>, owner: Owner): Node<K, V> {
  if (node.owner === owner) {
    node.sum = undefined;
    return node;
  }
  return node.kind === "leaf"
    ? makeLeaf(owner, node.keys.slice(), node.values.slice())
    : makeBranch(owner, node.keys.slice(), node.children.slice());
}

/** Index of the first key that is not less than `key`. */
export function lowerBound<K>(keys: readonly K[], key: K, compare: CompareKeys<K>): number {
  let from = 0;
  let to = keys.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (compare(at(keys, middle), key) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Index of the child of a branch with these keys under which `key` belongs: that of the first key greater than it. */
export function childIndex<K>(keys: readonly K[], key: K, compare: CompareKeys<K>): number {
  let from = 0;
  let to = keys.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (compare(at(keys, middle), key) <= 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Cuts an owned node that holds too many keys in two; the node keeps the left half. */
export function splitOversized<K, V>(node: Node<K, V>): Split<K, V> | undefined {
  if (node.keys.length <= nodeKeysMax) return undefined;
  const middle = node.keys.length >>> 1;
  const key = at(node.keys, middle);
  if (node.kind === "leaf") {
    return {key, right: makeLeaf(node.owner, node.keys.splice(middle), node.values.splice(middle))};
  }
  // The middle key of a branch moves up: it separates the halves and belongs to neither.
  const keys = node.keys.splice(middle + 1);
  node.keys.pop();
  return {key, right: makeBranch(node.owner, keys, node.children.splice(middle + 1))};
}

/**
 * Brings the child at `index` of an owned branch back to at least half: its entries and a neighbour's become one node
 * where they fit, else they are shared evenly.
 */
export function fillChild<K, V>(branch: Branch<K, V>, index: number): void {
  const leftIndex = index > 0 ? index - 1 : index;
  const left = owned(at(branch.children, leftIndex), branch.owner);
  const right = at(branch.children, leftIndex + 1);
  branch.children[leftIndex] = left;
  if (left.kind === "leaf" && right.kind === "leaf") {
    left.keys.push(...right.keys);
    left.values.push(...right.values);
  } else if (left.kind === "branch" && right.kind === "branch") {
    left.keys.push(at(branch.keys, leftIndex), ...right.keys);
    left.children.push(...right.children);
  }
  const split = splitOversized(left);
  if (split === undefined) {
    branch.keys.splice(leftIndex, 1);
    branch.children.splice(leftIndex + 1, 1);
  } else {
    branch.keys[leftIndex] = split.key;
    branch.children[leftIndex + 1] = split.right;
  }
}

/** A tree of these sorted entries, its nodes as full as they can be alike. */
export function build<K, V>(owner: Owner, keys: readonly K[], values: readonly V[]): Node<K, V> {
  const leaves = shares(keys.length, nodeKeysMax);
  let nodes: Node<K, V>[] = leaves.map(([from, to]) =>
    makeLeaf(owner, keys.slice(from, to), values.slice(from, to)),
  );
  let least = leaves.map(([from]) => at(keys, from));
  while (nodes.length > 1) {
    const [below, leastBelow] = [nodes, least];
    const branches = shares(below.length, nodeKeysMax + 1);
    nodes = branches.map(([from, to]) =>
      makeBranch(owner, leastBelow.slice(from + 1, to), below.slice(from, to)),
    );
    least = branches.map(([from]) => at(leastBelow, from));
  }
  return at(nodes, 0);
}

/** Cuts `count` things into as few runs of at most `most` as will do, of equal length or one more. */
function shares(count: number, most: number): readonly (readonly [number, number])[] {
  const runs = Math.max(1, Math.ceil(count / most));
  return Array.from({length: runs}, (_, run) => [
    Math.floor((run * count) / runs),
    Math.floor(((run + 1) * count) / runs),
  ]);
}

/** An element that the shape of the tree says is there. A bare cast: this is the hot path of every read. */
export function at<T>(list: readonly T[], index: number): T {
  return list[index] as T;
}
