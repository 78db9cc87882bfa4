import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  ascending,
  checkConfState,
  confState,
  emptyConfState,
  isJoint,
  isLearner,
  isMember,
  isSameConfState,
  isVoter,
  membersOf,
  votersOf,
} from "../../../core/raft/confState.ts";
import {conf, jointConf, plainConf} from "./changes.ts";

const joint = conf("2 3 4 && 1 2 3 learners 5 next 1 autoleave");

describe("a configuration", () => {
  it("has members: voters of either half, and learners", () => {
    expect(membersOf(joint)).toEqual([1, 2, 3, 4, 5]);
    expect(votersOf(joint)).toEqual([1, 2, 3, 4]);
    expect([1, 4, 5, 6].map((member) => isMember(joint, member))).toEqual([true, true, true, false]);
    expect([1, 4, 5, 6].map((member) => isVoter(joint, member))).toEqual([true, true, false, false]);
    expect([1, 4, 5, 6].map((member) => isLearner(joint, member))).toEqual([false, false, true, false]);
  });

  it("is joint while it has an outgoing half", () => {
    expect(isJoint(joint)).toBe(true);
    expect(isJoint(conf("1 2 3 learners 4"))).toBe(false);
  });

  it("lists its members in ascending order, each once", () => {
    expect(confState([3, 1, 2], [9, 8])).toEqual(conf("1 2 3 learners 8 9"));
    expect(ascending([10, 9, 10, 1])).toEqual([1, 9, 10]);
  });

  it("is the same as another when all its lists are, and autoLeave", () => {
    expect(isSameConfState(joint, {...joint, voters: [2, 3, 4]})).toBe(true);
    for (const other of [
      {...joint, voters: [2, 3]},
      {...joint, voters: [2, 3, 6]},
      {...joint, votersOutgoing: [1, 2]},
      {...joint, learners: []},
      {...joint, learnersNext: []},
      {...joint, autoLeave: false},
    ]) {
      expect(isSameConfState(joint, other)).toBe(false);
    }
  });

  it("is valid: with nobody, plain, and joint", () => {
    checkConfState(emptyConfState);
    fc.assert(fc.property(fc.oneof(plainConf, jointConf), checkConfState), {numRuns: 300});
  });

  it.each([
    ["2 1", "ascending"],
    ["1 1", "ascending"],
    ["0 1", "positive"],
    ["1 2 learners 4 3", "ascending"],
    ["1 2 learners 2", "n2 is a learner and a voter"],
    ["1 2 && 1 3 learners 3", "n3 is a learner and a voter"],
    ["1 2 && 1 3 next 4", "n4 is to become a learner and is no outgoing voter"],
    ["1 2 && 1 2 next 2", "n2 is to become a learner and is an incoming voter"],
    ["&& 1 2", "a joint configuration has incoming voters"],
    ["1 2 next 2", "n2 is to become a learner and is no outgoing voter"],
    ["1 2 autoleave", "autoLeave is false outside of a joint configuration"],
  ])("is not valid as %s: %s", (text, why) => {
    expect(() => checkConfState(conf(text))).toThrow(why);
  });
});
