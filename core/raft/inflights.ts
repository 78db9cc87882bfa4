// The AppendEntries on the way to one follower in state replicate, oldest first: the last index of each, and its payload.
// Bounds on their number and bytes keep a slow follower from being flooded. etcd: tracker/inflights.go.

import {assert} from "../base/assert.ts";
import type {Index} from "./entry.ts";

export interface InflightLimits {
  readonly max: number;
  /** Payload bytes; 0: no limit. Passed by at most one message. */
  readonly bytesMax: number;
}

/** A message that ends with `last`. */
export interface Inflight {
  readonly last: Index;
  readonly bytes: number;
}

export class Inflights {
  private readonly limits: InflightLimits;
  private messages: Inflight[] = [];
  private bytes = 0;

  constructor(limits: InflightLimits) {
    this.limits = limits;
  }

  get count(): number {
    return this.messages.length;
  }

  get full(): boolean {
    const {max, bytesMax} = this.limits;
    return this.messages.length >= max || (bytesMax !== 0 && this.bytes >= bytesMax);
  }

  add(message: Inflight): void {
    if (this.full) assert(false, `a message was sent though ${this.messages.length} are on the way`);
    this.messages.push(message);
    this.bytes += message.bytes;
  }

  /** The follower holds everything up to `index`: messages that end there or before have arrived, or do not matter. */
  freeTo(index: Index): void {
    let freed = 0;
    for (const {last, bytes} of this.messages) {
      if (last > index) break;
      this.bytes -= bytes;
      freed++;
    }
    if (freed > 0) this.messages.splice(0, freed);
  }

  clear(): void {
    this.messages.length = 0;
    this.bytes = 0;
  }

  fork(): Inflights {
    const twin = new Inflights(this.limits);
    twin.messages = this.messages.slice();
    twin.bytes = this.bytes;
    return twin;
  }

  /** Oldest first. */
  list(): readonly Inflight[] {
    return this.messages;
  }
}
