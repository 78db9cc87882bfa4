// One line for people, per message, entry, snapshot and Ready, in the words and the form of etcd's own transcripts, so
// that whoever knows those reads these, in logs, traces and pictures alike. `1->3 MsgApp Term:2 Log:1/5 Commit:5
// Entries:[2/6 EntryNormal "x"]`: positions are term/index, ids are hexadecimal. More than one entry makes more lines.
// etcd: util.go, tracker/progress.go.

import {unreachable} from "../base/assert.ts";
import {quotedText} from "../base/key.ts";
import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import {decodeConfChange} from "./confChange.ts";
import type {SingleChange} from "./confChange.ts";
import type {ConfState} from "./confState.ts";
import {isJoint} from "./confState.ts";
import type {Entry, HardState, Index, SoftState, Term} from "./entry.ts";
import {
  changeNames,
  entryTypeNames,
  messageNames,
  progressNames,
  roleNames,
  transitionNames,
} from "./etcdNames.ts";
import type {ConfChange} from "./confChange.ts";
import type {Message} from "./message.ts";
import type {AppendReceipt, AppendWork, ProgressView, Ready} from "./ready.ts";
import type {Snapshot} from "./snapshot.ts";

/** How a normal entry's data is shown; `quotedText` unless the caller knows what the bytes mean. */
export type FormatData = (data: Uint8Array) => string;

export function describeMember(member: MemberId): string {
  return member === noMember ? "None" : member.toString(16);
}

export function describeEntry(entry: Entry, format: FormatData = quotedText): string {
  const text = entry.type === "normal" ? format(entry.data) : describeChangeData(entry);
  return `${entry.term}/${entry.index} ${entryTypeNames[entry.type]}${text === "" ? "" : ` ${text}`}`;
}

function describeChangeData({type, data}: Entry): string {
  const change = decodeConfChange(type, data);
  return change === undefined ? quotedText(data) : describeChanges(change.changes);
}

const changeLetters = {addVoter: "v", remove: "r", update: "u", addLearner: "l"} as const;

/** `v4 l5 r1`: a voter more, a learner more, one less. */
export function describeChanges(changes: readonly SingleChange[]): string {
  return changes.map(({type, member}) => `${changeLetters[type]}${member}`).join(" ");
}

/** A change with its transition, as etcd's logger prints it. */
export function describeConfChange({transition, changes, context}: ConfChange): string {
  const parts = [`transition:${transitionNames[transition]}`];
  for (const {type, member} of changes) parts.push(`changes:{type:${changeNames[type]} node_id:${member}}`);
  if (context.length > 0) parts.push(`context:${quotedText(context)}`);
  return parts.join(" ");
}

/** `voters=(2 3 4)&&(1 2 3) learners=(5) learners_next=(1) autoleave`. */
export function describeConfiguration(conf: ConfState): string {
  const {voters, votersOutgoing, learners, learnersNext, autoLeave} = conf;
  const parts = [`voters=${memberList(voters)}${isJoint(conf) ? `&&${memberList(votersOutgoing)}` : ""}`];
  if (learners.length > 0) parts.push(`learners=${memberList(learners)}`);
  if (learnersNext.length > 0) parts.push(`learners_next=${memberList(learnersNext)}`);
  if (autoLeave) parts.push("autoleave");
  return parts.join(" ");
}

function memberList(members: readonly MemberId[]): string {
  return `(${members.map(describeMember).join(" ")})`;
}

export function describeConfState(conf: ConfState): string {
  const list = (members: readonly MemberId[]): string => `[${members.join(" ")}]`;
  return (
    `Voters:${list(conf.voters)} VotersOutgoing:${list(conf.votersOutgoing)} ` +
    `Learners:${list(conf.learners)} LearnersNext:${list(conf.learnersNext)} AutoLeave:${conf.autoLeave}`
  );
}

export function describeSnapshot({index, term, confState}: Snapshot): string {
  return `Index:${index} Term:${term} ConfState:${describeConfState(confState)}`;
}

export function describeHardState({term, votedFor, commit}: HardState): string {
  return `Term:${term}${votedFor === noMember ? "" : ` Vote:${votedFor}`} Commit:${commit}`;
}

export function describeSoftState({leader, role}: SoftState): string {
  return `Lead:${leader} State:${roleNames[role]}`;
}

/** `StateProbe match=3 next=4 learner paused inactive`. */
export function describeProgress(view: ProgressView): string {
  const {
    state,
    matchIndex,
    nextIndex,
    isLearner,
    paused,
    pendingSnapshot,
    recentActive,
    inflight,
    inflightFull,
  } = view;
  let text = `${progressNames[state]} match=${matchIndex} next=${nextIndex}`;
  if (isLearner) text += " learner";
  if (paused) text += " paused";
  if (pendingSnapshot > 0) text += ` pendingSnap=${pendingSnapshot}`;
  if (!recentActive) text += " inactive";
  if (inflight > 0) text += ` inflight=${inflight}${inflightFull ? "[full]" : ""}`;
  return text;
}

export function describeMessage(message: Message, format: FormatData = quotedText): string {
  return describeEnvelope(envelopeOf(message), "", format);
}

/** The work for the append thread, as the message that etcd's asynchronous mode makes of it. */
export function describeAppendWork(
  member: MemberId,
  work: AppendWork,
  format: FormatData = quotedText,
): string {
  return describeEnvelope(appendEnvelope(member, work), "", format);
}

/** The same without what waits for it, which `describeResponses` tells. */
export function describeAppendRequest(
  member: MemberId,
  work: AppendWork,
  format: FormatData = quotedText,
): string {
  return describeEnvelope({...appendEnvelope(member, work), responses: []}, "", format);
}

export function describeReceipt(
  member: MemberId,
  receipt: AppendReceipt,
  snapshot: Snapshot | undefined,
): string {
  return describeEnvelope(receiptEnvelope(member, receipt, snapshot), "", quotedText);
}

export function describeApplyWork(
  member: MemberId,
  apply: readonly Entry[],
  format: FormatData = quotedText,
): string {
  return describeEnvelope(applyEnvelope(member, apply), "", format);
}

export function describeApplyRequest(
  member: MemberId,
  apply: readonly Entry[],
  format: FormatData = quotedText,
): string {
  return describeEnvelope({...applyEnvelope(member, apply), responses: []}, "", format);
}

export function describeApplied(
  member: MemberId,
  apply: readonly Entry[],
  format: FormatData = quotedText,
): string {
  return describeEnvelope(appliedEnvelope(member, apply), "", format);
}

export interface DescribeReadyOptions {
  readonly member: MemberId;
  /** As the node's configuration: whether the work for disk and state machine is shown as messages to their threads. */
  readonly asyncStorageWrites: boolean;
  readonly format?: FormatData;
}

/** Several lines, one per thing to do. */
export function describeReady(ready: Ready, options: DescribeReadyOptions): string {
  const {member, asyncStorageWrites, format = quotedText} = options;
  const {softState, readStates, append, apply} = ready;
  const lines: string[] = [];
  if (softState !== undefined) lines.push(describeSoftState(softState));
  if (append?.hardState !== undefined) lines.push(`HardState ${describeHardState(append.hardState)}`);
  if (readStates.length > 0) {
    lines.push(`ReadStates [${readStates.map(({index, context}) => `{${index} ${context}}`).join(" ")}]`);
  }
  if (append !== undefined && append.entries.length > 0) {
    lines.push("Entries:", ...append.entries.map((entry) => describeEntry(entry, format)));
  }
  if (append?.snapshot !== undefined) lines.push(`Snapshot ${describeSnapshot(append.snapshot)}`);
  if (apply.length > 0) {
    lines.push("CommittedEntries:", ...apply.map((entry) => describeEntry(entry, format)));
  }
  const messages = ready.messages.map((message) => describeMessage(message, format));
  if (asyncStorageWrites) {
    if (append !== undefined) messages.push(describeAppendWork(member, append, format));
    if (apply.length > 0) messages.push(describeApplyWork(member, apply, format));
  } else {
    for (const message of append?.messages ?? []) {
      if (message.to !== member) messages.push(describeMessage(message, format));
    }
  }
  if (messages.length > 0) lines.push("Messages:", ...messages);
  return lines.length === 0
    ? "<empty Ready>"
    : [`Ready MustSync=${append?.mustSync ?? false}:`, ...lines].join("\n");
}

// ---- etcd's one message struct, of which each kind of ours fills a part

export interface Envelope {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly term: Term;
  readonly logTerm?: Term;
  readonly index?: Index;
  readonly rejectHint?: Index | undefined;
  readonly commit?: Index;
  readonly vote?: MemberId;
  /** Entries without a place in a log yet have term and index 0. */
  readonly entries?: readonly Entry[];
  readonly snapshot?: Snapshot | undefined;
  readonly responses?: readonly Envelope[];
}

function describeEnvelope(envelope: Envelope, indent: string, format: FormatData): string {
  const {from, to, type, term, logTerm = 0, index = 0, rejectHint, commit = 0, vote = noMember} = envelope;
  const {entries = [], snapshot, responses = []} = envelope;
  let text = `${indent}${from}->${to} ${type} Term:${term} Log:${logTerm}/${index}`;
  if (rejectHint !== undefined) text += ` Rejected (Hint: ${rejectHint})`;
  if (commit !== 0) text += ` Commit:${commit}`;
  if (vote !== noMember) text += ` Vote:${vote}`;
  const described = entries.map((entry) => describeEntry(entry, format));
  if (described.length === 1) text += ` Entries:[${described[0]}]`;
  if (described.length > 1) {
    text += ` Entries:[${described.map((one) => `\n${indent}  ${one}`).join("")}\n${indent}]`;
  }
  if (snapshot !== undefined) text += `\n${indent}  Snapshot: ${describeSnapshot(snapshot)}`;
  if (responses.length > 0) {
    const nested = responses.map((one) => `\n${describeEnvelope(one, `${indent}  `, format)}`).join("");
    text += ` Responses:[${nested}\n${indent}]`;
  }
  return text;
}

/** A message as etcd's one struct has it. */
export function envelopeOf(message: Message): Envelope {
  const from = message.kind === "TransferLeader" ? message.transferee : message.from;
  const type = messageNames[message.kind];
  const head = {from: describeMember(from), to: describeMember(message.to), type, term: message.term};
  switch (message.kind) {
    case "RequestVote":
    case "PreVote":
      return {...head, logTerm: message.lastLogTerm, index: message.lastLogIndex};
    case "RequestVoteResponse":
    case "PreVoteResponse":
      return message.voteGranted ? head : {...head, rejectHint: 0};
    case "AppendEntries": {
      const {prevLogTerm: logTerm, prevLogIndex: index, leaderCommit: commit, entries} = message;
      return {...head, logTerm, index, commit, entries};
    }
    case "AppendEntriesResponse": {
      const {index, hintTerm, hintIndex, success} = message;
      return success ? {...head, index} : {...head, logTerm: hintTerm, index, rejectHint: hintIndex};
    }
    case "Heartbeat":
      return {...head, commit: message.commit};
    case "InstallSnapshot":
      return {...head, snapshot: message.snapshot};
    case "Propose":
      return {...head, entries: message.proposals.map((one) => ({index: 0, term: 0, ...one}))};
    case "ReadIndexResponse":
      return {...head, index: message.index};
    case "HeartbeatResponse":
    case "TimeoutNow":
    case "TransferLeader":
    case "ReadIndex":
      return head;
    default:
      return unreachable(message);
  }
}

function appendEnvelope(member: MemberId, work: AppendWork): Envelope {
  const {hardState, entries, snapshot, messages, receipt} = work;
  const responses = messages.map(envelopeOf);
  if (receipt !== undefined) responses.push(receiptEnvelope(member, receipt, snapshot));
  return {
    from: describeMember(member),
    to: "AppendThread",
    type: "MsgStorageAppend",
    term: hardState?.term ?? 0,
    commit: hardState?.commit ?? 0,
    vote: hardState?.votedFor ?? noMember,
    entries,
    snapshot,
    responses,
  };
}

function receiptEnvelope(
  member: MemberId,
  {term, last}: AppendReceipt,
  snapshot: Snapshot | undefined,
): Envelope {
  return {
    from: "AppendThread",
    to: describeMember(member),
    type: "MsgStorageAppendResp",
    term,
    logTerm: last?.term ?? 0,
    index: last?.index ?? 0,
    snapshot,
  };
}

function applyEnvelope(member: MemberId, entries: readonly Entry[]): Envelope {
  const head = {from: describeMember(member), to: "ApplyThread", type: "MsgStorageApply", term: 0};
  return {...head, entries, responses: [appliedEnvelope(member, entries)]};
}

function appliedEnvelope(member: MemberId, entries: readonly Entry[]): Envelope {
  return {from: "ApplyThread", to: describeMember(member), type: "MsgStorageApplyResp", term: 0, entries};
}
