// The store's hash: equal histories make equal bytes, revision by revision, in ours and in a real etcd.

import fc from "fast-check";
import {afterAll, beforeAll, describe, expect, inject, it} from "vitest";
import type {HashKvRequest} from "../../core/mvcc/kv.ts";
import {etcdVersion} from "../support/etcd.ts";
import {disagreement} from "./agreement.ts";
import {isHashOfCompacted} from "./differences.ts";
import {report, step} from "./history.ts";
import {at, relative} from "./moment.ts";
import {Pair} from "./pair.ts";
import {compactions, deletes, leaseRequests, puts, txns} from "./requests.ts";
import type {Asked} from "./pair.ts";

const version = etcdVersion();

const writes: fc.Arbitrary<Asked> = fc.oneof(
  {weight: 4, arbitrary: puts},
  {weight: 2, arbitrary: deletes},
  {weight: 3, arbitrary: txns},
  {weight: 1, arbitrary: leaseRequests as fc.Arbitrary<Asked>},
  {weight: 1, arbitrary: compactions},
);

const hashes: fc.Arbitrary<HashKvRequest> = fc.record({
  kind: fc.constant("hashKv" as const),
  revision: fc.oneof(
    fc.constant(0),
    fc.integer({min: relative.next, max: relative.oldest}),
    fc.integer({min: relative.compacted - 1, max: relative.compacted + 1}),
  ),
});

describe.runIf(version !== undefined)(`beside etcd ${version}`, () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await Pair.start();
  }, 30_000);
  afterAll(async () => pair.stop());

  // One history without an end: a failure spoils it for all that would come after, so nothing is shrunk.
  it("the hash of a history is the same at each of its revisions", async () => {
    const compared = new Set<number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(writes, {maxLength: 12, size: "max"}),
        fc.array(hashes, {maxLength: 4}),
        async (drawn, asked) => {
          const all = [...drawn, ...asked];
          for (const one of all) {
            const difference =
              one.kind === "hashKv" ? await hashDiffers(pair, one, compared) : await step(pair, one);
            if (difference !== undefined) throw new Error(report(pair, all, difference));
          }
        },
      ),
      {numRuns: 100, seed: inject("seed"), endOnFailure: true},
    );
    expect(compared.size).toBeGreaterThan(50);
  }, 60_000);

  it("the hash right after a compaction at the current revision is the same", async () => {
    const compared = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fc.array(writes, {minLength: 1, maxLength: 12, size: "max"}), async (drawn) => {
        for (const one of drawn) {
          const difference = await step(pair, one);
          if (difference !== undefined) throw new Error(report(pair, drawn, difference));
        }
        // Refused by both where the drawn history was compacted there already.
        await pair.ask({kind: "compact", revision: pair.moment.current, physical: true});
        const difference = await hashDiffers(pair, {kind: "hashKv"}, compared);
        if (difference !== undefined) throw new Error(report(pair, drawn, difference));
      }),
      {numRuns: 40, seed: inject("seed"), endOnFailure: true},
    );
    expect(compared.size).toBeGreaterThan(20);
  }, 60_000);
});

/** What differs but for the revision that was hashed, which 3.4 does not tell. */
async function hashDiffers(
  pair: Pair,
  drawn: HashKvRequest,
  compared: Set<number>,
): Promise<string | undefined> {
  const request = at(pair.moment, drawn);
  const {ours, real} = await pair.ask(request);
  if (isHashOfCompacted(request, ours, real)) return undefined;
  if (ours.result.kind !== "hashKv" || real.result.kind !== "hashKv")
    return disagreement(request, {ours, real});
  compared.add(ours.result.hash);
  const result = {...real.result, hashRevision: ours.result.hashRevision};
  return disagreement(request, {ours, real: {...real, result}});
}
