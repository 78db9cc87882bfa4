// A loop of a watch actor: when its next round is due, and whether it waits for a turn. etcd's loops run all the time
// (mvcc/watchable_store.go: syncWatchersLoop, syncVictimsLoop); here they sleep while there is nothing to do, so that a
// quiet member is quiet.
//
//   asleep ──arm──▶ due at ──wake──▶ (pause ──turn──▶) round ──▶ asleep, or due again

import type {Hasher} from "../base/hasher.ts";
import type {Micros} from "../base/quantity.ts";

export class WatchLoop {
  private readonly pauses: boolean;
  private dueAt: Micros | undefined;
  private state: "asleep" | "due" | "paused" | "running" = "asleep";

  constructor(pauses: boolean) {
    this.pauses = pauses;
  }

  /** Whether no round is being made or waited for; the next one may be due. */
  get asleep(): boolean {
    return this.state === "asleep";
  }

  /** Asleep, and no round is due. */
  get idle(): boolean {
    return this.asleep && this.dueAt === undefined;
  }

  deadline(): Micros | undefined {
    return this.state === "asleep" ? this.dueAt : undefined;
  }

  /** Time has passed. */
  wake(now: Micros): void {
    if (this.dueAt !== undefined && this.dueAt <= now) this.start();
  }

  /** A round is to be made at once. */
  start(): void {
    if (this.state !== "asleep") return;
    this.dueAt = undefined;
    this.state = this.pauses ? "due" : "running";
  }

  /** It may go on from where it paused. */
  turn(): void {
    if (this.state === "paused") this.state = "running";
  }

  /** Whether a round is to be made now. */
  takeTurn(): boolean {
    if (this.state !== "running") return false;
    this.state = "asleep";
    return true;
  }

  /** Sets when the next round is due: not later than before, but not at all if `at` is undefined. */
  arm(at: Micros | undefined): void {
    if (this.state !== "asleep") return;
    this.dueAt = at === undefined ? undefined : Math.min(at, this.dueAt ?? at);
  }

  /** Whether it pauses now; said once. */
  takePause(): boolean {
    if (this.state !== "due") return false;
    this.state = "paused";
    return true;
  }

  fork(): WatchLoop {
    const twin = new WatchLoop(this.pauses);
    twin.dueAt = this.dueAt;
    twin.state = this.state;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.string(this.state);
    into.int(this.dueAt === undefined ? -1 : this.dueAt - now);
  }
}
