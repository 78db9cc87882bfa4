// A small controller: it lists what is wanted, makes it so, and watches for what changes. One that watches from now on misses what
// changed while it was busy with its list; the test finds that, without any fault. One that watches from its list's revision on
// misses nothing, whatever goes wrong. Installed, the imports are "etcdscope" and "etcdscope/test".

import fc from "fast-check";
import {expect, it} from "vitest";
import {EtcdError, simulate} from "../bin/lib.ts";
import type {Client, Cluster, Intervention, Program} from "../bin/lib.ts";
import {faultPlans, seeds} from "../bin/libTest.ts";

/** In milliseconds: the controller starts, faults end at 2 s, nobody wants anything new, and the controller stops. */
const [started, wanted, controlled] = [1000, 2500, 4000];

/** Where to watch from, after a list of that revision; absent: from now on. */
type From = (revision: number) => {readonly revision?: number};

async function all(client: Client, prefix: string): Promise<Map<string, string>> {
  const {kvs} = await client.get(prefix, {prefix: true});
  return new Map(kvs.map(({key, value}) => [key.slice(prefix.length), value]));
}

/** Everything as it is wanted; the revision of which that is true. */
async function listed(client: Client): Promise<number> {
  const have = await all(client, "have/");
  const {kvs, revision} = await client.get("want/", {prefix: true});
  const want = new Map(kvs.map(({key, value}) => [key.slice("want/".length), value]));
  for (const [name, value] of want) if (have.get(name) !== value) await client.put(`have/${name}`, value);
  for (const name of have.keys()) if (!want.has(name)) await client.delete(`have/${name}`);
  return revision;
}

function controller(from: From): Program {
  return async ({client, clock}) => {
    await clock.sleep(started);
    while (clock.now() < controlled) {
      try {
        const revision = await listed(client);
        const watch = client.watch("want/", {prefix: true, ...from(revision)});
        void clock.sleep(controlled - clock.now()).then(() => watch.cancel());
        for await (const {events} of watch) {
          for (const {type, kv} of events) {
            const key = kv.key.replace("want/", "have/");
            if (type === "put") await client.put(key, kv.value);
            else await client.delete(key);
          }
        }
      } catch (error) {
        // The cluster was not there for us: list again.
        if (!(error instanceof EtcdError)) throw error;
      }
    }
  };
}

/** Wants this and that. */
const person: Program = async ({client, clock, random}) => {
  while (clock.now() < wanted) {
    const key = `want/${random(30)}`;
    try {
      if (random(3) === 0) await client.delete(key);
      else await client.put(key, `${random(100)}`);
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
    }
    await clock.sleep(random(100));
  }
};

const afterwards: Program = async ({client}) => {
  expect(await all(client, "have/")).toEqual(await all(client, "want/"));
};

const cluster: Cluster = {members: 3, clients: 2};
const faultsOf = faultPlans(cluster, {until: "2s", kinds: ["crash", "split", "pause"]});

function controls(from: From, faultsOf: fc.Arbitrary<readonly Intervention[]>): fc.IAsyncProperty<unknown> {
  return fc.asyncProperty(faultsOf, seeds(), async (faults, seed) => {
    await simulate({...cluster, seed, faults}, {c1: controller(from), c2: person, afterwards});
  });
}

const bounds = {seed: 1, numRuns: 10} as const;

it("a controller that watches from now on misses what changed while it was busy, without any fault", async () => {
  const fromNowOn = controls(() => ({}), fc.constant([]));
  const {errorInstance} = await fc.check(fromNowOn, bounds);
  expect(String(errorInstance)).toMatch(
    /does not hold: Program afterwards\n.*program afterwards failed: expected Map/,
  );
});

it("a controller that watches from its list's revision on misses nothing", async () => {
  const fromThere = controls((revision) => ({revision: revision + 1}), faultsOf);
  await fc.assert(fromThere, bounds);
});
