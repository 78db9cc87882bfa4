// Strongly connected components: sets of nodes of which each leads to each other (Tarjan 1972), without recursion, since a
// history may be one long path.

import type {Graph, Kind} from "./dependencies.ts";

interface Frame {
  readonly node: number;
  /** The next of its links. */
  link: number;
}

/**
 * By node, the number of its component, counting only links of some kinds. A component of one node is on no cycle, since no
 * node leads to itself.
 */
export function componentsOf(graph: Graph, kinds: ReadonlySet<Kind>): Int32Array {
  const {size} = graph;
  const component = new Int32Array(size).fill(-1);
  const found = new Int32Array(size).fill(-1);
  const lowest = new Int32Array(size);
  const open: number[] = [];
  let [count, time] = [0, 0];
  const enter = (node: number): Frame => {
    found[node] = lowest[node] = time++;
    open.push(node);
    return {node, link: 0};
  };
  const close = (node: number): void => {
    for (let one = open.pop(); one !== undefined; one = one === node ? undefined : open.pop())
      component[one] = count;
    count++;
  };
  for (let root = 0; root < size; root++) {
    if (found[root] !== -1) continue;
    const path = [enter(root)];
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const {node} = at;
      const link = graph.from(node)[at.link++];
      if (link === undefined) {
        path.pop();
        const above = path.at(-1)?.node;
        if (above !== undefined) lowest[above] = Math.min(lowest[above] ?? 0, lowest[node] ?? 0);
        if (lowest[node] === found[node]) close(node);
      } else if (link.kind === undefined || kinds.has(link.kind)) {
        if (found[link.to] === -1) path.push(enter(link.to));
        else if (component[link.to] === -1) lowest[node] = Math.min(lowest[node] ?? 0, found[link.to] ?? 0);
      }
    }
  }
  return component;
}
