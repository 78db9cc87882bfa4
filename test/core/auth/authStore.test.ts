// The auth store, rule by rule, to etcd's errors.

import fc from "fast-check";
import {describe, expect, test} from "vitest";
import type {
  AuthError,
  AuthInfo,
  AuthResult,
  LoggedAuthRequest,
  Permission,
} from "../../../core/auth/auth.ts";
import {nobody} from "../../../core/auth/auth.ts";
import type {AuthBucket} from "../../../core/auth/authRecords.ts";
import {AuthReader} from "../../../core/auth/authRecords.ts";
import {AuthStore} from "../../../core/auth/authStore.ts";
import {hashPassword} from "../../../core/auth/password.ts";
import {contains} from "../../../core/base/key.ts";
import {digestOf} from "../../support/digest.ts";
import {authRequests} from "./requests.ts";

/** The answer, or the error's name. */
function ask(store: AuthStore, request: LoggedAuthRequest, index = 1): AuthResult | AuthError {
  const {answer} = store.apply(request, index);
  return answer.ok ? answer.value : answer.error;
}

function done(store: AuthStore, ...requests: readonly LoggedAuthRequest[]): AuthStore {
  for (const request of requests) {
    const answer = ask(store, request);
    if (typeof answer === "string") throw new Error(`${request.kind}: ${answer}`);
  }
  return store;
}

function user(name: string, password = "pw"): LoggedAuthRequest {
  return {kind: "userAdd", name, hashedPassword: hashPassword(password, 7)};
}

function grant(role: string, type: Permission["type"], key: string, rangeEnd = ""): LoggedAuthRequest {
  return {kind: "roleGrantPermission", role, permission: {type, key, rangeEnd}};
}

/** With root, and ann who has role r. */
function enabled(...more: readonly LoggedAuthRequest[]): AuthStore {
  return done(
    new AuthStore(),
    user("root"),
    {kind: "userGrantRole", name: "root", role: "root"},
    user("ann"),
    {kind: "roleAdd", role: "r"},
    {kind: "userGrantRole", name: "ann", role: "r"},
    ...more,
    {kind: "authEnable"},
  );
}

function as(store: AuthStore, name: string): AuthInfo {
  return {user: name, revision: store.revision};
}

describe("the revision", () => {
  test("begins at 1 and counts changes, disabling among them, but not enabling", () => {
    const store = new AuthStore();
    expect(store.revision).toBe(1);
    done(store, user("root"), {kind: "userGrantRole", name: "root", role: "root"});
    expect(store.revision).toBe(3);
    done(store, {kind: "authEnable"});
    expect(store.revision).toBe(3);
    done(store, {kind: "authDisable"});
    expect(store.revision).toBe(4);
    expect(ask(store, {kind: "authStatus"})).toEqual({kind: "authStatus", enabled: false, authRevision: 4});
  });

  test("stays when nothing changed: what is refused, what was so already, what only asks", () => {
    const store = enabled();
    const before = store.revision;
    ask(store, {kind: "userAdd", name: "ann"});
    ask(store, {kind: "userGrantRole", name: "ann", role: "r"});
    ask(store, {kind: "authEnable"});
    ask(store, {kind: "userList"});
    ask(store, {kind: "authenticate", name: "ann", simpleToken: "x"});
    expect(store.revision).toBe(before);
    done(store, {kind: "authDisable"});
    done(store, {kind: "authDisable"});
    expect(store.revision).toBe(before + 1);
  });
});

describe("enabling", () => {
  test("needs a user root with the role root", () => {
    const store = new AuthStore();
    expect(ask(store, {kind: "authEnable"})).toBe("rootUserNotExist");
    done(store, user("root"));
    expect(ask(store, {kind: "authEnable"})).toBe("rootRoleNotExist");
    done(store, {kind: "userGrantRole", name: "root", role: "root"});
    expect(ask(store, {kind: "authEnable"})).toEqual({kind: "authEnable"});
    expect(store.enabled).toBe(true);
  });

  test("keeps root from being deleted, the role too, and from losing it", () => {
    const store = enabled();
    expect(ask(store, {kind: "userDelete", name: "root"})).toBe("invalidAuthManagement");
    expect(ask(store, {kind: "roleDelete", role: "root"})).toBe("invalidAuthManagement");
    expect(ask(store, {kind: "userRevokeRole", name: "root", role: "root"})).toBe("invalidAuthManagement");
    done(store, {kind: "authDisable"}, {kind: "userRevokeRole", name: "root", role: "root"});
    done(store, {kind: "userDelete", name: "root"});
    expect(ask(store, {kind: "roleDelete", role: "root"})).toBe("roleNotFound");
  });
});

describe("users", () => {
  test("have a name of their own", () => {
    const store = new AuthStore();
    expect(ask(store, user(""))).toBe("userEmpty");
    done(store, user("ann"));
    expect(ask(store, user("ann"))).toBe("userExists");
    for (const kind of ["userDelete", "userGet"] as const)
      expect(ask(store, {kind, name: "bob"})).toBe("userNotFound");
    expect(ask(store, {kind: "userChangePassword", name: "bob", hashedPassword: ""})).toBe("userNotFound");
    expect(ask(store, {kind: "userGrantRole", name: "bob", role: "r"})).toBe("userNotFound");
    expect(ask(store, {kind: "userRevokeRole", name: "bob", role: "r"})).toBe("userNotFound");
  });

  test("are listed in order, and so are their roles", () => {
    const store = done(new AuthStore(), user("zoe"), user("ann"), {kind: "roleAdd", role: "s"});
    done(store, {kind: "roleAdd", role: "r"});
    for (const role of ["s", "r", "root"]) done(store, {kind: "userGrantRole", name: "ann", role});
    expect(ask(store, {kind: "userList"})).toEqual({kind: "userList", users: ["ann", "zoe"]});
    expect(ask(store, {kind: "roleList"})).toEqual({kind: "roleList", roles: ["r", "s"]});
    expect(ask(store, {kind: "userGet", name: "ann"})).toEqual({
      kind: "userGet",
      roles: ["r", "root", "s"],
    });
  });

  test("get roles that exist, or the role root, which need not; they lose what they have", () => {
    const store = done(new AuthStore(), user("ann"));
    expect(ask(store, {kind: "userGrantRole", name: "ann", role: "r"})).toBe("roleNotFound");
    expect(ask(store, {kind: "userRevokeRole", name: "ann", role: "r"})).toBe("roleNotGranted");
    done(store, {kind: "userGrantRole", name: "ann", role: "root"});
    done(store, {kind: "userRevokeRole", name: "ann", role: "root"});
    expect(ask(store, {kind: "userGet", name: "ann"})).toEqual({kind: "userGet", roles: []});
  });

  test("are asked for their password only while authentication is enabled", () => {
    const store = done(new AuthStore(), user("ann"));
    expect(store.checkPassword("ann", "pw")).toEqual({ok: false, error: "authNotEnabled"});
    const running = enabled({kind: "userAdd", name: "tom", noPassword: true});
    expect(running.checkPassword("ann", "pw")).toEqual({ok: true, value: running.revision});
    expect(running.checkPassword("ann", "px")).toEqual({ok: false, error: "authFailed"});
    expect(running.checkPassword("eve", "pw")).toEqual({ok: false, error: "authFailed"});
    expect(running.checkPassword("tom", "pw")).toEqual({ok: false, error: "noPasswordUser"});
    const tom: LoggedAuthRequest = {kind: "authenticate", name: "tom", simpleToken: "x"};
    expect(ask(running, tom)).toBe("authFailed");
    done(running, {kind: "userChangePassword", name: "tom", hashedPassword: hashPassword("pw", 1)});
    expect(running.checkPassword("tom", "pw")).toEqual({ok: false, error: "noPasswordUser"});
    done(running, {kind: "userChangePassword", name: "ann", hashedPassword: hashPassword("new", 1)});
    expect(running.checkPassword("ann", "new").ok).toBe(true);
  });

  test("are given tokens that end in the index of their entry; a new password or a deletion ends them", () => {
    const store = enabled();
    const token: LoggedAuthRequest = {kind: "authenticate", name: "ann", simpleToken: "abcdefghijklmnop"};
    expect(store.apply(token, 17)).toMatchObject({
      answer: {value: {token: "abcdefghijklmnop.17"}},
      tokens: {kind: "assign", token: "abcdefghijklmnop.17", user: "ann"},
    });
    const change = {kind: "userChangePassword", name: "ann", hashedPassword: "x"} as const;
    expect(store.apply(change, 18).tokens).toEqual({kind: "invalidateUser", user: "ann"});
    expect(store.apply({kind: "userDelete", name: "ann"}, 19).tokens).toMatchObject({user: "ann"});
    expect(store.apply({kind: "authDisable"}, 20).tokens).toEqual({kind: "clear"});
    expect(ask(store, token)).toBe("authNotEnabled");
  });
});

describe("roles", () => {
  test("have a name of their own", () => {
    const store = done(new AuthStore(), {kind: "roleAdd", role: "r"});
    expect(ask(store, {kind: "roleAdd", role: ""})).toBe("roleEmpty");
    expect(ask(store, {kind: "roleAdd", role: "r"})).toBe("roleExists");
    expect(ask(store, {kind: "roleGet", role: "s"})).toBe("roleNotFound");
    expect(ask(store, {kind: "roleDelete", role: "s"})).toBe("roleNotFound");
    expect(ask(store, grant("s", "read", "a"))).toBe("roleNotFound");
    expect(ask(store, {kind: "roleRevokePermission", role: "s", key: "a"})).toBe("roleNotFound");
  });

  test("that are deleted are nobody's any more", () => {
    const store = enabled(grant("r", "read", "a"));
    done(store, {kind: "roleDelete", role: "r"});
    expect(ask(store, {kind: "userGet", name: "ann"})).toEqual({kind: "userGet", roles: []});
    expect(store.refusalOfRange(as(store, "ann"), {from: "a", to: ""}, "read")).toBe("permissionDenied");
  });

  test("list permissions by key; one of the same range takes the place of the one before", () => {
    const store = done(new AuthStore(), {kind: "roleAdd", role: "r"});
    done(store, grant("r", "read", "b"), grant("r", "write", "a", "c"), grant("r", "read", "a"));
    done(store, grant("r", "readwrite", "b"));
    expect(ask(store, {kind: "roleGet", role: "r"})).toEqual({
      kind: "roleGet",
      permissions: [
        {type: "read", key: "a"},
        {type: "write", key: "a", rangeEnd: "c"},
        {type: "readwrite", key: "b"},
      ],
    });
    expect(ask(store, {kind: "roleRevokePermission", role: "r", key: "b", rangeEnd: "c"})).toBe(
      "permissionNotGranted",
    );
    done(store, {kind: "roleRevokePermission", role: "r", key: "a", rangeEnd: "c"});
    expect(ask(store, {kind: "roleGet", role: "r"})).toMatchObject({
      permissions: [{key: "a"}, {key: "b"}],
    });
  });

  test("take no permission on an empty key, nor on a range that ends before it begins", () => {
    const store = done(new AuthStore(), {kind: "roleAdd", role: "r"});
    expect(ask(store, grant("r", "read", ""))).toBe("invalidAuthManagement");
    expect(ask(store, grant("r", "read", "b", "a"))).toBe("invalidAuthManagement");
    expect(ask(store, grant("r", "read", "b", "b"))).toBe("invalidAuthManagement");
    expect(ask(store, grant("r", "read", "b", "\0"))).toEqual({kind: "roleGrantPermission"});
  });

  test("named root may do everything, whatever stands in it", () => {
    const store = done(new AuthStore(), {kind: "roleAdd", role: "root"}, grant("root", "read", "a"));
    expect(ask(store, {kind: "roleGet", role: "root"})).toEqual({
      kind: "roleGet",
      permissions: [{type: "readwrite", key: "", rangeEnd: "\0"}],
    });
    const running = enabled();
    expect(running.refusalOfRange(as(running, "root"), {from: "\0", to: "\0"}, "write")).toBeUndefined();
    expect(running.refusalOfAdmin(as(running, "root"))).toBeUndefined();
  });
});

describe("who asks", () => {
  test("may do anything while authentication is not enabled", () => {
    const store = new AuthStore();
    expect(store.refusalOfAdmin(nobody)).toBeUndefined();
    expect(store.refusalOfRange(nobody, {from: "a", to: ""}, "write")).toBeUndefined();
  });

  test("must be somebody, known, and of today's revision", () => {
    const store = enabled(grant("r", "read", "a"));
    const key = {from: "a", to: ""};
    expect(store.refusalOfRange(nobody, key, "read")).toBe("userEmpty");
    const old = {user: "ann", revision: store.revision - 1};
    expect(store.refusalOfRange(old, key, "read")).toBe("authOldRevision");
    expect(store.refusalOfRange(as(store, "eve"), key, "read")).toBe("permissionDenied");
    expect(store.refusalOfRange(as(store, "ann"), key, "read")).toBeUndefined();
    expect(store.refusalOfRange(as(store, "ann"), key, "write")).toBe("permissionDenied");
    expect(store.refusalOfAdmin(nobody)).toBe("userEmpty");
    expect(store.refusalOfAdmin(as(store, "ann"))).toBe("permissionDenied");
  });

  test("may ask about themselves and their own roles; all else in auth is root's", () => {
    const store = enabled(user("bob"), {kind: "roleAdd", role: "s"});
    const ann = as(store, "ann");
    expect(store.refusalOfRequest(ann, {kind: "userGet", name: "ann"})).toBeUndefined();
    expect(store.refusalOfRequest(ann, {kind: "roleGet", role: "r"})).toBeUndefined();
    expect(store.refusalOfRequest(ann, {kind: "userGet", name: "bob"})).toBe("permissionDenied");
    expect(store.refusalOfRequest(ann, {kind: "roleGet", role: "s"})).toBe("permissionDenied");
    expect(store.refusalOfRequest(ann, {kind: "userList"})).toBe("permissionDenied");
    expect(store.refusalOfRequest(nobody, {kind: "userGet", name: "ann"})).toBe("userEmpty");
    expect(store.refusalOfRequest(as(store, "root"), {kind: "userList"})).toBeUndefined();
    const login = {kind: "authenticate", name: "ann", simpleToken: "x"} as const;
    expect(store.refusalOfRequest(nobody, login)).toBeUndefined();
  });

  test("may read exactly what some role of theirs has, however requests made it so", () => {
    const keys = ["a", "a\0", "b", "b\0", "c", "c\0"];
    fc.assert(
      fc.property(fc.array(authRequests, {maxLength: 40}), (requests) => {
        const store = enabled();
        for (const request of requests) ask(store, request);
        const {users, roles, enabled: on, revision} = store.view;
        for (const {name, roles: has} of users.values()) {
          const all = has.flatMap((role) => roles.get(role)?.permissions ?? []);
          for (const from of keys) {
            const may =
              !on ||
              has.includes("root") ||
              all.some(
                (one) => one.type !== "write" && contains({from: one.key, to: one.rangeEnd ?? ""}, from),
              );
            const refusal = store.refusalOfRange({user: name, revision}, {from, to: ""}, "read");
            expect(refusal).toBe(may ? undefined : "permissionDenied");
          }
        }
      }),
      {numRuns: 300},
    );
  });
});

describe("a store", () => {
  test("comes back from what it wrote, with all that follows from it", () => {
    fc.assert(
      fc.property(fc.array(authRequests, {maxLength: 40}), (requests) => {
        const store = new AuthStore();
        const file = new Map<string, {bucket: AuthBucket; key: string; value: Uint8Array}>();
        for (const [index, request] of requests.entries()) {
          for (const {bucket, key, value} of store.apply(request, index).writes) {
            if (value === undefined) file.delete(`${bucket} ${key}`);
            else file.set(`${bucket} ${key}`, {bucket, key, value});
          }
        }
        const reader = new AuthReader();
        for (const {bucket, key, value} of file.values()) reader.take(bucket, key, value);
        const state = reader.finish();
        expect(state).toEqual(store.view);
        // From another state, as when a snapshot comes (#14571).
        const other = enabled();
        other.recover(state ?? store.view);
        expect(digestOf(other)).toBe(digestOf(store));
        for (const name of ["ann", "bob"]) {
          for (const op of ["read", "write"] as const) {
            const who = as(store, name);
            const range = {from: "a", to: "c"};
            expect(other.refusalOfRange(who, range, op)).toBe(store.refusalOfRange(who, range, op));
          }
        }
      }),
      {numRuns: 300},
    );
  });

  test("that recovered another state knows that state's permissions (etcd #14571)", () => {
    const granted = enabled(grant("r", "readwrite", "a", "b"));
    const store = new AuthStore();
    store.recover(granted.view);
    expect(store.refusalOfRange(as(store, "ann"), {from: "a", to: ""}, "write")).toBeUndefined();
  });

  test("has a twin that goes its own way", () => {
    const store = enabled();
    const before = digestOf(store);
    const twin = store.fork();
    expect(digestOf(twin)).toBe(before);
    done(twin, grant("r", "read", "a"));
    expect(digestOf(twin)).not.toBe(before);
    expect(digestOf(store)).toBe(before);
  });

  test("does not take for its own what it never wrote", () => {
    const bytes = Uint8Array.of(0x0a, 1, 97);
    for (const [bucket, key, value] of [
      ["auth", "authEnabled", Uint8Array.of(1, 1)],
      ["auth", "other", Uint8Array.of(1)],
      ["authUsers", "b", bytes],
      ["authUsers", "a", Uint8Array.of(0x0a, 9, 97)],
      ["authUsers", "a", Uint8Array.of(0x0a, 1, 97, 0x5a, 0)],
      ["authRoles", "a", Uint8Array.of(0x0a, 1, 97, 0x12, 2, 0x08, 3)],
    ] as const) {
      const reader = new AuthReader();
      expect(reader.take(bucket, key, value)).toBe(false);
      expect(reader.finish()).toBeUndefined();
    }
  });

  test("writes what etcd writes", () => {
    const store = new AuthStore();
    const added = store.apply({kind: "userAdd", name: "a", noPassword: true}, 1).writes;
    expect(added).toEqual([
      {bucket: "authUsers", key: "a", value: Uint8Array.of(0x0a, 1, 97, 0x22, 2, 0x08, 1)},
      {bucket: "auth", key: "authRevision", value: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2)},
    ]);
    done(store, {kind: "roleAdd", role: "r"});
    const granted = store.apply(grant("r", "write", "k", "l"), 1).writes;
    expect(granted[0]?.value).toEqual(
      Uint8Array.of(0x0a, 1, 114, 0x12, 8, 0x08, 1, 0x12, 1, 107, 0x1a, 1, 108),
    );
  });
});
