// What a client has seen in its own answers, as far as operands need it (operand.ts). Of a key the newest state counts
// that an answer showed, not the last answer: a read of the past, or of a member that lags, takes nothing back.

import type {Hasher} from "../base/hasher.ts";
import type {Key, Value} from "../base/key.ts";
import {contains, keyFromText, keyOfBytes} from "../base/key.ts";
import type {LeaseId, Revision} from "../base/quantity.ts";
import type {KeyValue, OpResult, RangeRequest, RangeResult, RequestOp} from "../mvcc/kv.ts";
import type {Request, Response} from "../server/request.ts";
import type {WatchResult} from "../watch/watch.ts";
import type {RecipeOutcome} from "./io.ts";
import type {Sight} from "./operand.ts";
import type {RecipeRequest} from "./recipes/recipe.ts";

/** A key in the newest state in which it was seen. */
interface SeenKey {
  readonly at: Revision;
  /** 0: it was not there. */
  readonly modRevision: Revision;
  readonly value: Value;
}

const nothing: Value = new Uint8Array(0);
const unseen: SeenKey = {at: 0, modRevision: 0, value: nothing};

export class Seen implements Sight {
  revision: Revision = 0;
  listRevision: Revision = 0;
  nextKey: Key | undefined;
  lease: LeaseId = "";
  private keys = new Map<Key, SeenKey>();
  private leases = new Map<Key, LeaseId>();
  private calls = new Map<Key, number>();
  private tokens = new Map<Key, string>();
  /** Whether another has the same maps. */
  private shared = false;

  modRevisionOf(key: Key): Revision {
    return this.keys.get(key)?.modRevision ?? 0;
  }

  valueOf(key: Key): Key {
    return keyOfBytes(this.keys.get(key)?.value ?? nothing);
  }

  leaseOf(name: Key): LeaseId {
    return this.leases.get(name) ?? "";
  }

  callOf(name: Key): number | undefined {
    return this.calls.get(name);
  }

  tokenOf(user: Key): string | undefined {
    return this.tokens.get(user);
  }

  /** It asks: `as` is the call's name, if it has one. */
  asked(call: number, what: Request | RecipeRequest, as?: string): void {
    const name = nameOf(what);
    if (name === undefined && as === undefined) return;
    this.own();
    if (name !== undefined) this.calls.set(name, call);
    if (as !== undefined) this.calls.set(keyFromText(as), call);
  }

  /** The answer to a call that was not refused. */
  answered(request: Request, {header, result}: Response, as?: string): void {
    this.revision = Math.max(this.revision, header.revision);
    switch (result.kind) {
      case "range":
      case "put":
      case "deleteRange":
      case "txn":
        this.own();
        return this.showOp(request as RequestOp, result, header.revision);
      case "leaseGrant":
        return this.granted(result.lease, as === undefined ? undefined : keyFromText(as));
      case "authenticate":
        if (request.kind !== "authenticate") return;
        this.own();
        this.tokens.set(request.name, result.token);
        return;
      default:
        return;
    }
  }

  /** A watch was told something. */
  watched({header, result}: Response): void {
    this.revision = Math.max(this.revision, header.revision);
    const {events} = result as WatchResult;
    if (events.length === 0) return;
    this.own();
    for (const {kind, kv} of events) this.show(kv.key, kv.modRevision, kind === "put" ? kv : undefined);
  }

  /** A recipe is done: what it holds is held under a lease. */
  finished(recipe: RecipeRequest, outcome: RecipeOutcome, as?: string): void {
    if (outcome.kind !== "done" || !("lease" in outcome.result)) return;
    this.granted(outcome.result.lease, as === undefined ? nameOf(recipe) : keyFromText(as));
  }

  fork(): Seen {
    this.shared = true;
    return Object.assign(Object.create(Seen.prototype) as Seen, this);
  }

  digest(into: Hasher): void {
    into.int(this.revision);
    into.int(this.listRevision);
    into.string(this.nextKey ?? "");
    into.string(this.lease);
    for (const [key, {at, modRevision, value}] of byName(this.keys)) {
      into.string(key);
      into.int(at);
      into.int(modRevision);
      into.bytes(value);
    }
    for (const [name, lease] of byName(this.leases)) {
      into.string(name);
      into.string(lease);
    }
    for (const [name, call] of byName(this.calls)) {
      into.string(name);
      into.int(call);
    }
    for (const [user, token] of byName(this.tokens)) {
      into.string(user);
      into.string(token);
    }
  }

  private granted(lease: LeaseId, name: Key | undefined): void {
    this.lease = lease;
    if (name === undefined) return;
    this.own();
    this.leases.set(name, lease);
  }

  /** `revision`: of the state that the whole answer shows. */
  private showOp(op: RequestOp, result: OpResult, revision: Revision): void {
    if (op.kind === "txn" && result.kind === "txn") {
      const branch = result.succeeded ? op.success : op.failure;
      for (const [i, one] of result.responses.entries()) {
        const asked = branch[i];
        if (asked !== undefined) this.showOp(asked, one, revision);
      }
    } else if (op.kind === "put" && result.kind === "put") {
      const old = this.keys.get(op.key) ?? unseen;
      const value = op.ignoreValue === true ? old.value : op.value;
      this.show(op.key, revision, {modRevision: revision, value});
    } else if (op.kind === "deleteRange") {
      const range = {from: op.key, to: op.rangeEnd ?? ""};
      for (const key of this.keys.keys()) if (contains(range, key)) this.show(key, revision, undefined);
    } else if (op.kind === "range" && result.kind === "range") this.showRange(op, result, revision);
  }

  private showRange(op: RangeRequest, {kvs, more}: RangeResult, current: Revision): void {
    const at = op.revision === undefined || op.revision === 0 ? current : op.revision;
    const range = {from: op.key, to: op.rangeEnd ?? ""};
    if (range.to !== "") {
      this.listRevision = at;
      const last = kvs.at(-1);
      if (last !== undefined) this.nextKey = `${last.key}\0`;
    }
    if (op.countOnly === true) return;
    for (const kv of kvs) this.show(kv.key, at, op.keysOnly === true ? {...kv, value: this.valueAt(kv)} : kv);
    if (more || isFiltered(op)) return;
    if (range.to === "") return kvs.length === 0 ? this.show(op.key, at, undefined) : undefined;
    const there = new Set(kvs.map(({key}) => key));
    for (const key of this.keys.keys())
      if (contains(range, key) && !there.has(key)) this.show(key, at, undefined);
  }

  /** Of an answer without values: the one that it is known to have had at that revision. */
  private valueAt({key, modRevision}: KeyValue): Value {
    const known = this.keys.get(key);
    return known?.modRevision === modRevision ? known.value : nothing;
  }

  /** `kv` undefined: it was not there. */
  private show(key: Key, at: Revision, kv: Pick<KeyValue, "modRevision" | "value"> | undefined): void {
    if ((this.keys.get(key) ?? unseen).at > at) return;
    this.keys.set(key, {at, modRevision: kv?.modRevision ?? 0, value: kv?.value ?? nothing});
  }

  private own(): void {
    if (!this.shared) return;
    this.keys = new Map(this.keys);
    this.leases = new Map(this.leases);
    this.calls = new Map(this.calls);
    this.tokens = new Map(this.tokens);
    this.shared = false;
  }
}

/** What a call is about: a recipe's name, a watch's key. */
function nameOf(what: Request | RecipeRequest): Key | undefined {
  if (what.kind === "watchCreate") return what.key;
  const {name, service, queue} = what as {name?: Key; service?: Key; queue?: Key};
  return name ?? service ?? queue;
}

/** Whether keys of the range may be missing in the answer. */
function isFiltered(op: RangeRequest): boolean {
  const bounds = [op.minModRevision, op.maxModRevision, op.minCreateRevision, op.maxCreateRevision];
  return bounds.some((bound) => bound !== undefined && bound !== 0);
}

function byName<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
