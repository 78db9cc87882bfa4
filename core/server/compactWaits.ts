// Who asked for a compaction and is answered only when all that it dropped is deleted from the backend file, and that is
// committed: else a crash could bring some of it back (etcd v3_server.go, Compact with `physical`). No time runs out here,
// as in etcd: what is waited for goes on whatever the cluster does.

import type {Hasher} from "../base/hasher.ts";
import {integerMax, type Revision} from "../base/quantity.ts";
import type {Asker} from "./proposals.ts";

interface Waiting extends Asker {
  readonly revision: Revision;
}

export class CompactWaits {
  /** Ascending by revision: each compaction is at a higher one than the last. */
  private waiting: readonly Waiting[] = [];

  get size(): number {
    return this.waiting.length;
  }

  /** The least revision that somebody waits for; `integerMax` if nobody does. */
  get least(): Revision {
    return this.waiting[0]?.revision ?? integerMax;
  }

  add({stream, id}: Asker, revision: Revision): void {
    this.waiting = [...this.waiting, {stream, id, revision}];
  }

  /** Takes those that are to be answered: the compaction at `revision` is done, or a later one. */
  done(revision: Revision): readonly Asker[] {
    if (revision < this.least) return [];
    const done = this.waiting.filter((one) => one.revision <= revision);
    this.waiting = this.waiting.slice(done.length);
    return done;
  }

  /** The client is gone. */
  close(stream: number): void {
    this.waiting = this.waiting.filter((one) => one.stream !== stream);
  }

  fork(): CompactWaits {
    const twin = new CompactWaits();
    twin.waiting = this.waiting;
    return twin;
  }

  digest(into: Hasher): void {
    into.int(this.waiting.length);
    for (const {stream, id, revision} of this.waiting) {
      into.int(stream);
      into.int(id);
      into.int(revision);
    }
  }
}
