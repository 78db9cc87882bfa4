// Auth requests as the log holds them, drawn from a small world so that they meet each other.

import fc from "fast-check";
import type {LoggedAuthRequest} from "../../../core/auth/auth.ts";

const names = fc.constantFrom("root", "ann", "bob", "");
const roles = fc.constantFrom("root", "r", "s", "");
const keys = fc.constantFrom("", "a", "b", "c");
const ends = fc.constantFrom("", "\0", "a", "b", "c");
const kinds = fc.constantFrom("read" as const, "write" as const, "readwrite" as const);

/** Those that change something come oftener. */
export const authRequests: fc.Arbitrary<LoggedAuthRequest> = fc.oneof(
  fc.constantFrom<LoggedAuthRequest>({kind: "authEnable"}, {kind: "authEnable"}, {kind: "authDisable"}),
  fc.constantFrom<LoggedAuthRequest>({kind: "authStatus"}, {kind: "userList"}, {kind: "roleList"}),
  names.map((name) => ({kind: "authenticate" as const, name, simpleToken: "aaaaaaaaaaaaaaaa"})),
  fc.record({kind: fc.constant("userAdd" as const), name: names, hashedPassword: fc.constant("0a1")}),
  fc.record({kind: fc.constant("userAdd" as const), name: names, noPassword: fc.constant(true)}),
  fc.record({kind: fc.constantFrom("userDelete" as const, "userGet" as const), name: names}),
  fc.record({
    kind: fc.constant("userChangePassword" as const),
    name: names,
    hashedPassword: fc.constant("0b2"),
  }),
  fc.record({
    kind: fc.constantFrom("userGrantRole" as const, "userGrantRole" as const, "userRevokeRole" as const),
    name: names,
    role: roles,
  }),
  fc.record({
    kind: fc.constantFrom("roleAdd" as const, "roleAdd" as const, "roleDelete" as const, "roleGet" as const),
    role: roles,
  }),
  fc.record({
    kind: fc.constant("roleGrantPermission" as const),
    role: roles,
    permission: fc.record({type: kinds, key: keys, rangeEnd: ends}),
  }),
  fc.record({kind: fc.constant("roleRevokePermission" as const), role: roles, key: keys, rangeEnd: ends}),
);
