// Every event has a rank of its own, and of what is enabled the one with the highest rank comes. Unlike a walk that draws anew
// at each step, it takes the same way again where a run was changed elsewhere. (Yuan, Yang, Gu, "Partial Order Aware
// Concurrency Sampling", CAV 2018, begin with this.)

import type {Micros} from "../../core/base/quantity.ts";
import type {Pending} from "../event.ts";
import {DecidingSchedule} from "./deciding.ts";
import {Ranks} from "./ranks.ts";

export class RandomSchedule extends DecidingSchedule {
  private readonly ranks: Ranks;

  constructor(schedule: {readonly seed: string; readonly window: Micros; readonly until?: Micros}) {
    super(schedule);
    this.ranks = new Ranks(schedule.seed);
  }

  pick(enabled: readonly [Pending, Pending, ...Pending[]]): Pending {
    let [best] = enabled;
    let highest = -1;
    for (const event of enabled) {
      const rank = this.ranks.of(event.lane, event.ordinal);
      if (rank > highest) [best, highest] = [event, rank];
    }
    return best;
  }
}
