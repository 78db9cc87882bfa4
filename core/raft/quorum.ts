// What a quorum of voters has reached, or decided. A joint configuration will ask both of its halves and take the
// smaller answer; each half is then what is here. etcd: quorum/majority.go.

import type {MemberId} from "../base/quantity.ts";

/** Voters, and how many of them make a quorum. */
export interface Quorum {
  readonly voters: readonly MemberId[];
  readonly needed: number;
}

/** The largest value that at least `needed` voters have reached, where `reachedBy` tells what one has. */
export function reachedByQuorum({voters, needed}: Quorum, reachedBy: (voter: MemberId) => number): number {
  const descending: number[] = [];
  for (const voter of voters) {
    const reached = reachedBy(voter);
    let at = descending.length;
    while (at > 0 && (descending[at - 1] ?? 0) < reached) {
      descending[at] = descending[at - 1] ?? 0;
      at--;
    }
    descending[at] = reached;
  }
  return descending[needed - 1] ?? 0;
}

/** `won` once enough voters granted, `lost` once too few of the others are left. */
export function voteResult(
  {voters, needed}: Quorum,
  votes: ReadonlyMap<MemberId, boolean>,
): "won" | "lost" | "pending" {
  let granted = 0;
  let missing = 0;
  for (const voter of voters) {
    const vote = votes.get(voter);
    if (vote === undefined) missing++;
    else if (vote) granted++;
  }
  if (granted >= needed) return "won";
  return granted + missing >= needed ? "pending" : "lost";
}
