// etcd's logger lines about messages and proposals that were seen, dropped or handed on. etcd: raft.go.

import {unreachable} from "../../base/assert.ts";
import type {MemberId} from "../../base/quantity.ts";
import {describeMember} from "../describe.ts";
import {messageNames, roleNames} from "../etcdNames.ts";
import {debug, info, noLines, warn} from "./loggerLine.ts";
import type {LoggerLine, Note} from "./loggerLine.ts";
import type {Message} from "../message.ts";
import type {TransferStep} from "../notes.ts";

export function messageLines(
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
  return noLines;
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
      return warn(
        `${me} appending new entries to log would exceed uncommitted entry size limit; dropping proposal`,
      );
    case "removed":
      return noLines;
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

function named(message: Message): string {
  return messageNames[message.kind];
}

function sender(message: Message): string {
  const from: MemberId = message.kind === "TransferLeader" ? message.transferee : message.from;
  return `${describeMember(from)} [term: ${message.term}]`;
}
