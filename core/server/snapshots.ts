// When a member makes a snapshot of what it applied, and how much of the log it keeps behind one, so that a follower that
// is only a little late need not take all of the state (etcd: snapshot-count, SnapshotCatchUpEntries).

import type {Hasher} from "../base/hasher.ts";
import type {Index} from "../raft/entry.ts";

export class Snapshots {
  private readonly every: number;
  private readonly keep: number;
  private latest: Index;

  /** `every` applied entries; 0: never. `latest`: the newest one's index. */
  constructor({every, keep}: {readonly every: number; readonly keep: number}, latest: Index) {
    this.every = every;
    this.keep = keep;
    this.latest = latest;
  }

  isDue(applied: Index): boolean {
    return this.every > 0 && applied - this.latest >= this.every;
  }

  /** One at `index` was made, or received. */
  made(index: Index): void {
    this.latest = Math.max(this.latest, index);
  }

  /** Up to where the log may be forgotten once the snapshot at `index` is durable. */
  compactTo(index: Index): Index {
    return Math.max(0, index - this.keep);
  }

  fork(): Snapshots {
    return new Snapshots({every: this.every, keep: this.keep}, this.latest);
  }

  digest(into: Hasher): void {
    into.int(this.latest);
  }
}
