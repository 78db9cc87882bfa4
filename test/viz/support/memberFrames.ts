// Two more frames made by hand, with all that membership, learners, transfer and snapshots can put on the page at once.
//
//   learnerFrame   n1…n5 vote, n6 learns and is sent a snapshot, n7 is a spare; n3 hands leadership over to n4
//   jointFrame     old (n1…n5) and new (n2…n6) decide; n2 campaigns, n5 asks first; n1 was paused, n7 is a spare

import type {Said} from "../../../core/base/said.ts";
import type {
  ConfigurationView,
  EntryCell,
  FlightMark,
  FollowerView,
  Frame,
  LogLane,
  MemberMark,
} from "../../../viz/frame.ts";
import {busyFrame} from "./sampleFrame.ts";

const ms = 1000;
const now = busyFrame.at;
const names = ["n1", "n2", "n3", "n4", "n5", "n6", "n7"] as const;

function said(id: string, args: Said["args"] = {}, refs: readonly string[] = []): Said {
  return {id, args, refs};
}

const settled: ConfigurationView = {
  seenBy: "n3",
  voters: ["n1", "n2", "n3", "n4", "n5"],
  outgoing: [],
  learners: ["n6"],
  learnersNext: [],
  autoLeave: false,
};

const joint: ConfigurationView = {
  seenBy: "n3",
  voters: ["n2", "n3", "n4", "n5", "n6"],
  outgoing: ["n1", "n2", "n3", "n4", "n5"],
  learners: [],
  learnersNext: ["n1"],
  autoLeave: false,
};

function mark(name: string, configuration: ConfigurationView, changed: Partial<MemberMark> = {}): MemberMark {
  const votesOld = configuration.outgoing.includes(name);
  const votes = configuration.voters.includes(name);
  const known = votes || votesOld || configuration.learners.includes(name);
  return {
    name,
    status: known ? "up" : "crashed",
    started: known,
    standing: votes || votesOld ? "voter" : known ? "learner" : "outside",
    halves:
      configuration.outgoing.length === 0
        ? []
        : [...(votesOld ? (["old"] as const) : []), ...(votes ? (["new"] as const) : [])],
    leases: [],
    role: "follower",
    term: known ? 3 : 0,
    leader: "n3",
    votedFor: known ? "n3" : "",
    votes: [],
    timer: known ? {elapsed: 5, timeout: 14} : {elapsed: 0, timeout: 0},
    commitIndex: known ? 17 : 0,
    lastApplied: known ? 17 : 0,
    firstIndex: 9,
    lastIndex: known ? 18 : 0,
    durableIndex: known ? 18 : 0,
    revision: 7,
    takingSnapshot: 0,
    configuration,
    followers: [],
    ...changed,
  };
}

const texts = [
  "put a=1",
  "put b=2",
  "∅",
  "put c=3",
  "members +n6 (learner)",
  "put d=4",
  "put e=5",
  "members −n1 +n6",
];

function cells(from: number, to: number, commit: number): readonly EntryCell[] {
  return Array.from({length: to - from + 1}, (_, i): EntryCell => {
    const index = from + i;
    const text = texts[(index - 9 + 8) % 8] ?? "";
    return {
      index,
      term: index < 11 ? 2 : 3,
      text,
      ...(text.startsWith("members") ? {membership: true} : {}),
      committed: index <= commit,
      applied: index <= commit,
      durable: true,
    };
  });
}

function lane(member: MemberMark, changed: Partial<LogLane> = {}): LogLane {
  const {name, status, standing, role, firstIndex, lastIndex, commitIndex, lastApplied} = member;
  return {
    member: name,
    status,
    standing,
    role,
    entries: cells(firstIndex, lastIndex, commitIndex),
    firstIndex,
    lastIndex,
    commitIndex,
    lastApplied,
    ...changed,
  };
}

function follower(name: string, changed: Partial<FollowerView> = {}): FollowerView {
  return {
    name,
    state: "replicate",
    match: 17,
    next: 19,
    learner: false,
    active: true,
    paused: false,
    snapshot: 0,
    ...changed,
  };
}

const plain = {
  entries: [],
  more: 0,
  held: false,
  response: false,
  sent: now - 10 * ms,
  arrives: now + 12 * ms,
};

const snapshotFlight: FlightMark = {
  ...plain,
  event: "n3→n6#4",
  from: "n3",
  to: "n6",
  kind: "InstallSnapshot",
  term: 3,
  snapshot: 16,
  line: "MsgSnap Term:3 Log:0/0\n  Snapshot: Index:16 Term:3 ConfState:Voters:[1 2 3 4 5] Learners:[6]",
};

const learnerMembers: readonly MemberMark[] = names.map((name) => {
  const leads: Partial<MemberMark> = {
    role: "leader",
    majority: true,
    hands: "over",
    followers: [
      follower("n1"),
      follower("n2", {state: "probe", match: 0, next: 18, paused: true}),
      follower("n4", {match: 18}),
      follower("n5", {active: false}),
      follower("n6", {state: "snapshot", match: 0, next: 17, learner: true, snapshot: 16, paused: true}),
    ],
  };
  const own: Readonly<Record<string, Partial<MemberMark>>> = {
    n3: leads,
    n4: {hands: "to"},
    n5: {firstIndex: 1, commitIndex: 12, lastApplied: 12, lastIndex: 14},
    n6: {firstIndex: 1, commitIndex: 0, lastApplied: 0, lastIndex: 0},
  };
  return mark(name, settled, own[name]);
});

export const learnerFrame: Frame = {
  ...busyFrame,
  caption: {
    now: {said: said("now.transfer", {member: "n3", to: "n4"}, ["n3", "n4"])},
    look: {said: said("look.transfer")},
  },
  ring: {
    members: learnerMembers,
    configuration: settled,
    transfers: [{from: "n3", to: "n4"}],
    clients: [
      {name: "c1", waiting: ["move-leader n4"], watching: ["watch jobs/…"], servers: ["n3"]},
      {
        name: "c2",
        waiting: [],
        watching: [],
        last: {line: "member add n6 --learner", outcome: "ok"},
        servers: [],
      },
    ],
    flights: [
      snapshotFlight,
      {
        ...plain,
        event: "n3→n4#31",
        from: "n3",
        to: "n4",
        kind: "TimeoutNow",
        term: 3,
        line: "MsgTimeoutNow Term:3",
      },
      {
        ...plain,
        event: "n3→n5#9",
        from: "n3",
        to: "n5",
        kind: "AppendEntries",
        term: 3,
        entries: [3, 3],
        line: "MsgApp Term:3 Log:3/14 Commit:17 Entries:[\n  3/15 EntryNormal put d=4\n  3/16 EntryNormal put e=5\n]",
      },
    ],
    groups: [],
    cuts: [],
    bad: [],
    refusals: [],
  },
  log: {
    from: 5,
    count: 14,
    last: 18,
    lanes: learnerMembers.slice(0, 6).map((member) =>
      lane(member, {
        ...(member.name === "n3"
          ? {note: said("note.notMajority", {to: 18, members: "n3, n4"}, ["entry:n3/18"])}
          : {}),
        ...(member.name === "n6" ? {note: said("note.snapshot", {}, ["n6"])} : {}),
      }),
    ),
  },
};

const jointMembers: readonly MemberMark[] = names.map((name) => {
  const own: Readonly<Record<string, Partial<MemberMark>>> = {
    n1: {status: "paused", firstIndex: 1, lastIndex: 12, commitIndex: 12, lastApplied: 12},
    n2: {
      role: "candidate",
      term: 4,
      votes: [
        {from: "n2", granted: true, half: "new"},
        {from: "n4", granted: true, half: "new"},
        {from: "n6", granted: false, half: "new"},
        {from: "n2", granted: true, half: "old"},
        {from: "n4", granted: true, half: "old"},
      ],
    },
    n3: {role: "leader", majority: false},
    n5: {
      role: "preCandidate",
      votes: [
        {from: "n5", granted: true, half: "new"},
        {from: "n5", granted: true, half: "old"},
      ],
    },
    n6: {firstIndex: 17, lastIndex: 17},
  };
  return mark(name, joint, own[name]);
});

const lacking = said("note.notMajorityJoint", {to: 18, members: "n3, n4, n5", voters: "n2 n3 n4 n5 n6"}, [
  "entry:n3/18",
]);

export const jointFrame: Frame = {
  ...busyFrame,
  caption: {
    now: {said: said("now.joint", {member: "n3", voters: "n2 n3 n4 n5 n6", old: "n1 n2 n3 n4 n5"}, ["n3"])},
    look: {
      said: said("look.votesJoint", {member: "n2", granted: 2, needed: 3, grantedOld: 2, neededOld: 3}, [
        "n2",
      ]),
    },
  },
  ring: {
    members: jointMembers,
    configuration: joint,
    transfers: [],
    clients: [{name: "c1", waiting: ["member reconfigure"], watching: [], servers: ["n3"]}],
    flights: [
      {
        ...plain,
        event: "n2→n5#3",
        from: "n2",
        to: "n5",
        kind: "RequestVote",
        term: 4,
        line: "MsgVote Term:4 Log:3/18",
      },
      {
        ...plain,
        event: "n5→n4#3",
        from: "n5",
        to: "n4",
        kind: "PreVote",
        term: 5,
        line: "MsgPreVote Term:5 Log:3/18",
      },
      {
        ...plain,
        event: "n6→n5#2",
        from: "n6",
        to: "n5",
        kind: "PreVoteResponse",
        term: 5,
        response: true,
        positive: false,
        line: "MsgPreVoteResp Term:4 Log:0/0 Rejected (Hint: 0)",
      },
    ],
    groups: [],
    cuts: [],
    bad: [],
    refusals: [],
  },
  log: {
    from: 5,
    count: 14,
    last: 18,
    lanes: jointMembers
      .slice(0, 6)
      .map((member) => lane(member, member.name === "n3" ? {note: lacking} : {})),
  },
};
