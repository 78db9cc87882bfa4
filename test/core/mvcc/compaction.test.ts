// Compaction, sentence by sentence; then forks and digests of a store.

import {describe, expect, it} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import {everyKey, Store} from "../../../core/mvcc/store.ts";
import {applied, del, errorOf, generations, history, must, put, range, read, txn, write} from "./notation.ts";

function changes(store: Store, from: number): string[] {
  return store
    .eventsBetween(from, store.currentRevision + 1, everyKey)
    .map(
      ({revision, events}) => `${revision}: ${events.map(({kind, kv}) => `${kind} ${kv.key}`).join(", ")}`,
    );
}

function digest(store: Store): string {
  const hasher = new Hasher();
  store.digest(hasher);
  return hasher.hash();
}

describe("compact", () => {
  it("on a fresh store may be asked for 0 once and for 1, not for −1 and not for the future", () => {
    expect(errorOf(new Store().compact(-1))).toBe("compacted");
    const store = new Store();
    expect(errorOf(store.compact(5))).toBe("futureRevision");
    expect(errorOf(store.compact(0))).toBe("ok");
    expect(errorOf(store.compact(0))).toBe("compacted");
    expect(errorOf(store.compact(1))).toBe("ok");
    expect([store.currentRevision, store.compactRevision]).toEqual([1, 1]);
  });

  it("goes up only, as far as the current revision", () => {
    const store = history("put a 1", "put a 2", "put a 3");
    must(store.compact(3));
    expect(errorOf(store.compact(3))).toBe("compacted");
    expect(errorOf(store.compact(2))).toBe("compacted");
    expect(errorOf(store.compact(4))).toBe("ok");
  });

  it("makes no revision", () => {
    const store = history("put a 1", "put a 2");
    must(store.compact(3));
    expect(store.currentRevision).toBe(3);
  });

  it("keeps the newest value of a live key, however old", () => {
    const store = history("put a 1", "put b 1", "put b 2", "put b 3");
    must(store.compact(5));
    expect(read(store, range("a", "\0"))).toBe("a=1 b=3");
    expect([generations(store, "a"), generations(store, "b")]).toEqual(["2", "5"]);
  });

  it("forgets a deleted key once the delete lies before the compact revision", () => {
    const store = history("put a 1", "del a", "put b 1");
    must(store.compact(3));
    expect([store.keys(), generations(store, "a")]).toEqual([["a", "b"], "3t"]);
    must(store.compact(4));
    expect([store.keys(), store.history("a")]).toEqual([["b"], []]);
  });

  it("keeps a delete at exactly the compact revision for watches that begin there", () => {
    const store = history("put a 1", "put b 1", "del a");
    must(store.compact(4));
    expect(changes(store, 4)).toEqual(["4: delete a"]);
    expect(read(store, range("a", "\0", {revision: 4}))).toBe("b=1");
  });

  it("keeps all of a transaction at exactly the compact revision", () => {
    const store = history("put a 1", "put b 1");
    applied(store, txn([], [del("a"), put("b", "2"), put("c", "1")]));
    write(store, "put b 3", "del c");
    must(store.compact(4));
    expect(changes(store, 4)).toEqual(["4: delete a, put b, put c", "5: put b", "6: delete c"]);
  });

  it("goes through the generations of a key one by one", () => {
    const store = history("put a 1", "put a 2", "del a", "put a 4", "del a");
    expect(generations(store, "a")).toBe("2 3 4t | 5 6t");
    const after = [2, 3, 4, 5, 6].map((at) => (must(store.compact(at)), generations(store, "a")));
    expect(after).toEqual(["2 3 4t | 5 6t", "3 4t | 5 6t", "4t | 5 6t", "5 6t", "6t"]);
  });

  it("leaves version and create revision of what follows as they would have been", () => {
    const store = history("put a 1", "put a 2");
    must(store.compact(3));
    write(store, "put a 3");
    expect(must(store.range(range("a"))).kvs[0]).toMatchObject({createRevision: 2, version: 3});
  });
});

describe("eventsBetween", () => {
  const store = history("put a 1", "put b 1", "put a 2", "del a", "put c 1");

  it("takes its first revision in and leaves its last one out", () => {
    const revisions = store.eventsBetween(3, 5, everyKey).map(({revision}) => revision);
    expect(revisions).toEqual([3, 4]);
  });

  it("counts only revisions that touch the range, up to the most", () => {
    const some = store.eventsBetween(1, 7, {from: "a", to: ""}, 2);
    expect(some.map(({revision}) => revision)).toEqual([2, 4]);
  });
});

describe("valueBefore", () => {
  it("is what a write replaced, unless there was nothing or it has been compacted", () => {
    const store = history("put a 1", "put a 2", "del a");
    expect(store.valueBefore("a", 2)).toBe(undefined);
    expect(store.valueBefore("a", 4)?.modRevision).toBe(3);
    write(store, "put b 1");
    expect(store.valueBefore("a", 3)?.modRevision).toBe(2);
    must(store.compact(3));
    expect(store.valueBefore("a", 3)).toBe(undefined);
    expect(store.valueBefore("a", 4)?.modRevision).toBe(3);
  });

  it("says nothing of a time before the compact revision, even of a key whose value has outlived the compaction", () => {
    const store = history("put a 1", "put b 1", "put b 2");
    must(store.compact(4));
    expect([3, 4, 5].map((revision) => store.valueBefore("a", revision)?.modRevision)).toEqual([
      undefined,
      undefined,
      2,
    ]);
  });
});

describe("a store's fork", () => {
  it("goes its own way, and so does the original", () => {
    const store = history("put a 1", "put b 1");
    const twin = store.fork();
    write(store, "put a 2", "del b");
    must(store.compact(5));
    write(twin, "put a 3");
    expect([read(store, range("a", "\0")), read(twin, range("a", "\0"))]).toEqual(["a=2", "a=3 b=1"]);
    expect([generations(store, "a"), generations(twin, "a")]).toEqual(["4", "2 4"]);
    expect([generations(store, "b"), generations(twin, "b")]).toEqual(["5t", "3"]);
  });
});

describe("a store's digest", () => {
  it("is that of the fork, and of a store that came to the same content another way", () => {
    const store = history("put a 1", "put a 2");
    const other = history("put a 9", "put a 2");
    expect(digest(store.fork())).toBe(digest(store));
    expect(digest(other)).not.toBe(digest(store));
    for (const each of [store, other]) must(each.compact(3));
    expect(digest(other)).toBe(digest(store));
  });

  it("tells stores apart by key, value, kind of change, revision and compaction", () => {
    const compacted = history("put a 1");
    must(compacted.compact(1));
    const stores = [
      new Store(),
      history("put a 1"),
      history("put b 1"),
      history("put a 2"),
      history("put a 1", "put a 1"),
      history("put a 1", "del a"),
      history("put b 1", "put a 1"),
      compacted,
    ];
    expect(new Set(stores.map(digest)).size).toBe(stores.length);
  });
});
