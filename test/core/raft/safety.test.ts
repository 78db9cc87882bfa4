// Raft's five safety properties (Figure 3) under any interleaving, and that replacing one decision breaks one of them.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import {describeReady} from "../../../core/raft/describe.ts";
import type {RawNode} from "../../../core/raft/rawNode.ts";
import type {RaftRules} from "../../../core/raft/rules.ts";
import {Cluster} from "./cluster.ts";
import {electionTicks, numbers, termsOf} from "./notation.ts";
import {firstBroken, wander} from "./wander.ts";
import type {WanderOptions} from "./wander.ts";

const walk = fc.record({seed: fc.nat(), size: fc.constantFrom(3, 4, 5), wild: fc.boolean()});

describe("under any order of delivery, loss, duplicates, slow disks and crashes", () => {
  it("keeps election safety, leader append-only, log matching, leader completeness, state machine safety; reads are not stale", () => {
    let commits = 0;
    let reads = 0;
    let terms = 0;
    fc.assert(
      fc.property(walk, ({seed, ...options}) => {
        const {members} = wander(options, numbers(seed, 500));
        commits += Math.max(...members.map(({node}) => node.commitIndex));
        terms += Math.max(...members.map(({node}) => node.term));
        for (const member of members) reads += member.readStates.length;
      }),
      {numRuns: 200},
    );
    // A walk in which nothing happens would prove nothing.
    expect(Math.min(commits, reads, terms)).toBeGreaterThan(100);
  });

  it("elects a leader and commits again, once the network is whole", () => {
    fc.assert(
      fc.property(walk, ({seed, ...options}) => {
        const cluster = wander(options, numbers(seed, 300));
        cluster.heal();
        const before = Math.max(...cluster.members.map(({node}) => node.commitIndex));
        for (let round = 0; round < 20 * electionTicks; round++) {
          for (const {id} of cluster.members) cluster.tick(id);
          cluster.settle();
        }
        const leader = cluster.members.find(({node}) => node.role === "leader");
        cluster.propose(leader?.id ?? 1, "again");
        cluster.settle();
        const indexes = cluster.members.map(({node}) => node.commitIndex);
        expect(new Set(indexes).size).toBe(1);
        expect(indexes[0]).toBeGreaterThan(before);
        expect(new Set(cluster.members.map(({node}) => termsOf(node))).size).toBe(1);
      }),
      {numRuns: 40},
    );
  });

  it("forks into twins that go on alike", () => {
    fc.assert(
      fc.property(walk, ({seed, ...options}) => {
        const cluster = wander(options, numbers(seed, 200));
        for (const {id, node, storage} of cluster.members) {
          const draw = () => 3;
          const twins = [node.fork(storage.fork(), draw), node.fork(storage.fork(), draw)] as const;
          const before = digest(node);
          const told = twins.map((twin) => {
            for (const message of cluster.messages) if (message.to === id) twin.step(message);
            twin.tick();
            return [...describeReady(twin.ready(), {member: id, asyncStorageWrites: true}), digest(twin)];
          });
          expect(told[0]).toEqual(told[1]);
          expect(digest(node)).toBe(before);
        }
      }),
      {numRuns: 60},
    );
  });
});

describe("a replaced decision is caught:", () => {
  const replaced: readonly [
    what: string,
    rules: Partial<RaftRules>,
    claim: RegExp,
    options?: Partial<WanderOptions>,
  ][] = [
    [
      "half of the voters is enough",
      {quorumSize: (voters) => voters >> 1},
      /leader completeness|election safety/,
      {memberClaims: false},
    ],
    ["a second vote in a term", {canGrantVote: ({upToDate}) => upToDate}, /votesOncePerTerm/],
    ["a vote for any log", {isUpToDate: () => true}, /leader completeness/],
    [
      "an append that does not fit the log",
      {fitsOurLog: ({ourTerm}) => ourTerm !== undefined},
      /log matching/,
    ],
    [
      "keeping entries that conflict",
      {mustReplace: () => false},
      /state machine safety|log matching|leader completeness/,
    ],
    [
      "cutting the log for any append",
      {mustReplace: () => true},
      /was the log lost|leader completeness|would replace a committed/,
    ],
    [
      "committing beyond what was proved",
      {followerCommit: ({leaderCommit}) => leaderCommit},
      /was the log lost/,
    ],
    ["no sync at all", {mustSync: () => false}, /was the log lost|leader completeness/],
    [
      "no sync for a vote",
      {mustSync: (_before, _after, entries) => entries.length > 0},
      /election safety/,
      {wild: true},
    ],
    ["nothing waits for the sync", {mustWaitForSync: () => false}, /was the log lost|leader completeness/],
    [
      "a heartbeat with the leader's commit index",
      {heartbeatCommit: ({commitIndex}) => commitIndex},
      /was the log lost/,
    ],
    [
      "a vote of an older term",
      {isOutdated: (kind) => kind !== "RequestVoteResponse"},
      /election safety|leader completeness/,
    ],
    [
      "an append of an older term's leader",
      {isOutdated: (kind) => kind !== "AppendEntries"},
      /leader completeness|log matching|state machine safety|would replace a committed/,
      {memberClaims: false},
    ],
    [
      "a vote that comes twice",
      {ballotOf: ({voter, voters, answered}) => voters.find((one) => !answered.has(one)) ?? voter},
      /election safety|leader completeness/,
      {size: 5},
    ],
    [
      "an acknowledgement taken for one of the whole log",
      {matchedBy: ({lastIndex}) => lastIndex},
      /was the log lost|leader completeness/,
      {memberClaims: false},
    ],
    [
      "a leader that counts itself before its disk is done",
      {mayCountUnsynced: () => true},
      /was the log lost|leader completeness/,
      {memberClaims: false},
    ],
    [
      "what was not handed out counted as applied",
      {appliedAfter: ({commitIndex}) => commitIndex},
      /state machine safety|applied|out of order/,
    ],
    ["reads before the term's first commit", {mayTakeReads: () => true}, /linearizable reads/],
    ["reads without asking a quorum", {mayServeRead: () => true}, /linearizable reads/],
  ];
  for (const [what, rules, claim, options] of replaced) {
    it(what, () => {
      const broken = firstBroken({size: 3, rules, ...options}, {seeds: 4000, length: 600});
      expect(broken?.said ?? "nothing was broken").toMatch(claim);
    });
  }

  // Figure 8. Entry 2/2 reaches a majority only in term 4, by which time S5 can still be elected without it.
  const figure8 = (rules: Partial<RaftRules>) => {
    const cluster = new Cluster({
      size: 5,
      logs: ["1", "1", "1", "1", "1"],
      config: {messageBytesMax: 0},
      rules: (id) => (id === 1 ? rules : {}),
      memberClaims: false,
    });
    for (const id of [3, 4, 5]) cluster.cut(2, id);
    const isVote = (kind: string) => kind.startsWith("RequestVote");
    // (a) S1 leads term 2 and replicates 2/2 to S2 only.
    cluster.campaign(1);
    cluster.settle(({kind, to}) => !isVote(kind) && to !== 1 && to !== 2);
    expect(cluster.members.map(({node}) => termsOf(node))).toEqual(["1 2", "1 2", "1", "1", "1"]);
    // (b) S1 crashes; S5 leads term 3 with the votes of S3 and S4, and takes another entry at 2.
    cluster.restart(1);
    cluster.campaign(5);
    cluster.settle(({kind, to}) => to === 1 || (!isVote(kind) && to !== 5));
    // (c) S5 crashes; S1 leads term 4 and goes on to replicate 2/2, to S3 now; its own entry gets to S2 only.
    cluster.restart(5);
    while (cluster.node(1).term < 3) cluster.campaign(1);
    cluster.settle(() => true);
    cluster.campaign(1);
    cluster.settle((message) => {
      if (message.to === 4 || message.to === 5) return !isVote(message.kind) || message.to === 5;
      return message.kind === "AppendEntries" && message.to === 3 && cluster.node(3).lastIndex === 2;
    });
    expect(cluster.members.map(({node}) => termsOf(node))).toEqual(["1 2 4", "1 2 4", "1 2", "1", "1 3"]);
    // (d) S1 crashes; S5 leads term 5, for S3 and S4 find its log newer, and overwrites 2/2.
    cluster.restart(1);
    cluster.heal();
    cluster.isolate(1);
    while (cluster.node(5).role !== "leader") cluster.elect(5);
    return cluster;
  };

  it("an entry of an older term committed by counting replicas (Figure 8)", () => {
    expect(() => figure8({mayCommit: () => true})).toThrow(
      "leader completeness: n5 leads term 5 without committed entry 2/2",
    );
    const cluster = figure8({});
    expect(cluster.members.map(({node}) => termsOf(node))).toEqual([
      "1 2 4",
      "1 3 5",
      "1 3 5",
      "1 3 5",
      "1 3 5",
    ]);
  });

  // n1 holds 2/2, not synced, asks for votes with it, crashes, and asks again in the same term without it. The answer
  // to its first question makes it leader. etcd's asynchronous mode lets such a request go before the sync.
  const hastyCandidate = (rules: Partial<RaftRules>) => {
    const cluster = new Cluster({size: 3, logs: ["1", "1", "1"], rules});
    cluster.campaign(3);
    cluster.settle(({kind}) => kind === "AppendEntries");
    cluster.tick(3);
    cluster.settle(({kind, to}) => kind === "AppendEntries" && to === 1);
    expect(cluster.node(3).commitIndex).toBe(2);
    // The next beat reaches n1, which has the entry now, but whose disk is slow.
    cluster.takeReady(3);
    cluster.tick(3);
    cluster.act(1, (node) =>
      node.step({
        kind: "AppendEntries",
        from: 3,
        to: 1,
        term: 2,
        prevLogIndex: 1,
        prevLogTerm: 1,
        entries: [entryAt(cluster.node(3), 2)],
        leaderCommit: 1,
      }),
    );
    cluster.campaign(1);
    cluster.takeReady(1);
    const early = cluster.messages.findIndex(({kind, to}) => kind === "RequestVote" && to === 2);
    if (early >= 0) cluster.deliver(early);
    cluster.messages = [];
    cluster.takeReady(2);
    while (cluster.member(2).works.length > 0) cluster.write(2);
    const answers = cluster.messages;
    cluster.restart(1);
    cluster.campaign(1);
    cluster.takeReady(1);
    while (cluster.member(1).works.length > 0) cluster.write(1);
    cluster.messages = answers;
    while (cluster.messages.length > 0) cluster.deliver(0);
    return cluster;
  };

  it("a request for votes that does not wait for the sync", () => {
    const hasty = {
      mustWaitForSync: (kind: string) => kind === "RequestVoteResponse" || kind === "AppendEntriesResponse",
    };
    expect(() => hastyCandidate(hasty)).toThrow(
      "leader completeness: n1 leads term 3 without committed entry 2/2",
    );
    expect(hastyCandidate({}).node(1).role).toBe("candidate");
  });
});

function entryAt(node: RawNode, index: number) {
  const entry = node.entryAt(index);
  if (entry === undefined) throw new Error(`n${node.id} has no entry ${index}`);
  return entry;
}

function digest(node: RawNode): string {
  const hasher = new Hasher();
  node.digest(hasher);
  return hasher.hash();
}
