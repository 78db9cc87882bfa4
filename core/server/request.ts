// The client API as unions: what a client may ask of a member, what it answers, and the errors, with etcd's texts and
// gRPC codes.

import type {AuthRequest, AuthResult} from "../auth/auth.ts";
import type {MemberId, Revision} from "../base/quantity.ts";
import type {LeaseRequest, LeaseResult} from "../lease/lease.ts";
import type {
  CompactRequest,
  CompactResult,
  DeleteRangeRequest,
  HashKvRequest,
  HashKvResult,
  OpResult,
  PutRequest,
  RangeRequest,
  TxnRequest,
} from "../mvcc/kv.ts";
import type {
  WatchCancelRequest,
  WatchCreateRequest,
  WatchProgressRequest,
  WatchResult,
} from "../watch/watch.ts";
import type {SingleChange, Transition} from "../raft/confChange.ts";
import type {Term} from "../raft/entry.ts";
import type {Alarm, AlarmType} from "./alarm.ts";

export type {SingleChange, SingleChangeType, Transition} from "../raft/confChange.ts";

export interface StatusRequest {
  readonly kind: "status";
}

/** A server joins: with a vote, or as a learner that is sent the log first (thesis §4.2.1). */
export interface MemberAddRequest {
  readonly kind: "memberAdd";
  /** etcd makes the id from the addresses and the time; here it is given with them. */
  readonly member: MemberId;
  /** Absent: the addresses that its name stands for (cluster.ts, peerUrlOf). */
  readonly peerUrls?: readonly string[];
  readonly isLearner?: boolean;
}

/** A member's peers are to find it at other addresses. */
export interface MemberUpdateRequest {
  readonly kind: "memberUpdate";
  readonly member: MemberId;
  readonly peerUrls: readonly string[];
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

export type MembershipRequest = MemberAddRequest | MemberRequest | MemberUpdateRequest | ReconfigureRequest;

/** What a member tells of itself once it has started; goes through the log. */
export interface MemberAttributesRequest {
  readonly kind: "memberAttributes";
  readonly member: MemberId;
  readonly name: string;
  readonly clientUrls: readonly string[];
}

/** Who is in the cluster. */
export interface MemberListRequest {
  readonly kind: "memberList";
  /** Else as the member asked has applied it. */
  readonly linearizable?: boolean;
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

/** Raises an alarm by hand. */
export interface AlarmActivateRequest {
  readonly kind: "alarmActivate";
  readonly member: MemberId;
  readonly alarm: AlarmType;
}

/** Deactivates one alarm, or all of all members when none is named. */
export interface AlarmDisarmRequest {
  readonly kind: "alarmDisarm";
  readonly member?: MemberId;
  readonly alarm?: AlarmType;
}

/** A hash of the whole backend file, but for what differs between members (tests use it, etcdctl does not). */
export interface HashRequest {
  readonly kind: "hash";
}

/** The backend file of the member asked. */
export interface SnapshotRequest {
  readonly kind: "snapshot";
}

export type Request =
  | RangeRequest
  | PutRequest
  | DeleteRangeRequest
  | TxnRequest
  | CompactRequest
  | WatchCreateRequest
  | WatchCancelRequest
  | WatchProgressRequest
  | LeaseRequest
  | AuthRequest
  | StatusRequest
  | MembershipRequest
  | MemberListRequest
  | MoveLeaderRequest
  | DefragmentRequest
  | AlarmListRequest
  | AlarmActivateRequest
  | AlarmDisarmRequest
  | HashKvRequest
  | HashRequest
  | SnapshotRequest;

/** What goes with a request beside its words. etcd: gRPC metadata. */
export interface Metadata {
  /** Who asks: from an `authenticate` answer. */
  readonly token?: string;
  /** Rather no answer than one of a member that knows no leader: "no leader" at once, and for a watch after a while. */
  readonly requireLeader?: boolean;
}

/**
 * With every answer: who answered, the store's revision when it was made (0 where etcd tells none: answers about members, users
 * and roles), the term the member was in.
 */
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
  /** 0: none. */
  readonly dbSizeQuota: number;
  readonly isLearner: boolean;
  /** Of the etcd whose semantics are followed. */
  readonly version: string;
  /** What is wrong: that no leader is known, alarms that stand; in etcd's words. */
  readonly errors: readonly string[];
}

/** A member as the cluster knows it. */
export interface MemberInfo {
  readonly member: MemberId;
  /** "": it was never started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}

/** The members after the change, or as asked; ascending. */
export interface MembersResult {
  readonly kind: "members";
  readonly members: readonly MemberInfo[];
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

export interface HashResult {
  readonly kind: "hash";
  /** CRC-32C. */
  readonly hash: number;
}

/** etcd sends it in pieces of 32 KiB with a SHA-256 behind; here it is one answer. */
export interface SnapshotResult {
  readonly kind: "snapshot";
  readonly blob: Uint8Array;
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
  | "Unauthenticated"
  | "PermissionDenied"
  | "DataLoss"
  | "Unknown";

export type Result =
  | OpResult
  | CompactResult
  | WatchResult
  | LeaseResult
  | AuthResult
  | HashKvResult
  | HashResult
  | SnapshotResult
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
  valueProvided: {code: "InvalidArgument", message: "etcdserver: value is provided"},
  leaseProvided: {code: "InvalidArgument", message: "etcdserver: lease is provided"},
  tooManyOps: {code: "InvalidArgument", message: "etcdserver: too many operations in txn request"},
  duplicateKey: {code: "InvalidArgument", message: "etcdserver: duplicate key given in txn request"},
  invalidSortOption: {code: "InvalidArgument", message: "etcdserver: invalid sort option"},
  compacted: {code: "OutOfRange", message: "etcdserver: mvcc: required revision has been compacted"},
  futureRevision: {code: "OutOfRange", message: "etcdserver: mvcc: required revision is a future revision"},
  noSpace: {code: "ResourceExhausted", message: "etcdserver: mvcc: database space exceeded"},
  leaseNotFound: {code: "NotFound", message: "etcdserver: requested lease not found"},
  leaseExists: {code: "FailedPrecondition", message: "etcdserver: lease already exists"},
  leaseTtlTooLarge: {code: "OutOfRange", message: "etcdserver: too large lease TTL"},
  /** Not mapped by etcd: it goes out as it is. */
  notPrimaryLessor: {code: "Unknown", message: "lease: not a primary lessor"},
  memberExists: {code: "FailedPrecondition", message: "etcdserver: member ID already exist"},
  peerUrlExists: {code: "FailedPrecondition", message: "etcdserver: Peer URLs already exists"},
  /** Of these two etcd loses the code on the way (reference: errors of the client's type have none). */
  notEnoughStarted: {
    code: "Unknown",
    message: "etcdserver: re-configuration failed due to not enough started members",
  },
  tooManyRequests: {code: "Unknown", message: "etcdserver: too many requests"},
  memberBadUrls: {code: "InvalidArgument", message: "etcdserver: given member URLs are invalid"},
  memberNotFound: {code: "NotFound", message: "etcdserver: member not found"},
  memberNotLearner: {code: "FailedPrecondition", message: "etcdserver: can only promote a learner member"},
  learnerNotReady: {
    code: "FailedPrecondition",
    message: "etcdserver: can only promote a learner member which is in sync with leader",
  },
  tooManyLearners: {code: "FailedPrecondition", message: "etcdserver: too many learner members in cluster"},
  clusterIdMismatch: {code: "FailedPrecondition", message: "etcdserver: cluster ID mismatch"},
  requestTooLarge: {code: "InvalidArgument", message: "etcdserver: request is too large"},
  rootUserNotExist: {code: "FailedPrecondition", message: "etcdserver: root user does not exist"},
  rootRoleNotExist: {code: "FailedPrecondition", message: "etcdserver: root user does not have root role"},
  userExists: {code: "FailedPrecondition", message: "etcdserver: user name already exists"},
  userEmpty: {code: "InvalidArgument", message: "etcdserver: user name is empty"},
  userNotFound: {code: "FailedPrecondition", message: "etcdserver: user name not found"},
  roleExists: {code: "FailedPrecondition", message: "etcdserver: role name already exists"},
  roleNotFound: {code: "FailedPrecondition", message: "etcdserver: role name not found"},
  roleEmpty: {code: "InvalidArgument", message: "etcdserver: role name is empty"},
  authFailed: {
    code: "InvalidArgument",
    message: "etcdserver: authentication failed, invalid user ID or password",
  },
  /** Not mapped by etcd: it goes out as it is. */
  noPasswordUser: {
    code: "Unknown",
    message: "auth: authentication failed, password was given for no password user",
  },
  permissionNotGiven: {code: "InvalidArgument", message: "etcdserver: permission not given"},
  permissionDenied: {code: "PermissionDenied", message: "etcdserver: permission denied"},
  roleNotGranted: {code: "FailedPrecondition", message: "etcdserver: role is not granted to the user"},
  permissionNotGranted: {
    code: "FailedPrecondition",
    message: "etcdserver: permission is not granted to the role",
  },
  authNotEnabled: {code: "FailedPrecondition", message: "etcdserver: authentication is not enabled"},
  invalidAuthToken: {code: "Unauthenticated", message: "etcdserver: invalid auth token"},
  invalidAuthManagement: {code: "InvalidArgument", message: "etcdserver: invalid auth management"},
  authOldRevision: {code: "InvalidArgument", message: "etcdserver: revision of auth store is old"},
  noLeader: {code: "Unavailable", message: "etcdserver: no leader"},
  notLeader: {code: "FailedPrecondition", message: "etcdserver: not leader"},
  leaderChanged: {code: "Unavailable", message: "etcdserver: leader changed"},
  stopped: {code: "Unavailable", message: "etcdserver: server stopped"},
  timeout: {code: "Unavailable", message: "etcdserver: request timed out"},
  timeoutLeaderFail: {
    code: "Unavailable",
    message: "etcdserver: request timed out, possibly due to previous leader failure",
  },
  timeoutConnectionLost: {
    code: "Unavailable",
    message: "etcdserver: request timed out, possibly due to connection lost",
  },
  timeoutWaitApplied: {
    code: "Unavailable",
    message: "etcdserver: request timed out, waiting for the applied index took too long",
  },
  timeoutLeaderTransfer: {
    code: "Unavailable",
    message: "etcdserver: request timed out, leader transfer took too long",
  },
  unhealthy: {code: "Unavailable", message: "etcdserver: unhealthy cluster"},
  corrupt: {code: "DataLoss", message: "etcdserver: corrupt cluster"},
  notSupportedForLearner: {code: "FailedPrecondition", message: "etcdserver: rpc not supported for learner"},
  badLeaderTransferee: {code: "FailedPrecondition", message: "etcdserver: bad leader transferee"},
  /** Ours: etcd's server asks for no change that its Raft could refuse. */
  badChange: {code: "FailedPrecondition", message: "etcdscope: the configuration cannot be changed so"},
  /** Ours: what this build does not know yet. */
  unsupported: {code: "Unimplemented", message: "etcdscope: not supported yet"},
} as const satisfies Record<string, ApiError>;

export type ApiErrorName = keyof typeof apiErrors;
