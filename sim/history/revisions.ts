// What the store really did, revision by revision: the changes of the member that applied each revision first. What
// clients were told is compared with this.

import type {Micros} from "../../core/base/quantity.ts";
import type {StoreEvent} from "../../core/mvcc/kv.ts";
import {everyKey} from "../../core/mvcc/store.ts";
import type {Store} from "../../core/mvcc/store.ts";
import {SharedList} from "./sharedList.ts";

type Changes = readonly StoreEvent[] | undefined;

/** A fresh store is at revision 1. */
const firstMade = 2;

/** Grows; may be kept. */
export interface RevisionsView {
  /** The last revision that any member reached. */
  readonly last: number;
  /** The changes of one revision, in order; undefined when they are not known: compacted before anyone looked. */
  at(revision: number): readonly StoreEvent[] | undefined;
  /** When the first member had made it. */
  madeAt(revision: number): Micros;
}

export class Revisions implements RevisionsView {
  /** From revision 2 on. */
  private changes = new SharedList<Changes>();
  private times = new SharedList<Micros>();

  get last(): number {
    return this.changes.length + firstMade - 1;
  }

  at(revision: number): Changes {
    return revision < firstMade ? [] : this.changes.at(revision - firstMade);
  }

  madeAt(revision: number): Micros {
    return this.times.at(revision - firstMade) ?? 0;
  }

  /** A member's store, after an event: what is new in it is taken over. O(1) when nothing is. */
  note(store: Store, now: Micros): void {
    const {currentRevision: current, compactRevision} = store;
    if (current <= this.last) return;
    const made = store.eventsBetween(this.last + 1, current + 1, everyKey);
    let known = 0;
    while (this.last < current) {
      const next = this.last + 1;
      const changes = made[known]?.revision === next ? made[known++]?.events : [];
      this.times.push(now);
      this.changes.push(next <= compactRevision ? undefined : changes);
    }
  }

  fork(): Revisions {
    const twin = new Revisions();
    twin.changes = this.changes.fork();
    twin.times = this.times.fork();
    return twin;
  }
}
