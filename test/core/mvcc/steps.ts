// Random operations for the store, taken by it and by the obvious model (model.ts) at once, and everything that can be
// asked of the two, compared.

import {deepStrictEqual} from "node:assert/strict";
import fc from "fast-check";
import {Hasher} from "../../../core/base/hasher.ts";
import type {RangeRequest, RequestOp, StoreEvent, TxnRequest} from "../../../core/mvcc/kv.ts";
import {everyKey, isReadOnly, type Store} from "../../../core/mvcc/store.ts";
import {knownLeases, type ListStore, type Version, type Write} from "./model.ts";

export type Step =
  | Write
  | RangeRequest
  | {readonly kind: "compact"; readonly back: number}
  | {readonly kind: "deleteKeys"; readonly keys: readonly string[]}
  | {readonly kind: "fork"};

const key = fc.constantFrom("a", "b", "b\0", "c");
const rangeEnd = fc.constantFrom("", "", "b", "c", "d", "\0");
/** One byte of two decimal digits, so that text order is byte order. */
const value = fc.integer({min: 10, max: 14}).map((byte) => Uint8Array.of(byte));
const revision = fc.integer({min: -2, max: 12});
const lease = fc.integer({min: 0, max: 49}).map((draw) => leases[draw] ?? "");
const leases = ["00000000000000ff", "0000000000000000", ...knownLeases, ...knownLeases, ...knownLeases];
/** Rarely: a bound that keeps something out. */
const bound = fc.oneof({weight: 5, arbitrary: fc.constant(0)}, {weight: 1, arbitrary: revision});
const rarely = fc.integer({min: 0, max: 6}).map((draw) => draw === 6);

const put = fc
  .record({
    kind: fc.constant("put" as const),
    key,
    value,
    prevKv: fc.boolean(),
    lease,
    ignoreValue: rarely,
    ignoreLease: rarely,
    overfull: rarely,
  })
  .map(({overfull, ...drawn}) => ({
    ...drawn,
    ...(drawn.ignoreValue && !overfull ? {value: new Uint8Array(0)} : {}),
    ...(drawn.ignoreLease && !overfull ? {lease: ""} : {}),
  }));
const deleteRange = fc.record({
  kind: fc.constant("deleteRange" as const),
  key,
  rangeEnd,
  prevKv: fc.boolean(),
});
const range = fc.record({
  kind: fc.constant("range" as const),
  key,
  rangeEnd,
  limit: fc.integer({min: -1, max: 3}),
  revision: fc.oneof({weight: 2, arbitrary: fc.constant(0)}, {weight: 1, arbitrary: revision}),
  sortOrder: fc.constantFrom("none" as const, "ascend" as const, "descend" as const),
  sortTarget: fc.constantFrom(
    "key" as const,
    "version" as const,
    "create" as const,
    "mod" as const,
    "value" as const,
  ),
  keysOnly: fc.boolean(),
  countOnly: fc.boolean(),
  minModRevision: bound,
  maxModRevision: bound,
  minCreateRevision: bound,
  maxCreateRevision: bound,
});
const compare = fc.record({
  key,
  rangeEnd,
  result: fc.constantFrom("=" as const, "!=" as const, "<" as const, ">" as const),
  target: fc.oneof(
    fc.record({
      kind: fc.constantFrom("version" as const, "create" as const, "mod" as const),
      value: fc.integer({min: 0, max: 4}),
    }),
    fc.record({kind: fc.constant("value" as const), value}),
    fc.record({kind: fc.constant("lease" as const), value: fc.constantFrom("", ...leases)}),
  ),
});
const txn = fc.letrec<{op: RequestOp; txn: TxnRequest}>((tie) => ({
  op: fc.oneof({maxDepth: 2}, put, deleteRange, range, tie("txn")),
  txn: fc.record({
    kind: fc.constant("txn" as const),
    compare: fc.array(compare, {maxLength: 2}),
    success: fc.array(tie("op"), {maxLength: 3}),
    failure: fc.array(tie("op"), {maxLength: 2}),
  }),
})).txn;
export const step: fc.Arbitrary<Step> = fc.oneof(
  {weight: 6, arbitrary: put},
  {weight: 3, arbitrary: deleteRange},
  {weight: 2, arbitrary: range},
  {weight: 4, arbitrary: txn},
  {
    weight: 3,
    arbitrary: fc.record({kind: fc.constant("compact" as const), back: fc.integer({min: -1, max: 5})}),
  },
  {
    weight: 1,
    arbitrary: fc.record({kind: fc.constant("deleteKeys" as const), keys: fc.array(key, {maxLength: 3})}),
  },
  {weight: 1, arbitrary: fc.constant({kind: "fork" as const})},
);

export function digest(store: Store): string {
  const hasher = new Hasher();
  store.digest(hasher);
  return hasher.hash();
}

function versionOf({kind, kv}: StoreEvent, sub: number): Version {
  const {key, value, lease, modRevision: main} = kv;
  return {main, sub, key, value: kind === "put" ? value : undefined, lease};
}

/** Does those of the steps that change a store, as far as they can be done. */
export function takeAll(store: Store, steps: readonly Step[]): void {
  for (const next of steps) {
    if (next.kind === "compact") store.compact(store.currentRevision - next.back);
    else if (next.kind !== "fork" && next.kind !== "range") change(store, next);
  }
}

/** Does a step that changes keys, as far as it can be done, and answers what it changed. */
export function change(
  store: Store,
  step: Exclude<Step, {readonly kind: "range" | "compact" | "fork"}>,
): readonly StoreEvent[] {
  if (step.kind === "deleteKeys") return store.deleteKeys(step.keys).events;
  const done = store.apply(step, new Set(knownLeases));
  return done.ok ? done.value.events : [];
}

/** Does one step on both and compares the answers. Answers the store to go on with: a fork's twin, now and then. */
export function take(store: Store, model: ListStore, step: Step): Store {
  switch (step.kind) {
    case "fork": {
      const twin = store.fork();
      // What the original does from here on must not reach the twin.
      store.apply({kind: "put", key: "b", value: Uint8Array.of(99)});
      store.apply({kind: "deleteRange", key: "a", rangeEnd: "\0"});
      store.compact(store.currentRevision);
      return twin;
    }
    case "compact": {
      const at = model.current - step.back;
      const done = store.compact(at);
      deepStrictEqual(done.ok ? undefined : done.error, model.compact(at));
      return store;
    }
    case "deleteKeys": {
      const {events, revision} = store.deleteKeys(step.keys);
      deepStrictEqual(events.map(versionOf), model.deleteKeys(step.keys));
      deepStrictEqual(revision, model.current);
      return store;
    }
    case "range": {
      const done = store.range(step);
      deepStrictEqual(done.ok ? done.value : done.error, model.range(step));
      return store;
    }
    default: {
      const before = digest(store);
      const read = step.kind === "txn" && isReadOnly(step) ? store.readTxn(step) : undefined;
      const done = store.apply(step, model.leases);
      const expected = model.apply(step);
      if (!done.ok || typeof expected === "string") {
        deepStrictEqual(done.ok ? "done" : done.error, expected);
        deepStrictEqual(digest(store), before);
        return store;
      }
      deepStrictEqual(done.value.result, expected.result);
      if (read !== undefined) deepStrictEqual(read, {ok: true, value: expected.result});
      deepStrictEqual(done.value.revision, model.current);
      deepStrictEqual(done.value.events.map(versionOf), expected.changed);
      return store;
    }
  }
}

/** Everything that can be asked of the store, compared. */
export function checkAll(store: Store, model: ListStore): void {
  deepStrictEqual([store.currentRevision, store.compactRevision], [model.current, model.compacted]);
  for (let at = 1; at <= model.current + 1; at++) {
    const request: RangeRequest = {kind: "range", key: "\0", rangeEnd: "\0", revision: at};
    const read = store.range(request);
    deepStrictEqual(read.ok ? read.value : read.error, model.range(request));
  }
  const left = model.left();
  const batches = store.eventsBetween(-1, model.current + 1, everyKey);
  deepStrictEqual(
    batches.map((batch) => batch.revision),
    [...new Set(left.map(({main}) => main))],
  );
  deepStrictEqual(
    batches.flatMap((batch) => batch.events).map((event) => versionOf(event, 0)),
    left.map((version) => ({...version, sub: 0})),
  );
  deepStrictEqual(
    store.keys(),
    [...new Set(left.map((version) => version.key))].sort((a, b) => (a < b ? -1 : 1)),
  );
  const indexed: Version[] = [];
  for (const name of store.keys()) {
    for (const generation of store.history(name)) {
      for (const {main, sub} of [
        ...generation.revisions,
        ...(generation.tombstone ? [generation.tombstone] : []),
      ]) {
        const event = store.versionAt(main, sub);
        if (event !== undefined) indexed.push(versionOf(event, sub));
      }
    }
  }
  indexed.sort((a, b) => a.main - b.main || a.sub - b.sub);
  deepStrictEqual(indexed, left);
}
