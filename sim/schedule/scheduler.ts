// Who decides what happens next. Time's own order takes the least (due, seq); other schedulers may take any event that is
// enabled and due soon after it. What they did is told as choices, so that a run on record needs no scheduler.

import type {Pending} from "../event.ts";
import type {Choice} from "../run.ts";
import type {World} from "../world/world.ts";

export interface Scheduler {
  /** Undefined: nothing more will happen. Asked twice before an event is taken, it answers the same. */
  next(world: World): Pending | undefined;
  /** What makes the run again, without this scheduler. */
  choices(): readonly Choice[];
  /** Choices that did not apply. */
  skipped(): readonly Choice[];
  fork(): this;
}

/** Time's own order. */
export const baseSchedule: Scheduler = {
  next: (world) => world.next(),
  choices: () => [],
  skipped: () => [],
  fork() {
    return this;
  },
};
