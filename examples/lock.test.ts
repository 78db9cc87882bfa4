// A lock is no mutual exclusion: two workers count under one, and a worker that stands still for longer than its lease lives
// writes over the other's work. The test finds that; with the write fenced by the lock's own key it finds nothing. Whoever
// knows the worst moment can say it: at the end a holder is cut off between its read and its write. The workers are plain
// async functions, run inside the simulation. Installed, the imports are "etcdscope" and "etcdscope/test".

import fc from "fast-check";
import {expect, it} from "vitest";
import {simulate} from "../bin/lib.ts";
import type {Client, Cluster, Intervention, Program} from "../bin/lib.ts";
import {faultPlans, seeds} from "../bin/libTest.ts";

type Write = (client: Client, value: string, token: {key: string; revision: number}) => Promise<boolean>;

const plain: Write = async (client, value) => {
  await client.put("n", value);
  return true;
};

/** Only while the lock's key is the one that we made. */
const fenced: Write = async (client, value, {key, revision}) => {
  const {succeeded} = await client.txn({if: [{key, create: revision}], do: [{put: "n", value}]});
  return succeeded;
};

const cluster: Cluster = {
  members: 3,
  clients: 3,
  raft: {checkQuorum: true},
  store: {leaseCheckEvery: "100ms"},
};
const faultsOf = faultPlans(cluster, {until: "5s", kinds: ["pauseClient", "cut"]});

/** Counts under a lock; afterwards the counter must not be behind what was acknowledged. */
function counts(write: Write): fc.IAsyncProperty<[readonly Intervention[], string]> {
  return fc.asyncProperty(faultsOf, seeds(), async (faults, seed) => {
    let acknowledged = 0;
    const worker: Program = async ({client, clock, random}) => {
      for (let i = 0; i < 3; i++) {
        try {
          const lock = await client.lock("jobs", {ttl: 1});
          try {
            const {kvs} = await client.get("n");
            await clock.sleep(random(600));
            if (await write(client, `${Number(kvs[0]?.value ?? 0) + 1}`, lock)) acknowledged++;
          } finally {
            await lock.unlock();
          }
        } catch {
          // The cluster was not there for us: on to the next.
        }
      }
    };
    const afterwards: Program = async ({client, clock}) => {
      await clock.sleep(3000);
      const {kvs} = await client.get("n");
      expect(Number(kvs[0]?.value ?? 0)).toBeGreaterThanOrEqual(acknowledged);
    };
    await simulate({...cluster, seed, faults}, {c1: worker, c2: worker, c3: worker, afterwards});
  });
}

const bounds = {seed: 3, numRuns: 3} as const;

it("a plain write under a lock is lost when its holder stands still", async () => {
  const {failed, counterexample, errorInstance} = await fc.check(counts(plain), bounds);
  expect(failed).toBe(true);
  expect(String(errorInstance)).toMatch(
    /program afterwards failed: expected \d+ to be greater than or equal to \d+/,
  );
  // Made as small as it gets: one worker stands still, and goes on.
  const [faults = []] = counterexample ?? [];
  expect(faults.map(({do: {kind}}) => kind)).toEqual(["pauseClient", "resumeClient"]);
});

it("a write that asks whether the lock is still held is not", async () => {
  await fc.assert(counts(fenced), bounds);
});

/** Two count under the lock; the first is cut off while it holds it, until its lease is over and the second has counted. */
async function cutOff(write: Write): Promise<{readonly acknowledged: number; readonly counted: number}> {
  let [acknowledged, counted] = [0, 0];
  const count = async (client: Client, meanwhile?: () => Promise<void>): Promise<void> => {
    const lock = await client.lock("jobs", {ttl: 1});
    const {kvs} = await client.get("n");
    await meanwhile?.();
    if (await write(client, `${Number(kvs[0]?.value ?? 0) + 1}`, lock)) acknowledged++;
  };
  await simulate(cluster, {
    c1: ({client, clock, faults}) =>
      count(client, async () => {
        await faults.split([["c1"], ["n1", "n2", "n3"]]);
        await clock.sleep(3000);
        await faults.heal();
      }),
    c2: async ({client, clock}) => {
      await clock.sleep(1000);
      await count(client);
    },
    afterwards: async ({client}) => {
      const {kvs} = await client.get("n");
      counted = Number(kvs[0]?.value);
    },
  });
  return {acknowledged, counted};
}

it("a holder that is cut off between its read and its write loses an update, unless its write is fenced", async () => {
  expect(await cutOff(plain)).toEqual({acknowledged: 2, counted: 1});
  expect(await cutOff(fenced)).toEqual({acknowledged: 1, counted: 1});
});
