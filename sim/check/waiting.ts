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
  readonly opOf: Int32Array;
  /** By operation: its call, and its return (`end` if it has none). */
  readonly callOf: Int32Array;
  readonly returnOf: Int32Array;
  private readonly isCalls: Uint8Array;
  private readonly nexts: Int32Array;
  private readonly prevs: Int32Array;

  constructor(ops: readonly Interval[]) {
    const nodes = inTime(ops);
    this.end = nodes.length + 1;
    this.opOf = new Int32Array(this.end + 1).fill(-1);
    this.isCalls = new Uint8Array(this.end + 1);
    this.callOf = new Int32Array(ops.length);
    this.returnOf = new Int32Array(ops.length).fill(this.end);
    for (const [i, {op, isCall}] of nodes.entries()) {
      this.opOf[i + 1] = op;
      this.isCalls[i + 1] = Number(isCall);
      (isCall ? this.callOf : this.returnOf)[op] = i + 1;
    }
    this.nexts = Int32Array.from({length: this.end + 1}, (_, i) => i + 1);
    this.prevs = Int32Array.from({length: this.end + 1}, (_, i) => i - 1);
  }

  get first(): number {
    return this.next(0);
  }

  /** Also of what was taken: where it would be put back. */
  next(node: number): number {
    return this.nexts[node] ?? this.end;
  }

  isCall(node: number): boolean {
    return this.isCalls[node] === 1;
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
