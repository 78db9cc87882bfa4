// A run is a function (law 1): (code, configuration, seed, interventions, choices) → one trace. These are its arguments,
// as they stand in a trace file and in a link. JSON-serialisable.

import type {Micros} from "../core/base/quantity.ts";
import type {ServerConfig} from "../core/server/config.ts";
import type {Point} from "../core/server/io.ts";
import type {Action} from "./action.ts";

/** A lane is an ordered source of events: `n1→n3` `c1→n2` `n2→c1` `clock/n2` `disk/n2/wal` `actor/n2/apply` `client/c1` `script` `script/c1`. */
export type Lane = string;

/** `n1→n3#17`: the 17th event ever put in that lane, counted from 1. Local and stable (law 7). */
export type EventId = string;

/** Both ends included. Integers. */
export interface Between {
  readonly least: number;
  readonly most: number;
}

type RaftSetting =
  | "electionTicks"
  | "heartbeatTicks"
  | "inflightMax"
  | "messageBytesMax"
  | "preVote"
  | "checkQuorum"
  | "leaseReads"
  | "snapshotEvery"
  | "snapshotKeep";

/** Everything that shapes a run besides its seed, fully resolved: no default is applied when a run is read. */
export interface Config {
  /** Voters that the cluster begins with: n1, n2 … */
  readonly members: number;
  /** Learners that it begins with, named on from the voters. */
  readonly learners: number;
  /** Servers in no configuration yet, named on from the learners. They are down until a restart starts them, with an empty disk. */
  readonly spares: number;
  readonly clients: number;
  /** Where the numbers below came from; decides nothing. */
  readonly profile: ProfileName;
  readonly raft: Pick<ServerConfig, RaftSetting>;
  /** All else that a server is told, but who it is, where its actors pause and how long a tick is. */
  readonly store: Omit<ServerConfig, RaftSetting | "id" | "members" | "learners" | "pausePoints" | "tick">;
  /** One way. Messages of one link may overtake each other only when `reorder` is set. */
  readonly network: {
    readonly peerLatency: Between;
    readonly clientLatency: Between;
    /** Lost messages per million, between members. */
    readonly lossPerMillion: number;
    readonly reorder: boolean;
    /** Who is where. Between two that both are somewhere the table's latency counts, not the two above. Absent: nobody is anywhere. */
    readonly regions?: Regions;
  };
  readonly disk: {readonly write: Between; readonly sync: Between};
  /** A tick of Raft's logical clock, per member, with a phase drawn from the seed. `apply`: between an apply actor's pause and its turn. */
  readonly clock: {readonly tick: Micros; readonly apply: Between};
  readonly client: {readonly requestTimeout: Micros};
  readonly pausePoints: readonly Point[];
}

export const profileNames = ["teaching", "datacentre", "wan", "regions", "etcd"] as const;

export type ProfileName = (typeof profileNames)[number];

/** Places far from each other, and the ways between them. */
export interface Regions {
  /** `{n1: "east", c1: "west"}`. */
  readonly of: Readonly<Record<string, string>>;
  /** One way, from a region to another or within it; where only one direction stands, it counts for both. */
  readonly latency: Readonly<Record<string, Readonly<Record<string, Between>>>>;
}

/** The latency between two regions; undefined: the table has none. */
export function latencyBetween({latency}: Regions, from: string, to: string): Between | undefined {
  const table = new Map(Object.entries(latency));
  const row = (one: string): ReadonlyMap<string, Between> => new Map(Object.entries(table.get(one) ?? {}));
  return row(from).get(to) ?? row(to).get(from);
}

/** When an intervention happens: right after event `after`, if that is taken; else before the first event later than `at`. */
export interface When {
  readonly at: Micros;
  readonly after?: EventId;
}

/** Something from outside: a fault, a request, a person's hand, a program. Recorded with its symbols resolved. */
export interface Intervention {
  /**
   * Its number in its lane, from 1: what client c1 is asked to do is `script/c1#id`, all else `script#id`
   * (world/lanes.ts, scriptLane). Stable when others are added or removed.
   */
  readonly id: number;
  readonly when: When;
  readonly do: Action;
  /** `plan`: a scenario, a workload, a fault plan. `program`: a person's own async function, which no record holds. */
  readonly origin: "plan" | "person" | "program" | "outside";
  /** The scenario's step that it came from, for telling. */
  readonly step?: string;
  /** What that step bound, so that claims and telling need no director: `{old: "n3"}`. Decides nothing. */
  readonly let?: Readonly<Record<string, string>>;
}

/** A deviation from the base schedule: after `after`, `take` comes next although it is not the earliest. */
export interface Choice {
  readonly after: EventId;
  readonly take: EventId;
}

export interface Run {
  readonly format: 1;
  readonly config: Config;
  readonly seed: string;
  /** Names of bugs in the museum, per member ("n2") or client ("c1"). Absent: sound. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
  readonly script: readonly Intervention[];
  readonly choices: readonly Choice[];
  readonly limits: {readonly events: number; readonly until: Micros};
}

/** How many servers there are, in the cluster or not: n1 … */
export function serversOf({
  members,
  learners,
  spares,
}: Pick<Config, "members" | "learners" | "spares">): number {
  return members + learners + spares;
}

/** The learners that a cluster begins with: named on from its voters. */
export function firstLearners({members, learners}: Pick<Config, "members" | "learners">): readonly number[] {
  return Array.from({length: learners}, (_, i) => members + i + 1);
}
