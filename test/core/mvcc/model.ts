// The obvious store: a plain list of all versions of all keys, never trimmed, and every answer computed from the whole
// list. Slow and short, so that one can see that it is right; the real store must agree with it.

import {contains, type Key, type KeyRange} from "../../../core/base/key.ts";
import type {
  Compare,
  KeyValue,
  OpResult,
  PutRequest,
  DeleteRangeRequest,
  RangeRequest,
  RangeResult,
  RequestOp,
  TxnRequest,
} from "../../../core/mvcc/kv.ts";
import type {StoreError} from "../../../core/mvcc/store.ts";

/** One change. No value: the key was deleted. */
export interface Version {
  readonly main: number;
  readonly sub: number;
  readonly key: Key;
  readonly value: Uint8Array | undefined;
}

export type Write = PutRequest | DeleteRangeRequest | TxnRequest;

export class ListStore {
  versions: Version[] = [];
  current = 1;
  compacted = -1;

  /** All keys that exist at a revision, sorted. */
  state(at: number): KeyValue[] {
    const state = new Map<Key, KeyValue>();
    for (const {main, key, value} of this.versions) {
      if (main > at) break;
      const old = state.get(key);
      if (value === undefined) state.delete(key);
      else {
        const created = {createRevision: old?.createRevision ?? main, version: (old?.version ?? 0) + 1};
        state.set(key, {key, value, ...created, modRevision: main, lease: ""});
      }
    }
    return [...state.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  range(request: RangeRequest): RangeResult | StoreError {
    if (request.key === "") return "emptyKey";
    const revision = request.revision ?? 0;
    if (revision > this.current) return "futureRevision";
    if (revision > 0 && revision < this.compacted) return "compacted";
    return this.read(request, revision > 0 ? revision : this.current);
  }

  apply(request: Write): {result: OpResult; changed: Version[]} | StoreError {
    const wrong = malformed(request);
    if (wrong !== undefined) return wrong;
    const before = new ListStore();
    before.versions = this.versions.slice();
    const refused = this.refusal([request], before);
    if (refused !== undefined) return refused;
    const count = this.versions.length;
    const result = this.run(request, before);
    if (this.versions.length > count) this.current++;
    return {result, changed: this.versions.slice(count)};
  }

  compact(revision: number): StoreError | undefined {
    if (revision <= this.compacted) return "compacted";
    if (revision > this.current) return "futureRevision";
    this.compacted = revision;
    return undefined;
  }

  /** The versions that compaction must leave: those after it, those at it, and what was the newest put before it. */
  left(): Version[] {
    const readable = this.state(this.compacted);
    return this.versions.filter(
      ({main, key, value}) =>
        main >= this.compacted ||
        (value !== undefined && readable.some((kv) => kv.key === key && kv.modRevision === main)),
    );
  }

  private read(request: RangeRequest, at: number): RangeResult {
    const found = this.state(at).filter(({key}) => contains(rangeOf(request), key));
    const count = found.length;
    if (request.countOnly === true) return {kind: "range", kvs: [], more: false, count};
    const {limit = 0, sortOrder = "none", sortTarget = "key"} = request;
    const cutFirst = limit > 0 && (sortOrder === "none" || (sortOrder === "ascend" && sortTarget === "key"));
    const kvs = cutFirst ? found.slice(0, limit + 1) : found;
    const sign = sortOrder === "descend" ? -1 : 1;
    kvs.sort(
      (a, b) =>
        sign *
        (field(a, sortTarget) < field(b, sortTarget)
          ? -1
          : field(a, sortTarget) > field(b, sortTarget)
            ? 1
            : 0),
    );
    const shown = limit > 0 ? kvs.slice(0, limit) : kvs;
    const blank = request.keysOnly === true ? shown.map((kv) => ({...kv, value: new Uint8Array(0)})) : shown;
    return {kind: "range", kvs: blank, more: kvs.length > shown.length, count};
  }

  /** Runs one operation; `this.current` stays, what is read is the list so far. */
  private run(op: RequestOp, before: ListStore): OpResult {
    const now = this.current + 1;
    if (op.kind === "range") return this.read(op, (op.revision ?? 0) > 0 ? (op.revision ?? 0) : now);
    if (op.kind === "txn") {
      const {succeeded, ops} = branch(op, before);
      return {kind: "txn", succeeded, responses: ops.map((inner) => this.run(inner, before))};
    }
    const found = this.state(now).filter(({key}) => contains(rangeOf(op), key));
    if (op.kind === "put") {
      this.write(op.key, op.value);
      return op.prevKv === true && found[0] !== undefined ? {kind: "put", prevKv: found[0]} : {kind: "put"};
    }
    for (const {key} of found) this.write(key, undefined);
    return {kind: "deleteRange", deleted: found.length, prevKvs: op.prevKv === true ? found : []};
  }

  private write(key: Key, value: Uint8Array | undefined): void {
    const main = this.current + 1;
    this.versions.push({
      main,
      sub: this.versions.filter((version) => version.main === main).length,
      key,
      value,
    });
  }

  /** Why one of these operations, or of those they lead to, cannot be done: the outer ones first. */
  private refusal(ops: readonly RequestOp[], before: ListStore): StoreError | undefined {
    for (const op of ops) {
      if (op.kind === "range" && (op.revision ?? 0) > this.current) return "futureRevision";
      if (op.kind === "range" && (op.revision ?? 0) !== 0 && (op.revision ?? 0) < this.compacted)
        return "compacted";
      if (op.kind === "put" && (op.lease ?? "") !== "") return "leaseNotFound";
    }
    for (const op of ops) {
      const error = op.kind === "txn" ? this.refusal(branch(op, before).ops, before) : undefined;
      if (error !== undefined) return error;
    }
    return undefined;
  }
}

export function rangeOf(request: {readonly key: Key; readonly rangeEnd?: Key}): KeyRange {
  return {from: request.key, to: request.rangeEnd ?? ""};
}

function branch(txn: TxnRequest, before: ListStore): {succeeded: boolean; ops: readonly RequestOp[]} {
  const state = before.state(Infinity);
  const succeeded = txn.compare.every((compare) =>
    holds(
      compare,
      state.find(({key}) => key === compare.key),
    ),
  );
  return {succeeded, ops: succeeded ? txn.success : txn.failure};
}

function holds({target, result}: Compare, kv: KeyValue | undefined): boolean {
  if (target.kind === "value" && kv === undefined) return false;
  const left =
    target.kind === "value" ? String(kv?.value) : kv === undefined ? 0 : Number(field(kv, target.kind));
  const right = target.kind === "value" ? String(target.value) : target.value;
  return {"=": left === right, "!=": left !== right, "<": left < right, ">": left > right}[result];
}

/** Values of one byte each compare as their decimal text does only if they have equally many digits. */
function field(kv: KeyValue, target: string): number | string {
  const fields: Record<string, number | string> = {
    key: kv.key,
    version: kv.version,
    create: kv.createRevision,
    mod: kv.modRevision,
    value: String(kv.value),
  };
  return fields[target] ?? "";
}

/** Empty keys first, then any two operations of one branch that touch one key, at least one of them putting it. */
function malformed(request: RequestOp): StoreError | undefined {
  if (request.kind !== "txn") return request.key === "" ? "emptyKey" : undefined;
  for (const compare of request.compare) if (compare.key === "") return "emptyKey";
  for (const op of [...request.success, ...request.failure])
    if (malformed(op) === "emptyKey") return "emptyKey";
  for (const ops of [request.success, request.failure]) {
    for (let i = 0; i < ops.length; i++) {
      if (ops.slice(0, i).some((other) => clash(other, ops[i]))) return "duplicateKey";
      const inner = ops[i];
      if (inner?.kind === "txn" && malformed(inner) !== undefined) return "duplicateKey";
    }
  }
  return undefined;
}

function clash(a: RequestOp, b: RequestOp | undefined): boolean {
  if (b === undefined || a.kind === "range" || b.kind === "range") return false;
  if (a.kind === "txn") return [...a.success, ...a.failure].some((op) => clash(op, b));
  if (b.kind === "txn") return clash(b, a);
  if (a.kind === "put") return contains(rangeOf(b), a.key);
  return b.kind === "put" && contains(rangeOf(a), b.key);
}
