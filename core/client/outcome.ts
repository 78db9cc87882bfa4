// What an error says about whether the request was done. etcd has no "aborted": a write that timed out may have been
// applied, or may yet be. Only errors of which etcd's code shows that nothing was or will be written are definite
// (etcd tests/robustness/client treats every other error as unknown).

import type {ApiError, ApiErrorName, Request} from "../server/request.ts";
import {apiErrors} from "../server/request.ts";
import type {Outcome} from "./io.ts";

/** Whether an error proves that the write was not done and never will be. A member checks before it proposes, or applies a refusal. */
const definite: Readonly<Record<ApiErrorName, boolean>> = {
  // Refused before anything was proposed.
  emptyKey: true,
  valueProvided: true,
  leaseProvided: true,
  tooManyOps: true,
  duplicateKey: true,
  invalidSortOption: true,
  requestTooLarge: true,
  tooManyRequests: true,
  memberBadUrls: true,
  notEnoughStarted: true,
  unhealthy: true,
  userEmpty: true,
  roleEmpty: true,
  invalidAuthToken: true,
  clusterIdMismatch: true,
  unsupported: true,
  // Applied, with the refusal as the result: it is the same on every member.
  keyNotFound: true,
  compacted: true,
  futureRevision: true,
  leaseNotFound: true,
  leaseExists: true,
  leaseTtlTooLarge: true,
  notPrimaryLessor: true,
  rootUserNotExist: true,
  rootRoleNotExist: true,
  userExists: true,
  userNotFound: true,
  roleExists: true,
  roleNotFound: true,
  authFailed: true,
  permissionNotGiven: true,
  permissionDenied: true,
  roleNotGranted: true,
  permissionNotGranted: true,
  authNotEnabled: true,
  invalidAuthManagement: true,
  authOldRevision: true,
  corrupt: true,
  // Refused before it was proposed, or when it was applied.
  memberExists: true,
  peerUrlExists: true,
  memberNotFound: true,
  memberNotLearner: true,
  learnerNotReady: true,
  tooManyLearners: true,
  badChange: true,
  notLeader: true,
  notSupportedForLearner: true,
  badLeaderTransferee: true,
  // Refused before it was proposed or when it was applied, or done all the same: the member that applies it finds out
  // that its file is over the quota, and the others have done it too.
  noSpace: false,
  // It may be in some leader's log.
  noLeader: false,
  leaderChanged: false,
  timeout: false,
  timeoutLeaderFail: false,
  timeoutConnectionLost: false,
  timeoutWaitApplied: false,
  stopped: false,
  // It may yet lead.
  timeoutLeaderTransfer: false,
};

/** Errors that a client makes itself, with the texts of etcd's client (gRPC). */
export const clientErrors = {
  deadline: {code: "DeadlineExceeded", message: "context deadline exceeded"},
  closed: {code: "Unavailable", message: "error reading from server: EOF"},
  /** Nothing was sent. */
  noConnection: {code: "Unavailable", message: "there is no connection available"},
  /** A person's hand. */
  canceled: {code: "Canceled", message: "context canceled"},
} as const satisfies Record<string, ApiError>;

const definiteTexts: ReadonlySet<string> = new Set([
  ...(Object.keys(apiErrors) as ApiErrorName[])
    .filter((name) => definite[name])
    .map((name) => apiErrors[name].message),
  clientErrors.noConnection.message,
]);

/** The outcome of `request` after `error`. Errors are known by their text, as etcd's client knows them; others are unknown. */
export function outcomeOf(request: Request, error: ApiError): Outcome {
  const nothingDone = changesNothing(request) || definiteTexts.has(error.message);
  return {kind: nothingDone ? "failed" : "unknown", error};
}

/**
 * Whether to ask again by itself, perhaps elsewhere (etcd client/v3/retry.go, isSafeRetryImmutableRPC and
 * isSafeRetryMutableRPC): after "Unavailable" what is repeatable; anything else only if nothing was sent.
 */
export function mayRepeat(request: Request, error: ApiError): boolean {
  if (!isUnavailable(error)) return false;
  return isRepeatable(request) || error.message === clientErrors.noConnection.message;
}

/** That the endpoint, or the way to it, is at fault: another may do better. */
export function isUnavailable(error: ApiError): boolean {
  return error.code === "Unavailable";
}

/** Whether the leader is wanted and another member was asked: nothing was done, so the next may be. As etcdctl move-leader looks for it. */
export function wantsLeader(error: ApiError): boolean {
  return error.message === apiErrors.notLeader.message;
}

/** Whether the request only reads, so that it may be asked twice and never leaves anything undecided. */
export function changesNothing(request: Request): boolean {
  if (request.kind === "txn") return [...request.success, ...request.failure].every(changesNothing);
  return onlyReading.has(request.kind);
}

const onlyReading: ReadonlySet<Request["kind"]> = new Set([
  "range",
  "status",
  "memberList",
  "defragment",
  "alarmList",
  "watchCreate",
  "watchCancel",
  "watchProgress",
  "leaseTimeToLive",
  "leaseList",
  "leaseKeepAlive",
  "hashKv",
  "hash",
  "snapshot",
  "authenticate",
  "authStatus",
  "userGet",
  "userList",
  "roleGet",
  "roleList",
]);

/** What etcd's client repeats. Twice is not harmless for all: a second lease may be granted, a revoked one not be found. */
function isRepeatable(request: Request): boolean {
  return repeatable.has(request.kind) || (request.kind === "txn" && changesNothing(request));
}

const repeatable: ReadonlySet<Request["kind"]> = new Set([
  ...[...onlyReading].filter((kind) => kind !== "defragment"),
  "leaseGrant",
  "leaseRevoke",
  "alarmActivate",
  "alarmDisarm",
  "moveLeader",
]);
