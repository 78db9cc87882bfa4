// The shortest cycle of each name. A component is gone through from each edge that the name wants: what leads back from its
// end to its beginning, in the fewest edges, closes a cycle.
//
//   G0         ww alone                 G-single    one rw, and ww, wr
//   G1c        a wr, and ww, wr         G2-item     two rw or more, and ww, wr

import {cycleNames} from "./anomaly.ts";
import type {CycleName} from "./anomaly.ts";
import type {Dependency, Graph, Kind, Link} from "./dependencies.ts";

/** What an edge of a cycle's must be, and what the others may be. */
interface Shape {
  readonly wanted: Kind;
  readonly others: readonly Kind[];
  /** How many of the wanted at least. */
  readonly least: 1 | 2;
}

const shapes: Readonly<Record<CycleName, Shape>> = {
  G0: {wanted: "ww", others: ["ww"], least: 1},
  G1c: {wanted: "wr", others: ["ww", "wr"], least: 1},
  "G-single": {wanted: "rw", others: ["ww", "wr"], least: 1},
  "G2-item": {wanted: "rw", others: ["ww", "wr", "rw"], least: 2},
};

export type Cycle = readonly Dependency[];

/** Links looked at, for one name in one component, after which the best so far is taken. */
const budget = 5_000_000;

/** What a way must have had before it may come back. */
const bits = {another: 1, beyond: 2} as const;
const states = 4;

/** One component of a graph, and what its cycles may be made of besides the data's edges. */
export class Cycles {
  private readonly graph: Graph;
  private readonly nodes: readonly number[];
  private readonly extra: readonly Kind[];
  /** Components by node that a cycle must lead out of: on one within, the extra edges are not needed. */
  private readonly known: Int32Array | undefined;
  /** By node. */
  private readonly placeOf = new Map<number, number>();
  /**
   * By state: the edges that it took to come there, -1 if nobody did; from where, and by which link. A state is a node's place and
   * bits; the last is the goal.
   */
  private readonly cost: Int32Array;
  private readonly cameFrom: Int32Array;
  private readonly cameBy: (Link | undefined)[] = [];
  private looked = 0;

  constructor(
    graph: Graph,
    nodes: readonly number[],
    {extra, known}: {readonly extra: readonly Kind[]; readonly known: Int32Array | undefined},
  ) {
    this.graph = graph;
    this.nodes = nodes;
    this.extra = extra;
    this.known = known;
    for (const [place, node] of nodes.entries()) this.placeOf.set(node, place);
    this.cost = new Int32Array(nodes.length * states + 1).fill(-1);
    this.cameFrom = new Int32Array(nodes.length * states + 1);
  }

  /** By name: at least one, if nodes of the graph's are several and not all in one of the known components. */
  all(): ReadonlyMap<CycleName, Cycle> {
    const found = new Map<CycleName, Cycle>();
    const starts = this.nodes.filter((node) => node < this.graph.transactions);
    const {known} = this;
    if (known !== undefined && starts.every((node) => known[node] === known[starts[0] ?? 0])) return found;
    for (const name of cycleNames) {
      const cycle = this.shortest(shapes[name], starts);
      if (cycle !== undefined) found.set(name, cycle);
    }
    // The budget ran out before any had its name: there is a cycle all the same.
    for (let i = 0; i < starts.length && found.size === 0; i++) {
      const any = this.back(starts[i] ?? 0, undefined, {...shapes["G2-item"], least: 1}, Infinity);
      if (any !== undefined && isSimple(any)) found.set(nameOf(any), any);
    }
    return found;
  }

  private shortest(shape: Shape, starts: readonly number[]): Cycle | undefined {
    this.looked = 0;
    let best: Cycle | undefined;
    for (const node of starts) {
      for (const link of this.graph.from(node)) {
        if (best?.length === 2 || this.looked > budget) return best;
        if (link.kind !== shape.wanted || !this.placeOf.has(link.to)) continue;
        const cycle = this.back(node, link, shape, best?.length ?? Infinity);
        if (cycle !== undefined && isSimple(cycle)) best = cycle;
      }
    }
    return best;
  }

  /**
   * A node's way back to itself that begins with a link, or with any: the shortest of fewer edges than `less`. What leaves a point
   * costs nothing.
   */
  private back(start: number, first: Link | undefined, shape: Shape, less: number): Cycle | undefined {
    const {cost, cameFrom, cameBy, nodes} = this;
    const goal = nodes.length * states;
    const root =
      first === undefined ? this.stateOf(start, 0) : this.stateOf(first.to, this.beyond(first, start));
    const reached = [root];
    let depth = first === undefined ? 0 : 1;
    cost[root] = depth;
    let [now, next]: [number[], number[]] = [[root], []];
    for (; now.length > 0 && depth < less && cost[goal] === -1; depth++, [now, next] = [next, []]) {
      // A goal at the next depth may still be come to at this one.
      for (let state = now.pop(); state !== undefined && cost[goal] !== depth; state = now.pop()) {
        if (cost[state] !== depth) continue;
        for (const link of this.graph.from(nodes[Math.floor(state / states)] ?? 0)) {
          this.looked++;
          const after = this.after(state, link, start, shape);
          const price = depth + Number(link.kind !== undefined);
          if (after === undefined || (cost[after] !== -1 && (cost[after] ?? 0) <= price)) continue;
          cost[after] = price;
          cameBy[after] = link;
          cameFrom[after] = state;
          reached.push(after);
          if (after !== goal) (link.kind === undefined ? now : next).push(after);
        }
      }
    }
    const isFound = cost[goal] !== -1 && (cost[goal] ?? 0) < less;
    const way: Link[] = [];
    for (let at = goal; isFound && at !== root; at = cameFrom[at] ?? root) {
      const link = cameBy[at];
      if (link !== undefined) way.push(link);
    }
    for (const state of reached) cost[state] = -1;
    if (!isFound) return undefined;
    if (first !== undefined) way.push(first);
    return dependencies(start, way.reverse(), this.graph);
  }

  /** Where a link leads; undefined where it must not be taken. */
  private after(state: number, link: Link, start: number, shape: Shape): number | undefined {
    const {kind, to} = link;
    if (kind !== undefined && !shape.others.includes(kind) && !this.extra.includes(kind)) return undefined;
    if (!this.placeOf.has(to)) return undefined;
    const another = shape.least === 1 || kind === shape.wanted ? bits.another : 0;
    const had = (state % states) | another | this.beyond(link, start);
    if (to !== start) return this.stateOf(to, had);
    return had === bits.another + bits.beyond ? this.nodes.length * states : undefined;
  }

  /** Whether a link leads to what no cycle without extra edges has together with the start. */
  private beyond({to}: Link, start: number): number {
    const {known, graph} = this;
    if (known === undefined) return bits.beyond;
    return to < graph.transactions && known[to] !== known[start] ? bits.beyond : 0;
  }

  private stateOf(node: number, had: number): number {
    return (this.placeOf.get(node) ?? 0) * states + had;
  }
}

/** Links joined at the points between them. */
function dependencies(start: number, links: readonly Link[], {transactions}: Graph): Cycle {
  const cycle: Dependency[] = [];
  let from = start;
  let under: Link | undefined;
  for (const link of links) {
    under = link.kind === undefined ? {...(under ?? link), right: link.right} : link;
    if (link.to >= transactions || under.kind === undefined) continue;
    const {kind, key, left, right} = under;
    cycle.push({kind, from, to: link.to, key, left, right});
    from = link.to;
  }
  return cycle;
}

function isSimple(cycle: Cycle): boolean {
  return new Set(cycle.map(({from}) => from)).size === cycle.length;
}

/** By what it is made of. */
function nameOf(cycle: Cycle): CycleName {
  const count = (kind: Kind): number => cycle.filter((one) => one.kind === kind).length;
  if (count("rw") > 0) return count("rw") === 1 ? "G-single" : "G2-item";
  return count("wr") > 0 ? "G1c" : "G0";
}
