// Requests that change who is in the cluster, on their way through the log (thesis §4; etcd server/etcdserver/server.go,
// api/membership). A change is checked again when its entry is applied, against the record then (memberRecord.ts): every
// member comes to the same answer, and a change that has become impossible changes nothing.

import {Reader, Writer} from "../base/codec.ts";
import type {MemberId, Micros} from "../base/quantity.ts";
import {noMember} from "../base/quantity.ts";
import {change, decodeConfChange, isLeaveJoint} from "../raft/confChange.ts";
import type {ConfChange, SingleChange} from "../raft/confChange.ts";
import type {ConfState} from "../raft/confState.ts";
import {isLearner, isMember} from "../raft/confState.ts";
import type {Entry} from "../raft/entry.ts";
import {majorityOf} from "../raft/quorum.ts";
import type {RawNode} from "../raft/rawNode.ts";
import type {Applier} from "./applier.ts";
import {peerUrlOf} from "./cluster.ts";
import type {ProposalId} from "./command.ts";
import type {ServerConfig} from "./config.ts";
import type {Contacts} from "./contacts.ts";
import {areUrls, followed, isStarted, isTaken, updated} from "./memberRecord.ts";
import type {Membership} from "./memberRecord.ts";
import type {ApiErrorName, MembersResult, MembershipRequest} from "./request.ts";

/** A member is taken for ready to vote when it holds this share of the leader's log, in percent. etcd: readyPercentThreshold. */
const readyPercent = 90;
/** How many learners may be added; a cluster may begin with more. etcd: maxLearners. */
const learnersMax = 1;

/** What the log is to hold for a request; `proposal` names it, so that its answer finds back. */
export function confChangeOf(request: MembershipRequest, proposal: ProposalId): ConfChange {
  const peerUrls = "peerUrls" in request ? (request.peerUrls ?? []) : [];
  const context = encodeContext({proposal, purpose: request.kind, peerUrls});
  if (request.kind === "reconfigure") {
    return {version: 2, transition: request.transition, changes: request.changes, context};
  }
  return {version: 1, transition: "auto", changes: [singleChange(request)], context};
}

function singleChange(request: Exclude<MembershipRequest, {readonly kind: "reconfigure"}>): SingleChange {
  const {member} = request;
  if (request.kind === "memberRemove") return {type: "remove", member};
  if (request.kind === "memberUpdate") return {type: "update", member};
  const asLearner = request.kind === "memberAdd" && request.isLearner === true;
  return {type: asLearner ? "addLearner" : "addVoter", member};
}

/** What a request is judged by before it is proposed: what this member sees. */
export interface Sight {
  readonly config: ServerConfig;
  readonly raft: RawNode;
  readonly membership: Membership;
  readonly contacts: Contacts;
  readonly now: Micros;
}

/** Why a request is not even proposed, as this member sees it. A promotion only the leader can judge: see `isForLeader`. */
export function refusalOfMembership(request: MembershipRequest, sight: Sight): ApiErrorName | undefined {
  switch (request.kind) {
    case "memberAdd":
      if (request.peerUrls !== undefined && !areUrls(request.peerUrls)) return "memberBadUrls";
      return (
        refusalOfChange(confChangeOf(request, nobody), request.kind, sight.membership) ??
        refusalOfAddition(request.isLearner === true, sight)
      );
    case "memberRemove":
      return (
        refusalOfChange(confChangeOf(request, nobody), request.kind, sight.membership) ??
        refusalOfRemoval(request.member, sight)
      );
    case "memberPromote":
      return refusalOfPromotion(request.member, sight);
    case "memberUpdate":
      if (!areUrls(request.peerUrls)) return "memberBadUrls";
      return refusalOfChange(confChangeOf(request, nobody), request.kind, sight.membership);
    case "reconfigure":
      return undefined;
    default:
      return request satisfies never;
  }
}

const nobody: ProposalId = {proposer: noMember, nonce: 0, sequence: 0};

/** Whether who asked another member is to be answered by the leader: it alone knows how far a learner has come. */
export function isForLeader(request: MembershipRequest, raft: RawNode): boolean {
  return request.kind === "memberPromote" && raft.role !== "leader";
}

// ---- strict reconfiguration (etcd: mayAddMember, mayRemoveMember, mayPromoteMember; membership.RaftCluster, IsReadyTo…)

function refusalOfAddition(asLearner: boolean, sight: Sight): ApiErrorName | undefined {
  if (!sight.config.strictReconfig) return undefined;
  const {started, voters} = votersIn(sight.membership);
  // A second member may come to a single one: it may be how a cluster is rebuilt.
  const isSecond = started === 1 && voters.length === 1;
  if (!asLearner && !isSecond && started < majorityOf(voters.length + 1)) return "notEnoughStarted";
  return isConnected(sight) ? undefined : "unhealthy";
}

function refusalOfRemoval(member: MemberId, sight: Sight): ApiErrorName | undefined {
  const {config, membership, contacts, now} = sight;
  if (!config.strictReconfig || isLearner(membership.conf, member)) return undefined;
  const {started, voters} = votersIn(membership, member);
  if (started < majorityOf(voters.length)) return "notEnoughStarted";
  // Who is down is no part of the quorum that works.
  if (config.healthInterval === 0 || (member !== config.id && !contacts.isConnected(member)))
    return undefined;
  if (sight.raft.role !== "leader") return isConnected(sight) ? undefined : "unhealthy";
  const all = votersIn(membership).voters;
  const active = contacts.countSince(all, config.id, now - config.healthInterval);
  return active - 1 < majorityOf(all.length - 1) ? "unhealthy" : undefined;
}

function refusalOfPromotion(member: MemberId, {config, raft, membership}: Sight): ApiErrorName | undefined {
  if (raft.role !== "leader") return "notLeader";
  if (!isMember(raft.confState, member)) return "memberNotFound";
  if (!isLearner(raft.confState, member)) return "memberNotLearner";
  const matchIndex = raft.progress().find((one) => one.member === member)?.matchIndex ?? 0;
  if (matchIndex * 100 < raft.lastIndex * readyPercent) return "learnerNotReady";
  const {started, voters} = votersIn(membership);
  // The learner is known to be there.
  const isEnough = started + 1 >= majorityOf(voters.length + 1);
  return config.strictReconfig && !isEnough ? "notEnoughStarted" : undefined;
}

/** Who votes, but for `except`, and how many of them have started. */
function votersIn({members}: Membership, except?: MemberId): {started: number; voters: readonly MemberId[]} {
  const voting = members.filter(({member, isLearner: asLearner}) => !asLearner && member !== except);
  return {started: voting.filter(isStarted).length, voters: voting.map(({member}) => member)};
}

/** Whether this member has been connected long enough: as leader with all voters, else with its leader. */
function isConnected({config, raft, membership, contacts, now}: Sight): boolean {
  const {healthInterval, id} = config;
  if (healthInterval === 0) return true;
  const since = now - healthInterval;
  if (raft.role !== "leader") return contacts.connectedSince(raft.leader, since);
  const {voters} = votersIn(membership);
  return contacts.countSince(voters, id, since) === voters.length;
}

// ---- when it is applied

/** What came of an entry that holds a change of membership. */
export interface AppliedChange {
  /** Undefined when nobody of this cluster's clients asked for it: the leader leaves a joint configuration by itself. */
  readonly proposal: ProposalId | undefined;
  /** Why it changes nothing. */
  readonly error: ApiErrorName | undefined;
}

/** Applies the change that a committed entry holds: to raft's configuration, and to the record, which follows it. */
export function applyChange(entry: Entry, raft: RawNode, applier: Applier): AppliedChange {
  const asked = decodeConfChange(entry.type, entry.data);
  if (asked === undefined) return {proposal: undefined, error: "badChange"};
  const context = decodeContext(asked.context);
  const before = applier.membership;
  const error = applier.rules.judgesChangeAgain()
    ? (refusalOfChange(asked, context?.purpose, before) ?? refusalOfRaft(asked, before.conf, raft))
    : undefined;
  if (error === undefined) {
    const conf = raft.applyConfChange(asked);
    const peerUrls = context === undefined || context.peerUrls.length === 0 ? undefined : context.peerUrls;
    const [only] = asked.changes;
    applier.changeMembership(
      context?.purpose === "memberUpdate" && only !== undefined && peerUrls !== undefined
        ? updated(before, only.member, {peerUrls}, applier.rules)
        : followed(before, conf, peerUrls),
    );
  }
  return {proposal: context?.proposal, error};
}

/** Why a change cannot be made of this membership. A removed id is answered as one that was never there, as etcd does (ErrIDRemoved). */
function refusalOfChange(
  asked: ConfChange,
  purpose: Purpose | undefined,
  membership: Membership,
): ApiErrorName | undefined {
  const {conf, removed} = membership;
  const {member, type} = asked.changes[0] ?? {member: noMember, type: "update"};
  const {peerUrls = []} = decodeContext(asked.context) ?? {};
  const isNew = ({type: kind}: SingleChange): boolean => kind === "addVoter" || kind === "addLearner";
  if (asked.changes.some((one) => isNew(one) && removed.includes(one.member))) return "memberNotFound";
  // To add and to promote a voter are one change in raft; what was meant decides whether it may still be made.
  if (purpose === "memberAdd") {
    if (isMember(conf, member)) return "memberExists";
    if (isTaken(membership, peerUrls.length === 0 ? [peerUrlOf(member)] : peerUrls, undefined))
      return "peerUrlExists";
    if (type === "addLearner" && conf.learners.length >= learnersMax) return "tooManyLearners";
  }
  if (
    purpose !== "memberAdd" &&
    purpose !== "reconfigure" &&
    purpose !== undefined &&
    !isMember(conf, member)
  )
    return "memberNotFound";
  if (purpose === "memberPromote" && !isLearner(conf, member)) return "memberNotLearner";
  if (purpose === "memberUpdate" && isTaken(membership, peerUrls, member)) return "peerUrlExists";
  return undefined;
}

function refusalOfRaft(
  asked: ConfChange,
  conf: ConfState,
  {rules}: Pick<RawNode, "rules">,
): ApiErrorName | undefined {
  if (isLeaveJoint(asked) && conf.votersOutgoing.length === 0) return "badChange";
  return change(conf, asked, rules).ok ? undefined : "badChange";
}

export function membersResult({members, conf}: Membership): MembersResult {
  return {kind: "members", members, joint: conf.votersOutgoing.length > 0};
}

// ---- a change's context: who asked, what for, and addresses where they were given
//
//   purpose u8 · proposer uint · nonce uint · sequence uint · [count uint · byte strings]

type Purpose = MembershipRequest["kind"];

/** Numbers are never used again: new ones go to the end. */
const purposes: readonly Purpose[] = [
  "memberAdd",
  "memberRemove",
  "memberPromote",
  "reconfigure",
  "memberUpdate",
];

interface Context {
  readonly proposal: ProposalId;
  readonly purpose: Purpose;
  /** None: those that its name stands for, or it is not about addresses. */
  readonly peerUrls: readonly string[];
}

function encodeContext({proposal, purpose, peerUrls}: Context): Uint8Array {
  const into = new Writer();
  into.byte(purposes.indexOf(purpose));
  into.uint(proposal.proposer);
  into.uint(proposal.nonce);
  into.uint(proposal.sequence);
  if (peerUrls.length > 0) {
    into.uint(peerUrls.length);
    for (const url of peerUrls) into.byteString(url);
  }
  return into.finish();
}

/** Undefined where there is none: a leader leaves a joint configuration by itself. */
function decodeContext(context: Uint8Array): Context | undefined {
  if (context.length === 0) return undefined;
  const from = new Reader(context);
  const purpose = purposes[from.byte()];
  const proposal = {proposer: from.uint(), nonce: from.uint(), sequence: from.uint()};
  const peerUrls: string[] = [];
  if (!from.done)
    for (let left = from.uint(); left > 0 && !from.broken; left--) peerUrls.push(from.byteString());
  return from.broken || purpose === undefined ? undefined : {proposal, purpose, peerUrls};
}
