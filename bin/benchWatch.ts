// Loops over watches for the benchmarks: what a write costs with many watchers, how fast a watcher catches up, and what a
// watcher weighs. No server around them: a store, its watchers, and clients that take everything at once.

import {unbounded, type Key} from "../core/base/key.ts";
import {Store} from "../core/mvcc/store.ts";
import type {WatchCreateRequest} from "../core/watch/watch.ts";
import {Watchers} from "../core/watch/watchers.ts";
import {tidiedHeap} from "./benchMeter.ts";

const value = new Uint8Array(32).fill(7);

/** Watchers that share a stream. */
const perStream = 100;

/** Keys that are written and watched. */
export interface Field {
  readonly keys: number;
  readonly watchers: number;
}

export function keyOf(i: number): Key {
  return `k/${String(i).padStart(6, "0")}`;
}

/** Half of the watchers watch one key each, the others ranges of ten keys that overlap. */
function request(i: number, {keys}: Field): WatchCreateRequest {
  const at = (i * 7919) % keys;
  const range = i % 2 === 0 ? {key: keyOf(at)} : {key: keyOf(at), rangeEnd: keyOf(at + 10)};
  return {kind: "watchCreate", ...range};
}

/** A store with watchers on it, all of them told that they were created. */
export class WatchedStore {
  readonly store = new Store();
  readonly watchers = new Watchers(this.store);
  private readonly field: Field;
  private written = 0;

  constructor(field: Field) {
    this.field = field;
    for (let i = 0; i < field.watchers; i++)
      this.watchers.create(Math.floor(i / perStream), request(i, field));
    this.takeAll();
  }

  /** Puts `count` keys, one revision each, tells the watchers, and lets the clients take what they are told: how many events. */
  put(count: number): number {
    let events = 0;
    for (let i = 0; i < count; i++) {
      const key = keyOf((this.written++ * 104_729) % this.field.keys);
      const applied = this.store.apply({kind: "put", key, value});
      if (!applied.ok) throw new Error(applied.error);
      this.watchers.notify(applied.value.revision, applied.value.events);
      events += this.takeAll();
    }
    return events;
  }

  /** How many events the clients took. */
  takeAll(): number {
    let events = 0;
    for (let id = this.watchers.waitingBehind(-1); id !== undefined; id = this.watchers.waitingBehind(id)) {
      for (let next = this.watchers.take(id); next !== undefined; next = this.watchers.take(id))
        for (const {result} of this.watchers.complete(next)) events += result.events.length;
    }
    return events;
  }
}

/** A store of so many revisions over 1,000 keys. */
export function historyOf(revisions: number): Store {
  const store = new Store();
  for (let i = 0; i < revisions; i++) {
    const applied = store.apply({kind: "put", key: keyOf((i * 104_729) % 1000), value});
    if (!applied.ok) throw new Error(applied.error);
  }
  return store;
}

/** So many watchers read the whole history from its beginning: how many events they were told. */
export function catchUpAll(store: Store, count: number): number {
  const watchers = new Watchers(store);
  for (let i = 0; i < count; i++)
    watchers.create(i, {kind: "watchCreate", key: keyOf(0), rangeEnd: unbounded, startRevision: 1});
  let events = 0;
  while (watchers.needsSync || watchers.needsMoveVictims) {
    watchers.sync();
    watchers.moveVictims();
    for (let id = watchers.waitingBehind(-1); id !== undefined; id = watchers.waitingBehind(id)) {
      for (let next = watchers.take(id); next !== undefined; next = watchers.take(id))
        for (const {result} of watchers.complete(next)) events += result.events.length;
    }
  }
  return events;
}

/** Bytes of heap that a watcher takes, with its share of its stream and of the index. */
export function bytesPerWatcher(count: number): number {
  // What is made once for all is made before.
  new WatchedStore({keys: 10_000, watchers: 100}).put(1);
  const before = tidiedHeap();
  const watched = new WatchedStore({keys: 10_000, watchers: count});
  const grown = tidiedHeap() - before;
  return Math.round(grown / watched.watchers.size);
}
