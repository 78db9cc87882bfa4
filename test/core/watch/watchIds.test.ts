// Which watches are created, and under which ids.

import {describe, expect, it} from "vitest";
import {Store} from "../../../core/mvcc/store.ts";
import {put} from "../mvcc/notation.ts";
import {fourPuts, Member} from "./member.ts";
import {takeResponse} from "./taking.ts";

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
