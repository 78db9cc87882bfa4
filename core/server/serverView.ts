// What can be seen of a server from outside: for the world, checks and pictures. Nothing here changes anything.

import type {AuthState} from "../auth/authState.ts";
import type {Hash} from "../base/hasher.ts";
import type {Lessor} from "../lease/lessor.ts";
import type {KvHash, Store} from "../mvcc/store.ts";
import type {Entry, HardState, Index} from "../raft/entry.ts";
import type {RawNode} from "../raft/rawNode.ts";
import type {Backend} from "../storage/backend.ts";
import type {Wal} from "../storage/wal.ts";
import type {Watchers} from "../watch/watchers.ts";
import type {Alarm} from "./alarm.ts";
import type {ServerConfig} from "./config.ts";
import {entryText} from "./describe.ts";
import type {Membership} from "./memberRecord.ts";
import type {ServerParts} from "./parts.ts";

export class ServerView {
  protected readonly parts: ServerParts;

  /** See boot.ts. */
  constructor(parts: ServerParts) {
    this.parts = parts;
  }

  get config(): ServerConfig {
    return this.parts.config;
  }

  get raft(): RawNode {
    return this.parts.raft;
  }

  get store(): Store {
    return this.parts.applier.store;
  }

  get watchers(): Watchers {
    return this.parts.applier.watchers;
  }

  /** Index of the last entry in the store. Raft Figure 2: lastApplied. */
  get appliedIndex(): Index {
    return this.parts.applier.index;
  }

  /** The last applied entry and a digest of all entries applied up to it: equal on members that applied the same. */
  get lastApplied(): {readonly index: Index; readonly digest: Hash} {
    return {index: this.parts.applier.index, digest: this.parts.applier.digestOfEntries};
  }

  /** Index of the last entry that survives a crash, as this member knows. */
  get durableIndex(): Index {
    return this.parts.storage.lastIndex;
  }

  /** Term, vote and commit index as they survive a crash, as this member knows. */
  get durableState(): HardState {
    return this.parts.storage.hardState;
  }

  /** Pieces of append work that are not durable yet. */
  get appendQueue(): number {
    return this.parts.append.length;
  }

  /** Committed entries that wait for the apply actor. */
  get applyQueue(): number {
    return this.parts.apply.length;
  }

  /** The write-ahead log's segments and sizes. */
  get wal(): Pick<Wal, "bytes" | "durableBytes" | "segments"> {
    return this.parts.append.wal;
  }

  /** Hashes of what the newest compactions went through, ascending by revision. */
  get compactionHashes(): readonly KvHash[] {
    return this.parts.applier.compactionHashes.all;
  }

  /** The backend file's content and pages. */
  get backend(): Backend {
    return this.parts.applier.backend;
  }

  /** The leases, as it has applied them; the primary knows when they end. */
  get lessor(): Lessor {
    return this.parts.applier.lessor;
  }

  /** The alarms that stand, as it has applied them. */
  get alarms(): readonly Alarm[] {
    return this.parts.applier.alarms;
  }

  /** Who there is and what they may do, as it has applied it. */
  get auth(): AuthState {
    return this.parts.applier.auth.view;
  }

  /** Who is in the cluster, as it has applied it. */
  get membership(): Membership {
    return this.parts.applier.membership;
  }

  /** Index of the last entry that is in the backend file, durably. etcd: the consistent index. */
  get committedToBackend(): Index {
    return this.parts.commit.committedIndex;
  }

  /** Records that wait to be deleted from the backend file. */
  get compactQueue(): number {
    return this.parts.compact.length;
  }

  /** Requests that are not answered. */
  waiting(): number {
    const {authorizer, requests, lease, defragment} = this.parts;
    return authorizer.waits.size + requests.waiting + lease.waiting + defragment.asked;
  }

  /** What an entry holds, in a few words for people. */
  entryText(entry: Entry): string {
    return entryText(entry);
  }
}
