// What callers of the library give: a scenario, faults for its cluster. No node: imports.

import {scenarioOf, scenarios} from "../scenarios/index.ts";
import type {Scenario} from "../scenarios/format.ts";
import {ScenarioReader} from "../scenarios/read.ts";
import {stage} from "../scenarios/resolve.ts";
import type {Intervention} from "../sim/run.ts";
import {list, readable} from "../sim/trace/decode.ts";
import {checkRun, decodeIntervention} from "../sim/trace/runText.ts";
import {didYouMean} from "./didYouMean.ts";
import {isObject, refusal} from "./refuse.ts";

/** Scenarios that need not be validated again: validating costs more than a run. */
const validated = new WeakSet<object>(scenarios);

/** At most one: it is made when the first scenario is validated. */
const readers: ScenarioReader[] = [];

const expectedScenario = 'a scenario: scenario("leader-partition"), its id, or its JSON';

/** One of ours by its id, or a scenario's JSON (as text, with comments if you like, or parsed). Throws one line that says where it is wrong. */
export function scenario(from: string | object): Scenario {
  const given: unknown = from;
  if (typeof given !== "string" && !(isObject(given) && "format" in given))
    throw new Error(refusal("scenario", given, expectedScenario));
  if (typeof given === "object" && validated.has(given)) return given as unknown as Scenario;
  const ours = typeof given === "string" ? scenarioOf(given) : undefined;
  if (ours !== undefined) return ours;
  if (typeof given === "string" && !given.includes("{")) {
    const ids = scenarios.map(({id}) => id);
    throw new Error(
      `found no scenario ${JSON.stringify(given)}, expected one of ${ids.join(", ")}${didYouMean(given, ids)}`,
    );
  }
  const reader = (readers[0] ??= new ScenarioReader());
  const read = typeof given === "string" ? reader.read(given) : reader.check(given);
  if (!read.ok) throw new Error(read.error);
  validated.add(read.value);
  return read.value;
}

/** Why these are no faults for that scenario's cluster; undefined when they are. */
export function problemOfFaults(
  of: Scenario,
  variant: string | undefined,
  faults: readonly Intervention[],
): string | undefined {
  if (!Array.isArray(faults)) return refusal("options.faults", faults, "a list, as faultPlan draws it");
  if (faults.length === 0) return undefined;
  const read = readable(() => {
    const script = list(decodeIntervention)(faults, "options.faults");
    checkRun({...stage(of, variant === undefined ? {} : {variant}).run, script}, "options.faults");
  });
  return read.ok ? undefined : read.error.replace(/^options\.faults\.script/, "options.faults");
}

/** Throws the one line that says what is wrong. */
export function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new Error(problem);
}
