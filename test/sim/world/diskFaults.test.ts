// What faults of disks do to a member in its world.

import {describe, expect, it} from "vitest";
import {walFileName} from "../../../core/storage/files.ts";
import {actors} from "../../../core/server/io.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import type {DiskFault} from "../../../sim/disk/fault.ts";
import type {EventRecord} from "../../../sim/event.ts";
import {execute} from "../../../sim/execute.ts";
import {replay, traceOf} from "../../../sim/trace/replay.ts";
import {writeTrace, readTrace} from "../../../sim/trace/file.ts";
import type {World} from "../../../sim/world/world.ts";
import {act, at, makeRun, makeWorld, ms, put, runTo, until, untilLeader} from "../stage.ts";

function strike(world: World, member: number, fault: DiskFault): void {
  act(world, {kind: "disk", member: `n${member}`, fault});
}

/** A world in which x is 1 everywhere. */
function settled(): World {
  const world = makeWorld();
  const leader = untilLeader(world);
  act(world, put("c1", "x", "1", `n${leader}`));
  until(world, "the value everywhere", () =>
    world.members.every(({server}) => server?.store.currentRevision === 2),
  );
  runTo(world, 800);
  return world;
}

function restarted(world: World, member: number): void {
  act(world, {kind: "crash", member: `n${member}`});
  act(world, {kind: "restart", member: `n${member}`});
}

function deaths(records: readonly EventRecord[]): readonly (string | undefined)[] {
  return records.flatMap(({changes}) =>
    changes.flatMap((change) => (change.kind === "died" ? [change.said?.id] : [])),
  );
}

/** When what disks were asked for is due. */
function dueOf(world: World): readonly number[] {
  return world.pending().flatMap(({payload, due}) => (payload.kind === "diskDone" ? [due] : []));
}

describe("a disk", () => {
  it("that is stalled does nothing before the stall is over, and everything of a file in order behind it", () => {
    const world = makeWorld();
    until(world, "operations on their way", () => dueOf(world).length > 2);
    const before = world.now;
    strike(world, 1, {kind: "stall", for: 300 * ms});
    const records = runTo(world, 600);
    const done = records.flatMap(({payload, at: when}) =>
      payload.kind === "diskDone" && payload.member === 1 ? [{when, ...payload}] : [],
    );
    expect(done.length).toBeGreaterThan(3);
    expect(done.every(({when}) => when >= before + 300 * ms)).toBe(true);
    // Each actor counts its operations for itself.
    const sources = done.map(({file, op}) => `${file} ${op % actors.length}`);
    for (const source of new Set(sources)) {
      const ops = done.flatMap(({op}, i) => (sources[i] === source ? [op] : []));
      expect(ops).toEqual(ops.toSorted((a, b) => a - b));
    }
  });

  it("that is stalled holds up what is asked for meanwhile", () => {
    const world = makeWorld();
    runTo(world, 50);
    strike(world, 1, {kind: "stall", for: 300 * ms});
    const end = world.now + 300 * ms;
    act(world, {kind: "timeout", member: "n1"});
    expect(dueOf(world).length).toBeGreaterThan(0);
    expect(Math.min(...dueOf(world))).toBeGreaterThan(end);
  });

  it("that is slow takes so many times as long, the same draws", () => {
    const spans = [1, 20].map((factor) => {
      const world = makeWorld();
      runTo(world, 50);
      if (factor > 1) strike(world, 1, {kind: "slow", factor});
      act(world, {kind: "timeout", member: "n1"});
      return (dueOf(world)[0] ?? 0) - world.now;
    });
    expect(spans[0]).toBeGreaterThan(0);
    expect(spans[1]).toBe((spans[0] ?? 0) * 20);
  });

  it("whose sync fails stops its member, which breaks no check and can start again", () => {
    const world = settled();
    strike(world, 2, {kind: "syncFails", file: "*", keeps: "half"});
    act(world, put("c1", "y", "1"));
    const records = until(world, "its end", () => world.member(2).status === "crashed");
    expect(deaths(records)).toEqual(["server/diskFailed"]);
    act(world, {kind: "restart", member: "n2"});
    until(world, "what it missed", () => world.member(2).server?.store.currentRevision === 3);
  });

  it("that is full stops its member, which can start again when there is room", () => {
    const world = settled();
    strike(world, 2, {kind: "full", room: 0});
    act(world, put("c1", "y", "z".repeat(100)));
    const records = until(world, "its end", () => world.member(2).status === "crashed");
    expect(deaths(records)).toEqual(["server/diskFailed"]);
    strike(world, 2, {kind: "mend"});
    act(world, {kind: "restart", member: "n2"});
    until(world, "what it missed", () => world.member(2).server?.store.currentRevision === 3);
  });

  it("that cannot be read lets its member not start until it is mended", () => {
    const world = settled();
    strike(world, 2, {kind: "unreadable", file: "*wal", sector: 0});
    expect(world.member(2).status).toBe("up");
    act(world, {kind: "crash", member: "n2"});
    const {changes} = act(world, {kind: "restart", member: "n2"});
    expect(changes.find(({kind}) => kind === "died")).toMatchObject({
      said: {id: "storage/unreadable", args: {member: "n2", file: walFileName(0, 1), sector: 0}},
    });
    expect(world.member(2)).toMatchObject({status: "crashed", server: undefined});
    strike(world, 2, {kind: "mend"});
    act(world, {kind: "restart", member: "n2"});
    expect(world.member(2).status).toBe("up");
  });

  it("that rots is found out by its member at the next boot", () => {
    const world = settled();
    strike(world, 2, {kind: "rot", file: "*wal", sector: 0, bit: 100});
    act(world, {kind: "crash", member: "n2"});
    const {changes} = act(world, {kind: "restart", member: "n2"});
    expect(changes.find(({kind}) => kind === "died")).toMatchObject({
      message: `n2 stops: ${walFileName(0, 1)} is damaged at byte 0, and what stood there may have been promised.`,
      said: {id: "storage/walCorrupt"},
    });
  });

  it("that was wiped brings its member back with nothing, under its old name", () => {
    const world = settled();
    strike(world, 2, {kind: "wipe"});
    restarted(world, 2);
    const {server, incarnation} = world.member(2);
    expect([incarnation, server?.raft.term, server?.raft.lastIndex]).toEqual([2, 0, 0]);
  });

  it("that was put back brings its member back as it was", () => {
    const world = settled();
    strike(world, 2, {kind: "backup"});
    const last = world.member(2).server?.raft.lastIndex;
    for (const key of ["a", "b"]) act(world, put("c1", key, "1"));
    until(world, "two more", () => world.member(2).server?.durableIndex === (last ?? 0) + 2);
    strike(world, 2, {kind: "olderDisk"});
    restarted(world, 2);
    expect(world.member(2).server?.raft.lastIndex).toBe(last);
  });

  it("that lies keeps nothing that its member was told is durable", () => {
    const world = settled();
    strike(world, 2, {kind: "syncLies"});
    const last = world.member(2).server?.raft.lastIndex ?? 0;
    act(world, put("c1", "y", "1"));
    until(world, "one more", () => world.member(2).server?.durableIndex === last + 1);
    runTo(world, 1200);
    strike(world, 2, {kind: "loseUnsynced"});
    restarted(world, 2);
    expect(world.member(2).server?.raft.lastIndex).toBe(last);
  });

  it("is not struck where it cannot be, and the skipped says why", () => {
    const world = makeWorld();
    const why = (fault: DiskFault, member = "n1"): string | undefined => {
      expect(world.act({do: {kind: "disk", member, fault}, origin: "person"})).toBeUndefined();
      return world.skipped.at(-1)?.why;
    };
    expect(why({kind: "wipe"}, "n9")).toBe("unknownName");
    expect(why({kind: "slow", factor: 0})).toBe("badNumber");
    expect(why({kind: "rot", file: "nothing", sector: 0, bit: 0})).toBe("unknownFile");
    expect(why({kind: "olderDisk"})).toBe("notNow");
  });
});

describe("a run with faults of disks", () => {
  const faults: readonly DiskFault[] = [
    {kind: "slow", factor: 5},
    {kind: "stall", for: 50 * ms},
    {kind: "backup"},
    {kind: "tearUnsynced"},
    {kind: "syncedLost", file: "*wal", syncs: 1},
  ];
  const script = [
    ...faults.map((fault, i) => at(i + 1, 400 + i, {kind: "disk", member: "n2", fault})),
    at(10, 500, {kind: "crash", member: "n2"}),
    at(11, 520, {kind: "restart", member: "n2"}),
  ];

  it("forks into one that goes on like it", () => {
    const world = makeWorld({script});
    runTo(world, 450);
    const twin = world.fork();
    runTo(world, 900);
    runTo(twin, 900);
    expect([twin.hash, twin.digest()]).toEqual([world.hash, world.digest()]);
  });

  it("digests how long a stall will still be, not until when", () => {
    const digests = [ms, 2 * ms].map((time) => {
      const world = makeWorld();
      runTo(world, 50);
      expect(dueOf(world)).toEqual([]);
      strike(world, 1, {kind: "stall", for: time});
      return world.digest();
    });
    expect(digests[0]).not.toBe(digests[1]);
  });

  it("is written to a trace, read, and replayed", () => {
    const run = makeRun({script, until: 900});
    const done = execute(run, {versions: versionOf, checkers: standardChecks(), lines: true});
    const read = readTrace(writeTrace(traceOf(done, {code: "0123456789abcdef"})));
    expect(read.ok).toBe(true);
    if (!read.ok) return;
    expect(read.value.header.script).toEqual(script);
    expect(replay(read.value, {versions: versionOf, checkers: standardChecks()}).difference).toBeUndefined();
  });
});

describe("Member Assertions", () => {
  it("hold when a member refuses a disk that was harmed, and not when nothing ever happened to it", () => {
    const verdict = (fault: DiskFault | undefined): string | undefined => {
      const script = [
        at(1, 400, {kind: "disk", member: "n2", fault: {kind: "syncFails", file: "*", keeps: "nothing"}}),
        at(2, 500, put("c1", "x", "1")),
      ];
      const run = makeRun({script, until: 900});
      const checks = standardChecks().filter(({name}) => name === "Member Assertions");
      const forgetful = checks.map((check) => ({
        name: check.name,
        exercised: () => check.exercised(),
        fork: () => check.fork(),
        after: (...[view, event, touched]: Parameters<NonNullable<typeof check.after>>) =>
          check.after?.(fault === undefined ? withoutHarms(view) : view, event, touched),
      }));
      return execute(run, {versions: versionOf, checkers: forgetful as never}).violation?.check;
    };
    expect(verdict({kind: "wipe"})).toBeUndefined();
    expect(verdict(undefined)).toBe("Member Assertions");
  });
});

function withoutHarms(view: World["view"]): World["view"] {
  const members = view.members.map((member) => ({...member, disk: {...member.disk, harms: []}}));
  return {...view, members} as unknown as World["view"];
}
