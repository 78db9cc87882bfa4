// Sends what waits on the watch streams, one response after another, as far as each client has room (etcd
// server/etcdserver/api/v3rpc/watch.go, sendLoop; there is one for each stream). Between taking a response and sending it
// it may pause: what is compacted meanwhile is missing among the previous values.
//
//   resting ──take──▶ (paused ──turn──▶) complete, send ──▶ take the next stream's …

import type {Hasher} from "../base/hasher.ts";
import type {WatchDelivery, Watchers} from "../watch/watchers.ts";
import type {QueuedResponse} from "../watch/watchStream.ts";
import {digestQueued} from "../watch/watchStream.ts";

/** Responses that may be on their way to a client that has taken none of them: etcd's is HTTP/2's, in bytes. */
export const watchWindow = 8;

/** A response on its way to a client, under the id of the request that it belongs to. */
export interface Delivered extends WatchDelivery {
  readonly stream: number;
}

/** What goes out at one time, in order, and whether it then pauses. */
interface Sent {
  readonly delivered: readonly Delivered[];
  readonly pauses: boolean;
}

const nothing: Sent = {delivered: [], pauses: false};

interface Held {
  readonly stream: number;
  readonly response: QueuedResponse;
}

export class WatchSend {
  private readonly pauses: boolean;
  /** How many responses each stream's client has room for; below 0 after one that was cut. */
  private readonly credit = new Map<number, number>();
  private state: "resting" | "paused" | "running" = "resting";
  /** While it pauses, unless the stream was closed. */
  private held: Held | undefined;
  /** The stream that was served last: the others have their turn before it. */
  private last = -1;

  constructor(pauses: boolean) {
    this.pauses = pauses;
  }

  /** A new stream has room for a whole window. */
  open(stream: number): void {
    if (!this.credit.has(stream)) this.credit.set(stream, watchWindow);
  }

  /** The client took responses and has room for as many more. Streams without a watch keep no account. */
  addCredit(stream: number, room: number): void {
    const credit = this.credit.get(stream);
    if (credit !== undefined) this.credit.set(stream, credit + room);
  }

  close(stream: number): void {
    this.credit.delete(stream);
    if (this.held?.stream === stream) this.held = undefined;
  }

  turn(): void {
    if (this.state === "paused") this.state = "running";
  }

  /** Sends what may go out now. */
  step(watchers: Watchers): Sent {
    if (this.state === "paused" || (this.held === undefined && this.rests(watchers))) return nothing;
    const delivered: Delivered[] = [];
    if (this.held !== undefined) this.send(this.held, watchers, delivered);
    this.held = undefined;
    this.state = "resting";
    for (;;) {
      const next = this.takeNext(watchers);
      if (next === undefined) return {delivered, pauses: false};
      if (this.pauses) {
        this.held = next;
        this.state = "paused";
        return {delivered, pauses: true};
      }
      this.send(next, watchers, delivered);
    }
  }

  fork(): WatchSend {
    const twin = new WatchSend(this.pauses);
    for (const [stream, credit] of this.credit) twin.credit.set(stream, credit);
    twin.state = this.state;
    twin.held = this.held;
    twin.last = this.last;
    return twin;
  }

  digest(into: Hasher): void {
    into.int(this.credit.size);
    for (const [stream, credit] of [...this.credit].sort(([a], [b]) => a - b)) {
      into.int(stream);
      into.int(credit);
    }
    into.string(this.state);
    into.int(this.last);
    into.bool(this.held !== undefined);
    if (this.held === undefined) return;
    into.int(this.held.stream);
    digestQueued(this.held.response, into);
  }

  /** Whether there is nothing to send, and nothing to be noted of that. */
  private rests(watchers: Watchers): boolean {
    return this.state === "resting" && this.last === -1 && watchers.waitingBehind(-1) === undefined;
  }

  /** The oldest response of the next stream whose client has room. */
  private takeNext(watchers: Watchers): Held | undefined {
    const stream = this.sendable(watchers, this.last) ?? this.sendable(watchers, -1);
    this.last = stream ?? -1;
    const response = stream === undefined ? undefined : watchers.take(stream);
    return stream === undefined || response === undefined ? undefined : {stream, response};
  }

  private sendable(watchers: Watchers, behind: number): number | undefined {
    let stream = watchers.waitingBehind(behind);
    while (stream !== undefined && (this.credit.get(stream) ?? 0) <= 0)
      stream = watchers.waitingBehind(stream);
    return stream;
  }

  private send({stream, response}: Held, watchers: Watchers, delivered: Delivered[]): void {
    const pieces = watchers.complete(response);
    this.credit.set(stream, (this.credit.get(stream) ?? 0) - pieces.length);
    for (const piece of pieces) delivered.push({stream, ...piece});
  }
}
