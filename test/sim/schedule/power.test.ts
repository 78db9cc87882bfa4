// What each scheduler is good for (Burckhardt et al., Figure 5): two clients race, round after round, and a bug needs one and
// the same of them to win every time. A walk that decides each race anew misses it; a priority of lanes, drawn once, does not.

import {describe, expect, it} from "vitest";
import {execute} from "../../../sim/execute.ts";
import type {Schedule} from "../../../sim/schedule/schedule.ts";
import {at, makeRun, ms, put, sound} from "../stage.ts";

const rounds = 14;
const window = 2 * ms;

/** In every round both requests are on their way at once, and time's order lets c1's arrive first. */
const run = makeRun({
  members: 1,
  clients: 2,
  until: 200 + 30 * rounds,
  network: {clientLatency: {least: 5 * ms, most: 5 * ms}},
  script: Array.from({length: rounds}, (_, i) => [
    at(i + 1, 200 + 30 * i, put("c1", "x", `${i}`)),
    at(i + 1, 200 + 30 * i, put("c2", "x", `${i}`)),
  ]).flat(),
});

/** Who won each round: "1112…". */
function winners(schedule: Schedule): string {
  let arrived = 0;
  let won = "";
  execute(run, {
    versions: sound,
    schedule,
    onEvent: ({payload}) => {
      if (payload.kind !== "request") return;
      if (arrived++ % 2 === 0) won += payload.client.slice(1);
    },
  });
  return won;
}

function foundIn(seeds: number, schedule: (seed: string) => Schedule, bug: (won: string) => boolean): number {
  let found = 0;
  for (let seed = 0; seed < seeds; seed++) if (bug(winners(schedule(`${seed}`)))) found++;
  return found;
}

const random = (seed: string): Schedule => ({kind: "random", seed, window});
const delays = (seed: string): Schedule => ({kind: "delay", seed, delays: 3, steps: 300, window});
const pct =
  (depth: number) =>
  (seed: string): Schedule => ({kind: "pct", seed, depth, steps: 300, window});

describe("a bug of depth 1: c2 wins every round", () => {
  const always = (won: string): boolean => won === "2".repeat(rounds);

  it("never happens in time's order", () => {
    expect(winners({kind: "time"})).toBe("1".repeat(rounds));
  });

  it("is found by PCT in about every other run, and missed by random and by few delays", () => {
    const found = foundIn(20, pct(1), always);
    expect(found).toBeGreaterThan(5);
    expect(found).toBeLessThan(15);
    expect(foundIn(30, random, always)).toBe(0);
    expect(foundIn(10, delays, always)).toBe(0);
  });
});

describe("a bug of depth 2: the winner changes once, in the middle", () => {
  const once = (won: string): boolean => /^(1{5,}2{5,}|2{5,}1{5,})$/.test(won) && won.length === rounds;

  it("is found by PCT with a change point, and missed with none, and by random", () => {
    expect(foundIn(40, pct(2), once)).toBeGreaterThan(0);
    expect(foundIn(10, pct(1), once)).toBe(0);
    expect(foundIn(30, random, once)).toBe(0);
  });
});

describe("one delay", () => {
  it("lets c2 win a round, and c1 all others", () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 30; seed++)
      seen.add(winners({kind: "delay", seed: `${seed}`, delays: 1, steps: 120, window}));
    for (const won of seen) expect(won.replaceAll("1", "").length).toBeLessThanOrEqual(1);
    expect(seen.size).toBeGreaterThan(1);
  });
});
