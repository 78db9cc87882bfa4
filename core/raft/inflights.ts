// The AppendEntries on the way to one follower in state replicate: the last index of each, oldest first. A bound on
// their number keeps a slow follower from being flooded. etcd: tracker/inflights.go.

import {assert} from "../base/assert.ts";
import type {Index} from "./entry.ts";

export class Inflights {
  private readonly max: number;
  private lasts: Index[] = [];

  constructor(max: number) {
    this.max = max;
  }

  get count(): number {
    return this.lasts.length;
  }

  get full(): boolean {
    return this.lasts.length >= this.max;
  }

  /** Index that the oldest message ends with, if any is on the way. */
  get oldest(): Index | undefined {
    return this.lasts[0];
  }

  /** A message that ends with `last` was sent. */
  add(last: Index): void {
    assert(!this.full, `a message was sent though ${this.max} are on the way`);
    this.lasts.push(last);
  }

  /** The follower holds everything up to `index`: messages that end there or before have arrived, or do not matter. */
  freeTo(index: Index): void {
    let freed = 0;
    while ((this.lasts[freed] ?? index + 1) <= index) freed++;
    if (freed > 0) this.lasts.splice(0, freed);
  }

  clear(): void {
    this.lasts.length = 0;
  }

  fork(): Inflights {
    const twin = new Inflights(this.max);
    twin.lasts = this.lasts.slice();
    return twin;
  }

  /** Oldest first, for the digest. */
  list(): readonly Index[] {
    return this.lasts;
  }
}
