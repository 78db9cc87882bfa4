// Steps that change how links, connections and processes behave, and what a configuration says of regions and points.

import {describe, expect, it} from "vitest";
import type {Scenario, Step} from "../../scenarios/format.ts";
import {leaderCrash} from "../../scenarios/leaderCrash.ts";
import {perform} from "../../scenarios/perform.ts";
import {ScenarioReader} from "../../scenarios/read.ts";

const reader = new ScenarioReader();

const {open: _open, tell: _tell, variants: _variants, ...bare} = leaderCrash;

function withRun(change: object): Scenario {
  const until = {not: {leader: "none"}} as const;
  return {...bare, run: {...bare.run, until, steps: [], expect: [], ...change}};
}

function problem(change: object): string {
  const read = reader.check(withRun(change));
  return read.ok ? "accepted" : read.error;
}

function problemOf(step: unknown): string {
  return problem({steps: [step]});
}

const steps: readonly Step[] = [
  {link: ["n1", "n2"], set: {latency: "40ms..60ms", lossPerMillion: 5}, oneWay: true},
  {link: ["c1", "leader"], set: {bytesPerSecond: 1000, queueBytes: 500}},
  {link: ["n1", "n2"], set: "as configured"},
  {connection: ["c1", "leader"], do: "reset"},
  {connection: ["c1", "n1"], do: "refuse"},
  {crashAt: "beforeApplyOneEntryNormal", on: "leader", nth: 2},
  {crashAtDisk: "before", on: "a follower"},
  {slow: "apply", on: "n1", factor: 20},
  {restart: "n1", with: {raft: {preVote: true}, store: {commitEvery: "5ms"}, versions: ["vote-twice"]}},
];

describe("a step", () => {
  it.each(steps)("%j is read", (step) => {
    expect(problemOf(step)).toBe("accepted");
  });

  it.each([
    [{link: ["n1", "n2"]}, ': found no "set"'],
    [{link: ["n1", "n2"], set: "gone"}, '.set: found "gone", expected "as configured" or what is set'],
    [
      {link: ["n1", "n2"], set: {latency: "9ms..5ms"}},
      '.set.latency: found "9ms..5ms", expected a range of times',
    ],
    [{link: ["n1", "n2"], set: {latency: 5}}, ".set.latency: found 5, expected a time or a range"],
    [
      {link: ["n1", "n2"], set: {lossPerMillion: 2_000_000}},
      ".set.lossPerMillion: found 2000000, expected a whole number from 0 to 1000000",
    ],
    [{link: ["n1", "n7"], set: {}}, '.link[1]: found "n7", expected a member from n1 to n3'],
    [{connection: ["c1", "n1"], do: "drop"}, '.do: found "drop", expected "reset", "refuse" or "accept"'],
    [{crashAt: "here", on: "n1"}, '.crashAt: found "here", expected "raftBeforeSaveSnap"'],
    [{crashAt: "beforeCommit"}, ': found no "on"'],
    [{crashAtDisk: "amid", on: "n1"}, '.crashAtDisk: found "amid", expected "before" or "after"'],
    [{slow: "lunch", on: "n1", factor: 2}, '.slow: found "lunch", expected "append"'],
    [{slow: "apply", on: "n1", factor: 0}, ".factor: found 0, expected a whole number from 1 to 1000"],
    [{restart: "n1", with: {versions: ["gone"]}}, '.with.versions[0]: found "gone", expected "'],
    [{restart: "n1", with: {ticks: 1}}, '.with: found the key "ticks"'],
  ])("%j is refused in one line", (step, says) => {
    expect(problemOf(step)).toContain(`run.steps[0]${says}`);
    expect(problemOf(step)).not.toContain("\n");
  });

  it("acts on whom it names, resolved", () => {
    const made: readonly Step[] = [
      {when: {not: {leader: "none"}}, let: {old: "leader", other: "a follower"}, wait: true},
      {link: ["@old", "@other"], set: {latency: "40ms..60ms"}, oneWay: true},
      {link: ["@old", "@other"], set: "as configured"},
      {slow: "apply", on: "@old", factor: 2},
      {crashAtDisk: "after", on: "@old"},
      {connection: ["c1", "@old"], do: "refuse"},
      {crash: "@old"},
      {crashAt: "beforeApplyOneEntryNormal", on: "@old"},
      {restart: "@old", with: {raft: {preVote: true}, store: {commitEvery: "5ms"}}},
    ];
    const change = {steps: made, until: {step: "step9"}, config: {...leaderCrash.run.config, members: 3}};
    const read = reader.check(withRun(change));
    expect(read.ok ? "" : read.error).toBe("");
    const done = perform(withRun(change), {seed: "3"});
    expect(done.skipped).toEqual([]);
    const [, ...deeds] = done.run.script.map((item) => item.do);
    const {old, other} = done.run.script[0]?.let ?? {};
    expect(deeds).toEqual([
      {kind: "link", from: old, to: other, oneWay: true, set: {latency: {least: 40_000, most: 60_000}}},
      {kind: "link", from: old, to: other, reset: true},
      {kind: "slow", member: old, actor: "apply", factor: 2},
      {kind: "crashAtDisk", member: old, nth: 1, when: "after"},
      {kind: "connection", client: "c1", member: old, do: "refuse"},
      {kind: "crash", member: old},
      {kind: "crashAt", member: old, point: "beforeApplyOneEntryNormal", nth: 1},
      {kind: "restart", member: old, with: {raft: {preVote: true}, store: {commitEvery: 5000}}},
    ]);
  });
});

describe("a configuration", () => {
  const {config} = leaderCrash.run;
  const network = (regions: object): string => problem({config: {...config, network: {regions}}});

  it("may say who is in which region, and how far those are from each other", () => {
    expect(network({latency: {east: {east: "1ms", west: "60ms..70ms"}, west: {west: "1ms"}}})).toBe(
      "accepted",
    );
    expect(network({of: {n1: "here", c1: "here"}, latency: {here: {here: "1ms"}}})).toBe("accepted");
    expect(problem({config: {...config, profile: "regions"}})).toBe("accepted");
    expect(problem({config: {...config, profile: "etcd"}})).toBe("accepted");
  });

  it.each([
    [{latency: {east: {east: "9ms..1ms"}}}, 'latency.east.east: found "9ms..1ms", expected a range of times'],
    [
      {latency: {east: {east: "1ms"}, west: {west: "1ms"}}},
      "latency.east.west: found null, expected a latency",
    ],
    [
      {of: {n9: "east"}, latency: {east: {east: "1ms"}}},
      'of.n9: found "east", expected a name from n1 to n3',
    ],
    [{of: {n1: "The East"}, latency: {}}, 'of.n1: found "The East", expected a region'],
  ])("with regions %j is refused in one line", (regions, says) => {
    expect(network(regions)).toContain(`run.config.network.regions.${says}`);
    expect(network(regions)).not.toContain("\n");
  });

  it("may list where actors pause", () => {
    expect(problem({config: {...config, pausePoints: ["beforeCommit"]}})).toBe("accepted");
    expect(problem({config: {...config, pausePoints: ["here"]}})).toContain(
      'run.config.pausePoints[0]: found "here", expected "raftBeforeSaveSnap"',
    );
  });
});
