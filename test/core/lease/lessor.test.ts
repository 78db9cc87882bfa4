// What the lessor promises by itself; what comes of it in a cluster is test/core/server/lease.test.ts.

import {describe, expect, test} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import {Lessor} from "../../../core/lease/lessor.ts";
import type {LessorConfig} from "../../../core/lease/lessor.ts";

const second = 1_000_000;
const config: LessorConfig = {minTtl: 2, revokesPerSecond: 1000, checkpointEvery: 300 * second};

const id = (n: number): string => n.toString(16).padStart(16, "0");

function primary(given: Partial<LessorConfig> = {}): Lessor {
  const lessor = new Lessor({...config, ...given});
  lessor.promote(0, 0);
  return lessor;
}

describe("a lessor", () => {
  test("raises a short ttl, and refuses one that is too long, exists, or has no id", () => {
    const lessor = new Lessor(config);
    expect(lessor.grant(id(1), -3, 0)).toEqual({ok: true, value: {lease: id(1), ttl: 2, remainingTtl: 0}});
    expect(lessor.grant(id(1), 9, 0)).toEqual({ok: false, error: "leaseExists"});
    expect(lessor.grant(id(1), 9_000_000_001, 0)).toEqual({ok: false, error: "leaseTtlTooLarge"});
    expect(lessor.grant("", 9, 0)).toEqual({ok: false, error: "leaseNotFound"});
    expect(lessor.revoke(id(2))).toEqual({ok: false, error: "leaseNotFound"});
  });

  test("counts for nobody while it is not the primary", () => {
    const lessor = new Lessor(config);
    lessor.grant(id(1), 5, 0);
    expect(lessor.remaining(id(1), 0)).toBeUndefined();
    expect(lessor.deadline()).toBeUndefined();
    expect(lessor.renew(id(1), 0)).toEqual({kind: "notPrimary"});
    lessor.promote(second, 7 * second);
    expect(lessor.remaining(id(1), 7 * second)).toBe(6);
    lessor.demote();
    expect(lessor.remaining(id(1), 0)).toBeUndefined();
    expect(lessor.takeExpired(10, 0, 100 * second)).toEqual([]);
  });

  test("says the whole seconds that are left, cut off towards 0", () => {
    const lessor = primary();
    lessor.grant(id(1), 5, 0);
    const at = [0, 1, second, 4.5 * second, 5 * second, 5.9 * second, 6 * second];
    expect(at.map((now) => lessor.remaining(id(1), now))).toEqual([5, 4, 4, 0, 0, -0, -1]);
  });

  test("hands out what has expired by time, then by id, and again only after a while", () => {
    const lessor = primary();
    for (const [n, ttl] of [
      [3, 4],
      [2, 3],
      [9, 3],
      [1, 6],
    ] as const)
      lessor.grant(id(n), ttl, 0);
    expect(lessor.nextExpiry).toBe(3 * second);
    expect(lessor.takeExpired(2, 9 * second, 3 * second - 1)).toEqual([]);
    expect(lessor.takeExpired(2, 9 * second, 5 * second)).toEqual([id(2), id(9)]);
    expect(lessor.takeExpired(2, 9 * second, 5 * second)).toEqual([id(3)]);
    expect(lessor.takeExpired(9, 20 * second, 9 * second)).toEqual([id(1), id(2), id(3), id(9)]);
  });

  test("renews a lease for all its ttl, but for one that has expired or is gone", () => {
    const lessor = primary();
    lessor.grant(id(1), 5, 0);
    expect(lessor.renew(id(1), 5 * second - 1)).toEqual({kind: "renewed", ttl: 5});
    expect(lessor.takeExpired(9, 0, 6 * second)).toEqual([]);
    expect(lessor.renew(id(1), 10 * second)).toEqual({kind: "expired"});
    lessor.revoke(id(1));
    expect(lessor.renew(id(1), 10 * second)).toEqual({kind: "notFound"});
  });

  test("checkpoints what has long to live, once per interval, and begins there after a promotion", () => {
    const lessor = primary();
    lessor.grant(id(1), 1000, 0);
    lessor.grant(id(2), 300, 0);
    expect(lessor.nextCheckpoint).toBe(300 * second);
    expect(lessor.takeCheckpoints(9, 300 * second - 1)).toEqual([]);
    expect(lessor.takeCheckpoints(9, 300 * second + 1)).toEqual([{lease: id(1), remainingTtl: 700}]);
    expect(lessor.nextCheckpoint).toBeUndefined();
    lessor.checkpoint(id(1), 700, 301 * second);
    expect(lessor.nextCheckpoint).toBe(601 * second);
    lessor.promote(second, 400 * second);
    expect(lessor.remaining(id(1), 400 * second)).toBe(701);
    // Renewed to the full, there is nothing to tell.
    lessor.checkpoint(id(1), 0, 400 * second);
    lessor.renew(id(1), 700 * second);
    expect(lessor.takeCheckpoints(9, 700 * second)).toEqual([]);
  });

  test("makes no checkpoints where there are none to be", () => {
    const lessor = primary({checkpointEvery: 0});
    lessor.grant(id(1), 1000, 0);
    expect(lessor.nextCheckpoint).toBeUndefined();
  });

  test("holds the longest lease on a clock that has run for years", () => {
    const lessor = primary();
    lessor.grant(id(1), 9_000_000_000, 10 ** 14);
    expect(lessor.hasExpired(id(1), 9 * 10 ** 15)).toBe(false);
    expect(Number.isSafeInteger(lessor.nextExpiry)).toBe(true);
  });

  test("after a promotion draws apart what would end together, to three quarters of what can be revoked", () => {
    const lessor = new Lessor({...config, revokesPerSecond: 100});
    for (let n = 1; n <= 400; n++) lessor.grant(id(n), 10, 0);
    lessor.promote(second, 0);
    const perSecond = new Map<number, number>();
    for (let n = 1; n <= 400; n++) {
      const at = Math.floor(((lessor.expiryOf(id(n)) ?? 0) - 11 * second) / second);
      expect(at).toBeGreaterThanOrEqual(0);
      perSecond.set(at, (perSecond.get(at) ?? 0) + 1);
    }
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(76);
    expect(Math.max(...perSecond.keys())).toBe(5);
    // Fewer than can be revoked in a second stay as they are.
    const few = new Lessor({...config, revokesPerSecond: 100});
    for (let n = 1; n <= 99; n++) few.grant(id(n), 10, 0);
    few.promote(second, 0);
    expect(few.expiryOf(id(99))).toBe(11 * second);
  });

  test("after a promotion looks after checkpoints of what was granted before, too", () => {
    const lessor = new Lessor(config);
    lessor.grant(id(1), 600, 0);
    lessor.promote(second, 10 * second);
    expect(lessor.nextCheckpoint).toBe(310 * second);
    expect(lessor.takeCheckpoints(1, 310 * second)).toEqual([{lease: id(1), remainingTtl: 301}]);
  });

  test("answers the keys of a lease that ends in ascending order, however they came to it", () => {
    const lessor = new Lessor(config);
    lessor.grant(id(1), 10, 0);
    for (const key of ["b", "c", "a"]) lessor.attach(key, id(1));
    expect(lessor.revoke(id(1))).toEqual({ok: true, value: ["a", "b", "c"]});
  });

  test("takes a key of a stored lease that is not there for free", () => {
    const lessor = Lessor.restored(
      config,
      [{lease: id(1), ttl: 5, remainingTtl: 0}],
      [
        ["a", id(1)],
        ["b", id(2)],
      ],
    );
    expect(lessor.keysOf(id(1))).toEqual(["a"]);
    expect(lessor.leaseOf("b")).toBe("");
  });

  test("tells in its digest how long each has to live, and nothing of the clock", () => {
    const digest = (ttl: number, at: number): string => {
      const lessor = new Lessor(config);
      lessor.promote(0, at);
      lessor.grant(id(1), ttl, at);
      const into = new Hasher();
      lessor.digest(into, at);
      return into.hash();
    };
    expect(digest(500, 0)).toBe(digest(500, 77 * second));
    expect(digest(500, 0)).not.toBe(digest(501, 0));
  });
});
