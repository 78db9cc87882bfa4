// Any interleaving of steps on three to five nodes, with drops, duplicates and restarts, keeps every invariant. fast-check
// chooses seed and events; a failure is shrunk to a schedule with few of them, and its report has the line that plays it.

import fc from "fast-check";
import {expect, it} from "vitest";
import {Counters, features} from "./features.ts";
import {playSchedule, scheduleLength} from "./schedule.ts";
import {replayLine} from "./shrink.ts";

const schedules = fc.record({
  seed: fc.nat({max: 2 ** 30}),
  events: fc.uniqueArray(fc.nat({max: scheduleLength - 1}), {
    minLength: 1,
    maxLength: scheduleLength,
    size: "max",
  }),
});

/** The first failure that is found, made as small as fast-check can; undefined if all goes well. */
function failure(rules: {mayCommit?: () => boolean}, numRuns: number): string | undefined {
  const property = fc.property(schedules, ({seed, events}) => {
    playSchedule({seed, keep: inOrder(events), rules, features: new Counters(features)});
  });
  const {failed, counterexample, errorInstance} = fc.check(property, {numRuns});
  const [found] = counterexample ?? [];
  if (!failed || found === undefined) return undefined;
  const said = errorInstance instanceof Error ? errorInstance.message : "";
  return `${said}\n${replayLine({seed: found.seed, keep: inOrder(found.events)})}`;
}

function inOrder(events: readonly number[]): readonly number[] {
  return events.toSorted((a, b) => a - b);
}

it("any interleaving keeps every invariant", () => {
  expect(failure({}, 300)).toBeUndefined();
});

it("one that does not is told as a line to paste", () => {
  expect(failure({mayCommit: () => true}, 2000)).toMatch(
    /^leaderCommitsOfItsTerm.*\nnpm run soak -- --replay \d+ --keep [\d,-]+$/,
  );
});
