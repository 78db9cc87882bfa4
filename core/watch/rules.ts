// The watchers' small named decisions (law 12): a bug is another set of them. Each is a pure function of what it is given.

import type {Revision} from "../base/quantity.ts";

export interface WatchRules {
  /**
   * The first revision that a synced watcher was not told of. Its own mark is of when it last moved; all synced ones were told of
   * every revision up to `told`. etcd #15271.
   */
  nextOfSynced(asked: {readonly marked: Revision; readonly told: Revision}): Revision;
  /**
   * Whether a synced watcher has something to read once a newer store was received: writes that it was not told of. etcd:
   * watchableStore.Restore; #8411, #20221.
   */
  mustCatchUp(asked: {readonly nextRevision: Revision; readonly currentRevision: Revision}): boolean;
  /** Whether an unsynced watcher may catch up: one whose next revision is compacted waits to be told so. etcd #17529. */
  mayReadOn(asked: {readonly lostHistory: boolean}): boolean;
  /**
   * Whether a watcher that was cancelled as compacted is one no more, of so many `unsynced` of which a round serves `most`. etcd
   * #22294.
   */
  endsWhenCancelled(asked: {readonly unsynced: number; readonly most: number}): boolean;
  /** Whether a stream may be told how far it is: only if all its watches were told of everything. etcd #15220. */
  mayTellProgress(asked: {readonly allSynced: boolean}): boolean;
  /** Whether a watch that waits for `startRevision` may be told to be at `revision`. etcd #20221. */
  hasBegun(asked: {readonly startRevision: Revision; readonly revision: Revision}): boolean;
}

export const watchRules: WatchRules = {
  nextOfSynced({marked, told}) {
    return Math.max(marked, told + 1);
  },
  mustCatchUp({nextRevision, currentRevision}) {
    return nextRevision <= currentRevision;
  },
  mayReadOn({lostHistory}) {
    return !lostHistory;
  },
  endsWhenCancelled() {
    return true;
  },
  mayTellProgress({allSynced}) {
    return allSynced;
  },
  hasBegun({startRevision, revision}) {
    return startRevision <= revision;
  },
};
