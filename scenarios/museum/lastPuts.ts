// The end of a scenario about what must go on: all that can be is whole by now, and members are asked for a put each. What must
// come of it is the claim "Convergence".

import {lastPut} from "../../sim/check/convergence.ts";
import type {Step, Time} from "../format.ts";

/** c1 asks each of these members, `after` the step before. */
export function lastPuts(members: readonly string[], after: Time = "1s"): readonly Step[] {
  return members.map((to, i) => ({
    id: `last-${to}`,
    ...(i === 0 ? {after} : {}),
    client: "c1",
    op: `put last ${to}`,
    as: lastPut(to),
    to,
  }));
}
