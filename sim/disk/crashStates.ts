// Every state that a crash may leave, as far as one thing that goes wrong reaches: for exhaustive tests of what recovers.
// After ALICE (Pillai et al., OSDI 2014): of the operations that were not synced, in the order in which they were asked
// for, every prefix; all but one; of a torn write all but one of its parts, with what came behind it and without. Each of
// these with every prefix of the changes of names.

import type {Disk} from "./disk.ts";
import {partsOf} from "./survival.ts";
import type {Kept, Unsynced} from "./survival.ts";

/** What is kept, by the operation's order; absent: all of it. */
type Choice = ReadonlyMap<number, Kept>;

/** The disks that a crash now may leave, each one independent; the same order every time. The disk itself stays. */
export function* crashStates(disk: Disk): Generator<Disk> {
  for (const choice of choices(disk.unsynced())) {
    for (let names = 0; names <= disk.unsyncedNames; names++) {
      yield disk.crashed({of: (_file, {order}) => choice.get(order) ?? "all", names: () => names});
    }
  }
}

/** How many there are. */
export function countCrashStates(disk: Disk): number {
  return choices(disk.unsynced()).length * (disk.unsyncedNames + 1);
}

function choices(operations: readonly Unsynced[]): readonly Choice[] {
  const without = (from: number): [number, Kept][] =>
    operations.slice(from).map(({order}) => [order, "none"]);
  const found: Choice[] = [];
  for (let length = 0; length <= operations.length; length++) found.push(new Map(without(length)));
  for (const [at, one] of operations.entries()) {
    const isLast = at === operations.length - 1;
    // Without the last is a prefix already.
    if (!isLast) found.push(new Map([[one.order, "none"]]));
    const parts = partsOf(one);
    if (parts < 2) continue;
    for (let lost = 0; lost < parts; lost++) {
      const torn = Array.from({length: parts}, (_, part) => part !== lost);
      found.push(new Map([[one.order, torn]]));
      if (!isLast) found.push(new Map([...without(at + 1), [one.order, torn]]));
    }
  }
  return found;
}
