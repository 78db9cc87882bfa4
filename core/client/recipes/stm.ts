// Software transactional memory (etcd client/v3/concurrency/stm.go): a body of reads and writes that is run again until
// its commit, one transaction, finds that nothing it relied on has changed.
//
//   attempt   body: get x ──▶ x=5@7   get y ──▶ y=1@3 as of revision 9    put x 6
//   commit    If mod(x)=7 mod(y)=3 [mod(x)<10] Then put x 6 Else get x, get y ──▶ the next attempt begins with these
//
//   level                   reads                                               the commit compares
//   serializableSnapshot    the first linearizable, at R; the others as of R    what was read; no written key newer than R
//   serializable            the same                                            what was read
//   repeatableReads         each key once, from one member's state, perhaps     what was read
//                           old, not of one revision
//   readCommitted           the same                                            nothing: it always commits, and loses updates
//
// There are no range reads. A commit that was not answered ends it: whether it was done is unknown.

import type {Key, Value} from "../../base/key.ts";
import {bytesOfKey, keyOfBytes} from "../../base/key.ts";
import type {Revision} from "../../base/quantity.ts";
import {integerMax} from "../../base/quantity.ts";
import type {Compare, KeyValue, RequestOp} from "../../mvcc/kv.ts";
import type {Recipe} from "./await.ts";
import type {Isolation, RecipeOf, RecipeResult, StmOp} from "./recipe.ts";
import {kvsOf, put, recipeErrors, refuse, revisionIs, sleep, txn} from "./steps.ts";

interface Read {
  readonly kv: KeyValue | undefined;
  /** The store's when it was read. */
  readonly revision: Revision;
}

/** One attempt, as its body sees it. */
export class Attempt {
  private readonly isolation: Isolation;
  private readonly reads = new Map<Key, Read>();
  private readonly writes = new Map<Key, RequestOp>();
  /** Values read by the failed commit before. */
  private readonly prefetched: ReadonlyMap<Key, Read>;
  /** Of the first read; later ones are as of then. */
  private base: Revision | undefined;

  constructor(isolation: Isolation, prefetched: ReadonlyMap<Key, Read>) {
    this.isolation = isolation;
    this.prefetched = prefetched;
  }

  /** What the body wrote, else what the first read of the key found. */
  *get(key: Key): Recipe<Value | undefined> {
    const write = this.writes.get(key);
    if (write !== undefined) return write.kind === "put" ? write.value : undefined;
    yield* this.fetch([key]);
    return this.reads.get(key)?.kv?.value;
  }

  put(key: Key, value: Value): void {
    this.writes.set(key, put(key, value));
  }

  del(key: Key): void {
    this.writes.set(key, {kind: "deleteRange", key});
  }

  /** Reads what was not read yet, in one request. */
  *fetch(keys: readonly Key[]): Recipe<void> {
    const isFirst = this.reads.size === 0;
    for (const key of keys) {
      const read = this.prefetched.get(key);
      if (read !== undefined && this.isSerializable && !this.reads.has(key)) this.reads.set(key, read);
    }
    const absent = keys.filter((key) => !this.reads.has(key));
    if (absent.length > 0) {
      const {header, result} = yield* txn(
        [],
        absent.map((key) => this.readOf(key)),
      );
      for (const [i, key] of absent.entries())
        this.reads.set(key, {kv: kvsOf(result.responses[i])[0], revision: header.revision});
    }
    const key = keys[0];
    if (isFirst && key !== undefined) this.base = this.reads.get(key)?.revision;
  }

  /** One transaction; undefined: something changed, and these are the values of now. */
  *commit(): Recipe<{readonly revision: Revision} | {readonly prefetched: ReadonlyMap<Key, Read>}> {
    const keys = [...this.reads.keys()];
    const again = this.isSerializable ? keys.map((key) => ({kind: "range", key}) as const) : [];
    const {header, result} = yield* txn(this.conflicts(), [...this.writes.values()], again);
    if (result.succeeded) return {revision: header.revision};
    const prefetched = new Map<Key, Read>();
    for (const [i, key] of keys.entries())
      prefetched.set(key, {kv: kvsOf(result.responses[i])[0], revision: header.revision});
    return {prefetched};
  }

  private get isSerializable(): boolean {
    return this.isolation === "serializable" || this.isolation === "serializableSnapshot";
  }

  private readOf(key: Key): RequestOp {
    if (!this.isSerializable) return {kind: "range", key, serializable: true};
    if (this.base === undefined) return {kind: "range", key};
    return {kind: "range", key, revision: this.base, serializable: true};
  }

  private conflicts(): readonly Compare[] {
    if (this.isolation === "readCommitted") return [];
    const read = [...this.reads].map(([key, {kv}]) => revisionIs("mod", key, kv?.modRevision ?? 0));
    if (this.isolation !== "serializableSnapshot") return read;
    const revisions = [...this.reads.values()].map(({revision}) => revision);
    // Without reads there is no snapshot to be newer than.
    const newest = revisions.length === 0 ? integerMax : Math.min(...revisions) + 1;
    const written = [...this.writes.keys()].map((key): Compare => ({
      key,
      result: "<",
      target: {kind: "mod", value: newest},
    }));
    return [...read, ...written];
  }
}

/** Runs the body until it is committed. For code; the recipe "stm" runs one that is data. */
export function* transact<T>(
  isolation: Isolation,
  body: (attempt: Attempt) => Recipe<T>,
  prefetch: readonly Key[] = [],
): Recipe<{readonly result: T; readonly revision: Revision; readonly attempts: number}> {
  let prefetched: ReadonlyMap<Key, Read> = new Map();
  for (let attempts = 1; ; attempts++) {
    const attempt = new Attempt(isolation, prefetched);
    if (prefetch.length > 0) yield* attempt.fetch(prefetch);
    const result = yield* body(attempt);
    const committed = yield* attempt.commit();
    if ("revision" in committed) return {result, revision: committed.revision, attempts};
    ({prefetched} = committed);
  }
}

/** The recipe "stm". */
export function* stm(request: RecipeOf<"stm">): Recipe<RecipeResult> {
  const {isolation = "serializableSnapshot", prefetch, ops, hold = 0} = request;
  const {result, revision, attempts} = yield* transact(
    isolation,
    function* (attempt) {
      const reads: {readonly key: Key; readonly value?: Value}[] = [];
      for (const op of ops) {
        const found = yield* apply(attempt, op);
        if (found !== undefined) reads.push(found);
      }
      if (hold > 0) yield* sleep(hold);
      return reads;
    },
    prefetch,
  );
  return {kind: "stm", reads: result, revision, attempts};
}

/** What it read, if it reads. */
function* apply(
  attempt: Attempt,
  op: StmOp,
): Recipe<{readonly key: Key; readonly value?: Value} | undefined> {
  if (op.kind === "put") attempt.put(op.key, op.value);
  else if (op.kind === "del") attempt.del(op.key);
  if (op.kind === "put" || op.kind === "del") return undefined;
  const value = yield* attempt.get(op.key);
  if (op.kind === "add") attempt.put(op.key, bytesOfKey(`${numberOf(value) + op.by}`));
  return {key: op.key, ...(value === undefined ? {} : {value})};
}

/** Decimal; nothing is 0. */
export function numberOf(value: Value | undefined): number {
  const text = keyOfBytes(value ?? new Uint8Array());
  if (text !== "" && !/^-?[0-9]{1,15}$/.test(text)) refuse(recipeErrors.noNumber);
  return Number(text) + 0;
}
