// Watches, sentence by sentence: where they begin, which group they are in, what they deliver, how they end.

import {describe, expect, it} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import type {DeleteRangeRequest, PutRequest, TxnRequest} from "../../../core/mvcc/kv.ts";
import {Store} from "../../../core/mvcc/store.ts";
import type {WatchCreateRequest} from "../../../core/watch/watch.ts";
import {Watchers, type WatchDelivery, type WatchLimits} from "../../../core/watch/watchers.ts";
import {del, history, must, put, sent, txn} from "../mvcc/notation.ts";
import {takePieces, takeResponse} from "./taking.ts";

/** A store with its watchers, and the applier between them. */
class Member {
  store: Store;
  readonly watchers: Watchers;

  constructor(store: Store, limits: Partial<WatchLimits> = {}) {
    this.store = store;
    this.watchers = new Watchers(store, limits);
  }

  write(...requests: readonly (PutRequest | DeleteRangeRequest | TxnRequest)[]): void {
    for (const request of requests) {
      const {revision, events} = must(this.store.apply(request));
      if (events.length > 0) this.watchers.notify(revision, events);
    }
  }

  progress(watchId?: number, stream = 1): void {
    if (watchId === undefined) this.watchers.progressAll(stream, 99);
    else this.watchers.progress(stream, watchId);
  }

  /** Replaces the store by one in which these writes happened, unseen by the watchers. */
  restore(requests: readonly (PutRequest | DeleteRangeRequest | TxnRequest)[], compactAt?: number): void {
    const newer = sent(this.store);
    for (const request of requests) must(newer.apply(request));
    if (compactAt !== undefined) must(newer.compact(compactAt));
    this.store = newer;
    this.watchers.restore(newer);
  }

  watch(key: string, startRevision = 0, more: Partial<WatchCreateRequest> = {}, stream = 1): void {
    this.watchers.create(stream, {kind: "watchCreate", key, startRevision, ...more});
  }

  /** All that waits on the stream, as `0@5 put a 5, del b 5`: watch id, header revision, events. */
  take(stream = 1): string[] {
    const shown: string[] = [];
    for (
      let next = takeResponse(this.watchers, stream);
      next !== undefined;
      next = takeResponse(this.watchers, stream)
    ) {
      shown.push(show(next));
    }
    return shown;
  }

  /** Lets rounds follow each other until everything is taken that can be. */
  drain(): string[] {
    const shown = this.take();
    while (this.watchers.needsMoveVictims || this.watchers.needsSync) {
      if (this.watchers.needsMoveVictims) this.watchers.moveVictims();
      else this.watchers.sync();
      shown.push(...this.take());
    }
    return shown;
  }

  groups(): string[] {
    return this.watchers.view().map(({group, nextRevision}) => `${group} ${nextRevision}`);
  }
}

function show({result, revision}: WatchDelivery): string {
  const parts = result.events.map(
    ({kind, kv}) => `${kind === "put" ? "put" : "del"} ${kv.key} ${kv.modRevision}`,
  );
  if (result.created === true) parts.push("created");
  if (result.canceled === true) parts.push("canceled");
  if (result.compactRevision !== undefined) parts.push(`compacted ${result.compactRevision}`);
  if (result.cancelReason !== undefined) parts.push(result.cancelReason);
  return `${result.watchId}@${revision} ${parts.join(", ")}`;
}

const fourPuts = (): Store => history("put a 1", "put a 2", "put a 3", "put a 4");

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

describe("a watch of what is compacted", () => {
  it("is created first, then cancelled with the compact revision", () => {
    const member = new Member(fourPuts());
    must(member.store.compact(4));
    member.watch("a", 3);
    expect(member.watchers.sync()).toBe(false);
    expect(member.take()).toEqual(["0@5 created", "0@0 canceled, compacted 4"]);
    expect(member.watchers.view()).toEqual([]);
  });

  it("keeps its id until the client cancels it, which is answered once more", () => {
    const member = new Member(fourPuts());
    must(member.store.compact(4));
    member.watch("a", 2, {watchId: 5});
    member.watch("a", 2);
    member.watchers.sync();
    const twin = new Member(member.store);
    Object.assign(twin, {watchers: member.watchers.fork(member.store)});
    member.watch("a", 0, {watchId: 5});
    member.watch("a");
    member.progress();
    member.watchers.cancel(1, 5);
    member.watchers.cancel(1, 5);
    member.watchers.cancel(1, 0);
    member.watch("a", 0, {watchId: 5});
    member.progress();
    expect(member.take().slice(2)).toEqual([
      "0@0 canceled, compacted 4",
      "5@0 canceled, compacted 4",
      "-1@5 created, canceled, mvcc: duplicate watch ID provided on the WatchStream",
      "1@5 created",
      "5@5 canceled",
      "0@5 canceled",
      "5@5 created",
      "-1@5 ",
    ]);
    twin.watchers.cancel(1, 5);
    expect(twin.take().at(-1)).toBe("5@5 canceled");
  });

  it("is cancelled also if it was compacted on the way, after what it had got", () => {
    const member = new Member(fourPuts(), {batchRevisionsMax: 1});
    member.watch("a", 2);
    member.watchers.sync();
    must(member.store.compact(5));
    member.watchers.sync();
    expect(member.take()).toEqual(["0@5 created", "0@5 put a 2", "0@0 canceled, compacted 5"]);
  });

  it("waits for room to be told so, and is never moved on silently (etcd #17529)", () => {
    const member = new Member(fourPuts(), {channelMax: 1});
    member.watch("a");
    member.write(put("a"));
    must(member.store.compact(6));
    member.watch("a", 3);
    expect(member.watchers.sync()).toBe(false);
    expect(member.groups()).toEqual(["synced 7", "unsynced 3"]);
    expect(member.take()).toEqual(["0@5 created", "0@6 put a 6", "1@6 created"]);
    expect(member.watchers.needsSync).toBe(true);
    member.watchers.sync();
    expect(member.take()).toEqual(["1@0 canceled, compacted 6"]);
  });
});

describe("a slow stream", () => {
  it("makes its watchers victims, who get their batch first of all once there is room", () => {
    const member = new Member(fourPuts(), {channelMax: 1});
    member.watch("a");
    member.write(put("a"), put("a"));
    expect(member.groups()).toEqual(["victim 8"]);
    member.write(put("a"), put("a"));
    expect([member.watchers.needsMoveVictims, member.watchers.needsSync]).toEqual([false, false]);
    member.watchers.moveVictims();
    expect(member.groups()).toEqual(["victim 8"]);
    expect(member.take()).toEqual(["0@5 created", "0@6 put a 6"]);
    expect(member.watchers.needsMoveVictims).toBe(true);
    // The batch fills the one place again, so what follows makes it a victim once more.
    member.watchers.moveVictims();
    expect(member.groups()).toEqual(["unsynced 8"]);
    member.watchers.sync();
    expect(member.groups()).toEqual(["victim 10"]);
    expect(member.take()).toEqual(["0@7 put a 7"]);
    member.watchers.moveVictims();
    expect([member.groups(), member.take()]).toEqual([["synced 10"], ["0@9 put a 8, put a 9"]]);
  });

  it("goes back to synced at once if nothing happened since its batch", () => {
    const member = new Member(fourPuts(), {channelMax: 1});
    member.watch("a");
    member.write(put("a"), put("a"));
    member.take();
    member.watchers.moveVictims();
    expect(member.groups()).toEqual(["synced 8"]);
  });

  it("gives each of its victims a turn, so that none waits for ever", () => {
    const member = new Member(fourPuts(), {channelMax: 1});
    for (let i = 0; i < 3; i++) member.watch("a");
    const told: number[] = [];
    for (let i = 0; i < 9; i++) {
      member.write(put("a"));
      for (
        let next = takeResponse(member.watchers, 1);
        next !== undefined;
        next = takeResponse(member.watchers, 1)
      )
        if (next.result.events.length > 0) told.push(next.result.watchId);
      member.watchers.moveVictims();
      member.watchers.sync();
    }
    expect(new Set(told)).toEqual(new Set([0, 1, 2]));
  });

  it("does not slow the others", () => {
    const member = new Member(fourPuts(), {channelMax: 1});
    member.watch("a", 0, {}, 1);
    member.watch("a", 0, {}, 2);
    member.write(put("a"));
    member.take(2);
    member.write(put("a"));
    expect(member.groups()).toEqual(["victim 8", "synced 8"]);
    expect(member.take(2)).toEqual(["0@7 put a 7"]);
  });

  it("is not filled by events that its watchers do not want", () => {
    const member = new Member(fourPuts(), {channelMax: 1});
    member.watch("a", 0, {filters: ["nodelete"]});
    member.write(put("a"), put("b"), del("a"));
    expect([member.groups(), member.take()]).toEqual([["synced 9"], ["0@5 created", "0@6 put a 6"]]);
  });
});

describe("a store that was replaced by a newer one", () => {
  it("makes a synced watcher unsynced, which catches up with what it missed and then is told as before", () => {
    const member = new Member(fourPuts());
    member.watch("a");
    member.restore([put("a"), put("b"), txn([], [put("b"), put("a")])]);
    expect([member.groups(), member.watchers.needsSync]).toEqual([["unsynced 6"], true]);
    expect(member.watchers.sync()).toBe(false);
    member.write(put("a"));
    expect(member.groups()).toEqual(["synced 10"]);
    expect(member.take()).toEqual(["0@5 created", "0@8 put a 6, put a 8", "0@9 put a 9"]);
  });

  it("leaves an unsynced watcher where it was in the history", () => {
    const member = new Member(fourPuts(), {batchRevisionsMax: 1});
    member.watch("a", 3);
    member.watchers.sync();
    member.restore([put("a")]);
    expect(member.groups()).toEqual(["unsynced 4"]);
    while (member.watchers.needsSync) member.watchers.sync();
    expect(member.take().slice(1)).toEqual(["0@5 put a 3", "0@6 put a 4", "0@6 put a 5", "0@6 put a 6"]);
  });

  it("leaves a watcher synced that has missed nothing", () => {
    const member = new Member(fourPuts());
    member.watch("a");
    member.restore([], 5);
    expect([member.groups(), member.watchers.needsSync]).toEqual([["synced 6"], false]);
    member.write(put("a"));
    expect(member.take()).toEqual(["0@5 created", "0@6 put a 6"]);
  });

  it("leaves a watcher waiting for its future revision (etcd #20221)", () => {
    const member = new Member(fourPuts());
    member.watch("a", 9);
    member.restore([put("a"), put("a")]);
    expect([member.groups(), member.watchers.needsSync]).toEqual([["synced 9"], false]);
    member.write(put("a"), put("a"));
    expect(member.take()).toEqual(["0@5 created", "0@9 put a 9"]);
  });

  it("begins a watch from the future in history if its revision has come and gone", () => {
    const member = new Member(fourPuts());
    member.watch("a", 7);
    member.restore([put("a"), put("a"), put("a")]);
    expect(member.groups()).toEqual(["unsynced 7"]);
    member.watchers.sync();
    expect(member.take()).toEqual(["0@5 created", "0@8 put a 7, put a 8"]);
  });

  it("cancels, in the next round, a watcher that missed what is compacted there, and no other", () => {
    const member = new Member(fourPuts());
    member.watch("a");
    member.watch("a", 7);
    member.restore([put("a"), put("a"), put("a")], 7);
    expect(member.groups()).toEqual(["unsynced 6", "unsynced 7"]);
    expect(member.watchers.sync()).toBe(false);
    expect(member.take().slice(2)).toEqual(["0@0 canceled, compacted 7", "1@8 put a 7, put a 8"]);
    expect(member.groups()).toEqual(["synced 9"]);
  });

  it("keeps what was queued, and a victim's batch, which go out before anything it adds", () => {
    const member = new Member(fourPuts(), {channelMax: 1});
    member.watch("a");
    member.write(put("a"), put("a"));
    member.restore([put("a")]);
    expect([member.groups(), member.watchers.needsSync]).toEqual([["victim 8"], false]);
    expect(member.drain()).toEqual(["0@5 created", "0@6 put a 6", "0@7 put a 7", "0@8 put a 8"]);
    expect(member.groups()).toEqual(["synced 9"]);
  });

  it("cancels a victim that missed what is compacted there once its batch is out", () => {
    const member = new Member(fourPuts(), {channelMax: 1});
    member.watch("a");
    member.write(put("a"), put("a"));
    member.restore([put("a"), put("a")], 9);
    expect(member.drain()).toEqual([
      "0@5 created",
      "0@6 put a 6",
      "0@7 put a 7",
      "0@0 canceled, compacted 9",
    ]);
    expect(member.watchers.view()).toEqual([]);
  });

  it("is where previous values and new watches are looked up", () => {
    const previous = (compactAt?: number): (number | undefined)[] => {
      const member = new Member(fourPuts());
      member.watch("a", 0, {prevKv: true});
      member.write(put("a"));
      member.restore([put("a")], compactAt);
      member.watchers.sync();
      member.watch("a");
      expect(member.groups()).toEqual(["synced 8", "synced 8"]);
      takeResponse(member.watchers, 1);
      return [1, 2].map(() => takeResponse(member.watchers, 1)?.result.events[0]?.prevKv?.modRevision);
    };
    expect(previous()).toEqual([5, 6]);
    expect(previous(6)).toEqual([undefined, 6]);
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

describe("watch ids", () => {
  it("count from 0 on each stream and are not given twice", () => {
    const member = new Member(new Store());
    member.watch("a");
    member.watch("a");
    member.watchers.cancel(1, 1);
    member.watch("a");
    member.watch("a", 0, {}, 2);
    expect(member.take(1)).toEqual(["0@1 created", "1@1 created", "1@1 canceled", "2@1 created"]);
    expect(member.take(2)).toEqual(["0@1 created"]);
  });
});

describe("what cannot be watched", () => {
  it("is refused by one response, created and cancelled, with id −1 and the reason", () => {
    const member = new Member(fourPuts());
    member.watch("b", 0, {rangeEnd: "a"});
    member.watch("b", 0, {rangeEnd: "b"});
    member.watch("a", -1);
    expect(member.take()).toEqual([
      "-1@5 created, canceled, mvcc: watcher range is empty",
      "-1@5 created, canceled, mvcc: watcher range is empty",
      "-1@5 created, canceled, etcdserver: mvcc: required revision has been compacted",
    ]);
    expect(member.watchers.view()).toEqual([]);
  });

  it('is not the empty key, which means "\\0"', () => {
    const member = new Member(new Store());
    member.watch("", 0, {rangeEnd: "\0"});
    member.write(put("a"));
    expect(member.take()).toEqual(["0@1 created", "0@2 put a 2"]);
  });
});

describe("a watch id", () => {
  it("is the least that was not given out yet, from 0 on, unless the client names one", () => {
    const member = new Member(fourPuts());
    member.watch("a");
    member.watch("a", 0, {watchId: 2});
    member.watch("a", 0, {watchId: 7});
    member.watch("a");
    member.watch("a");
    expect(member.take()).toEqual([
      "0@5 created",
      "2@5 created",
      "7@5 created",
      "1@5 created",
      "3@5 created",
    ]);
    member.watchers.cancel(1, 3);
    member.watch("a");
    expect(member.take()).toEqual(["3@5 canceled", "4@5 created"]);
  });

  it("that is taken on the stream is refused; on another stream, or once it is free, it is not", () => {
    const member = new Member(fourPuts());
    member.watch("a", 0, {watchId: 5});
    member.watch("b", 0, {watchId: 5});
    member.watch("b", 0, {watchId: 5}, 2);
    expect(member.take()).toEqual([
      "5@5 created",
      "-1@5 created, canceled, mvcc: duplicate watch ID provided on the WatchStream",
    ]);
    expect(member.take(2)).toEqual(["5@5 created"]);
    member.watchers.cancel(1, 5);
    member.watch("b", 0, {watchId: 5});
    expect(member.take()).toEqual(["5@5 canceled", "5@5 created"]);
  });
});

describe("a watch that its client may not open", () => {
  it("is created and cancelled at once, with the reason that is given", () => {
    const member = new Member(fourPuts());
    const refusal = "rpc error: code = PermissionDenied desc = etcdserver: permission denied";
    const asked = {kind: "watchCreate", key: "a"} as const;
    expect(member.watchers.create(1, asked, {refusal})).toBeUndefined();
    expect(member.watchers.create(1, asked)).toBe(0);
    expect(member.take()).toEqual([`-1@5 created, canceled, ${refusal}`, "0@5 created"]);
  });
});

describe("responses", () => {
  it("go out under the id of the request that created their watch, or that asked for progress", () => {
    const member = new Member(fourPuts());
    const asked = {kind: "watchCreate", key: "a"} as const;
    member.watchers.create(1, asked, {request: 40});
    member.watchers.create(1, {...asked, startRevision: -1}, {request: 41});
    member.watchers.create(1, asked, {request: 42});
    member.write(put("a"));
    member.progress();
    member.watchers.cancel(1, 2);
    member.watchers.cancel(1, 1);
    const ids: number[] = [];
    for (
      let next = takeResponse(member.watchers, 1);
      next !== undefined;
      next = takeResponse(member.watchers, 1)
    )
      ids.push(next.request);
    expect(ids).toEqual([40, 41, 42, 40, 42, 99, 42]);
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

describe("progress", () => {
  it("of a watch is told by a response without events that has the store's revision", () => {
    const member = new Member(fourPuts());
    member.watch("a");
    member.write(put("a"), put("b"));
    member.progress(0);
    expect(member.take()).toEqual(["0@5 created", "0@6 put a 6", "0@7 "]);
  });

  it("is not told of a watch that is unsynced, a victim, unknown, or waits for a later revision (etcd #20221)", () => {
    const member = new Member(fourPuts(), {channelMax: 2});
    member.watch("a", 3);
    member.watch("b", 7);
    member.watch("c", 6);
    for (const watchId of [0, 1, 2, 3]) member.progress(watchId);
    expect(member.take()).toEqual(["0@5 created", "1@5 created", "2@5 created"]);
    member.write(put("x"));
    member.progress(1);
    member.progress(2);
    expect(member.take()).toEqual(["2@6 "]);
    member.watch("a");
    member.write(put("a"), put("a"), put("a"));
    member.take();
    member.progress(3);
    expect(member.groups()).toEqual(["unsynced 3", "synced 10", "synced 10", "victim 10"]);
    expect(member.take()).toEqual([]);
  });

  it("of a stream is told only if all of its watches are synced and have begun (etcd #15220)", () => {
    const member = new Member(fourPuts());
    member.progress();
    expect(member.take()).toEqual([]);
    member.watch("a");
    member.watch("a", 2);
    member.watch("b", 3, {}, 2);
    member.progress();
    expect(member.take()).toEqual(["0@5 created", "1@5 created"]);
    member.watchers.sync();
    member.progress();
    expect(member.take()).toEqual(["1@5 put a 2, put a 3, put a 4, put a 5", "-1@5 "]);
    member.watch("a", 9);
    member.progress();
    expect(member.take()).toEqual(["2@5 created"]);
  });

  it("follows the events that were queued before it, and is dropped if the channel is full", () => {
    const member = new Member(fourPuts(), {channelMax: 2});
    member.watch("a");
    member.write(put("a"));
    member.progress();
    member.progress();
    expect(member.take()).toEqual(["0@5 created", "0@6 put a 6", "-1@6 "]);
  });

  it("is not told of what a replaced store added before it was delivered", () => {
    const member = new Member(fourPuts());
    member.watch("a");
    member.restore([put("a"), put("a")]);
    member.progress();
    member.progress(0);
    expect(member.take()).toEqual(["0@5 created"]);
    member.watchers.sync();
    member.progress();
    expect(member.take()).toEqual(["0@7 put a 6, put a 7", "-1@7 "]);
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

describe("the view", () => {
  it("lists watchers by stream and id, whatever the order they came in", () => {
    const member = new Member(fourPuts());
    member.watch("b", 3, {rangeEnd: "d"}, 7);
    member.watch("a", 0, {}, 2);
    member.watch("a", 0, {}, 7);
    member.write(put("a"));
    expect(member.watchers.view()).toEqual([
      {
        stream: 2,
        watchId: 0,
        key: "a",
        rangeEnd: "",
        group: "synced",
        nextRevision: 7,
        queued: 2,
        startRevision: 0,
      },
      {
        stream: 7,
        watchId: 0,
        key: "b",
        rangeEnd: "d",
        group: "unsynced",
        nextRevision: 3,
        queued: 1,
        startRevision: 3,
      },
      {
        stream: 7,
        watchId: 1,
        key: "a",
        rangeEnd: "",
        group: "synced",
        nextRevision: 7,
        queued: 2,
        startRevision: 0,
      },
    ]);
  });
});

describe("the watchers' fork and digest", () => {
  const digest = (watchers: Watchers): string => {
    const hasher = new Hasher();
    watchers.digest(hasher);
    return hasher.hash();
  };

  it("goes its own way from the same state", () => {
    const member = new Member(fourPuts());
    member.watch("a", 3);
    const store = member.store.fork();
    const twin = member.watchers.fork(store);
    expect(digest(twin)).toBe(digest(member.watchers));
    member.watchers.sync();
    member.take();
    expect(digest(twin)).not.toBe(digest(member.watchers));
    expect([twin.view()[0]?.group, takeResponse(twin, 1)?.result.created]).toEqual(["unsynced", true]);
  });

  it("does not depend on the order in which streams were opened", () => {
    const [one, two] = [new Member(new Store()), new Member(new Store())];
    for (const stream of [1, 2]) one.watch("a", 0, {}, stream);
    for (const stream of [2, 1]) two.watch("a", 0, {}, stream);
    expect(digest(one.watchers)).toBe(digest(two.watchers));
    takeResponse(two.watchers, 1);
    expect(digest(one.watchers)).not.toBe(digest(two.watchers));
  });

  it("tells where the next round begins, also while there is none to make", () => {
    const [one, two] = [
      new Member(fourPuts(), {syncWatchersMax: 1}),
      new Member(fourPuts(), {syncWatchersMax: 1}),
    ];
    const catchUp = (member: Member, stream: number): void => {
      member.watch("a", 2, {}, stream);
      member.watchers.sync();
      member.take(stream);
    };
    for (const stream of [1, 2]) catchUp(one, stream);
    for (const stream of [2, 1]) catchUp(two, stream);
    expect(one.watchers.view()).toEqual(two.watchers.view());
    expect(digest(one.watchers)).not.toBe(digest(two.watchers));
    for (const member of [one, two]) {
      member.restore([put("a")]);
      member.watchers.sync();
    }
    expect([one.take(1), one.take(2), two.take(1), two.take(2)]).toEqual([
      ["0@6 put a 6"],
      [],
      [],
      ["0@6 put a 6"],
    ]);
  });

  it("tells whose turn it is among victims, also while there are none", () => {
    const [one, two] = [new Member(new Store(), {channelMax: 1}), new Member(new Store(), {channelMax: 1})];
    /** Progress takes the only place, so whoever is told of the write is a victim. */
    const writeToFull = (member: Member, request: PutRequest | TxnRequest): void => {
      member.progress(0);
      member.write(request);
      member.take();
      member.watchers.moveVictims();
    };
    for (const member of [one, two]) {
      for (const key of ["a", "b"]) member.watch(key);
      member.take();
    }
    writeToFull(one, put("a"));
    one.take();
    one.write(put("b"));
    two.write(put("a"));
    two.take();
    writeToFull(two, put("b"));
    for (const member of [one, two]) member.take();
    expect(one.watchers.view()).toEqual(two.watchers.view());
    expect(digest(one.watchers)).not.toBe(digest(two.watchers));
    for (const member of [one, two]) writeToFull(member, txn([], [put("a"), put("b")]));
    expect([one.take(), two.take()]).toEqual([["1@4 put b 4"], ["0@4 put a 4"]]);
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
