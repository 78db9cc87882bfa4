// Keys, transactions, leases and compaction: whatever is asked, ours answers as a real etcd does.

import fc from "fast-check";
import {afterAll, beforeAll, describe, expect, inject, it} from "vitest";
import {apiErrors} from "../../core/server/request.ts";
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

  it("has met every kind of answer and every refusal that the requests can get", () => {
    const seen = new Set(pairs.flatMap((pair) => [...pair.seen]));
    const refusals = ["emptyKey", "keyNotFound", "valueProvided", "leaseProvided", "duplicateKey"] as const;
    const later = [
      "compacted",
      "futureRevision",
      "leaseNotFound",
      "leaseExists",
      "leaseTtlTooLarge",
    ] as const;
    const kinds = ["range", "put", "deleteRange", "txn", "compact"];
    const ofLeases = ["leaseGrant", "leaseRevoke", "leaseKeepAlive", "leaseTimeToLive", "leaseList"];
    const texts = [...refusals, ...later].map((name) => apiErrors[name].message);
    expect([...kinds, ...ofLeases, ...texts].filter((one) => !seen.has(one))).toEqual([]);
  });
});
