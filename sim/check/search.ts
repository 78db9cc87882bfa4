// The search for an order (Wing & Gong 1993, with Lowe's memory of visited states): take any operation that was invoked
// before the first open one returned, step the model, go on; when a return is reached whose operation was not taken,
// go back. Independent of what the operations are.
//
// What need not be tried, and why (sim/record/README.md, "What the search leaves out"):
//
//   pure    changes nothing (a read that was answered): taken as soon as its answer is right, before anything else is tried, and
//           not gone back on for another's sake: in any order that holds it can be moved to here. Without that, k reads of one
//           state that overlap are 2^k sets to be visited.
//   blind   does the same to every state (a write). When one is taken, others that wait, and whose answers are right in every
//           state, may as well have been done right before it, unseen: they become loose, need no place any more, and fall
//           out of the list where they return. So none is taken for a blind one to write over.
//   loose, or of unknown outcome: looked at after all that must happen; not taken where it changes nothing and makes nothing
//           loose.
//   twins   that do the same: the one that returns first comes first.

import {Met} from "./met.ts";
import {Waiting} from "./waiting.ts";
import type {Interval} from "./waiting.ts";

/** One operation: when it was invoked and returned, by step. `returned` undefined: its outcome is unknown, it may never happen. */
export interface Timed extends Interval {
  /** Its answer says that it changed nothing, in whatever state it was given. */
  readonly pure?: boolean;
  /** Its answer is right in every state. */
  readonly certain?: boolean;
  /** And it leads from every state to the same one. */
  readonly blind?: boolean;
  /** Whoever has the same number was asked for the same, and answered the same. */
  readonly effect?: number;
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
  /** Says, at less cost than a step, that `op` cannot come next. */
  excludes?(state: State, op: Op): boolean;
  /**
   * Says that no state to come will give `op`, a pure one, its answer. What returned before the time `since` is done.
   * Counted as a step.
   */
  forecloses?(state: State, op: Op, since: number): boolean;
  /** Digest of all that a state is, two int32 lanes: states with one digest are taken for one. */
  hash(state: State): readonly [number, number];
}

export type Found<Op> =
  /** `order`: of all that returned, and perhaps some that did not. */
  | {readonly kind: "held"; readonly steps: number; readonly order: readonly Op[]}
  /** `blocked`: up to its return, no order explains what happened (with `forecloses`: or what happened later); before it one does. */
  | {readonly kind: "violated"; readonly steps: number; readonly blocked: Op}
  | {readonly kind: "unknown"; readonly steps: number};

/** Looks for an order of `ops` that the model allows and that respects real time; at most `budget` model steps. */
export function search<State, Op extends Timed>(
  model: Model<State, Op>,
  ops: readonly Op[],
  budget: number,
): Found<Op> {
  const running = new Search(model, ops);
  return running.advance(budget) ?? {kind: "unknown", steps: running.steps};
}

/** A search that can be interrupted. */
export class Search<State, Op extends Timed> {
  /** Steps of the model so far. */
  steps = 0;
  private readonly model: Model<State, Op>;
  private readonly ops: readonly Op[];
  private readonly waiting: Waiting;
  private readonly met: Met;
  private state: State;
  /** The state's. */
  private place = 0;
  /** By operation: its reach. */
  private readonly leasts: Float64Array;
  private readonly mosts: Float64Array;
  /** The node looked at. */
  private at: number;
  /** What need not happen is looked at after all that must. */
  private isLate = false;
  /** Returned operations that need a place and have none. */
  private missing: number;

  // What has a place, or fell out, in order: the operation, the state before it, the first return that was left then
  // (0: it fell out), and how many had become loose.
  private depth = 0;
  private readonly placed: Int32Array;
  private readonly states: State[] = [];
  private readonly limits: Int32Array;
  private readonly trailAt: Int32Array;
  /** Loose operations, in the order in which they became so. */
  private readonly trail: Int32Array;
  private loosened = 0;
  /** By operation: the depth of what made it loose, from 1; 0: it is not. */
  private readonly looseSince: Int32Array;

  /** What was taken though its outcome is unknown, as bits; and by operation its bit, -1: it returned. */
  private readonly used: Int32Array;
  private readonly bitOf: Int32Array;
  /** By operation: words whose exclusive or stands for the set of placed ones that returned, and for that of loose ones. */
  private readonly marks: Marks;
  private markA = 0;
  private markB = 0;
  /** The pure ones by return, and the first of them that may have no place. */
  private readonly asked: readonly number[];
  private nextAsked = 0;
  /** By operation: its place in `asked`. */
  private readonly askedAt: Int32Array;
  /** The last return that was reached without a place. */
  private furthest = 0;

  constructor(model: Model<State, Op>, ops: readonly Op[]) {
    this.model = model;
    this.ops = ops;
    this.waiting = new Waiting(ops);
    this.leasts = new Float64Array(ops.length).fill(-Infinity);
    this.mosts = new Float64Array(ops.length).fill(Infinity);
    if (model.reach !== undefined) this.bound();
    this.state = model.initial;
    this.enter(model.initial);
    this.missing = ops.reduce((count, op) => count + (op.returned === undefined ? 0 : 1), 0);
    this.placed = new Int32Array(ops.length);
    this.limits = new Int32Array(ops.length);
    this.trailAt = new Int32Array(ops.length);
    this.trail = new Int32Array(ops.length);
    this.looseSince = new Int32Array(ops.length);
    this.bitOf = bitsOf(ops);
    this.used = new Int32Array((ops.length - this.missing + 31) >>> 5);
    this.met = new Met(this.used.length);
    this.marks = marksOf(ops.length);
    this.asked = model.forecloses === undefined ? [] : pureByReturn(ops);
    this.askedAt = new Int32Array(ops.length);
    for (const [i, index] of this.asked.entries()) this.askedAt[index] = i;
    this.absorb();
    this.at = this.waiting.first;
  }

  private bound(): void {
    for (const [i, op] of this.ops.entries()) {
      const {least = -Infinity, most = Infinity} = this.model.reach?.(op) ?? {};
      this.leasts[i] = least;
      this.mosts[i] = most;
    }
  }

  /** Goes on until that many steps were made in all. Undefined: it is not settled yet. */
  advance(until: number): Found<Op> | undefined {
    const {waiting} = this;
    while (this.steps <= until) {
      if (this.missing === 0) return {kind: "held", steps: this.steps, order: this.order()};
      const node = this.at;
      if (waiting.isCall(node)) this.look(node);
      else if (!this.isLate) {
        this.isLate = true;
        this.at = waiting.first;
      } else if (this.isLoose(waiting.op(node))) this.letFall(node);
      else if (!this.goBack(node)) {
        const blocked = this.ops[waiting.op(this.furthest)] as Op;
        return {kind: "violated", steps: this.steps, blocked};
      }
    }
    return undefined;
  }

  private look(node: number): void {
    const index = this.waiting.op(node);
    if (this.comesLate(index) !== this.isLate || !this.tryNext(index)) {
      this.at = this.waiting.next(node);
      return;
    }
    this.at = this.waiting.first;
    this.isLate = false;
  }

  /** Looked at after all others: it need not happen. Where nobody says what it does, it may have to come early, and stays in line. */
  private comesLate(index: number): boolean {
    return this.isOptional(index) && this.ops[index]?.effect !== undefined;
  }

  private isOptional(index: number): boolean {
    return this.isLoose(index) || this.ops[index]?.returned === undefined;
  }

  /** Gives all that changes nothing and is right in this state a place, up to the first return that is left. */
  private absorb(): void {
    const {waiting, ops} = this;
    let node = waiting.first;
    while (waiting.isCall(node)) {
      const index = waiting.op(node);
      const op = ops[index] as Op;
      const isRight = op.pure === true && this.isInReach(index) && this.step(op) !== undefined;
      // Its return goes with it.
      const behind =
        waiting.next(node) === waiting.returnOf[index]
          ? waiting.next(waiting.next(node))
          : waiting.next(node);
      if (isRight) this.take(index);
      node = isRight ? behind : waiting.next(node);
    }
  }

  /** Whether the operation may come next, and led to something new. */
  private tryNext(index: number): boolean {
    const op = this.ops[index] as Op;
    if (op.pure === true || !this.isInReach(index) || this.isIdle(index, op)) return false;
    if (this.model.excludes?.(this.state, op) === true) return false;
    const next = this.step(op);
    if (next === undefined) return false;
    if (
      (this.isOptional(index) && next === this.state && !this.loosens(index, op)) ||
      this.isForeclosed(next, index)
    )
      return false;
    if (!this.isNew(index, op, next)) return false;
    this.take(index);
    if (op.blind === true) this.loosen();
    this.enter(next);
    this.absorb();
    return true;
  }

  /** Another order, without this operation here, does as well. */
  private isIdle(index: number, op: Op): boolean {
    return (op.effect !== undefined && this.hasTwin(index, op)) || (op.blind === true && this.isUnseen());
  }

  /** Another that does the same could be taken, and returns earlier. This one must not need the place more than that one. */
  private hasTwin(index: number, {effect, blind}: Op): boolean {
    const {waiting, ops} = this;
    const end = waiting.returnOf[index] ?? 0;
    const isFree = blind === true || this.isOptional(index);
    for (let node = waiting.first; waiting.isCall(node); node = waiting.next(node)) {
      const other = waiting.op(node);
      if (ops[other]?.effect !== effect || (!isFree && this.isOptional(other))) continue;
      const back = waiting.returnOf[other] ?? 0;
      if (back < end || (back === end && other < index)) return true;
    }
    return false;
  }

  /** What was taken last was not looked at, and what comes now could have been taken in its place. */
  private isUnseen(): boolean {
    let last = this.depth - 1;
    while (last >= 0 && this.limits[last] === 0) last--;
    if (last < 0) return false;
    const index = this.placed[last] ?? 0;
    const {pure, certain} = this.ops[index] as Op;
    if (pure === true) return false;
    const isOptional = this.isOptional(index);
    if (this.limits[last] === this.waiting.firstReturn()) return certain === true || isOptional;
    const loosened = last + 1 < this.depth ? this.trailAt[last + 1] : this.loosened;
    return isOptional && this.trailAt[last] === loosened;
  }

  private isForeclosed(next: State, taken: number): boolean {
    const {model, waiting, asked, ops} = this;
    if (model.forecloses === undefined) return false;
    while (this.nextAsked < asked.length && waiting.isTaken(asked[this.nextAsked] ?? 0)) this.nextAsked++;
    const op = ops[asked[this.nextAsked] ?? -1];
    if (op === undefined) return false;
    this.steps++;
    const first = waiting.op(waiting.firstReturn(taken));
    return model.forecloses(next, op, ops[first]?.returned ?? Infinity);
  }

  private enter(state: State): void {
    this.state = state;
    this.place = this.model.place?.(state) ?? 0;
  }

  private isInReach(index: number): boolean {
    return (this.leasts[index] ?? 0) <= this.place && this.place <= (this.mosts[index] ?? 0);
  }

  private step(op: Op): State | undefined {
    this.steps++;
    return this.model.step(this.state, op);
  }

  private isLoose(index: number): boolean {
    return this.looseSince[index] !== 0;
  }

  private take(index: number): void {
    this.push(index, this.waiting.firstReturn());
    if (this.ops[index]?.returned !== undefined && !this.isLoose(index)) this.missing--;
  }

  private push(index: number, limit: number): void {
    this.placed[this.depth] = index;
    this.limits[this.depth] = limit;
    this.trailAt[this.depth] = this.loosened;
    this.states[this.depth] = this.state;
    this.depth++;
    this.turnMarks(index);
    this.waiting.take(index);
  }

  /** Whether others become loose when this one is taken. */
  private loosens(index: number, {blind}: Op): boolean {
    if (blind !== true) return false;
    const {waiting} = this;
    for (let node = waiting.first; waiting.isCall(node); node = waiting.next(node))
      if (waiting.op(node) !== index && this.mayLoosen(waiting.op(node))) return true;
    return false;
  }

  private mayLoosen(index: number): boolean {
    const op = this.ops[index] as Op;
    return op.certain === true && op.returned !== undefined && !this.isLoose(index);
  }

  /** All certain ones that wait may have been done right before the one that was just taken, a blind one. */
  private loosen(): void {
    const {waiting} = this;
    const limit = this.limits[this.depth - 1] ?? 0;
    for (let node = waiting.first; node < limit; node = waiting.next(node)) {
      const index = waiting.op(node);
      if (!this.mayLoosen(index)) continue;
      this.looseSince[index] = this.depth;
      this.trail[this.loosened++] = index;
      this.missing--;
      this.turnLoose(index);
    }
  }

  /** A loose operation returns: it was done unseen. All that came before its return was tried with it. */
  private letFall(node: number): void {
    this.push(this.waiting.op(node), 0);
    this.absorb();
    this.at = this.waiting.first;
    this.isLate = false;
  }

  /** Nothing that can come before this return leads anywhere: takes back the last that changed something, and all behind it. */
  private goBack(blocked: number): boolean {
    this.furthest = Math.max(this.furthest, blocked);
    while (this.depth > 0) {
      this.depth--;
      const index = this.placed[this.depth] ?? 0;
      this.tighten(this.trailAt[this.depth] ?? 0);
      this.waiting.putBack(index);
      this.turnMarks(index);
      this.enter(this.states[this.depth] as State);
      if (this.limits[this.depth] === 0) continue;
      const op = this.ops[index] as Op;
      if (op.returned !== undefined && !this.isLoose(index)) this.missing++;
      if (op.pure === true) this.nextAsked = Math.min(this.nextAsked, this.askedAt[index] ?? 0);
      else {
        this.at = this.waiting.next(this.waiting.callOf[index] ?? 0);
        this.isLate = this.comesLate(index);
        return true;
      }
    }
    return false;
  }

  private tighten(to: number): void {
    while (this.loosened > to) {
      const index = this.trail[--this.loosened] ?? 0;
      this.looseSince[index] = 0;
      this.missing++;
      this.turnLoose(index);
    }
  }

  /** What has a place, in order; what is loose stands before what wrote over it. */
  private order(): readonly Op[] {
    const unseen = new Map<number, number[]>();
    for (const index of this.trail.subarray(0, this.loosened)) {
      const since = this.looseSince[index] ?? 0;
      const others = unseen.get(since);
      if (others === undefined) unseen.set(since, [index]);
      else others.push(index);
    }
    const order: number[] = [];
    // What was taken though it is loose is seen where it was taken.
    const seen = new Set<number>();
    for (let i = 0; i < this.depth; i++) if (this.limits[i] !== 0) seen.add(this.placed[i] ?? 0);
    for (let i = 0; i < this.depth; i++) {
      if (this.limits[i] === 0) continue;
      order.push(...(unseen.get(i + 1) ?? []).filter((index) => !seen.has(index)), this.placed[i] ?? 0);
    }
    return order.map((index) => this.ops[index] as Op);
  }

  /** Whether nothing as good was met before: the same done, in the same state, and no more of what need not happen. */
  private isNew(index: number, op: Op, next: State): boolean {
    const [markA, markB] = [this.markA, this.markB];
    this.turnMarks(index);
    if (op.blind === true) this.turnLoosened(index);
    const [x, y] = this.model.hash(next);
    const isNew = this.met.add(this.markA, this.markB, x, y, this.used);
    this.flip(index);
    this.markA = markA;
    this.markB = markB;
    return isNew;
  }

  private flip(index: number): void {
    const bit = this.bitOf[index] ?? -1;
    if (bit >= 0) this.used[bit >> 5] = (this.used[bit >> 5] ?? 0) ^ (1 << (bit & 31));
  }

  private turnMarks(index: number): void {
    if ((this.bitOf[index] ?? -1) >= 0) {
      this.flip(index);
      return;
    }
    this.markA ^= this.marks.a[index] ?? 0;
    this.markB ^= this.marks.b[index] ?? 0;
    if (this.isLoose(index)) this.turnLoose(index);
  }

  private turnLoose(index: number): void {
    this.markA ^= this.marks.looseA[index] ?? 0;
    this.markB ^= this.marks.looseB[index] ?? 0;
  }

  /** As if this one had been taken, and others were loose. */
  private turnLoosened(index: number): void {
    const {waiting} = this;
    for (let node = waiting.first; waiting.isCall(node); node = waiting.next(node))
      if (waiting.op(node) !== index && this.mayLoosen(waiting.op(node))) this.turnLoose(waiting.op(node));
  }
}

interface Marks {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly looseA: Int32Array;
  readonly looseB: Int32Array;
}

function marksOf(count: number): Marks {
  const words = (prime: number): Int32Array => {
    const marks = new Int32Array(count);
    for (let i = 0; i < count; i++) marks[i] = mark(i, prime);
    return marks;
  };
  return {
    a: words(0x9e3779b1),
    b: words(0x85ebca77),
    looseA: words(0xc2b2ae3d),
    looseB: words(0x27d4eb2f),
  };
}

function mark(index: number, prime: number): number {
  let word = Math.imul(index + 1, prime);
  word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
  return word ^ (word >>> 13);
}

function bitsOf(ops: readonly Timed[]): Int32Array {
  let bits = 0;
  const bitOf = new Int32Array(ops.length);
  for (let i = 0; i < ops.length; i++) bitOf[i] = ops[i]?.returned === undefined ? bits++ : -1;
  return bitOf;
}

function pureByReturn(ops: readonly Timed[]): readonly number[] {
  const returned = (index: number): number => ops[index]?.returned ?? Infinity;
  return ops
    .map((_, i) => i)
    .filter((i) => ops[i]?.pure === true && ops[i].returned !== undefined)
    .sort((a, b) => returned(a) - returned(b) || a - b);
}
