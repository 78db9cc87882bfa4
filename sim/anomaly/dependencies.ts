// Which transaction must come before which: every order that explains the history has each of these edges (Adya 1999). A
// history that shows no anomaly in a read, and whose edges form no cycle, is explained by any order that keeps them.
//
//   ww   appended an element, the other the next that is to stand behind it
//   wr   appended the last element that the other read
//   rw   read a list, the other appended the next element
//
//   process, realtime: was over when the other was asked for, by the same process, by anyone
//
// What was appended and never read stands somewhere behind the longest read, so its writers come after whoever wrote the end of that,
// and after all who read just that.
//
// Edges of time are many, one for almost any two. They lead through a row of points, one for each end of a transaction; from
// a point on lead those who were asked for before the next end:
//
//   t1 ─┐   ┌▶ t3          t1 ended, then t2, then t3 was asked for, t4 too: four edges are six, and 10,000² are 40,000
//       ●──▶●
//   t2 ────▶┘└▶ t4

import type {Transaction} from "./transaction.ts";
import type {Read, Versions} from "./versions.ts";

export const dataKinds = ["ww", "wr", "rw"] as const;
export type Kind = (typeof dataKinds)[number] | "process" | "realtime";

/** `from` comes before `to`, places. */
export interface Dependency {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
  /** The list; of `process` its name; else "". */
  readonly key: string;
  /** What the one appended or read last, and what the other appended; undefined: nothing, or it does not matter. */
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/** A step to a node. What leaves a point goes on with what led there: it has no kind of its own. */
export interface Link {
  readonly to: number;
  readonly kind: Kind | undefined;
  readonly key: string;
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/** Nodes are transactions by place, and behind them points. */
export class Graph {
  /** How many of the nodes are transactions. */
  readonly transactions: number;
  private readonly links: Link[][] = [];

  constructor(transactions: number) {
    this.transactions = transactions;
    while (this.links.length < transactions) this.links.push([]);
  }

  get size(): number {
    return this.links.length;
  }

  from(node: number): readonly Link[] {
    return this.links[node] ?? none;
  }

  add(from: number, to: number, link: Omit<Link, "to">): void {
    if (from !== to) this.links[from]?.push({to, ...link});
  }

  point(): number {
    return this.links.push([]) - 1;
  }
}

const none: readonly Link[] = [];
const onwards = {kind: undefined, key: "", left: undefined, right: undefined} as const;

export function graphOf(transactions: readonly Transaction[], {keys, isDone}: Read): Graph {
  const graph = new Graph(transactions.length);
  for (const versions of keys) addData(graph, versions, isDone);
  const done = transactions.flatMap((one, place) => (isDone[place] === true ? [{...one, place}] : []));
  const byProcess = new Map<string, Placed[]>();
  for (const one of done) {
    const others = byProcess.get(one.process);
    if (others === undefined) byProcess.set(one.process, [one]);
    else others.push(one);
  }
  for (const [key, some] of byProcess) addTime(graph, some, {...onwards, kind: "process", key});
  addTime(graph, done, {...onwards, kind: "realtime"});
  return graph;
}

function addData(graph: Graph, versions: Versions, isDone: readonly boolean[]): void {
  const {key, writers, reads} = versions;
  // What was aborted, and seen all the same, is told elsewhere.
  const order = versions.order.flatMap((element) => {
    const {by = -1} = writers.get(element) ?? {};
    return isDone[by] === true ? [{element, by}] : [];
  });
  for (const [i, {element, by}] of order.entries()) {
    const next = order[i + 1];
    if (next !== undefined) graph.add(by, next.by, {kind: "ww", key, left: element, right: next.element});
  }
  const nextAt = nextOf(versions, isDone);
  for (const {by, length} of reads) {
    const left = versions.order[length - 1];
    const writer = left === undefined ? undefined : writers.get(left);
    if (writer !== undefined && isDone[writer.by] === true)
      graph.add(writer.by, by, {kind: "wr", key, left, right: undefined});
    const next = nextAt[length];
    if (next !== undefined) graph.add(by, next.by, {kind: "rw", key, left, right: next.element});
  }
  addUnseen(graph, versions, isDone);
}

interface Written {
  readonly element: string;
  readonly by: number;
}

/** By length of what was read: the next element, of one that was done. */
function nextOf({order, writers}: Versions, isDone: readonly boolean[]): readonly (Written | undefined)[] {
  const next: (Written | undefined)[] = [];
  let behind: Written | undefined;
  for (let length = order.length; length >= 0; length--) {
    next[length] = behind;
    const element = order[length - 1] ?? "";
    const {by = -1} = writers.get(element) ?? {};
    if (isDone[by] === true) behind = {element, by};
  }
  return next;
}

/** What nobody read. */
function addUnseen(graph: Graph, {key, order, writers, reads}: Versions, isDone: readonly boolean[]): void {
  const seen = new Set(order);
  const firsts = new Map<number, string>();
  for (const [element, {by}] of writers)
    if (!seen.has(element) && isDone[by] === true && !firsts.has(by)) firsts.set(by, element);
  if (firsts.size === 0) return;
  const unseen = [...firsts].map(([by, element]): Written => ({element, by}));
  const last = order.findLast((element) => isDone[writers.get(element)?.by ?? -1] === true);
  const writer = last === undefined ? undefined : writers.get(last);
  for (const {by, element} of writer === undefined ? [] : unseen)
    graph.add(writer?.by ?? by, by, {kind: "ww", key, left: last, right: element});
  // Who read all that was read did not see them. They share a point, but for those that would come back to themselves.
  const left = order.at(-1);
  const point = graph.point();
  for (const {by, element} of unseen) graph.add(point, by, {...onwards, right: element});
  for (const {by, length} of reads) {
    if (length !== order.length) continue;
    if (!firsts.has(by)) graph.add(by, point, {kind: "rw", key, left, right: undefined});
    else for (const one of unseen) graph.add(by, one.by, {kind: "rw", key, left, right: one.element});
  }
}

type Placed = Transaction & {readonly place: number};

/** Each comes after all that were over when it was asked for. */
function addTime(graph: Graph, some: readonly Placed[], link: Omit<Link, "to">): void {
  if (some.length < 2) return;
  const ends = some.flatMap(({place, returned}) => (returned === undefined ? [] : [{place, at: returned}]));
  ends.sort((a, b) => a.at - b.at);
  const begins = some.map(({place, invoked}) => ({place, at: invoked})).sort((a, b) => a.at - b.at);
  let point: number | undefined;
  let ended = 0;
  for (const {place, at} of begins) {
    for (let end = ends[ended]; end !== undefined && end.at < at; end = ends[++ended]) {
      const next = graph.point();
      if (point !== undefined) graph.add(point, next, onwards);
      point = next;
      graph.add(end.place, point, link);
    }
    if (point !== undefined) graph.add(point, place, onwards);
  }
}
