// A client's watch stream: all its watches share one channel of responses, so that a slow client slows its own watches
// only (etcd mvcc/watcher.go, watchStream). Responses with events, progress and cancellations by compaction take one of
// a bounded number of places; answers to what the client asked for always find room.

import type {Hasher} from "../base/hasher.ts";
import type {Revision} from "../base/quantity.ts";
import type {WatchResult} from "./watch.ts";
import {digestEvents} from "./watcher.ts";

/** A response on the channel. */
export interface QueuedResponse {
  /** The id of the request under which it goes out. */
  readonly request: number;
  /** For its header; 0: the header carries none. */
  readonly revision: Revision;
  readonly result: WatchResult;
  /** Whether it takes one of the bounded places. */
  readonly bounded: boolean;
  /** Whether the events get their previous values when it is sent. */
  readonly prevKv: boolean;
  /** Whether it may be cut between events. */
  readonly fragment: boolean;
}

export class WatchStream {
  readonly id: number;
  /** The least watch id that was not given out by itself. */
  nextWatchId = 0;
  /** Watches that were cancelled as compacted, with the request that created each: their ids stay taken until the client cancels them. */
  readonly compacted = new Map<number, number>();
  /** How many of its responses are bounded. */
  bounded = 0;
  // Taken from the front by moving on; what was taken is dropped once it is the greater part.
  private queue: QueuedResponse[] = [];
  private taken = 0;

  constructor(id: number) {
    this.id = id;
  }

  get isEmpty(): boolean {
    return this.taken === this.queue.length;
  }

  push(response: QueuedResponse): void {
    this.queue.push(response);
    if (response.bounded) this.bounded++;
  }

  /** The oldest response. */
  shift(): QueuedResponse | undefined {
    const first = this.queue[this.taken];
    if (first === undefined) return undefined;
    this.taken++;
    if (2 * this.taken > this.queue.length) {
      this.queue.splice(0, this.taken);
      this.taken = 0;
    }
    if (first.bounded) this.bounded--;
    return first;
  }

  /** Oldest first. */
  responses(): readonly QueuedResponse[] {
    return this.queue.slice(this.taken);
  }

  fork(): WatchStream {
    const twin = new WatchStream(this.id);
    twin.nextWatchId = this.nextWatchId;
    for (const [watchId, request] of this.compacted) twin.compacted.set(watchId, request);
    twin.bounded = this.bounded;
    if (!this.isEmpty) twin.queue = this.queue.slice(this.taken);
    return twin;
  }

  digest(into: Hasher): void {
    into.int(this.id);
    into.int(this.nextWatchId);
    into.int(this.compacted.size);
    for (const [watchId, request] of [...this.compacted].sort(([a], [b]) => a - b)) {
      into.int(watchId);
      into.int(request);
    }
    const responses = this.responses();
    into.int(responses.length);
    for (const response of responses) digestQueued(response, into);
  }
}

export function digestQueued(response: QueuedResponse, into: Hasher): void {
  const {request, revision, result, bounded, prevKv, fragment} = response;
  into.int(request);
  into.int(revision);
  into.bool(bounded);
  into.bool(prevKv);
  into.bool(fragment);
  into.int(result.watchId);
  into.bool(result.created === true);
  into.bool(result.canceled === true);
  into.int(result.compactRevision ?? 0);
  into.string(result.cancelReason ?? "");
  digestEvents(result.events, into);
}
