// What schedulers have in common that decide: between what, when, and that it is recorded.
//
//   due   10        14   16              31
//         A ─────── B ── C ───────────── D ──▶        window 10: A, B and C may be taken, D may not
//
// Taken is B: time is 14, and A, when it comes, comes late. So clocks run apart by no more than the window, and nothing is
// overtaken for ever: new events come later and later, and at last what waits is alone in its window.

import type {Micros} from "../../core/base/quantity.ts";
import type {Pending} from "../event.ts";
import {SharedList} from "../history/sharedList.ts";
import type {Choice} from "../run.ts";
import {eventId} from "../world/lanes.ts";
import type {World} from "../world/world.ts";
import type {Scheduler} from "./scheduler.ts";

type Name = Pick<Pending, "lane" | "ordinal">;

export abstract class DecidingSchedule implements Scheduler {
  private readonly window: Micros;
  private readonly until: Micros;
  /** The step at which `decided` was. */
  private decidedAt = -1;
  private decided: Pending | undefined;
  /** What was taken out of time's order, and what it followed. */
  private made = new SharedList<readonly [after: Name, take: Name]>();

  constructor({window, until = Infinity}: {readonly window: Micros; readonly until?: Micros}) {
    this.window = window;
    this.until = until;
  }

  /** One of at least two events, earliest first. */
  abstract pick(enabled: readonly [Pending, Pending, ...Pending[]]): Pending;

  next(world: World): Pending | undefined {
    const base = world.next();
    const after = world.lastUnscripted;
    // Choices follow events: before the first one there is nothing to choose by.
    if (base === undefined || base.payload.kind === "script" || after === undefined) return base;
    if (base.due >= this.until) return base;
    if (this.decidedAt === world.step) return this.decided;
    const enabled = world.enabled(this.window);
    const decided = hasTwo(enabled) ? this.pick(enabled) : base;
    this.decidedAt = world.step;
    this.decided = decided;
    this.record(after, base, decided);
    return decided;
  }

  choices(): readonly Choice[] {
    return this.made.view().map(([after, take]) => ({
      after: eventId(after.lane, after.ordinal),
      take: eventId(take.lane, take.ordinal),
    }));
  }

  skipped(): readonly Choice[] {
    return [];
  }

  fork(): this {
    const twin = Object.create(Object.getPrototypeOf(this) as object) as this;
    return Object.assign(twin, this, {made: this.made.fork()});
  }

  /** An intervention may come between a decision and its event; then what was decided last counts. */
  private record(after: Name, base: Pending, decided: Pending): void {
    const last = this.made.at(this.made.length - 1)?.[0];
    if (last !== undefined && isSame(last, after)) this.made.truncate(this.made.length - 1);
    if (decided !== base) this.made.push([nameOf(after), nameOf(decided)]);
  }
}

function hasTwo(events: readonly Pending[]): events is readonly [Pending, Pending, ...Pending[]] {
  return events.length > 1;
}

/** Nothing else of an event is kept. */
function nameOf({lane, ordinal}: Name): Name {
  return {lane, ordinal};
}

function isSame(a: Name, b: Name): boolean {
  return a.lane === b.lane && a.ordinal === b.ordinal;
}
