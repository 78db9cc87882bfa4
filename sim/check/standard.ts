// The checks that every run is judged by.

import type {Checker} from "./checker.ts";
import {AlarmsAreTrue} from "./alarmClaims.ts";
import {ConfigurationsAgree} from "./configurations.ts";
import {durableAnswers} from "./durableAnswers.ts";
import {durableLog} from "./durableLog.ts";
import {durableTerm} from "./durableTerm.ts";
import {durableVote} from "./durableVote.ts";
import {DurableState} from "./durableState.ts";
import {ElectionSafety} from "./electionSafety.ts";
import {LeaderAppendOnly} from "./leaderAppendOnly.ts";
import {LeaderCompleteness} from "./leaderCompleteness.ts";
import {Linearizability} from "./linearizability.ts";
import {LogMatching} from "./logMatching.ts";
import {LongestLog} from "./longestLog.ts";
import {MemberAssertions} from "./memberAssertions.ts";
import {MessageInvariants} from "./messageInvariants.ts";
import {MoreUpToDate} from "./moreUpToDate.ts";
import {committedIsDurable, quorumLog} from "./quorumClaims.ts";
import {RaftInvariants} from "./raftInvariants.ts";
import {StateMachineSafety} from "./stateMachineSafety.ts";
import {watchAtomic, watchComplete, watchOrder, watchPrevious, watchUnique} from "./watchGuarantees.ts";
import {watchBookmarks, watchNeverSilent, watchOnlyForward, watchResumption} from "./watchWire.ts";
import {atomicWrites, historicalReads, readsShowStates, transactionsInOrder} from "./shownStates.ts";
import {denseRevisions, keysChangeOnce, revisionsKeepTime, versionBookkeeping} from "./revisionClaims.ts";
import {
  LeasesEndWhole,
  LeasesLiveOn,
  NoRenewalAfterTheEnd,
  OneLeasePerKey,
  RestWithinGrant,
} from "./leaseClaims.ts";
import {equalLeases, EqualStates, MembersGoForward} from "./memberClaims.ts";
import {equalHashes, equalRecords, ReplayAgreement} from "./storeClaims.ts";
import {CallsEnd} from "./callsEnd.ts";
import {passwordsHidden} from "./passwords.ts";
import {Permissions} from "./permissions.ts";

/** Those of them that only users put to the test: trials make none. */
export const aboutUsers: readonly string[] = ["Permissions", "Passwords Stay Hidden"];

/** Those of them that look inside of members. */
export const whiteBox: readonly string[] = ["Raft Invariants", "Durable State", "Message Invariants"];

/**
 * Fresh checkers: Raft's five (Figure 3), four of its proof's, that members agree who they are, what they promised, their own assertions and
 * invariants, the clients' history, and what etcd documents.
 * `ofAll`: those that look inside of members ({@link whiteBox}) ask members with a planted bug too; else such a member is judged by what it
 * does to the others, and its run is not over with the first step that the bug takes.
 */
export function standardChecks(ofAll = false): Checker[] {
  return [
    new ElectionSafety(),
    new LeaderAppendOnly(),
    new LogMatching(),
    new LeaderCompleteness(),
    new StateMachineSafety(),
    new LongestLog(),
    quorumLog(),
    new MoreUpToDate(),
    committedIsDurable(),
    new ConfigurationsAgree(),
    durableTerm(),
    durableVote(),
    durableLog(),
    durableAnswers(),
    new DurableState(ofAll),
    new RaftInvariants(ofAll),
    new MessageInvariants(ofAll),
    new MemberAssertions(),
    new Linearizability(),
    watchOrder(),
    watchUnique(),
    watchComplete(),
    watchAtomic(),
    watchOnlyForward(),
    watchResumption(),
    watchBookmarks(),
    watchNeverSilent(),
    watchPrevious(),
    readsShowStates(),
    historicalReads(),
    transactionsInOrder(),
    atomicWrites(),
    denseRevisions(),
    versionBookkeeping(),
    keysChangeOnce(),
    revisionsKeepTime(),
    new MembersGoForward(),
    new EqualStates(),
    equalLeases(),
    equalRecords(),
    equalHashes(),
    new ReplayAgreement(),
    new AlarmsAreTrue(),
    new LeasesLiveOn(),
    new RestWithinGrant(),
    new LeasesEndWhole(),
    new NoRenewalAfterTheEnd(),
    new OneLeasePerKey(),
    new CallsEnd(),
    new Permissions(),
    passwordsHidden(),
  ];
}
