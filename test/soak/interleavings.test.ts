// Any interleaving of steps on three to five nodes, with drops, duplicates and restarts, keeps every invariant. fast-check
// chooses seed and events; a failure is made small, and told as the line that plays it.

import fc from "fast-check";
import {expect, it} from "vitest";
import {Counters, features} from "./features.ts";
import {playSchedule, scheduleLength} from "./schedule.ts";
import {replayLine, shrink} from "./shrink.ts";

const all = Array.from({length: scheduleLength}, (_, event) => event);
const schedules = fc.record({seed: fc.nat({max: 2 ** 30}), keep: fc.subarray(all, {minLength: 1})});

/** The first failure that is found, made small; undefined if all goes well. */
function failure(rules: {mayCommit?: () => boolean}, numRuns: number): string | undefined {
  const property = fc.property(schedules, ({seed, keep}) => {
    playSchedule({seed, keep, rules, features: new Counters(features)});
  });
  // Made small by shrink.ts, which knows that events after the failure do not matter.
  const {counterexample} = fc.check(property, {numRuns, endOnFailure: true});
  const [found] = counterexample ?? [];
  const shrunk = found === undefined ? undefined : shrink(found.seed, {rules, keep: found.keep});
  return shrunk === undefined ? undefined : `${shrunk.said}\n${replayLine(shrunk)}`;
}

it("any interleaving keeps every invariant", () => {
  expect(failure({}, 300)).toBeUndefined();
});

it("one that does not is told as a line to paste", () => {
  expect(failure({mayCommit: () => true}, 2000)).toMatch(
    /^leaderCommitsOfItsTerm.*\nnpm run soak -- raft --replay \d+ --keep [\d,-]+$/,
  );
});
