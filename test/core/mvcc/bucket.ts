// The backend as far as a store is in it, in the plainest form, with the compaction that deletes in batches; and all by
// which two stores can be told apart.

import {deepStrictEqual} from "node:assert/strict";
import {present} from "../../../core/base/assert.ts";
import {compareKeys, type Key} from "../../../core/base/key.ts";
import type {StoreEvent} from "../../../core/mvcc/kv.ts";
import {encodeRecord, revisionBytes} from "../../../core/mvcc/recordBytes.ts";
import {restoreStore, type RestoredStore} from "../../../core/mvcc/restoreStore.ts";
import {everyKey, type DroppedRecord, type Store} from "../../../core/mvcc/store.ts";
import {decoded, encoded} from "./notation.ts";
import {digest} from "./steps.ts";

export class Bucket {
  readonly records = new Map<Key, Uint8Array>();
  finished = -1;
  scheduled = -1;
  private jobs: {readonly revision: number; left: readonly DroppedRecord[]}[] = [];

  /** What the compactions have still to delete, in the order of revisions. */
  get left(): readonly DroppedRecord[] {
    return this.jobs.flatMap(({left}) => left).sort((a, b) => a.main - b.main || a.sub - b.sub);
  }

  write(events: readonly StoreEvent[]): void {
    for (const [sub, event] of events.entries()) {
      const {key, value} = encodeRecord(event, sub);
      this.records.set(key, value);
    }
  }

  compact(revision: number, dropped: readonly DroppedRecord[]): void {
    this.scheduled = revision;
    this.jobs.push({revision, left: dropped});
  }

  /** One batch of the oldest compaction; the last one finishes it. */
  deleteBatch(size: number): void {
    const job = this.jobs[0];
    if (job === undefined) return;
    for (const {main, sub, isTombstone} of job.left.slice(0, size)) {
      if (!this.records.delete(revisionBytes(main, sub, isTombstone)))
        throw new Error(`${main}.${sub} is gone`);
    }
    job.left = job.left.slice(size);
    if (job.left.length > 0) return;
    this.finished = job.revision;
    this.jobs.shift();
  }

  deleteAll(): void {
    while (this.jobs.length > 0) this.deleteBatch(1000);
  }

  /** The member starts anew: what it has is what stands here. */
  crash(): RestoredStore {
    const restored = present(restoreStore(decoded(this.inOrder()), this.finished, this.scheduled), "a store");
    deepStrictEqual(restored.dropped, this.left);
    this.jobs = this.finished < this.scheduled ? [{revision: this.scheduled, left: restored.dropped}] : [];
    return restored;
  }

  inOrder(): readonly (readonly [Key, Uint8Array])[] {
    return [...this.records].sort(([a], [b]) => compareKeys(a, b));
  }
}

/** Compares all that a store shows or hands on. */
export function expectEqual(store: Store, expected: Store): void {
  deepStrictEqual(shown(store), shown(expected));
}

function shown(store: Store): object {
  const {currentRevision: current, compactRevision: compacted} = store;
  const reads = [];
  const hashes = [];
  for (let at = Math.max(1, compacted); at <= current; at++) {
    reads.push(store.range({kind: "range", key: "\0", rangeEnd: "\0", revision: at}));
    hashes.push(store.hashKv(at));
  }
  return {
    current,
    compacted,
    digest: digest(store),
    histories: historiesOf(store),
    reads,
    hashes,
    events: store.eventsBetween(compacted, current + 1, everyKey),
    records: store.records(),
    bytes: encoded(store),
  };
}

export function historiesOf(store: Store): unknown[] {
  return store.keys().map((key) => [key, store.history(key)]);
}
