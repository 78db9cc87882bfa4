// The door: what comes in and what a Ready holds. After etcd's rawnode_test.go and the parts of node_test.go that have no
// channels in them.

import {describe, expect, it} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import type {ConfChange} from "../../../core/raft/confChange.ts";
import {leaveJoint} from "../../../core/raft/confChange.ts";
import {confState} from "../../../core/raft/confState.ts";
import type {Entry} from "../../../core/raft/entry.ts";
import {encodedBytes, noData, payloadBytes} from "../../../core/raft/entry.ts";
import {genesis, MemoryStorage} from "../../../core/raft/memoryStorage.ts";
import type {Message} from "../../../core/raft/message.ts";
import type {RaftNote} from "../../../core/raft/notes.ts";
import {RawNode} from "../../../core/raft/rawNode.ts";
import {raftRules} from "../../../core/raft/rules.ts";
import {changes, conf} from "./changes.ts";
import {Cluster} from "./cluster.ts";
import {entriesFrom, snapshotAt} from "./entries.ts";
import {ack, appendsTo, leading, modes} from "./leading.ts";
import {
  Alone,
  applyEntries,
  bytes,
  changeIn,
  config,
  countingDraw,
  entry,
  holds,
  log,
  persist,
} from "./notation.ts";

function boot(
  storage: MemoryStorage,
  mode: boolean,
  more: {applied?: number; applyingBytesMax?: number} = {},
) {
  const {applied = 0, applyingBytesMax = 0} = more;
  return new RawNode({
    config: config(1, {asyncStorageWrites: mode, applyingBytesMax}),
    rules: raftRules,
    storage,
    draw: countingDraw(),
    applied,
  });
}

function v1(text: string): ConfChange {
  return {version: 1, transition: "auto", changes: changes(text), context: noData};
}

function v2(transition: ConfChange["transition"], text: string): ConfChange {
  return {version: 2, transition, changes: changes(text), context: bytes("why")};
}

const indexes = (entries: readonly Entry[]) => entries.map(({index}) => index);

describe("a node is told", () => {
  const address = {from: 9, to: 1, term: 1};
  const answers: readonly Message[] = [
    {kind: "RequestVoteResponse", ...address, voteGranted: true},
    {kind: "PreVoteResponse", ...address, voteGranted: true},
    holds(address, 1),
    {kind: "HeartbeatResponse", ...address, readPosition: 0},
    {kind: "ReadIndexResponse", ...address, index: 1, context: 7},
  ];

  it.each(answers)("no $kind by one that is no member", (message) => {
    const {node} = leading({});
    const before = node.progress();
    expect(node.step(message)).toEqual({ok: false, error: "peerNotFound"});
    expect(node.progress()).toEqual(before);
    expect(node.step({...message, from: 2}).ok).toBe(true);
  });

  it("of a vote, a leader or a proposal by one that is no member: it may not have heard yet that it is one", () => {
    const vote = new Alone();
    vote.take({
      kind: "RequestVote",
      from: 9,
      to: 1,
      term: 3,
      lastLogIndex: 0,
      lastLogTerm: 0,
      transfer: false,
    });
    expect(vote.node.votedFor).toBe(9);
    const heard = new Alone();
    heard.take({kind: "Heartbeat", from: 9, to: 1, term: 3, commit: 0, readPosition: 0});
    expect(heard.node.leader).toBe(9);
    const leader = leading({});
    const proposals = [{type: "normal" as const, data: bytes("x")}];
    expect(leader.node.step({kind: "Propose", from: 9, to: 1, term: 0, proposals}).ok).toBe(true);
    expect(leader.node.lastIndex).toBe(2);
  });

  it("nothing that is for another", () => {
    const notes: RaftNote[] = [];
    const {node} = leading({notes: {note: (note) => void notes.push(note)}});
    node.step({kind: "Heartbeat", from: 2, to: 3, term: 9, commit: 0, readPosition: 0});
    expect(node.term).toBe(1);
    expect(notes.at(-1)).toMatchObject({kind: "messageDropped", why: "notForMe"});
  });

  it("proposals of at least one command", () => {
    expect(() => leading({}).node.propose([])).toThrow("at least one command");
  });

  it.each([false, true])(
    "proposals as a follower, which it hands on unless that is disabled: %s",
    (disabled) => {
      const alone = new Alone({config: {disableProposalForwarding: disabled}});
      alone.take({kind: "Heartbeat", from: 2, to: 1, term: 1, commit: 0, readPosition: 0});
      expect(alone.node.propose([bytes("x")]).ok).toBe(!disabled);
      expect(alone.drain().map(({kind, to}) => [kind, to])).toEqual(disabled ? [] : [["Propose", 2]]);
    },
  );

  it("of another's read as one that leads no more, which it drops: the asker asks again", () => {
    const notes: RaftNote[] = [];
    const alone = leading({notes: {note: (note) => void notes.push(note)}});
    alone.take({kind: "Heartbeat", from: 3, to: 1, term: 2, commit: 0, readPosition: 0});
    expect(alone.take({kind: "ReadIndex", from: 2, to: 1, term: 0, context: 7})).toEqual([]);
    expect(notes.at(-1)).toMatchObject({kind: "messageDropped", why: "wrongRole"});
  });
});

describe.each(modes)("a node, %s,", (_, mode) => {
  it("that starts has nothing to do, and then what its election makes", () => {
    const storage = new MemoryStorage(genesis(confState([1])));
    const node = boot(storage, mode);
    expect(node.hasReady()).toBe(false);
    node.campaign();
    const ready = node.ready();
    expect(ready).toMatchObject({
      softState: {leader: 0, role: "candidate"},
      messages: [],
      append: {hardState: {term: 1, votedFor: 1, commit: 0}, entries: [], mustSync: true},
      apply: [],
    });
  });

  it("that restarts is handed again what was committed, and has nothing to write", () => {
    const storage = new MemoryStorage(genesis(confState([1, 2])));
    storage.append(log("1 1 1"));
    storage.setHardState({term: 1, votedFor: 2, commit: 2});
    const node = boot(storage, mode);
    expect(node.hasReady()).toBe(true);
    const {softState, messages, append, apply} = node.ready();
    expect([softState, messages, append]).toEqual([undefined, [], undefined]);
    expect(apply).toEqual(log("1 1"));
    if (mode) node.applied(apply);
    else node.advance();
    expect(node.hasReady()).toBe(false);
    expect(node.hardState()).toEqual({term: 1, votedFor: 2, commit: 2});
  });

  it("that restarts behind a snapshot is handed what was committed after it", () => {
    const storage = new MemoryStorage(snapshotAt({index: 2, term: 1}, confState([1, 2])));
    storage.append(entriesFrom(3, "1 1"));
    storage.setHardState({term: 1, votedFor: 0, commit: 3});
    const node = boot(storage, mode);
    expect(node.confState).toEqual(confState([1, 2]));
    const {append, apply} = node.ready();
    expect([append, indexes(apply)]).toEqual([undefined, [3]]);
  });

  it("that restarts is handed nothing that its state machine has already", () => {
    const storage = new MemoryStorage(genesis(confState([1, 2])));
    storage.append(log("1 1 1"));
    storage.setHardState({term: 1, votedFor: 0, commit: 3});
    expect(indexes(boot(storage, mode, {applied: 2}).ready().apply)).toEqual([3]);
    expect(boot(storage, mode, {applied: 3}).hasReady()).toBe(false);
  });

  it("that restarts is handed all that was committed, in pages, and its commit index never falls (A13)", () => {
    const storage = new MemoryStorage(genesis(confState([1])));
    const entries = Array.from({length: 11}, (_entry, i) => entry({index: i + 1, term: 1}));
    storage.append(entries);
    storage.setHardState({term: 1, votedFor: 1, commit: 10});
    const two = 2 * encodedBytes(entry({index: 1, term: 1}));
    const node = boot(storage, mode, {applyingBytesMax: two});
    const pages: number[][] = [];
    while (node.hasReady()) {
      const {append, apply} = node.ready();
      expect(append?.hardState?.commit ?? 10).toBeGreaterThanOrEqual(10);
      pages.push(indexes(apply));
      if (mode) node.applied(apply);
      else node.advance();
    }
    expect(pages.flat()).toEqual(indexes(entries.slice(0, 10)));
    expect(pages.slice(0, 4)).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
    expect(node.commitIndex).toBe(10);
  });

  it("tells of progress as a leader, and else of none", () => {
    const alone = new Alone({config: {asyncStorageWrites: mode}});
    expect(alone.node.progress()).toEqual([]);
    alone.lead();
    expect(alone.node.progress().map(({member, state}) => [member, state])).toEqual([
      [1, "replicate"],
      [2, "probe"],
      [3, "probe"],
    ]);
    expect(alone.node).toMatchObject({role: "leader", leader: 1, term: 1, commitIndex: 0, lastIndex: 1});
  });

  it("says its soft and hard state in a Ready when they changed, and not else", () => {
    const alone = new Alone({config: {asyncStorageWrites: mode}});
    alone.node.step({kind: "Heartbeat", from: 2, to: 1, term: 3, commit: 0, readPosition: 0});
    expect(alone.node.ready()).toMatchObject({
      softState: {leader: 2, role: "follower"},
      append: {hardState: {term: 3, votedFor: 0, commit: 0}},
    });
    if (!mode) alone.node.advance();
    alone.node.step({kind: "Heartbeat", from: 2, to: 1, term: 3, commit: 0, readPosition: 0});
    const next = alone.node.ready();
    expect([next.softState, next.append, next.messages.length]).toEqual([undefined, undefined, 1]);
  });

  it("never has an entry to append and to apply in one Ready, alone though it is (A10)", () => {
    const storage = new MemoryStorage(genesis(confState([1])));
    const node = boot(storage, mode);
    node.campaign();
    let proposals = 5;
    const applied: number[] = [];
    while (node.hasReady()) {
      const {append, apply} = node.ready();
      for (const {index} of apply) expect(storage.entryAt(index)).toBe(node.entryAt(index));
      if (append !== undefined) persist(append, storage);
      applied.push(...indexes(apply));
      if (mode) {
        for (const message of append?.messages ?? []) node.step(message);
        if (append?.receipt !== undefined) node.appended(append.receipt);
        node.applied(apply);
      } else {
        node.advance();
      }
      if (node.role === "leader" && proposals-- > 0) node.propose([bytes("x")]);
    }
    expect(applied).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("a leader that forgets its ticks", () => {
  it("is as if they had not been, but for what it sent", () => {
    const alone = leading({});
    const digest = (): string => {
      const into = new Hasher();
      alone.node.digest(into);
      return into.hash();
    };
    alone.take(ack(alone, 2, 1));
    alone.ticks(1);
    alone.node.forgetTicks();
    const rested = digest();
    alone.ticks(1);
    expect(digest()).not.toBe(rested);
    alone.node.forgetTicks();
    expect(digest()).toBe(rested);
  });
});

describe("a node that has one Ready at a time", () => {
  it("keeps what comes up meanwhile for the next one", () => {
    const {node} = new Alone({config: {asyncStorageWrites: false}});
    node.step({kind: "Heartbeat", from: 2, to: 1, term: 1, commit: 0, readPosition: 0});
    const {messages} = node.ready();
    node.step({kind: "Heartbeat", from: 2, to: 1, term: 1, commit: 0, readPosition: 5});
    expect(messages).toMatchObject([{readPosition: 0}]);
    node.advance();
    expect(node.ready().messages).toMatchObject([{readPosition: 5}]);
  });

  it("is not asked for the next before it advanced", () => {
    const {node} = new Alone({config: {asyncStorageWrites: false}});
    node.campaign();
    node.ready();
    expect(() => node.ready()).toThrow("before it advanced past the last one");
    node.advance();
    node.ready();
  });

  it("may advance past nothing, and takes no receipts", () => {
    const {node} = new Alone({config: {asyncStorageWrites: false}});
    node.advance();
    expect(node.hasReady()).toBe(false);
    expect(() => node.appended({term: 0, last: undefined, snapshotIndex: 0})).toThrow(
      "advances by advance()",
    );
    expect(() => node.applied([])).toThrow("advances by advance()");
  });
});

describe.each(modes)("a change of membership, %s,", (_, mode) => {
  const alone = () => {
    const one = new Alone({size: 1, config: {asyncStorageWrites: mode}});
    one.lead();
    return one;
  };

  it.each([
    ["one more", v1("v2"), "1 2"],
    ["a learner", v1("l2"), "1 learners 2"],
    ["one more, by the second version", v2("auto", "v2"), "1 2"],
    ["a learner, by the second version", v2("auto", "l2"), "1 learners 2"],
    ["one more, explicitly joint", v2("explicit", "v2"), "1 2 && 1"],
    ["one more, implicitly joint", v2("implicit", "v2"), "1 2 && 1 autoleave"],
    ["a demotion", v2("explicit", "l1 v2"), "2 && 1 next 1"],
    ["several, as it likes", v2("auto", "v2 l3"), "1 2 && 1 learners 3 autoleave"],
  ] satisfies [string, ConfChange, string][])(
    "%s is an entry, and decides once it is applied",
    (_name, asked, after) => {
      const one = alone();
      const {node} = one;
      expect(node.proposeConfChange(asked).ok).toBe(true);
      expect(node.confState).toEqual(conf("1"));
      expect(node.pendingConfIndex).toBe(2);
      const found = node.entryAt(2);
      expect(found === undefined ? undefined : changeIn(found)).toEqual(asked);
      let configuration = conf("1");
      while (node.lastApplied < 2) {
        const ready = node.ready();
        if (ready.append !== undefined) persist(ready.append, one.storage);
        for (const applied of ready.apply) {
          const change = changeIn(applied);
          if (change !== undefined) configuration = node.applyConfChange(change);
        }
        finish(node, ready);
      }
      expect(configuration).toEqual(conf(after));
      expect(node.confState).toEqual(conf(after));
    },
  );

  it("that is to be left by itself is left by an entry of the leader's", () => {
    const one = alone();
    one.node.proposeConfChange(v2("implicit", "l2"));
    one.drain();
    expect(one.node.confState).toEqual(conf("1 learners 2"));
    expect(one.applied.map(({type}) => type)).toEqual(["normal", "confChangeV2", "confChangeV2"]);
    expect(one.applied.at(-1)?.data).toEqual(noData);
  });

  it("that is explicit is left when told", () => {
    const one = alone();
    one.node.proposeConfChange(v2("explicit", "l2"));
    one.drain();
    expect(one.node.confState).toEqual(conf("1 && 1 learners 2"));
    one.node.proposeConfChange(leaveJoint);
    one.drain();
    expect(one.node.confState).toEqual(conf("1 learners 2"));
  });

  it("is left by the next leader if the one that entered it leads no more", () => {
    const one = alone();
    one.node.proposeConfChange(v2("implicit", "l2"));
    // Another leader's term comes between the commit and the application.
    let told = false;
    while (one.node.hasReady()) {
      const ready = one.node.ready();
      if (ready.append !== undefined) persist(ready.append, one.storage);
      if (!told && ready.apply.some(({type}) => type !== "normal")) {
        one.node.step({kind: "Heartbeat", from: 2, to: 1, term: 5, commit: 0, readPosition: 0});
        told = true;
      }
      applyEntries(ready.apply, one.node);
      finish(one.node, ready);
    }
    expect(one.node.role).toBe("follower");
    expect(one.node.confState).toEqual(conf("1 && 1 learners 2 autoleave"));
    one.lead();
    expect(one.node.role).toBe("leader");
    expect(one.node.confState).toEqual(conf("1 learners 2"));
  });

  it("made twice is made once, and another one can follow", () => {
    const one = alone();
    for (const text of ["v1", "v1", "l2"]) {
      one.node.proposeConfChange(v1(text));
      one.drain();
    }
    expect(one.node.confState).toEqual(conf("1 learners 2"));
    expect(one.applied.map(({type}) => type)).toEqual(["normal", "confChange", "confChange", "confChange"]);
  });

  function finish(node: RawNode, {append, apply}: ReturnType<RawNode["ready"]>): void {
    if (!mode) return node.advance();
    for (const message of append?.messages ?? []) if (message.to === node.id) node.step(message);
    if (append?.receipt !== undefined) node.appended(append.receipt);
    node.applied(apply);
  }
});

describe.each(modes)("pages, %s:", (_, mode) => {
  it("a follower that was away is sent appends up to their limit, and none beyond", () => {
    const cluster = new Cluster({size: 3, config: {asyncStorageWrites: mode, messageBytesMax: 2048}});
    cluster.elect(1);
    cluster.isolate(3);
    for (let i = 0; i < 10; i++) cluster.propose(1, "x".repeat(300));
    cluster.settle();
    cluster.heal();
    cluster.tick(1);
    const sizes: number[] = [];
    cluster.settle((message) => {
      if (message.kind === "AppendEntries" && message.to === 3) sizes.push(payloadBytes(message.entries));
      return false;
    });
    expect(Math.max(...sizes)).toBe(1800);
    expect(cluster.node(3).lastApplied).toBe(11);
  });

  it("the state machine is handed what fits, and more only when that is applied", () => {
    const size = encodedBytes({...entry({index: 2, term: 1}), data: bytes("x".repeat(100))});
    const alone = leading({config: {applyingBytesMax: 3 * size}}, mode);
    alone.take(ack(alone, 2, 1));
    for (let i = 0; i < 8; i++) alone.propose("x".repeat(100));
    alone.node.step(ack(alone, 2, 9));
    const first = alone.node.ready();
    expect(indexes(first.apply)).toEqual([2, 3, 4]);
    if (mode) {
      alone.node.ready();
      expect(alone.node.hasReady()).toBe(false);
      alone.node.applied(first.apply.slice(0, 1));
      const second = alone.node.ready();
      expect(indexes(second.apply)).toEqual([5]);
      alone.node.applied([...first.apply.slice(1), ...second.apply]);
    } else {
      alone.node.advance();
    }
    expect(indexes(alone.node.ready().apply)).toEqual(mode ? [6, 7, 8] : [5, 6, 7]);
  });

  it("a commit index is told, however little was applied yet", () => {
    const alone = leading({config: {applyingBytesMax: 1}}, mode);
    alone.propose("a", "b", "c");
    alone.node.step(ack(alone, 2, 4));
    const {append, apply, messages} = alone.node.ready();
    expect([append?.hardState?.commit, indexes(apply)]).toEqual([4, [1]]);
    expect(appendsTo(2, messages).at(-1)?.leaderCommit).toBe(4);
  });
});
