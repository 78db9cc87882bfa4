// What a history is about, as the search takes it: a model, and the calls as its operations.

import type {Model, Timed} from "../check/search.ts";
import type {Call} from "./call.ts";

export interface ObjectOp extends Timed {
  readonly call: Call;
}

export interface Recorded<State, Op extends ObjectOp> {
  readonly model: Model<State, Op>;
  readonly ops: readonly Op[];
  /** Every state that these operations tell from others, each once: where a window may begin. Where there are more, `most` + 1. */
  readonly starts: (ops: readonly Op[], most: number) => readonly State[];
}

/** Numbers for texts, from 0, in the order in which they are first asked for. */
export class Numbering {
  private readonly numbers = new Map<string, number>();

  get size(): number {
    return this.numbers.size;
  }

  of(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.numbers.size);
    return this.numbers.size - 1;
  }
}
