// Snapshot files: which snapshot the member may start from. One holds a mark, not the state, which is in the backend file;
// the log's record of the same mark says that it counts (etcd server/etcdserver/api/snap/snapshotter.go).
//
// A file is one record of the log's format, alone: any rotten bit of it leaves the mark as it was or makes it broken. It is
// written aside, synced, renamed and its name synced, so no crash leaves a broken one.

import {Writer} from "../base/codec.ts";
import type {Index} from "../raft/entry.ts";
import {writeWhole} from "./aside.ts";
import type {DiskOp, DiskReader, DiskStep} from "./disk.ts";
import {
  asideSuffix,
  brokenSuffix,
  nextDbFile,
  parseSnapDbFileName,
  parseSnapFileName,
  snapDbFileName,
  snapFileName,
} from "./files.ts";
import {readRecord, writeRecord} from "./record.ts";
import {storageRules} from "./rules.ts";
import type {SnapshotMark} from "./snapshotMark.ts";

export function encodeSnapFile(mark: SnapshotMark): Uint8Array {
  const writer = new Writer();
  writeRecord(writer, 0, {kind: "snapshot", mark, replacesLog: false}, 0, false);
  return writer.finish();
}

/** Undefined when it is no whole snapshot file. */
export function decodeSnapFile(bytes: Uint8Array): SnapshotMark | undefined {
  const read = (at: number, length: number): Uint8Array => bytes.subarray(at, at + length);
  const framed = readRecord({size: bytes.length, read}, 0, 0);
  if (framed.kind !== "record" || framed.next !== bytes.length) return undefined;
  return framed.record.kind === "snapshot" ? framed.record.mark : undefined;
}

/** What brings the mark's file into being. */
export function saveSnapSteps(mark: SnapshotMark): readonly DiskStep[] {
  return writeWhole(snapFileName(mark.term, mark.index), encodeSnapFile(mark));
}

/** What brings the state that came with a snapshot into being. */
export function saveSnapDbSteps(index: Index, image: Uint8Array): readonly DiskStep[] {
  return writeWhole(snapDbFileName(index), image);
}

/** What was found of snapshots. */
export interface FoundSnaps {
  /** The newest one that is whole and that the log knows; undefined when there is none. */
  readonly mark: SnapshotMark | undefined;
  /** All such, oldest first. */
  readonly intact: readonly SnapshotMark[];
  /** Names of files that are not whole. */
  readonly broken: readonly string[];
}

/** Looks at the snapshot files; `marks`: those that the log knows. */
export function chooseSnap(
  disk: DiskReader,
  marks: readonly SnapshotMark[],
  rules = storageRules,
): FoundSnaps {
  const intact: SnapshotMark[] = [];
  const broken: string[] = [];
  for (const file of disk.list().filter((name) => parseSnapFileName(name) !== undefined)) {
    const found = decodeSnapFile(disk.read(file, 0, disk.size(file)));
    if (found === undefined || snapFileName(found.term, found.index) !== file) broken.push(file);
    else if (rules.countsSnapshot(marks.some((mark) => isSame(mark, found)))) intact.push(found);
  }
  return {mark: intact.at(-1), intact, broken};
}

/**
 * Gives broken files another name, so that a person can look at them, and takes away what a crash left: files half
 * written, files whose mark did not come into the log, and received states other than the one that is to be used.
 */
export function tidySteps(names: readonly string[], {mark, intact, broken}: FoundSnaps): readonly DiskStep[] {
  const kept = new Set(intact.map(({term, index}) => snapFileName(term, index)));
  const ops = names.flatMap((file): readonly DiskOp[] => {
    if (broken.includes(file)) return [{kind: "rename", file, to: file + brokenSuffix}];
    const isUnknown = parseSnapFileName(file) !== undefined && !kept.has(file);
    const received = parseSnapDbFileName(file);
    const isStale = received !== undefined && received !== mark?.index;
    return isUnknown || isStale || isAside(file) ? [{kind: "unlink", file}] : [];
  });
  return ops.length === 0 ? [] : [ops, [{kind: "syncDir"}]];
}

function isAside(file: string): boolean {
  if (file === nextDbFile) return true;
  if (!file.endsWith(asideSuffix)) return false;
  const whole = file.slice(0, -asideSuffix.length);
  return parseSnapFileName(whole) !== undefined || parseSnapDbFileName(whole) !== undefined;
}

function isSame(one: SnapshotMark, other: SnapshotMark): boolean {
  return one.index === other.index && one.term === other.term;
}
