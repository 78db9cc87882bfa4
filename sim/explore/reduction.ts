// Sleep sets (Godefroid, Partial-Order Methods, LNCS 1032, chapter 5), kept with the states as for any search that
// remembers states. Where two actions are independent, both orders lead to the same state, so one order is enough:
//
//        s ──a──▶ ·          a was explored first. When b is, a falls asleep behind it, since a then b was seen
//        │        │          already: that arrow is not taken. Whoever comes to that state awake does take it.
//        b        b
//        ▼        ▼          Every state is met still; what is cut are ways to them.
//        · ┄┄a┄┄▶ ·
//
// A set is a mask over a state's actions. Actions beyond the 31st never sleep, which costs time and nothing else.

/** How many actions of a state can sleep. */
export const sleepMax = 31;

/** The mask of those of `asleep` that are among a state's actions. */
export function maskOf<A>(asleep: readonly A[], actions: readonly A[]): number {
  let mask = 0;
  for (const action of asleep) {
    const place = actions.indexOf(action);
    if (place >= 0 && place < sleepMax) mask |= 1 << place;
  }
  return mask;
}

export function sleeps(mask: number, place: number): boolean {
  return place < sleepMax && (mask & (1 << place)) !== 0;
}

/** With one more asleep. */
export function withAsleep(mask: number, place: number): number {
  return place < sleepMax ? mask | (1 << place) : mask;
}

/** The sleepers that stay so behind the action at `taken`. */
export function stillAsleep<A>(
  mask: number,
  actions: readonly A[],
  isIndependent: (sleeper: A) => boolean,
): readonly A[] {
  if (mask === 0) return [];
  const still: A[] = [];
  for (let place = 0; place < Math.min(actions.length, sleepMax); place++) {
    const sleeper = actions[place];
    if (sleeper !== undefined && sleeps(mask, place) && isIndependent(sleeper)) still.push(sleeper);
  }
  return still;
}

export function countOf(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
