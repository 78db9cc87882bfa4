// A set of keys, made of ranges that are merged where they touch: what a user may read, or write (etcd
// server/auth/range_perm_cache.go, over its interval tree).
//
//   granted   [a, c)   [b, e)      [g]       merged   [a, e)   [g, g\0)
//   asked     [b, d): inside of one ▶ yes    [d, g): not ▶ no

import type {Key, KeyRange} from "../base/key.ts";
import {compareKeys, unbounded} from "../base/key.ts";

/** Keys from `from` to `to`, not included; undefined: without end. */
interface Interval {
  readonly from: Key;
  readonly to: Key | undefined;
}

export class RangeSet {
  /** Ascending; between two of them there are keys that are in none. */
  private readonly intervals: readonly Interval[];

  constructor(ranges: readonly KeyRange[]) {
    const merged: Interval[] = [];
    for (const next of ranges.map(intervalOf).sort((a, b) => compareKeys(a.from, b.from))) {
      const last = merged.at(-1);
      if (last === undefined || (last.to !== undefined && last.to < next.from)) merged.push(next);
      else merged[merged.length - 1] = {from: last.from, to: later(last.to, next.to)};
    }
    this.intervals = merged;
  }

  /** Whether all keys of the range are in the set. */
  covers(range: KeyRange): boolean {
    const {from, to} = intervalOf(range);
    const around = this.intervals.findLast((interval) => interval.from <= from);
    if (around === undefined) return false;
    if (around.to === undefined) return true;
    return from < around.to && to !== undefined && to <= around.to;
  }
}

function intervalOf({from, to}: KeyRange): Interval {
  if (to === "") return {from, to: `${from}\0`};
  return {from, to: to === unbounded ? undefined : to};
}

function later(a: Key | undefined, b: Key | undefined): Key | undefined {
  if (a === undefined || b === undefined) return undefined;
  return a < b ? b : a;
}
