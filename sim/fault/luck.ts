// A plan's luck. Draws under `plan/…`: the run's own streams are not touched.

import {Draws} from "../random.ts";

export class Luck {
  private readonly draws: Draws;

  constructor(seed: string) {
    this.draws = new Draws(seed);
  }

  /** An integer in [0, bound). */
  below(stream: string, bound: number): number {
    return this.draws.next(this.draws.stream(`plan/${stream}`), bound);
  }

  /** One of a list that is not empty. */
  of<T>(stream: string, list: readonly [T, ...T[]]): T {
    return list[this.below(stream, list.length)] ?? list[0];
  }
}
