// The keys of one state, in order, with their values. Never written: a change makes another that shares with it all but
// the part where the key stands, so that a state per revision can be kept.

import type {Key, KeyRange} from "../../core/base/key.ts";
import {contains, unbounded} from "../../core/base/key.ts";
import type {KeyValue} from "../../core/mvcc/kv.ts";

/** Ascending by key, not empty. */
type Part = readonly KeyValue[];

/** A part that grows beyond this becomes two: what a change copies is some pointers. */
const partMax = 64;

export class Keys {
  static readonly none = new Keys([]);
  /** Ascending. */
  private readonly parts: readonly Part[];

  private constructor(parts: readonly Part[]) {
    this.parts = parts;
  }

  get(key: Key): KeyValue | undefined {
    const part = this.parts[this.partOf(key)];
    const found = part?.[placeIn(part, key)];
    return found?.key === key ? found : undefined;
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  /** With another value of a key, or one key more. */
  with(kv: KeyValue): Keys {
    const at = this.partOf(kv.key);
    const part = this.parts[at] ?? [];
    const place = placeIn(part, kv.key);
    const next = part.slice();
    if (part[place]?.key === kv.key) next[place] = kv;
    else next.splice(place, 0, kv);
    if (next.length <= partMax) return this.replaced(at, next);
    return this.replaced(at, next.slice(0, partMax / 2), next.slice(partMax / 2));
  }

  without(key: Key): Keys {
    const at = this.partOf(key);
    const part = this.parts[at] ?? [];
    const place = placeIn(part, key);
    if (part[place]?.key !== key) return this;
    if (part.length === 1) return this.replaced(at);
    const next = part.slice();
    next.splice(place, 1);
    return this.replaced(at, next);
  }

  /** Those in a range, ascending. A fresh array. */
  within(range: KeyRange): KeyValue[] {
    const found: KeyValue[] = [];
    if (range.to === "") {
      const alone = this.get(range.from);
      if (alone !== undefined) found.push(alone);
      return found;
    }
    for (let at = this.partOf(range.from); at < this.parts.length; at++) {
      for (const kv of this.parts[at] ?? []) {
        if (contains(range, kv.key)) found.push(kv);
        else if (range.to !== unbounded && kv.key >= range.to) return found;
      }
    }
    return found;
  }

  /** All, ascending. */
  *[Symbol.iterator](): Generator<KeyValue> {
    for (const part of this.parts) yield* part;
  }

  /** Whether both hold the same, by `same`. What they share is not looked at. */
  equals(other: Keys, same: (a: KeyValue, b: KeyValue | undefined) => boolean): boolean {
    let [mine, its, i, j] = [0, 0, 0, 0];
    for (;;) {
      const [a, b] = [this.parts[mine], other.parts[its]];
      if (a === undefined || b === undefined) return a === b;
      if (a === b && i === 0 && j === 0) [i, j] = [a.length, b.length];
      for (; i < a.length && j < b.length; i++, j++) {
        const [x, y] = [a[i], b[j]];
        if (x !== y && (x === undefined || !same(x, y))) return false;
      }
      if (i === a.length) [mine, i] = [mine + 1, 0];
      if (j === b.length) [its, j] = [its + 1, 0];
    }
  }

  /** The part where a key stands, or would: the last that does not begin behind it, or the first. */
  private partOf(key: Key): number {
    let [low, high] = [0, this.parts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.parts[middle]?.[0]?.key ?? "") <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private replaced(at: number, ...by: Part[]): Keys {
    const parts = this.parts.slice();
    parts.splice(at, 1, ...by);
    return new Keys(parts);
  }
}

/** The first place in a part whose key is not before that one. */
function placeIn(part: Part, key: Key): number {
  let [low, high] = [0, part.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((part[middle]?.key ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
