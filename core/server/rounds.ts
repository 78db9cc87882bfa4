// The clock of an actor that does something every so often: when its next round is due, and whether it waits for a turn
// before it (law 4). etcd's loops run all the time; here they sleep while there is nothing to do, so that a quiet member is
// quiet.
//
//   asleep ──arm──▶ due at ──wake──▶ (pause ──turn──▶) round ──arm──▶ due at …

import type {Hasher} from "../base/hasher.ts";
import type {Micros} from "../base/quantity.ts";

type State = "asleep" | "due" | "paused" | "running";

export class Rounds {
  private readonly pauses: boolean;
  private dueAt: Micros | undefined;
  private state: State = "asleep";

  constructor(pauses: boolean) {
    this.pauses = pauses;
  }

  /** Whether no round is due, or being waited for. */
  get idle(): boolean {
    return this.state === "asleep" && this.dueAt === undefined;
  }

  /** Whether nothing is to be done now. */
  get asleep(): boolean {
    return this.state === "asleep";
  }

  /** The next round is at `at`; undefined: there is none. */
  arm(at: Micros | undefined): void {
    if (this.state === "asleep") this.dueAt = at;
  }

  /** The next round is at `at`, or when it is due already, if that is sooner; undefined: there is none. */
  armBy(at: Micros | undefined): void {
    this.arm(at === undefined ? undefined : Math.min(at, this.dueAt ?? at));
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

  /** Whether it pauses now: said once. */
  takePause(): boolean {
    if (this.state !== "due") return false;
    this.state = "paused";
    return true;
  }

  /** It may go on from where it paused. */
  turn(): void {
    if (this.state === "paused") this.state = "running";
  }

  /** Whether the round is to be made now: said once. */
  takeRound(): boolean {
    if (this.state !== "running") return false;
    this.state = "asleep";
    return true;
  }

  fork(): Rounds {
    const twin = new Rounds(this.pauses);
    twin.dueAt = this.dueAt;
    twin.state = this.state;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.string(this.state);
    into.int(this.dueAt === undefined ? -1 : this.dueAt - now);
  }
}
