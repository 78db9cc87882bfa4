// The server's side of watch streams: how many responses each client has room for, and under which request's id a
// watch's responses go out. What is to be said, and in which order, is decided by the watchers (core/watch).

import {present} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {WatchResult} from "../watch/watch.ts";
import type {WatchDelivery, Watchers} from "../watch/watchers.ts";

/** Responses that may be on their way to a client that has taken none of them: etcd's is HTTP/2's, in bytes. */
export const watchWindow = 8;

/** A response on its way to a client, under the id of the request that created its watch. */
export interface Delivered extends WatchDelivery {
  readonly stream: number;
  readonly id: number;
}

const noDelivery: readonly Delivered[] = [];

interface Stream {
  /** Responses that the client has room for. */
  credit: number;
  /** Ids of create requests that were not answered yet, in order: watchers answer them in that order. */
  readonly creating: number[];
  /** Request id by watch id. */
  readonly ids: Map<number, number>;
}

export class WatchStreams {
  private readonly streams = new Map<number, Stream>();
  /** Streams that hold a watch, ascending. */
  private ids: readonly number[] = [];

  get size(): number {
    return this.ids.length;
  }

  /** A watch is asked for under request `id`. A new stream has room for a whole window. */
  creating(stream: number, id: number): void {
    let known = this.streams.get(stream);
    if (known === undefined) {
      known = {credit: watchWindow, creating: [], ids: new Map()};
      this.streams.set(stream, known);
      this.ids = [...this.ids, stream].sort((a, b) => a - b);
    }
    known.creating.push(id);
  }

  /** The client took responses and has room for as many more. Streams without a watch keep no account. */
  addCredit(stream: number, room: number): void {
    const known = this.streams.get(stream);
    if (known !== undefined) known.credit += room;
  }

  /** Takes what the watchers have to say, as far as each client has room, stream by stream. */
  deliver(watchers: Watchers): readonly Delivered[] {
    if (this.ids.length === 0) return noDelivery;
    const delivered: Delivered[] = [];
    for (const stream of this.ids) {
      const known = this.streams.get(stream);
      while (known !== undefined && known.credit > 0) {
        const next = watchers.takeResponse(stream);
        if (next === undefined) break;
        known.credit--;
        delivered.push({stream, id: idOf(known, next.result), ...next});
      }
    }
    return delivered;
  }

  close(stream: number): void {
    if (this.streams.delete(stream)) this.ids = this.ids.filter((id) => id !== stream);
  }

  fork(): WatchStreams {
    const twin = new WatchStreams();
    for (const [stream, {credit, creating, ids}] of this.streams) {
      twin.streams.set(stream, {credit, creating: [...creating], ids: new Map(ids)});
    }
    twin.ids = this.ids;
    return twin;
  }

  digest(into: Hasher): void {
    into.int(this.ids.length);
    for (const stream of this.ids) {
      const known = this.streams.get(stream);
      if (known === undefined) continue;
      into.int(stream);
      into.int(known.credit);
      into.int(known.creating.length);
      for (const id of known.creating) into.int(id);
      into.int(known.ids.size);
      for (const [watchId, id] of [...known.ids].sort(([a], [b]) => a - b)) {
        into.int(watchId);
        into.int(id);
      }
    }
  }
}

/** The id of the request that created the watch: answers to creations come in the order they were asked. */
function idOf(stream: Stream, result: WatchResult): number {
  if (result.created === true) {
    const id = present(stream.creating.shift(), "a create request for a watch's first answer");
    if (result.canceled !== true) stream.ids.set(result.watchId, id);
    return id;
  }
  const id = present(stream.ids.get(result.watchId), `the request that created watch ${result.watchId}`);
  if (result.canceled === true) stream.ids.delete(result.watchId);
  return id;
}
