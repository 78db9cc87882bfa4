// The watch API's words. etcd's names in camelCase.

import type {Key} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import type {StoreEvent} from "../mvcc/kv.ts";

export interface WatchCreateRequest {
  readonly kind: "watchCreate";
  readonly key: Key;
  readonly rangeEnd?: Key;
  /** First revision wanted; 0 is "from now on". */
  readonly startRevision?: Revision;
  readonly prevKv?: boolean;
  /** Leave out puts or deletes. */
  readonly filters?: readonly ("noput" | "nodelete")[];
  /** 0 or absent: the server picks the least free one. */
  readonly watchId?: number;
  /** A response without events now and then, when there were none. */
  readonly progressNotify?: boolean;
  /** A response that is too large may be cut between events. */
  readonly fragment?: boolean;
}

/** Asks on a stream how far all of its watches are; answered only while all are synced. */
export interface WatchProgressRequest {
  readonly kind: "watchProgress";
}

export interface WatchCancelRequest {
  readonly kind: "watchCancel";
  readonly watchId: number;
}

/** One answer on a watch stream. */
export interface WatchResult {
  readonly kind: "watch";
  readonly watchId: number;
  readonly created?: boolean;
  readonly canceled?: boolean;
  /** With `canceled`: the start revision lies before this one. */
  readonly compactRevision?: Revision;
  readonly cancelReason?: string;
  /** The rest of the same revisions follows. */
  readonly fragment?: boolean;
  /** All of each revision in them, in order. */
  readonly events: readonly StoreEvent[];
}
