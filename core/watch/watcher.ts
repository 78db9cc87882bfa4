// One watch and the stream it answers on, as data. A stream is a client's connection: all its watches share one bounded
// channel of responses, so that a slow client slows its own watches only (etcd mvcc/watcher.go, mvcc/watcher_group.go).

import type {Hasher} from "../base/hasher.ts";
import {contains, type KeyRange} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import type {StoreEvent} from "../mvcc/kv.ts";
import type {WatchResult} from "./watch.ts";

/**
 * Where a watcher stands. `synced`: it has been told of everything up to now and is told of each write as it happens.
 * `unsynced`: it has history to catch up with. `victim`: it holds a batch that its stream had no room for.
 */
export type WatchGroup = "synced" | "unsynced" | "victim";

export interface Watcher {
  readonly stream: number;
  readonly watchId: number;
  readonly range: KeyRange;
  /** As asked for; 0 is "from now on". */
  readonly startRevision: Revision;
  readonly prevKv: boolean;
  readonly filters: readonly ("noput" | "nodelete")[];
  group: WatchGroup;
  /**
   * The first revision of which nothing has been put on the stream or into `batch`. A synced watcher's lies above the
   * store's current one.
   */
  nextRevision: Revision;
  /** A victim's events, which go first of all once its stream has room. */
  batch: readonly StoreEvent[];
}

/** A response on the channel, and the revision for its header. */
export interface QueuedResponse {
  readonly revision: Revision;
  readonly result: WatchResult;
  /** Whether it takes room on the bounded channel; answers to create and cancel requests do not. */
  readonly bounded: boolean;
  /** Whether the events get their previous values when it is taken. */
  readonly prevKv: boolean;
}

export interface WatchStream {
  readonly id: number;
  nextWatchId: number;
  /** By watch id, ascending. */
  readonly watchers: Watcher[];
  /** Oldest first. */
  readonly queue: QueuedResponse[];
  /** How many of them are bounded. */
  queued: number;
}

/** The events that this watcher wants: in its range and not filtered out. */
export function wanted(watcher: Watcher, events: readonly StoreEvent[]): readonly StoreEvent[] {
  return events.filter(
    (event) =>
      contains(watcher.range, event.kv.key) &&
      !watcher.filters.includes(event.kind === "put" ? "noput" : "nodelete"),
  );
}

/** An independent twin. */
export function copyStream(stream: WatchStream): WatchStream {
  return {...stream, watchers: stream.watchers.map((watcher) => ({...watcher})), queue: stream.queue.slice()};
}

export function digestStream(stream: WatchStream, into: Hasher): void {
  into.int(stream.id);
  into.int(stream.nextWatchId);
  into.int(stream.watchers.length);
  for (const watcher of stream.watchers) digestWatcher(watcher, into);
  into.int(stream.queue.length);
  for (const {revision, result, bounded, prevKv} of stream.queue) {
    into.int(revision);
    into.bool(bounded);
    into.bool(prevKv);
    into.int(result.watchId);
    into.bool(result.created === true);
    into.bool(result.canceled === true);
    into.int(result.compactRevision ?? 0);
    into.string(result.cancelReason ?? "");
    digestEvents(result.events, into);
  }
}

function digestWatcher(watcher: Watcher, into: Hasher): void {
  into.int(watcher.watchId);
  into.string(watcher.range.from);
  into.string(watcher.range.to);
  into.int(watcher.startRevision);
  into.bool(watcher.prevKv);
  into.bool(watcher.filters.includes("noput"));
  into.bool(watcher.filters.includes("nodelete"));
  into.string(watcher.group);
  into.int(watcher.nextRevision);
  digestEvents(watcher.batch, into);
}

function digestEvents(events: readonly StoreEvent[], into: Hasher): void {
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
