// Work for disk and state machine that is under way while the node goes on (etcd's AsyncStorageWrites): several Readys at
// once, receipts that come late, and what they must not say.

import {describe, expect, it} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {confState} from "../../../core/raft/confState.ts";
import {encodedBytes} from "../../../core/raft/entry.ts";
import {genesis, MemoryStorage} from "../../../core/raft/memoryStorage.ts";
import type {Message} from "../../../core/raft/message.ts";
import {RawNode} from "../../../core/raft/rawNode.ts";
import type {AppendWork} from "../../../core/raft/ready.ts";
import {raftRules} from "../../../core/raft/rules.ts";
import type {RaftRules} from "../../../core/raft/rules.ts";
import {entriesFrom, snapshotAt} from "./entries.ts";
import {ack, leading, shapes} from "./leading.ts";
import {
  acknowledge,
  append,
  bytes,
  config,
  countingDraw,
  entry,
  granted,
  persist,
  termsOf,
} from "./notation.ts";

function follower(rules: Partial<RaftRules> = {}) {
  const storage = new MemoryStorage(genesis(confState([1, 2, 3])));
  const node = new RawNode({
    config: config(2),
    rules: {...raftRules, ...rules},
    storage,
    draw: countingDraw(),
  });
  /** Takes messages, and returns the work that follows. */
  const work = (...messages: readonly Message[]): AppendWork => {
    for (const message of messages) node.step(message);
    return present(node.ready().append, "append work");
  };
  /** Does work, and returns what is said then. */
  const done = (one: AppendWork): readonly Message[] => {
    persist(one, storage);
    return acknowledge(one, node);
  };
  return {storage, node, work, done};
}

const from1 = {from: 1, to: 2, term: 1};
const from3 = {from: 3, to: 2, term: 2};

describe("append work", () => {
  it("is handed out once, piece by piece, and answers with what it makes durable", () => {
    const {node, work, done} = follower();
    const first = work(append(from1, "1 1", 0));
    const second = work(append(from1, "1 1 1", 2));
    expect([first, second].map(({entries}) => entries.map(({index}) => index))).toEqual([[1, 2], [3]]);
    expect(node.hasReady()).toBe(false);
    expect(done(first)).toMatchObject([{kind: "AppendEntriesResponse", index: 2}]);
    expect(node.unstableFrom).toBe(3);
    expect(done(second)).toMatchObject([{index: 3}]);
    expect(node.unstableFrom).toBe(4);
  });

  it("may be an answer alone: it waits for the work before it", () => {
    const {work, done} = follower();
    const first = work(append(from1, "1 1", 0));
    const again = work(append(from1, "1 1", 0));
    expect(again).toMatchObject({hardState: undefined, snapshot: undefined, entries: [], mustSync: false});
    expect(again.messages).toMatchObject([{kind: "AppendEntriesResponse", index: 2}]);
    expect(again.receipt).toMatchObject({last: {index: 2, term: 1}});
    done(first);
    expect(done(again)).toMatchObject([{index: 2}]);
  });

  it("has no receipt when nothing is unstable", () => {
    const {work, done} = follower();
    done(work(append(from1, "1", 0)));
    expect(work(append(from1, "1", 0)).receipt).toBeUndefined();
  });

  it("that was overwritten while under way does not count for what took its place (A11)", () => {
    const {node, work, done, storage} = follower();
    const first = work(append(from1, "1 1 1", 0));
    const second = work(append(from3, "1 2 2", 1));
    expect(termsOf(node)).toBe("1 2 2");
    done(first);
    expect([termsOf(storage), node.unstableFrom]).toEqual(["1 1 1", 1]);
    done(second);
    expect([termsOf(storage), node.unstableFrom]).toEqual(["1 2 2", 4]);
  });

  /** Entry 3/1 is appended, cut off by term 2, and appended again by term 3. */
  const cameBack = (rules: Partial<RaftRules>) => {
    const all = follower(rules);
    all.done(all.work(append(from1, "1 1", 0)));
    const old = all.work(append(from1, "1 1 1", 2));
    const other = all.work(append(from3, "1 1 2", 2));
    const back = all.work(append({...from1, term: 3}, "1 1 1 3", 2));
    return {...all, old, other, back};
  };

  it("does not count either for the same entry that came back meanwhile (A11)", () => {
    const {node, storage, done, old, other, back} = cameBack({});
    done(old);
    expect(node.unstableFrom).toBe(3);
    done(other);
    expect([termsOf(storage), node.unstableFrom]).toEqual(["1 1 2", 3]);
    done(back);
    expect([termsOf(storage), node.unstableFrom]).toEqual(["1 1 1 3", 5]);
  });

  it("would, if receipts of older terms were trusted, make it read another entry from the disk (A11)", () => {
    const {node, done, old, other} = cameBack({mayTrustReceipt: () => true});
    done(old);
    expect(node.unstableFrom).toBe(4);
    done(other);
    expect(node.termAt(3)).toBe(2);
  });

  it("has a receipt that speaks of all that is unstable, since an earlier one may have been ignored", () => {
    const {node, work, done} = follower();
    const first = work(append(from1, "1 1", 0));
    const heard = work({kind: "Heartbeat", from: 3, to: 2, term: 2, commit: 0, readPosition: 0});
    expect([heard.entries, heard.receipt]).toEqual([
      [],
      {term: 2, last: {index: 2, term: 1}, snapshotIndex: 0},
    ]);
    done(first);
    expect(node.unstableFrom).toBe(1);
    done(heard);
    expect(node.unstableFrom).toBe(3);
  });

  it("with a snapshot counts, whatever the term is by then", () => {
    const {node, storage, work, done} = follower();
    const taken = work({kind: "InstallSnapshot", ...from1, snapshot: snapshotAt({index: 9, term: 1})});
    node.step({kind: "Heartbeat", from: 3, to: 2, term: 2, commit: 0, readPosition: 0});
    expect(done(taken)).toMatchObject([{kind: "AppendEntriesResponse", term: 1, index: 9}]);
    expect([node.unstableSnapshot, node.lastApplied, storage.firstIndex]).toEqual([undefined, 9, 10]);
  });

  it("with a snapshot that another took the place of counts for that one only", () => {
    const {node, work, done} = follower();
    const first = work({kind: "InstallSnapshot", ...from1, snapshot: snapshotAt({index: 9, term: 1})});
    const second = work({kind: "InstallSnapshot", ...from1, snapshot: snapshotAt({index: 20, term: 1})});
    done(first);
    expect([node.unstableSnapshot?.index, node.lastApplied, node.commitIndex]).toEqual([20, 9, 20]);
    done(second);
    expect([node.unstableSnapshot, node.lastApplied]).toEqual([undefined, 20]);
  });
});

describe("a leader whose disk is slow", () => {
  const slow = () => {
    const alone = leading({size: 3});
    alone.take(ack(alone, 2, 1), ack(alone, 3, 1));
    alone.node.propose([bytes("a")]);
    const ready = alone.node.ready();
    return {alone, ready, work: present(ready.append, "append work")};
  };

  it("sends entries at once, and counts its own when they are written", () => {
    const {alone, ready, work} = slow();
    expect(shapes(2, ready.messages)).toEqual([[2]]);
    alone.node.step(ack(alone, 2, 2));
    expect(alone.node.commitIndex).toBe(1);
    persist(work, alone.storage);
    acknowledge(work, alone.node);
    expect(alone.node.commitIndex).toBe(2);
  });

  it("commits by the others alone, and applies when its own disk has it", () => {
    const {alone, work} = slow();
    alone.node.step(ack(alone, 2, 2));
    alone.node.step(ack(alone, 3, 2));
    expect(alone.node.commitIndex).toBe(2);
    expect(alone.node.ready().apply).toEqual([]);
    persist(work, alone.storage);
    acknowledge(work, alone.node);
    expect(alone.node.ready().apply.map(({index}) => index)).toEqual([2]);
  });

  it("does not take the write of its old term for an acknowledgement in a new one", () => {
    const {alone, work} = slow();
    alone.node.step({kind: "Heartbeat", from: 3, to: 1, term: 2, commit: 0, readPosition: 0});
    alone.node.campaign();
    const vote = present(alone.node.ready().append, "append work");
    const {node, storage} = alone;
    persist(work, storage);
    acknowledge(work, node);
    persist(vote, storage);
    acknowledge(vote, node);
    node.step(granted({from: 2, to: 1, term: 3}));
    expect(node.role).toBe("leader");
    node.step(ack(alone, 2, 3));
    expect(node.commitIndex).toBe(1);
    const last = present(node.ready().append, "append work");
    persist(last, storage);
    acknowledge(last, node);
    expect(node.commitIndex).toBe(3);
  });
});

describe("apply work", () => {
  const opened = (applyingBytesMax: number) => {
    const storage = new MemoryStorage(genesis(confState([1, 2, 3])));
    storage.append(entriesFrom(1, "1 1 1 1 1 1"));
    storage.setHardState({term: 1, votedFor: 0, commit: 6});
    const node = new RawNode({
      config: config(2, {applyingBytesMax}),
      rules: raftRules,
      storage,
      draw: countingDraw(),
    });
    const next = () => node.ready().apply;
    return {node, storage, next};
  };
  const size = encodedBytes(entry({index: 1, term: 1}));

  it("is outstanding up to a limit of bytes, over several Readys", () => {
    const {node, next} = opened(3 * size);
    const first = next();
    expect(first.map(({index}) => index)).toEqual([1, 2, 3]);
    expect(node.hasReady()).toBe(false);
    node.applied(first.slice(0, 2));
    expect([node.lastApplied, node.applying]).toEqual([2, 3]);
    const second = next();
    expect(second.map(({index}) => index)).toEqual([4, 5]);
    node.applied(first.slice(2));
    expect(next().map(({index}) => index)).toEqual([6]);
    node.applied(second);
    expect(node.lastApplied).toBe(5);
  });

  it("has no entry that is not durable here", () => {
    const {node, storage, work, done} = follower();
    const one = work(append(from1, "1 1", 0, 2));
    expect([node.commitIndex, node.hasReady()]).toEqual([2, false]);
    done(one);
    expect(node.ready().apply).toEqual([storage.entryAt(1), storage.entryAt(2)]);
  });

  it("done late, after a snapshot beyond it, does not move anything back", () => {
    const {node, storage, next} = opened(0);
    const late = next();
    node.step({kind: "InstallSnapshot", ...from1, snapshot: snapshotAt({index: 9, term: 1})});
    const taken = present(node.ready().append, "append work");
    persist(taken, storage);
    acknowledge(taken, node);
    node.applied(late);
    expect([node.lastApplied, node.applying, node.commitIndex]).toEqual([9, 9, 9]);
  });

  it("is not stopped by advance, which is for the other mode", () => {
    expect(() => follower().node.advance()).toThrow("advances by receipts");
  });
});
