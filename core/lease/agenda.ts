// When to look at which lease: each stands in it at most once. Order is by time, then by id (etcd server/lease/
// lease_queue.go, a heap; a tree here, so that twins share it and nothing depends on the order of insertion).

import type {Hasher} from "../base/hasher.ts";
import {compareKeys} from "../base/key.ts";
import type {LeaseId, Micros} from "../base/quantity.ts";
import {BTree} from "../btree/btree.ts";

/** A lease, and when. */
export interface Appointment {
  readonly at: Micros;
  readonly lease: LeaseId;
}

export class Agenda {
  private times = new BTree<LeaseId, Micros>(compareKeys);
  private order = new BTree<Appointment, true>(compareAppointments);

  /** When the first is due. */
  first(): Micros | undefined {
    return this.order.first()?.key.at;
  }

  /** Enters the lease, or moves it. */
  set(lease: LeaseId, at: Micros): void {
    this.delete(lease);
    this.times.set(lease, at);
    this.order.set({at, lease}, true);
  }

  delete(lease: LeaseId): void {
    const at = this.times.get(lease);
    if (at === undefined) return;
    this.times.delete(lease);
    this.order.delete({at, lease});
  }

  /** Takes those that are due, at most `most`, in order. */
  take(most: number, now: Micros): readonly LeaseId[] {
    const due: LeaseId[] = [];
    if (most > 0) {
      this.order.scan(undefined, ({at, lease}) => {
        if (at > now) return false;
        return due.push(lease) < most;
      });
    }
    for (const lease of due) this.delete(lease);
    return due;
  }

  /** In order. */
  all(): readonly Appointment[] {
    const all: Appointment[] = [];
    this.order.scan(undefined, (one) => all.push(one) > 0);
    return all;
  }

  fork(): Agenda {
    const twin = new Agenda();
    twin.times = this.times.fork();
    twin.order = this.order.fork();
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    into.int(this.order.size);
    this.order.scan(undefined, ({at, lease}) => {
      into.int(at - now);
      into.string(lease);
      return true;
    });
  }
}

function compareAppointments(a: Appointment, b: Appointment): number {
  return a.at - b.at || compareKeys(a.lease, b.lease);
}
