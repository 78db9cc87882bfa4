// Plans of faults as a fast-check arbitrary. A plan is drawn as a sweep draws it, and made smaller as `etcdscope shrink` makes a
// script smaller: groups, then ever smaller parts are left out. Whatever is left is whole again at the plan's end.

import fc from "fast-check";
import type {Micros} from "../core/base/quantity.ts";
import type {Scenario} from "../scenarios/format.ts";
import {stage} from "../scenarios/resolve.ts";
import type {Action} from "../sim/action.ts";
import {faultKinds, faultPlan, timeKinds} from "../sim/fault/plan.ts";
import type {FaultKind} from "../sim/fault/plan.ts";
import type {Config, Intervention} from "../sim/run.ts";
import {scenarioFor} from "./cluster.ts";
import type {Cluster} from "./cluster.ts";
import {didYouMean} from "./didYouMean.ts";
import {refuse} from "./given.ts";
import {mended} from "./mended.ts";
import {problemOfKeys, refusal} from "./refuse.ts";
import {untilOf} from "./until.ts";
import type {UntilOptions} from "./until.ts";

/** `until`: when everything is whole again. */
export interface FaultPlanOptions extends UntilOptions {
  /** What may go wrong; everything but what befalls clients and clocks when absent. */
  readonly kinds?: readonly FaultKind[];
}

type Plan = readonly Intervention[];

/**
 * Plans of faults that a sound cluster survives, for a scenario's cluster or for one as `simulate` takes it. All that goes
 * wrong is undone by the plan's end, in a plan that was made smaller too.
 */
export function faultPlans(
  of: Scenario | string | Cluster,
  options: FaultPlanOptions = {},
): fc.Arbitrary<Plan> {
  const {config} = stage(scenarioFor(of)).run;
  refuse(problemOfKeys(options, ["until", "kinds"], "options") ?? problemOfKinds(options.kinds));
  return new FaultPlans(config, untilOf(options), options.kinds);
}

function problemOfKinds(kinds: unknown): string | undefined {
  if (kinds === undefined) return undefined;
  const known = [...faultKinds, ...timeKinds];
  const expected = `a list of ${known.join(", ")}`;
  if (!Array.isArray(kinds) || kinds.length === 0) return refusal("options.kinds", kinds, expected);
  const unknown: unknown = kinds.find((kind) => !known.some((one) => one === kind));
  if (unknown === undefined) return undefined;
  const hint = typeof unknown === "string" ? didYouMean(unknown, known) : "";
  return refusal("options.kinds", unknown, `${expected}${hint}`);
}

const seedsMost = 0x7fffffff;

class FaultPlans extends fc.Arbitrary<Plan> {
  private readonly config: Config;
  private readonly until: Micros;
  private readonly kinds: readonly FaultKind[] | undefined;

  constructor(config: Config, until: Micros, kinds: readonly FaultKind[] | undefined) {
    super();
    this.config = config;
    this.until = until;
    this.kinds = kinds;
  }

  override generate(random: fc.Random): fc.Value<Plan> {
    const {config, until, kinds} = this;
    const seed = random.nextInt(0, seedsMost);
    const drawn = {until, ...(kinds === undefined ? {} : {kinds})};
    return new fc.Value(faultPlan(`plan/${seed}`, config, drawn), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Plan {
    return Array.isArray(value);
  }

  override shrink(plan: Plan): fc.Stream<fc.Value<Plan>> {
    return fc
      .stream(smaller(plan))
      .map((rest) => mended(rest, this.config, this.until))
      .filter(({length}) => length < plan.length)
      .map((rest) => new fc.Value(rest, undefined));
  }
}

/** What a plan may be tried without, the most first. */
function* smaller(plan: Plan): Generator<Plan, void, undefined> {
  if (plan.length > 0) yield [];
  for (const names of [kindsOf(plan), sufferersOf(plan)])
    for (const isOf of names) yield plan.filter(({do: action}) => !isOf(action));
  for (let part = Math.floor(plan.length / 2); part >= 1; part = Math.floor(part / 2))
    // From the end: what came late is needed least.
    for (let to = plan.length; to > 0; to -= part)
      yield [...plan.slice(0, Math.max(0, to - part)), ...plan.slice(to)];
}

type IsOf = (action: Action) => boolean;

function kindsOf(plan: Plan): readonly IsOf[] {
  return [...new Set(plan.map(({do: {kind}}) => kind))].map(
    (one) =>
      ({kind}) =>
        kind === one,
  );
}

function sufferersOf(plan: Plan): readonly IsOf[] {
  return [...new Set(plan.map(({do: action}) => sufferer(action)))].map(
    (one) => (action) => sufferer(action) === one,
  );
}

/** Who; empty: the network, and whoever it joins. */
function sufferer(action: Action): string {
  if ("member" in action) return action.member;
  if ("client" in action) return action.client;
  return "who" in action ? action.who : "";
}
