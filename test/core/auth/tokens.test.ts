import {describe, expect, test} from "vitest";
import {hashPassword, isPassword} from "../../../core/auth/password.ts";
import {indexOfToken, tokenPrefix, Tokens} from "../../../core/auth/tokens.ts";
import {digestOf} from "../../support/digest.ts";

function given(...names: readonly string[]): Tokens {
  const tokens = new Tokens(100);
  for (const token of names) tokens.take({kind: "assign", token, user: `user of ${token}`}, 0);
  return tokens;
}

describe("a token", () => {
  test("is good for its time since it was used last", () => {
    const tokens = given("t");
    expect(tokens.use("t", 99)).toBe("user of t");
    expect(tokens.use("t", 198)).toBe("user of t");
    expect(tokens.use("t", 298)).toBeUndefined();
    expect(tokens.use("u", 0)).toBeUndefined();
  });

  test("is no good once its user is changed, or all are", () => {
    const tokens = given("t", "u");
    tokens.take({kind: "invalidateUser", user: "user of t"}, 1);
    expect(tokens.use("t", 1)).toBeUndefined();
    expect(tokens.use("u", 1)).toBe("user of u");
    tokens.take({kind: "clear"}, 1);
    expect(tokens.use("u", 1)).toBeUndefined();
  });

  test("has sixteen letters, a point and an index", () => {
    let drawn = 0;
    expect(tokenPrefix((bound) => drawn++ % bound)).toBe("abcdefghijklmnop");
    expect(indexOfToken("abcdefghijklmnop.17")).toBe(17);
    for (const odd of ["", "a", "a.", "a.b", "a.1.2"]) expect(indexOfToken(odd)).toBeUndefined();
  });
});

describe("the tokens of a member", () => {
  test("are forked, and told apart by how long they last; those that are none any more do not count", () => {
    const tokens = given("t", "u");
    const twin = tokens.fork();
    expect(digestOf(twin, 5)).toBe(digestOf(tokens, 5));
    twin.use("t", 5);
    expect(digestOf(twin, 5)).not.toBe(digestOf(tokens, 5));
    expect(digestOf(tokens, 100)).toBe(digestOf(new Tokens(100), 100));
    expect(digestOf(given("u", "t"), 5)).toBe(digestOf(given("t", "u"), 5));
  });
});

describe("a password", () => {
  test("is known by its digest, which another salt makes another", () => {
    const hashed = hashPassword("secret", 77);
    expect(hashed).toMatch(/^[0-9a-f]{24}$/);
    expect(isPassword("secret", hashed)).toBe(true);
    expect(isPassword("Secret", hashed)).toBe(false);
    expect(hashPassword("secret", 78)).not.toBe(hashed);
  });

  test("that there is none of is none", () => {
    expect(isPassword("", "")).toBe(false);
  });
});
