// A range read at one revision: what to fetch, in what order, and where to cut (etcd server/etcdserver/txn/range.go).

import {unreachable} from "../base/assert.ts";
import {compareKeys} from "../base/key.ts";
import type {Revision} from "../base/quantity.ts";
import type {KeyValue, RangeRequest, RangeResult} from "./kv.ts";
import {noValue, type Versions} from "./versions.ts";

/** Answers the request from the versions at `at`, whatever revision the request itself names. */
export function readRange(versions: Versions, request: RangeRequest, at: Revision): RangeResult {
  const found = versions.find({from: request.key, to: request.rangeEnd ?? ""}, at);
  const count = found.length;
  if (request.countOnly === true) return {kind: "range", kvs: [], more: false, count};
  const limit = Math.max(0, request.limit ?? 0);
  const fetched = limit > 0 && limitsBeforeSort(request) ? found.slice(0, limit + 1) : found;
  const kvs = fetched.map((revision) => versions.value(revision));
  sort(kvs, request);
  const more = limit > 0 && kvs.length > limit;
  if (more) kvs.length = limit;
  return {kind: "range", kvs: request.keysOnly === true ? kvs.map(withoutValue) : kvs, more, count};
}

/**
 * Whether the limit cuts the keys before they are sorted. That it does without an order, even when the target is not
 * the key, is etcd's: `limit 1, target mod, order none` sorts the first two keys only.
 */
function limitsBeforeSort(request: RangeRequest): boolean {
  const order = request.sortOrder ?? "none";
  return order === "none" || (order === "ascend" && (request.sortTarget ?? "key") === "key");
}

/** Sorts in place what comes in key order. No order means ascending. Ties stay in key order; etcd leaves them open. */
function sort(kvs: KeyValue[], request: RangeRequest): void {
  const target = request.sortTarget ?? "key";
  const descend = request.sortOrder === "descend";
  if (target === "key" && !descend) return;
  kvs.sort((a, b) => (descend ? compareBy(target, b, a) : compareBy(target, a, b)));
}

function compareBy(target: NonNullable<RangeRequest["sortTarget"]>, a: KeyValue, b: KeyValue): number {
  switch (target) {
    case "key":
      return compareKeys(a.key, b.key);
    case "version":
      return a.version - b.version;
    case "create":
      return a.createRevision - b.createRevision;
    case "mod":
      return a.modRevision - b.modRevision;
    case "value":
      return compareValues(a.value, b.value);
    default:
      return unreachable(target);
  }
}

/** Byte order, a prefix first. */
export function compareValues(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function withoutValue(kv: KeyValue): KeyValue {
  return {...kv, value: noValue};
}
