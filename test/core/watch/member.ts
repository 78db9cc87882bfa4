// A store with its watchers, in short hand.

import type {DeleteRangeRequest, PutRequest, TxnRequest} from "../../../core/mvcc/kv.ts";
import type {Store} from "../../../core/mvcc/store.ts";
import type {WatchCreateRequest} from "../../../core/watch/watch.ts";
import {Watchers, type WatchDelivery, type WatchLimits} from "../../../core/watch/watchers.ts";
import {history, must, sent} from "../mvcc/notation.ts";
import {takeResponse} from "./taking.ts";

/** A store with its watchers, and the applier between them. */
export class Member {
  store: Store;
  readonly watchers: Watchers;

  constructor(store: Store, limits: Partial<WatchLimits> = {}) {
    this.store = store;
    this.watchers = new Watchers(store, limits);
  }

  write(...requests: readonly (PutRequest | DeleteRangeRequest | TxnRequest)[]): void {
    for (const request of requests) {
      const {revision, events} = must(this.store.apply(request));
      if (events.length > 0) this.watchers.notify(revision, events);
    }
  }

  progress(watchId?: number, stream = 1): void {
    if (watchId === undefined) this.watchers.progressAll(stream, 99);
    else this.watchers.progress(stream, watchId);
  }

  /** Replaces the store by one in which these writes happened, unseen by the watchers. */
  restore(requests: readonly (PutRequest | DeleteRangeRequest | TxnRequest)[], compactAt?: number): void {
    const newer = sent(this.store);
    for (const request of requests) must(newer.apply(request));
    if (compactAt !== undefined) must(newer.compact(compactAt));
    this.store = newer;
    this.watchers.restore(newer);
  }

  watch(key: string, startRevision = 0, more: Partial<WatchCreateRequest> = {}, stream = 1): void {
    this.watchers.create(stream, {kind: "watchCreate", key, startRevision, ...more});
  }

  /** All that waits on the stream, as `0@5 put a 5, del b 5`: watch id, header revision, events. */
  take(stream = 1): string[] {
    const shown: string[] = [];
    for (
      let next = takeResponse(this.watchers, stream);
      next !== undefined;
      next = takeResponse(this.watchers, stream)
    ) {
      shown.push(show(next));
    }
    return shown;
  }

  /** Lets rounds follow each other until everything is taken that can be. */
  drain(): string[] {
    const shown = this.take();
    while (this.watchers.needsMoveVictims || this.watchers.needsSync) {
      if (this.watchers.needsMoveVictims) this.watchers.moveVictims();
      else this.watchers.sync();
      shown.push(...this.take());
    }
    return shown;
  }

  groups(): string[] {
    return this.watchers.view().map(({group, nextRevision}) => `${group} ${nextRevision}`);
  }
}

export function show({result, revision}: WatchDelivery): string {
  const parts = result.events.map(
    ({kind, kv}) => `${kind === "put" ? "put" : "del"} ${kv.key} ${kv.modRevision}`,
  );
  if (result.created === true) parts.push("created");
  if (result.canceled === true) parts.push("canceled");
  if (result.compactRevision !== undefined) parts.push(`compacted ${result.compactRevision}`);
  if (result.cancelReason !== undefined) parts.push(result.cancelReason);
  return `${result.watchId}@${revision} ${parts.join(", ")}`;
}

export const fourPuts = (): Store => history("put a 1", "put a 2", "put a 3", "put a 4");
