// Fingerprints of multisets: each part's digest is mixed, and the sum of all is (Clarke et al., "Incremental Multiset
// Hash Functions", 2003). So a part is digested once, and order makes no difference. Parts say themselves what they are of.

/** So that sums of related parts are unrelated. After MurmurHash3's finalizer. */
export function mixed([a, b]: readonly [number, number]): readonly [number, number] {
  const one = stirred(a ^ Math.imul(b, 0x9e3779b1));
  return [one, stirred(b + Math.imul(one, 0x85ebca77))];
}

function stirred(word: number): number {
  let x = word | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
