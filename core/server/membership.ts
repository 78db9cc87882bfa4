// Requests that change who is in the cluster, on their way through the log (thesis §4; etcd server/etcdserver/server.go,
// api/membership). A change is checked again when its entry is applied, against the configuration then: every member
// comes to the same answer, and a change that has become impossible changes nothing.

import {Reader, Writer} from "../base/codec.ts";
import type {MemberId} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import {change, decodeConfChange, isLeaveJoint} from "../raft/confChange.ts";
import type {ConfChange, SingleChange} from "../raft/confChange.ts";
import type {ConfState} from "../raft/confState.ts";
import {isLearner, isMember, membersOf} from "../raft/confState.ts";
import type {Entry} from "../raft/entry.ts";
import type {RawNode} from "../raft/rawNode.ts";
import {memberInfo} from "./cluster.ts";
import type {ProposalId} from "./command.ts";
import type {ApiErrorName, MembersResult, MembershipRequest} from "./request.ts";

/** A member is taken for ready to vote when it holds this share of the leader's log, in percent. etcd: readyPercentThreshold. */
const readyPercent = 90;
/** How many learners may be added; a cluster may begin with more. etcd: maxLearners. */
const learnersMax = 1;

/** What the log is to hold for a request; `proposal` names it, so that its answer finds back. */
export function confChangeOf(request: MembershipRequest, proposal: ProposalId): ConfChange {
  const context = encodeContext({proposal, purpose: request.kind});
  if (request.kind === "reconfigure") {
    return {version: 2, transition: request.transition, changes: request.changes, context};
  }
  return {version: 1, transition: "auto", changes: [singleChange(request)], context};
}

function singleChange(request: Exclude<MembershipRequest, {readonly kind: "reconfigure"}>): SingleChange {
  const {member} = request;
  if (request.kind === "memberRemove") return {type: "remove", member};
  const asLearner = request.kind === "memberAdd" && request.isLearner === true;
  return {type: asLearner ? "addLearner" : "addVoter", member};
}

/** Why a request is not even proposed, as this member sees it. */
export function refusalOfMembership(request: MembershipRequest, raft: RawNode): ApiErrorName | undefined {
  const {confState: conf} = raft;
  switch (request.kind) {
    case "memberAdd":
      if (isMember(conf, request.member)) return "memberExists";
      return request.isLearner === true && conf.learners.length >= learnersMax
        ? "tooManyLearners"
        : undefined;
    case "memberRemove":
      return isMember(conf, request.member) ? undefined : "memberNotFound";
    case "memberPromote":
      return refusalOfPromotion(request.member, raft);
    case "reconfigure":
      return undefined;
    case "memberUpdate":
      return "unsupported";
    default:
      return request satisfies never;
  }
}

/** Only the leader knows how far a learner has come. */
function refusalOfPromotion(member: MemberId, raft: RawNode): ApiErrorName | undefined {
  if (raft.role !== "leader") return "notLeader";
  if (!isMember(raft.confState, member)) return "memberNotFound";
  if (!isLearner(raft.confState, member)) return "memberNotLearner";
  const matchIndex = raft.progress().find((one) => one.member === member)?.matchIndex ?? 0;
  return matchIndex * 100 < raft.lastIndex * readyPercent ? "learnerNotReady" : undefined;
}

/** What came of an entry that holds a change of membership. */
export interface AppliedChange {
  /** Undefined when nobody of this cluster's clients asked for it: the leader leaves a joint configuration by itself. */
  readonly proposal: ProposalId | undefined;
  /** Why it changes nothing. */
  readonly error: ApiErrorName | undefined;
}

/** Applies the change that a committed entry holds. */
export function applyChange(entry: Entry, raft: RawNode): AppliedChange {
  const asked = decodeConfChange(entry.type, entry.data);
  if (asked === undefined) return {proposal: undefined, error: "badChange"};
  const context = decodeContext(asked.context);
  const error = refusalAtApply(asked, raft.confState, context?.purpose);
  if (error === undefined) raft.applyConfChange(asked);
  return {proposal: context?.proposal, error};
}

function refusalAtApply(
  asked: ConfChange,
  conf: ConfState,
  purpose: Purpose | undefined,
): ApiErrorName | undefined {
  const member = asked.changes[0]?.member ?? noMember;
  // To add and to promote a voter are one change in raft; what was meant decides whether it may still be made.
  if (purpose === "memberAdd" && isMember(conf, member)) return "memberExists";
  if (
    purpose === "memberAdd" &&
    asked.changes[0]?.type === "addLearner" &&
    conf.learners.length >= learnersMax
  ) {
    return "tooManyLearners";
  }
  if (purpose === "memberRemove" && !isMember(conf, member)) return "memberNotFound";
  if (purpose === "memberPromote" && !isMember(conf, member)) return "memberNotFound";
  if (purpose === "memberPromote" && !isLearner(conf, member)) return "memberNotLearner";
  if (isLeaveJoint(asked) && conf.votersOutgoing.length === 0) return "badChange";
  return change(conf, asked).ok ? undefined : "badChange";
}

export function membersResult(conf: ConfState): MembersResult {
  return {
    kind: "members",
    members: membersOf(conf).map((member) => memberInfo(member, isLearner(conf, member))),
    joint: conf.votersOutgoing.length > 0,
  };
}

// ---- a change's context: who asked, and what for

type Purpose = MembershipRequest["kind"];

const purposes: readonly Purpose[] = ["memberAdd", "memberRemove", "memberPromote", "reconfigure"];

interface Context {
  readonly proposal: ProposalId;
  readonly purpose: Purpose;
}

function encodeContext({proposal, purpose}: Context): Uint8Array {
  const into = new Writer();
  into.byte(purposes.indexOf(purpose));
  into.uint(proposal.proposer);
  into.uint(proposal.nonce);
  into.uint(proposal.sequence);
  return into.finish();
}

/** Undefined where there is none: a leader leaves a joint configuration by itself. */
function decodeContext(context: Uint8Array): Context | undefined {
  if (context.length === 0) return undefined;
  const from = new Reader(context);
  const purpose = purposes[from.byte()];
  const proposal = {proposer: from.uint(), nonce: from.uint(), sequence: from.uint()};
  return from.broken || purpose === undefined ? undefined : {proposal, purpose};
}
