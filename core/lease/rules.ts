// The lessor's small named decisions (law 12): a bug is another set of them. Each is a pure function of what it is given.

import type {Key} from "../base/key.ts";
import type {LeaseId} from "../base/quantity.ts";
import type {LeaseRecord} from "./leaseRecord.ts";

export interface LeaseRules {
  /** Whether a lease of the backend file is taken over from there: each is, whatever its id. etcd #12535. */
  isRestored(lease: LeaseId): boolean;
  /** Whether a key whose last value in the file names a lease hangs on it again. etcd bootstrap.go: "always recover lessor before kv". */
  attachesAnew(): boolean;
  /** Whether a key may be put on a lease: it must be there when the put is applied. */
  mayAttach(asked: {readonly isThere: boolean}): boolean;
  /** In which order the keys of a lease that ends are deleted: the same on all members. etcd lessor.go, Revoke. */
  deletionOrder(ascending: readonly Key[]): readonly Key[];
  /** What the backend file keeps of a lease. etcd #13508. */
  stored(record: LeaseRecord): LeaseRecord;
  /** Whether the others are to be told what is left of a lease; `takenOver`: it was granted under an earlier primary. etcd #13491. */
  mayCheckpoint(asked: {readonly takenOver: boolean}): boolean;
  /** By which lease a keep-alive is answered: `seen` as it came to stand at a point, `found` when it goes on. etcd #14758, #20590. */
  leaseToRenew(asked: {
    readonly seen: LeaseRecord | undefined;
    readonly found: LeaseRecord | undefined;
  }): LeaseRecord | undefined;
  /** Whether a lease may be renewed: its revocation may be on its way. etcd lessor.go, Renew. */
  mayRenew(asked: {readonly hasExpired: boolean}): boolean;
  /** Whether a member may say how long a lease has to live. etcd #17642. */
  mayTellRest(asked: {readonly isPrimary: boolean}): boolean;
  /** Whether a primary that is one no more gives up revoking what it found expired. etcd #15247. */
  givesUpWhenDemoted(): boolean;
}

export const leaseRules: LeaseRules = {
  isRestored() {
    return true;
  },
  attachesAnew() {
    return true;
  },
  mayAttach({isThere}) {
    return isThere;
  },
  deletionOrder(ascending) {
    return ascending;
  },
  stored(record) {
    return record;
  },
  mayCheckpoint() {
    return true;
  },
  leaseToRenew({found}) {
    return found;
  },
  mayRenew({hasExpired}) {
    return !hasExpired;
  },
  mayTellRest({isPrimary}) {
    return isPrimary;
  },
  givesUpWhenDemoted() {
    return true;
  },
};
