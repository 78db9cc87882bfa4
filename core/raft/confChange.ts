// Changes of the configuration (§6, thesis §4). A change is proposed as an entry of the log; each member goes over to the
// new configuration when it applies that entry (etcd; the paper: when it appends it).
//
//   simple   voters (1 2 3)        ──v4──▶ (1 2 3 4)                       at most one voter differs: quorums overlap
//   joint    voters (1 2 3)        ─r1 v4─▶ (2 3 4)&&(1 2 3) ──leave──▶ (2 3 4)
//
// etcd: confchange/confchange.go, raftpb/confchange.go.

import {Reader, Writer} from "../base/codec.ts";
import type {MemberId} from "../base/quantity.ts";
import {failed, ok} from "../base/result.ts";
import type {Result} from "../base/result.ts";
import type {ConfState} from "./confState.ts";
import {ascending, checkConfState, isJoint} from "./confState.ts";
import type {EntryType, Proposal} from "./entry.ts";
import {noData} from "./entry.ts";
import {raftRules} from "./rules.ts";
import type {RaftRules} from "./rules.ts";

export type SingleChangeType = "addVoter" | "remove" | "update" | "addLearner";

/** One step. `update` changes nothing here: it carries a context past the members. */
export interface SingleChange {
  readonly type: SingleChangeType;
  readonly member: MemberId;
}

/** `auto`: joint only if more than one change needs it, and then left at once; `implicit`: joint, left at once; `explicit`: joint until told. */
export type Transition = "auto" | "implicit" | "explicit";

export interface ConfChange {
  /** The older form has exactly one change and no transition. */
  readonly version: 1 | 2;
  readonly transition: Transition;
  /** None, in version 2 and `auto`: leave the joint configuration. */
  readonly changes: readonly SingleChange[];
  /** The proposer's, opaque here. */
  readonly context: Uint8Array;
}

/** Why a change cannot be made; etcd's texts. */
export type ConfChangeError =
  | "removed all voters"
  | "more than one voter changed without entering joint config"
  | "can't apply simple config change in joint config"
  | "config is already joint"
  | "can't make a zero-voter config joint"
  | "can't leave a non-joint config";

export const leaveJoint: ConfChange = {version: 2, transition: "auto", changes: [], context: noData};

/** A configuration, and whose replication starts anew in it, though they were members before: they were removed on the way. */
export interface Changed {
  readonly conf: ConfState;
  readonly renewed: ReadonlySet<MemberId>;
}

export function isLeaveJoint({transition, changes}: ConfChange): boolean {
  return transition === "auto" && changes.length === 0;
}

type ChangeRules = Pick<RaftRules, "needsJoint" | "mayChangeAtOnce">;

/** What a committed change makes of a configuration. */
export function change(
  conf: ConfState,
  asked: ConfChange,
  rules: ChangeRules = raftRules,
): Result<Changed, ConfChangeError> {
  const {transition, changes} = asked;
  if (isLeaveJoint(asked)) return leave(conf);
  if (transition !== "auto") return enterJoint(conf, changes, transition === "implicit");
  return rules.needsJoint(changes.length) ? enterJoint(conf, changes, true) : simple(conf, changes, rules);
}

/** At most one voter comes or goes: any quorum before and any after have a member in common (thesis §4.1). */
export function simple(
  conf: ConfState,
  changes: readonly SingleChange[],
  rules: ChangeRules = raftRules,
): Result<Changed, ConfChangeError> {
  if (isJoint(conf)) return failed("can't apply simple config change in joint config");
  const draft = new Draft(conf);
  const error = draft.make(changes);
  if (error !== undefined) return failed(error);
  if (!rules.mayChangeAtOnce(draft.votersChanged(conf)))
    return failed("more than one voter changed without entering joint config");
  return ok(draft.finish(false));
}

/** From now on both the old voters and the new ones must agree (§6). */
export function enterJoint(
  conf: ConfState,
  changes: readonly SingleChange[],
  autoLeave: boolean,
): Result<Changed, ConfChangeError> {
  if (isJoint(conf)) return failed("config is already joint");
  if (conf.voters.length === 0) return failed("can't make a zero-voter config joint");
  const draft = new Draft({...conf, votersOutgoing: conf.voters});
  const error = draft.make(changes);
  return error === undefined ? ok(draft.finish(autoLeave)) : failed(error);
}

/** The outgoing half has no say any more; those of it that are to be learners become such, the others are gone. */
export function leave(conf: ConfState): Result<Changed, ConfChangeError> {
  if (!isJoint(conf)) return failed("can't leave a non-joint config");
  const learners = ascending([...conf.learners, ...conf.learnersNext]);
  return ok({
    conf: {voters: conf.voters, votersOutgoing: [], learners, learnersNext: [], autoLeave: false},
    renewed: new Set(),
  });
}

/** A configuration while changes are made to it, one after the other. */
class Draft {
  private readonly voters: Set<MemberId>;
  private readonly outgoing: Set<MemberId>;
  private readonly learners: Set<MemberId>;
  private readonly learnersNext: Set<MemberId>;
  private readonly renewed = new Set<MemberId>();

  constructor(conf: ConfState) {
    this.voters = new Set(conf.voters);
    this.outgoing = new Set(conf.votersOutgoing);
    this.learners = new Set(conf.learners);
    this.learnersNext = new Set(conf.learnersNext);
  }

  make(changes: readonly SingleChange[]): ConfChangeError | undefined {
    for (const {type, member} of changes) {
      // etcd keeps the id 0 for changes that were replaced by nothing.
      if (member === 0) continue;
      if (type === "addVoter") this.addVoter(member);
      else if (type === "addLearner") this.addLearner(member);
      else if (type === "remove") this.remove(member);
    }
    return this.voters.size === 0 ? "removed all voters" : undefined;
  }

  votersChanged(before: ConfState): number {
    let changed = 0;
    for (const voter of before.voters) if (!this.voters.has(voter)) changed++;
    for (const voter of this.voters) if (!before.voters.includes(voter)) changed++;
    return changed;
  }

  finish(autoLeave: boolean): Changed {
    const conf = {
      voters: ascending(this.voters),
      votersOutgoing: ascending(this.outgoing),
      learners: ascending(this.learners),
      learnersNext: ascending(this.learnersNext),
      autoLeave,
    };
    checkConfState(conf);
    return {conf, renewed: this.renewed};
  }

  private addVoter(member: MemberId): void {
    this.learners.delete(member);
    this.learnersNext.delete(member);
    this.voters.add(member);
  }

  /** A voter of the outgoing half keeps its say there, and becomes a learner when the joint configuration is left. */
  private addLearner(member: MemberId): void {
    if (this.learners.has(member)) return;
    this.voters.delete(member);
    this.learnersNext.delete(member);
    (this.outgoing.has(member) ? this.learnersNext : this.learners).add(member);
  }

  private remove(member: MemberId): void {
    const wasMember = this.voters.has(member) || this.learners.has(member);
    this.voters.delete(member);
    this.learners.delete(member);
    this.learnersNext.delete(member);
    if (wasMember && !this.outgoing.has(member)) this.renewed.add(member);
  }
}

// ---- bytes, as etcd's raftpb.ConfChange and ConfChangeV2 (protobuf; a field with its zero value is left out)

const typeNumbers = {addVoter: 0, remove: 1, update: 2, addLearner: 3} as const;
const typeNames: readonly SingleChangeType[] = ["addVoter", "remove", "update", "addLearner"];
const transitionNumbers = {auto: 0, implicit: 1, explicit: 2} as const;
const transitionNames: readonly Transition[] = ["auto", "implicit", "explicit"];

/** The proposal that asks for a change. */
export function proposalOf(asked: ConfChange): Proposal {
  return {type: asked.version === 1 ? "confChange" : "confChangeV2", data: encodeConfChange(asked)};
}

function encodeConfChange({version, transition, changes, context}: ConfChange): Uint8Array {
  const into = new Writer();
  const [only] = changes;
  if (version === 1) {
    if (only !== undefined) writeSingle(into, only, 2);
    writeBytes(into, 4, context);
    return into.finish();
  }
  writeNumber(into, 1, transitionNumbers[transition]);
  for (const one of changes) {
    const single = new Writer();
    writeSingle(single, one, 1);
    into.byte((2 << 3) | 2);
    into.bytes(single.finish());
  }
  writeBytes(into, 3, context);
  return into.finish();
}

function writeSingle(into: Writer, {type, member}: SingleChange, firstField: number): void {
  writeNumber(into, firstField, typeNumbers[type]);
  writeNumber(into, firstField + 1, member);
}

function writeNumber(into: Writer, field: number, value: number): void {
  if (value === 0) return;
  into.byte(field << 3);
  into.uint(value);
}

function writeBytes(into: Writer, field: number, value: Uint8Array): void {
  if (value.length === 0) return;
  into.byte((field << 3) | 2);
  into.bytes(value);
}

/** Reads the data of an entry of type confChange or confChangeV2; undefined for bytes that are neither. */
export function decodeConfChange(type: EntryType, data: Uint8Array): ConfChange | undefined {
  const from = new Reader(data);
  const found = type === "confChange" ? readV1(from) : readV2(from);
  return from.broken ? undefined : found;
}

function readV1(from: Reader): ConfChange | undefined {
  let type: SingleChangeType | undefined = "addVoter";
  let member: MemberId = 0;
  let context: Uint8Array = noData;
  while (!from.done) {
    const tag = from.byte();
    if (tag === 1 << 3) from.uint();
    else if (tag === 2 << 3) type = typeNames[from.uint()];
    else if (tag === 3 << 3) member = from.uint();
    else if (tag === ((4 << 3) | 2)) context = from.bytes();
    else return undefined;
  }
  return type === undefined
    ? undefined
    : {version: 1, transition: "auto", changes: [{type, member}], context};
}

function readV2(from: Reader): ConfChange | undefined {
  let transition: Transition | undefined = "auto";
  const changes: SingleChange[] = [];
  let context: Uint8Array = noData;
  while (!from.done) {
    const tag = from.byte();
    if (tag === 1 << 3) transition = transitionNames[from.uint()];
    else if (tag === ((3 << 3) | 2)) context = from.bytes();
    else if (tag === ((2 << 3) | 2)) {
      const single = readSingle(new Reader(from.bytes()));
      if (single === undefined) return undefined;
      changes.push(single);
    } else return undefined;
  }
  return transition === undefined ? undefined : {version: 2, transition, changes, context};
}

function readSingle(from: Reader): SingleChange | undefined {
  let type: SingleChangeType | undefined = "addVoter";
  let member: MemberId = 0;
  while (!from.done) {
    const tag = from.byte();
    if (tag === 1 << 3) type = typeNames[from.uint()];
    else if (tag === 2 << 3) member = from.uint();
    else return undefined;
  }
  return type === undefined || from.broken ? undefined : {type, member};
}
