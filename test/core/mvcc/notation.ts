// Short hands for the store's tests: requests, and stores with a history.

import {present} from "../../../core/base/assert.ts";
import type {Key} from "../../../core/base/key.ts";
import type {
  Compare,
  DeleteRangeRequest,
  KeyValue,
  OpResult,
  PutRequest,
  RangeRequest,
  RangeResult,
  RequestOp,
  TxnRequest,
} from "../../../core/mvcc/kv.ts";
import {decodeRecord, encodeRecord} from "../../../core/mvcc/recordBytes.ts";
import {restoreStore} from "../../../core/mvcc/restoreStore.ts";
import {Store, type Applied, type StoreRecord} from "../../../core/mvcc/store.ts";

export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

export function text(value: Uint8Array): string {
  return String.fromCharCode(...value);
}

export function put(key: string, value = "", more: Partial<PutRequest> = {}): PutRequest {
  return {kind: "put", key, value: bytes(value), ...more};
}

export function del(key: string, rangeEnd = "", more: Partial<DeleteRangeRequest> = {}): DeleteRangeRequest {
  return {kind: "deleteRange", key, rangeEnd, ...more};
}

export function range(key: string, rangeEnd = "", more: Partial<RangeRequest> = {}): RangeRequest {
  return {kind: "range", key, rangeEnd, ...more};
}

export function txn(
  compare: readonly Compare[],
  success: readonly RequestOp[],
  failure: readonly RequestOp[] = [],
): TxnRequest {
  return {kind: "txn", compare, success, failure};
}

export function compare(
  key: string,
  kind: "version" | "create" | "mod" | "value",
  result: Compare["result"],
  value: number | string,
): Compare {
  if (kind === "value") return {key, result, target: {kind, value: bytes(String(value))}};
  return {key, result, target: {kind, value: Number(value)}};
}

/** A store after these writes: `history("put a 1", "del a", "put b 2")` is at revision 4. */
export function history(...writes: readonly string[]): Store {
  const store = new Store();
  write(store, ...writes);
  return store;
}

export function write(store: Store, ...writes: readonly string[]): void {
  for (const line of writes) {
    const [verb, key = "", value] = line.split(" ");
    must(store.apply(verb === "put" ? put(key, value) : del(key, value)));
  }
}

/** The value of an outcome that must be good. */
export function must<T>(
  outcome: {readonly ok: true; readonly value: T} | {readonly ok: false; readonly error: unknown},
): T {
  if (!outcome.ok) throw new Error(`refused: ${String(outcome.error)}`);
  return outcome.value;
}

/** The error's name, or "ok". */
export function errorOf(outcome: {readonly ok: true} | {readonly ok: false; readonly error: string}): string {
  return outcome.ok ? "ok" : outcome.error;
}

/** `a=1 b=2`: what a range read finds. */
export function read(store: Store, request: RangeRequest): string {
  return show(must(store.range(request)));
}

export function show(result: RangeResult): string {
  return result.kvs.map(({key, value}) => `${key}=${text(value)}`).join(" ");
}

export function applied(store: Store, request: PutRequest | DeleteRangeRequest | TxnRequest): Applied {
  return must(store.apply(request));
}

/** The only key-value of a range, with its revisions: `{create, mod, version}`. */
export function revisions(store: Store, key: string, revision = 0): object | undefined {
  const kv: KeyValue | undefined = must(store.range(range(key, "", {revision}))).kvs[0];
  return kv && {create: kv.createRevision, mod: kv.modRevision, version: kv.version};
}

/** The inner answers of a transaction. */
export function responses(result: OpResult): readonly OpResult[] {
  if (result.kind !== "txn") throw new Error(`a ${result.kind} result holds no responses`);
  return result.responses;
}

/** `4 5t | 7`: the generations of a key, oldest first. */
export function generations(store: Store, key: string): string {
  return store
    .history(key)
    .map((life) =>
      [
        ...life.revisions.map(({main}) => `${main}`),
        ...(life.tombstone ? [`${life.tombstone.main}t`] : []),
      ].join(" "),
    )
    .join(" | ");
}

/** What stands in the bucket `key` for a store, in order. */
export function encoded(store: Store): readonly (readonly [Key, Uint8Array])[] {
  return store.records().map(({revision, isTombstone, kv}) => {
    const {key, value} = encodeRecord({kind: isTombstone ? "delete" : "put", kv}, revision.sub);
    return [key, value];
  });
}

export function decoded(bucket: Iterable<readonly [Key, Uint8Array]>): readonly StoreRecord[] {
  return Array.from(bucket, ([key, value]) => present(decodeRecord(key, value), "a record"));
}

/** The store that another member makes of this one's records. */
export function sent(store: Store): Store {
  const {compactRevision: compacted} = store;
  return present(restoreStore(decoded(encoded(store)), compacted, compacted), "a store").store;
}
