// The users as the log makes them, beside core's auth store; and what the claim is asked for in a sound run. That it fails
// where a user gets too much, the museum's exhibits show (test/scenarios/museum.test.ts).

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {LoggedAuthRequest} from "../../../core/auth/auth.ts";
import {AuthStore} from "../../../core/auth/authStore.ts";
import {exhibitOf} from "../../../scenarios/museum/index.ts";
import {perform} from "../../../scenarios/perform.ts";
import {plaques} from "../../../sim/bug/plaques.ts";
import {Users} from "../../../sim/check/users.ts";
import {authRequests} from "../../core/auth/requests.ts";

const rooted: readonly LoggedAuthRequest[] = [
  {kind: "userAdd", name: "root", hashedPassword: "0a1"},
  {kind: "userGrantRole", name: "root", role: "root"},
  {kind: "userAdd", name: "ann", hashedPassword: "0a1"},
  {kind: "roleAdd", role: "r"},
  {kind: "userGrantRole", name: "ann", role: "r"},
];
/** Most of them change what ann may do. */
const asked = fc.oneof(
  authRequests,
  fc.record({
    kind: fc.constant("roleGrantPermission" as const),
    role: fc.constant("r"),
    permission: fc.record({
      type: fc.constantFrom("read" as const, "write" as const, "readwrite" as const),
      key: fc.constantFrom("a", "aa", "b"),
      rangeEnd: fc.constantFrom("", "\0", "b", "c"),
    }),
  }),
);
const ranges = [
  {from: "a", to: ""},
  {from: "a", to: "b"},
  {from: "a", to: "c"},
  {from: "b", to: "c"},
  {from: "b", to: "\0"},
  {from: "\0", to: "\0"},
];

/** What root asks, one after another. */
function made(requests: readonly LoggedAuthRequest[]): {
  readonly store: AuthStore;
  readonly users: Users;
} {
  const store = new AuthStore();
  let users = Users.none;
  for (const request of requests) {
    users = users.after({proposer: 1, nonce: 0, sequence: 1, user: "root", request});
    store.apply(request, 1);
  }
  return {store, users};
}

describe("users as the log makes them", () => {
  it("may do what core's auth store lets them do", () => {
    fc.assert(
      fc.property(fc.array(asked, {maxLength: 10}), fc.boolean(), (requests, enabled) => {
        const {store, users} = made([
          ...rooted,
          ...(enabled ? [{kind: "authEnable"} as const] : []),
          ...requests,
        ]);
        expect(users.enabled).toBe(store.enabled);
        for (const user of ["root", "ann", "bob", ""])
          for (const op of ["read", "write"] as const)
            for (const range of ranges)
              expect(users.allows(user, {op, range}), `${user} ${op} ${JSON.stringify(range)}`).toBe(
                store.refusalOfRange({user, revision: user === "" ? 0 : store.revision}, range, op) ===
                  undefined,
              );
      }),
    );
  });

  it("are changed by root alone once there are any", () => {
    const {users} = made([...rooted, {kind: "authEnable"}]);
    const request = {kind: "userGrantRole", name: "ann", role: "root"} as const;
    const as = (user: string): Users => users.after({proposer: 1, nonce: 0, sequence: 1, user, request});
    expect([as("ann"), as("")]).toEqual([users, users]);
    expect(as("root")).not.toBe(users);
  });
});

describe("Permissions", () => {
  const ids = Object.keys(plaques).filter((id) => plaques[id]?.caughtBy.includes("Permissions") === true);

  it.each(ids)("%s without the bug: the refusals are no answers, and nothing is wrong", (id) => {
    const scenario = exhibitOf(id);
    if (scenario === undefined) throw new Error(`${id} has no scenario`);
    const {checks} = perform(scenario, {variant: "fixed"});
    expect(checks.find(({name}) => name === "Permissions")).toMatchObject({verdict: "pass", exercised: 0});
  });

  it("is exercised by each answer to a user", () => {
    const scenario = exhibitOf("auth-index-not-saved");
    if (scenario === undefined) throw new Error("there is no such scenario");
    const {checks} = perform(scenario, {variant: "fixed"});
    expect(checks.find(({name}) => name === "Permissions")).toMatchObject({verdict: "pass", exercised: 1});
  });
});
