// What can happen to the connections between a client and a member: they are reset, or refused.

import {describe, expect, it} from "vitest";
import type {Action} from "../../../sim/action.ts";
import type {EventRecord, Payload} from "../../../sim/event.ts";
import type {World} from "../../../sim/world/world.ts";
import {act, makeWorld, put, runTo, until, untilLeader} from "../stage.ts";

type Close = Extract<Payload, {kind: "close"}>;

function whys(records: readonly EventRecord[]): readonly string[] {
  return records.flatMap(({changes}) =>
    changes.flatMap((change) => (change.kind === "lost" ? [change.why] : [])),
  );
}

function closes(records: readonly EventRecord[]): readonly string[] {
  const found = records.flatMap(({payload}) => (payload.kind === "close" ? [payload as Close] : []));
  return found.map(({client, member, toward}) => `${client} n${member} ${toward}`);
}

function told(world: World): readonly number[] {
  const {watched = []} = world.operations[0] ?? {};
  return watched.flatMap(({response: {result}}) =>
    result.kind === "watch" ? result.events.map(({kv}) => kv.modRevision) : [],
  );
}

function whyNot(world: World, action: Action): string | undefined {
  return world.act({do: action, origin: "person"}) === undefined ? world.skipped.at(-1)?.why : "it applies";
}

/** c1 watches x on n1. */
function watching(): World {
  const world = makeWorld();
  untilLeader(world);
  act(world, {kind: "client", client: "c1", op: "watch x", to: "n1"});
  runTo(world, 600);
  expect(world.member(1).server?.watchers.view()).toHaveLength(1);
  return world;
}

describe("a message that a stream lost", () => {
  /** The change of revision 2 is on its way to c1 while its link is cut for a moment; that of revision 3 is sent right after. */
  function cutForAMoment(): World {
    const world = watching();
    act(world, put("c2", "x", "1", "n1"));
    act(world, put("c2", "x", "2", "n1"));
    const sent = (): boolean =>
      world.pending().some(({lane, payload}) => lane === "n1→c1" && payload.kind === "response");
    until(world, "the first change on its way", sent);
    act(world, {kind: "cut", from: "n1", to: "c1", oneWay: true});
    act(world, {kind: "heal"});
    return world;
  }

  it("takes with it all that comes behind it: the watch resumes on another stream, without a gap", () => {
    const world = cutForAMoment();
    const records = runTo(world, 1600);
    expect(whys(records).filter((why) => why === "cut").length).toBeGreaterThan(0);
    expect(told(world)).toEqual([2, 3]);
  });
});

describe("a reset", () => {
  it("tells both ends, and the watch goes on over another stream without a gap", () => {
    const world = watching();
    act(world, {kind: "connection", client: "c1", member: "n1", do: "reset"});
    expect(closes(runTo(world, 800)).toSorted()).toEqual(["c1 n1 client", "c1 n1 member"]);
    // The old watcher is gone; the one there is came on the new stream.
    expect(world.member(1).server?.watchers.view()).toHaveLength(1);
    act(world, put("c2", "x", "1", "n1"));
    runTo(world, 1200);
    expect(told(world)).toEqual([2]);
  });

  it("loses what is on the way: an answer that was sent never comes, and the client does not wait for it", () => {
    const world = watching();
    act(world, put("c1", "y", "1", "n1"));
    const sent = (): boolean => world.pending().some(({payload}) => payload.kind === "response");
    until(world, "the answer on its way", sent);
    act(world, {kind: "connection", client: "c1", member: "n1", do: "reset"});
    const records = until(world, "the end of the call", () => world.operations[1]?.outcome !== undefined);
    expect(whys(records)).toEqual(["reset"]);
    expect(world.operations[1]?.outcome?.kind).toBe("unknown");
    expect(world.member(1).server?.store.currentRevision).toBe(2);
  });

  it("loses what waits at a member that is paused: the put is never proposed", () => {
    const world = watching();
    act(world, {kind: "pause", member: "n1"});
    act(world, put("c1", "y", "1", "n1"));
    runTo(world, 650);
    act(world, {kind: "connection", client: "c1", member: "n1", do: "reset"});
    act(world, {kind: "resume", member: "n1"});
    const records = runTo(world, 1200);
    expect(whys(records)).toContain("reset");
    expect(world.operations[1]?.outcome?.kind).toBe("unknown");
    expect(world.members.map(({server}) => server?.store.currentRevision)).toEqual([1, 1, 1]);
  });

  it("concerns the two alone", () => {
    const world = watching();
    act(world, {kind: "client", client: "c2", op: "watch x", to: "n1"});
    act(world, {kind: "client", client: "c1", op: "watch x", to: "n2"});
    runTo(world, 700);
    act(world, {kind: "connection", client: "c1", member: "n1", do: "reset"});
    expect(new Set(closes(runTo(world, 1000)))).toEqual(new Set(["c1 n1 client", "c1 n1 member"]));
  });

  it("does not apply where there is no connection, or nobody of that name", () => {
    const world = watching();
    const reset = (client: string, member: string): string | undefined =>
      whyNot(world, {kind: "connection", client, member, do: "reset"});
    expect(reset("c2", "n1")).toBe("notNow");
    expect(reset("c1", "n9")).toBe("unknownName");
    expect(reset("n1", "c1")).toBe("unknownName");
    expect(reset("c1", "n1")).toBe("it applies");
    expect(reset("c1", "n1")).toBe("notNow");
  });

  it("over a link that carries nothing is heard of when it does", () => {
    const world = watching();
    act(world, {kind: "cut", from: "c1", to: "n1"});
    act(world, {kind: "connection", client: "c1", member: "n1", do: "reset"});
    expect(closes(runTo(world, 900))).toEqual([]);
    act(world, {kind: "heal"});
    expect(closes(runTo(world, 1000)).toSorted()).toEqual(["c1 n1 client", "c1 n1 member"]);
  });
});

describe("a member that refuses a client", () => {
  it("answers a new stream with its end; the client asks elsewhere, for nothing was carried", () => {
    const world = makeWorld();
    untilLeader(world);
    runTo(world, 400);
    for (const member of ["n1", "n2"]) act(world, {kind: "connection", client: "c1", member, do: "refuse"});
    expect(world.network.refusals).toEqual([
      ["c1", "n1"],
      ["c1", "n2"],
    ]);
    for (let i = 0; i < 6; i++) act(world, put("c1", `x${i}`, "1"));
    act(world, put("c2", "y", "1", "n1"));
    const records = until(world, "all answers", () =>
      world.operations.every(({outcome}) => outcome !== undefined),
    );
    expect(world.operations.map(({outcome}) => outcome?.kind)).toEqual(Array.from({length: 7}, () => "ok"));
    expect(whys(records).length).toBeGreaterThan(0);
    expect(new Set(whys(records))).toEqual(new Set(["refused"]));
    for (const {payload, changes} of records) {
      if (payload.kind !== "request" || payload.client !== "c1" || payload.to === 3) continue;
      expect(changes.some(({kind}) => kind === "lost")).toBe(true);
    }
  });

  it("ends a stream that it has at the next request on it, and both ends are told", () => {
    const world = watching();
    act(world, {kind: "connection", client: "c1", member: "n1", do: "refuse"});
    act(world, put("c2", "x", "1", "n1"));
    // What flows goes on: nothing was asked.
    runTo(world, 900);
    expect(told(world)).toEqual([2]);
    act(world, {kind: "client", client: "c1", op: "cancel 1"});
    const records = runTo(world, 1200);
    expect(whys(records)).toContain("refused");
    expect(closes(records)).toContain("c1 n1 client");
    expect(closes(records)).toContain("c1 n1 member");
    expect(world.member(1).server?.watchers.view()).toEqual([]);
  });

  it("accepts it again when told so", () => {
    const world = makeWorld();
    untilLeader(world);
    runTo(world, 400);
    const connection = (what: "refuse" | "accept"): string | undefined =>
      whyNot(world, {kind: "connection", client: "c1", member: "n1", do: what});
    expect(connection("accept")).toBe("notNow");
    expect(connection("refuse")).toBe("it applies");
    expect(connection("refuse")).toBe("notNow");
    act(world, put("c1", "x", "1", "n1"));
    runTo(world, 600);
    expect(world.operations[0]?.outcome?.kind).not.toBe("ok");
    expect(connection("accept")).toBe("it applies");
    act(world, put("c1", "x", "1", "n1"));
    until(world, "an answer", () => world.operations[1]?.outcome?.kind === "ok");
  });
});
