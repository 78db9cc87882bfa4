// Watches: whatever is watched and whatever happens, ours tells what a real etcd tells.

import fc from "fast-check";
import {afterAll, beforeAll, describe, expect, inject, it} from "vitest";
import {bytesOfKey} from "../../core/base/key.ts";
import type {WatchCancelRequest, WatchCreateRequest} from "../../core/watch/watch.ts";
import {etcdVersion} from "../support/etcd.ts";
import {report, step} from "./history.ts";
import {at} from "./moment.ts";
import {Pair} from "./pair.ts";
import type {Asked} from "./pair.ts";
import {compactions, deletes, leaseRequests, puts, txns, watches} from "./requests.ts";
import {Streams} from "./streams.ts";

const version = etcdVersion();

type Step = Asked | WatchCreateRequest | WatchCancelRequest;

const steps: fc.Arbitrary<Step> = fc.oneof(
  {weight: 6, arbitrary: puts},
  {weight: 3, arbitrary: deletes},
  {weight: 4, arbitrary: txns},
  {weight: 1, arbitrary: compactions},
  {weight: 2, arbitrary: leaseRequests as fc.Arbitrary<Asked>},
  {weight: 4, arbitrary: watches},
  {
    weight: 1,
    arbitrary: fc.record({kind: fc.constant("watchCancel" as const), watchId: fc.integer({min: 0, max: 7})}),
  },
);

const lanes = [0, 1, 2];
const numRuns = 40;
let streams = 1;

describe.runIf(version !== undefined)(`beside etcd ${version}`, () => {
  const pairs: Pair[] = [];
  beforeAll(async () => {
    pairs.push(...(await Promise.all(lanes.map(async () => Pair.start()))));
  }, 30_000);
  afterAll(async () => {
    const asked = pairs.reduce((sum, {requests: count}) => sum + count, 0);
    console.info(`compared with etcd ${version}: watches beside ${asked} requests`);
    await Promise.all(pairs.map(async (pair) => pair.stop()));
  });

  it.concurrent.each(lanes)(
    "the watches of a stream are told the same (lane %i)",
    async (lane) => {
      const pair = pairs[lane];
      if (pair === undefined) throw new Error("its pair did not start");
      await fc.assert(
        fc.asyncProperty(fc.array(steps, {minLength: 1, maxLength: 40, size: "max"}), async (drawn) => {
          await pair.reset();
          const both = new Streams(pair, streams++);
          try {
            await watchAlong(pair, both, drawn);
          } finally {
            both.close();
          }
        }),
        {numRuns, seed: inject("seed") + lane, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true},
      );
    },
    120_000,
  );

  it("has met every kind of event and of end", () => {
    const seen = new Set(pairs.flatMap((pair) => [...pair.seen]));
    const all = ["put", "delete", "put, with what was before", "delete, with what was before"];
    expect([...all, "canceled ", "canceled as compacted"].filter((one) => !seen.has(one))).toEqual([]);
  });
});

async function watchAlong(pair: Pair, both: Streams, drawn: readonly Step[]): Promise<void> {
  /** Keys where a watch began in the past. It may not have caught up while it has told nothing. */
  const past = new Set<string>();
  for (const [i, one] of [...drawn, "end" as const].entries()) {
    if (one === "end" || (one.kind === "compact" && past.size > 0)) {
      // A compaction meets a real watch that has caught up or one that has not: ask for a sign of life from each.
      for (const mark of marks(one === "end" ? keysOf(drawn) : [...past])) {
        const difference = (await step(pair, mark)) ?? (await both.inStep());
        if (difference !== undefined) throw new Error(report(pair, [...drawn.slice(0, i), mark], difference));
      }
      past.clear();
    }
    if (one === "end") return;
    const difference = await take(pair, both, one, past);
    if (difference !== undefined) throw new Error(report(pair, drawn.slice(0, i + 1), difference));
  }
}

async function take(pair: Pair, both: Streams, drawn: Step, past: Set<string>): Promise<string | undefined> {
  if (drawn.kind === "watchCancel") return both.ask(drawn);
  if (drawn.kind === "watchCreate") {
    const request = at(pair.moment, visible(drawn));
    if (request.startRevision !== undefined) past.add(request.key);
    return both.ask(request);
  }
  const before = pair.moment.compacted;
  const difference = await step(pair, drawn);
  if (pair.moment.compacted !== before) both.compactedAt(pair.moment.compacted);
  return difference ?? both.inStep();
}

/** Of a watch that tells nothing nobody can know how far it is: it begins now. */
function visible(request: WatchCreateRequest): WatchCreateRequest {
  if (request.filters?.length !== 2) return request;
  const {startRevision: _, ...rest} = request;
  return rest;
}

/** A put and a delete that every watch from one of the keys is told of, if it is told of anything. */
function marks(keys: readonly string[]): readonly Asked[] {
  const all = [...new Set(keys.map((key) => (key === "" ? "\0" : key)))];
  if (all.length === 0) return [];
  return [
    {
      kind: "txn",
      compare: [],
      failure: [],
      success: all.map((key) => ({kind: "put", key, value: bytesOfKey("mark")})),
    },
    {kind: "txn", compare: [], failure: [], success: all.map((key) => ({kind: "deleteRange", key}))},
  ];
}

function keysOf(drawn: readonly Step[]): readonly string[] {
  return drawn.flatMap((one) => (one.kind === "watchCreate" ? [one.key] : []));
}
