// Disks made by hand: one with everything at once, one whose server was never started, one high tree on a crashed server.

import type {DiskPage, DiskPageSquare, DiskRecord, DiskView} from "../../../viz/frame.ts";

function entry(sequence: number, index: number, term: number, more: Partial<DiskRecord> = {}): DiskRecord {
  const id = `${sequence}/${index * 40}`;
  const text = index === 5 ? "no-op" : `put key${index}=value`;
  return {kind: "entry", sequence, id, index, term, text, committed: true, durable: true, ...more};
}

function hardState(sequence: number, index: number, durable = true): DiskRecord {
  const id = durable ? `${sequence}/${index * 40 + 24}` : "hardState";
  return {kind: "hardState", sequence, id, index, term: 3, text: "n3", committed: true, durable};
}

const records: readonly DiskRecord[] = [
  {kind: "head", sequence: 4, id: "4/0", index: 7, term: 0, text: "", committed: true, durable: true},
  ...[7, 8, 9].flatMap((index) => [entry(4, index, 2), hardState(4, index)]),
  {kind: "snapshot", sequence: 4, id: "4/500", index: 8, term: 2, text: "", committed: true, durable: true},
  {kind: "head", sequence: 5, id: "5/0", index: 10, term: 0, text: "", committed: true, durable: true},
  hardState(5, 9),
  entry(5, 10, 3),
  hardState(5, 10),
  entry(5, 11, 3, {committed: false}),
  entry(5, 12, 3, {committed: false, durable: false, id: "entry/12"}),
  hardState(5, 11, false),
];

function leaf(id: number, parent: number, main: number, more: Partial<DiskPage> = {}): DiskPage {
  return {id, parent, entries: 11, fill: 78, first: `${main}.0`, fresh: false, ...more};
}

const squares: readonly DiskPageSquare[] = Array.from({length: 26}, (_, id): DiskPageSquare => {
  const kind =
    id < 2
      ? "meta"
      : id === 9
        ? "branch"
        : id === 12 || id === 13
          ? "pending"
          : id % 7 === 4
            ? "free"
            : "leaf";
  const bucket = kind === "leaf" || kind === "branch" ? (id === 3 ? "meta" : "key") : "";
  return {id, kind, bucket, fresh: id === 1 || id === 9 || id === 14 || id === 3};
});

export const busyDisk: DiskView = {
  member: "n3",
  status: "up",
  started: true,
  bytes: 48_128,
  durableBytes: 47_616,
  dirtyBytes: 512,
  queue: [
    {op: 117, what: "write", file: "wal"},
    {op: 118, what: "sync", file: "wal"},
    {op: 119, what: "allocate", file: "aside"},
    {op: 120, what: "write", file: "db"},
    {op: 121, what: "sync", file: "db"},
    {op: 122, what: "syncDir", file: "names"},
  ],
  queued: 11,
  faults: [{id: "fault.disk.slow", args: {member: "n3"}, refs: []}],
  log: {
    segments: [
      {sequence: 4, firstIndex: 7, bytes: 524, size: 16_384},
      {sequence: 5, firstIndex: 10, bytes: 480, size: 16_384},
    ],
    segmentsTotal: 3,
    records,
    more: true,
    commit: 11,
    consistent: 9,
  },
  snapshots: [
    {index: 8, term: 2, broken: false},
    {index: 6, term: 2, broken: true},
    {index: 4, term: 1, broken: false},
  ],
  snapshotsTotal: 5,
  backend: {
    version: 7,
    committing: false,
    pageBytes: 512,
    buffered: 3,
    last: {written: 3, freed: 2, splits: 1, merges: 1},
    levels: [
      [leaf(9, -1, 2, {entries: 9, fill: 55, fresh: true})],
      [leaf(2, 9, 20), leaf(5, 9, 31), leaf(6, 9, 42, {fill: 99}), leaf(14, 9, 53, {fresh: true, fill: 34})],
    ],
    leavesBefore: 12,
    leavesAfter: 3,
    others: [
      {bucket: "meta", id: 3},
      {bucket: "members", id: 8},
    ],
    pages: squares,
    pagesTotal: 41,
  },
  damage: [{kind: "rotten", file: "wal", offset: 104}],
  way: {
    key: "lock/a",
    lives: ["{…, 3, 4t}", "{6, 10, 12, 19t}", "{20.1, 35, 52, 53}"],
    at: 55,
    revision: "53.0",
    pages: [9, 14],
    value: "held by c2",
    page: 14,
    rows: Array.from({length: 12}, (_, i) => ({
      revision: i % 4 === 2 ? `${53 + i}.0t` : `${53 + i}.0`,
      key: i % 3 === 0 ? "lock/a" : "a key with a rather long name",
      value: i % 4 === 2 ? "" : "held by c2",
      version: i % 4 === 2 ? 0 : 4,
      create: i % 4 === 2 ? 0 : 20,
      buffered: i > 9,
      answer: i === 0,
    })),
    rowsBefore: 0,
    rowsAfter: 2,
  },
};

/** Of a server that was never started. */
export const emptyDisk: DiskView = {
  member: "n1",
  nobodyLeads: true,
  status: "crashed",
  started: false,
  bytes: 0,
  durableBytes: 0,
  dirtyBytes: 0,
  queue: [],
  queued: 0,
  faults: [],
  log: {segments: [], segmentsTotal: 0, records: [], more: false, commit: 0, consistent: 0},
  snapshots: [],
  snapshotsTotal: 0,
  backend: undefined,
  damage: [],
  way: undefined,
};

/** Three levels, a commit on its way, a read of what is only in memory. */
export const highDisk: DiskView = {
  ...busyDisk,
  queue: [],
  queued: 0,
  faults: [],
  damage: [],
  snapshots: [],
  snapshotsTotal: 0,
  dirtyBytes: 0,
  backend: {
    version: 30,
    committing: true,
    pageBytes: 512,
    buffered: 0,
    last: {written: 4, freed: 3, splits: 0, merges: 0},
    levels: [
      [leaf(21, -1, 2, {entries: 2, fresh: true})],
      [leaf(9, 21, 2, {entries: 3}), leaf(10, 21, 31, {entries: 2, fresh: true})],
      [leaf(2, 9, 2), leaf(5, 9, 11), leaf(6, 9, 22), leaf(7, 10, 31), leaf(14, 10, 42, {fresh: true})],
    ],
    leavesBefore: 0,
    leavesAfter: 0,
    others: [{bucket: "meta", id: 3}],
    pages: squares,
    pagesTotal: squares.length,
  },
  way: {
    key: "x",
    lives: ["{60}"],
    at: 60,
    revision: "60.0",
    pages: [],
    value: "a value of which thirty-two chara…",
    page: 14,
    rows: [],
    rowsBefore: 0,
    rowsAfter: 0,
  },
};

/** A read of a key that was deleted. */
export const deletedDisk: DiskView = {
  ...highDisk,
  status: "crashed",
  way: {
    ...(highDisk.way as NonNullable<DiskView["way"]>),
    lives: ["{2, 3, 4t}"],
    at: 4,
    revision: "",
    value: "",
  },
};
