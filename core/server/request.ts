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
import type {Term} from "../raft/entry.ts";

export interface StatusRequest {
  readonly kind: "status";
}

export type Request =
  | RangeRequest
  | PutRequest
  | DeleteRangeRequest
  | TxnRequest
  | CompactRequest
  | WatchCreateRequest
  | WatchCancelRequest
  | StatusRequest;

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

export type Result = OpResult | CompactResult | WatchResult | StatusResult | ErrorResult;

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
  requestTooLarge: {code: "InvalidArgument", message: "etcdserver: request is too large"},
  stopped: {code: "Unavailable", message: "etcdserver: server stopped"},
  /** Ours: what this build does not know yet. */
  unsupported: {code: "Unimplemented", message: "etcdscope: not supported yet"},
} as const satisfies Record<string, ApiError>;

export type ApiErrorName = keyof typeof apiErrors;
