// etcd's logger lines, made of notes: what an operator of etcd reads, to the letter. Notes that etcd does not log have
// none. etcd: raft.go, log.go, log_unstable.go.

import {unreachable} from "../base/assert.ts";
import type {MemberId} from "../base/quantity.ts";
import {
  describeConfChange,
  describeConfiguration,
  describeConfState,
  describeMember,
  describeProgress,
} from "./describe.ts";
import {messageNames, roleNames} from "./etcdNames.ts";
import type {EntryId} from "./entry.ts";
import type {Message} from "./message.ts";
import type {RaftNote, TransferStep} from "./notes.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface LoggerLine {
  readonly level: LogLevel;
  readonly text: string;
}

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
      return none;
    default:
      return unreachable(note);
  }
}

type Note<K extends RaftNote["kind"]> = Extract<RaftNote, {readonly kind: K}>;

const none: readonly LoggerLine[] = [];

function debug(text: string): readonly LoggerLine[] {
  return [{level: "debug", text}];
}

function info(...texts: readonly string[]): readonly LoggerLine[] {
  return texts.map((text) => ({level: "info", text}));
}

function warn(text: string): readonly LoggerLine[] {
  return [{level: "warn", text}];
}

function electionLines(
  note: Note<
    | "becameFollower"
    | "becamePreCandidate"
    | "becameCandidate"
    | "becameLeader"
    | "electionStarted"
    | "campaignRefused"
    | "voteRequested"
    | "voteCast"
    | "voteLeased"
    | "voteCounted"
    | "quorumLost"
    | "leaderForgotten"
    | "forgetRefused"
  >,
  me: string,
): readonly LoggerLine[] {
  const {term} = note;
  switch (note.kind) {
    case "becameFollower":
      return info(`${me} became follower at term ${term}`);
    case "becamePreCandidate":
      return info(`${me} became pre-candidate at term ${term}`);
    case "becameCandidate":
      return info(`${me} became candidate at term ${term}`);
    case "becameLeader":
      return info(`${me} became leader at term ${term}`);
    case "electionStarted":
      return info(`${me} is starting a new election at term ${term}`);
    case "campaignRefused":
      return campaignRefused(note, me);
    case "voteRequested": {
      const {message} = note;
      const log = position("logterm", {index: message.lastLogIndex, term: message.lastLogTerm});
      return info(
        `${me} [${log}] sent ${messageNames[message.kind]} request to ${describeMember(message.to)} at term ${term}`,
      );
    }
    case "voteCast":
      return info(
        `${voter(note, me)} ${note.granted ? "cast" : "rejected"} ${messageNames[note.message.kind]} ` +
          `${note.granted ? "for" : "from"} ${asker(note)} at term ${term}`,
      );
    case "voteLeased":
      return info(
        `${voter(note, me)} ignored ${messageNames[note.message.kind]} from ${asker(note)} at term ${term}: ` +
          `lease is not expired (remaining ticks: ${note.remainingTicks})`,
      );
    case "voteCounted":
      return voteCounted(note, me);
    case "quorumLost":
      return warn(`${me} stepped down to follower since quorum is not active`);
    case "leaderForgotten":
      return info(`${me} forgetting leader ${describeMember(note.leader)} at term ${term}`);
    case "forgetRefused":
      return [{level: "error", text: "ignoring MsgForgetLeader due to ReadOnlyLeaseBased"}];
    default:
      return unreachable(note);
  }
}

function campaignRefused({term, why}: Note<"campaignRefused">, me: string): readonly LoggerLine[] {
  if (why === "leading") return debug(`${me} ignoring MsgHup because already leader`);
  if (why === "unpromotable") return warn(`${me} is unpromotable and can not campaign`);
  return warn(
    `${me} cannot campaign at term ${term} since there are still pending configuration changes to apply`,
  );
}

function voteCounted(note: Note<"voteCounted">, me: string): readonly LoggerLine[] {
  const {voter: from, granted, preVote, grants, refusals, term} = note;
  const name = messageNames[preVote ? "PreVoteResponse" : "RequestVoteResponse"];
  return info(
    `${me} received ${name}${granted ? "" : " rejection"} from ${describeMember(from)} at term ${term}`,
    `${me} has received ${grants} ${name} votes and ${refusals} vote rejections`,
  );
}

function voter({votedFor, last}: Note<"voteCast" | "voteLeased">, me: string): string {
  return `${me} [${position("logterm", last)}, vote: ${votedFor.toString(16)}]`;
}

function asker({message}: Note<"voteCast" | "voteLeased">): string {
  const log = position("logterm", {index: message.lastLogIndex, term: message.lastLogTerm});
  return `${describeMember(message.from)} [${log}]`;
}

function position(word: "logterm" | "term", {index, term}: EntryId): string {
  return `${word}: ${term}, index: ${index}`;
}

function messageLines(
  note: Note<
    "termSeen" | "messageDropped" | "proposalDropped" | "timeoutNowTaken" | "transfer" | "readDropped"
  >,
  me: string,
): readonly LoggerLine[] {
  const {term} = note;
  switch (note.kind) {
    case "termSeen": {
      const {message} = note;
      return info(
        `${me} [term: ${term}] received a ${named(message)} message with higher term from ${sender(message)}`,
      );
    }
    case "messageDropped":
      return messageDropped(note, me);
    case "proposalDropped":
      return proposalDropped(note, me);
    case "timeoutNowTaken":
      return info(
        `${me} [term ${term}] received MsgTimeoutNow from ${describeMember(note.from)} ` +
          `and starts an election to get leadership.`,
      );
    case "transfer":
      return transferLines(note.step, {me, term, to: describeMember(note.transferee)});
    case "readDropped":
      return info(`${me} no leader at term ${term}; dropping index reading msg`);
    default:
      return unreachable(note);
  }
}

function messageDropped(
  {message, why, term, role}: Note<"messageDropped">,
  me: string,
): readonly LoggerLine[] {
  const from = describeMember(message.from);
  if (why === "staleTerm") {
    return info(
      `${me} [term: ${term}] ignored a ${named(message)} message with lower term from ${sender(message)}`,
    );
  }
  if (message.kind === "TimeoutNow" && role !== "leader") {
    return debug(`${me} [term ${term} state ${roleNames[role]}] ignored MsgTimeoutNow from ${from}`);
  }
  if (why === "noProgress") return debug(`${me} no progress available for ${from}`);
  if (message.kind === "Propose" && why === "noLeader") {
    return info(`${me} no leader at term ${term}; dropping proposal`);
  }
  return none;
}

function proposalDropped({why, leader, term}: Note<"proposalDropped">, me: string): readonly LoggerLine[] {
  switch (why) {
    case "noLeader":
      return info(`${me} no leader at term ${term}; dropping proposal`);
    case "notForwarded":
      return info(
        `${me} not forwarding to leader ${describeMember(leader)} at term ${term}; dropping proposal`,
      );
    case "transferring":
      return debug(
        `${me} [term ${term}] transfer leadership to ${describeMember(leader)} is in progress; dropping proposal`,
      );
    case "uncommittedLimit":
      return info(
        `${me} appending new entries to log would exceed uncommitted entry size limit; dropping proposal`,
      );
    case "removed":
      return none;
    default:
      return unreachable(why);
  }
}

interface TransferWords {
  readonly me: string;
  readonly term: number;
  readonly to: string;
}

function transferLines(step: TransferStep, {me, term, to}: TransferWords): readonly LoggerLine[] {
  switch (step) {
    case "started":
      return info(`${me} [term ${term}] starts to transfer leadership to ${to}`);
    case "toLearner":
      return debug(`${me} is learner. Ignored transferring leadership`);
    case "toItself":
      return debug(`${me} is already leader. Ignored transferring leadership to self`);
    case "alreadyToSame":
      return info(
        `${me} [term ${term}] transfer leadership to ${to} is in progress, ignores request to same node ${to}`,
      );
    case "previousAborted":
      return info(`${me} [term ${term}] abort previous transferring leadership to ${to}`);
    case "timeoutNowAtOnce":
      return info(`${me} sends MsgTimeoutNow to ${to} immediately as ${to} already has up-to-date log`);
    case "timeoutNowAfterAppend":
      return info(`${me} sent MsgTimeoutNow to ${to} after received MsgAppResp`);
    case "noLeader":
      return info(`${me} no leader at term ${term}; dropping leader transfer msg`);
    default:
      return unreachable(step);
  }
}

function logLines(
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

function progressLines(
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

function snapshotLines(
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
      return [...snapshotIgnored(note, {me, at}), ...info(`${me} [commit: ${note.commit}] ignored ${at}`)];
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
      return none;
    case "forwarded":
      return info(`${me} [commit: ${commit}, ${lastOf(last)}] fast-forwarded commit to ${at}`);
    case "notFollower":
      return warn(`${me} attempted to restore snapshot as leader; should never happen`);
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

function membershipLines(
  note: Note<"configurationChanged" | "changeIgnored" | "autoLeave">,
  me: string,
): readonly LoggerLine[] {
  const conf = describeConfiguration(note.confState);
  switch (note.kind) {
    case "configurationChanged":
      return info(`${me} switched to configuration ${conf}`);
    case "changeIgnored":
      return info(
        `${me} ignoring conf change ${describeConfChange(note.change)} at config ${conf}: ${reasonOf(note)}`,
      );
    case "autoLeave":
      return note.proposed
        ? info(`initiating automatic transition out of joint configuration ${conf}`)
        : debug(
            `not initiating automatic transition out of joint configuration ${conf}: raft proposal dropped`,
          );
    default:
      return unreachable(note);
  }
}

function reasonOf({why, pendingConfIndex, applied}: Note<"changeIgnored">): string {
  switch (why) {
    case "pending":
      return `possible unapplied conf change at index ${pendingConfIndex} (applied to ${applied})`;
    case "mustLeaveJoint":
      return "must transition out of joint config first";
    case "notJoint":
      return "not in joint state; refusing empty conf change";
    default:
      return unreachable(why);
  }
}

function named(message: Message): string {
  return messageNames[message.kind];
}

function sender(message: Message): string {
  const from: MemberId = message.kind === "TransferLeader" ? message.transferee : message.from;
  return `${describeMember(from)} [term: ${message.term}]`;
}
