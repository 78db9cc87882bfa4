// The museum's bugs, each in a small world in which one member has it, found by the named check with words and evidence.
// The same world with sound members stays clean: it is the rule that decides.

import {describe, expect, it} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {checkWords} from "../../../sim/check/words.ts";
import {worded} from "../../../core/base/said.ts";
import {heal, split, Stage} from "./stage.ts";

/** Raft Figure 8: (a) n1's entry on n1, n2; (b) n5 leads with another; (c) n1 leads again and spreads its old one; (d) n5 overwrites it. */
function figure8(bugs: Readonly<Record<string, readonly string[]>>): Stage {
  const stage = new Stage(bugs);
  stage
    .lead(1)
    .until("the first entry is everywhere", () =>
      [1, 2, 3, 4, 5].every((id) => stage.raft(id).commitIndex === 1),
    );
  // (a) Entry 2 of term 1 reaches n2 alone.
  stage.act(split(["n1", "n2", "c1"], ["n3", "n4", "n5"]), {
    kind: "client",
    client: "c1",
    op: "put x 1",
    to: "n1",
  });
  stage.until(
    "n2 holds entry 2",
    () => stage.at(2, 2) === 1 && stage.raft(1).progress()[1]?.matchIndex === 2,
  );
  // (b) n5 leads term 2 and writes its own entry 2, alone: what it sends is lost.
  stage
    .act({kind: "crash", member: "n1"})
    .lead(5)
    .act(split(["n5"], ["n1", "n2", "n3", "n4"]));
  stage.until("n5's entry 2 is on its disk", () => stage.world.members[4]?.server?.durableIndex === 2);
  stage.act({kind: "crash", member: "n5"}, heal, {kind: "restart", member: "n1"});
  // (c) n1 leads again (its first try, in term 2, comes after n5's), and its old entry 2 reaches n3 or
  // n4; entry 3, of its new term, does not get to a majority.
  stage
    .act({kind: "timeout", member: "n1"})
    .until("n3 and n4 have refused", () => stage.raft(1).votes().length === 4)
    .lead(1);
  stage.until("n1 knows entry 2 of term 1 on a majority", () => {
    const matches = stage
      .raft(1)
      .progress()
      .map(({matchIndex}) => matchIndex);
    return (matches[1] ?? 0) >= 2 && Math.max(matches[2] ?? 0, matches[3] ?? 0) === 2;
  });
  // (d) n5 comes back with the newer last term and is elected by those that hold the old entry.
  stage.act(split(["n1"], ["n2", "n3", "n4", "n5"]), {kind: "restart", member: "n5"});
  stage
    .act({kind: "timeout", member: "n5"})
    .until("n2, n3 and n4 have refused", () => stage.raft(5).role === "follower");
  stage.lead(5);
  stage
    .act(heal)
    .until("n5's entry 2 is everywhere", () => [2, 3, 4, 5].every((id) => stage.at(id, 2) === 2));
  return stage;
}

describe("§5.4.2, Figure 8: a leader that counts replicas of an older term's entry", () => {
  it("commits an entry that the next leader does not have: Leader Completeness", () => {
    const {violation} = figure8({n1: ["commit-older-term"]});
    expect(violation).toMatchObject({
      check: "Leader Completeness",
      said: {id: "leaderLacks", args: {index: 2}},
    });
    expect(violation?.evidence.length).toBe(2);
    expect(worded(checkWords, present(violation, "a violation").said, "en")).toMatch(
      /^n\d leads term \d without entry 2, which was committed in term \d$/,
    );
  });

  it("does not happen by the rule: the same events leave every claim unbroken", () => {
    expect(figure8({}).violation).toBeUndefined();
  });
});

describe("§5.2: a member that votes twice in one term", () => {
  /** n1 and n2 both campaign in term 1; n3's vote decides. */
  function rivals(bugs: Readonly<Record<string, readonly string[]>>): Stage {
    const stage = new Stage(bugs, 3);
    stage.act(
      {kind: "cut", from: "n1", to: "n2"},
      {kind: "timeout", member: "n1"},
      {kind: "timeout", member: "n2"},
    );
    return stage.until("n3's answers have come", () => {
      const [one, two] = [stage.raft(1), stage.raft(2)];
      return (
        one.term === 1 &&
        two.term === 1 &&
        [one, two].every((raft) => raft.role === "leader" || raft.votes().length === 2)
      );
    });
  }

  it("makes two leaders of one term: Election Safety", () => {
    const {violation} = rivals({n3: ["vote-twice"]});
    expect(violation).toMatchObject({check: "Election Safety", said: {id: "twoLeaders", args: {term: 1}}});
    expect(violation?.evidence.length).toBe(2);
    expect(worded(checkWords, present(violation, "a violation").said, "en")).toMatch(
      /^n[12] and n[12] both led term 1$/,
    );
  });

  it("does not happen by the rule", () => {
    const stage = rivals({});
    expect(stage.violation).toBeUndefined();
    expect([stage.raft(1).role, stage.raft(2).role].filter((role) => role === "leader")).toHaveLength(1);
  });
});
