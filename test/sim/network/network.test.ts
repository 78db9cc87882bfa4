// What a link does to messages by itself: the two values that each draws, the parts of luck, the queue before a narrow link.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import type {Hash} from "../../../core/base/hasher.ts";
import {Network} from "../../../sim/network/network.ts";
import {chanceOf} from "../../../sim/network/quality.ts";
import type {LinkQuality} from "../../../sim/network/quality.ts";
import {resolve} from "../../../sim/profile.ts";
import type {Settings} from "../../../sim/profile.ts";
import {Draws} from "../../../sim/random.ts";

const [n1, n2, n3, c1] = [0, 1, 2, 3];
const second = 1_000_000;

function networkOf(settings: Partial<Settings> = {}): Network {
  return new Network(resolve({members: 3, clients: 1, ...settings}), ["n1", "n2", "n3", "c1"]);
}

function digestOf(network: Network, now = 0): Hash {
  const into = new Hasher();
  network.digest(into, now);
  return into.hash();
}

/** What becomes of the first messages from n1 to n2. */
function fates(set: Partial<LinkQuality>, count = 400): readonly ReturnType<Network["travel"]>[] {
  const network = networkOf({network: {peerLatency: {least: 1000, most: 2000}}});
  network.setLink(n1, n2, set);
  const draws = new Draws("3");
  return Array.from({length: count}, () => network.travel(draws, n1, n2, "Heartbeat"));
}

describe("luck", () => {
  it("falls into parts that lie side by side, and into none beyond them", () => {
    const quality = {lossPerMillion: 10, duplicatePerMillion: 20, reorderPerMillion: 30};
    const found = [0, 9, 10, 29, 30, 59, 60, 999_999].map((luck) => chanceOf(luck, quality));
    expect(found).toEqual([
      "lost",
      "lost",
      "duplicated",
      "duplicated",
      "reordered",
      "reordered",
      undefined,
      undefined,
    ]);
  });

  it("is moved by nothing that is set: a link that loses more loses the same messages and more", () => {
    const lost = (lossPerMillion: number): ReadonlySet<number> =>
      new Set(fates({lossPerMillion}).flatMap(({chance}, i) => (chance === "lost" ? [i] : [])));
    const [few, many] = [lost(100_000), lost(300_000)];
    expect(few.size).toBeGreaterThan(20);
    expect(many.size).toBeGreaterThan(few.size + 40);
    expect([...few].every((one) => many.has(one))).toBe(true);
  });

  it("and latency are two values for each message, whatever becomes of it", () => {
    const plain = fates({}).map(({latency}) => latency);
    const all = fates({lossPerMillion: 200_000, duplicatePerMillion: 200_000, reorderPerMillion: 200_000});
    expect(new Set(all.map(({chance}) => chance)).size).toBe(4);
    // What is reordered takes twice the time.
    const drawn = all.map(({latency, chance}) => (chance === "reordered" ? latency / 2 : latency));
    expect(drawn).toEqual(plain);
  });
});

describe("a link", () => {
  it("is treated by itself: one way, and only by what was set", () => {
    const network = networkOf();
    network.setLink(n1, n2, {lossPerMillion: 7});
    network.setLink(n1, n2, {latency: {least: 5, most: 5}});
    expect(network.quality(n1, n2)).toEqual({
      latency: {least: 5, most: 5},
      lossPerMillion: 7,
      duplicatePerMillion: 0,
      reorderPerMillion: 0,
      bytesPerSecond: 0,
      queueBytes: 0,
    });
    for (const [from, to] of [
      [n2, n1],
      [n1, n3],
      [n1, c1],
    ] as const)
      expect(network.quality(from, to)).toEqual(networkOf().quality(from, to));
    network.resetLink(n1, n2);
    expect(network.quality(n1, n2)).toEqual(networkOf().quality(n1, n2));
    expect(digestOf(network)).toBe(digestOf(networkOf()));
  });

  it("that says nothing of loss has the loss between members that is in force", () => {
    const network = networkOf();
    network.setLink(n1, n2, {bytesPerSecond: 5});
    network.lose(300);
    expect(network.quality(n1, n2).lossPerMillion).toBe(300);
    expect(network.quality(n1, c1).lossPerMillion).toBe(0);
  });

  it("tells who looks what was set, and shows it in its digest however it was set", () => {
    const [one, other] = [networkOf(), networkOf()];
    one.setLink(n1, n2, {lossPerMillion: 7, queueBytes: 9});
    other.setLink(n1, n2, {queueBytes: 9});
    other.setLink(n1, n2, {lossPerMillion: 7});
    expect(one.links).toEqual([{from: "n1", to: "n2", set: {lossPerMillion: 7, queueBytes: 9}}]);
    expect(digestOf(other)).toBe(digestOf(one));
    other.setLink(n1, n2, {lossPerMillion: 8});
    expect(digestOf(other)).not.toBe(digestOf(one));
  });
});

describe("a narrow link", () => {
  function narrow(bytesPerSecond: number, queueBytes = 0): Network {
    const network = networkOf();
    network.setLink(n1, n2, {bytesPerSecond, queueBytes});
    return network;
  }

  it("is busy until the last byte of all that it was given has left", () => {
    const network = narrow(1000);
    expect(network.leave(n1, n2, 0, 500)).toBe(second / 2);
    expect(network.leave(n1, n2, 0, 250)).toBe((second * 3) / 4);
    expect(network.leave(n1, n2, 100, 250)).toBe(second);
    expect(network.leave(n1, n2, 3 * second, 1)).toBe(3 * second + 1000);
  });

  it("lets what takes no bytes leave behind what was given before, whatever the queue", () => {
    const network = narrow(1000, 400);
    expect(network.leave(n1, n2, 0, 400)).toBe((second * 2) / 5);
    expect(network.leave(n1, n2, 10, 0)).toBe((second * 2) / 5);
  });

  it("has no room beyond its queue, and has it again as bytes leave", () => {
    const network = narrow(1000, 1000);
    expect(network.leave(n1, n2, 0, 1000)).toBe(second);
    expect(network.leave(n1, n2, 0, 1)).toBeUndefined();
    expect(network.leave(n1, n2, second / 10, 101)).toBeUndefined();
    expect(network.leave(n1, n2, second / 10, 100)).toBe((second * 11) / 10);
    // What is larger than the queue never passes.
    expect(network.leave(n1, n2, 9 * second, 1001)).toBeUndefined();
  });

  it("is never ahead of its bandwidth and never idle while something waits, for all that it may be asked", () => {
    const sent = fc.record({after: fc.nat(10 * second), bytes: fc.integer({min: 1, max: 1_000_000})});
    fc.assert(
      fc.property(fc.integer({min: 1, max: 1_000_000_000}), fc.array(sent, {maxLength: 20}), (rate, list) => {
        const network = narrow(rate);
        let [now, free] = [0n, 0n];
        for (const {after, bytes} of list) {
          now += BigInt(after);
          const start = free > now ? free : now;
          free = start + (BigInt(bytes) * 1_000_000n + BigInt(rate) - 1n) / BigInt(rate);
          expect(network.leave(n1, n2, Number(now), bytes)).toBe(Number(free));
        }
      }),
    );
  });

  it("counts its backlog in its digest from now, and a fork has its own", () => {
    const network = narrow(1000);
    const idle = digestOf(network, 5);
    const twin = network.fork();
    network.leave(n1, n2, 5, 100);
    expect(digestOf(network, 5)).not.toBe(idle);
    expect(digestOf(twin, 5)).toBe(idle);
    expect(digestOf(network, 5 + second)).toBe(idle);
    twin.leave(n1, n2, 1005, 100);
    expect(digestOf(twin, 1005)).toBe(digestOf(network, 5));
  });
});

describe("regions", () => {
  const far = {least: 70_000, most: 70_000};
  const near = {least: 500, most: 500};
  const table = {east: {east: near, west: far}, west: {west: near}};

  it("decide the latency between two that are in them, either direction of the table", () => {
    const regions = {of: {n1: "east", n2: "west", n3: "west", c1: "east"}, latency: table};
    const network = networkOf({network: {regions}});
    expect(network.latency(n1, n2)).toEqual(far);
    expect(network.latency(n2, n1)).toEqual(far);
    expect(network.latency(n2, n3)).toEqual(near);
    expect(network.latency(c1, n1)).toEqual(near);
  });

  it("are given to whom they are not named for, in turn", () => {
    const {network} = resolve({
      members: 3,
      learners: 1,
      clients: 2,
      network: {regions: {of: {n2: "east"}, latency: table}},
    });
    expect(network.regions?.of).toEqual({
      n1: "east",
      n2: "east",
      n3: "east",
      n4: "west",
      c1: "east",
      c2: "west",
    });
  });

  it("leave the ordinary latency to whoever is in none", () => {
    const config = resolve({members: 3, clients: 1});
    const regions = {of: {n1: "east", n2: "west"}, latency: table};
    const network = new Network({...config, network: {...config.network, regions}}, ["n1", "n2", "n3", "c1"]);
    expect(network.latency(n1, n2)).toEqual(far);
    expect(network.latency(n1, n3)).toEqual(config.network.peerLatency);
    expect(network.latency(c1, n1)).toEqual(config.network.clientLatency);
  });
});
