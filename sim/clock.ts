// A member's clock as the world keeps it: a grid of ticks with a phase of its own, drawn at each boot, so that members
// do not tick in step. A pause lets ticks pass; they are not made up for (as Go's tickers drop what nobody takes).

import type {Micros} from "../core/base/quantity.ts";
import type {Draws} from "./random.ts";

/** The first tick of a life that begins at `now`: after at most one period, never at once. */
export function firstTick(draws: Draws, member: string, now: Micros, period: Micros): Micros {
  return now + 1 + draws.next(draws.stream(`clock/${member}`), period);
}

/** The next tick on the grid, after one that was due at `due` and is taken at `now`. */
export function nextTick(due: Micros, now: Micros, period: Micros): Micros {
  return due + (Math.floor((now - due) / period) + 1) * period;
}
