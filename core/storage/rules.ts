// Small named decisions about bytes that must survive a crash which a bug could get wrong (law 12), as core/raft/rules.ts has
// raft's. Each is a pure function of what it is given.

import {nextDbFile} from "./files.ts";
import type {PageSum} from "./page.ts";

export interface StorageRules {
  /** Whether the name of a new segment is synced before anything is written to it. etcd wal/wal.go, cut. */
  mustSyncName(): boolean;
  /** Under which name the backend file of a new member is written until it is whole and gets `name`. */
  nameUntilWhole(name: string): string;
  /** Whether a record of the log is as it was written, by the checksum that it has and the one that its bytes give. */
  fitsChain(stored: number, computed: number): boolean;
  /** Whether a record of the log that does not check, and all behind it, is cut off when the log is opened. */
  mayCutOff(found: BrokenRecord): boolean;
  /** Whether a snapshot file counts that is whole; `logged`: the log tells of it. etcd: ValidSnapshotEntries. */
  countsSnapshot(logged: boolean): boolean;
  /** Whether a page is as it was written, by the checksum that it has and the one that its bytes give. */
  isIntact(stored: PageSum, computed: PageSum): boolean;
}

export interface BrokenRecord {
  /** Parts of it were never written; else something that no crash leaves stands there. */
  readonly looksTorn: boolean;
  /** It is in the last segment. */
  readonly isLast: boolean;
  /** Something behind it was written when all before was synced. */
  readonly wasSynced: boolean;
}

export const storageRules: StorageRules = {
  mustSyncName() {
    return true;
  },
  nameUntilWhole() {
    return nextDbFile;
  },
  fitsChain(stored, computed) {
    return stored === computed;
  },
  mayCutOff({looksTorn, isLast, wasSynced}) {
    // Whatever else does not check was whole once, and may have been promised.
    return looksTorn && isLast && !wasSynced;
  },
  countsSnapshot(logged) {
    return logged;
  },
  isIntact(stored, computed) {
    return stored.a === computed.a && stored.b === computed.b;
  },
};
