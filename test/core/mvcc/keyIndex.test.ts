// The worked example of core/mvcc/keyIndex.ts, and what a key index refuses.

import {describe, expect, it} from "vitest";
import {Owner} from "../../../core/btree/node.ts";
import {KeyIndex} from "../../../core/mvcc/keyIndex.ts";
import type {FullRevision} from "../../../core/mvcc/kv.ts";

/** Put at 1, put at 2, delete at 3, put at 4, delete at 5. */
function example(): KeyIndex {
  const index = new KeyIndex("k", new Owner());
  index.put({main: 1, sub: 0});
  index.put({main: 2, sub: 0});
  index.tombstone({main: 3, sub: 0});
  index.put({main: 4, sub: 0});
  index.tombstone({main: 5, sub: 0});
  return index;
}

function shown(index: KeyIndex): string {
  const lives = index.history().map(({revisions, tombstone}) => {
    const parts = revisions.map(({main}) => `${main}`);
    if (tombstone !== undefined) parts.push(`${tombstone.main}t`);
    return `{${parts.join(", ")}}`;
  });
  return lives.join(" ");
}

describe("put at 1, put at 2, delete at 3, put at 4, delete at 5", () => {
  it("makes two generations", () => {
    expect(shown(example())).toBe("{1, 2, 3t} {4, 5t}");
  });

  it.each([
    [0, "{1, 2, 3t} {4, 5t}", []],
    [1, "{1, 2, 3t} {4, 5t}", []],
    [2, "{2, 3t} {4, 5t}", [1]],
    [3, "{3t} {4, 5t}", [1, 2]],
    [4, "{4, 5t}", [1, 2, 3]],
    [5, "{5t}", [1, 2, 3, 4]],
    [6, "", [1, 2, 3, 4, 5]],
  ])("leaves, compacted at %i, %s", (at, left, gone) => {
    const dropped: FullRevision[] = [];
    const index = example().compacted(at, dropped, new Owner());
    expect(shown(index)).toBe(left);
    expect(dropped.map(({main}) => main)).toEqual(gone);
    expect(index.isEmpty).toBe(left === "");
  });

  it.each([
    [0, undefined],
    [1, 1],
    [2, 2],
    [3, undefined],
    [4, 4],
    [5, undefined],
    [9, undefined],
  ])("is found by a read at %i in revision %s", (at, main) => {
    expect(example().get(at)?.main).toBe(main);
  });

  it("answers every read from the compact revision on as before", () => {
    for (let compacted = 0; compacted <= 6; compacted++) {
      const index = example().compacted(compacted, [], new Owner());
      for (let at = compacted; at <= 7; at++) expect(index.get(at)).toEqual(example().get(at));
    }
  });

  it("is the same index when compaction has nothing to drop", () => {
    const index = example();
    expect(index.compacted(1, [], new Owner())).toBe(index);
  });
});

describe("a key index", () => {
  it("counts versions per generation, compacted ones too", () => {
    const index = new KeyIndex("k", new Owner());
    expect(index.put({main: 2, sub: 0})).toEqual({created: 2, version: 1});
    expect(index.put({main: 3, sub: 0})).toEqual({created: 2, version: 2});
    const compacted = index.compacted(3, [], new Owner());
    expect(compacted.put({main: 4, sub: 0})).toEqual({created: 2, version: 3});
    compacted.tombstone({main: 5, sub: 0});
    expect(compacted.put({main: 6, sub: 0})).toEqual({created: 6, version: 1});
  });

  it("finds the last of several puts in one revision", () => {
    const index = new KeyIndex("k", new Owner());
    index.put({main: 2, sub: 0});
    index.put({main: 2, sub: 3});
    expect(index.get(2)).toEqual({main: 2, sub: 3});
  });

  it("keeps a value re-created in the very revision of a delete and a compaction (etcd #22376)", () => {
    const index = new KeyIndex("k", new Owner());
    index.put({main: 2, sub: 0});
    index.tombstone({main: 3, sub: 0});
    index.put({main: 3, sub: 1});
    const compacted = index.compacted(3, [], new Owner());
    expect(compacted.get(3)).toEqual({main: 3, sub: 1});
  });

  it("refuses changes that are not newer, and a delete of what does not live", () => {
    const index = example();
    expect(() => index.put({main: 5, sub: 0})).toThrow("not newer");
    expect(() => index.tombstone({main: 6, sub: 0})).toThrow("deleted before");
    expect(() => new KeyIndex("k", new Owner()).tombstone({main: 2, sub: 0})).toThrow("a life");
  });

  it("tells what compaction has cut off, and goes on from there in another store", () => {
    const compacted = example().compacted(3, [], new Owner());
    const cut = {created: {main: 1, sub: 0}, dropped: 2};
    expect(compacted.cuts()).toEqual([{at: {main: 3, sub: 0}, cut}]);
    const other = new KeyIndex("k", new Owner());
    other.resume(cut);
    other.tombstone({main: 3, sub: 0});
    other.put({main: 4, sub: 0});
    other.tombstone({main: 5, sub: 0});
    expect(other.history()).toEqual(compacted.history());
    expect(example().cuts()).toEqual([]);
  });

  it.each([
    ["a put later than all", "put", {main: 6, sub: 0}, undefined, true],
    ["no put at its last change", "put", {main: 5, sub: 0}, undefined, false],
    ["no delete of what does not live", "delete", {main: 6, sub: 0}, undefined, false],
    ["a life cut after the last one", "delete", {main: 8, sub: 0}, {main: 6, sub: 0}, true],
    ["no life cut before the last one ended", "put", {main: 8, sub: 0}, {main: 4, sub: 0}, false],
    ["no life cut after its oldest change", "put", {main: 8, sub: 0}, {main: 9, sub: 0}, false],
  ] as const)("takes next: %s", (_, kind, revision, created, taken) => {
    const cut = created === undefined ? undefined : {created, dropped: 1};
    expect(example().takes(kind, revision, cut)).toBe(taken);
  });

  it("takes no cut life while the last one goes on, and refuses to begin it", () => {
    const index = new KeyIndex("k", new Owner());
    index.put({main: 2, sub: 0});
    const cut = {created: {main: 3, sub: 0}, dropped: 1};
    expect(index.takes("delete", {main: 5, sub: 0}, undefined)).toBe(true);
    expect(index.takes("delete", {main: 5, sub: 0}, cut)).toBe(false);
    expect(() => index.resume(cut)).toThrow("has not ended");
  });

  it("is not reached by what a copy records", () => {
    const index = new KeyIndex("k", new Owner());
    index.put({main: 2, sub: 0});
    const copy = index.copy(new Owner());
    copy.put({main: 3, sub: 0});
    copy.tombstone({main: 4, sub: 0});
    expect([shown(index), shown(copy)]).toEqual(["{2}", "{2, 3, 4t}"]);
  });

  it("shows a history that later changes do not reach", () => {
    const index = new KeyIndex("k", new Owner());
    index.put({main: 2, sub: 0});
    const history = index.history();
    index.put({main: 3, sub: 0});
    expect(history[0]?.revisions).toEqual([{main: 2, sub: 0}]);
  });
});
