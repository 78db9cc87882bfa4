// The tree of one bucket in memory. Nodes are never written after birth: a commit makes new ones for the way from the
// root to what it changed, and the trees of older versions go on sharing the rest. The first key of a node is the key
// under which the branch above it lists it.

import type {Key, Value} from "../base/key.ts";
import {at, lowerBound} from "../btree/node.ts";
import {compareKeys} from "../base/key.ts";
import type {PageId, PageLink, Version} from "./page.ts";

/** Where a node stands in the file. */
export interface PagePlace extends PageLink {
  /** Pages right behind the first that belong to it. */
  readonly overflow: number;
  readonly version: Version;
}

interface LeafEntries {
  readonly kind: "leaf";
  readonly level: 0;
  /** Of all its entries, without the page's head. */
  readonly entryBytes: number;
  readonly keys: readonly Key[];
  readonly values: readonly Value[];
}

export interface Leaf extends LeafEntries {
  readonly page: PagePlace;
}

export interface Branch {
  readonly kind: "branch";
  readonly level: number;
  readonly entryBytes: number;
  readonly page: PagePlace;
  /** The first key of each child. */
  readonly keys: readonly Key[];
  readonly children: readonly PageNode[];
}

export type PageNode = Leaf | Branch;

/** A node that is being made: it has no page yet. `grows`: its last entry is new, more may be on their way. */
export interface LeafDraft extends LeafEntries {
  readonly page: undefined;
  readonly grows: boolean;
}

export interface BranchDraft {
  readonly kind: "branch";
  readonly level: number;
  readonly entryBytes: number;
  readonly page: undefined;
  readonly grows: boolean;
  readonly keys: readonly Key[];
  readonly children: readonly Draft[];
}

export type Draft = PageNode | LeafDraft | BranchDraft;

/** A tree; undefined is the empty one. */
export type PageTree = PageNode | undefined;

export function getFrom(tree: PageTree, key: Key): Value | undefined {
  const leaf = wayTo(tree, key).at(-1);
  if (leaf?.kind !== "leaf") return undefined;
  const index = lowerBound(leaf.keys, key, compareKeys);
  return leaf.keys[index] === key ? leaf.values[index] : undefined;
}

/** The nodes from the root to the leaf in which the key is, or would be. */
export function wayTo(tree: PageTree, key: Key): readonly PageNode[] {
  const way: PageNode[] = [];
  let node = tree;
  while (node !== undefined) {
    way.push(node);
    node = node.kind === "branch" ? at(node.children, childAt(node.keys, key)) : undefined;
  }
  return way;
}

/** Index of the child under which the key belongs; the first one takes what is before all keys. */
function childAt(keys: readonly Key[], key: Key): number {
  const index = lowerBound(keys, key, compareKeys);
  return keys[index] === key ? index : Math.max(0, index - 1);
}

/** Visits every node, a branch before its children; a child only if `visit` said true of its branch. */
export function visitNodes(tree: PageTree, visit: (node: PageNode) => boolean): void {
  if (tree === undefined || !visit(tree) || tree.kind === "leaf") return;
  for (const child of tree.children) visitNodes(child, visit);
}

/** All pages of a node. */
export function pagesOf({id, overflow}: {readonly id: PageId; readonly overflow: number}): readonly PageId[] {
  const pages = [id];
  for (let next = id + 1; next <= id + overflow; next++) pages.push(next);
  return pages;
}

/** The entries of a tree in ascending order, one at a time. */
export class TreeCursor {
  /** The branches above the leaf, and which child of each is next. */
  private readonly above: {readonly branch: Branch; next: number}[] = [];
  private leaf: Leaf | undefined;
  private index = 0;

  /** At the first entry whose key is not less than `from`. */
  constructor(tree: PageTree, from: Key) {
    if (tree === undefined) return;
    let node = tree;
    while (node.kind === "branch") {
      const index = childAt(node.keys, from);
      this.above.push({branch: node, next: index + 1});
      node = at(node.children, index);
    }
    this.leaf = node;
    this.index = lowerBound(node.keys, from, compareKeys);
    if (this.index === node.keys.length) this.nextLeaf();
  }

  /** Undefined behind the last entry. */
  get key(): Key | undefined {
    return this.leaf?.keys[this.index];
  }

  /** Of the entry at which it is. */
  get value(): Value {
    return at(this.leaf?.values ?? [], this.index);
  }

  next(): void {
    if (this.leaf === undefined) return;
    this.index++;
    if (this.index === this.leaf.keys.length) this.nextLeaf();
  }

  private nextLeaf(): void {
    this.leaf = undefined;
    this.index = 0;
    let last = this.above.at(-1);
    while (last !== undefined && last.next === last.branch.children.length) {
      this.above.pop();
      last = this.above.at(-1);
    }
    if (last === undefined) return;
    let node = at(last.branch.children, last.next++);
    while (node.kind === "branch") {
      this.above.push({branch: node, next: 1});
      node = at(node.children, 0);
    }
    this.leaf = node;
  }
}
