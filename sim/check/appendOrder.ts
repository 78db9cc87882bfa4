// Elle's list-append, as etcd's clients play it: a list is a key's value, and who writes `,1,2,7` over it says two things at
// once, that it read `,1,2` and that it appended 7.
//
//   txn mod(list/0)=8 : put list/0 ",1,2,7" ; get list/1 : get list/0
//   ──▶ read list/0 [1 2], append 7 to list/0, read list/1 […]             where its comparison held
//       read list/0 […], and what it wanted to append was not done         where it did not

import type {Key} from "../../core/base/key.ts";
import {contains, keyFromText, rangeOf, textOfBytes} from "../../core/base/key.ts";
import type {OpResult, RangeRequest, RequestOp} from "../../core/mvcc/kv.ts";
import {judgeLists} from "../anomaly/judge.ts";
import type {Micro, Transaction} from "../anomaly/transaction.ts";
import type {Operation} from "../history/operation.ts";
import type {Checker} from "./checker.ts";
import {EndClaim} from "./endClaim.ts";

/**
 * Transactions that read lists and append to them have an order, each done at once, none before one that was over when it was
 * asked for: strict serializability, of what clients saw alone. If they have none, the anomaly has its name.
 */
export function appendsHaveAnOrder(prefixes: readonly string[]): Checker {
  return new EndClaim("Appends Have An Order", (view, count) => {
    for (const prefix of prefixes) {
      const transactions = transactionsOn(keyFromText(prefix), view.operations);
      const judged = judgeLists(transactions);
      // Who appends the same element twice asks for what nobody can tell apart.
      if (!judged.ok) continue;
      count(judged.value.reads);
      const [first] = judged.value.anomalies;
      if (first === undefined) continue;
      const steps = first.transactions.map((place) => transactions[place]?.returned ?? 0);
      return {said: first.said, step: Math.max(1, ...steps)};
    }
    return undefined;
  });
}

/** What was asked of the lists whose keys begin so, and came of it. */
export function transactionsOn(prefix: Key, operations: readonly Operation[]): readonly Transaction[] {
  const lists = new Lists(prefix, operations);
  return operations.flatMap((operation): readonly Transaction[] => {
    const {request, outcome, client, call, invoked, returned} = operation;
    if (request.kind !== "range" && request.kind !== "put" && request.kind !== "txn") return [];
    const result = outcome?.kind === "ok" ? outcome.response.result : undefined;
    const done = result?.kind === request.kind ? lists.done(request, result as OpResult) : [];
    const undone = lists.undone(request, result?.kind === request.kind ? (result as OpResult) : undefined);
    const isKnown = outcome !== undefined && outcome.kind !== "unknown";
    const common = {name: `op:${client}#${call}`, process: client, invoked: invoked.step};
    const end = isKnown ? returned?.step : undefined;
    const other = isKnown ? "aborted" : "unknown";
    return [
      ...(done.length === 0 ? [] : [{...common, micros: done, outcome: "done" as const, returned: end}]),
      ...undone.map((micros): Transaction => ({...common, micros, outcome: other, returned: end})),
    ];
  });
}

/** The lists there are, and operations as what they do to them. */
class Lists {
  private readonly prefix: Key;
  /** All that anybody wrote or saw. */
  private readonly keys = new Set<Key>();

  constructor(prefix: Key, operations: readonly Operation[]) {
    this.prefix = prefix;
    for (const {request, outcome} of operations) {
      const result = outcome?.kind === "ok" ? outcome.response.result : undefined;
      if (request.kind === "put" || request.kind === "range" || request.kind === "txn")
        this.note(request, result as OpResult | undefined);
    }
  }

  /** What was done. */
  done(op: RequestOp, result: OpResult): readonly Micro[] {
    if (op.kind === "put") return this.written(op);
    if (op.kind === "range" && result.kind === "range") return this.read(op, result);
    if (op.kind !== "txn" || result.kind !== "txn") return [];
    const branch = result.succeeded ? op.success : op.failure;
    return branch.flatMap((one, i) => {
      const its = result.responses[i];
      return its === undefined ? [] : this.done(one, its);
    });
  }

  /** What was not done, or perhaps not: of a transaction its branches, each by itself. */
  undone(op: RequestOp, result: OpResult | undefined): readonly (readonly Micro[])[] {
    const all =
      op.kind === "txn"
        ? [op.success, op.failure].filter((_, i) => result?.kind !== "txn" || result.succeeded !== (i === 0))
        : result === undefined
          ? [[op]]
          : [];
    const micros = all.map((branch) =>
      branch.flatMap((one) => (one.kind === "put" ? this.written(one) : [])),
    );
    return micros.filter((some) => some.length > 0);
  }

  private written({key, value, ignoreValue}: Extract<RequestOp, {kind: "put"}>): readonly Micro[] {
    const list = key.startsWith(this.prefix) && ignoreValue !== true ? elementsOf(value) : [];
    const element = list.at(-1);
    if (element === undefined) return [];
    return [
      {kind: "read", key, list: list.slice(0, -1)},
      {kind: "append", key, element},
    ];
  }

  private read(op: RangeRequest, {kvs}: Extract<OpResult, {kind: "range"}>): readonly Micro[] {
    if (!showsAll(op)) return [];
    const range = rangeOf(op);
    const there = new Map(kvs.map(({key, value}) => [key, value]));
    return [...this.keys]
      .filter((key) => contains(range, key))
      .map((key) => ({kind: "read", key, list: elementsOf(there.get(key) ?? nothing)}));
  }

  private note(op: RequestOp, result: OpResult | undefined): void {
    if (op.kind === "put") this.noteKey(op.key);
    else if (op.kind === "range") {
      if ((op.rangeEnd ?? "") === "") this.noteKey(op.key);
      if (result?.kind === "range") for (const {key} of result.kvs) this.noteKey(key);
    } else if (op.kind === "txn") {
      const done = result?.kind === "txn" ? result : undefined;
      for (const branch of [op.success, op.failure])
        for (const [i, one] of branch.entries()) {
          const isDone = done?.succeeded === (branch === op.success);
          this.note(one, isDone ? done?.responses[i] : undefined);
        }
    }
  }

  private noteKey(key: Key): void {
    if (key.startsWith(this.prefix)) this.keys.add(key);
  }
}

const nothing = new Uint8Array();

/** As it is now, whole. */
function showsAll(request: RangeRequest): boolean {
  const {serializable = false, keysOnly = false, countOnly = false, limit = 0, revision = 0} = request;
  const {minModRevision = 0, maxModRevision = 0, minCreateRevision = 0, maxCreateRevision = 0} = request;
  const bounds = [limit, revision, minModRevision, maxModRevision, minCreateRevision, maxCreateRevision];
  return !serializable && !keysOnly && !countOnly && bounds.every((bound) => bound === 0);
}

function elementsOf(value: Uint8Array): readonly string[] {
  return textOfBytes(value)
    .split(",")
    .filter((one) => one !== "");
}
