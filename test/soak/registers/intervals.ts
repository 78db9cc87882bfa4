// When the operations of a history began and ended, as far as it matters to whether they have an order: which returned before which
// was asked. Every history is a row of moments; in each some are asked, at least one, and then some return, at least one:
//
//   events    call a · call b · return b │ call c · return a │ call d · return d · return c
//   moment               1               │         2         │              3
//   a 1–2   b 1–1   c 2–3   d 3–3
//
// Which returned before which is the same in two histories exactly if these are (Fishburn 1970: interval orders; theirs is the shortest
// row). Within a moment calls and returns may come in any order: each order of events is one of these arrangements.

/** From 1. A call that never returns is at its end at the last moment: nothing was asked after it either. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export interface Intervals {
  readonly moments: number;
  /** By beginning, then by end. */
  readonly list: readonly Interval[];
}

/** Each way for so many operations to begin and end once, at most `width` of them at one moment. */
export function* intervalsOf(count: number, width: number): Generator<Intervals> {
  for (let moments = 1; moments <= count; moments++) yield* new Filling(width, moments).all(0, count);
}

class Filling {
  private readonly width: number;
  private readonly moments: number;
  private readonly cells: readonly Interval[];
  private readonly list: Interval[] = [];
  /** By moment: operations under way, and how many begin and end there. */
  private readonly under: Int32Array;
  private readonly begun: Int32Array;
  private readonly ended: Int32Array;

  constructor(width: number, moments: number) {
    this.width = width;
    this.moments = moments;
    const all = Array.from({length: moments}, (_, i) => i + 1);
    this.cells = all.flatMap((from) => all.flatMap((to) => (to < from ? [] : [{from, to}])));
    this.under = new Int32Array(moments + 1);
    this.begun = new Int32Array(moments + 1);
    this.ended = new Int32Array(moments + 1);
  }

  /** From this cell on, so many operations are left. */
  *all(cell: number, left: number): Generator<Intervals> {
    const one = this.cells[cell];
    if (one === undefined) {
      if (left === 0 && this.ended.every((count, moment) => moment === 0 || count > 0))
        yield {moments: this.moments, list: this.list.slice()};
      return;
    }
    for (let count = 0; ; count++) {
      if (one.to < this.moments || (this.begun[one.from] ?? 0) > 0) yield* this.all(cell + 1, left - count);
      if (count === left || !this.fits(one)) {
        for (; count > 0; count--) this.turn(one, -1);
        return;
      }
      this.turn(one, 1);
    }
  }

  private fits({from, to}: Interval): boolean {
    for (let moment = from; moment <= to; moment++) if ((this.under[moment] ?? 0) >= this.width) return false;
    return true;
  }

  private turn(one: Interval, by: 1 | -1): void {
    for (let moment = one.from; moment <= one.to; moment++)
      this.under[moment] = (this.under[moment] ?? 0) + by;
    this.begun[one.from] = (this.begun[one.from] ?? 0) + by;
    this.ended[one.to] = (this.ended[one.to] ?? 0) + by;
    if (by === 1) this.list.push(one);
    else this.list.pop();
  }
}
