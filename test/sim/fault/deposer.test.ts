// Leaders cut off at the moments that hurt: a sound cluster survives it, and one that commits entries of older terms does not.

import {expect, it} from "vitest";
import {versionOf} from "../../../sim/bug/museum.ts";
import {execute} from "../../../sim/execute.ts";
import {trialOf} from "../../../sim/explore/trial.ts";
import type {TrialOptions} from "../../../sim/explore/trial.ts";

/** What broke first, and who was cut off, as a leader and as something else. */
function played(
  seed: number,
  options: TrialOptions,
): {check: string | undefined; leaders: number; others: number} {
  const {run, director, schedule, checkers} = trialOf(seed, {schedule: "time", deposed: true, ...options});
  let [leaders, others] = [0, 0];
  const {violation} = execute(run, {
    versions: versionOf,
    director,
    schedule,
    checkers: checkers(),
    endsBrokenFrom: 1,
    onEvent: ({payload}, {members}) => {
      if (payload.kind !== "script" || payload.action.kind !== "split") return;
      const alone = payload.action.groups[0]?.[0];
      const role = members.find(({id}) => `n${id}` === alone)?.server?.raft.role;
      if (role === "leader") leaders++;
      else others++;
    },
  });
  return {check: violation?.check, leaders, others};
}

it("a sound cluster of which every leader is cut off breaks nothing, and recovers", () => {
  const {check, leaders, others} = played(5, {});
  expect(check).toBeUndefined();
  expect(leaders).toBeGreaterThan(3);
  expect(others).toBe(0);
});

it("reaches Figure 8 of Raft's paper: entries of older terms must not be committed by counting", () => {
  expect(played(5, {bugs: ["commit-older-term"]}).check).toBe("Leader Completeness");
});
