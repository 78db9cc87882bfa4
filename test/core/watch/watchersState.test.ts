// What is seen of watchers from outside: the view, forks, the digest.

import {describe, expect, it} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import type {PutRequest, TxnRequest} from "../../../core/mvcc/kv.ts";
import {Store} from "../../../core/mvcc/store.ts";
import type {Watchers} from "../../../core/watch/watchers.ts";
import {put, txn} from "../mvcc/notation.ts";
import {fourPuts, Member} from "./member.ts";
import {takeResponse} from "./taking.ts";

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
