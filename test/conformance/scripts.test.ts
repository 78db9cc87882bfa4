import {describe, expect, it} from "vitest";
import {expectAgreement, outcomeOfText} from "./agreement.ts";

describe("an interaction", () => {
  it("moves messages by hand", () => {
    expectAgreement(`
add-nodes 2 voters=(1,2) learners=(3) index=2 content=x colour=blue
----
INFO 1 switched to configuration voters=(1 2) learners=(3)
INFO 1 became follower at term 0
INFO newRaft 1 [peers: [1,2], term: 0, commit: 2, applied: 2, lastindex: 2, lastterm: 1]
INFO 2 switched to configuration voters=(1 2) learners=(3)
INFO 2 became follower at term 0
INFO newRaft 2 [peers: [1,2], term: 0, commit: 2, applied: 2, lastindex: 2, lastterm: 1]

campaign 1
----
INFO 1 is starting a new election at term 0
INFO 1 became candidate at term 1
INFO 1 [logterm: 1, index: 2] sent MsgVote request to 2 at term 1

process-ready 1
----
Ready MustSync=true:
Lead:0 State:StateCandidate
HardState Term:1 Vote:1 Commit:2
Messages:
1->2 MsgVote Term:1 Log:1/2
INFO 1 received MsgVoteResp from 1 at term 1
INFO 1 has received 1 MsgVoteResp votes and 0 vote rejections

deliver-msgs 2 3
----
1->2 MsgVote Term:1 Log:1/2
INFO 2 [term: 0] received a MsgVote message with higher term from 1 [term: 1]
INFO 2 became follower at term 1
INFO 2 [logterm: 1, index: 2, vote: 0] cast MsgVote for 1 [logterm: 1, index: 2] at term 1

raft-state
----
1: StateCandidate (Voter) Term:1 Lead:0
2: StateFollower (Voter) Term:1 Lead:0

stabilize 2
----
> 2 handling Ready
  Ready MustSync=true:
  HardState Term:1 Vote:1 Commit:2
  Messages:
  2->1 MsgVoteResp Term:1 Log:0/0

deliver-msgs drop=(1) type=MsgApp
----
no messages

stabilize log-level=none
----
ok

propose 1 a"b
----
ok

propose 2 far
----
ok

process-ready 1 2
----
> 1 handling Ready
  Ready MustSync=true:
  Entries:
  1/4 EntryNormal "a\\"b"
  Messages:
  1->2 MsgApp Term:1 Log:1/3 Commit:3 Entries:[1/4 EntryNormal "a\\"b"]
> 2 handling Ready
  Ready MustSync=false:
  Messages:
  2->1 MsgProp Term:0 Log:0/0 Entries:[0/0 EntryNormal "far"]

deliver-msgs 1 drop=(2)
----
2->1 MsgProp Term:0 Log:0/0 Entries:[0/0 EntryNormal "far"]
dropped: 1->2 MsgApp Term:1 Log:1/3 Commit:3 Entries:[1/4 EntryNormal "a\\"b"]

status 1
----
1: StateReplicate match=4 next=5
2: StateReplicate match=3 next=6 inflight=2
3: StateProbe match=0 next=3 learner paused inactive

status 2
----
ok

report-unreachable 1 2
----
DEBUG 1 failed to send message to 2 because it is unreachable [StateProbe match=3 next=4]

raft-log 2
----
1/3 EntryNormal ""

raft-log 1
----
1/3 EntryNormal ""
1/4 EntryNormal "a\\"b"

compact 1 3
----
1/4 EntryNormal "a\\"b"

send-snapshot 1 2
----
1->2 MsgSnap Term:1 Log:0/0
  Snapshot: Index:3 Term:1 ConfState:Voters:[1 2] VotersOutgoing:[] Learners:[3] LearnersNext:[] AutoLeave:false

deliver-msgs 2
----
1->2 MsgSnap Term:1 Log:0/0
  Snapshot: Index:3 Term:1 ConfState:Voters:[1 2] VotersOutgoing:[] Learners:[3] LearnersNext:[] AutoLeave:false
INFO 2 [commit: 3] ignored snapshot [index: 3, term: 1]

deliver-msgs 2
----
no messages
`);
  });

  it("has threads for disk and state machine, whose messages are never dropped", () => {
    expectAgreement(`
log-level none
----
ok

add-nodes 1 voters=(1) index=10 async-storage-writes=true
----
ok

campaign 1
----
ok

process-append-thread 1
----
ok

log-level debug
----
ok

process-append-thread 1
----
no append work to perform

process-apply-thread 1
----
no apply work to perform

stabilize
----
> 1 handling Ready
  Ready MustSync=true:
  Lead:0 State:StateCandidate
  HardState Term:1 Vote:1 Commit:10
  Messages:
  1->AppendThread MsgStorageAppend Term:1 Log:0/0 Commit:10 Vote:1 Responses:[
    1->1 MsgVoteResp Term:1 Log:0/0
  ]
> 1 processing append thread
  Processing:
  1->AppendThread MsgStorageAppend Term:1 Log:0/0 Commit:10 Vote:1
  Responses:
  1->1 MsgVoteResp Term:1 Log:0/0
> 1 receiving messages
  1->1 MsgVoteResp Term:1 Log:0/0
  INFO 1 received MsgVoteResp from 1 at term 1
  INFO 1 has received 1 MsgVoteResp votes and 0 vote rejections
  INFO 1 became leader at term 1
> 1 handling Ready
  Ready MustSync=true:
  Lead:1 State:StateLeader
  Entries:
  1/11 EntryNormal ""
  Messages:
  1->AppendThread MsgStorageAppend Term:0 Log:0/0 Entries:[1/11 EntryNormal ""] Responses:[
    1->1 MsgAppResp Term:1 Log:0/11
    AppendThread->1 MsgStorageAppendResp Term:1 Log:1/11
  ]
> 1 processing append thread
  Processing:
  1->AppendThread MsgStorageAppend Term:0 Log:0/0 Entries:[1/11 EntryNormal ""]
  Responses:
  1->1 MsgAppResp Term:1 Log:0/11
  AppendThread->1 MsgStorageAppendResp Term:1 Log:1/11
> 1 receiving messages
  1->1 MsgAppResp Term:1 Log:0/11
  AppendThread->1 MsgStorageAppendResp Term:1 Log:1/11
> 1 handling Ready
  Ready MustSync=false:
  HardState Term:1 Vote:1 Commit:11
  CommittedEntries:
  1/11 EntryNormal ""
  Messages:
  1->AppendThread MsgStorageAppend Term:1 Log:0/0 Commit:11 Vote:1
  1->ApplyThread MsgStorageApply Term:0 Log:0/0 Entries:[1/11 EntryNormal ""] Responses:[
    ApplyThread->1 MsgStorageApplyResp Term:0 Log:0/0 Entries:[1/11 EntryNormal ""]
  ]
> 1 processing append thread
  Processing:
  1->AppendThread MsgStorageAppend Term:1 Log:0/0 Commit:11 Vote:1
  Responses:
> 1 processing apply thread
  Processing:
  1->ApplyThread MsgStorageApply Term:0 Log:0/0 Entries:[1/11 EntryNormal ""]
  Responses:
  ApplyThread->1 MsgStorageApplyResp Term:0 Log:0/0 Entries:[1/11 EntryNormal ""]
> 1 receiving messages
  ApplyThread->1 MsgStorageApplyResp Term:0 Log:0/0 Entries:[1/11 EntryNormal ""]

propose 1 a
----
ok

process-ready 1
----
Ready MustSync=true:
Entries:
1/12 EntryNormal "a"
Messages:
1->AppendThread MsgStorageAppend Term:0 Log:0/0 Entries:[1/12 EntryNormal "a"] Responses:[
  1->1 MsgAppResp Term:1 Log:0/12
  AppendThread->1 MsgStorageAppendResp Term:1 Log:1/12
]

process-append-thread 1
----
Processing:
1->AppendThread MsgStorageAppend Term:0 Log:0/0 Entries:[1/12 EntryNormal "a"]
Responses:
1->1 MsgAppResp Term:1 Log:0/12
AppendThread->1 MsgStorageAppendResp Term:1 Log:1/12

deliver-msgs drop=(1)
----
no messages

deliver-msgs 1 type=MsgStorageAppendResp
----
AppendThread->1 MsgStorageAppendResp Term:1 Log:1/12

deliver-msgs 1
----
1->1 MsgAppResp Term:1 Log:0/12

process-ready 1
----
Ready MustSync=false:
HardState Term:1 Vote:1 Commit:12
CommittedEntries:
1/12 EntryNormal "a"
Messages:
1->AppendThread MsgStorageAppend Term:1 Log:0/0 Commit:12 Vote:1
1->ApplyThread MsgStorageApply Term:0 Log:0/0 Entries:[1/12 EntryNormal "a"] Responses:[
  ApplyThread->1 MsgStorageApplyResp Term:0 Log:0/0 Entries:[1/12 EntryNormal "a"]
]

process-apply-thread 1
----
Processing:
1->ApplyThread MsgStorageApply Term:0 Log:0/0 Entries:[1/12 EntryNormal "a"]
Responses:
ApplyThread->1 MsgStorageApplyResp Term:0 Log:0/0 Entries:[1/12 EntryNormal "a"]

deliver-msgs 1
----
ApplyThread->1 MsgStorageApplyResp Term:0 Log:0/0 Entries:[1/12 EntryNormal "a"]
`);
  });

  it("tells what cannot be done, at any level", () => {
    expectAgreement(`
add-nodes 1 voters=(1) index=1
----
index must be specified as > 1 due to bootstrap

add-nodes 1
----
INFO 1 switched to configuration voters=()
INFO 1 became follower at term 0
INFO newRaft 1 [peers: [], term: 0, commit: 0, applied: 0, lastindex: 0, lastterm: 0]

propose 1 a
----
INFO 1 no leader at term 0; dropping proposal
raft proposal dropped

log-level loud
----
log levels must be either of [DEBUG INFO WARN ERROR FATAL NONE]

stabilize log-level=loud
----
log levels must be either of [DEBUG INFO WARN ERROR FATAL NONE]

jump 1
----
unknown command

log-level NONE
----
ok

jump 1
----
unknown command

propose 1 a
----
raft proposal dropped

log-level Error
----
ok

propose 1 a
----
raft proposal dropped

raft-log 1
----
log is empty: first index=1, last index=0

process-ready 1
----
<empty Ready>

report-unreachable 1
----
must specify exactly two node indexes: node on which to report, and reported node

compact 1 0
----
requested index is unavailable due to compaction

propose-conf-change 1 v1=true transition=explicit
v1
----
v1 conf change can only have one operation and no transition

propose-conf-change 1 transition=slow
v1
----
unknown transition slow

propose-conf-change 1 colour=red
v1
----
unknown command colour

propose-conf-change 1
x1
----
unknown input: x1

propose-conf-change 1
v
----
unknown token v

propose-conf-change 1
vx
----
strconv.ParseUint: parsing "x": invalid syntax

deliver-msgs
----
no messages

_breakpoint
----
ok

add-nodes 1 read-only=none
----
invalid read-only option "none"
`);
  });

  it("has ticks, and leaders that hand over", () => {
    expectAgreement(`
add-nodes 2 voters=(1,2) index=2
----
INFO 1 switched to configuration voters=(1 2)
INFO 1 became follower at term 0
INFO newRaft 1 [peers: [1,2], term: 0, commit: 2, applied: 2, lastindex: 2, lastterm: 1]
INFO 2 switched to configuration voters=(1 2)
INFO 2 became follower at term 0
INFO newRaft 2 [peers: [1,2], term: 0, commit: 2, applied: 2, lastindex: 2, lastterm: 1]

set-randomized-election-timeout 1 timeout=4
----
ok

tick-election 1
----
ok

log-level none
----
ok

tick-heartbeat 1
----
ok

stabilize
----
ok

log-level info
----
ok

raft-state
----
1: StateLeader (Voter) Term:1 Lead:1
2: StateFollower (Voter) Term:1 Lead:1

transfer-leadership from=1 to=2
----
INFO 1 [term 1] starts to transfer leadership to 2
INFO 1 sends MsgTimeoutNow to 2 immediately as 2 already has up-to-date log

propose 1 a
----
raft proposal dropped

stabilize log-level=error
----
> 1 handling Ready
  Ready MustSync=false:
  Messages:
  1->2 MsgTimeoutNow Term:1 Log:0/0
> 2 receiving messages
  1->2 MsgTimeoutNow Term:1 Log:0/0
> 2 handling Ready
  Ready MustSync=true:
  Lead:0 State:StateCandidate
  HardState Term:2 Vote:2 Commit:3
  Messages:
  2->1 MsgVote Term:2 Log:1/3
> 1 receiving messages
  2->1 MsgVote Term:2 Log:1/3
> 1 handling Ready
  Ready MustSync=true:
  Lead:0 State:StateFollower
  HardState Term:2 Vote:2 Commit:3
  Messages:
  1->2 MsgVoteResp Term:2 Log:0/0
> 2 receiving messages
  1->2 MsgVoteResp Term:2 Log:0/0
> 2 handling Ready
  Ready MustSync=true:
  Lead:2 State:StateLeader
  Entries:
  2/4 EntryNormal ""
  Messages:
  2->1 MsgApp Term:2 Log:1/3 Commit:3 Entries:[2/4 EntryNormal ""]
> 1 receiving messages
  2->1 MsgApp Term:2 Log:1/3 Commit:3 Entries:[2/4 EntryNormal ""]
> 1 handling Ready
  Ready MustSync=true:
  Lead:2 State:StateFollower
  Entries:
  2/4 EntryNormal ""
  Messages:
  1->2 MsgAppResp Term:2 Log:0/4
> 2 receiving messages
  1->2 MsgAppResp Term:2 Log:0/4
> 2 handling Ready
  Ready MustSync=false:
  HardState Term:2 Vote:2 Commit:4
  CommittedEntries:
  2/4 EntryNormal ""
  Messages:
  2->1 MsgApp Term:2 Log:2/4 Commit:4
> 1 receiving messages
  2->1 MsgApp Term:2 Log:2/4 Commit:4
> 1 handling Ready
  Ready MustSync=false:
  HardState Term:2 Vote:2 Commit:4
  CommittedEntries:
  2/4 EntryNormal ""
  Messages:
  1->2 MsgAppResp Term:2 Log:0/4
> 2 receiving messages
  1->2 MsgAppResp Term:2 Log:0/4

raft-state
----
1: StateFollower (Voter) Term:2 Lead:2
2: StateLeader (Voter) Term:2 Lead:2

forget-leader 1
----
INFO 1 forgetting leader 2 at term 2
`);
  });

  it("changes who is in the cluster", () => {
    expectAgreement(`
log-level none
----
ok

add-nodes 1 voters=(1) index=2
----
ok

campaign 1
----
ok

stabilize
----
ok

log-level debug
----
ok

propose-conf-change 1 v1=true
v2
----
ok

process-ready 1
----
Ready MustSync=true:
Entries:
1/4 EntryConfChange v2

process-ready 1
----
Ready MustSync=false:
HardState Term:1 Vote:1 Commit:4
CommittedEntries:
1/4 EntryConfChange v2
INFO 1 switched to configuration voters=(1 2)

# What the change gave rise to is not part of the Ready with the change.
deliver-msgs drop=(2)
----
no messages

process-ready 1
----
Ready MustSync=false:
Messages:
1->2 MsgApp Term:1 Log:1/3 Commit:4 Entries:[1/4 EntryConfChange v2]

process-ready 1
----
<empty Ready>

propose-conf-change 1 transition=explicit
l2
----
ok

propose-conf-change 1
----
INFO 1 ignoring conf change transition:ConfChangeTransitionAuto at config voters=(1 2): possible unapplied conf change at index 5 (applied to 4)
`);
  });

  it("says so where the script makes no sense", () => {
    const broken = (text: string): string | undefined => outcomeOfText(text).semantic?.actual;
    expect(broken("campaign 1\n----\nok\n")).toBe("ScriptError: expected a member of 1..0, not 1\n");
    expect(broken("campaign one\n----\nok\n")).toBe('ScriptError: expected a number, not "one"\n');
    expect(broken("deliver-msgs type=MsgX\n----\nok\n")).toBe(
      'ScriptError: expected a type of messages, not "MsgX"\n',
    );
    expect(broken("add-nodes 1\n----\n----\n")).toBe(
      'ScriptError: expected "----" twice after what is expected\n',
    );
  });

  it("says so where raft breaks a promise", () => {
    const text = "add-nodes 1 read-only=lease-based\n----\nok\n";
    expect(outcomeOfText(text)).toMatchObject({
      strict: {line: 1, actual: "InvariantViolation: readOnly leaseBased needs checkQuorum\n"},
      semantic: {line: 1},
    });
  });
});

describe("a script about quorums", () => {
  it("draws what was reached, and counts votes, in one half or both", () => {
    expectAgreement(`
committed cfg=(1,2,3) cfgj=(3,4,11) idx=(100,7,_,7,_)
----
         idx
xxxx>    100    (id=1)
xx>        7    (id=2)
?          0    (id=3)
xx>        7    (id=4)
?          0    (id=b)
0

committed cfgj=zero
----
<empty majority quorum>∞

committed cfg=(1,2) cfgj=zero idx=(5,6)
----
      idx
>       5    (id=1)
x>      6    (id=2)
5

committed cfg=(1,2) idx=(5)
----
error: mismatched input (explicit or _) for voters map[1:{} 2:{}]: [5]

vote cfg=(1,2) cfgj=(2,3) votes=(y,y,n)
----
VoteLost

vote cfg=(1,2) votes=(y)
----
error: mismatched input (explicit or _) for voters map[1:{} 2:{}]: [2]

elect cfg=(1) idx=(1)
----
unknown command
`);
  });
});

describe("a script about changes of membership", () => {
  it("tells the configuration, and when each member came", () => {
    expectAgreement(`
simple
v1
----
voters=(1)
1: StateProbe match=0 next=1

simple
v2 u1
----
voters=(1 2)
1: StateProbe match=0 next=1
2: StateProbe match=0 next=1

enter-joint autoleave=true
r1 v3 l2
----
voters=(3)&&(1 2) learners_next=(2) autoleave
1: StateProbe match=0 next=1
2: StateProbe match=0 next=1
3: StateProbe match=0 next=2

simple
v9
----
can't apply simple config change in joint config

leave-joint
v1
----
this command takes no input

leave-joint
----
voters=(3) learners=(2)
2: StateProbe match=0 next=1 learner
3: StateProbe match=0 next=2

leave-joint
----
can't leave a non-joint config

simple
q1
----
unknown input: q1
`);
  });
});
