// Seeds: a fault plan and a mixed workload each, every check after every event. A failure prints what runs it again.

import {describe, expect, it} from "vitest";
import {versionOf} from "../../sim/bug/museum.ts";
import {aboutUsers, standardChecks} from "../../sim/check/standard.ts";
import type {Executed} from "../../sim/execute.ts";
import {faultKinds, faultPlan, timeKinds} from "../../sim/fault/plan.ts";
import {Mix} from "../../sim/workload/mix.ts";
import {executeTwice} from "../support/twice.ts";
import {makeRun, ms} from "./stage.ts";

const seeds = 30;
const quiet = 2000 * ms;

const watchPoints = ["beforeSyncWatchers", "beforeMoveVictims", "beforeSendWatchResponse"] as const;
const readPoints = ["beforeReadIndex", "beforeServeReads"] as const;

/** Faults until `quiet`, then time to recover. Members, loss and order of messages vary with the seed. */
function sweep(seed: number): Executed {
  const name = `sweep ${seed}`;
  const network = {reorder: seed % 3 === 0};
  const pausePoints =
    seed % 2 === 0
      ? (["beforeApplyOneEntryNormal", "raftBeforeSave", ...watchPoints, ...readPoints] as const)
      : [];
  const run = makeRun({
    seed: name,
    members: seed % 4 === 3 ? 5 : 3,
    clients: 3,
    network,
    pausePoints,
    until: 6000,
    raft: {checkQuorum: true, preVote: seed % 2 === 0},
    store: {leaseCheckEvery: 100 * ms, progressNotifyEvery: 200 * ms, corruptCheckEvery: 500 * ms},
  });
  // Every other cluster is asked everything, by clients and members whose clocks lie.
  const isRich = seed % 2 === 1;
  const kinds = isRich ? [...faultKinds, ...timeKinds] : faultKinds;
  const script = faultPlan(name, run.config, {until: quiet, kinds});
  const more = isRich ? {leases: 60, rest: 30, linger: 3000 * ms} : {};
  const director = new Mix({seed: name, until: quiet, operationsMax: isRich ? 80 : 25, ...more});
  return executeTwice({...run, script}, {versions: versionOf, director, checkers: standardChecks()});
}

const done = new Map<number, Executed>();

function swept(seed: number): Executed {
  const known = done.get(seed) ?? sweep(seed);
  done.set(seed, known);
  return known;
}

const all = Array.from({length: seeds}, (_, seed) => seed);

describe("under faults", () => {
  it.each(all)("every claim holds with seed sweep %i", (seed) => {
    const {violation, verdict, end} = swept(seed);
    expect(violation).toBeUndefined();
    expect(verdict).toBe("pass");
    expect(end).toBe("done");
  });

  it("no claim is idle over all seeds, but those about users, whom no seed makes", () => {
    for (const {name} of standardChecks()) {
      if (aboutUsers.includes(name)) continue;
      const times = all.map(
        (seed) => swept(seed).checks.find((check) => check.name === name)?.exercised ?? 0,
      );
      expect(
        times.reduce((sum, one) => sum + one, 0),
        name,
      ).toBeGreaterThan(0);
    }
  });

  it("most operations succeed, and some outcomes stay unknown", () => {
    const outcomes = all.flatMap((seed) => swept(seed).operations.map(({outcome}) => outcome?.kind));
    const count = (kind: string): number => outcomes.filter((one) => one === kind).length;
    expect(count("ok")).toBeGreaterThan(2 * (count("unknown") + count("failed")));
    expect(count("unknown")).toBeGreaterThan(10);
  });

  it("a second vote in one term is found by Election Safety", () => {
    const found = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const run = makeRun({seed: `bug ${seed}`, members: 3, clients: 1, until: 3000});
      const versions = {n1: ["vote-twice"], n2: ["vote-twice"], n3: ["vote-twice"]};
      const script = faultPlan(run.seed, run.config, {until: quiet, kinds: ["timeout"]});
      const {violation} = executeTwice(
        {...run, versions, script},
        {versions: versionOf, checkers: standardChecks()},
      );
      if (violation !== undefined) found.add(violation.check);
    }
    expect([...found]).toContain("Election Safety");
  });
});
