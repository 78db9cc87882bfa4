// What a server is told at birth, and the versions it can be made of.

import type {Micros, MemberId} from "../base/quantity.ts";
import {leaseRules, type LeaseRules} from "../lease/rules.ts";
import type {DiskReader} from "../storage/disk.ts";
import type {NotesOutlet} from "../raft/notes.ts";
import type {MvccRules} from "../mvcc/rules.ts";
import {mvccRules} from "../mvcc/rules.ts";
import type {AuthRules} from "../auth/rules.ts";
import {authRules} from "../auth/rules.ts";
import type {ClientRules} from "../client/rules.ts";
import {clientRules} from "../client/rules.ts";
import type {RaftRules} from "../raft/rules.ts";
import {raftRules} from "../raft/rules.ts";
import {watchRules, type WatchRules} from "../watch/rules.ts";
import type {StorageRules} from "../storage/rules.ts";
import {storageRules} from "../storage/rules.ts";
import type {Point} from "./io.ts";
import type {ServerRules} from "./rules.ts";
import {serverRules} from "./rules.ts";

export interface ServerConfig {
  readonly id: MemberId;
  /** Who the cluster begins with, ascending; equal on all members, also on those that join later (thesis §4.4). */
  readonly members: readonly MemberId[];
  /** Learners that it begins with, ascending. */
  readonly learners: readonly MemberId[];
  /** Ask before campaigning. thesis §9.6. */
  readonly preVote: boolean;
  /** A leader without a quorum steps down; nobody votes while it hears of a leader. thesis §6.2, §4.2.3. */
  readonly checkQuorum: boolean;
  /** A leader answers reads at once, trusting clocks and the vote lease; needs `checkQuorum`. It can answer with what was overwritten. */
  readonly leaseReads?: boolean;
  /** Applied entries between two snapshots; 0: none is made. etcd: 10,000. */
  readonly snapshotEvery: number;
  /** Entries kept in the log behind a snapshot, for followers that are a little late. etcd: 5,000. */
  readonly snapshotKeep: number;
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  /** AppendEntries on the way to one follower. */
  readonly inflightMax: number;
  /** Entry bytes in one AppendEntries. */
  readonly messageBytesMax: number;
  /** Bytes of a segment of the log. etcd: 64,000,000. */
  readonly walSegmentBytes: number;
  /** Snapshot files that are kept, and the part of the log behind the oldest of them. etcd: 5. */
  readonly snapshotFilesMax: number;
  /** Bytes of a page of the backend file. etcd: the operating system's, 4,096. */
  readonly pageBytes: number;
  /** The backend file's size from which on puts are refused and an alarm is raised; 0: any size will do. etcd: 2 GiB. */
  readonly quotaBytes: number;
  /** The backend commits so long after the first write that is not committed, etcd: 100 ms … */
  readonly commitEvery: Micros;
  /** … or once there are so many. etcd: 10,000. */
  readonly commitOpsMax: number;
  /** Records that compaction deletes in one batch, etcd: 1,000, and the pause between two batches, etcd: 10 ms. */
  readonly compactionBatch: number;
  readonly compactionSleep: Micros;
  /** Where actors pause and wait for a turn; elsewhere they go on at once. */
  readonly pausePoints: readonly Point[];
  /** Responses that a watch stream holds before its watchers become victims. etcd: 128. */
  readonly watchChannelMax: number;
  /** Between two rounds over unsynced watchers. etcd: 100 ms. */
  readonly watchSyncEvery: Micros;
  /** A request that waits longer is answered "request timed out". etcd: 5 s + 2 · election timeout. */
  readonly requestTimeout: Micros;
  /** A ReadIndex without an answer is asked again under a new context. etcd: 500 ms. */
  readonly readIndexRetry: Micros;
  /** etcd: 128. */
  readonly txnOpsMax: number;
  /** etcd: 1.5 MiB. */
  readonly requestBytesMax: number;
  /** Committed entries that may wait to be applied before requests are refused as too many. etcd: 5,000. */
  readonly applyGapMax: number;
  /** Between two tries to deliver what a stream had no room for. etcd: 10 ms. */
  readonly watchVictimEvery: Micros;
  /** Unsynced watchers that one round lets catch up. etcd: 512. */
  readonly watchSyncWatchersMax: number;
  /** Revisions in one response to a watcher that catches up. etcd: 1,000. */
  readonly watchBatchRevisionsMax: number;
  /** Between two responses without events to a watch that asked for them. etcd: 10 min. */
  readonly progressNotifyEvery: Micros;
  /** Between two looks for leases that have expired. etcd: 500 ms. */
  readonly leaseCheckEvery: Micros;
  /** Expired leases that one look takes. etcd: 500. */
  readonly leaseRevokesMax: number;
  /** Revocations of expired leases on their way at once. etcd: 16. */
  readonly leaseRevokesPending: number;
  /** Between two checkpoints of how much is left of leases; 0: none. etcd: 5 min, behind a feature gate. */
  readonly leaseCheckpointEvery: Micros;
  /** Refuse changes of membership that would leave too few started members. etcd: on. */
  readonly strictReconfig: boolean;
  /** How long a member must have been connected to a quorum before membership may change; 0: not looked at. etcd: 5 s. */
  readonly healthInterval: Micros;
  /** Compact what is older than this; 0: never. etcd: --auto-compaction-mode periodic. */
  readonly autoCompactEvery: Micros;
  /** Every five minutes, keep so many revisions; 0: never. etcd: --auto-compaction-mode revision. */
  readonly autoCompactRevisions: number;
  /** Between two comparisons of the members' stores by their leader; 0: none. etcd: --corrupt-check-time. */
  readonly corruptCheckEvery: Micros;
  /** The same with the hashes that compactions leave. etcd: 1 min, behind a feature gate. */
  readonly compactHashCheckEvery: Micros;
  /** Compare with the others at boot, before anything is served. etcd: behind a feature gate. */
  readonly initialCorruptCheck: boolean;
  /** How long a token is good after it was used last. etcd: 300 s. */
  readonly authTokenTtl: Micros;
  /** One tick by the clock. Leases are measured in election timeouts. */
  readonly tick: Micros;
}

/** What a member is made of, or a client (law 12). A bug maps a version to a version. */
export interface Version {
  readonly raft: {readonly rules: RaftRules};
  readonly storage: {readonly rules: StorageRules};
  readonly mvcc: {readonly rules: MvccRules};
  readonly lease: {readonly rules: LeaseRules};
  readonly watch: {readonly rules: WatchRules};
  readonly auth: {readonly rules: AuthRules};
  readonly server: {readonly rules: ServerRules};
  /** Of clients; the other rooms are members'. */
  readonly client: {readonly rules: ClientRules};
}

export const soundVersion: Version = {
  raft: {rules: raftRules},
  storage: {rules: storageRules},
  mvcc: {rules: mvccRules},
  lease: {rules: leaseRules},
  watch: {rules: watchRules},
  auth: {rules: authRules},
  server: {rules: serverRules},
  client: {rules: clientRules},
};

/** A defect, as a change of what a member is made of. */
export interface Bug {
  readonly id: string;
  apply(version: Version): Version;
}

/** Everything a server is booted from. */
export interface BootOptions {
  readonly config: ServerConfig;
  readonly version: Version;
  readonly disk: DiskReader;
  /** An integer in [0, bound); each stream counts for itself. */
  readonly draw: (stream: string, bound: number) => number;
  /** It is the only member from now on (forceNewCluster.ts). */
  readonly forceNewCluster?: boolean;
  /** What its clock says as it boots; absent: 0. */
  readonly now?: Micros;
  /** Told what happens inside of raft; decides nothing. A twin has none. */
  readonly notes?: NotesOutlet | undefined;
}
