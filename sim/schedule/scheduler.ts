// Who decides what happens next. The base schedule takes the least (due, seq); a run's choices deviate from it, one
// event each. A choice that does not apply any more is skipped, so that every part of a list of choices is a list of
// choices.

import type {Pending} from "../event.ts";
import type {Choice} from "../run.ts";
import type {World} from "../world/world.ts";

export interface Scheduler {
  /** Undefined: nothing more will happen. */
  next(world: World): Pending | undefined;
  /** Choices that did not apply. */
  skipped(): readonly Choice[];
  fork(): this;
}

/** Time's own order. */
export const baseSchedule: Scheduler = {
  next: (world) => world.next(),
  skipped: () => [],
  fork() {
    return this;
  },
};

/** Time's order, save where a choice says otherwise. */
export class ChosenSchedule implements Scheduler {
  private readonly choices: ReadonlyMap<string, Choice>;
  private missed: readonly Choice[] = [];

  constructor(choices: readonly Choice[]) {
    this.choices = new Map(choices.map((choice) => [choice.after, choice]));
  }

  next(world: World): Pending | undefined {
    const base = world.next();
    // What the script fires after an event comes before what was chosen to follow it.
    if (base?.payload.kind === "script") return base;
    const choice = this.choices.get(world.lastUnscripted ?? "");
    if (choice === undefined) return base;
    const chosen = world.enabled().find(({lane, ordinal}) => `${lane}#${ordinal}` === choice.take);
    if (chosen === undefined && !this.missed.includes(choice)) this.missed = [...this.missed, choice];
    return chosen ?? base;
  }

  skipped(): readonly Choice[] {
    return this.missed;
  }

  fork(): this {
    const twin = new ChosenSchedule([]);
    return Object.assign(twin, {choices: this.choices, missed: this.missed}) as this;
  }
}

/** The schedule of a run. */
export function scheduleOf(choices: readonly Choice[]): Scheduler {
  return choices.length === 0 ? baseSchedule : new ChosenSchedule(choices);
}
