// Writes and transactions, sentence by sentence: revisions, compares, what is seen, what is refused.

import {describe, expect, it} from "vitest";
import type {RequestOp} from "../../../core/mvcc/kv.ts";
import {isReadOnly, Store, validate} from "../../../core/mvcc/store.ts";
import {
  applied,
  compare,
  del,
  errorOf,
  history,
  must,
  put,
  range,
  read,
  responses,
  revisions,
  show,
  txn,
} from "./notation.ts";

describe("the revision", () => {
  it("is 1 in a fresh store, and 2 after the first write", () => {
    const store = new Store();
    expect([store.currentRevision, store.compactRevision]).toEqual([1, -1]);
    expect(applied(store, put("a")).revision).toBe(2);
  });

  it("stays where it is for a delete that finds nothing and for a transaction that only reads", () => {
    const store = history("put a 1");
    expect(applied(store, del("b"))).toMatchObject({revision: 2, events: [], result: {deleted: 0}});
    expect(applied(store, txn([], [range("a")]))).toMatchObject({revision: 2, events: []});
    expect(store.currentRevision).toBe(2);
  });

  it("is one for all changes of a transaction, numbered by sub in the order of the changes", () => {
    const store = history("put a 1", "put b 2");
    const {events, revision} = applied(store, txn([], [put("z", "3"), del("a", "c"), put("c", "4")]));
    expect(revision).toBe(4);
    expect(events.map(({kind, kv}) => `${kind} ${kv.key} ${kv.modRevision}`)).toEqual([
      "put z 4",
      "delete a 4",
      "delete b 4",
      "put c 4",
    ]);
    expect([0, 1, 2, 3, 4].map((sub) => store.versionAt(4, sub)?.kv.key)).toEqual([
      "z",
      "a",
      "b",
      "c",
      undefined,
    ]);
  });
});

describe("put", () => {
  it("answers the previous value only if asked, and only if there was one", () => {
    const store = new Store();
    expect(applied(store, put("a", "1", {prevKv: true})).result).toEqual({kind: "put"});
    expect(applied(store, put("a", "2", {prevKv: true})).result).toMatchObject({
      prevKv: {modRevision: 2, version: 1},
    });
    expect(applied(store, put("a", "3")).result).toEqual({kind: "put"});
  });

  it("accepts an empty value and refuses an empty key", () => {
    const store = new Store();
    applied(store, put("a", ""));
    expect(read(store, range("a"))).toBe("a=");
    expect(errorOf(store.apply(put("", "1")))).toBe("emptyKey");
  });

  it("refuses a lease that does not exist, alone and in a transaction, and changes nothing", () => {
    const store = new Store();
    const leased = put("b", "1", {lease: "00000000000000ff"});
    expect(errorOf(store.apply(leased))).toBe("leaseNotFound");
    expect(errorOf(store.apply(txn([], [put("a", "1"), leased])))).toBe("leaseNotFound");
    expect([store.currentRevision, store.keys()]).toEqual([1, []]);
  });
});

describe("deleteRange", () => {
  it("counts what it deleted and answers the previous values in key order if asked", () => {
    const store = history("put b 2", "put a 1", "put c 3");
    const {result, events} = applied(store, del("a", "c", {prevKv: true}));
    expect(result).toMatchObject({deleted: 2, prevKvs: [{key: "a"}, {key: "b"}]});
    expect(events.map(({kv}) => kv.key)).toEqual(["a", "b"]);
    expect(applied(store, del("c")).result).toEqual({kind: "deleteRange", deleted: 1, prevKvs: []});
  });

  it("makes events that hold only the key and the revision", () => {
    const [event] = applied(history("put a 1"), del("a")).events;
    expect(event).toEqual({
      kind: "delete",
      kv: {key: "a", value: new Uint8Array(0), createRevision: 0, modRevision: 3, version: 0, lease: ""},
    });
  });
});

describe("a transaction", () => {
  it("runs success if all compares hold, else failure; no compare at all holds", () => {
    const store = history("put a 1");
    const choose = (...compares: Parameters<typeof txn>[0]): boolean => {
      const {result} = applied(store.fork(), txn(compares, [put("x", "then")], [put("x", "else")]));
      return result.kind === "txn" && result.succeeded;
    };
    expect(choose()).toBe(true);
    expect(choose(compare("a", "version", "=", 1), compare("a", "value", "=", "1"))).toBe(true);
    expect(choose(compare("a", "version", "=", 1), compare("a", "value", "=", "2"))).toBe(false);
  });

  it("sees its own earlier writes in ranges, puts and deletes", () => {
    const store = history("put a 1");
    const {result} = applied(
      store,
      txn([], [put("b", "2"), range("a", "\0"), del("a"), range("a", "\0"), del("a")]),
    );
    const shown = responses(result).map((inner) =>
      inner.kind === "range" ? show(inner) : inner.kind === "deleteRange" ? inner.deleted : inner.kind,
    );
    expect(shown).toEqual(["put", "a=1 b=2", 1, "b=2", 0]);
  });

  it("may read an old revision in the middle of its writes, but not the one it is making", () => {
    const store = history("put a 1", "put a 2");
    const {result} = applied(
      store,
      txn([], [put("a", "3"), range("a", "", {revision: 2}), range("a", "", {revision: 3})]),
    );
    expect(responses(result).map((inner) => (inner.kind === "range" ? show(inner) : ""))).toEqual([
      "",
      "a=1",
      "a=2",
    ]);
    expect(errorOf(store.apply(txn([], [put("a", "4"), range("a", "", {revision: 5})])))).toBe(
      "futureRevision",
    );
  });

  it("is refused whole if one of its reads is compacted, on the chosen branch only", () => {
    const store = history("put a 1", "put a 2", "put a 3");
    must(store.compact(3));
    const old = range("a", "", {revision: 2});
    expect(errorOf(store.apply(txn([], [put("a", "4"), old])))).toBe("compacted");
    expect([store.currentRevision, read(store, range("a"))]).toEqual([4, "a=3"]);
    expect(errorOf(store.apply(txn([], [put("a", "4")], [old])))).toBe("ok");
  });

  it("takes only 0 as the current revision: a negative one lies before a compaction (etcd #13871)", () => {
    const store = history("put a 1");
    const negative = txn([], [range("a", "", {revision: -1})]);
    expect(errorOf(store.readTxn(negative))).toBe("ok");
    must(store.compact(1));
    expect(errorOf(store.readTxn(negative))).toBe("compacted");
  });

  it("does not change the store when it is only read", () => {
    const store = history("put a 1");
    expect(must(store.readTxn(txn([compare("a", "version", "=", 1)], [range("a")])))).toMatchObject({
      succeeded: true,
    });
    expect(errorOf(store.readTxn(txn([], [put("a", "2")])))).toBe("unsupported");
    expect(read(store, range("a"))).toBe("a=1");
  });

  it("is read-only if both branches hold ranges only; a nested transaction counts as a write", () => {
    expect(isReadOnly(txn([], [range("a")], [range("b")]))).toBe(true);
    expect(isReadOnly(txn([], [range("a")], [put("b")]))).toBe(false);
    expect(isReadOnly(txn([], [txn([], [range("a")])]))).toBe(false);
  });
});

describe("a compare", () => {
  it.each([
    ["version", "=", 2, true],
    ["version", ">", 1, true],
    ["version", ">", 2, false],
    ["create", "=", 2, true],
    ["create", "<", 2, false],
    ["mod", "=", 3, true],
    ["mod", "!=", 3, false],
    ["value", "=", "2", true],
    ["value", "<", "20", true],
    ["value", ">", "1", true],
    ["value", "!=", "2", false],
  ] as const)(
    "of %s %s %s of a key with version 2, create 2, mod 3 and value 2 is %s",
    (kind, result, value, holds) => {
      const store = history("put a 1", "put a 2");
      expect(must(store.readTxn(txn([compare("a", kind, result, value)], []))).succeeded).toBe(holds);
    },
  );

  it("finds zeros for a missing key, so that create = 0 asks for its absence", () => {
    const store = new Store();
    for (const kind of ["version", "create", "mod"] as const) {
      expect(must(store.readTxn(txn([compare("a", kind, "=", 0)], []))).succeeded).toBe(true);
    }
  });

  it("of a missing key's value never holds, not even !=", () => {
    const store = new Store();
    for (const result of ["=", "!=", "<", ">"] as const) {
      expect(must(store.readTxn(txn([compare("a", "value", result, "")], []))).succeeded).toBe(false);
    }
  });
});

describe("a nested transaction", () => {
  it("runs in place, under the same revision", () => {
    const store = new Store();
    const {result, revision} = applied(
      store,
      txn([], [put("a", "1"), txn([], [put("b", "2")]), range("a", "\0")]),
    );
    expect(revision).toBe(2);
    expect(responses(result)[1]).toMatchObject({kind: "txn", succeeded: true, responses: [{kind: "put"}]});
    expect(revisions(store, "b")).toEqual({create: 2, mod: 2, version: 1});
  });

  it("compares with the state before the whole transaction", () => {
    const store = new Store();
    const inner = txn([compare("a", "create", "=", 0)], [range("a")], []);
    const {result} = applied(store, txn([], [put("a", "1"), inner]));
    expect(responses(result)[1]).toMatchObject({succeeded: true, responses: [{count: 1}]});
  });
});

describe("the form of a request", () => {
  const many = (count: number): RequestOp[] => Array.from({length: count}, () => range("a"));

  it("allows 128 operations or compares, in each branch", () => {
    const compares = Array.from({length: 129}, () => compare("a", "mod", "=", 0));
    expect(validate(txn([], many(128), many(128)), 128)).toBe(undefined);
    expect(validate(txn([], [], many(129)), 128)).toBe("tooManyOps");
    expect(validate(txn(compares, []), 128)).toBe("tooManyOps");
  });

  it("leaves a nested transaction what the outer one did not use", () => {
    expect(validate(txn([], [txn([], many(127))]), 128)).toBe(undefined);
    expect(validate(txn([], [txn([], many(128))]), 128)).toBe("tooManyOps");
    expect(validate(txn([], [...many(2), txn([], many(126))]), 128)).toBe("tooManyOps");
  });

  it("needs a key in every compare and operation, in both branches and below", () => {
    expect(validate(txn([compare("", "mod", "=", 0)], []))).toBe("emptyKey");
    expect(validate(txn([], [], [del("")]))).toBe("emptyKey");
    expect(validate(txn([], [txn([], [], [range("")])]))).toBe("emptyKey");
  });

  it.each([
    ["put a, put a", [put("a"), put("a")], "duplicateKey"],
    ["put a, put b", [put("a"), put("b")], undefined],
    ["put b, delete a..c", [put("b"), del("a", "c")], "duplicateKey"],
    ["delete a..c, put b", [del("a", "c"), put("b")], "duplicateKey"],
    ["delete a..c, put c", [del("a", "c"), put("c")], undefined],
    ["delete a, delete a..c", [del("a"), del("a", "c")], undefined],
    ["delete from a on, put z", [del("a", "\0"), put("z")], "duplicateKey"],
    ["put a, then a nested put a", [put("a"), txn([], [put("a")])], "duplicateKey"],
    ["delete a, then a nested put a", [del("a"), txn([], [], [put("a")])], "duplicateKey"],
    ["nested put a, then nested delete a", [txn([], [put("a")]), txn([], [del("a")])], "duplicateKey"],
    ["nested delete a, then nested put a", [txn([], [del("a")]), txn([], [put("a")])], "duplicateKey"],
    ["put a in a nested then, delete a in its else", [txn([], [put("a")], [del("a")])], undefined],
  ] as const)("may be, or is refused: %s", (_, ops, expected) => {
    expect(validate(txn([], ops))).toBe(expected);
    expect(validate(txn([], [], ops))).toBe(expected);
  });

  it("is asked for again by the store, which refuses what a server should not have let through", () => {
    const store = new Store();
    expect(errorOf(store.apply(txn([], [put("a"), put("a")])))).toBe("duplicateKey");
    expect(store.currentRevision).toBe(1);
  });
});

describe("what a put may keep, or attach", () => {
  const lease = "00000000000000ff";
  const leases = new Set([lease]);

  it("is the old value, or the old lease, of a key that exists; and then none may be given", () => {
    const store = new Store();
    must(store.apply(put("a", "1", {lease}), leases));
    expect(applied(store, put("a", "", {ignoreValue: true, prevKv: true})).events[0]?.kv.lease).toBe("");
    expect(read(store, range("a"))).toBe("a=1");
    must(store.apply(put("a", "2", {lease}), leases));
    expect(applied(store, put("a", "3", {ignoreLease: true})).events[0]?.kv.lease).toBe(lease);
    expect(errorOf(store.apply(put("a", "4", {ignoreValue: true})))).toBe("valueProvided");
    expect(errorOf(store.apply(put("a", "4", {ignoreLease: true, lease}), leases))).toBe("leaseProvided");
    for (const keeps of [{ignoreValue: true}, {ignoreLease: true}]) {
      expect(errorOf(store.apply(put("b", "", keeps)))).toBe("keyNotFound");
      expect(errorOf(store.apply(txn([], [put("c", "1"), put("b", "", keeps)])))).toBe("keyNotFound");
    }
    expect(store.keys()).toEqual(["a"]);
  });

  it("is a lease that there is; one of zero is none", () => {
    const store = new Store();
    expect(errorOf(store.apply(put("a", "1", {lease: "0000000000000001"}), leases))).toBe("leaseNotFound");
    expect(applied(store, put("a", "1", {lease: "0".repeat(16)})).events[0]?.kv.lease).toBe("");
  });

  it("is refused in the order in which the operations would run, nested ones where they stand", () => {
    const store = history("put a 1");
    const nested = txn([], [put("b", "", {ignoreValue: true})]);
    expect(errorOf(store.apply(txn([], [nested, range("a", "", {revision: 9})])))).toBe("keyNotFound");
    expect(errorOf(store.apply(txn([], [range("a", "", {revision: 9}), nested])))).toBe("futureRevision");
  });
});

describe("a compare of a range", () => {
  it("holds if it holds of every key in it, and of an empty one if it holds of a missing key", () => {
    const store = history("put a 1", "put b 2", "put b 3");
    const holds = (rangeEnd: string, version: number): boolean => {
      const all = {...compare("a", "version", ">", version), rangeEnd};
      const {result} = applied(store, txn([all], []));
      return result.kind === "txn" && result.succeeded;
    };
    expect([holds("c", 0), holds("c", 1), holds("", 0)]).toEqual([true, false, true]);
    const none = (kind: "create" | "value"): unknown =>
      applied(store, txn([{...compare("x", kind, "!=", kind === "value" ? "1" : 1), rangeEnd: "z"}], []))
        .result;
    expect([none("create"), none("value")]).toMatchObject([{succeeded: true}, {succeeded: false}]);
  });
});

describe("the answers within a transaction", () => {
  it("carry the revision that was read or written; a nested transaction's carries none (etcd's inner headers)", () => {
    const store = history("put a 1");
    const ops = [range("a"), del("x"), put("b", "1"), range("a", "", {revision: 2}), txn([], [del("a")])];
    const inner = responses(applied(store, txn([], ops)).result);
    expect(inner.map((one) => (one.kind === "txn" ? undefined : one.revision))).toEqual([
      2,
      2,
      3,
      3,
      undefined,
    ]);
    expect(inner[4]).toMatchObject({responses: [{kind: "deleteRange", revision: 3}]});
    expect(applied(store, put("c")).result).toEqual({kind: "put"});
  });
});

describe("the keys of a lease that ends", () => {
  it("are deleted in the given order under one revision; nothing happens if none lives", () => {
    const store = history("put a 1", "put b 1", "put c 1", "del b");
    const {events, revision} = store.deleteKeys(["c", "x", "b", "a", "a"]);
    expect(events.map(({kind, kv}) => `${kind} ${kv.key}@${kv.modRevision}`)).toEqual([
      "delete c@6",
      "delete a@6",
    ]);
    expect([revision, store.currentRevision, store.versionAt(6, 1)?.kv.key]).toEqual([6, 6, "a"]);
    expect(store.deleteKeys(["a", "c"])).toEqual({revision: 6, events: []});
  });
});
