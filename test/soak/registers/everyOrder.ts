// The definition itself, on numbers: whether some order of a small history is right. All that returned must have a place, what did not
// may; each comes after all that had returned when it was asked. Nothing is remembered, nothing left out.

import type {Intervals} from "./intervals.ts";
import type {Label} from "./labels.ts";

export class EveryOrder {
  /** By operation: those that had returned when it was asked, as bits. */
  private readonly before: readonly number[];
  /** Those that must come. */
  private due = 0;
  private labels: readonly Label[] = [];

  constructor({list}: Intervals) {
    this.before = list.map(({from}) =>
      list.reduce((bits, {to}, i) => (to < from ? bits | (1 << i) : bits), 0),
    );
  }

  isRight(labels: readonly Label[]): boolean {
    this.labels = labels;
    this.due = 0;
    for (const [i, {kind}] of labels.entries()) if (kind !== "lost") this.due |= 1 << i;
    return this.goesOn(0, 0);
  }

  /** With what has a place, and the value that is there then. */
  private goesOn(placed: number, value: number): boolean {
    if ((this.due & ~placed) === 0) return true;
    for (let i = 0; i < this.labels.length; i++) {
      const missing = (this.before[i] ?? 0) & this.due & ~placed;
      if (((placed >> i) & 1) === 1 || missing !== 0) continue;
      const label = this.labels[i] as Label;
      if (label.kind === "read" && label.value !== value) continue;
      if (this.goesOn(placed | (1 << i), label.kind === "read" ? value : label.value)) return true;
    }
    return false;
  }
}
