// The definition itself, by trying every order: of the transactions that were done, and of any of those of unknown outcome,
// each done at once. Knows nothing of edges.

import type {Transaction} from "../../../sim/anomaly/transaction.ts";

type Lists = ReadonlyMap<string, readonly string[]>;

/** The lists after it; undefined: it did not read what is there. */
function after(lists: Lists, {micros}: Transaction): Lists | undefined {
  const next = new Map(lists);
  for (const micro of micros) {
    const there = next.get(micro.key) ?? [];
    if (micro.kind === "append") next.set(micro.key, [...there, micro.element]);
    else if (there.join() !== micro.list.join()) return undefined;
  }
  return next;
}

/** Whether some order explains what all read. `inTime`: who was over when another was asked for must come before it. */
export function isExplained(
  transactions: readonly Transaction[],
  inTime: (before: Transaction, then: Transaction) => boolean,
  lists: Lists = new Map(),
): boolean {
  const left = transactions.filter(({outcome}) => outcome !== "aborted");
  if (left.every(({outcome}) => outcome === "unknown")) return true;
  return left.some((one, i) => {
    const others = left.toSpliced(i, 1);
    if (others.some((other) => inTime(other, one) && other.outcome === "done")) return false;
    const next = after(lists, one);
    // Of unknown outcome: those that had to come before it and did not now never do.
    const still = others.filter((other) => !inTime(other, one));
    return next !== undefined && isExplained(still, inTime, next);
  });
}

export const anyTime = (): boolean => false;

export function realTime(before: Transaction, then: Transaction): boolean {
  return (before.returned ?? Infinity) < then.invoked;
}
