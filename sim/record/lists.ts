// Jepsen's histories of list-append: transactions that append to lists and read them, all keys in one.
//
//   {:process 0, :type :invoke, :f :txn, :value [[:append "x" 1] [:r "y" nil]]}
//   {:process 0, :type :ok, :f :txn, :value [[:append "x" 1] [:r "y" [3 4]]]}

import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import type {Micro, Transaction} from "../anomaly/transaction.ts";
import type {Edn} from "../trace/export/edn.ts";
import {ednText} from "../trace/export/edn.ts";
import {isKeyword, isList, readEdn} from "./ednReader.ts";
import type {EdnEvent} from "./jepsen.ts";
import {readEvents, shown} from "./jepsen.ts";

/** Whether a text looks like one: something is appended in a transaction. */
export function isOfLists(text: string): boolean {
  return /:txn\b/.test(text) && /\[\s*:append\b/.test(text);
}

/**
 * The transactions, in order of invocation; moments are lines, and so is the name: `line 3`. Fails with one line that says where,
 * what stood there, and what was expected.
 */
export function readLists(text: string): Result<readonly Transaction[], string> {
  const read = readEdn(text);
  if (!read.ok) return read;
  const events = readEvents(read.value);
  if (!events.ok) return events;
  if (events.value.length === 0) return failed("found no operation, expected some");
  return transactionsOf(events.value);
}

/** Joins invocations and completions. */
function transactionsOf(events: readonly EdnEvent[]): Result<readonly Transaction[], string> {
  const open = new Map<string, EdnEvent>();
  const transactions: Transaction[] = [];
  for (const event of events) {
    const {at, process, type, f, value} = event;
    if (f !== "txn") return failed(`line ${at}: found :f :${f}, expected :txn`);
    const micros = microsIn(value);
    if (!micros.ok) return failed(`line ${at}: ${micros.error}`);
    const begun = open.get(process);
    if (type === "invoke") {
      if (begun !== undefined)
        return failed(
          `line ${at}: found :invoke of process ${process}, expected the completion of its :txn of line ${begun.at} before it`,
        );
      open.set(process, event);
      continue;
    }
    if (begun === undefined)
      return failed(`line ${at}: found :${type} of process ${process}, expected its :invoke before it`);
    open.delete(process);
    if (type === "ok") transactions.push(transactionOf(begun, micros.value, "done", at));
    else transactions.push(transactionOf(begun, asked(begun), type === "fail" ? "aborted" : "unknown", at));
  }
  for (const begun of open.values())
    transactions.push(transactionOf(begun, asked(begun), "unknown", begun.at));
  return ok(transactions.sort((a, b) => a.invoked - b.invoked));
}

function transactionOf(
  {at: invoked, process}: EdnEvent,
  micros: readonly Micro[],
  outcome: Transaction["outcome"],
  at: number,
): Transaction {
  const returned = outcome === "unknown" ? undefined : at;
  return {name: `line ${invoked}`, process, micros, outcome, invoked, returned};
}

/** What it was to do, without its reads: nobody knows what they found. */
function asked({value}: EdnEvent): readonly Micro[] {
  const micros = microsIn(value);
  return micros.ok ? micros.value.filter(({kind}) => kind === "append") : [];
}

function microsIn(value: Edn): Result<readonly Micro[], string> {
  if (!isList(value))
    return failed(`found :value ${shown(value)}, expected a list such as [[:append "x" 1]]`);
  const micros: Micro[] = [];
  for (const one of value) {
    const micro = microOf(one);
    if (micro === undefined)
      return failed(`found ${shown(one)}, expected [:append key element] or [:r key elements]`);
    micros.push(micro);
  }
  return ok(micros);
}

function microOf(value: Edn): Micro | undefined {
  if (!isList(value) || value.length !== 3) return undefined;
  const [, key = null, said = null] = value;
  const word = wordOf(value);
  if (word === "append") return {kind: "append", key: ednText(key), element: ednText(said)};
  if (word !== "r" || (said !== null && !isList(said))) return undefined;
  // nil: nothing was ever appended.
  return {kind: "read", key: ednText(key), list: (said ?? []).map(ednText)};
}

/** The first of a list, if it is a keyword. */
function wordOf(value: Edn): string | undefined {
  const first = isList(value) ? value[0] : undefined;
  return isKeyword(first) ? first.keyword : undefined;
}
