// The auth store as it stands in the backend file (etcd server/storage/schema/auth*.go, api/authpb/auth.proto).
//
//   bucket auth        authEnabled ▶ one byte, 0 or 1 · authRevision ▶ 8 bytes, big-endian
//   bucket authUsers   name ▶ protobuf authpb.User
//                        1 name · 2 password (password.ts) · 3 roles, repeated · 4 options {1 no_password, a varint}
//   bucket authRoles   name ▶ protobuf authpb.Role
//                        1 name · 2 keyPermission, repeated {1 permType, a varint: 0 READ, 1 WRITE, 2 READWRITE ·
//                        2 key · 3 range_end}
//
// Fields in ascending order, those that are zero left out.

import {Reader, Writer} from "../base/codec.ts";
import type {Key, Value} from "../base/key.ts";
import {uint64Bytes, uint64Of} from "../base/uint64.ts";
import type {Permission} from "./auth.ts";
import type {AuthState, Role, User} from "./authState.ts";
import {emptyAuthState} from "./authState.ts";

export type AuthBucket = "auth" | "authUsers" | "authRoles";

/** One record to be written; undefined: to be deleted. */
export interface AuthWrite {
  readonly bucket: AuthBucket;
  readonly key: Key;
  readonly value: Value | undefined;
}

const enabledKey: Key = "authEnabled";
const revisionKey: Key = "authRevision";
const permissionTypes = ["read", "write", "readwrite"] as const;
/** A field's first byte: its number and wire type, 0 a varint, 2 bytes behind their length. */
const tags = {
  name: 0x0a,
  password: 0x12,
  role: 0x1a,
  options: 0x22,
  noPassword: 0x08,
  permission: 0x12,
  permType: 0x08,
  key: 0x12,
  rangeEnd: 0x1a,
} as const;

/** What must be written to go from one state to another. */
export function writesBetween(from: AuthState, to: AuthState): readonly AuthWrite[] {
  if (from === to) return [];
  const writes: AuthWrite[] = [
    ...recordsBetween("authUsers", from.users, to.users, encodeUser),
    ...recordsBetween("authRoles", from.roles, to.roles, encodeRole),
  ];
  if (from.enabled !== to.enabled)
    writes.push({bucket: "auth", key: enabledKey, value: new Uint8Array([to.enabled ? 1 : 0])});
  if (from.revision !== to.revision)
    writes.push({bucket: "auth", key: revisionKey, value: uint64Bytes(to.revision)});
  return writes;
}

function recordsBetween<T>(
  bucket: AuthBucket,
  from: ReadonlyMap<Key, T>,
  to: ReadonlyMap<Key, T>,
  encode: (one: T) => Value,
): readonly AuthWrite[] {
  const writes: AuthWrite[] = [];
  for (const [key, one] of to) if (from.get(key) !== one) writes.push({bucket, key, value: encode(one)});
  for (const key of from.keys()) if (!to.has(key)) writes.push({bucket, key, value: undefined});
  return writes;
}

/** Reads a state, record by record. */
export class AuthReader {
  private state = emptyAuthState;
  private readonly users = new Map<Key, User>();
  private readonly roles = new Map<Key, Role>();
  private sound = true;

  /** False when it is no record of ours; then there is no state. */
  take(bucket: AuthBucket, key: Key, value: Value): boolean {
    this.sound &&= this.takeRecord(bucket, key, value);
    return this.sound;
  }

  /** Undefined if something stood there that nobody wrote. */
  finish(): AuthState | undefined {
    return this.sound ? {...this.state, users: this.users, roles: this.roles} : undefined;
  }

  private takeRecord(bucket: AuthBucket, key: Key, value: Value): boolean {
    if (bucket === "auth") return this.takeSetting(key, value);
    if (bucket === "authUsers") {
      const user = decodeUser(value);
      if (user !== undefined) this.users.set(key, user);
      return user?.name === key;
    }
    const role = decodeRole(value);
    if (role !== undefined) this.roles.set(key, role);
    return role?.name === key;
  }

  private takeSetting(key: Key, value: Value): boolean {
    if (key === enabledKey) this.state = {...this.state, enabled: value[0] === 1};
    else if (key === revisionKey) this.state = {...this.state, revision: uint64Of(value)};
    else return false;
    return value.length === (key === enabledKey ? 1 : 8);
  }
}

function encodeUser({name, hashedPassword, roles, noPassword}: User): Value {
  const into = new Writer();
  writeField(into, tags.name, name);
  if (hashedPassword !== "") writeField(into, tags.password, hashedPassword);
  for (const role of roles) writeField(into, tags.role, role);
  if (noPassword) writeField(into, tags.options, String.fromCharCode(tags.noPassword, 1));
  return into.finish();
}

function decodeUser(value: Value): User | undefined {
  const from = new Reader(value);
  let user: User = {name: "", hashedPassword: "", roles: [], noPassword: false};
  while (!from.done) {
    const tag = from.byte();
    const field = from.byteString();
    if (tag === tags.name) user = {...user, name: field};
    else if (tag === tags.password) user = {...user, hashedPassword: field};
    else if (tag === tags.role) user = {...user, roles: [...user.roles, field]};
    else if (tag === tags.options) user = {...user, noPassword: field.charCodeAt(1) === 1};
    else return undefined;
  }
  return from.broken ? undefined : user;
}

function encodeRole({name, permissions}: Role): Value {
  const into = new Writer();
  writeField(into, tags.name, name);
  for (const permission of permissions) {
    into.byte(tags.permission);
    into.bytes(encodePermission(permission));
  }
  return into.finish();
}

function decodeRole(value: Value): Role | undefined {
  const from = new Reader(value);
  let name: Key = "";
  const permissions: Permission[] = [];
  while (!from.done) {
    const tag = from.byte();
    if (tag === tags.name) {
      name = from.byteString();
      continue;
    }
    const permission = decodePermission(from.bytes());
    if (tag !== tags.permission || permission === undefined) return undefined;
    permissions.push(permission);
  }
  return from.broken ? undefined : {name, permissions};
}

function encodePermission({type, key, rangeEnd = ""}: Permission): Uint8Array {
  const into = new Writer();
  const number = permissionTypes.indexOf(type);
  if (number !== 0) {
    into.byte(tags.permType);
    into.uint(number);
  }
  writeField(into, tags.key, key);
  if (rangeEnd !== "") writeField(into, tags.rangeEnd, rangeEnd);
  return into.finish();
}

function decodePermission(bytes: Uint8Array): Permission | undefined {
  const from = new Reader(bytes);
  let type: Permission["type"] | undefined = "read";
  let key: Key = "";
  let rangeEnd: Key = "";
  while (!from.done) {
    const tag = from.byte();
    if (tag === tags.permType) type = permissionTypes[from.uint()];
    else if (tag === tags.key) key = from.byteString();
    else if (tag === tags.rangeEnd) rangeEnd = from.byteString();
    else return undefined;
  }
  if (from.broken || type === undefined) return undefined;
  return rangeEnd === "" ? {type, key} : {type, key, rangeEnd};
}

function writeField(into: Writer, tag: number, value: Key): void {
  into.byte(tag);
  into.byteString(value);
}
