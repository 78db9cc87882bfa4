// Who may do what: the state machine behind the auth API, equal on all members (etcd server/auth/store.go). It is told of
// each auth request that the log holds, and asked about everybody else's.

import type {Hasher} from "../base/hasher.ts";
import type {Key, KeyRange} from "../base/key.ts";
import {unbounded} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import type {Result} from "../base/result.ts";
import {failed, ok} from "../base/result.ts";
import type {AuthError, AuthInfo, AuthResult, LoggedAuthRequest, Permission} from "./auth.ts";
import {rootName} from "./auth.ts";
import type {AuthChangeRequest} from "./authChange.ts";
import {changed} from "./authChange.ts";
import type {AuthWrite} from "./authRecords.ts";
import {writesBetween} from "./authRecords.ts";
import type {AuthState, User} from "./authState.ts";
import {emptyAuthState, namesOf} from "./authState.ts";
import {RangeSet} from "./rangeSet.ts";
import {authRules} from "./rules.ts";
import type {AuthRules} from "./rules.ts";
import type {TokenChange} from "./tokens.ts";

/** What came of an auth request. */
export interface AuthApplied {
  readonly answer: Result<AuthResult, AuthError>;
  /** What is to be written to the backend file with it. */
  readonly writes: readonly AuthWrite[];
  /** What it does to the tokens that a member knows. */
  readonly tokens: TokenChange | undefined;
}

/** All ranges that a user's roles allow. etcd: unifiedRangePermissions. */
interface MergedPermissions {
  readonly read: RangeSet;
  readonly write: RangeSet;
}

/** What `role get root` answers. */
const rootPermission: Permission = {type: "readwrite", key: "", rangeEnd: unbounded};

export class AuthStore {
  readonly rules: AuthRules;
  private state: AuthState;
  /** Of each user; follows from the state. etcd: rangePermCache. */
  private merged: ReadonlyMap<Key, MergedPermissions>;

  constructor(state: AuthState = emptyAuthState, rules = authRules, merged = mergedPermissions(state)) {
    this.rules = rules;
    this.state = state;
    this.merged = merged;
  }

  get enabled(): boolean {
    return this.state.enabled;
  }

  get revision(): Revision {
    return this.state.revision;
  }

  /** All of it, to be looked at. */
  get view(): AuthState {
    return this.state;
  }

  /** Goes over to the state of a snapshot. What is derived goes with it. */
  recover(state: AuthState): void {
    this.state = state;
    if (this.rules.derivesAfterRestore()) this.merged = mergedPermissions(state);
  }

  /** Applies what the log holds at `index`. Whoever asked may do it; see {@link refusalOfRequest}. */
  apply(request: LoggedAuthRequest, index: number): AuthApplied {
    switch (request.kind) {
      case "authenticate":
        return this.authenticate(request.name, `${request.simpleToken}.${index}`);
      case "authStatus":
        return answered({kind: "authStatus", enabled: this.enabled, authRevision: this.revision});
      case "userList":
        return answered({kind: "userList", users: namesOf(this.state.users)});
      case "roleList":
        return answered({kind: "roleList", roles: namesOf(this.state.roles)});
      case "userGet": {
        const user = this.state.users.get(request.name);
        return user === undefined ? refused("userNotFound") : answered({kind: "userGet", roles: user.roles});
      }
      case "roleGet": {
        const role = this.state.roles.get(request.role);
        if (role === undefined) return refused("roleNotFound");
        const permissions = role.name === rootName ? [rootPermission] : role.permissions;
        return answered({kind: "roleGet", permissions});
      }
      default:
        return this.change(request);
    }
  }

  /** The revision at which the password is the user's. etcd: CheckPassword. */
  checkPassword(name: Key, password: Key): Result<Revision, AuthError> {
    if (!this.enabled) return failed("authNotEnabled");
    const user = this.state.users.get(name);
    if (user === undefined) return failed("authFailed");
    if (user.noPassword) return failed("noPasswordUser");
    return this.rules.isPassword(password, user.hashedPassword) ? ok(this.revision) : failed("authFailed");
  }

  /** Why `who` may not read, or write, all keys of the range. etcd: isOpPermitted. */
  refusalOfRange(who: AuthInfo, range: KeyRange, op: "read" | "write"): AuthError | undefined {
    if (!this.enabled) return undefined;
    if (who.revision === 0) return "userEmpty";
    if (who.revision < this.revision) return "authOldRevision";
    const user = this.state.users.get(who.user);
    if (user === undefined) return "permissionDenied";
    if (isRoot(user)) return undefined;
    return this.merged.get(user.name)?.[op].covers(range) === true ? undefined : "permissionDenied";
  }

  /** Why `who` may not do what only those with the root role may. Asks for no revision. etcd: IsAdminPermitted. */
  refusalOfAdmin(who: AuthInfo): AuthError | undefined {
    if (!this.enabled) return undefined;
    if (who.user === "") return "userEmpty";
    const user = this.state.users.get(who.user);
    return user !== undefined && isRoot(user) ? undefined : "permissionDenied";
  }

  /** Why `who` may not make this auth request: everybody may ask about themselves and their own roles. */
  refusalOfRequest(who: AuthInfo, request: LoggedAuthRequest): AuthError | undefined {
    if (request.kind === "authenticate") return undefined;
    const refusal = this.refusalOfAdmin(who);
    if (refusal === undefined || who.user === "") return refusal;
    if (request.kind === "userGet" && request.name === who.user) return undefined;
    if (request.kind === "roleGet" && this.state.users.get(who.user)?.roles.includes(request.role) === true)
      return undefined;
    return refusal;
  }

  /** An independent twin. */
  fork(): AuthStore {
    return new AuthStore(this.state, this.rules, this.merged);
  }

  digest(into: Hasher): void {
    const {enabled, revision, users, roles} = this.state;
    into.bool(enabled);
    into.int(revision);
    into.int(users.size);
    for (const name of namesOf(users)) digestUser(users.get(name), into);
    into.int(roles.size);
    for (const name of namesOf(roles)) {
      into.string(name);
      const permissions = roles.get(name)?.permissions ?? [];
      into.int(permissions.length);
      for (const {type, key, rangeEnd} of permissions) {
        into.string(type);
        into.string(key);
        into.string(rangeEnd ?? "");
      }
    }
  }

  private change(request: AuthChangeRequest): AuthApplied {
    const next = changed(this.state, request);
    if (typeof next === "string") return refused(next);
    const writes = writesBetween(this.state, next);
    if (next !== this.state) {
      this.state = next;
      this.merged = mergedPermissions(next);
    }
    return {answer: ok({kind: request.kind}), writes, tokens: tokensAfter(request)};
  }

  /** The member asked has checked the password. */
  private authenticate(name: Key, token: string): AuthApplied {
    if (!this.enabled) return refused("authNotEnabled");
    const user = this.state.users.get(name);
    if (user === undefined || user.noPassword) return refused("authFailed");
    return {...answered({kind: "authenticate", token}), tokens: {kind: "assign", token, user: name}};
  }
}

/** Whoever has the root role may do everything. */
function isRoot(user: User): boolean {
  return user.roles.includes(rootName);
}

function answered(result: AuthResult): AuthApplied {
  return {answer: ok(result), writes: [], tokens: undefined};
}

function refused(error: AuthError): AuthApplied {
  return {answer: failed(error), writes: [], tokens: undefined};
}

/** Of a change that was made. */
function tokensAfter(request: AuthChangeRequest): TokenChange | undefined {
  if (request.kind === "authDisable") return {kind: "clear"};
  if (request.kind === "userDelete" || request.kind === "userChangePassword")
    return {kind: "invalidateUser", user: request.name};
  return undefined;
}

function mergedPermissions({users, roles}: AuthState): ReadonlyMap<Key, MergedPermissions> {
  const merged = new Map<Key, MergedPermissions>();
  for (const user of users.values()) {
    const all = user.roles.flatMap((role) => roles.get(role)?.permissions ?? []);
    const ranges = (other: Permission["type"]): readonly KeyRange[] =>
      all.filter(({type}) => type !== other).map(({key, rangeEnd}) => ({from: key, to: rangeEnd ?? ""}));
    merged.set(user.name, {read: new RangeSet(ranges("write")), write: new RangeSet(ranges("read"))});
  }
  return merged;
}

function digestUser(user: User | undefined, into: Hasher): void {
  if (user === undefined) return;
  into.string(user.name);
  into.string(user.hashedPassword);
  into.bool(user.noPassword);
  into.int(user.roles.length);
  for (const role of user.roles) into.string(role);
}
