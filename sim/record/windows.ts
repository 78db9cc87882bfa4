// Why a history cannot be explained, in few operations: the longest prefix that can be, and the shortest window that ends where
// it ends, and that no order explains whatever was there when it began.
//
//   time ──▶            a                                       b: the first return that is not explained
//        longest prefix │── what returned must find a place ──▶│
//        what began before a may have been done before: it need not

import {search} from "../check/search.ts";
import type {Found} from "../check/search.ts";
import type {Call} from "./call.ts";
import type {ObjectOp, Recorded} from "./object.ts";

export interface Explanation {
  /** The call whose return ends the longest prefix. */
  readonly blocked: Call;
  /** An order of the prefix: of everything that had returned, and perhaps some that had not. */
  readonly order: readonly Call[];
  /** The line at which the window begins; undefined: it is all there is from the beginning. */
  readonly from: number | undefined;
  /** What is in the window; of what changes nothing, only what is needed. */
  readonly window: readonly Call[];
}

/** Model steps for a prefix: one that is not settled by then does not count, and what is shown is shorter. */
const prefixSteps = 1_000_000;
/** For one start of a window: what is not settled by then counts as explained, and the window is longer. */
const windowSteps = 5000;
/** States in which a window may begin, at most. */
const startsMax = 64;
/** Operations of which each is left out once, to see whether it is needed. */
const sparedMax = 48;

type Violated<Op> = Extract<Found<Op>, {kind: "violated"}>;

export function explain<State, Op extends ObjectOp>(
  recorded: Recorded<State, Op>,
  found: Violated<Op>,
): Explanation {
  const {ops, model} = recorded;
  const blocked = firstUnexplained(recorded, found.blocked);
  const end = blocked.returned ?? Infinity;
  const prefix = search(model, windowOf(ops, 0, end - 1), Math.max(prefixSteps, found.steps));
  const from = latest(timesUpTo(ops, end), (at) => isUnexplained(recorded, windowOf(ops, at, end)));
  // From the beginning it is known what was there.
  const judged = from === undefined ? {...recorded, starts: () => [model.initial]} : recorded;
  const window = needed(windowOf(ops, from ?? 0, end), (some) => isUnexplained(judged, some));
  const order = prefix.kind === "held" ? callsOf(prefix.order) : [];
  return {blocked: blocked.call, order, from, window: callsOf(window)};
}

function callsOf(ops: readonly ObjectOp[]): readonly Call[] {
  return ops.map(({call}) => call);
}

/** A search that looks ahead stops before it must: then prefixes are tried, by halving. */
function firstUnexplained<State, Op extends ObjectOp>({model, ops}: Recorded<State, Op>, blocked: Op): Op {
  if (model.forecloses === undefined) return blocked;
  const returned = ops.filter((op) => op.returned !== undefined).sort((a, b) => endOf(a) - endOf(b));
  let [known, not] = [returned.indexOf(blocked), returned.length];
  while (not - known > 1) {
    const middle = (known + not) >> 1;
    const found = search(model, windowOf(ops, 0, endOf(returned[middle] as Op) - 1), prefixSteps);
    if (found.kind === "held") known = middle;
    else not = middle;
  }
  return returned[known] as Op;
}

function endOf({returned = Infinity}: ObjectOp): number {
  return returned;
}

function timesUpTo(ops: readonly ObjectOp[], end: number): readonly number[] {
  const times = ops
    .flatMap(({invoked, returned}) => [invoked, returned ?? Infinity])
    .filter((at) => at <= end);
  return times.sort((a, b) => a - b);
}

/** The latest time from which on `isShort`, which is so of earlier ones too; undefined: of none. */
function latest(times: readonly number[], isShort: (from: number) => boolean): number | undefined {
  const at = (back: number): number => times[times.length - back] ?? 0;
  let [explained, not] = [0, 1];
  while (!isShort(at(not))) {
    if (not === times.length) return undefined;
    [explained, not] = [not, Math.min(2 * not, times.length)];
  }
  while (not - explained > 1) {
    const middle = (explained + not) >> 1;
    if (isShort(at(middle))) not = middle;
    else explained = middle;
  }
  return at(not);
}

/** What happened from `from` to `end`. What began earlier, or ends later, may have happened elsewhere, or not at all. */
function windowOf<Op extends ObjectOp>(ops: readonly Op[], from: number, end: number): readonly Op[] {
  return ops.flatMap((op) => {
    const {invoked, returned = Infinity, pure} = op;
    if (invoked > end || returned < from) return [];
    if (invoked >= from && returned <= end) return [op];
    return pure === true ? [] : [{...op, returned: undefined}];
  });
}

function isUnexplained<State, Op extends ObjectOp>(
  {model, starts}: Recorded<State, Op>,
  ops: readonly Op[],
): boolean {
  const states = starts(ops, startsMax);
  if (states.length > startsMax) return false;
  return states.every((initial) => search({...model, initial}, ops, windowSteps).kind === "violated");
}

/** Without what changes nothing and is not needed: no order of the rest explains it either. */
function needed<Op extends ObjectOp>(
  ops: readonly Op[],
  isStill: (some: readonly Op[]) => boolean,
): readonly Op[] {
  let left = ops;
  for (const op of ops.filter(({pure}) => pure === true).slice(-sparedMax)) {
    const some = left.filter((other) => other !== op);
    if (isStill(some)) left = some;
  }
  return left;
}
