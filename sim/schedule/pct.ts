// PCT: probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010). Its threads are lanes: each
// has a priority, drawn for it also when it is born late, and of what is enabled the event of the highest lane comes. At
// d−1 change points, drawn among the decisions to come, the lane that would come next falls below all others.
//
// A bug that needs d events in one order is met with probability 1/(n·k^(d−1)) at least, with n lanes and k decisions,
// where the window does not forbid it.

import type {Micros} from "../../core/base/quantity.ts";
import type {Pending} from "../event.ts";
import type {Lane} from "../run.ts";
import {DecidingSchedule} from "./deciding.ts";
import {Ranks} from "./ranks.ts";

export class PctSchedule extends DecidingSchedule {
  private readonly ranks: Ranks;
  private readonly changes: readonly number[];
  private decisions = 0;
  /** Lanes that fell, the last one lowest. Replaced, never written. */
  private fallen: readonly Lane[] = [];

  constructor(schedule: {
    readonly seed: string;
    readonly depth: number;
    readonly steps: number;
    readonly window: Micros;
    readonly until?: Micros;
  }) {
    super(schedule);
    const {seed, depth, steps} = schedule;
    this.ranks = new Ranks(seed);
    this.changes = this.ranks.points("change", depth - 1, steps);
  }

  pick(enabled: readonly [Pending, Pending, ...Pending[]]): Pending {
    this.decisions++;
    const highest = this.highest(enabled);
    if (!this.changes.includes(this.decisions)) return highest;
    this.fallen = [...this.fallen.filter((lane) => lane !== highest.lane), highest.lane];
    return this.highest(enabled);
  }

  private highest(enabled: readonly [Pending, ...Pending[]]): Pending {
    let [best] = enabled;
    let most = -Infinity;
    for (const event of enabled) {
      const priority = this.priority(event.lane);
      if (priority > most) [best, most] = [event, priority];
    }
    return best;
  }

  /** Below 0 for those that fell. */
  private priority(lane: Lane): number {
    const place = this.fallen.length === 0 ? -1 : this.fallen.indexOf(lane);
    return place < 0 ? this.ranks.of(lane, 0) : -1 - place;
  }
}
