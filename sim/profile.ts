// Where a run's numbers come from: five named sets, and what a person changes of them. `resolve` fills everything in,
// so that a run on record needs no default.

import type {Micros} from "../core/base/quantity.ts";
import type {Point} from "../core/server/io.ts";
import type {Between, Config, ProfileName} from "./run.ts";

/** A configuration as a person gives it: what is absent comes from the profile. */
export interface Settings {
  readonly members: number;
  readonly learners?: number;
  readonly spares?: number;
  readonly clients?: number;
  readonly profile?: ProfileName;
  readonly raft?: Partial<Config["raft"]>;
  readonly store?: Partial<Config["store"]>;
  readonly network?: Partial<Config["network"]>;
  readonly disk?: Partial<Config["disk"]>;
  readonly clock?: Partial<Config["clock"]>;
  readonly client?: Partial<Config["client"]>;
  readonly pausePoints?: readonly Point[];
}

type Profile = Omit<Config, "members" | "learners" | "spares" | "clients" | "profile">;

const ms = 1000;

/**
 * What is the same everywhere. etcd's server has both checks on; here whoever wants them says so, because without them
 * the paper's own rules can be seen at work. Snapshots are off: the whole log is there to be looked at.
 */
const plain = {preVote: false, checkQuorum: false, snapshotEvery: 0, snapshotKeep: 5000};

/** Slow enough to be watched: a message is on its way for a whole tick, an election is a tenth of a second. */
const teaching: Profile = {
  raft: {electionTicks: 15, heartbeatTicks: 4, inflightMax: 16, messageBytesMax: 64 * 1024, ...plain},
  store: storeWith({requestTimeout: 1000 * ms, readIndexRetry: 60 * ms}),
  network: {
    peerLatency: between(8 * ms, 12 * ms),
    clientLatency: between(4 * ms, 6 * ms),
    lossPerMillion: 0,
    reorder: false,
  },
  disk: {write: between(200, 400), sync: between(1 * ms, 2 * ms)},
  clock: {tick: 10 * ms, apply: between(1 * ms, 2 * ms)},
  client: {requestTimeout: 700 * ms},
  pausePoints: ["beforeApplyOneEntryNormal"],
};

/** etcd's defaults (heartbeat 100 ms, election timeout 1 s) on one floor's network. */
const datacentre: Profile = {
  raft: {electionTicks: 100, heartbeatTicks: 10, inflightMax: 512, messageBytesMax: 1024 * 1024, ...plain},
  store: storeWith({requestTimeout: 7000 * ms, readIndexRetry: 500 * ms}),
  network: {
    peerLatency: between(300, 900),
    clientLatency: between(300, 900),
    lossPerMillion: 0,
    reorder: false,
  },
  disk: {write: between(20, 60), sync: between(500, 2 * ms)},
  clock: {tick: 10 * ms, apply: between(50, 200)},
  client: {requestTimeout: 5000 * ms},
  pausePoints: ["beforeApplyOneEntryNormal"],
};

/** Members on different continents; etcd's tuning guide: heartbeat about the round trip, election ten times that. */
const wan: Profile = {
  ...datacentre,
  raft: {electionTicks: 50, heartbeatTicks: 5, inflightMax: 512, messageBytesMax: 1024 * 1024, ...plain},
  store: storeWith({requestTimeout: 15_000 * ms, readIndexRetry: 1000 * ms}),
  network: {
    peerLatency: between(60 * ms, 150 * ms),
    clientLatency: between(10 * ms, 80 * ms),
    lossPerMillion: 500,
    reorder: false,
  },
  clock: {tick: 50 * ms, apply: between(50, 200)},
  client: {requestTimeout: 10_000 * ms},
};

/**
 * Three regions. etcd's tuning guide: a round trip of 130 ms across the United States, of 350 to 400 ms between them and
 * Japan; a heartbeat about the longest round trip, an election ten times that.
 */
const regions: Profile = {
  ...wan,
  raft: {...wan.raft, electionTicks: 40, heartbeatTicks: 4},
  network: {
    ...datacentre.network,
    regions: {
      of: {},
      latency: {
        east: {east: datacentre.network.peerLatency, west: between(60 * ms, 70 * ms)},
        west: {west: datacentre.network.peerLatency, japan: between(175 * ms, 200 * ms)},
        japan: {japan: datacentre.network.peerLatency, east: between(175 * ms, 200 * ms)},
      },
    },
  },
  clock: {tick: 100 * ms, apply: between(50, 200)},
};

/**
 * etcd as it comes, on one floor's network: its tick is its heartbeat interval, so elections are drawn in steps of 100 ms and not
 * of 10, and members meet in a tie more often than in `datacentre`. Both checks are on, and a snapshot is made after 10,000
 * entries. Only the sizes of segments and pages stay small.
 */
const etcd: Profile = {
  ...datacentre,
  raft: {
    ...datacentre.raft,
    electionTicks: 10,
    heartbeatTicks: 1,
    preVote: true,
    checkQuorum: true,
    snapshotEvery: 10_000,
  },
  clock: {tick: 100 * ms, apply: between(50, 200)},
};

export const profiles: Readonly<Record<ProfileName, Profile>> = {teaching, datacentre, wan, regions, etcd};

/** Everything filled in. */
export function resolve(settings: Settings): Config {
  const name = settings.profile ?? "teaching";
  const profile = profiles[name];
  return {
    members: settings.members,
    learners: settings.learners ?? 0,
    spares: settings.spares ?? 0,
    clients: settings.clients ?? 1,
    profile: name,
    raft: {...profile.raft, ...settings.raft},
    store: {...profile.store, ...settings.store},
    network: placed({...profile.network, ...settings.network}, settings),
    disk: {...profile.disk, ...settings.disk},
    clock: {...profile.clock, ...settings.clock},
    client: {...profile.client, ...settings.client},
    pausePoints: settings.pausePoints ?? profile.pausePoints,
  };
}

/** Whoever is in no region is put into one, in the order of the table: n1 in the first, n2 in the second; clients likewise. */
function placed(
  network: Config["network"],
  {members, learners = 0, spares = 0, clients = 1}: Settings,
): Config["network"] {
  const {regions: given} = network;
  if (given === undefined) return network;
  const names = Object.keys(given.latency);
  const row = (kind: "n" | "c", count: number): readonly (readonly [string, string])[] =>
    Array.from({length: count}, (_, i) => [`${kind}${i + 1}`, names[i % names.length] ?? ""] as const);
  const inTurn = Object.fromEntries([...row("n", members + learners + spares), ...row("c", clients)]);
  return {...network, regions: {...given, of: {...inTurn, ...given.of}}};
}

function between(least: number, most: number): Between {
  return {least, most};
}

function storeWith(times: {
  readonly requestTimeout: Micros;
  readonly readIndexRetry: Micros;
}): Config["store"] {
  return {
    watchChannelMax: 128,
    watchSyncEvery: 100 * ms,
    txnOpsMax: 128,
    requestBytesMax: 1024 * 1024 + 512 * 1024,
    // etcd: 64,000,000 and 4,096. Small enough that a run of seconds cuts segments and splits pages.
    walSegmentBytes: 16 * 1024,
    pageBytes: 512,
    quotaBytes: 2 * 1024 * 1024 * 1024,
    snapshotFilesMax: 5,
    commitEvery: 100 * ms,
    commitOpsMax: 10_000,
    compactionBatch: 1000,
    compactionSleep: 10 * ms,
    applyGapMax: 5000,
    watchVictimEvery: 10 * ms,
    watchSyncWatchersMax: 512,
    watchBatchRevisionsMax: 1000,
    progressNotifyEvery: 600_000 * ms,
    leaseCheckEvery: 500 * ms,
    leaseRevokesMax: 500,
    leaseRevokesPending: 16,
    leaseCheckpointEvery: 0,
    strictReconfig: true,
    healthInterval: 0,
    autoCompactEvery: 0,
    autoCompactRevisions: 0,
    corruptCheckEvery: 0,
    compactHashCheckEvery: 0,
    initialCorruptCheck: false,
    authTokenTtl: 300_000 * ms,
    ...times,
  };
}
