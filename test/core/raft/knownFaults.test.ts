// Faults that other implementations had, or this protocol had before it was mended. Each is shown with the decision as
// it was wrong, in a run that it breaks, and the same run is shown to be harmless as it is now.

import {describe, expect, it} from "vitest";
import type {RaftRules} from "../../../core/raft/rules.ts";
import {changeOf, conf} from "./changes.ts";
import {Cluster} from "./cluster.ts";
import {append, termsOf} from "./notation.ts";

type Rules = Partial<RaftRules>;

describe("to acknowledge more than a message proves (etcd #1366, CCF #6001)", () => {
  // n2 has a tail of term 2 that n1, the leader of term 3, does not have. An append of n1's ends before it.
  const run = (rules: Rules): Cluster => {
    const cluster = new Cluster({
      size: 3,
      logs: ["1 1", "1 1 2", ""],
      term: [1, 2, 2],
      rules: (id) => (id === 2 ? rules : {}),
      memberClaims: false,
    });
    cluster.cut(1, 2);
    cluster.campaign(1);
    cluster.campaign(1);
    cluster.settle(({kind}) => kind === "AppendEntries");
    expect(cluster.roles()[0]).toBe("leader 3");
    cluster.deliverTo(2, append({from: 1, to: 2, term: 3}, "1 1", 2));
    cluster.heal();
    cluster.settle(({kind}) => kind === "AppendEntries");
    cluster.isolate(1);
    while (cluster.node(2).role !== "leader") cluster.elect(2);
    return cluster;
  };

  it("commits what no quorum holds", () => {
    expect(() => run({acknowledgedIndex: ({lastIndex}) => lastIndex})).toThrow("leader completeness");
  });

  it("is not done", () => {
    const cluster = run({});
    expect(cluster.node(1).commitIndex).toBe(0);
    expect(termsOf(cluster.node(3))).toBe("1 1 2 4");
  });
});

describe("to cut the log for an append that comes late (CCF #5991)", () => {
  const run = (rules: Rules): Cluster => {
    const cluster = new Cluster({size: 3, rules, memberClaims: false});
    cluster.elect(1);
    cluster.isolate(3);
    cluster.propose(1, "a");
    cluster.takeReady(1);
    const late = cluster.messages.filter(({kind, to}) => kind === "AppendEntries" && to === 2);
    expect(late.length).toBe(1);
    cluster.propose(1, "b");
    // n2 holds both and n1 commits them; n2 does not hear of that.
    cluster.settle((message) => message.kind === "AppendEntries" && message.leaderCommit > 1);
    expect([cluster.node(1).commitIndex, cluster.node(2).lastIndex]).toEqual([3, 3]);
    for (const message of late) cluster.deliverTo(2, message);
    cluster.heal();
    cluster.isolate(1);
    cluster.elect(2);
    return cluster;
  };

  it("loses a committed entry", () => {
    expect(() => run({mustReplace: () => true})).toThrow("leader completeness");
  });

  it("is not done", () => {
    expect(termsOf(run({}).node(3))).toBe("1 1 1 2");
  });
});

describe("to tell a follower of a commit index that its log was not compared with", () => {
  // n2's second entry is another than the leader's, which is committed.
  const run = (rules: Rules): Cluster => {
    const cluster = new Cluster({size: 3, logs: ["1", "1 2", "1"], term: 2, rules, memberClaims: false});
    cluster.cut(1, 2);
    cluster.elect(1);
    expect(cluster.node(1).commitIndex).toBe(2);
    cluster.heal();
    cluster.tick(1);
    cluster.settle();
    return cluster;
  };

  it("commits another entry there, by a heartbeat", () => {
    expect(() => run({heartbeatCommit: ({commitIndex}) => commitIndex})).toThrow("state machine safety");
  });

  it("is not done", () => {
    expect(termsOf(run({}).node(2))).toBe("1 3");
  });

  it("would need a log that is long enough, or fails at once, by an append", () => {
    const cut = (rules: Rules): void => {
      const cluster = new Cluster({size: 3, config: {messageBytesMax: 0}, rules, memberClaims: false});
      cluster.elect(1);
      cluster.isolate(3);
      cluster.propose(1, "a", "b");
      cluster.settle();
      cluster.heal();
      cluster.tick(1);
      cluster.settle();
      expect(cluster.node(3).commitIndex).toBe(3);
    };
    expect(() => cut({followerCommit: ({leaderCommit}) => leaderCommit})).toThrow("was the log lost?");
    cut({});
  });
});

describe("to campaign by a configuration that others have left twice (etcd-io/raft #234)", () => {
  // From (1 2 3) to (1 2 3 4) to (1 2 3 4 5). n3 knows that both are committed, and its store has applied neither.
  const run = (rules: Rules): Cluster => {
    const cluster = new Cluster({size: 5, conf: conf("1 2 3"), rules, memberClaims: false});
    cluster.elect(1);
    cluster.stall(3);
    for (const text of ["v4", "v5"]) {
      cluster.proposeChange(1, changeOf(text));
      cluster.settle();
    }
    expect([cluster.node(2).confState, cluster.node(3).confState]).toEqual([
      conf("1 2 3 4 5"),
      conf("1 2 3"),
    ]);
    expect(cluster.node(3).commitIndex).toBe(cluster.node(2).commitIndex);
    for (const one of [1, 3]) for (const other of [2, 4, 5]) cluster.cut(one, other);
    cluster.elect(2);
    cluster.elect(3);
    return cluster;
  };

  it("makes two leaders in a term", () => {
    expect(() => run({mayCampaignWithPendingChange: () => true})).toThrow(
      "election safety: n2 and n3 led term 2",
    );
  });

  it("is not done, until they are applied", () => {
    const cluster = run({});
    expect(cluster.roles()).toEqual(["leader 1", "leader 2", "follower 1", "follower 2", "follower 2"]);
    cluster.resume(3);
    cluster.elect(3);
    expect([cluster.roles()[2], cluster.node(3).confState]).toEqual(["candidate 2", conf("1 2 3 4 5")]);
  });
});

describe("to decide by a configuration that is only appended (the single-server bug of 2015)", () => {
  // n1 adds n5, and nobody hears of it. n2 removes n1, and only n3 hears of it. Then n1 campaigns again.
  it("is not done: until a change is applied, all count by the one before", () => {
    const cluster = new Cluster({size: 5, conf: conf("1 2 3 4")});
    cluster.elect(1);
    cluster.isolate(1);
    cluster.proposeChange(1, changeOf("v5"));
    cluster.settle();
    cluster.elect(2);
    cluster.cut(2, 4);
    cluster.proposeChange(2, changeOf("r1"));
    cluster.settle();
    // By the configuration without n1, n2 and n3 would be a quorum.
    expect([cluster.node(2).lastIndex, cluster.node(3).lastIndex, cluster.node(4).lastIndex]).toEqual([
      3, 3, 2,
    ]);
    expect(cluster.node(2).commitIndex).toBe(2);
    // By the one with n5, n1, n4 and n5 would be.
    cluster.restart(1);
    cluster.heal();
    for (const one of [1, 4, 5]) for (const other of [2, 3]) cluster.cut(one, other);
    for (let i = 0; i < 3; i++) {
      cluster.campaign(1);
      expect(cluster.messages).toEqual([]);
      cluster.takeReady(1);
      cluster.write(1);
      expect(cluster.messages.map(({to}) => to)).toEqual([2, 3, 4]);
      cluster.settle();
      expect(cluster.node(1).role).not.toBe("leader");
    }
    cluster.heal();
    while (cluster.node(3).role !== "leader") cluster.elect(3);
    for (const id of [2, 3, 4]) expect(cluster.node(id).confState).toEqual(conf("2 3 4"));
  });

  it("a leader's change needs no entry of its own term before it, for by then that one is committed with it", () => {
    const cluster = new Cluster({size: 4, conf: conf("1 2 3")});
    cluster.elect(1);
    cluster.campaign(2);
    cluster.settle(({kind}) => kind === "AppendEntries");
    cluster.proposeChange(2, changeOf("v4"));
    expect([cluster.node(2).commitIndex, cluster.node(2).entryAt(3)?.type]).toEqual([1, "confChangeV2"]);
    cluster.tick(2);
    cluster.settle();
    expect([cluster.node(2).commitIndex, cluster.node(4).confState]).toEqual([3, conf("1 2 3 4")]);
  });
});

describe("to have many changes under way (valkey #3926)", () => {
  // Each change differs from the one before by a server; the first from the last by two.
  const run = (rules: Rules): Cluster => {
    const cluster = new Cluster({size: 5, conf: conf("1 2 3"), rules, memberClaims: false});
    cluster.elect(1);
    cluster.isolate(3);
    for (const text of ["v4", "v5"]) cluster.proposeChange(1, changeOf(text));
    cluster.settle();
    return cluster;
  };

  it("is not done: the second is applied as nothing", () => {
    expect(run({refusalOfChange: () => undefined}).node(1).confState).toEqual(conf("1 2 3 4 5"));
    expect(run({}).node(1).confState).toEqual(conf("1 2 3 4"));
  });
});

describe("to refuse a vote because one is a learner (etcd #10998)", () => {
  it("is not done: n3 was promoted, has not heard of it, and n2 cannot be elected without it", () => {
    const cluster = new Cluster({size: 3, conf: conf("1 2 learners 3")});
    cluster.elect(1);
    cluster.proposeChange(1, changeOf("v3"));
    cluster.settle((message) => message.to === 3 && message.kind === "AppendEntries");
    expect([cluster.node(2).confState, cluster.node(3).confState]).toEqual([
      conf("1 2 3"),
      conf("1 2 learners 3"),
    ]);
    cluster.isolate(1);
    cluster.elect(2);
    expect(cluster.roles()).toEqual(["leader 1", "leader 2", "follower 2"]);
    expect(cluster.node(3).confState).toEqual(conf("1 2 3"));
  });
});
