// Clocks as the world keeps them. A process, member or client, lives by its own: it may run fast or slow, and may jump
// ahead; it never goes back. A member's ticks are a grid with a phase of its own, drawn at each boot, so that members do not tick
// in step. A pause lets ticks pass; they are not made up for (as Go's tickers drop what nobody takes).
//
//   what it says   ▲            ╱ rate 2,000,000: twice as fast
//                  │      ╭────╯  jump
//                  │    ╱          rate 1,000,000: the world's time
//                  └──────────────▶ the world's time

import {assert} from "../core/base/assert.ts";
import type {Hasher} from "../core/base/hasher.ts";
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

/** Of a clock that runs true: micros of its own per second of the world's. */
export const trueRate = 1_000_000;

/** Slowest and fastest that a clock may run: a tenth of the true rate, and ten times. */
export const leastRate = 100_000;
export const mostRate = 10_000_000;

/** What a process takes for the time. Never written after birth. Integers only: a rate is micros per second. */
export class Clock {
  static readonly true = new Clock(0, 0, trueRate);
  /** At `origin` of the world's time it says `base`. */
  private readonly origin: Micros;
  private readonly base: Micros;
  readonly rate: number;

  private constructor(origin: Micros, base: Micros, rate: number) {
    this.origin = origin;
    this.base = base;
    this.rate = rate;
  }

  /** What it says at `now`. */
  read(now: Micros): Micros {
    if (this.rate === trueRate) return this.base + (now - this.origin);
    return this.base + passed(now - this.origin, this.rate);
  }

  /** The first moment of the world's at which it says at least `time`. */
  when(time: Micros): Micros {
    const left = time - this.base;
    if (this.rate === trueRate || left <= 0) return this.origin + left;
    const whole = Math.floor(left / this.rate) * trueRate;
    return this.origin + whole + Math.ceil(((left % this.rate) * trueRate) / this.rate);
  }

  /** The same clock, at another rate from `now` on. */
  atRate(now: Micros, rate: number): Clock {
    assert(Number.isSafeInteger(rate) && rate > 0, `a clock's rate is a positive integer, not ${rate}`);
    return new Clock(now, this.read(now), rate);
  }

  /** The same clock, set ahead at `now`. */
  ahead(now: Micros, by: Micros): Clock {
    return new Clock(now, this.read(now) + by, this.rate);
  }

  /** How it goes on from `now`; what it says is no part of that. */
  digest(into: Hasher, now: Micros): void {
    into.int(this.rate);
    if (this.rate !== trueRate) into.int((((now - this.origin) % trueRate) * this.rate) % trueRate);
  }
}

/** Micros of a clock in `time` of the world's. Exact for every safe integer that it can be asked for. */
function passed(time: Micros, rate: number): Micros {
  return Math.floor(time / trueRate) * rate + Math.floor(((time % trueRate) * rate) / trueRate);
}
