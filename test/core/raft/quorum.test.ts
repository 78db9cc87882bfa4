import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {reachedByQuorum, voteResult} from "../../../core/raft/quorum.ts";
import {raftRules} from "../../../core/raft/rules.ts";

const cluster = (size: number) => {
  const voters = Array.from({length: size}, (_, i) => i + 1);
  return {voters, needed: raftRules.quorumSize(size)};
};

/** All sets of voters that make a quorum, by trying all sets. */
function quorums(size: number): readonly (readonly number[])[] {
  const sets = Array.from({length: 1 << size}, (_, mask) =>
    cluster(size).voters.filter((_, i) => (mask >> i) & 1),
  );
  return sets.filter((set) => 2 * set.length > size);
}

describe("quorum", () => {
  it("is a majority", () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((size) => raftRules.quorumSize(size))).toEqual([1, 2, 2, 3, 3, 4, 4]);
  });

  it("has reached what the least of some majority has reached, and no more", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({max: 9}), {minLength: 1, maxLength: 7}), (reached) => {
        const at = (voter: number) => reached[voter - 1] ?? -1;
        const slow = Math.max(...quorums(reached.length).map((set) => Math.min(...set.map(at))));
        expect(reachedByQuorum(cluster(reached.length), at)).toBe(slow);
      }),
      {numRuns: 300},
    );
  });

  it("elects when some majority granted, and refuses when none can any more", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(true, false, undefined), {minLength: 1, maxLength: 7}),
        (answers) => {
          const votes = new Map<number, boolean>();
          answers.forEach((answer, i) => {
            if (answer !== undefined) votes.set(i + 1, answer);
          });
          const all = quorums(answers.length);
          const won = all.some((set) => set.every((voter) => votes.get(voter) === true));
          const open = all.some((set) => set.every((voter) => votes.get(voter) !== false));
          expect(voteResult(cluster(answers.length), votes)).toBe(won ? "won" : open ? "pending" : "lost");
        },
      ),
      {numRuns: 300},
    );
  });
});
