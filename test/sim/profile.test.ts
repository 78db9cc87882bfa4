// Where a run's numbers come from.

import {describe, expect, it} from "vitest";
import {profiles, resolve} from "../../sim/profile.ts";
import type {ProfileName} from "../../sim/run.ts";
import {latencyBetween, profileNames} from "../../sim/run.ts";
import {leaderOf, makeWorld, ms, put, act, runTo, until} from "./stage.ts";

describe("every profile", () => {
  it.each(profileNames)(
    "%s elects a leader and answers, within ten election timeouts",
    (profile: ProfileName) => {
      const world = makeWorld({profile});
      const {raft, clock} = world.run.config;
      until(world, "a leader", () => leaderOf(world) !== 0);
      act(world, put("c1", "x", "1"));
      until(world, "an answer", () => world.operations[0]?.outcome?.kind === "ok");
      expect(world.now).toBeLessThan(10 * raft.electionTicks * clock.tick);
    },
  );

  it("is filled in: what is not said comes from it, what is said does not", () => {
    expect(resolve({members: 3}).profile).toBe("teaching");
    const {raft, clock} = resolve({members: 3, profile: "etcd", raft: {preVote: false}});
    expect([raft.preVote, raft.checkQuorum, clock.tick]).toEqual([false, true, 100 * ms]);
  });
});

describe("the profile etcd", () => {
  it("has etcd's default timings: a tick is a heartbeat interval, an election takes ten to nineteen", () => {
    const {raft, clock} = profiles.etcd;
    expect([clock.tick, raft.heartbeatTicks, raft.electionTicks]).toEqual([100 * ms, 1, 10]);
    const world = makeWorld({profile: "etcd"});
    until(world, "a leader", () => leaderOf(world) !== 0);
    expect(world.now).toBeGreaterThan(900 * ms);
    expect(world.now).toBeLessThan(2100 * ms);
    const from = world.now;
    const beats = runTo(world, from / ms + 3000).filter(
      ({payload}) => payload.kind === "message" && payload.message.kind === "Heartbeat",
    );
    // Two followers, ten times a second.
    expect(beats.length).toBeGreaterThan(56);
    expect(beats.length).toBeLessThan(64);
  });
});

describe("the profile regions", () => {
  it("puts everybody somewhere, in turn, and has a way between any two places", () => {
    const {network} = resolve({members: 4, clients: 2, profile: "regions"});
    const {regions} = network;
    expect(regions?.of).toEqual({n1: "east", n2: "west", n3: "japan", n4: "east", c1: "east", c2: "west"});
    const places = Object.keys(regions?.latency ?? {});
    for (const from of places) {
      for (const to of places) {
        const way = regions === undefined ? undefined : latencyBetween(regions, from, to);
        expect(way?.least, `${from} ${to}`).toBeLessThanOrEqual(way?.most ?? 0);
      }
    }
  });

  it("makes an agreement as slow as the way to the nearest majority", () => {
    const world = makeWorld({profile: "regions"});
    until(world, "a leader", () => leaderOf(world) !== 0);
    runTo(world, world.now / ms + 2000);
    const records = runTo(world, world.now / ms + 3000);
    const ways = new Map<string, number>();
    for (const {payload, at} of records) {
      if (payload.kind === "message") ways.set(`${payload.from}→${payload.to}`, at - payload.sent);
    }
    const of = (a: number, b: number): number => ways.get(`${a}→${b}`) ?? ways.get(`${b}→${a}`) ?? 0;
    const seen = [of(1, 2), of(1, 3), of(2, 3)].filter((way) => way > 0);
    expect(seen.length).toBeGreaterThan(1);
    for (const [a, b, least, most] of [
      [1, 2, 60, 70],
      [1, 3, 175, 200],
      [2, 3, 175, 200],
    ] as const) {
      if (of(a, b) === 0) continue;
      expect(of(a, b)).toBeGreaterThanOrEqual(least * ms);
      expect(of(a, b)).toBeLessThanOrEqual(most * ms);
    }
  });
});
