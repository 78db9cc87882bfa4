import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {nonceBound, Reads} from "../../../core/server/reads.ts";

const nonce = 5;

/** Reads named by their ids. */
function asked(...ids: readonly number[]): Reads {
  const reads = new Reads(nonce);
  for (const id of ids) reads.add({stream: 0, id, request: {kind: "range", key: "x"}, expires: 1000 + id});
  return reads;
}

function ids(reads: readonly {readonly id: number}[]): readonly number[] {
  return reads.map(({id}) => id);
}

describe("the names of questions", () => {
  /** The first contexts of a boot. */
  const contexts = (boot: number, count: number): readonly number[] => {
    const reads = new Reads(boot);
    reads.add({stream: 0, id: 1, request: {kind: "range", key: "x"}, expires: 1e9});
    return Array.from({length: count}, (_, i) => (i === 0 ? reads.start(0) : reads.retry(i, i)) ?? -1);
  };

  test("begin with the boot's nonce, so that two boots of a member share none", () => {
    const nonces = fc.integer({min: 0, max: nonceBound - 1});
    fc.assert(
      fc.property(nonces, nonces, (a, b) => {
        fc.pre(a !== b);
        const all = [...contexts(a, 20), ...contexts(b, 20)];
        expect(new Set(all).size).toBe(40);
        expect(all.every((context) => Number.isSafeInteger(context) && context >= 0)).toBe(true);
      }),
      {numRuns: 50},
    );
    expect(contexts(nonceBound - 1, 3).every(Number.isSafeInteger)).toBe(true);
    expect(new Set([...contexts(6, 5000), ...contexts(7, 5000)]).size).toBe(10_000);
  });
});

describe("waiting reads", () => {
  test("are confirmed by an answer to any context of their batch", () => {
    for (const answered of [0, 1, 2]) {
      const reads = asked(1);
      const contexts = [reads.start(10), reads.retry(10, 20), reads.retry(20, 30)];
      reads.confirm(contexts[answered] ?? -1, 7);
      expect(ids(reads.ready(7))).toEqual([1]);
    }
  });

  test("are not confirmed by an answer to another batch", () => {
    const reads = asked(1);
    const first = reads.start(10) ?? -1;
    reads.confirm(first, 3);
    reads.add({stream: 0, id: 2, request: {kind: "range", key: "x"}, expires: 2000});
    const second = reads.start(10) ?? -1;
    reads.confirm(first, 9);
    reads.confirm(second + 1, 9);
    expect(ids(reads.ready(9))).toEqual([1]);
    expect(reads.size).toBe(1);
  });

  test("wait each for their own index", () => {
    const reads = asked(1);
    reads.confirm(reads.start(10) ?? -1, 8);
    reads.add({stream: 0, id: 2, request: {kind: "range", key: "x"}, expires: 2000});
    reads.confirm(reads.start(10) ?? -1, 5);
    expect(ids(reads.ready(4))).toEqual([]);
    expect(ids(reads.ready(5))).toEqual([2]);
    expect(ids(reads.ready(8))).toEqual([1]);
    expect(reads.size).toBe(0);
  });

  test("are asked again only when their time has come", () => {
    const reads = asked(1);
    reads.start(10);
    expect(reads.retry(9, 20)).toBeUndefined();
    expect(reads.retry(10, 30)).toBeDefined();
    expect(reads.retry(29, 40)).toBeUndefined();
    expect(reads.deadline()).toBe(30);
  });

  test("expire wherever they stand", () => {
    const reads = asked(1);
    reads.confirm(reads.start(10) ?? -1, 8);
    reads.add({stream: 0, id: 2, request: {kind: "range", key: "x"}, expires: 1002});
    reads.start(5000);
    reads.add({stream: 0, id: 3, request: {kind: "range", key: "x"}, expires: 1003});
    expect(reads.deadline()).toBe(1001);
    expect(ids(reads.expire(1002))).toEqual([1, 2]);
    expect(reads.deadline()).toBe(1003);
    expect(reads.start(5000)).toBeDefined();
  });
});
