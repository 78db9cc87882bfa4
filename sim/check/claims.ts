// What the answers of a history pin down before any search: which revisions known writes took, and what was seen written
// at others. A write whose answer was lost can only have taken a revision that no known write took, at which nobody saw
// something else; tried anywhere else it would be undone later, at great cost (etcd's robustness tests use revisions the
// same way).

import type {Key} from "../../core/base/key.ts";
import type {KeyValue, OpResult} from "../../core/mvcc/kv.ts";
import {sameKv} from "./answers.ts";
import type {KvAnswer, KvState} from "./kvModel.ts";

export class Claims {
  /** Revisions that a known write made. */
  private readonly taken = new Set<number>();
  /** By revision: versions of keys that some answer showed. */
  private readonly shown = new Map<number, Map<Key, KeyValue>>();
  /** The highest revision that any answer speaks of. */
  private highest = 1;

  /** Takes in one definite answer. */
  add(answer: KvAnswer): void {
    if (answer.kind === "error") return;
    this.highest = Math.max(this.highest, answer.revision);
    if (answer.result.kind === "compact") return;
    if (wrote(answer.result)) this.taken.add(answer.revision);
    this.show(answer.result);
  }

  /** Whether an operation of unknown outcome may have led from `before` to `after`: false only where no order could have it so. */
  allow(before: KvState, after: KvState): boolean {
    if (after.revision === before.revision) return after.compact !== before.compact;
    if (after.revision > this.highest || this.taken.has(after.revision)) return false;
    for (const [key, kv] of this.shown.get(after.revision) ?? [])
      if (!sameKv(kv, after.keys.get(key))) return false;
    return true;
  }

  private show(result: OpResult): void {
    switch (result.kind) {
      case "range":
        for (const kv of result.kvs) this.showOne(kv);
        return;
      case "put":
        if (result.prevKv !== undefined) this.showOne(result.prevKv);
        return;
      case "deleteRange":
        for (const kv of result.prevKvs) this.showOne(kv);
        return;
      case "txn":
        for (const one of result.responses) this.show(one);
    }
  }

  private showOne(kv: KeyValue): void {
    const there = this.shown.get(kv.modRevision) ?? new Map<Key, KeyValue>();
    there.set(kv.key, kv);
    this.shown.set(kv.modRevision, there);
  }
}

/** Whether an answer tells of a change. */
function wrote(result: OpResult): boolean {
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
