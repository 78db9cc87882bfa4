// Snapshot files: which snapshot the member may start from. One holds a mark, not the state, which is in the backend file;
// the log's record of the same mark says that it counts (etcd server/etcdserver/api/snap/snapshotter.go).
//
// A file is one record of the log's format, alone: any rotten bit of it leaves the mark as it was or makes it broken. It is
// written aside, synced, renamed and its name synced, so no crash leaves a broken one.

import {Writer} from "../base/codec.ts";
import type {DiskOp, DiskReader, DiskStep} from "./disk.ts";
import {asideSuffix, brokenSuffix, parseSnapFileName, snapFileName} from "./files.ts";
import {readRecord, writeRecord} from "./record.ts";
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
  const to = snapFileName(mark.term, mark.index);
  const file = to + asideSuffix;
  return [
    [
      {kind: "write", file, at: 0, bytes: encodeSnapFile(mark)},
      {kind: "sync", file},
    ],
    [{kind: "rename", file, to}],
    [{kind: "syncDir"}],
  ];
}

/** Names of the snapshot files, newest first. */
export function snapFiles(names: readonly string[]): readonly string[] {
  return names.filter((name) => parseSnapFileName(name) !== undefined).toReversed();
}

/**
 * The mark of the newest whole file that the log knows too, one of `marks`; undefined when there is none. `broken`: files
 * that are to be set aside ({@link setAsideSteps}).
 */
export function chooseSnap(
  disk: DiskReader,
  marks: readonly SnapshotMark[],
): {readonly mark: SnapshotMark | undefined; readonly broken: readonly string[]} {
  let mark: SnapshotMark | undefined;
  const broken: string[] = [];
  for (const file of snapFiles(disk.list())) {
    const found = decodeSnapFile(disk.read(file, 0, disk.size(file)));
    if (found === undefined || snapFileName(found.term, found.index) !== file) broken.push(file);
    else if (marks.some(({index, term}) => index === found.index && term === found.term)) mark ??= found;
  }
  return {mark, broken};
}

/** Gives broken files another name, so that a person can look at them. */
export function setAsideSteps(broken: readonly string[]): readonly DiskStep[] {
  return withNamesSynced(broken.map((file) => ({kind: "rename", file, to: file + brokenSuffix})));
}

/** What was left of snapshot files that were being written when the member stopped. */
export function snapLeftoverSteps(names: readonly string[]): readonly DiskStep[] {
  const left = names.filter(
    (name) =>
      name.endsWith(asideSuffix) && parseSnapFileName(name.slice(0, -asideSuffix.length)) !== undefined,
  );
  return withNamesSynced(left.map((file) => ({kind: "unlink", file})));
}

/** Keeps the newest `keep` of the snapshot files among `names`, at least one. */
export function purgeSnapSteps(names: readonly string[], keep: number): readonly DiskStep[] {
  const old = snapFiles(names).slice(Math.max(1, keep));
  return withNamesSynced(old.toReversed().map((file) => ({kind: "unlink", file})));
}

function withNamesSynced(ops: readonly DiskOp[]): readonly DiskStep[] {
  return ops.length === 0 ? [] : [ops, [{kind: "syncDir"}]];
}
