// What really happened, revision by revision: the changes of the member that applied each revision first. The watch
// checks compare what clients were told with this.

import type {StoreEvent} from "../../core/mvcc/kv.ts";
import {everyKey} from "../../core/mvcc/store.ts";
import type {EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";

export class WatchTruth {
  /** By revision; undefined where it was compacted before anyone looked. A fresh store is at 1. */
  private readonly changes: (readonly StoreEvent[] | undefined)[] = [undefined, []];

  /** The last revision that any member reached. */
  get last(): number {
    return this.changes.length - 1;
  }

  /** The changes of one revision, in order; undefined when they are not known. */
  at(revision: number): readonly StoreEvent[] | undefined {
    return this.changes[revision];
  }

  fork(): WatchTruth {
    const twin = new WatchTruth();
    for (let revision = 2; revision < this.changes.length; revision++)
      twin.changes.push(this.changes[revision]);
    return twin;
  }

  after(view: WorldView, event: EventRecord): void {
    for (const change of event.changes) {
      if (change.kind !== "revision" || change.revision <= this.last) continue;
      const store = view.members[change.member - 1]?.server?.store;
      if (store === undefined) continue;
      const from = this.last + 1;
      while (this.last < change.revision)
        this.changes.push(this.last + 1 <= store.compactRevision ? undefined : []);
      for (const {revision, events} of store.eventsBetween(from, change.revision + 1, everyKey)) {
        if (revision > store.compactRevision) this.changes[revision] = events;
      }
    }
  }
}
