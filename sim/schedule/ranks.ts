// What a schedule draws for an event: by its name, so that an event more elsewhere moves no other's rank (law 6).

import type {Lane} from "../run.ts";
import {keyedDraw} from "../random.ts";

export class Ranks {
  private readonly seed: string;
  /** Streams by lane: a memory of what is a function of the seed, so twins share it. */
  private readonly lanes = new Map<Lane, (n: number) => number>();

  constructor(seed: string) {
    this.seed = seed;
  }

  /** 32 bits, of the lane's n-th event; n = 0 is of the lane itself. */
  of(lane: Lane, n: number): number {
    let drawn = this.lanes.get(lane);
    if (drawn === undefined) this.lanes.set(lane, (drawn = keyedDraw(this.seed, `schedule/${lane}`)));
    return drawn(n);
  }

  /** So many different integers in [1, most], ascending; all of them if there are no more. */
  points(what: string, count: number, most: number): readonly number[] {
    const found = new Set<number>();
    const drawn = keyedDraw(this.seed, `schedule//${what}`);
    for (let n = 1; found.size < Math.min(count, most); n++) found.add(1 + (drawn(n) % most));
    return [...found].sort((a, b) => a - b);
  }
}
