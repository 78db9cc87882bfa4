// Where the lease actor stands: its own round, or a request, at one point at a time, in the order in which they came
// there. Who is told to go on is told by {@link LeaseTurns.turn}; the next one then pauses.

import type {Hasher} from "../base/hasher.ts";
import type {Point} from "./io.ts";

/** The round of revocations, or a request by its ticket. */
export type Standing = "round" | number;

interface Place {
  readonly at: Point;
  readonly who: Standing;
}

export class LeaseTurns {
  private readonly pausePoints: readonly Point[];
  private queue: readonly Place[] = [];
  /** Whether a turn was asked for on behalf of the first. */
  private asked = false;

  constructor(pausePoints: readonly Point[]) {
    this.pausePoints = pausePoints;
  }

  /** Comes to a point. True: it may go on at once; else it stands there until its turn. */
  passes(at: Point, who: Standing): boolean {
    if (!this.pausePoints.includes(at)) return true;
    this.queue = [...this.queue, {at, who}];
    return false;
  }

  /** The point to pause at now. */
  pause(): Point | undefined {
    const first = this.queue[0];
    if (first === undefined || this.asked) return undefined;
    this.asked = true;
    return first.at;
  }

  /** Who may go on. It may have given up meanwhile. */
  turn(): Standing | undefined {
    if (!this.asked) return undefined;
    this.asked = false;
    const [first, ...rest] = this.queue;
    this.queue = rest;
    return first?.who;
  }

  fork(): LeaseTurns {
    const twin = new LeaseTurns(this.pausePoints);
    twin.queue = this.queue;
    twin.asked = this.asked;
    return twin;
  }

  digest(into: Hasher): void {
    into.bool(this.asked);
    into.int(this.queue.length);
    for (const {at, who} of this.queue) {
      into.string(at);
      into.int(who === "round" ? -1 : who);
    }
  }
}
