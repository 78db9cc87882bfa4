// All that the auth store must not forget: who there is, and what each role may do. Plain data, never written after
// birth: a change makes a new state that shares what it did not touch (etcd api/authpb/auth.proto).

import type {Key} from "../base/key.ts";
import {compareKeys} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import type {Permission} from "./auth.ts";

export interface User {
  readonly name: Key;
  /** See password.ts; "" for one without. */
  readonly hashedPassword: Key;
  /** Ascending. */
  readonly roles: readonly Key[];
  /** Cannot log in with a password. */
  readonly noPassword: boolean;
}

export interface Role {
  readonly name: Key;
  /** By key, then by range end; no two of the same range. */
  readonly permissions: readonly Permission[];
}

export interface AuthState {
  readonly enabled: boolean;
  /** 1 at first; one more with each change of users, roles and permissions, and when authentication is disabled. */
  readonly revision: Revision;
  /** Both by name; the order of a map is no part of the state. */
  readonly users: ReadonlyMap<Key, User>;
  readonly roles: ReadonlyMap<Key, Role>;
}

export const emptyAuthState: AuthState = {enabled: false, revision: 1, users: new Map(), roles: new Map()};

/** Ascending. */
export function namesOf(named: ReadonlyMap<Key, unknown>): readonly Key[] {
  return [...named.keys()].sort(compareKeys);
}

/** By key, then by range end. */
export function sortedPermissions(permissions: readonly Permission[]): readonly Permission[] {
  return [...permissions].sort(
    (a, b) => compareKeys(a.key, b.key) || compareKeys(a.rangeEnd ?? "", b.rangeEnd ?? ""),
  );
}

export function isSameRange(a: Omit<Permission, "type">, b: Omit<Permission, "type">): boolean {
  return a.key === b.key && (a.rangeEnd ?? "") === (b.rangeEnd ?? "");
}

/** The map with one more, or another one of that name. */
export function withOne<T extends {readonly name: Key}>(
  map: ReadonlyMap<Key, T>,
  one: T,
): ReadonlyMap<Key, T> {
  return new Map(map).set(one.name, one);
}

export function without<T>(map: ReadonlyMap<Key, T>, name: Key): ReadonlyMap<Key, T> {
  const rest = new Map(map);
  rest.delete(name);
  return rest;
}
