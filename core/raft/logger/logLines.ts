// etcd's logger lines about the log. etcd: raft.go, log.go, log_unstable.go.

import {unreachable} from "../../base/assert.ts";
import {describeMember} from "../describe.ts";
import {debug, info, position} from "./loggerLine.ts";
import type {LoggerLine, Note} from "./loggerLine.ts";

export function logLines(
  note: Note<"appendRefused" | "logConflict" | "logCut" | "receiptIgnored" | "receiptObsolete">,
  me: string,
): readonly LoggerLine[] {
  switch (note.kind) {
    case "appendRefused": {
      const {prevLogIndex: index, prevLogTerm, from} = note.message;
      const ours = position("logterm", {index, term: note.ourTerm});
      const theirs = position("logterm", {index, term: prevLogTerm});
      return debug(`${me} [${ours}] rejected MsgApp [${theirs}] from ${describeMember(from)}`);
    }
    case "logConflict":
      return info(
        `found conflict at index ${note.index} [existing term: ${note.ours}, conflicting term: ${note.theirs}]`,
      );
    case "logCut":
      return note.how === "replaced"
        ? info(`replace the unstable entries from index ${note.from}`)
        : info(`truncate the unstable entries before index ${note.from}`);
    case "receiptIgnored":
      return info(
        `${me} [term: ${note.term}] ignored entry appends from a MsgStorageAppendResp message ` +
          `with lower term [term: ${note.receiptTerm}]`,
      );
    case "receiptObsolete":
      return receiptObsolete(note);
    default:
      return unreachable(note);
  }
}

function receiptObsolete({why, id, found}: Note<"receiptObsolete">): readonly LoggerLine[] {
  switch (why) {
    case "missing":
      return info(`entry at index ${id.index} missing from unstable log; ignoring`);
    case "inSnapshot":
      return info(`entry at index ${id.index} matched unstable snapshot; ignoring`);
    case "mismatched":
      return info(
        `entry at (index,term)=(${id.index},${id.term}) mismatched with ` +
          `entry at (${id.index},${found}) in unstable log; ignoring`,
      );
    default:
      return unreachable(why);
  }
}
