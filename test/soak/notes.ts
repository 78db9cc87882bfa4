// Which of core/raft's notes were seen: that is its coverage, in its own words.

import type {NotesOutlet, RaftNote} from "../../core/raft/notes.ts";
import {Counters} from "./features.ts";

/** Kinds of notes, with their reasons where they have some. Others cannot come about in a soak, or only if something is broken. */
export const noteNames = [
  "booted",
  "becameFollower",
  "becameCandidate",
  "becamePreCandidate",
  "becameLeader",
  "electionStarted",
  "campaignRefused/leading",
  "campaignRefused/unpromotable",
  "campaignRefused/pendingChange",
  "voteRequested",
  "voteCast",
  "voteLeased",
  "voteCounted",
  "quorumLost",
  "leaderForgotten",
  "forgetRefused",
  "termSeen",
  "messageDropped/staleTerm",
  "messageDropped/unknownSender",
  "messageDropped/wrongRole",
  "messageDropped/noLeader",
  "proposalDropped/noLeader",
  "proposalDropped/notForwarded",
  "proposalDropped/transferring",
  "proposalDropped/removed",
  "proposalDropped/uncommittedLimit",
  "timeoutNowTaken",
  "transfer/started",
  "transfer/toLearner",
  "transfer/toItself",
  "transfer/alreadyToSame",
  "transfer/previousAborted",
  "transfer/timeoutNowAtOnce",
  "transfer/timeoutNowAfterAppend",
  "transfer/noLeader",
  "readDropped",
  "readPostponed",
  "readConfirmed",
  "appendRefused",
  "logConflict",
  "logCut/replaced",
  "logCut/truncated",
  "committed",
  "receiptIgnored",
  "receiptObsolete/missing",
  "receiptObsolete/mismatched",
  "refusalTaken",
  "nextIndexDecreased",
  "progressChanged",
  "unreachable",
  "snapshotSent",
  "snapshotNotSent/inactive",
  "snapshotReported",
  "snapshotRecovered",
  "snapshotStarted",
  "snapshotRestored",
  "snapshotIgnored/old",
  "snapshotIgnored/forwarded",
  "snapshotIgnored/notMember",
  "configurationChanged",
  "changeIgnored/pending",
  "changeIgnored/mustLeaveJoint",
  "changeIgnored/notJoint",
  "autoLeave",
] as const;

export type NoteName = (typeof noteNames)[number];

export class NoteCounter implements NotesOutlet {
  readonly counters = new Counters<string>(noteNames);

  note(note: RaftNote): void {
    this.counters.add({[nameOf(note)]: 1});
  }
}

function nameOf(note: RaftNote): string {
  if ("why" in note) return `${note.kind}/${note.why}`;
  if ("step" in note) return `${note.kind}/${note.step}`;
  return "how" in note ? `${note.kind}/${note.how}` : note.kind;
}
