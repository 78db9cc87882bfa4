// Small named decisions about users that a bug could get wrong (law 12), as core/raft/rules.ts has those of raft.

import type {Key, KeyRange} from "../base/key.ts";
import {hashPassword, isPassword} from "./password.ts";

export interface AuthRules {
  /** Whether what follows from the state is made anew when a snapshot's state takes its place. etcd #14571. */
  derivesAfterRestore(): boolean;
  /** Whether an entry about users moves the consistent index, as all others do. etcd #11651. */
  movesIndex(): boolean;
  /** Whether the operations of a transaction within a transaction are looked at, as those of the outer one are. */
  looksIntoNested(): boolean;
  /** Whether a put needs READ for the pair before, which it answers, and WRITE on all keys of the lease that it attaches to. */
  putNeedsAll(put: {readonly inTxn: boolean}): boolean;
  /** The keys on which a watch of `range` needs READ. */
  watched(range: KeyRange): KeyRange;
  /** Whether a lease is revoked only by who may WRITE all of its keys. etcd #11689. */
  revokingNeedsKeys(): boolean;
  /** Whether the keys of a lease are told only to who may READ them. */
  tellingNeedsKeys(): boolean;
  /** What is kept of a password, in the log and in the store. `salt`: an integer in [0, saltBound), drawn for it. */
  hashPassword(password: Key, salt: number): Key;
  /** Whether it is the password of which that is kept. */
  isPassword(password: Key, hashed: Key): boolean;
}

export const authRules: AuthRules = {
  derivesAfterRestore() {
    return true;
  },
  movesIndex() {
    // It would be applied again after a restart, and what changes users counts.
    return true;
  },
  looksIntoNested() {
    return true;
  },
  putNeedsAll() {
    return true;
  },
  watched(range) {
    return range;
  },
  revokingNeedsKeys() {
    return true;
  },
  tellingNeedsKeys() {
    return true;
  },
  hashPassword,
  isPassword,
};
