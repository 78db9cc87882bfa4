// What the operations of a history did, for each way of beginning and ending: each reads or writes some value, or writes and never
// returns. Values have no names: they are numbered as they come, so that no two are the same but for the names of values, or for
// the order of operations that begin and end together.

import type {Interval, Intervals} from "./intervals.ts";

/** `value` 0: nothing, which only reads find. */
export interface Label {
  readonly kind: "read" | "write" | "lost";
  readonly value: number;
}

export interface Labelling {
  /** Also writes that never return. */
  readonly lost: boolean;
  /**
   * `all`: reads of what nobody wrote, too. `written`: without them; such a read is never right. And what nobody reads is one value, and
   * returns. `needed`: nor has any operation that could be left out ({@link isIdle}).
   */
  readonly which: "all" | "written" | "needed";
}

/** Tells `visit` of each labelling; the list is the same each time. */
export function forEachLabelling(
  intervals: Intervals,
  labelling: Labelling,
  visit: (labels: readonly Label[]) => void,
): void {
  new Labels(intervals, labelling, visit).label(0, 0);
}

const kinds = ["write", "read", "lost"] as const;
const valuesMax = 9;
const labels: readonly (readonly Label[])[] = Array.from({length: valuesMax}, (_, value) =>
  kinds.map((kind) => ({kind, value})),
);

class Labels {
  private readonly intervals: Intervals;
  private readonly labelling: Labelling;
  private readonly visit: (labels: readonly Label[]) => void;
  private readonly list: Label[] = [];
  /** By value: how many of each kind there are. */
  private readonly writes = new Int32Array(valuesMax);
  private readonly reads = new Int32Array(valuesMax);
  private readonly losts = new Int32Array(valuesMax);

  constructor(intervals: Intervals, labelling: Labelling, visit: (labels: readonly Label[]) => void) {
    this.intervals = intervals;
    this.labelling = labelling;
    this.visit = visit;
  }

  /** The operation `index`, after so many values. */
  label(index: number, values: number): void {
    const {intervals, labelling, list} = this;
    const one = intervals.list[index];
    if (!this.mayCome(values, intervals.list.length - index)) return;
    if (one === undefined) {
      if (labelling.which !== "needed" || !list.some((_, i) => isIdle(intervals, list, i))) this.visit(list);
      return;
    }
    const least = index > 0 && isSame(one, intervals.list[index - 1]) ? this.rank(index - 1) : 0;
    for (let value = 0; value <= values + 1; value++)
      for (const [place, label] of (labels[value] ?? []).entries()) {
        if (value * kinds.length + place < least || !this.fits(label, one)) continue;
        this.turn(label, 1);
        if (labelling.which !== "needed" || !this.isIdleAlready(index))
          this.label(index + 1, Math.max(values, value));
        this.turn(label, -1);
      }
  }

  /** Those that begin and end together stand in one order only. */
  private rank(index: number): number {
    const {kind, value} = this.list[index] as Label;
    return value * kinds.length + kinds.indexOf(kind);
  }

  private fits({kind, value}: Label, {to}: Interval): boolean {
    if (value === 0) return kind === "read";
    return kind !== "lost" || (this.labelling.lost && to === this.intervals.moments);
  }

  private turn({kind, value}: Label, by: 1 | -1): void {
    const counts = kind === "read" ? this.reads : kind === "write" ? this.writes : this.losts;
    counts[value] = (counts[value] ?? 0) + by;
    if (by === 1) this.list.push((labels[value] as readonly Label[])[kinds.indexOf(kind)] as Label);
    else this.list.pop();
  }

  /** Whether with so many operations more it can be one of those that are asked for. */
  private mayCome(values: number, left: number): boolean {
    if (this.labelling.which === "all") return true;
    let [unwritten, unread] = [0, 0];
    for (let value = 1; value <= values; value++) {
      if (this.writes[value] === 0 && this.losts[value] === 0) unwritten++;
      if (this.reads[value] !== 0) continue;
      unread++;
      if (left === 0 && this.losts[value] !== 0) return false;
    }
    return unwritten <= left && unread - 1 <= left;
  }

  /** Whether a read can be left out, whatever comes. */
  private isIdleAlready(last: number): boolean {
    const {intervals, list} = this;
    const of = list[last] as Label;
    for (let i = 0; i <= last; i++)
      if (list[i]?.kind === "read" && list[i]?.value === of.value && isIdle(intervals, list, i)) return true;
    return false;
  }
}

function isSame(a: Interval, b: Interval | undefined): boolean {
  return a.from === b?.from && a.to === b.to;
}

/**
 * Whether an operation can be left out, and the history has an order exactly if it had one:
 *
 *   a read of nothing before which none returned     it comes first
 *   a read while another of its value, or a write    it comes right beside it
 *     of it, began and ended
 *   a write of what nobody reads, during which       it comes right before it
 *     another began and ended, a write
 *   … after which none was asked                     it comes last
 *   … before which none returned, if none reads      it comes first
 *     nothing
 *
 * Of two that could each be left out for the other's sake, the first is kept.
 */
export function isIdle({list, moments}: Intervals, of: readonly Label[], index: number): boolean {
  const [own, label] = [list[index] as Interval, of[index] as Label];
  const isBeside = (isOne: (other: Label) => boolean): boolean =>
    of.some((other, i) => {
      const one = list[i] as Interval;
      if (i === index || !isOne(other) || one.from < own.from || one.to > own.to) return false;
      return !isSame(one, own) || !isAlike(other, label) || i < index;
    });
  if (label.kind === "read") {
    if (label.value === 0 && own.from === 1) return true;
    return isBeside(({kind, value}) => value === label.value && kind !== "lost");
  }
  if (label.kind === "lost" || of.some(({kind, value}) => kind === "read" && value === label.value))
    return false;
  if (own.to === moments) return true;
  if (own.from === 1 && !of.some(({kind, value}) => kind === "read" && value === 0)) return true;
  return isBeside(({kind}) => kind === "write");
}

function isAlike(a: Label, b: Label): boolean {
  return a.kind === b.kind && a.value === b.value;
}
