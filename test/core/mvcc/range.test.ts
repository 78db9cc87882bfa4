// Range reads, sentence by sentence: which keys, at which revision, in what order, cut where.

import {describe, expect, it} from "vitest";
import type {Store} from "../../../core/mvcc/store.ts";
import {errorOf, history, must, put, range, read, revisions, show} from "./notation.ts";

const letters = (): Store => history("put a 1", "put b 2", "put c 3", "put b 4", "del c");

describe("the range of a read", () => {
  it("is exactly the key without a range end", () => {
    expect(read(letters(), range("a"))).toBe("a=1");
    expect(read(letters(), range("aa"))).toBe("");
  });

  it("goes up to the range end, not included", () => {
    expect(read(letters(), range("a", "b"))).toBe("a=1");
  });

  it('goes on without an end if the range end is "\\0"', () => {
    expect(read(letters(), range("b", "\0"))).toBe("b=4");
    expect(read(letters(), range("\0", "\0"))).toBe("a=1 b=4");
  });

  it("is empty, without an error, if the end lies before the key", () => {
    expect(must(letters().range(range("b", "a")))).toEqual({kind: "range", kvs: [], more: false, count: 0});
  });

  it("needs a key", () => {
    expect(errorOf(letters().range(range("")))).toBe("emptyKey");
  });
});

describe("the revision of a read", () => {
  it("is the current one for 0 and below", () => {
    for (const revision of [0, -1, -5]) expect(read(letters(), range("a", "\0", {revision}))).toBe("a=1 b=4");
  });

  it("shows the state just after that write", () => {
    const states = [1, 2, 3, 4, 5, 6].map((revision) => read(letters(), range("a", "\0", {revision})));
    expect(states).toEqual(["", "a=1", "a=1 b=2", "a=1 b=2 c=3", "a=1 b=4 c=3", "a=1 b=4"]);
  });

  it("may not lie in the future", () => {
    expect(errorOf(letters().range(range("a", "", {revision: 7})))).toBe("futureRevision");
  });

  it("may be the compact revision, but none before it", () => {
    const store = letters();
    must(store.compact(5));
    expect(errorOf(store.range(range("a", "", {revision: 4})))).toBe("compacted");
    expect(read(store, range("a", "\0", {revision: 5}))).toBe("a=1 b=4 c=3");
  });
});

describe("a key's revisions", () => {
  it("say when it was created, when last changed, and by how many puts", () => {
    expect(revisions(letters(), "b")).toEqual({create: 3, mod: 5, version: 2});
    expect(revisions(letters(), "b", 4)).toEqual({create: 3, mod: 3, version: 1});
  });

  it("begin anew after a delete", () => {
    expect(revisions(history("put a", "put a", "del a", "put a"), "a")).toEqual({
      create: 5,
      mod: 5,
      version: 1,
    });
  });
});

describe("limit, more and count", () => {
  it("cut the keys, say so, and count all of them nevertheless", () => {
    const store = history("put a 1", "put b 2", "put c 3");
    expect(must(store.range(range("a", "\0", {limit: 2})))).toMatchObject({
      more: true,
      count: 3,
      kvs: {length: 2},
    });
    expect(must(store.range(range("a", "\0", {limit: 3})))).toMatchObject({
      more: false,
      count: 3,
      kvs: {length: 3},
    });
    expect(must(store.range(range("a", "\0", {limit: -1})))).toMatchObject({
      more: false,
      count: 3,
      kvs: {length: 3},
    });
  });

  it("answer only the count if only that is asked", () => {
    expect(must(letters().range(range("a", "\0", {countOnly: true, limit: 1})))).toEqual({
      kind: "range",
      kvs: [],
      more: false,
      count: 2,
    });
  });

  it("leave the values out if only keys are asked", () => {
    const {kvs} = must(letters().range(range("b", "", {keysOnly: true})));
    expect(kvs).toEqual([
      {key: "b", value: new Uint8Array(0), createRevision: 3, modRevision: 5, version: 2, lease: ""},
    ]);
  });
});

describe("the order of a read", () => {
  const mixed = (): Store => history("put a z", "put c x", "put b y", "put a w");

  it.each([
    ["key", "c=x b=y a=w"],
    ["version", "a=w b=y c=x"],
    ["create", "b=y c=x a=w"],
    ["mod", "a=w b=y c=x"],
    ["value", "b=y c=x a=w"],
  ] as const)("descends by %s", (sortTarget, expected) => {
    expect(read(mixed(), range("a", "\0", {sortTarget, sortOrder: "descend"}))).toBe(expected);
  });

  it("ascends by the target if none is given", () => {
    expect(read(mixed(), range("a", "\0", {sortTarget: "mod"}))).toBe("c=x b=y a=w");
  });

  it("keeps ties in key order, both ways", () => {
    expect(read(mixed(), range("a", "\0", {sortTarget: "version", sortOrder: "ascend"}))).toBe("b=y c=x a=w");
  });

  it("is made before the cut, with an order", () => {
    expect(read(mixed(), range("a", "\0", {sortTarget: "mod", sortOrder: "ascend", limit: 1}))).toBe("c=x");
  });

  it("is made after the cut to limit + 1 keys, without an order: etcd's quirk", () => {
    expect(read(mixed(), range("a", "\0", {sortTarget: "mod", limit: 1}))).toBe("b=y");
  });

  it("compares values as bytes, a prefix first", () => {
    const store = history("put a ab", "put b a", "put c b");
    must(store.apply(put("d", "")));
    expect(read(store, range("a", "\0", {sortTarget: "value", sortOrder: "ascend"}))).toBe("d= b=a a=ab c=b");
  });
});

describe("bounds of revisions", () => {
  it("leave keys out after they were counted, before they are sorted and cut; 0 is none", () => {
    const store = history("put a 1", "put b 1", "put c 1", "put a 2", "put d 1");
    const found = (more: object): string => read(store, range("a", "\0", more));
    expect(found({minModRevision: 4})).toBe("a=2 c=1 d=1");
    expect(found({maxModRevision: 4})).toBe("b=1 c=1");
    expect(found({minCreateRevision: 3, maxCreateRevision: 4})).toBe("b=1 c=1");
    const cut = must(store.range(range("a", "\0", {minModRevision: 4, limit: 2})));
    expect([show(cut), cut.more, cut.count]).toEqual(["a=2 c=1", true, 4]);
    expect(found({maxModRevision: -1})).toBe("");
  });
});

describe("keys only", () => {
  it("come from the index: without value and lease, unless they are sorted by value", () => {
    const lease = "00000000000000ff";
    const store = history("put b 1");
    must(store.apply(put("a", "2", {lease}), new Set([lease])));
    const keys = (more: object): unknown =>
      must(store.range(range("a", "\0", {keysOnly: true, ...more}))).kvs;
    expect(keys({})).toMatchObject([
      {key: "a", lease: "", createRevision: 3, modRevision: 3, version: 1},
      {key: "b", lease: ""},
    ]);
    expect(keys({sortTarget: "value"})).toMatchObject([{key: "b"}, {key: "a", lease}]);
  });
});

describe("a word that is no order or no target", () => {
  it("is an invalid sort option", () => {
    const store = history("put a 1");
    for (const more of [{sortOrder: "up"}, {sortTarget: "lease"}])
      expect(errorOf(store.range(range("a", "", more as object)))).toBe("invalidSortOption");
  });
});
