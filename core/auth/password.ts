// What is kept of a password: a salt, and a digest of both. This is no cryptographic hash, and does not try to be one: a
// simulated world keeps no secrets, and core has no package for it. etcd keeps bcrypt's.
//
//   salt, 8 hex digits · digest, 16 hex digits

import {Hasher} from "../base/hasher.ts";
import type {Key} from "../base/key.ts";

/** Bound of the numbers that salts are made of. */
export const saltBound = 2 ** 31;

const saltDigits = 8;

/** `salt`: an integer in [0, saltBound), drawn for this password. */
export function hashPassword(password: Key, salt: number): Key {
  return hashWith(password, salt.toString(16).padStart(saltDigits, "0"));
}

/** Whether it is the password that `hashed` was made of. */
export function isPassword(password: Key, hashed: Key): boolean {
  return hashed === hashWith(password, hashed.slice(0, saltDigits));
}

function hashWith(password: Key, salt: string): Key {
  const hasher = new Hasher();
  hasher.string(salt);
  hasher.string(password);
  return salt + hasher.hash();
}
