// Every cycle of a small history's edges, by going along all of them.

import {cycleNames} from "../../../sim/anomaly/anomaly.ts";
import type {CycleName} from "../../../sim/anomaly/anomaly.ts";
import type {Graph, Kind} from "../../../sim/anomaly/dependencies.ts";

export interface Edge {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
}

/** Those between transactions, whatever points they lead through. */
export function edgesOf(graph: Graph): readonly Edge[] {
  const edges: Edge[] = [];
  const follow = (kind: Kind, from: number, to: number): void => {
    if (to < graph.transactions) edges.push({kind, from, to});
    else for (const link of graph.from(to)) follow(kind, from, link.to);
  };
  for (let from = 0; from < graph.transactions; from++)
    for (const {kind, to} of graph.from(from)) if (kind !== undefined) follow(kind, from, to);
  return edges;
}

/** By its definition. */
export function isNamed(name: CycleName, cycle: readonly Edge[], extra: readonly Kind[]): boolean {
  const count = (kind: Kind): number => cycle.filter((one) => one.kind === kind).length;
  const rest = cycle.length - extra.reduce((sum, kind) => sum + count(kind), 0);
  switch (name) {
    case "G0":
      return count("ww") > 0 && rest === count("ww");
    case "G1c":
      return count("wr") > 0 && count("rw") === 0 && rest === count("ww") + count("wr");
    case "G-single":
      return count("rw") === 1;
    case "G2-item":
      return count("rw") > 1;
  }
}

/** The lengths of the shortest, by name, of the data's edges and these. */
export function shortestCycles(
  edges: readonly Edge[],
  extra: readonly Kind[],
): ReadonlyMap<CycleName, number> {
  const kinds: readonly Kind[] = ["ww", "wr", "rw", ...extra];
  const usable = edges.filter(({kind}) => kinds.includes(kind));
  const best = new Map<CycleName, number>();
  const go = (way: readonly Edge[], start: number): void => {
    const at = way.at(-1)?.to ?? start;
    for (const edge of usable.filter(({from}) => from === at)) {
      const next = [...way, edge];
      if (edge.to === start) {
        for (const name of cycleNames)
          if (isNamed(name, next, extra) && next.length < (best.get(name) ?? Infinity))
            best.set(name, next.length);
      } else if (edge.to > start && !way.some(({from, to}) => from === edge.to || to === edge.to))
        go(next, start);
    }
  };
  for (const start of new Set(usable.map(({from}) => from))) go([], start);
  return best;
}
