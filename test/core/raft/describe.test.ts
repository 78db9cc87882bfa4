// Messages, entries, configurations and Readys in a line, in the form of etcd's transcripts.

import {describe, expect, it} from "vitest";
import {proposalOf} from "../../../core/raft/confChange.ts";
import {
  describeApplied,
  describeApplyRequest,
  describeApplyWork,
  describeAppendRequest,
  describeAppendWork,
  describeChanges,
  describeConfChange,
  describeConfiguration,
  describeConfState,
  describeEntry,
  describeHardState,
  describeMember,
  describeMessage,
  describeProgress,
  describeReady,
  describeReceipt,
  describeSnapshot,
  describeSoftState,
} from "../../../core/raft/describe.ts";
import type {Entry} from "../../../core/raft/entry.ts";
import {noData} from "../../../core/raft/entry.ts";
import type {AppendEntries, Message} from "../../../core/raft/message.ts";
import type {AppendWork, ProgressView, Ready} from "../../../core/raft/ready.ts";
import {changes, conf} from "./changes.ts";
import {entriesFrom, snapshotAt} from "./entries.ts";
import {asks, asksPreVote, bytes, granted, grantedPreVote, holds, refusedVote} from "./notation.ts";
import {view} from "./views.ts";

const address = {from: 1, to: 26, term: 2};
const head: AppendEntries = {
  kind: "AppendEntries",
  ...address,
  prevLogIndex: 5,
  prevLogTerm: 1,
  entries: [],
  leaderCommit: 0,
};
const snapshot = snapshotAt({index: 9, term: 2}, conf("1 26 learners 3"));
const snapshotText =
  "Index:9 Term:2 ConfState:Voters:[1 26] VotersOutgoing:[] Learners:[3] LearnersNext:[] AutoLeave:false";

describe("a message, described,", () => {
  it.each([
    [asks(address, 5, 1), "1->1a MsgVote Term:2 Log:1/5"],
    [granted(address), "1->1a MsgVoteResp Term:2 Log:0/0"],
    [refusedVote(address), "1->1a MsgVoteResp Term:2 Log:0/0 Rejected (Hint: 0)"],
    [asksPreVote(address, 5, 1), "1->1a MsgPreVote Term:2 Log:1/5"],
    [grantedPreVote(address), "1->1a MsgPreVoteResp Term:2 Log:0/0"],
    [head, "1->1a MsgApp Term:2 Log:1/5"],
    [
      {...head, leaderCommit: 4, entries: entriesFrom(6, "2")},
      '1->1a MsgApp Term:2 Log:1/5 Commit:4 Entries:[2/6 EntryNormal "6/2"]',
    ],
    [
      {...head, entries: entriesFrom(6, "2 2")},
      '1->1a MsgApp Term:2 Log:1/5 Entries:[\n  2/6 EntryNormal "6/2"\n  2/7 EntryNormal "7/2"\n]',
    ],
    [holds(address, 6), "1->1a MsgAppResp Term:2 Log:0/6"],
    [
      {...holds(address, 6), success: false, hintIndex: 4, hintTerm: 1},
      "1->1a MsgAppResp Term:2 Log:1/6 Rejected (Hint: 4)",
    ],
    [{kind: "Heartbeat", ...address, commit: 0, readPosition: 3}, "1->1a MsgHeartbeat Term:2 Log:0/0"],
    [
      {kind: "Heartbeat", ...address, commit: 7, readPosition: 0},
      "1->1a MsgHeartbeat Term:2 Log:0/0 Commit:7",
    ],
    [{kind: "HeartbeatResponse", ...address, readPosition: 3}, "1->1a MsgHeartbeatResp Term:2 Log:0/0"],
    [
      {kind: "InstallSnapshot", ...address, snapshot},
      `1->1a MsgSnap Term:2 Log:0/0\n  Snapshot: ${snapshotText}`,
    ],
    [{kind: "TimeoutNow", ...address}, "1->1a MsgTimeoutNow Term:2 Log:0/0"],
    [{kind: "TransferLeader", ...address, transferee: 3}, "3->1a MsgTransferLeader Term:2 Log:0/0"],
    [
      {kind: "Propose", ...address, term: 0, proposals: [{type: "normal", data: bytes('a"b')}]},
      '1->1a MsgProp Term:0 Log:0/0 Entries:[0/0 EntryNormal "a\\"b"]',
    ],
    [{kind: "ReadIndex", ...address, term: 0, context: 7}, "1->1a MsgReadIndex Term:0 Log:0/0"],
    [{kind: "ReadIndexResponse", ...address, index: 8, context: 7}, "1->1a MsgReadIndexResp Term:2 Log:0/8"],
  ] satisfies [Message, string][])("%j is %s", (message, text) => {
    expect(describeMessage(message)).toBe(text);
  });

  it("is shown with data as the caller likes", () => {
    const message = {...head, entries: entriesFrom(6, "2")};
    const length = (data: Uint8Array) => `${data.length}B`;
    expect(describeMessage(message, length)).toBe("1->1a MsgApp Term:2 Log:1/5 Entries:[2/6 EntryNormal 3B]");
    expect(describeMessage(message, () => "")).toBe("1->1a MsgApp Term:2 Log:1/5 Entries:[2/6 EntryNormal]");
  });
});

describe("an entry, described,", () => {
  const at = {index: 4, term: 3};

  it.each([
    [{...at, type: "normal", data: noData}, '3/4 EntryNormal ""'],
    [{...at, type: "normal", data: bytes("a b")}, '3/4 EntryNormal "a b"'],
    [
      {...at, ...proposalOf({version: 1, transition: "auto", changes: changes("v4"), context: noData})},
      "3/4 EntryConfChange v4",
    ],
    [
      {
        ...at,
        ...proposalOf({version: 2, transition: "auto", changes: changes("v4 l5 r1 u2"), context: noData}),
      },
      "3/4 EntryConfChangeV2 v4 l5 r1 u2",
    ],
    [{...at, type: "confChangeV2", data: noData}, "3/4 EntryConfChangeV2"],
    [{...at, type: "confChangeV2", data: bytes("~")}, '3/4 EntryConfChangeV2 "~"'],
  ] satisfies [Entry, string][])("%j is %s", (entry, text) => {
    expect(describeEntry(entry)).toBe(text);
  });
});

describe("a member's state, described,", () => {
  it.each([
    [view({matchIndex: 3, nextIndex: 4}), "StateProbe match=3 next=4"],
    [view({isLearner: true, paused: true}), "StateProbe match=0 next=1 learner paused"],
    [view({recentActive: false}), "StateProbe match=0 next=1 inactive"],
    [view({state: "replicate", inflight: 2}), "StateReplicate match=0 next=1 inflight=2"],
    [
      view({state: "replicate", paused: true, inflight: 3, inflightFull: true}),
      "StateReplicate match=0 next=1 paused inflight=3[full]",
    ],
    [
      view({state: "snapshot", paused: true, pendingSnapshot: 9, nextIndex: 10}),
      "StateSnapshot match=0 next=10 paused pendingSnap=9",
    ],
  ] satisfies [ProgressView, string][])("%j is %s", (progress, text) => {
    expect(describeProgress(progress)).toBe(text);
  });

  it("is a name, a term, a vote, a leader", () => {
    expect([describeMember(0), describeMember(9), describeMember(26)]).toEqual(["None", "9", "1a"]);
    expect(describeHardState({term: 3, votedFor: 0, commit: 4})).toBe("Term:3 Commit:4");
    expect(describeHardState({term: 3, votedFor: 2, commit: 0})).toBe("Term:3 Vote:2 Commit:0");
    expect(describeSoftState({leader: 2, role: "follower"})).toBe("Lead:2 State:StateFollower");
    expect(describeSoftState({leader: 0, role: "preCandidate"})).toBe("Lead:0 State:StatePreCandidate");
    expect(describeSoftState({leader: 0, role: "candidate"})).toBe("Lead:0 State:StateCandidate");
    expect(describeSoftState({leader: 1, role: "leader"})).toBe("Lead:1 State:StateLeader");
  });

  it("is a configuration", () => {
    expect(describeConfiguration(conf(""))).toBe("voters=()");
    expect(describeConfiguration(conf("1 2 learners 30"))).toBe("voters=(1 2) learners=(1e)");
    expect(describeConfiguration(conf("1 2 && 1 3 learners 5 next 3 autoleave"))).toBe(
      "voters=(1 2)&&(1 3) learners=(5) learners_next=(3) autoleave",
    );
    expect(describeConfState(conf("1 26 && 3 next 3 autoleave"))).toBe(
      "Voters:[1 26] VotersOutgoing:[3] Learners:[] LearnersNext:[3] AutoLeave:true",
    );
    expect(describeSnapshot(snapshot)).toBe(snapshotText);
  });

  it("is a change of it", () => {
    expect(describeChanges(changes("v1 l2 r3 u4"))).toBe("v1 l2 r3 u4");
    const asked = {version: 2, transition: "explicit", changes: changes("u3"), context: bytes("x")} as const;
    expect(describeConfChange(asked)).toBe(
      'transition:ConfChangeTransitionJointExplicit changes:{type:ConfChangeUpdateNode node_id:3} context:"x"',
    );
  });
});

const work: AppendWork = {
  hardState: {term: 2, votedFor: 1, commit: 3},
  snapshot: undefined,
  entries: entriesFrom(6, "2"),
  mustSync: true,
  messages: [holds({from: 1, to: 1, term: 2}, 6), granted({from: 1, to: 2, term: 2})],
  receipt: {term: 2, last: {index: 6, term: 2}, snapshotIndex: 0},
};

describe("work for the disk and the state machine, described as etcd's messages to their threads,", () => {
  const request =
    '1->AppendThread MsgStorageAppend Term:2 Log:0/0 Commit:3 Vote:1 Entries:[2/6 EntryNormal "6/2"]';

  it("is what to write, and what waits for it", () => {
    expect(describeAppendRequest(1, work)).toBe(request);
    expect(describeAppendWork(1, work).split("\n")).toEqual([
      `${request} Responses:[`,
      "  1->1 MsgAppResp Term:2 Log:0/6",
      "  1->2 MsgVoteResp Term:2 Log:0/0",
      "  AppendThread->1 MsgStorageAppendResp Term:2 Log:2/6",
      "]",
    ]);
  });

  it("is nothing to write when only answers wait", () => {
    const bare = {
      ...work,
      hardState: undefined,
      entries: [],
      receipt: undefined,
      messages: work.messages.slice(1),
    };
    expect(describeAppendWork(1, bare).split("\n")).toEqual([
      "1->AppendThread MsgStorageAppend Term:0 Log:0/0 Responses:[",
      "  1->2 MsgVoteResp Term:2 Log:0/0",
      "]",
    ]);
  });

  it("is a snapshot to write, which its receipt repeats", () => {
    const receipt = {term: 2, last: undefined, snapshotIndex: 9};
    const taken = {...work, hardState: undefined, entries: [], messages: [], snapshot, receipt};
    expect(describeAppendWork(1, taken).split("\n")).toEqual([
      "1->AppendThread MsgStorageAppend Term:0 Log:0/0",
      `  Snapshot: ${snapshotText} Responses:[`,
      "  AppendThread->1 MsgStorageAppendResp Term:2 Log:0/0",
      `    Snapshot: ${snapshotText}`,
      "]",
    ]);
    expect(describeReceipt(1, receipt, snapshot).split("\n")).toEqual([
      "AppendThread->1 MsgStorageAppendResp Term:2 Log:0/0",
      `  Snapshot: ${snapshotText}`,
    ]);
  });

  it("is entries to apply, and the answer with the same", () => {
    const entries = entriesFrom(6, "2");
    const list = 'Entries:[2/6 EntryNormal "6/2"]';
    expect(describeApplyRequest(1, entries)).toBe(`1->ApplyThread MsgStorageApply Term:0 Log:0/0 ${list}`);
    expect(describeApplied(1, entries)).toBe(`ApplyThread->1 MsgStorageApplyResp Term:0 Log:0/0 ${list}`);
    expect(describeApplyWork(1, entries).split("\n")).toEqual([
      `1->ApplyThread MsgStorageApply Term:0 Log:0/0 ${list} Responses:[`,
      `  ApplyThread->1 MsgStorageApplyResp Term:0 Log:0/0 ${list}`,
      "]",
    ]);
  });
});

describe("a Ready, described,", () => {
  const empty: Ready = {softState: undefined, readStates: [], messages: [], append: undefined, apply: []};
  const full: Ready = {
    softState: {leader: 1, role: "leader"},
    readStates: [{index: 4, context: 7}],
    messages: [{kind: "TimeoutNow", from: 1, to: 2, term: 2}],
    append: {...work, snapshot},
    apply: entriesFrom(5, "2"),
  };
  const things = [
    "Ready MustSync=true:",
    "Lead:1 State:StateLeader",
    "HardState Term:2 Vote:1 Commit:3",
    "ReadStates [{4 7}]",
    "Entries:",
    '2/6 EntryNormal "6/2"',
    `Snapshot ${snapshotText}`,
    "CommittedEntries:",
    '2/5 EntryNormal "5/2"',
    "Messages:",
    "1->2 MsgTimeoutNow Term:2 Log:0/0",
  ];

  it("is empty when there is nothing to do", () => {
    expect(describeReady(empty, {member: 1, asyncStorageWrites: false})).toBe("<empty Ready>");
    expect(describeReady(empty, {member: 1, asyncStorageWrites: true})).toBe("<empty Ready>");
  });

  it("is all there is to do, and the messages to others", () => {
    expect(describeReady(full, {member: 1, asyncStorageWrites: false}).split("\n")).toEqual([
      ...things,
      "1->2 MsgVoteResp Term:2 Log:0/0",
    ]);
  });

  it("is all there is to do, and the messages to the threads too, in the asynchronous mode", () => {
    expect(describeReady(full, {member: 1, asyncStorageWrites: true}).split("\n")).toEqual([
      ...things,
      ...describeAppendWork(1, {...work, snapshot}).split("\n"),
      ...describeApplyWork(1, full.apply).split("\n"),
    ]);
  });

  it("needs no sync when there is nothing to append", () => {
    const apply = entriesFrom(5, "2");
    expect(describeReady({...empty, apply}, {member: 1, asyncStorageWrites: false})).toBe(
      'Ready MustSync=false:\nCommittedEntries:\n2/5 EntryNormal "5/2"',
    );
  });
});
