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

export interface Model<State, Op extends Timed> {
  readonly initial: State;
  /** The state after `op`, or undefined where its answer could not have been given. */
  step(state: State, op: Op): State | undefined;
  /** Says at little cost that `op` cannot have its answer in this state. */
  rulesOut?(state: State, op: Op): boolean;
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
  const head = linked(ops);
  let missing = ops.reduce((count, op) => count + (op.returned === undefined ? 0 : 1), 0);
  const seen = new Set<string>();
  const stack: {readonly node: Node<Op>; readonly state: State}[] = [];
  const take = (taken: Node<Op>): void => {
    stack.push({node: taken, state});
    if (taken.match !== undefined) missing--;
    unlink(taken);
  };
  /** All that changes nothing and is right in this state, up to the first return that is left. False: no steps are left. */
  const absorb = (): boolean => {
    let one = head.next;
    while (one?.call === true) {
      // Its return goes with it.
      const behind: Node<Op> | undefined = one.next === one.match ? one.match?.next : one.next;
      if (one.op.pure === true && model.rulesOut?.(state, one.op) !== true) {
        if (++steps > budget) return false;
        if (model.step(state, one.op) !== undefined) {
          take(one);
          markA ^= mark(one.index, 0x9e3779b1);
          markB ^= mark(one.index, 0x85ebca77);
          one = behind;
          continue;
        }
      }
      one = one.next;
    }
    return true;
  };
  let state = model.initial;
  let [markA, markB] = [0, 0];
  let steps = 0;
  let furthest: {blocked: Op; placed: number} | undefined;
  if (!absorb()) return {kind: "unknown", steps};
  let node = head.next;
  while (missing > 0) {
    if (node?.call === true) {
      if (node.op.pure === true || model.rulesOut?.(state, node.op) === true) {
        node = node.next;
        continue;
      }
      if (++steps > budget) return {kind: "unknown", steps};
      const next = model.step(state, node.op);
      const a = markA ^ mark(node.index, 0x9e3779b1);
      const b = markB ^ mark(node.index, 0x85ebca77);
      if (next === undefined || !remember(seen, a, b, model.hash(next))) {
        node = node.next;
        continue;
      }
      take(node);
      [state, markA, markB] = [next, a, b];
      if (!absorb()) return {kind: "unknown", steps};
      node = head.next;
      continue;
    }
    if (node !== undefined && stack.length >= (furthest?.placed ?? 0))
      furthest = {blocked: node.op, placed: stack.length};
    let back = stack.pop();
    for (; back !== undefined; back = stack.pop()) {
      if (back.node.match !== undefined) missing++;
      relink(back.node);
      markA ^= mark(back.node.index, 0x9e3779b1);
      markB ^= mark(back.node.index, 0x85ebca77);
      if (back.node.op.pure !== true) break;
    }
    if (back === undefined) return {kind: "violated", steps, ...(furthest ?? blockedAt(ops))};
    state = back.state;
    node = back.node.next;
  }
  return {kind: "held", steps};
}

function blockedAt<Op>(ops: readonly Op[]): {blocked: Op; placed: number} {
  const blocked = ops[0];
  if (blocked === undefined) throw new RangeError("a search without operations cannot fail");
  return {blocked, placed: 0};
}

/** Calls and returns by time; at equal steps a call comes before a return, so that the two count as overlapping. */
function linked<Op extends Timed>(ops: readonly Op[]): {next: Node<Op> | undefined} {
  const nodes: Node<Op>[] = [];
  for (const [index, op] of ops.entries()) {
    const call: Node<Op> = {
      op,
      index,
      call: true,
      at: op.invoked,
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
