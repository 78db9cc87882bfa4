// The log and the snapshot files as they stand on a member's disk, for `etcdscope inspect`; and what its memory holds
// beyond them.

import type {MemberId} from "../core/base/quantity.ts";
import type {Index, Term} from "../core/raft/entry.ts";
import {entryText} from "../core/server/describe.ts";
import type {Server} from "../core/server/server.ts";
import type {DiskReader} from "../core/storage/disk.ts";
import {describeRecord} from "../core/storage/describeWal.ts";
import {parseSnapDbFileName, parseSnapFileName} from "../core/storage/files.ts";
import type {SnapshotMark} from "../core/storage/snapshotMark.ts";
import {decodeSnapFile} from "../core/storage/snapFile.ts";
import {walFiles, walkWal} from "../core/storage/walkWal.ts";
import {ReadError} from "../sim/disk/fault.ts";

/** Where reading ended before the end. Offset in bytes; −1: a sector that cannot be read, which `says` names. */
export interface Stop {
  readonly file: string;
  readonly offset: number;
  readonly says: string;
}

interface RecordLine {
  readonly offset: number;
  /** With head, marks and padding. */
  readonly bytes: number;
  readonly text: string;
}

export interface LogLook {
  readonly segments: readonly {
    readonly file: string;
    readonly bytes: number;
    readonly records: readonly RecordLine[];
  }[];
  readonly stop: Stop | undefined;
  /** Entries and the hard state, in words, where no record on the disk has them. */
  readonly inMemory: readonly string[];
}

export interface SnapshotLook {
  readonly file: string;
  readonly bytes: number;
  readonly text: string;
}

/** `server`: absent while it is down, or once it refused to go on. */
export function lookAtLog(disk: DiskReader, server: Server | undefined): LogLook {
  const segments = walFiles(disk).map((file) => ({
    file,
    bytes: disk.size(file),
    records: [] as RecordLine[],
  }));
  const terms = new Map<Index, Term>();
  let hardState = "";
  let stop: Stop | undefined;
  const unread = reading("", () => {
    for (const item of walkWal(disk)) {
      if (item.kind !== "record") {
        stop = stopOf(item);
        return;
      }
      const {file, offset, bytes, record} = item;
      const text = describeRecord(record, entryText);
      segments.find((one) => one.file === file)?.records.push({offset, bytes, text});
      if (record.kind === "hardState") hardState = text;
      if (record.kind === "entry") terms.set(record.entry.index, record.entry.term);
    }
  });
  return {
    segments,
    stop: stop ?? unread,
    inMemory: server === undefined ? [] : beyond(server, terms, hardState),
  };
}

function stopOf(item: {
  readonly kind: "torn" | "damage";
  readonly file: string;
  readonly offset: number;
}): Stop {
  const {kind, file, offset} = item;
  const says =
    kind === "torn"
      ? "torn: this record was never wholly written, so nobody was told of it; a boot cuts it off"
      : "damaged: what stood here was synced and is not as it was; the member does not start on it";
  return {file, offset, says};
}

function beyond({raft}: Server, terms: ReadonlyMap<Index, Term>, onDisk: string): readonly string[] {
  const lines: string[] = [];
  for (let index = raft.firstIndex; index <= raft.lastIndex; index++) {
    const entry = raft.entryAt(index);
    if (entry !== undefined && terms.get(index) !== entry.term)
      lines.push(describeRecord({kind: "entry", entry}, entryText));
  }
  const {term, votedFor, commitIndex: commit} = raft;
  const hardState = describeRecord({kind: "hardState", hardState: {term, votedFor, commit}}, entryText);
  return hardState === onDisk || term === 0 ? lines : [...lines, hardState];
}

/** Snapshot files, newest first, and states that came with one. */
export function lookAtSnapshots(disk: DiskReader): readonly SnapshotLook[] {
  const names = disk.list().filter((name) => parseSnapFileName(name) !== undefined);
  const marks = names.toReversed().map((file) => {
    let text = "";
    const unread = reading(file, () => {
      const mark = decodeSnapFile(disk.read(file, 0, disk.size(file)));
      text = mark === undefined ? "broken: it is not as it was written" : markText(mark);
    });
    return {file, bytes: disk.size(file), text: unread?.says ?? text};
  });
  const states = disk.list().flatMap((file) => {
    const index = parseSnapDbFileName(file);
    return index === undefined
      ? []
      : [{file, bytes: disk.size(file), text: `state that came with the snapshot at ${index}`}];
  });
  return [...marks, ...states];
}

function markText({index, term, confState: {voters, learners}}: SnapshotMark): string {
  const list = (ids: readonly MemberId[]): string => ids.map((id) => `n${id}`).join(",");
  const also = learners.length === 0 ? "" : ` learners:${list(learners)}`;
  return `stands for all up to ${term}/${index}, voters:${list(voters)}${also}`;
}

/** Carries it out; answers why not where a sector cannot be read. `file` is said when the error does not name one. */
export function reading(file: string, read: () => void): Stop | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return {file, offset: -1, says: error.message};
  }
}
