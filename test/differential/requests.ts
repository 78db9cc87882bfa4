// Drawn requests of the key-value, lease and watch APIs, over few keys and few leases, so that they meet. Revisions are
// relative (moment.ts). Leases live long enough never to expire while a test runs.

import fc from "fast-check";
import {prefixEnd, unbounded} from "../../core/base/key.ts";
import type {LeaseRequest} from "../../core/lease/lease.ts";
import type {
  Compare,
  CompactRequest,
  DeleteRangeRequest,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
} from "../../core/mvcc/kv.ts";
import type {WatchCreateRequest} from "../../core/watch/watch.ts";
import {relative} from "./moment.ts";

/** At most twelve: Go sorts so few stably, and more in an order that it does not promise. */
export const keys = [
  "\0",
  "a",
  "a/",
  "a/1",
  "a/2",
  "ab",
  "b",
  "b\xff",
  "b\xff\xff",
  "c",
  "\xc3\xa9",
  "\xff",
] as const;

/** Over the whole range of an int64. */
export const leases = [
  "0000000000000001",
  "00000000000000ff",
  "7fffffffffffffff",
  "8000000000000000",
  "ffffffffffffffff",
] as const;

const key = fc.oneof(
  {weight: 40, arbitrary: fc.constantFrom(...keys)},
  {weight: 1, arbitrary: fc.constant("")},
);
const rangeEnd = fc.oneof(
  {weight: 4, arbitrary: fc.constant(undefined)},
  {weight: 2, arbitrary: fc.constant(unbounded)},
  {weight: 3, arbitrary: fc.constantFrom<string>(...keys)},
  {weight: 2, arbitrary: fc.constantFrom("a", "a/", "b").map(prefixEnd)},
);
const value = fc.constantFrom("", "1", "2", "longer").map((text) => new TextEncoder().encode(text));
const lease = fc.constantFrom(...leases);

/** A revision, relative to the moment; mostly one that is there. */
const revision = fc.oneof(
  {weight: 8, arbitrary: fc.integer({min: relative.current, max: 16})},
  {weight: 2, arbitrary: fc.integer({min: relative.future, max: relative.oldest})},
  {weight: 3, arbitrary: fc.integer({min: relative.compacted - 2, max: relative.compacted + 2})},
  {weight: 1, arbitrary: fc.constantFrom(-1, 1, relative.start, 1000, Number.MAX_SAFE_INTEGER)},
);

/** Drops the absent fields. */
function drawn<T extends object>(fields: {
  readonly [K in keyof T]-?: fc.Arbitrary<T[K] | undefined>;
}): fc.Arbitrary<T> {
  return fc
    .record(fields as unknown as {[field: string]: fc.Arbitrary<unknown>})
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, field]) => field !== undefined)) as T);
}

/** There once in so many times. */
function oneIn<T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({weight: 1, arbitrary}, {weight: times - 1, arbitrary: fc.constant(undefined)});
}

const flag = oneIn(2, fc.constant(true as const));

export const ranges: fc.Arbitrary<RangeRequest> = drawn<RangeRequest>({
  kind: fc.constant("range"),
  key,
  rangeEnd,
  limit: fc.oneof(fc.constant(undefined), fc.integer({min: -1, max: 4})),
  revision: oneIn(3, revision),
  sortOrder: fc.constantFrom(undefined, "none", "ascend", "descend"),
  sortTarget: fc.constantFrom(undefined, "key", "version", "create", "mod", "value"),
  serializable: flag,
  keysOnly: oneIn(5, fc.constant(true)),
  countOnly: oneIn(5, fc.constant(true)),
  minModRevision: oneIn(6, revision),
  maxModRevision: oneIn(6, revision),
  minCreateRevision: oneIn(6, revision),
  maxCreateRevision: oneIn(6, revision),
});

export const puts: fc.Arbitrary<PutRequest> = fc.oneof(
  {
    weight: 8,
    arbitrary: drawn<PutRequest>({
      kind: fc.constant("put"),
      key,
      value,
      lease: oneIn(3, lease),
      prevKv: flag,
      ignoreValue: fc.constant(undefined),
      ignoreLease: fc.constant(undefined),
    }),
  },
  {
    weight: 2,
    arbitrary: drawn<PutRequest>({
      kind: fc.constant("put"),
      key,
      value: fc.oneof({weight: 4, arbitrary: fc.constant(new Uint8Array())}, {weight: 1, arbitrary: value}),
      lease: oneIn(4, lease),
      prevKv: flag,
      ignoreValue: flag,
      ignoreLease: flag,
    }),
  },
);

export const deletes: fc.Arbitrary<DeleteRangeRequest> = drawn<DeleteRangeRequest>({
  kind: fc.constant("deleteRange"),
  key,
  rangeEnd,
  prevKv: flag,
});

const compares: fc.Arbitrary<Compare> = drawn<Compare>({
  key,
  rangeEnd: oneIn(3, rangeEnd),
  result: fc.constantFrom("=", ">", "<", "!="),
  target: fc.oneof(
    fc.record({kind: fc.constant("version" as const), value: fc.integer({min: -1, max: 3})}),
    fc.record({
      kind: fc.constantFrom("create" as const, "mod" as const),
      value: fc.oneof(fc.constant(0), revision),
    }),
    fc.record({kind: fc.constant("value" as const), value}),
    fc.record({kind: fc.constant("lease" as const), value: fc.oneof(fc.constant(""), lease)}),
  ),
});

function txnsOf(op: fc.Arbitrary<RequestOp>, ops: number): fc.Arbitrary<TxnRequest> {
  return fc.record({
    kind: fc.constant("txn" as const),
    compare: fc.array(compares, {maxLength: 2}),
    success: fc.array(op, {maxLength: ops}),
    failure: fc.array(op, {maxLength: ops}),
  });
}

const reads = ranges as fc.Arbitrary<RequestOp>;
const ops = fc.oneof(
  {weight: 3, arbitrary: reads},
  {weight: 3, arbitrary: puts},
  {weight: 1, arbitrary: deletes},
);

/** Up to three levels deep. */
export const txns: fc.Arbitrary<TxnRequest> = fc.oneof(
  {weight: 1, arbitrary: txnsOf(reads, 8)},
  {weight: 3, arbitrary: txnsOf(ops, 5)},
  {
    weight: 2,
    arbitrary: txnsOf(
      fc.oneof(
        {weight: 2, arbitrary: ops},
        {
          weight: 1,
          arbitrary: txnsOf(fc.oneof({weight: 4, arbitrary: ops}, {weight: 1, arbitrary: txnsOf(ops, 2)}), 3),
        },
      ),
      3,
    ),
  },
);

export const compactions: fc.Arbitrary<CompactRequest> = drawn<CompactRequest>({
  kind: fc.constant("compact"),
  revision: fc.oneof({weight: 1, arbitrary: fc.constant(0)}, {weight: 8, arbitrary: revision}),
  physical: flag,
});

export const leaseRequests: fc.Arbitrary<LeaseRequest> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("leaseGrant" as const),
      ttl: fc.constantFrom(1000, 60_000, 9_000_000_000, 9_000_000_001),
      lease,
    }),
  },
  {weight: 2, arbitrary: fc.record({kind: fc.constant("leaseRevoke" as const), lease})},
  {
    weight: 2,
    arbitrary: drawn<Extract<LeaseRequest, {kind: "leaseTimeToLive"}>>({
      kind: fc.constant("leaseTimeToLive"),
      lease,
      keys: flag,
    }),
  },
  {weight: 1, arbitrary: fc.record({kind: fc.constant("leaseKeepAlive" as const), lease})},
  {weight: 1, arbitrary: fc.constant({kind: "leaseList"} as const)},
);

export const watches: fc.Arbitrary<WatchCreateRequest> = drawn<WatchCreateRequest>({
  kind: fc.constant("watchCreate"),
  key,
  rangeEnd,
  startRevision: fc.oneof(
    fc.constant(undefined),
    revision.filter((one) => one >= 0),
  ),
  prevKv: flag,
  filters: fc.constantFrom(undefined, undefined, undefined, ["noput"], ["nodelete"], ["noput", "nodelete"]),
  watchId: oneIn(3, fc.integer({min: 1, max: 6})),
  progressNotify: fc.constant(undefined),
  fragment: flag,
});
