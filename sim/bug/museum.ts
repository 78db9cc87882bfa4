// The museum: bugs that really happened, as changes of what a member is made of (law 12). A member boots with a version;
// a bug maps a version to a version.

import {soundVersion} from "../../core/server/config.ts";
import type {Bug, Version} from "../../core/server/config.ts";
import {assert} from "../../core/base/assert.ts";
import {authCacheNotRestored} from "./auth/authCacheNotRestored.ts";
import {authIndexNotSaved} from "./auth/authIndexNotSaved.ts";
import {leaseKeysShown} from "./auth/leaseKeysShown.ts";
import {leaseRevokeByVersion} from "./auth/leaseRevokeByVersion.ts";
import {nestedTxnUnchecked} from "./auth/nestedTxnUnchecked.ts";
import {passwordInLog} from "./auth/passwordInLog.ts";
import {txnPutHalfChecked} from "./auth/txnPutHalfChecked.ts";
import {watchBeyondPermission} from "./auth/watchBeyondPermission.ts";
import {fenceNotCompared} from "./client/fenceNotCompared.ts";
import {lockUnchecked} from "./client/lockUnchecked.ts";
import {lossNotNoticed} from "./client/lossNotNoticed.ts";
import {readSerializable} from "./client/readSerializable.ts";
import {repeatUnavailableWrites} from "./client/repeatUnavailableWrites.ts";
import {timeoutIsFailure} from "./client/timeoutIsFailure.ts";
import {watchBeginsTooEarly} from "./client/watchBeginsTooEarly.ts";
import {watchResumesAtLast} from "./client/watchResumesAtLast.ts";
import {watchResumesFromNow} from "./client/watchResumesFromNow.ts";
import {checkpointNotStored} from "./lease/checkpointNotStored.ts";
import {checkpointedOnce} from "./lease/checkpointedOnce.ts";
import {expiredRenewed} from "./lease/expiredRenewed.ts";
import {keyOnDeadLease} from "./lease/keyOnDeadLease.ts";
import {keysInAnyOrder} from "./lease/keysInAnyOrder.ts";
import {keysLetGo} from "./lease/keysLetGo.ts";
import {negativeLeasesLost} from "./lease/negativeLeasesLost.ts";
import {renewedAfterRevoke} from "./lease/renewedAfterRevoke.ts";
import {restOfForever} from "./lease/restOfForever.ts";
import {staleRevocation} from "./lease/staleRevocation.ts";
import {compactRebirth} from "./mvcc/compactRebirth.ts";
import {compactTombstone} from "./mvcc/compactTombstone.ts";
import {hashResumedCompaction} from "./mvcc/hashResumedCompaction.ts";
import {overlapFromKey} from "./mvcc/overlapFromKey.ts";
import {overlapOfSiblings} from "./mvcc/overlapOfSiblings.ts";
import {restoreBehindCompacted} from "./mvcc/restoreBehindCompacted.ts";
import {restoreBehindScheduled} from "./mvcc/restoreBehindScheduled.ts";
import {restoreWithoutTombstone} from "./mvcc/restoreWithoutTombstone.ts";
import {acknowledgeWholeLog} from "./raft/acknowledgeWholeLog.ts";
import {answerBeforeSync} from "./raft/answerBeforeSync.ts";
import {appendWithoutTerm} from "./raft/appendWithoutTerm.ts";
import {applyBeforeSync} from "./raft/applyBeforeSync.ts";
import {askAgainAsBefore} from "./raft/askAgainAsBefore.ts";
import {askBeforeSync} from "./raft/askBeforeSync.ts";
import {campaignWithPendingChange} from "./raft/campaignWithPendingChange.ts";
import {changeBeforeOwnCommit} from "./raft/changeBeforeOwnCommit.ts";
import {changeWhilePending} from "./raft/changeWhilePending.ts";
import {commitBeyondAppend} from "./raft/commitBeyondAppend.ts";
import {commitOlderTerm} from "./raft/commitOlderTerm.ts";
import {countLearners} from "./raft/countLearners.ts";
import {countMessages} from "./raft/countMessages.ts";
import {countOlderVotes} from "./raft/countOlderVotes.ts";
import {countOwnBeforeSync} from "./raft/countOwnBeforeSync.ts";
import {equalTimeouts} from "./raft/equalTimeouts.ts";
import {fitAnyLog} from "./raft/fitAnyLog.ts";
import {followOlderLeader} from "./raft/followOlderLeader.ts";
import {forgetAVote} from "./raft/forgetAVote.ts";
import {fullWindowUnprobed} from "./raft/fullWindowUnprobed.ts";
import {heartbeatCommitsBlindly} from "./raft/heartbeatCommitsBlindly.ts";
import {leadWithoutEntry} from "./raft/leadWithoutEntry.ts";
import {leadWithoutQuorum} from "./raft/leadWithoutQuorum.ts";
import {learnerRefusesVote} from "./raft/learnerRefusesVote.ts";
import {leaseOnQuorumCredit} from "./raft/leaseOnQuorumCredit.ts";
import {leaseOnSlowClock} from "./raft/leaseOnSlowClock.ts";
import {leaseWhileHandingOver} from "./raft/leaseWhileHandingOver.ts";
import {lostProbeNotRepeated} from "./raft/lostProbeNotRepeated.ts";
import {matchWholeLog} from "./raft/matchWholeLog.ts";
import {neverSync} from "./raft/neverSync.ts";
import {olderAppendUnanswered} from "./raft/olderAppendUnanswered.ts";
import {olderPreVoteUnanswered} from "./raft/olderPreVoteUnanswered.ts";
import {preVoteOfOwnTerm} from "./raft/preVoteOfOwnTerm.ts";
import {readAloneAtOnce} from "./raft/readAloneAtOnce.ts";
import {readBeforeFirstCommit} from "./raft/readBeforeFirstCommit.ts";
import {readUnconfirmed} from "./raft/readUnconfirmed.ts";
import {refusalWithoutTerm} from "./raft/refusalWithoutTerm.ts";
import {refuseDemotion} from "./raft/refuseDemotion.ts";
import {skipWhatDidNotFit} from "./raft/skipWhatDidNotFit.ts";
import {stayJoint} from "./raft/stayJoint.ts";
import {switchDirectly} from "./raft/switchDirectly.ts";
import {truncateOnOldAppend} from "./raft/truncateOnOldAppend.ts";
import {voteDespiteLeader} from "./raft/voteDespiteLeader.ts";
import {voteForLongerLog} from "./raft/voteForLongerLog.ts";
import {voteForOlderLog} from "./raft/voteForOlderLog.ts";
import {voteTwice} from "./raft/voteTwice.ts";
import {waitForPendingSnapshot} from "./raft/waitForPendingSnapshot.ts";
import {applyAsLeaderAlone} from "./server/applyAsLeaderAlone.ts";
import {defragmentOverSnapshot} from "./server/defragmentOverSnapshot.ts";
import {defragmentWithoutIndex} from "./server/defragmentWithoutIndex.ts";
import {ignoreFailedSync} from "./server/ignoreFailedSync.ts";
import {indexBeforeEntry} from "./server/indexBeforeEntry.ts";
import {leaveJointTwice} from "./server/leaveJointTwice.ts";
import {logBeforeSnapshot} from "./server/logBeforeSnapshot.ts";
import {nestedPutsFree} from "./server/nestedPutsFree.ts";
import {promotionUnrecorded} from "./server/promotionUnrecorded.ts";
import {proposeAgain} from "./server/proposeAgain.ts";
import {purgeBeforeInstall} from "./server/purgeBeforeInstall.ts";
import {removedLeaderLeadsOn} from "./server/removedLeaderLeadsOn.ts";
import {snapshotBeforeCommit} from "./server/snapshotBeforeCommit.ts";
import {snapshotOfCommitted} from "./server/snapshotOfCommitted.ts";
import {snapshotOfOlderMembers} from "./server/snapshotOfOlderMembers.ts";
import {snapshotUnreported} from "./server/snapshotUnreported.ts";
import {stripRanges} from "./server/stripRanges.ts";
import {takeAnyReadAnswer} from "./server/takeAnyReadAnswer.ts";
import {updateDropsLearner} from "./server/updateDropsLearner.ts";
import {countUnloggedSnapshot} from "./storage/countUnloggedSnapshot.ts";
import {createInPlace} from "./storage/createInPlace.ts";
import {cutOffRot} from "./storage/cutOffRot.ts";
import {leaveSegmentUnnamed} from "./storage/leaveSegmentUnnamed.ts";
import {refuseTornTail} from "./storage/refuseTornTail.ts";
import {trustPages} from "./storage/trustPages.ts";
import {trustRecords} from "./storage/trustRecords.ts";
import {cancelledAgain} from "./watch/cancelledAgain.ts";
import {compactedWatchSkips} from "./watch/compactedWatchSkips.ts";
import {futureWatchLowered} from "./watch/futureWatchLowered.ts";
import {progressBeforeEvents} from "./watch/progressBeforeEvents.ts";
import {progressBelowStart} from "./watch/progressBelowStart.ts";
import {watchBackInTime} from "./watch/watchBackInTime.ts";
import {watchersLeftBehind} from "./watch/watchersLeftBehind.ts";

/** All bugs, by id in byte order. */
export const museum: readonly Bug[] = [
  acknowledgeWholeLog,
  answerBeforeSync,
  appendWithoutTerm,
  applyAsLeaderAlone,
  applyBeforeSync,
  askAgainAsBefore,
  askBeforeSync,
  authCacheNotRestored,
  authIndexNotSaved,
  campaignWithPendingChange,
  cancelledAgain,
  changeBeforeOwnCommit,
  changeWhilePending,
  checkpointNotStored,
  checkpointedOnce,
  commitBeyondAppend,
  commitOlderTerm,
  compactRebirth,
  compactTombstone,
  compactedWatchSkips,
  countLearners,
  countMessages,
  countOlderVotes,
  countOwnBeforeSync,
  countUnloggedSnapshot,
  createInPlace,
  cutOffRot,
  defragmentOverSnapshot,
  defragmentWithoutIndex,
  equalTimeouts,
  expiredRenewed,
  fenceNotCompared,
  fitAnyLog,
  followOlderLeader,
  forgetAVote,
  fullWindowUnprobed,
  futureWatchLowered,
  hashResumedCompaction,
  heartbeatCommitsBlindly,
  ignoreFailedSync,
  indexBeforeEntry,
  keyOnDeadLease,
  keysInAnyOrder,
  keysLetGo,
  leadWithoutEntry,
  leadWithoutQuorum,
  learnerRefusesVote,
  leaseKeysShown,
  leaseOnQuorumCredit,
  leaseOnSlowClock,
  leaseRevokeByVersion,
  leaseWhileHandingOver,
  leaveJointTwice,
  leaveSegmentUnnamed,
  lockUnchecked,
  logBeforeSnapshot,
  lossNotNoticed,
  lostProbeNotRepeated,
  matchWholeLog,
  negativeLeasesLost,
  nestedPutsFree,
  nestedTxnUnchecked,
  neverSync,
  olderAppendUnanswered,
  olderPreVoteUnanswered,
  overlapFromKey,
  overlapOfSiblings,
  passwordInLog,
  preVoteOfOwnTerm,
  progressBeforeEvents,
  progressBelowStart,
  promotionUnrecorded,
  proposeAgain,
  purgeBeforeInstall,
  readAloneAtOnce,
  readBeforeFirstCommit,
  readSerializable,
  readUnconfirmed,
  refusalWithoutTerm,
  refuseDemotion,
  refuseTornTail,
  removedLeaderLeadsOn,
  renewedAfterRevoke,
  repeatUnavailableWrites,
  restOfForever,
  restoreBehindCompacted,
  restoreBehindScheduled,
  restoreWithoutTombstone,
  skipWhatDidNotFit,
  snapshotBeforeCommit,
  snapshotOfCommitted,
  snapshotOfOlderMembers,
  snapshotUnreported,
  staleRevocation,
  stayJoint,
  stripRanges,
  switchDirectly,
  takeAnyReadAnswer,
  timeoutIsFailure,
  truncateOnOldAppend,
  trustPages,
  trustRecords,
  txnPutHalfChecked,
  updateDropsLearner,
  voteDespiteLeader,
  voteForLongerLog,
  voteForOlderLog,
  voteTwice,
  waitForPendingSnapshot,
  watchBackInTime,
  watchBeginsTooEarly,
  watchBeyondPermission,
  watchResumesAtLast,
  watchResumesFromNow,
  watchersLeftBehind,
];

/** The version with these bugs. The names were checked when the run was read; an unknown one is our mistake. */
export function versionOf(names: readonly string[]): Version {
  return names.reduce((version, name) => {
    const bug = museum.find((one) => one.id === name);
    assert(bug !== undefined, `a run names the bug "${name}", which the museum does not have`);
    return bug.apply(version);
  }, soundVersion);
}

/** These names with these bugs: clients have those of the client, members the others. Who has none is left out. */
export function versionsWith(
  names: readonly string[],
  bugs: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  const having = names.map((name) => [name, bugs.filter((bug) => concerns(bug, name))] as const);
  return Object.fromEntries(having.filter(([, had]) => had.length > 0));
}

function concerns(bug: string, name: string): boolean {
  const version = versionOf([bug]);
  return (Object.keys(version) as (keyof Version)[]).some(
    (room) => version[room] !== soundVersion[room] && (room === "client") === name.startsWith("c"),
  );
}
