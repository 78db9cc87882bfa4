// The watch sync actor's clock: when the next round over unsynced watchers and victims is due, and whether it waits for
// a turn. etcd's loop runs every 100 ms whether there is work or not (mvcc/watchable_store.go, syncWatchersLoop); here
// it sleeps while nobody is behind, so that a quiet member is quiet.
//
//   asleep ──arm──▶ due at ──wake──▶ (pause at beforeSyncWatchers ──turn──▶) round ──▶ asleep, or due soon again

import type {Hasher} from "../base/hasher.ts";
import type {Micros} from "../base/quantity.ts";

/** Rounds follow each other this much faster while there is more to do. etcd: 100 ms and 10 ms. */
const hurry = 10;

export class WatchSync {
  private readonly every: Micros;
  private readonly pauses: boolean;
  private dueAt: Micros | undefined;
  private state: "asleep" | "due" | "paused" | "running" = "asleep";
  private more = false;

  constructor(every: Micros, pauses: boolean) {
    this.every = every;
    this.pauses = pauses;
  }

  deadline(): Micros | undefined {
    return this.state === "asleep" ? this.dueAt : undefined;
  }

  /** Time has passed. */
  wake(now: Micros): void {
    if (this.state !== "asleep" || this.dueAt === undefined || this.dueAt > now) return;
    this.dueAt = undefined;
    this.state = this.pauses ? "due" : "running";
  }

  /** It may go on from where it paused. */
  turn(): void {
    if (this.state === "paused") this.state = "running";
  }

  /** Whether a round is to be made now; to be followed by `done`. */
  takeTurn(): boolean {
    if (this.state !== "running") return false;
    this.state = "asleep";
    return true;
  }

  /** The round was made; `more` if another one has something to do already. */
  done(more: boolean): void {
    this.more = more;
  }

  /** Sets the next round's time if one is needed. Returns whether the actor pauses now. */
  arm(needed: boolean, now: Micros): boolean {
    if (this.state === "due") {
      this.state = "paused";
      return true;
    }
    if (this.state !== "asleep") return false;
    if (!needed) this.dueAt = undefined;
    else this.dueAt ??= now + (this.more ? Math.ceil(this.every / hurry) : this.every);
    this.more = false;
    return false;
  }

  fork(): WatchSync {
    const twin = new WatchSync(this.every, this.pauses);
    twin.dueAt = this.dueAt;
    twin.state = this.state;
    twin.more = this.more;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.string(this.state);
    into.int(this.dueAt === undefined ? -1 : this.dueAt - now);
  }
}
