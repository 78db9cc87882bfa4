// When a leader commits (§5.3, §5.4.2), and whom it tells. After etcd's TestCommit, TestSingleNodeCommit,
// TestCannotCommitWithoutNewTermEntry, TestCommitWithoutNewTermEntry and TestLearnerLogReplication.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {votersOf} from "../../../core/raft/confState.ts";
import type {ConfState} from "../../../core/raft/confState.ts";
import {conf, jointConf, plainConf} from "./changes.ts";
import {Cluster} from "./cluster.ts";
import {ack, appendsTo, leading, modes, progressOf, pulse} from "./leading.ts";
import {only} from "./notation.ts";

/** The definition: more than half of each half that has voters holds it, and it is of the leader's term. */
function committed(
  members: ConfState,
  match: ReadonlyMap<number, number>,
  opened: number,
  last: number,
): number {
  for (let index = last; index >= opened; index--) {
    const isHeld = [members.voters, members.votersOutgoing].every(
      (half) =>
        half.length === 0 ||
        half.filter((voter) => (match.get(voter) ?? 0) >= index).length * 2 > half.length,
    );
    if (isHeld) return index;
  }
  return 0;
}

describe.each(modes)("a leader, %s,", (_, mode) => {
  it("commits what a majority of each half holds, if it is of its term, in whatever order it hears of that", () => {
    const answers = fc.array(fc.tuple(fc.integer({min: 1, max: 6}), fc.nat({max: 7})), {
      minLength: 5,
      maxLength: 30,
      size: "max",
    });
    // Member 1, which leads, votes.
    const members = fc
      .oneof(plainConf, jointConf)
      .filter(({voters, learners, learnersNext}) => {
        return voters.includes(1) && !learners.includes(1) && !learnersNext.includes(1);
      })
      .map((found) => ({...found, autoLeave: false}));
    fc.assert(
      fc.property(members, answers, (start, list) => {
        const alone = leading({conf: start, log: "1 1 2"}, mode);
        if (alone.node.role !== "leader") return;
        alone.propose("a", "b", "c");
        const {lastIndex} = alone.node;
        expect(lastIndex).toBe(7);
        const match = new Map([[1, 7]]);
        for (const [from, index] of list) {
          if (from === 1) continue;
          alone.take(ack(alone, from, index));
          if (votersOf(start).includes(from)) match.set(from, Math.max(match.get(from) ?? 0, index));
          expect(alone.node.commitIndex).toBe(committed(start, match, 4, 7));
          expect(alone.node.lastApplied).toBe(alone.node.commitIndex);
        }
      }),
      {numRuns: 100},
    );
  });

  it.each([
    [1, [], 2],
    [2, [], 0],
    [2, [2], 2],
    [3, [1], 1],
    [3, [2, 1], 2],
    [3, [0, 2], 2],
    [4, [2], 0],
    [4, [2, 1], 1],
    [4, [2, 2, 0], 2],
    [5, [2, 1, 0, 0], 1],
    [5, [2, 2, 1, 1], 2],
    [5, [2, 0, 0, 0], 0],
  ])("of %i, whose others hold up to %j, has committed %i", (size, held, index) => {
    const alone = leading({size}, mode);
    alone.propose("a");
    held.forEach((at, i) => alone.take(ack(alone, i + 2, at)));
    expect(alone.node.commitIndex).toBe(index);
  });

  it("commits at once alone, when its disk has it", () => {
    const alone = leading({size: 1}, mode);
    alone.node.propose([new Uint8Array(1)]);
    expect(alone.node.commitIndex).toBe(1);
    alone.drain();
    expect([alone.node.commitIndex, alone.node.lastApplied]).toEqual([2, 2]);
  });

  it("has not committed what only learners hold, however many", () => {
    const alone = leading({conf: conf("1 2 3 learners 4 5 6")}, mode);
    alone.propose("a");
    for (const from of [4, 5, 6]) alone.take(ack(alone, from, 2));
    expect(alone.node.commitIndex).toBe(0);
    alone.take(ack(alone, 2, 2));
    expect(alone.node.commitIndex).toBe(2);
  });

  it("replicates to learners as to voters, and tells them what is committed", () => {
    const cluster = new Cluster({size: 3, conf: conf("1 2 learners 3"), config: {asyncStorageWrites: mode}});
    cluster.elect(1);
    cluster.propose(1, "a");
    cluster.settle();
    expect(cluster.member(3).applied).toEqual(cluster.member(1).applied);
    expect(cluster.node(1).progress()[2]).toMatchObject({isLearner: true, state: "replicate", matchIndex: 2});
    cluster.tick(1);
    cluster.settle();
    expect(cluster.node(3).leader).toBe(1);
  });

  it("cannot commit entries of older terms by counting, and does so with the first of its own", () => {
    const alone = leading({size: 5, log: "1 1 2"}, mode);
    for (const from of [2, 3, 4, 5]) alone.take(ack(alone, from, 3));
    expect(alone.node.commitIndex).toBe(0);
    alone.take(ack(alone, 2, 4));
    expect(alone.node.commitIndex).toBe(0);
    alone.take(ack(alone, 3, 4));
    expect(alone.node.commitIndex).toBe(4);
    expect(alone.applied.map(({index}) => index)).toEqual([1, 2, 3, 4]);
  });

  it("tells each follower once of a newer commit index, as soon as it may know", () => {
    const alone = leading({size: 5}, mode);
    for (const from of [2, 3, 4]) alone.take(ack(alone, from, 1));
    alone.propose("a");
    alone.take(ack(alone, 2, 2));
    const said = alone.take(ack(alone, 3, 2));
    for (const to of [2, 3, 4]) expect(appendsTo(to, said)).toMatchObject([{entries: [], leaderCommit: 2}]);
    expect(progressOf(alone, 2).sentCommit).toBe(2);
    expect(alone.take(ack(alone, 4, 2))).toEqual([]);
    expect(alone.take(ack(alone, 2, 2))).toEqual([]);
  });

  it("tells a follower again of the commit index when what told it may be lost", () => {
    const alone = leading({}, mode);
    alone.take(ack(alone, 2, 1), ack(alone, 3, 1));
    alone.propose("a");
    alone.take(ack(alone, 2, 2));
    expect(progressOf(alone, 3)).toMatchObject({matchIndex: 1, sentCommit: 2});
    alone.node.reportUnreachable(3);
    expect(progressOf(alone, 3)).toMatchObject({state: "probe", sentCommit: 1});
    expect(appendsTo(3, alone.take(pulse(alone, 3)))).toMatchObject([{prevLogIndex: 1, leaderCommit: 2}]);
  });

  it("tells in heartbeats no more than a follower is known to hold, learners too (A6)", () => {
    const alone = leading({conf: conf("1 2 3 learners 4")}, mode);
    alone.propose("a", "b");
    alone.take(ack(alone, 2, 3), ack(alone, 4, 2));
    expect(alone.node.commitIndex).toBe(3);
    expect(only(alone.ticks(1), "Heartbeat").map(({to, commit}) => [to, commit])).toEqual([
      [2, 3],
      [3, 0],
      [4, 2],
    ]);
  });
});
