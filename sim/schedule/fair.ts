// Fair: the lanes take turns. The one that waited longest since its last event comes next; new lanes come first, by time.

import type {Pending} from "../event.ts";
import type {Lane} from "../run.ts";
import {DecidingSchedule} from "./deciding.ts";

export class FairSchedule extends DecidingSchedule {
  private turns = 0;
  /** The last turn of each lane. */
  private lastTurns: Map<Lane, number> = new Map();

  override fork(): this {
    const twin = super.fork();
    twin.lastTurns = new Map(this.lastTurns);
    return twin;
  }

  pick(enabled: readonly [Pending, Pending, ...Pending[]]): Pending {
    let [best] = enabled;
    let least = Infinity;
    for (const event of enabled) {
      const turn = this.lastTurns.get(event.lane) ?? 0;
      if (turn < least) [best, least] = [event, turn];
    }
    this.lastTurns.set(best.lane, ++this.turns);
    return best;
  }
}
