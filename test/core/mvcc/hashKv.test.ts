// The hash of a store's history: equal to what a real etcd answers (3.4.23, HashKV, of the same requests), and what it
// leaves out so that members may compare it.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {crc32c} from "../../../core/base/checksum.ts";
import {Hasher} from "../../../core/base/hasher.ts";
import {bytesOfKey} from "../../../core/base/key.ts";
import {CompactionHashes} from "../../../core/mvcc/hashKv.ts";
import {Store} from "../../../core/mvcc/store.ts";
import {applied, compare, del, encoded, errorOf, history, must, put, sent, txn, write} from "./notation.ts";
import {step, takeAll} from "./steps.ts";

function hash(store: Store, revision = 0): number {
  return must(store.hashKv(revision)).hash;
}

describe("the hash of a store", () => {
  it("is a real etcd's: empty, after a put, compacted, with what survived it and what did not", () => {
    const store = new Store();
    expect(hash(store)).toBe(1084519789);
    write(store, "put a 1");
    expect(hash(store, 2)).toBe(2587454935);
    must(store.compact(2));
    write(store, "put a 2");
    // The value at 2 survived the compaction, and a read at 3 does not find it any more.
    expect(hash(store, 3)).toBe(1483641527);
    write(store, "del a");
    // No key lives at 4, so nothing is left out.
    expect(hash(store, 4)).toBe(1363947557);
    write(store, "put b x");
    expect([hash(store, 5), hash(store, 3)]).toEqual([3018273746, 1483641527]);
  });

  it("is a real etcd's: with a lease, a transaction of three changes, and deletes at the compact revision", () => {
    const lease = "7089a216ea508607";
    const store = history("put a 1", "put b 2");
    must(store.apply(put("a", "3", {lease}), new Set([lease])));
    write(store, "del b");
    applied(store, txn([compare("zz", "version", "=", 0)], [put("c", "cc"), put("d"), del("a")]));
    expect([hash(store, 6), hash(store, 4)]).toEqual([83603539, 3951950157]);
    must(store.compact(5));
    expect(hash(store)).toBe(4042172085);
    write(store, "put b x", "del c");
    must(store.compact(7));
    expect(hash(store)).toBe(1412711574);
    write(store, "del a z");
    expect(hash(store)).toBe(2603844399);
    must(store.compact(9));
    write(store, "put e 1");
    expect(hash(store)).toBe(1881054423);
  });

  it("says at which revision and after which compaction it was made", () => {
    const store = history("put a 1", "put a 2", "put a 3");
    must(store.compact(3));
    expect(must(store.hashKv())).toMatchObject({compactRevision: 3, revision: 4});
    expect(must(store.hashKv(3))).toMatchObject({compactRevision: 3, revision: 3});
    expect([errorOf(store.hashKv(2)), errorOf(store.hashKv(5))]).toEqual(["compacted", "futureRevision"]);
  });

  it("is, without a compaction, that of the bytes of all records up to its revision", () => {
    fc.assert(
      fc.property(fc.array(step, {maxLength: 12}), (steps) => {
        const store = new Store();
        takeAll(
          store,
          steps.filter(({kind}) => kind !== "compact"),
        );
        const all = encoded(store).map(([key, value]) => [...bytesOfKey(key), ...value]);
        expect(hash(store)).toBe(crc32c(Uint8Array.from([bytesOfKey("key"), ...all].flatMap((b) => [...b]))));
      }),
      {numRuns: 300},
    );
  });

  it("is the same of a store that was sent, whatever was written and compacted", () => {
    fc.assert(
      fc.property(fc.array(step, {minLength: 4, maxLength: 20, size: "max"}), (steps) => {
        const store = new Store();
        takeAll(store, steps);
        expect(sent(store).hashKv()).toEqual(store.hashKv());
        expect(store.fork().hashKv()).toEqual(store.hashKv());
      }),
      {numRuns: 300},
    );
  });
});

describe("the hash of a compaction", () => {
  it("is the one that the store had just before", () => {
    const store = history("put a 1", "put b 1", "put a 2");
    must(store.compact(3));
    write(store, "put a 3", "del b", "put c 1");
    for (const at of [4, 5, 7]) expect(store.compactionHash(at)).toEqual(must(store.hashKv(at)));
  });

  it("is that one too where every key was deleted by then, the last of them just there", () => {
    const store = history("put a 1");
    must(store.compact(2));
    write(store, "del a");
    expect(store.compactionHash(3)).toEqual(must(store.hashKv(3)));
    // No key lives at 3, so nothing is left out.
    const all = encoded(store).map(([key, value]) => [...bytesOfKey(key), ...value]);
    expect(all).toHaveLength(2);
    expect(store.compactionHash(3).hash).toBe(crc32c(Uint8Array.from([...bytesOfKey("key"), ...all.flat()])));
  });

  it("is that one whatever was written and compacted before", () => {
    let empty = 0;
    fc.assert(
      fc.property(fc.array(step, {minLength: 4, maxLength: 20, size: "max"}), (steps) => {
        const store = new Store();
        for (const next of steps) {
          takeAll(store, [next]);
          const {currentRevision: current, compactRevision: compacted} = store;
          for (let at = Math.max(compacted, 0) + 1; at <= current; at++)
            expect(store.compactionHash(at)).toEqual(must(store.hashKv(at)));
          if (compacted > 0 && must(store.range({kind: "range", key: "\0", rangeEnd: "\0"})).count === 0)
            empty++;
        }
      }),
      {numRuns: 300},
    );
    expect(empty).toBeGreaterThan(100);
  });

  it("is remembered with the newest ten, by revision, in a fork too, and in the digest", () => {
    const hashes = new CompactionHashes();
    const digest = (): string => {
      const into = new Hasher();
      hashes.digest(into);
      return into.hash();
    };
    const empty = digest();
    for (let revision = 12; revision > 0; revision--)
      hashes.add({hash: revision, compactRevision: 1, revision});
    expect(hashes.all.map(({revision}) => revision)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect([hashes.at(5)?.hash, hashes.at(2)]).toEqual([5, undefined]);
    const twin = hashes.fork();
    hashes.add({hash: 13, compactRevision: 1, revision: 13});
    expect([twin.all.length, twin.at(13), digest() === empty]).toEqual([10, undefined, false]);
  });
});
