// A change as it is recorded: what a store comes back from, and what compaction drops.

import type {Key} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import {noValue, type FullRevision, type KeyValue} from "./kv.ts";

/** One recorded change as it stands in the backend's bucket `key`: what a store comes back from. */
export interface StoreRecord {
  readonly revision: FullRevision;
  readonly isTombstone: boolean;
  /** A tombstone's holds only key and modRevision. */
  readonly kv: KeyValue;
}

/** Where a record stood that compaction has dropped: in the bucket `key` it is still to be deleted. */
export interface DroppedRecord extends FullRevision {
  readonly isTombstone: boolean;
}

/** The `kv` of a delete. */
export function tombstoneOf(key: Key, modRevision: Revision): KeyValue {
  return {key, value: noValue, createRevision: 0, modRevision, version: 0, lease: ""};
}
