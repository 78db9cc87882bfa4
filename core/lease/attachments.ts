// Which keys hang on which lease, seen from both sides: a key on one lease at most (etcd: itemMap and a lease's itemSet).

import {compareKeys} from "../base/key.ts";
import type {Key} from "../base/key.ts";
import type {LeaseId} from "../base/quantity.ts";
import {BTree} from "../btree/btree.ts";

interface Attachment {
  readonly lease: LeaseId;
  readonly key: Key;
}

export class Attachments {
  private byKey = new BTree<Key, LeaseId>(compareKeys);
  private byLease = new BTree<Attachment, true>(compareAttachments);

  /** "" if the key hangs on none. */
  leaseOf(key: Key): LeaseId {
    return this.byKey.get(key) ?? "";
  }

  /** Ascending. */
  keysOf(lease: LeaseId): readonly Key[] {
    const keys: Key[] = [];
    this.byLease.scan({lease, key: ""}, (one) => {
      if (one.lease !== lease) return false;
      keys.push(one.key);
      return true;
    });
    return keys;
  }

  attach(key: Key, lease: LeaseId): void {
    if (this.leaseOf(key) === lease) return;
    this.detach(key);
    this.byKey.set(key, lease);
    this.byLease.set({lease, key}, true);
  }

  detach(key: Key): void {
    const lease = this.byKey.get(key);
    if (lease === undefined) return;
    this.byKey.delete(key);
    this.byLease.delete({lease, key});
  }

  /** The lease is gone; answers the keys that hung on it, ascending. */
  drop(lease: LeaseId): readonly Key[] {
    const keys = this.keysOf(lease);
    for (const key of keys) this.detach(key);
    return keys;
  }

  fork(): Attachments {
    const twin = new Attachments();
    twin.byKey = this.byKey.fork();
    twin.byLease = this.byLease.fork();
    return twin;
  }
}

function compareAttachments(a: Attachment, b: Attachment): number {
  return compareKeys(a.lease, b.lease) || compareKeys(a.key, b.key);
}
