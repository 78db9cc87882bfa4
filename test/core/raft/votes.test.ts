// What a vote and a pre-vote are given for, in every role, and what of one's own vote comes late. After etcd's raft_test.go.

import {describe, expect, it} from "vitest";
import {raftDefaults} from "../../../core/raft/config.ts";
import {openLog} from "../../../core/raft/log.ts";
import {MemoryStorage, genesis} from "../../../core/raft/memoryStorage.ts";
import type {Message} from "../../../core/raft/message.ts";
import {Raft} from "../../../core/raft/raft.ts";
import {raftRules} from "../../../core/raft/rules.ts";
import {conf} from "./changes.ts";
import {
  Alone,
  acknowledge,
  aloneAs,
  append,
  asks,
  asksPreVote,
  granted,
  grantedPreVote,
  heartbeat,
  only,
  persist,
  refusedVote,
  roles,
} from "./notation.ts";

describe("a vote in any role", () => {
  for (const role of roles) {
    it(`is given for a newer term to a log that is as long, by a ${role}`, () => {
      const alone = aloneAs(role, {log: "1"});
      const term = alone.node.term + 1;
      const said = alone.take(asks({from: 2, to: 1, term}, 9, term - 1));
      expect(said).toEqual([granted({from: 1, to: 2, term})]);
      const {node} = alone;
      expect([node.role, node.term, node.votedFor, node.leader]).toEqual(["follower", term, 2, 0]);
    });

    it(`is promised to a pre-candidate without any change, by a ${role}`, () => {
      const alone = aloneAs(role, {log: "1"});
      const {term, votedFor, leader, ticksToElection} = alone.node;
      const said = alone.take(asksPreVote({from: 2, to: 1, term: term + 1}, 9, term));
      expect(said).toEqual([grantedPreVote({from: 1, to: 2, term: term + 1})]);
      const after = alone.node;
      expect([after.role, after.term, after.votedFor, after.leader, after.ticksToElection]).toEqual([
        role,
        term,
        votedFor,
        leader,
        ticksToElection,
      ]);
    });

    it(`is promised to nobody whose log is behind, by a ${role}`, () => {
      const alone = aloneAs(role, {log: "1 1"});
      const {term} = alone.node;
      const said = alone.take(asksPreVote({from: 2, to: 1, term: term + 1}, 1, 1));
      // In its own term, so that the other learns of it.
      expect(said).toEqual([{kind: "PreVoteResponse", from: 1, to: 2, term, voteGranted: false}]);
    });
  }
});

describe("a log that ends in 2/2", () => {
  const best = "0/3 1/3 2/2 2/3 3/2 3/3".split(" ");
  for (const lastLogIndex of [0, 1, 2, 3]) {
    for (const lastLogTerm of [0, 1, 2, 3]) {
      const position = `${lastLogIndex}/${lastLogTerm}`;
      const voteGranted = best.includes(position);
      it(`is ${voteGranted ? "not newer" : "newer"} than one that ends in ${position}, for votes and pre-votes`, () => {
        const address = {from: 2, to: 1, term: 3};
        const vote = new Alone({log: "2 2", hard: {term: 3}}).take(asks(address, lastLogIndex, lastLogTerm));
        expect(vote).toMatchObject([{kind: "RequestVoteResponse", term: 3, voteGranted}]);
        const promise = new Alone({log: "2 2", hard: {term: 3}});
        const preVote = promise.take(asksPreVote(address, lastLogIndex, lastLogTerm));
        expect(preVote).toMatchObject([{kind: "PreVoteResponse", term: 3, voteGranted}]);
      });
    }
  }
});

describe("one vote in a term", () => {
  const votes: readonly [
    role: (typeof roles)[number],
    votedFor: number,
    from: number,
    voteGranted: boolean,
  ][] = [
    ["follower", 0, 2, true],
    ["follower", 2, 2, true],
    ["follower", 3, 2, false],
    // These voted for themselves.
    ["candidate", 1, 2, false],
    ["leader", 1, 2, false],
  ];
  for (const [role, votedFor, from, voteGranted] of votes) {
    it(`${voteGranted ? "is" : "is not"} given to n${from} by a ${role} that voted for n${votedFor}`, () => {
      const hard = role === "follower" ? {term: 1, votedFor} : {};
      const alone = aloneAs(role, {hard});
      expect([alone.node.term, alone.node.votedFor]).toEqual([1, votedFor]);
      const said = alone.take(asks({from, to: 1, term: 1}, 9, 1));
      expect(said).toMatchObject([{kind: "RequestVoteResponse", to: from, voteGranted}]);
    });
  }

  it("is no hindrance to a promise for the next, whoever asks", () => {
    const alone = new Alone({hard: {term: 1, votedFor: 3}});
    expect(alone.take(asksPreVote({from: 2, to: 1, term: 1}, 0, 0))).toMatchObject([{voteGranted: false}]);
    expect(alone.take(asksPreVote({from: 2, to: 1, term: 2}, 0, 0))).toMatchObject([{voteGranted: true}]);
    expect(alone.take(asksPreVote({from: 3, to: 1, term: 2}, 0, 0))).toMatchObject([{voteGranted: true}]);
  });

  it("restarts the voter's timer, and only a real vote that is given does", () => {
    const elapsedAfter = (message: Message) => {
      const alone = new Alone({hard: {term: 1}, log: "1"});
      alone.ticks(5);
      alone.take(message);
      return alone.node.ticksToElection.elapsed;
    };
    const address = {from: 2, to: 1, term: 1};
    expect(elapsedAfter(asks(address, 1, 1))).toBe(0);
    expect(elapsedAfter(asks(address, 0, 0))).toBe(5);
    expect(elapsedAfter(asksPreVote({...address, term: 2}, 1, 1))).toBe(5);
  });
});

describe("one's own vote that comes late", () => {
  for (const preVote of [false, true]) {
    it(`is no use once another leads the term, ${preVote ? "with" : "without"} pre-vote`, () => {
      const alone = new Alone({config: {preVote}});
      alone.node.campaign();
      const {append: work} = alone.node.ready();
      alone.node.step(heartbeat({from: 2, to: 1, term: 1}));
      alone.node.step((preVote ? grantedPreVote : granted)({from: 3, to: 1, term: 1}));
      if (work === undefined) throw new Error("a campaign has something to say to itself");
      expect(work.messages.some(({to}) => to === 1)).toBe(true);
      persist(work, alone.storage);
      acknowledge(work, alone.node);
      expect([alone.node.role, alone.node.leader, alone.node.term]).toEqual(["follower", 2, 1]);
    });
  }

  it("counts for the pre-vote only, if its candidate campaigns for real by then", () => {
    const {node, storage} = new Alone({config: {preVote: true}});
    node.campaign();
    const promise = node.ready().append;
    node.step(grantedPreVote({from: 2, to: 1, term: 1}));
    node.step(grantedPreVote({from: 3, to: 1, term: 1}));
    expect([node.role, node.term]).toEqual(["candidate", 1]);
    const vote = node.ready().append;
    if (promise === undefined || vote === undefined)
      throw new Error("both campaigns speak to their candidate");
    persist(promise, storage);
    acknowledge(promise, node);
    expect([node.role, node.votes()]).toEqual(["candidate", []]);
    persist(vote, storage);
    acknowledge(vote, node);
    expect(node.votes()).toEqual([{member: 1, granted: true}]);
    node.step(granted({from: 2, to: 1, term: 1}));
    expect(node.role).toBe("leader");
  });

  it("and one's own acknowledgement are no use once the leader follows another", () => {
    const alone = aloneAs("leader");
    alone.node.propose([new Uint8Array(1)]);
    const {append: work} = alone.node.ready();
    alone.node.step(heartbeat({from: 2, to: 1, term: 2}));
    if (work === undefined) throw new Error("a proposal is to be persisted");
    persist(work, alone.storage);
    acknowledge(work, alone.node);
    expect([alone.node.role, alone.node.term, alone.node.commitIndex]).toEqual(["follower", 2, 0]);
  });
});

describe("a message that comes twice", () => {
  it("is one vote (found in several implementations by fuzzing)", () => {
    for (const size of [4, 5]) {
      const alone = new Alone({size});
      alone.node.campaign();
      alone.drain();
      for (let i = 0; i < 5; i++) alone.take(granted({from: 2, to: 1, term: 1}));
      expect(alone.node.role).toBe("candidate");
      alone.take(granted({from: 3, to: 1, term: 1}));
      expect(alone.node.role).toBe("leader");
    }
  });

  it("is one refusal", () => {
    const alone = new Alone({size: 5});
    alone.node.campaign();
    alone.drain();
    for (let i = 0; i < 5; i++) alone.take(refusedVote({from: 2, to: 1, term: 1}));
    expect(alone.node.role).toBe("candidate");
  });

  it("is one promise, and a promise is no vote", () => {
    const alone = aloneAs("preCandidate", {size: 5});
    for (let i = 0; i < 5; i++) alone.take(grantedPreVote({from: 2, to: 1, term: 1}));
    expect(alone.node.role).toBe("preCandidate");
    alone.take(grantedPreVote({from: 3, to: 1, term: 1}));
    expect(alone.node.role).toBe("candidate");
    for (const from of [2, 3, 4, 5]) alone.take(grantedPreVote({from, to: 1, term: 1}));
    expect(alone.node.role).toBe("candidate");
  });
});

describe("a change of role", () => {
  const become = {
    follower: (raft: Raft) => raft.becomeFollower(1, 2),
    preCandidate: (raft: Raft) => raft.becomePreCandidate(),
    candidate: (raft: Raft) => raft.becomeCandidate(),
    leader: (raft: Raft) => raft.becomeLeader(),
  } as const;
  const start = (role: (typeof roles)[number]): Raft => {
    const storage = new MemoryStorage(genesis(conf("1 2 3")));
    const raft = new Raft(
      {
        config: {...raftDefaults, id: 1},
        rules: raftRules,
        log: openLog(storage, {commit: 0, applied: 0, applyingBytesMax: Infinity}),
        draw: () => 0,
        notes: undefined,
      },
      storage.initialState().hardState,
      conf("1 2 3"),
    );
    if (role === "leader") raft.becomeCandidate();
    if (role !== "follower") become[role](raft);
    return raft;
  };
  // To follower, pre-candidate, candidate, leader: the term it is in then, or why not.
  const no = /cannot become/;
  const table: readonly [from: (typeof roles)[number], ...becomes: (number | RegExp)[]][] = [
    ["follower", 1, 0, 1, no],
    ["preCandidate", 1, 0, 1, no],
    ["candidate", 1, 1, 2, 1],
    ["leader", 1, no, no, no],
  ];
  for (const [from, ...row] of table) {
    for (const [i, outcome] of row.entries()) {
      const to = roles[i] ?? "follower";
      it(`from ${from} to ${to} ${typeof outcome === "number" ? `is one to term ${outcome}` : "is refused"}`, () => {
        const raft = start(from);
        if (typeof outcome !== "number") {
          expect(() => become[to](raft)).toThrow(outcome);
          return;
        }
        become[to](raft);
        const leader = {follower: 2, preCandidate: 0, candidate: 0, leader: 1}[to];
        expect([raft.roleName, raft.term, raft.leader]).toEqual([to, outcome, leader]);
      });
    }
  }
});

describe("a stale message", () => {
  it("is no vote, no refusal and no append in a newer term", () => {
    const alone = aloneAs("candidate", {hard: {term: 4}});
    expect(alone.node.term).toBe(5);
    const address = {from: 2, to: 1, term: 4};
    const said = alone.take(
      granted(address),
      refusedVote(address),
      append(address, "4", 0),
      asks(address, 9, 4),
    );
    expect(only(said, "RequestVoteResponse")).toEqual([]);
    expect([alone.node.role, alone.node.lastIndex, alone.node.votes().length]).toEqual(["candidate", 0, 1]);
  });
});
