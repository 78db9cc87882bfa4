// Tells watches without events how far they are (etcd server/etcdserver/api/v3rpc/watch.go): those that asked for it as they
// were created, by a ticker of their stream, unless events were sent to them since its last tick; and a whole stream when
// its client asks. What is told goes through the stream's channel like events, so nothing older follows it (etcd #15220).

import type {Hasher} from "../base/hasher.ts";
import {earliest, type Micros} from "../base/quantity.ts";
import type {Watchers} from "../watch/watchers.ts";
import type {Draw} from "./parts.ts";
import type {Asker} from "./proposals.ts";
import type {Rounds} from "./rounds.ts";

/** etcd's minWatchProgressInterval. */
const everyMin: Micros = 100_000;

/** The ticker of a stream. */
interface Ticker {
  /** Drawn once, so that the streams of a member do not tick together. */
  readonly every: Micros;
  readonly dueAt: Micros;
  /** Watches that want to be told, and whether nothing was sent to them since the last tick. */
  readonly idle: ReadonlyMap<number, boolean>;
}

export class WatchProgress {
  private readonly loop: Rounds;
  private readonly every: Micros;
  private readonly tickers = new Map<number, Ticker>();
  /** Requests that were not looked at yet, oldest first. */
  private asked: readonly Asker[] = [];

  constructor(every: Micros, loop: Rounds) {
    this.every = Math.max(every, everyMin);
    this.loop = loop;
  }

  /** Whether nothing is to be told now. */
  get asleep(): boolean {
    return this.loop.asleep;
  }

  deadline(): Micros | undefined {
    return this.loop.deadline();
  }

  /** A watch wants to be told now and then. Draws from "progress" when it is the first of its stream. */
  add(stream: number, watchId: number, now: Micros, draw: Draw): void {
    const known = this.tickers.get(stream);
    const every = known?.every ?? this.every + draw("progress", Math.max(1, Math.floor(this.every / 10)));
    const idle = new Map(known?.idle).set(watchId, true);
    this.tickers.set(stream, {every, dueAt: known?.dueAt ?? now + every, idle});
    this.arm();
  }

  /** A client asks how far all of its stream's watches are. */
  ask(asker: Asker): void {
    this.asked = [...this.asked, asker];
    this.loop.start();
  }

  /** Events were sent to a watch: it need not be told at the next tick. */
  sent(stream: number, watchId: number): void {
    const ticker = this.tickers.get(stream);
    if (ticker?.idle.get(watchId) !== true) return;
    this.tickers.set(stream, {...ticker, idle: new Map(ticker.idle).set(watchId, false)});
  }

  close(stream: number): void {
    this.asked = this.asked.filter((asker) => asker.stream !== stream);
    if (this.tickers.delete(stream)) this.arm();
  }

  wake(now: Micros): void {
    this.loop.wake(now);
  }

  turn(): void {
    this.loop.turn();
  }

  takePause(): boolean {
    return this.loop.takePause();
  }

  /** Answers what was asked and lets the tickers tick that are due, by stream and watch id, if it has its turn. */
  runIfDue(watchers: Watchers, now: Micros): void {
    if (!this.loop.takeRound()) return;
    for (const {stream, id} of this.asked) watchers.progressAll(stream, id);
    this.asked = [];
    for (const [stream, ticker] of this.sorted())
      if (ticker.dueAt <= now) this.tick(stream, ticker, watchers, now);
    this.arm();
  }

  fork(): WatchProgress {
    const twin = new WatchProgress(this.every, this.loop.fork());
    twin.asked = this.asked;
    for (const [stream, ticker] of this.tickers) twin.tickers.set(stream, ticker);
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    this.loop.digest(into, now);
    into.int(this.asked.length);
    for (const {stream, id} of this.asked) {
      into.int(stream);
      into.int(id);
    }
    into.int(this.tickers.size);
    for (const [stream, {every, dueAt, idle}] of this.sorted()) {
      into.int(stream);
      into.int(every);
      into.int(dueAt - now);
      into.int(idle.size);
      for (const [watchId, isIdle] of byId(idle)) {
        into.int(watchId);
        into.bool(isIdle);
      }
    }
  }

  private tick(stream: number, {every, dueAt, idle}: Ticker, watchers: Watchers, now: Micros): void {
    const next = new Map<number, boolean>();
    for (const [watchId, isIdle] of byId(idle)) {
      if (!watchers.has(stream, watchId)) continue;
      if (isIdle) watchers.progress(stream, watchId);
      next.set(watchId, true);
    }
    // Ticks that nobody took are not made up for, as with Go's tickers.
    const missed = Math.floor((now - dueAt) / every);
    if (next.size === 0) this.tickers.delete(stream);
    else this.tickers.set(stream, {every, dueAt: dueAt + (missed + 1) * every, idle: next});
  }

  private arm(): void {
    this.loop.arm(earliest(...[...this.tickers.values()].map(({dueAt}) => dueAt)));
  }

  private sorted(): readonly (readonly [number, Ticker])[] {
    return byId(this.tickers);
  }
}

function byId<T>(map: ReadonlyMap<number, T>): readonly (readonly [number, T])[] {
  return [...map].sort(([a], [b]) => a - b);
}
