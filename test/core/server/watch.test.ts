import {describe, expect, test} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import type {Server} from "../../../core/server/server.ts";
import type {Actor} from "../../../core/server/io.ts";
import type {Request} from "../../../core/server/request.ts";
import {watchWindow} from "../../../core/server/watchSend.ts";
import {Rounds} from "../../../core/server/rounds.ts";
import {Cluster, errorOf, eventsOf, ms, pairsOf, watchSyncEvery} from "./cluster.ts";

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

/** Every pause so far of n2's watch actors. */
function pausesOf(cluster: Cluster): readonly string[] {
  return cluster.effects.flatMap(({from, effect}) =>
    from === 2 && effect.kind === "pause" ? [`${effect.actor} ${effect.at}`] : [],
  );
}

function turn(cluster: Cluster, actor: Actor): void {
  cluster.input(2, {kind: "turn", actor});
  cluster.run();
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

describe("progress", () => {
  const progressNotifyEvery = 1000 * ms;

  /** Responses without events, as `watch id@revision`. */
  const progressOf = (cluster: Cluster, on = stream): readonly string[] =>
    cluster.on(on).flatMap(({header, result}) => {
      if (result.kind !== "watch" || result.events.length > 0) return [];
      const isAnswer = result.created === true || result.canceled === true;
      return isAnswer ? [] : [`${result.watchId}@${header.revision}`];
    });

  const notifying = {kind: "watchCreate", key: "x", progressNotify: true} as const;

  test("is told on request, under the request's id, once all watches of the stream are synced", () => {
    const cluster = watching("watch x --rev 2");
    cluster.ask(2, {kind: "watchProgress"}, {stream, id: 80});
    expect(progressOf(cluster)).toEqual([]);
    cluster.pass(watchSyncEvery);
    cluster.ask(2, {kind: "watchProgress"}, {stream, id: 81});
    expect(progressOf(cluster)).toEqual(["-1@3"]);
    expect(cluster.responses.at(-1)).toMatchObject({stream, id: 81});
  });

  test("is told now and then of a watch that asks for it as it is created, and to no other", () => {
    const cluster = watching("watch y", {progressNotifyEvery});
    expect(cluster.server(2).deadline()).toBeUndefined();
    cluster.ask(2, notifying, {stream, id: 71});
    // The test's luck is the member's id: the stream ticks so many microseconds late.
    cluster.pass(progressNotifyEvery + 1);
    expect(progressOf(cluster)).toEqual([]);
    cluster.pass(1);
    expect(progressOf(cluster)).toEqual(["1@3"]);
    cluster.pass(2 * (progressNotifyEvery + 2));
    expect(progressOf(cluster)).toEqual(["1@3", "1@3", "1@3"]);
    expect(cluster.responses.at(-1)).toMatchObject({stream, id: 71});
  });

  test("is left out after an interval in which events were sent", () => {
    const cluster = watching("get x", {progressNotifyEvery});
    cluster.ask(2, notifying, {stream, id: 71});
    cluster.pass(progressNotifyEvery / 2);
    cluster.ask(1, "put x 3");
    cluster.tick();
    cluster.pass(progressNotifyEvery);
    expect([seen(cluster), progressOf(cluster)]).toEqual([["put x@4"], []]);
    cluster.pass(progressNotifyEvery);
    expect(progressOf(cluster)).toEqual(["0@4"]);
  });

  test("is not told of a watch that waits for a later revision, nor does it keep a member awake that has none", () => {
    const cluster = watching("get x", {progressNotifyEvery});
    cluster.ask(2, {...notifying, startRevision: 50}, {stream, id: 71});
    cluster.pass(3 * progressNotifyEvery);
    expect(progressOf(cluster)).toEqual([]);
    cluster.ask(2, {kind: "watchCancel", watchId: 0}, {stream, id: 72});
    cluster.pass(2 * progressNotifyEvery);
    expect(cluster.server(2).deadline()).toBeUndefined();
  });

  test("waits for its turn where the pause point is listed, and says what is so then", () => {
    const cluster = watching("watch x", {pausePoints: ["beforeProgressIfSync"]});
    cluster.ask(2, {kind: "watchProgress"}, {stream, id: 80});
    expect(pausesOf(cluster)).toEqual(["watchProgress beforeProgressIfSync"]);
    cluster.ask(1, "put x 3");
    cluster.tick();
    expect([seen(cluster), progressOf(cluster)]).toEqual([["put x@4"], []]);
    turn(cluster, "watchProgress");
    expect(progressOf(cluster)).toEqual(["-1@4"]);
  });
});

describe("a response on its way to be sent", () => {
  const pausePoints = ["beforeSendWatchResponse"] as const;

  const previous = (cluster: Cluster, on = stream): readonly (string | undefined)[] =>
    cluster
      .on(on)
      .flatMap(({result}) =>
        result.kind === "watch"
          ? result.events.map(({prevKv}) => prevKv && String.fromCharCode(...prevKv.value))
          : [],
      );

  test("waits for its turn where the point is listed, and the next one for the turn after", () => {
    const cluster = watching("watch x", {pausePoints});
    expect(cluster.on(stream)).toHaveLength(0);
    turn(cluster, "watchSend");
    cluster.ask(1, "put x 3");
    cluster.ask(1, "put x 4");
    cluster.tick();
    expect([cluster.on(stream).length, seen(cluster)]).toEqual([1, []]);
    turn(cluster, "watchSend");
    expect(seen(cluster)).toEqual(["put x@4"]);
    turn(cluster, "watchSend");
    expect(seen(cluster)).toEqual(["put x@4", "put x@5"]);
    expect(pausesOf(cluster)).toEqual(Array.from({length: 3}, () => "watchSend beforeSendWatchResponse"));
  });

  test("loses its previous value if that is compacted meanwhile (etcd #10681)", () => {
    const told = (compact: boolean): readonly (string | undefined)[] => {
      const cluster = watching("watch x --prev-kv", {pausePoints});
      turn(cluster, "watchSend");
      cluster.ask(1, "put x 3");
      cluster.tick();
      if (compact) cluster.ask(1, "compact 4");
      cluster.tick();
      turn(cluster, "watchSend");
      return previous(cluster);
    };
    expect([told(false), told(true)]).toEqual([["2"], [undefined]]);
  });

  test("goes with its stream, and the other streams go on", () => {
    const cluster = watching("watch x", {pausePoints});
    cluster.ask(2, "watch x", {stream: 9, id: 1});
    cluster.input(2, {kind: "streamClosed", stream});
    turn(cluster, "watchSend");
    turn(cluster, "watchSend");
    expect([cluster.on(stream).length, cluster.on(9).length]).toEqual([0, 1]);
  });

  test("takes turns with the other streams", () => {
    const cluster = watching("get x", {pausePoints});
    for (const id of [7, 9]) {
      cluster.eager.add(id);
      cluster.ask(2, "watch x", {stream: id, id: 1});
    }
    for (let i = 0; i < 3; i++) cluster.ask(1, `put x ${i}`);
    cluster.tick();
    for (let i = 0; i < 8; i++) turn(cluster, "watchSend");
    const order = cluster.responses
      .filter((one) => one.from === 2 && one.stream > 4)
      .map((one) => one.stream);
    expect(order).toEqual([7, 9, 7, 9, 7, 9, 7, 9]);
  });

  test("is cut if it is too large and its watch allows it; its client then has room for so many fewer", () => {
    const cluster = watching("get x", {requestBytesMax: 400_000, walSegmentBytes: 4_000_000});
    const value = new Uint8Array(300_000);
    for (let i = 0; i < 5; i++) cluster.ask(1, {kind: "put", key: "x", value});
    cluster.tick();
    cluster.ask(2, {kind: "watchCreate", key: "x", startRevision: 4, fragment: true}, {stream: 9, id: 1});
    cluster.pass(watchSyncEvery);
    const pieces = cluster.on(9).map(({result}) => (result.kind === "watch" ? result : undefined));
    expect(pieces.map((piece) => [piece?.events.length, piece?.fragment])).toEqual([
      [0, undefined],
      [3, true],
      [2, undefined],
    ]);
    for (let i = 0; i < watchWindow; i++) cluster.ask(1, "put x 1");
    cluster.tick();
    expect(cluster.on(9)).toHaveLength(watchWindow);
  });
});

describe("a victim", () => {
  test("waits for its turn where the pause point is listed", () => {
    const cluster = watching("get x", {watchChannelMax: 1, pausePoints: ["beforeMoveVictims"]});
    cluster.ask(2, "watch x", {stream: 9, id: 1});
    for (let i = 0; i < watchWindow + 1; i++) cluster.ask(1, `put x ${i}`);
    cluster.tick();
    const group = (): string | undefined => cluster.server(2).watchers.view()[0]?.group;
    expect([group(), cluster.server(2).deadline()]).toEqual(["victim", undefined]);
    cluster.eager.add(9);
    cluster.input(2, {kind: "streamReady", stream: 9, room: watchWindow});
    cluster.run();
    expect(cluster.server(2).deadline()).toBe(cluster.now + 10 * ms);
    cluster.pass(10 * ms);
    expect([group(), pausesOf(cluster)]).toEqual(["victim", ["watchVictims beforeMoveVictims"]]);
    turn(cluster, "watchVictims");
    expect([group(), cluster.on(9).flatMap(eventsOf).at(-1)]).toEqual(["synced", `put x@${watchWindow + 4}`]);
  });
});

describe("a client that requires a leader", () => {
  const timeouts = 3 * 10 * 10 * ms;
  const metadata = {requireLeader: true};
  const noLeader = "etcdserver: no leader";

  /** n2 is cut off and has given up its leader. */
  const cutOff = (cluster: Cluster): void => {
    cluster.isolated.add(2);
    cluster.input(2, {kind: "timeout"});
    cluster.run();
    expect(cluster.server(2).raft.leader).toBe(0);
  };

  const asking = (cluster: Cluster, request: Request, id: number): void => {
    cluster.input(2, {kind: "request", stream, id, request, metadata});
    cluster.run();
  };

  test("is refused at once by a member that knows none, whatever it asks", () => {
    const cluster = watching("get x");
    asking(cluster, {kind: "range", key: "x", serializable: true}, 1);
    expect(pairsOf(cluster.on(stream).at(-1))).toBe("x=2@3");
    cutOff(cluster);
    asking(cluster, {kind: "range", key: "x", serializable: true}, 2);
    asking(cluster, {kind: "watchCreate", key: "x"}, 3);
    expect(cluster.on(stream).slice(-2).map(errorOf)).toEqual([noLeader, noLeader]);
    cluster.ask(2, "get x --consistency s", {stream, id: 4});
    expect(pairsOf(cluster.on(stream).at(-1))).toBe("x=2@3");
  });

  test("has its watches ended when there has been none for three election timeouts, and only those", () => {
    const cluster = watching("watch x");
    asking(cluster, {kind: "watchCreate", key: "x"}, 71);
    cutOff(cluster);
    expect(cluster.server(2).deadline()).toBe(cluster.now + timeouts);
    cluster.pass(timeouts - 1);
    expect(cluster.server(2).watchers.view()).toHaveLength(2);
    cluster.pass(1);
    expect(
      cluster
        .server(2)
        .watchers.view()
        .map(({watchId}) => watchId),
    ).toEqual([0]);
    expect(cluster.responses.at(-1)).toMatchObject({
      id: 71,
      response: {result: {watchId: 1, canceled: true, cancelReason: noLeader}},
    });
    expect(cluster.server(2).deadline()).toBeUndefined();
  });

  test("keeps them if one is found in time", () => {
    const cluster = watching("get x");
    asking(cluster, {kind: "watchCreate", key: "x"}, 71);
    cutOff(cluster);
    cluster.pass(timeouts / 2);
    cluster.isolated.clear();
    cluster.elect(3);
    cluster.pass(timeouts);
    expect(cluster.server(2).watchers.view()).toHaveLength(1);
  });
});

describe("a twin of a member whose watch actors pause", () => {
  const digest = (server: Server): string => {
    const hasher = new Hasher();
    server.digest(hasher);
    return hasher.hash();
  };

  test("is where its original is, and goes on as it does", () => {
    const pausePoints = ["beforeSendWatchResponse", "beforeSyncWatchers", "beforeProgressIfSync"] as const;
    const cluster = watching("watch x --rev 2", {pausePoints, progressNotifyEvery: 100 * ms});
    cluster.ask(2, {kind: "watchCreate", key: "x", progressNotify: true}, {stream, id: 71});
    cluster.ask(2, {kind: "watchProgress"}, {stream, id: 80});
    cluster.pass(watchSyncEvery);
    for (const actor of ["watchSend", "watchProgress", "watchSync", "watchSend", "watchSend"] as const) {
      const server = cluster.server(2);
      const twin = server.fork();
      expect([digest(twin), twin.deadline()]).toEqual([digest(server), server.deadline()]);
      const before = digest(server);
      const effects = twin.handle({kind: "turn", actor}, cluster.now);
      expect(digest(server)).toBe(before);
      expect(digest(twin)).not.toBe(before);
      const from = cluster.effects.length;
      cluster.input(2, {kind: "turn", actor});
      expect(cluster.effects.slice(from).map(({effect}) => effect)).toEqual(effects);
      expect(digest(twin)).toBe(digest(server));
      cluster.run();
    }
    expect(seen(cluster)).toEqual(["put x@2", "put x@3"]);
  });
});

describe("the rounds of an actor", () => {
  test("sleeps while there is nothing to do, and is never put off by being asked again", () => {
    const loop = new Rounds(false);
    loop.armBy(undefined);
    expect(loop.deadline()).toBeUndefined();
    loop.armBy(100);
    loop.armBy(105);
    expect(loop.deadline()).toBe(100);
    loop.wake(99);
    expect(loop.takeRound()).toBe(false);
    loop.wake(100);
    expect([loop.takeRound(), loop.takeRound(), loop.deadline()]).toEqual([true, false, undefined]);
    loop.armBy(200);
    loop.armBy(undefined);
    expect(loop.deadline()).toBeUndefined();
  });

  test("pauses before its round where it is told to, says so once, and goes on at its turn", () => {
    const loop = new Rounds(true);
    loop.armBy(100);
    loop.wake(100);
    expect([loop.takeRound(), loop.takePause(), loop.takePause()]).toEqual([false, true, false]);
    loop.armBy(150);
    expect(loop.deadline()).toBeUndefined();
    loop.turn();
    loop.turn();
    expect([loop.takeRound(), loop.takeRound()]).toEqual([true, false]);
  });
});
