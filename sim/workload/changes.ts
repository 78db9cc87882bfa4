// Changes of membership asked at random: servers are added, promoted and removed, one by one or several at once, and the
// leadership is moved about. Most of it is refused, as most of what people ask at the wrong moment is. Drawn from a seed as
// an explicit list of interventions, like a fault plan; the two go together.

import {assert} from "../../core/base/assert.ts";
import type {Micros} from "../../core/base/quantity.ts";
import {Draws} from "../random.ts";
import {serversOf} from "../run.ts";
import type {Config, Intervention} from "../run.ts";

export interface ChangeOptions {
  readonly until: Micros;
  readonly from?: Micros;
  /** Who asks. */
  readonly client: string;
  /** The first intervention's number in the lane of the script; behind those of a fault plan. */
  readonly firstId?: number;
  /** Longest time between two questions. */
  readonly pause?: Micros;
}

/** Draws the changes, and the start of every spare server. The same for the same seed, configuration and options. */
export function changePlan(seed: string, config: Config, options: ChangeOptions): readonly Intervention[] {
  const {until, from = 0, client, firstId = 1, pause = 300_000} = options;
  assert(from < until, `a plan of changes needs time: from ${from} until ${until}`);
  const draws = new Draws(seed);
  const below = (stream: string, bound: number): number =>
    draws.next(draws.stream(`changes/${stream}`), bound);
  const plan: Intervention[] = [];
  const servers = serversOf(config);
  for (let spare = servers - config.spares + 1; spare <= servers; spare++) {
    const when = {at: from + below("start", Math.max(1, Math.floor((until - from) / 2)))};
    const id = firstId + plan.length;
    plan.push({id, when, do: {kind: "restart", member: `n${spare}`}, origin: "plan"});
  }
  let at = from;
  for (let id = 1; ; id++) {
    at += 1 + below("pause", pause);
    if (at >= until) return plan.toSorted((a, b) => a.when.at - b.when.at);
    const op = line((bound) => below("ask", bound), servers);
    plan.push({id, when: {at}, do: {kind: "client", client, op}, origin: "plan"});
  }
}

/** One line of etcdctl. */
function line(below: (bound: number) => number, servers: number): string {
  const kind = below(10);
  const [a, b, c] = [1 + below(servers), 1 + below(servers), 1 + below(servers)];
  if (kind < 2) return `member add n${a}${kind === 0 ? " --learner" : ""}`;
  if (kind === 2) return `member remove n${a}`;
  if (kind < 5) return `member promote n${a}`;
  if (kind < 7) return `move-leader n${a}`;
  if (kind === 7) return `member reconfigure v${a} r${b}`;
  if (kind === 8)
    return `member reconfigure l${a} v${b} r${c} --transition ${a < b ? "implicit" : "explicit"}`;
  return "member reconfigure";
}
