// One seed's run: a cluster of three, and six clients that take locks, count, queue, register and lead, while links are cut,
// members crash and pause, clients pause, and clocks run fast, slow and ahead. Everything is drawn from the seed's name.

import type {Micros} from "../../../core/base/quantity.ts";
import {Luck} from "../../../sim/fault/luck.ts";
import {faultKinds, faultPlan, timeKinds} from "../../../sim/fault/plan.ts";
import {resolve} from "../../../sim/profile.ts";
import type {Intervention, Run} from "../../../sim/run.ts";
import {RecipeLoads} from "../../../sim/workload/recipes.ts";
import type {RecipeLoad} from "../../../sim/workload/recipes.ts";

const ms = 1000;

/** When the last fault is undone. */
export const quiet: Micros = 4000 * ms;

/** How long after that recipes may take to be done again. */
export const patience: Micros = 3000 * ms;

/** The last client of three has other recipes than the lock. */
const others = ["counter", "election", "queue", "registry"] as const satisfies readonly RecipeLoad[];

export interface RecipeRun {
  readonly run: Run;
  readonly director: RecipeLoads;
}

/** `fenced`: whether critical sections ask the store whether they still hold their lock. */
export function recipeRun(seed: number, fenced: boolean): RecipeRun {
  const name = `recipes ${seed}`;
  const luck = new Luck(name);
  const config = resolve({
    members: 3,
    clients: 6,
    // Without it a leader that was cut off renews leases that another one has ended.
    raft: {checkQuorum: true, preVote: luck.below("preVote", 2) === 0},
    store: {leaseCheckEvery: 100 * ms},
    network: {reorder: luck.below("reorder", 3) === 0},
  });
  const kinds = [...faultKinds, ...timeKinds];
  // Pauses of clients are what a lock suffers from.
  const plan = faultPlan(name, config, {until: quiet, kinds, always: ["pauseClient"]});
  // A recipe's own watch ends with what it waits for: this one is told of everything, over all that goes wrong.
  const watch: Intervention = {
    id: plan.length + 1,
    when: {at: 1 * ms},
    do: {kind: "client", client: "c1", op: "watch a --from-key --rev 1"},
    origin: "plan",
  };
  const limits = {events: 200_000, until: quiet + patience + 1000 * ms};
  const run: Run = {
    format: 1,
    config,
    seed: name,
    versions: {},
    script: [watch, ...plan],
    choices: [],
    limits,
  };
  const [first, second] = [luck.of("other", others), luck.of("other", others)];
  const director = new RecipeLoads({
    seed: name,
    // Some begin when all is well again: they must be done.
    until: quiet + patience / 2,
    fenced,
    loads: ["critical", "critical", "critical", "critical", first, second],
    hold: luck.of("hold", [50, 200, 800]) * ms,
    think: luck.of("think", [20, 100]) * ms,
    linger: patience / 2,
  });
  return {run, director};
}
