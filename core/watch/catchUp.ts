// One read of the history for many watchers that are behind (etcd mvcc/watchable_store.go, rangeEvents, and
// mvcc/watcher_group.go, eventBatch).

import type {Revision} from "../base/quantity.ts";
import type {StoreEvent} from "../mvcc/kv.ts";
import {everyKey, type Store} from "../mvcc/store.ts";
import type {Watcher} from "./watcher.ts";
import {WatcherIndex} from "./watcherIndex.ts";

/** What one watcher gets of a read: whole revisions, in order, filters not yet applied. */
export interface Batch {
  readonly events: StoreEvent[];
  /** Distinct revisions in it. */
  revisions: number;
  last: Revision;
  /** The first revision in its range that it had no room for. */
  rest: Revision | undefined;
}

/**
 * Reads from the least next revision on, until there is nothing more or every watcher has `most` revisions and knows of
 * another. Those without an entry have nothing to be told. etcd reads on to the end in any case (#22264).
 */
export function catchUp(
  store: Store,
  watchers: readonly Watcher[],
  most: number,
): ReadonlyMap<Watcher, Batch> {
  const batches = new Map<Watcher, Batch>();
  const index = new WatcherIndex<Watcher>();
  let from = store.currentRevision + 1;
  for (const watcher of watchers) {
    index.add(watcher);
    from = Math.min(from, watcher.nextRevision);
  }
  let open = watchers.length;
  // So a single watcher whose every revision it is gets by with one stride.
  const stride = most + 1;
  const end = store.currentRevision + 1;
  while (open > 0) {
    const read = store.eventsBetween(from, end, everyKey, stride);
    for (const {revision, events} of read) {
      for (const event of events) {
        index.visit(event.kv.key, (watcher) => {
          if (revision < watcher.nextRevision) return;
          const batch = batches.get(watcher) ?? emptyBatch();
          if (batch.revisions === 0) batches.set(watcher, batch);
          if (take(batch, event, revision, most)) open--;
        });
      }
      from = revision + 1;
    }
    if (read.length < stride) break;
  }
  return batches;
}

function emptyBatch(): Batch {
  return {events: [], revisions: 0, last: 0, rest: undefined};
}

/** Adds the event if its revision has room; true once it learns of one that has none. */
function take(batch: Batch, event: StoreEvent, revision: Revision, most: number): boolean {
  if (batch.rest !== undefined) return false;
  if (batch.last !== revision) {
    if (batch.revisions === most) {
      batch.rest = revision;
      return true;
    }
    batch.revisions++;
    batch.last = revision;
  }
  batch.events.push(event);
  return false;
}
