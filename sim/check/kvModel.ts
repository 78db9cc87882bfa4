// The store as its clients may think of it: one object, one revision counter, every operation at one instant. Written
// without looking at core/mvcc, so that the two can disagree. A state is never written; its past hangs behind it.

import {compareKeys} from "../../core/base/key.ts";
import type {Key} from "../../core/base/key.ts";
import {Hasher} from "../../core/base/hasher.ts";
import {unreachable} from "../../core/base/assert.ts";
import type {LeaseId} from "../../core/base/quantity.ts";
import type {LeaseGrantRequest, LeaseRevokeRequest} from "../../core/lease/lease.ts";
import type {
  Compare,
  CompactRequest,
  DeleteRangeRequest,
  KeyValue,
  OpResult,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
} from "../../core/mvcc/kv.ts";
import {Keys} from "./keys.ts";

export interface KvState {
  readonly revision: number;
  readonly compact: number;
  readonly keys: Keys;
  /** Those that exist; undefined: not known, any may. */
  readonly leases: ReadonlySet<LeaseId> | undefined;
  /** How many entries of {@link Logged} it has. */
  readonly logged: number;
  /** The state at the revision before, if states keep theirs. */
  readonly older: KvState | undefined;
  /** Whether the past can be read: who is not asked for it need not hold it. */
  readonly keepsPast: boolean;
  /** Digest of everything done so far: tells states apart in the search's memory. */
  readonly hashA: number;
  readonly hashB: number;
}

/**
 * What the log holds and nobody was told of: it was applied while the store went from revision `least` to `most`.
 */
export interface Logged {
  readonly kind: "logged";
  readonly request: CompactRequest | (LeaseGrantRequest & {readonly lease: LeaseId}) | LeaseRevokeRequest;
  readonly least: number;
  readonly most: number;
  /** They happened in the order of the log: how many were before it. */
  readonly place: number;
}

/** What can be judged: requests that touch the store and take part in the one order, and what the cluster did by itself. */
export type KvRequest =
  | RangeRequest
  | PutRequest
  | DeleteRangeRequest
  | TxnRequest
  | CompactRequest
  | LeaseGrantRequest
  | LeaseRevokeRequest
  | Logged;

/** Refusals that depend on the state. */
export type KvError = "compacted" | "futureRevision" | "keyNotFound" | "leaseNotFound" | "leaseExists";

export type KvAnswer =
  | {
      readonly kind: "ok";
      readonly revision: number;
      readonly result: OpResult | {readonly kind: "compact" | "leaseGrant" | "leaseRevoke"};
    }
  | {readonly kind: "error"; readonly error: KvError};

export interface KvStep {
  readonly state: KvState;
  readonly answer: KvAnswer;
}

/** etcd's fresh store. */
export const freshKvState: KvState = {
  revision: 1,
  compact: -1,
  keys: Keys.none,
  leases: new Set(),
  logged: 0,
  older: undefined,
  keepsPast: true,
  hashA: 1,
  hashB: 2,
};

/** What the request does to `state`, and what it must answer. */
export function kvStep(state: KvState, request: KvRequest): KvStep {
  switch (request.kind) {
    case "compact":
      return compact(state, request);
    case "range":
      return readOnly(state, request);
    case "put":
    case "deleteRange":
      return write(state, request);
    case "txn":
      return writesNothing(request) ? readOnly(state, request) : write(state, request);
    case "leaseGrant":
      return grant(state, request.lease ?? "");
    case "leaseRevoke":
      return revoke(state, request.lease);
    case "logged":
      return asLogged(state, request);
    default:
      return unreachable(request);
  }
}

function grant(state: KvState, lease: LeaseId): KvStep {
  if (state.leases?.has(lease) === true) return {state, answer: {kind: "error", error: "leaseExists"}};
  const leases = state.leases === undefined ? undefined : new Set([...state.leases, lease]);
  const next = rehashed({...state, leases}, (into) => into.string(`+${lease}`));
  return {state: next, answer: {kind: "ok", revision: state.revision, result: {kind: "leaseGrant"}}};
}

/** The lease goes, and with it all of its keys, at one revision. */
function revoke(state: KvState, lease: LeaseId): KvStep {
  if (state.leases?.has(lease) === false) return {state, answer: {kind: "error", error: "leaseNotFound"}};
  const draft = new Draft(state);
  draft.detach(lease);
  const left = draft.finish();
  const leases = left.leases === undefined ? undefined : new Set(left.leases);
  leases?.delete(lease);
  const next = rehashed({...left, leases}, (into) => into.string(`-${lease}`));
  return {state: next, answer: {kind: "ok", revision: next.revision, result: {kind: "leaseRevoke"}}};
}

/** Where it happened is known; elsewhere it did not. */
function asLogged(state: KvState, {request, least, most, place}: Logged): KvStep {
  const {state: next, answer} = kvStep(state, request);
  const isThere = state.logged === place && state.revision >= least && next.revision <= most;
  // An entry that was refused, when the log came to it, changes nothing but that it is over.
  if (isThere) return {state: rehashed({...next, logged: place + 1}, (into) => into.int(place)), answer};
  return {state, answer: {kind: "error", error: "leaseNotFound"}};
}

function compact(state: KvState, {revision}: CompactRequest): KvStep {
  if (revision <= state.compact) return {state, answer: {kind: "error", error: "compacted"}};
  if (revision > state.revision) return {state, answer: {kind: "error", error: "futureRevision"}};
  const next = rehashed({...state, compact: revision}, (into) => into.int(revision));
  return {state: next, answer: {kind: "ok", revision: state.revision, result: {kind: "compact"}}};
}

function readOnly(state: KvState, request: RangeRequest | TxnRequest): KvStep {
  const isOfNow = request.kind === "range" && (request.revision ?? 0) <= 0;
  const result = isOfNow ? range(state.keys, request) : new Draft(state).run(request);
  if (typeof result === "string") return {state, answer: {kind: "error", error: result}};
  return {state, answer: {kind: "ok", revision: state.revision, result}};
}

function write(state: KvState, request: PutRequest | DeleteRangeRequest | TxnRequest): KvStep {
  const draft = new Draft(state);
  const result = draft.run(request);
  if (typeof result === "string") return {state, answer: {kind: "error", error: result}};
  const next = draft.finish();
  return {state: next, answer: {kind: "ok", revision: next.revision, result}};
}

function rehashed(state: KvState, more: (into: Hasher) => void): KvState {
  const hasher = new Hasher(state.hashA, state.hashB);
  more(hasher);
  const [hashA, hashB] = hasher.lanes();
  return {...state, hashA, hashB};
}

function writesNothing(request: TxnRequest): boolean {
  return request.success.every(isRange) && request.failure.every(isRange);
}

function isRange({kind}: RequestOp): boolean {
  return kind === "range";
}

/** One operation under way: the keys as it has changed them so far. */
class Draft {
  private readonly before: KvState;
  private wrote = false;
  private keys: Keys;
  /** Made with the first change: most operations read. */
  private digest: Hasher | undefined;

  constructor(before: KvState) {
    this.before = before;
    this.keys = before.keys;
  }

  private get hasher(): Hasher {
    return (this.digest ??= new Hasher(this.before.hashA, this.before.hashB));
  }

  run(request: RequestOp): OpResult | KvError {
    if (request.kind === "txn") return this.txn(request);
    const refused =
      request.kind === "range" ? this.refused(Math.max(0, request.revision ?? 0)) : this.refusedPut(request);
    return refused ?? this.op(request);
  }

  finish(): KvState {
    if (!this.wrote) return this.before;
    const [hashA, hashB] = this.hasher.lanes();
    const revision = this.before.revision + 1;
    const {compact, leases, logged, keepsPast} = this.before;
    const older = keepsPast ? this.before : undefined;
    return {revision, compact, keys: this.keys, leases, logged, older, keepsPast, hashA, hashB};
  }

  /** Deletes the keys of a lease. */
  detach(lease: LeaseId): void {
    for (const kv of this.before.keys) if (kv.lease === lease) this.remove(kv.key);
  }

  private txn(request: TxnRequest): OpResult | KvError {
    // All compares, nested ones too, look at the state before the transaction; so do the checks of reads.
    const path = this.chosen(request);
    return this.refusedOn(path) ?? this.follow(path);
  }

  private refusedOn(path: Path): KvError | undefined {
    for (const {request, path: inner} of path.ops) {
      // Inside a transaction only 0 means the current revision (etcd#13871).
      const at = request.kind === "range" ? (request.revision ?? 0) : 0;
      const refused =
        inner === undefined ? (this.refused(at) ?? this.refusedPut(request)) : this.refusedOn(inner);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  private chosen(request: TxnRequest): Path {
    const succeeded = request.compare.every((compare) => holds(this.before, compare));
    const ops = succeeded ? request.success : request.failure;
    return {
      succeeded,
      ops: ops.map((op) => (op.kind === "txn" ? {request: op, path: this.chosen(op)} : {request: op})),
    };
  }

  private follow(path: Path): OpResult {
    const responses = path.ops.map((op) =>
      op.path === undefined ? this.op(op.request as Exclude<RequestOp, TxnRequest>) : this.follow(op.path),
    );
    return {kind: "txn", succeeded: path.succeeded, responses};
  }

  /** Looked at before anything is written. */
  private refusedPut(request: RequestOp): KvError | undefined {
    if (request.kind !== "put") return undefined;
    const {lease = ""} = request;
    if (lease !== "" && this.before.leases?.has(lease) === false) return "leaseNotFound";
    const keeps = request.ignoreValue === true || request.ignoreLease === true;
    return keeps && !this.before.keys.has(request.key) ? "keyNotFound" : undefined;
  }

  private refused(at: number): KvError | undefined {
    if (at > this.before.revision) return "futureRevision";
    return at !== 0 && at < this.before.compact ? "compacted" : undefined;
  }

  private op(request: Exclude<RequestOp, TxnRequest>): OpResult {
    switch (request.kind) {
      case "range":
        return range(this.seen(request.revision ?? 0), request);
      case "put":
        return this.put(request);
      case "deleteRange":
        return this.deleteRange(request);
      default:
        return unreachable(request);
    }
  }

  private seen(revision: number): Keys {
    if (revision <= 0) return this.keys;
    let state: KvState | undefined = this.before;
    while (state !== undefined && state.revision > revision) state = state.older;
    return state?.keys ?? Keys.none;
  }

  private put(request: PutRequest): OpResult {
    const prev = this.keys.get(request.key);
    const revision = this.before.revision + 1;
    this.wrote = true;
    this.keys = this.keys.with({
      key: request.key,
      value: request.ignoreValue === true && prev !== undefined ? prev.value : request.value,
      createRevision: prev?.createRevision ?? revision,
      modRevision: revision,
      version: (prev?.version ?? 0) + 1,
      lease: request.ignoreLease === true && prev !== undefined ? prev.lease : (request.lease ?? ""),
    });
    this.hasher.string(request.key);
    this.hasher.bytes(request.value);
    this.hasher.string(request.lease ?? "");
    return request.prevKv === true && prev !== undefined ? {kind: "put", prevKv: prev} : {kind: "put"};
  }

  private deleteRange(request: DeleteRangeRequest): OpResult {
    const doomed = this.keys.within({from: request.key, to: request.rangeEnd ?? ""});
    for (const {key} of doomed) this.remove(key);
    return {kind: "deleteRange", deleted: doomed.length, prevKvs: request.prevKv === true ? doomed : []};
  }

  private remove(key: Key): void {
    this.wrote = true;
    this.keys = this.keys.without(key);
    this.hasher.string(key);
    this.hasher.word(0);
  }
}

interface Path {
  readonly succeeded: boolean;
  readonly ops: readonly {readonly request: RequestOp; readonly path?: Path}[];
}

/**
 * etcd's order of things: without an order the limit cuts in key order and what is left is sorted by the target; with
 * one, all is sorted and then cut. Ties stay in key order.
 */
function range(keys: Keys, request: RangeRequest): OpResult {
  const all = keys.within({from: request.key, to: request.rangeEnd ?? ""});
  const count = all.length;
  // Nothing to leave out or to sort: most ask for a key.
  if (count <= 1 && isPlain(request)) return {kind: "range", kvs: all, more: false, count};
  if (request.countOnly === true) return {kind: "range", kvs: [], more: false, count};
  const {sortTarget = "key", sortOrder = "none"} = request;
  const limit = request.limit !== undefined && request.limit > 0 ? request.limit : count;
  const bounded = all.filter((kv) => isWithin(kv, request));
  const cutsFirst = sortOrder === "none" && !isBounded(request);
  const fetched = cutsFirst ? bounded.slice(0, limit + 1) : bounded;
  const sign = sortOrder === "descend" ? -1 : 1;
  fetched.sort((a, b) => sign * compareField(a, b, sortTarget) || 0);
  const kept = fetched.slice(0, limit);
  // Read off the index, unless sorted by value: then the lease is not at hand either.
  const bare = (kv: KeyValue): KeyValue => ({
    ...kv,
    value: new Uint8Array(0),
    lease: sortTarget === "value" ? kv.lease : "",
  });
  const kvs = request.keysOnly === true ? kept.map(bare) : kept;
  return {kind: "range", kvs, more: fetched.length > limit, count};
}

function compareField(a: KeyValue, b: KeyValue, field: NonNullable<RangeRequest["sortTarget"]>): number {
  switch (field) {
    case "key":
      return compareKeys(a.key, b.key);
    case "value":
      return compareBytes(a.value, b.value);
    case "version":
      return a.version - b.version;
    case "create":
      return a.createRevision - b.createRevision;
    case "mod":
      return a.modRevision - b.modRevision;
    default:
      return unreachable(field);
  }
}

function isPlain(request: RangeRequest): boolean {
  return request.countOnly !== true && request.keysOnly !== true && !isBounded(request);
}

function isBounded(request: RangeRequest): boolean {
  const {minModRevision = 0, maxModRevision = 0, minCreateRevision = 0, maxCreateRevision = 0} = request;
  return minModRevision !== 0 || maxModRevision !== 0 || minCreateRevision !== 0 || maxCreateRevision !== 0;
}

function isWithin(kv: KeyValue, request: RangeRequest): boolean {
  const {minModRevision = 0, maxModRevision = 0, minCreateRevision = 0, maxCreateRevision = 0} = request;
  return (
    (minModRevision === 0 || kv.modRevision >= minModRevision) &&
    (maxModRevision === 0 || kv.modRevision <= maxModRevision) &&
    (minCreateRevision === 0 || kv.createRevision >= minCreateRevision) &&
    (maxCreateRevision === 0 || kv.createRevision <= maxCreateRevision)
  );
}

/** Of a range it must hold for every key; an empty one is a key that is missing. */
function holds(state: KvState, compare: Compare): boolean {
  const within = {from: compare.key, to: compare.rangeEnd ?? ""};
  if (within.to === "") return holdsOf(state.keys.get(compare.key), compare);
  const found = state.keys.within(within);
  return found.length === 0 ? holdsOf(undefined, compare) : found.every((kv) => holdsOf(kv, compare));
}

function holdsOf(kv: KeyValue | undefined, compare: Compare): boolean {
  const target = compare.target;
  if (target.kind === "value") {
    if (kv === undefined) return false;
    return signHolds(compareBytes(kv.value, target.value), compare.result);
  }
  if (target.kind === "lease") return signHolds(compareKeys(kv?.lease ?? "", target.value), compare.result);
  const field = {version: kv?.version, create: kv?.createRevision, mod: kv?.modRevision}[target.kind] ?? 0;
  return signHolds(field - target.value, compare.result);
}

function signHolds(sign: number, result: Compare["result"]): boolean {
  switch (result) {
    case "=":
      return sign === 0;
    case "!=":
      return sign !== 0;
    case ">":
      return sign > 0;
    case "<":
      return sign < 0;
    default:
      return unreachable(result);
  }
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
