// The worked example of core/mvcc/keyIndex.ts, and what a key index refuses.

import {describe, expect, it} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {Owner} from "../../../core/btree/node.ts";
import {KeyIndex} from "../../../core/mvcc/keyIndex.ts";
import type {KeyValue} from "../../../core/mvcc/kv.ts";
import {mainOf, revisionKey, type RevisionKey} from "../../../core/mvcc/revision.ts";

/** Put at 1, put at 2, delete at 3, put at 4, delete at 5. */
function example(): KeyIndex {
  const index = new KeyIndex("k", new Owner());
  index.put(revisionKey(1, 0));
  index.put(revisionKey(2, 0));
  index.tombstone(revisionKey(3, 0));
  index.put(revisionKey(4, 0));
  index.tombstone(revisionKey(5, 0));
  return index;
}

function valueWith(createRevision: number, version: number): KeyValue {
  return {key: "k", value: new Uint8Array(0), createRevision, modRevision: 0, version, lease: ""};
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
    const dropped: RevisionKey[] = [];
    const index = example().compacted(at, dropped, new Owner());
    expect(shown(index)).toBe(left);
    expect(dropped.map(mainOf)).toEqual(gone);
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
    expect(example().get(at)).toBe(main && revisionKey(main, 0));
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
    expect(index.put(revisionKey(2, 0))).toMatchObject({created: 2, version: 1});
    expect(index.put(revisionKey(3, 0))).toMatchObject({created: 2, version: 2});
    const compacted = index.compacted(3, [], new Owner());
    expect(compacted.put(revisionKey(4, 0))).toMatchObject({created: 2, version: 3});
    compacted.tombstone(revisionKey(5, 0));
    expect(compacted.put(revisionKey(6, 0))).toMatchObject({created: 6, version: 1});
  });

  it("finds the last of several puts in one revision", () => {
    const index = new KeyIndex("k", new Owner());
    index.put(revisionKey(2, 0));
    index.put(revisionKey(2, 3));
    expect(index.get(2)).toEqual(revisionKey(2, 3));
  });

  it("keeps a value re-created in the very revision of a delete and a compaction (etcd #22376)", () => {
    const index = new KeyIndex("k", new Owner());
    index.put(revisionKey(2, 0));
    index.tombstone(revisionKey(3, 0));
    index.put(revisionKey(3, 1));
    const compacted = index.compacted(3, [], new Owner());
    expect(compacted.get(3)).toEqual(revisionKey(3, 1));
  });

  it("refuses changes that are not newer, and a delete of what does not live", () => {
    const index = example();
    expect(() => index.put(revisionKey(5, 0))).toThrow("not newer");
    expect(() => index.tombstone(revisionKey(6, 0))).toThrow("deleted before");
    expect(() => new KeyIndex("k", new Owner()).tombstone(revisionKey(2, 0))).toThrow("a life");
  });

  it("keeps of a life whose first put compaction has dropped what its later puts tell: main revision and version", () => {
    const index = new KeyIndex("k", new Owner());
    index.put(revisionKey(2, 4));
    index.put(revisionKey(3, 1));
    expect(index.compacted(2, [], new Owner()).history()[0]?.created).toEqual({main: 2, sub: 4});
    expect(index.compacted(3, [], new Owner()).history()).toEqual([
      {created: {main: 2, sub: 0}, version: 2, revisions: [{main: 3, sub: 1}]},
    ]);
  });

  it("keeps of a life of which only the tombstone is left nothing of its puts", () => {
    expect(example().compacted(3, [], new Owner()).history()[0]).toEqual({
      created: {main: 3, sub: 0},
      version: 0,
      revisions: [],
      tombstone: {main: 3, sub: 0},
    });
  });

  it("comes back from the changes that compaction has left", () => {
    for (let at = 0; at <= 5; at++) {
      const compacted = example().compacted(at, [], new Owner());
      const index = new KeyIndex("k", new Owner());
      const created = [0, 1, 1, 0, 4, 0];
      const version = [0, 1, 2, 0, 1, 0];
      for (const {revisions, tombstone} of compacted.history()) {
        for (const {main, sub} of revisions) {
          const kv = valueWith(present(created[main], "created"), present(version[main], "version"));
          expect(index.restorePut(revisionKey(main, sub), kv)).toBe(true);
        }
        if (tombstone === undefined) continue;
        expect(index.restoreTombstone(revisionKey(tombstone.main, tombstone.sub))).toBe(true);
      }
      expect(index.history()).toEqual(compacted.history());
    }
  });

  it.each([
    ["a put that begins a life", 6, 0, 6, 1, true],
    ["no put at its last change", 5, 0, 5, 1, false],
    ["no put of a life that began when another was going on", 6, 0, 4, 2, false],
    ["no put of a life cut in its middle: compaction drops the oldest first", 8, 0, 6, 2, false],
    ["a put of a life cut in the very revision that ended the last one", 5, 2, 5, 2, true],
    ["no put of version 0", 6, 0, 6, 0, false],
    ["no first put that was created before", 6, 0, 5, 1, false],
    ["no put created after itself", 6, 0, 7, 1, false],
  ])("takes back, after all: %s", (_, main, sub, created, version, taken) => {
    const index = example();
    expect(index.restorePut(revisionKey(main, sub), valueWith(created, version))).toBe(taken);
    if (!taken) expect(index.history()).toEqual(example().history());
  });

  it.each([
    ["a put whose life was cut", 9, 1, 2, 3, true],
    ["no put with more before it than there was room for", 2, 1, 2, 3, false],
    ["no put created after itself", 9, 0, 10, 2, false],
  ])("takes back, at first: %s", (_, main, sub, created, version, taken) => {
    const index = new KeyIndex("k", new Owner());
    expect(index.restorePut(revisionKey(main, sub), valueWith(created, version))).toBe(taken);
    expect(index.isEmpty).toBe(!taken);
  });

  it.each([
    ["its next put", 3, 2, 2, true],
    ["no put of a version too high", 3, 2, 3, false],
    ["no put of a version too low", 3, 2, 1, false],
    ["no put created at another revision", 3, 3, 2, false],
    ["no put that begins a life", 3, 3, 1, false],
    ["no put before the last one", 1, 2, 2, false],
  ])("takes back, in a life that goes on: %s", (_, main, created, version, taken) => {
    const index = new KeyIndex("k", new Owner());
    index.put(revisionKey(2, 0));
    expect(index.restorePut(revisionKey(main, 0), valueWith(created, version))).toBe(taken);
    expect(shown(index)).toBe(taken ? "{2, 3}" : "{2}");
  });

  it("takes back a tombstone if a life goes on, or if nothing else is left of its own (etcd #19179)", () => {
    const index = new KeyIndex("k", new Owner());
    expect(index.restoreTombstone(revisionKey(3, 0))).toBe(true);
    expect(index.restoreTombstone(revisionKey(3, 0))).toBe(false);
    expect(index.restoreTombstone(revisionKey(4, 0))).toBe(false);
    expect(index.restoreTombstone(revisionKey(3, 2))).toBe(true);
    index.put(revisionKey(5, 0));
    expect(index.restoreTombstone(revisionKey(4, 0))).toBe(false);
    expect(index.restoreTombstone(revisionKey(6, 0))).toBe(true);
    expect(shown(index)).toBe("{3t} {3t} {5, 6t}");
  });

  it("shares no life with the index that was compacted", () => {
    const index = example();
    index.put(revisionKey(6, 0));
    const compacted = index.compacted(6, [], new Owner());
    compacted.put(revisionKey(7, 0));
    compacted.tombstone(revisionKey(8, 0));
    expect([shown(index), shown(compacted)]).toEqual(["{1, 2, 3t} {4, 5t} {6}", "{6, 7, 8t}"]);
  });

  it("tells what a value carries without the record, of a life that goes on, is over, or was cut", () => {
    const index = example();
    index.put(revisionKey(6, 1));
    index.put(revisionKey(8, 0));
    index.put(revisionKey(9, 0));
    expect(index.find(8)).toEqual({at: revisionKey(8, 0), created: 6, version: 2});
    expect(index.find(2)).toEqual({at: revisionKey(2, 0), created: 1, version: 2});
    expect([index.find(5), index.find(0)]).toEqual([undefined, undefined]);
    const cut = index.compacted(8, [], new Owner());
    expect(cut.find(9)).toEqual({at: revisionKey(9, 0), created: 6, version: 3});
    expect(cut.find(8)).toEqual(index.find(8));
  });

  it("is not reached by what a copy records", () => {
    const index = new KeyIndex("k", new Owner());
    index.put(revisionKey(2, 0));
    const copy = index.copy(new Owner());
    copy.put(revisionKey(3, 0));
    copy.tombstone(revisionKey(4, 0));
    expect([shown(index), shown(copy)]).toEqual(["{2}", "{2, 3, 4t}"]);
  });

  it("shows a history that later changes do not reach", () => {
    const index = new KeyIndex("k", new Owner());
    index.put(revisionKey(2, 0));
    const history = index.history();
    index.put(revisionKey(3, 0));
    expect(history[0]?.revisions).toEqual([{main: 2, sub: 0}]);
  });
});
