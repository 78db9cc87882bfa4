// Fault plans: what goes wrong, and when, drawn from a seed as an explicit list of interventions that a person can read,
// edit and shrink. Every fault is undone before the plan's end, so a run may be asked to recover. Only what a sound
// cluster survives on any set of members is drawn (DESIGN, "What is survivable"). Voters and learners of the beginning are
// drawn alike; a spare server is left alone, since it is the script's to say when it starts.

import {assert} from "../../core/base/assert.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {Action} from "../action.ts";
import {Draws} from "../random.ts";
import type {Config, Intervention} from "../run.ts";

export type FaultKind = "cut" | "oneWay" | "split" | "isolate" | "loss" | "crash" | "pause" | "timeout";

/** All of them. */
export const faultKinds: readonly FaultKind[] = [
  "cut",
  "oneWay",
  "split",
  "loss",
  "crash",
  "pause",
  "timeout",
];

export interface PlanOptions {
  /** When everything is whole again. */
  readonly until: Micros;
  /** When the first fault may happen. */
  readonly from?: Micros;
  /** What may be drawn; a plan enables about half of it (swarm testing, Groce et al. 2012). */
  readonly kinds?: readonly FaultKind[];
}

interface Planned {
  readonly at: Micros;
  readonly do: Action;
}

/** Draws a plan: the same for the same seed, configuration and options. */
export function faultPlan(seed: string, config: Config, options: PlanOptions): readonly Intervention[] {
  const {until, from = 0, kinds = faultKinds} = options;
  assert(from < until, `a fault plan needs time: from ${from} until ${until}`);
  const luck = new Luck(seed);
  const enabled = swarm(luck, kinds);
  const electionTimeout = config.clock.tick * config.raft.electionTicks;
  const times = {from, until, electionTimeout};
  const servers = config.members + config.learners;
  const planned = servers > 1 ? [...networkFaults(luck, config, enabled, times)] : [];
  for (let member = 1; member <= servers; member++)
    planned.push(...memberFaults(luck, member, enabled, times));
  planned.sort((a, b) => a.at - b.at);
  return planned.map((one, i) => ({id: i + 1, when: {at: one.at}, do: one.do, origin: "plan"}));
}

/** Each kind with probability one half; all of them if that left none. */
function swarm(luck: Luck, kinds: readonly FaultKind[]): readonly FaultKind[] {
  const chosen = kinds.filter((kind) => luck.below(`swarm/${kind}`, 2) === 0);
  return chosen.length === 0 ? kinds : chosen;
}

interface Times {
  readonly from: Micros;
  readonly until: Micros;
  readonly electionTimeout: Micros;
}

/** One network fault at a time: what is undone is what was done. */
function networkFaults(
  luck: Luck,
  config: Config,
  enabled: readonly FaultKind[],
  times: Times,
): readonly Planned[] {
  const kinds = enabled.filter(
    (kind) => kind === "cut" || kind === "oneWay" || kind === "split" || kind === "loss",
  );
  const servers = config.members + config.learners;
  return windows(luck, "network", kinds, times, (kind) => {
    const stream = `network/${kind}`;
    if (kind === "loss") {
      return [
        {kind: "loss", perMillion: 10_000 * (1 + luck.below(stream, 30))},
        {kind: "loss", perMillion: config.network.lossPerMillion},
      ];
    }
    if (kind === "isolate") {
      const alone = 1 + luck.below(stream, servers);
      const names = Array.from({length: servers}, (_, i) => `n${i + 1}`);
      return [
        {kind: "split", groups: [[`n${alone}`], names.filter((name) => name !== `n${alone}`)]},
        {kind: "heal"},
      ];
    }
    if (kind === "split") return [{kind: "split", groups: groups(luck, config)}, {kind: "heal"}];
    const a = 1 + luck.below(stream, servers);
    const b = 1 + ((a + luck.below(stream, Math.max(1, servers - 1))) % servers);
    const [from, to] = [`n${a}`, `n${b}`];
    const cut =
      kind === "oneWay"
        ? ({kind: "cut", from, to, oneWay: true} as const)
        : ({kind: "cut", from, to} as const);
    return [cut, {kind: "heal", link: [from, to]}];
  });
}

/** One fault of a member at a time; faults of different members may overlap. */
function memberFaults(
  luck: Luck,
  id: number,
  enabled: readonly FaultKind[],
  times: Times,
): readonly Planned[] {
  const kinds = enabled.filter((kind) => kind === "crash" || kind === "pause" || kind === "timeout");
  const member = `n${id}`;
  return windows(luck, member, kinds, {...times, electionTimeout: 2 * times.electionTimeout}, (kind) => {
    if (kind === "timeout") return [{kind: "timeout", member}, undefined];
    if (kind === "pause")
      return [
        {kind: "pause", member},
        {kind: "resume", member},
      ];
    return [
      {kind: "crash", member},
      {kind: "restart", member},
    ];
  });
}

/** Faults one after another with pauses between them, each from half to five election timeouts long. */
function windows(
  luck: Luck,
  name: string,
  kinds: readonly FaultKind[],
  {from, until, electionTimeout}: Times,
  make: (kind: FaultKind) => readonly [Action, Action | undefined],
): readonly Planned[] {
  const planned: Planned[] = [];
  if (kinds.length === 0) return planned;
  let at = from;
  for (;;) {
    at += span(luck, name, electionTimeout);
    const kind = kinds[luck.below(name, kinds.length)];
    // One server alone, and for long: that is how a leader goes stale.
    const end = at + span(luck, name, electionTimeout) + (kind === "isolate" ? 4 * electionTimeout : 0);
    if (end >= until || kind === undefined) return planned;
    const [done, undone] = make(kind);
    planned.push({at, do: done});
    if (undone !== undefined) planned.push({at: end, do: undone});
    at = end;
  }
}

function span(luck: Luck, stream: string, electionTimeout: Micros): Micros {
  return Math.floor(electionTimeout / 2) + luck.below(stream, Math.floor((electionTimeout * 9) / 2));
}

/** Two groups, neither empty; clients stay connected to all. */
function groups(luck: Luck, config: Config): readonly (readonly string[])[] {
  const sides: [string[], string[]] = [[], []];
  for (let id = 1; id <= config.members + config.learners; id++)
    sides[luck.below("network/split", 2) === 0 ? 0 : 1].push(`n${id}`);
  const [a, b] = sides;
  const lone = a.length === 0 ? b.pop() : b.length === 0 ? a.pop() : undefined;
  if (lone !== undefined) (a.length === 0 ? a : b).push(lone);
  return [a, b];
}

/** Draws under `plan/…`: the run's own streams are not touched. */
class Luck {
  private readonly draws: Draws;

  constructor(seed: string) {
    this.draws = new Draws(seed);
  }

  below(stream: string, bound: number): number {
    return this.draws.next(this.draws.stream(`plan/${stream}`), bound);
  }
}
