// The search for an order (Wing & Gong 1993, with Lowe's memory of visited states): take any operation that was invoked
// before the first open one returned, step the model, go on; when a return is reached whose operation was not taken,
// go back. Independent of what the operations are.
//
// What changes nothing (a read that was answered) is taken as soon as its answer is right, before anything else is tried, and
// is not gone back on for another's sake: in any order that holds it can be moved to here. Without that, k reads of one
// state that overlap are 2^k sets to be visited.

/** One operation: when it was invoked and returned, by step. `returned` undefined: its outcome is unknown, it may never happen. */
export interface Timed {
  readonly invoked: number;
  readonly returned: number | undefined;
  /** Its answer says that it changed nothing, in whatever state it was given. */
  readonly pure?: boolean;
}

export interface Reach {
  readonly least: number;
  readonly most: number;
}

export interface Model<State, Op extends Timed> {
  readonly initial: State;
  /** The state after `op`, or undefined where its answer could not have been given. */
  step(state: State, op: Op): State | undefined;
  /** Where a state stands among all: a number, as {@link reach} has it. */
  place?(state: State): number;
  /** The places of the states in which alone `op` could have its answer; undefined: it may in any. Known before any is tried. */
  reach?(op: Op): Reach | undefined;
  /** Digest of the state, two int32 lanes. */
  hash(state: State): readonly [number, number];
}

export type Found<Op> =
  | {readonly kind: "held"; readonly steps: number}
  /** `blocked`: the operation that returned without a place, in the attempt that came furthest; `placed`: how many had one. */
  | {readonly kind: "violated"; readonly steps: number; readonly blocked: Op; readonly placed: number}
  | {readonly kind: "unknown"; readonly steps: number};

interface Node<Op> {
  readonly op: Op;
  readonly index: number;
  readonly call: boolean;
  readonly at: number;
  readonly reach: Reach;
  prev: Node<Op> | undefined;
  next: Node<Op> | undefined;
  /** A call's return, when it has one. */
  match: Node<Op> | undefined;
}

/** Looks for an order of `ops` that the model allows and that respects real time; at most `budget` model steps. */
export function search<State, Op extends Timed>(
  model: Model<State, Op>,
  ops: readonly Op[],
  budget: number,
): Found<Op> {
  return new Search(model, ops, budget).run();
}

class Search<State, Op extends Timed> {
  private readonly model: Model<State, Op>;
  private readonly ops: readonly Op[];
  private readonly budget: number;
  /** Calls and returns of what has no place yet, by time. */
  private readonly head: {next: Node<Op> | undefined};
  /** What has a place, each with the state before it. */
  private readonly stack: {readonly node: Node<Op>; readonly state: State}[] = [];
  private readonly seen = new Set<string>();
  private state: State;
  /** The state's. */
  private place = 0;
  /** Of the set of placed operations. */
  private markA = 0;
  private markB = 0;
  /** Returned operations without a place. */
  private missing: number;
  private steps = 0;
  private furthest: {readonly blocked: Op; readonly placed: number} | undefined;

  constructor(model: Model<State, Op>, ops: readonly Op[], budget: number) {
    this.model = model;
    this.ops = ops;
    this.budget = budget;
    this.head = linked(ops, model);
    this.state = model.initial;
    this.enter(model.initial);
    this.missing = ops.reduce((count, op) => count + (op.returned === undefined ? 0 : 1), 0);
  }

  run(): Found<Op> {
    this.absorb();
    let node = this.head.next;
    while (this.missing > 0 && this.steps <= this.budget) {
      if (node?.call === true) {
        const taken = this.tryNext(node);
        if (taken) this.absorb();
        node = taken ? this.head.next : node.next;
        continue;
      }
      if (node !== undefined && this.stack.length >= (this.furthest?.placed ?? 0))
        this.furthest = {blocked: node.op, placed: this.stack.length};
      const back = this.goBack();
      if (back === undefined)
        return {kind: "violated", steps: this.steps, ...(this.furthest ?? blockedAt(this.ops))};
      node = back.next;
    }
    return {kind: this.steps > this.budget ? "unknown" : "held", steps: this.steps};
  }

  /** Gives all that changes nothing and is right in this state a place, up to the first return that is left. */
  private absorb(): void {
    let one = this.head.next;
    while (one?.call === true && this.steps <= this.budget) {
      // Its return goes with it.
      const behind: Node<Op> | undefined = one.next === one.match ? one.match?.next : one.next;
      const isRight = one.op.pure === true && this.isInReach(one) && this.step(one.op) !== undefined;
      if (isRight) this.take(one);
      one = isRight ? behind : one.next;
    }
  }

  /** Whether the operation may come next, and led to something new. */
  private tryNext(node: Node<Op>): boolean {
    if (node.op.pure === true || !this.isInReach(node)) return false;
    const next = this.step(node.op);
    if (next === undefined) return false;
    const a = this.markA ^ mark(node.index, 0x9e3779b1);
    const b = this.markB ^ mark(node.index, 0x85ebca77);
    if (!remember(this.seen, a, b, this.model.hash(next))) return false;
    this.take(node);
    this.enter(next);
    return true;
  }

  private enter(state: State): void {
    this.state = state;
    this.place = this.model.place?.(state) ?? 0;
  }

  private isInReach({reach}: Node<Op>): boolean {
    return reach.least <= this.place && this.place <= reach.most;
  }

  private step(op: Op): State | undefined {
    this.steps++;
    return this.model.step(this.state, op);
  }

  private take(node: Node<Op>): void {
    this.stack.push({node, state: this.state});
    if (node.match !== undefined) this.missing--;
    this.turnMarks(node);
    unlink(node);
  }

  /** Takes back the last operation that changed something, and all behind it. Undefined: there is none. */
  private goBack(): Node<Op> | undefined {
    for (let back = this.stack.pop(); back !== undefined; back = this.stack.pop()) {
      const {node, state} = back;
      if (node.match !== undefined) this.missing++;
      relink(node);
      this.turnMarks(node);
      this.enter(state);
      if (node.op.pure !== true) return node;
    }
    return undefined;
  }

  private turnMarks({index}: Node<Op>): void {
    this.markA ^= mark(index, 0x9e3779b1);
    this.markB ^= mark(index, 0x85ebca77);
  }
}

const anywhere: Reach = {least: -Infinity, most: Infinity};

function blockedAt<Op>(ops: readonly Op[]): {blocked: Op; placed: number} {
  const blocked = ops[0];
  if (blocked === undefined) throw new RangeError("a search without operations cannot fail");
  return {blocked, placed: 0};
}

/** Calls and returns by time; at equal steps a call comes before a return, so that the two count as overlapping. */
function linked<State, Op extends Timed>(
  ops: readonly Op[],
  model: Model<State, Op>,
): {next: Node<Op> | undefined} {
  const nodes: Node<Op>[] = [];
  for (const [index, op] of ops.entries()) {
    const call: Node<Op> = {
      op,
      index,
      call: true,
      at: op.invoked,
      reach: model.reach?.(op) ?? anywhere,
      prev: undefined,
      next: undefined,
      match: undefined,
    };
    nodes.push(call);
    if (op.returned === undefined) continue;
    const back: Node<Op> = {...call, call: false, at: op.returned};
    call.match = back;
    nodes.push(back);
  }
  nodes.sort((a, b) => a.at - b.at || Number(b.call) - Number(a.call) || a.index - b.index);
  const head: Node<Op> = {
    op: undefined as never,
    index: -1,
    call: false,
    at: -1,
    reach: anywhere,
    prev: undefined,
    next: undefined,
    match: undefined,
  };
  let last = head;
  for (const node of nodes) {
    last.next = node;
    node.prev = last;
    last = node;
  }
  return head;
}

function unlink<Op>(node: Node<Op>): void {
  skip(node);
  if (node.match !== undefined) skip(node.match);
}

function skip<Op>(node: Node<Op>): void {
  if (node.prev !== undefined) node.prev.next = node.next;
  if (node.next !== undefined) node.next.prev = node.prev;
}

/** Undoes `unlink`, in the reverse order. */
function relink<Op>(node: Node<Op>): void {
  if (node.match !== undefined) put(node.match);
  put(node);
}

function put<Op>(node: Node<Op>): void {
  if (node.prev !== undefined) node.prev.next = node;
  if (node.next !== undefined) node.next.prev = node;
}

/** A word for each operation; the set of placed ones is their exclusive or. */
function mark(index: number, prime: number): number {
  let word = Math.imul(index + 1, prime);
  word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
  return word ^ (word >>> 13);
}

/** False when this set of operations already led to this state. 128 bits: an accidental meeting is not expected. */
function remember(seen: Set<string>, a: number, b: number, [x, y]: readonly [number, number]): boolean {
  const key = `${a},${b},${x},${y}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}
