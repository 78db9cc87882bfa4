// Asking before campaigning (thesis §9.6), what it saves, and the standstills that it must not cause. After etcd's
// raft_test.go and the issues named.

import {describe, expect, it} from "vitest";
import {Cluster} from "./cluster.ts";
import {
  Alone,
  aloneAs,
  append,
  asks,
  asksPreVote,
  electionTicks,
  granted,
  grantedPreVote,
  heartbeat,
  only,
  termsOf,
} from "./notation.ts";

const preVote = {preVote: true};
const refusedPreVote = (from: number, term: number) =>
  ({kind: "PreVoteResponse", from, to: 1, term, voteGranted: false}) as const;

describe("thesis §9.6", () => {
  it("a candidate only increments its term if it first learns that a majority would vote for it", () => {
    const alone = new Alone({size: 5, log: "1 2", config: preVote, draw: () => 0});
    const asked = alone.ticks(electionTicks);
    // In the term that it would campaign in.
    expect(asked).toEqual([2, 3, 4, 5].map((to) => asksPreVote({from: 1, to, term: 3}, 2, 2)));
    expect([alone.node.role, alone.node.term, alone.node.votedFor]).toEqual(["preCandidate", 2, 0]);
    alone.take(grantedPreVote({from: 2, to: 1, term: 3}));
    expect(alone.node.role).toBe("preCandidate");
    const campaign = alone.take(grantedPreVote({from: 3, to: 1, term: 3}));
    expect(only(campaign, "RequestVote")).toEqual(
      [2, 3, 4, 5].map((to) => asks({from: 1, to, term: 3}, 2, 2)),
    );
    expect([alone.node.role, alone.node.term, alone.node.votedFor]).toEqual(["candidate", 3, 1]);
  });

  it("a partitioned server cannot increase its term, however long it asks", () => {
    const alone = new Alone({config: preVote});
    alone.ticks(20 * electionTicks);
    expect([alone.node.role, alone.node.term]).toEqual(["preCandidate", 0]);
  });

  it("gives up when a majority would not vote for it, and asks again after another timeout", () => {
    const alone = aloneAs("preCandidate", {hard: {term: 3}});
    alone.take(refusedPreVote(2, 3), refusedPreVote(3, 3));
    expect([alone.node.role, alone.node.term, alone.node.leader]).toEqual(["follower", 3, 0]);
    expect(only(alone.ticks(2 * electionTicks), "PreVote").length).toBeGreaterThan(0);
  });

  it("asking is no vote, and takes neither the one that was given nor the timer", () => {
    const alone = new Alone({config: preVote, hard: {term: 3, votedFor: 2}, draw: () => 4});
    alone.ticks(3);
    const before = alone.node.ticksToElection;
    alone.node.campaign();
    expect([alone.node.votedFor, alone.node.term, alone.node.ticksToElection]).toEqual([2, 3, before]);
    expect(alone.node.ready().append?.hardState).toBeUndefined();
  });

  it("to be promised a vote is no news of a term, to be refused one in a newer term is", () => {
    const alone = aloneAs("preCandidate", {size: 5, hard: {term: 3}});
    alone.take(grantedPreVote({from: 2, to: 1, term: 4}));
    expect([alone.node.role, alone.node.term]).toEqual(["preCandidate", 3]);
    alone.take(refusedPreVote(3, 7));
    expect([alone.node.role, alone.node.term]).toEqual(["follower", 7]);
  });

  it("a pre-candidate that hears of a leader of its own term follows it again", () => {
    const alone = aloneAs("preCandidate", {hard: {term: 3}});
    alone.take(heartbeat({from: 2, to: 1, term: 3}));
    expect([alone.node.role, alone.node.term, alone.node.leader]).toEqual(["follower", 3, 2]);
    const another = aloneAs("preCandidate", {hard: {term: 3}});
    another.take(append({from: 2, to: 1, term: 3}, "3", 0));
    expect([another.node.role, termsOf(another.node)]).toEqual(["follower", "3"]);
  });

  it("a pre-candidate drops proposals, and knows no leader to ask for a read", () => {
    const alone = aloneAs("preCandidate");
    expect(alone.node.propose([new Uint8Array(1)])).toEqual({ok: false, error: "proposalDropped"});
    alone.node.readIndex(1);
    expect(alone.drain()).toEqual([]);
  });

  it("a real vote is no answer to a pre-candidate", () => {
    const alone = aloneAs("preCandidate", {hard: {term: 3}});
    alone.take(granted({from: 2, to: 1, term: 3}), granted({from: 3, to: 1, term: 3}));
    expect([alone.node.role, alone.node.term]).toEqual(["preCandidate", 3]);
  });
});

describe("a server that rejoins", () => {
  // n3 is cut off and its timer runs out again and again, while the others commit without it.
  const rejoin = (config: {preVote: boolean}) => {
    const cluster = new Cluster({size: 3, config});
    cluster.elect(1);
    cluster.isolate(3);
    cluster.propose(1, "x");
    cluster.settle();
    for (let i = 0; i < 5; i++) cluster.elect(3);
    cluster.heal();
    cluster.elect(3);
    cluster.tick(1);
    cluster.settle();
    return cluster;
  };

  it("deposes a leader that all were content with (etcd #8499)", () => {
    const cluster = rejoin({preVote: false});
    expect(cluster.members.map(({node}) => node.role)).not.toContain("leader");
    expect(cluster.node(1).term).toBe(7);
  });

  it("disturbs nobody if it asks first", () => {
    const cluster = rejoin(preVote);
    expect(cluster.roles()).toEqual(["leader 1", "follower 1", "follower 1"]);
    expect(termsOf(cluster.node(3))).toBe("1 1");
  });
});

describe("there is no standstill", () => {
  it("when the leader dies as a server with an older term rejoins (etcd #8243)", () => {
    const cluster = new Cluster({size: 3, config: preVote});
    cluster.elect(1);
    cluster.isolate(3);
    cluster.elect(3);
    cluster.elect(1);
    cluster.elect(2);
    expect(cluster.roles()).toEqual(["follower 2", "leader 2", "preCandidate 1"]);
    // Now n3 is back, with an older term and a log that is behind, and the leader is gone.
    cluster.heal();
    cluster.isolate(2);
    cluster.elect(3);
    expect(cluster.roles()[2]).toBe("follower 2");
    cluster.elect(1);
    expect(cluster.roles()).toEqual(["leader 3", "leader 2", "follower 3"]);
  });

  it("after a split vote", () => {
    const cluster = new Cluster({size: 3, config: preVote});
    cluster.elect(1);
    cluster.isolate(1);
    cluster.campaign(2);
    cluster.campaign(3);
    cluster.settle();
    // Each was promised the other's vote, and then had given its own.
    expect(cluster.roles().slice(1)).toEqual(["candidate 2", "candidate 2"]);
    cluster.elect(2);
    expect(cluster.roles().slice(1)).toEqual(["leader 3", "follower 3"]);
  });

  it("when the leader dies, though each follower holds to it for a while (with check-quorum)", () => {
    const cluster = new Cluster({size: 3, config: {preVote: true, checkQuorum: true}});
    cluster.elect(1);
    cluster.isolate(1);
    cluster.elect(2);
    expect(cluster.roles().slice(1)).toEqual(["preCandidate 1", "follower 1"]);
    // n2 itself holds to nobody any more.
    cluster.elect(3);
    expect(cluster.roles().slice(1)).toEqual(["follower 2", "leader 2"]);
  });

  it("between those with the longer log and those with the newer term (openraft #1796)", () => {
    const cluster = new Cluster({
      size: 5,
      logs: ["1 2 2", "1 2 2", "1", "1", ""],
      term: [2, 2, 4, 4, 4],
      config: preVote,
    });
    cluster.isolate(5);
    // The newer term cannot win: its log is behind.
    cluster.elect(3);
    expect(cluster.roles()[2]).toBe("preCandidate 4");
    // The longer log cannot win in term 3, but a refusal tells it of the newer term.
    cluster.elect(1);
    expect(cluster.roles()[0]).toBe("follower 4");
    cluster.elect(1);
    expect(cluster.roles()).toEqual(["leader 5", "follower 5", "follower 5", "follower 5", "follower 4"]);
    expect(termsOf(cluster.node(3))).toBe("1 2 2 5");
  });
});

describe("a cluster that goes over to pre-votes server by server (etcd #8501)", () => {
  // n3 does not ask yet; it is cut off, and its term runs ahead while its log falls behind. Then it is started anew.
  const migrating = (): Cluster => {
    const cluster = new Cluster({size: 3, config: (id) => ({preVote: id !== 3})});
    cluster.elect(1);
    cluster.isolate(3);
    cluster.propose(1, "x");
    cluster.settle();
    for (let i = 0; i < 2; i++) cluster.elect(3);
    expect(cluster.roles()).toEqual(["leader 1", "follower 1", "candidate 3"]);
    cluster.restart(3, "synced", preVote);
    cluster.elect(3);
    expect(cluster.roles()).toEqual(["leader 1", "follower 1", "preCandidate 3"]);
    return cluster;
  };

  it("elects one of the others when the leader dies", () => {
    const cluster = migrating();
    cluster.heal();
    cluster.isolate(1);
    cluster.elect(3);
    cluster.elect(2);
    expect(cluster.roles().slice(1)).toEqual(["follower 3", "preCandidate 3"]);
    cluster.elect(3);
    cluster.elect(2);
    expect(cluster.roles().slice(1)).toEqual(["leader 4", "follower 4"]);
  });

  it("takes in the one with the newer term, once the leader hears of that", () => {
    const cluster = migrating();
    cluster.heal();
    cluster.elect(3);
    expect(cluster.roles()).toEqual(["leader 1", "follower 1", "preCandidate 3"]);
    // Its log is behind, so it cannot win, and the leader's term is behind, so it cannot follow: but it answers.
    cluster.tick(1);
    cluster.settle();
    expect(cluster.roles()).toEqual(["follower 3", "follower 1", "preCandidate 3"]);
    cluster.elect(1);
    expect(cluster.roles()).toEqual(["leader 4", "follower 4", "follower 4"]);
    expect(termsOf(cluster.node(3))).toBe(termsOf(cluster.node(1)));
  });
});
