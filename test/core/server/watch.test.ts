import {describe, expect, test} from "vitest";
import {watchWindow} from "../../../core/server/watchSend.ts";
import {WatchLoop} from "../../../core/server/watchLoop.ts";
import {Cluster, eventsOf, watchSyncEvery} from "./cluster.ts";

const stream = 4;

function watching(line: string, config = {}): Cluster {
  // Nothing of the backend file is on its way while watchers are looked at.
  const cluster = new Cluster({commitOpsMax: 1, ...config});
  cluster.run();
  cluster.elect();
  cluster.ask(1, "put x 1");
  cluster.ask(1, "put x 2");
  cluster.tick();
  cluster.eager.add(stream);
  cluster.ask(2, line, {stream, id: 70});
  return cluster;
}

function seen(cluster: Cluster): readonly string[] {
  return cluster.on(stream).flatMap(eventsOf);
}

describe("a watch", () => {
  test("answers created with the store's revision, then each write from then on, under the id of its request", () => {
    const cluster = watching("watch x");
    expect(cluster.on(stream)).toEqual([
      {
        header: {memberId: 2, revision: 3, raftTerm: 1},
        result: {kind: "watch", watchId: 0, created: true, events: []},
      },
    ]);
    cluster.ask(1, "put x 3");
    cluster.ask(1, "put y 3");
    cluster.ask(1, "del x");
    cluster.tick();
    expect(seen(cluster)).toEqual(["put x@4", "delete x@6"]);
    expect(cluster.responses.filter((one) => one.stream === stream).map(({id}) => id)).toEqual([70, 70, 70]);
  });

  test("on a member that is cut off is created all the same, and catches up after healing", () => {
    const cluster = watching("get x");
    cluster.isolated.add(2);
    cluster.ask(2, "watch x", {stream, id: 71});
    cluster.ask(1, "put x 3");
    expect(seen(cluster)).toEqual([]);
    cluster.isolated.clear();
    cluster.tick(2);
    expect(seen(cluster)).toEqual(["put x@4"]);
  });

  test("from a past revision catches up in a round of the sync actor", () => {
    const cluster = watching("watch x --rev 2");
    expect(seen(cluster)).toEqual([]);
    expect(cluster.server(2).deadline()).toBe(cluster.now + watchSyncEvery);
    cluster.pass(watchSyncEvery);
    expect(seen(cluster)).toEqual(["put x@2", "put x@3"]);
    expect(cluster.server(2).deadline()).toBeUndefined();
  });

  test("waits for the sync actor's turn where the pause point is listed", () => {
    const cluster = watching("watch x --rev 2", {pausePoints: ["beforeSyncWatchers"]});
    cluster.pass(watchSyncEvery);
    expect(cluster.effects.at(-1)).toEqual({
      from: 2,
      effect: {kind: "pause", actor: "watchSync", at: "beforeSyncWatchers"},
    });
    expect(seen(cluster)).toEqual([]);
    cluster.input(2, {kind: "turn", actor: "watchSync"});
    cluster.run();
    expect(seen(cluster)).toEqual(["put x@2", "put x@3"]);
  });

  test("gets a window of responses, then as many as its client has room for", () => {
    const cluster = watching("get x");
    cluster.eager.clear();
    cluster.ask(2, "watch x", {stream: 9, id: 1});
    for (let value = 0; value < watchWindow + 2; value++) cluster.ask(1, `put x ${value}`);
    cluster.tick();
    // The answer that it was created is one of the window.
    const last = (): string | undefined => cluster.on(9).flatMap(eventsOf).at(-1);
    expect(cluster.on(9)).toHaveLength(watchWindow);
    expect(last()).toBe(`put x@${watchWindow + 2}`);
    cluster.input(2, {kind: "streamReady", stream: 9, room: 1});
    expect(last()).toBe(`put x@${watchWindow + 3}`);
    cluster.input(2, {kind: "streamReady", stream: 9, room: 4});
    expect(last()).toBe(`put x@${watchWindow + 5}`);
    expect(cluster.on(9)).toHaveLength(watchWindow + 3);
  });

  test("is told of a write in the order of the streams, whichever was opened first", () => {
    const cluster = watching("get x");
    cluster.ask(2, "watch x", {stream: 9, id: 1});
    cluster.ask(2, "watch x", {stream: 7, id: 1});
    cluster.ask(1, "put x 3");
    cluster.tick();
    expect(cluster.responses.slice(-2).map((one) => one.stream)).toEqual([7, 9]);
  });

  test("whose client does not keep up becomes a victim, and misses nothing", () => {
    const cluster = watching("get x", {watchChannelMax: 2});
    cluster.eager.clear();
    cluster.ask(2, "watch x", {stream: 9, id: 1});
    const writes = watchWindow + 5;
    for (let value = 0; value < writes; value++) cluster.ask(1, `put x ${value}`);
    cluster.tick();
    expect(
      cluster
        .server(2)
        .watchers.view()
        .map(({group}) => group),
    ).toEqual(["victim"]);
    cluster.eager.add(9);
    cluster.input(2, {kind: "streamReady", stream: 9, room: watchWindow});
    cluster.run();
    cluster.pass(3 * watchSyncEvery);
    expect(cluster.on(9).flatMap(eventsOf)).toEqual(Array.from({length: writes}, (_, i) => `put x@${4 + i}`));
    expect(
      cluster
        .server(2)
        .watchers.view()
        .map(({group}) => group),
    ).toEqual(["synced"]);
  });

  test("of a compacted revision is cancelled with the compact revision", () => {
    const cluster = watching("get x");
    cluster.ask(1, "compact 3");
    cluster.tick();
    cluster.ask(2, "watch x --rev 2", {stream, id: 5});
    cluster.pass(watchSyncEvery);
    expect(cluster.on(stream).at(-1)?.result).toMatchObject({canceled: true, compactRevision: 3});
  });

  test("is cancelled at its client's wish", () => {
    const cluster = watching("watch x");
    cluster.ask(2, {kind: "watchCancel", watchId: 0}, {stream, id: 71});
    cluster.ask(1, "put x 3");
    cluster.tick();
    expect(cluster.on(stream).at(-1)?.result).toEqual({
      kind: "watch",
      watchId: 0,
      canceled: true,
      events: [],
    });
  });

  test("is forgotten with its stream", () => {
    const cluster = watching("watch x --rev 2");
    cluster.input(2, {kind: "streamClosed", stream});
    expect(cluster.server(2).watchers.view()).toEqual([]);
    expect(cluster.server(2).deadline()).toBeUndefined();
    cluster.input(2, {kind: "streamReady", stream, room: 1});
    cluster.pass(watchSyncEvery);
    expect(seen(cluster)).toEqual([]);
  });

  test("refused in form is answered under its own id", () => {
    const cluster = watching("watch x");
    cluster.ask(2, "watch b a", {stream, id: 72});
    expect(cluster.responses.at(-1)).toMatchObject({
      id: 72,
      response: {result: {created: true, canceled: true, watchId: -1}},
    });
  });
});

describe("the loop of a watch actor", () => {
  test("sleeps while there is nothing to do, and is never put off by being asked again", () => {
    const loop = new WatchLoop(false);
    loop.arm(undefined);
    expect(loop.deadline()).toBeUndefined();
    loop.arm(100);
    loop.arm(105);
    expect(loop.deadline()).toBe(100);
    loop.wake(99);
    expect(loop.takeTurn()).toBe(false);
    loop.wake(100);
    expect([loop.takeTurn(), loop.takeTurn(), loop.deadline()]).toEqual([true, false, undefined]);
    loop.arm(200);
    loop.arm(undefined);
    expect(loop.deadline()).toBeUndefined();
  });

  test("pauses before its round where it is told to, says so once, and goes on at its turn", () => {
    const loop = new WatchLoop(true);
    loop.arm(100);
    loop.wake(100);
    expect([loop.takeTurn(), loop.takePause(), loop.takePause()]).toEqual([false, true, false]);
    loop.arm(150);
    expect(loop.deadline()).toBeUndefined();
    loop.turn();
    loop.turn();
    expect([loop.takeTurn(), loop.takeTurn()]).toEqual([true, false]);
  });
});
