import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {integerMax} from "../../../core/base/quantity.ts";
import type {MemberId} from "../../../core/base/quantity.ts";
import {emptyConfState} from "../../../core/raft/confState.ts";
import {quorumOf, reachedByQuorum, voteResult} from "../../../core/raft/quorum.ts";
import {raftRules} from "../../../core/raft/rules.ts";

const members = [1, 2, 3, 4, 5, 6, 7, 8, 9];

interface Halves {
  readonly voters: readonly MemberId[];
  readonly votersOutgoing: readonly MemberId[];
}

const majority: fc.Arbitrary<Halves> = fc
  .subarray(members, {minLength: 1})
  .map((voters) => ({voters, votersOutgoing: []}));
const joint: fc.Arbitrary<Halves> = fc.record({
  voters: fc.subarray(members),
  votersOutgoing: fc.subarray(members),
});
const halves = fc.oneof(majority, joint);

function quorum(conf: Halves) {
  return quorumOf({...emptyConfState, ...conf}, raftRules);
}

/** The definition itself: more than half of each half that has voters. */
function decides({voters, votersOutgoing}: Halves, agrees: (voter: MemberId) => boolean): boolean {
  return [voters, votersOutgoing].every(
    (half) => half.length === 0 || half.filter(agrees).length * 2 > half.length,
  );
}

/** Tries every value that somebody has reached. */
function slowlyReached(conf: Halves, at: (voter: MemberId) => number): number {
  if (conf.voters.length + conf.votersOutgoing.length === 0) return integerMax;
  const values = members.map(at);
  return Math.max(...values.filter((value) => decides(conf, (voter) => at(voter) >= value)));
}

function perMember<T>(one: fc.Arbitrary<T>): fc.Arbitrary<(voter: MemberId) => T> {
  return fc
    .array(one, {minLength: members.length, maxLength: members.length})
    .map((list) => (voter) => list[voter - 1] as T);
}

describe("quorum", () => {
  it("is a majority", () => {
    const sizes = members.map((size) => raftRules.quorumSize(size));
    expect(sizes).toEqual([1, 2, 2, 3, 3, 4, 4, 5, 5]);
  });

  it("has reached the largest value that a majority of each half has reached", () => {
    fc.assert(
      fc.property(halves, perMember(fc.nat({max: 12})), (conf, at) => {
        expect(reachedByQuorum(quorum(conf), at)).toBe(slowlyReached(conf, at));
      }),
      {numRuns: 2000},
    );
  });

  it("elects when a majority of each half granted, and refuses when one half cannot any more", () => {
    fc.assert(
      fc.property(halves, perMember(fc.constantFrom(true, false, undefined)), (conf, voteOf) => {
        const won = decides(conf, (voter) => voteOf(voter) === true);
        const open = decides(conf, (voter) => voteOf(voter) !== false);
        expect(voteResult(quorum(conf), voteOf)).toBe(won ? "won" : open ? "pending" : "lost");
      }),
      {numRuns: 2000},
    );
  });

  it("is the same whichever half is the incoming one", () => {
    fc.assert(
      fc.property(joint, perMember(fc.nat({max: 12})), ({voters, votersOutgoing}, at) => {
        const swapped = {voters: votersOutgoing, votersOutgoing: voters};
        const there = reachedByQuorum(quorum({voters, votersOutgoing}), at);
        expect(reachedByQuorum(quorum(swapped), at)).toBe(there);
      }),
      {numRuns: 300},
    );
  });

  it("of a joint configuration meets every quorum of either half, and every other of its own", () => {
    const set = fc.subarray(members);
    fc.assert(
      fc.property(joint, set, set, ({voters, votersOutgoing}, one, other) => {
        const both = {voters, votersOutgoing};
        const old = {voters: votersOutgoing, votersOutgoing: []};
        fc.pre(votersOutgoing.length > 0);
        const wins = (conf: Halves, who: readonly MemberId[]) =>
          voteResult(quorum(conf), (voter) => who.includes(voter)) === "won";
        fc.pre(wins(both, one) && wins(old, other));
        expect(one.some((member) => other.includes(member))).toBe(true);
      }),
      {numRuns: 300},
    );
  });

  it("of no voters has reached everything and granted every vote", () => {
    const empty = quorum({voters: [], votersOutgoing: []});
    expect(reachedByQuorum(empty, () => 3)).toBe(integerMax);
    expect(voteResult(empty, () => false)).toBe("won");
  });

  it("counts a voter that nothing is known of as one that reached nothing and has not voted", () => {
    const three = quorum({voters: [1, 2, 3], votersOutgoing: []});
    expect(reachedByQuorum(three, (voter) => (voter === 1 ? 5 : 0))).toBe(0);
    expect(voteResult(three, (voter) => (voter === 1 ? true : undefined))).toBe("pending");
  });

  it("has as many voters as the rule says", () => {
    const all = quorumOf(
      {...emptyConfState, voters: [1, 2, 3]},
      {...raftRules, quorumSize: (voters) => voters},
    );
    expect(reachedByQuorum(all, (voter) => voter)).toBe(1);
    expect(voteResult(all, (voter) => voter < 3)).toBe("lost");
  });
});
