// One watch, as data (etcd mvcc/watcher.go). A watcher is never written: who changes is replaced, so that the groups and
// the index of a fork share it.

import type {Hasher} from "../base/hasher.ts";
import type {KeyRange} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import type {StoreEvent} from "../mvcc/kv.ts";

/**
 * Where a watcher stands. `synced`: it has been told of everything up to now and is told of each write as it happens.
 * `unsynced`: it has history to catch up with. `victim`: it holds a batch that its stream had no room for.
 */
export type WatchGroup = "synced" | "unsynced" | "victim";

/** What a watcher is found by; unique among all of a member. */
export interface WatcherName {
  readonly stream: number;
  readonly watchId: number;
}

export interface RangeWatcher extends WatcherName {
  readonly range: KeyRange;
}

export interface Watcher extends RangeWatcher {
  /** The id of the request that created it: its responses go out under it. */
  readonly request: number;
  /** As asked for; 0 is "from now on". */
  readonly startRevision: Revision;
  readonly prevKv: boolean;
  readonly filters: readonly ("noput" | "nodelete")[];
  readonly fragment: boolean;
  readonly requireLeader: boolean;
  readonly group: WatchGroup;
  /**
   * The first revision of which nothing has been put on the stream or into `batch`. Of a synced watcher it may be out of
   * date: all of them have been told of every revision up to the one that the watchers were told of last.
   */
  readonly nextRevision: Revision;
  /** A victim's events, which go first of all once its stream has room. */
  readonly batch: readonly StoreEvent[];
}

/** By stream, then watch id: the order of delivery. */
export function compareWatchers(a: WatcherName, b: WatcherName): number {
  return a.stream === b.stream ? a.watchId - b.watchId : a.stream - b.stream;
}

/** By the lower end of what it watches, then by name. */
export function compareByRange(a: RangeWatcher, b: RangeWatcher): number {
  if (a.range.from !== b.range.from) return a.range.from < b.range.from ? -1 : 1;
  return compareWatchers(a, b);
}

/** The events of its range that are not filtered out. */
export function unfiltered(watcher: Watcher, events: readonly StoreEvent[]): readonly StoreEvent[] {
  const {filters} = watcher;
  if (filters.length === 0) return events;
  return events.filter(({kind}) => !filters.includes(kind === "put" ? "noput" : "nodelete"));
}

/** `next`: its next revision, brought up to date. */
export function digestWatcher(watcher: Watcher, next: Revision, into: Hasher): void {
  into.int(watcher.stream);
  into.int(watcher.watchId);
  into.int(watcher.request);
  into.string(watcher.range.from);
  into.string(watcher.range.to);
  into.int(watcher.startRevision);
  into.bool(watcher.prevKv);
  into.bool(watcher.fragment);
  into.bool(watcher.requireLeader);
  into.bool(watcher.filters.includes("noput"));
  into.bool(watcher.filters.includes("nodelete"));
  into.string(watcher.group);
  into.int(next);
  digestEvents(watcher.batch, into);
}

export function digestEvents(events: readonly StoreEvent[], into: Hasher): void {
  into.int(events.length);
  for (const {kind, kv} of events) {
    into.bool(kind === "put");
    into.string(kv.key);
    into.int(kv.modRevision);
    into.int(kv.createRevision);
    into.int(kv.version);
    into.string(kv.lease);
    into.bytes(kv.value);
  }
}
