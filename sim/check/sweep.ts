// The direct sweep: where the order of all changes is known, nothing need be searched for. States and changes have places, a
// state's is even, that of the change behind it odd:
//
//   place            0        1        2        3        4
//                    S0 ──── x=1 ──── S1 ──── x=2 ──── S2
//
//   time ──▶   |─ put x 1 ─|                                        1
//                   |─ get x: nothing ─|                            0, and may be: they overlap
//                                 |─ put x 2 ─|                     3
//                                                |─ get x: 1 ─|     2: less than 3, which had returned. These two no order explains
//
// Each operation has the least place at which its answer is right and that is not before one that had returned when it was
// asked. Where all have one, to go by place is an order that explains everything; where one has none, there is no order
// (README.md, "The direct sweep").

import {sameAnswer} from "./answers.ts";
import type {Judged} from "./judged.ts";
import {kvStep} from "./kvModel.ts";
import {stateBreach} from "./line.ts";
import type {Breach, Line} from "./line.ts";
import {roles} from "./table.ts";
import type {Table} from "./table.ts";

export type Swept =
  | {readonly kind: "held"; readonly steps: number}
  | {readonly kind: "violated"; readonly steps: number; readonly breach: Breach}
  /** What is known of the changes does not decide it. */
  | {readonly kind: "open"; readonly steps: number};

/** In O(n log n), but for refusals, which look for a state that gives them. */
export function sweep(table: Table, line: Line): Swept {
  return new Sweep(table, line).run();
}

class Sweep {
  private readonly table: Table;
  private readonly line: Line;
  private steps: number;
  /** What is known did not decide about every operation. */
  private isOpen = false;
  /** By operation: the place of the change that it made; −1: none is known. */
  private readonly changes: Int32Array;
  /** When operations returned, ascending; and the greatest place of those of that moment, with its operation. */
  private readonly returns: Float64Array;
  private readonly places: Float64Array;
  private readonly placed: Int32Array;
  /** The next of these; before it, the greatest place, and the operation that had it first. */
  private next = 0;
  private least = 0;
  private leastOf = -1;

  constructor(table: Table, line: Line) {
    const count = table.ops.length;
    this.table = table;
    this.line = line;
    this.steps = line.steps;
    this.changes = new Int32Array(count).fill(-1);
    for (let i = 1; i < line.makers.length; i++) {
      const maker = line.makers[i] ?? -1;
      if (maker >= 0) this.changes[maker] = 2 * i - 1;
    }
    this.returns = table.returned.slice().sort();
    this.places = new Float64Array(count).fill(-1);
    this.placed = new Int32Array(count);
  }

  run(): Swept {
    const {table, line} = this;
    for (let i = 0; i < table.ops.length; i++) {
      this.comeTo(table.invoked[i] ?? 0);
      const place = this.placeOf(i);
      if (typeof place !== "number") return {kind: "violated", steps: this.steps, breach: place};
      this.note(i, place);
    }
    const breach = line.isWhole ? this.gap() : undefined;
    if (breach !== undefined) return {kind: "violated", steps: this.steps, breach};
    return {kind: this.isOpen || !line.isWhole ? "open" : "held", steps: this.steps};
  }

  /** Takes in all that had returned before `time`. */
  private comeTo(time: number): void {
    for (; (this.returns[this.next] ?? Infinity) < time; this.next++) {
      const place = this.places[this.next] ?? 0;
      if (place <= this.least) continue;
      this.least = place;
      this.leastOf = this.placed[this.next] ?? 0;
    }
  }

  private note(index: number, place: number): void {
    const rank = rankIn(this.returns, this.table.returned[index] ?? Infinity);
    if (place <= (this.places[rank] ?? 0)) return;
    this.places[rank] = place;
    this.placed[rank] = index;
  }

  private placeOf(index: number): number | Breach {
    const {table, line} = this;
    const change = this.changes[index] ?? -1;
    if (change >= 0) return change < this.least ? this.tooLate(index) : change;
    const role = table.roles[index];
    // It did nothing.
    if (role === roles.lost) return this.least;
    if (role === roles.refusal && line.isWhole) return this.firstRight(index, 0, line.makers.length - 1);
    if (role === roles.change || role === roles.view || role === roles.past)
      return this.stateOf(index, table.revisions[index] ?? 0);
    this.isOpen = true;
    return this.least;
  }

  /** The place of an operation that saw, or made, a revision. */
  private stateOf(index: number, revision: number): number | Breach {
    const {firsts, makers, revision: last} = this.line;
    if (revision > last) return this.beyond(index, revision);
    const from = firsts[revision];
    if (from === undefined)
      return {why: "state", witness: [this.table.ops[index] as Judged], steps: this.steps};
    const to = (firsts[revision + 1] ?? makers.length) - 1;
    if (this.table.roles[index] === roles.past) return this.firstRight(index, from, to);
    return 2 * to < this.least ? this.tooLate(index) : Math.max(2 * from, this.least + (this.least & 1));
  }

  /** What is known does not reach there: a state for each revision. */
  private beyond(index: number, revision: number): number | Breach {
    this.isOpen = true;
    const {makers, revision: last} = this.line;
    const isChange = this.table.roles[index] === roles.change;
    const place = 2 * (makers.length - 1 + revision - last) - Number(isChange);
    return place < this.least ? this.tooLate(index) : place;
  }

  /** The place of the first of these states that gives the answer, not before what had returned. */
  private firstRight(index: number, from: number, to: number): number | Breach {
    const op = this.table.ops[index] as Judged;
    const start = Math.max(from, (this.least + 1) >> 1);
    for (let i = start; i <= to; i++) if (this.isRight(op, i)) return 2 * i;
    for (let i = from; i < Math.min(start, to + 1); i++) if (this.isRight(op, i)) return this.tooLate(index);
    return stateBreach(op, this.table, {...this.line, steps: this.steps}, to);
  }

  private isRight({request, answer}: Judged, state: number): boolean {
    const at = this.line.states?.[state];
    this.steps++;
    return at !== undefined && answer !== undefined && sameAnswer(answer, kvStep(at, request).answer);
  }

  private tooLate(index: number): Breach {
    const op = this.table.ops[index] as Judged;
    const other = this.table.at(this.leastOf);
    return {why: "time", witness: other === undefined ? [op] : [other, op], steps: this.steps};
  }

  /** The first that speaks of a revision which nobody made; and the last that speaks of what was known, a change if there is one. */
  private gap(): Breach | undefined {
    const {table, line, steps} = this;
    let [first, least] = [-1, Infinity];
    let [last, most] = [line.makers.at(-1) ?? -1, line.makers.length > 1 ? line.revision : 0];
    for (let i = 0; i < table.ops.length; i++) {
      const revision = table.revisions[i] ?? 0;
      if (revision > line.revision && revision < least) [first, least] = [i, revision];
      if (revision <= line.revision && revision > most) [last, most] = [i, revision];
    }
    const [op, other] = [table.at(first), table.at(last)];
    return op && {why: "gap", witness: other === undefined ? [op] : [other, op], steps};
  }
}

/** Where `value`, which is among them, first stands. */
function rankIn(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
