// A store that comes back from its records: it is the one that never went away, wherever the compaction was; and records
// that are no store's make none.

import {deepStrictEqual} from "node:assert/strict";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {restoreStore} from "../../../core/mvcc/restoreStore.ts";
import {everyKey, Store, type StoreRecord} from "../../../core/mvcc/store.ts";
import {Bucket, expectEqual, historiesOf} from "./bucket.ts";
import {ListStore} from "./model.ts";
import {
  applied,
  bytes,
  decoded,
  del,
  encoded,
  generations,
  history,
  must,
  put,
  range,
  revisions,
  sent,
  txn,
  write,
} from "./notation.ts";
import {change, checkAll, digest, step, take, takeAll, type Step} from "./steps.ts";

const steps = fc.array(step, {minLength: 4, maxLength: 20, size: "max"});

type Event = Step | {readonly kind: "delete batch"; readonly size: number} | {readonly kind: "crash"};

const event: fc.Arbitrary<Event> = fc.oneof(
  {weight: 8, arbitrary: step},
  {
    weight: 3,
    arbitrary: fc.record({kind: fc.constant("delete batch" as const), size: fc.integer({min: 1, max: 3})}),
  },
  {weight: 1, arbitrary: fc.constant({kind: "crash" as const})},
);

/** A store that never goes away, a member that does, and what that one has in its backend. */
class Member {
  readonly model = new ListStore();
  readonly bucket = new Bucket();
  whole = new Store();
  store = new Store();
  /** Crashes within a compaction, and those after which of some life only the tombstone was left. */
  cut = 0;
  alone = 0;

  take(next: Event): void {
    if (next.kind === "delete batch") this.bucket.deleteBatch(next.size);
    else if (next.kind === "crash") this.crash();
    else {
      this.whole = take(this.whole, this.model, next);
      if (next.kind === "compact") this.compact(next.back);
      else if (next.kind !== "fork" && next.kind !== "range") this.bucket.write(change(this.store, next));
    }
  }

  crash(): void {
    if (this.bucket.left.length > 0) this.cut++;
    // Compaction leaves something of each revision from its own on: the newest record is always of the current one.
    deepStrictEqual(decoded(this.bucket.inOrder()).at(-1)?.revision.main ?? 1, this.whole.currentRevision);
    this.store = this.bucket.crash().store;
    expectEqual(this.store, this.whole);
    const lives = this.store.keys().flatMap((key) => this.store.history(key));
    if (lives.some(({version}) => version === 0)) this.alone++;
  }

  private compact(back: number): void {
    const at = this.store.currentRevision - back;
    const done = this.store.compact(at);
    if (done.ok) this.bucket.compact(at, done.value);
  }
}

/** One of each kind of change, and of each way in which a life can be cut. */
function motley(): Store {
  const store = history("put a 1", "put a 2", "put b 1", "put b 2", "put c 1", "del c", "put d 1", "put b 3");
  applied(store, txn([], [put("e", "1"), del("b"), put("d", "2"), put("c", "2")]));
  must(store.compact(10));
  write(store, "put a 3", "del d", "put d 3");
  return store;
}

describe("a store that comes back from its records", () => {
  it("is the one that never went away, whatever was written, compacted, deleted in batches and cut off between", () => {
    let cut = 0;
    let alone = 0;
    fc.assert(
      fc.property(fc.array(event, {minLength: 4, maxLength: 40, size: "max"}), (events) => {
        const member = new Member();
        for (const next of events) member.take(next);
        member.crash();
        checkAll(member.store, member.model);
        member.bucket.deleteAll();
        deepStrictEqual(member.bucket.inOrder(), encoded(member.whole));
        deepStrictEqual(member.bucket.finished, member.whole.compactRevision);
        member.crash();
        cut += member.cut;
        alone += member.alone;
      }),
      {numRuns: 2000},
    );
    // Those were the hard ones: the checks above are not idle.
    expect(cut).toBeGreaterThan(300);
    expect(alone).toBeGreaterThan(300);
  }, 60_000);

  it("is the one that never went away wherever a compaction to whatever revision was cut off", () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const before = new Store();
        takeAll(before, taken);
        const {currentRevision: current, compactRevision: finished} = before;
        for (let at = finished + 1; at <= current; at++) {
          const after = before.fork();
          const {length} = must(after.compact(at));
          for (let gone = 0; gone <= length; gone++) {
            const bucket = new Bucket();
            for (const [key, value] of encoded(before)) bucket.records.set(key, value);
            bucket.finished = finished;
            bucket.compact(at, must(before.fork().compact(at)));
            if (gone > 0) bucket.deleteBatch(gone);
            expectEqual(bucket.crash().store, after);
          }
        }
      }),
      {numRuns: 200},
    );
  }, 60_000);

  it("goes on as that one does", () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        let store = new Store();
        const model = new ListStore();
        for (const next of before) store = take(store, model, next);
        store = sent(store);
        for (const next of after) store = take(store, model, next);
        checkAll(store, model);
      }),
      {numRuns: 1000},
    );
  });

  it("is never at a revision before one that was compacted, finished or not (etcd #17780)", () => {
    for (const [finished, scheduled] of [
      [5, 7],
      [7, 7],
      [7, -1],
    ] as const) {
      const store = restoreStore([], finished, scheduled)?.store;
      expect([store?.currentRevision, store?.compactRevision]).toEqual([7, 7]);
      expect(store && applied(store, put("a")).revision).toBe(8);
    }
    const {store} = restoreStore([putRecord(9)], 5, 7) ?? {};
    expect([store?.currentRevision, store?.compactRevision]).toEqual([9, 7]);
  });

  it("keeps a tombstone of which nothing else is left, at a compaction that was cut off there (etcd #19179)", () => {
    const store = history("put a 1", "put a 2", "put b 1", "del a");
    const records = store.records();
    must(store.compact(5));
    const restored = restoreStore(records.slice(2), -1, 5);
    expect(restored?.dropped).toEqual([]);
    expect(restored && generations(restored.store, "a")).toBe("5t");
    expect(restored?.store.eventsBetween(5, 6, everyKey)[0]?.events[0]?.kind).toBe("delete");
    if (restored !== undefined) expectEqual(restored.store, store);
  });

  it("tells what the compaction had not come to, oldest first", () => {
    const store = history("put a 1", "put b 1", "del a", "put b 2", "put c 1");
    const restored = restoreStore(store.records().slice(1), -1, 5);
    expect(restored?.dropped).toEqual([
      {main: 3, sub: 0, isTombstone: false},
      {main: 4, sub: 0, isTombstone: true},
    ]);
  });

  it("drops nothing again for a compaction that was finished", () => {
    const records = history("put a 1", "put a 2").records();
    const restored = restoreStore(records, 3, 3);
    expect([restored?.dropped, restored && generations(restored.store, "a")]).toEqual([[], "2 3"]);
  });

  it("is fresh if there are no records", () => {
    const store = restoreStore([], -1, -1)?.store ?? history("put a 1");
    expectEqual(store, new Store());
    expect(applied(store, put("a")).revision).toBe(2);
  });

  it("keeps the compact revision, 0 too, although nothing was dropped for it", () => {
    const store = new Store();
    must(store.compact(0));
    expectEqual(sent(store), store);
    expect(restoreStore([], -1, 0)?.store.compactRevision).toBe(0);
    expect(digest(sent(store))).not.toBe(digest(new Store()));
  });

  it("goes on counting the versions of a life whose creating put compaction has dropped", () => {
    const store = history("put a 1", "put a 2", "put a 3");
    must(store.compact(4));
    const received = sent(store);
    write(received, "put a 4");
    expect(revisions(received, "a")).toEqual({create: 2, mod: 5, version: 4});
    expect(generations(received, "a")).toBe("4 5");
  });

  it("does not tell apart how a life began of which only the tombstone is left", () => {
    const [one, other] = [
      history("put a 1", "del a", "put a 2", "del a"),
      history("put a 1", "put a 2", "put a 3", "del a"),
    ];
    for (const store of [one, other]) must(store.compact(5));
    expectEqual(one, other);
    expectEqual(sent(one), one);
  });

  it("keeps leases, and bytes of every kind in keys and values", () => {
    const every = Uint8Array.from({length: 256}, (_, byte) => byte);
    const record = putRecord(2, {
      key: String.fromCharCode(...every),
      value: every,
      lease: "ffffffffffffffff",
    });
    const store = restoreStore([record], -1, -1)?.store ?? new Store();
    expect(sent(store).records()).toEqual([record]);
    expectEqual(sent(store), store);
  });

  it("keeps lives that nobody could write any more: ended and begun again in one write", () => {
    const records = [
      putRecord(2),
      tombstoneRecord(3),
      putRecord(3, {}, 1),
      putRecord(3, {createRevision: 3, version: 2}, 2),
    ];
    const store = restoreStore(records, -1, -1)?.store ?? new Store();
    expect(generations(store, "k")).toBe("2 3t | 3 3");
    expect(must(store.compact(3)).map(({main, sub}) => [main, sub])).toEqual([
      [2, 0],
      [3, 1],
    ]);
    expect(generations(store, "k")).toBe("3t | 3");
    expectEqual(sent(store), store);
  });
});

describe("revisionAt", () => {
  it("is where a read finds its value: the newest put at or before, of a key that lives", () => {
    const store = history("put a 1", "put b 1", "put a 2", "del a", "put b 2");
    const found = (key: string): unknown[] =>
      [1, 2, 3, 4, 5, 6, 7].map((at) => store.revisionAt(key, at)?.main);
    expect(found("a")).toEqual([undefined, 2, 2, 4, undefined, undefined, undefined]);
    expect(found("b")).toEqual([undefined, undefined, 3, 3, 3, 6, undefined]);
    must(store.compact(4));
    expect(found("a")).toEqual([undefined, undefined, undefined, 4, undefined, undefined, undefined]);
    expect(found("b")).toEqual([undefined, undefined, undefined, 3, 3, 6, undefined]);
    expect(store.revisionAt("c", 6)).toBeUndefined();
  });

  it("tells the change within a write", () => {
    const store = new Store();
    applied(store, txn([], [put("a"), put("b")]));
    expect(store.revisionAt("b", 2)).toEqual({main: 2, sub: 1});
  });
});

describe("records", () => {
  it.each([
    ["with a change before the first write", [putRecord(1)]],
    ["with more changes in one write than it holds", [putRecord(2, {}, 0x100000)]],
    ["with two changes at one revision", [putRecord(2), putRecord(2, {key: "l"})]],
    ["out of order", [putRecord(3), putRecord(2, {key: "l"})]],
    ["with an empty key", [putRecord(2, {key: ""})]],
    ["with an empty key deleted", [tombstoneRecord(2, "")]],
    ["with a value of another revision", [putRecord(3, {modRevision: 2})]],
    ["with a put created before the first write", [putRecord(4, {createRevision: 1, version: 2})]],
    ["with a put created never", [putRecord(4, {createRevision: 0, version: 2})]],
    [
      "with a put created after it",
      [putRecord(4, {createRevision: 5, version: 2}), putRecord(9, {key: "l"})],
    ],
    ["with a put created after all", [putRecord(4, {createRevision: 2 ** 40, version: 2})]],
    ["with a put of version 0", [putRecord(4, {version: 0})]],
    ["with a first put created earlier", [putRecord(4, {createRevision: 3, version: 1})]],
    ["with a version missing", [putRecord(2), putRecord(4, {createRevision: 2, version: 3})]],
    ["with a life that changes its beginning", [putRecord(2), putRecord(4, {createRevision: 3, version: 2})]],
    ["with a life that begins while another goes on", [putRecord(2), putRecord(4)]],
    ["with a delete of what was deleted", [putRecord(2), tombstoneRecord(3), tombstoneRecord(4)]],
    [
      "with a life cut after one that is whole",
      [putRecord(2), tombstoneRecord(3), putRecord(6, {createRevision: 4, version: 2})],
    ],
    ["of more writes than a store takes", [putRecord(2 ** 33)]],
  ])("%s, are no store's", (_, records) => {
    expect(restoreStore(records, -1, -1)).toBeUndefined();
  });

  it("below revisions that are none are no store's", () => {
    expect(restoreStore([], -2, -2)).toBeUndefined();
    expect(restoreStore([], 2 ** 33, 2 ** 33)).toBeUndefined();
    expect(restoreStore([], -1, 2 ** 33)).toBeUndefined();
    const records = [putRecord(3)];
    expect(Store.restored({currentRevision: 2, compactRevision: -1, records})).toBeUndefined();
    expect(Store.restored({currentRevision: 3, compactRevision: 4, records})).toBeUndefined();
    expect(Store.restored({currentRevision: 0, compactRevision: -1, records: []})).toBeUndefined();
    expect(Store.restored({currentRevision: 3, compactRevision: 3, records})).toBeDefined();
  });

  it("that anything happened to make no store, or one in which index and record agree", () => {
    const records = motley().records();
    const small = fc.integer({min: 0, max: 15});
    const change = fc.record(
      {
        drop: fc.boolean(),
        main: small,
        sub: fc.nat(3),
        isTombstone: fc.boolean(),
        key: fc.constantFrom("a", "b", "c", "d"),
        createRevision: small,
        modRevision: small,
        version: fc.nat(4),
      },
      {requiredKeys: []},
    );
    const changes = fc.array(fc.tuple(fc.nat(records.length - 1), change), {minLength: 1, maxLength: 3});
    let sound = 0;
    fc.assert(
      fc.property(changes, small, small, (made, finished, scheduled) => {
        const damaged: (StoreRecord | undefined)[] = records.slice();
        for (const [at, {drop, main, sub, isTombstone, ...kv}] of made) {
          const record = damaged[at];
          if (record === undefined) continue;
          damaged[at] = drop
            ? undefined
            : {
                revision: {main: main ?? record.revision.main, sub: sub ?? record.revision.sub},
                isTombstone: isTombstone ?? record.isTombstone,
                kv: {...record.kv, ...kv},
              };
        }
        const left = damaged.filter((record) => record !== undefined);
        const store = restoreStore(left, finished, scheduled)?.store;
        if (store === undefined) return;
        checkSound(store);
        sound++;
      }),
      {numRuns: 5000},
    );
    expect(sound).toBeGreaterThan(500);
  });
});

function putRecord(main: number, kv: Partial<StoreRecord["kv"]> = {}, sub = 0): StoreRecord {
  const first = {key: "k", value: bytes(""), createRevision: main, modRevision: main, version: 1, lease: ""};
  return {revision: {main, sub}, isTombstone: false, kv: {...first, ...kv}};
}

function tombstoneRecord(main: number, key = "k"): StoreRecord {
  const kv = {key, value: bytes(""), createRevision: 0, modRevision: main, version: 0, lease: ""};
  return {revision: {main, sub: 0}, isTombstone: true, kv};
}

/** The store's index and record agree, it can be sent on, and it works. */
function checkSound(store: Store): void {
  const found: string[] = [];
  for (const key of store.keys()) {
    for (const {created, version, revisions: puts, tombstone} of store.history(key)) {
      if (version < puts.length) throw new Error(`version ${version} after ${puts.length} puts`);
      if (created.main < 2) throw new Error(`a life of ${key} was created at ${created.main}`);
      for (const {main, sub} of tombstone === undefined ? puts : [...puts, tombstone]) {
        const {kind, kv} = store.versionAt(main, sub) ?? {};
        deepStrictEqual([kv?.key, kv?.modRevision], [key, main]);
        if (kind === "put") deepStrictEqual(kv?.createRevision, created.main);
        if (main > store.currentRevision) throw new Error(`a change at ${main} is to come yet`);
        found.push(`${main}.${sub}`);
      }
    }
  }
  deepStrictEqual(new Set(found).size, found.length);
  deepStrictEqual(store.records().length, found.length);
  const again = Store.restored({...revisionsOf(store), records: store.records()});
  deepStrictEqual(again && historiesOf(again), historiesOf(store));
  const last = store.currentRevision;
  for (const at of [2, Math.floor(last / 2), last]) store.range(range("\0", "\0", {revision: at}));
  store.compact(Math.floor((store.compactRevision + last) / 2));
  must(store.apply(txn([], [put("a"), del("b", "\0")])));
  must(store.compact(store.currentRevision));
  store.range(range("\0", "\0"));
}

function revisionsOf(store: Store): {readonly currentRevision: number; readonly compactRevision: number} {
  return {currentRevision: store.currentRevision, compactRevision: store.compactRevision};
}
