// Random interleavings of writes, compactions, watches, slow streams, sync rounds and replaced stores. What each watch delivered is
// compared with the list of all events: in order, complete, none twice, no revision split, and never silent.

import {deepStrictEqual} from "node:assert/strict";
import fc from "fast-check";
import {describe, it} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import {contains, type KeyRange} from "../../../core/base/key.ts";
import type {StoreEvent} from "../../../core/mvcc/kv.ts";
import {Store} from "../../../core/mvcc/store.ts";
import type {WatchResult} from "../../../core/watch/watch.ts";
import {Watchers} from "../../../core/watch/watchers.ts";
import {del, must, put, sent, txn} from "../mvcc/notation.ts";
import {takeResponse} from "./taking.ts";

const key = fc.constantFrom("a", "b", "c");
const stream = fc.constantFrom(1, 2);
const filters = fc.constantFrom([], [], [], ["noput" as const], ["nodelete" as const]);

type Step = ReturnType<typeof steps> extends fc.Arbitrary<infer S> ? S : never;

function steps() {
  return fc.oneof(
    {weight: 5, arbitrary: fc.record({kind: fc.constant("put" as const), key})},
    {weight: 2, arbitrary: fc.record({kind: fc.constant("delete" as const), key})},
    {weight: 2, arbitrary: fc.record({kind: fc.constant("txn" as const)})},
    {
      weight: 1,
      arbitrary: fc.record({kind: fc.constant("compact" as const), back: fc.integer({min: 0, max: 4})}),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("create" as const),
        stream,
        key,
        rangeEnd: fc.constantFrom("", "c", "\0"),
        /** Relative to the current revision; undefined: from now on. */
        back: fc.option(fc.integer({min: -3, max: 8}), {nil: undefined}),
        filters,
        prevKv: fc.boolean(),
      }),
    },
    {weight: 1, arbitrary: fc.record({kind: fc.constant("cancel" as const), stream, watchId: fc.nat(3)})},
    {weight: 5, arbitrary: fc.record({kind: fc.constant("take" as const), stream})},
    {weight: 4, arbitrary: fc.constant({kind: "sync" as const})},
    {weight: 4, arbitrary: fc.constant({kind: "moveVictims" as const})},
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("progress" as const),
        stream,
        /** Undefined: of the whole stream. */
        watchId: fc.option(fc.nat(3), {nil: undefined}),
      }),
    },
    {weight: 1, arbitrary: fc.constant({kind: "fork" as const})},
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("restore" as const),
        writes: fc.array(
          fc.constantFrom(put("a", "m"), put("b", "m"), del("a"), txn([], [del("b"), put("c")])),
          {
            maxLength: 4,
          },
        ),
        /** Relative to the new current revision; undefined: not compacted. */
        back: fc.option(fc.integer({min: 0, max: 5}), {nil: undefined}),
      }),
    },
  );
}

/** What a test knows of one watch: what it asked for, and all it got. */
interface Watch {
  readonly range: KeyRange;
  readonly filters: readonly string[];
  readonly from: number;
  readonly asked: number;
  readonly got: WatchResult[];
  cancelled: boolean;
}

class Run {
  store = new Store();
  watchers: Watchers;
  readonly limits: {channelMax: number; syncWatchersMax: number; batchRevisionsMax: number};
  readonly events: StoreEvent[] = [];
  readonly watches = new Map<string, Watch>();
  private readonly created = new Map<number, number>();

  constructor(channelMax: number) {
    this.limits = {channelMax, syncWatchersMax: 2, batchRevisionsMax: 2};
    this.watchers = new Watchers(this.store, this.limits);
  }

  take(step: Step): void {
    switch (step.kind) {
      case "put":
        return this.write(put(step.key, `${this.events.length}`));
      case "delete":
        return this.write(del(step.key));
      case "txn":
        return this.write(txn([], [del("c"), put("b", "t"), put("a", "t")]));
      case "compact":
        this.store.compact(this.store.currentRevision - step.back);
        return;
      case "create":
        return this.create(step);
      case "cancel": {
        const watch = this.watches.get(`${step.stream}/${step.watchId}`);
        if (watch !== undefined) watch.cancelled = true;
        return this.watchers.cancel(step.stream, step.watchId);
      }
      case "take":
        this.takeOne(step.stream);
        return;
      case "sync":
        this.watchers.sync();
        return;
      case "moveVictims":
        return this.watchers.moveVictims();
      case "progress":
        if (step.watchId === undefined) return this.watchers.progressAll(step.stream, 0);
        return this.watchers.progress(step.stream, step.watchId);
      case "restore":
        return this.restore(step);
      default:
        return this.fork();
    }
  }

  /** Lets the clients take everything, and rounds run, until there is nothing more. */
  drain(): void {
    for (let rounds = 0; ; rounds++) {
      let took = false;
      for (const id of [1, 2]) while (this.takeOne(id)) took = true;
      const {needsMoveVictims, needsSync} = this.watchers;
      if (!took && !needsMoveVictims && !needsSync) return;
      if (rounds > 500) throw new Error("watchers do not come to rest");
      if (needsMoveVictims) this.watchers.moveVictims();
      if (needsSync) this.watchers.sync();
    }
  }

  check(): void {
    for (const {group, nextRevision} of this.watchers.view()) {
      const ahead = nextRevision > this.store.currentRevision;
      if (group === "synced" && !ahead)
        throw new Error(`a synced watcher waits for revision ${nextRevision}`);
      if (group === "unsynced" && ahead)
        throw new Error(`an unsynced watcher waits for revision ${nextRevision}`);
    }
  }

  private write(request: Parameters<Store["apply"]>[0]): void {
    const done = this.store.apply(request);
    if (!done.ok) throw new Error(done.error);
    if (done.value.events.length === 0) return;
    this.events.push(...done.value.events);
    this.watchers.notify(done.value.revision, done.value.events);
  }

  private create(step: Extract<Step, {kind: "create"}>): void {
    const current = this.store.currentRevision;
    const startRevision = step.back === undefined ? 0 : Math.max(1, current - step.back);
    const {key: from, rangeEnd, filters: without, prevKv} = step;
    this.watchers.create(step.stream, {
      kind: "watchCreate",
      key: from,
      rangeEnd,
      startRevision,
      prevKv,
      filters: without,
    });
    if (rangeEnd !== "" && rangeEnd !== "\0" && from >= rangeEnd) return;
    const watchId = this.created.get(step.stream) ?? 0;
    this.created.set(step.stream, watchId + 1);
    this.watches.set(`${step.stream}/${watchId}`, {
      range: {from, to: rangeEnd},
      filters: without,
      from: startRevision === 0 ? current + 1 : startRevision,
      asked: startRevision,
      got: [],
      cancelled: false,
    });
  }

  private takeOne(id: number): boolean {
    const delivery = takeResponse(this.watchers, id);
    if (delivery === undefined) return false;
    const {result, revision} = delivery;
    for (const [name, watch] of this.watches) {
      const isOfAll = result.created !== true && result.watchId === -1 && name.startsWith(`${id}/`);
      if (!isOfAll && name !== `${id}/${result.watchId}`) continue;
      const isProgress = result.events.length === 0 && result.created !== true && result.canceled !== true;
      if (isProgress) judgeProgress(this, watch, revision, isOfAll);
      else watch.got.push(result);
    }
    const last = result.events.at(-1);
    if (last !== undefined && last.kv.modRevision > revision)
      throw new Error(`header ${revision} before its events`);
    return true;
  }

  /** The store is replaced by one sent by a member that is ahead by these writes, which nobody here was told of. */
  private restore(step: Extract<Step, {kind: "restore"}>): void {
    const ahead = this.store.fork();
    for (const request of step.writes) this.events.push(...must(ahead.apply(request)).events);
    if (step.back !== undefined) ahead.compact(ahead.currentRevision - step.back);
    const received = sent(ahead);
    this.store = received;
    this.watchers.restore(received);
  }

  /** Goes on with the twins, after disturbing the originals. */
  private fork(): void {
    const [store, watchers] = [this.store, this.watchers];
    this.store = store.fork();
    this.watchers = watchers.fork(this.store);
    deepStrictEqual(digest(this.watchers), digest(watchers));
    const done = store.apply(put("b", "astray"));
    if (done.ok) watchers.notify(done.value.revision, done.value.events);
    watchers.moveVictims();
    watchers.sync();
    takeResponse(watchers, 1);
    watchers.create(2, {kind: "watchCreate", key: "a"});
  }
}

function digest(watchers: Watchers): string {
  const hasher = new Hasher();
  watchers.digest(hasher);
  return hasher.hash();
}

/** Whoever is told of progress has been told of every event up to that revision, and its first revision is not later. */
function judgeProgress(run: Run, watch: Watch, revision: number, isOfAll: boolean): void {
  const ended = watch.cancelled || watch.got.some(({canceled}) => canceled === true);
  if (isOfAll && (ended || watch.got.length === 0)) return;
  if (watch.asked > revision) throw new Error(`progress ${revision} before the start ${watch.asked}`);
  const told = watch.got.flatMap(({events}) => events).length;
  const due = run.events.filter((event) => event.kv.modRevision <= revision && wants(watch, event));
  if (told !== due.length) throw new Error(`progress ${revision} after ${told} of ${due.length} events`);
}

function wants({range, filters: without, from}: Watch, {kind, kv}: StoreEvent): boolean {
  return (
    kv.modRevision >= from &&
    contains(range, kv.key) &&
    !without.includes(kind === "put" ? "noput" : "nodelete")
  );
}

/** Compares what a watch got with what it should have got. */
function judge(run: Run, watch: Watch): void {
  const {from, got, cancelled} = watch;
  const [first, ...told] = got;
  if (first?.created !== true) throw new Error("the first response is not the created one");
  // One that was compacted is answered once more if its client cancels it.
  const isTwice = told.at(-2)?.compactRevision !== undefined && cancelled && told.at(-1)?.canceled === true;
  const rest = isTwice ? told.slice(0, -1) : told;
  const ends = rest.filter(({canceled}) => canceled === true);
  const last = rest.at(-1);
  if (ends.length > 1 || (ends.length === 1 && last?.canceled !== true))
    throw new Error("something follows the end");
  const wanted = run.events.filter((event) => wants(watch, event));
  const delivered = rest.flatMap(({events}) => events).map(({kind, kv}) => ({kind, kv}));
  deepStrictEqual(delivered, wanted.slice(0, delivered.length));
  // Each response begins with a later revision than the one before ended with, and the last one ended a revision.
  let before = 0;
  for (const {events} of rest) {
    if ((events[0]?.kv.modRevision ?? Infinity) <= before) throw new Error(`revision ${before} was split`);
    before = events.at(-1)?.kv.modRevision ?? before;
  }
  const next = wanted[delivered.length];
  if (next?.kv.modRevision === before) throw new Error(`revision ${before} is incomplete`);
  if (last?.canceled === true && last.compactRevision !== undefined) {
    if (from >= last.compactRevision)
      throw new Error(`cancelled for ${last.compactRevision}, but it began at ${from}`);
    // What it gave up must really be gone: nothing from the compact revision on was delivered before.
    if (before >= last.compactRevision) throw new Error(`cancelled after revision ${before} was delivered`);
  } else if (last?.canceled === true) {
    if (!cancelled) throw new Error("cancelled by nobody");
  } else if (next !== undefined) {
    throw new Error(`silent: never told of revision ${next.kv.modRevision}`);
  }
}

function judgePrevious(run: Run, {got}: Watch): void {
  for (const {kv, prevKv} of got.flatMap(({events}) => events)) {
    if (prevKv === undefined) continue;
    const earlier = run.events.filter(
      (event) => event.kv.key === kv.key && event.kv.modRevision < kv.modRevision,
    );
    deepStrictEqual({kind: "put", kv: prevKv}, earlier.at(-1));
  }
}

describe("every watch", () => {
  it("is told of all its events in order, once, no revision split, or else cancelled", () => {
    fc.assert(
      fc.property(
        fc.array(steps(), {minLength: 5, maxLength: 60, size: "max"}),
        fc.integer({min: 1, max: 3}),
        (taken, channelMax) => {
          const run = new Run(channelMax);
          for (const step of taken) {
            run.take(step);
            run.check();
          }
          run.drain();
          for (const watch of run.watches.values()) {
            judge(run, watch);
            judgePrevious(run, watch);
          }
        },
      ),
      {numRuns: 2500},
    );
  });
});
