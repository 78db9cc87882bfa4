// The client of core over real gRPC, against three real members: what it does in the simulated world it does here.

import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {CallError, Live} from "../../../bin/live/live.ts";
import {bytesOfKey, textOfBytes} from "../../../core/base/key.ts";
import {apiErrors} from "../../../core/server/request.ts";
import type {Request, Response} from "../../../core/server/request.ts";
import type {WatchResult} from "../../../core/watch/watch.ts";
import {etcdVersion, startEtcd} from "../../support/etcd.ts";
import type {Etcd} from "../../support/etcd.ts";

const version = etcdVersion();

const put = (key: string, value: string): Extract<Request, {kind: "put"}> => ({
  kind: "put",
  key,
  value: bytesOfKey(value),
});

/** The values that a watch tells, until `count` of them came. */
async function values(watch: AsyncIterable<Response>, count: number): Promise<readonly string[]> {
  const told: string[] = [];
  for await (const {result} of watch) {
    for (const {kv} of (result as WatchResult).events) told.push(textOfBytes(kv.value));
    if (told.length >= count) break;
  }
  return told;
}

describe.runIf(version !== undefined)(`a client of a real etcd ${version}`, () => {
  let etcd: Etcd;
  let live: Live;
  beforeAll(async () => {
    etcd = await startEtcd(3);
    live = await Live.connect(etcd.targets);
  }, 30_000);
  afterAll(async () => {
    live.close();
    await etcd.stop();
  });

  it("puts and gets over any endpoint, and members have small numbers", async () => {
    const {header} = await live.call(put("a", "1"), {to: 1});
    expect(header.memberId).toBe(1);
    const {result} = await live.call({kind: "range", key: "a"}, {to: 3});
    expect(result).toMatchObject({
      kvs: [{key: "a", value: bytesOfKey("1"), version: 1, lease: ""}],
      count: 1,
    });
    const {result: list} = await live.call({kind: "memberList"});
    expect(list).toMatchObject({members: [{member: 1, name: "n1"}, {member: 2}, {member: 3}]});
  });

  it("throws etcd's error, which says that nothing was done", async () => {
    const refused = live.call({kind: "range", key: ""});
    await expect(refused).rejects.toThrow(CallError);
    await expect(refused).rejects.toMatchObject({outcome: "failed", error: apiErrors.emptyKey});
  });

  it("keeps 64 bits of a lease's id, also of a negative one", async () => {
    const lease = "ffffffffffffff01";
    await live.call({kind: "leaseGrant", ttl: 100, lease});
    await live.call({...put("leased", "1"), lease});
    const {result} = await live.call({kind: "leaseTimeToLive", lease, keys: true});
    expect(result).toMatchObject({lease, grantedTtl: 100, keys: ["leased"]});
    expect((await live.call({kind: "leaseKeepAlive", lease})).result).toMatchObject({lease, ttl: 100});
    expect((await live.call({kind: "leaseList"})).result).toMatchObject({leases: [lease]});
    await live.call({kind: "leaseRevoke", lease});
    expect((await live.call({kind: "leaseTimeToLive", lease})).result).toMatchObject({ttl: -1});
    expect((await live.call({kind: "range", key: "leased"})).result).toMatchObject({count: 0});
  });

  it("tells a watch's every event once and in order, though its member dies", async () => {
    const {header} = await live.call(put("w", "first"));
    const watch = values(live.watch({kind: "watchCreate", key: "w", startRevision: header.revision}), 40);
    for (let i = 1; i < 20; i++) await live.call(put("w", `${i}`));
    const endpoint = live.endpoint;
    await etcd.kill(endpoint);
    const asked = new Set(["first", ...Array.from({length: 19}, (_, i) => `${i + 1}`)]);
    for (let i = 20; asked.size < 40; i++) {
      // A put that finds the endpoint gone may have been done or not: its value is told either way, or never.
      const done = await live.call(put("w", `${i}`)).catch((error: unknown) => error as CallError);
      if (!(done instanceof CallError)) asked.add(`${i}`);
    }
    const told = await watch;
    // One more may come with the last of them: a put that was done though its call was not answered.
    expect(told.length).toBeGreaterThanOrEqual(40);
    expect(new Set(told).size).toBe(told.length);
    expect(told.slice(0, 20)).toEqual([...asked].slice(0, 20));
    expect(told.map((value) => (value === "first" ? 0 : Number(value)))).toEqual(
      told.map((value) => (value === "first" ? 0 : Number(value))).toSorted((a, b) => a - b),
    );
    await etcd.restart(endpoint);
  });

  it("closes while a watch and a call wait, which are over then, and opens nothing again", async () => {
    const other = await Live.connect(etcd.targets);
    const watch = other.watch({kind: "watchCreate", key: "never"});
    expect((await watch.next()).value?.result).toMatchObject({created: true});
    const [next, call] = [watch.next(), other.call({kind: "range", key: "a"})];
    other.close();
    await expect(next).rejects.toMatchObject({outcome: "unknown"});
    await expect(call).rejects.toMatchObject({outcome: "unknown"});
    expect(() => other.cancel(1)).not.toThrow();
  });

  it("reads from another member when the first one is gone", async () => {
    const endpoint = live.endpoint;
    await etcd.kill(endpoint);
    const {header} = await live.call({kind: "range", key: "a"});
    expect(header.memberId).not.toBe(endpoint);
    expect(live.endpoint).not.toBe(endpoint);
    await etcd.restart(endpoint);
  });

  it("runs recipes: holders of one lock follow each other, and none is lost", async () => {
    const clients = await Promise.all([1, 2, 3].map(async () => Live.connect(etcd.targets)));
    const counted = clients.flatMap((client) =>
      Array.from({length: 4}, async () =>
        client.recipe({kind: "critical", name: "lock", key: "count", fenced: true}),
      ),
    );
    const results = (await Promise.all(counted)).map(({outcome}) => {
      if (outcome.kind !== "done" || outcome.result.kind !== "critical")
        throw new Error(JSON.stringify(outcome));
      return outcome.result;
    });
    expect(results.map(({wrote}) => wrote).toSorted((a = 0, b = 0) => a - b)).toEqual(
      Array.from({length: 12}, (_, i) => i + 1),
    );
    // Who got the lock later has the later token.
    const byToken = results.toSorted((a, b) => a.token - b.token);
    expect(byToken.map(({wrote}) => wrote)).toEqual(byToken.map((_, i) => i + 1));
    for (const client of clients) client.close();
  });

  it("runs recipes: a leader is followed by who campaigned next, once it resigns", async () => {
    const [one, other] = await Promise.all([Live.connect(etcd.targets), Live.connect(etcd.targets)]);
    const first = await one.recipe({kind: "campaign", name: "e", value: bytesOfKey("one")});
    expect(first.outcome).toMatchObject({kind: "done", result: {kind: "campaign"}});
    const second = other.recipe({kind: "campaign", name: "e", value: bytesOfKey("other")});
    const leader = async (): Promise<unknown> => (await one.recipe({kind: "leader", name: "e"})).outcome;
    expect(await leader()).toMatchObject({result: {value: bytesOfKey("one")}});
    await one.recipe({kind: "resign", of: first.call});
    expect((await second).outcome).toMatchObject({kind: "done"});
    expect(await leader()).toMatchObject({result: {value: bytesOfKey("other")}});
    for (const client of [one, other]) client.close();
  });

  it("runs recipes: transactions that add to one key add up", async () => {
    const clients = await Promise.all([1, 2].map(async () => Live.connect(etcd.targets)));
    const add = {kind: "stm", ops: [{kind: "add", key: "sum", by: 3}]} as const;
    const done = await Promise.all(clients.flatMap((client) => [client.recipe(add), client.recipe(add)]));
    expect(done.map(({outcome}) => outcome.kind)).toEqual(["done", "done", "done", "done"]);
    const {result} = await live.call({kind: "range", key: "sum"});
    expect(result).toMatchObject({kvs: [{value: bytesOfKey("12")}]});
    for (const client of clients) client.close();
  });
});
