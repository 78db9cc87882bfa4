// etcd's failpoints: those at which its robustness tests let members die or sleep (tests/robustness/failpoint), and the others
// in its server. Beside each the pause point at which a crash leaves on disk, and a sleep holds up, what it would there:
// most have the same name. README.md says of those that have none why.

import type {Point} from "../../core/server/io.ts";

/** How etcd's robustness tests use it: the member panics there, or sleeps a second; undefined: they do not. */
type Use = "panic" | "sleep" | "both" | undefined;

interface Failpoint {
  readonly use: Use;
  /** Undefined: there is none. */
  readonly here: Point | undefined;
}

export const failpoints: Readonly<Record<string, Failpoint>> = {
  beforeCommit: {use: "panic", here: "beforeCommit"},
  afterCommit: {use: "panic", here: "afterCommit"},
  raftBeforeSave: {use: "both", here: "raftBeforeSave"},
  raftAfterSave: {use: "both", here: "raftAfterSave"},
  defragBeforeCopy: {use: "panic", here: "defragBeforeCopy"},
  defragBeforeRename: {use: "panic", here: "defragBeforeRename"},
  commitBeforePreCommitHook: {use: "panic", here: "commitBeforePreCommitHook"},
  commitAfterPreCommitHook: {use: "panic", here: "commitAfterPreCommitHook"},
  beforeStartDBTxn: {use: "panic", here: "afterCommit"},
  afterStartDBTxn: {use: "panic", here: "afterCommit"},
  beforeWritebackBuf: {use: "panic", here: undefined},
  afterWritebackBuf: {use: "panic", here: undefined},
  compactBeforeCommitScheduledCompact: {use: "panic", here: "compactBeforeCommitScheduledCompact"},
  compactAfterCommitScheduledCompact: {use: "panic", here: "compactAfterCommitScheduledCompact"},
  compactBeforeSetFinishedCompact: {use: "panic", here: "compactBeforeSetFinishedCompact"},
  compactAfterSetFinishedCompact: {use: "panic", here: "compactAfterSetFinishedCompact"},
  compactBeforeCommitBatch: {use: "panic", here: "compactBeforeCommitBatch"},
  compactAfterCommitBatch: {use: "panic", here: "compactAfterCommitBatch"},
  raftBeforeLeaderSend: {use: "panic", here: undefined},
  raftBeforeFollowerSend: {use: "panic", here: "raftAfterSave"},
  raftBeforeApplySnap: {use: "panic", here: "raftAfterSave"},
  raftAfterApplySnap: {use: "panic", here: "raftAfterSave"},
  raftAfterWALRelease: {use: "panic", here: "raftAfterWALRelease"},
  raftBeforeSaveSnap: {use: "panic", here: "raftBeforeSaveSnap"},
  raftAfterSaveSnap: {use: "panic", here: "raftAfterSaveSnap"},
  applyBeforeOpenSnapshot: {use: "panic", here: "applyBeforeOpenSnapshot"},
  beforeApplyOneConfChange: {use: "sleep", here: "beforeApplyOneEntryNormal"},
  beforeSendWatchResponse: {use: "sleep", here: "beforeSendWatchResponse"},
  beforeSyncWatchers: {use: "sleep", here: "beforeSyncWatchers"},
  beforeMoveVictims: {use: "sleep", here: "beforeMoveVictims"},
  beforeProgressIfSync: {use: "sleep", here: "beforeProgressIfSync"},
  afterIsMemberExist: {use: undefined, here: undefined},
  applyAfterOpenSnapshot: {use: undefined, here: "applyAfterOpenSnapshot"},
  beforeApplyOneEntryNormal: {use: undefined, here: "beforeApplyOneEntryNormal"},
  beforeCheckpointInLeaseRenew: {use: undefined, here: "beforeCheckpointInLeaseRenew"},
  beforeLookupWhenForwardLeaseTimeToLive: {use: undefined, here: "beforeLookupWhenForwardLeaseTimeToLive"},
  beforeLookupWhenLeaseTimeToLive: {use: undefined, here: "beforeLookupWhenLeaseTimeToLive"},
  beforePublishing: {use: undefined, here: undefined},
  beforeRangeStreamChunk: {use: undefined, here: undefined},
  beforeServeHTTPLeaseRenew: {use: undefined, here: "beforeServeHTTPLeaseRenew"},
  compactAfterAcquiredBatchTxLock: {use: undefined, here: "compactBeforeCommitBatch"},
  defragOpenFileError: {use: undefined, here: undefined},
  defragdbFail: {use: undefined, here: undefined},
  raftBeforeAdvance: {use: undefined, here: undefined},
  raftBeforeWALSaveSnaphot: {use: undefined, here: "raftAfterSaveSnap"},
  raftDropHeartbeat: {use: undefined, here: undefined},
  walBeforeSync: {use: undefined, here: undefined},
  walAfterSync: {use: undefined, here: undefined},
};
