// Who asks, and may they: what a member knows besides the auth store that all members have alike. It keeps the tokens that
// were given out, and looks at requests when they come (etcd server/etcdserver/v3_server.go, api/v3rpc/interceptor.go,
// maintenance.go, watch.go). What a write needs is looked at once more when its entry is applied (authChecks.ts).
//
//   root    what concerns the whole cluster or a whole member
//   user    who anybody is, that they are somebody
//   token   if one is given it must be good; the rest is looked at when the entry is applied
//   open    looked at later, or by nobody: reads when they are answered, watches when they are created

import type {AuthError, AuthInfo, AuthRequest, AuthenticateRequest, LoggedAuthRequest} from "../auth/auth.ts";
import {isAuthRequest, nobody, rootName} from "../auth/auth.ts";
import {saltBound} from "../auth/password.ts";
import {tokenPrefix} from "../auth/tokens.ts";
import type {TokenChange, Tokens} from "../auth/tokens.ts";
import type {Hasher} from "../base/hasher.ts";
import {rangeOf} from "../base/key.ts";
import type {Micros, Revision} from "../base/quantity.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {RangeRequest, TxnRequest} from "../mvcc/kv.ts";
import {isReadOnly} from "../mvcc/store.ts";
import type {WatchCreateRequest} from "../watch/watch.ts";
import type {Applier} from "./applier.ts";
import {refusalOfLeaseKeys, refusalOfOp, refusalOfStranger} from "./authChecks.ts";
import type {CheckedWith} from "./authChecks.ts";
import {AuthWaits} from "./authWaits.ts";
import type {EarlyRequest} from "./authWaits.ts";
import type {Command} from "./command.ts";
import {peerOf} from "./forwards.ts";
import type {Draw} from "./parts.ts";
import type {Asker} from "./proposals.ts";
import type {Metadata, Request} from "./request.ts";
import {apiErrors} from "./request.ts";

type Need = "root" | "user" | "token" | "open";

const needs: Readonly<Record<Exclude<Request["kind"], AuthRequest["kind"]>, Need>> = {
  range: "open",
  put: "token",
  deleteRange: "token",
  txn: "token",
  compact: "root",
  watchCreate: "open",
  watchCancel: "open",
  watchProgress: "open",
  leaseGrant: "user",
  leaseRevoke: "user",
  leaseKeepAlive: "user",
  leaseTimeToLive: "user",
  leaseList: "user",
  status: "open",
  memberAdd: "root",
  memberRemove: "root",
  memberPromote: "root",
  memberUpdate: "root",
  reconfigure: "root",
  memberList: "user",
  moveLeader: "root",
  defragment: "root",
  alarmList: "root",
  alarmActivate: "root",
  alarmDisarm: "root",
  hashKv: "root",
  hash: "root",
  snapshot: "root",
};

/** What is proposed for a password that is right, and the revision at which it was. */
export interface CheckedPassword {
  readonly request: LoggedAuthRequest;
  readonly revision: Revision;
}

export class Authorizer {
  private readonly applier: Applier;
  private readonly tokens: Tokens;
  private readonly draw: Draw;
  /** Requests whose tokens are not known here yet. */
  readonly waits: AuthWaits;
  private clock: Micros = 0;

  constructor(applier: Applier, tokens: Tokens, draw: Draw, waits = new AuthWaits()) {
    this.applier = applier;
    this.tokens = tokens;
    this.draw = draw;
    this.waits = waits;
  }

  get now(): Micros {
    return this.clock;
  }

  /** An input came: tokens grow old. */
  at(now: Micros): void {
    this.clock = now;
  }

  /** Who asks. etcd: AuthInfoFromCtx. */
  who(metadata: Metadata | undefined): Result<AuthInfo, "invalidAuthToken"> {
    const {auth} = this.applier;
    const token = metadata?.token;
    if (!auth.enabled || token === undefined) return ok(nobody);
    const user = this.tokens.use(token, this.clock);
    return user === undefined ? failed("invalidAuthToken") : ok({user, revision: auth.revision});
  }

  /** Whether a request is kept until its token is known here, or `timeout` has passed. */
  keeps(early: EarlyRequest, timeout: Micros): boolean {
    const {auth, index} = this.applier;
    return auth.enabled && this.waits.keeps(early, index, this.clock + timeout);
  }

  /** Why a request is refused as it comes. What another member asks for a client, that member has looked at. */
  refusalAtDoor(asker: Asker, request: Request, metadata: Metadata | undefined): AuthError | undefined {
    const {auth} = this.applier;
    if (!auth.enabled || peerOf(asker) !== undefined) return undefined;
    const need = needOf(request);
    if (need === "open") return undefined;
    const who = this.who(metadata);
    if (!who.ok) return who.error;
    if (need === "root") return auth.refusalOfAdmin(who.value);
    if (need === "token") return undefined;
    if (request.kind === "leaseTimeToLive" && request.keys === true)
      return refusalOfStranger(who.value, auth) ?? refusalOfLeaseKeys(request.lease, who.value, this.checked);
    return refusalOfStranger(who.value, auth);
  }

  /** Why a read is not answered, now that it could be. */
  refusalOfRead(request: RangeRequest | TxnRequest, metadata: Metadata | undefined): AuthError | undefined {
    const who = this.who(metadata);
    return who.ok ? refusalOfOp(request, who.value, this.checked) : who.error;
  }

  /** Why a watch is not created, as its cancel reason: a gRPC status as Go prints it (etcd api/v3rpc/watch.go). */
  refusalOfWatch(request: WatchCreateRequest, metadata: Metadata | undefined): string | undefined {
    const who = this.who(metadata);
    // An empty key is the least one, as the watchers take it.
    const range = rangeOf({...request, key: request.key === "" ? "\0" : request.key});
    const {auth} = this.applier;
    const refusal = who.ok ? auth.refusalOfRange(who.value, auth.rules.watched(range), "read") : who.error;
    if (refusal === undefined) return undefined;
    const {code, message} = apiErrors[refusal];
    return `rpc error: code = ${code} desc = ${message}`;
  }

  /** What an entry says of who asked for it. The member itself is root (etcd: WithRoot). */
  signature(
    asker: Asker | undefined,
    metadata: Metadata | undefined,
  ): Pick<Command, "user" | "authRevision"> {
    const {auth} = this.applier;
    if (!auth.enabled) return {};
    if (asker === undefined) return {user: rootName, authRevision: auth.revision};
    const who = this.who(metadata);
    return who.ok && who.value.user !== "" ? {user: who.value.user, authRevision: who.value.revision} : {};
  }

  /** What stands in the log for a request. Draws one number from the stream "salt" if it has a password. */
  logged(request: Exclude<AuthRequest, AuthenticateRequest>): LoggedAuthRequest {
    if (request.kind === "userAdd") {
      const {name, password = "", noPassword = false} = request;
      return noPassword
        ? {kind: "userAdd", name, noPassword}
        : {kind: "userAdd", name, hashedPassword: this.hashed(password)};
    }
    if (request.kind !== "userChangePassword") return request;
    const {kind, name, password} = request;
    return {kind, name, hashedPassword: this.hashed(password)};
  }

  /** Looks at a password, and draws the token's letters from the stream "token" if it is right. */
  checkPassword({name, password}: AuthenticateRequest): Result<CheckedPassword, AuthError> {
    const checked = this.applier.auth.checkPassword(name, password);
    if (!checked.ok) return checked;
    const simpleToken = tokenPrefix((bound) => this.draw("token", bound));
    return ok({request: {kind: "authenticate", name, simpleToken}, revision: checked.value});
  }

  /** Whether users or roles changed since a password was looked at. */
  isStale(revision: Revision): boolean {
    return revision !== this.applier.auth.revision;
  }

  /** An entry gave out tokens, or made some invalid. */
  take(change: TokenChange): void {
    this.tokens.take(change, this.clock);
  }

  /** A twin, with the twin of the applier. */
  fork(applier: Applier, draw: Draw): Authorizer {
    const twin = new Authorizer(applier, this.tokens.fork(), draw, this.waits.fork());
    twin.clock = this.clock;
    return twin;
  }

  digest(into: Hasher, now: Micros): void {
    this.tokens.digest(into, now);
    this.waits.digest(into, now);
  }

  private get checked(): CheckedWith {
    return {auth: this.applier.auth, leases: this.applier.lessor};
  }

  private hashed(password: string): string {
    return this.applier.auth.rules.hashPassword(password, this.draw("salt", saltBound));
  }
}

function needOf(request: Request): Need {
  if (isAuthRequest(request)) return request.kind === "authenticate" ? "open" : "token";
  return request.kind === "txn" && isReadOnly(request) ? "open" : needs[request.kind];
}
