// The checks that judge only where a claim names them. Where nobody tells the story of a run, as of a bug's own scenario,
// the page shows what they come to, as it does of those that judge every run.

import {checksToName} from "../../scenarios/checks.ts";
import type {Run, Scenario} from "../../scenarios/format.ts";
import type {Checker} from "../../sim/check/checker.ts";

/** Fresh ones; none that is among `others`. */
export function askedFor(
  {tell}: Pick<Scenario, "tell">,
  {expect}: Pick<Run, "expect">,
  others: readonly Checker[],
): readonly Checker[] {
  if (tell !== undefined) return [];
  const named = new Set(expect.flatMap(({claim}) => checksIn(claim)));
  for (const {name} of others) named.delete(name);
  return named.size === 0 ? [] : checksToName().filter(({name}) => named.has(name));
}

/** The names in `{"check": …}`, however deep. */
function checksIn(claim: unknown): readonly string[] {
  if (typeof claim !== "object" || claim === null) return [];
  return Object.entries(claim).flatMap(([key, value]: [string, unknown]) =>
    key === "check" && typeof value === "string" ? [value] : checksIn(value),
  );
}
