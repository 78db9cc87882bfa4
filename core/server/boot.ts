// How a member comes to life: reads what its disk kept, rebuilds raft's log and state from it, and starts with the store
// of its newest snapshot, or an empty one, into which the committed part of the log behind it is applied again (the
// backend file, which will shorten that, comes later).

import type {Said} from "../base/said.ts";
import {Store} from "../mvcc/store.ts";
import {confState} from "../raft/confState.ts";
import {genesis, MemoryStorage} from "../raft/memoryStorage.ts";
import {raftDefaults} from "../raft/config.ts";
import type {RaftConfig} from "../raft/config.ts";
import {RawNode} from "../raft/rawNode.ts";
import type {WalContents} from "../storage/readWal.ts";
import {readWal, walFile} from "../storage/readWal.ts";
import {Wal} from "../storage/wal.ts";
import {Watchers} from "../watch/watchers.ts";
import {AppendActor} from "./appendActor.ts";
import {Applier} from "./applier.ts";
import {ApplyActor} from "./applyActor.ts";
import type {BootOptions, ServerConfig} from "./config.ts";
import type {Effect} from "./io.ts";
import {nonceBound} from "./reads.ts";
import {Requests} from "./requests.ts";
import {Server} from "./server.ts";
import {Snapshots} from "./snapshots.ts";
import {WatchStreams} from "./watchStreams.ts";
import {WatchSync} from "./watchSync.ts";
import {say} from "./words.ts";

/**
 * A server and what it asks for first. Where the disk cannot be trusted the server has exited, and `effects` says why.
 * Draws from the streams "nonce" (once) and "election".
 */
export function boot(options: BootOptions): {readonly server: Server; readonly effects: readonly Effect[]} {
  const {id} = options.config;
  const member = `n${id}`;
  const read = readWal(options.disk);
  if (!read.ok) return refuse(options, say("storage/walCorrupt", {member, ...read.error}, [member]));
  const contents = read.value;
  if (contents.member !== undefined && contents.member !== id) {
    const owner = `n${contents.member}`;
    return refuse(options, say("storage/walForeign", {member, file: walFile, owner}, [member, owner]));
  }
  const wal = new Wal(contents);
  const opening: readonly Effect[] = wal
    .open(contents, id)
    .map(({op, do: operation}) => ({kind: "disk", op, do: operation}));
  const server = assemble(options, contents, wal);
  if (contents.snapshot !== undefined) server.restore(contents.snapshot);
  return {server, effects: [...opening, ...server.goOn()]};
}

const nothing: WalContents = {
  member: undefined,
  snapshot: undefined,
  entries: [],
  hardState: {term: 0, votedFor: 0, commit: 0},
  offset: 0,
  crc: 0,
  torn: 0,
};

function refuse(options: BootOptions, reason: Said): ReturnType<typeof boot> {
  const server = assemble(options, nothing, new Wal(nothing));
  server.exit(reason);
  return {server, effects: server.goOn()};
}

function assemble({config, version, draw, notes}: BootOptions, contents: WalContents, wal: Wal): Server {
  const storage = new MemoryStorage(contents.snapshot ?? genesis(confState(config.members, config.learners)));
  storage.append(contents.entries);
  storage.setHardState(contents.hardState);
  const nonce = draw("nonce", nonceBound);
  const raft = new RawNode({
    config: raftConfig(config),
    rules: version.raft.rules,
    storage,
    draw: (bound) => draw("election", bound),
    notes,
  });
  const store = new Store();
  const applier = new Applier(store, new Watchers(store, {channelMax: config.watchChannelMax}));
  return new Server({
    config,
    nonce,
    draw,
    storage,
    raft,
    applier,
    append: new AppendActor(wal, config.pausePoints.includes("raftBeforeSave")),
    apply: new ApplyActor(config.pausePoints.includes("beforeApplyOneEntryNormal")),
    requests: new Requests({config, nonce, raft, applier}),
    streams: new WatchStreams(),
    watchSync: new WatchSync(config.watchSyncEvery, config.pausePoints.includes("beforeSyncWatchers")),
    snapshots: new Snapshots(
      {every: config.snapshotEvery, keep: config.snapshotKeep},
      contents.snapshot?.index ?? 0,
    ),
  });
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
    // etcd's server stops a member that was removed; here it stays, and must not lead on.
    stepDownOnRemoval: true,
  };
}
