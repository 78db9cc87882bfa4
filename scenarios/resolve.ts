// From a scenario to something that runs: the simulation's run (nothing in its script yet), the director that acts on
// it, and the claims that judge it.

import type {Checker} from "../sim/check/checker.ts";
import type {Director} from "../sim/director.ts";
import {resolve} from "../sim/profile.ts";
import type {Run as SimRun} from "../sim/run.ts";
import {claimsOf} from "./claim.ts";
import {ScenarioDirector} from "./director.ts";
import type {Run, Scenario} from "./format.ts";
import {settingsOf} from "./settings.ts";
import {microsOf} from "./time.ts";

/** Most events of a run. */
const eventsMax = 2_000_000;

export interface Staged {
  /** With its overlay, if a variant was asked for. */
  readonly plan: Run;
  readonly run: SimRun;
  readonly director: Director;
  /** Fresh; one set per run. */
  readonly claims: Checker[];
}

/** What to run, of a scenario that was validated. `seed` replaces its own; `variant` names an overlay that it has. */
export function stage(
  scenario: Scenario,
  options: {readonly seed?: string; readonly variant?: string} = {},
): Staged {
  const plan = planOf(scenario, options.variant);
  const seed = options.seed ?? plan.seed;
  const run: SimRun = {
    format: 1,
    config: resolve(settingsOf(plan.config)),
    seed,
    versions: plan.bugs ?? {},
    script: [],
    choices: plan.choices ?? [],
    limits: {events: eventsMax, until: microsOf(plan.limit)},
  };
  return {plan, run, director: new ScenarioDirector(plan, seed), claims: claimsOf(plan)};
}

/** The run, with an overlay if one is named. */
export function planOf({run, variants}: Scenario, name: string | undefined): Run {
  const variant = name === undefined ? undefined : variants?.[name];
  return variant === undefined ? run : {...run, ...variant.run, expect: variant.expect};
}
