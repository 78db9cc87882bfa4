// Links that are treated by themselves, in the world: what members and clients get, late, twice, in another order, or not.

import {describe, expect, it} from "vitest";
import {wireBytes} from "../../../sim/network/size.ts";
import type {Action} from "../../../sim/action.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import type {EventRecord, Payload} from "../../../sim/event.ts";
import {execute} from "../../../sim/execute.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import type {World} from "../../../sim/world/world.ts";
import {act, at, leaderOf, makeRun, makeWorld, ms, put, runTo, sound, until, untilLeader} from "../stage.ts";

type Message = Extract<Payload, {kind: "message"}>;
type Lost = Extract<EventRecord["changes"][number], {kind: "lost"}>;

function losses(records: readonly EventRecord[]): readonly Lost[] {
  return records.flatMap(({changes}) => changes.filter((change) => change.kind === "lost"));
}

/** Messages from one to another, with how long they were on the way. */
function between(
  records: readonly EventRecord[],
  from: number,
  to: number,
): readonly (Message & {readonly id: string; readonly took: number})[] {
  return records.flatMap(({payload, id, at: arrived}) =>
    payload.kind === "message" && payload.from === from && payload.to === to
      ? [{...payload, id, took: arrived - payload.sent}]
      : [],
  );
}

function whyNot(world: World, action: Action): string | undefined {
  return world.act({do: action, origin: "person"}) === undefined ? world.skipped.at(-1)?.why : "it applies";
}

/** A leader and one that follows it. */
function led(options: Parameters<typeof makeWorld>[0] = {}): {world: World; leader: number; other: number} {
  const world = makeWorld(options);
  const leader = untilLeader(world);
  runTo(world, 400);
  return {world, leader, other: (leader % 3) + 1};
}

describe("a link's latency", () => {
  it("counts for what is sent from now on, that way alone if one way", () => {
    const {world, leader, other} = led();
    const since = world.now;
    const latency = {least: 40 * ms, most: 45 * ms};
    act(world, {kind: "link", from: `n${leader}`, to: `n${other}`, oneWay: true, set: {latency}});
    const records = runTo(world, 900);
    const there = between(records, leader, other);
    expect(there.filter(({sent}) => sent < since).every(({took}) => took <= 12 * ms)).toBe(true);
    const slow = there.filter(({sent}) => sent >= since);
    expect(slow.length).toBeGreaterThan(4);
    expect(slow.every(({took}) => took >= latency.least && took <= latency.most)).toBe(true);
    expect(between(records, other, leader).every(({took}) => took <= 12 * ms)).toBe(true);
    act(world, {kind: "link", from: `n${leader}`, to: `n${other}`, reset: true});
    const again = world.now;
    const after = between(runTo(world, 1400), leader, other).filter(({sent}) => sent >= again + 50 * ms);
    expect(after.length).toBeGreaterThan(4);
    expect(after.every(({took}) => took <= 12 * ms)).toBe(true);
  });

  it("counts for a client's requests and answers too", () => {
    const {world, leader} = led();
    const latency = {least: 100 * ms, most: 100 * ms};
    act(world, {kind: "link", from: "c1", to: `n${leader}`, set: {latency}});
    act(world, put("c1", "x", "1", `n${leader}`));
    const asked = world.now;
    until(world, "the answer", () => world.operations[0]?.outcome?.kind === "ok");
    expect(world.now - asked).toBeGreaterThanOrEqual(200 * ms);
  });
});

describe("a link's chances", () => {
  it("lose on that link alone", () => {
    const {world, leader, other} = led();
    act(world, {
      kind: "link",
      from: `n${leader}`,
      to: `n${other}`,
      oneWay: true,
      set: {lossPerMillion: 1_000_000},
    });
    const since = world.now;
    const records = runTo(world, 700);
    const lost = losses(records);
    expect(lost.length).toBeGreaterThan(2);
    expect(new Set(lost.map(({from, to, why}) => `${from}→${to} ${why}`))).toEqual(
      new Set([`n${leader}→n${other} loss`]),
    );
    const sent = between(records, leader, other).filter((one) => one.sent >= since);
    expect(lost.map(({event}) => event)).toEqual(sent.map(({id}) => id));
  });

  it("bring a message twice, but never a proposal: every put is applied once", () => {
    const script = [1, 2, 3].flatMap((from, i) =>
      [1, 2, 3].flatMap((to, k) =>
        from === to
          ? []
          : [
              at(i * 3 + k + 1, 1, {
                kind: "link",
                from: `n${from}`,
                to: `n${to}`,
                oneWay: true,
                set: {duplicatePerMillion: 1_000_000},
              }),
            ],
      ),
    );
    const world = makeWorld({script});
    const records = [...until(world, "a leader", () => leaderOf(world) !== 0)];
    const leader = leaderOf(world);
    records.push(...runTo(world, 600));
    for (let i = 0; i < 5; i++) act(world, put("c1", `x${i}`, "1", `n${(leader % 3) + 1}`));
    records.push(...runTo(world, 1500));
    const copies = new Map<object, string[]>();
    for (const {payload, id} of records) {
      if (payload.kind !== "message" || payload.sent < 2 * ms || payload.sent > 1400 * ms) continue;
      copies.set(payload.message, [...(copies.get(payload.message) ?? []), id]);
    }
    const counts = {Propose: new Set<number>(), others: new Set<number>()};
    for (const [message, ids] of copies) {
      const isProposal = (message as {readonly kind: string}).kind === "Propose";
      (isProposal ? counts.Propose : counts.others).add(ids.length);
      expect(new Set(ids).size).toBe(ids.length);
    }
    expect([...counts.Propose]).toEqual([1]);
    expect([...counts.others]).toEqual([2]);
    expect(world.members.map(({server}) => server?.store.currentRevision)).toEqual([6, 6, 6]);
  });

  it("let a message come later than those behind it, which do not wait for it", () => {
    const {world, leader, other} = led({raft: {heartbeatTicks: 1}});
    act(world, {
      kind: "link",
      from: `n${leader}`,
      to: `n${other}`,
      oneWay: true,
      set: {reorderPerMillion: 400_000},
    });
    const ordinals = between(runTo(world, 2000), leader, other).map(({id}) => Number(id.split("#")[1]));
    const overtaken = ordinals.filter((ordinal, i) => ordinal < Math.max(...ordinals.slice(0, i)));
    expect(overtaken.length).toBeGreaterThan(5);
    const back = between(runTo(world, 2500), other, leader).map(({id}) => Number(id.split("#")[1]));
    expect(back).toEqual(back.toSorted((a, b) => a - b));
  });

  it("make every message of the link one that may be taken next, for whoever may choose", () => {
    const {world, leader, other} = led({raft: {heartbeatTicks: 1}});
    const latency = {least: 100 * ms, most: 100 * ms};
    act(world, {kind: "link", from: `n${leader}`, to: `n${other}`, oneWay: true, set: {latency}});
    runTo(world, 600);
    const waiting = (): number => world.enabled().filter(({lane}) => lane === `n${leader}→n${other}`).length;
    expect(waiting()).toBe(1);
    act(world, {
      kind: "link",
      from: `n${leader}`,
      to: `n${other}`,
      oneWay: true,
      set: {reorderPerMillion: 1},
    });
    expect(waiting()).toBeGreaterThan(3);
  });

  it("move nobody's luck: every other link's messages are on the way as long as without them", () => {
    const bad = {lossPerMillion: 100_000, duplicatePerMillion: 300_000, reorderPerMillion: 300_000};
    const travels = (script: readonly ReturnType<typeof at>[]): ReadonlyMap<string, readonly number[]> => {
      const found = new Map<string, readonly number[]>();
      const world = makeWorld({script, network: {reorder: true}});
      for (const {payload, at: arrived} of runTo(world, 900)) {
        if (payload.kind !== "message") continue;
        const key = `${payload.from}→${payload.to}/${payload.message.kind}`;
        found.set(key, [...(found.get(key) ?? []), arrived - payload.sent]);
      }
      return found;
    };
    const plain = travels([]);
    const hurt = travels([at(1, 0, {kind: "link", from: "n1", to: "n2", set: bad})]);
    let compared = 0;
    for (const [key, latencies] of hurt) {
      if (key.startsWith("1→2/") || key.startsWith("2→1/")) continue;
      const common = Math.min(latencies.length, plain.get(key)?.length ?? 0);
      compared += common;
      // Arrivals are not in the order of sending, so the last may differ in what has arrived by the end.
      expect(latencies.slice(0, common - 3)).toEqual(plain.get(key)?.slice(0, common - 3) ?? []);
    }
    expect(compared).toBeGreaterThan(50);
  });
});

describe("a narrow link", () => {
  it("takes its time over every byte: a message leaves behind all that was given before", () => {
    const {world, leader, other} = led();
    const bytesPerSecond = 20_000;
    act(world, {kind: "link", from: `n${leader}`, to: `n${other}`, oneWay: true, set: {bytesPerSecond}});
    const since = world.now;
    act(world, put("c1", "x", "v".repeat(4000), `n${leader}`));
    const sent = between(runTo(world, 1500), leader, other).filter((one) => one.sent >= since);
    const {least, most} = world.run.config.network.peerLatency;
    let free = since;
    for (const message of sent) {
      const {id: _, took, ...payload} = message;
      free = Math.max(free, payload.sent) + Math.ceil((wireBytes(payload) * 1e6) / bytesPerSecond);
      const arrived = payload.sent + took;
      expect(arrived).toBeGreaterThanOrEqual(free + least);
      // In the order of the link, so perhaps a little later.
      expect(arrived).toBeLessThanOrEqual(free + most);
    }
    expect(Math.max(...sent.map(({took}) => took))).toBeGreaterThan(200 * ms);
  });

  it("loses at once what its queue has no room for, and Raft gets over it", () => {
    const {world, leader, other} = led();
    const set = {bytesPerSecond: 2000, queueBytes: 600};
    act(world, {kind: "link", from: `n${leader}`, to: `n${other}`, oneWay: true, set});
    act(world, put("c1", "x", "v".repeat(1000), `n${leader}`));
    const records = runTo(world, 1500);
    const full = losses(records).filter(({why}) => why === "queue");
    expect(full.length).toBeGreaterThan(0);
    expect(full.every(({from, to}) => `${from}→${to}` === `n${leader}→n${other}`)).toBe(true);
    const lost = records.find(({id}) => id === full[0]?.event);
    const took = (lost?.at ?? 0) - (lost?.payload.kind === "message" ? lost.payload.sent : 0);
    expect(took).toBeLessThanOrEqual(world.run.config.network.peerLatency.most);
    expect(world.member(other).server?.store.currentRevision).toBe(1);
    act(world, {kind: "link", from: `n${leader}`, to: `n${other}`, oneWay: true, reset: true});
    until(world, "the value everywhere", () => world.member(other).server?.store.currentRevision === 2);
  });

  it("before a client holds its stream back when the queue is full: all of it comes, as late as the bandwidth says", () => {
    const answered = (set: {readonly bytesPerSecond: number; readonly queueBytes: number}): number => {
      const {world, leader} = led();
      act(world, {kind: "link", from: "c1", to: `n${leader}`, set});
      act(world, put("c1", "x", "v".repeat(1000), `n${leader}`));
      act(world, put("c1", "y", "w".repeat(1000), `n${leader}`));
      const records = until(world, "both answers", () =>
        world.operations.every(({outcome}) => outcome?.kind === "ok"),
      );
      expect(losses(records)).toEqual([]);
      return world.now;
    };
    const narrow = answered({bytesPerSecond: 4000, queueBytes: 500});
    expect(narrow).toBe(answered({bytesPerSecond: 4000, queueBytes: 0}));
    expect(narrow).toBeGreaterThan(900 * ms);
  });
});

describe("a link cannot", () => {
  it("be set where there is none, or to what is out of range", () => {
    const world = makeWorld();
    const set = (set: object, to = "n2"): string | undefined =>
      whyNot(world, {kind: "link", from: "n1", to, set});
    expect(set({lossPerMillion: 1}, "n9")).toBe("unknownName");
    expect(set({lossPerMillion: 1}, "n1")).toBe("unknownName");
    expect(set({lossPerMillion: 1_000_001})).toBe("badNumber");
    expect(set({bytesPerSecond: -1})).toBe("badNumber");
    expect(set({queueBytes: 0.5})).toBe("badNumber");
    expect(set({latency: {least: 5, most: 4}})).toBe("badNumber");
    expect(set({luck: 1})).toBe("badNumber");
    // Together more than all.
    expect(set({lossPerMillion: 600_000, reorderPerMillion: 600_000})).toBe("badNumber");
    expect(set({lossPerMillion: 600_000})).toBe("it applies");
    expect(set({duplicatePerMillion: 600_000})).toBe("badNumber");
  });

  it("lose, double or swap what a client's stream carries", () => {
    const world = makeWorld();
    const why = (set: object): string | undefined => whyNot(world, {kind: "link", from: "c1", to: "n2", set});
    expect(why({lossPerMillion: 1})).toBe("ofStream");
    expect(why({duplicatePerMillion: 1})).toBe("ofStream");
    expect(why({reorderPerMillion: 1})).toBe("ofStream");
    expect(why({bytesPerSecond: 1, queueBytes: 1, latency: {least: 1, most: 1}})).toBe("it applies");
  });
});

describe("a partition that is partial", () => {
  it("cuts two members from each other and neither from the third, over which they agree", () => {
    const {world, leader, other} = led();
    act(world, {kind: "cut", from: `n${leader}`, to: `n${other}`});
    const third = 6 - leader - other;
    for (const end of [leader, other]) {
      expect(world.network.blocked(`n${end}`, `n${third}`)).toBe(false);
      expect(world.network.blocked(`n${third}`, `n${end}`)).toBe(false);
    }
    expect(world.network.blocked(`n${other}`, `n${leader}`)).toBe(true);
    act(world, put("c1", "x", "1", `n${third}`));
    until(world, "an answer", () => world.operations[0]?.outcome?.kind === "ok");
  });

  it("is a bridge where two halves both reach one member, and one leads with it", () => {
    const world = makeWorld({members: 5});
    untilLeader(world);
    const [left, right] = [
      ["n1", "n2"],
      ["n4", "n5"],
    ] as const;
    for (const from of left) for (const to of right) act(world, {kind: "cut", from, to});
    for (const end of [...left, ...right]) {
      expect(world.network.blocked(end, "n3")).toBe(false);
      expect(world.network.blocked("n3", end)).toBe(false);
    }
    expect(left.every((from) => right.every((to) => world.network.blocked(to, from)))).toBe(true);
    const {now} = world;
    runTo(world, now / ms + 2000);
    act(world, put("c1", "x", "1", "n3"));
    until(world, "an answer over the bridge", () => world.operations[0]?.outcome?.kind === "ok");
    const half = leaderOf(world);
    const reached = world.members.filter(({id}) => !world.network.blocked(`n${half}`, `n${id}`));
    expect(reached.map(({id}) => id)).toContain(3);
    expect(reached.length).toBeGreaterThanOrEqual(3);
  });
});

describe("links of all kinds", () => {
  it("break no promise, and every kind of harm is seen", () => {
    const bad = {
      lossPerMillion: 50_000,
      duplicatePerMillion: 100_000,
      reorderPerMillion: 150_000,
      bytesPerSecond: 4000,
      queueBytes: 250,
    };
    const script = [
      ["n1", "n2"],
      ["n1", "n3"],
      ["n2", "n3"],
      ["c1", "n1"],
    ].map(([from = "", to = ""], i) => {
      const {lossPerMillion: _l, duplicatePerMillion: _d, reorderPerMillion: _r, ...narrow} = bad;
      return at(i + 1, 50, {kind: "link", from, to, set: from === "c1" ? narrow : bad});
    });
    const run = makeRun({script, until: 4000, clients: 3});
    const seen = new Set<string>();
    const done = execute(run, {
      versions: sound,
      director: new Mix({seed: "5", until: 3500 * ms}),
      checkers: standardChecks(),
      onEvent: (record) => losses([record]).forEach(({why}) => seen.add(why)),
    });
    expect(done.checks.filter(({verdict}) => verdict === "fail")).toEqual([]);
    expect([...seen]).toEqual(expect.arrayContaining(["loss", "queue"]));
    expect(execute(done.run, {versions: sound}).traceHash).toBe(done.traceHash);
  });
});
