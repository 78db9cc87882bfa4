// The step that lets something go wrong with a disk.

import {describe, expect, it} from "vitest";
import {faultOf, faultParameters} from "../../scenarios/fault.ts";
import type {FaultStep, Scenario, Step} from "../../scenarios/format.ts";
import {leaderCrash} from "../../scenarios/leaderCrash.ts";
import {perform} from "../../scenarios/perform.ts";
import {ScenarioReader} from "../../scenarios/read.ts";
import {diskFaultKinds} from "../../sim/disk/fault.ts";
import {diskFaultDecoder} from "../../sim/trace/diskFaultText.ts";

const reader = new ScenarioReader();

/** The least that has to be said of each. */
const steps: readonly FaultStep[] = [
  {fault: "loseUnsynced", on: "leader"},
  {fault: "tearUnsynced", on: "n1"},
  {fault: "loseNames", on: "a follower"},
  {fault: "slow", on: "n1", factor: 3},
  {fault: "stall", on: "n1", for: "200ms"},
  {fault: "full", on: "n1"},
  {fault: "syncFails", on: "n1"},
  {fault: "rot", on: "n1", file: "*wal"},
  {fault: "unreadable", on: "n1", file: "*wal"},
  {fault: "misdirect", on: "n1", file: "*wal"},
  {fault: "syncLies", on: "n1"},
  {fault: "syncedLost", on: "n1", file: "*wal"},
  {fault: "backup", on: "n1"},
  {fault: "olderDisk", on: "n1"},
  {fault: "wipe", on: "n1"},
  {fault: "mend", on: "n1"},
];

function withSteps(...made: readonly unknown[]): unknown {
  return {
    ...leaderCrash,
    variants: {},
    run: {...leaderCrash.run, steps: [...leaderCrash.run.steps, ...made]},
  };
}

function problem(step: unknown): string {
  const read = reader.check(withSteps(step));
  return read.ok ? "accepted" : read.error;
}

describe("a fault step", () => {
  it("there is for every fault of a disk", () => {
    expect(steps.map(({fault}) => fault)).toEqual(diskFaultKinds);
    expect(Object.keys(faultParameters)).toEqual(diskFaultKinds);
  });

  it.each(steps.map((step) => [step.fault, step] as const))("%s is read, and makes a fault", (_, step) => {
    expect(problem(step)).toBe("accepted");
    expect(diskFaultDecoder(faultOf(step), "fault")).toEqual(faultOf(step));
  });

  it.each([
    [{fault: "rust", on: "n1"}, '.fault: found "rust", expected "loseUnsynced", "tearUnsynced", '],
    [{fault: 7, on: "n1"}, ".fault: found 7, expected "],
    [{fault: "wipe"}, ': found no "on", expected a step with the fault "wipe", "on" and its parameters'],
    [{fault: "rot", on: "n1"}, ': found no "file"'],
    [
      {fault: "rot", on: "n1", file: "*wal", bit: 4096},
      ".bit: found 4096, expected a whole number from 0 to 4095",
    ],
    [{fault: "slow", on: "n1", factor: 1}, ".factor: found 1, expected a whole number from 2 to 1000"],
    [{fault: "stall", on: "n1", for: 20}, '.for: found 20, expected a time such as "150ms"'],
    [{fault: "stall", on: "n1", for: "9999s"}, '.for: found "9999s", expected a time of at most 3600s'],
    [
      {fault: "wipe", on: "n1", file: "db"},
      ': found the key "file", expected one of id, at, when, after, number, let, fault, on',
    ],
    [{fault: "wipe", on: "n7"}, '.on: found "n7", expected a member from n1 to n3'],
    [{fault: "wipe", on: "c1"}, '.on: found "c1", expected a member: "n2"'],
  ])("%j is refused in one line", (step, says) => {
    const line = problem(step);
    expect(line).toContain(`run.steps[${leaderCrash.run.steps.length}]${says}`);
    expect(line).not.toContain("\n");
  });

  it("acts on whom it names, resolved, with what it leaves unsaid filled in", () => {
    const made: readonly Step[] = [
      {when: {not: {leader: "none"}}, let: {old: "leader"}, wait: true},
      {fault: "stall", on: "@old", for: "20ms"},
      {fault: "loseUnsynced", on: "@old"},
      {crash: "@old"},
      {fault: "wipe", on: "@old"},
      {restart: "@old"},
    ];
    const scenario: Scenario = {
      ...leaderCrash,
      run: {...leaderCrash.run, until: {not: {leader: "none"}}, steps: made, expect: []},
    };
    const done = perform(scenario, {seed: "3"});
    // Who leads has told the others of its term.
    expect(done.checks.flatMap(({name, verdict}) => (verdict === "fail" ? [name] : []))).toContain(
      "Durable Term",
    );
    const actions = done.run.script.map(({do: action}) => action);
    const old = done.run.script[0]?.let?.["old"];
    expect(actions.slice(1, 3)).toEqual([
      {kind: "disk", member: old, fault: {kind: "stall", for: 20_000}},
      {kind: "disk", member: old, fault: {kind: "loseUnsynced"}},
    ]);
  });
});
