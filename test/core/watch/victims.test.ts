// Streams that take too slowly: their watchers become victims, and come back.

import {describe, expect, it} from "vitest";
import {del, put} from "../mvcc/notation.ts";
import {fourPuts, Member} from "./member.ts";
import {takeResponse} from "./taking.ts";

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
