// etcd's logger lines, made of notes: what an operator of etcd reads, to the letter. Notes that etcd does not log have
// none. A file for each heading of notes.ts.

import {unreachable} from "../../base/assert.ts";
import {describeMember} from "../describe.ts";
import {electionLines} from "./electionLines.ts";
import {info, noLines} from "./loggerLine.ts";
import type {LoggerLine} from "./loggerLine.ts";
import {logLines} from "./logLines.ts";
import {membershipLines} from "./membershipLines.ts";
import {messageLines} from "./messageLines.ts";
import type {RaftNote} from "../notes.ts";
import {progressLines} from "./progressLines.ts";
import {snapshotLines} from "./snapshotLines.ts";

/** The lines of one note, in order; none for what etcd does not log. */
export function loggerLines(note: RaftNote): readonly LoggerLine[] {
  const me = describeMember(note.member);
  switch (note.kind) {
    case "booted": {
      const peers = note.voters.map(describeMember).join(",");
      const {term, commit, applied, last} = note;
      return info(
        `newRaft ${me} [peers: [${peers}], term: ${term}, commit: ${commit}, applied: ${applied}, ` +
          `lastindex: ${last.index}, lastterm: ${last.term}]`,
      );
    }
    case "becameFollower":
    case "becamePreCandidate":
    case "becameCandidate":
    case "becameLeader":
    case "electionStarted":
    case "campaignRefused":
    case "voteRequested":
    case "voteCast":
    case "voteLeased":
    case "voteCounted":
    case "quorumLost":
    case "leaderForgotten":
    case "forgetRefused":
      return electionLines(note, me);
    case "termSeen":
    case "messageDropped":
    case "proposalDropped":
    case "timeoutNowTaken":
    case "transfer":
    case "readDropped":
      return messageLines(note, me);
    case "appendRefused":
    case "logConflict":
    case "logCut":
    case "receiptIgnored":
    case "receiptObsolete":
      return logLines(note, me);
    case "refusalTaken":
    case "nextIndexDecreased":
    case "unreachable":
    case "snapshotSent":
    case "snapshotNotSent":
    case "snapshotReported":
    case "snapshotRecovered":
      return progressLines(note, me);
    case "snapshotStarted":
    case "snapshotRestored":
    case "snapshotIgnored":
      return snapshotLines(note, me);
    case "configurationChanged":
    case "changeIgnored":
    case "autoLeave":
      return membershipLines(note, me);
    case "readPostponed":
    case "readConfirmed":
    case "committed":
    case "progressChanged":
    case "traced":
      return noLines;
    default:
      return unreachable(note);
  }
}
