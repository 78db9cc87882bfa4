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
  readonly lease: string;
}

/** Two that there are: of the two numbers the second is negative. */
export const knownLeases = ["0000000000000007", "fffffffffffffff9"];

export type Write = PutRequest | DeleteRangeRequest | TxnRequest;

export class ListStore {
  versions: Version[] = [];
  current = 1;
  compacted = -1;
  /** The leases that there are. */
  readonly leases = new Set(knownLeases);

  /** All keys that exist at a revision, sorted. */
  state(at: number): KeyValue[] {
    const state = new Map<Key, KeyValue>();
    for (const {main, key, value, lease} of this.versions) {
      if (main > at) break;
      const old = state.get(key);
      if (value === undefined) state.delete(key);
      else {
        const created = {createRevision: old?.createRevision ?? main, version: (old?.version ?? 0) + 1};
        state.set(key, {key, value, ...created, modRevision: main, lease});
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
    const refused =
      request.kind === "put"
        ? (this.refusalForLease(request) ?? refusalForKey(request, before))
        : this.refusal([request], before);
    if (refused !== undefined) return refused;
    const count = this.versions.length;
    const result = this.run(request, before);
    if (this.versions.length > count) this.current++;
    return {result, changed: this.versions.slice(count)};
  }

  /** Deletes what lives of these, as one write. */
  deleteKeys(keys: readonly Key[]): Version[] {
    const count = this.versions.length;
    const living = new Set(this.state(this.current).map(({key}) => key));
    for (const key of keys) if (living.delete(key)) this.write(key, undefined);
    if (this.versions.length > count) this.current++;
    return this.versions.slice(count);
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
    const chosen = found.filter((kv) => isWithin(kv, request));
    const isPlain = sortOrder === "none" || (sortOrder === "ascend" && sortTarget === "key");
    const cutFirst = limit > 0 && isPlain && !isFiltered(request);
    const kvs = cutFirst ? chosen.slice(0, limit + 1) : chosen;
    const sign = sortOrder === "descend" ? -1 : 1;
    kvs.sort((a, b) => sign * order(field(a, sortTarget), field(b, sortTarget)));
    const shown = limit > 0 ? kvs.slice(0, limit) : kvs;
    const blank = {value: new Uint8Array(0), ...(sortTarget === "value" ? {} : {lease: ""})};
    const answered = request.keysOnly === true ? shown.map((kv) => ({...kv, ...blank})) : shown;
    return {kind: "range", kvs: answered, more: kvs.length > shown.length, count};
  }

  /** Runs one operation; `this.current` stays, what is read is the list so far. */
  private run(op: RequestOp, before: ListStore): OpResult {
    const now = this.current + 1;
    if (op.kind === "range") return this.read(op, (op.revision ?? 0) > 0 ? (op.revision ?? 0) : now);
    if (op.kind === "txn") {
      const {succeeded, ops} = branch(op, before);
      return {kind: "txn", succeeded, responses: ops.map((inner) => this.runInner(inner, before))};
    }
    const found = this.state(now).filter(({key}) => contains(rangeOf(op), key));
    if (op.kind === "put") {
      const old = found[0];
      const lease = op.lease === "0000000000000000" ? "" : (op.lease ?? "");
      this.write(
        op.key,
        op.ignoreValue === true ? old?.value : op.value,
        op.ignoreLease === true ? old?.lease : lease,
      );
      return op.prevKv === true && found[0] !== undefined ? {kind: "put", prevKv: found[0]} : {kind: "put"};
    }
    for (const {key} of found) this.write(key, undefined);
    return {kind: "deleteRange", deleted: found.length, prevKvs: op.prevKv === true ? found : []};
  }

  /** In a transaction each answer says of which revision it is: the one to come, once something was written. */
  private runInner(op: RequestOp, before: ListStore): OpResult {
    const result = this.run(op, before);
    const hasWritten = this.versions.length > before.versions.length;
    return result.kind === "txn" ? result : {...result, revision: this.current + (hasWritten ? 1 : 0)};
  }

  private write(key: Key, value: Uint8Array | undefined, lease = ""): void {
    const main = this.current + 1;
    this.versions.push({
      main,
      sub: this.versions.filter((version) => version.main === main).length,
      key,
      value,
      lease,
    });
  }

  /** Why one of these operations, or of those they lead to, cannot be done: the first one on the way. */
  private refusal(ops: readonly RequestOp[], before: ListStore): StoreError | undefined {
    for (const op of ops) {
      const error =
        op.kind === "txn" ? this.refusal(branch(op, before).ops, before) : this.refusalOf(op, before);
      if (error !== undefined) return error;
    }
    return undefined;
  }

  private refusalOf(op: Exclude<RequestOp, TxnRequest>, before: ListStore): StoreError | undefined {
    if (op.kind === "range") {
      const {revision = 0} = op;
      if (revision > this.current) return "futureRevision";
      return revision !== 0 && revision < this.compacted ? "compacted" : undefined;
    }
    return op.kind === "put" ? (refusalForKey(op, before) ?? this.refusalForLease(op)) : undefined;
  }

  private refusalForLease({lease}: PutRequest): StoreError | undefined {
    return int64(lease) !== 0n && !this.leases.has(lease ?? "") ? "leaseNotFound" : undefined;
  }
}

function refusalForKey(op: PutRequest, before: ListStore): StoreError | undefined {
  if (op.ignoreValue !== true && op.ignoreLease !== true) return undefined;
  return before.state(Infinity).some(({key}) => key === op.key) ? undefined : "keyNotFound";
}

/** Whether the request's bounds let it through; 0 is no bound. */
function isWithin({modRevision: mod, createRevision: created}: KeyValue, request: RangeRequest): boolean {
  const {minModRevision = 0, maxModRevision = 0, minCreateRevision = 0, maxCreateRevision = 0} = request;
  if (minModRevision !== 0 && mod < minModRevision) return false;
  if (maxModRevision !== 0 && mod > maxModRevision) return false;
  if (minCreateRevision !== 0 && created < minCreateRevision) return false;
  return maxCreateRevision === 0 || created <= maxCreateRevision;
}

function isFiltered(request: RangeRequest): boolean {
  const {minModRevision, maxModRevision, minCreateRevision, maxCreateRevision} = request;
  return [minModRevision, maxModRevision, minCreateRevision, maxCreateRevision].some(Boolean);
}

function order(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function rangeOf(request: {readonly key: Key; readonly rangeEnd?: Key}): KeyRange {
  return {from: request.key, to: request.rangeEnd ?? ""};
}

function branch(txn: TxnRequest, before: ListStore): {succeeded: boolean; ops: readonly RequestOp[]} {
  const state = before.state(Infinity);
  const succeeded = txn.compare.every((compare) => {
    const found = state.filter(({key}) => contains(rangeOf(compare), key));
    return found.length === 0 ? holds(compare, undefined) : found.every((kv) => holds(compare, kv));
  });
  return {succeeded, ops: succeeded ? txn.success : txn.failure};
}

function holds({target, result}: Compare, kv: KeyValue | undefined): boolean {
  if (target.kind === "value" && kv === undefined) return false;
  const [left, right] =
    target.kind === "value"
      ? [String(kv?.value), String(target.value)]
      : target.kind === "lease"
        ? [int64(kv?.lease), int64(target.value)]
        : [kv === undefined ? 0 : Number(field(kv, target.kind)), target.value];
  return {"=": left === right, "!=": left !== right, "<": left < right, ">": left > right}[result];
}

function int64(lease = ""): bigint {
  return BigInt.asIntN(64, BigInt(`0x${lease || 0}`));
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

/** Something is given that the key is to keep. */
function overfull(request: RequestOp): StoreError | undefined {
  if (request.kind !== "put") return undefined;
  if (request.ignoreValue === true && request.value.length > 0) return "valueProvided";
  return request.ignoreLease === true && int64(request.lease) !== 0n ? "leaseProvided" : undefined;
}

/** The form of each operation first, then any two operations of one branch that touch one key, at least one of them putting it. */
function malformed(request: RequestOp): StoreError | undefined {
  if (request.kind !== "txn") return request.key === "" ? "emptyKey" : overfull(request);
  for (const compare of request.compare) if (compare.key === "") return "emptyKey";
  for (const op of [...request.success, ...request.failure]) {
    const error = malformed(op);
    if (error !== undefined && error !== "duplicateKey") return error;
  }
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
