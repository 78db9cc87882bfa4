// Time's order, save where a choice says otherwise: after this event, take that one. A choice that does not apply any more is
// skipped and told, so that every part of a list of choices is a list of choices.

import type {Pending} from "../event.ts";
import type {Choice, Lane} from "../run.ts";
import {parseEventId} from "../world/lanes.ts";
import type {World} from "../world/world.ts";
import type {Scheduler} from "./scheduler.ts";

/** Choices by the event that they follow. */
type Table = ReadonlyMap<Lane, ReadonlyMap<number, Choice>>;

export class ChosenSchedule implements Scheduler {
  private readonly given: readonly Choice[];
  private readonly table: Table;
  private missed: readonly Choice[] = [];

  constructor(choices: readonly Choice[], table = tableOf(choices)) {
    this.given = choices;
    this.table = table;
  }

  next(world: World): Pending | undefined {
    const base = world.next();
    // What the script fires after an event comes before what was chosen to follow it.
    if (base?.payload.kind === "script") return base;
    const after = world.lastUnscripted;
    const choice = after === undefined ? undefined : this.table.get(after.lane)?.get(after.ordinal);
    if (choice === undefined) return base;
    const take = parseEventId(choice.take);
    const chosen = world.enabled().find(({lane, ordinal}) => lane === take?.lane && ordinal === take.ordinal);
    if (chosen === undefined && !this.missed.includes(choice)) this.missed = [...this.missed, choice];
    return chosen ?? base;
  }

  /** Those that did not apply among them: they decide nothing, and a later edit may bring their event back. */
  choices(): readonly Choice[] {
    return this.given;
  }

  skipped(): readonly Choice[] {
    return this.missed;
  }

  fork(): this {
    const twin = new ChosenSchedule(this.given, this.table);
    twin.missed = this.missed;
    return twin as this;
  }
}

function tableOf(choices: readonly Choice[]): Table {
  const table = new Map<Lane, Map<number, Choice>>();
  for (const choice of choices) {
    const after = parseEventId(choice.after);
    if (after === undefined) continue;
    let lane = table.get(after.lane);
    if (lane === undefined) table.set(after.lane, (lane = new Map<number, Choice>()));
    lane.set(after.ordinal, choice);
  }
  return table;
}
