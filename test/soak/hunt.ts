// In how many seeds each mutant is caught, and by which claims.

import {Counters, features} from "./features.ts";
import type {Mutant} from "./mutants.ts";
import {playSchedule} from "./schedule.ts";

export interface Hunt {
  readonly name: string;
  readonly played: number;
  readonly caught: number;
  /** By what, most often first. */
  readonly by: readonly (readonly [what: string, seeds: number])[];
  readonly firstSeed: number | undefined;
}

/** Plays up to `seeds` schedules, and stops after `enough` were caught. */
export function hunt({name, rules = {}, plant}: Mutant, seeds: number, enough = seeds): Hunt {
  const by = new Map<string, number>();
  const counters = new Counters(features);
  const right = plant?.();
  let firstSeed: number | undefined;
  let caught = 0;
  let played = 0;
  try {
    while (played < seeds && caught < enough) {
      const seed = played++;
      try {
        playSchedule({seed, rules, features: counters});
      } catch (error) {
        // Anything counts: a part that is wrong may also make the soak's own storage complain.
        const what =
          (error instanceof Error ? error.message : "").replaceAll(/\d+/g, "#").split(":")[0] ?? "";
        by.set(what, (by.get(what) ?? 0) + 1);
        firstSeed ??= seed;
        caught++;
      }
    }
  } finally {
    right?.();
  }
  return {name, played, caught, firstSeed, by: [...by].toSorted((a, b) => b[1] - a[1])};
}
