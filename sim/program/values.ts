// Keys and values as programs write and read them, as text, and transactions as they say them.

import type {Key, Value} from "../../core/base/key.ts";
import {bytesOfKey, keyFromText, prefixEnd, textOfBytes, unbounded} from "../../core/base/key.ts";
import type {LeaseId, Revision} from "../../core/base/quantity.ts";
import type {
  Compare,
  CompareResult,
  DeleteRangeRequest,
  KeyValue,
  OpResult as StoreResult,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
} from "../../core/mvcc/kv.ts";

/** A value as text, or as bytes. */
export type Given = string | Uint8Array;

export interface Kv {
  readonly key: string;
  /** As text; `bytes` are the value itself. */
  readonly value: string;
  readonly bytes: Uint8Array;
  readonly createRevision: Revision;
  readonly modRevision: Revision;
  readonly version: number;
  readonly lease: LeaseId;
}

export interface PutOptions {
  readonly lease?: LeaseId;
  readonly prevKv?: boolean;
}

/** One key, unless one of these is given. */
export interface Span {
  /** All keys that begin with it. */
  readonly prefix?: boolean;
  readonly fromKey?: boolean;
  /** Keys up to this one, which is not included. */
  readonly end?: string;
}

export interface GetOptions extends Span {
  readonly revision?: Revision;
  readonly limit?: number;
  readonly serializable?: boolean;
  readonly keysOnly?: boolean;
  readonly countOnly?: boolean;
}

export interface DeleteOptions extends Span {
  readonly prevKv?: boolean;
}

/** `{key: "x", mod: 3}`: its modRevision is 3. `is` says another relation than "=". */
export type If = {readonly key: string; readonly is?: CompareResult} & (
  | {readonly mod: Revision}
  | {readonly create: Revision}
  | {readonly version: number}
  | {readonly lease: LeaseId}
  | {readonly value: Given}
);

export type Op =
  | ({readonly put: string; readonly value: Given} & PutOptions)
  | ({readonly get: string} & GetOptions)
  | ({readonly del: string} & DeleteOptions);

export interface Txn {
  /** Absent: always. */
  readonly if?: readonly If[];
  readonly do?: readonly Op[];
  readonly else?: readonly Op[];
}

export interface Got {
  readonly kvs: readonly Kv[];
  readonly more: boolean;
  readonly count: number;
}

export interface Deleted {
  readonly deleted: number;
  readonly prevKvs: readonly Kv[];
}

export interface WasPut {
  readonly prevKv?: Kv;
}

export function keyOf(key: string): Key {
  return keyFromText(key);
}

export function valueOf(value: Given): Value {
  return typeof value === "string" ? bytesOfKey(keyFromText(value)) : value.slice();
}

export function putRequest(key: string, value: Given, {lease, prevKv}: PutOptions = {}): PutRequest {
  return {
    kind: "put",
    key: keyOf(key),
    value: valueOf(value),
    ...(lease === undefined || lease === "" ? {} : {lease}),
    ...(prevKv === true ? {prevKv} : {}),
  };
}

export function getRequest(key: string, options: GetOptions = {}): RangeRequest {
  const {revision = 0, limit = 0, serializable, keysOnly, countOnly} = options;
  return {
    kind: "range",
    ...spanOf(key, options),
    ...(revision === 0 ? {} : {revision}),
    ...(limit === 0 ? {} : {limit}),
    ...(serializable === true ? {serializable} : {}),
    ...(keysOnly === true ? {keysOnly} : {}),
    ...(countOnly === true ? {countOnly} : {}),
  };
}

export function deleteRequest(key: string, options: DeleteOptions = {}): DeleteRangeRequest {
  return {kind: "deleteRange", ...spanOf(key, options), ...(options.prevKv === true ? {prevKv: true} : {})};
}

export function txnRequest({if: compares = [], do: success = [], else: otherwise = []}: Txn): TxnRequest {
  return {
    kind: "txn",
    compare: compares.map(compareOf),
    success: success.map(operationOf),
    failure: otherwise.map(operationOf),
  };
}

export function spanOf(
  key: string,
  {prefix, fromKey, end}: Span,
): {readonly key: Key; readonly rangeEnd?: Key} {
  const from = keyOf(key);
  if (prefix === true)
    return from === "" ? {key: unbounded, rangeEnd: unbounded} : {key: from, rangeEnd: prefixEnd(from)};
  if (fromKey === true) return {key: from === "" ? unbounded : from, rangeEnd: unbounded};
  return end === undefined ? {key: from} : {key: from, rangeEnd: keyOf(end)};
}

export function kvOf(kv: KeyValue): Kv {
  const {key, value, createRevision, modRevision, version, lease} = kv;
  const text = textOfBytes(bytesOfKey(key));
  return {key: text, value: textOfBytes(value), bytes: value, createRevision, modRevision, version, lease};
}

/** Of one operation of a transaction. */
export type OpResult = Got | Deleted | WasPut | {readonly succeeded: boolean};

export function resultOf(result: StoreResult): OpResult {
  switch (result.kind) {
    case "range":
      return {kvs: result.kvs.map(kvOf), more: result.more, count: result.count};
    case "deleteRange":
      return {deleted: result.deleted, prevKvs: result.prevKvs.map(kvOf)};
    case "put":
      return result.prevKv === undefined ? {} : {prevKv: kvOf(result.prevKv)};
    case "txn":
      return {succeeded: result.succeeded};
  }
}

function compareOf(given: If): Compare {
  const head = {key: keyOf(given.key), result: given.is ?? "="} as const;
  if ("mod" in given) return {...head, target: {kind: "mod", value: given.mod}};
  if ("create" in given) return {...head, target: {kind: "create", value: given.create}};
  if ("version" in given) return {...head, target: {kind: "version", value: given.version}};
  if ("lease" in given) return {...head, target: {kind: "lease", value: given.lease}};
  return {...head, target: {kind: "value", value: valueOf(given.value)}};
}

function operationOf(given: Op): RequestOp {
  if ("put" in given) return putRequest(given.put, given.value, given);
  if ("get" in given) return getRequest(given.get, given);
  return deleteRequest(given.del, given);
}
