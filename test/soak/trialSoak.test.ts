// The committed results of the soak of short trials, and a few of them played again.

import {describe, expect, inject, it} from "vitest";
import {aboutUsers} from "../../sim/check/standard.ts";
import {behaviours} from "../../sim/explore/behaviours.ts";
import {trialChecks} from "../../sim/explore/trial.ts";
import {Luck} from "./luck.ts";
import {readResults} from "./results.ts";
import {noTrialsPlayed, playTrials, traceAt, trialsZeros} from "./trials/play.ts";
import {trials} from "./trials/trials.ts";
import type {TrialsResults} from "./trials/trials.ts";

const drawn = 5;

/** Milliseconds; about two seconds of one core. */
const timeout = 60_000;

const results = readResults<TrialsResults>(trials.file);

function present(): TrialsResults {
  if (results === undefined) throw new Error(`${trials.file} is absent: npm run soak -- trials`);
  return results;
}

describe("the committed results", () => {
  it("are of 10,000 runs, in which no claim was broken, none left undecided, and each exercised", () => {
    const {runs, seeds, events, checks, violations, undecided, behaviours: reached} = present();
    expect(runs).toBe(10_000);
    expect(runs).toBe(seeds[1] - seeds[0]);
    expect(events).toBeGreaterThan(2000 * runs);
    expect(violations).toEqual([]);
    expect(undecided).toEqual([]);
    expect(Object.keys(checks)).toEqual(trialChecks().map(({name}) => name));
    expect(Object.keys(checks).filter((name) => checks[name] === 0)).toEqual(aboutUsers);
    expect(Object.keys(reached)).toEqual([...behaviours]);
  });

  it("reached something of every class of behaviours", () => {
    const {behaviours: reached} = present();
    const classes = new Set(behaviours.map((name) => name.slice(0, name.indexOf("/"))));
    const some = [...classes].filter((one) =>
      behaviours.some((name) => name.startsWith(`${one}/`) && (reached[name] ?? 0) > 0),
    );
    expect(some).toEqual([...classes]);
  });
});

describe("played again,", () => {
  const luck = new Luck();
  luck.begin(inject("seed"), 0);
  const seeds = Array.from({length: drawn}, () => luck.below(1000));

  it(
    `${drawn} runs break nothing, and come out the same if the code does`,
    () => {
      const played = playTrials(seeds);
      expect(played.violations).toEqual([]);
      if (present().codeHash === trials.hash())
        expect(played.traces.join("")).toBe(seeds.map((seed) => traceAt(present(), seed)).join(""));
    },
    timeout,
  );
});

it("a soak of nothing exercised nothing", () => {
  const zeros = trialsZeros(noTrialsPlayed);
  expect(zeros).toContain("Election Safety");
  expect(zeros).toContain("role/candidate→leader");
  expect(zeros).not.toContain("call/userAdd/ok");
});
