// Progress: that nothing is missing up to a revision.

import {describe, expect, it} from "vitest";
import {put} from "../mvcc/notation.ts";
import {fourPuts, Member} from "./member.ts";

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
