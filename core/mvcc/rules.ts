// Small named decisions of the store that a bug could get wrong (law 12), as core/raft/rules.ts has raft's. A store is made
// with a set of them; a bug is another set. Each is a pure function of what it is given.

import type {KeyRange} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import type {DeleteRangeRequest, RequestOp} from "./kv.ts";

export interface MvccRules {
  /** Whether compaction at `at` forgets a life, its tombstone too, that ended at main revision `ended`. etcd: doCompact. */
  isForgotten(ended: Revision, at: Revision): boolean;
  /**
   * How many of the oldest `puts` puts that a life has at or before the compact revision are dropped. `isOver`: it has ended by
   * then; `follows`: it began in the very revision in which the one before it ended, the compact revision.
   */
  droppedPuts(puts: number, isOver: boolean, follows: boolean): number;
  /** Whether a tombstone is taken over from the records though none before it told of its key. etcd: restoreTombstone. */
  takesLoneTombstone(): boolean;
  /** What a restored store is at; `newest`: of the newest record. etcd mvcc/kvstore.go, restore. */
  restoredRevision(asked: RestoreQuestion): Revision;
  /** Whether a store may be compacted beyond its own revision. */
  mayBeAhead(compacted: Revision, current: Revision): boolean;
  /** Whether a compaction that was asked for must be done again by a restored store that is at `current`. */
  mustCompactAgain(asked: {
    readonly finished: Revision;
    readonly scheduled: Revision;
    readonly current: Revision;
  }): boolean;
  /** Whether what a compaction goes through can be compared; `whole`: nothing of it was deleted before. etcd: HashStorage. */
  mayHashCompaction(whole: boolean): boolean;
  /** The keys that a delete in a transaction is taken to reach, where overlaps are looked for. etcd: checkIntervals. */
  reachOfDelete(request: DeleteRangeRequest): KeyRange;
  /** Whether what an operation deletes is compared with what was put by those before it in the transaction. */
  comparesWithEarlierPuts(kind: RequestOp["kind"]): boolean;
}

export interface RestoreQuestion {
  readonly newest: Revision;
  readonly finished: Revision;
  readonly scheduled: Revision;
}

export const mvccRules: MvccRules = {
  isForgotten(ended, at) {
    // A watch from `at` must still see the delete at `at` (#18089).
    return ended < at;
  },
  droppedPuts(puts, isOver) {
    // The newest is what a read at the compact revision finds, unless the life is over: then the tombstone is.
    return isOver ? puts : Math.max(0, puts - 1);
  },
  takesLoneTombstone() {
    return true;
  },
  restoredRevision({newest, finished, scheduled}) {
    // At least what was compacted, finished or not. etcd once deleted the newest records of all, tombstones at `scheduled`,
    // and the revision went back: applying their entries again does not help, they count as applied (#17780). Since such a
    // tombstone stays (#18089) the newest record tells as much; this holds whatever compaction leaves.
    return Math.max(newest, finished, scheduled);
  },
  mayBeAhead() {
    return false;
  },
  mustCompactAgain({finished, scheduled}) {
    return scheduled > finished;
  },
  mayHashCompaction(whole) {
    // Others would see more (#15919).
    return whole;
  },
  reachOfDelete({key, rangeEnd = ""}) {
    return {from: key, to: rangeEnd};
  },
  comparesWithEarlierPuts() {
    return true;
  },
};
