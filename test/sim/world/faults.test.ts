// What each fault does: to messages, to members, to the streams of clients.

import {describe, expect, it} from "vitest";
import type {EventRecord, Payload, Pending} from "../../../sim/event.ts";
import type {World} from "../../../sim/world/world.ts";
import {act, at, leaderOf, makeWorld, ms, put, runTo, take, until, untilLeader} from "../stage.ts";

type Lost = Extract<EventRecord["changes"][number], {kind: "lost"}>;

function losses(records: readonly EventRecord[]): readonly Lost[] {
  return records.flatMap(({changes}) => changes.filter((change) => change.kind === "lost"));
}

function links(records: readonly EventRecord[]): readonly string[] {
  return [...new Set(losses(records).map(({from, to}) => `${from}→${to}`))].sort((a, b) => (a < b ? -1 : 1));
}

function messageOnItsWay(world: World, from: number): {id: string; to: number} {
  const found = world.pending().find(({payload}) => payload.kind === "message" && payload.from === from);
  if (found?.payload.kind !== "message") throw new Error("no message is on its way");
  return {id: `${found.lane}#${found.ordinal}`, to: found.payload.to};
}

describe("a cut", () => {
  it("one way loses what goes that way alone", () => {
    const world = makeWorld();
    const leader = untilLeader(world);
    const other = (leader % 3) + 1;
    act(world, {kind: "cut", from: `n${leader}`, to: `n${other}`, oneWay: true});
    const records = take(world, 300);
    expect(links(records)).toContain(`n${leader}→n${other}`);
    expect(links(records)).not.toContain(`n${other}→n${leader}`);
  });

  it("loses what is on the way, when it would arrive", () => {
    const world = makeWorld();
    const leader = untilLeader(world);
    const {id, to} = messageOnItsWay(world, leader);
    const due = world.pending().find(({lane, ordinal}) => `${lane}#${ordinal}` === id)?.due;
    act(world, {kind: "cut", from: `n${leader}`, to: `n${to}`});
    act(world, {kind: "heal"});
    const lost = until(world, "the loss", () => world.last?.id === id).at(-1);
    expect(losses(lost === undefined ? [] : [lost])).toEqual([
      {kind: "lost", event: id, from: `n${leader}`, to: `n${to}`, why: "cut"},
    ]);
    expect(lost?.at).toBe(due);
  });

  it("by a split parts the groups, and leaves those in no group with all", () => {
    const world = makeWorld({members: 5});
    untilLeader(world);
    act(world, {
      kind: "split",
      groups: [
        ["n1", "n2"],
        ["n3", "n4"],
      ],
    });
    expect(world.network.blocked("n1", "n3")).toBe(true);
    expect(world.network.blocked("n1", "n2")).toBe(false);
    expect(world.network.blocked("n1", "n5")).toBe(false);
    act(world, {kind: "heal", link: ["n1", "n3"]});
    expect(world.network.blocked("n3", "n1")).toBe(false);
    expect(world.network.blocked("n1", "n4")).toBe(true);
  });

  it("between a client and a member breaks their stream, and healing tells the client so", () => {
    const world = makeWorld();
    untilLeader(world);
    act(world, {kind: "client", client: "c1", op: "watch x", to: "n1"});
    runTo(world, 600);
    act(world, {kind: "cut", from: "c1", to: "n1"});
    act(world, put("c2", "x", "1", "n1"));
    const cut = runTo(world, 900);
    expect(links(cut)).toContain("n1→c1");
    act(world, {kind: "heal"});
    const healed = runTo(world, 1200);
    const closed = healed.filter(({payload}) => payload.kind === "close");
    expect(
      closed
        .map(({payload}) => (payload as Extract<Payload, {kind: "close"}>).toward)
        .sort((a, b) => (a < b ? -1 : 1)),
    ).toEqual(["client", "member"]);
    // The watch goes on over another stream and misses nothing.
    const told = world.operations[0]?.watched.flatMap(({response}) =>
      response.result.kind === "watch" ? response.result.events : [],
    );
    expect(told?.map(({kv}) => kv.modRevision)).toEqual([2]);
  });
});

describe("loss", () => {
  it("takes all messages between members at a million in a million, and none of a client's", () => {
    const world = makeWorld({network: {lossPerMillion: 1_000_000}});
    act(world, {kind: "client", client: "c1", op: "status"});
    const records = runTo(world, 600);
    const between = records.filter(({payload}) => payload.kind === "message");
    expect(losses(records).length).toBe(between.length);
    expect(between.length).toBeGreaterThan(4);
    expect(world.operations[0]?.outcome?.kind).toBe("ok");
    expect(leaderOf(world)).toBe(0);
  });
});

describe("a message", () => {
  it("that is held does not arrive until it is released, and then at once", () => {
    const world = makeWorld();
    const leader = untilLeader(world);
    const {id} = messageOnItsWay(world, leader);
    act(world, {kind: "message", event: id, do: "hold"});
    expect(world.pending().find(({lane, ordinal}) => `${lane}#${ordinal}` === id)?.held).toBe(true);
    expect(take(world, 200).some((record) => record.id === id)).toBe(false);
    act(world, {kind: "message", event: id, do: "release"});
    const {now} = world;
    const arrived = until(world, "its arrival", () => world.last?.id === id).at(-1);
    expect(arrived?.at).toBe(now);
    expect(arrived?.changes.filter(({kind}) => kind === "lost")).toEqual([]);
  });

  it("that is dropped is lost when it would arrive", () => {
    const world = makeWorld();
    const {id} = messageOnItsWay(world, untilLeader(world));
    act(world, {kind: "message", event: id, do: "drop"});
    const records = until(world, "the loss", () => world.last?.id === id);
    expect(losses(records).map(({event, why}) => [event, why])).toEqual([[id, "dropped"]]);
  });

  it("that is duplicated arrives twice, under two names", () => {
    const world = makeWorld();
    const {id} = messageOnItsWay(world, untilLeader(world));
    const original = world.pending().find(({lane, ordinal}) => `${lane}#${ordinal}` === id);
    act(world, {kind: "message", event: id, do: "duplicate"});
    const same = world.pending().filter(({payload}) => payload === original?.payload);
    expect(same.map(({lane}) => lane)).toEqual([original?.lane, original?.lane]);
    expect(new Set(same.map(({ordinal}) => ordinal)).size).toBe(2);
  });

  it("that forwards a proposal cannot be duplicated: a put would be applied twice", () => {
    const world = makeWorld();
    const leader = untilLeader(world);
    runTo(world, 400);
    act(world, put("c1", "x", "1", `n${(leader % 3) + 1}`));
    const forwarded = (): Pending | undefined =>
      world.pending().find(({payload}) => payload.kind === "message" && payload.message.kind === "Propose");
    until(world, "the proposal on its way", () => forwarded() !== undefined);
    const event = `${forwarded()?.lane}#${forwarded()?.ordinal}`;
    expect(world.act({do: {kind: "message", event, do: "duplicate"}, origin: "person"})).toBeUndefined();
    expect(world.skipped.at(-1)?.why).toBe("notIdempotent");
    until(world, "the answer", () => world.operations[0]?.outcome?.kind === "ok");
    runTo(world, 900);
    expect(world.members.map(({server}) => server?.store.currentRevision)).toEqual([2, 2, 2]);
  });

  it("that is delayed arrives that much later, past those behind it", () => {
    const world = makeWorld();
    const {id} = messageOnItsWay(world, untilLeader(world));
    const due = world.pending().find(({lane, ordinal}) => `${lane}#${ordinal}` === id)?.due ?? 0;
    act(world, {kind: "message", event: id, do: "delay", by: 50 * ms});
    expect(until(world, "its arrival", () => world.last?.id === id).at(-1)?.at).toBe(due + 50 * ms);
  });

  it("of a client's stream cannot overtake another: it can only be lost", () => {
    const world = makeWorld();
    act(world, put("c1", "x", "1"));
    const request = world.pending().find(({payload}) => payload.kind === "request");
    const event = `${request?.lane}#${request?.ordinal}`;
    expect(world.act({do: {kind: "message", event, do: "hold"}, origin: "person"})).toBeUndefined();
    expect(world.skipped.at(-1)?.why).toBe("notNow");
    act(world, {kind: "message", event, do: "drop"});
    // The stream is broken: the client hears of it and does not wait for its timeout.
    until(world, "the end of the call", () => world.operations[0]?.outcome !== undefined);
    expect(world.operations[0]?.outcome?.kind).toBe("unknown");
    expect(world.now).toBeLessThan(100 * ms);
  });

  it("arrives in the order of its link, unless the network may reorder", () => {
    for (const reorder of [false, true]) {
      const world = makeWorld({
        network: {reorder, peerLatency: {least: 1000, most: 60_000}},
        clients: 2,
        seed: "5",
      });
      let inOrder = true;
      const last = new Map<string, number>();
      for (const {payload, id} of runTo(world, 3000)) {
        if (payload.kind !== "message") continue;
        const [lane = "", ordinal = ""] = id.split("#");
        if (Number(ordinal) < (last.get(lane) ?? 0)) inOrder = false;
        last.set(lane, Number(ordinal));
      }
      expect(inOrder).toBe(!reorder);
    }
  });
});

describe("a member", () => {
  it("that is paused keeps its memory, gets what arrived meanwhile, and one tick", () => {
    const world = makeWorld();
    const leader = untilLeader(world);
    runTo(world, 400);
    const other = (leader % 3) + 1;
    const server = world.members[other - 1]?.server;
    act(world, {kind: "pause", member: `n${other}`});
    const paused = runTo(world, 480);
    expect(paused.every(({payload}) => !("member" in payload) || payload.member !== other)).toBe(true);
    expect(losses(paused)).toEqual([]);
    const waiting = world
      .pending()
      .filter(({payload}) => payload.kind === "message" && payload.to === other).length;
    expect(waiting).toBeGreaterThan(0);
    act(world, {kind: "resume", member: `n${other}`});
    const {now} = world;
    const resumed = take(world, 8).filter((record) => record.at === now);
    expect(resumed.filter(({payload}) => payload.kind === "tick" && payload.member === other).length).toBe(1);
    expect(
      resumed.filter(({payload}) => payload.kind === "message" && payload.to === other).length,
    ).toBeGreaterThan(0);
    expect(world.members[other - 1]?.server).toBe(server);
    expect(world.members[other - 1]?.incarnation).toBe(1);
  });

  it("that is paused gets what had arrived when it was cut off, and nothing that was still on its way", () => {
    const world = makeWorld();
    const leader = untilLeader(world);
    runTo(world, 400);
    const other = (leader % 3) + 1;
    act(world, {kind: "pause", member: `n${other}`});
    runTo(world, 480);
    const toIt = ({payload}: Pick<Pending, "payload">): boolean =>
      payload.kind === "message" && payload.to === other;
    const dues = (): readonly number[] => world.pending().flatMap((one) => (toIt(one) ? [one.due] : []));
    until(world, "one that arrived and one on its way", () => {
      return dues().some((due) => due < world.now) && dues().some((due) => due > world.now);
    });
    const waiting = world.pending().filter(toIt);
    act(world, {kind: "cut", from: `n${leader}`, to: `n${other}`});
    act(world, {kind: "cut", from: `n${(other % 3) + 1}`, to: `n${other}`});
    act(world, {kind: "heal"});
    const {now} = world;
    act(world, {kind: "resume", member: `n${other}`});
    const ids = new Set(waiting.map(({lane, ordinal}) => `${lane}#${ordinal}`));
    const came = take(world, 100).filter(({id}) => ids.has(id));
    expect(came).toHaveLength(waiting.length);
    const late = waiting.filter(({due}) => due >= now).map(({lane, ordinal}) => `${lane}#${ordinal}`);
    expect(late.length).toBeGreaterThan(0);
    expect(losses(came).map(({event}) => event)).toEqual(late);
    expect(losses(came).every(({why}) => why === "cut")).toBe(true);
  });

  it("that crashes forgets, loses what arrives, and restarts from its disk in a new life", () => {
    const world = makeWorld();
    const leader = untilLeader(world);
    act(world, put("c1", "x", "1", `n${leader}`));
    until(world, "the answer", () => world.operations[0]?.outcome?.kind === "ok");
    const {server} = world.members[leader - 1] ?? {};
    const [term, last] = [server?.raft.term, server?.durableIndex];
    act(world, {kind: "crash", member: `n${leader}`});
    expect(world.members[leader - 1]).toMatchObject({status: "crashed", server: undefined});
    expect(losses(take(world, 200)).some(({to, why}) => to === `n${leader}` && why === "down")).toBe(true);
    act(world, {kind: "restart", member: `n${leader}`});
    const again = world.members[leader - 1];
    expect(again?.incarnation).toBe(2);
    expect(again?.server?.raft.role).toBe("follower");
    expect(again?.server?.raft.term).toBeGreaterThanOrEqual(term ?? 0);
    expect(again?.server?.raft.lastIndex).toBeGreaterThanOrEqual(last ?? 0);
    until(world, "its store", () => again?.server?.store.currentRevision === 2);
  });

  it("that restarts asks for reads under other names than in any life before", () => {
    const world = makeWorld();
    const leader = untilLeader(world);
    const name = `n${(leader % 3) + 1}`;
    const contexts: number[] = [];
    for (let life = 0; life < 3; life++) {
      runTo(world, 500 * (life + 1));
      act(world, {kind: "client", client: "c1", op: "get x", to: name});
      for (const {payload} of runTo(world, 500 * (life + 1) + 100))
        if (payload.kind === "message" && payload.message.kind === "ReadIndex")
          contexts.push(payload.message.context);
      act(world, {kind: "crash", member: name});
      act(world, {kind: "restart", member: name});
    }
    expect(contexts.length).toBeGreaterThanOrEqual(3);
    expect(new Set(contexts).size).toBe(contexts.length);
  });

  it("that crashes ends its clients' streams, so that they need not wait for a timeout", () => {
    const world = makeWorld();
    const leader = untilLeader(world);
    act(world, put("c1", "x", "1", `n${leader}`));
    until(world, "the request", () => world.last?.payload.kind === "request");
    act(world, {kind: "crash", member: `n${leader}`});
    const {now} = world;
    until(world, "the end of the call", () => world.operations[0]?.outcome !== undefined);
    expect(world.operations[0]?.outcome?.kind).toBe("unknown");
    expect(world.now - now).toBeLessThan(10 * ms);
  });

  it("campaigns when its election timer is made to run out", () => {
    const world = makeWorld();
    const {changes} = act(world, {kind: "timeout", member: "n3"});
    expect(changes).toContainEqual({kind: "role", member: 3, role: "candidate", term: 1});
  });
});

describe("a draw fixed by hand", () => {
  it("is what is drawn, and only while it is still to come", () => {
    const pin = {kind: "pin", stream: "net/n1→n2/RequestVote", n: 1, value: 0} as const;
    const world = makeWorld({script: [at(1, 0, pin), at(2, 0, {kind: "timeout", member: "n1"})]});
    // The vote is asked for once the candidate's own is durable.
    const vote = (): Pending | undefined => world.pending().find(({lane}) => lane === "n1→n2");
    until(world, "the vote", () => vote() !== undefined);
    expect((vote()?.due ?? 0) - world.now).toBe(world.run.config.network.peerLatency.least);
    expect(world.act({do: pin, origin: "person"})).toBeUndefined();
    expect(world.skipped.at(-1)?.why).toBe("alreadyDrawn");
  });
});
