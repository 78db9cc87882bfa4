import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import type {Point} from "../../../core/server/io.ts";
import {nonceBound, Reads} from "../../../core/server/reads.ts";
import {led} from "./cluster.ts";

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
    return Array.from({length: count}, (_, i) => reads.step(i, 1) ?? -1);
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
      const contexts = [reads.step(0, 10), reads.step(10, 10), reads.step(20, 10)];
      reads.confirm(contexts[answered] ?? -1, 7);
      expect(ids(reads.ready(7))).toEqual([1]);
    }
  });

  test("are not confirmed by an answer to another batch", () => {
    const reads = asked(1);
    const first = reads.step(0, 10) ?? -1;
    reads.confirm(first, 3);
    reads.add({stream: 0, id: 2, request: {kind: "range", key: "x"}, expires: 2000});
    const second = reads.step(0, 10) ?? -1;
    reads.confirm(first, 9);
    reads.confirm(second + 1, 9);
    expect(ids(reads.ready(9))).toEqual([1]);
    expect(reads.size).toBe(1);
  });

  test("wait each for their own index", () => {
    const reads = asked(1);
    reads.confirm(reads.step(0, 10) ?? -1, 8);
    reads.add({stream: 0, id: 2, request: {kind: "range", key: "x"}, expires: 2000});
    reads.confirm(reads.step(0, 10) ?? -1, 5);
    expect(ids(reads.ready(4))).toEqual([]);
    expect(ids(reads.ready(5))).toEqual([2]);
    expect(ids(reads.ready(8))).toEqual([1]);
    expect(reads.size).toBe(0);
  });

  test("are asked again only when their time has come", () => {
    const reads = asked(1);
    reads.step(0, 10);
    expect(reads.step(9, 20)).toBeUndefined();
    expect(reads.step(10, 20)).toBeDefined();
    expect(reads.step(29, 20)).toBeUndefined();
    expect(reads.deadline()).toBe(30);
  });

  test("expire wherever they stand", () => {
    const reads = asked(1);
    reads.confirm(reads.step(0, 10) ?? -1, 8);
    reads.add({stream: 0, id: 2, request: {kind: "range", key: "x"}, expires: 1002});
    reads.step(0, 5000);
    reads.add({stream: 0, id: 3, request: {kind: "range", key: "x"}, expires: 1003});
    expect(reads.deadline()).toBe(1001);
    expect(ids(reads.expire(1002))).toEqual([1, 2]);
    expect(reads.deadline()).toBe(1003);
    expect(reads.step(0, 5000)).toBeDefined();
  });
});

describe("the actor of reads", () => {
  const stopping = (...points: readonly Point[]): Reads => {
    const reads = new Reads(nonce, points);
    reads.add({stream: 0, id: 1, request: {kind: "range", key: "x"}, expires: 1000});
    return reads;
  };

  test("may pause between the decision to ask, or to ask again, and its sending", () => {
    const reads = stopping("beforeReadIndex");
    expect([reads.step(0, 10), reads.pause(), reads.pause()]).toEqual([
      undefined,
      "beforeReadIndex",
      undefined,
    ]);
    // Nobody was asked: there is no answer to wait for, and no reason to ask again.
    expect([reads.step(500, 10), reads.deadline()]).toEqual([undefined, 1000]);
    reads.turn();
    const first = reads.step(500, 10) ?? -1;
    expect(reads.deadline()).toBe(510);
    expect([reads.step(510, 10), reads.pause()]).toEqual([undefined, "beforeReadIndex"]);
    const twin = reads.fork();
    twin.turn();
    expect(twin.step(520, 10)).toBe(first + 1);
    // The answer to the first question still counts; the second is not asked any more.
    reads.confirm(first, 3);
    reads.turn();
    expect([reads.step(520, 10), ids(reads.ready(3))]).toEqual([undefined, [1]]);
  });

  test("does not let a turn that was meant for an older batch send a later one", () => {
    const reads = stopping("beforeReadIndex");
    reads.step(0, 10);
    expect([reads.pause(), ids(reads.leaderChanged())]).toEqual(["beforeReadIndex", [1]]);
    reads.add({stream: 0, id: 2, request: {kind: "range", key: "x"}, expires: 2000});
    reads.step(0, 10);
    reads.turn();
    expect([reads.step(0, 10), reads.pause()]).toEqual([undefined, "beforeReadIndex"]);
    reads.turn();
    expect(reads.step(0, 10)).toBeDefined();
  });

  test("may pause between an answer and the serving of its reads, which may run out there", () => {
    const reads = stopping("beforeServeReads");
    reads.confirm(reads.step(0, 10) ?? -1, 3);
    expect([ids(reads.ready(2)), reads.pause()]).toEqual([[], undefined]);
    expect([ids(reads.ready(3)), reads.pause(), ids(reads.ready(9))]).toEqual([[], "beforeServeReads", []]);
    const twin = reads.fork();
    expect(ids(twin.expire(1000))).toEqual([1]);
    twin.turn();
    expect(ids(twin.ready(9))).toEqual([]);
    reads.turn();
    expect([ids(reads.ready(9)), reads.size]).toEqual([[1], 0]);
  });

  test("pauses again for later reads when those that stood there have run out", () => {
    const reads = stopping("beforeServeReads");
    reads.confirm(reads.step(0, 10) ?? -1, 3);
    expect([ids(reads.ready(3)), reads.pause()]).toEqual([[], "beforeServeReads"]);
    expect(ids(reads.expire(1000))).toEqual([1]);
    reads.turn();
    expect(ids(reads.ready(3))).toEqual([]);
    reads.add({stream: 0, id: 2, request: {kind: "range", key: "x"}, expires: 2000});
    reads.confirm(reads.step(1000, 10) ?? -1, 3);
    expect([ids(reads.ready(3)), reads.pause()]).toEqual([[], "beforeServeReads"]);
  });

  test("has another digest where it stands elsewhere", () => {
    const [one, other] = [stopping("beforeReadIndex"), stopping("beforeReadIndex")];
    one.step(0, 10);
    other.step(0, 10);
    expect(digest(one)).toBe(digest(other));
    one.pause();
    expect(digest(one)).not.toBe(digest(other));
    other.pause();
    one.turn();
    expect(digest(one)).not.toBe(digest(other));
  });
});

function digest(reads: Reads): string {
  const into = new Hasher();
  reads.digest(into, 0);
  return into.hash();
}

describe("a leader with lease reads", () => {
  /** The answers that n1, cut off from the others, gives to a read. */
  function answersAlone(leaseReads: boolean): number {
    const cluster = led({checkQuorum: true, leaseReads});
    cluster.isolated.add(1);
    const before = cluster.responses.length;
    cluster.ask(1, "get x");
    cluster.run();
    return cluster.responses.length - before;
  }

  test("answers without hearing from anybody, and one without does not", () => {
    expect([true, false].map(answersAlone)).toEqual([1, 0]);
  });
});
