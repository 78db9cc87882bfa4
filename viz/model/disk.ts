// A member's disk: the log's newest records, snapshot files, the backend's trees and pages, and the way of one read.
// What is durable is read from the disk, as a boot would; what the running server knows besides is marked.

import type {Entry} from "../../core/raft/entry.ts";
import {readPosition} from "../../core/server/backendState.ts";
import type {Server} from "../../core/server/server.ts";
import type {Backend} from "../../core/storage/backend.ts";
import type {Damage, DiskReader} from "../../core/storage/disk.ts";
import {
  asideSuffix,
  dbFile,
  parseSnapDbFileName,
  parseSnapFileName,
  parseWalFileName,
} from "../../core/storage/files.ts";
import {openBackend} from "../../core/storage/openBackend.ts";
import {decodeSnapFile} from "../../core/storage/snapFile.ts";
import type {WalItem} from "../../core/storage/walkWal.ts";
import {walFiles, walkWal} from "../../core/storage/walkWal.ts";
import {ReadError} from "../../sim/disk/fault.ts";
import type {MemberView} from "../../sim/view.ts";
import type {DiskDamage, DiskFile, DiskLog, DiskRecord, DiskView, DiskWindow, Windows} from "../frame.ts";
import {say} from "../words/engine.ts";
import {describeBackend} from "./diskPages.ts";
import {readOf, wayOf} from "./diskWay.ts";
import {seenBy} from "./grid.ts";
import {entryHolds} from "./holds.ts";
import type {Moment} from "./moment.ts";
import {shortened} from "./text.ts";

/** Most of each that is listed; the rest is counted. */
const most = {queue: 8, faults: 2, snapshots: 3, segments: 2};

const textMax = 40;

/** Undefined when it is not to be seen. */
export function buildDisk(moment: Moment, windows: Windows): DiskView | undefined {
  const {disk: window} = windows;
  const {member: seen, leaderless} = seenBy(moment, windows.seenBy);
  const member = moment.view.members.find(({id}) => id === seen?.id) ?? moment.view.members[0];
  if (window === undefined || member === undefined) return undefined;
  const {disk, status, incarnation} = member;
  const server = member.server?.exited === true ? undefined : member.server;
  const damage: DiskDamage[] = [];
  const backend = server?.backend ?? backendOn(member, moment, damage);
  const read = backend && readOf(server, backend, window);
  const files = disk.files();
  const snapshots = snapshotsOn(disk);
  const consistent = server?.committedToBackend ?? (backend && readPosition(backend)?.index) ?? 0;
  return {
    member: `n${member.id}`,
    ...(leaderless ? {nobodyLeads: true as const} : {}),
    status: member.server === undefined ? "crashed" : status,
    started: incarnation > 0,
    bytes: disk.bytes,
    durableBytes: disk.durableBytes,
    dirtyBytes: files.reduce((sum, {dirtyBytes}) => sum + dirtyBytes, 0),
    queue: disk
      .queued()
      .slice(0, most.queue)
      .map(({op, what, file}) => ({op, what, file: kindOf(file)})),
    queued: disk.queue,
    faults: disk.faults.slice(0, most.faults).map((fault) =>
      say(`fault.disk.${fault.kind}`, {
        member: `n${member.id}`,
        file: "file" in fault ? kindOf(fault.file.replace(/^\*/, "")) : "",
      }),
    ),
    log: logOn(disk, server, window, {consistent, damage}),
    snapshots: snapshots.slice(0, most.snapshots),
    snapshotsTotal: snapshots.length,
    backend: backend && describeBackend(backend, server, window, read),
    damage,
    way: backend && read && wayOf(server, backend, read, window),
  };
}

function kindOf(name: string): DiskFile {
  if (name === ".") return "names";
  if (name.endsWith(asideSuffix)) return "aside";
  if (name === dbFile || parseSnapDbFileName(name) !== undefined) return "db";
  if (parseWalFileName(name) !== undefined || name.endsWith("wal")) return "wal";
  return parseSnapFileName(name) !== undefined ? "snap" : "other";
}

/** What a boot would find. */
function backendOn(member: MemberView, {view}: Moment, damage: DiskDamage[]): Backend | undefined {
  const {disk} = member;
  if (!disk.list().includes(dbFile)) return undefined;
  const {pageBytes} = view.run.config.store;
  const opened = attempt("db", damage, () => openBackend(disk, dbFile, {pageBytes}));
  if (opened === undefined) return undefined;
  const broken: Damage | undefined = opened.ok ? opened.value.fellBack : opened.error;
  if (broken !== undefined) damage.push({kind: "rotten", file: "db", offset: broken.offset});
  return opened.ok ? opened.value : undefined;
}

/** Undefined, and noted, where a sector cannot be read. */
function attempt<T>(file: DiskFile, damage: DiskDamage[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    damage.push({kind: "unreadable", file, offset: 0});
    return undefined;
  }
}

function snapshotsOn(disk: DiskReader): DiskView["snapshots"] {
  return disk
    .list()
    .toReversed()
    .flatMap((name) => {
      const named = parseSnapFileName(name);
      if (named === undefined) return [];
      const mark = attempt("snap", [], () => decodeSnapFile(disk.read(name, 0, disk.size(name))));
      return [{...named, broken: mark === undefined}];
    });
}

/** The newest segments alone: each can be read for itself. */
function newestSegments(disk: DiskReader): DiskReader {
  const names = walFiles(disk).slice(-most.segments);
  return {
    list: () => names,
    size: (file) => disk.size(file),
    read: (file, at, length) => disk.read(file, at, length),
  };
}

function logOn(
  disk: DiskReader,
  server: Server | undefined,
  window: DiskWindow,
  {consistent, damage}: {readonly consistent: number; readonly damage: DiskDamage[]},
): DiskLog {
  const all = walFiles(disk);
  const newest = newestSegments(disk);
  const items: WalItem[] = [];
  attempt("wal", damage, () => {
    for (const item of walkWal(newest)) items.push(item);
  });
  const records = items.filter((item) => item.kind === "record");
  const stop = items.find((item) => item.kind !== "record");
  if (stop !== undefined)
    damage.push({kind: stop.kind === "torn" ? "torn" : "rotten", file: "wal", offset: stop.offset});
  const known = records.findLast(({record}) => record.kind === "hardState")?.record;
  const commit = server?.raft.commitIndex ?? (known?.kind === "hardState" ? known.hardState.commit : 0);
  const durable = records.map((item) => recordOf(item, commit));
  const shown = [...durable, ...beyond(server, durable, commit)].slice(-Math.max(1, window.records));
  return {
    segments: newest.list().map((file) => {
      const own = records.filter((item) => item.file === file);
      const last = own.at(-1);
      const {sequence = 0, firstIndex = 1} = parseWalFileName(file) ?? {};
      return {
        sequence,
        firstIndex,
        bytes: last === undefined ? 0 : last.offset + last.bytes,
        size: disk.size(file),
      };
    }),
    segmentsTotal: all.length,
    records: shown,
    more: all.length > most.segments || shown[0]?.id !== durable[0]?.id,
    commit,
    consistent,
  };
}

function recordOf({file, offset, record}: Extract<WalItem, {kind: "record"}>, commit: number): DiskRecord {
  const sequence = parseWalFileName(file)?.sequence ?? 0;
  const place = {sequence, id: `${sequence}/${offset}`, durable: true, text: "", committed: true};
  switch (record.kind) {
    case "metadata":
      return {...place, kind: "head", index: record.firstIndex, term: 0};
    case "hardState": {
      const {term, votedFor, commit: index} = record.hardState;
      return {...place, kind: "hardState", index, term, text: votedFor === 0 ? "" : `n${votedFor}`};
    }
    case "snapshot":
      return {...place, kind: "snapshot", index: record.mark.index, term: record.mark.term};
    case "entry":
      return {...place, ...entryOf(record.entry, commit)};
  }
}

function entryOf(
  entry: Entry,
  commit: number,
): Pick<DiskRecord, "kind" | "index" | "term" | "text" | "committed"> {
  const {index, term} = entry;
  return {
    kind: "entry",
    index,
    term,
    text: shortened(entryHolds(entry), textMax),
    committed: index <= commit,
  };
}

/** Entries and the hard state that are in no record on the disk. */
function beyond(
  server: Server | undefined,
  durable: readonly DiskRecord[],
  commit: number,
): readonly DiskRecord[] {
  if (server === undefined) return [];
  const {raft} = server;
  const sequence = server.wal.segments.at(-1)?.sequence ?? 0;
  const terms = new Map<number, number>();
  for (const {kind, index, term} of durable) if (kind === "entry") terms.set(index, term);
  const lost: DiskRecord[] = [];
  const from = Math.max(raft.firstIndex, Math.min(...terms.keys(), server.durableIndex + 1));
  for (let index = from; index <= raft.lastIndex; index++) {
    const entry = raft.entryAt(index);
    if (entry === undefined || terms.get(index) === entry.term) continue;
    lost.push({sequence, id: `entry/${index}`, durable: false, ...entryOf(entry, commit)});
  }
  const {term, votedFor} = raft;
  const last = durable.findLast(({kind}) => kind === "hardState");
  const text = votedFor === 0 ? "" : `n${votedFor}`;
  if (term === 0 || (last?.term === term && last.index === commit && last.text === text)) return lost;
  const hardState = {sequence, id: "hardState", kind: "hardState", durable: false, committed: true} as const;
  return [...lost, {...hardState, index: commit, term, text}];
}
