// Planted bugs are found, and the way to each is as short as can be: how many actions is counted by hand beside it.

import {describe, expect, test} from "vitest";
import {soundVersion} from "../../../core/server/config.ts";
import type {Version} from "../../../core/server/config.ts";
import {answerBeforeSync} from "../../../sim/bug/raft/answerBeforeSync.ts";
import {voteForOlderLog} from "../../../sim/bug/raft/voteForOlderLog.ts";
import {voteTwice} from "../../../sim/bug/raft/voteTwice.ts";
import {ClusterSpace} from "../../../sim/explore/clusterSpace.ts";
import {allReductions, Explorer, noReductions} from "../../../sim/explore/explorer.ts";
import {RaftHost} from "../../../sim/explore/raftHost.ts";
import {makeSpace, spaces} from "../../../sim/explore/spaces.ts";
import {present} from "../../../core/base/assert.ts";
import {raftSpace, ruled, walk} from "./stage.ts";

const votesTwice = voteTwice.apply(soundVersion);

interface Planted {
  readonly what: string;
  readonly space: string;
  readonly version: Version;
  readonly check: string;
  readonly length: number;
}

const planted: readonly Planted[] = [
  {
    // Two candidates, and each a timeout, a request for the third member's vote, and the vote.
    what: "a member votes twice",
    space: "raft-election-3",
    version: votesTwice,
    check: "Election Safety",
    length: 6,
  },
  {
    what: "a member votes twice, among whole servers",
    space: "server-election-3",
    version: votesTwice,
    check: "Election Safety",
    length: 6,
  },
  {
    // Each of two candidates is a leader by its own vote.
    what: "one vote is a quorum",
    space: "raft-election-3",
    version: ruled({quorumSize: () => 1}),
    check: "Election Safety",
    length: 2,
  },
  {
    // An election (3), its entry at a second member (2: it is committed), and an election of one that lacks it (3).
    what: "whoever asks is elected, with whatever log (§5.4.1)",
    space: "raft-commit-3",
    version: voteForOlderLog.apply(soundVersion),
    check: "Leader Completeness",
    length: 8,
  },
  {
    // An election on the word of a member (3) that crashes before its vote is durable (1), votes again (3), and the two
    // operations with which each candidate's own vote becomes durable (4).
    what: "a vote leaves before it is durable",
    space: "server-disk-3",
    version: answerBeforeSync.apply(soundVersion),
    check: "Election Safety",
    length: 11,
  },
];

/** Without reductions they are many. */
const large = ["server-election-3", "server-disk-3", "raft-commit-3"];

describe("a planted bug is found by the shortest way", () => {
  for (const {what, space: id, version, check, length} of planted) {
    for (const [name, reductions] of Object.entries({allReductions, noReductions})) {
      if (reductions === noReductions && large.includes(id)) continue;
      test(`${what}, with ${name}`, () => {
        const named = present(
          spaces.find((one) => one.id === id),
          id,
        );
        const space = makeSpace(named, version);
        const found = new Explorer(space, {order: "breadth", stopAtFirst: true, reductions}).run();
        expect(found.violations.map((one) => one.violation.check)).toEqual([check]);
        const {path} = present(found.violations[0], "a counterexample");
        expect(path).toHaveLength(length);
        // Taken from the beginning, in a space of its own making too, it breaks the same claim in its last step only.
        const states = walk(space, path);
        expect(space.violation(present(states.at(-1), "the end"))).toEqual(found.violations[0]?.violation);
        expect(states.map((state) => space.violation(state)?.check)).toEqual([
          ...path.map(() => undefined),
          check,
        ]);
      }, 60_000);
    }
  }

  test("a member that is asked what must hold of itself says so first", () => {
    const {rules} = votesTwice.raft;
    const hosts = [1, 2].map((id) => RaftHost.create(id, {members: 2, rules}));
    const space = new ClusterSpace({
      name: "asked",
      bounds: {terms: 1},
      hosts,
      symmetric: true,
      asksMembers: true,
    });
    const found = new Explorer(space, {order: "breadth", stopAtFirst: true}).run();
    expect(found.violations[0]?.violation).toMatchObject({
      check: "Raft Invariants",
      said: {
        id: "invariantBroken",
        args: {message: expect.stringMatching(/^candidateVotedForItself: /) as unknown},
      },
    });
    expect(found.violations[0]?.path).toHaveLength(3);
  });

  test("a member that stops on an assertion is a violation", () => {
    const space = raftSpace(2, {terms: 2, crash: 1}, ruled({fitsOurLog: () => true}));
    const found = new Explorer(space, {order: "breadth", stopAtFirst: true}).run();
    expect(found.violations[0]?.violation).toMatchObject({
      check: "Member Assertions",
      said: {args: {message: "entry 2 leaves a gap after 0"}},
    });
  });
});
