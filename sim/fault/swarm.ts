// Swarm testing (Groce et al., ISSTA 2012): what every run has keeps some bugs from ever being seen, so each plan has some
// kinds only, in a mixture of its own. As TigerBeetle's random_enum_weights: a subset of any size, each of it with a
// weight from 1 to 100.
//
//   share 37   cut 12 ──▶ enabled, weight 80      split 90 ──▶ not      loss 36 ──▶ enabled, weight 3
//
// Every kind draws by itself, so a kind more changes neither whether another is enabled nor its weight.

import type {Luck} from "./luck.ts";

/** From 1 to 100, of those that are enabled. */
export type Weights<K> = ReadonlyMap<K, number>;

/** Some of the kinds, at least one if there is any. `always`: those of them that every plan has. */
export function swarm<K extends string>(luck: Luck, kinds: readonly K[], always: readonly K[]): Weights<K> {
  const share = 1 + luck.below("swarm", 100);
  const ranked = [...new Set(kinds)].map((kind) => ({
    kind,
    rank: always.includes(kind) ? -1 : luck.below(`swarm/${kind}`, 100),
  }));
  const least = Math.min(...ranked.map(({rank}) => rank));
  return weighted(
    luck,
    ranked.filter(({rank}) => rank < share || rank === least).map(({kind}) => kind),
  );
}

/** All of the kinds. */
export function weighted<K extends string>(luck: Luck, kinds: readonly K[]): Weights<K> {
  return new Map([...new Set(kinds)].map((kind) => [kind, 1 + luck.below(`weight/${kind}`, 100)]));
}
