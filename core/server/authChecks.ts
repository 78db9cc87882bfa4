// What each request needs to be allowed, key by key (etcd server/etcdserver/apply/apply_auth.go, txn/txn.go). The same
// questions are asked of reads before they are answered, and of writes when their entry is applied: all members have the
// same auth store then, and come to the same answer.
//
//   put          WRITE on the key; READ, if it answers the pair before; WRITE on all keys of the lease it attaches to
//   deleteRange  WRITE on the range; READ, if it answers the pairs
//   range        READ on the range
//   txn          READ on what it compares, and what its operations need: of both branches, whichever is taken, however
//                deeply nested
//   leaseRevoke  WRITE on all keys of the lease

import {isAuthRequest, nobody} from "../auth/auth.ts";
import type {AuthError, AuthInfo} from "../auth/auth.ts";
import type {AuthStore} from "../auth/authStore.ts";
import {rangeOf} from "../base/key.ts";
import type {Key} from "../base/key.ts";
import type {LeaseId} from "../base/quantity.ts";
import type {PutRequest, RangeRequest, RequestOp, TxnRequest} from "../mvcc/kv.ts";
import type {Command} from "./command.ts";

/** The lessor, as far as permissions need it. */
export interface LeaseKeys {
  /** Attached to the lease, ascending; none if there is no such lease. */
  keysOf(lease: LeaseId): readonly Key[];
}

export interface CheckedWith {
  readonly auth: AuthStore;
  readonly leases: LeaseKeys;
}

/** Who asked for what the log holds. */
export function whoAsks({user, authRevision}: Pick<Command, "user" | "authRevision">): AuthInfo {
  return user === undefined ? nobody : {user, revision: authRevision ?? 0};
}

/** Why the command may not be applied, now that its turn has come. */
export function refusalAtApply(command: Command, checked: CheckedWith): AuthError | undefined {
  const {auth} = checked;
  const {request} = command;
  if (isAuthRequest(request)) return auth.refusalOfRequest(whoAsks(command), request);
  if (!auth.enabled) return undefined;
  const who = whoAsks(command);
  switch (request.kind) {
    case "put":
    case "deleteRange":
    case "txn":
      return refusalOfOp(request, who, checked);
    case "compact":
      return auth.refusalOfAdmin(who);
    case "leaseGrant":
      return refusalOfStranger(who, auth);
    case "leaseRevoke":
      return refusalOfStranger(who, auth) ?? refusalOfRevoke(request.lease, who, checked);
    // What members tell each other: nobody's request, or one that was looked at when it came.
    case "leaseCheckpoint":
    case "memberAttributes":
    case "alarm":
      return undefined;
    default:
      return request satisfies never;
  }
}

/** Why `who` may not do this to keys. */
export function refusalOfOp(
  op: RangeRequest | RequestOp,
  who: AuthInfo,
  checked: CheckedWith,
): AuthError | undefined {
  const {auth} = checked;
  if (!auth.enabled) return undefined;
  if (op.kind === "put") return refusalOfPut(op, who, checked, false);
  if (op.kind === "txn") return refusalOfTxn(op, who, checked);
  if (op.kind === "range") return auth.refusalOfRange(who, rangeOf(op), "read");
  return (
    auth.refusalOfRange(who, rangeOf(op), "write") ??
    (op.prevKv === true ? auth.refusalOfRange(who, rangeOf(op), "read") : undefined)
  );
}

/** Some things may be done by all who are somebody. */
export function refusalOfStranger(who: AuthInfo, auth: AuthStore): AuthError | undefined {
  return auth.enabled && who.user === "" ? "userEmpty" : undefined;
}

function refusalOfRevoke(lease: LeaseId, who: AuthInfo, checked: CheckedWith): AuthError | undefined {
  return checked.auth.rules.revokingNeedsKeys() ? refusalOfLease(lease, who, checked) : undefined;
}

/** Whoever attaches to a lease could delete all of its keys, and so could who revokes it. */
function refusalOfLease(lease: LeaseId, who: AuthInfo, {auth, leases}: CheckedWith): AuthError | undefined {
  if (auth.refusalOfAdmin(who) === undefined) return undefined;
  return firstOf(leases.keysOf(lease), (key) => auth.refusalOfRange(who, {from: key, to: ""}, "write"));
}

/** Why `who` may not be told which keys the lease has. */
export function refusalOfLeaseKeys(
  lease: LeaseId,
  who: AuthInfo,
  {auth, leases}: CheckedWith,
): AuthError | undefined {
  if (!auth.rules.tellingNeedsKeys()) return undefined;
  return firstOf(leases.keysOf(lease), (key) => auth.refusalOfRange(who, {from: key, to: ""}, "read"));
}

function refusalOfPut(
  put: PutRequest,
  who: AuthInfo,
  checked: CheckedWith,
  inTxn: boolean,
): AuthError | undefined {
  const {auth} = checked;
  const key = {from: put.key, to: ""};
  const refusal = auth.refusalOfRange(who, key, "write");
  if (refusal !== undefined || !auth.rules.putNeedsAll({inTxn})) return refusal;
  return (
    refusalOfLease(put.lease ?? "", who, checked) ??
    (put.prevKv === true ? auth.refusalOfRange(who, key, "read") : undefined)
  );
}

function refusalOfTxn(txn: TxnRequest, who: AuthInfo, checked: CheckedWith): AuthError | undefined {
  return (
    firstOf(txn.compare, (compare) => checked.auth.refusalOfRange(who, rangeOf(compare), "read")) ??
    firstOf([...txn.success, ...txn.failure], (op) => refusalWithinTxn(op, who, checked))
  );
}

function refusalWithinTxn(op: RequestOp, who: AuthInfo, checked: CheckedWith): AuthError | undefined {
  if (op.kind === "put") return refusalOfPut(op, who, checked, true);
  if (op.kind === "txn" && !checked.auth.rules.looksIntoNested()) return undefined;
  return refusalOfOp(op, who, checked);
}

function firstOf<T>(
  items: readonly T[],
  refusalOf: (item: T) => AuthError | undefined,
): AuthError | undefined {
  for (const item of items) {
    const refusal = refusalOf(item);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
