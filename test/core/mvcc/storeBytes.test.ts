// A store as bytes: what they hold, that equal stores have equal ones, and that damaged ones never make a store.

import {deepStrictEqual, notDeepStrictEqual} from "node:assert/strict";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {crc32c} from "../../../core/base/checksum.ts";
import {Reader, Writer} from "../../../core/base/codec.ts";
import {everyKey, Store, type Change} from "../../../core/mvcc/store.ts";
import {decodeStore, encodeStore} from "../../../core/mvcc/storeBytes.ts";
import {noValue} from "../../../core/mvcc/versions.ts";
import {ListStore, type Write} from "./model.ts";
import {
  applied,
  bytes,
  del,
  generations,
  history,
  must,
  put,
  range,
  revisions,
  txn,
  write,
} from "./notation.ts";
import {checkAll, digest, step, take, type Step} from "./steps.ts";

const steps = fc.array(step, {minLength: 4, maxLength: 20, size: "max"});

function decoded(from: Uint8Array): Store {
  const store = decodeStore(from);
  if (store === undefined) throw new Error("the bytes are no store's");
  return store;
}

function roundTrip(store: Store): Store {
  return decoded(encodeStore(store));
}

function historyOf(store: Store): unknown[] {
  return store.keys().map((key) => [key, store.history(key)]);
}

/** Content under a checksum that is right. */
function sealed(content: Uint8Array): Uint8Array {
  const into = new Writer();
  into.raw(content);
  into.uint32(crc32c(content));
  return into.finish();
}

function contentOf(encoded: Uint8Array): Uint8Array {
  return encoded.slice(0, -4);
}

/** One of each kind of change, and of each way in which a life can be cut. */
function motley(): Store {
  const store = history("put a 1", "put a 2", "put b 1", "put b 2", "put c 1", "del c", "put d 1", "put b 3");
  applied(store, txn([], [put("e", "1"), del("b"), put("d", "2"), put("c", "2")]));
  must(store.compact(10));
  write(store, "put a 3", "del d", "put d 3");
  return store;
}

/** Damaged content that makes a store makes one whose index and record agree, and that works. */
function checkSound(store: Store): void {
  const found: string[] = [];
  for (const key of store.keys()) {
    for (const {created, version, revisions: puts, tombstone} of store.history(key)) {
      if (version < Math.max(puts.length, 1)) throw new Error(`version ${version} after ${puts.length} puts`);
      if (created.main < 2) throw new Error(`a life of ${key} was created at ${created.main}`);
      for (const {main, sub} of tombstone === undefined ? puts : [...puts, tombstone]) {
        const event = store.versionAt(main, sub);
        deepStrictEqual([event?.kv.key, event?.kv.modRevision], [key, main]);
        if (main > store.currentRevision) throw new Error(`a change at ${main} is to come yet`);
        found.push(`${main}.${sub}`);
      }
    }
  }
  deepStrictEqual(new Set(found).size, found.length);
  deepStrictEqual(
    store.eventsBetween(0, store.currentRevision + 1, everyKey).flatMap(({events}) => events).length,
    found.length,
  );
  deepStrictEqual(encodeStore(roundTrip(store)), encodeStore(store));
  const last = store.currentRevision;
  for (const at of [2, Math.floor(last / 2), last]) store.range(range("\0", "\0", {revision: at}));
  // So near the last revision there is, none may be left to write.
  if (last >= 1e9) return;
  store.compact(Math.floor((store.compactRevision + last) / 2));
  must(store.apply(txn([], [put("a"), del("b", "\0")])));
  must(store.compact(store.currentRevision));
  store.range(range("\0", "\0"));
}

describe("a store that was sent as bytes", () => {
  it("is equal to the one that was sent, and answers everything asked from then on as that one does", () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        let store = new Store();
        const model = new ListStore();
        for (const next of before) store = take(store, model, next);
        const [received, receivedModel] = [roundTrip(store), copyModel(model)];
        deepStrictEqual(digest(received), digest(store));
        deepStrictEqual(historyOf(received), historyOf(store));
        checkAll(received, receivedModel);
        let [sender, receiver] = [store, received];
        for (const next of after) {
          sender = take(sender, model, next);
          receiver = take(receiver, receivedModel, next);
        }
        checkAll(receiver, receivedModel);
        deepStrictEqual(historyOf(receiver), historyOf(sender));
        deepStrictEqual(digest(receiver), digest(sender));
      }),
      {numRuns: 3000},
    );
  }, 60_000);

  it("has equal bytes whatever the history that made it", () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const store = new Store();
        const direct = new Store();
        for (const write of writesOf(store, taken)) must(direct.apply(write));
        if (store.compactRevision >= 0) must(direct.compact(store.compactRevision));
        deepStrictEqual(digest(direct), digest(store));
        const sent = encodeStore(store);
        deepStrictEqual(encodeStore(direct), sent);
        deepStrictEqual(encodeStore(store.fork()), sent);
        deepStrictEqual(encodeStore(decoded(sent)), sent);
      }),
      {numRuns: 2000},
    );
  });

  it("has other bytes than any with another digest", () => {
    fc.assert(
      fc.property(steps, steps, (one, other) => {
        const [a, b] = [new Store(), new Store()];
        writesOf(a, one);
        writesOf(b, other);
        if (digest(a) === digest(b)) must(b.apply(put("z")));
        notDeepStrictEqual(encodeStore(a), encodeStore(b));
      }),
      {numRuns: 500},
    );
  });

  it("has other bytes, and keeps them apart, where only the beginning of a life that is gone differs", () => {
    const stores = [
      history("put a 1", "del a", "put a 2", "del a"),
      history("put a 1", "put a 2", "put a 3", "del a"),
    ];
    const [one, other] = stores.map((store) => {
      must(store.compact(5));
      return roundTrip(store).history("a");
    });
    expect(one).toEqual([
      {created: {main: 4, sub: 0}, version: 1, revisions: [], tombstone: {main: 5, sub: 0}},
    ]);
    expect(other).toEqual([
      {created: {main: 2, sub: 0}, version: 3, revisions: [], tombstone: {main: 5, sub: 0}},
    ]);
  });

  it("is fresh if it was", () => {
    const store = roundTrip(new Store());
    expect([store.currentRevision, store.compactRevision, store.keys()]).toEqual([1, -1, []]);
    expect(applied(store, put("a")).revision).toBe(2);
  });

  it("keeps the compact revision, 0 too, although nothing was dropped for it", () => {
    const store = new Store();
    must(store.compact(0));
    expect(roundTrip(store).compactRevision).toBe(0);
    expect(digest(roundTrip(store))).not.toBe(digest(new Store()));
  });

  it("goes on counting the versions of a life whose creating put compaction has dropped", () => {
    const store = history("put a 1", "put a 2", "put a 3");
    must(store.compact(4));
    const received = roundTrip(store);
    write(received, "put a 4");
    expect(revisions(received, "a")).toEqual({create: 2, mod: 5, version: 4});
    expect(received.history("a")).toEqual([
      {
        created: {main: 2, sub: 0},
        version: 4,
        revisions: [
          {main: 4, sub: 0},
          {main: 5, sub: 0},
        ],
      },
    ]);
  });

  it("keeps a tombstone of which compaction has left nothing else (etcd #19179)", () => {
    const store = history("put a 1", "put a 2", "del a");
    must(store.compact(4));
    const received = roundTrip(store);
    expect([generations(received, "a"), received.versionAt(4, 0)?.kind]).toEqual(["4t", "delete"]);
    expect(received.history("a")).toEqual(store.history("a"));
    write(received, "put a 3");
    expect(revisions(received, "a")).toEqual({create: 5, mod: 5, version: 1});
  });

  it("keeps leases, and bytes of every kind in keys and values", () => {
    const every = Uint8Array.from({length: 256}, (_, byte) => byte);
    const key = String.fromCharCode(...every);
    const lease = "ffffffffffffffff";
    const change = {
      kind: "put",
      revision: {main: 2, sub: 0},
      key,
      value: every,
      lease,
      cut: undefined,
    } as const;
    const store = Store.restored(2, -1, [change]);
    if (store === undefined) throw new Error("the change is refused");
    expect(roundTrip(store).changes()).toEqual([change]);
    expect(digest(roundTrip(store))).toBe(digest(store));
  });

  it("is independent of its bytes", () => {
    const sent = encodeStore(motley());
    const received = decoded(sent);
    const before = encodeStore(received);
    sent.fill(0xff);
    expect(encodeStore(received)).toEqual(before);
  });

  it("keeps lives that nobody could write any more: ended and begun again in one write", () => {
    const changes: readonly Change[] = [
      {kind: "put", revision: {main: 2, sub: 0}, key: "k", value: bytes("1"), lease: "", cut: undefined},
      {kind: "delete", revision: {main: 3, sub: 0}, key: "k", value: noValue, lease: "", cut: undefined},
      {kind: "put", revision: {main: 3, sub: 1}, key: "k", value: bytes("2"), lease: "", cut: undefined},
    ];
    const store = Store.restored(3, -1, changes);
    expect(store && historyOf(roundTrip(store))).toEqual(store && historyOf(store));
    expect(store && generations(store, "k")).toBe("2 3t | 3");
  });
});

describe("a store's bytes", () => {
  it("are laid out as storeBytes.ts documents", () => {
    const store = history("put a 1", "put a 2", "put b 1", "del b", "put c 1");
    must(store.compact(5));
    write(store, "del a");
    const cutPut = [3, 3, 0, 1, 97, 2, 0, 1, 1, 50, 0];
    const cutDelete = [4, 2, 0, 1, 98, 4, 0, 1];
    const put6 = [1, 1, 0, 1, 99, 1, 49, 0];
    const delete7 = [2, 1, 0, 1, 97];
    const content = [1, 7, 6, ...cutPut, ...cutDelete, ...put6, ...delete7];
    const encoded = encodeStore(store);
    expect([...contentOf(encoded)]).toEqual(content);
    expect(new Reader(encoded, content.length).uint32()).toBe(crc32c(Uint8Array.from(content)));
  });

  it("cut short anywhere, or followed by more, are no store's", () => {
    for (const store of [new Store(), history("put a 1"), motley()]) {
      const encoded = encodeStore(store);
      for (let length = 0; length < encoded.length; length++) {
        expect(decodeStore(encoded.slice(0, length)), `${length} bytes`).toBeUndefined();
      }
      expect(decodeStore(Uint8Array.of(...encoded, 0))).toBeUndefined();
      expect(decodeStore(Uint8Array.of(...encoded, ...encoded))).toBeUndefined();
    }
  });

  it("with any one byte changed are no store's", () => {
    const encoded = encodeStore(motley());
    for (let at = 0; at < encoded.length; at++) {
      for (let flip = 1; flip < 256; flip++) {
        const damaged = encoded.map((byte, index) => (index === at ? byte ^ flip : byte));
        if (decodeStore(damaged) !== undefined) throw new Error(`byte ${at} xor ${flip} is not noticed`);
      }
    }
  });

  it("changed or cut short under a checksum that is right make no store, or one that is sound", () => {
    const content = contentOf(encodeStore(motley()));
    let sound = 0;
    for (let at = 0; at < content.length; at++) {
      const short = decodeStore(sealed(content.slice(0, at)));
      if (short !== undefined) checkSound(short);
      for (let flip = 1; flip < 256; flip++) {
        const store = decodeStore(sealed(content.map((byte, index) => (index === at ? byte ^ flip : byte))));
        if (store === undefined) continue;
        checkSound(store);
        sound++;
      }
    }
    // Values and keys may be anything, so many are: the checks above are not idle.
    expect(sound).toBeGreaterThan(1000);
  });

  it("that were never a store's make none, or one that is sound, whatever they are", () => {
    const small = fc.integer({min: 0, max: 7});
    const part = fc.oneof(
      fc.tuple(
        fc.constant(1),
        small,
        small,
        fc.constant(1),
        fc.constantFrom(97, 98),
        fc.constant(0),
        fc.constant(0),
      ),
      fc.tuple(fc.constant(2), small, small, fc.constant(1), fc.constantFrom(97, 98)),
      fc.tuple(fc.constant(4), small, small, fc.constant(1), fc.constantFrom(97, 98), small, small, small),
      fc.tuple(small, fc.nat(255), fc.nat(255)),
    );
    let sound = 0;
    fc.assert(
      fc.property(fc.nat(40), small, fc.array(part, {maxLength: 6}), (current, compacted, parts) => {
        const store = decodeStore(sealed(Uint8Array.of(1, current, compacted, ...parts.flat())));
        if (store === undefined) return;
        checkSound(store);
        sound++;
      }),
      {numRuns: 5000},
    );
    expect(sound).toBeGreaterThan(300);
  });

  it.each([
    ["of no known format", [2, 1, 0]],
    ["with a current revision of 0", [1, 0, 0]],
    ["with more writes than a store takes", [1, 128, 128, 128, 128, 32, 0]],
    ["compacted beyond the current revision", [1, 1, 3]],
    ["with a change of no known kind", [1, 3, 0, 1, 2, 0, 1, 97, 0, 0, 5, 1, 0, 1, 97]],
    ["that end within a revision", [1, 2]],
    ["that end within a value", [1, 2, 0, 1, 2, 0, 1, 97, 2, 49]],
    ["that end before a lease", [1, 2, 0, 1, 2, 0, 1, 97, 1, 49]],
    ["with a change above the current revision", [1, 2, 0, 1, 3, 0, 1, 97, 0, 0]],
    ["with a change before the first write", [1, 2, 0, 1, 1, 0, 1, 97, 0, 0]],
    ["with more changes in one write than it holds", [1, 2, 0, 1, 2, 128, 128, 64, 1, 97, 0, 0]],
    ["with two changes at one revision", [1, 2, 0, 1, 2, 0, 1, 97, 0, 0, 1, 0, 0, 1, 98, 0, 0]],
    ["with changes out of order", [1, 2, 0, 1, 2, 1, 1, 97, 0, 0, 1, 0, 0, 1, 98, 0, 0]],
    ["with an empty key", [1, 2, 0, 1, 2, 0, 0, 0, 0]],
    ["with a delete of what does not live", [1, 2, 0, 2, 2, 0, 1, 97]],
    ["with a life cut that goes on", [1, 9, 0, 1, 2, 0, 1, 97, 0, 0, 3, 3, 0, 1, 97, 3, 0, 1, 0, 0]],
    ["with a cut that dropped nothing", [1, 9, 0, 3, 5, 0, 1, 97, 2, 0, 0, 0, 0]],
    ["with a cut that dropped more than was there", [1, 9, 0, 3, 2, 1, 1, 97, 2, 0, 2, 0, 0]],
    ["with a life created after its oldest change", [1, 9, 0, 3, 5, 0, 1, 97, 6, 0, 1, 0, 0]],
    ["with a life created before the first write", [1, 9, 0, 4, 5, 0, 1, 97, 1, 0, 1]],
    ["with a life created in more changes than a write holds", [1, 9, 0, 4, 5, 0, 1, 97, 2, 128, 128, 64, 1]],
    [
      "with a life created before the last one ended",
      [1, 9, 0, 1, 2, 0, 1, 97, 0, 0, 2, 2, 0, 1, 97, 4, 1, 0, 1, 97, 3, 0, 1],
    ],
  ])("%s, are no store's", (_, content) => {
    expect(decodeStore(sealed(Uint8Array.from(content)))).toBeUndefined();
  });
});

function copyModel(model: ListStore): ListStore {
  const copy = new ListStore();
  copy.versions = model.versions.slice();
  copy.current = model.current;
  copy.compacted = model.compacted;
  return copy;
}

/** Takes the steps, and answers the writes among them that were not refused. */
function writesOf(store: Store, taken: readonly Step[]): readonly Write[] {
  const writes: Write[] = [];
  for (const next of taken) {
    if (next.kind === "compact") store.compact(store.currentRevision - next.back);
    else if (next.kind !== "fork" && next.kind !== "range" && store.apply(next).ok) writes.push(next);
  }
  return writes;
}
