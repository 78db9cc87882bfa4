// How what was counted is spread: how many trials a detection takes, how many events.

/** The middle number, and the one that 95 of 100 do not exceed. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
}

/** Fewer say little about how they are spread. */
export const enough = 40;

/** Undefined: too few. */
export function spreadOfCounts(counts: readonly number[]): Spread | undefined {
  if (counts.length < enough) return undefined;
  const sorted = counts.toSorted((a, b) => a - b);
  const at = (percent: number): number => sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? 0;
  return {p50: at(50), p95: at(95)};
}

/** Of the seeds, ascending from 0, in which something was found: how many trials it took from one to the next. */
export function spreadOfFound(found: readonly number[]): Spread | undefined {
  return spreadOfCounts(found.map((seed, i) => seed - (found[i - 1] ?? -1)));
}
