// What has no place yet, in the order of time: a doubly linked list of calls and returns, as numbers in arrays, from which an
// operation is taken and put back in O(1).
//
//   0 ⇄ call a ⇄ call b ⇄ return a ⇄ call c ⇄ … ⇄ end      a node's number is its place in time

/** `returned` undefined: it never did. */
export interface Interval {
  readonly invoked: number;
  readonly returned: number | undefined;
}

export class Waiting {
  /** Where the list ends: greater than all nodes. */
  readonly end: number;
  /** By node: its operation. */
  readonly opOf: readonly number[];
  /** By operation: its call, and its return (`end` if it has none). */
  readonly callOf: Int32Array;
  readonly returnOf: Int32Array;
  private readonly isCalls: readonly boolean[];
  private readonly nexts: number[];
  private readonly prevs: number[];

  constructor(ops: readonly Interval[]) {
    const nodes = inTime(ops);
    const end = nodes.length + 1;
    this.end = end;
    this.callOf = new Int32Array(ops.length);
    this.returnOf = new Int32Array(ops.length).fill(end);
    // Plain arrays: of the small histories there are very many.
    const [opOf, isCalls, nexts, prevs]: [number[], boolean[], number[], number[]] = [
      [-1],
      [false],
      [1],
      [-1],
    ];
    for (let i = 1; i < end; i++) {
      const {op, isCall} = nodes[i - 1] as Node;
      opOf.push(op);
      isCalls.push(isCall);
      nexts.push(i + 1);
      prevs.push(i - 1);
      (isCall ? this.callOf : this.returnOf)[op] = i;
    }
    opOf.push(-1);
    isCalls.push(false);
    nexts.push(end + 1);
    prevs.push(end - 1);
    this.opOf = opOf;
    this.isCalls = isCalls;
    this.nexts = nexts;
    this.prevs = prevs;
  }

  get first(): number {
    return this.next(0);
  }

  /** Also of what was taken: where it would be put back. */
  next(node: number): number {
    return this.nexts[node] ?? this.end;
  }

  isCall(node: number): boolean {
    return this.isCalls[node] === true;
  }

  op(node: number): number {
    return this.opOf[node] ?? -1;
  }

  /** The first return that is left, of any operation but `but`. */
  firstReturn(but = -1): number {
    let node = this.first;
    while (node !== this.end && (this.isCall(node) || this.op(node) === but)) node = this.next(node);
    return node;
  }

  take(op: number): void {
    this.skip(this.callOf[op] ?? 0);
    const back = this.returnOf[op] ?? this.end;
    if (back !== this.end) this.skip(back);
  }

  /** Undoes `take`; the last taken is put back first. */
  putBack(op: number): void {
    const back = this.returnOf[op] ?? this.end;
    if (back !== this.end) this.put(back);
    this.put(this.callOf[op] ?? 0);
  }

  isTaken(op: number): boolean {
    const call = this.callOf[op] ?? 0;
    return this.nexts[this.prevs[call] ?? 0] !== call;
  }

  private skip(node: number): void {
    const [next, prev] = [this.nexts[node] ?? 0, this.prevs[node] ?? 0];
    this.nexts[prev] = next;
    this.prevs[next] = prev;
  }

  private put(node: number): void {
    this.nexts[this.prevs[node] ?? 0] = node;
    this.prevs[this.nexts[node] ?? 0] = node;
  }
}

interface Node {
  readonly op: number;
  readonly isCall: boolean;
  readonly at: number;
}

/** At equal times a call comes before a return, so that the two count as overlapping. */
function inTime(ops: readonly Interval[]): readonly Node[] {
  const nodes: Node[] = [];
  for (const [op, {invoked, returned}] of ops.entries()) {
    nodes.push({op, isCall: true, at: invoked});
    if (returned !== undefined) nodes.push({op, isCall: false, at: returned});
  }
  return nodes.sort((a, b) => a.at - b.at || Number(b.isCall) - Number(a.isCall) || a.op - b.op);
}
