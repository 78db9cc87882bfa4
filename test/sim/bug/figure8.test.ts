// The museum's bugs, each in a small world in which one member has it, found by the named check with words and evidence.
// The same world with sound members stays clean: it is the rule that decides.

import {describe, expect, it} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {checkWords} from "../../../sim/check/words.ts";
import {worded} from "../../../core/base/said.ts";
import {figure8} from "./figure8.ts";
import {Stage} from "./stage.ts";

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
