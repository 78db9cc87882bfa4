// Digests of messages and of a whole node: canonical, so that equal behaviour gives equal bytes. Used by the trace's
// hash chain (messages) and by state hashing (nodes).

import {unreachable} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {ConfState} from "./confState.ts";
import {votersOf} from "./confState.ts";
import type {Entry, EntryType, HardState, Proposal, SoftState} from "./entry.ts";
import type {Log} from "./log.ts";
import type {Message, MessageKind} from "./message.ts";
import type {Progress} from "./progress.ts";
import type {Raft, Role} from "./raft.ts";
import type {ProgressState} from "./ready.ts";
import type {Snapshot} from "./snapshot.ts";

/** Stable numbers, so that a new kind changes no old digest. */
const kindCodes: Readonly<Record<MessageKind, number>> = {
  RequestVote: 1,
  RequestVoteResponse: 2,
  AppendEntries: 3,
  AppendEntriesResponse: 4,
  Heartbeat: 5,
  HeartbeatResponse: 6,
  Propose: 7,
  ReadIndex: 8,
  ReadIndexResponse: 9,
  PreVote: 10,
  PreVoteResponse: 11,
  InstallSnapshot: 12,
  TimeoutNow: 13,
  TransferLeader: 14,
};

const roleCodes: Readonly<Record<Role["kind"], number>> = {
  follower: 1,
  candidate: 2,
  leader: 3,
  preCandidate: 4,
};
const entryTypeCodes: Readonly<Record<EntryType, number>> = {normal: 1, confChange: 2, confChangeV2: 3};
const progressCodes: Readonly<Record<ProgressState, number>> = {probe: 1, replicate: 2, snapshot: 3};

export function digestEntry(entry: Entry, into: Hasher): void {
  into.int(entry.index);
  into.int(entry.term);
  digestProposal(entry, into);
}

function digestProposal({type, data}: Proposal, into: Hasher): void {
  into.int(entryTypeCodes[type]);
  into.bytes(data);
}

function digestConfState(conf: ConfState, into: Hasher): void {
  for (const list of [conf.voters, conf.votersOutgoing, conf.learners, conf.learnersNext]) {
    into.int(list.length);
    for (const member of list) into.int(member);
  }
  into.bool(conf.autoLeave);
}

export function digestSnapshot({index, term, confState, data}: Snapshot, into: Hasher): void {
  into.int(index);
  into.int(term);
  digestConfState(confState, into);
  into.bytes(data);
}

export function digestMessage(message: Message, into: Hasher): void {
  into.int(kindCodes[message.kind]);
  into.int(message.from);
  into.int(message.to);
  into.int(message.term);
  switch (message.kind) {
    case "RequestVote":
      into.int(message.lastLogIndex);
      into.int(message.lastLogTerm);
      return into.bool(message.transfer);
    case "PreVote":
      into.int(message.lastLogIndex);
      return into.int(message.lastLogTerm);
    case "RequestVoteResponse":
    case "PreVoteResponse":
      return into.bool(message.voteGranted);
    case "AppendEntries":
      into.int(message.prevLogIndex);
      into.int(message.prevLogTerm);
      into.int(message.leaderCommit);
      into.int(message.entries.length);
      for (const entry of message.entries) digestEntry(entry, into);
      return;
    case "AppendEntriesResponse":
      into.bool(message.success);
      into.int(message.index);
      into.int(message.hintIndex);
      return into.int(message.hintTerm);
    case "Heartbeat":
      into.int(message.commit);
      return into.int(message.readPosition);
    case "HeartbeatResponse":
      return into.int(message.readPosition);
    case "Propose":
      into.int(message.proposals.length);
      for (const proposal of message.proposals) digestProposal(proposal, into);
      return;
    case "InstallSnapshot":
      return digestSnapshot(message.snapshot, into);
    case "TransferLeader":
      return into.int(message.transferee);
    case "TimeoutNow":
      return;
    case "ReadIndex":
      return into.int(message.context);
    case "ReadIndexResponse":
      into.int(message.index);
      return into.int(message.context);
    default:
      return unreachable(message);
  }
}

/** `said` is what the node's last Ready told, on which the next one depends. */
export function digestRaft(
  raft: Raft,
  said: {readonly hard: HardState; readonly soft: SoftState},
  into: Hasher,
): void {
  into.int(raft.id);
  into.int(raft.term);
  into.int(raft.votedFor);
  into.int(raft.electionElapsed);
  into.int(raft.heartbeatElapsed);
  into.int(raft.electionTimeout);
  digestConfState(raft.conf, into);
  digestRole(raft, into);
  digestLog(raft.log, into);
  digestList(raft.messages, into);
  digestList(raft.messagesAfterAppend, into);
  into.int(raft.readStates.length);
  for (const {index, context} of raft.readStates) {
    into.int(index);
    into.int(context);
  }
  into.int(said.hard.term);
  into.int(said.hard.votedFor);
  into.int(said.hard.commit);
  into.int(said.soft.leader);
  into.int(roleCodes[said.soft.role]);
}

function digestList(messages: readonly Message[], into: Hasher): void {
  into.int(messages.length);
  for (const message of messages) digestMessage(message, into);
}

function digestLog(log: Log, into: Hasher): void {
  for (const cursor of log.cursors()) into.int(cursor);
  into.int(log.firstIndex);
  into.int(log.termAt(log.firstIndex - 1) ?? -1);
  into.int(log.lastIndex);
  for (let index = log.firstIndex; index <= log.lastIndex; index++) {
    const entry = log.entryAt(index);
    if (entry !== undefined) digestEntry(entry, into);
  }
}

function digestRole(raft: Raft, into: Hasher): void {
  const {role} = raft;
  into.int(roleCodes[role.kind]);
  switch (role.kind) {
    case "follower":
      return into.int(role.leader);
    case "preCandidate":
    case "candidate":
      for (const voter of votersOf(raft.conf)) {
        const vote = role.votes.get(voter);
        into.int(vote === undefined ? 0 : vote ? 1 : 2);
      }
      return;
    case "leader":
      into.int(role.transferee);
      into.int(role.pendingConfIndex);
      into.int(role.uncommittedBytes);
      for (const progress of role.progress) {
        digestProgress(progress, into);
        into.int(role.reads.position - role.reads.ackOf(progress.member));
      }
      return digestReads(role.reads.list(), into);
    default:
      return unreachable(role);
  }
}

function digestProgress(progress: Progress, into: Hasher): void {
  into.int(progress.member);
  into.int(progressCodes[progress.state]);
  into.int(progress.matchIndex);
  into.int(progress.nextIndex);
  into.int(progress.sentCommit);
  into.int(progress.pendingSnapshot);
  into.bool(progress.flowPaused);
  into.bool(progress.recentActive);
  into.bool(progress.isLearner);
  into.int(progress.inflights.count);
  for (const {last, bytes} of progress.inflights.list()) {
    into.int(last);
    into.int(bytes);
  }
}

function digestReads({waiting, postponed}: ReturnType<ReadsOf>, into: Hasher): void {
  into.int(waiting.length);
  for (const {from, context, index} of waiting) {
    into.int(from);
    into.int(context);
    into.int(index);
  }
  into.int(postponed.length);
  for (const {from, context} of postponed) {
    into.int(from);
    into.int(context);
  }
}

type ReadsOf = Extract<Role, {kind: "leader"}>["reads"]["list"];
