// The line to the worker: numbers every request, so that of answers the newest can win.

import type {FromWorker, ToWorker} from "../protocol.ts";

/** A request before it has its number. */
export type Request = ToWorker extends infer T ? (T extends ToWorker ? Omit<T, "seq"> : never) : never;

export interface Channel {
  post(message: ToWorker): void;
}

export class Port {
  private readonly channel: Channel;
  private last = 0;

  constructor(channel: Channel) {
    this.channel = channel;
  }

  /** Posts it; returns its number. */
  send(request: Request): number {
    this.last += 1;
    this.channel.post({...request, seq: this.last} as ToWorker);
    return this.last;
  }

  /** Withdraws a request that takes too long. */
  cancel(seq: number): void {
    this.channel.post({kind: "cancel", seq});
  }
}

/** Whether a message that came from outside is one of ours. */
export function isFromWorker(data: unknown): data is FromWorker {
  return typeof data === "object" && data !== null && "kind" in data && typeof data.kind === "string";
}
