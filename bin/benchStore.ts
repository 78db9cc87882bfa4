// Loops over a store of many keys, for the benchmarks: what a put, a read and a range cost in it, what it weighs, and how
// long compaction and the hash of the history take. Keys come in an order that has nothing to do with theirs.

import type {Key} from "../core/base/key.ts";
import {Store} from "../core/mvcc/store.ts";
import {processorSeconds, tidiedHeap} from "./benchMeter.ts";

/** Shared by all records: what is weighed is what the store adds to it. */
const value = new Uint8Array(100).fill(7);

/** A prime that divides no count of keys: steps of it come to each of them once. */
const stride = 7_368_787;

/** What is done per second of the processor's time, in a store of so many keys. */
interface StoreFigures {
  readonly keys: number;
  /** Each key for the first time, and each once more. */
  readonly creates: number;
  readonly updates: number;
  readonly gets: number;
  /** Ten revisions back. */
  readonly pastGets: number;
  /** The first hundred of all keys, with their number. */
  readonly ranges: number;
  /** The first hundred with a prefix that a thousand have. */
  readonly prefixRanges: number;
  /** Heap for each key with its first version; its name and its value, which others hold too, not counted. */
  readonly bytesPerKey: number;
  /** Milliseconds: the whole history is hashed; half of it is compacted. */
  readonly hashMs: number;
  readonly compactMs: number;
}

export function storeFigures(keys: number): StoreFigures {
  const names = Array.from({length: keys}, (_, i) => name(i));
  const before = tidiedHeap();
  const store = new Store();
  const creates = perSecond(keys, (i) => put(store, names[order(i, keys)]));
  const bytesPerKey = Math.round((tidiedHeap() - before) / keys);
  const updates = perSecond(keys, (i) => put(store, names[order(i, keys)]));
  const some = Math.min(keys, 200_000);
  const revision = store.currentRevision - 10;
  return {
    keys,
    creates,
    updates,
    gets: perSecond(some, (i) => get(store, names[order(i, keys)], 0)),
    pastGets: perSecond(some, (i) => get(store, names[order(i, keys)], revision)),
    ranges: perSecond(5000, () => store.range({kind: "range", key: "\0", rangeEnd: "\0", limit: 100})),
    prefixRanges: perSecond(2000, (i) => {
      const key = name(order(i, keys)).slice(0, -3);
      store.range({kind: "range", key, rangeEnd: `${key}a`, limit: 100});
    }),
    bytesPerKey,
    hashMs: milliseconds(() => store.hashKv(0)),
    compactMs: milliseconds(() => store.compact(store.currentRevision)),
  };
}

function name(i: number): Key {
  return `/registry/pods/${String(i).padStart(9, "0")}`;
}

function order(i: number, keys: number): number {
  return (i * stride) % keys;
}

function put(store: Store, key: Key = ""): void {
  store.apply({kind: "put", key, value});
}

function get(store: Store, key: Key = "", revision: number): void {
  store.range({kind: "range", key, revision});
}

function perSecond(count: number, work: (i: number) => unknown): number {
  const taken = milliseconds(() => {
    for (let i = 0; i < count; i++) work(i);
  });
  return Math.round((count * 1000) / Math.max(1, taken));
}

function milliseconds(work: () => unknown): number {
  const start = processorSeconds();
  work();
  return Math.round((processorSeconds() - start) * 1000);
}
