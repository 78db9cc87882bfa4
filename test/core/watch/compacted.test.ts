// Watches of what is compacted: told so once, and cancelled.

import {describe, expect, it} from "vitest";
import {must, put} from "../mvcc/notation.ts";
import {fourPuts, Member} from "./member.ts";

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
