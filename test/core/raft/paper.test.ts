// The paper, one sentence one test. After etcd's raft_paper_test.go.

import {describe, expect, it} from "vitest";
import {Cluster} from "./cluster.ts";
import {
  Alone,
  append,
  asks,
  bytes,
  electionTicks,
  granted,
  holds,
  log,
  only,
  refusedVote,
  termsOf,
} from "./notation.ts";

describe("§5.1 Raft basics", () => {
  it("starts as a follower", () => {
    const {node} = new Alone();
    expect([node.role, node.term, node.leader]).toEqual(["follower", 0, 0]);
  });

  for (const role of ["follower", "candidate", "leader"] as const) {
    it(`takes a larger term and becomes a follower, as ${role}`, () => {
      const alone = new Alone();
      if (role === "candidate") alone.node.campaign();
      if (role === "leader") alone.lead();
      expect(alone.node.role).toBe(role);
      alone.take(append({from: 2, to: 1, term: 5}, "", 0));
      expect([alone.node.role, alone.node.term, alone.node.leader]).toEqual(["follower", 5, 2]);
    });
  }

  it("rejects a message with a stale term", () => {
    const alone = new Alone({hard: {term: 3}});
    expect(alone.take(append({from: 2, to: 1, term: 2}, "2", 0))).toEqual([]);
    expect(alone.node.lastIndex).toBe(0);
  });
});

describe("§5.2 Leader election", () => {
  it("sends periodic heartbeats to all followers, as leader", () => {
    const alone = new Alone({size: 3});
    alone.lead();
    const beats = only(alone.ticks(1), "Heartbeat");
    expect(beats.map(({to}) => to)).toEqual([2, 3]);
  });

  it("has no election timer as leader, however long it leads", () => {
    const alone = new Alone({size: 3});
    alone.lead();
    alone.ticks(5 * electionTicks);
    expect([alone.node.role, alone.node.term]).toEqual(["leader", 1]);
  });

  it("begins an election when it hears nothing over the election timeout: new term, own vote, RequestVote to all", () => {
    const alone = new Alone({log: "1 2", draw: () => 0});
    expect(alone.ticks(electionTicks - 1)).toEqual([]);
    const asked = alone.ticks(1);
    expect([alone.node.role, alone.node.term, alone.node.votedFor]).toEqual(["candidate", 3, 1]);
    expect(asked).toEqual([2, 3].map((to) => asks({from: 1, to, term: 3}, 2, 2)));
  });

  it("remains a follower as long as it hears from a leader", () => {
    const alone = new Alone({draw: () => 0});
    for (let i = 0; i < 5; i++) {
      alone.ticks(electionTicks - 1);
      alone.take({kind: "Heartbeat", from: 2, to: 1, term: 1, commit: 0, readPosition: 0});
    }
    expect(alone.node.role).toBe("follower");
  });

  it("remains a follower as long as it grants votes", () => {
    const alone = new Alone({hard: {term: 1}, draw: () => 0});
    alone.ticks(electionTicks - 1);
    alone.take(asks({from: 2, to: 1, term: 1}, 0, 0));
    alone.ticks(electionTicks - 1);
    expect(alone.node.role).toBe("follower");
  });

  const outcomes: readonly [size: number, yes: number, no: number, role: string][] = [
    [1, 0, 0, "leader"],
    [3, 1, 0, "leader"],
    [3, 0, 1, "candidate"],
    [3, 0, 2, "follower"],
    [4, 1, 1, "candidate"],
    [4, 2, 0, "leader"],
    [4, 0, 2, "follower"],
    [5, 2, 0, "leader"],
    [5, 1, 2, "candidate"],
    [5, 1, 3, "follower"],
  ];
  for (const [size, yes, no, role] of outcomes) {
    it(`is ${role} after ${yes} votes and ${no} refusals from the others of ${size}`, () => {
      const alone = new Alone({size});
      alone.node.campaign();
      alone.drain();
      for (let i = 0; i < yes; i++) alone.take(granted({from: 2 + i, to: 1, term: 1}));
      for (let i = 0; i < no; i++) alone.take(refusedVote({from: 2 + yes + i, to: 1, term: 1}));
      expect(alone.node.role).toBe(role);
    });
  }

  it("counts a vote that comes twice once", () => {
    const alone = new Alone({size: 5});
    alone.node.campaign();
    alone.drain();
    alone.take(granted({from: 2, to: 1, term: 1}), granted({from: 2, to: 1, term: 1}));
    expect(alone.node.role).toBe("candidate");
    expect(alone.node.votes()).toEqual([
      {member: 1, granted: true},
      {member: 2, granted: true},
    ]);
  });

  it("counts the first answer of a voter, whatever comes after it", () => {
    const alone = new Alone({size: 5});
    alone.node.campaign();
    alone.drain();
    alone.take(
      granted({from: 2, to: 1, term: 1}),
      refusedVote({from: 2, to: 1, term: 1}),
      granted({from: 3, to: 1, term: 1}),
    );
    expect(alone.node.role).toBe("leader");
  });

  it("learns from a heartbeat who leads its term", () => {
    const alone = new Alone({hard: {term: 1}});
    alone.take({kind: "Heartbeat", from: 2, to: 1, term: 1, commit: 0, readPosition: 0});
    expect(alone.node.leader).toBe(2);
  });

  it("votes for at most one candidate in a term, first come first served", () => {
    const alone = new Alone();
    const ask = (from: number) => alone.take(asks({from, to: 1, term: 1}, 0, 0));
    expect(ask(2)).toMatchObject([{to: 2, voteGranted: true}]);
    expect(ask(3)).toMatchObject([{to: 3, voteGranted: false}]);
    expect(ask(2)).toMatchObject([{to: 2, voteGranted: true}]);
  });

  it("votes for nobody else in a term whose leader it knows", () => {
    const alone = new Alone();
    alone.take(append({from: 2, to: 1, term: 1}, "1", 0));
    const answer = alone.take(asks({from: 3, to: 1, term: 1}, 5, 1));
    expect(answer).toMatchObject([{voteGranted: false}]);
  });

  for (const kind of ["AppendEntries", "Heartbeat"] as const) {
    it(`returns to follower as a candidate when a leader of its term says ${kind}`, () => {
      const alone = new Alone();
      alone.node.campaign();
      const address = {from: 2, to: 1, term: 1};
      alone.take(
        kind === "Heartbeat" ? {kind, ...address, commit: 0, readPosition: 0} : append(address, "", 0),
      );
      expect([alone.node.role, alone.node.leader]).toEqual(["follower", 2]);
    });
  }

  it("starts a new election when votes are split", () => {
    const alone = new Alone({draw: () => 0});
    alone.ticks(electionTicks);
    const asked = alone.ticks(electionTicks);
    expect([alone.node.role, alone.node.term]).toEqual(["candidate", 2]);
    expect(only(asked, "RequestVote").map(({term}) => term)).toEqual([2, 2]);
  });

  it("draws each election timeout anew from [T, 2T − 1]", () => {
    const timeouts = new Set<number>();
    const alone = new Alone();
    for (let i = 0; i < 50; i++) {
      timeouts.add(alone.node.ticksToElection.timeout);
      alone.node.campaign();
    }
    expect([...timeouts].sort((a, b) => a - b)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  });
});

describe("§5.3 Log replication", () => {
  it("appends a command to its log and sends AppendEntries to all others in parallel, as leader", () => {
    const alone = new Alone();
    alone.lead();
    alone.take(holds({from: 2, to: 1, term: 1}, 1), holds({from: 3, to: 1, term: 1}, 1));
    const sent = only(alone.propose("x"), "AppendEntries");
    const entries = [{index: 2, term: 1, type: "normal", data: bytes("x")}];
    expect(sent).toEqual(
      [2, 3].map((to) => ({
        kind: "AppendEntries",
        from: 1,
        to,
        term: 1,
        prevLogIndex: 1,
        prevLogTerm: 1,
        entries,
        leaderCommit: 1,
      })),
    );
  });

  for (const [size, acks, committed] of [
    [1, 0, true],
    [3, 0, false],
    [3, 1, true],
    [4, 1, false],
    [4, 2, true],
    [5, 1, false],
    [5, 2, true],
  ] as const) {
    it(`${committed ? "commits" : "does not commit"} an entry that ${acks} of ${size - 1} others hold`, () => {
      const alone = new Alone({size});
      alone.lead();
      for (let i = 0; i < acks; i++) alone.take(holds({from: 2 + i, to: 1, term: 1}, 1));
      expect(alone.node.commitIndex).toBe(committed ? 1 : 0);
      expect(alone.applied.length).toBe(committed ? 1 : 0);
    });
  }

  it("commits all preceding entries too, of earlier leaders included", () => {
    const alone = new Alone({log: "1 2"});
    alone.lead();
    alone.take(holds({from: 2, to: 1, term: 3}, 3));
    expect(alone.applied.map(({index, term}) => `${index}/${term}`)).toEqual(["1/1", "2/2", "3/3"]);
  });

  it("tells the followers what is committed, and they apply it in log order", () => {
    const cluster = new Cluster({size: 3});
    cluster.elect(1);
    cluster.propose(1, "a", "b");
    cluster.settle();
    for (const {applied} of cluster.members) expect(applied.map(({index}) => index)).toEqual([1, 2, 3]);
  });

  it("refuses entries if its log has none with the preceding index and term, and says where logs may agree", () => {
    const alone = new Alone({log: "1 2"});
    const refusal = (prevLogIndex: number, prevLogTerm: number) =>
      alone.take({
        kind: "AppendEntries",
        from: 2,
        to: 1,
        term: 3,
        prevLogIndex,
        prevLogTerm,
        entries: [],
        leaderCommit: 0,
      });
    expect(refusal(2, 2)).toMatchObject([{success: true, index: 2}]);
    expect(refusal(2, 3)).toMatchObject([{success: false, index: 2, hintIndex: 2, hintTerm: 2}]);
    expect(refusal(3, 3)).toMatchObject([{success: false, index: 3, hintIndex: 2, hintTerm: 2}]);
    expect(refusal(2, 1)).toMatchObject([{success: false, index: 2, hintIndex: 1, hintTerm: 1}]);
  });

  const appends: readonly [after: number, sent: string, becomes: string][] = [
    [2, "1 2 3", "1 2 3"],
    [1, "1 3 4", "1 3 4"],
    [0, "1", "1 2 2"],
    [0, "3", "3"],
    [1, "1 2", "1 2 2"],
    [3, "1 2 2", "1 2 2"],
  ];
  for (const [after, sent, becomes] of appends) {
    it(`makes 1 2 2 into ${becomes} when it is sent ${sent} after ${after}: deletes only what conflicts`, () => {
      const alone = new Alone({log: "1 2 2"});
      alone.take(append({from: 2, to: 1, term: 5}, sent, after));
      expect(termsOf(alone.node)).toBe(becomes);
      expect(termsOf(alone.storage)).toBe(becomes);
    });
  }

  it("acknowledges and commits no more than a message proves about its log", () => {
    const alone = new Alone({log: "1 2 2"});
    const answer = alone.take(append({from: 2, to: 1, term: 5}, "1", 0, 3));
    expect(answer).toMatchObject([{success: true, index: 1}]);
    expect(alone.node.commitIndex).toBe(1);
  });

  it("answers an append from before its commit index with that index", () => {
    const alone = new Alone({log: "1 1 1", hard: {commit: 2}});
    expect(alone.take(append({from: 2, to: 1, term: 1}, "1", 0))).toMatchObject([{success: true, index: 2}]);
  });

  // Figure 7: what followers may look like when the leader at the top comes to power.
  const followers = [
    ["a", "1 1 1 4 4 5 5 6 6"],
    ["b", "1 1 1 4"],
    ["c", "1 1 1 4 4 5 5 6 6 6 6"],
    ["d", "1 1 1 4 4 5 5 6 6 6 7 7"],
    ["e", "1 1 1 4 4 4 4"],
    ["f", "1 1 1 2 2 2 3 3 3 3 3"],
  ] as const;
  for (const [name, terms] of followers) {
    it(`makes follower (${name}) of Figure 7 equal to the leader`, () => {
      const leader = "1 1 1 4 4 5 5 6 6 6";
      // It won term 8 with the vote of the third, since (c) and (d) refuse one whose log ends before theirs.
      const cluster = new Cluster({size: 3, logs: [leader, terms, ""], term: 7});
      cluster.cut(1, 2);
      cluster.elect(1);
      cluster.heal();
      cluster.tick(1);
      cluster.settle();
      expect(termsOf(cluster.node(1))).toBe(`${leader} 8`);
      expect(termsOf(cluster.node(2))).toBe(termsOf(cluster.node(1)));
    });
  }

  it("finds the last agreeing entry in one step for each term in which logs differ", () => {
    const cluster = new Cluster({size: 3, logs: ["1 3 3 3 3 3 3 3 3", "1 1 1 1 2 2 2 2 2", ""]});
    cluster.cut(1, 2);
    cluster.elect(1);
    cluster.heal();
    let refusals = 0;
    cluster.tick(1);
    cluster.takeReady(1);
    for (let busy = true; busy;) {
      const before = cluster.messages.filter((m) => m.kind === "AppendEntriesResponse" && !m.success).length;
      refusals += before;
      busy = cluster.messages.length > 0;
      while (cluster.messages.length > 0) cluster.deliver(0);
      for (const {id, node, works} of cluster.members) {
        if (node.hasReady()) cluster.takeReady(id);
        while (works.length > 0) cluster.write(id);
      }
    }
    expect(termsOf(cluster.node(2))).toBe(termsOf(cluster.node(1)));
    expect(refusals).toBeLessThanOrEqual(2);
  });
});

describe("§5.4.1 Election restriction", () => {
  const votes: readonly [ours: string, lastLogTerm: number, lastLogIndex: number, granted: boolean][] = [
    ["1", 1, 1, true],
    ["1", 1, 2, true],
    ["1 1", 1, 1, false],
    ["1", 2, 1, true],
    ["1 1", 2, 1, true],
    ["2", 1, 1, false],
    ["2", 1, 2, false],
    ["1 2", 2, 1, false],
  ];
  for (const [ours, lastLogTerm, lastLogIndex, voteGranted] of votes) {
    it(`${voteGranted ? "grants" : "denies"} a vote, with log ${ours}, to one that ends in ${lastLogIndex}/${lastLogTerm}`, () => {
      const alone = new Alone({log: ours});
      const answer = alone.take(asks({from: 2, to: 1, term: 3}, lastLogIndex, lastLogTerm));
      expect(answer).toMatchObject([{kind: "RequestVoteResponse", term: 3, voteGranted}]);
    });
  }
});

describe("§5.4.2 Committing entries from previous terms", () => {
  for (const [index, commitIndex] of [
    [1, 0],
    [2, 0],
    [3, 3],
  ] as const) {
    it(`commits ${commitIndex} when a quorum holds ${index} of the log 1 2 3 in term 3`, () => {
      const alone = new Alone({log: "1 2"});
      alone.lead();
      expect(termsOf(alone.node)).toBe("1 2 3");
      alone.take(holds({from: 2, to: 1, term: 3}, index));
      expect(alone.node.commitIndex).toBe(commitIndex);
    });
  }
});

describe("§5.5 Follower and candidate crashes", () => {
  it("ignores what it has already, so that a request may come twice", () => {
    const alone = new Alone();
    const message = append({from: 2, to: 1, term: 1}, "1 1", 0, 2);
    alone.take(message);
    const first = alone.node.entryAt(1);
    expect(alone.take({...message})).toMatchObject([{success: true, index: 2}]);
    expect(alone.node.entryAt(1)).toBe(first);
    expect(alone.applied.length).toBe(2);
  });

  it("does not cut its log for a message older than what it has", () => {
    const alone = new Alone();
    alone.take(append({from: 2, to: 1, term: 1}, "1 1 1", 0), append({from: 2, to: 1, term: 1}, "1", 0));
    expect(termsOf(alone.node)).toBe("1 1 1");
  });

  it("has term, vote and log again after a restart, and applies from the start", () => {
    const cluster = new Cluster({size: 3});
    cluster.elect(1);
    cluster.propose(1, "x");
    cluster.settle();
    const {term, votedFor} = cluster.node(2);
    cluster.restart(2);
    expect([cluster.node(2).term, cluster.node(2).votedFor, termsOf(cluster.node(2))]).toEqual([
      term,
      votedFor,
      "1 1",
    ]);
    cluster.tick(1);
    cluster.settle();
    expect(cluster.member(2).applied.map(({index}) => index)).toEqual([1, 2]);
  });
});

describe("§8 Client interaction", () => {
  it("commits a blank entry at the start of a leader's term", () => {
    const alone = new Alone({log: "1"});
    const sent = only(alone.lead(), "AppendEntries");
    expect(sent.map(({entries}) => entries)).toEqual([
      [{index: 2, term: 2, type: "normal", data: new Uint8Array()}],
      [{index: 2, term: 2, type: "normal", data: new Uint8Array()}],
    ]);
  });

  it("serves a read only after heartbeats with a majority", () => {
    const alone = new Alone({size: 5});
    alone.lead();
    alone.take(holds({from: 2, to: 1, term: 1}, 1), holds({from: 3, to: 1, term: 1}, 1));
    alone.node.readIndex(7);
    const [beat] = only(alone.drain(), "Heartbeat");
    const answer = (from: number) =>
      ({kind: "HeartbeatResponse", from, to: 1, term: 1, readPosition: beat?.readPosition ?? -1}) as const;
    alone.take(answer(2));
    expect(alone.readStates).toEqual([]);
    alone.take(answer(3));
    expect(alone.readStates).toEqual([{index: 1, context: 7}]);
  });

  it("serves no read before an entry of the leader's term is committed", () => {
    const alone = new Alone({log: "1 1", hard: {commit: 1}});
    alone.lead();
    alone.node.readIndex(7);
    expect(only(alone.drain(), "Heartbeat")).toEqual([]);
    alone.take(holds({from: 2, to: 1, term: 2}, 3));
    alone.take({kind: "HeartbeatResponse", from: 2, to: 1, term: 2, readPosition: 1});
    expect(alone.readStates).toEqual([{index: 3, context: 7}]);
  });
});

// Keep the notation honest.
it("log(“1 1 4”) is three entries", () => {
  expect(log("1 1 4").map(({index, term}) => `${index}/${term}`)).toEqual(["1/1", "2/1", "3/4"]);
});
