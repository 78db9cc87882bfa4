// The orders of events of a history: within each moment its calls in some order, then its returns in some order.

import type {Intervals} from "./intervals.ts";
import type {Label} from "./labels.ts";

/** By operation: when it was asked, and when it returned; as it were, the lines of a file. */
export interface Arrangement {
  readonly invoked: Int32Array;
  readonly returned: Int32Array;
}

/** What is put into an order: the calls, or the returns, of one moment. */
interface Row {
  readonly into: "invoked" | "returned";
  readonly ops: readonly number[];
}

/** All of them; or one, in which the rows are turned by `turn`. What never returns has a place among returns all the same. */
export function* arrangementsOf(intervals: Intervals): Generator<Arrangement> {
  yield* arranged(rowsOf(intervals), 0, emptyOf(intervals), 0);
}

export function arrangementOf(intervals: Intervals, turn: number): Arrangement {
  const arrangement = emptyOf(intervals);
  let at = 0;
  for (const {into, ops} of rowsOf(intervals))
    for (let i = 0; i < ops.length; i++) arrangement[into][ops[(i + turn) % ops.length] ?? 0] = ++at;
  return arrangement;
}

function emptyOf({list}: Intervals): Arrangement {
  return {invoked: new Int32Array(list.length), returned: new Int32Array(list.length)};
}

function rowsOf({moments, list}: Intervals): readonly Row[] {
  const opsWhere = (isIn: (index: number) => boolean): readonly number[] =>
    list.map((_, i) => i).filter((i) => isIn(i));
  return Array.from({length: moments}, (_, i) => i + 1).flatMap((moment) => [
    {into: "invoked", ops: opsWhere((i) => list[i]?.from === moment)},
    {into: "returned", ops: opsWhere((i) => list[i]?.to === moment)},
  ]);
}

function* arranged(
  rows: readonly Row[],
  row: number,
  arrangement: Arrangement,
  at: number,
): Generator<Arrangement> {
  const one = rows[row];
  if (one === undefined) {
    yield arrangement;
    return;
  }
  for (const ops of permutationsOf(one.ops)) {
    for (const [i, op] of ops.entries()) arrangement[one.into][op] = at + i + 1;
    yield* arranged(rows, row + 1, arrangement, at + ops.length);
  }
}

function permutationsOf(list: readonly number[]): readonly (readonly number[])[] {
  if (list.length <= 1) return [list];
  return list.flatMap((one, i) => permutationsOf(list.toSpliced(i, 1)).map((rest) => [one, ...rest]));
}

/**
 * Whether no other arrangement is the same history: operations that begin and end together and did the same can be exchanged, and
 * where what never returns stands among the returns says nothing.
 */
export function isFirst(
  {list}: Intervals,
  labels: readonly Label[],
  {invoked, returned}: Arrangement,
): boolean {
  let last = 0;
  for (let i = 0; i < list.length; i++) {
    const [a, b] = [list[i - 1], list[i]];
    const isAlike = a?.from === b?.from && a?.to === b?.to && labels[i] === labels[i - 1];
    if (isAlike && (invoked[i - 1] ?? 0) > (invoked[i] ?? 0)) return false;
    if (labels[i]?.kind !== "lost") continue;
    // Behind all others, and in the order of the list.
    if ((returned[i] ?? 0) < last) return false;
    last = returned[i] ?? 0;
    if (labels.some(({kind}, j) => kind !== "lost" && (returned[j] ?? 0) > last)) return false;
  }
  return true;
}
