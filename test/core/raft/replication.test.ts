// The machinery around the paper: flow control, the disk, forwarding. After etcd's raft_test.go,
// raft_flow_control_test.go and the interaction scripts named at each test.

import {describe, expect, it} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import {describeMessage, describeReady} from "../../../core/raft/describe.ts";
import {digestMessage} from "../../../core/raft/digest.ts";
import type {RaftNote} from "../../../core/raft/notes.ts";
import {Cluster} from "./cluster.ts";
import {
  Alone,
  acknowledge,
  append,
  asks,
  bytes,
  config,
  countingDraw,
  electionTicks,
  granted,
  holds,
  log,
  members,
  only,
  persist,
  termsOf,
} from "./notation.ts";
import {confState} from "../../../core/raft/confState.ts";
import {MemoryStorage, genesis} from "../../../core/raft/memoryStorage.ts";
import {RawNode} from "../../../core/raft/rawNode.ts";
import {raftRules} from "../../../core/raft/rules.ts";

const from2 = {from: 2, to: 1, term: 1};
const from3 = {from: 3, to: 1, term: 1};

/** What a progress says that is as it began. */
const news = {
  isLearner: false,
  pendingSnapshot: 0,
  recentActive: false,
  sentCommit: 0,
  inflightFull: false,
};

describe("progress", () => {
  it("sends one append to a probed follower, and waits", () => {
    const alone = new Alone();
    expect(only(alone.lead(), "AppendEntries").length).toBe(2);
    expect([...alone.propose("a"), ...alone.propose("b")]).toEqual([]);
    expect(alone.node.progress()[1]).toEqual({
      member: 2,
      state: "probe",
      matchIndex: 0,
      nextIndex: 1,
      paused: true,
      inflight: 0,
      ...news,
    });
  });

  it("sends many to a replicating follower, running ahead of its answers", () => {
    const alone = new Alone();
    alone.lead();
    alone.take(holds(from2, 1));
    alone.propose("a");
    alone.propose("b");
    expect(alone.node.progress()[1]).toEqual({
      member: 2,
      state: "replicate",
      matchIndex: 1,
      nextIndex: 4,
      paused: false,
      inflight: 2,
      ...news,
      recentActive: true,
      sentCommit: 1,
    });
  });

  it("stops when the window is full, and goes on when an answer frees it", () => {
    const alone = new Alone({config: {inflightMax: 2}});
    alone.lead();
    alone.take(holds(from2, 1));
    const to2 = (said: readonly {to: number}[]) => said.filter(({to}) => to === 2).length;
    expect(to2(alone.propose("a")) + to2(alone.propose("b"))).toBe(2);
    expect(to2(alone.propose("c"))).toBe(0);
    expect(alone.node.progress()[1]).toMatchObject({paused: true, inflight: 2, nextIndex: 4});
    const sent = only(alone.take(holds(from2, 2)), "AppendEntries").filter(({to}) => to === 2);
    expect(sent.flatMap(({entries}) => entries.map(({index}) => index))).toContain(4);
  });

  it("sends one empty append per heartbeat answer while the window is full (replicate_pause)", () => {
    const alone = new Alone({config: {inflightMax: 1}});
    alone.lead();
    alone.take(holds(from2, 1));
    alone.propose("a");
    expect(alone.propose("b").filter(({to}) => to === 2)).toEqual([]);
    const sent = alone.take({kind: "HeartbeatResponse", ...from2, readPosition: 0});
    expect(sent).toMatchObject([{kind: "AppendEntries", to: 2, entries: [], prevLogIndex: 2}]);
  });

  it("goes back to probing after a report that a follower is unreachable, and recovers by a heartbeat", () => {
    const alone = new Alone();
    alone.lead();
    alone.take(holds(from2, 1));
    alone.propose("a");
    alone.node.reportUnreachable(2);
    expect(alone.node.progress()[1]).toMatchObject({
      state: "probe",
      matchIndex: 1,
      nextIndex: 2,
      inflight: 0,
    });
    alone.node.reportUnreachable(9);
    const sent = alone.take({kind: "HeartbeatResponse", ...from2, readPosition: 0});
    expect(sent).toMatchObject([{kind: "AppendEntries", prevLogIndex: 1, entries: [{index: 2}]}]);
    alone.take(holds(from2, 2));
    expect(alone.node.progress()[1]).toMatchObject({state: "replicate", matchIndex: 2});
  });

  it("lets a follower that has everything return from probing by a heartbeat (heartbeat_resp_recovers_from_probing)", () => {
    const alone = new Alone();
    alone.lead();
    alone.take(holds(from2, 1));
    alone.node.reportUnreachable(2);
    const sent = alone.take({kind: "HeartbeatResponse", ...from2, readPosition: 0});
    expect(sent).toMatchObject([{kind: "AppendEntries", prevLogIndex: 1, entries: []}]);
    alone.take(holds(from2, 1));
    expect(alone.node.progress()[1]).toMatchObject({state: "replicate", matchIndex: 1});
  });

  it("tells a follower what was committed while it could be told nothing (lagging_commit)", () => {
    const alone = new Alone();
    alone.lead();
    alone.take(holds(from2, 1));
    const sent = alone.take(holds(from3, 1));
    expect(sent).toMatchObject([{kind: "AppendEntries", to: 3, entries: [], leaderCommit: 1}]);
  });

  it("is not moved below what is known to match by a refusal that comes late", () => {
    const alone = new Alone();
    alone.lead();
    alone.take(holds(from2, 1));
    alone.propose("a");
    alone.take(holds(from2, 2));
    const late = {
      kind: "AppendEntriesResponse",
      ...from2,
      success: false,
      index: 1,
      hintIndex: 0,
      hintTerm: 0,
    } as const;
    expect(alone.take(late)).toEqual([]);
    expect(alone.node.progress()[1]).toMatchObject({state: "replicate", matchIndex: 2, nextIndex: 3});
  });

  it("is not moved by a refusal of another probe than the last", () => {
    const alone = new Alone({log: "1 1 1"});
    alone.lead();
    const old = {
      kind: "AppendEntriesResponse",
      ...from2,
      term: 2,
      success: false,
      index: 2,
      hintIndex: 0,
      hintTerm: 0,
    } as const;
    expect(alone.take(old)).toEqual([]);
    expect(alone.node.progress()[1]).toMatchObject({state: "probe", nextIndex: 4});
  });

  it("does not fall for acknowledgements that come in the wrong order", () => {
    const alone = new Alone();
    alone.lead();
    alone.propose("a", "b");
    alone.take(holds(from2, 3), holds(from2, 1));
    expect(alone.node.progress()[1]).toMatchObject({matchIndex: 3, nextIndex: 4});
  });

  it("puts no more than messageBytesMax into an append, but always one entry", () => {
    const alone = new Alone({config: {messageBytesMax: 15}});
    alone.lead();
    alone.propose("a", "b", "c", "x".repeat(100), "d");
    const sent = only(alone.take(holds(from2, 1)), "AppendEntries").filter(({to}) => to === 2);
    expect(sent.map(({entries}) => entries.map(({index}) => index))).toEqual([[2, 3], [4], [5], [6]]);
  });

  it("tells a follower of a newer commit index at once, and only once", () => {
    const alone = new Alone({size: 3});
    alone.lead();
    const first = only(alone.take(holds(from2, 1)), "AppendEntries");
    expect(first.map(({to, leaderCommit, entries}) => [to, leaderCommit, entries.length])).toContainEqual([
      2, 1, 0,
    ]);
    expect(alone.take(holds(from2, 1))).toEqual([]);
  });

  it("tells in a heartbeat no more of the commit index than the follower is known to hold", () => {
    const alone = new Alone();
    alone.lead();
    alone.propose("a");
    alone.take(holds(from2, 2));
    expect(only(alone.ticks(1), "Heartbeat").map(({to, commit}) => [to, commit])).toEqual([
      [2, 2],
      [3, 0],
    ]);
  });

  it("never lets a heartbeat move a commit index back", () => {
    const alone = new Alone({log: "1 1", hard: {commit: 2}});
    alone.take({kind: "Heartbeat", ...from2, commit: 1, readPosition: 0});
    expect(alone.node.commitIndex).toBe(2);
    expect(() => alone.take({kind: "Heartbeat", ...from2, commit: 3, readPosition: 0})).toThrow(
      "was the log lost?",
    );
  });
});

describe("the disk", () => {
  it("holds a vote, an acknowledgement and a request for votes until what they claim is durable", () => {
    const {node} = new Alone();
    node.step(asks(from2, 0, 0));
    const vote = node.ready();
    expect(vote.messages).toEqual([]);
    expect(vote.append).toMatchObject({
      mustSync: true,
      hardState: {term: 1, votedFor: 2},
      messages: [{kind: "RequestVoteResponse"}],
    });
    node.step(append(from2, "1", 0));
    expect(node.ready()).toMatchObject({
      messages: [],
      append: {mustSync: true, messages: [{kind: "AppendEntriesResponse"}]},
    });
    node.campaign();
    expect(node.ready()).toMatchObject({
      messages: [],
      append: {
        mustSync: true,
        messages: [
          // Its own vote, too, counts once it is durable.
          {kind: "RequestVoteResponse", to: 1},
          {kind: "RequestVote", to: 2},
          {kind: "RequestVote", to: 3},
        ],
      },
    });
  });

  it("replicates before its own disk has the entry, and does not count itself until then (thesis §10.2.1)", () => {
    const {node, storage} = new Alone();
    node.campaign();
    const asked = node.ready().append;
    if (asked === undefined) throw new Error("a campaign is to be persisted");
    persist(asked, storage);
    acknowledge(asked, node);
    node.step(granted(from2));
    const opened = node.ready();
    expect(opened.messages.map(({kind}) => kind)).toEqual(["AppendEntries", "AppendEntries"]);
    expect(node.progress()[0]).toMatchObject({member: 1, matchIndex: 0});
    node.step(holds(from2, 1));
    expect(node.commitIndex).toBe(0);
    if (opened.append === undefined) throw new Error("the entry is to be persisted");
    persist(opened.append, storage);
    acknowledge(opened.append, node);
    expect(node.commitIndex).toBe(1);
  });

  it("may commit with a quorum of the others first, but applies only what its own disk has", () => {
    const {node, storage} = new Alone();
    node.campaign();
    const asked = node.ready().append;
    if (asked === undefined) throw new Error("a campaign is to be persisted");
    persist(asked, storage);
    acknowledge(asked, node);
    node.step(granted(from2));
    const {append: work} = node.ready();
    node.step(holds(from2, 1));
    node.step(holds(from3, 1));
    expect(node.commitIndex).toBe(1);
    expect(node.ready().apply).toEqual([]);
    if (work === undefined) throw new Error("the entry is to be persisted");
    persist(work, storage);
    acknowledge(work, node);
    expect(node.ready().apply.map(({index}) => index)).toEqual([1]);
  });

  it("needs no sync for a commit index alone", () => {
    const alone = new Alone({log: "1"});
    alone.take(append(from2, "1", 0));
    alone.node.step(append(from2, "1", 0, 1));
    expect(alone.node.ready().append).toMatchObject({mustSync: false, hardState: {commit: 1}, entries: []});
  });

  // async_storage_writes_append_aba_race: 2/1 is appended, overwritten by a leader of term 2, and appended again by
  // one of term 3, while the disk is still at the first. Its receipt must not speak for the third.
  const aba = (rules: Partial<typeof raftRules>) => {
    const alone = new Alone({log: "1", rules});
    const {node} = alone;
    const works = [];
    node.step(append(from2, "1 1", 1));
    works.push(node.ready().append);
    node.step({...append({from: 3, to: 1, term: 2}, "1 2", 1)});
    works.push(node.ready().append);
    node.step({...append({from: 2, to: 1, term: 3}, "1 1 3", 1)});
    works.push(node.ready().append);
    return {storage: alone.storage, node, works};
  };

  it("ignores a receipt of an older term, whose entries may have been overwritten and come back (ABA)", () => {
    const {node, storage, works} = aba({});
    for (const [i, work] of works.entries()) {
      if (work === undefined) throw new Error("each append is to be persisted");
      persist(work, storage);
      acknowledge(work, node);
      expect(node.unstableFrom).toBe(i === 2 ? 4 : 2);
    }
    expect(termsOf(node)).toBe("1 1 3");
  });

  it("would take the wrong entry for durable if it did not", () => {
    const {node, storage, works} = aba({mayTrustReceipt: () => true});
    const [first, second] = works;
    if (first === undefined || second === undefined) throw new Error("each append is to be persisted");
    persist(first, storage);
    acknowledge(first, node);
    persist(second, storage);
    expect(termsOf(node)).not.toBe("1 1 3");
  });

  it("does not take an entry for durable whose place another had when the work was made", () => {
    const {node, storage} = new Alone();
    node.step(append(from2, "1 1", 0));
    const first = node.ready().append;
    // The term is news, and must be persisted; the receipt speaks of 2/1, which is still being written.
    node.step(asks({from: 3, to: 1, term: 2}, 2, 1));
    const second = node.ready().append;
    node.step(append({from: 3, to: 1, term: 2}, "1 2", 1));
    if (first === undefined || second === undefined) throw new Error("both are to be persisted");
    persist(first, storage);
    acknowledge(first, node);
    acknowledge(second, node);
    expect(second.receipt).toMatchObject({term: 2, last: {index: 2, term: 1}});
    expect(node.unstableFrom).toBe(1);
  });

  it("keeps an entry the same object from append to storage, until it is overwritten", () => {
    const alone = new Alone();
    alone.node.step(append(from2, "1 1", 0));
    const unstable = alone.node.entryAt(2);
    alone.drain();
    expect(alone.node.entryAt(2)).toBe(unstable);
    alone.take(append({...from2, term: 2}, "1 2", 1));
    expect(alone.node.entryAt(2)).not.toBe(unstable);
  });

  it("never writes to messages and work that it has handed out", () => {
    const alone = new Alone();
    alone.node.step(append(from2, "1 1 1", 0));
    const work = alone.node.ready().append;
    alone.node.step(append({...from2, term: 2}, "2", 0));
    alone.node.ready();
    expect(work?.entries.map(({term}) => term)).toEqual([1, 1, 1]);
  });

  it("refuses to start when the log ends before the commit index", () => {
    expect(() => new Alone({log: "1", hard: {commit: 2}})).toThrow("was the log lost?");
  });

  it("does not apply again what its store has already", () => {
    const storage = new MemoryStorage(genesis(confState(members(3))));
    storage.append(log("1 1"));
    storage.setHardState({term: 1, votedFor: 0, commit: 2});
    const node = new RawNode({config: config(1), rules: raftRules, storage, draw: () => 0, applied: 1});
    expect(node.ready().apply.map(({index}) => index)).toEqual([2]);
  });

  it("knows that what its store has applied was committed, though that commit index was not synced", () => {
    const storage = new MemoryStorage(genesis(confState(members(3))));
    storage.append(log("1"));
    storage.setHardState({term: 1, votedFor: 0, commit: 0});
    const node = new RawNode({config: config(1), rules: raftRules, storage, draw: () => 0, applied: 1});
    expect([node.commitIndex, node.lastApplied]).toEqual([1, 1]);
    expect(node.ready().apply).toEqual([]);
  });
});

describe("proposals", () => {
  it("are handed on by a follower to its leader", () => {
    const cluster = new Cluster({size: 3});
    cluster.elect(1);
    cluster.propose(3, "x");
    cluster.settle();
    expect(cluster.node(2).entryAt(2)?.data).toEqual(bytes("x"));
  });

  it("are dropped by a candidate, and by a follower that knows no leader", () => {
    const {node} = new Alone();
    expect(node.propose([bytes("x")])).toEqual({ok: false, error: "proposalDropped"});
    node.campaign();
    expect(node.propose([bytes("x")])).toEqual({ok: false, error: "proposalDropped"});
  });
});

describe("the door", () => {
  it("drops what is for another, and an answer from a stranger, and notes why", () => {
    const notes: RaftNote[] = [];
    const alone = new Alone({notes: {note: (note) => notes.push(note)}});
    const before = notes.length;
    expect(alone.node.step(append({from: 2, to: 3, term: 1}, "1", 0))).toEqual({ok: true});
    expect(alone.node.step(holds({from: 9, to: 1, term: 1}, 1))).toEqual({ok: false, error: "peerNotFound"});
    expect(notes.slice(before).map((note) => note.kind === "messageDropped" && note.why)).toEqual([
      "notForMe",
      "unknownSender",
    ]);
    expect(alone.node.term).toBe(0);
  });

  it("notes whose follower it became", () => {
    const notes: RaftNote[] = [];
    const alone = new Alone({notes: {note: (note) => notes.push(note)}});
    alone.take(append(from2, "1", 0));
    expect(notes.at(-1)).toEqual({kind: "becameFollower", member: 1, term: 1, leader: 2});
  });

  it("notes what a commit was made of", () => {
    const notes: RaftNote[] = [];
    const alone = new Alone({size: 5, notes: {note: (note) => notes.push(note)}});
    alone.lead();
    alone.take(holds({...from2, from: 4}, 1), holds({...from2, from: 2}, 1));
    expect(notes.filter(({kind}) => kind === "committed")).toEqual([
      {kind: "committed", member: 1, term: 1, index: 1, by: [1, 2, 4]},
    ]);
  });

  it("has nothing ready until something happened", () => {
    const alone = new Alone({log: "1"});
    expect(alone.node.hasReady()).toBe(false);
    alone.node.tick();
    expect(alone.node.hasReady()).toBe(false);
  });

  for (const [what, broken] of [
    ["electionTicks", {electionTicks: 1}],
    ["heartbeatTicks", {heartbeatTicks: 0}],
    ["inflightMax", {inflightMax: 0}],
    ["inflightBytesMax", {inflightBytesMax: 1}],
    ["checkQuorum", {readOnly: "leaseBased"}],
  ] as const) {
    it(`refuses a configuration with a bad ${what}`, () => {
      expect(() => new Alone({config: broken})).toThrow(what);
    });
  }

  it("forks into a twin that does the same when told the same, and does not feel what the other is told", () => {
    const alone = new Alone({size: 3});
    alone.lead();
    alone.take(holds(from2, 1));
    alone.node.propose([bytes("x")]);
    alone.node.readIndex(3);
    const digest = (node: RawNode) => {
      const hasher = new Hasher();
      node.digest(hasher);
      return hasher.hash();
    };
    const twin = alone.node.fork(alone.storage.fork(), countingDraw());
    const before = digest(twin);
    expect(before).toBe(digest(alone.node));
    const told = (node: RawNode) => {
      node.step(holds(from2, 2));
      node.step({kind: "HeartbeatResponse", ...from2, readPosition: 1});
      return describeReady(node.ready(), {member: 1, asyncStorageWrites: true});
    };
    const said = told(alone.node);
    alone.drain();
    alone.ticks(electionTicks);
    expect(digest(twin)).toBe(before);
    expect(told(twin)).toEqual(said);
  });

  it("has another digest whenever something that decides its future differs, and the same for equal ones", () => {
    const digest = (alone: Alone) => {
      const hasher = new Hasher();
      alone.node.digest(hasher);
      return hasher.hash();
    };
    const ticked = new Alone({log: "1", draw: () => 0});
    ticked.node.tick();
    const different = [
      new Alone({log: "1", draw: () => 0}),
      new Alone({log: "1", draw: () => 1}),
      new Alone({log: "1", draw: () => 0, hard: {votedFor: 2}}),
      new Alone({log: "1", draw: () => 0, hard: {votedFor: 3}}),
      new Alone({log: "1", draw: () => 0, hard: {term: 2}}),
      new Alone({log: "1", draw: () => 0, hard: {commit: 1}}),
      new Alone({log: "1 1", draw: () => 0}),
      ticked,
    ];
    expect(new Set(different.map(digest)).size).toBe(different.length);
    expect(digest(new Alone({log: "1", draw: () => 0}))).toBe(digest(new Alone({log: "1", draw: () => 0})));
  });

  it("describes a message in a line, and digests it by all that it says", () => {
    const message = append({from: 1, to: 3, term: 2}, "1 1 2", 1, 2);
    expect(describeMessage(message)).toBe(
      '1->3 MsgApp Term:2 Log:1/1 Commit:2 Entries:[\n  1/2 EntryNormal "2/1"\n  2/3 EntryNormal "3/2"\n]',
    );
    const digest = (of: typeof message) => {
      const hasher = new Hasher();
      digestMessage(of, hasher);
      return hasher.hash();
    };
    const variants = [
      message,
      {...message, term: 3},
      append({from: 1, to: 3, term: 2}, "1 1 2", 2, 2),
      append({from: 1, to: 3, term: 2}, "1 1 1", 1, 2),
    ];
    expect(new Set(variants.map(digest)).size).toBe(variants.length);
  });
});
