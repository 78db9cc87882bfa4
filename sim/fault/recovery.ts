// The end of a run that may be asked to recover: all that can be is made whole, then every voter is asked for a put, again
// and again. What must come of it is the claim "Convergence" (check/convergence.ts).
//
//        faults             at            at + every       + every          until
//   ────────────────────────┼──────────────────┼──────────────┼───────────────┼
//                    all is whole     who is down is started; puts
//
// Or only a quorum is made whole (a core), and what is wrong with the others stays so for good: no more is needed, so no more
// may be waited for (TigerBeetle's VOPR in its liveness mode).

import type {Micros} from "../../core/base/quantity.ts";
import type {Action} from "../action.ts";
import {lastPut} from "../check/convergence.ts";
import {trueRate} from "../clock.ts";
import type {Config, Intervention} from "../run.ts";
import {sparedOf} from "./damage.ts";
import {pausingActors} from "./kinds.ts";
import {damagesIn} from "./ledger.ts";
import {Luck} from "./luck.ts";
import {clientsOf, membersOf, votersOf} from "./names.ts";
import type {Planned} from "./windows.ts";

export interface Recovery {
  /** When all is whole. */
  readonly at: Micros;
  /** No put is asked for later. */
  readonly until: Micros;
  /** Between two puts of one voter. */
  readonly every: Micros;
  /** Those who are made whole, and are asked (`quorumCore`). Absent: all. */
  readonly core?: readonly string[];
}

/**
 * Undoes whatever a plan may have done, and asks. Puts come from c1. Who is down is started again and again, as a
 * supervisor would: a crash that is still armed may come.
 */
export function recovery(config: Config, {at, until, every, core}: Recovery): readonly Planned[] {
  const servers = core ?? membersOf(config);
  const whole =
    core === undefined ? [{kind: "heal"} as const, ...links(config, servers)] : links(config, servers);
  const planned: Planned[] = [
    ...whole,
    {kind: "loss", perMillion: 0} as const,
    ...clientsOf(config).flatMap((client) => clientAgain(client, servers)),
    ...servers.flatMap((member) => memberAgain(member, config)),
  ].map((action) => ({at, do: action}));
  const voters = votersOf(config).filter((name) => servers.includes(name));
  for (let time = at + every; time < until; time += every) {
    for (const member of servers) planned.push({at: time, do: {kind: "restart", member}});
    for (const to of voters)
      planned.push({at: time, do: {kind: "client", client: "c1", op: `put last ${to}`, as: lastPut(to), to}});
  }
  return planned;
}

/** Every link among servers, and between these and clients, as it was configured. */
function links(config: Config, servers: readonly string[]): readonly Action[] {
  const clients = clientsOf(config);
  return servers.flatMap((from, i) =>
    [...servers.slice(i + 1), ...clients].flatMap((to): readonly Action[] => [
      {kind: "heal", link: [from, to]},
      {kind: "link", from, to, reset: true},
    ]),
  );
}

function clientAgain(client: string, servers: readonly string[]): readonly Action[] {
  return [
    {kind: "clock", who: client, rate: trueRate},
    {kind: "resumeClient", client},
    ...servers.map((member): Action => ({kind: "connection", client, member, do: "accept"})),
  ];
}

function memberAgain(member: string, {pausePoints}: Config): readonly Action[] {
  return [
    {kind: "clock", who: member, rate: trueRate},
    ...pausingActors(pausePoints).map((actor): Action => ({kind: "slow", member, actor, factor: 1})),
    {kind: "disk", member, fault: {kind: "mend"}},
    {kind: "resume", member},
    {kind: "restart", member},
  ];
}

// ---- a core

/** A quorum, and what is wrong with all others from a time on, for good. */
export interface Core {
  readonly members: readonly string[];
  readonly standing: readonly Planned[];
}

/**
 * A quorum of voters drawn from the seed: of those whose disks the plan leaves alone, as far as these suffice. What is wrong with each
 * of the others is drawn too.
 */
export function quorumCore(
  seed: string,
  config: Config,
  {at, plan}: {readonly at: Micros; readonly plan: readonly Intervention[]},
): Core {
  const luck = new Luck(seed).within("core");
  const struck = new Set(damagesIn(plan).map(({member}) => member));
  const ranked = votersOf(config).map((name) => ({
    name,
    rank: luck.below(`rank/${name}`, 1_000_000) + (struck.has(name) ? 1_000_000 : 0),
  }));
  const quorum = ranked.length - sparedOf(ranked.length);
  const chosen = ranked.toSorted((a, b) => a.rank - b.rank).slice(0, quorum);
  const members = votersOf(config).filter((name) => chosen.some((one) => one.name === name));
  const others = membersOf(config).filter((name) => !members.includes(name));
  const standing = others.flatMap((name) => forGood(luck, name, members, config));
  return {members, standing: standing.map((action) => ({at, do: action}))};
}

type Plight = "crashed" | "paused" | "away" | "mute" | "deaf" | "slow";

/** Whoever hears nothing can keep a sound quorum from having a leader, unless elections are held with care (thesis §9.6). */
function forGood(luck: Luck, member: string, core: readonly string[], {raft}: Config): readonly Action[] {
  const plights = ["crashed", "paused", "away", "mute", "slow"] as const satisfies readonly Plight[];
  const isCareful = raft.preVote && raft.checkQuorum;
  const plight: Plight = luck.of(`plight/${member}`, isCareful ? [...plights, "deaf"] : plights);
  switch (plight) {
    case "crashed":
      return [{kind: "crash", member}];
    case "paused":
      return [{kind: "pause", member}];
    case "away":
      return core.map((to): Action => ({kind: "cut", from: member, to}));
    case "mute":
      return core.map((to): Action => ({kind: "cut", from: member, to, oneWay: true}));
    case "deaf":
      return core.map((from): Action => ({kind: "cut", from, to: member, oneWay: true}));
    case "slow":
      return [{kind: "disk", member, fault: {kind: "slow", factor: 30}}];
  }
}
