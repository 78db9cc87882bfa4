// etcd's logger lines about a snapshot that was received. etcd: raft.go, log.go.

import {unreachable} from "../../base/assert.ts";
import {describeConfState} from "../describe.ts";
import type {EntryId} from "../entry.ts";
import {info, noLines, warn} from "./loggerLine.ts";
import type {LoggerLine, Note} from "./loggerLine.ts";

export function snapshotLines(
  note: Note<"snapshotStarted" | "snapshotRestored" | "snapshotIgnored">,
  me: string,
): readonly LoggerLine[] {
  const at = `snapshot [index: ${note.snapshot.index}, term: ${note.snapshot.term}]`;
  switch (note.kind) {
    case "snapshotStarted": {
      const {committed, applied, applying, unstableFrom, workFrom, unstableCount} = note.log;
      return info(
        `log [committed=${committed}, applied=${applied}, applying=${applying}, unstable.offset=${unstableFrom}, ` +
          `unstable.offsetInProgress=${workFrom}, len(unstable.Entries)=${unstableCount}] starts to restore ${at}`,
      );
    }
    case "snapshotRestored":
      return info(
        `${me} [commit: ${note.commit}, ${lastOf(note.last)}] restored ${at}`,
        `${me} [commit: ${note.commit}] restored ${at}`,
      );
    case "snapshotIgnored":
      return [...snapshotIgnored(note, {me, at}), ...info(`${me} [commit: ${note.answered}] ignored ${at}`)];
    default:
      return unreachable(note);
  }
}

function snapshotIgnored(
  {why, commit, last, snapshot}: Note<"snapshotIgnored">,
  {me, at}: {readonly me: string; readonly at: string},
): readonly LoggerLine[] {
  switch (why) {
    case "old":
      return noLines;
    case "forwarded":
      return info(`${me} [commit: ${commit}, ${lastOf(last)}] fast-forwarded commit to ${at}`);
    case "notMember":
      return warn(
        `${me} attempted to restore snapshot but it is not in the ConfState ${describeConfState(snapshot.confState)}; ` +
          `should never happen`,
      );
    default:
      return unreachable(why);
  }
}

function lastOf({index, term}: EntryId): string {
  return `lastindex: ${index}, lastterm: ${term}`;
}
