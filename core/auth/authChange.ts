// What each auth request makes of the state: pure functions from a state to the next one, or to etcd's error (etcd
// server/auth/store.go, to the order in which it looks at things). A request that changes nothing answers the same state.

import type {Key} from "../base/key.ts";
import {compareKeys, unbounded} from "../base/key.ts";
import type {AuthError, LoggedAuthRequest, Permission} from "./auth.ts";
import {rootName} from "./auth.ts";
import type {AuthState, Role, User} from "./authState.ts";
import {isSameRange, sortedPermissions, without, withOne} from "./authState.ts";

type RequestOf<K extends LoggedAuthRequest["kind"]> = Extract<LoggedAuthRequest, {readonly kind: K}>;

/** Requests that may change the state. */
export type AuthChangeRequest = Exclude<
  LoggedAuthRequest,
  {readonly kind: "authenticate" | "authStatus" | "userGet" | "userList" | "roleGet" | "roleList"}
>;

/** The state after the request. */
export function changed(state: AuthState, request: AuthChangeRequest): AuthState | AuthError {
  switch (request.kind) {
    case "authEnable":
      return enabled(state);
    case "authDisable":
      return state.enabled ? next(state, {enabled: false}) : state;
    case "userAdd":
      return userAdded(state, request);
    case "userDelete":
      return userDeleted(state, request.name);
    case "userChangePassword":
      return passwordChanged(state, request);
    case "userGrantRole":
      return roleGranted(state, request.name, request.role);
    case "userRevokeRole":
      return roleRevoked(state, request.name, request.role);
    case "roleAdd":
      return roleAdded(state, request.role);
    case "roleDelete":
      return roleDeleted(state, request.role);
    case "roleGrantPermission":
      return permissionGranted(state, request);
    case "roleRevokePermission":
      return permissionRevoked(state, request);
    default:
      return request satisfies never;
  }
}

/** Does not count as a change: the revision stays. */
function enabled(state: AuthState): AuthState | AuthError {
  if (state.enabled) return state;
  const root = state.users.get(rootName);
  if (root === undefined) return "rootUserNotExist";
  if (!root.roles.includes(rootName)) return "rootRoleNotExist";
  return {...state, enabled: true};
}

function userAdded(state: AuthState, request: RequestOf<"userAdd">): AuthState | AuthError {
  const {name, hashedPassword = "", noPassword = false} = request;
  if (name === "") return "userEmpty";
  if (state.users.has(name)) return "userExists";
  return withUser(state, {name, hashedPassword: noPassword ? "" : hashedPassword, roles: [], noPassword});
}

function userDeleted(state: AuthState, name: Key): AuthState | AuthError {
  if (state.enabled && name === rootName) return "invalidAuthManagement";
  if (!state.users.has(name)) return "userNotFound";
  return next(state, {users: without(state.users, name)});
}

/** Whoever has none keeps having none, and is told that all went well. */
function passwordChanged(
  state: AuthState,
  {name, hashedPassword}: RequestOf<"userChangePassword">,
): AuthState | AuthError {
  const user = state.users.get(name);
  if (user === undefined) return "userNotFound";
  return withUser(state, user.noPassword ? user : {...user, hashedPassword});
}

/** The root role need not exist to be granted. */
function roleGranted(state: AuthState, name: Key, role: Key): AuthState | AuthError {
  const user = state.users.get(name);
  if (user === undefined) return "userNotFound";
  if (role !== rootName && !state.roles.has(role)) return "roleNotFound";
  if (user.roles.includes(role)) return state;
  return withUser(state, {...user, roles: [...user.roles, role].sort(compareKeys)});
}

function roleRevoked(state: AuthState, name: Key, role: Key): AuthState | AuthError {
  if (state.enabled && name === rootName && role === rootName) return "invalidAuthManagement";
  const user = state.users.get(name);
  if (user === undefined) return "userNotFound";
  return user.roles.includes(role) ? withUser(state, withoutRole(user, role)) : "roleNotGranted";
}

function roleAdded(state: AuthState, name: Key): AuthState | AuthError {
  if (name === "") return "roleEmpty";
  if (state.roles.has(name)) return "roleExists";
  return withRole(state, {name, permissions: []});
}

/** Nobody has it any more. */
function roleDeleted(state: AuthState, name: Key): AuthState | AuthError {
  if (state.enabled && name === rootName) return "invalidAuthManagement";
  if (!state.roles.has(name)) return "roleNotFound";
  const users = new Map(state.users);
  for (const user of state.users.values())
    if (user.roles.includes(name)) users.set(user.name, withoutRole(user, name));
  return next(state, {users, roles: without(state.roles, name)});
}

function permissionGranted(
  state: AuthState,
  {role: name, permission}: RequestOf<"roleGrantPermission">,
): AuthState | AuthError {
  if (!isRangeOfPermission(permission)) return "invalidAuthManagement";
  const role = state.roles.get(name);
  if (role === undefined) return "roleNotFound";
  const others = role.permissions.filter((one) => !isSameRange(one, permission));
  return withRole(state, {name, permissions: sortedPermissions([...others, plainPermission(permission)])});
}

function permissionRevoked(
  state: AuthState,
  {role: name, key, rangeEnd = ""}: RequestOf<"roleRevokePermission">,
): AuthState | AuthError {
  const role = state.roles.get(name);
  if (role === undefined) return "roleNotFound";
  const permissions = role.permissions.filter((one) => !isSameRange(one, {key, rangeEnd}));
  if (permissions.length === role.permissions.length) return "permissionNotGranted";
  return withRole(state, {name, permissions});
}

/** etcd: isValidPermissionRange. */
function isRangeOfPermission({key, rangeEnd = ""}: Permission): boolean {
  return key !== "" && (rangeEnd === "" || rangeEnd === unbounded || key < rangeEnd);
}

function plainPermission({type, key, rangeEnd = ""}: Permission): Permission {
  return rangeEnd === "" ? {type, key} : {type, key, rangeEnd};
}

function withUser(state: AuthState, user: User): AuthState {
  return next(state, {users: withOne(state.users, user)});
}

function withRole(state: AuthState, role: Role): AuthState {
  return next(state, {roles: withOne(state.roles, role)});
}

function withoutRole(user: User, role: Key): User {
  return {...user, roles: user.roles.filter((one) => one !== role)};
}

function next(state: AuthState, change: Partial<AuthState>): AuthState {
  return {...state, ...change, revision: state.revision + 1};
}
