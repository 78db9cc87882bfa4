// etcd's logger lines, each from a note that it is made of. The texts are those of etcd's library.

import {describe, expect, it} from "vitest";
import {leaveJoint} from "../../../../core/raft/confChange.ts";
import {noData} from "../../../../core/raft/entry.ts";
import {loggerLines} from "../../../../core/raft/logger/loggerLines.ts";
import type {AppendEntries, Message} from "../../../../core/raft/message.ts";
import type {RaftNote} from "../../../../core/raft/notes.ts";
import {changes, conf} from "../changes.ts";
import {snapshotAt} from "../entries.ts";
import {asks, asksPreVote, bytes, holds} from "../notation.ts";
import {view} from "../views.ts";

const me = {member: 1, term: 5} as const;
const last = {index: 11, term: 4};
const vote = asks({from: 2, to: 1, term: 6}, 10, 3);
const preVote = asksPreVote({from: 2, to: 1, term: 6}, 10, 3);
const snapshot = snapshotAt({index: 20, term: 4});
const append: AppendEntries = {
  kind: "AppendEntries",
  from: 2,
  to: 1,
  term: 5,
  prevLogIndex: 14,
  prevLogTerm: 3,
  entries: [],
  leaderCommit: 0,
};
const timeoutNow: Message = {kind: "TimeoutNow", from: 2, to: 1, term: 5};
const joint = conf("1 2 && 1 autoleave");

function request(kind: "RequestVote" | "PreVote") {
  const message = kind === "RequestVote" ? vote : preVote;
  if (message.kind !== "RequestVote" && message.kind !== "PreVote") throw new Error("a request for a vote");
  return message;
}

const refusal = {...holds({from: 2, to: 1, term: 5}, 14), success: false, hintIndex: 12, hintTerm: 3};

/** A note, and its lines: level and text. */
const rows: readonly (readonly [RaftNote, ...string[]])[] = [
  [
    {...me, kind: "booted", voters: [1, 10], commit: 3, applied: 2, last},
    "info newRaft 1 [peers: [1,a], term: 5, commit: 3, applied: 2, lastindex: 11, lastterm: 4]",
  ],
  [{...me, kind: "becameFollower", leader: 2}, "info 1 became follower at term 5"],
  [{...me, kind: "becamePreCandidate"}, "info 1 became pre-candidate at term 5"],
  [{...me, kind: "becameCandidate"}, "info 1 became candidate at term 5"],
  [{...me, kind: "becameLeader", by: [1, 2]}, "info 1 became leader at term 5"],
  [{...me, kind: "electionStarted"}, "info 1 is starting a new election at term 5"],
  [{...me, kind: "campaignRefused", why: "leading"}, "debug 1 ignoring MsgHup because already leader"],
  [{...me, kind: "campaignRefused", why: "unpromotable"}, "warn 1 is unpromotable and can not campaign"],
  [
    {...me, kind: "campaignRefused", why: "pendingChange"},
    "warn 1 cannot campaign at term 5 since there are still pending configuration changes to apply",
  ],
  [
    {...me, kind: "voteRequested", message: {...request("RequestVote"), from: 1, to: 2}},
    "info 1 [logterm: 3, index: 10] sent MsgVote request to 2 at term 5",
  ],
  [
    {...me, kind: "voteRequested", message: {...request("PreVote"), from: 1, to: 16}},
    "info 1 [logterm: 3, index: 10] sent MsgPreVote request to 10 at term 5",
  ],
  [
    {...me, kind: "voteCast", message: request("RequestVote"), granted: true, votedFor: 0, last},
    "info 1 [logterm: 4, index: 11, vote: 0] cast MsgVote for 2 [logterm: 3, index: 10] at term 5",
  ],
  [
    {...me, kind: "voteCast", message: request("PreVote"), granted: false, votedFor: 10, last},
    "info 1 [logterm: 4, index: 11, vote: a] rejected MsgPreVote from 2 [logterm: 3, index: 10] at term 5",
  ],
  [
    {...me, kind: "voteLeased", message: request("RequestVote"), remainingTicks: 7, votedFor: 3, last},
    "info 1 [logterm: 4, index: 11, vote: 3] ignored MsgVote from 2 [logterm: 3, index: 10] at term 5: " +
      "lease is not expired (remaining ticks: 7)",
  ],
  [
    {...me, kind: "voteCounted", voter: 2, granted: true, preVote: false, grants: 2, refusals: 1},
    "info 1 received MsgVoteResp from 2 at term 5",
    "info 1 has received 2 MsgVoteResp votes and 1 vote rejections",
  ],
  [
    {...me, kind: "voteCounted", voter: 2, granted: false, preVote: true, grants: 1, refusals: 1},
    "info 1 received MsgPreVoteResp rejection from 2 at term 5",
    "info 1 has received 1 MsgPreVoteResp votes and 1 vote rejections",
  ],
  [{...me, kind: "quorumLost"}, "warn 1 stepped down to follower since quorum is not active"],
  [{...me, kind: "leaderForgotten", leader: 3}, "info 1 forgetting leader 3 at term 5"],
  [{...me, kind: "forgetRefused"}, "error ignoring MsgForgetLeader due to ReadOnlyLeaseBased"],
  [
    {...me, kind: "termSeen", message: vote},
    "info 1 [term: 5] received a MsgVote message with higher term from 2 [term: 6]",
  ],
  [
    {...me, kind: "messageDropped", message: {...append, term: 3}, why: "staleTerm", role: "follower"},
    "info 1 [term: 5] ignored a MsgApp message with lower term from 2 [term: 3]",
  ],
  [
    {
      ...me,
      kind: "messageDropped",
      message: {kind: "TransferLeader", from: 2, to: 1, term: 3, transferee: 3},
      why: "staleTerm",
      role: "leader",
    },
    "info 1 [term: 5] ignored a MsgTransferLeader message with lower term from 3 [term: 3]",
  ],
  [
    {...me, kind: "messageDropped", message: timeoutNow, why: "wrongRole", role: "candidate"},
    "debug 1 [term 5 state StateCandidate] ignored MsgTimeoutNow from 2",
  ],
  [{...me, kind: "messageDropped", message: timeoutNow, why: "wrongRole", role: "leader"}],
  [
    {
      ...me,
      kind: "messageDropped",
      message: {kind: "Propose", from: 2, to: 1, term: 0, proposals: []},
      why: "noLeader",
      role: "candidate",
    },
    "info 1 no leader at term 5; dropping proposal",
  ],
  [{...me, kind: "messageDropped", message: append, why: "notForMe", role: "leader"}],
  [
    {...me, kind: "messageDropped", message: refusal, why: "noProgress", role: "leader"},
    "debug 1 no progress available for 2",
  ],
  [
    {...me, kind: "proposalDropped", why: "noLeader", leader: 0},
    "info 1 no leader at term 5; dropping proposal",
  ],
  [
    {...me, kind: "proposalDropped", why: "notForwarded", leader: 2},
    "info 1 not forwarding to leader 2 at term 5; dropping proposal",
  ],
  [
    {...me, kind: "proposalDropped", why: "transferring", leader: 2},
    "debug 1 [term 5] transfer leadership to 2 is in progress; dropping proposal",
  ],
  [
    {...me, kind: "proposalDropped", why: "uncommittedLimit", leader: 0},
    "warn 1 appending new entries to log would exceed uncommitted entry size limit; dropping proposal",
  ],
  [{...me, kind: "proposalDropped", why: "removed", leader: 0}],
  [
    {...me, kind: "timeoutNowTaken", from: 2},
    "info 1 [term 5] received MsgTimeoutNow from 2 and starts an election to get leadership.",
  ],
  [
    {...me, kind: "transfer", step: "started", transferee: 2},
    "info 1 [term 5] starts to transfer leadership to 2",
  ],
  [
    {...me, kind: "transfer", step: "toLearner", transferee: 2},
    "debug 1 is learner. Ignored transferring leadership",
  ],
  [
    {...me, kind: "transfer", step: "toItself", transferee: 1},
    "debug 1 is already leader. Ignored transferring leadership to self",
  ],
  [
    {...me, kind: "transfer", step: "alreadyToSame", transferee: 2},
    "info 1 [term 5] transfer leadership to 2 is in progress, ignores request to same node 2",
  ],
  [
    {...me, kind: "transfer", step: "previousAborted", transferee: 2},
    "info 1 [term 5] abort previous transferring leadership to 2",
  ],
  [
    {...me, kind: "transfer", step: "timeoutNowAtOnce", transferee: 2},
    "info 1 sends MsgTimeoutNow to 2 immediately as 2 already has up-to-date log",
  ],
  [
    {...me, kind: "transfer", step: "timeoutNowAfterAppend", transferee: 2},
    "info 1 sent MsgTimeoutNow to 2 after received MsgAppResp",
  ],
  [
    {...me, kind: "transfer", step: "noLeader", transferee: 2},
    "info 1 no leader at term 5; dropping leader transfer msg",
  ],
  [{...me, kind: "readDropped", context: 7}, "info 1 no leader at term 5; dropping index reading msg"],
  [{...me, kind: "readPostponed", from: 2, context: 7}],
  [{...me, kind: "readConfirmed", from: 2, context: 7, index: 9}],
  [
    {...me, kind: "appendRefused", message: append, ourTerm: 2, hint: {index: 12, term: 3}},
    "debug 1 [logterm: 2, index: 14] rejected MsgApp [logterm: 3, index: 14] from 2",
  ],
  [
    {...me, kind: "logConflict", index: 9, ours: 3, theirs: 4},
    "info found conflict at index 9 [existing term: 3, conflicting term: 4]",
  ],
  [{...me, kind: "logCut", from: 9, how: "replaced"}, "info replace the unstable entries from index 9"],
  [{...me, kind: "logCut", from: 9, how: "truncated"}, "info truncate the unstable entries before index 9"],
  [{...me, kind: "committed", index: 9, by: [1, 2]}],
  [
    {...me, kind: "receiptIgnored", receiptTerm: 4},
    "info 1 [term: 5] ignored entry appends from a MsgStorageAppendResp message with lower term [term: 4]",
  ],
  [
    {...me, kind: "receiptObsolete", id: {index: 9, term: 3}, why: "missing", found: 0},
    "info entry at index 9 missing from unstable log; ignoring",
  ],
  [
    {...me, kind: "receiptObsolete", id: {index: 9, term: 3}, why: "inSnapshot", found: 3},
    "info entry at index 9 matched unstable snapshot; ignoring",
  ],
  [
    {...me, kind: "receiptObsolete", id: {index: 9, term: 3}, why: "mismatched", found: 4},
    "info entry at (index,term)=(9,3) mismatched with entry at (9,4) in unstable log; ignoring",
  ],
  [
    {...me, kind: "refusalTaken", message: refusal},
    "debug 1 received MsgAppResp(rejected, hint: (index 12, term 3)) from 2 for index 14",
  ],
  [
    {...me, kind: "nextIndexDecreased", progress: view({matchIndex: 3, nextIndex: 4})},
    "debug 1 decreased progress of 2 to [StateProbe match=3 next=4]",
  ],
  [{...me, kind: "progressChanged", progress: view({})}],
  [
    {...me, kind: "unreachable", progress: view({nextIndex: 4})},
    "debug 1 failed to send message to 2 because it is unreachable [StateProbe match=0 next=4]",
  ],
  [
    {
      ...me,
      kind: "snapshotSent",
      firstIndex: 21,
      commit: 30,
      snapshot,
      before: view({nextIndex: 5}),
      after: view({state: "snapshot", nextIndex: 21, pendingSnapshot: 20, paused: true}),
    },
    "debug 1 [firstindex: 21, commit: 30] sent snapshot[index: 20, term: 4] to 2 [StateProbe match=0 next=5]",
    "debug 1 paused sending replication messages to 2 [StateSnapshot match=0 next=21 paused pendingSnap=20]",
  ],
  [
    {...me, kind: "snapshotNotSent", follower: 2, why: "inactive"},
    "debug ignore sending snapshot to 2 since it is not recently active",
  ],
  [
    {...me, kind: "snapshotNotSent", follower: 2, why: "unavailable"},
    "debug 1 failed to send snapshot to 2 because snapshot is temporarily unavailable",
  ],
  [
    {...me, kind: "snapshotReported", ok: true, progress: view({nextIndex: 21})},
    "debug 1 snapshot succeeded, resumed sending replication messages to 2 [StateProbe match=0 next=21]",
  ],
  [
    {...me, kind: "snapshotReported", ok: false, progress: view({})},
    "debug 1 snapshot failed, resumed sending replication messages to 2 [StateProbe match=0 next=1]",
  ],
  [
    {...me, kind: "snapshotRecovered", progress: view({state: "replicate", matchIndex: 20, nextIndex: 21})},
    "debug 1 recovered from needing snapshot, resumed sending replication messages to 2 " +
      "[StateReplicate match=20 next=21]",
  ],
  [
    {
      ...me,
      kind: "snapshotStarted",
      snapshot,
      log: {committed: 7, applied: 5, applying: 6, unstableFrom: 8, workFrom: 9, unstableCount: 3},
    },
    "info log [committed=7, applied=5, applying=6, unstable.offset=8, unstable.offsetInProgress=9, " +
      "len(unstable.Entries)=3] starts to restore snapshot [index: 20, term: 4]",
  ],
  [
    {...me, kind: "snapshotRestored", snapshot, commit: 20, last: {index: 20, term: 4}},
    "info 1 [commit: 20, lastindex: 20, lastterm: 4] restored snapshot [index: 20, term: 4]",
    "info 1 [commit: 20] restored snapshot [index: 20, term: 4]",
  ],
  [
    {...me, kind: "snapshotIgnored", snapshot, commit: 25, last, why: "old", answered: 25},
    "info 1 [commit: 25] ignored snapshot [index: 20, term: 4]",
  ],
  [
    {
      ...me,
      kind: "snapshotIgnored",
      snapshot,
      commit: 12,
      last: {index: 23, term: 4},
      why: "forwarded",
      answered: 20,
    },
    "info 1 [commit: 12, lastindex: 23, lastterm: 4] fast-forwarded commit to snapshot [index: 20, term: 4]",
    "info 1 [commit: 20] ignored snapshot [index: 20, term: 4]",
  ],
  [
    {...me, kind: "snapshotIgnored", snapshot, commit: 7, last, why: "notMember", answered: 7},
    "warn 1 attempted to restore snapshot but it is not in the ConfState Voters:[1 2 3] VotersOutgoing:[] " +
      "Learners:[] LearnersNext:[] AutoLeave:false; should never happen",
    "info 1 [commit: 7] ignored snapshot [index: 20, term: 4]",
  ],
  [
    {...me, kind: "configurationChanged", confState: conf("1 10 && 1 2 learners 5 next 2 autoleave")},
    "info 1 switched to configuration voters=(1 a)&&(1 2) learners=(5) learners_next=(2) autoleave",
  ],
  [
    {
      ...me,
      kind: "changeIgnored",
      change: {version: 2, transition: "implicit", changes: changes("v4 r1"), context: bytes("why")},
      confState: conf("1 2 3"),
      why: "pending",
      pendingConfIndex: 9,
      applied: 8,
    },
    "info 1 ignoring conf change transition:ConfChangeTransitionJointImplicit " +
      "changes:{type:ConfChangeAddNode node_id:4} changes:{type:ConfChangeRemoveNode node_id:1} " +
      'context:"why" at config voters=(1 2 3): possible unapplied conf change at index 9 (applied to 8)',
  ],
  [
    {
      ...me,
      kind: "changeIgnored",
      change: {version: 1, transition: "auto", changes: changes("l4"), context: noData},
      confState: joint,
      why: "mustLeaveJoint",
      pendingConfIndex: 9,
      applied: 9,
    },
    "info 1 ignoring conf change transition:ConfChangeTransitionAuto " +
      "changes:{type:ConfChangeAddLearnerNode node_id:4} at config voters=(1 2)&&(1) autoleave: " +
      "must transition out of joint config first",
  ],
  [
    {
      ...me,
      kind: "changeIgnored",
      change: leaveJoint,
      confState: conf("1 2"),
      why: "notJoint",
      pendingConfIndex: 9,
      applied: 9,
    },
    "info 1 ignoring conf change transition:ConfChangeTransitionAuto at config voters=(1 2): " +
      "not in joint state; refusing empty conf change",
  ],
  [
    {...me, kind: "autoLeave", confState: joint, proposed: true},
    "info initiating automatic transition out of joint configuration voters=(1 2)&&(1) autoleave",
  ],
  [
    {...me, kind: "autoLeave", confState: joint, proposed: false},
    "debug not initiating automatic transition out of joint configuration voters=(1 2)&&(1) autoleave: " +
      "raft proposal dropped",
  ],
  [
    {
      ...me,
      kind: "traced",
      traced: {
        name: "Ready",
        hardState: {term: 1, votedFor: 0, commit: 0},
        role: "leader",
        last: 1,
        conf: [[1], []],
      },
    },
  ],
];

/** One of each kind, for the compiler to miss a new one. */
const kinds: Readonly<Record<RaftNote["kind"], true>> = {
  booted: true,
  becameFollower: true,
  becameCandidate: true,
  becamePreCandidate: true,
  becameLeader: true,
  electionStarted: true,
  campaignRefused: true,
  voteRequested: true,
  voteCast: true,
  voteLeased: true,
  voteCounted: true,
  quorumLost: true,
  leaderForgotten: true,
  forgetRefused: true,
  termSeen: true,
  messageDropped: true,
  proposalDropped: true,
  timeoutNowTaken: true,
  transfer: true,
  readDropped: true,
  readPostponed: true,
  readConfirmed: true,
  appendRefused: true,
  logConflict: true,
  logCut: true,
  committed: true,
  receiptIgnored: true,
  receiptObsolete: true,
  refusalTaken: true,
  nextIndexDecreased: true,
  progressChanged: true,
  unreachable: true,
  snapshotSent: true,
  snapshotNotSent: true,
  snapshotReported: true,
  snapshotRecovered: true,
  snapshotStarted: true,
  snapshotRestored: true,
  snapshotIgnored: true,
  configurationChanged: true,
  changeIgnored: true,
  autoLeave: true,
  traced: true,
};

describe("etcd's logger", () => {
  it.each(rows.map(([note, ...lines]) => [note.kind, note, lines] as const))(
    "says of %s %j: %j",
    (_, note, lines) => {
      expect(loggerLines(note).map(({level, text}) => `${level} ${text}`)).toEqual(lines);
    },
  );

  it("has an example here for each kind of note", () => {
    expect(new Set(rows.map(([{kind}]) => kind))).toEqual(new Set(Object.keys(kinds)));
  });
});
