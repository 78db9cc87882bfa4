// Leadership handed over on purpose (thesis §3.10). After etcd's raft_test.go. n1 leads term 1 to begin with.

import {describe, expect, it} from "vitest";
import {changeOf, conf} from "./changes.ts";
import {Cluster} from "./cluster.ts";
import type {ClusterOptions} from "./cluster.ts";
import {
  Alone,
  aloneAs,
  append,
  electionTicks,
  granted,
  heartbeat,
  holds,
  only,
  termsOf,
  timeoutNow,
} from "./notation.ts";

const three = (options: Partial<ClusterOptions> = {}): Cluster => {
  const cluster = new Cluster({size: 3, ...options});
  cluster.elect(1);
  return cluster;
};

/** n3 was cut off, and lacks an entry; the wish to hand over to it is pending. */
const pending = (options: Partial<ClusterOptions> = {}): Cluster => {
  const cluster = three(options);
  cluster.isolate(3);
  cluster.propose(1, "missed");
  cluster.settle();
  cluster.transfer(1, 3);
  cluster.settle();
  expect(cluster.node(1).transferee).toBe(3);
  return cluster;
};

describe("thesis §3.10", () => {
  it("the prior leader stops accepting new client requests", () => {
    const cluster = pending();
    const {lastIndex} = cluster.node(1);
    cluster.act(1, (node) =>
      expect(node.propose([new Uint8Array(1)])).toEqual({ok: false, error: "proposalDropped"}),
    );
    cluster.act(1, (node) => expect(node.proposeConfChange(changeOf("v4")).ok).toBe(false));
    expect(cluster.node(1).lastIndex).toBe(lastIndex);
  });

  it("the prior leader fully updates the target server's log, and only then sends TimeoutNow", () => {
    const alone = aloneAs("leader");
    alone.take(holds({from: 2, to: 1, term: 1}, 1), holds({from: 3, to: 1, term: 1}, 1));
    alone.propose("a", "b");
    alone.node.transferLeader(2);
    expect(only(alone.drain(), "TimeoutNow")).toEqual([]);
    expect(only(alone.take(holds({from: 2, to: 1, term: 1}, 2)), "TimeoutNow")).toEqual([]);
    // Others' acknowledgements are no matter.
    expect(only(alone.take(holds({from: 3, to: 1, term: 1}, 3)), "TimeoutNow")).toEqual([]);
    expect(only(alone.take(holds({from: 2, to: 1, term: 1}, 3)), "TimeoutNow")).toEqual([
      timeoutNow({from: 1, to: 2, term: 1}),
    ]);
  });

  it("TimeoutNow has the same effect as the target's election timer firing, but asks for no pre-votes", () => {
    for (const preVote of [false, true]) {
      const alone = new Alone({config: {preVote}});
      alone.take(heartbeat({from: 2, to: 1, term: 1}));
      const said = alone.take(timeoutNow({from: 2, to: 1, term: 1}));
      expect([alone.node.role, alone.node.term]).toEqual(["candidate", 2]);
      expect(said).toMatchObject([
        {kind: "RequestVote", to: 2, term: 2, transfer: true},
        {kind: "RequestVote", to: 3, term: 2, transfer: true},
      ]);
    }
  });

  it("the target becomes leader in the next term, and its first message makes the prior leader step down", () => {
    const cluster = three();
    cluster.transfer(1, 3);
    cluster.settle();
    expect(cluster.roles()).toEqual(["follower 2", "follower 2", "leader 2"]);
    expect([cluster.node(1).leader, cluster.node(1).transferee]).toEqual([3, 0]);
  });

  it("if it does not complete after an election timeout, the prior leader resumes accepting client requests", () => {
    const cluster = pending();
    cluster.tick(1, electionTicks - 1);
    expect(cluster.node(1).transferee).toBe(3);
    cluster.tick(1);
    expect([cluster.node(1).role, cluster.node(1).transferee]).toEqual(["leader", 0]);
    cluster.propose(1, "again");
    cluster.settle();
    expect(cluster.node(1).commitIndex).toBe(3);
  });

  it("if the prior leader was mistaken and the target is operational, at worst this results in an extra election", () => {
    const cluster = three();
    cluster.transfer(1, 3);
    cluster.takeReady(1);
    const late = cluster.messages.filter(({kind}) => kind === "TimeoutNow");
    expect(late.length).toBe(1);
    cluster.messages = [];
    cluster.tick(1, electionTicks);
    cluster.propose(1, "x");
    cluster.settle();
    cluster.messages.push(...late);
    cluster.settle();
    expect(cluster.roles()).toEqual(["follower 2", "follower 2", "leader 2"]);
    expect(termsOf(cluster.node(3))).toBe("1 1 2");
  });

  it("the request bypasses the vote lease of those who hear of the leader", () => {
    for (const preVote of [false, true]) {
      const cluster = three({config: {checkQuorum: true, preVote}});
      cluster.transfer(1, 2);
      cluster.settle();
      expect(cluster.roles()).toEqual(["follower 2", "leader 2", "follower 2"]);
    }
  });
});

describe("a transfer", () => {
  for (const checkQuorum of [false, true]) {
    it(`may be asked of a follower, which hands the wish on, and may go back ${checkQuorum ? "(with check-quorum)" : ""}`, () => {
      const cluster = three({config: {checkQuorum}});
      cluster.transfer(2, 2);
      cluster.settle();
      expect(cluster.roles()).toEqual(["follower 2", "leader 2", "follower 2"]);
      cluster.propose(2, "x");
      cluster.settle();
      cluster.transfer(3, 1);
      cluster.settle();
      expect(cluster.roles()).toEqual(["leader 3", "follower 3", "follower 3"]);
    });
  }

  it("goes to a follower that was behind, once it has the log", () => {
    const cluster = pending();
    cluster.heal();
    cluster.tick(1);
    cluster.settle();
    expect(cluster.roles()).toEqual(["follower 2", "follower 2", "leader 2"]);
    expect(termsOf(cluster.node(3))).toBe("1 1 2");
  });

  it("goes to a follower that must be sent a snapshot, once that is durable", () => {
    const cluster = three();
    cluster.isolate(3);
    cluster.propose(1, "a", "b");
    cluster.settle();
    cluster.compact(1);
    cluster.heal();
    cluster.tick(1);
    cluster.settle(({kind}) => kind === "InstallSnapshot");
    expect(cluster.node(1).progress()[2]).toMatchObject({state: "snapshot", pendingSnapshot: 3});
    cluster.transfer(1, 3);
    cluster.settle();
    expect(cluster.roles()).toEqual(["leader 1", "follower 1", "follower 1"]);
    cluster.act(1, (node) => node.reportSnapshot(3, "failed"));
    cluster.tick(1);
    cluster.settle();
    expect(cluster.roles()).toEqual(["follower 2", "follower 2", "leader 2"]);
    expect(cluster.node(3).firstIndex).toBe(4);
  });

  for (const [what, target, size, members] of [
    ["itself", 1, 3, "1 2 3"],
    ["a stranger", 9, 3, "1 2 3"],
    ["a learner", 3, 3, "1 2 learners 3"],
  ] as const) {
    it(`to ${what} does nothing, whoever asks`, () => {
      const cluster = new Cluster({size, conf: conf(members)});
      cluster.elect(1);
      for (const asked of [1, 2]) {
        cluster.transfer(asked, target);
        cluster.settle();
        expect([cluster.roles()[0], cluster.node(1).transferee]).toEqual(["leader 1", 0]);
      }
    });
  }

  it("to the same again takes no more time", () => {
    const cluster = pending();
    cluster.tick(1, electionTicks - 1);
    cluster.transfer(1, 3);
    expect(cluster.node(1).transferee).toBe(3);
    cluster.tick(1);
    expect(cluster.node(1).transferee).toBe(0);
  });

  it("gives a new wish a whole election timeout", () => {
    const cluster = three();
    cluster.isolate(3);
    cluster.propose(1, "missed");
    cluster.settle();
    cluster.tick(1, electionTicks - 1);
    cluster.transfer(1, 3);
    cluster.tick(1, electionTicks - 1);
    expect(cluster.node(1).transferee).toBe(3);
  });

  it("to another takes the place of the one before", () => {
    const cluster = pending();
    cluster.transfer(1, 2);
    cluster.settle();
    expect(cluster.roles().slice(0, 2)).toEqual(["follower 2", "leader 2"]);
  });

  it("to itself takes back the one before", () => {
    const cluster = pending();
    cluster.transfer(1, 1);
    expect(cluster.node(1).transferee).toBe(0);
    cluster.act(1, (node) => expect(node.propose([new Uint8Array(1)]).ok).toBe(true));
  });

  it("ends with the leadership", () => {
    const cluster = pending();
    cluster.elect(2);
    expect(cluster.roles().slice(0, 2)).toEqual(["follower 2", "leader 2"]);
    cluster.elect(1);
    expect([cluster.roles()[0], cluster.node(1).transferee]).toEqual(["leader 3", 0]);
  });

  it("ends when its target is removed", () => {
    const cluster = three();
    cluster.proposeChange(1, changeOf("r3"));
    cluster.takeReady(1);
    cluster.transfer(1, 3);
    cluster.settle(({kind}) => kind === "TimeoutNow");
    expect(cluster.node(1).confState.voters).toEqual([1, 2]);
    expect([cluster.roles()[0], cluster.node(1).transferee]).toEqual(["leader 1", 0]);
    cluster.act(1, (node) => expect(node.propose([new Uint8Array(1)]).ok).toBe(true));
  });

  it("ends when its target is no voter of either half any more", () => {
    const cluster = new Cluster({size: 4, conf: conf("1 2 3")});
    cluster.elect(1);
    cluster.proposeChange(1, changeOf("l3 v4", {transition: "explicit"}));
    cluster.settle();
    expect(cluster.node(1).confState).toEqual(conf("1 2 4 && 1 2 3 next 3"));
    cluster.proposeChange(1, changeOf(""));
    cluster.takeReady(1);
    cluster.transfer(1, 3);
    // It has a vote as long as the configuration is joint.
    expect(cluster.node(1).transferee).toBe(3);
    cluster.settle(({kind}) => kind === "TimeoutNow");
    expect(cluster.node(1).confState).toEqual(conf("1 2 4 learners 3"));
    expect([cluster.roles()[0], cluster.node(1).transferee]).toEqual(["leader 1", 0]);
  });

  it("has no use for a candidate, nor for a follower that knows no leader", () => {
    for (const role of ["follower", "candidate"] as const) {
      const alone = aloneAs(role);
      alone.node.transferLeader(2);
      expect(alone.drain()).toEqual([]);
    }
  });
});

describe("TimeoutNow", () => {
  it("means nothing to a server that is no member, whatever it is answered", () => {
    const alone = new Alone({conf: conf("2 3 4")});
    const said = alone.take(
      timeoutNow({from: 2, to: 1, term: 1}),
      granted({from: 2, to: 1, term: 1}),
      granted({from: 3, to: 1, term: 1}),
    );
    expect([said, alone.node.role, alone.node.term]).toEqual([[], "follower", 1]);
  });

  for (const role of ["preCandidate", "candidate", "leader"] as const) {
    it(`means nothing to a ${role}`, () => {
      const alone = aloneAs(role, {hard: {term: 1}});
      const {term} = alone.node;
      expect(alone.take(timeoutNow({from: 2, to: 1, term}))).toEqual([]);
      expect([alone.node.role, alone.node.term]).toEqual([role, term]);
    });
  }

  it("of an older term means nothing", () => {
    const alone = new Alone({hard: {term: 3}});
    alone.take(append({from: 2, to: 1, term: 3}, "3", 0));
    expect(alone.take(timeoutNow({from: 3, to: 1, term: 2}))).toEqual([]);
    expect([alone.node.role, alone.node.term]).toEqual(["follower", 3]);
  });
});
