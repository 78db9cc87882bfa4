// The end of a run that may be asked to recover: all that can be is made whole, then every voter is asked for a put, again
// and again. What must come of it is the claim "Convergence" (check/convergence.ts).

import type {Micros} from "../../core/base/quantity.ts";
import type {Action} from "../action.ts";
import {lastPut} from "../check/convergence.ts";
import {trueRate} from "../clock.ts";
import type {Planned} from "../fault/windows.ts";
import type {Config, Intervention} from "../run.ts";
import {scriptLane} from "../world/lanes.ts";

export interface Recovery {
  /** When all is whole. */
  readonly at: Micros;
  /** No put is asked for later. */
  readonly until: Micros;
  /** Between two puts of one voter. */
  readonly every: Micros;
}

/** Undoes whatever a plan may have done, and asks. Puts come from c1. */
export function recovery(config: Config, {at, until, every}: Recovery): readonly Planned[] {
  const voters = names("n", config.members);
  const servers = names("n", config.members + config.learners);
  const clients = names("c", config.clients);
  const whole: readonly Action[] = [
    {kind: "heal"},
    {kind: "loss", perMillion: 0},
    ...[...servers, ...clients].map((who): Action => ({kind: "clock", who, rate: trueRate})),
    ...clients.map((client): Action => ({kind: "resumeClient", client})),
    ...servers.flatMap((member): Action[] => [
      {kind: "disk", member, fault: {kind: "mend"}},
      {kind: "resume", member},
      {kind: "restart", member},
    ]),
  ];
  const planned: Planned[] = whole.map((action) => ({at, do: action}));
  for (let time = at + every; time < until; time += every) {
    for (const to of voters)
      planned.push({at: time, do: {kind: "client", client: "c1", op: `put last ${to}`, as: lastPut(to), to}});
  }
  return planned;
}

/** As interventions in order of time, numbered in each lane. */
export function numbered(planned: readonly Planned[]): readonly Intervention[] {
  const numbers = new Map<string, number>();
  return planned
    .toSorted((a, b) => a.at - b.at)
    .map(({at, do: action}) => {
      const lane = scriptLane(action);
      const id = (numbers.get(lane) ?? 0) + 1;
      numbers.set(lane, id);
      return {id, when: {at}, do: action, origin: "plan"};
    });
}

function names(prefix: "n" | "c", count: number): readonly string[] {
  return Array.from({length: count}, (_, i) => `${prefix}${i + 1}`);
}
