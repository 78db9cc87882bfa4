// All watches on one member's store (etcd mvcc/watchable_store.go). A pure machine: the applier tells it of each write, the
// server's watch actors let unsynced watchers catch up in rounds, move victims on and send what waits on each stream. What a
// watch delivers is ordered, without gaps or repetition, and never splits a revision; a watch that can no longer promise
// that is cancelled with the compact revision, never left silent.

import {assert, present} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import {rangeOf, unbounded, type Key, type KeyRange} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import {BTree} from "../btree/btree.ts";
import type {StoreEvent} from "../mvcc/kv.ts";
import type {Store} from "../mvcc/store.ts";
import {catchUp, type Batch} from "./catchUp.ts";
import {fragments, responseOverhead} from "./fragments.ts";
import type {WatchCreateRequest, WatchResult} from "./watch.ts";
import {
  compareWatchers,
  digestWatcher,
  unfiltered,
  type Watcher,
  type WatcherName,
  type WatchGroup,
} from "./watcher.ts";
import {WatcherIndex} from "./watcherIndex.ts";
import {WatchStream, type QueuedResponse} from "./watchStream.ts";

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

const beforeAll: WatcherName = {stream: -Infinity, watchId: -Infinity};

type Group = BTree<WatcherName, Watcher>;

export class Watchers {
  private store: Store;
  private readonly limits: WatchLimits;
  private readonly streams = new Map<number, WatchStream>();
  /** Streams with a response to send. */
  private waiting = new BTree<number, true>((a, b) => a - b);
  private readonly groups: Record<WatchGroup, Group> = {
    synced: new BTree<WatcherName, Watcher>(compareWatchers),
    unsynced: new BTree<WatcherName, Watcher>(compareWatchers),
    victim: new BTree<WatcherName, Watcher>(compareWatchers),
  };
  /** Of the synced ones. */
  private index = new WatcherIndex<Watcher>();
  /** All synced watchers have been told of every revision up to this one. */
  private told: Revision;
  private requiringLeader = 0;
  // Rounds go on behind the last one that was served, so that the first ones do not keep the rest from their turn.
  private lastSynced = beforeAll;
  private lastVictim = beforeAll;

  constructor(store: Store, limits: Partial<WatchLimits> = {}) {
    this.store = store;
    this.limits = {...watchLimits, ...limits};
    this.told = store.currentRevision;
  }

  get size(): number {
    const {synced, unsynced, victim} = this.groups;
    return synced.size + unsynced.size + victim.size;
  }

  /** Whether nothing waits to be sent, and nobody has anything to catch up with. */
  get isQuiet(): boolean {
    const {unsynced, victim} = this.groups;
    return this.waiting.size === 0 && unsynced.size === 0 && victim.size === 0;
  }

  /** How many have history to catch up with, victims not counted. */
  get unsynced(): number {
    return this.groups.unsynced.size;
  }

  /**
   * Opens a watch on a stream; the answer is queued there, before any event of it. From 0 it starts with the next
   * write, from a future revision it waits for that one, from a past one it is unsynced until it has caught up. An empty
   * key means the least key, as in etcd. Returns the watch id, or undefined if it was refused.
   */
  create(stream: number, request: WatchCreateRequest, asked: WatchCreateWith = {}): number | undefined {
    const target = this.openStream(stream);
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
    this.enter({
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
    const target = this.streams.get(stream);
    const watcher = this.find({stream, watchId});
    const request = watcher?.request ?? target?.compacted.get(watchId);
    if (target === undefined || request === undefined) return;
    if (watcher === undefined) target.compacted.delete(watchId);
    else this.leave(watcher);
    this.answer(target, {kind: "watch", watchId, canceled: true, events: []}, request);
  }

  /** Whether a watch was opened that would rather end than hear nothing because its member knows no leader. */
  get requiresLeader(): boolean {
    return this.requiringLeader > 0;
  }

  /** Ends those watches: there has been no leader for too long. */
  cancelWithoutLeader(): void {
    for (const watcher of this.all()) {
      if (!watcher.requireLeader) continue;
      const {watchId, request} = watcher;
      this.leave(watcher);
      const result = {kind: "watch", watchId, canceled: true, cancelReason: noLeaderReason} as const;
      this.answer(this.streamOf(watcher), {...result, events: []}, request);
    }
  }

  /** The client is gone: its stream is forgotten, with all on it. */
  close(stream: number): void {
    if (!this.streams.delete(stream)) return;
    this.waiting.delete(stream);
    for (const group of [this.groups.synced, this.groups.unsynced, this.groups.victim])
      for (const watcher of ofStream(group, stream)) this.leave(watcher);
  }

  /** The member is gone, and with it all its streams. */
  closeAll(): void {
    for (const stream of [...this.streams.keys()].sort((a, b) => a - b)) this.close(stream);
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
    assert(revision === this.told + 1, `watchers are told of revision ${revision} after ${this.told}`);
    // Also of those that nothing is sent: a watcher must never go back behind what it was spared (etcd #15271).
    this.told = revision;
    if (this.groups.synced.size === 0) return;
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
    this.groups.unsynced.scan(undefined, (_, watcher) => {
      needed = !this.lostHistory(watcher) || this.hasRoom(this.streamOf(watcher));
      return !needed;
    });
    return needed;
  }

  /** Puts victims' batches on their streams as far as there is room. etcd: moveVictims. */
  moveVictims(): void {
    const room = (watcher: Watcher): boolean => this.hasRoom(this.streamOf(watcher));
    for (const watcher of around(this.groups.victim, this.lastVictim)) {
      if (!room(watcher)) continue;
      this.lastVictim = nameOf(watcher);
      const {nextRevision, batch} = watcher;
      const caughtUp = nextRevision > this.store.currentRevision;
      this.send(watcher, batch, nextRevision - 1, caughtUp ? "synced" : "unsynced", nextRevision);
    }
  }

  /** Whether there is room for the batch of a victim. */
  get needsMoveVictims(): boolean {
    const {victim} = this.groups;
    let from: WatcherName | undefined = beforeAll;
    while (from !== undefined) {
      const next = firstFrom(victim, from);
      if (next !== undefined && this.hasRoom(this.streamOf(next))) return true;
      from = next && {stream: next.stream + 1, watchId: -Infinity};
    }
    return false;
  }

  /**
   * Tells how far a watch is, with a response without events, if it is synced and the store has come to where it begins.
   * No event up to that revision follows. etcd: progressIfSync, of one watch.
   */
  progress(stream: number, watchId: number): void {
    const watcher = this.groups.synced.get({stream, watchId});
    if (watcher !== undefined) this.tellProgress(stream, [watcher], watchId, watcher.request);
  }

  /**
   * The same of a whole stream, on request: only if all of its watches are synced, which those that were compacted never
   * are again. etcd: RequestProgressAll.
   */
  progressAll(stream: number, request: number): void {
    const {synced, unsynced, victim} = this.groups;
    if ((this.streams.get(stream)?.compacted.size ?? 0) > 0) return;
    if (firstOf(unsynced, stream) !== undefined || firstOf(victim, stream) !== undefined) return;
    this.tellProgress(stream, ofStream(synced, stream), noWatchId, request);
  }

  /** Whether the stream has such a watch. */
  has(stream: number, watchId: number): boolean {
    return this.find({stream, watchId}) !== undefined;
  }

  /**
   * The member's store was replaced by a newer one, whose writes in between nobody was told of. Synced watchers that missed
   * some are unsynced, and catch up from the new store in rounds, or are cancelled if it has compacted what they missed;
   * those whose revision is yet to come still wait for it (etcd #20221). What was queued, or is a victim's batch, happened
   * before and goes out before. etcd: `watchableStore.Restore`.
   */
  restore(store: Store): void {
    const current = store.currentRevision;
    for (const watcher of around(this.groups.synced, beforeAll)) {
      const nextRevision = this.nextOf(watcher);
      if (nextRevision <= current) this.move(watcher, {group: "unsynced", nextRevision});
    }
    this.store = store;
    this.told = current;
  }

  /** The first stream behind that one that has something to send. */
  waitingBehind(stream: number): number | undefined {
    let found: number | undefined;
    this.waiting.scan(stream + 1, (id) => {
      found = id;
      return false;
    });
    return found;
  }

  /** Takes the oldest response off a stream; it still has to be completed. */
  take(stream: number): QueuedResponse | undefined {
    const target = this.streams.get(stream);
    const first = target?.shift();
    if (target?.isEmpty === true && first !== undefined) this.waiting.delete(stream);
    return first;
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
    const queued = this.queuedByWatch();
    return this.all().map((watcher) => ({
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
    const twin = new Watchers(store, this.limits);
    for (const [id, stream] of this.streams) twin.streams.set(id, stream.fork());
    twin.waiting = this.waiting.fork();
    for (const group of ["synced", "unsynced", "victim"] as const)
      twin.groups[group] = this.groups[group].fork();
    twin.index = this.index.fork();
    twin.told = this.told;
    twin.requiringLeader = this.requiringLeader;
    twin.lastSynced = this.lastSynced;
    twin.lastVictim = this.lastVictim;
    return twin;
  }

  /** Equal behaviour on equal stores, equal digest. */
  digest(into: Hasher): void {
    into.int(this.streams.size);
    for (const [, stream] of [...this.streams].sort(([a], [b]) => a - b)) stream.digest(into);
    into.int(this.size);
    for (const watcher of this.all()) digestWatcher(watcher, this.nextOf(watcher), into);
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
      this.index.visit(first.kv.key, (watcher) => {
        if (watcher.nextRevision <= revision) found.push({watcher, concerning: events});
      });
    } else {
      const byWatcher = new Map<Watcher, StoreEvent[]>();
      for (const event of events) {
        this.index.visit(event.kv.key, (watcher) => {
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
    const stream = this.streamOf(watcher);
    if (wanted.length > 0 && !this.hasRoom(stream))
      return this.move(watcher, {group: "victim", nextRevision, batch: wanted});
    if (wanted.length > 0) {
      const {watchId, request, prevKv, fragment} = watcher;
      const result: WatchResult = {kind: "watch", watchId, events: wanted};
      this.enqueue(stream, {request, result, revision, bounded: true, prevKv, fragment});
    }
    // A synced one that stays so keeps its place: `told` says how far it is.
    if (group === "synced" && watcher.group === "synced") return;
    this.move(watcher, {group, nextRevision, batch: []});
  }

  /** Those whose turn it is to catch up; none whose history is gone (etcd #22294). */
  private choose(): readonly Watcher[] {
    const chosen: Watcher[] = [];
    for (const watcher of around(this.groups.unsynced, this.lastSynced)) {
      if (chosen.length === this.limits.syncWatchersMax) break;
      if (!this.lostHistory(watcher)) chosen.push(watcher);
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
    for (const watcher of around(this.groups.unsynced, beforeAll)) {
      const stream = this.streamOf(watcher);
      if (!this.lostHistory(watcher) || !this.hasRoom(stream)) continue;
      this.leave(watcher);
      const {watchId, request} = watcher;
      stream.compacted.set(watchId, request);
      const result: WatchResult = {kind: "watch", watchId, canceled: true, compactRevision, events: []};
      this.enqueue(stream, {request, result, revision: 0, bounded: true, prevKv: false, fragment: false});
    }
  }

  /** A response without events for these synced watchers of one stream; dropped if there is no room for it. */
  private tellProgress(stream: number, watchers: readonly Watcher[], watchId: number, request: number): void {
    const revision = this.told;
    if (watchers.length === 0 || watchers.some(({startRevision}) => startRevision > revision)) return;
    const target = present(this.streams.get(stream), `stream ${stream}`);
    if (!this.hasRoom(target)) return;
    const result: WatchResult = {kind: "watch", watchId, events: []};
    this.enqueue(target, {request, result, revision, bounded: true, prevKv: false, fragment: false});
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
    return stream.bounded < this.limits.channelMax;
  }

  /** A watcher's next revision, brought up to date. */
  private nextOf({group, nextRevision}: Watcher): Revision {
    return group === "synced" ? Math.max(nextRevision, this.told + 1) : nextRevision;
  }

  /** Queues the answer to a client's own request, which never waits for room. */
  private answer(stream: WatchStream, result: WatchResult, request: number): void {
    const revision = this.store.currentRevision;
    this.enqueue(stream, {request, result, revision, bounded: false, prevKv: false, fragment: false});
  }

  private enqueue(stream: WatchStream, response: QueuedResponse): void {
    if (stream.isEmpty) this.waiting.set(stream.id, true);
    stream.push(response);
  }

  private enter(watcher: Watcher): void {
    this.groups[watcher.group].set(watcher, watcher);
    if (watcher.group === "synced") this.index.add(watcher);
    if (watcher.requireLeader) this.requiringLeader++;
  }

  private leave(watcher: Watcher): void {
    this.groups[watcher.group].delete(watcher);
    if (watcher.group === "synced") this.index.delete(watcher);
    if (watcher.requireLeader) this.requiringLeader--;
  }

  private move(watcher: Watcher, to: Partial<Watcher>): void {
    this.leave(watcher);
    this.enter({...watcher, ...to});
  }

  private find(name: WatcherName): Watcher | undefined {
    const {synced, unsynced, victim} = this.groups;
    return synced.get(name) ?? unsynced.get(name) ?? victim.get(name);
  }

  private all(): readonly Watcher[] {
    const {synced, unsynced, victim} = this.groups;
    const all = [synced, unsynced, victim].flatMap((group) => around(group, beforeAll));
    return unsynced.size + victim.size > 0 ? all.sort(compareWatchers) : all;
  }

  private queuedByWatch(): ReadonlyMap<number, ReadonlyMap<number, number>> {
    const queued = new Map<number, Map<number, number>>();
    this.waiting.scan(undefined, (id) => {
      const byWatch = new Map<number, number>();
      for (const {result} of this.streamOf({stream: id}).responses())
        byWatch.set(result.watchId, (byWatch.get(result.watchId) ?? 0) + 1);
      queued.set(id, byWatch);
      return true;
    });
    return queued;
  }

  private streamOf({stream}: Pick<WatcherName, "stream">): WatchStream {
    return present(this.streams.get(stream), `stream ${stream}`);
  }

  private openStream(id: number): WatchStream {
    const found = this.streams.get(id);
    if (found !== undefined) return found;
    const stream = new WatchStream(id);
    this.streams.set(id, stream);
    return stream;
  }
}

/** All of a group, in order, from behind `after` to the end and then from the beginning. */
function around(group: Group, after: WatcherName): readonly Watcher[] {
  const behind: Watcher[] = [];
  const first: Watcher[] = [];
  group.scan(undefined, (_, watcher) => {
    (compareWatchers(watcher, after) > 0 ? behind : first).push(watcher);
    return true;
  });
  return first.length === 0 ? behind : [...behind, ...first];
}

function ofStream(group: Group, stream: number): readonly Watcher[] {
  const found: Watcher[] = [];
  group.scan({stream, watchId: -Infinity}, (_, watcher) => {
    if (watcher.stream !== stream) return false;
    found.push(watcher);
    return true;
  });
  return found;
}

function firstFrom(group: Group, from: WatcherName): Watcher | undefined {
  let found: Watcher | undefined;
  group.scan(from, (_, watcher) => {
    found = watcher;
    return false;
  });
  return found;
}

function firstOf(group: Group, stream: number): Watcher | undefined {
  const first = firstFrom(group, {stream, watchId: -Infinity});
  return first?.stream === stream ? first : undefined;
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
