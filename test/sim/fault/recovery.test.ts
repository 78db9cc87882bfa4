// What is asked of the end of a run: whatever was left undone, all is made whole, and every voter does what it is asked for;
// or a quorum is, and needs nobody else.

import {describe, expect, it} from "vitest";
import {points} from "../../../core/server/io.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import {lastPut} from "../../../sim/check/convergence.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import {execute} from "../../../sim/execute.ts";
import type {Executed} from "../../../sim/execute.ts";
import {damageKinds} from "../../../sim/fault/damage.ts";
import {damagesIn} from "../../../sim/fault/ledger.ts";
import {faultKinds, faultPlan, numbered, timeKinds} from "../../../sim/fault/plan.ts";
import {quorumCore, recovery} from "../../../sim/fault/recovery.ts";
import type {Core} from "../../../sim/fault/recovery.ts";
import type {Config, Intervention, Run} from "../../../sim/run.ts";
import {Mix} from "../../../sim/workload/mix.ts";
import {makeRun, ms} from "../stage.ts";

const quiet = 1500 * ms;
const every = 300 * ms;
const limit = 5000;

/** Everybody who did a put that it was asked for at the end. */
function answered({operations}: Executed, config: Config): readonly string[] {
  const voters = Array.from({length: config.members}, (_, i) => `n${i + 1}`);
  return voters.filter((name) =>
    operations.some(({as, outcome}) => as === lastPut(name) && outcome?.kind === "ok"),
  );
}

function runOf(seed: string, settings: Parameters<typeof makeRun>[0] = {}): Run {
  return makeRun({seed, members: 3, clients: 2, until: limit, pausePoints: points, ...settings});
}

function planOf(run: Run): readonly Intervention[] {
  return faultPlan(run.seed, run.config, {until: quiet, kinds: [...faultKinds, ...timeKinds]});
}

/** Faults, of which some are not undone; then, perhaps, recovery. */
function ended(run: Run, plan: readonly Intervention[], ending: ReturnType<typeof recovery>): Executed {
  const script = numbered([...plan.map(({when, do: action}) => ({at: when.at, do: action})), ...ending]);
  const linger = limit * ms - quiet;
  const director = new Mix({seed: run.seed, until: quiet, operationsMax: 5, linger});
  return execute({...run, script}, {versions: versionOf, director, checkers: standardChecks()});
}

/** Only what goes wrong, as far as that can be told: the earlier half of the plan. */
function halfOf(plan: readonly Intervention[]): readonly Intervention[] {
  return plan.slice(0, Math.ceil(plan.length / 2));
}

/** When, in such a run, each crash came. */
function crashesOf({run}: Executed): readonly number[] {
  const crashes: number[] = [];
  execute(run, {
    versions: versionOf,
    checkers: [],
    onEvent: ({at, changes}) => {
      for (const change of changes)
        if (change.kind === "fault" && change.action.kind === "crash") crashes.push(at);
    },
  });
  return crashes;
}

const seeds = Array.from({length: 8}, (_, i) => `end ${i}`);
const times = {at: quiet, until: limit * ms - 500 * ms, every};

describe("recovery", () => {
  it.each(seeds)("makes all whole, whatever part of a plan came to pass (%s)", (seed) => {
    const run = runOf(seed);
    const done = ended(run, halfOf(planOf(run)), recovery(run.config, times));
    expect(done.violation).toBeUndefined();
    expect(answered(done, run.config)).toEqual(["n1", "n2", "n3"]);
    const {network, pausedClients} = done.view;
    expect([network.links, network.cuts, network.groups, network.refusals, pausedClients]).toEqual([
      [],
      [],
      [],
      [],
      [],
    ]);
    for (const {status, server, slowActors, clock, disk} of done.view.members) {
      expect([status, [...slowActors], clock.rate, disk.faults]).toEqual(["up", [], 1_000_000, []]);
      expect(server?.appliedIndex).toBe(done.view.members[0]?.server?.appliedIndex);
    }
  });

  it("is needed: of the same runs some do not come to it by themselves", () => {
    const without = seeds.filter((seed) => {
      const run = runOf(seed);
      const asked = recovery(run.config, times).filter(({do: action}) => action.kind === "client");
      return answered(ended(run, halfOf(planOf(run)), asked), run.config).length < 3;
    });
    expect(without.length).toBeGreaterThan(2);
  });

  const armed: Intervention = {
    id: 1,
    when: {at: quiet - 1},
    do: {kind: "crashAtDisk", member: "n2", nth: 40, when: "after"},
    origin: "plan",
  };

  it("brings back whom a crash that was still armed takes later", () => {
    const run = runOf("armed");
    const done = ended(run, [armed], recovery(run.config, times));
    expect(done.view.members[1]).toMatchObject({status: "up", incarnation: 2, armed: []});
    const [crash] = crashesOf(done);
    expect(crash).toBeGreaterThan(quiet);
    expect(answered(done, run.config)).toEqual(["n1", "n2", "n3"]);
  });
});

describe("a core", () => {
  function cored(seed: string): {readonly run: Run; readonly core: Core; readonly done: Executed} {
    const run = runOf(seed, {members: 5, pausePoints: [], raft: {preVote: true, checkQuorum: true}});
    const plan = planOf(run);
    const core = quorumCore(seed, run.config, {at: quiet, plan});
    const ending = [...core.standing, ...recovery(run.config, {...times, core: core.members})];
    return {run, core, done: ended(run, plan, ending)};
  }

  it.each(seeds.slice(0, 6))("is a quorum that goes on while nobody else is made whole (%s)", (seed) => {
    const {run, core, done} = cored(seed);
    expect(core.members.length).toBe(3);
    expect(done.violation).toBeUndefined();
    expect(answered(done, run.config)).toEqual(core.members);
    // What is wrong with the others still is.
    const statuses = {crash: "crashed", pause: "paused"} as const;
    for (const {do: one} of core.standing) {
      if (one.kind === "cut") expect(done.view.network.blocked(one.from, one.to)).toBe(true);
      else if (one.kind === "crash" || one.kind === "pause")
        expect(done.view.members[Number(one.member.slice(1)) - 1]?.status).toBe(statuses[one.kind]);
    }
    const inCore = done.view.members.filter(({id}) => core.members.includes(`n${id}`));
    expect(new Set(inCore.map(({server}) => server?.appliedIndex)).size).toBe(1);
  });

  it("is any quorum, and the others suffer in every way", () => {
    const {config} = runOf("", {members: 5, raft: {preVote: true, checkQuorum: true}});
    const cores = Array.from({length: 60}, (_, i) => quorumCore(`${i}`, config, {at: quiet, plan: []}));
    expect(new Set(cores.map(({members}) => members.join())).size).toBe(10);
    const plights = new Set(
      cores.flatMap(({standing}) =>
        standing.map(({do: action}) =>
          action.kind === "cut" ? `cut ${action.oneWay === true ? "one way" : ""}` : action.kind,
        ),
      ),
    );
    expect(plights).toEqual(new Set(["crash", "pause", "cut ", "cut one way", "disk"]));
    const hearsNothing = (of: Config): boolean =>
      Array.from({length: 60}, (_, i) => quorumCore(`${i}`, of, {at: quiet, plan: []})).some(
        ({members, standing}) =>
          standing.some(
            ({do: one}) => one.kind === "cut" && one.oneWay === true && members.includes(one.from),
          ),
      );
    expect(hearsNothing(config)).toBe(true);
    // It would ask for votes in ever newer terms, and be heard.
    expect(hearsNothing({...config, raft: {...config.raft, preVote: false}})).toBe(false);
  });

  it("is of members whose disks are sound", () => {
    const {config} = runOf("", {members: 5});
    for (const seed of seeds) {
      const plan = faultPlan(seed, config, {until: 4000 * ms, damage: damageKinds});
      const harmed = damagesIn(plan).map(({member}) => member);
      const {members} = quorumCore(seed, config, {at: 4000 * ms, plan});
      expect(members.filter((name) => harmed.includes(name))).toEqual([]);
    }
  });
});
