// A plan's luck. Draws under `plan/…`: the run's own streams are not touched.

import {Draws} from "../random.ts";
import type {StreamId} from "../random.ts";

export class Luck {
  private readonly draws: Draws;
  private readonly prefix: string;
  /** From which everything is drawn; undefined: each draw has its stream. */
  private readonly only: StreamId | undefined;

  constructor(seed: string, draws = new Draws(seed), prefix = "plan/", only?: StreamId) {
    this.draws = draws;
    this.prefix = prefix;
    this.only = only;
  }

  /** An integer in [0, bound). */
  below(stream: string, bound: number): number {
    return this.draws.next(this.only ?? this.draws.stream(this.prefix + stream), bound);
  }

  /** One of a list that is not empty. */
  of<T>(stream: string, list: readonly [T, ...T[]]): T {
    return list[this.below(stream, list.length)] ?? list[0];
  }

  /** The same seed's luck, for streams under `name/`. */
  within(name: string): Luck {
    return new Luck("", this.draws, `${this.prefix}${name}/`);
  }

  /** For one fault in one window: all that it draws comes from the stream `name`, in the order in which it asks. */
  alone(name: string): Luck {
    return new Luck("", this.draws, this.prefix, this.draws.stream(this.prefix + name));
  }
}
