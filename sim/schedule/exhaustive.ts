// Every order of a small world's first decisions, one run each: an odometer over what is enabled. The first run takes time's
// order and notes at each decision how many ways there were; the next one turns the last digit that has a way left.
//
//   run 1   0 of 2 · 0 of 3 · 0 of 1        run 2   0 of 2 · 1 of 3 · …        …        run n   1 of 2 · 2 of 3 · …
//
// Depth-first, without memory of states: who wants those explores by forks and digests (explore/). Here each run is a run from
// its beginning, recorded as choices like any other.

import type {Micros} from "../../core/base/quantity.ts";
import type {Pending} from "../event.ts";
import {DecidingSchedule} from "./deciding.ts";

interface Digit {
  readonly way: number;
  readonly ways: number;
}

export interface Bounds {
  /** Decisions that are turned; behind them comes time's order. */
  readonly depth: number;
  readonly window: Micros;
}

export class ExhaustiveSchedule extends DecidingSchedule {
  private readonly bounds: Bounds;
  /** Replaced, never written. */
  private digits: readonly Digit[];
  private decisions = 0;

  constructor(bounds: Bounds, digits: readonly Digit[] = []) {
    super(bounds);
    this.bounds = bounds;
    this.digits = digits;
  }

  /** For the next run, after one that is over; undefined: there was no other order. */
  following(): ExhaustiveSchedule | undefined {
    const last = this.digits.findLastIndex(({way, ways}) => way + 1 < ways);
    const digit = this.digits[last];
    if (digit === undefined) return undefined;
    return new ExhaustiveSchedule(this.bounds, [
      ...this.digits.slice(0, last),
      {...digit, way: digit.way + 1},
    ]);
  }

  pick(enabled: readonly [Pending, Pending, ...Pending[]]): Pending {
    if (this.decisions === this.bounds.depth) return enabled[0];
    const digit = this.digits[this.decisions++] ?? {way: 0, ways: enabled.length};
    if (this.decisions > this.digits.length) this.digits = [...this.digits, digit];
    return enabled[digit.way] ?? enabled[0];
  }
}
