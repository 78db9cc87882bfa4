// Where an actor with several things to do stands: each at one point, in the order in which they came there. Who may go
// on is told by {@link Turns.turn}; the next one then pauses.

import type {Hasher} from "../base/hasher.ts";
import type {Point} from "./io.ts";

/** `who`: one of the things to do; a number names one of many. */
interface Place<Who> {
  readonly at: Point;
  readonly who: Who;
}

export class Turns<Who extends string | number> {
  private readonly pausePoints: readonly Point[];
  private queue: readonly Place<Who>[] = [];
  /** Whether a turn was asked for on behalf of the first. */
  private asked = false;

  constructor(pausePoints: readonly Point[]) {
    this.pausePoints = pausePoints;
  }

  /** Comes to a point. True: it may go on at once; else it stands there until its turn. */
  passes(at: Point, who: Who): boolean {
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
  turn(): Who | undefined {
    if (!this.asked) return undefined;
    this.asked = false;
    const [first, ...rest] = this.queue;
    this.queue = rest;
    return first?.who;
  }

  fork(): Turns<Who> {
    const twin = new Turns<Who>(this.pausePoints);
    twin.queue = this.queue;
    twin.asked = this.asked;
    return twin;
  }

  digest(into: Hasher): void {
    into.bool(this.asked);
    into.int(this.queue.length);
    for (const {at, who} of this.queue) {
      into.string(at);
      into.string(`${who}`);
    }
  }
}
