// Fault plans: what goes wrong, and when, drawn from a seed as an explicit list of interventions that a person can read,
// edit and shrink. Every fault is undone before the plan's end, so a run may be asked to recover. Unless asked for more,
// a plan draws only what a sound cluster survives on any set of members; damaged disks (damage.ts) are asked for. Voters and
// learners of the beginning are drawn alike; a spare server is left alone, since it is the script's to say when it starts.

import {assert} from "../../core/base/assert.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {Action} from "../action.ts";
import {trueRate} from "../clock.ts";
import type {DiskFault} from "../disk/fault.ts";
import type {Config, Intervention} from "../run.ts";
import {betrayals, damages} from "./damage.ts";
import type {BetrayalKind, DamageKind} from "./damage.ts";
import {Luck} from "./luck.ts";
import {doubled, windows} from "./windows.ts";
import type {Planned, Times, Window} from "./windows.ts";

/**
 * Of the network; of a member or client; of the clock of either; and of a member's disk: a crash after which little is left,
 * or a disk that takes its time.
 */
export type FaultKind =
  | "cut"
  | "oneWay"
  | "split"
  | "isolate"
  | "loss"
  | "crash"
  | "pause"
  | "timeout"
  | "pauseClient"
  | "clock"
  | "jump"
  | DiskKind;
type DiskKind = "loseUnsynced" | "tearUnsynced" | "loseNames" | "slow" | "stall";

/** All that are drawn unless a plan names others: all but "isolate" and what befalls clients and clocks. Survivable on any set of members at once. */
export const faultKinds: readonly FaultKind[] = [
  "cut",
  "oneWay",
  "split",
  "loss",
  "crash",
  "pause",
  "timeout",
  "loseUnsynced",
  "tearUnsynced",
  "loseNames",
  "slow",
  "stall",
];

/** What befalls clients and clocks: leases and locks feel it, the log does not. Survivable too. */
export const timeKinds: readonly FaultKind[] = ["pauseClient", "clock", "jump"];

export interface PlanOptions {
  /** When everything is whole again. */
  readonly until: Micros;
  /** When the first fault may happen. */
  readonly from?: Micros;
  /** What may be drawn; a plan enables about half of it (swarm testing, Groce et al. 2012). */
  readonly kinds?: readonly FaultKind[];
  /** Damage to disks besides, of as many voters as the others can do without; none when absent. */
  readonly damage?: readonly DamageKind[];
  /** What no cluster survives, besides, of one voter: a promise may break, which is what is to be seen. None when absent. */
  readonly betrayal?: readonly BetrayalKind[];
}

/** Draws a plan: the same for the same seed, configuration and options. */
export function faultPlan(seed: string, config: Config, options: PlanOptions): readonly Intervention[] {
  const {until, from = 0, kinds = faultKinds, damage = [], betrayal = []} = options;
  assert(from < until, `a fault plan needs time: from ${from} until ${until}`);
  const luck = new Luck(seed);
  const enabled = swarm(luck, kinds);
  const electionTimeout = config.clock.tick * config.raft.electionTicks;
  const times = {from, until, electionTimeout};
  const servers = config.members + config.learners;
  const planned = servers > 1 ? [...networkFaults(luck, config, enabled, times)] : [];
  for (let member = 1; member <= servers; member++)
    planned.push(...memberFaults(luck, member, enabled, times), ...diskFaults(luck, member, enabled, times));
  for (let client = 1; client <= config.clients; client++)
    planned.push(...clientFaults(luck, `c${client}`, enabled, times));
  const names = [
    ...Array.from({length: servers}, (_, i) => `n${i + 1}`),
    ...Array.from({length: config.clients}, (_, i) => `c${i + 1}`),
  ];
  for (const who of names) planned.push(...clockFaults(luck, who, enabled, times));
  planned.push(...damages(luck, config, damage, times), ...betrayals(luck, config, betrayal, times));
  planned.sort((a, b) => a.at - b.at);
  return planned.map((one, i) => ({id: i + 1, when: {at: one.at}, do: one.do, origin: "plan"}));
}

/** Each kind with probability one half; all of them if that left none. */
function swarm(luck: Luck, kinds: readonly FaultKind[]): readonly FaultKind[] {
  const chosen = kinds.filter((kind) => luck.below(`swarm/${kind}`, 2) === 0);
  return chosen.length === 0 ? kinds : chosen;
}

/** One network fault at a time: what is undone is what was done. */
function networkFaults(
  luck: Luck,
  config: Config,
  enabled: readonly FaultKind[],
  times: Times,
): readonly Planned[] {
  const kinds = enabled.filter(
    (kind) =>
      kind === "cut" || kind === "oneWay" || kind === "split" || kind === "isolate" || kind === "loss",
  );
  const servers = config.members + config.learners;
  return windows(luck, "network", kinds, times, (kind): Window => {
    const stream = `network/${kind}`;
    if (kind === "loss") {
      return {
        do: [{kind: "loss", perMillion: 10_000 * (1 + luck.below(stream, 30))}],
        undo: [{kind: "loss", perMillion: config.network.lossPerMillion}],
      };
    }
    if (kind === "isolate") {
      const alone = 1 + luck.below(stream, servers);
      const names = Array.from({length: servers}, (_, i) => `n${i + 1}`);
      const split: Action = {
        kind: "split",
        groups: [[`n${alone}`], names.filter((name) => name !== `n${alone}`)],
      };
      // One server alone, and for long: that is how a leader goes stale.
      return {do: [split], undo: [{kind: "heal"}], longer: 4};
    }
    if (kind === "split")
      return {do: [{kind: "split", groups: groups(luck, config)}], undo: [{kind: "heal"}]};
    const a = 1 + luck.below(stream, servers);
    const b = 1 + ((a + luck.below(stream, Math.max(1, servers - 1))) % servers);
    const [from, to] = [`n${a}`, `n${b}`];
    const cut =
      kind === "oneWay"
        ? ({kind: "cut", from, to, oneWay: true} as const)
        : ({kind: "cut", from, to} as const);
    return {do: [cut], undo: [{kind: "heal", link: [from, to]}]};
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
  return windows(luck, member, kinds, doubled(times), (kind): Window => {
    if (kind === "timeout") return {do: [{kind: "timeout", member}], undo: []};
    if (kind === "pause") return {do: [{kind: "pause", member}], undo: [{kind: "resume", member}]};
    return {do: [{kind: "crash", member}], undo: [{kind: "restart", member}]};
  });
}

/** A client that stands still for long: longer than a lease may last. */
function clientFaults(
  luck: Luck,
  client: string,
  enabled: readonly FaultKind[],
  times: Times,
): readonly Planned[] {
  const kinds = enabled.filter((kind) => kind === "pauseClient");
  return windows(luck, client, kinds, doubled(times), (): Window => ({
    do: [{kind: "pauseClient", client}],
    undo: [{kind: "resumeClient", client}],
    longer: 8,
  }));
}

/** A clock that runs at half to twice the true rate for a while, or jumps ahead by up to four election timeouts. */
function clockFaults(
  luck: Luck,
  who: string,
  enabled: readonly FaultKind[],
  times: Times,
): readonly Planned[] {
  const kinds = enabled.filter((kind) => kind === "clock" || kind === "jump");
  const stream = `clock/${who}`;
  return windows(luck, stream, kinds, doubled(times), (kind): Window => {
    if (kind === "jump")
      return {do: [{kind: "jump", who, by: 1 + luck.below(stream, 4 * times.electionTimeout)}], undo: []};
    const rate = trueRate / 2 + luck.below(stream, (3 * trueRate) / 2);
    return {do: [{kind: "clock", who, rate}], undo: [{kind: "clock", who, rate: trueRate}], longer: 2};
  });
}

/** One fault of a disk at a time, beside the member's others. A crash loses what it can of one kind. */
function diskFaults(luck: Luck, id: number, enabled: readonly FaultKind[], times: Times): readonly Planned[] {
  const kinds = enabled.filter((kind) => diskKinds.some((one) => one === kind)) as readonly DiskKind[];
  const member = `n${id}`;
  const name = `disk/${member}`;
  return windows(luck, name, kinds, doubled(times), (kind): Window => {
    const fault = (what: DiskFault): Action => ({kind: "disk", member, fault: what});
    if (kind === "slow")
      return {do: [fault({kind, factor: 2 + luck.below(`${name}/slow`, 30)})], undo: [fault({kind: "mend"})]};
    if (kind === "stall") {
      const time = 1 + luck.below(`${name}/stall`, 2 * times.electionTimeout);
      return {do: [fault({kind, for: time})], undo: []};
    }
    return {do: [fault({kind}), {kind: "crash", member}], undo: [{kind: "restart", member}]};
  });
}

const diskKinds: readonly DiskKind[] = ["loseUnsynced", "tearUnsynced", "loseNames", "slow", "stall"];

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
