// The loads that have names, each under faults: every claim holds, what is asked is what the table says, and the recorded
// run is the same without its director.

import {describe, expect, it} from "vitest";
import {claimsOfLoads} from "../../../sim/check/loadClaims.ts";
import {standardChecks} from "../../../sim/check/standard.ts";
import {execute} from "../../../sim/execute.ts";
import type {Executed} from "../../../sim/execute.ts";
import {versionOf} from "../../../sim/bug/museum.ts";
import {faultPlan} from "../../../sim/fault/plan.ts";
import {WorkloadDirector} from "../../../sim/workload/director.ts";
import {loadNames, loadsOf, workloadOf} from "../../../sim/workload/loads.ts";
import type {LoadName} from "../../../sim/workload/loads.ts";
import {mixOf} from "../../../sim/workload/mix.ts";
import {problemOfWorkload} from "../../../sim/workload/problem.ts";
import {recipesOf} from "../../../sim/workload/recipes.ts";
import type {Workload} from "../../../sim/workload/workload.ts";
import {makeRun, ms} from "../stage.ts";

const until = 1400 * ms;

function workload(name: LoadName): Workload {
  // Watches need something to watch.
  return workloadOf([...loadsOf(name), ...(name === "watches" ? loadsOf("etcdPut") : [])], until);
}

function perform(name: LoadName): Executed {
  const asks = workload(name);
  const run = makeRun({seed: name, clients: 4, until: 3500, raft: {checkQuorum: true}});
  const script = faultPlan(name, run.config, {until: 1000 * ms});
  const checkers = [...standardChecks(), ...claimsOfLoads(asks.loads)];
  const done = execute(
    {...run, script},
    {versions: versionOf, director: new WorkloadDirector(asks, name), checkers},
  );
  return done;
}

const done = new Map<LoadName, Executed>();

function performed(name: LoadName): Executed {
  const known = done.get(name) ?? perform(name);
  done.set(name, known);
  return known;
}

/** What was asked, by the words that begin it. */
function asked({operations, view}: Executed): ReadonlySet<string> {
  const kinds = operations.map(({request}) => request.kind);
  return new Set<string>([...kinds, ...view.recipes.map(({recipe}) => recipe.kind)]);
}

const expected: Readonly<Record<LoadName, readonly string[]>> = {
  registers: ["range", "put", "txn"],
  etcdPutDeleteLease: ["range", "put", "deleteRange", "txn", "leaseGrant"],
  etcdPut: ["range", "put", "txn"],
  etcdDelete: ["put", "deleteRange"],
  kubernetes: ["range", "txn", "watchCreate"],
  kubernetesCreateDelete: ["range", "txn", "watchCreate"],
  compaction: ["range", "txn", "compact"],
  watches: ["range", "watchCreate"],
  listAppend: ["range", "txn"],
  bank: ["range", "stm"],
  queue: ["enqueue", "dequeue"],
  lock: ["critical"],
  counter: ["stm"],
  election: ["campaign", "resign"],
  registry: ["register", "deregister"],
};

describe.each(loadNames)("%s", (name) => {
  it("holds under faults, and asks what it should", () => {
    const {violation, verdict, end} = performed(name);
    expect(violation).toBeUndefined();
    expect(verdict).toBe("pass");
    expect(end).toBe("done");
    expect([...asked(performed(name))]).toEqual(expect.arrayContaining([...expected[name]]));
  });

  it("is sound data", () => {
    const asks = workload(name);
    expect(problemOfWorkload(asks)).toBeUndefined();
    expect(JSON.parse(JSON.stringify(asks))).toEqual(asks);
  });

  it("is recorded: the run is the same without a director", () => {
    const {run, traceHash} = performed(name);
    expect(execute(run, {versions: versionOf}).traceHash).toBe(traceHash);
  });
});

describe("the loads' own claims", () => {
  it.each([
    ["listAppend", "Appends Are Kept"],
    ["bank", "Sum Is Kept"],
    ["queue", "Handed Out Once"],
  ] as const)("of %s: %s is exercised", (name, claim) => {
    const check = performed(name).checks.find((one) => one.name === claim);
    expect(check?.exercised).toBeGreaterThan(3);
  });
});

describe("mix and recipes", () => {
  it.each([
    ["mix", mixOf({until, leases: 20, rest: 30, defrag: 2, padding: 9})],
    [
      "recipes",
      recipesOf({until, loads: ["critical", "counter", "election", "queue", "registry"], fenced: true}),
    ],
  ])("%s is sound data", (_, asks) => {
    expect(problemOfWorkload(asks)).toBeUndefined();
    expect(JSON.parse(JSON.stringify(asks))).toEqual(asks);
  });
});

describe("Kubernetes", () => {
  it("lists by pages of one revision and watches from behind it", () => {
    const {operations} = performed("kubernetes");
    const pages = operations.filter(({request}) => request.kind === "range" && request.limit === 4);
    const later = pages.filter(({request}) => request.kind === "range" && (request.revision ?? 0) > 0);
    expect(later.length).toBeGreaterThan(10);
    for (const {client, call, request} of operations) {
      if (request.kind !== "watchCreate") continue;
      const page = later.filter((one) => one.client === client && one.call < call).at(-1);
      expect(request.startRevision).toBe(
        page?.request.kind === "range" ? (page.request.revision ?? 0) + 1 : undefined,
      );
    }
  });

  it("writes only over what it read", () => {
    const {operations, run} = performed("kubernetes");
    for (const {request} of operations)
      if (request.kind === "txn") expect(request.compare).toMatchObject([{target: {kind: "mod"}}]);
    const lines = run.script.flatMap(({do: action}) => (action.kind === "client" ? action.op : []));
    expect(lines.filter((line) => line.includes("{modRevisionOf:registry/pods/")).length).toBeGreaterThan(10);
  });
});
