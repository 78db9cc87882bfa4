// A leader that lost its quorum steps down (thesis §6.2), and as long as one is heard of nobody else is voted for
// (§4.2.3): etcd's CheckQuorum is both. After raft_test.go.

import {describe, expect, it} from "vitest";
import {conf} from "./changes.ts";
import {Cluster} from "./cluster.ts";
import {
  Alone,
  aloneAs,
  answersHeartbeat,
  append,
  asks,
  asksPreVote,
  electionTicks,
  granted,
  heartbeat,
  holds,
  only,
} from "./notation.ts";

const checkQuorum = {checkQuorum: true};
const from = (member: number, term = 1) => ({from: member, to: 1, term});

describe("a leader", () => {
  it("goes on as long as a quorum answers in each election timeout", () => {
    const alone = aloneAs("leader", {size: 5, config: checkQuorum});
    for (let round = 0; round < 4; round++) {
      alone.take(answersHeartbeat(from(2)), round % 2 === 0 ? answersHeartbeat(from(3)) : holds(from(4), 0));
      alone.ticks(electionTicks);
      expect(alone.node.role).toBe("leader");
    }
  });

  it("steps down, in its term, after an election timeout without answers from a quorum (thesis §6.2)", () => {
    const alone = aloneAs("leader", {size: 5, config: checkQuorum});
    alone.take(answersHeartbeat(from(2)), answersHeartbeat(from(3)));
    alone.ticks(electionTicks);
    alone.take(answersHeartbeat(from(2)));
    alone.ticks(electionTicks - 1);
    expect(alone.node.role).toBe("leader");
    expect(alone.ticks(1)).toEqual([]);
    expect([alone.node.role, alone.node.term, alone.node.leader]).toEqual(["follower", 1, 0]);
  });

  it("does not ask itself, unless it is told to", () => {
    const alone = aloneAs("leader", {size: 5});
    alone.ticks(10 * electionTicks);
    expect(alone.node.role).toBe("leader");
  });

  it("needs no answers when it is alone, nor from learners", () => {
    const alone = aloneAs("leader", {conf: conf("1 learners 2 3 4"), config: checkQuorum});
    alone.ticks(3 * electionTicks);
    expect(alone.node.role).toBe("leader");
    const two = aloneAs("leader", {conf: conf("1 2 learners 3 4"), config: checkQuorum});
    two.take(answersHeartbeat(from(3)), answersHeartbeat(from(4)));
    two.ticks(electionTicks);
    expect(two.node.role).toBe("follower");
  });

  it("needs answers from both halves of a joint configuration", () => {
    for (const [answering, role] of [
      [[2], "follower"],
      [[4, 5], "follower"],
      [[2, 4], "leader"],
    ] as const) {
      const alone = aloneAs("leader", {conf: conf("1 4 5 && 1 2 3"), config: checkQuorum});
      alone.take(...answering.map((member) => answersHeartbeat(from(member))));
      alone.ticks(electionTicks);
      expect([answering, alone.node.role]).toEqual([answering, role]);
    }
  });

  it("that can send and not receive steps down, so that another can lead", () => {
    for (const config of [checkQuorum, {}]) {
      const cluster = new Cluster({size: 3, config});
      cluster.elect(1);
      for (const id of [2, 3]) cluster.cutOneWay(id, 1);
      for (let tick = 0; tick < 4 * electionTicks; tick++) {
        for (const id of [1, 2, 3]) cluster.tick(id);
        cluster.settle();
      }
      const leaders = cluster.members.filter(({node}) => node.role === "leader").map(({id}) => id);
      expect(leaders).toEqual(config === checkQuorum ? [expect.toBeOneOf([2, 3])] : [1]);
    }
  });
});

describe("a server that heard of a leader within an election timeout (thesis §4.2.3)", () => {
  const cases: readonly [
    what: string,
    elapsed: number,
    config: {checkQuorum: boolean},
    transfer: boolean,
    votes: boolean,
  ][] = [
    ["at once", 0, checkQuorum, false, false],
    ["just within it", electionTicks - 1, checkQuorum, false, false],
    ["when it is over", electionTicks, checkQuorum, false, true],
    ["when the leader itself wants it", 0, checkQuorum, true, true],
    ["without check-quorum", 0, {checkQuorum: false}, false, true],
  ];
  for (const [what, elapsed, config, transfer, votes] of cases) {
    it(`${votes ? "votes" : "neither votes nor takes the term"} ${what}`, () => {
      const alone = new Alone({config, draw: () => electionTicks - 1});
      alone.take(heartbeat(from(2)));
      alone.ticks(elapsed);
      const said = alone.take(asks(from(3, 2), 0, 0, transfer));
      expect(said).toEqual(votes ? [granted({from: 1, to: 3, term: 2})] : []);
      expect([alone.node.term, alone.node.leader]).toEqual(votes ? [2, 0] : [1, 2]);
    });
  }

  it("does not answer a pre-candidate either", () => {
    const alone = new Alone({config: checkQuorum, draw: () => electionTicks - 1});
    alone.take(heartbeat(from(2)));
    expect(alone.take(asksPreVote(from(3, 2), 0, 0))).toEqual([]);
    alone.ticks(electionTicks);
    expect(alone.take(asksPreVote(from(3, 2), 0, 0))).toMatchObject([{voteGranted: true}]);
  });

  it("is also the leader itself", () => {
    const alone = aloneAs("leader", {config: checkQuorum});
    expect(alone.take(asks(from(3, 9), 9, 1))).toEqual([]);
    expect([alone.node.role, alone.node.term]).toEqual(["leader", 1]);
    expect(alone.take(asks(from(3, 9), 9, 1, true))).toMatchObject([{voteGranted: true, term: 9}]);
  });

  it("that has started and heard of nobody votes at once", () => {
    const cluster = new Cluster({size: 3, config: checkQuorum});
    cluster.elect(1);
    expect(cluster.roles()).toEqual(["leader 1", "follower 1", "follower 1"]);
  });

  it("lets a leader be superseded only when it is not heard of any more", () => {
    const cluster = new Cluster({size: 3, config: checkQuorum, draw: () => electionTicks - 1});
    cluster.elect(1);
    cluster.elect(3);
    expect(cluster.roles()).toEqual(["leader 1", "follower 1", "candidate 2"]);
    cluster.tick(2, electionTicks);
    cluster.settle();
    cluster.elect(3);
    expect(cluster.roles()).toEqual(["follower 3", "follower 3", "leader 3"]);
  });
});

describe("a candidate whose term ran ahead", () => {
  for (const kind of ["Heartbeat", "AppendEntries"] as const) {
    it(`tells it to a leader that sends a ${kind}, or they would never hear of each other`, () => {
      for (const config of [checkQuorum, {preVote: true}]) {
        const alone = new Alone({config, hard: {term: 3}});
        const sent = kind === "Heartbeat" ? heartbeat(from(2, 1)) : append(from(2, 1), "1", 0);
        expect(alone.take(sent)).toEqual([holds({from: 1, to: 2, term: 3}, 0)]);
        expect([alone.node.lastIndex, alone.node.leader]).toEqual([0, 0]);
      }
      expect(new Alone({hard: {term: 3}}).take(heartbeat(from(2, 1)))).toEqual([]);
    });
  }

  it("is freed that way, and may then win", () => {
    const cluster = new Cluster({size: 3, config: checkQuorum});
    cluster.elect(1);
    cluster.isolate(1);
    cluster.elect(3);
    cluster.elect(3);
    // n2 holds to n1.
    expect(cluster.roles()).toEqual(["leader 1", "follower 1", "candidate 3"]);
    cluster.heal();
    cluster.tick(1);
    cluster.settle();
    expect(cluster.roles()).toEqual(["follower 3", "follower 1", "candidate 3"]);
    // Who led until now holds to nobody, and votes.
    cluster.elect(3);
    expect(cluster.roles()).toEqual(["follower 4", "follower 4", "leader 4"]);
  });
});

describe("a follower whose timer runs out early", () => {
  it("deposes the leader, though nobody votes for it", () => {
    const cluster = new Cluster({size: 3, config: checkQuorum});
    cluster.elect(1);
    cluster.act(3, (node) => node.setElectionTimeout(electionTicks + 2));
    cluster.tick(3, electionTicks + 2);
    expect(cluster.roles()).toEqual(["leader 1", "follower 1", "candidate 2"]);
    // The leader's heartbeat, which it waited for, comes now.
    cluster.tick(1);
    cluster.settle();
    expect(cluster.roles()).toEqual(["follower 2", "follower 1", "candidate 2"]);
  });

  it("does not if it asks first", () => {
    const cluster = new Cluster({size: 3, config: {checkQuorum: true, preVote: true}});
    cluster.elect(1);
    cluster.isolate(3);
    cluster.propose(1, "x");
    cluster.settle();
    cluster.act(3, (node) => node.setElectionTimeout(electionTicks + 2));
    cluster.tick(3, electionTicks + 2);
    cluster.settle();
    expect(cluster.roles()).toEqual(["leader 1", "follower 1", "preCandidate 1"]);
    cluster.heal();
    cluster.tick(1);
    cluster.settle();
    expect(cluster.roles()).toEqual(["leader 1", "follower 1", "follower 1"]);
  });
});

describe("a voter that may not campaign", () => {
  it("follows and votes as any other, however long its timer runs", () => {
    // It was added, and has not heard of it.
    const alone = new Alone({id: 2, conf: conf("1"), config: checkQuorum});
    expect(only(alone.ticks(5 * electionTicks), "RequestVote")).toEqual([]);
    expect(alone.take(asks({from: 1, to: 2, term: 1}, 0, 0))).toEqual([granted({from: 2, to: 1, term: 1})]);
    alone.take(heartbeat({from: 1, to: 2, term: 1}));
    expect([alone.node.role, alone.node.leader, alone.node.promotable]).toEqual(["follower", 1, false]);
  });
});
