// A scenario as a sweep's trial: its steps under another seed, with faults that it does not know, and events in another order.
// Judged by what holds of every run: its own claims may well be false then.

import type {Scenario} from "../scenarios/format.ts";
import {stage} from "../scenarios/resolve.ts";
import {versionsWith} from "../sim/bug/museum.ts";
import {standardChecks} from "../sim/check/standard.ts";
import {drawSchedule} from "../sim/explore/trial.ts";
import type {Trial, TrialOptions} from "../sim/explore/trial.ts";
import {Luck} from "../sim/fault/luck.ts";
import {faultPlan} from "../sim/fault/plan.ts";
import {serversOf} from "../sim/run.ts";

/** Of the scenario's steps nothing is changed; the first intervention of the plan has an id that none of them takes. */
export function scenarioTrial(
  scenario: Scenario,
  seed: number,
  {bugs = [], buggy, schedule}: TrialOptions,
): Trial {
  const name = `${scenario.id} ${seed}`;
  const {run, director} = stage(scenario, {seed: name});
  const {config, limits} = run;
  const servers = Array.from({length: serversOf(config)}, (_, i) => `n${i + 1}`);
  const names = [...servers, ...Array.from({length: config.clients}, (_, i) => `c${i + 1}`)];
  const versions = versionsWith(
    names.filter((who) => who === (buggy ?? who)),
    bugs,
  );
  const quiet = Math.max(1, Math.floor((limits.until * 2) / 3));
  const faults = faultPlan(name, config, {until: quiet});
  const electionTimeout = config.clock.tick * config.raft.electionTicks;
  return {
    run: {
      ...run,
      versions: {...run.versions, ...versions},
      script: [...run.script, ...faults],
    },
    director,
    schedule: drawSchedule(new Luck(name), name, {electionTimeout, quiet}, schedule),
    checkers: standardChecks,
  };
}
