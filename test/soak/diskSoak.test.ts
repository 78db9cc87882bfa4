// The committed results of the soak of whole clusters, and a part of it played again.

import {describe, expect, inject, it} from "vitest";
import {aboutUsers} from "../../sim/check/standard.ts";
import {betrayalKinds} from "../../sim/fault/damage.ts";
import {disks} from "./disks/disks.ts";
import type {DisksResults} from "./disks/disks.ts";
import {diskChecks, disksZeros, noDisksPlayed, playBetrayal, playDisks} from "./disks/play.ts";
import {diskFeatures, rareFeatures} from "./disks/tally.ts";
import {Luck} from "./luck.ts";
import {readResults} from "./results.ts";

const promises = ["Durable Term", "Durable Vote", "Durable Log", "Durable Answers"];

/** What may be seen to be broken before any promise is: what Raft guarantees of logs and leaders, and what clients see. */
const safety = [
  "Election Safety",
  "Leader Append-Only",
  "Log Matching",
  "Leader Completeness",
  "State Machine Safety",
  "Quorum Log",
  "More Up To Date",
  "Committed Is Durable",
  "Linearizability",
];

const drawn = 20;

/** Milliseconds; about ten seconds of one core. */
const timeout = 120_000;

const results = readResults<DisksResults>(disks.file);

function present(): DisksResults {
  if (results === undefined) throw new Error(`${disks.file} is absent: npm run soak -- disks`);
  return results;
}

/** Whether it comes twice in a run or more, and not many times in few runs. */
function isFrequent(name: string): boolean {
  if (name.startsWith("pausedAt/")) return false;
  const {features, checks, runs} = present();
  return (features[name] ?? checks[name] ?? 0) > 2 * runs;
}

/** Whether the results are of the code as it is now. */
const isCurrent = results?.codeHash === disks.hash();

describe("the committed results", () => {
  it("are of at least 1,000 runs, in which everything was exercised and nothing broken or left undecided", () => {
    const {runs, seeds, events, violations, undecided, features, checks, traces} = present();
    expect(runs).toBeGreaterThanOrEqual(1000);
    expect(runs).toBe(seeds[1] - seeds[0]);
    expect(traces.length).toBe(runs);
    expect(events).toBeGreaterThan(5000 * runs);
    expect(violations).toEqual([]);
    expect(undecided).toEqual([]);
    expect(disksZeros(present())).toEqual([]);
    expect(Object.keys(features)).toEqual([...diskFeatures]);
    expect(Object.keys(checks)).toEqual(diskChecks().map(({name}) => name));
  });

  it.each(betrayalKinds)("say which promise a disk breaks that betrays one member (%s)", (kind) => {
    const {seeds, struck, caught} = present().betrayals[kind];
    expect(struck).toBeGreaterThan(seeds / 2);
    const first = Object.keys(caught).filter((check) => (caught[check]?.first ?? 0) > 0);
    expect(first.filter((check) => ![...promises, ...safety].includes(check))).toEqual([]);
    expect(first.some((check) => promises.includes(check))).toBe(true);
  });
});

describe("played again,", () => {
  const luck = new Luck();
  luck.begin(inject("seed"), 0);
  const seeds = Array.from({length: drawn}, () => luck.below(1000));

  it(
    `${drawn} runs break nothing, exercise what is not rare, and come out the same if the code is`,
    () => {
      const played = playDisks(seeds, false);
      expect(played.violations).toEqual([]);
      expect(disksZeros(played).filter(isFrequent)).toEqual([]);
      if (isCurrent) expect(played.traces).toEqual(seeds.map((seed) => present().traces[seed]));
    },
    timeout,
  );

  it.runIf(isCurrent).each(betrayalKinds)(
    "a betrayal breaks the same promises (%s)",
    (kind) => {
      const {caught} = present().betrayals[kind];
      const examples = promises.flatMap((check) => caught[check]?.example ?? []);
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples)
        expect(playBetrayal(example.seed, kind).caught[example.check]?.example).toEqual(example);
    },
    timeout,
  );
});

it("a soak of nothing exercised nothing", () => {
  const {features, checks} = noDisksPlayed;
  const aside = [...rareFeatures, ...aboutUsers];
  const idle = Object.keys({...features, ...checks}).filter((name) => !aside.includes(name));
  expect(disksZeros(noDisksPlayed)).toEqual(idle);
});
