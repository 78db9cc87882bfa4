// Checks are told of what interests them, and of nothing else: that must not change what they come to.

import {describe, expect, it} from "vitest";
import {versionOf} from "../../../sim/bug/museum.ts";
import type {Checker, CheckReport, Violation} from "../../../sim/check/checker.ts";
import {execute} from "../../../sim/execute.ts";
import type {EventRecord} from "../../../sim/event.ts";
import {trialOf} from "../../../sim/explore/trial.ts";
import type {TrialOptions} from "../../../sim/explore/trial.ts";
import type {WorldView} from "../../../sim/view.ts";

/** The same check, told of everything. */
class ToldOfAll implements Checker {
  readonly name: string;
  private readonly checker: Checker;

  constructor(checker: Checker) {
    this.name = checker.name;
    this.checker = checker;
  }

  exercised(): number {
    return this.checker.exercised();
  }

  after(view: WorldView, event: EventRecord, touched: number | undefined): Violation | undefined {
    return this.checker.after?.(view, event, touched);
  }

  end(view: WorldView): Violation | "unknown" | undefined {
    return this.checker.end?.(view);
  }

  fork(): this {
    return new ToldOfAll(this.checker.fork()) as this;
  }
}

/** Bugs come early. */
const events = 3000;

function reports(seed: number, options: TrialOptions, all: boolean): readonly CheckReport[] {
  const {run: whole, director, schedule, checkers} = trialOf(seed, options);
  const run = {...whole, limits: {...whole.limits, events}};
  const checks = all ? checkers().map((one) => new ToldOfAll(one)) : checkers();
  return execute(run, {versions: versionOf, director, schedule, checkers: checks, endsBrokenFrom: 1}).checks;
}

describe("checks that are told of what interests them", () => {
  it("come to what they come to when they are told of everything", () => {
    const trials: readonly (readonly [number, TrialOptions])[] = [
      [2, {short: true}],
      ...[7, 15, 19].map((seed): [number, TrialOptions] => [seed, {bugs: ["vote-twice"]}]),
      ...[18, 22, 38].map((seed): [number, TrialOptions] => [seed, {bugs: ["answer-before-sync"]}]),
    ];
    const broken = new Set<string>();
    for (const [seed, options] of trials) {
      const told = reports(seed, options, false);
      expect([seed, options, told]).toEqual([seed, options, reports(seed, options, true)]);
      for (const {name, verdict} of told) if (verdict === "fail") broken.add(name);
    }
    expect(broken.size).toBeGreaterThan(2);
  });

  it("say which those are, every one that looks at events", () => {
    const {checkers} = trialOf(0);
    const wanting = checkers().filter((one) => one.after !== undefined && one.interest === undefined);
    expect(wanting.map(({name}) => name)).toEqual([]);
  });
});
