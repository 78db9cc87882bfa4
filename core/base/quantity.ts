// The numbers that all of core speaks of. All are safe integers; quantities from a wire saturate at ±(2^53−1).

/** Microseconds. In a machine's inputs: that member's own monotonic clock. */
export type Micros = number;

export const second: Micros = 1_000_000;

/** A member of the cluster, 1..n; 0 is none. Written `n1` for people. */
export type MemberId = number;

/** No member: an unknown leader, a vote not yet given. */
export const noMember: MemberId = 0;

/** The main part of a store revision. A fresh store is at 1, its first write at 2. */
export type Revision = number;

/** An int64 as 16 lower-case hex digits; "" is none. Clients choose them over the whole range. */
export type LeaseId = string;

/** Largest and smallest integer that a number holds exactly. */
export const integerMax = Number.MAX_SAFE_INTEGER;

/** The sooner of two deadlines, where there are any. */
export function sooner(a: Micros | undefined, b: Micros | undefined): Micros | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

/** The least of the deadlines that there are. It makes a list: what is asked after every event asks {@link sooner}. */
export function earliest(...deadlines: readonly (Micros | undefined)[]): Micros | undefined {
  let least: Micros | undefined;
  for (const deadline of deadlines) {
    if (deadline !== undefined && (least === undefined || deadline < least)) least = deadline;
  }
  return least;
}
