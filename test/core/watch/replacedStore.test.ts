// What a snapshot of another member makes of watchers: their store is replaced by a newer one.

import {describe, expect, it} from "vitest";
import {put, txn} from "../mvcc/notation.ts";
import {fourPuts, Member} from "./member.ts";
import {takeResponse} from "./taking.ts";

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
