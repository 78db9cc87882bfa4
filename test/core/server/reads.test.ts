import {describe, expect, test} from "vitest";
import {Reads} from "../../../core/server/reads.ts";

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
