// What the answers of a history pin down before any search: which revisions known writes took, and what was seen written
// at others. A write whose answer was lost can only have taken a revision that no known write took, at which nobody saw
// something else; tried anywhere else it would be undone later, at great cost (etcd's robustness tests use revisions the
// same way).

import type {Key} from "../../core/base/key.ts";
import type {KeyValue, OpResult, StoreEvent} from "../../core/mvcc/kv.ts";
import {sameKv} from "./answers.ts";
import type {KvAnswer, KvRequest, KvState} from "./kvModel.ts";

export class Claims {
  /** Revisions that a known write made. */
  private readonly taken = new Set<number>();
  /** By revision: what it made of keys, as some answer or watch showed; undefined: gone. */
  private readonly shown = new Map<number, Map<Key, KeyValue | undefined>>();
  /** The highest revision that anything speaks of: what nobody saw need not be placed. */
  private highest = 1;
  /** What is missing, or there already, may be so since any revision up to this one. */
  private readonly last: number;

  constructor(last: number) {
    this.last = last;
  }

  /** Takes in one definite answer. */
  add(request: KvRequest, answer: KvAnswer): void {
    if (answer.kind === "error") {
      if (answer.error === "compacted") this.reach(goneBelow(request));
      else if (answer.error !== "futureRevision") this.reach(this.last);
      return;
    }
    this.reach(answer.revision);
    const {result} = answer;
    switch (result.kind) {
      case "range":
      case "put":
      case "deleteRange":
      case "txn":
        if (wrote(result)) this.taken.add(answer.revision);
        return this.show(result);
      default:
        return;
    }
  }

  /** Takes in what a watch was told. That it was told the truth is for the watch claims to judge. */
  addEvent({kind, kv}: StoreEvent): void {
    this.reach(kv.modRevision);
    this.showOne(kv.modRevision, kv.key, kind === "put" ? kv : undefined);
  }

  /** Whether no write of unknown outcome made the revision: a known one did, or nobody speaks of any so high. */
  isTaken(revision: number): boolean {
    return revision > this.highest || this.taken.has(revision);
  }

  /** Whether an operation of unknown outcome may have led from `before` to `after`: false only where no order could have it so. */
  allow(before: KvState, after: KvState): boolean {
    if (after.revision === before.revision)
      return (
        after.compact !== before.compact || after.leases !== before.leases || after.logged !== before.logged
      );
    if (this.isTaken(after.revision)) return false;
    for (const [key, kv] of this.shown.get(after.revision) ?? []) {
      const there = after.keys.get(key);
      if (kv === undefined ? there !== undefined : !sameKv(kv, there)) return false;
    }
    return true;
  }

  private reach(revision: number): void {
    this.highest = Math.max(this.highest, revision);
  }

  private show(result: OpResult): void {
    switch (result.kind) {
      case "range":
        for (const kv of result.kvs) this.showOne(kv.modRevision, kv.key, kv);
        return;
      case "put":
        if (result.prevKv !== undefined)
          this.showOne(result.prevKv.modRevision, result.prevKv.key, result.prevKv);
        return;
      case "deleteRange":
        for (const kv of result.prevKvs) this.showOne(kv.modRevision, kv.key, kv);
        return;
      case "txn":
        for (const one of result.responses) this.show(one);
    }
  }

  private showOne(revision: number, key: Key, kv: KeyValue | undefined): void {
    const there = this.shown.get(revision) ?? new Map<Key, KeyValue | undefined>();
    // An empty value may be one that a keys-only answer left out.
    if (kv?.value.length === 0) return;
    there.set(key, kv);
    this.shown.set(revision, there);
  }
}

/** "Compacted" says that the store was at least there: at a compaction's own revision, one beyond that of a read. */
function goneBelow(request: KvRequest): number {
  switch (request.kind) {
    case "compact":
      return request.revision;
    case "range":
      return (request.revision ?? 0) + 1;
    case "txn":
      return Math.max(0, ...[...request.success, ...request.failure].map(goneBelow));
    default:
      return 0;
  }
}

/** Whether an answer tells of a change. */
export function wrote(result: OpResult): boolean {
  switch (result.kind) {
    case "range":
      return false;
    case "put":
      return true;
    case "deleteRange":
      return result.deleted > 0;
    case "txn":
      return result.responses.some(wrote);
  }
}
