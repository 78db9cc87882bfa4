// Servers come and go in a world: learners, snapshots on the way, changes of membership, and what crashes do to them.

import {describe, expect, it} from "vitest";
import {isJoint} from "../../../core/raft/confState.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import type {Action} from "../../../sim/action.ts";
import type {Change, EventRecord} from "../../../sim/event.ts";
import {execute} from "../../../sim/execute.ts";
import type {Executed} from "../../../sim/execute.ts";
import {faultPlan} from "../../../sim/fault/plan.ts";
import {resolve} from "../../../sim/profile.ts";
import {Draws} from "../../../sim/random.ts";
import {changePlan} from "../../../sim/workload/changes.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import type {World} from "../../../sim/world/world.ts";
import {act, at, leaderOf, makeRun, makeWorld, ms, put, runTo, sound, until, untilLeader} from "../stage.ts";

const raft = {snapshotEvery: 4, snapshotKeep: 1};

function ask(op: string, to?: number): Action {
  return {kind: "client", client: "c2", op, ...(to === undefined ? {} : {to: `n${to}`})};
}

/** Asks, and goes on until the answer is there. */
function asked(world: World, op: string, to = leaderOf(world)): string {
  const place = world.operations.length;
  act(world, ask(op, to));
  until(world, `an answer to ${op}`, () => world.operations[place]?.outcome !== undefined);
  const outcome = world.operations[place]?.outcome;
  return outcome?.kind === "ok" ? "ok" : (outcome?.error?.message ?? "?");
}

function server(world: World, id: number): NonNullable<World["members"][number]["server"]> {
  const found = world.members[id - 1]?.server;
  if (found === undefined) throw new Error(`n${id} is down`);
  return found;
}

/** A leader whose log begins behind a snapshot, and n4 added as a learner, down. */
function grown(options: Parameters<typeof makeWorld>[0] = {}): {
  readonly world: World;
  readonly leader: number;
} {
  const world = makeWorld({members: 3, spares: 1, raft, ...options});
  const leader = untilLeader(world);
  for (let i = 1; i <= 6; i++) expect(asked(world, `put x ${i}`)).toBe("ok");
  expect(server(world, leader).raft.firstIndex).toBeGreaterThan(1);
  expect(asked(world, "member add n4 --learner")).toBe("ok");
  return {world, leader};
}

const isSnapshot = ({payload}: {readonly payload: EventRecord["payload"]}): boolean =>
  payload.kind === "message" && payload.message.kind === "InstallSnapshot";

/** Goes on until a snapshot is on its way. */
function snapshotOnItsWay(world: World): string {
  until(world, "a snapshot on its way", () => world.pending().some(isSnapshot));
  const [found] = world.pending().filter(isSnapshot);
  return `${found?.lane}#${found?.ordinal}`;
}

/** The leader knows that this one's log is like its own, and that one has applied it and told its name. */
function caughtUp(world: World, id: number): boolean {
  const {raft: leading, appliedIndex, membership} = server(world, leaderOf(world));
  if (membership.members.some(({member, name}) => member === id && name === "")) return false;
  const seen = leading.progress().find(({member}) => member === id);
  return (
    seen?.state === "replicate" &&
    seen.matchIndex === leading.lastIndex &&
    world.members[id - 1]?.server?.appliedIndex === appliedIndex
  );
}

function changesOf(records: readonly EventRecord[], kind: Change["kind"]): readonly Change[] {
  return records.flatMap(({changes}) => changes.filter((change) => change.kind === kind));
}

describe("a spare server", () => {
  it("is down, without a life, until it is restarted; then it is nobody's member and asks for no votes", () => {
    const world = makeWorld({members: 3, spares: 1});
    untilLeader(world);
    expect(world.members[3]).toMatchObject({status: "crashed", incarnation: 0, server: undefined});
    act(world, {kind: "restart", member: "n4"});
    runTo(world, 2000);
    const {raft: alone} = server(world, 4);
    expect([alone.term, alone.role, alone.lastIndex]).toEqual([0, "follower", 0]);
    expect(world.messages).toBeGreaterThan(0);
  });

  it("is added as a learner, caught up by a snapshot, promoted; and the leader hands over to it and goes", () => {
    const {world, leader} = grown();
    act(world, {kind: "restart", member: "n4"});
    const records = until(world, "n4 to catch up", () => caughtUp(world, 4));
    const [install] = records.filter(isSnapshot);
    expect(install?.changes.map(({kind}) => kind)).toContain("snapshot");
    const [received] = changesOf(records, "snapshot").filter(
      (change) => change.kind === "snapshot" && change.member === 4,
    );
    expect(received).toMatchObject({received: true});
    expect(changesOf(records, "configuration").at(-1)).toMatchObject({
      member: 4,
      confState: {voters: [1, 2, 3], learners: [4]},
    });
    expect(server(world, 4).lastApplied).toEqual(server(world, leader).lastApplied);
    expect(asked(world, "member promote n4")).toBe("ok");
    expect(asked(world, "move-leader n4", leader)).toBe("ok");
    expect(leaderOf(world)).toBe(4);
    expect(asked(world, `member remove n${leader}`)).toBe("ok");
    act(world, {kind: "crash", member: `n${leader}`});
    expect(asked(world, "put x last")).toBe("ok");
    expect(server(world, 4).raft.confState).toMatchObject({
      voters: [1, 2, 3, 4].filter((id) => id !== leader),
      learners: [],
    });
  });
});

describe("a snapshot on its way", () => {
  it("is lost, reported as failed, and sent again", () => {
    const {world, leader} = grown();
    act(world, {kind: "restart", member: "n4"});
    const event = snapshotOnItsWay(world);
    act(world, {kind: "message", event, do: "drop"});
    const records = until(world, "n4 to catch up", () => caughtUp(world, 4));
    const lost = records.find(({id}) => id === event);
    expect(lost?.changes).toEqual([{kind: "lost", event, from: `n${leader}`, to: "n4", why: "dropped"}]);
    const reports = records.filter(({payload}) => payload.kind === "report");
    expect(reports.map(({payload}) => (payload.kind === "report" ? payload.what : ""))).toEqual([
      "snapshotFailed",
      "snapshotDone",
    ]);
    expect(reports[0]?.cause).toBe(lost?.step);
    expect(records.filter(isSnapshot)).toHaveLength(2);
  });

  it("installs once, also if it comes twice", () => {
    const {world} = grown();
    act(world, {kind: "restart", member: "n4"});
    act(world, {kind: "message", event: snapshotOnItsWay(world), do: "duplicate"});
    const records = [...until(world, "n4 to catch up", () => caughtUp(world, 4)), ...runTo(world, 3000)];
    expect(records.filter(isSnapshot)).toHaveLength(2);
    const received = changesOf(records, "snapshot").filter(
      (change) => change.kind === "snapshot" && change.received,
    );
    expect(received).toHaveLength(1);
  });

  it.each([0, 1, 2, 4, 6, 8, 9, 10, 11, 13])(
    "survives a crash of who takes it, %i disk operations after it arrived",
    (operations) => {
      const {world, leader} = grown();
      act(world, {kind: "restart", member: "n4"});
      const event = snapshotOnItsWay(world);
      until(world, "the snapshot to arrive", () => world.last?.id === event);
      let done = 0;
      until(world, "its disk operations", () => {
        const {last} = world;
        if (last?.payload.kind === "diskDone" && last.payload.member === 4) done++;
        return done >= operations;
      });
      act(world, {kind: "crash", member: "n4"});
      act(world, {kind: "restart", member: "n4"});
      // What was written and not synced may have survived.
      const begun = server(world, 4).appliedIndex;
      const installed = server(world, leader).appliedIndex;
      if (operations >= 11) expect(begun).toBe(installed);
      else expect([0, installed]).toContain(begun);
      until(world, "n4 to catch up", () => caughtUp(world, 4));
      expect(server(world, 4).lastApplied).toEqual(server(world, leader).lastApplied);
      expect(asked(world, "member promote n4")).toBe("ok");
    },
  );
});

describe("a member that was removed", () => {
  it("and was down when that happened comes back unaware, and nobody listens to it", () => {
    for (const careful of [true, false]) {
      const world = makeWorld({members: 4, raft: {preVote: careful, checkQuorum: careful}});
      const leader = untilLeader(world);
      const gone = (leader % 4) + 1;
      expect(asked(world, "put x 1")).toBe("ok");
      act(world, {kind: "crash", member: `n${gone}`});
      expect(asked(world, `member remove n${gone}`)).toBe("ok");
      const {term} = server(world, leader).raft;
      act(world, {kind: "restart", member: `n${gone}`});
      runTo(world, world.now / ms + 2000);
      expect(server(world, gone).raft.confState.voters).toEqual([1, 2, 3, 4]);
      expect(leaderOf(world)).toBe(leader);
      expect(server(world, leader).raft.term).toBe(term);
    }
  });

  it("stops a second after it has applied that, and at once when it is started again", () => {
    const world = makeWorld({members: 3});
    const leader = untilLeader(world);
    const gone = (leader % 3) + 1;
    expect(asked(world, `member remove n${gone}`)).toBe("ok");
    until(world, "it to apply that", () => server(world, gone).membership.removed.length > 0);
    const removedAt = world.now;
    const records = until(world, "it to stop", () => world.members[gone - 1]?.status === "crashed");
    expect(world.now - removedAt).toBeLessThanOrEqual(1000 * ms);
    expect(world.now - removedAt).toBeGreaterThan(900 * ms);
    expect(changesOf(records, "died")).toMatchObject([{member: gone, said: {id: "server/removed"}}]);
    act(world, {kind: "restart", member: `n${gone}`});
    expect(world.members[gone - 1]?.status).toBe("crashed");
    expect(asked(world, "put x 1")).toBe("ok");
  });

  it("never comes back under its number", () => {
    const world = makeWorld({members: 3, raft: {preVote: true, checkQuorum: true}});
    const leader = untilLeader(world);
    const gone = (leader % 3) + 1;
    expect(asked(world, `member remove n${gone}`)).toBe("ok");
    expect(asked(world, `member add n${gone} --learner`)).toBe("etcdserver: member not found");
    expect(asked(world, `member remove n${gone}`)).toBe("etcdserver: member not found");
    expect(server(world, leader).raft.confState.voters).not.toContain(gone);
  });
});

describe("a joint configuration", () => {
  const change = "member reconfigure v4 v5 r1 --transition";

  /** Five servers of which three vote, and a change of several under way. */
  function joint(transition: string): {readonly world: World; readonly leader: number} {
    const world = makeWorld({members: 3, learners: 2});
    untilLeader(world);
    if (leaderOf(world) === 1) expect(asked(world, "move-leader n2")).toBe("ok");
    const leader = leaderOf(world);
    act(world, ask(`${change} ${transition}`, leader));
    until(world, "a joint configuration", () => isJoint(server(world, leader).raft.confState));
    return {world, leader};
  }

  const isLeft = (world: World): boolean =>
    world.members.every(
      ({id, server: of}) => id === 1 || of === undefined || of.raft.confState.voters.length === 4,
    ) &&
    world.members.every(({id, server: of}) => id === 1 || of === undefined || !isJoint(of.raft.confState));

  it("is left by itself when it should be, and else when told", () => {
    const left = joint("implicit");
    until(left.world, "it to be left", () => isLeft(left.world));
    const told = joint("explicit");
    runTo(told.world, told.world.now / ms + 1000);
    expect(isJoint(server(told.world, told.leader).raft.confState)).toBe(true);
    expect(asked(told.world, "member reconfigure")).toBe("ok");
    until(told.world, "it to be left", () => isLeft(told.world));
  });

  it("is left by the next leader, if the one that entered it crashed", () => {
    const {world, leader} = joint("implicit");
    act(world, {kind: "crash", member: `n${leader}`});
    until(world, "another leader", () => leaderOf(world) !== 0);
    until(world, "it to be left", () => isLeft(world));
    expect(asked(world, "put x 1")).toBe("ok");
  });

  it("decides nothing without a majority of both halves", () => {
    const {world, leader} = joint("explicit");
    const old = [1, 2, 3].filter((id) => id !== leader).map((id) => `n${id}`);
    for (const apart of [old, ["n4", "n5", ...old.filter((name) => name !== "n1")]]) {
      act(world, {kind: "split", groups: [[`n${leader}`], apart]});
      const before = server(world, leader).raft.commitIndex;
      act(world, put("c1", "x", "1", `n${leader}`));
      runTo(world, world.now / ms + 100);
      expect(server(world, leader).raft.commitIndex).toBe(before);
      act(world, {kind: "heal"});
      until(
        world,
        "a leader's commit",
        () => leaderOf(world) === leader && server(world, leader).raft.commitIndex > before,
      );
    }
  });
});

// ---- all of it at once, under faults

/** Spares start, and a client asks for changes, some possible, some not, while others write and read and faults happen. */
function stirred(seed: string): Executed {
  const draws = new Draws(seed);
  const below = (bound: number): number => draws.next(draws.stream("stir"), bound);
  const [quiet, end] = [4000, 7000];
  const careful = below(2) === 0;
  const config = resolve({
    members: 3,
    learners: below(2),
    spares: 2,
    clients: 4,
    raft: {
      snapshotEvery: below(4) === 0 ? 0 : 3 + below(20),
      snapshotKeep: below(6),
      preVote: careful,
      checkQuorum: careful,
    },
    network: {lossPerMillion: 20_000 * below(2)},
  });
  const faults = faultPlan(seed, config, {until: quiet * ms});
  const changes = changePlan(seed, config, {
    from: 300 * ms,
    until: quiet * ms,
    client: "c4",
    firstId: faults.length + 1,
  });
  const script = [...faults, ...changes];
  const run = {...makeRun({seed, until: end}), config, script};
  const director = new Mix({seed, until: quiet * ms, operationsMax: 40});
  return execute(run, {versions: sound, director, checkers: standardChecks()});
}

describe("membership under faults", () => {
  it("is drawn for voters and learners alike; spare servers are the script's", () => {
    const named = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const config = resolve({members: 2, learners: 1, spares: 1});
      for (const {do: action} of faultPlan(`${seed}`, config, {until: 4000 * ms})) {
        if ("member" in action) named.add(action.member);
        if (action.kind === "split") for (const name of action.groups.flat()) named.add(name);
        if (action.kind === "cut") named.add(action.from).add(action.to);
      }
    }
    expect([...named].toSorted()).toEqual(["n1", "n2", "n3"]);
  });

  it("a leader may forget what a snapshot stands for: that is no overwriting", () => {
    const script = Array.from({length: 12}, (_, i) => at(i + 1, 300 + 60 * i, put("c1", "x", `${i}`)));
    const run = makeRun({members: 1, raft: {snapshotEvery: 2, snapshotKeep: 0}, script, until: 2000});
    const {checks, view} = execute(run, {versions: sound, checkers: standardChecks()});
    expect(view.members[0]?.server?.raft.firstIndex).toBeGreaterThan(8);
    const check = checks.find(({name}) => name === "Leader Append-Only");
    expect(check).toMatchObject({verdict: "pass"});
    expect(check?.exercised).toBeGreaterThan(0);
  });

  it.each(Array.from({length: 24}, (_, i) => `stir ${i}`))("breaks no promise with seed %s", (seed) => {
    const {violation, verdict} = stirred(seed);
    expect(violation).toBeUndefined();
    expect(verdict).toBe("pass");
  });

  it("sees learners, snapshots, joint configurations and moves of the leader, asked for and refused", () => {
    const runs = Array.from({length: 6}, (_, i) => stirred(`stir ${i}`));
    const outcomes = runs.flatMap(({operations}) =>
      operations
        .filter(({request}) => /^member|^reconfigure|^moveLeader/.test(request.kind))
        .map(({outcome}) => outcome?.kind),
    );
    for (const kind of ["ok", "failed", "unknown"]) expect(outcomes).toContain(kind);
    const seen = new Set<string>();
    for (const {run} of runs) {
      execute(run, {
        versions: sound,
        onEvent: ({changes}) => {
          for (const change of changes) {
            if (change.kind === "snapshot" && change.received) seen.add("received");
            if (change.kind === "transfer") seen.add("transfer");
            if (change.kind !== "configuration") continue;
            if (isJoint(change.confState)) seen.add("joint");
            if (change.confState.learners.length > 0) seen.add("learner");
          }
        },
      });
    }
    expect([...seen]).toEqual(expect.arrayContaining(["received", "transfer", "joint", "learner"]));
  });

  it("gives the same run for the same seed", () => {
    expect(stirred("stir 5").traceHash).toBe(stirred("stir 5").traceHash);
    expect(stirred("stir 5").traceHash).not.toBe(stirred("stir 6").traceHash);
  });

  it("runs on record without whoever asked, to the same end", () => {
    const first = stirred("stir 3");
    const again = execute(first.run, {versions: sound});
    expect(again.traceHash).toBe(first.traceHash);
  });

  it("goes on like its fork, from any moment on", () => {
    const script = [
      at(1, 400, ask("member add n4 --learner")),
      at(2, 450, {kind: "restart", member: "n4"}),
      at(3, 900, ask("member promote n4")),
      at(4, 1100, ask("move-leader n4")),
      at(5, 1400, ask("member reconfigure r1 v5 --transition implicit")),
      at(6, 1500, {kind: "restart", member: "n5"}),
      at(7, 1600, {kind: "crash", member: "n4"}),
      at(8, 1900, {kind: "restart", member: "n4"}),
      ...[100, 200, 300, 350, 500, 600, 700, 800, 1200].map((time, i) =>
        at(i + 1, time, put("c1", "x", `${i}`)),
      ),
    ];
    const straight = makeWorld({members: 3, spares: 2, raft, script});
    let forked = makeWorld({members: 3, spares: 2, raft, script});
    const kinds = new Set<string>();
    for (let next = straight.next(); next !== undefined && straight.now < 2500 * ms; next = straight.next()) {
      for (const change of straight.take(next).changes) kinds.add(change.kind);
      const twin = forked.next();
      if (twin === undefined) throw new Error("the twin has no next event");
      forked.take(twin);
      if (straight.step % 7 === 0) forked = forked.fork();
      expect(forked.hash).toBe(straight.hash);
      if (straight.step % 50 === 0) expect(forked.digest()).toBe(straight.digest());
    }
    expect([...kinds]).toEqual(expect.arrayContaining(["snapshot", "configuration", "transfer"]));
  });
});
