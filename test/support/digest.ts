// The digest of anything that can be digested, as text to compare.

import {Hasher} from "../../core/base/hasher.ts";
import type {Hash} from "../../core/base/hasher.ts";

/** `more`: what its digest takes besides, a time for instance. */
export function digestOf<More extends readonly unknown[]>(
  one: {digest(into: Hasher, ...more: More): void},
  ...more: More
): Hash {
  const into = new Hasher();
  one.digest(into, ...more);
  return into.hash();
}
