// Two frames made by hand, for laying out, drawing and table twins before and without an engine. `busyFrame` is the
// first scenario's best moment: a split, two leaders in terms 2 and 3, a write that will be lost, messages in flight.
// `emptyFrame` is a cold start: no key, no entry, one member crashed, one paused, one campaigning.
//
//   index    1 2 3 4 5 6 7 8 9 10 11
//   n1 n2    1 1 1 1 2 2 2 2 2  2  2     10, 11: "only on n1, n2: not a majority"
//   n3 n5    1 1 1 1 2 2 2 2 2  3  3     10 is committed, 11 is on n3 and n5 only
//   n4       1 1 1 1 2 2 2 2 2  3

import type {Said} from "../../../core/base/said.ts";
import type {Ref} from "../../../core/base/ref.ts";
import type {
  CheckView,
  ConfigurationView,
  EntryCell,
  EventRow,
  FlightMark,
  Frame,
  GridCell,
  GridRow,
  LogLane,
  MemberMark,
  WatcherView,
} from "../../../viz/frame.ts";

const ms = 1000;
const now = 1_204_350;

function said(id: string, args: Said["args"] = {}, refs: readonly Ref[] = []): Said {
  return {id, args, refs};
}

const texts = [
  "∅",
  "put color=red",
  "put lock/a=c1",
  "del lock/a",
  "∅",
  "txn 3 ops",
  "put lock/a=c2",
  "del jobs/1",
  "compact 3",
];
const oldTail = ["put x=1", "put x=2"];
const newTail = ["∅", "put x=3"];

function entries(
  tail: readonly string[],
  tailTerm: number,
  commit: number,
  applied: number,
  durable: number,
): readonly EntryCell[] {
  return [...texts, ...tail].map((text, i) => ({
    index: i + 1,
    term: i < 4 ? 1 : i < 9 ? 2 : tailTerm,
    text,
    committed: i < commit,
    applied: i < applied,
    durable: i < durable,
  }));
}

interface MemberSketch {
  readonly name: string;
  readonly role: MemberMark["role"];
  readonly term: number;
  readonly leader: string;
  readonly tail: readonly string[];
  readonly commit: number;
  readonly applied: number;
  readonly durable: number;
  readonly elapsed: number;
  readonly timeout: number;
  readonly progress?: NonNullable<LogLane["progress"]>;
  readonly note?: Said;
  readonly majority?: boolean;
}

const sketches: readonly MemberSketch[] = [
  {
    name: "n1",
    role: "leader",
    term: 2,
    leader: "n1",
    tail: oldTail,
    commit: 9,
    applied: 9,
    durable: 11,
    elapsed: 0,
    timeout: 14,
    note: said("note.notMajority", {from: 10, to: 11, members: "n1, n2"}, ["n1", "n2"]),
    majority: false,
  },
  {
    name: "n2",
    role: "follower",
    term: 2,
    leader: "n1",
    tail: oldTail,
    commit: 9,
    applied: 9,
    durable: 11,
    elapsed: 1,
    timeout: 17,
  },
  {
    name: "n3",
    role: "leader",
    term: 3,
    leader: "n3",
    tail: newTail,
    commit: 10,
    applied: 10,
    durable: 11,
    elapsed: 0,
    timeout: 12,
    note: said("note.notMajority", {from: 11, to: 11, members: "n3, n5"}, ["n3", "n5"]),
    majority: true,
  },
  {
    name: "n4",
    role: "follower",
    term: 3,
    leader: "n3",
    tail: newTail.slice(0, 1),
    commit: 9,
    applied: 9,
    durable: 10,
    elapsed: 3,
    timeout: 19,
    progress: {match: 10, next: 12, state: "replicate"},
  },
  {
    name: "n5",
    role: "follower",
    term: 3,
    leader: "n3",
    tail: newTail,
    commit: 10,
    applied: 9,
    durable: 10,
    elapsed: 2,
    timeout: 11,
    progress: {match: 10, next: 12, state: "replicate"},
  },
];

/** Five voters and nobody else. */
const five: ConfigurationView = {
  seenBy: "n3",
  voters: ["n1", "n2", "n3", "n4", "n5"],
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
};

/** What a member is where nothing of membership happens. */
const ordinary = {
  started: true,
  standing: "voter",
  halves: [],
  firstIndex: 1,
  takingSnapshot: 0,
  configuration: five,
  followers: [],
  leases: [],
} as const;

function memberOf(sketch: MemberSketch): MemberMark {
  const {name, role, term, leader, commit, applied, durable, elapsed, timeout, majority} = sketch;
  return {
    ...ordinary,
    name,
    role,
    term,
    leader,
    status: "up",
    votedFor: term === 2 ? "n1" : "n3",
    votes: [],
    timer: {elapsed, timeout},
    commitIndex: commit,
    lastApplied: applied,
    lastIndex: texts.length + sketch.tail.length,
    durableIndex: durable,
    revision: 7,
    ...(majority === undefined ? {} : {majority}),
  };
}

function laneOf(sketch: MemberSketch): LogLane {
  const {name, role, term, tail, commit, applied, durable, progress, note} = sketch;
  return {
    member: name,
    role,
    status: "up",
    standing: "voter",
    firstIndex: 1,
    entries: entries(tail, term, commit, applied, durable),
    lastIndex: texts.length + tail.length,
    commitIndex: commit,
    lastApplied: applied,
    ...(progress === undefined ? {} : {progress}),
    ...(note === undefined ? {} : {note}),
  };
}

const plain = {entries: [], more: 0, held: false, response: false} as const;

/** One of every kind that the ring can draw: lost on the way, held by hand, refused, with beads, to and from clients. */
const busyFlights: readonly FlightMark[] = [
  {
    ...plain,
    event: "n1→n2#96",
    from: "n1",
    to: "n2",
    kind: "AppendEntries",
    term: 2,
    entries: [2],
    sent: now - 12 * ms,
    arrives: now + 21 * ms,
    line: "AppendEntries term 2, 1 entry after 10 (term 2), commit 9",
  },
  {
    ...plain,
    event: "n1→n3#88",
    from: "n1",
    to: "n3",
    kind: "AppendEntries",
    term: 2,
    entries: [2, 2],
    sent: now - 18 * ms,
    dies: now + 4 * ms,
    line: "AppendEntries term 2, 2 entries after 9 (term 2), commit 9",
  },
  {
    ...plain,
    event: "n3→n4#31",
    from: "n3",
    to: "n4",
    kind: "AppendEntries",
    term: 3,
    entries: [3],
    sent: now - 25 * ms,
    arrives: now + 14 * ms,
    line: "AppendEntries term 3, 1 entry after 10 (term 3), commit 10",
  },
  {
    ...plain,
    event: "n5→n3#30",
    from: "n5",
    to: "n3",
    kind: "AppendEntriesResponse",
    term: 3,
    response: true,
    positive: true,
    sent: now - 8 * ms,
    arrives: now + 30 * ms,
    line: "AppendEntriesResponse term 3, yes up to 11",
  },
  {
    ...plain,
    event: "n4→n3#29",
    from: "n4",
    to: "n3",
    kind: "HeartbeatResponse",
    term: 3,
    response: true,
    sent: now - 30 * ms,
    arrives: now + 6 * ms,
    line: "HeartbeatResponse term 3",
  },
  {
    ...plain,
    event: "n3→n5#33",
    from: "n3",
    to: "n5",
    kind: "Heartbeat",
    term: 3,
    sent: now - 3 * ms,
    arrives: now + 33 * ms,
    line: "Heartbeat term 3, commit 10",
  },
  {
    ...plain,
    event: "n5→n4#4",
    from: "n5",
    to: "n4",
    kind: "RequestVoteResponse",
    term: 3,
    response: true,
    positive: false,
    sent: now - 40 * ms,
    held: true,
    line: "RequestVoteResponse term 3, refused",
  },
  {
    ...plain,
    event: "c1→n3#12",
    from: "c1",
    to: "n3",
    kind: "range",
    term: 0,
    sent: now - 5 * ms,
    arrives: now + 5 * ms,
    line: "get x",
  },
  {
    ...plain,
    event: "n1→c2#9",
    from: "n1",
    to: "c2",
    kind: "watch",
    term: 0,
    response: true,
    sent: now - 9 * ms,
    arrives: now + 9 * ms,
    line: "watch: created",
  },
];

function put(
  main: number,
  sub: number,
  value: string,
  version: number,
  create: number,
  answer: boolean,
  entry: number,
): GridCell {
  return {main, sub, kind: "put", value, version, create, answer, entry: `entry:n3/${entry}`};
}

function del(main: number, entry: number): GridCell {
  return {
    main,
    sub: 0,
    kind: "delete",
    value: "",
    version: 0,
    create: 0,
    answer: false,
    entry: `entry:n3/${entry}`,
  };
}

const rows: readonly GridRow[] = [
  {
    key: "color",
    generations: [{from: 2, to: undefined}],
    cells: [put(2, 0, "red", 1, 2, false, 2), put(5, 0, "blue", 2, 2, true, 6)],
  },
  {key: "jobs/1", generations: [{from: 5, to: 7}], cells: [put(5, 1, "queued", 1, 5, false, 6), del(7, 8)]},
  {key: "jobs/2", generations: [{from: 5, to: undefined}], cells: [put(5, 2, "queued", 1, 5, true, 6)]},
  {
    key: "lock/a",
    generations: [
      {from: 3, to: 4},
      {from: 6, to: undefined},
    ],
    cells: [put(3, 0, "c1", 1, 3, false, 3), del(4, 4), put(6, 0, "c2", 1, 6, true, 7)],
  },
];

const watchers: readonly WatcherView[] = [
  {ref: "watch:c1#3", client: "c1", member: "n3", range: "jobs/…", group: "synced", next: 8, queued: 0},
  {ref: "watch:c2#5", client: "c2", member: "n1", range: "color", group: "unsynced", next: 4, queued: 2},
  {ref: "watch:c2#6", client: "c2", member: "n2", range: "lock/a", group: "victim", next: 6, queued: 1},
];

const eventRows: readonly EventRow[] = [
  {
    step: 1838,
    id: "n3→n5#32",
    at: 1_190_112,
    cause: 1829,
    interesting: false,
    line: said(
      "event.message",
      {from: "n3", to: "n5", what: "AppendEntries term 3, 1 entry after 10 (term 3), commit 9"},
      ["n3", "n5"],
    ),
  },
  {
    step: 1839,
    id: "disk/n5/wal#44",
    at: 1_191_020,
    cause: 1838,
    interesting: false,
    line: said("event.disk", {member: "n5", file: "wal", what: "sync"}, ["n5"]),
  },
  {
    step: 1840,
    id: "n4→n3#28",
    at: 1_196_340,
    cause: 1822,
    interesting: true,
    line: said("now.commits", {member: "n3", to: 10, text: "∅"}, ["n3", "entry:n3/10"]),
  },
  {
    step: 1841,
    id: "clock/n2#241",
    at: 1_200_000,
    cause: 1803,
    interesting: false,
    line: said("event.tick", {member: "n2"}, ["n2"]),
  },
  {
    step: 1842,
    id: "n2→c2#8",
    at: now,
    cause: 1836,
    interesting: true,
    line: said("now.settled", {client: "c2", line: "get color", answer: "color=blue"}, ["op:c2#4"]),
  },
  {
    step: 1843,
    id: "c1→n3#12",
    at: 1_209_350,
    cause: 1842,
    interesting: false,
    line: said("event.request", {client: "c1", to: "n3", what: "get x"}, ["c1", "n3"]),
  },
];

const checkNames = [
  "Election Safety",
  "Leader Append-Only",
  "Log Matching",
  "Leader Completeness",
  "State Machine Safety",
];

function holding(exercised: number): readonly CheckView[] {
  return checkNames.map((name, i) => ({name, verdict: "holds" as const, exercised: exercised * (i + 1)}));
}

const sounds: Said = {
  id: "link.how",
  args: {en: "loses 5 % of messages", zh: "丢失 5% 的消息"},
  refs: [],
};

export const busyFrame: Frame = {
  cursor: {branch: "main", event: "n2→c2#8", step: 1842, time: now},
  at: now,
  until: 1_209_350,
  ended: false,
  head: {
    scenario: "leader-partition",
    title: said("title", {en: "The leader cut off", zh: "被隔离的领导者"}),
    about: {teaches: {text: {en: "The leader cut off", zh: "被隔离的领导者"}}, sources: [], variants: []},
    seed: "7",
    branches: [
      {id: "main", parent: undefined, forkStep: 0, said: said("branch.main")},
      {
        id: "5f0c1a2e",
        parent: "main",
        forkStep: 1310,
        said: said("branch.act", {what: "crash n4"}, ["n4"]),
      },
    ],
    verdict: "holds",
    chain: "9f31c07a5be2d840",
  },
  caption: {
    now: {
      text: {
        en: "n1 still believes it is the leader, but only n2 can hear it.",
        zh: "n1 仍以为自己是领导者，但只有 n2 听得到它。",
      },
    },
    look: {
      text: {
        en: "A write was sent to n1: will it survive? Watch the log lanes.",
        zh: "有一个写请求发给了 n1：它能保留下来吗？请看日志。",
      },
    },
    beat: {
      id: "will-it-survive",
      kind: "ask",
      answers: [
        {text: {text: {en: "Yes, n1 is the leader", zh: "能，n1 是领导者"}}},
        {text: {text: {en: "No, it is on two of five servers only", zh: "不能，它只在五台服务器中的两台上"}}},
        {text: {text: {en: "Only if n1 hears from n3 in time", zh: "只有 n1 及时收到 n3 的消息才行"}}},
      ],
    },
  },
  ring: {
    configuration: five,
    transfers: [],
    members: sketches.map(memberOf),
    clients: [
      {name: "c1", waiting: ["get x"], watching: ["watch jobs/…"], servers: ["n3"]},
      {
        name: "c2",
        waiting: ["put x=2"],
        watching: ["watch color"],
        last: {line: "put x=1", outcome: "unknown"},
        servers: ["n1", "n2"],
      },
    ],
    flights: busyFlights,
    groups: [
      ["n1", "n2"],
      ["n3", "n4", "n5"],
    ],
    cuts: [{from: "n5", to: "n4"}],
    bad: [
      {from: "n1", to: "n2", how: sounds},
      {from: "n2", to: "n1", how: sounds},
      {from: "n4", to: "n3", how: sounds},
    ],
    refusals: [{client: "c1", member: "n2"}],
  },
  log: {from: 1, count: 14, last: 11, lanes: sketches.map(laneOf)},
  grid: {seenBy: "n3", from: 1, count: 14, current: 7, compact: 3, rows, rowsTotal: 4, readAt: 7},
  watchers,
  events: {rows: eventRows, total: 1842},
  tape: {
    from: 0,
    to: 3_000 * ms,
    seenTo: now,
    terms: [
      {term: 1, leader: "n2", from: 160 * ms, to: 470 * ms},
      {term: 2, leader: "n1", from: 495 * ms, to: 1_020 * ms},
      {term: 3, leader: "n3", from: 1_020 * ms, to: now},
    ],
    faults: [
      {
        from: 300 * ms,
        to: 460 * ms,
        said: said("fault.crash", {member: "n2"}, ["n2"]),
        ref: "event:script#1",
      },
      {
        from: 790 * ms,
        to: now,
        said: said("fault.split", {groups: "n1 n2 | n3 n4 n5"}, ["n1", "n2"]),
        ref: "event:script#3",
      },
    ],
    operations: [
      {ref: "op:c1#1", client: "c1", line: "put color red", from: 520 * ms, to: 570 * ms, outcome: "ok"},
      {ref: "op:c1#2", client: "c1", line: "put lock/a c1", from: 600 * ms, to: 655 * ms, outcome: "ok"},
      {
        ref: "op:c2#1",
        client: "c2",
        line: "put color green --rev 1",
        from: 690 * ms,
        to: 705 * ms,
        outcome: "failed",
      },
      {ref: "op:c2#2", client: "c2", line: "put x 1", from: 840 * ms, to: 1_140 * ms, outcome: "unknown"},
      {ref: "op:c2#3", client: "c2", line: "put x 2", from: 1_150 * ms, to: undefined, outcome: "waiting"},
      {ref: "op:c1#4", client: "c1", line: "get x", from: 1_199 * ms, to: undefined, outcome: "waiting"},
    ],
    checks: [],
    branches: [{id: "5f0c1a2e", at: 905 * ms}],
  },
  checks: holding(412),
};

const coldMember: MemberMark = {
  ...ordinary,
  name: "n1",
  status: "up",
  role: "follower",
  term: 0,
  leader: "",
  votedFor: "",
  votes: [],
  timer: {elapsed: 6, timeout: 15},
  commitIndex: 0,
  lastApplied: 0,
  lastIndex: 0,
  durableIndex: 0,
  revision: 1,
};

const coldMembers: readonly MemberMark[] = [
  {...coldMember, term: 1, votedFor: "n3"},
  {...coldMember, name: "n2", status: "crashed", timer: {elapsed: 0, timeout: 0}},
  {
    ...coldMember,
    name: "n3",
    role: "candidate",
    term: 1,
    votedFor: "n3",
    timer: {elapsed: 1, timeout: 13},
    votes: [
      {from: "n1", granted: true},
      {from: "n3", granted: true},
      {from: "n4", granted: false},
    ],
  },
  {...coldMember, name: "n4", timer: {elapsed: 9, timeout: 18}},
  {...coldMember, name: "n5", status: "paused"},
];

export const emptyFrame: Frame = {
  cursor: {branch: "main", event: "n1→n3#1", step: 64, time: 141_200},
  at: 141_200,
  until: 150_000,
  ended: false,
  head: {
    scenario: "mvcc-walk",
    title: said("title", {en: "Every version of every key", zh: "每个键的每个版本"}),
    about: {
      teaches: {text: {en: "Every version of every key", zh: "每个键的每个版本"}},
      sources: [],
      variants: [],
    },
    seed: "11",
    branches: [{id: "main", parent: undefined, forkStep: 0, said: said("branch.main")}],
    verdict: "holds",
    chain: "03d1a8e2217c6b95",
  },
  caption: {
    now: {said: said("now.candidate", {member: "n3", term: 1}, ["n3"])},
    look: {said: said("look.votes", {member: "n3", granted: 2, needed: 3}, ["n3"])},
  },
  ring: {
    configuration: five,
    transfers: [],
    members: coldMembers,
    clients: [{name: "c1", waiting: [], watching: [], servers: []}],
    flights: [
      {
        ...plain,
        event: "n3→n5#1",
        from: "n3",
        to: "n5",
        kind: "RequestVote",
        term: 1,
        sent: 121 * ms,
        arrives: 160 * ms,
        line: "RequestVote term 1, log ends at 0 (term 0)",
      },
    ],
    groups: [],
    cuts: [],
    bad: [],
    refusals: [],
  },
  log: {
    from: 1,
    count: 14,
    last: 0,
    lanes: coldMembers.map(({name, status, role}) => ({
      member: name,
      status,
      role,
      standing: "voter",
      firstIndex: 1,
      entries: [],
      lastIndex: 0,
      commitIndex: 0,
      lastApplied: 0,
    })),
  },
  grid: {seenBy: "n1", from: 1, count: 14, current: 1, compact: -1, rows: [], rowsTotal: 0, readAt: 1},
  watchers: [],
  events: {
    rows: [
      {
        step: 63,
        id: "n3→n4#1",
        at: 140_950,
        cause: 55,
        interesting: false,
        line: said(
          "event.message",
          {from: "n3", to: "n4", what: "RequestVote term 1, log ends at 0 (term 0)"},
          ["n3", "n4"],
        ),
      },
      {
        step: 64,
        id: "n1→n3#1",
        at: 141_200,
        cause: 60,
        interesting: false,
        line: said("event.message", {from: "n1", to: "n3", what: "RequestVoteResponse term 1, granted"}, [
          "n1",
          "n3",
        ]),
      },
    ],
    total: 64,
  },
  tape: {
    from: 0,
    to: 3_000 * ms,
    seenTo: 141_200,
    terms: [],
    faults: [
      {from: 0, to: 141_200, said: said("fault.crash", {member: "n2"}, ["n2"]), ref: "event:script#1"},
    ],
    operations: [],
    checks: [],
    branches: [],
  },
  checks: holding(3),
};
