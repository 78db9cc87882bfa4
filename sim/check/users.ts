// Users and what they may do, as the log makes them: what answers are compared with. Written without core/auth, from what
// etcd documents ("Role-based access control"), so that two readings of it disagree where one of them is wrong.

import type {Permission} from "../../core/auth/auth.ts";
import {rootName} from "../../core/auth/auth.ts";
import type {Key, KeyRange} from "../../core/base/key.ts";
import {unbounded} from "../../core/base/key.ts";
import type {Command} from "../../core/server/command.ts";

export interface Access {
  readonly op: "read" | "write";
  readonly range: KeyRange;
}

interface Role {
  readonly permissions: readonly Permission[];
}

/** Never written: a change makes another. */
export class Users {
  static readonly none = new Users(false, new Map(), new Map());
  readonly enabled: boolean;
  /** By user: their roles. */
  private readonly users: ReadonlyMap<Key, ReadonlySet<Key>>;
  private readonly roles: ReadonlyMap<Key, Role>;

  private constructor(
    enabled: boolean,
    users: ReadonlyMap<Key, ReadonlySet<Key>>,
    roles: ReadonlyMap<Key, Role>,
  ) {
    this.enabled = enabled;
    this.users = users;
    this.roles = roles;
  }

  /** After an entry; this one if it changes nothing. Only root's users change anything once it is enabled. */
  after({request, user = ""}: Command): Users {
    if (this.enabled && !this.isRoot(user)) return this;
    switch (request.kind) {
      case "authEnable":
        return this.isRoot(rootName) ? this.with({enabled: true}) : this;
      case "authDisable":
        return this.with({enabled: false});
      case "userAdd":
        return this.users.has(request.name) || request.name === ""
          ? this
          : this.withUser(request.name, new Set());
      case "userDelete":
        return this.isOfRoot(request.name) ? this : this.with({users: without(this.users, request.name)});
      case "userGrantRole":
        return this.roles.has(request.role) || request.role === rootName
          ? this.withRoles(request.name, (roles) => new Set(roles).add(request.role))
          : this;
      case "userRevokeRole":
        return this.isOfRoot(request.name) && request.role === rootName
          ? this
          : this.withRoles(request.name, (roles) => lacking(roles, request.role));
      case "roleAdd":
        return this.roles.has(request.role) || request.role === "" ? this : this.withRole(request.role, []);
      case "roleDelete":
        return this.isOfRoot(request.role) ? this : this.withoutRole(request.role);
      case "roleGrantPermission":
        return isRange(request.permission)
          ? this.withPermissions(request.role, request.permission, [request.permission])
          : this;
      case "roleRevokePermission":
        return this.withPermissions(request.role, request, []);
      default:
        return this;
    }
  }

  /** Whether the user ("": nobody) may do that to all keys of the range. */
  allows(user: Key, {op, range}: Access): boolean {
    if (!this.enabled || this.isRoot(user)) return true;
    const roles = [...(this.users.get(user) ?? [])];
    const granted = roles
      .flatMap((role) => this.roles.get(role)?.permissions ?? [])
      .filter(({type}) => type === "readwrite" || type === op);
    const wanted = endOf(range.from, range.to);
    // From permission to permission, as far as they reach.
    let from: Key | undefined = range.from;
    for (;;) {
      const at: Key = from;
      const next = granted
        .filter(({key}) => key <= at)
        .map(({key, rangeEnd = ""}) => endOf(key, rangeEnd))
        .reduce<Key | undefined>((far, end) => (isFurther(end, far) ? end : far), at);
      if (next === undefined || (wanted !== undefined && next >= wanted)) return true;
      if (next === at) return false;
      from = next;
    }
  }

  private isRoot(user: Key): boolean {
    return this.users.get(user)?.has(rootName) === true;
  }

  /** What must stay while it is enabled. */
  private isOfRoot(name: Key): boolean {
    return this.enabled && name === rootName;
  }

  private with(change: Partial<Pick<Users, "enabled">> & {readonly users?: Users["users"]}): Users {
    return new Users(change.enabled ?? this.enabled, change.users ?? this.users, this.roles);
  }

  private withUser(name: Key, roles: ReadonlySet<Key>): Users {
    return this.with({users: new Map(this.users).set(name, roles)});
  }

  private withRoles(user: Key, change: (roles: ReadonlySet<Key>) => ReadonlySet<Key>): Users {
    const roles = this.users.get(user);
    return roles === undefined ? this : this.withUser(user, change(roles));
  }

  private withRole(name: Key, permissions: readonly Permission[]): Users {
    return new Users(this.enabled, this.users, new Map(this.roles).set(name, {permissions}));
  }

  private withoutRole(name: Key): Users {
    const users = new Map([...this.users].map(([user, roles]) => [user, lacking(roles, name)] as const));
    return new Users(this.enabled, users, without(this.roles, name));
  }

  /** In place of the one of the very same range. */
  private withPermissions(
    role: Key,
    {key, rangeEnd = ""}: Pick<Permission, "key" | "rangeEnd">,
    instead: readonly Permission[],
  ): Users {
    const before = this.roles.get(role)?.permissions;
    if (before === undefined) return this;
    const others = before.filter((one) => one.key !== key || (one.rangeEnd ?? "") !== rangeEnd);
    return this.withRole(role, [...others, ...instead]);
  }
}

/** Some keys, and not from the empty one on. */
function isRange({key, rangeEnd = ""}: Permission): boolean {
  const end = endOf(key, rangeEnd);
  return key !== "" && (end === undefined || end > key);
}

/** Not included; undefined: there is none. */
function endOf(from: Key, to: Key): Key | undefined {
  if (to === "") return `${from}\0`;
  return to === unbounded ? undefined : to;
}

function isFurther(end: Key | undefined, than: Key | undefined): boolean {
  return than !== undefined && (end === undefined || end > than);
}

function lacking(roles: ReadonlySet<Key>, role: Key): ReadonlySet<Key> {
  return new Set([...roles].filter((one) => one !== role));
}

function without<T>(map: ReadonlyMap<Key, T>, name: Key): ReadonlyMap<Key, T> {
  return new Map([...map].filter(([one]) => one !== name));
}
