// Every run can be said as a scenario: turned into its text and read again, it makes the same trace by itself.

import {describe, expect, it} from "vitest";
import type {Scenario} from "../../scenarios/format.ts";
import {scenarioOfRecord} from "../../scenarios/ofRun.ts";
import {leaderPartition} from "../../scenarios/leaderPartition.ts";
import {perform} from "../../scenarios/perform.ts";
import {ScenarioReader} from "../../scenarios/read.ts";
import {present} from "../../core/base/assert.ts";
import {scenarioTrial} from "../../bin/scenarioTrial.ts";
import {versionOf} from "../../sim/bug/museum.ts";
import {standardChecks} from "../../sim/check/standard.ts";
import {execute} from "../../sim/execute.ts";
import {trialOfLineage} from "../../sim/explore/guided.ts";
import {playTrial} from "../../sim/explore/sweep.ts";
import {partsOf, quietOf, scheduleKinds, trialChecks, trialFrom, trialOf} from "../../sim/explore/trial.ts";
import type {Trial, TrialOptions} from "../../sim/explore/trial.ts";
import {betrayalKinds, damageKinds} from "../../sim/fault/damage.ts";
import type {BetrayalKind, DamageKind} from "../../sim/fault/damage.ts";
import {faultKinds, faultPlan, timeKinds} from "../../sim/fault/plan.ts";
import type {FaultKind} from "../../sim/fault/plan.ts";
import type {ActionKind} from "../../sim/action.ts";
import {diskFaultKinds} from "../../sim/disk/fault.ts";
import type {Run} from "../../sim/run.ts";
import {recipeRun} from "../soak/recipes/recipeRun.ts";
import {at, makeRun} from "../sim/stage.ts";

const reader = new ScenarioReader();
const timeout = 120_000;

/** The run's scenario, written down and read again. */
function asRead(run: Run, checkers = trialChecks()): Scenario {
  const text = JSON.stringify(scenarioOfRecord("found", run, checkers));
  const read = reader.read(text);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

/** Plays it, and makes its scenario do the same. */
function expectSame(trial: Trial): Run {
  const done = playTrial(trial);
  const run = {...done.run, limits: {...done.run.limits, events: done.events}};
  const scenario = asRead(run);
  const again = perform(scenario);
  expect({events: again.events, hash: again.traceHash}).toEqual({events: done.events, hash: done.traceHash});
  // A run that passes is expected to; of one that fails, the scenario says which checks do.
  expect(again.expected).toBe(true);
  const {title, run: plan} = scenario;
  const [claim] = plan.expect.map((one) => one.claim);
  if (done.violation === undefined) expect([again.verdict, claim]).toEqual(["pass", undefined]);
  else {
    expect(title.en).toContain(`${done.violation.check} fails`);
    expect(claim).toEqual({check: done.violation.check, is: "violated"});
  }
  return run;
}

const actionKinds: {readonly [K in ActionKind]: true} = {
  cut: true,
  split: true,
  heal: true,
  link: true,
  connection: true,
  crash: true,
  pause: true,
  resume: true,
  restart: true,
  crashAt: true,
  crashAtDisk: true,
  slow: true,
  pauseClient: true,
  resumeClient: true,
  clock: true,
  jump: true,
  timeout: true,
  client: true,
  loss: true,
  disk: true,
  message: true,
  pin: true,
  mark: true,
};

type Kind = FaultKind | DamageKind | BetrayalKind;

/** What was done to a run: kinds of actions, and of disk faults. */
function deedsIn({script}: Pick<Run, "script">): ReadonlySet<string> {
  return new Set(script.map(({do: action}) => (action.kind === "disk" ? action.fault.kind : action.kind)));
}

/** A trial in which only these go wrong: of a few seeds the one to which most different things are done. */
function trialWith(kinds: readonly Kind[], place: number): Trial {
  const options: TrialOptions = {schedule: scheduleKinds[place % scheduleKinds.length] ?? "time"};
  const trials = Array.from({length: 60}, (_, seed) => {
    const parts = partsOf(60 * place + seed, options);
    const of = <K extends Kind>(list: readonly K[]): K[] => list.filter((one) => kinds.includes(one));
    const plan = faultPlan(parts.name, parts.config, {
      until: quietOf(parts),
      kinds: of([...faultKinds, ...timeKinds]),
      damage: of(damageKinds),
      betrayal: of(betrayalKinds),
    });
    const faults = plan.map(({when, do: action}) => ({at: when.at, do: action}));
    return {trial: trialFrom({...parts, faults}), deeds: deedsIn({script: plan}).size};
  });
  const [most] = trials.toSorted((a, b) => b.deeds - a.deeds);
  return present(most, "one of sixty").trial;
}

describe("a trial as a scenario makes the same trace, and is judged alike", () => {
  const kinds: readonly Kind[] = [...faultKinds, ...timeKinds, ...damageKinds, ...betrayalKinds];
  const few = 6;
  const groups = Array.from({length: Math.ceil(kinds.length / few)}, (_, i) =>
    kinds.slice(few * i, few * (i + 1)),
  );
  const deeds = new Set<string>();

  it.each(groups.map((group, place) => [group.join(", "), group, place] as const))(
    "where there go wrong: %s",
    (_names, group, place) => {
      for (const deed of deedsIn(expectSame(trialWith(group, place)))) deeds.add(deed);
    },
    timeout,
  );

  it.each<[string, Trial]>([
    ["with all that a seed draws", trialOf(11)],
    ["whose disk writes to a wrong place", trialOf(1, {betrayal: "misdirect"})],
    ["that is short", trialOf(2, {short: true})],
    ["whose leaders are cut off", trialOf(3, {deposed: true})],
    ["whose leaders answer by their lease", trialOf(4, {leaseReads: true})],
    ["of a guided sweep", trialOfLineage({seed: 5, mutations: [1, 2, 3]})],
    ["of recipes", trialOf(12)],
  ])(
    "%s",
    (_name, trial) => {
      for (const deed of deedsIn(expectSame(trial))) deeds.add(deed);
    },
    timeout,
  );

  it("with a bug that breaks a claim, of which the scenario says so", () => {
    const run = expectSame(trialOf(33, {bugs: ["vote-twice"]}));
    expect(asRead(run).title.en).toBe("Election Safety fails (vote-twice)");
  });

  it("and so everything was done that a trial can do", () => {
    // By kind of fault; by hand; by hand; that a scenario's step waited.
    const absent: readonly ActionKind[] = ["disk", "message", "pin", "mark"];
    const all = [...Object.keys(actionKinds), ...diskFaultKinds].filter((kind) => !deeds.has(kind));
    expect(all).toEqual(absent);
  });

  it("of another scenario's steps, which keep their names", () => {
    const done = playTrial(scenarioTrial(leaderPartition, 3, {schedule: "random"}));
    const run = {...done.run, limits: {...done.run.limits, events: done.events}};
    const scenario = asRead(run, standardChecks());
    expect(scenario.run.steps.map(({id}) => id)).toContain("elected");
    expect(perform(scenario).traceHash).toBe(done.traceHash);
  });

  it("and so does a run of recipes with an ending of its own", () => {
    const {run, director} = recipeRun(1, true);
    const done = execute(run, {versions: versionOf, director});
    const again = perform(asRead({...done.run, limits: {...done.run.limits, events: done.events}}, []));
    expect(again.traceHash).toBe(done.traceHash);
  });
});

describe("what a person's hand can do to a run, a scenario can", () => {
  /** The run as it went, and as its scenario makes it. */
  function both(run: Run): {readonly scenario: Scenario; readonly hashes: readonly string[]} {
    const done = execute(run, {versions: versionOf});
    expect(done.skipped).toEqual([]);
    const scenario = asRead({...done.run, limits: {...done.run.limits, events: done.events}}, []);
    return {scenario, hashes: [done.traceHash, perform(scenario).traceHash]};
  }

  it("to one message on its way, to one draw, to one event's place", () => {
    const lines = execute(makeRun({seed: "7", until: 400}), {versions: versionOf, lines: true}).lines;
    const messages = Array.from({length: lines.length}, (_, i) => lines.at(i)?.id ?? "").filter((id) =>
      /^n\d→n\d#/.test(id),
    );
    const [first = "", second = ""] = messages;
    const {at: time = 0} = lines.named(first) ?? {};
    const before = (time - 100) / 1000;
    const {scenario, hashes} = both(
      makeRun({
        seed: "7",
        until: 600,
        script: [
          at(1, 0, {kind: "pin", stream: "clock/n2", n: 3, value: 5}),
          at(2, before, {kind: "message", event: first, do: "duplicate"}),
          at(5, before, {kind: "message", event: first, do: "delay", by: 4000}),
          at(4, before, {kind: "message", event: second, do: "hold"}),
          at(9, before + 50, {kind: "message", event: second, do: "release"}),
        ],
      }),
    );
    expect(hashes[1]).toBe(hashes[0]);
    expect(scenario.run.steps.slice(0, 3)).toEqual([
      {at: "0s", pin: "clock/n2", draw: 3, value: 5},
      {at: `${time - 100}us`, message: first, do: "duplicate"},
      {at: `${time - 100}us`, number: 5, message: first, do: {delay: "4ms"}},
    ]);
  });

  it("to a member that is started with other flags, settings and versions", () => {
    const {scenario, hashes} = both(
      makeRun({
        until: 900,
        script: [
          at(1, 300, {kind: "crashAtDisk", member: "n1", nth: 2, when: "after", what: "sync"}),
          at(2, 500, {kind: "crash", member: "n2"}),
          at(3, 600, {
            kind: "restart",
            member: "n2",
            with: {versions: ["vote-twice"], raft: {preVote: true}, store: {commitEvery: 5000}},
          }),
        ],
      }),
    );
    expect(hashes[1]).toBe(hashes[0]);
    expect(scenario.run.steps).toMatchObject([
      {crashAtDisk: "after", on: "n1", nth: 2, what: "sync"},
      {crash: "n2"},
      {restart: "n2", with: {versions: ["vote-twice"], raft: {preVote: true}, store: {commitEvery: "5ms"}}},
    ]);
  });
});

describe("a configuration", () => {
  it.each(["teaching", "datacentre", "wan", "regions", "etcd"] as const)(
    "of the profile %s is said by what differs from it, and regions by what they are",
    (profile) => {
      const run = makeRun({profile, until: 500, raft: {preVote: true}, store: {commitEvery: 7000}});
      const scenario = asRead(run, []);
      expect(scenario.run.config).toMatchObject({profile, store: {commitEvery: "7ms"}});
      expect(perform(scenario).run.config).toEqual(run.config);
    },
  );

  it("whose regions nobody is in has none", () => {
    const run = makeRun({profile: "regions", until: 3000});
    const nobody = {...run.config.network.regions, of: {}, latency: {}};
    const config = {...run.config, network: {...run.config.network, regions: nobody}};
    const done = execute({...run, config}, {versions: versionOf});
    const again = perform(asRead({...done.run, limits: {...done.run.limits, events: done.events}}, []));
    expect(again.traceHash).toBe(done.traceHash);
  });
});

describe("a run without events", () => {
  it("is over at once", () => {
    expect(perform(asRead({...makeRun(), limits: {events: 0, until: 1000}}, [])).events).toBe(0);
  });
});
