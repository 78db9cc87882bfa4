// A range read at one revision: what to fetch, in what order, and where to cut (etcd server/etcdserver/txn/range.go).

import {unreachable} from "../base/assert.ts";
import {compareKeys, rangeOf} from "../base/key.ts";
import {integerMax, type Revision} from "../base/quantity.ts";
import {noValue, type KeyValue, type RangeRequest, type RangeResult} from "./kv.ts";
import type {Versions} from "./versions.ts";

/** Answers the request from the versions at `at`, whatever revision the request itself names. */
export function readRange(versions: Versions, request: RangeRequest, at: Revision): RangeResult {
  const range = rangeOf(request);
  if (request.countOnly === true)
    return {kind: "range", kvs: [], more: false, count: versions.find(range, at, 0).count};
  const limit = Math.max(0, request.limit ?? 0);
  const {kvs: fetched, count} = fetch(versions, request, at, cutsFirst(request) ? limit + 1 : integerMax);
  const kvs = isFiltered(request) ? fetched.filter((kv) => passes(kv, request)) : fetched;
  sort(kvs, request);
  const more = limit > 0 && kvs.length > limit;
  if (more) kvs.length = limit;
  return {kind: "range", kvs: request.keysOnly === true ? kvs.map(withoutValue) : kvs, more, count};
}

/** The first `most` in key order. Without values the index knows all but the lease (etcd 3.7, FastKeysOnly). */
function fetch(
  versions: Versions,
  request: RangeRequest,
  at: Revision,
  most: number,
): {readonly kvs: KeyValue[]; readonly count: number} {
  const range = rangeOf(request);
  if (request.keysOnly === true && request.sortTarget !== "value") return versions.findKeys(range, at, most);
  const {found, count} = versions.find(range, at, most);
  return {kvs: found.map((revision) => versions.value(revision)), count};
}

/**
 * Whether the limit cuts the keys before they are sorted. That it does without an order, even when the target is not
 * the key, is etcd's: `limit 1, target mod, order none` sorts the first two keys only.
 */
function cutsFirst(request: RangeRequest): boolean {
  if ((request.limit ?? 0) <= 0 || isFiltered(request)) return false;
  const order = request.sortOrder ?? "none";
  return order === "none" || (order === "ascend" && (request.sortTarget ?? "key") === "key");
}

function isFiltered(request: RangeRequest): boolean {
  return (
    (request.minModRevision ?? 0) !== 0 ||
    (request.maxModRevision ?? 0) !== 0 ||
    (request.minCreateRevision ?? 0) !== 0 ||
    (request.maxCreateRevision ?? 0) !== 0
  );
}

function passes({modRevision, createRevision}: KeyValue, request: RangeRequest): boolean {
  return (
    modRevision >= (request.minModRevision ?? 0) &&
    modRevision <= (request.maxModRevision || integerMax) &&
    createRevision >= (request.minCreateRevision ?? 0) &&
    createRevision <= (request.maxCreateRevision || integerMax)
  );
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
  return kv.value.length === 0 ? kv : {...kv, value: noValue};
}
