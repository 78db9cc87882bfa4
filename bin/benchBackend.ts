// Loops over the backend file, and over sorted maps in memory beside it, for the benchmarks: revisions in ascending
// order, as a store writes them, and a scan of all. No disk: the bytes that a commit hands over are counted.

import {createRequire} from "node:module";
import type SortedBTree from "sorted-btree";
import {compareKeys} from "../core/base/key.ts";
import type {Key} from "../core/base/key.ts";
import {BTree} from "../core/btree/btree.ts";
import {Backend} from "../core/storage/backend.ts";
import {openImage} from "../core/storage/openBackend.ts";

/** Its `default` is the class: it is a CommonJS module. */
const sorted = createRequire(import.meta.url)("sorted-btree") as {
  readonly default: typeof SortedBTree;
};

const pageBytes = 4096;
const batch = 10_000;
const value = new Uint8Array(100).fill(7);

/** Keys of bucket `key`: 17 bytes. */
export function revisionKeys(count: number): readonly Key[] {
  const ends = Array.from({length: 256}, (_, byte) => String.fromCharCode(byte));
  return Array.from(
    {length: count},
    (_, i) => `\0\0\0\0\0${ends[(i >> 16) & 255]}${ends[(i >> 8) & 255]}${ends[i & 255]}_\0\0\0\0\0\0\0\0`,
  );
}

/** What the disk was given. */
export interface Written {
  readonly backend: Backend;
  readonly puts: number;
  readonly pages: number;
  readonly bytes: number;
}

/** Puts all keys, with a commit after every 10,000. */
export function fillBackend(keys: readonly Key[]): Written {
  const backend = Backend.empty({pageBytes});
  let pages = 0;
  let bytes = 0;
  for (const [i, key] of keys.entries()) {
    backend.put("key", key, value);
    if ((i + 1) % batch !== 0 && i + 1 < keys.length) continue;
    for (const step of backend.commit())
      for (const op of step) if (op.kind === "write") bytes += op.bytes.length;
    backend.settled();
    pages += (backend.lastCommit?.written.length ?? 0) + 1;
  }
  return {backend, puts: keys.length, pages, bytes};
}

/** How many entries the bucket has. */
export function scanBackend(backend: Backend): number {
  let entries = 0;
  backend.scan("key", "", () => ++entries > 0);
  return entries;
}

/** How many entries a file has that is written whole, verified and opened again. */
export function reopenBackend(backend: Backend): number {
  const opened = openImage(backend.image(), {pageBytes});
  return opened === undefined ? 0 : scanBackend(opened);
}

export function fillBTree(keys: readonly Key[]): number {
  const tree = new BTree<Key, Uint8Array>(compareKeys);
  for (const key of keys) tree.set(key, value);
  let entries = 0;
  tree.scan(undefined, () => ++entries > 0);
  return entries;
}

/** The same with the npm package of that name. */
export function fillSortedBTree(keys: readonly Key[]): number {
  const tree = new sorted.default<Key, Uint8Array>(undefined, compareKeys);
  for (const key of keys) tree.set(key, value);
  let entries = 0;
  tree.forEachPair(() => {
    entries++;
  });
  return entries;
}
