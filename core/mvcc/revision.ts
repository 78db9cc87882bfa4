// Revisions as full coordinates: which write (`main`), and which change within it (`sub`). The record of all changes is
// a tree keyed by them, as etcd's bucket `key` is; there a revision is one number that sorts as (main, sub) does.

import {assert} from "../base/assert.ts";
import type {Revision} from "../base/quantity.ts";
import type {FullRevision} from "./kv.ts";

/** A revision as one safe integer, ordered by main, then sub. etcd: 17 bytes, `mvcc/revision.go`. */
export type RevisionKey = number;

/** Changes that one write can hold, and writes that a store can take: 20 and 33 of the 53 bits. */
export const subMax = 0x100000;
export const mainMax = 0x200000000;

/** Packs a revision; `revisionKey(main, 0)` bounds the writes from `main` on. */
export function revisionKey(main: Revision, sub: number): RevisionKey {
  // The texts are made only when they are needed: this runs for every change and every look at one.
  if (main >= mainMax) assert(false, `a store takes at most ${mainMax} writes, not ${main}`);
  if (sub >= subMax) assert(false, `one write holds at most ${subMax} changes, not ${sub}`);
  return main * subMax + sub;
}

/** The revision that {@link revisionKey} packed. */
export function unpackRevision(key: RevisionKey): FullRevision {
  return {main: Math.floor(key / subMax), sub: key % subMax};
}

/** The main part of it. */
export function mainOf(key: RevisionKey): Revision {
  return Math.floor(key / subMax);
}

/** What lies at or before `main` is below it; there need be no such write. */
export function endOf(main: Revision): RevisionKey {
  return (main + 1) * subMax;
}
