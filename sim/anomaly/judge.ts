// Whether an order of all transactions explains what they read, each of them at once, none before one that was over when it was
// asked for: strict serializability (Papadimitriou 1979; Herlihy & Wing 1990). If none does: why, by name.

import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import type {Said} from "../../core/base/said.ts";
import {anomalyNames, suffixes} from "./anomaly.ts";
import type {Anomaly, CycleName, Suffix} from "./anomaly.ts";
import {componentsOf} from "./components.ts";
import {Cycles} from "./cycles.ts";
import type {Cycle} from "./cycles.ts";
import {dataKinds, graphOf} from "./dependencies.ts";
import type {Dependency, Kind} from "./dependencies.ts";
import type {Transaction} from "./transaction.ts";
import {Findings, readVersions, text} from "./versions.ts";
import type {Read} from "./versions.ts";
import {say, sayEdge} from "./words.ts";

export interface Judgement {
  /** None: it is strictly serializable. Of each name one, the weakest models' first. */
  readonly anomalies: readonly Anomaly[];
  /** How many reads saw something, or might have: what could have failed. */
  readonly reads: number;
}

/** Fails where an element was appended to a list twice. O(what was read), but where there are anomalies. */
export function judgeLists(transactions: readonly Transaction[]): Result<Judgement, string> {
  const read = readVersions(transactions);
  if (!read.ok) return failed(read.error);
  const found = [
    ...read.value.found,
    ...lostUpdates(transactions, read.value),
    ...cyclesIn(transactions, read.value),
  ];
  const anomalies = anomalyNames.flatMap((name) => found.filter((one) => one.name === name));
  const reads = read.value.keys.reduce((sum, {reads: some}) => sum + some.length, 0);
  return ok({anomalies, reads});
}

/** Two that read the same of a list and appended to it: whichever came second wrote over what it had not seen. */
function lostUpdates(transactions: readonly Transaction[], {keys}: Read): readonly Anomaly[] {
  const found = new Findings(transactions);
  for (const {key, order, writers, reads} of keys) {
    const appenders = new Set([...writers.values()].map(({by}) => by));
    const first = new Map<number, number>();
    for (const {by, length} of reads) {
      if (!appenders.has(by)) continue;
      const other = first.get(length);
      if (other === undefined) first.set(length, by);
      else if (other !== by)
        found.add("lost-update", [other, by], (a, b) =>
          say("lostUpdate", {a, b, key, list: text(order.slice(0, length))}),
        );
    }
  }
  return found.all();
}

const extras: Readonly<Record<Suffix, readonly Kind[]>> = {
  "": [],
  "-process": ["process"],
  "-realtime": ["realtime"],
};

/** Of each name the shortest. Time has no part in a cycle among transactions that are on one without it. */
function cyclesIn(transactions: readonly Transaction[], read: Read): readonly Anomaly[] {
  const graph = graphOf(transactions, read);
  const anomalies: Anomaly[] = [];
  let known: Int32Array | undefined;
  for (const suffix of suffixes) {
    const extra = extras[suffix];
    const component = componentsOf(graph, new Set([...dataKinds, ...extra]));
    const best = new Map<CycleName, Cycle>();
    for (const nodes of severalIn(component))
      for (const [name, cycle] of new Cycles(graph, nodes, {extra, known}).all())
        if (cycle.length < (best.get(name)?.length ?? Infinity)) best.set(name, cycle);
    for (const [name, cycle] of best)
      anomalies.push(anomalyOf(`${name}${suffix}`, name, cycle, transactions));
    known = component;
  }
  return anomalies;
}

/** The nodes of each component that has several. */
function severalIn(component: Int32Array): readonly (readonly number[])[] {
  const nodes = new Map<number, number[]>();
  for (const [node, one] of component.entries()) {
    const others = nodes.get(one);
    if (others === undefined) nodes.set(one, [node]);
    else others.push(node);
  }
  return [...nodes.values()].filter((some) => some.length > 1);
}

const cycleWords = {
  G0: "writeCycle",
  G1c: "circularFlow",
  "G-single": "readSkew",
  "G2-item": "writeSkew",
} as const;

function anomalyOf(
  name: Anomaly["name"],
  base: CycleName,
  cycle: Cycle,
  transactions: readonly Transaction[],
): Anomaly {
  const places = cycle.map(({from}) => from);
  const names = places.map((place) => transactions[place]?.name ?? "");
  const steps = cycle.map(({kind}, i) => `${names[i] ?? ""} ─${kind}─▶ `).join("");
  const said = say(cycleWords[base], {name, cycle: `${steps}${names[0] ?? ""}`}, names);
  return {name, said, transactions: places, cycle, times: 1};
}

/** What an edge stands on, worded in words.ts. */
export function dependencySaid(
  {kind, from, to, key, left = "", right = ""}: Dependency,
  transactions: readonly Transaction[],
): Said {
  const [a = "", b = ""] = [from, to].map((place) => transactions[place]?.name);
  const args = {a, b, key, left, right};
  return sayEdge(kind === "rw" && left === "" ? "rwEmpty" : kind, args, [a, b]);
}
