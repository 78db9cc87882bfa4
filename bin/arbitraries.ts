// What a run is made of, as fast-check arbitraries: seeds, clusters, what clients ask, who decides the order of events. Each
// shrinks as the world does: to fewer members, clients and questions, to the profile's own settings, to time's order.

import fc from "fast-check";
import type {Load, Scenario} from "../scenarios/format.ts";
import type {Schedule} from "../sim/schedule/schedule.ts";
import {loadNames} from "../sim/workload/loads.ts";
import type {LoadName} from "../sim/workload/loads.ts";
import {scenarioFor, scenarioOn} from "./cluster.ts";
import type {Cluster} from "./cluster.ts";
import {refuse} from "./given.ts";
import {problemOfKeys} from "./refuse.ts";
import {untilOf} from "./until.ts";
import type {UntilOptions} from "./until.ts";

/** Seeds as text. They do not shrink: another seed is another run, not a smaller one. */
export function seeds(): fc.Arbitrary<string> {
  return fc.noShrink(fc.integer({min: 0, max: 0x7fffffff})).map(String);
}

/** Clusters of one to five members and one to three clients. */
export function clusters(): fc.Arbitrary<Cluster> {
  const absent = {requiredKeys: []};
  return fc.record(
    {
      members: fc.integer({min: 1, max: 5}),
      clients: fc.integer({min: 1, max: 3}),
      profile: fc.constantFrom("teaching", "datacentre", "wan"),
      raft: fc.record(
        {
          preVote: fc.boolean(),
          checkQuorum: fc.boolean(),
          inflightMax: fc.constantFrom(256, 16, 1),
          messageBytesMax: fc.constantFrom(65_536, 512, 1),
          snapshotEvery: fc.constantFrom(0, 100, 10),
        },
        absent,
      ),
      store: fc.record(
        {
          compactionBatch: fc.constantFrom(1000, 10, 1),
          leaseCheckEvery: fc.constantFrom("500ms", "100ms"),
          watchChannelMax: fc.constantFrom(128, 2),
        },
        absent,
      ),
      network: fc.record({reorder: fc.boolean(), lossPerMillion: fc.constantFrom(0, 10_000)}, absent),
    },
    {requiredKeys: ["members", "clients", "profile"]},
  );
}

/** Scenarios in which a cluster's clients ask, each one to three loads (`etcdscope/sim/workload`), and then nothing for a second. */
export function workloads(cluster: Cluster, options: UntilOptions = {}): fc.Arbitrary<Scenario> {
  refuse(problemOfKeys(options, ["until"], "options"));
  untilOf(options);
  const {until = "2s"} = options;
  const {clients = 3} = scenarioFor(cluster).run.config;
  const names = Array.from({length: clients}, (_, i) => `c${i + 1}`);
  const load = fc.record({
    load: fc.constantFrom(...loadNames),
    by: fc.subarray(names, {minLength: 1}),
    keys: fc.integer({min: 1, max: 10}),
  });
  const loads = fc.uniqueArray(load, {minLength: 1, maxLength: 3, selector: (one) => one.load});
  return loads.map((some) => asking(cluster, some, until));
}

interface DrawnLoad {
  readonly load: LoadName;
  readonly by: readonly string[];
  readonly keys: number;
}

function asking(cluster: Cluster, drawn: readonly DrawnLoad[], until: string): Scenario {
  const load = drawn.map((one): Load => ({...one, until: {step: "enough"}}));
  return scenarioOn(
    cluster,
    {
      id: "workload",
      title: {en: "Clients ask a cluster", zh: "客户端请求集群"},
      load,
      steps: [
        {id: "enough", at: until, wait: true},
        {id: "end", after: "1s", wait: true},
      ],
      until: {step: "end"},
    },
    "cluster",
  );
}

/** Who decides the order of events: time, or a scheduler that lets events overtake each other, until a time. Shrinks to time. */
export function schedules(options: UntilOptions = {}): fc.Arbitrary<Schedule> {
  refuse(problemOfKeys(options, ["until"], "options"));
  const until = fc.constant(untilOf(options));
  const [seed, window] = [seeds(), fc.constantFrom(1000, 5000, 20_000)];
  const steps = fc.constant(10_000);
  return fc.oneof(
    {withCrossShrink: true},
    fc.record({kind: fc.constant("time" as const)}),
    fc.record({kind: fc.constant("random" as const), seed, window, until}),
    fc.record({
      kind: fc.constant("pct" as const),
      seed,
      depth: fc.integer({min: 1, max: 5}),
      steps,
      window,
      until,
    }),
    fc.record({
      kind: fc.constant("delay" as const),
      seed,
      delays: fc.integer({min: 1, max: 512}),
      steps,
      window,
      until,
    }),
  );
}
