// Watch streams in the world: their window, watchers that become victims because their client does not take what it is
// sent, and what it sees in the end.

import {describe, expect, it} from "vitest";
import {watchWindow} from "../../../core/server/watchSend.ts";
import type {WatcherView} from "../../../core/watch/watchers.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import type {EventRecord} from "../../../sim/event.ts";
import type {World} from "../../../sim/world/world.ts";
import {act, makeWorld, put, runTo, until, untilLeader} from "../stage.ts";
import type {RunOptions} from "../stage.ts";

const writes = 30;

/** c1 watches x on the leader, over a channel of two responses. */
function watched(options: RunOptions = {}): {world: World; leader: number} {
  const world = makeWorld({pausePoints: [], store: {watchChannelMax: 2}, ...options});
  const leader = untilLeader(world);
  runTo(world, 400);
  act(world, {kind: "client", client: "c1", op: "watch x", to: `n${leader}`});
  runTo(world, 500);
  expect(world.operations[0]?.watched).toHaveLength(1);
  return {world, leader};
}

function write(world: World, leader: number, count: number): void {
  for (let i = 0; i < count; i++) act(world, put("c2", "x", `${i}`, `n${leader}`));
}

function watcher(world: World, leader: number): WatcherView | undefined {
  return world.members[leader - 1]?.server?.watchers.view()[0];
}

function told(world: World): readonly number[] {
  const {watched: responses = []} = world.operations[0] ?? {};
  return responses.flatMap(({response: {result}}) =>
    result.kind === "watch" ? result.events.map(({kv}) => kv.modRevision) : [],
  );
}

const everyWrite = Array.from({length: writes}, (_, i) => 2 + i);

/** Goes on to a time; whether the watcher was a victim on the way, and how many streams ended. */
function follow(
  world: World,
  leader: number,
  time: number,
): {victim: boolean; ends: number; failed: string[]} {
  const seen = {victim: false, ends: 0, failed: [] as string[]};
  const checks = standardChecks();
  for (let next = world.next(); next !== undefined && next.due <= time * 1000; next = world.next()) {
    const record = world.take(next);
    if (watcher(world, leader)?.group === "victim") seen.victim = true;
    if (record.payload.kind === "close") seen.ends++;
    for (const check of checks)
      if (check.after?.(world.view, record, world.touched) !== undefined) seen.failed.push(check.name);
  }
  return seen;
}

function kinds(records: readonly EventRecord[], client: string): readonly string[] {
  return records.flatMap(({payload}) =>
    "client" in payload && payload.client === client ? [payload.kind] : [],
  );
}

describe("a watch stream", () => {
  it("carries a window; its client gives room back by half a window, in an event of its own", () => {
    const {world, leader} = watched();
    write(world, leader, watchWindow);
    const records = runTo(world, 700);
    // Its first answer was one of the window.
    const half = watchWindow / 2;
    expect(kinds(records, "c1").indexOf("credit")).toBeGreaterThan(half - 2);
    const credits = records.filter(({payload}) => payload.kind === "credit");
    expect(credits.map(({id}) => id)).toEqual([`c1→n${leader}#2`, `c1→n${leader}#3`]);
    expect(credits.map(({payload}) => payload)).toMatchObject([{room: half}, {room: half}]);
    expect(told(world)).toHaveLength(watchWindow);
  });

  it("draws the way of its credits from a stream of their own", () => {
    const {world, leader} = watched();
    const {least} = world.run.config.network.clientLatency;
    act(world, {kind: "pin", stream: `net/c1→n${leader}/credit`, n: 1, value: 0});
    write(world, leader, watchWindow);
    const credit = until(world, "the credit", () => world.last?.payload.kind === "credit").at(-1);
    const sent = credit?.payload.kind === "credit" ? credit.payload.sent : 0;
    expect((credit?.at ?? 0) - sent).toBe(least);
  });

  it("whose credit is lost is broken, and the watch goes on over another one", () => {
    const {world, leader} = watched();
    write(world, leader, watchWindow);
    until(world, "a credit on its way", () => world.pending().some(({payload}) => payload.kind === "credit"));
    const credit = world.pending().find(({payload}) => payload.kind === "credit");
    act(world, {kind: "message", event: `${credit?.lane}#${credit?.ordinal}`, do: "drop"});
    expect(follow(world, leader, 1000)).toMatchObject({ends: 2, failed: []});
    write(world, leader, writes - watchWindow);
    expect(follow(world, leader, 2000).failed).toEqual([]);
    expect(told(world)).toEqual(everyWrite);
  });

  it("gives no room to another life of its member", () => {
    const {world, leader} = watched();
    write(world, leader, watchWindow);
    until(world, "a credit on its way", () => world.pending().some(({payload}) => payload.kind === "credit"));
    act(world, {kind: "crash", member: `n${leader}`});
    act(world, {kind: "restart", member: `n${leader}`});
    const arrived = until(world, "its arrival", () => world.last?.payload.kind === "credit").at(-1);
    expect(arrived?.changes).toMatchObject([{kind: "lost", why: "down"}]);
  });
});

describe("a watcher whose client falls behind", () => {
  it("becomes a victim in a burst of writes, and catches up over the same stream without gap or repetition", () => {
    const {world, leader} = watched();
    write(world, leader, writes);
    expect(follow(world, leader, 3000)).toEqual({victim: true, ends: 0, failed: []});
    expect(watcher(world, leader)?.group).toBe("synced");
    expect(told(world)).toEqual(everyWrite);
  });

  it("becomes a victim behind a cut; after healing its client resumes on a new stream and misses nothing", () => {
    const {world, leader} = watched();
    act(world, {kind: "cut", from: "c1", to: `n${leader}`});
    write(world, leader, writes);
    expect(follow(world, leader, 1500)).toEqual({victim: true, ends: 0, failed: []});
    expect(watcher(world, leader)).toMatchObject({group: "victim", queued: 2});
    expect(told(world)).toEqual([]);
    act(world, {kind: "heal"});
    expect(follow(world, leader, 3000)).toMatchObject({ends: 2, failed: []});
    expect(watcher(world, leader)?.group).toBe("synced");
    expect(told(world)).toEqual(everyWrite);
  });
});
