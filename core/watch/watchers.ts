// All watches on one member's store (etcd mvcc/watchable_store.go). A pure machine: the applier tells it of each write,
// the sync actor lets unsynced watchers catch up in rounds, and each stream is drained one response at a time, as its
// client has room. What a watch delivers is ordered, without gaps or repetition, and never splits a revision; a watch
// that can no longer promise that is cancelled with the compact revision, never left silent.

import {assert} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import {unbounded, type Key} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import type {StoreEvent} from "../mvcc/kv.ts";
import type {Store} from "../mvcc/store.ts";
import type {WatchCreateRequest, WatchResult} from "./watch.ts";
import {
  copyStream,
  digestStream,
  wanted,
  type QueuedResponse,
  type Watcher,
  type WatchGroup,
  type WatchStream,
} from "./watcher.ts";

/** Bounds, all counts. */
export interface WatchLimits {
  /** Responses with events that a stream holds before its watchers become victims. etcd: 128. */
  readonly channelMax: number;
  /** Unsynced watchers that one round lets catch up. etcd: 512. */
  readonly syncWatchersMax: number;
  /** Revisions in one response to a watcher that catches up. etcd: 1000. */
  readonly batchRevisionsMax: number;
}

/** etcd's. */
export const watchLimits: WatchLimits = {channelMax: 128, syncWatchersMax: 512, batchRevisionsMax: 1000};

/** A response for a client, with the revision for its header (0: the header carries none). */
export interface WatchDelivery {
  readonly result: WatchResult;
  readonly revision: Revision;
}

/** One watcher as the page shows it. */
export interface WatcherView {
  readonly stream: number;
  readonly watchId: number;
  readonly key: Key;
  readonly rangeEnd: Key;
  readonly group: WatchGroup;
  readonly nextRevision: Revision;
  /** Its responses that wait on the stream's channel. */
  readonly queued: number;
  readonly startRevision: Revision;
}

const emptyRangeReason = "mvcc: watcher range is empty";
const compactedReason = "etcdserver: mvcc: required revision has been compacted";

export class Watchers {
  private store: Store;
  private readonly limits: WatchLimits;
  /** By id, ascending: the order of all that follows is the same however the streams came about. */
  private readonly streams: WatchStream[] = [];

  constructor(store: Store, limits: Partial<WatchLimits> = {}) {
    this.store = store;
    this.limits = {...watchLimits, ...limits};
  }

  /**
   * Opens a watch on a stream; the answer is queued there, before any event of it. From 0 it starts with the next
   * write, from a future revision it waits for that one, from a past one it is unsynced until it has caught up. An empty
   * key means the least key, as in etcd.
   */
  create(
    stream: number,
    request: WatchCreateRequest,
    asked: {readonly refusal?: string | undefined} = {},
  ): void {
    const target = this.openStream(stream);
    if (asked.refusal !== undefined) return this.refuse(target, asked.refusal);
    const range = {from: request.key === "" ? unbounded : request.key, to: request.rangeEnd ?? ""};
    if (range.to !== "" && range.to !== unbounded && range.from >= range.to) {
      return this.refuse(target, emptyRangeReason);
    }
    const startRevision = request.startRevision ?? 0;
    if (startRevision < 0) return this.refuse(target, compactedReason);
    const current = this.store.currentRevision;
    const past = startRevision > 0 && startRevision <= current;
    const watchId = target.nextWatchId++;
    target.watchers.push({
      stream,
      watchId,
      range,
      startRevision,
      prevKv: request.prevKv === true,
      filters: request.filters ?? [],
      group: past ? "unsynced" : "synced",
      nextRevision: past ? startRevision : Math.max(startRevision, current + 1),
      batch: [],
    });
    this.answer(target, {kind: "watch", watchId, created: true, events: []});
  }

  /** Ends a watch at its client's wish. An unknown one is not answered, as in etcd. Events queued before still go out. */
  cancel(stream: number, watchId: number): void {
    const target = this.streamOf(stream);
    const index = target?.watchers.findIndex((watcher) => watcher.watchId === watchId) ?? -1;
    if (target === undefined || index < 0) return;
    target.watchers.splice(index, 1);
    this.answer(target, {kind: "watch", watchId, canceled: true, events: []});
  }

  /** The client is gone: its stream is forgotten, with all on it. */
  close(stream: number): void {
    const index = this.streams.findIndex(({id}) => id === stream);
    if (index >= 0) this.streams.splice(index, 1);
  }

  /**
   * Tells the synced watchers of a write, at once after the store made it and before anyone reads it. Those whose
   * stream has no room become victims. `events`: all of that revision, in order.
   */
  notify(revision: Revision, events: readonly StoreEvent[]): void {
    assert(
      revision === this.store.currentRevision,
      `watchers are told of revision ${revision} while the store is at ${this.store.currentRevision}`,
    );
    for (const stream of this.streams) {
      for (const watcher of stream.watchers) {
        if (watcher.group !== "synced" || watcher.nextRevision > revision) continue;
        this.send(stream, watcher, wanted(watcher, events), revision);
        // Also when nothing was sent: a watcher must never go back behind what it was spared (etcd #15271).
        watcher.nextRevision = revision + 1;
      }
    }
  }

  /**
   * One round: victims try again, then unsynced watchers read on in the history, or are cancelled if it has been
   * compacted. True if another round has something to do already.
   */
  sync(): boolean {
    for (const stream of this.streams) {
      for (const watcher of stream.watchers)
        if (watcher.group === "victim") this.retryVictim(stream, watcher);
    }
    this.cancelCompacted();
    let chosen = 0;
    for (const stream of this.streams) {
      for (const watcher of stream.watchers) {
        if (watcher.group !== "unsynced" || this.lostHistory(watcher)) continue;
        if (chosen === this.limits.syncWatchersMax) return this.needsSync;
        chosen++;
        this.catchUp(stream, watcher);
      }
    }
    return this.needsSync;
  }

  /** Whether a round would get anyone further: not while all who wait, wait for their clients to take something. */
  get needsSync(): boolean {
    return this.streams.some((stream) =>
      stream.watchers.some(
        (watcher) =>
          (watcher.group === "unsynced" && (!this.lostHistory(watcher) || this.hasRoom(stream))) ||
          (watcher.group === "victim" && this.hasRoom(stream)),
      ),
    );
  }

  /**
   * The member's store was replaced by a newer one, whose writes in between nobody was told of. Synced watchers that missed
   * some are unsynced, and catch up from the new store in rounds, or are cancelled if it has compacted what they missed;
   * those whose revision is yet to come still wait for it (etcd #20221). What was queued, or is a victim's batch, happened
   * before and goes out before. etcd: `watchableStore.Restore`.
   */
  restore(store: Store): void {
    this.store = store;
    for (const stream of this.streams) {
      for (const watcher of stream.watchers)
        if (watcher.group !== "victim") watcher.group = this.groupOf(watcher);
    }
  }

  /**
   * Takes the oldest response off a stream, when its client has room for one. Previous values are looked up only now,
   * so those that have been compacted meanwhile are absent, as in etcd (#10681).
   */
  takeResponse(stream: number): WatchDelivery | undefined {
    const target = this.streamOf(stream);
    const first = target?.queue.shift();
    if (target === undefined || first === undefined) return undefined;
    if (first.bounded) target.queued--;
    const result = first.prevKv
      ? {...first.result, events: this.withPrevious(first.result.events)}
      : first.result;
    return {result, revision: first.revision};
  }

  /** All watchers, by stream and watch id. */
  view(): readonly WatcherView[] {
    return this.streams.flatMap((stream) =>
      stream.watchers.map(({watchId, range, group, nextRevision, startRevision}) => ({
        stream: stream.id,
        watchId,
        key: range.from,
        rangeEnd: range.to,
        group,
        nextRevision,
        queued: stream.queue.filter(({result}) => result.watchId === watchId).length,
        startRevision,
      })),
    );
  }

  /** An independent twin on the store's twin. */
  fork(store: Store): Watchers {
    const twin = new Watchers(store, this.limits);
    for (const stream of this.streams) twin.streams.push(copyStream(stream));
    return twin;
  }

  /** Equal behaviour on equal stores, equal digest. */
  digest(into: Hasher): void {
    into.int(this.streams.length);
    for (const stream of this.streams) digestStream(stream, into);
  }

  /** Puts events on the stream; true if there was room, or nothing to say. Else the watcher becomes a victim. */
  private send(
    stream: WatchStream,
    watcher: Watcher,
    events: readonly StoreEvent[],
    revision: Revision,
  ): boolean {
    if (events.length === 0) return true;
    if (!this.hasRoom(stream)) {
      watcher.group = "victim";
      watcher.batch = events;
      return false;
    }
    const {watchId, prevKv} = watcher;
    this.enqueue(stream, {result: {kind: "watch", watchId, events}, revision, bounded: true, prevKv});
    return true;
  }

  private retryVictim(stream: WatchStream, watcher: Watcher): void {
    if (!this.send(stream, watcher, watcher.batch, watcher.nextRevision - 1)) return;
    watcher.batch = [];
    watcher.group = this.groupOf(watcher);
  }

  /** Where a watcher belongs that holds no batch: behind, or not. */
  private groupOf(watcher: Watcher): WatchGroup {
    return watcher.nextRevision <= this.store.currentRevision ? "unsynced" : "synced";
  }

  /** Cancels the unsynced watchers whose next revision is gone; those whose stream is full wait (etcd #17529). */
  private cancelCompacted(): void {
    const compactRevision = this.store.compactRevision;
    for (const stream of this.streams) {
      for (const watcher of stream.watchers.slice()) {
        if (watcher.group !== "unsynced" || !this.lostHistory(watcher) || !this.hasRoom(stream)) continue;
        stream.watchers.splice(stream.watchers.indexOf(watcher), 1);
        const {watchId} = watcher;
        const result: WatchResult = {kind: "watch", watchId, canceled: true, compactRevision, events: []};
        this.enqueue(stream, {result, revision: 0, bounded: true, prevKv: false});
      }
    }
  }

  /** Sends an unsynced watcher its next revisions, as many as one batch may hold; without more to read it is synced. */
  private catchUp(stream: WatchStream, watcher: Watcher): void {
    const {nextRevision: from, range} = watcher;
    const current = this.store.currentRevision;
    const most = this.limits.batchRevisionsMax;
    const revisions = this.store.eventsBetween(from, current + 1, range, most + 1);
    const rest = revisions[most];
    const events = revisions.slice(0, most).flatMap((batch) => batch.events);
    const batch = wanted(watcher, events);
    watcher.group = rest === undefined ? "synced" : "unsynced";
    this.send(stream, watcher, batch, current);
    watcher.nextRevision = rest?.revision ?? current + 1;
  }

  private withPrevious(events: readonly StoreEvent[]): readonly StoreEvent[] {
    return events.map((event) => {
      const prevKv = this.store.valueBefore(event.kv.key, event.kv.modRevision);
      return prevKv === undefined ? event : {...event, prevKv};
    });
  }

  /** Whether compaction has dropped what this watcher would read next. */
  private lostHistory(watcher: Watcher): boolean {
    return watcher.nextRevision < this.store.compactRevision;
  }

  private hasRoom(stream: WatchStream): boolean {
    return stream.queued < this.limits.channelMax;
  }

  private refuse(stream: WatchStream, cancelReason: string): void {
    this.answer(stream, {
      kind: "watch",
      watchId: -1,
      created: true,
      canceled: true,
      cancelReason,
      events: [],
    });
  }

  /** Queues the answer to a client's own request, which never waits for room. */
  private answer(stream: WatchStream, result: WatchResult): void {
    this.enqueue(stream, {result, revision: this.store.currentRevision, bounded: false, prevKv: false});
  }

  private enqueue(stream: WatchStream, response: QueuedResponse): void {
    stream.queue.push(response);
    if (response.bounded) stream.queued++;
  }

  private streamOf(id: number): WatchStream | undefined {
    return this.streams.find((stream) => stream.id === id);
  }

  private openStream(id: number): WatchStream {
    const found = this.streamOf(id);
    if (found !== undefined) return found;
    const stream: WatchStream = {id, nextWatchId: 0, watchers: [], queue: [], queued: 0};
    const after = this.streams.findIndex((other) => other.id > id);
    this.streams.splice(after < 0 ? this.streams.length : after, 0, stream);
    return stream;
  }
}
