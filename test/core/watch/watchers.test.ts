// Watches, sentence by sentence: where they begin, which group they are in, what they deliver, how they end.

import {describe, expect, it} from "vitest";
import {Store} from "../../../core/mvcc/store.ts";
import {del, history, must, put, txn} from "../mvcc/notation.ts";
import {fourPuts, Member} from "./member.ts";
import {takePieces, takeResponse} from "./taking.ts";

describe("a watch from revision 0", () => {
  it("is synced at once and told of the next write as it happens", () => {
    const member = new Member(fourPuts());
    member.watch("a");
    expect(member.groups()).toEqual(["synced 6"]);
    member.write(put("a"), put("b"), del("a"));
    expect(member.take()).toEqual(["0@5 created", "0@6 put a 6", "0@8 del a 8"]);
  });
});

describe("a watch from a past revision", () => {
  it("is unsynced until a round has read the history for it, from that revision on", () => {
    const member = new Member(fourPuts());
    member.watch("a", 3);
    expect([member.groups(), member.watchers.needsSync]).toEqual([["unsynced 3"], true]);
    member.write(put("a"));
    expect(member.take()).toEqual(["0@5 created"]);
    expect(member.watchers.sync()).toBe(false);
    expect(member.groups()).toEqual(["synced 7"]);
    member.write(put("a"));
    expect(member.take()).toEqual(["0@6 put a 3, put a 4, put a 5, put a 6", "0@7 put a 7"]);
  });

  it("catches up in batches that hold a bounded number of revisions and split none", () => {
    const member = new Member(new Store(), {batchRevisionsMax: 2});
    member.write(put("a"), txn([], [put("a"), put("b")]), put("x"), txn([], [put("b"), put("a")]), put("a"));
    member.watch("a", 1, {rangeEnd: "c"});
    expect(member.watchers.sync()).toBe(true);
    expect(member.groups()).toEqual(["unsynced 5"]);
    expect(member.watchers.sync()).toBe(false);
    expect(member.take()).toEqual([
      "0@6 created",
      "0@6 put a 2, put a 3, put b 3",
      "0@6 put b 5, put a 5, put a 6",
    ]);
  });

  it("takes its turn: a round lets a bounded number of watchers catch up", () => {
    const member = new Member(fourPuts(), {syncWatchersMax: 2});
    for (let i = 0; i < 3; i++) member.watch("a", 5, {}, 1 + i);
    expect(member.watchers.sync()).toBe(true);
    expect(member.groups()).toEqual(["synced 6", "synced 6", "unsynced 5"]);
    expect(member.watchers.sync()).toBe(false);
    expect(member.groups()).toEqual(["synced 6", "synced 6", "synced 6"]);
  });

  it("is synced without a word if nothing in its range has happened", () => {
    const member = new Member(fourPuts());
    member.watch("b", 2);
    member.watchers.sync();
    expect([member.groups(), member.take()]).toEqual([["synced 6"], ["0@5 created"]]);
  });

  it("may begin at exactly the compact revision, and sees a delete there", () => {
    const member = new Member(history("put a 1", "put b 1", "del a"));
    must(member.store.compact(4));
    member.watch("a", 4);
    member.watchers.sync();
    expect(member.take()).toEqual(["0@4 created", "0@4 del a 4"]);
  });
});

describe("a watch from a future revision", () => {
  it("waits, synced, for that one", () => {
    const member = new Member(fourPuts());
    member.watch("a", 8);
    expect(member.groups()).toEqual(["synced 8"]);
    member.write(put("a"), put("a"), put("a"), put("a"));
    expect(member.take()).toEqual(["0@5 created", "0@8 put a 8", "0@9 put a 9"]);
  });
});

describe("an event response", () => {
  it("holds all changes of its revision that are in range, in order", () => {
    const member = new Member(history("put a 1", "put b 1"));
    member.watch("a", 0, {rangeEnd: "c"});
    member.write(txn([], [put("z"), put("b"), del("a"), put("ab")]));
    expect(member.take()).toEqual(["0@3 created", "0@4 put b 4, del a 4, put ab 4"]);
  });

  it.each([
    [["noput"], ["0@6 del a 6"]],
    [["nodelete"], ["0@5 put a 5", "0@7 put a 7"]],
    [["noput", "nodelete"], []],
  ] as const)("leaves out what %j filters, live and in history alike", (filters, expected) => {
    const live = new Member(history("put a 1", "put a 2", "put a 3"));
    live.watch("a", 0, {filters});
    live.write(put("a"), del("a"), put("a"));
    expect(live.take().slice(1)).toEqual(expected);
    const late = new Member(live.store);
    late.watch("a", 5, {filters});
    late.watchers.sync();
    const parts = expected.map((line) => line.slice(line.indexOf(" ") + 1));
    expect(late.take().slice(1)).toEqual(parts.length > 0 ? [`0@7 ${parts.join(", ")}`] : []);
  });

  it("carries previous values if asked, unless the key was created or they are compacted by the time it is sent", () => {
    const previous = (compactAt?: number): (number | undefined)[] => {
      const member = new Member(history("put b 1"));
      member.watch("a", 0, {prevKv: true});
      member.write(put("a"), put("a"), del("a"));
      if (compactAt !== undefined) must(member.store.compact(compactAt));
      takeResponse(member.watchers, 1);
      return [1, 2, 3].map(() => takeResponse(member.watchers, 1)?.result.events[0]?.prevKv?.modRevision);
    };
    expect(previous()).toEqual([undefined, 3, 4]);
    expect(previous(4)).toEqual([undefined, undefined, 4]);
  });
});

describe("a response that is too large", () => {
  it("is cut if its watch allows it, with the previous values counted", () => {
    const big = "x".repeat(400);
    const member = new Member(new Store(), {responseBytesMax: 700});
    member.write(txn([], [put("a", big), put("b", big)]));
    for (const fragment of [false, true]) member.watch("a", 0, {rangeEnd: "c", prevKv: true, fragment});
    member.write(txn([], [put("a"), put("b")]));
    for (let i = 0; i < 2; i++) takeResponse(member.watchers, 1);
    expect(takePieces(member.watchers, 1)).toHaveLength(1);
    expect(takePieces(member.watchers, 1).map(({result}) => [result.fragment, result.events.length])).toEqual(
      [
        [true, 1],
        [undefined, 1],
      ],
    );
  });
});

describe("a round over unsynced watchers", () => {
  it("reads the history once for all of them, from the least revision that is missing", () => {
    const member = new Member(history(...Array.from({length: 30}, (_, i) => `put k${i % 3} ${i}`)));
    for (let i = 0; i < 3; i++) member.watch(`k${i}`, 2 + 9 * i);
    let reads = 0;
    const {store} = member;
    const read = store.eventsBetween.bind(store);
    store.eventsBetween = (...asked) => {
      reads++;
      expect(asked.slice(0, 2)).toEqual([2, 32]);
      return read(...asked);
    };
    member.watchers.sync();
    expect([reads, member.groups()]).toEqual([1, ["synced 32", "synced 32", "synced 32"]]);
  });

  it("reads no further than anybody has room for", () => {
    const member = new Member(history(...Array.from({length: 3000}, () => "put a 1")), {
      batchRevisionsMax: 3,
    });
    member.watch("a", 1);
    let readTo = 0;
    const {store} = member;
    const read = store.eventsBetween.bind(store);
    store.eventsBetween = (...asked) => {
      const found = read(...asked);
      readTo = found.at(-1)?.revision ?? 0;
      return found;
    };
    member.watchers.sync();
    expect(readTo).toBeLessThan(1000);
    expect(member.groups()).toEqual(["unsynced 5"]);
  });

  it("counts revisions before events are filtered out, so a batch may have none left", () => {
    const member = new Member(history("put a 1", "put a 2", "put a 3", "del a"), {batchRevisionsMax: 2});
    member.watch("a", 1, {filters: ["noput"]});
    member.watchers.sync();
    expect([member.take(), member.groups()]).toEqual([["0@5 created"], ["unsynced 4"]]);
    expect(member.drain()).toEqual(["0@5 del a 5"]);
  });

  it("gives those who are far behind their turns in a ring", () => {
    const member = new Member(history(...Array.from({length: 9}, () => "put a 1")), {
      syncWatchersMax: 1,
      batchRevisionsMax: 3,
    });
    for (let i = 0; i < 3; i++) member.watch("a", 2);
    for (let i = 0; i < 3; i++) member.watchers.sync();
    expect(member.groups()).toEqual(["unsynced 5", "unsynced 5", "unsynced 5"]);
  });

  it("cancels every watcher of compacted history once, however many there are (etcd #22294)", () => {
    const member = new Member(fourPuts(), {syncWatchersMax: 4, channelMax: 3});
    must(member.store.compact(5));
    for (let i = 0; i < 20; i++) member.watch("a", 2);
    const ends = member.drain().filter((line) => line.includes("compacted"));
    expect(ends).toEqual(Array.from({length: 20}, (_, i) => `${i}@0 canceled, compacted 5`));
    expect(member.watchers.view()).toEqual([]);
  });
});

describe("watches that require a leader", () => {
  it("are cancelled, and no others, when there has been none for too long", () => {
    const member = new Member(fourPuts());
    const asked = {kind: "watchCreate", key: "a"} as const;
    expect(member.watchers.requiresLeader).toBe(false);
    member.watchers.create(1, asked, {requireLeader: true});
    member.watchers.create(1, asked);
    member.watchers.create(2, {...asked, startRevision: 2}, {requireLeader: true});
    expect(member.watchers.requiresLeader).toBe(true);
    member.watchers.cancelWithoutLeader();
    expect(member.take(1).at(-1)).toBe("0@5 canceled, etcdserver: no leader");
    expect(member.take(2).at(-1)).toBe("0@5 canceled, etcdserver: no leader");
    expect([member.groups(), member.watchers.requiresLeader]).toEqual([["synced 6"], false]);
  });
});

describe("cancel and close", () => {
  it("answer a cancel after the events that were queued before, and an unknown one not at all", () => {
    const member = new Member(new Store());
    member.watch("a");
    member.write(put("a"));
    member.watchers.cancel(1, 0);
    member.watchers.cancel(1, 0);
    member.watchers.cancel(2, 0);
    member.write(put("a"));
    expect(member.take()).toEqual(["0@1 created", "0@2 put a 2", "0@2 canceled"]);
  });

  it("forget a stream that is closed, with its watchers and responses", () => {
    const member = new Member(fourPuts());
    member.watch("a", 2, {}, 1);
    member.watch("a", 0, {}, 2);
    member.watchers.close(1);
    expect([member.take(1), member.groups(), member.watchers.needsSync]).toEqual([[], ["synced 6"], false]);
  });
});

describe("notify", () => {
  it("insists on being told of the write the store has just made", () => {
    const member = new Member(fourPuts());
    expect(() => member.watchers.notify(4, [])).toThrow("told of revision 4");
  });

  it("insists on being told of every write, of those that nobody watches too", () => {
    const member = new Member(fourPuts());
    must(member.store.apply(put("a")));
    const {revision, events} = must(member.store.apply(put("a")));
    expect(() => member.watchers.notify(revision, events)).toThrow("told of revision 7 after 5");
  });
});
