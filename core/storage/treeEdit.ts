// One commit's changes to a tree: which nodes it needs afterwards. Nothing is encoded here; the result is drafts, that
// have no page yet, over the nodes that stay (seal.ts gives them pages).
//
// A node of more bytes than a page holds is split; neighbours under one branch of which one has less than a quarter page
// become one if it fits. So two neighbours are at least half full on average. Only a leaf of one entry, or a branch of two or
// three with huge keys, is larger than a page.

import type {Key, Value} from "../base/key.ts";
import {at} from "../btree/node.ts";
import {branchEntryBytes, leafEntryBytes} from "./page.ts";
import type {BranchDraft, Draft, LeafDraft, PagePlace, PageTree} from "./pageTree.ts";

/** What becomes of a key: its new value; null, it goes. */
export interface Change {
  readonly key: Key;
  readonly value: Value | null;
}

export class TreeEdit {
  splits = 0;
  merges = 0;
  /** Pages that the new tree does not need. */
  readonly freed: PagePlace[] = [];
  /** Bytes of entries in one page. */
  private readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** The tree after the changes, which are in ascending order of keys. Unchanged nodes are the same objects. */
  apply(tree: PageTree, changes: readonly Change[]): Draft | undefined {
    const before = tree ?? leafDraft([], [], false);
    let level = this.settle([this.changed(before, changes, 0, changes.length)]);
    while (level.length > 1) level = this.settle([branchDraft(level)]);
    let top = level[0];
    while (top?.kind === "branch" && top.children.length === 1) {
      this.free(top);
      top = top.children[0];
    }
    return top;
  }

  /** The node after changes [from, to); it may be empty or too large. */
  private changed(node: Draft, changes: readonly Change[], from: number, to: number): Draft {
    if (node.kind === "leaf") {
      const draft = changedLeaf(node, changes, from, to);
      if (draft !== node) this.free(node);
      return draft;
    }
    let isChanged = false;
    let next = from;
    const children = node.children.map((child, i) => {
      const border = node.keys[i + 1];
      const end = border === undefined ? to : firstAtLeast(changes, border, next, to);
      const after = end === next ? child : this.changed(child, changes, next, end);
      isChanged ||= after !== child;
      next = end;
      return after;
    });
    if (!isChanged) return node;
    this.free(node);
    return branchDraft(this.settle(children));
  }

  /** Neighbours under one branch: without the empty ones, the large ones split, the small ones joined. */
  private settle(nodes: readonly Draft[]): readonly Draft[] {
    const settled: Draft[] = [];
    for (const node of nodes) {
      if (node.keys.length === 0) continue;
      if (node.page !== undefined || node.entryBytes <= this.capacity) this.add(node, settled);
      else for (const piece of this.pieces(node)) this.add(piece, settled);
    }
    return settled;
  }

  /** To the settled ones on its left. */
  private add(node: Draft, settled: Draft[]): void {
    settled.push(node);
    for (let i = settled.length - 1; i > 0 && this.shouldJoin(at(settled, i - 1), at(settled, i)); i--) {
      settled.splice(i - 1, 2, this.join(at(settled, i - 1), at(settled, i)));
    }
  }

  private shouldJoin(left: Draft, right: Draft): boolean {
    return (
      Math.min(left.entryBytes, right.entryBytes) < this.capacity / 4 &&
      left.entryBytes + right.entryBytes <= this.capacity
    );
  }

  private join(left: Draft, right: Draft): Draft {
    this.merges++;
    this.free(left);
    this.free(right);
    if (left.kind === "leaf" && right.kind === "leaf") {
      return leafDraft([...left.keys, ...right.keys], [...left.values, ...right.values], growsOf(right));
    }
    // Those that had no neighbour before may have one now.
    return branchDraft(this.settle([...childrenOf(left), ...childrenOf(right)]));
  }

  /** Of a draft that is too large. */
  private pieces(node: LeafDraft | BranchDraft): readonly Draft[] {
    const cuts = node.kind === "leaf" ? leafCuts(node, this.capacity) : branchCuts(node, this.capacity);
    if (cuts.length === 0) return [node];
    this.splits += cuts.length;
    return [0, ...cuts].map((cut, i) => {
      const end = cuts[i];
      const isLast = end === undefined;
      if (node.kind === "branch") return branchDraft(node.children.slice(cut, end));
      return leafDraft(node.keys.slice(cut, end), node.values.slice(cut, end), isLast && node.grows);
    });
  }

  private free({page}: Draft): void {
    if (page !== undefined) this.freed.push(page);
  }
}

function leafDraft(keys: readonly Key[], values: readonly Value[], grows: boolean): LeafDraft {
  let entryBytes = 0;
  for (const [i, key] of keys.entries()) entryBytes += leafEntryBytes(key, at(values, i));
  return {kind: "leaf", level: 0, page: undefined, entryBytes, keys, values, grows};
}

function branchDraft(children: readonly Draft[]): BranchDraft {
  const keys = children.map((child) => at(child.keys, 0));
  let entryBytes = 0;
  for (const key of keys) entryBytes += branchEntryBytes(key);
  const level = (children[0]?.level ?? 0) + 1;
  const last = children.at(-1);
  const grows = last !== undefined && growsOf(last);
  return {kind: "branch", level, page: undefined, entryBytes, keys, children, grows};
}

function growsOf(node: Draft): boolean {
  return node.page === undefined && node.grows;
}

function childrenOf(node: Draft): readonly Draft[] {
  return node.kind === "branch" ? node.children : [];
}

/** The leaf itself if nothing changes. */
function changedLeaf(
  leaf: Extract<Draft, {kind: "leaf"}>,
  changes: readonly Change[],
  from: number,
  to: number,
): Extract<Draft, {kind: "leaf"}> {
  const keys: Key[] = [];
  const values: Value[] = [];
  let isChanged = false;
  let old = 0;
  for (let i = from; i < to; i++) {
    const {key, value} = at(changes, i);
    for (; old < leaf.keys.length && at(leaf.keys, old) < key; old++) {
      keys.push(at(leaf.keys, old));
      values.push(at(leaf.values, old));
    }
    const isThere = leaf.keys[old] === key;
    if (isThere) old++;
    isChanged ||= isThere || value !== null;
    if (value === null) continue;
    keys.push(key);
    values.push(value);
  }
  if (!isChanged) return leaf;
  const grows = old === leaf.keys.length && keys.at(-1) !== leaf.keys.at(-1);
  return leafDraft(
    [...keys, ...leaf.keys.slice(old)],
    [...values, ...leaf.values.slice(old)],
    grows && keys.length > 0,
  );
}

/** Index of the first change in [from, to) whose key is not less than `key`. */
function firstAtLeast(changes: readonly Change[], key: Key, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(changes, middle).key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function leafCuts({keys, values, entryBytes, grows}: LeafDraft, capacity: number): readonly number[] {
  const sizes = keys.map((key, i) => leafEntryBytes(key, at(values, i)));
  return cutsOf(sizes, entryBytes, capacity, grows, 1);
}

/** A branch of one child would not make the tree narrower towards its root. */
function branchCuts({keys, entryBytes, grows}: BranchDraft, capacity: number): readonly number[] {
  return cutsOf(
    keys.map((key) => branchEntryBytes(key)),
    entryBytes,
    capacity,
    grows,
    2,
  );
}

/**
 * Where to begin a new node. One that grows at its end is filled to the brim, since nothing will come between its
 * entries (keys are revisions); else the pieces are of one size, with room in each.
 */
function cutsOf(
  sizes: readonly number[],
  bytes: number,
  capacity: number,
  grows: boolean,
  countMin: number,
): readonly number[] {
  const wanted = grows ? capacity : Math.ceil(bytes / Math.ceil(bytes / capacity));
  const cuts: number[] = [];
  let start = 0;
  let used = 0;
  for (const [i, size] of sizes.entries()) {
    const isFull = used + size > capacity || (!grows && 2 * used + size > 2 * wanted);
    if (isFull && i - start >= countMin) {
      cuts.push(i);
      start = i;
      used = 0;
    }
    used += size;
  }
  if (cuts.length === 0 || sizes.length - start >= countMin) return cuts;
  // The last piece takes from the one before it, or, if that has no more than it must have, joins it.
  const last = sizes.length - countMin;
  cuts.pop();
  return last - (cuts.at(-1) ?? 0) >= countMin ? [...cuts, last] : cuts;
}
