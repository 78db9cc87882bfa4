// Ranges of keys, to ask which of them hold a key: a search tree by lower end whose nodes know the highest upper end
// below them (CLRS §14.3; etcd pkg/adt/interval_tree.go is a red-black one). It is balanced as a treap (Seidel and
// Aragon 1996) whose ranks are digests of names, so its shape follows from what is in it, whatever the order it came in.
// Nodes are never written: a fork shares them all.

import {Hasher} from "../base/hasher.ts";
import {unbounded, type Key} from "../base/key.ts";
import {compareByRange, type RangeWatcher} from "./watcher.ts";

interface Node<W> {
  readonly watcher: W;
  /** Greater than all ranks below. */
  readonly rank: number;
  readonly left: Tree<W>;
  readonly right: Tree<W>;
  /** The highest upper end of this node and all below it; `unbounded` is above all. */
  readonly reach: Key;
}

type Tree<W> = Node<W> | undefined;

/** Watchers of ranges with two ends (`to` is not ""), each named by stream and watch id. */
export class IntervalTree<W extends RangeWatcher> {
  private root: Tree<W>;

  /** Steps from the root to the deepest watcher: about twice the logarithm of their number. */
  get height(): number {
    return heightOf(this.root);
  }

  /** It must not be there. O(log n). */
  add(watcher: W): void {
    this.root = insert(this.root, watcher, rankOf(watcher));
  }

  /** False if it was not there. O(log n). */
  delete(watcher: W): boolean {
    const without = remove(this.root, watcher);
    if (without === this.root) return false;
    this.root = without;
    return true;
  }

  /** Visits all whose range holds the key, by lower end, stream and watch id. O(log n) and the number of visits. */
  visit(key: Key, found: (watcher: W) => void): void {
    stab(this.root, key, found);
  }

  fork(): IntervalTree<W> {
    const twin = new IntervalTree<W>();
    twin.root = this.root;
    return twin;
  }
}

function stab<W extends RangeWatcher>(from: Tree<W>, key: Key, found: (watcher: W) => void): void {
  let tree = from;
  while (tree !== undefined && isBelow(key, tree.reach)) {
    stab(tree.left, key, found);
    const {range} = tree.watcher;
    if (key < range.from) return;
    if (isBelow(key, range.to)) found(tree.watcher);
    tree = tree.right;
  }
}

function insert<W extends RangeWatcher>(tree: Tree<W>, watcher: W, rank: number): Node<W> {
  if (tree === undefined) return node(watcher, rank, undefined, undefined);
  if (compareByRange(watcher, tree.watcher) < 0) {
    const left = insert(tree.left, watcher, rank);
    return isAbove(left, tree)
      ? node(left.watcher, left.rank, left.left, withChildren(tree, left.right, tree.right))
      : withChildren(tree, left, tree.right);
  }
  const right = insert(tree.right, watcher, rank);
  return isAbove(right, tree)
    ? node(right.watcher, right.rank, withChildren(tree, tree.left, right.left), right.right)
    : withChildren(tree, tree.left, right);
}

function remove<W extends RangeWatcher>(tree: Tree<W>, watcher: W): Tree<W> {
  if (tree === undefined) return undefined;
  const order = compareByRange(watcher, tree.watcher);
  if (order === 0) return join(tree.left, tree.right);
  const child = order < 0 ? tree.left : tree.right;
  const without = remove(child, watcher);
  if (without === child) return tree;
  return order < 0 ? withChildren(tree, without, tree.right) : withChildren(tree, tree.left, without);
}

/** One tree of two, all of the one before all of the other. */
function join<W extends RangeWatcher>(left: Tree<W>, right: Tree<W>): Tree<W> {
  if (left === undefined) return right;
  if (right === undefined) return left;
  return isAbove(left, right)
    ? withChildren(left, left.left, join(left.right, right))
    : withChildren(right, join(left, right.left), right.right);
}

function withChildren<W extends RangeWatcher>(
  {watcher, rank}: Node<W>,
  left: Tree<W>,
  right: Tree<W>,
): Node<W> {
  return node(watcher, rank, left, right);
}

function node<W extends RangeWatcher>(watcher: W, rank: number, left: Tree<W>, right: Tree<W>): Node<W> {
  let reach = watcher.range.to;
  if (left !== undefined) reach = later(reach, left.reach);
  if (right !== undefined) reach = later(reach, right.reach);
  return {watcher, rank, left, right, reach};
}

function later(a: Key, b: Key): Key {
  if (a === unbounded || b === unbounded) return unbounded;
  return a > b ? a : b;
}

function isBelow(key: Key, end: Key): boolean {
  return end === unbounded || key < end;
}

/** Which of two is nearer to the root; of equal ranks the first by key. */
function isAbove<W extends RangeWatcher>(a: Node<W>, b: Node<W>): boolean {
  return a.rank === b.rank ? compareByRange(a.watcher, b.watcher) < 0 : a.rank > b.rank;
}

function rankOf({stream, watchId}: RangeWatcher): number {
  const hasher = new Hasher();
  hasher.int(stream);
  hasher.int(watchId);
  return hasher.lanes()[0];
}

function heightOf<W>(tree: Tree<W>): number {
  return tree === undefined ? 0 : 1 + Math.max(heightOf(tree.left), heightOf(tree.right));
}
