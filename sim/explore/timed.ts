// Does things at their times, as a scenario's steps with `at` are done: as soon as that time has come. A script waits, where
// events were overtaken, for those that were due before.

import type {Micros} from "../../core/base/quantity.ts";
import type {Cue, Director} from "../director.ts";
import type {Intervention} from "../run.ts";
import type {WorldView} from "../view.ts";

export class Timed implements Director {
  /** By time. */
  private readonly items: readonly Intervention[];
  private place = 0;
  private now: Micros = 0;

  constructor(items: readonly Intervention[]) {
    this.items = items;
  }

  after({now}: WorldView): readonly Cue[] {
    this.now = now;
    const cues: Cue[] = [];
    for (
      let item = this.items[this.place];
      item !== undefined && item.when.at <= now;
      item = this.items[this.place]
    ) {
      cues.push({do: item.do, origin: item.origin});
      this.place++;
    }
    return cues;
  }

  deadline(): Micros | undefined {
    const at = this.items[this.place]?.when.at;
    return at !== undefined && at > this.now ? at : undefined;
  }

  done(): boolean {
    return false;
  }

  fork(): this {
    const twin = new Timed(this.items);
    twin.place = this.place;
    twin.now = this.now;
    return twin as this;
  }
}
