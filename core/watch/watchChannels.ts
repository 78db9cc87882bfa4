// The streams of a member's clients, and which of them have a response to send.

import {present} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import {BTree} from "../btree/btree.ts";
import {WatchStream, type QueuedResponse} from "./watchStream.ts";

export class WatchChannels {
  /** Bounded responses that a stream holds at most. */
  private readonly channelMax: number;
  private readonly streams = new Map<number, WatchStream>();
  /** Streams with a response to send. */
  private waiting = new BTree<number, true>((a, b) => a - b);

  constructor(channelMax: number) {
    this.channelMax = channelMax;
  }

  /** Whether nothing waits to be sent. */
  get areEmpty(): boolean {
    return this.waiting.size === 0;
  }

  /** The stream, made if it was not there. */
  open(id: number): WatchStream {
    const found = this.streams.get(id);
    if (found !== undefined) return found;
    const stream = new WatchStream(id);
    this.streams.set(id, stream);
    return stream;
  }

  get(id: number): WatchStream | undefined {
    return this.streams.get(id);
  }

  /** That of a watcher: it is there. */
  of({stream}: {readonly stream: number}): WatchStream {
    return present(this.streams.get(stream), "stream", stream);
  }

  /** False if it was not there. What is on it is lost. */
  close(id: number): boolean {
    this.waiting.delete(id);
    return this.streams.delete(id);
  }

  /** Ascending. */
  ids(): readonly number[] {
    return [...this.streams.keys()].sort((a, b) => a - b);
  }

  hasRoom(stream: WatchStream): boolean {
    return stream.bounded < this.channelMax;
  }

  enqueue(stream: WatchStream, response: QueuedResponse): void {
    if (stream.isEmpty) this.waiting.set(stream.id, true);
    stream.push(response);
  }

  /** The first stream behind that one that has something to send. */
  waitingBehind(stream: number): number | undefined {
    let found: number | undefined;
    this.waiting.scan(stream + 1, (id) => {
      found = id;
      return false;
    });
    return found;
  }

  /** Takes the oldest response off a stream. */
  take(id: number): QueuedResponse | undefined {
    const stream = this.streams.get(id);
    const first = stream?.shift();
    if (stream?.isEmpty === true && first !== undefined) this.waiting.delete(id);
    return first;
  }

  /** How many responses of each watch wait, by stream and watch id. */
  queuedByWatch(): ReadonlyMap<number, ReadonlyMap<number, number>> {
    const queued = new Map<number, Map<number, number>>();
    this.waiting.scan(undefined, (id) => {
      const byWatch = new Map<number, number>();
      for (const {result} of this.of({stream: id}).responses())
        byWatch.set(result.watchId, (byWatch.get(result.watchId) ?? 0) + 1);
      queued.set(id, byWatch);
      return true;
    });
    return queued;
  }

  /** An independent twin. Costs O(streams and what they hold). */
  fork(): WatchChannels {
    const twin = new WatchChannels(this.channelMax);
    for (const [id, stream] of this.streams) twin.streams.set(id, stream.fork());
    twin.waiting = this.waiting.fork();
    return twin;
  }

  digest(into: Hasher): void {
    into.int(this.streams.size);
    for (const id of this.ids()) this.of({stream: id}).digest(into);
  }
}
