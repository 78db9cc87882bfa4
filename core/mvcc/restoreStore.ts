// How a member that starts, or was sent a snapshot, has its store again: from the records in the backend's bucket `key`
// and the two revisions beside them (etcd mvcc/kvstore.go `restore`).

import type {Revision} from "../base/quantity.ts";
import {mvccRules} from "./rules.ts";
import {Store, type DroppedRecord, type KvHash, type StoreRecord} from "./store.ts";

export interface RestoredStore {
  readonly store: Store;
  /** Of the records that were given, those that the compaction had not come to: still to be deleted, oldest first. */
  readonly dropped: readonly DroppedRecord[];
  /** Of what a compaction that was done again went through; absent, since that is no longer all of it. */
  readonly hash?: KvHash | undefined;
}

/**
 * The store whose records these are, oldest first: all of them, save that a compaction at `scheduled` may have deleted
 * some of what it drops, the oldest first. `finished` is the newest compaction that has deleted all; both are −1 if there
 * was none. An unfinished compaction is done again, so that the store shows nothing that it had forgotten before.
 * Undefined if the records contradict each other or the revisions.
 */
export function restoreStore(
  records: readonly StoreRecord[],
  finished: Revision,
  scheduled: Revision,
  rules = mvccRules,
): RestoredStore | undefined {
  const newest = records.at(-1)?.revision.main ?? 1;
  const current = rules.restoredRevision({newest, finished, scheduled});
  const store = Store.restored({currentRevision: current, compactRevision: finished, records}, rules);
  if (store === undefined) return undefined;
  if (!rules.mustCompactAgain({finished, scheduled, current})) return {store, dropped: []};
  const hash = rules.mayHashCompaction(false) ? store.compactionHash(scheduled) : undefined;
  // A tombstone at `scheduled` may be all that is left of its key; it came back by itself and is kept again (#19179).
  const compacted = store.compact(scheduled);
  return compacted.ok ? {store, dropped: compacted.value, hash} : undefined;
}
