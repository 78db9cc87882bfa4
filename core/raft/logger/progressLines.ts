// etcd's logger lines about what a leader learns of its followers. etcd: raft.go.

import {unreachable} from "../../base/assert.ts";
import {describeMember, describeProgress} from "../describe.ts";
import {debug} from "./loggerLine.ts";
import type {LoggerLine, Note} from "./loggerLine.ts";

export function progressLines(
  note: Note<
    | "refusalTaken"
    | "nextIndexDecreased"
    | "unreachable"
    | "snapshotSent"
    | "snapshotNotSent"
    | "snapshotReported"
    | "snapshotRecovered"
  >,
  me: string,
): readonly LoggerLine[] {
  switch (note.kind) {
    case "refusalTaken": {
      const {hintIndex, hintTerm, from, index} = note.message;
      return debug(
        `${me} received MsgAppResp(rejected, hint: (index ${hintIndex}, term ${hintTerm})) ` +
          `from ${describeMember(from)} for index ${index}`,
      );
    }
    case "nextIndexDecreased":
      return debug(
        `${me} decreased progress of ${describeMember(note.progress.member)} to [${describeProgress(note.progress)}]`,
      );
    case "unreachable":
      return debug(
        `${me} failed to send message to ${describeMember(note.progress.member)} because it is unreachable ` +
          `[${describeProgress(note.progress)}]`,
      );
    case "snapshotSent": {
      const {firstIndex, commit, snapshot, before, after} = note;
      const to = describeMember(before.member);
      return [
        ...debug(
          `${me} [firstindex: ${firstIndex}, commit: ${commit}] sent snapshot[index: ${snapshot.index}, ` +
            `term: ${snapshot.term}] to ${to} [${describeProgress(before)}]`,
        ),
        ...debug(`${me} paused sending replication messages to ${to} [${describeProgress(after)}]`),
      ];
    }
    case "snapshotNotSent":
      return snapshotNotSent(note, me);
    case "snapshotReported":
      return debug(
        `${me} snapshot ${note.ok ? "succeeded" : "failed"}, resumed sending replication messages to ${progressOfPeer(note)}`,
      );
    case "snapshotRecovered":
      return debug(
        `${me} recovered from needing snapshot, resumed sending replication messages to ${progressOfPeer(note)}`,
      );
    default:
      return unreachable(note);
  }
}

function progressOfPeer({progress}: Note<"snapshotReported" | "snapshotRecovered">): string {
  return `${describeMember(progress.member)} [${describeProgress(progress)}]`;
}

function snapshotNotSent({follower, why}: Note<"snapshotNotSent">, me: string): readonly LoggerLine[] {
  const to = describeMember(follower);
  return why === "inactive"
    ? debug(`ignore sending snapshot to ${to} since it is not recently active`)
    : debug(`${me} failed to send snapshot to ${to} because snapshot is temporarily unavailable`);
}
