// Crashes that wait for their moment, actors that take their time, and restarts as somebody else.

import {describe, expect, it} from "vitest";
import {crc32c} from "../../../core/base/checksum.ts";
import {soundVersion} from "../../../core/server/config.ts";
import {actors, points, pointsOf} from "../../../core/server/io.ts";
import type {Effect, Point} from "../../../core/server/io.ts";
import type {Action, RestartWith} from "../../../sim/action.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import type {EventRecord, Payload} from "../../../sim/event.ts";
import {World} from "../../../sim/world/world.ts";
import {act, at, makeRun, makeWorld, put, runTo, take, until, untilLeader} from "../stage.ts";

const applies: Point = "beforeApplyOneEntryNormal";

function whyNot(world: World, action: Action): string | undefined {
  return world.act({do: action, origin: "person"}) === undefined ? world.skipped.at(-1)?.why : "it applies";
}

function crashed(records: readonly EventRecord[]): readonly string[] {
  return records.flatMap(({changes}) =>
    changes.flatMap((change) =>
      change.kind === "fault" && change.action.kind === "crash" ? [change.action.member] : [],
    ),
  );
}

function isOf(payload: Payload | undefined, kind: "turn" | "diskDone", member: number): boolean {
  return payload?.kind === kind && payload.member === member;
}

/** Goes on to the next completion on the disk of n1. */
function toNextDone(world: World): void {
  const {step} = world;
  until(world, "a completion", () => world.step > step && isOf(world.last?.payload, "diskDone", 1));
}

describe("a crash at a point", () => {
  it("comes when the actor comes there for the nth time, told like one by hand, and the others live", () => {
    const world = makeWorld();
    untilLeader(world);
    runTo(world, 400);
    act(world, {kind: "crashAt", member: "n1", point: applies, nth: 2});
    expect(world.member(1).armed).toEqual([{kind: "point", point: applies, left: 2}]);
    act(world, put("c1", "x", "1"));
    until(world, "the first", () => world.member(1).server?.store.currentRevision === 2);
    expect(world.member(1).armed).toEqual([{kind: "point", point: applies, left: 1}]);
    act(world, put("c1", "x", "2"));
    const records = until(world, "the crash", () => world.member(1).status === "crashed");
    expect(crashed(records)).toEqual(["n1"]);
    // It came to the point: nothing of the second put is applied, and its turn is gone with it.
    expect(world.pending().some(({payload}) => isOf(payload, "turn", 1))).toBe(false);
    expect(world.member(1).armed).toEqual([]);
    act(world, {kind: "restart", member: "n1"});
    until(world, "both puts everywhere", () =>
      world.members.every(({server}) => server?.store.currentRevision === 3),
    );
  });

  it("is disarmed by a crash of any kind", () => {
    const world = makeWorld();
    untilLeader(world);
    act(world, {kind: "crashAt", member: "n1", point: applies, nth: 1});
    act(world, {kind: "crashAtDisk", member: "n1", nth: 1, when: "after"});
    act(world, {kind: "crash", member: "n1"});
    act(world, {kind: "restart", member: "n1"});
    runTo(world, 600);
    act(world, put("c1", "x", "1"));
    until(world, "the put", () => world.member(1).server?.store.currentRevision === 2);
  });

  it("that is armed while the member is down waits for its next life: it dies in its recovery", () => {
    const world = makeWorld();
    untilLeader(world);
    act(world, put("c1", "x", "1"));
    // Applied, but in no commit of its backend file yet.
    until(world, "the put", () => world.member(1).server?.store.currentRevision === 2);
    act(world, {kind: "crash", member: "n1"});
    act(world, {kind: "crashAt", member: "n1", point: applies, nth: 1});
    const booted = act(world, {kind: "restart", member: "n1"});
    expect(crashed([booted])).toEqual(["n1"]);
    expect(world.member(1)).toMatchObject({status: "crashed", incarnation: 2, armed: []});
    act(world, {kind: "restart", member: "n1"});
    runTo(world, 900);
    expect(world.member(1).server?.store.currentRevision).toBe(2);
  });

  it("that is armed while the member is down is taken back by another crash, which else does not apply", () => {
    const world = makeWorld();
    untilLeader(world);
    act(world, {kind: "crash", member: "n1"});
    expect(whyNot(world, {kind: "crash", member: "n1"})).toBe("notNow");
    act(world, {kind: "crashAtDisk", member: "n1", nth: 1, when: "after"});
    expect(whyNot(world, {kind: "crash", member: "n1"})).toBe("it applies");
    expect(world.member(1)).toMatchObject({status: "crashed", incarnation: 1, armed: []});
    act(world, {kind: "restart", member: "n1"});
    runTo(world, 900);
    expect(world.member(1)).toMatchObject({status: "up", incarnation: 2});
  });

  it("does not apply where the run lists no such point, since nobody would ever come there", () => {
    const world = makeWorld();
    const why = (point: Point, nth: number, member = "n1"): string | undefined =>
      whyNot(world, {kind: "crashAt", member, point, nth});
    expect(why("beforeCommit", 1)).toBe("noPausePoint");
    expect(why(applies, 0)).toBe("badNumber");
    expect(why(applies, 1, "n7")).toBe("unknownName");
    expect(why(applies, 1, "c1")).toBe("unknownName");
    expect(why(applies, 1)).toBe("it applies");
  });
});

describe("a crash at an operation of one kind", () => {
  it.each(["sync", "rename"] as const)("counts no other kinds (%s)", (what) => {
    // A segment is soon full, and the next one gets its name.
    const script = [1, 2, 3, 4, 5, 6].map((id) =>
      at(id, 400 + 60 * id, put("c1", `x${id}`, "1".repeat(400))),
    );
    const world = makeWorld({members: 1, store: {walSegmentBytes: 1024}, script});
    untilLeader(world);
    act(world, {kind: "crashAtDisk", member: "n1", nth: 2, when: "after", what});
    const records = until(world, "the crash", () => world.member(1).status === "crashed");
    const done = records.flatMap(({payload}) => (payload.kind === "diskDone" ? [payload.what] : []));
    expect(done.filter((one) => one === what).length).toBe(2);
    expect(done.at(-1)).toBe(what);
    expect(new Set(done).size).toBeGreaterThan(1);
  });
});

describe("a crash between two operations of the disk", () => {
  /** One member on its own, at work. */
  function lone(): World {
    const script = [1, 2, 3, 4, 5, 6].map((id) => at(id, 400 + 60 * id, put("c1", `x${id}`, "1")));
    const world = makeWorld({members: 1, store: {commitEvery: 20_000}, script});
    untilLeader(world);
    // Only what is durable survives.
    act(world, {kind: "disk", member: "n1", fault: {kind: "loseUnsynced"}});
    return world;
  }

  it("leaves done what was done before the nth; the nth itself if it comes after", () => {
    const durable = (world: World): string => {
      const {disk} = world.member(1);
      return disk
        .list()
        .map((file) => `${file} ${disk.size(file)} ${crc32c(disk.read(file, 0, disk.size(file)))}`)
        .join("\n");
    };
    const straight = lone();
    const left: string[] = [durable(straight)];
    const kinds = 24;
    const origin = lone();
    for (let nth = 1; nth <= kinds; nth++) {
      toNextDone(straight);
      left.push(durable(straight));
      for (const when of ["before", "after"] as const) {
        const world = origin.fork();
        act(world, {kind: "crashAtDisk", member: "n1", nth, when});
        const records = until(world, "the crash", () => world.member(1).status === "crashed");
        expect(crashed(records)).toEqual(["n1"]);
        expect(records.filter(({payload}) => payload.kind === "diskDone")).toHaveLength(nth);
        expect(durable(world), `${when} ${nth}`).toBe(left[when === "before" ? nth - 1 : nth]);
      }
    }
    // Syncs were among them.
    expect(new Set(left).size).toBeGreaterThan(4);
  });

  it("is not heard of by the server: what waited for it was never said", () => {
    const world = makeWorld({members: 1});
    untilLeader(world);
    runTo(world, 600);
    act(world, put("c1", "x", "1"));
    until(world, "the request", () => world.last?.payload.kind === "request");
    // The write, then the sync.
    act(world, {kind: "crashAtDisk", member: "n1", nth: 2, when: "after"});
    const records = runTo(world, 900);
    expect(records.filter(({payload}) => payload.kind === "response")).toEqual([]);
    expect(world.operations[0]?.outcome?.kind).toBe("unknown");
    act(world, {kind: "restart", member: "n1"});
    until(world, "the put that was durable", () => world.member(1).server?.store.currentRevision === 2);
  });

  it("counts from now, and a number out of range does not apply", () => {
    const world = makeWorld();
    const why = (nth: number, member = "n1"): string | undefined =>
      whyNot(world, {kind: "crashAtDisk", member, nth, when: "before"});
    expect([why(0), why(1.5), why(1, "n4")]).toEqual(["badNumber", "badNumber", "unknownName"]);
    take(world, 100);
    expect(why(1000)).toBe("it applies");
    expect(world.member(1).armed).toEqual([{kind: "disk", when: "before", left: 1000}]);
  });
});

describe("an actor that is slow", () => {
  it("takes so many times as long over its turns, the same draws, in later lives too, until that ends", () => {
    /** How long the apply actor of n1 waits for its turn, at the next put. */
    const waits = (world: World): number => {
      act(world, put("c1", "x", "1"));
      const turn = (): number =>
        world.pending().find(({payload}) => isOf(payload, "turn", 1))?.due ?? Infinity;
      until(world, "the pause", () => turn() < Infinity);
      const waited = turn() - world.now;
      until(world, "the turn", () => isOf(world.last?.payload, "turn", 1));
      return waited;
    };
    const plain = makeWorld();
    runTo(plain, 600);
    const twin = plain.fork();
    act(twin, {kind: "slow", member: "n1", actor: "apply", factor: 30});
    expect([...twin.member(1).slowActors]).toEqual([["apply", 30]]);
    const usual = waits(plain);
    expect(usual).toBeGreaterThan(0);
    expect(waits(twin)).toBe(30 * usual);
    act(twin, {kind: "crash", member: "n1"});
    act(twin, {kind: "restart", member: "n1"});
    expect(waits(twin)).toBeGreaterThan(10 * usual);
    act(twin, {kind: "slow", member: "n1", actor: "apply", factor: 1});
    runTo(twin, 3000);
    expect(waits(twin)).toBeLessThan(3 * usual);
    expect(twin.member(1).slowActors.size).toBe(0);
  });

  it("must pause somewhere: else it has no turns, and the action does not apply", () => {
    const world = makeWorld();
    const slow = (actor: (typeof actors)[number], factor: number): string | undefined =>
      whyNot(world, {kind: "slow", member: "n2", actor, factor});
    expect(slow("append", 2)).toBe("noPausePoint");
    expect(slow("apply", 0)).toBe("badNumber");
    expect(slow("apply", 1001)).toBe("badNumber");
    expect(slow("apply", 2)).toBe("it applies");
  });

  it("pauses at its own points, as the table says", () => {
    const world = makeWorld({pausePoints: points, raft: {snapshotEvery: 4, snapshotKeep: 1}});
    const seen = new Set<string>();
    for (const {server} of world.members) {
      if (server === undefined) continue;
      const handle = server.handle.bind(server);
      server.handle = (...args) => {
        const effects: readonly Effect[] = handle(...args);
        for (const effect of effects) if (effect.kind === "pause") seen.add(`${effect.actor} ${effect.at}`);
        return effects;
      };
    }
    untilLeader(world);
    const ops = ["put x 1", "watch x", "get x", "put x 2", "put y 1", "compact 3", "lease grant 1", "defrag"];
    for (const op of ops) act(world, {kind: "client", client: "c1", op});
    runTo(world, 6000);
    expect(new Set([...seen].map((one) => one.split(" ")[0])).size).toBeGreaterThan(7);
    const listed = new Set(actors.flatMap((actor) => pointsOf[actor].map((point) => `${actor} ${point}`)));
    expect([...seen].filter((one) => !listed.has(one))).toEqual([]);
  });
});

describe("a restart", () => {
  function restarted(world: World, member: string, other?: RestartWith): void {
    act(world, {kind: "crash", member});
    act(world, {kind: "restart", member, ...(other === undefined ? {} : {with: other})});
  }

  it("with other flags gives them to that member alone, from now on", () => {
    const world = makeWorld();
    untilLeader(world);
    restarted(world, "n2", {raft: {preVote: true}, store: {txnOpsMax: 7}});
    expect(world.members.map(({config}) => config.preVote)).toEqual([false, true, false]);
    expect(world.member(2).config.txnOpsMax).toBe(7);
    restarted(world, "n2");
    expect(world.member(2).config.preVote).toBe(true);
    // It asks before it campaigns.
    act(world, {kind: "split", groups: [["n1"], ["n2"], ["n3"]]});
    act(world, {kind: "timeout", member: "n2"});
    expect(world.member(2).server?.raft.role).toBe("preCandidate");
    restarted(world, "n2", {raft: {preVote: false}});
    act(world, {kind: "timeout", member: "n2"});
    expect(world.member(2).server?.raft.role).toBe("candidate");
  });

  it("with another version makes the member of it: one that votes twice makes two leaders of one term", () => {
    const leaders = (other: RestartWith | undefined): number => {
      const world = World.create(makeRun(), versionOf);
      restarted(world, "n3", other);
      act(world, {kind: "cut", from: "n1", to: "n2"});
      for (const member of ["n1", "n2"]) act(world, {kind: "timeout", member});
      runTo(world, 60);
      expect(world.members.map(({server}) => server?.raft.term)).toEqual([1, 1, 1]);
      expect(world.member(3).versions).toEqual(other?.versions ?? []);
      return world.members.filter(({server}) => server?.raft.role === "leader").length;
    };
    expect(leaders(undefined)).toBe(1);
    expect(leaders({versions: ["vote-twice"]})).toBe(2);
  });

  it("back to the sound version and the first flags leaves nothing of another", () => {
    const world = World.create(makeRun(), versionOf);
    const twin = world.fork();
    restarted(world, "n3", {versions: ["vote-twice"], raft: {preVote: true}});
    restarted(twin, "n3");
    expect(world.digest()).not.toBe(twin.digest());
    restarted(world, "n3", {versions: [], raft: {preVote: false}});
    restarted(twin, "n3");
    expect(world.member(3).make.version).toBe(soundVersion);
    expect(world.member(3).config).toEqual(twin.member(3).config);
    // What was asked for is in the chain, not in the state.
    const own = (one: World): readonly unknown[] => [one.member(3).versions, one.member(3).config];
    expect(own(world)).toEqual(own(twin));
  });

  it("with what no server boots with does not apply", () => {
    const world = World.create(makeRun(), versionOf);
    act(world, {kind: "crash", member: "n2"});
    const why = (other: object): string | undefined =>
      whyNot(world, {kind: "restart", member: "n2", with: other});
    expect(why({raft: {electionTicks: 4}})).toBe("badNumber");
    expect(why({raft: {heartbeatTicks: 0}})).toBe("badNumber");
    expect(why({raft: {leaseReads: true}})).toBe("badNumber");
    expect(why({raft: {preVote: "yes"}})).toBe("badNumber");
    expect(why({raft: {luck: 1}})).toBe("badNumber");
    expect(why({store: {commitEvery: 0}})).toBe("badNumber");
    // Files have their pages already.
    expect(why({store: {pageBytes: 1024}})).toBe("badNumber");
    expect(why({versions: ["no-such-bug"]})).toBe("unknownName");
    expect(world.member(2).status).toBe("crashed");
    expect(
      why({
        raft: {electionTicks: 5, heartbeatTicks: 2, leaseReads: true, checkQuorum: true},
        store: {pageBytes: 512},
      }),
    ).toBe("it applies");
  });

  it("finds its disk as it was, or an older one, or an empty one", () => {
    const world = makeWorld();
    const leader = untilLeader(world);
    const other = `n${(leader % 3) + 1}`;
    const member = (): World["members"][number] => world.member((leader % 3) + 1);
    act(world, put("c1", "a", "1"));
    runTo(world, 900);
    act(world, {kind: "disk", member: other, fault: {kind: "backup"}});
    const older = member().server?.raft.lastIndex ?? 0;
    act(world, put("c1", "b", "1"));
    runTo(world, 1300);
    const newer = member().server?.raft.lastIndex ?? 0;
    expect(newer).toBeGreaterThan(older);
    restarted(world, other);
    expect(member().server?.raft.lastIndex).toBe(newer);
    act(world, {kind: "crash", member: other});
    act(world, {kind: "disk", member: other, fault: {kind: "olderDisk"}});
    act(world, {kind: "restart", member: other});
    expect(member().server?.raft.lastIndex).toBe(older);
    act(world, {kind: "crash", member: other});
    act(world, {kind: "disk", member: other, fault: {kind: "wipe"}});
    act(world, {kind: "restart", member: other});
    expect(member().server?.raft.lastIndex).toBe(0);
  });
});
