// `etcdscope check` of Jepsen's list-append: whether the history is strictly serializable; if it is not, each anomaly by its
// name, with the transactions that it is made of and what each edge stands on.

import {performance} from "node:perf_hooks";
import {worded} from "../core/base/said.ts";
import {rulesOut} from "../sim/anomaly/anomaly.ts";
import type {Anomaly} from "../sim/anomaly/anomaly.ts";
import {dependencySaid, judgeLists} from "../sim/anomaly/judge.ts";
import type {Transaction} from "../sim/anomaly/transaction.ts";
import {anomalyWords, dependencyWords} from "../sim/anomaly/words.ts";
import {readLists} from "../sim/record/lists.ts";
import {columns, cut} from "./columns.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";

/** Characters of a cell that says what was done. */
const cellMax = 60;

export function checkLists(path: string, text: string, isJson: boolean, io: Io): Exit {
  const read = readLists(text);
  if (!read.ok) throw new UsageError(`${path}: ${read.error}`);
  const transactions = read.value;
  const began = performance.now();
  const judged = judgeLists(transactions);
  const wallMs = Math.round((performance.now() - began) * 1000) / 1000;
  if (!judged.ok) throw new UsageError(`${path}: ${judged.error}`);
  const {anomalies, reads} = judged.value;
  const holds = anomalies.length === 0;
  if (isJson) {
    const told = anomalies.map((one) => anomalyOf(one, transactions));
    const verdict = holds ? "pass" : "fail";
    io.out(`${JSON.stringify({verdict, operations: transactions.length, reads, wallMs, anomalies: told})}\n`);
  } else {
    const lists = new Set(transactions.flatMap(({micros}) => micros.map(({key}) => key))).size;
    const what = `${transactions.length} transactions on ${lists === 1 ? "one list" : `${lists} lists`}`;
    io.out(
      `${holds ? "held: the history is" : "VIOLATED: the history is not"} strictly serializable\n` +
        `${what}, ${reads} reads, ${wallMs.toFixed(1)} ms\n`,
    );
    for (const one of anomalies) print(one, transactions, io);
  }
  return holds ? 0 : 1;
}

/** Transactions by the lines of their events. */
function anomalyOf(
  {name, said, transactions: places, cycle, times}: Anomaly,
  transactions: readonly Transaction[],
): object {
  const lines = (place: number): readonly number[] => {
    const {invoked = 0, returned} = transactions[place] ?? {};
    return returned === undefined ? [invoked] : [invoked, returned];
  };
  return {
    name,
    rulesOut: rulesOut[name],
    times,
    said: worded(anomalyWords, said, "en"),
    transactions: places.map(lines),
    cycle: cycle.map(({kind, from, to, key, left, right}) => ({
      kind,
      from: lines(from),
      to: lines(to),
      ...(key === "" ? {} : {key}),
      ...(left === undefined ? {} : {left}),
      ...(right === undefined ? {} : {right}),
    })),
  };
}

function print(
  {name, said, transactions: places, cycle, times}: Anomaly,
  transactions: readonly Transaction[],
  io: Io,
): void {
  io.out(`\n${worded(anomalyWords, said, "en")}\n`);
  io.out(`rules out ${rulesOut[name]}${times > 1 ? `; found ${times} times, this is the first` : ""}\n`);
  for (const edge of cycle)
    io.out(`  ${worded(dependencyWords, dependencySaid(edge, transactions), "en")}\n`);
  const rows = [...new Set(places)].flatMap((place) => {
    const one = transactions[place];
    if (one === undefined) return [];
    const {invoked, returned, process, micros, outcome} = one;
    const came = outcome === "done" ? "" : outcome === "aborted" ? ", not done" : ", outcome unknown";
    const what = cut(micros.map(microText).join(", "), cellMax) + came;
    return [[`  ${invoked}`, returned === undefined ? "…" : `${returned}`, process, what]];
  });
  for (const line of columns([["  line", "to", "process", "what"], ...rows], [0, 1, 2])) io.out(`${line}\n`);
}

function microText(micro: Transaction["micros"][number]): string {
  if (micro.kind === "append") return `append ${micro.element} to ${micro.key}`;
  return `read ${micro.key} [${micro.list.join(" ")}]`;
}
