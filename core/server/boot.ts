// Booting: from what the disk holds to a running server, or to one that refuses to go on. How the disk is read, and in
// which order, is recovery.ts's.

import {Tokens} from "../auth/tokens.ts";
import {present} from "../base/assert.ts";
import type {Said} from "../base/said.ts";
import {genesis, MemoryStorage} from "../raft/memoryStorage.ts";
import {raftDefaults} from "../raft/config.ts";
import type {RaftConfig} from "../raft/config.ts";
import {confState} from "../raft/confState.ts";
import {noData} from "../raft/entry.ts";
import {RawNode} from "../raft/rawNode.ts";
import {Backend} from "../storage/backend.ts";
import {emptyWal} from "../storage/readWal.ts";
import {Wal} from "../storage/wal.ts";
import type {WalBatch} from "../storage/wal.ts";
import {Watchers} from "../watch/watchers.ts";
import {AppendActor} from "./appendActor.ts";
import {Applier, stateOf} from "./applier.ts";
import {ApplyActor} from "./applyActor.ts";
import {Authorizer} from "./authorizer.ts";
import {AutoCompact} from "./autoCompact.ts";
import {CommitActor} from "./commitActor.ts";
import {CompactActor} from "./compactActor.ts";
import type {BootOptions, ServerConfig} from "./config.ts";
import {CorruptCheck} from "./corruptCheck.ts";
import {DefragmentActor} from "./defragmentActor.ts";
import {forceNewCluster} from "./forceNewCluster.ts";
import {Forwards} from "./forwards.ts";
import {InstallActor} from "./installActor.ts";
import type {Effect} from "./io.ts";
import {LeaseActor} from "./leaseActor.ts";
import {lessorConfig} from "./leaseState.ts";
import type {ServerParts} from "./parts.ts";
import {foundation} from "./memberRecord.ts";
import {nonceBound} from "./reads.ts";
import type {Recovered} from "./recovery.ts";
import {recover} from "./recovery.ts";
import {Requests} from "./requests.ts";
import {Server} from "./server.ts";
import {SnapshotActor} from "./snapshotActor.ts";
import {Watches, watchLimitsOf} from "./watches.ts";

/**
 * A server and what it asks for first. Where the disk cannot be trusted the server has exited, and `effects` says why.
 * Draws from the streams "nonce" (once) and "election"; later, when users are added or ask for tokens, from "salt" and "token".
 */
export function boot(options: BootOptions): {readonly server: Server; readonly effects: readonly Effect[]} {
  const recovered = recover(options.disk, options.config, options.version);
  if (!recovered.ok) return refuse(options, recovered.error);
  const {config, forceNewCluster: isForced = false} = options;
  const forced = isForced ? forceNewCluster(config.id, recovered.value) : undefined;
  const server = assemble(options, forced?.recovered ?? recovered.value, forced?.batch);
  return {server, effects: server.start(options.now ?? 0)};
}

/** A server that knows nothing and does nothing, but can be looked at. */
function refuse(options: BootOptions, reason: Said): ReturnType<typeof boot> {
  // What a server would note that is none is nobody's news.
  const server = assemble({...options, notes: undefined}, nothing(options.config));
  server.exit(reason);
  return {server, effects: server.start(options.now ?? 0)};
}

function nothing({members, learners, pageBytes}: ServerConfig): Recovered {
  const empty = present(stateOf(Backend.empty({pageBytes})), "the state of an empty backend");
  const state = {...empty, membership: foundation(members, learners)};
  return {
    wal: emptyWal,
    mark: {index: 0, term: 0, confState: confState(members, learners)},
    entries: [],
    hardState: emptyWal.hardState,
    state,
    snapshots: [],
    repairs: [],
    tidy: [],
  };
}

/** `first`: what is written to the log before anything else. */
function assemble(options: BootOptions, recovered: Recovered, first?: WalBatch): Server {
  const {config, version, draw, notes} = options;
  const {pausePoints} = config;
  const {state} = recovered;
  const storage = storageOf(recovered);
  const nonce = draw("nonce", nonceBound);
  const raft = new RawNode({
    config: raftConfig(config),
    rules: version.raft.rules,
    storage,
    draw: (bound) => draw("election", bound),
    notes,
  });
  const {store} = state;
  const {rules} = version.server;
  const watchers = new Watchers(store, watchLimitsOf(config), version.watch.rules);
  const applier = Applier.from(state, watchers, {
    quotaBytes: config.quotaBytes,
    lessor: lessorConfig(config),
    leaseRules: version.lease.rules,
    hashesCompactions: config.compactHashCheckEvery > 0,
    rules,
    storeRules: version.mvcc.rules,
    member: config.id,
    authRules: version.auth.rules,
  });
  const authorizer = new Authorizer(applier, new Tokens(config.authTokenTtl), draw);
  const segments = {member: config.id, segmentBytes: config.walSegmentBytes};
  const wal = new Wal(recovered.wal.tail, segments, version.storage.rules);
  const append = AppendActor.opening(wal, recovered.tidy, pausePoints, rules);
  if (first !== undefined)
    append.submit({kind: "work", work: {...first, snapshot: undefined, ...unanswered}});
  return new Server({
    config,
    rules,
    nonce,
    draw,
    storage,
    raft,
    applier,
    authorizer,
    append,
    apply: new ApplyActor(pausePoints.includes("beforeApplyOneEntryNormal"), applier.index),
    ...backendActors(options, recovered),
    requests: new Requests({config, nonce, draw, raft, applier, authorizer, rules}),
    forwards: new Forwards(config.id, nonce),
    watches: new Watches(config),
    lease: new LeaseActor(pausePoints),
    autoCompact: new AutoCompact(config, pausePoints.includes("beforeAutoCompact")),
    corruptCheck: new CorruptCheck(config),
  });
}

/** Nobody waits for it. */
const unanswered = {messages: [], receipt: undefined};

/** The actors of the backend file and of snapshots. */
function backendActors(
  {config, version}: BootOptions,
  {state: {position, unfinished}, snapshots, repairs}: Recovered,
): Pick<ServerParts, "commit" | "compact" | "snapshot" | "install" | "defragment"> {
  const {pausePoints} = config;
  const compact = CompactActor.resting(
    {batch: config.compactionBatch, sleep: config.compactionSleep},
    pausePoints,
  );
  if (unfinished !== undefined) compact.submit(unfinished);
  const limits = {
    every: config.snapshotEvery,
    keep: config.snapshotKeep,
    filesMax: config.snapshotFilesMax,
  };
  return {
    commit: CommitActor.at(
      position.index,
      {every: config.commitEvery, opsMax: config.commitOpsMax},
      pausePoints,
      version.server.rules,
    ),
    compact,
    snapshot: SnapshotActor.resting(limits, pausePoints, snapshots, version.server.rules),
    install: InstallActor.opening(repairs, position.index, pausePoints),
    defragment: DefragmentActor.resting(pausePoints),
  };
}

/** What raft may take for durable: all that stands on the disk. */
function storageOf({mark, entries, hardState, state}: Recovered): MemoryStorage {
  // The log is handed out again from the mark, and the configuration is that of the store already (Server.applyEntry).
  const confState = state.membership.conf;
  const storage = new MemoryStorage(
    mark.index === 0 ? genesis(confState) : {...mark, confState, data: noData},
  );
  storage.append(entries);
  storage.setHardState(hardState);
  return storage;
}
function raftConfig(config: ServerConfig): RaftConfig {
  const {id, electionTicks, heartbeatTicks, inflightMax, messageBytesMax, preVote, checkQuorum} = config;
  return {
    ...raftDefaults,
    id,
    electionTicks,
    heartbeatTicks,
    inflightMax,
    messageBytesMax,
    preVote,
    checkQuorum,
    readOnly: config.leaseReads === true ? "leaseBased" : "safe",
    // etcd's server stops a member that was removed; here it stays, and must not lead on.
    stepDownOnRemoval: true,
  };
}
