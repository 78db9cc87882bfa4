// Keys, transactions, leases and compaction: whatever is asked, ours answers as a real etcd does.

import fc from "fast-check";
import {afterAll, beforeAll, describe, inject, it} from "vitest";
import {etcdVersion} from "../support/etcd.ts";
import {agree} from "./history.ts";
import {Pair} from "./pair.ts";
import type {Asked} from "./pair.ts";
import {compactions, deletes, leaseRequests, puts, ranges, txns} from "./requests.ts";

const version = etcdVersion();

const requests: fc.Arbitrary<Asked> = fc.oneof(
  {weight: 6, arbitrary: puts},
  {weight: 4, arbitrary: ranges},
  {weight: 2, arbitrary: deletes},
  {weight: 8, arbitrary: txns},
  {weight: 1, arbitrary: compactions},
  {weight: 4, arbitrary: leaseRequests as fc.Arbitrary<Asked>},
);

/** Two histories go on at a time, each beside an etcd of its own: while one waits the other asks. */
const lanes = [0, 1];
const numRuns = 200;

describe.runIf(version !== undefined)(`beside etcd ${version}`, () => {
  const pairs: Pair[] = [];
  beforeAll(async () => {
    pairs.push(...(await Promise.all(lanes.map(async () => Pair.start()))));
  }, 30_000);
  afterAll(async () => {
    const asked = pairs.reduce((sum, {requests: count}) => sum + count, 0);
    const operations = pairs.reduce((sum, pair) => sum + pair.operations, 0);
    console.info(`compared with etcd ${version}: ${asked} requests, ${operations} operations in them`);
    await Promise.all(pairs.map(async (pair) => pair.stop()));
  });

  it.concurrent.each(lanes)(
    "every request of a drawn history has the same answer (lane %i)",
    async (lane) => {
      const pair = pairs[lane];
      if (pair === undefined) throw new Error("its pair did not start");
      await fc.assert(
        fc.asyncProperty(fc.array(requests, {minLength: 1, maxLength: 60, size: "max"}), async (history) =>
          agree(pair, history),
        ),
        {numRuns, seed: inject("seed") + lane},
      );
    },
    120_000,
  );
});
