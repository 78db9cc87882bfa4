// The plaques, apart from the bugs, so that a page which only runs versions does not carry their words.

import type {Plaque} from "./exhibit.ts";
import {plaque as authCacheNotRestored} from "./auth/authCacheNotRestored.ts";
import {plaque as authIndexNotSaved} from "./auth/authIndexNotSaved.ts";
import {plaque as leaseKeysShown} from "./auth/leaseKeysShown.ts";
import {plaque as leaseRevokeByVersion} from "./auth/leaseRevokeByVersion.ts";
import {plaque as nestedTxnUnchecked} from "./auth/nestedTxnUnchecked.ts";
import {plaque as passwordInLog} from "./auth/passwordInLog.ts";
import {plaque as txnPutHalfChecked} from "./auth/txnPutHalfChecked.ts";
import {plaque as watchBeyondPermission} from "./auth/watchBeyondPermission.ts";
import {plaque as fenceNotCompared} from "./client/fenceNotCompared.ts";
import {plaque as lockUnchecked} from "./client/lockUnchecked.ts";
import {plaque as lossNotNoticed} from "./client/lossNotNoticed.ts";
import {plaque as readSerializable} from "./client/readSerializable.ts";
import {plaque as repeatUnavailableWrites} from "./client/repeatUnavailableWrites.ts";
import {plaque as timeoutIsFailure} from "./client/timeoutIsFailure.ts";
import {plaque as watchBeginsTooEarly} from "./client/watchBeginsTooEarly.ts";
import {plaque as watchResumesAtLast} from "./client/watchResumesAtLast.ts";
import {plaque as watchResumesFromNow} from "./client/watchResumesFromNow.ts";
import {plaque as checkpointNotStored} from "./lease/checkpointNotStored.ts";
import {plaque as checkpointedOnce} from "./lease/checkpointedOnce.ts";
import {plaque as expiredRenewed} from "./lease/expiredRenewed.ts";
import {plaque as keyOnDeadLease} from "./lease/keyOnDeadLease.ts";
import {plaque as keysInAnyOrder} from "./lease/keysInAnyOrder.ts";
import {plaque as keysLetGo} from "./lease/keysLetGo.ts";
import {plaque as negativeLeasesLost} from "./lease/negativeLeasesLost.ts";
import {plaque as renewedAfterRevoke} from "./lease/renewedAfterRevoke.ts";
import {plaque as restOfForever} from "./lease/restOfForever.ts";
import {plaque as staleRevocation} from "./lease/staleRevocation.ts";
import {plaque as compactRebirth} from "./mvcc/compactRebirth.ts";
import {plaque as compactTombstone} from "./mvcc/compactTombstone.ts";
import {plaque as hashResumedCompaction} from "./mvcc/hashResumedCompaction.ts";
import {plaque as overlapFromKey} from "./mvcc/overlapFromKey.ts";
import {plaque as overlapOfSiblings} from "./mvcc/overlapOfSiblings.ts";
import {plaque as restoreBehindCompacted} from "./mvcc/restoreBehindCompacted.ts";
import {plaque as restoreBehindScheduled} from "./mvcc/restoreBehindScheduled.ts";
import {plaque as restoreWithoutTombstone} from "./mvcc/restoreWithoutTombstone.ts";
import {plaque as acknowledgeWholeLog} from "./raft/acknowledgeWholeLog.ts";
import {plaque as answerBeforeSync} from "./raft/answerBeforeSync.ts";
import {plaque as appendWithoutTerm} from "./raft/appendWithoutTerm.ts";
import {plaque as applyBeforeSync} from "./raft/applyBeforeSync.ts";
import {plaque as askAgainAsBefore} from "./raft/askAgainAsBefore.ts";
import {plaque as askBeforeSync} from "./raft/askBeforeSync.ts";
import {plaque as campaignWithPendingChange} from "./raft/campaignWithPendingChange.ts";
import {plaque as changeBeforeOwnCommit} from "./raft/changeBeforeOwnCommit.ts";
import {plaque as changeWhilePending} from "./raft/changeWhilePending.ts";
import {plaque as commitBeyondAppend} from "./raft/commitBeyondAppend.ts";
import {plaque as commitOlderTerm} from "./raft/commitOlderTerm.ts";
import {plaque as countLearners} from "./raft/countLearners.ts";
import {plaque as countMessages} from "./raft/countMessages.ts";
import {plaque as countOlderVotes} from "./raft/countOlderVotes.ts";
import {plaque as countOwnBeforeSync} from "./raft/countOwnBeforeSync.ts";
import {plaque as equalTimeouts} from "./raft/equalTimeouts.ts";
import {plaque as fitAnyLog} from "./raft/fitAnyLog.ts";
import {plaque as followOlderLeader} from "./raft/followOlderLeader.ts";
import {plaque as forgetAVote} from "./raft/forgetAVote.ts";
import {plaque as fullWindowUnprobed} from "./raft/fullWindowUnprobed.ts";
import {plaque as heartbeatCommitsBlindly} from "./raft/heartbeatCommitsBlindly.ts";
import {plaque as leadWithoutEntry} from "./raft/leadWithoutEntry.ts";
import {plaque as leadWithoutQuorum} from "./raft/leadWithoutQuorum.ts";
import {plaque as learnerRefusesVote} from "./raft/learnerRefusesVote.ts";
import {plaque as leaseOnQuorumCredit} from "./raft/leaseOnQuorumCredit.ts";
import {plaque as leaseOnSlowClock} from "./raft/leaseOnSlowClock.ts";
import {plaque as leaseWhileHandingOver} from "./raft/leaseWhileHandingOver.ts";
import {plaque as lostProbeNotRepeated} from "./raft/lostProbeNotRepeated.ts";
import {plaque as matchWholeLog} from "./raft/matchWholeLog.ts";
import {plaque as neverSync} from "./raft/neverSync.ts";
import {plaque as olderAppendUnanswered} from "./raft/olderAppendUnanswered.ts";
import {plaque as olderPreVoteUnanswered} from "./raft/olderPreVoteUnanswered.ts";
import {plaque as preVoteOfOwnTerm} from "./raft/preVoteOfOwnTerm.ts";
import {plaque as readAloneAtOnce} from "./raft/readAloneAtOnce.ts";
import {plaque as readBeforeFirstCommit} from "./raft/readBeforeFirstCommit.ts";
import {plaque as readUnconfirmed} from "./raft/readUnconfirmed.ts";
import {plaque as refusalWithoutTerm} from "./raft/refusalWithoutTerm.ts";
import {plaque as refuseDemotion} from "./raft/refuseDemotion.ts";
import {plaque as skipWhatDidNotFit} from "./raft/skipWhatDidNotFit.ts";
import {plaque as stayJoint} from "./raft/stayJoint.ts";
import {plaque as switchDirectly} from "./raft/switchDirectly.ts";
import {plaque as truncateOnOldAppend} from "./raft/truncateOnOldAppend.ts";
import {plaque as voteDespiteLeader} from "./raft/voteDespiteLeader.ts";
import {plaque as voteForLongerLog} from "./raft/voteForLongerLog.ts";
import {plaque as voteForOlderLog} from "./raft/voteForOlderLog.ts";
import {plaque as voteTwice} from "./raft/voteTwice.ts";
import {plaque as waitForPendingSnapshot} from "./raft/waitForPendingSnapshot.ts";
import {plaque as applyAsLeaderAlone} from "./server/applyAsLeaderAlone.ts";
import {plaque as defragmentOverSnapshot} from "./server/defragmentOverSnapshot.ts";
import {plaque as defragmentWithoutIndex} from "./server/defragmentWithoutIndex.ts";
import {plaque as ignoreFailedSync} from "./server/ignoreFailedSync.ts";
import {plaque as indexBeforeEntry} from "./server/indexBeforeEntry.ts";
import {plaque as leaveJointTwice} from "./server/leaveJointTwice.ts";
import {plaque as logBeforeSnapshot} from "./server/logBeforeSnapshot.ts";
import {plaque as nestedPutsFree} from "./server/nestedPutsFree.ts";
import {plaque as promotionUnrecorded} from "./server/promotionUnrecorded.ts";
import {plaque as proposeAgain} from "./server/proposeAgain.ts";
import {plaque as purgeBeforeInstall} from "./server/purgeBeforeInstall.ts";
import {plaque as removedLeaderLeadsOn} from "./server/removedLeaderLeadsOn.ts";
import {plaque as snapshotBeforeCommit} from "./server/snapshotBeforeCommit.ts";
import {plaque as snapshotOfCommitted} from "./server/snapshotOfCommitted.ts";
import {plaque as snapshotOfOlderMembers} from "./server/snapshotOfOlderMembers.ts";
import {plaque as snapshotUnreported} from "./server/snapshotUnreported.ts";
import {plaque as stripRanges} from "./server/stripRanges.ts";
import {plaque as takeAnyReadAnswer} from "./server/takeAnyReadAnswer.ts";
import {plaque as updateDropsLearner} from "./server/updateDropsLearner.ts";
import {plaque as countUnloggedSnapshot} from "./storage/countUnloggedSnapshot.ts";
import {plaque as createInPlace} from "./storage/createInPlace.ts";
import {plaque as cutOffRot} from "./storage/cutOffRot.ts";
import {plaque as leaveSegmentUnnamed} from "./storage/leaveSegmentUnnamed.ts";
import {plaque as refuseTornTail} from "./storage/refuseTornTail.ts";
import {plaque as trustPages} from "./storage/trustPages.ts";
import {plaque as trustRecords} from "./storage/trustRecords.ts";
import {plaque as cancelledAgain} from "./watch/cancelledAgain.ts";
import {plaque as compactedWatchSkips} from "./watch/compactedWatchSkips.ts";
import {plaque as futureWatchLowered} from "./watch/futureWatchLowered.ts";
import {plaque as progressBeforeEvents} from "./watch/progressBeforeEvents.ts";
import {plaque as progressBelowStart} from "./watch/progressBelowStart.ts";
import {plaque as watchBackInTime} from "./watch/watchBackInTime.ts";
import {plaque as watchersLeftBehind} from "./watch/watchersLeftBehind.ts";

/** By the bug's id. */
export const plaques: Readonly<Record<string, Plaque>> = {
  "acknowledge-whole-log": acknowledgeWholeLog,
  "answer-before-sync": answerBeforeSync,
  "append-without-term": appendWithoutTerm,
  "apply-as-leader-alone": applyAsLeaderAlone,
  "apply-before-sync": applyBeforeSync,
  "ask-again-as-before": askAgainAsBefore,
  "ask-before-sync": askBeforeSync,
  "auth-cache-not-restored": authCacheNotRestored,
  "auth-index-not-saved": authIndexNotSaved,
  "campaign-with-pending-change": campaignWithPendingChange,
  "cancelled-again": cancelledAgain,
  "change-before-own-commit": changeBeforeOwnCommit,
  "change-while-pending": changeWhilePending,
  "checkpoint-not-stored": checkpointNotStored,
  "checkpointed-once": checkpointedOnce,
  "commit-beyond-append": commitBeyondAppend,
  "commit-older-term": commitOlderTerm,
  "compact-rebirth": compactRebirth,
  "compact-tombstone": compactTombstone,
  "compacted-watch-skips": compactedWatchSkips,
  "count-learners": countLearners,
  "count-messages": countMessages,
  "count-older-votes": countOlderVotes,
  "count-own-before-sync": countOwnBeforeSync,
  "count-unlogged-snapshot": countUnloggedSnapshot,
  "create-in-place": createInPlace,
  "cut-off-rot": cutOffRot,
  "defragment-over-snapshot": defragmentOverSnapshot,
  "defragment-without-index": defragmentWithoutIndex,
  "equal-timeouts": equalTimeouts,
  "expired-renewed": expiredRenewed,
  "fence-not-compared": fenceNotCompared,
  "fit-any-log": fitAnyLog,
  "follow-older-leader": followOlderLeader,
  "forget-a-vote": forgetAVote,
  "full-window-unprobed": fullWindowUnprobed,
  "future-watch-lowered": futureWatchLowered,
  "hash-resumed-compaction": hashResumedCompaction,
  "heartbeat-commits-blindly": heartbeatCommitsBlindly,
  "ignore-failed-sync": ignoreFailedSync,
  "index-before-entry": indexBeforeEntry,
  "key-on-dead-lease": keyOnDeadLease,
  "keys-in-any-order": keysInAnyOrder,
  "keys-let-go": keysLetGo,
  "lead-without-entry": leadWithoutEntry,
  "lead-without-quorum": leadWithoutQuorum,
  "learner-refuses-vote": learnerRefusesVote,
  "lease-keys-shown": leaseKeysShown,
  "lease-on-quorum-credit": leaseOnQuorumCredit,
  "lease-on-slow-clock": leaseOnSlowClock,
  "lease-revoke-by-version": leaseRevokeByVersion,
  "lease-while-handing-over": leaseWhileHandingOver,
  "leave-joint-twice": leaveJointTwice,
  "leave-segment-unnamed": leaveSegmentUnnamed,
  "lock-unchecked": lockUnchecked,
  "log-before-snapshot": logBeforeSnapshot,
  "loss-not-noticed": lossNotNoticed,
  "lost-probe-not-repeated": lostProbeNotRepeated,
  "match-whole-log": matchWholeLog,
  "negative-leases-lost": negativeLeasesLost,
  "nested-puts-free": nestedPutsFree,
  "nested-txn-unchecked": nestedTxnUnchecked,
  "never-sync": neverSync,
  "older-append-unanswered": olderAppendUnanswered,
  "older-pre-vote-unanswered": olderPreVoteUnanswered,
  "overlap-from-key": overlapFromKey,
  "overlap-of-siblings": overlapOfSiblings,
  "password-in-log": passwordInLog,
  "pre-vote-of-own-term": preVoteOfOwnTerm,
  "progress-before-events": progressBeforeEvents,
  "progress-below-start": progressBelowStart,
  "promotion-unrecorded": promotionUnrecorded,
  "propose-again": proposeAgain,
  "purge-before-install": purgeBeforeInstall,
  "read-alone-at-once": readAloneAtOnce,
  "read-before-first-commit": readBeforeFirstCommit,
  "read-serializable": readSerializable,
  "read-unconfirmed": readUnconfirmed,
  "refusal-without-term": refusalWithoutTerm,
  "refuse-demotion": refuseDemotion,
  "refuse-torn-tail": refuseTornTail,
  "removed-leader-leads-on": removedLeaderLeadsOn,
  "renewed-after-revoke": renewedAfterRevoke,
  "repeat-unavailable-writes": repeatUnavailableWrites,
  "rest-of-forever": restOfForever,
  "restore-behind-compacted": restoreBehindCompacted,
  "restore-behind-scheduled": restoreBehindScheduled,
  "restore-without-tombstone": restoreWithoutTombstone,
  "skip-what-did-not-fit": skipWhatDidNotFit,
  "snapshot-before-commit": snapshotBeforeCommit,
  "snapshot-of-committed": snapshotOfCommitted,
  "snapshot-of-older-members": snapshotOfOlderMembers,
  "snapshot-unreported": snapshotUnreported,
  "stale-revocation": staleRevocation,
  "stay-joint": stayJoint,
  "strip-ranges": stripRanges,
  "switch-directly": switchDirectly,
  "take-any-read-answer": takeAnyReadAnswer,
  "timeout-is-failure": timeoutIsFailure,
  "truncate-on-old-append": truncateOnOldAppend,
  "trust-pages": trustPages,
  "trust-records": trustRecords,
  "txn-put-half-checked": txnPutHalfChecked,
  "update-drops-learner": updateDropsLearner,
  "vote-despite-leader": voteDespiteLeader,
  "vote-for-longer-log": voteForLongerLog,
  "vote-for-older-log": voteForOlderLog,
  "vote-twice": voteTwice,
  "wait-for-pending-snapshot": waitForPendingSnapshot,
  "watch-back-in-time": watchBackInTime,
  "watch-begins-too-early": watchBeginsTooEarly,
  "watch-beyond-permission": watchBeyondPermission,
  "watch-resumes-at-last": watchResumesAtLast,
  "watch-resumes-from-now": watchResumesFromNow,
  "watchers-left-behind": watchersLeftBehind,
};
