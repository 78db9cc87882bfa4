import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {scenario, simulate} from "../../bin/lib.ts";
import type {Done, Program} from "../../bin/lib.ts";
import {
  clientCommands,
  clusters,
  faultPlans,
  nothingSeen,
  schedules,
  seeds,
  workloads,
} from "../../bin/libTest.ts";
import type {ClientCommand} from "../../bin/libTest.ts";
import {loadNames} from "../../sim/workload/loads.ts";
import {scenarioFor} from "../../bin/cluster.ts";
import {mended} from "../../bin/mended.ts";
import {stage} from "../../scenarios/resolve.ts";

const of = scenario("leader-crash");
const all = [
  "cut",
  "oneWay",
  "split",
  "isolate",
  "partial",
  "flap",
  "swizzle",
  "loss",
  "slowLink",
  "lossyLink",
  "refuse",
  "crash",
  "pause",
  "crashAtDisk",
  "crashTwice",
  "blackout",
  "rolling",
  "loseUnsynced",
  "slow",
  "pauseClient",
  "clock",
] as const;

describe("faultPlans", () => {
  it("draws plans that are different, in order of time, and over by the time that was said", () => {
    const plans = fc.sample(faultPlans(of, {until: "1500ms"}), {seed: 1, numRuns: 50});
    expect(new Set(plans.map((plan) => JSON.stringify(plan))).size).toBeGreaterThan(30);
    for (const plan of plans) {
      const times = plan.map(({when}) => when.at);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(Math.max(0, ...times)).toBeLessThanOrEqual(1_500_000);
      expect(new Set(plan.map(({id}) => id)).size).toBe(plan.length);
    }
  });

  it("shrinks by leaving faults out, to one and what undoes it", () => {
    for (const [kind, undoing] of [
      ["crash", "restart"],
      ["split", "heal"],
      ["pauseClient", "resumeClient"],
    ]) {
      const never = fc.property(
        faultPlans({members: 5}, {until: "5s", kinds: all}),
        (plan) => !plan.some(({do: {kind: one}}) => one === kind),
      );
      const {counterexample} = fc.check(never, {seed: 2, numRuns: 200});
      expect(counterexample?.[0].map(({do: action}) => action.kind)).toEqual([kind, undoing]);
    }
  });

  it("takes a cluster as simulate does", () => {
    const plans = fc.sample(faultPlans({members: 1, clients: 1}, {kinds: ["pause"]}), {seed: 1, numRuns: 20});
    const whom = plans.flat().map(({do: action}) => ("member" in action ? action.member : ""));
    expect(new Set(whom)).toEqual(new Set(["n1"]));
    expect(() => faultPlans({members: 0})).toThrow(/^cluster\.members: found 0, expected/);
  });
});

describe("a plan from which faults are left out", () => {
  const {config} = stage(scenarioFor({})).run;
  const drawn = faultPlans({}, {until: "4s", kinds: all});

  it("needs nothing more while none is left out: a plan undoes what it does", () => {
    for (const plan of fc.sample(drawn, {seed: 4, numRuns: 100}))
      expect(mended(plan, config, 4_000_000)).toEqual(plan);
  });

  it("leaves all whole at its end, whatever is left out", async () => {
    const some = drawn.chain((plan) => fc.subarray([...plan]));
    for (const plan of fc.sample(some, {seed: 5, numRuns: 25})) {
      const whole = mended(plan, config, 4_000_000);
      expect(whole.slice(0, plan.length)).toEqual(plan);
      expect(mended(whole, config, 4_000_000)).toEqual(whole);
      const {view} = await simulate({faults: whole, linger: "6s"}, () => Promise.resolve());
      expect(wrongIn(view)).toEqual([]);
    }
  });
});

describe("what runs are made of", () => {
  const cheap = {seed: 6, numRuns: 5} as const;

  it("a sound cluster of any kind holds, whatever clients ask, whatever goes wrong, in whatever order", () => {
    const trials = clusters().chain((cluster) =>
      fc.record({
        of: workloads(cluster, {until: "1s"}),
        seed: seeds(),
        faults: faultPlans(cluster, {until: "1s"}),
        schedule: schedules({until: "1s"}),
      }),
    );
    fc.assert(
      fc.property(trials, (trial) => {
        expect(trial).toHold();
      }),
      cheap,
    );
  });

  it("clusters shrink to one member and client with the profile's settings, workloads to one load, schedules to time", () => {
    // None holds, so the last one that is tried is the smallest.
    const smallest = <T>(drawn: fc.Arbitrary<T>): T | undefined => {
      const tried: T[] = [];
      const never = fc.property(drawn, (value) => {
        tried.push(value);
        return false;
      });
      void fc.check(never, {seed: 1});
      return tried.at(-1);
    };
    expect(smallest(clusters())).toEqual({members: 1, clients: 1, profile: "teaching"});
    expect(smallest(workloads({clients: 2}))?.run.load).toMatchObject([
      {load: "registers", by: {length: 1}, keys: 1},
    ]);
    expect(smallest(schedules())).toEqual({kind: "time"});
  });

  it("draws every kind of schedule and load", () => {
    const kinds = fc.sample(schedules(), {seed: 1, numRuns: 60}).map(({kind}) => kind);
    expect(new Set(kinds)).toEqual(new Set(["time", "random", "pct", "delay"]));
    const loads = fc.sample(workloads({}), {seed: 1, numRuns: 100}).flatMap(({run: {load = []}}) => load);
    expect(new Set(loads.map(({load}) => load))).toEqual(new Set(loadNames));
  });

  it.each([
    [() => schedules({until: "5"}), 'options.until: found "5", expected a time such as "800ms"'],
    [() => workloads({}, {until: "0s"}), 'options.until: found "0s", expected a time'],
    [() => workloads({members: 0}), "cluster.members: found 0, expected"],
  ])("refuses in one line what is no time or cluster", (call, says) => {
    expect(call).toThrow(says);
  });
});

describe("clientCommands", () => {
  const calls = fc.commands(clientCommands(), {maxCommands: 12});
  const asks =
    (some: Iterable<ClientCommand>): Program =>
    ({client}) =>
      fc.asyncModelRun(() => ({model: nothingSeen(), real: client}), some);

  it("ask a cluster under faults, from two clients, and what etcd promises holds", async () => {
    const faultsOf = faultPlans({}, {until: "1s"});
    const property = fc.asyncProperty(calls, calls, faultsOf, seeds(), async (one, two, faults, seed) => {
      await simulate({seed, faults}, {c1: asks(one), c2: asks(two)});
    });
    await fc.assert(property, {seed: 7, numRuns: 15});
  });

  it("reach every kind of request, and shrink to the calls that matter", async () => {
    const kinds = new Set<string>();
    const asked = fc.asyncProperty(calls, seeds(), async (some, seed) => {
      const {operations} = await simulate({seed, clients: 1}, asks(some));
      for (const {request} of operations) kinds.add(request.kind);
    });
    await fc.assert(asked, {seed: 3, numRuns: 30});
    expect([...kinds].toSorted()).toEqual([
      "compact",
      "deleteRange",
      "leaseGrant",
      "leaseRevoke",
      "put",
      "range",
      "txn",
    ]);
    const undeleted = fc.asyncProperty(calls, seeds(), async (some, seed) => {
      const {operations} = await simulate({seed, clients: 1}, asks(some));
      expect(operations.some(({request: {kind}}) => kind === "deleteRange")).toBe(false);
    });
    const failing = fc.assert(undeleted, {seed: 3, numRuns: 50});
    await expect(failing).rejects.toThrow(/^Counterexample: \[delete [abc] /m);
  });
});

/** What is not as it was configured. */
function wrongIn({members, pausedClients, network}: Done["view"]): readonly string[] {
  const names = members.map(({id}) => `n${id}`);
  const links = names.flatMap((from) => [...names, "c1"].map((to) => [from, to] as const));
  return [
    ...members.flatMap(({id, status, armed, slowActors, disk, clock}) => [
      ...(status === "up" ? [] : [`n${id} ${status}`]),
      ...(armed.length === 0 ? [] : [`n${id} is to crash`]),
      ...(slowActors.size === 0 ? [] : [`n${id} has slow actors`]),
      ...(disk.faults.some(({kind}) => kind === "slow") ? [`n${id} has a slow disk`] : []),
      ...(clock.rate === 1_000_000 ? [] : [`n${id} has a wrong clock`]),
    ]),
    ...pausedClients.map((client) => `${client} paused`),
    ...network.links.map(({from, to}) => `${from}→${to} is another`),
    ...network.refusals.map(([client, member]) => `${member} refuses ${client}`),
    ...links
      .filter(([from, to]) => from !== to && network.blocked(from, to))
      .map(([from, to]) => `${from}→${to} cut`),
  ];
}
