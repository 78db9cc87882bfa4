// Which behaviours a run reached: each class of them is reached in some run, and none by a run that cannot.

import {describe, expect, it} from "vitest";
import {behaviours} from "../../../sim/explore/behaviours.ts";
import {Covered} from "../../../sim/explore/coverage.ts";
import {playTrial} from "../../../sim/explore/sweep.ts";
import {trialOf} from "../../../sim/explore/trial.ts";
import type {Trial} from "../../../sim/explore/trial.ts";

/** Names of what trials reached, and in how many. */
function reachedBy(trials: readonly Trial[]): ReadonlyMap<string, number> {
  const {runs} = new Covered(trials.map((trial) => playTrial(trial).reached));
  return new Map(
    behaviours.flatMap((name, place): [string, number][] => {
      const times = runs[place] ?? 0;
      return times === 0 ? [] : [[name, times]];
    }),
  );
}

/** A trial without anything that goes wrong, and without anybody who asks. */
function calm(seed: number): Trial {
  const {run, ...trial} = trialOf(seed, {schedule: "time"});
  const config = {...run.config, pausePoints: [], raft: {...run.config.raft, preVote: false}};
  const limits = {...run.limits, until: run.limits.until / 8};
  return {...trial, run: {...run, config, script: [], limits}, director: undefined};
}

const classes = [
  /^role\/follower→/,
  /^role\/leader→follower$/,
  /^message\/AppendEntries\/follower\/taken$/,
  /^message\/AppendEntries\/follower\/refused$/,
  /^message\/\w+\/\w+\/ignored$/,
  /^message\/Forward\/leader\/taken$/,
  /^note\/committed$/,
  /^note\/logCut\//,
  /^note\/messageDropped\//,
  /^pause\//,
  /^turn\//,
  /^lost\/down$/,
  /^fault\/crash$/,
  /^fault\/disk\//,
  /^call\/put\/ok$/,
  /^call\/put\/unknown$/,
  /^call\/\w+\/failed$/,
  /^recipe\/critical\/done$/,
];

describe("coverage", () => {
  const reached = reachedBy([12, 18, 36].map((seed) => trialOf(seed)));

  it.each(classes)("of trials has %s", (kind) => {
    expect([...reached.keys()].filter((name) => kind.test(name))).not.toEqual([]);
  });

  it("of a run in which nothing goes wrong and nobody asks has an election, and nothing that it cannot have", () => {
    const names = [...reachedBy([calm(2)]).keys()];
    expect(names).toContain("role/follower→candidate");
    expect(names).toContain("role/candidate→leader");
    expect(names).toContain("message/RequestVote/follower/taken");
    expect(names).toContain("message/Heartbeat/follower/taken");
    expect(
      names.filter((name) => /^(lost|fault|pause|recipe|call)\/|preCandidate|InstallSnapshot/.test(name)),
    ).toEqual([]);
  });

  it("counts in how many runs, and names what none reached", () => {
    const both = new Covered([calm(2), calm(2)].map((trial) => playTrial(trial).reached));
    expect(both.never()).toContain("fault/crash");
    expect(both.never()).not.toContain("role/candidate→leader");
    expect(both.rare(2)).toEqual({});
    expect(both.rare(3)["role/candidate→leader"]).toBe(2);
    expect(Object.keys(both.rare(3)).length + both.never().length).toBe(behaviours.length);
  });

  it("has each behaviour under one name", () => {
    expect(new Set(behaviours).size).toBe(behaviours.length);
  });
});
