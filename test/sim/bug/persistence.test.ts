// What a member says must be on its disk before it says it (Raft Figure 2: "updated on stable storage before responding
// to RPCs"), one kind of message at a time: a member that does not wait, or does not sync, crashes right after it spoke,
// forgets, and breaks the promise. A sound member in the same events does not.

import {describe, expect, it} from "vitest";
import type {Version} from "../../../core/server/config.ts";
import {soundVersion} from "../../../core/server/config.ts";
import type {MessageKind} from "../../../core/raft/message.ts";
import type {RaftRules} from "../../../core/raft/rules.ts";
import {raftRules} from "../../../core/raft/rules.ts";
import type {Checker} from "../../../sim/check/checker.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import {heal, split, Stage} from "./stage.ts";

function hasty(kind: MessageKind): Partial<RaftRules> {
  return {mustWaitForSync: (said) => said !== kind && raftRules.mustWaitForSync(said)};
}

const broken: Readonly<Record<string, Partial<RaftRules>>> = {
  "does not wait with a vote": hasty("RequestVoteResponse"),
  "does not sync a vote": {mustSync: (_before, _after, entries) => entries.length > 0},
  "does not wait with an acknowledgement": hasty("AppendEntriesResponse"),
  "does not sync entries": {
    mustSync: (before, after) => before.term !== after.term || before.votedFor !== after.votedFor,
  },
  "does not wait with asking for votes": hasty("RequestVote"),
};

function versions(names: readonly string[]): Version {
  const rules = names.reduce((so, name) => ({...so, ...broken[name]}), raftRules);
  return {...soundVersion, raft: {...soundVersion.raft, rules}};
}

/** Without those that look at what a member promised: to see what else comes of it. */
function consequences(): readonly Checker[] {
  return standardChecks().filter(({name}) => !name.startsWith("Durable "));
}

function promisesOnly(): readonly Checker[] {
  return standardChecks().filter(({name}) => name.startsWith("Durable "));
}

/** n3 grants n1 its vote of term 1, crashes, and is asked for a vote of term 1 by n2. */
function secondVote(bugs: readonly string[], checks = consequences()): Stage {
  const stage = new Stage({n3: bugs}, 3, versions, checks);
  stage.act({kind: "cut", from: "n1", to: "n2"}, {kind: "timeout", member: "n1"});
  const granted = (to: number) => (): boolean =>
    stage.onItsWay((message) => message.kind === "RequestVoteResponse" && message.to === to) !== undefined;
  stage.until("n3's vote for n1 is on its way", granted(1));
  stage.crashLosing(3).act({kind: "restart", member: "n3"}, {kind: "timeout", member: "n2"});
  stage.until("n3's answer to n2 is on its way", granted(2));
  return stage.until("n1 and n2 have n3's answers", () =>
    [1, 2].every((id) => stage.raft(id).role === "leader" || stage.raft(id).votes().length === 2),
  );
}

/** n2 acknowledges entry 2, which n1 commits by that; n2 crashes, and n3, without the entry, asks it for a vote. */
function lostEntry(bugs: readonly string[], checks = consequences()): Stage {
  const stage = new Stage({n2: bugs}, 3, versions, checks);
  stage
    .lead(1)
    .until("the first entry is everywhere", () => [1, 2, 3].every((id) => stage.raft(id).commitIndex === 1));
  stage.act(split(["n1", "n2", "c1"], ["n3"]), {kind: "client", client: "c1", op: "put x 1", to: "n1"});
  stage.until(
    "n2's acknowledgement is on its way",
    () =>
      stage.onItsWay(
        (message) => message.kind === "AppendEntriesResponse" && message.from === 2 && message.index === 2,
      ) !== undefined,
  );
  stage.crashLosing(2).until("n1 has committed entry 2", () => stage.raft(1).commitIndex === 2);
  stage.act(
    split(["n1", "c1"], ["n2", "n3"]),
    {kind: "restart", member: "n2"},
    {kind: "timeout", member: "n3"},
  );
  return stage.until(
    "n3 has n2's answer",
    () => stage.raft(3).role === "leader" || stage.raft(3).votes().length === 2,
  );
}

/**
 * n1 holds entry 2, not synced, which n3 commits without it; asks for votes of term 2 on the strength of it; crashes;
 * and campaigns in term 2 again, without the entry, as n2's first answer comes.
 */
function secondCampaign(bugs: readonly string[], checks = consequences()): Stage {
  const stage = new Stage({n1: bugs}, 3, versions, checks);
  stage
    .lead(3)
    .until("the first entry is everywhere", () => [1, 2, 3].every((id) => stage.raft(id).commitIndex === 1));
  stage.act({kind: "client", client: "c1", op: "put x 1", to: "n3"});
  const entry = (): string | undefined =>
    stage.onItsWay(
      (message) => message.kind === "AppendEntries" && message.to === 1 && message.entries.length > 0,
    );
  stage.until("entry 2 is on its way to n1", () => entry() !== undefined);
  const late = entry() ?? "";
  stage.act({kind: "message", event: late, do: "hold"});
  stage.until("n3 has committed entry 2", () => stage.raft(3).commitIndex === 2);
  stage.act({kind: "message", event: late, do: "release"});
  stage.until("n1 has entry 2 in memory", () => stage.at(1, 2) === 1);
  stage.act(split(["n1", "n2"], ["n3", "c1"]), {kind: "timeout", member: "n1"});
  stage.crashLosing(1);
  // What n1 said before it crashed, if anything, reaches n2; the answer takes its time.
  const asked = stage.onItsWay((message) => message.kind === "RequestVote" && message.to === 2);
  const answer = (): string | undefined =>
    stage.onItsWay((message) => message.kind === "RequestVoteResponse" && message.to === 1);
  if (asked !== undefined) {
    stage.until("n2 answers", () => answer() !== undefined);
    stage.act({kind: "message", event: answer() ?? "", do: "hold"});
  }
  const held = answer();
  stage.act({kind: "restart", member: "n1"}, {kind: "timeout", member: "n1"});
  if (held !== undefined) stage.act({kind: "message", event: held, do: "release"});
  return stage.until(
    "n1 has n2's answer",
    () => stage.raft(1).role === "leader" || stage.raft(1).votes().length === 2,
  );
}

describe("a vote", () => {
  for (const bug of ["does not wait with a vote", "does not sync a vote"]) {
    it(`makes two leaders of one term when a member ${bug} and crashes: Election Safety`, () => {
      expect(secondVote([bug]).violation).toMatchObject({
        check: "Election Safety",
        said: {id: "twoLeaders", args: {term: 1}},
      });
    });
  }

  it.each(["does not wait with a vote", "does not sync a vote"])(
    "is a promise that a member breaks which %s and crashes: Durable Vote, and Durable Term",
    (bug) => {
      const {violations} = secondVote([bug], promisesOnly());
      expect(violations.map(({check, said}) => [check, said.args["term"]])).toEqual([
        ["Durable Term", 1],
        ["Durable Vote", 1],
      ]);
    },
  );

  it("is remembered by a sound member, which refuses the second candidate", () => {
    const stage = secondVote([], standardChecks());
    expect(stage.violation).toBeUndefined();
    expect([stage.raft(1).role, stage.raft(2).role]).toEqual(["leader", "candidate"]);
  });
});

describe("an acknowledgement", () => {
  for (const bug of ["does not wait with an acknowledgement", "does not sync entries"]) {
    it(`loses a committed entry when a member ${bug} and crashes: Quorum Log`, () => {
      expect(lostEntry([bug]).violation).toMatchObject({
        check: "Quorum Log",
        said: {id: "quorumLacks", args: {index: 2}},
      });
    });
  }

  it.each(["does not wait with an acknowledgement", "does not sync entries"])(
    "is a promise that a member breaks which %s and crashes: Durable Log",
    (bug) => {
      const {violations} = lostEntry([bug], promisesOnly());
      expect(violations).toMatchObject([
        {
          check: "Durable Log",
          said: {id: "entryForgotten", args: {member: "n2", index: 2, term: 1}},
        },
      ]);
    },
  );

  it("is kept by a sound member, which refuses who lacks the entry", () => {
    const stage = lostEntry([], standardChecks());
    expect(stage.violation).toBeUndefined();
    expect(stage.raft(3).role).toBe("candidate");
    expect(stage.at(2, 2)).toBe(1);
    stage.act(heal).lead(2);
    expect(stage.violation).toBeUndefined();
  });
});

describe("a request for votes", () => {
  it("elects a candidate that lost what it asked with, when it does not wait and crashes: Leader Completeness", () => {
    expect(secondCampaign(["does not wait with asking for votes"]).violation).toMatchObject({
      check: "Leader Completeness",
      said: {id: "leaderLacks", args: {index: 2}},
    });
  });

  it("is a promise that a member breaks which does not wait with it and crashes: Durable Term, and Durable Vote", () => {
    const {violations} = secondCampaign(["does not wait with asking for votes"], promisesOnly());
    expect(violations).toMatchObject([
      {check: "Durable Term", said: {args: {member: "n1", term: 2, now: 1}}},
      {check: "Durable Vote", said: {id: "voteUndone", args: {member: "n1", term: 2, candidate: "n1"}}},
    ]);
  });

  it("is not made by a sound member before its log and term are on its disk", () => {
    const stage = secondCampaign([], standardChecks());
    expect(stage.violation).toBeUndefined();
    expect([stage.raft(1).role, stage.at(1, 2)]).toEqual(["candidate", undefined]);
  });
});
