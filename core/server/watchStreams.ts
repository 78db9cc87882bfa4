// The server's side of watch streams: how many responses each client has room for, and under which request's id a
// watch's responses go out. What is to be said, and in which order, is decided by the watchers (core/watch).

import {assert} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {WatchResult} from "../watch/watch.ts";

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

  get size(): number {
    return this.streams.size;
  }

  /** Streams that hold a watch, ascending. */
  open(): readonly number[] {
    return [...this.streams.keys()].sort((a, b) => a - b);
  }

  /** A watch is asked for under request `id`. A new stream has room for one response. */
  creating(stream: number, id: number): void {
    let known = this.streams.get(stream);
    if (known === undefined) this.streams.set(stream, (known = {credit: 1, creating: [], ids: new Map()}));
    known.creating.push(id);
  }

  /** The client took a response. Streams without a watch keep no account. */
  addCredit(stream: number): void {
    const known = this.streams.get(stream);
    if (known !== undefined) known.credit++;
  }

  hasCredit(stream: number): boolean {
    return (this.streams.get(stream)?.credit ?? 0) > 0;
  }

  /** Spends one credit on `result`; returns the id it goes out under: that of the request that created the watch. */
  spend(stream: number, result: WatchResult): number {
    const known = this.streams.get(stream);
    assert(known !== undefined && known.credit > 0, `stream ${stream} has no room for a watch response`);
    known.credit--;
    if (result.created === true) {
      const id = known.creating.shift();
      assert(id !== undefined, `stream ${stream} answers a watch that nobody asked for`);
      if (result.canceled !== true) known.ids.set(result.watchId, id);
      return id;
    }
    const id = known.ids.get(result.watchId);
    assert(id !== undefined, `stream ${stream} speaks of watch ${result.watchId}, which it never created`);
    if (result.canceled === true) known.ids.delete(result.watchId);
    return id;
  }

  close(stream: number): void {
    this.streams.delete(stream);
  }

  fork(): WatchStreams {
    const twin = new WatchStreams();
    for (const [stream, {credit, creating, ids}] of this.streams) {
      twin.streams.set(stream, {credit, creating: [...creating], ids: new Map(ids)});
    }
    return twin;
  }

  digest(into: Hasher): void {
    const open = this.open();
    into.int(open.length);
    for (const stream of open) {
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
