// Linearizable reads without the log (thesis §6.4), and where trusting a lease returns stale data. After etcd's
// raft_test.go and the issues named.

import {describe, expect, it} from "vitest";
import {conf} from "./changes.ts";
import {Cluster} from "./cluster.ts";
import type {RaftConfig} from "../../../core/raft/config.ts";
import {ReadOnly} from "../../../core/raft/readOnly.ts";
import type {RaftRules} from "../../../core/raft/rules.ts";
import {
  Alone,
  acknowledge,
  aloneAs,
  answersHeartbeat,
  append,
  electionTicks,
  heartbeat,
  holds,
  only,
  persist,
} from "./notation.ts";

const from2 = {from: 2, to: 1, term: 1};
const leased: Partial<RaftConfig> = {checkQuorum: true, readOnly: "leaseBased"};

describe("reads", () => {
  const leading = (size = 3): Alone => {
    const alone = new Alone({size});
    alone.lead();
    for (let member = 2; member <= size; member++) alone.take(holds({...from2, from: member}, 1));
    return alone;
  };
  const beat = (readPosition: number, from = 2) =>
    ({kind: "HeartbeatResponse", from, to: 1, term: 1, readPosition}) as const;

  it("are released in order, by one answer to the last", () => {
    const alone = leading();
    alone.node.readIndex(7);
    alone.node.readIndex(8);
    alone.drain();
    alone.take(beat(2));
    expect(alone.readStates.map(({context}) => context)).toEqual([7, 8]);
  });

  it("are not confirmed by answers to heartbeats sent before they were asked, though the name is the same (C3r)", () => {
    const alone = leading();
    alone.node.readIndex(7);
    alone.drain();
    alone.take(beat(1));
    alone.node.readIndex(7);
    alone.drain();
    alone.take(beat(1), beat(1, 3));
    expect(alone.readStates.length).toBe(1);
    alone.take(beat(2));
    expect(alone.readStates.length).toBe(2);
  });

  it("stay confirmed when an older answer comes late", () => {
    const alone = leading(5);
    alone.node.readIndex(7);
    alone.node.readIndex(8);
    alone.drain();
    alone.take(beat(2, 2), beat(1, 2), beat(2, 3));
    expect(alone.readStates.map(({context}) => context)).toEqual([7, 8]);
  });

  it("are carried again by the regular heartbeat when the first was lost", () => {
    const alone = leading();
    alone.node.readIndex(7);
    alone.drain();
    expect(only(alone.ticks(1), "Heartbeat").map(({readPosition}) => readPosition)).toEqual([1, 1]);
  });

  it("are answered at once by a member alone", () => {
    const alone = new Alone({size: 1});
    alone.node.campaign();
    alone.drain();
    alone.node.readIndex(7);
    alone.drain();
    expect(alone.readStates).toEqual([{index: 1, context: 7}]);
  });

  it("wait, in a member alone too, until an entry of the term is committed: its commit index may be an old one", () => {
    const alone = new Alone({size: 1, log: "1 1 1", hard: {commit: 1}});
    alone.node.campaign();
    const asked = alone.node.ready().append;
    if (asked === undefined) throw new Error("a campaign is to be persisted");
    persist(asked, alone.storage);
    acknowledge(asked, alone.node);
    expect(alone.node.role).toBe("leader");
    alone.node.readIndex(7);
    alone.drain();
    expect(alone.readStates).toEqual([{index: 4, context: 7}]);
  });

  it("asked of a follower are answered by the leader", () => {
    const cluster = new Cluster({size: 3});
    cluster.elect(1);
    cluster.readIndex(2, 5);
    cluster.settle();
    expect(cluster.member(2).readStates).toEqual([{index: 1, context: 5}]);
  });

  it("are lost with the leadership", () => {
    const alone = leading();
    alone.node.readIndex(7);
    alone.drain();
    alone.take(append({...from2, term: 2}, "", 0), beat(1));
    expect(alone.readStates).toEqual([]);
  });
});

describe("thesis §6.4", () => {
  /** Leads term 1 and has committed an entry in it. */
  const leading = (members: string): Alone => {
    const alone = aloneAs("leader", {conf: conf(members)});
    alone.take(...alone.node.progress().map(({member}) => holds({...from2, from: member}, 1)));
    return alone;
  };
  const confirm = (alone: Alone, readPosition: number, ...members: readonly number[]): readonly number[] => {
    alone.take(...members.map((member) => answersHeartbeat({...from2, from: member}, readPosition)));
    return alone.readStates.map(({context}) => context);
  };

  it("the leader saves its commit index when it is asked, and what is committed later does not move that", () => {
    const alone = leading("1 2 3");
    alone.node.readIndex(7);
    alone.propose("x");
    alone.take(holds(from2, 2));
    expect(alone.node.commitIndex).toBe(2);
    alone.take(answersHeartbeat(from2, 1));
    expect(alone.readStates).toEqual([{index: 1, context: 7}]);
  });

  it("the leader needs to make sure that it has not been superseded: acknowledgements from a majority of the cluster", () => {
    const rows: readonly [members: string, answering: readonly number[], confirmed: boolean][] = [
      ["1 2 3", [], false],
      ["1 2 3", [3], true],
      ["1 2 3 4 5", [3], false],
      ["1 2 3 4 5", [3, 3], false],
      ["1 2 3 4 5", [3, 5], true],
      // Learners have no say.
      ["1 2 learners 3 4", [3, 4], false],
      ["1 2 learners 3 4", [2], true],
      // Both halves must agree.
      ["1 2 3 && 1 4 5", [2, 3], false],
      ["1 2 3 && 1 4 5", [4, 5], false],
      ["1 2 3 && 1 4 5", [2, 5], true],
    ];
    for (const [members, answering, confirmed] of rows) {
      const alone = leading(members);
      alone.node.readIndex(7);
      alone.drain();
      expect([members, answering, confirm(alone, 1, ...answering)]).toEqual([
        members,
        answering,
        confirmed ? [7] : [],
      ]);
    }
  });

  it("one round of heartbeats is enough for any number of reads that have accumulated", () => {
    const alone = leading("1 2 3");
    for (let context = 1; context <= 20; context++) alone.node.readIndex(context);
    alone.drain();
    expect(confirm(alone, 20, 2).length).toBe(20);
  });

  it("nothing is kept of a read that was answered", () => {
    const reads = new ReadOnly();
    for (const context of [1, 2, 3]) reads.add({from: 1, context}, 5);
    expect(reads.release((position) => position <= 2).map(({context}) => context)).toEqual([1, 2]);
    expect(reads.list().waiting.map(({context}) => context)).toEqual([3]);
    expect(reads.position).toBe(3);
    expect(reads.release(() => true).length).toBe(1);
    expect([reads.hasWaiting, reads.position]).toEqual([false, 3]);
  });

  for (const readOnly of ["safe", "leaseBased"] as const) {
    it(`followers and learners ask the leader for its read index (${readOnly})`, () => {
      const config = {readOnly, checkQuorum: readOnly === "leaseBased"};
      const cluster = new Cluster({size: 4, conf: conf("1 2 3 learners 4"), config});
      cluster.elect(1);
      for (const [round, id] of [1, 2, 3, 4, 1, 2].entries()) {
        cluster.propose(1, "a", "b");
        cluster.settle();
        cluster.readIndex(id, round);
        cluster.settle();
        expect(cluster.member(id).readStates.at(-1)).toEqual({index: 1 + 2 * (round + 1), context: round});
      }
    });
  }

  it("a follower that knows no leader, and a candidate, drop the question", () => {
    for (const role of ["follower", "preCandidate", "candidate"] as const) {
      const alone = aloneAs(role);
      alone.node.readIndex(7);
      expect([alone.drain(), alone.readStates]).toEqual([[], []]);
    }
  });

  it("the question of a follower is answered to that follower, under its own name for it, each time it asks", () => {
    const alone = leading("1 2 3");
    const asked = {kind: "ReadIndex", from: 3, to: 1, term: 0, context: 7} as const;
    alone.take(asked);
    const answer = {kind: "ReadIndexResponse", from: 1, to: 3, term: 1, index: 1, context: 7};
    expect(only(alone.take(answersHeartbeat(from2, 1)), "ReadIndexResponse")).toEqual([answer]);
    // An acknowledgement of the first does not confirm the second (etcd #20418, raft #397).
    alone.take(asked);
    expect(only(alone.take(answersHeartbeat(from2, 1)), "ReadIndexResponse")).toEqual([]);
    expect(only(alone.take(answersHeartbeat(from2, 2)), "ReadIndexResponse")).toEqual([answer]);
    expect(alone.readStates).toEqual([]);
  });

  it("questions that were postponed are dropped when the leadership ends", () => {
    const alone = aloneAs("leader", {log: "1"});
    alone.node.readIndex(7);
    alone.take(heartbeat({from: 2, to: 1, term: 9}));
    alone.lead();
    alone.take(holds({from: 2, to: 1, term: 10}, 3));
    expect([alone.node.role, alone.node.commitIndex]).toEqual(["leader", 3]);
    alone.take(answersHeartbeat({from: 2, to: 1, term: 10}, 1));
    expect(alone.readStates).toEqual([]);
  });
});

describe("a read is stale", () => {
  const stale = /linearizable reads/;

  // n1 committed an entry with n3's help, and is gone. n2 has the entry, not the news, and is elected.
  const freshLeader = (rules: Partial<RaftRules>): Cluster => {
    const cluster = new Cluster({size: 3, rules});
    cluster.elect(1);
    cluster.propose(1, "x");
    cluster.settle((message) => message.kind === "AppendEntries" && message.leaderCommit > 1);
    expect([cluster.node(1).commitIndex, cluster.node(2).commitIndex]).toEqual([2, 1]);
    cluster.isolate(1);
    cluster.campaign(2);
    cluster.settle(({kind}) => kind === "AppendEntries");
    expect(cluster.node(2).role).toBe("leader");
    cluster.readIndex(2, 7);
    cluster.settle();
    return cluster;
  };

  it("if a new leader answers before it has committed an entry of its term (etcd #7331, tikv #6340)", () => {
    expect(() => freshLeader({mayTakeReads: () => true})).toThrow(stale);
    const cluster = freshLeader({});
    expect(cluster.member(2).readStates).toEqual([]);
    cluster.tick(2);
    cluster.settle();
    expect(cluster.member(2).readStates).toEqual([{index: 3, context: 7}]);
  });

  const deposed = (rules: Partial<RaftRules>): Cluster => {
    const cluster = new Cluster({size: 3, rules});
    cluster.elect(1);
    cluster.isolate(1);
    cluster.elect(2);
    cluster.readIndex(1, 7);
    cluster.settle();
    return cluster;
  };

  it("if a leader answers without asking a quorum (consul #54)", () => {
    expect(() => deposed({mayServeRead: () => true})).toThrow(stale);
    expect(deposed({}).member(1).readStates).toEqual([]);
  });
});

// These are no faults of this code: a lease is as etcd has it, and so are its weaknesses. They need no bad clock.
describe("a lease-based read", () => {
  const staleness = (run: () => unknown): boolean => {
    try {
      run();
    } catch (error) {
      if (error instanceof Error && error.message.startsWith("linearizable reads")) return true;
      throw error;
    }
    return false;
  };

  it("is answered at once, without a message, once an entry of the term is committed", () => {
    const alone = aloneAs("leader", {config: {checkQuorum: true, readOnly: "leaseBased"}});
    alone.node.readIndex(7);
    expect([alone.drain(), alone.readStates]).toEqual([[], []]);
    alone.take(holds(from2, 1));
    expect(alone.readStates).toEqual([{index: 1, context: 7}]);
    alone.node.readIndex(8);
    expect([alone.drain(), alone.readStates.length]).toEqual([[], 2]);
  });

  // All clocks tick together. The leader is cut off one tick after it counted its quorum; `ticks` later it is asked.
  const cutOff = (ticks: number, config: Partial<RaftConfig>): Cluster => {
    const cluster = new Cluster({size: 3, config});
    const tickAll = (): void => {
      for (const id of [1, 2, 3]) cluster.tick(id);
      cluster.settle();
    };
    cluster.elect(1);
    for (let tick = 0; tick < electionTicks + 1; tick++) tickAll();
    cluster.isolate(1);
    cluster.act(2, (node) => node.setElectionTimeout(electionTicks));
    for (let tick = 0; tick < ticks; tick++) {
      tickAll();
      if (cluster.node(2).role === "leader") cluster.propose(2, "new");
      cluster.settle();
    }
    cluster.readIndex(1, 1);
    cluster.settle();
    return cluster;
  };

  for (const preVote of [false, true]) {
    it(`can be stale for an election timeout after the leader was cut off (raft #166), ${preVote ? "with" : "without"} pre-vote`, () => {
      const staleAt = (readOnly: "safe" | "leaseBased"): readonly number[] => {
        const config = {checkQuorum: true, preVote, readOnly};
        const ticks = Array.from({length: 3 * electionTicks}, (_, tick) => tick);
        return ticks.filter((tick) => staleness(() => cutOff(tick, config)));
      };
      // Its credit lasts up to two election timeouts from the last answer; the others wait for one.
      expect(staleAt("leaseBased")).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18]);
      expect(staleAt("safe")).toEqual([]);
    });
  }

  it("is stale at once after leadership was handed over (raft #99, etcd #12704)", () => {
    const handedOver = (config: Partial<RaftConfig>): void => {
      const cluster = new Cluster({size: 3, config});
      cluster.elect(1);
      cluster.transfer(1, 2);
      cluster.takeReady(1);
      // n2 is told, and then n1 is cut off; n3 votes in spite of the lease.
      cluster.deliver(cluster.messages.findIndex(({kind}) => kind === "TimeoutNow"));
      cluster.isolate(1);
      cluster.settle();
      expect(cluster.roles()).toEqual(["leader 1", "leader 2", "follower 2"]);
      cluster.readIndex(1, 1);
      cluster.settle();
    };
    expect(staleness(() => handedOver(leased))).toBe(true);
    expect(staleness(() => handedOver({checkQuorum: true}))).toBe(false);
  });
});
