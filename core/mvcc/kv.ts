// The key-value API's words: what may be asked of the store and what it answers. etcd's names in camelCase
// (etcdserverpb.rpc.proto); optional fields are etcd's zero values.

import type {Key, Value} from "../base/key.ts";
import type {LeaseId, Revision} from "../base/quantity.ts";

/** Where in the order of all changes: `main` counts writes, `sub` the changes within one write. */
export interface FullRevision {
  readonly main: Revision;
  readonly sub: number;
}

/** The value of a key that is deleted, or of which only the rest was asked for. */
export const noValue: Value = new Uint8Array(0);

/** One version of one key. Never written after birth. */
export interface KeyValue {
  readonly key: Key;
  readonly value: Value;
  readonly createRevision: Revision;
  readonly modRevision: Revision;
  /** 1 for a created key, +1 for each put; restarts after a delete. */
  readonly version: number;
  readonly lease: LeaseId;
}

/** One change, as a watcher sees it. A delete's `kv` holds only key and modRevision. */
export interface StoreEvent {
  readonly kind: "put" | "delete";
  readonly kv: KeyValue;
  readonly prevKv?: KeyValue;
}

/** etcd's enums, in the order of their numbers. */
export const sortOrders = ["none", "ascend", "descend"] as const;
export const sortTargets = ["key", "version", "create", "mod", "value"] as const;

export interface RangeRequest {
  readonly kind: "range";
  readonly key: Key;
  /** "" exactly `key`; "\0" all keys from `key` on. */
  readonly rangeEnd?: Key;
  /** 0 is none. */
  readonly limit?: number;
  /** 0 is the current one. */
  readonly revision?: Revision;
  readonly sortOrder?: (typeof sortOrders)[number];
  readonly sortTarget?: (typeof sortTargets)[number];
  /** Answered from this member's own state, perhaps an old one. */
  readonly serializable?: boolean;
  readonly keysOnly?: boolean;
  readonly countOnly?: boolean;
  /** Leave out keys changed last, or created, before or after; 0 is none. They count all the same. */
  readonly minModRevision?: Revision;
  readonly maxModRevision?: Revision;
  readonly minCreateRevision?: Revision;
  readonly maxCreateRevision?: Revision;
}

export interface PutRequest {
  readonly kind: "put";
  readonly key: Key;
  readonly value: Value;
  readonly lease?: LeaseId;
  readonly prevKv?: boolean;
  /** The key keeps its value, or its lease; it must exist, and then none may be given. */
  readonly ignoreValue?: boolean;
  readonly ignoreLease?: boolean;
}

export interface DeleteRangeRequest {
  readonly kind: "deleteRange";
  readonly key: Key;
  readonly rangeEnd?: Key;
  readonly prevKv?: boolean;
}

export type CompareResult = "=" | ">" | "<" | "!=";

export interface Compare {
  readonly key: Key;
  /** The compare must hold of every key in the range. As in a range request; "" is exactly `key`. */
  readonly rangeEnd?: Key;
  readonly result: CompareResult;
  /** What is compared, and with what. */
  readonly target:
    | {readonly kind: "version" | "create" | "mod"; readonly value: number}
    | {readonly kind: "value"; readonly value: Value}
    | {readonly kind: "lease"; readonly value: LeaseId};
}

/** All compares hold: `success` is done, else `failure`. */
export interface TxnRequest {
  readonly kind: "txn";
  readonly compare: readonly Compare[];
  readonly success: readonly RequestOp[];
  readonly failure: readonly RequestOp[];
}

export type RequestOp = RangeRequest | PutRequest | DeleteRangeRequest | TxnRequest;

export interface CompactRequest {
  readonly kind: "compact";
  readonly revision: Revision;
  /** Answered only when what was compacted is deleted from the backend file too. */
  readonly physical?: boolean;
}

/** A hash of the store at a revision: equal on all members that were compacted at the same one. */
export interface HashKvRequest {
  readonly kind: "hashKv";
  /** 0 is the current one. */
  readonly revision?: Revision;
}

export interface HashKvResult {
  readonly kind: "hashKv";
  /** CRC-32C. */
  readonly hash: number;
  readonly compactRevision: Revision;
  /** The revision that was hashed. */
  readonly hashRevision: Revision;
}

/** What an answer carries within a transaction: in etcd its own header, of which only this is set. */
export interface Inner {
  /** The revision that the operation read at or wrote; of a nested transaction there is none. */
  readonly revision?: Revision;
}

export interface RangeResult extends Inner {
  readonly kind: "range";
  readonly kvs: readonly KeyValue[];
  /** There were more than `limit`. */
  readonly more: boolean;
  /** Keys in the range at that revision; the limit does not count. */
  readonly count: number;
}

export interface PutResult extends Inner {
  readonly kind: "put";
  readonly prevKv?: KeyValue;
}

export interface DeleteRangeResult extends Inner {
  readonly kind: "deleteRange";
  readonly deleted: number;
  readonly prevKvs: readonly KeyValue[];
}

export interface TxnResult {
  readonly kind: "txn";
  readonly succeeded: boolean;
  readonly responses: readonly OpResult[];
}

export interface CompactResult {
  readonly kind: "compact";
}

export type OpResult = RangeResult | PutResult | DeleteRangeResult | TxnResult;
