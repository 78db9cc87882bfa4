// All watches on one member's store (etcd mvcc/watchable_store.go). A pure machine: the applier tells it of each write, the
// server's watch actors let unsynced watchers catch up in rounds, move victims on and send what waits on each stream. What a
// watch delivers is ordered, without gaps or repetition, and never splits a revision; a watch that can no longer promise
// that is cancelled with the compact revision, never left silent.

import {assert, present} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import {rangeOf, unbounded, type Key, type KeyRange} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import type {StoreEvent} from "../mvcc/kv.ts";
import type {Store} from "../mvcc/store.ts";
import {catchUp, type Batch} from "./catchUp.ts";
import {fragments, responseOverhead} from "./fragments.ts";
import {watchRules, type WatchRules} from "./rules.ts";
import type {WatchCreateRequest, WatchResult} from "./watch.ts";
import {
  compareWatchers,
  digestWatcher,
  unfiltered,
  type Watcher,
  type WatcherName,
  type WatchGroup,
} from "./watcher.ts";
import {beforeAll, WatchGroups} from "./watchGroups.ts";
import {WatchChannels} from "./watchChannels.ts";
import type {QueuedResponse, WatchStream} from "./watchStream.ts";

/** Bounds: counts, and bytes. */
export interface WatchLimits {
  /** Bounded responses that a stream holds before its watchers become victims. etcd: 128. */
  readonly channelMax: number;
  /** Unsynced watchers that one round lets catch up. etcd: 512. */
  readonly syncWatchersMax: number;
  /** Revisions in one response to a watcher that catches up. etcd: 1000. */
  readonly batchRevisionsMax: number;
  /** From so many bytes on a response is cut, if its watch allows it. etcd: 1.5 MiB + 512 KiB. */
  readonly responseBytesMax: number;
}

/** etcd's. */
export const watchLimits: WatchLimits = {
  channelMax: 128,
  syncWatchersMax: 512,
  batchRevisionsMax: 1000,
  responseBytesMax: 1_572_864 + responseOverhead,
};

/** What goes with a create request besides its words. */
export interface WatchCreateWith {
  /** The id under which responses go out; 0 if absent. */
  readonly request?: number;
  /** Why it must not watch what it asked for, as etcd says it. */
  readonly refusal?: string | undefined;
  /** See `cancelWithoutLeader`. */
  readonly requireLeader?: boolean;
}

/** A response for a client, with the revision for its header (0: the header carries none). */
export interface WatchDelivery {
  readonly request: number;
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

/** The `watchId` of a response that is about no watch, or about all of a stream. etcd: InvalidWatchID. */
export const noWatchId = -1;

const emptyRangeReason = "mvcc: watcher range is empty";
const duplicateReason = "mvcc: duplicate watch ID provided on the WatchStream";
const compactedReason = "etcdserver: mvcc: required revision has been compacted";
const noLeaderReason = "etcdserver: no leader";

export class Watchers {
  private store: Store;
  private readonly limits: WatchLimits;
  private readonly rules: WatchRules;
  private groups = new WatchGroups();
  private channels: WatchChannels;
  /** All synced watchers have been told of every revision up to this one. */
  private told: Revision;
  // Rounds go on behind the last one that was served, so that the first ones do not keep the rest from their turn.
  private lastSynced = beforeAll;
  private lastVictim = beforeAll;

  constructor(store: Store, limits: Partial<WatchLimits> = {}, rules: WatchRules = watchRules) {
    this.store = store;
    this.rules = rules;
    this.limits = {...watchLimits, ...limits};
    this.channels = new WatchChannels(this.limits.channelMax);
    this.told = store.currentRevision;
  }

  get size(): number {
    return this.groups.size;
  }

  /** Whether nothing waits to be sent, and nobody has anything to catch up with. */
  get isQuiet(): boolean {
    return this.channels.areEmpty && this.groups.sizeOf("unsynced") + this.groups.sizeOf("victim") === 0;
  }

  /** How many have history to catch up with, victims not counted. */
  get unsynced(): number {
    return this.groups.sizeOf("unsynced");
  }

  /**
   * Opens a watch on a stream; the answer is queued there, before any event of it. From 0 it starts with the next
   * write, from a future revision it waits for that one, from a past one it is unsynced until it has caught up. An empty
   * key means the least key, as in etcd. Returns the watch id, or undefined if it was refused.
   */
  create(stream: number, request: WatchCreateRequest, asked: WatchCreateWith = {}): number | undefined {
    const target = this.channels.open(stream);
    const range = rangeOf({...request, key: request.key === "" ? "\0" : request.key});
    const refusal = asked.refusal ?? this.refusalOf(target, request, range);
    if (refusal !== undefined) {
      const refused = {watchId: noWatchId, created: true, canceled: true, cancelReason: refusal};
      this.answer(target, {kind: "watch", ...refused, events: []}, asked.request ?? 0);
      return undefined;
    }
    const watchId = this.nameFor(target, request.watchId ?? 0);
    const startRevision = request.startRevision ?? 0;
    const current = this.store.currentRevision;
    const past = startRevision > 0 && startRevision <= current;
    this.groups.enter({
      stream,
      watchId,
      range,
      request: asked.request ?? 0,
      startRevision,
      prevKv: request.prevKv === true,
      filters: request.filters ?? [],
      fragment: request.fragment === true,
      requireLeader: asked.requireLeader === true,
      group: past ? "unsynced" : "synced",
      nextRevision: past ? startRevision : Math.max(startRevision, current + 1),
      batch: [],
    });
    this.answer(target, {kind: "watch", watchId, created: true, events: []}, asked.request ?? 0);
    return watchId;
  }

  /**
   * Ends a watch at its client's wish. An unknown one is not answered, one that was cancelled as compacted is once more, as
   * in etcd. Events queued before still go out.
   */
  cancel(stream: number, watchId: number): void {
    const target = this.channels.get(stream);
    const watcher = this.groups.find({stream, watchId});
    const request = watcher?.request ?? target?.compacted.get(watchId);
    if (target === undefined || request === undefined) return;
    if (watcher === undefined) target.compacted.delete(watchId);
    else this.groups.leave(watcher);
    this.answer(target, {kind: "watch", watchId, canceled: true, events: []}, request);
  }

  /** Whether a watch was opened that would rather end than hear nothing because its member knows no leader. */
  get requiresLeader(): boolean {
    return this.groups.requiresLeader;
  }

  /** Ends those watches: there has been no leader for too long. */
  cancelWithoutLeader(): void {
    for (const watcher of this.groups.all()) {
      if (!watcher.requireLeader) continue;
      const {watchId, request} = watcher;
      this.groups.leave(watcher);
      const result = {kind: "watch", watchId, canceled: true, cancelReason: noLeaderReason} as const;
      this.answer(this.channels.of(watcher), {...result, events: []}, request);
    }
  }

  /** The client is gone: its stream is forgotten, with all on it. */
  close(stream: number): void {
    if (this.channels.close(stream)) this.groups.leaveStream(stream);
  }

  /** The member is gone, and with it all its streams. */
  closeAll(): void {
    for (const stream of this.channels.ids()) this.close(stream);
  }

  /**
   * Tells the synced watchers of a write, at once after the store made it and before anyone reads it. Those whose
   * stream has no room become victims. `events`: all of that revision, in order.
   */
  notify(revision: Revision, events: readonly StoreEvent[]): void {
    const {currentRevision} = this.store;
    if (revision !== currentRevision)
      assert(false, `watchers are told of revision ${revision} while the store is at ${currentRevision}`);
    if (revision !== this.told + 1)
      assert(false, `watchers are told of revision ${revision} after ${this.told}`);
    // Also of those that nothing is sent: a watcher must never go back behind what it was spared (etcd #15271).
    this.told = revision;
    if (this.groups.sizeOf("synced") === 0) return;
    for (const {watcher, concerning} of this.concerned(revision, events))
      this.send(watcher, concerning, revision, "synced", revision + 1);
  }

  /**
   * One round: unsynced watchers read on in the history, all from one read, or are cancelled if it has been compacted.
   * True if another round has something to do already. etcd: syncWatchers.
   */
  sync(): boolean {
    this.cancelCompacted();
    const chosen = this.choose();
    if (chosen.length > 0) {
      this.lastSynced = nameOf(present(chosen.at(-1), "the last one that was chosen"));
      const batches = catchUp(this.store, chosen, this.limits.batchRevisionsMax);
      for (const watcher of chosen) this.goOn(watcher, batches.get(watcher));
    }
    return this.needsSync;
  }

  /** Whether a round would get anyone further: not while all who wait, wait for their clients to take something. */
  get needsSync(): boolean {
    let needed = false;
    this.groups.scan("unsynced", (watcher) => {
      needed = this.mayReadOn(watcher) || this.channels.hasRoom(this.channels.of(watcher));
      return !needed;
    });
    return needed;
  }

  /** Puts victims' batches on their streams as far as there is room. etcd: moveVictims. */
  moveVictims(): void {
    const room = (watcher: Watcher): boolean => this.channels.hasRoom(this.channels.of(watcher));
    for (const watcher of this.groups.around("victim", this.lastVictim)) {
      if (!room(watcher)) continue;
      this.lastVictim = nameOf(watcher);
      const {nextRevision, batch} = watcher;
      const caughtUp = nextRevision > this.store.currentRevision;
      this.send(watcher, batch, nextRevision - 1, caughtUp ? "synced" : "unsynced", nextRevision);
    }
  }

  /** Whether there is room for the batch of a victim. */
  get needsMoveVictims(): boolean {
    return this.groups.anyStream("victim", (stream) => this.channels.hasRoom(this.channels.of({stream})));
  }

  /**
   * Tells how far a watch is, with a response without events, if it is synced and the store has come to where it begins.
   * No event up to that revision follows. etcd: progressIfSync, of one watch.
   */
  progress(stream: number, watchId: number): void {
    const watcher = this.groups.get("synced", {stream, watchId});
    if (watcher !== undefined) this.tellProgress(stream, [watcher], watchId, watcher.request);
  }

  /**
   * The same of a whole stream, on request: only if all of its watches are synced, which those that were compacted never
   * are again. etcd: RequestProgressAll.
   */
  progressAll(stream: number, request: number): void {
    const hasCompacted = (this.channels.get(stream)?.compacted.size ?? 0) > 0;
    const isBehind = this.groups.holds("unsynced", stream) || this.groups.holds("victim", stream);
    if (!this.rules.mayTellProgress({allSynced: !hasCompacted && !isBehind})) return;
    this.tellProgress(stream, this.groups.allOfStream(stream), noWatchId, request);
  }

  /** Whether the stream has such a watch. */
  has(stream: number, watchId: number): boolean {
    return this.groups.find({stream, watchId}) !== undefined;
  }

  /**
   * The member's store was replaced by a newer one, whose writes in between nobody was told of. Synced watchers that missed
   * some are unsynced, and catch up from the new store in rounds, or are cancelled if it has compacted what they missed;
   * those whose revision is yet to come still wait for it (etcd #20221). What was queued, or is a victim's batch, happened
   * before and goes out before. etcd: `watchableStore.Restore`.
   */
  restore(store: Store): void {
    const current = store.currentRevision;
    for (const watcher of this.groups.of("synced")) {
      const nextRevision = this.nextOf(watcher);
      if (this.rules.mustCatchUp({nextRevision, currentRevision: current}))
        this.groups.move(watcher, {group: "unsynced", nextRevision});
    }
    this.store = store;
    this.told = current;
  }

  /** The first stream behind that one that has something to send. */
  waitingBehind(stream: number): number | undefined {
    return this.channels.waitingBehind(stream);
  }

  /** Takes the oldest response off a stream; it still has to be completed. */
  take(stream: number): QueuedResponse | undefined {
    return this.channels.take(stream);
  }

  /**
   * What goes out for a response that was taken. Previous values are looked up only now, so those that have been compacted
   * meanwhile are absent, as in etcd (#10681). More than one if it is cut.
   */
  complete({request, result, revision, prevKv, fragment}: QueuedResponse): readonly WatchDelivery[] {
    const whole = prevKv ? {...result, events: this.withPrevious(result.events)} : result;
    if (!fragment) return [{request, result: whole, revision}];
    return fragments(whole, this.limits.responseBytesMax).map((piece) => ({
      request,
      result: piece,
      revision,
    }));
  }

  /** All watchers, by stream and watch id. */
  view(): readonly WatcherView[] {
    const queued = this.channels.queuedByWatch();
    return this.groups.all().map((watcher) => ({
      stream: watcher.stream,
      watchId: watcher.watchId,
      key: watcher.range.from,
      rangeEnd: watcher.range.to,
      group: watcher.group,
      nextRevision: this.nextOf(watcher),
      queued: queued.get(watcher.stream)?.get(watcher.watchId) ?? 0,
      startRevision: watcher.startRevision,
    }));
  }

  /** An independent twin on the store's twin. Costs O(streams and what they hold): watchers are shared. */
  fork(store: Store): Watchers {
    const twin = new Watchers(store, this.limits, this.rules);
    twin.channels = this.channels.fork();
    twin.groups = this.groups.fork();
    twin.told = this.told;
    twin.lastSynced = this.lastSynced;
    twin.lastVictim = this.lastVictim;
    return twin;
  }

  /** Equal behaviour on equal stores, equal digest. */
  digest(into: Hasher): void {
    this.channels.digest(into);
    into.int(this.size);
    for (const watcher of this.groups.all()) digestWatcher(watcher, this.nextOf(watcher), into);
    // Also while there is no round to make: the next one begins there.
    digestName(this.lastSynced, into);
    digestName(this.lastVictim, into);
  }

  private refusalOf(stream: WatchStream, request: WatchCreateRequest, range: KeyRange): string | undefined {
    if (range.to !== "" && range.to !== unbounded && range.from >= range.to) return emptyRangeReason;
    if ((request.startRevision ?? 0) < 0) return compactedReason;
    const watchId = request.watchId ?? 0;
    return watchId !== 0 && this.isTaken(stream, watchId) ? duplicateReason : undefined;
  }

  /** The id that was asked for, else the next one that is free. */
  private nameFor(stream: WatchStream, watchId: number): number {
    if (watchId !== 0) return watchId;
    while (this.isTaken(stream, stream.nextWatchId)) stream.nextWatchId++;
    return stream.nextWatchId++;
  }

  private isTaken(stream: WatchStream, watchId: number): boolean {
    return stream.compacted.has(watchId) || this.has(stream.id, watchId);
  }

  /** The synced watchers that a write concerns, by stream and watch id, with the events of each. */
  private concerned(
    revision: Revision,
    events: readonly StoreEvent[],
  ): readonly {readonly watcher: Watcher; readonly concerning: readonly StoreEvent[]}[] {
    const [first] = events;
    const found: {readonly watcher: Watcher; readonly concerning: readonly StoreEvent[]}[] = [];
    if (first !== undefined && events.length === 1) {
      this.groups.visit(first.kv.key, (watcher) => {
        if (watcher.nextRevision <= revision) found.push({watcher, concerning: events});
      });
    } else {
      const byWatcher = new Map<Watcher, StoreEvent[]>();
      for (const event of events) {
        this.groups.visit(event.kv.key, (watcher) => {
          if (watcher.nextRevision > revision) return;
          const concerning = byWatcher.get(watcher);
          if (concerning === undefined) byWatcher.set(watcher, [event]);
          else concerning.push(event);
        });
      }
      for (const [watcher, concerning] of byWatcher) found.push({watcher, concerning});
    }
    return found.length > 1 ? found.sort((a, b) => compareWatchers(a.watcher, b.watcher)) : found;
  }

  /**
   * Puts what a watcher wants of these events on its stream; it is then in `group`, waiting for `nextRevision`. Without
   * room it is a victim.
   */
  private send(
    watcher: Watcher,
    events: readonly StoreEvent[],
    revision: Revision,
    group: "synced" | "unsynced",
    nextRevision: Revision,
  ): void {
    const wanted = unfiltered(watcher, events);
    const stream = this.channels.of(watcher);
    if (wanted.length > 0 && !this.channels.hasRoom(stream))
      return this.groups.move(watcher, {group: "victim", nextRevision, batch: wanted});
    if (wanted.length > 0) {
      const {watchId, request, prevKv, fragment} = watcher;
      const result: WatchResult = {kind: "watch", watchId, events: wanted};
      this.channels.enqueue(stream, {request, result, revision, bounded: true, prevKv, fragment});
    }
    // A synced one that stays so keeps its place: `told` says how far it is.
    if (group === "synced" && watcher.group === "synced") return;
    this.groups.move(watcher, {group, nextRevision, batch: []});
  }

  /** Those whose turn it is to catch up; none whose history is gone (etcd #22294). */
  private choose(): readonly Watcher[] {
    const chosen: Watcher[] = [];
    for (const watcher of this.groups.around("unsynced", this.lastSynced)) {
      if (chosen.length === this.limits.syncWatchersMax) break;
      if (this.mayReadOn(watcher)) chosen.push(watcher);
    }
    return chosen;
  }

  /** Sends an unsynced watcher what was read for it; without more to read it is synced. */
  private goOn(watcher: Watcher, batch: Batch | undefined): void {
    const current = this.store.currentRevision;
    const rest = batch?.rest;
    const next = rest ?? current + 1;
    this.send(watcher, batch?.events ?? [], current, rest === undefined ? "synced" : "unsynced", next);
  }

  /** Cancels the unsynced watchers whose next revision is gone; those whose stream is full wait (etcd #17529). */
  private cancelCompacted(): void {
    const {compactRevision} = this.store;
    const unsynced = this.groups.of("unsynced");
    const ends = this.rules.endsWhenCancelled({
      unsynced: unsynced.length,
      most: this.limits.syncWatchersMax,
    });
    for (const watcher of unsynced) {
      const stream = this.channels.of(watcher);
      if (!this.lostHistory(watcher) || !this.channels.hasRoom(stream)) continue;
      const {watchId, request} = watcher;
      if (ends) {
        this.groups.leave(watcher);
        stream.compacted.set(watchId, request);
      }
      const result: WatchResult = {kind: "watch", watchId, canceled: true, compactRevision, events: []};
      this.channels.enqueue(stream, {
        request,
        result,
        revision: 0,
        bounded: true,
        prevKv: false,
        fragment: false,
      });
    }
  }

  /** A response without events for these watchers of one stream; dropped if there is no room for it. */
  private tellProgress(stream: number, watchers: readonly Watcher[], watchId: number, request: number): void {
    const revision = this.told;
    const hasBegun = ({startRevision}: Watcher): boolean => this.rules.hasBegun({startRevision, revision});
    if (watchers.length === 0 || !watchers.every(hasBegun)) return;
    const target = this.channels.of({stream});
    if (!this.channels.hasRoom(target)) return;
    const result: WatchResult = {kind: "watch", watchId, events: []};
    this.channels.enqueue(target, {request, result, revision, bounded: true, prevKv: false, fragment: false});
  }

  private withPrevious(events: readonly StoreEvent[]): readonly StoreEvent[] {
    return events.map((event) => {
      const prevKv = this.store.valueBefore(event.kv.key, event.kv.modRevision);
      return prevKv === undefined ? event : {...event, prevKv};
    });
  }

  private mayReadOn(watcher: Watcher): boolean {
    return this.rules.mayReadOn({lostHistory: this.lostHistory(watcher)});
  }

  /** Whether compaction has dropped what this watcher would read next. */
  private lostHistory(watcher: Watcher): boolean {
    return watcher.nextRevision < this.store.compactRevision;
  }

  /** A watcher's next revision, brought up to date. */
  private nextOf({group, nextRevision: marked}: Watcher): Revision {
    return group === "synced" ? this.rules.nextOfSynced({marked, told: this.told}) : marked;
  }

  /** Queues the answer to a client's own request, which never waits for room. */
  private answer(stream: WatchStream, result: WatchResult, request: number): void {
    const revision = this.store.currentRevision;
    this.channels.enqueue(stream, {
      request,
      result,
      revision,
      bounded: false,
      prevKv: false,
      fragment: false,
    });
  }
}

/** A watcher's name alone: kept, it keeps no batch alive. */
function nameOf({stream, watchId}: WatcherName): WatcherName {
  return {stream, watchId};
}

function digestName({stream, watchId}: WatcherName, into: Hasher): void {
  into.bool(stream === -Infinity);
  if (stream === -Infinity) return;
  into.int(stream);
  into.int(watchId);
}
