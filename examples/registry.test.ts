// A service registry: whoever serves keeps its address under a lease, whoever calls lists and watches. When servers stop, or stand
// still for longer than a lease lives, their addresses go; callers know. Installed, the imports are "etcdscope" and "etcdscope/test".

import fc from "fast-check";
import {expect, it} from "vitest";
import {EtcdError, simulate} from "../bin/lib.ts";
import type {Cluster, Program} from "../bin/lib.ts";
import {faultPlans, seeds} from "../bin/libTest.ts";

/** In milliseconds: faults end at 3 s, servers stop, and callers stop when every lease has run out. */
const [served, called] = [4000, 8000];

/** Keeps an address there, under a new lease whenever the old one is gone. */
function server(name: string): Program {
  return async ({client, clock}) => {
    let lease = "";
    while (clock.now() < served) {
      try {
        if (lease === "" || (await client.keepAlive(lease)) === 0) {
          ({lease} = await client.grant(1));
          await client.put(`services/${name}`, `${name}.example:80`, {lease});
        }
      } catch (error) {
        if (!(error instanceof EtcdError)) throw error;
        lease = "";
      }
      await clock.sleep(200);
    }
  };
}

/** Lists, and watches from there. `seen` is told every address that was known at some time. */
function caller(known: Map<string, string>, seen: Set<string>): Program {
  const learn = (name: string, address: string): void => {
    known.set(name, address);
    seen.add(address);
  };
  return async ({client, clock}) => {
    while (clock.now() < called) {
      try {
        const {kvs, revision} = await client.get("services/", {prefix: true});
        known.clear();
        for (const {key, value} of kvs) learn(key, value);
        const watch = client.watch("services/", {prefix: true, revision: revision + 1});
        void clock.sleep(called - clock.now()).then(() => watch.cancel());
        for await (const {events} of watch) {
          for (const {type, kv} of events) {
            if (type === "put") learn(kv.key, kv.value);
            else known.delete(kv.key);
          }
        }
      } catch (error) {
        // The cluster was not there for us: list again.
        if (!(error instanceof EtcdError)) throw error;
      }
    }
  };
}

const cluster: Cluster = {
  members: 3,
  clients: 3,
  raft: {checkQuorum: true},
  store: {leaseCheckEvery: "100ms"},
};
const faultsOf = faultPlans(cluster, {until: "3s", kinds: ["crash", "split", "pause", "pauseClient"]});

it("callers come to know every server, and forget those that are gone", async () => {
  const property = fc.asyncProperty(faultsOf, seeds(), async (faults, seed) => {
    const [known, seen] = [new Map<string, string>(), new Set<string>()];
    await simulate({...cluster, seed, faults}, {c1: server("a"), c2: server("b"), c3: caller(known, seen)});
    expect([...seen].toSorted()).toEqual(["a.example:80", "b.example:80"]);
    expect([...known]).toEqual([]);
  });
  await fc.assert(property, {seed: 1, numRuns: 10});
});
