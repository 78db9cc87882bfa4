// The client API as unions: what a client may ask of a member, what it answers, and the errors, with etcd's texts and
// gRPC codes.

import type {MemberId, Revision} from "../base/quantity.ts";
import type {
  CompactRequest,
  CompactResult,
  DeleteRangeRequest,
  OpResult,
  PutRequest,
  RangeRequest,
  TxnRequest,
} from "../mvcc/kv.ts";
import type {WatchCancelRequest, WatchCreateRequest, WatchResult} from "../watch/watch.ts";
import type {SingleChange, Transition} from "../raft/confChange.ts";
import type {Term} from "../raft/entry.ts";
import type {Alarm} from "./alarm.ts";

export type {SingleChange, SingleChangeType, Transition} from "../raft/confChange.ts";

export interface StatusRequest {
  readonly kind: "status";
}

/** A server joins: with a vote, or as a learner that is sent the log first (thesis §4.2.1). */
export interface MemberAddRequest {
  readonly kind: "memberAdd";
  readonly member: MemberId;
  readonly isLearner?: boolean;
}

/** `memberPromote`: a learner gets a vote. */
export interface MemberRequest {
  readonly kind: "memberRemove" | "memberPromote";
  readonly member: MemberId;
}

/** Several changes at once, through a joint configuration; none at all leaves one. etcd's server does not offer it, its Raft does. */
export interface ReconfigureRequest {
  readonly kind: "reconfigure";
  readonly transition: Transition;
  readonly changes: readonly SingleChange[];
}

export type MembershipRequest = MemberAddRequest | MemberRequest | ReconfigureRequest;

/** Who is in the cluster, as the member asked has applied it. */
export interface MemberListRequest {
  readonly kind: "memberList";
}

/** The leader hands over to `target`. */
export interface MoveLeaderRequest {
  readonly kind: "moveLeader";
  readonly target: MemberId;
}

/** The member asked rewrites its backend file without free pages. */
export interface DefragmentRequest {
  readonly kind: "defragment";
}

/** Which alarms stand, as the member asked has applied them. */
export interface AlarmListRequest {
  readonly kind: "alarmList";
}

/** Deactivates all alarms of all members. */
export interface AlarmDisarmRequest {
  readonly kind: "alarmDisarm";
}

export type Request =
  | RangeRequest
  | PutRequest
  | DeleteRangeRequest
  | TxnRequest
  | CompactRequest
  | WatchCreateRequest
  | WatchCancelRequest
  | StatusRequest
  | MembershipRequest
  | MemberListRequest
  | MoveLeaderRequest
  | DefragmentRequest
  | AlarmListRequest
  | AlarmDisarmRequest;

/** With every answer: who answered, the store's revision when it was made, the term the member was in. */
export interface Header {
  readonly memberId: MemberId;
  readonly revision: Revision;
  readonly raftTerm: Term;
}

export interface StatusResult {
  readonly kind: "status";
  readonly leader: MemberId;
  readonly raftIndex: number;
  readonly raftAppliedIndex: number;
  /** Bytes of the backend file, and of its pages that are not free. */
  readonly dbSize: number;
  readonly dbSizeInUse: number;
  /** What is wrong: that no leader is known, alarms that stand; in etcd's words. */
  readonly errors: readonly string[];
}

/** The members after the change, or as asked; ascending. */
export interface MembersResult {
  readonly kind: "members";
  readonly members: readonly {readonly member: MemberId; readonly isLearner: boolean}[];
  /** Whether two configurations decide together just now. */
  readonly joint: boolean;
}

export interface MoveLeaderResult {
  readonly kind: "moveLeader";
}

export interface DefragmentResult {
  readonly kind: "defragment";
}

/** Those that stand, or those that were deactivated; by member. */
export interface AlarmsResult {
  readonly kind: "alarms";
  readonly alarms: readonly Alarm[];
}

export interface ErrorResult {
  readonly kind: "error";
  readonly error: ApiError;
}

/** etcd's text, and gRPC's name for the code. */
export interface ApiError {
  readonly code: GrpcCode;
  readonly message: string;
}

export type GrpcCode =
  | "InvalidArgument"
  | "NotFound"
  | "FailedPrecondition"
  | "OutOfRange"
  | "Unimplemented"
  | "Unavailable"
  | "DeadlineExceeded"
  | "ResourceExhausted"
  | "Canceled"
  | "Unknown";

export type Result =
  | OpResult
  | CompactResult
  | WatchResult
  | StatusResult
  | MembersResult
  | MoveLeaderResult
  | DefragmentResult
  | AlarmsResult
  | ErrorResult;

export interface Response {
  readonly header: Header;
  readonly result: Result;
}

/** etcd's api/v3rpc/rpctypes/error.go; the texts are part of the API. */
export const apiErrors = {
  emptyKey: {code: "InvalidArgument", message: "etcdserver: key is not provided"},
  keyNotFound: {code: "InvalidArgument", message: "etcdserver: key not found"},
  duplicateKey: {code: "InvalidArgument", message: "etcdserver: duplicate key given in txn request"},
  tooManyOps: {code: "InvalidArgument", message: "etcdserver: too many operations in txn request"},
  compacted: {code: "OutOfRange", message: "etcdserver: mvcc: required revision has been compacted"},
  futureRevision: {code: "OutOfRange", message: "etcdserver: mvcc: required revision is a future revision"},
  leaseNotFound: {code: "NotFound", message: "etcdserver: requested lease not found"},
  noLeader: {code: "Unavailable", message: "etcdserver: no leader"},
  leaderChanged: {code: "Unavailable", message: "etcdserver: leader changed"},
  timeout: {code: "Unavailable", message: "etcdserver: request timed out"},
  timeoutLeaderFail: {
    code: "Unavailable",
    message: "etcdserver: request timed out, possibly due to previous leader failure",
  },
  noSpace: {code: "ResourceExhausted", message: "etcdserver: mvcc: database space exceeded"},
  requestTooLarge: {code: "InvalidArgument", message: "etcdserver: request is too large"},
  stopped: {code: "Unavailable", message: "etcdserver: server stopped"},
  memberExists: {code: "FailedPrecondition", message: "etcdserver: member ID already exist"},
  memberNotFound: {code: "NotFound", message: "etcdserver: member not found"},
  memberNotLearner: {code: "FailedPrecondition", message: "etcdserver: can only promote a learner member"},
  learnerNotReady: {
    code: "FailedPrecondition",
    message: "etcdserver: can only promote a learner member which is in sync with leader",
  },
  tooManyLearners: {code: "FailedPrecondition", message: "etcdserver: too many learner members in cluster"},
  notLeader: {code: "FailedPrecondition", message: "etcdserver: not leader"},
  notSupportedForLearner: {code: "FailedPrecondition", message: "etcdserver: rpc not supported for learner"},
  badLeaderTransferee: {code: "FailedPrecondition", message: "etcdserver: bad leader transferee"},
  timeoutLeaderTransfer: {
    code: "Unavailable",
    message: "etcdserver: request timed out, leader transfer took too long",
  },
  /** Ours: etcd's server asks for no change that its Raft could refuse. */
  badChange: {code: "FailedPrecondition", message: "etcdscope: the configuration cannot be changed so"},
  /** Ours: what this build does not know yet. */
  unsupported: {code: "Unimplemented", message: "etcdscope: not supported yet"},
} as const satisfies Record<string, ApiError>;

export type ApiErrorName = keyof typeof apiErrors;
