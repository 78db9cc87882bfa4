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
  /** 0 or absent: the server counts on to the next one that is free. */
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
  /** With `canceled`: the next revision that the watch would have told of lies before this one. */
  readonly compactRevision?: Revision;
  readonly cancelReason?: string;
  /** Cut off here: more of the same response follows, perhaps of the same revision. */
  readonly fragment?: boolean;
  /** In order, and all of each revision in them, unless the response was cut. */
  readonly events: readonly StoreEvent[];
}
