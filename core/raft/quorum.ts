// What a quorum has reached, or decided. A majority of the voters; in a joint configuration, of each half (§6).
//
// An empty half agrees with everything: it has reached every index, and it has granted every vote. So a configuration
// that is not joint is one whose outgoing half is empty. etcd: quorum/.

import {integerMax} from "../base/quantity.ts";
import type {MemberId} from "../base/quantity.ts";
import type {ConfState} from "./confState.ts";
import type {RaftRules} from "./rules.ts";

/** Voters, and how many of them decide. */
export interface Majority {
  readonly voters: readonly MemberId[];
  readonly needed: number;
}

/** Both must agree. */
export interface Quorum {
  readonly incoming: Majority;
  readonly outgoing: Majority;
}

export type VoteResult = "won" | "lost" | "pending";

/** How many of `count` are a majority. */
export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

export function quorumOf(conf: ConfState, rules: Pick<RaftRules, "quorumSize" | "deciders">): Quorum {
  const half = (voters: readonly MemberId[]): Majority => ({
    voters: rules.deciders(voters, conf.learners),
    needed: voters.length === 0 ? 0 : rules.quorumSize(voters.length),
  });
  return {incoming: half(conf.voters), outgoing: half(conf.votersOutgoing)};
}

/** The largest value that a quorum has reached, where `reachedBy` tells what one voter has; integerMax without voters. */
export function reachedByQuorum(
  {incoming, outgoing}: Quorum,
  reachedBy: (voter: MemberId) => number,
): number {
  const reached = reachedByMajority(incoming, reachedBy);
  return outgoing.needed === 0 ? reached : Math.min(reached, reachedByMajority(outgoing, reachedBy));
}

export function voteResult(
  {incoming, outgoing}: Quorum,
  voteOf: (voter: MemberId) => boolean | undefined,
): VoteResult {
  const one = majorityResult(incoming, voteOf);
  const other = majorityResult(outgoing, voteOf);
  if (one === other) return one;
  return one === "lost" || other === "lost" ? "lost" : "pending";
}

/**
 * The needed-th largest of what the voters have reached:
 *
 *   match   n1 5 · n2 9 · n3 7 · n4 7 · n5 2      descending 9 7 7 5 2, needed 3 → 7
 */
function reachedByMajority({voters, needed}: Majority, reachedBy: (voter: MemberId) => number): number {
  if (needed === 0) return integerMax;
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
function majorityResult(
  {voters, needed}: Majority,
  voteOf: (voter: MemberId) => boolean | undefined,
): VoteResult {
  let granted = 0;
  let missing = 0;
  for (const voter of voters) {
    const vote = voteOf(voter);
    if (vote === undefined) missing++;
    else if (vote) granted++;
  }
  if (granted >= needed) return "won";
  return granted + missing >= needed ? "pending" : "lost";
}
