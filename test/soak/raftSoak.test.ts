// The committed results of the soak, and a part of it played again.

import {describe, expect, inject, it} from "vitest";
import {claimNames} from "../../core/raft/claims.ts";
import {Counters, features} from "./features.ts";
import {Luck} from "./luck.ts";
import {noteNames} from "./notes.ts";
import {Broken, clusterClaims} from "./observer.ts";
import {raft} from "./raft.ts";
import type {RaftResults} from "./raft.ts";
import {readResults} from "./results.ts";
import {playSchedule} from "./schedule.ts";
import {keepOf, rangesOf, shrink} from "./shrink.ts";
import {playSeeds, zeros} from "./soak.ts";

/** So rare that a part of the soak need not meet with it. */
const rare = [
  "changeOlderThanSnapshot",
  "heldUpByRemoved",
  "termRecoveredFromLog",
  "logCut/truncated",
  "receiptObsolete/mismatched",
  "snapshotNotSent/inactive",
];

describe("the committed results", () => {
  const results = readResults<RaftResults>(raft.file);

  it("are of at least 100,000 schedules of 500 events or more, in which everything was exercised and nothing broken", () => {
    if (results === undefined) throw new Error(`${raft.file} is absent: npm run soak -- --budget 30m`);
    expect(results.schedules).toBeGreaterThanOrEqual(100_000);
    expect(results.schedules).toBe(results.seeds[1] - results.seeds[0]);
    expect(results.events).toBeGreaterThan(500 * results.schedules);
    expect(results.violations).toEqual([]);
    expect(zeros(results)).toEqual([]);
    expect(results.codeHash).toMatch(/^[0-9a-f]{16}$/);
    expect(Object.keys(results.features)).toEqual([...features]);
    expect(Object.keys(results.checks)).toEqual([...clusterClaims]);
    expect(Object.keys(results.memberChecks)).toEqual([...claimNames]);
    expect(Object.keys(results.notes)).toEqual([...noteNames]);
  });

  it("come out again: 400 schedules drawn from them break nothing, and exercise all that is not rare", () => {
    const luck = new Luck();
    luck.begin(inject("seed"), 0);
    const drawn = Array.from({length: 400}, () => 256 * luck.below(400) + luck.below(256));
    const played = playSeeds(drawn, 1);
    expect(played.violations).toEqual([]);
    expect(zeros(played).filter((name) => !rare.includes(name))).toEqual([]);
  });
});

describe("a schedule", () => {
  it("is a function of its seed", () => {
    for (const seed of [3, 14, 15]) {
      const [a, b] = [0, 1].map(() => {
        const lines: string[] = [];
        const {events} = playSchedule({
          seed,
          features: new Counters(features),
          notes: {note: (note) => lines.push(JSON.stringify(note))},
        });
        return [events, ...lines];
      });
      expect(a).toEqual(b);
    }
  });

  it("that fails is made smaller, and fails alike", () => {
    const rules = {mayCommit: () => true};
    let seed = 0;
    while (shrinkable(seed, rules) === undefined) seed++;
    const shrunk = shrink(seed, {rules});
    expect(shrunk?.said).toMatch(/^leaderCommitsOfItsTerm/);
    expect(shrunk?.keep.length).toBeLessThan(250);
    const keep = keepOf(rangesOf(shrunk?.keep ?? []));
    expect(keep).toEqual(shrunk?.keep);
    expect(() => playSchedule({seed, rules, keep, features: new Counters(features)})).toThrow(shrunk?.said);
  });

  function shrinkable(seed: number, rules: {mayCommit: () => boolean}): string | undefined {
    try {
      playSchedule({seed, rules, features: new Counters(features)});
    } catch (error) {
      if (error instanceof Error && !(error instanceof Broken)) return error.message;
    }
    return undefined;
  }
});
