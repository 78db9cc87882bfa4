// Goes through a space completely: every state once, by depth (a stack) or by breadth (a queue, and then every state by
// one of its shortest paths). It works in slices, so that whoever asked can show how far it is, or stop.
//
//   state ─action─▶ child ─settled─▶ ─renamed─▶ fingerprint ──▶ met before? ──no──▶ onto the stack or queue
//
// Reductions cut what cannot tell anything new: reduction.ts, symmetry.ts, Space.settle. Off, the search is the plain one
// that they are compared with.

import {present} from "../../core/base/assert.ts";
import type {Violation} from "../check/checker.ts";
import {countOf, maskOf, sleeps, stillAsleep, withAsleep} from "./reduction.ts";
import type {Fingerprint, Space} from "./space.ts";
import {Visited} from "./visited.ts";

export interface Reductions {
  /** One order of independent actions is enough. Cuts ways, no states. */
  readonly sleep: boolean;
  /** One of a state's renamings is enough. */
  readonly symmetry: boolean;
  /** What can never matter again is gone at once. */
  readonly settle: boolean;
}

export const allReductions: Reductions = {sleep: true, symmetry: true, settle: true};
export const noReductions: Reductions = {sleep: false, symmetry: false, settle: false};

export interface ExploreOptions<S> {
  readonly order?: "depth" | "breadth";
  readonly reductions?: Reductions;
  /** By breadth only: no state farther from the beginning is gone on from. */
  readonly depth?: number;
  readonly statesMax?: number;
  /** Go on no further once a claim is broken. */
  readonly stopAtFirst?: boolean;
  /** Told of every distinct state. */
  readonly onState?: (state: S) => void;
}

/** A way on which a claim breaks. By breadth, none is shorter. */
export interface Counterexample<A> {
  readonly violation: Violation;
  readonly path: readonly A[];
}

export interface Explored<A> {
  /** Distinct states. */
  readonly states: number;
  /** Actions taken. */
  readonly transitions: number;
  /** Paths that came to an end: where nothing more may happen, where somebody was already, or where it was cut. */
  readonly runs: number;
  /** States in which nothing more may happen. */
  readonly terminal: number;
  /** Actions from the beginning to the farthest state, as it was met first. */
  readonly depth: number;
  /** The most states that were kept at once to be gone on from. */
  readonly frontier: number;
  readonly bytesOfTable: number;
  readonly cut: Cut;
  /** Whether every state within the bounds was met. */
  readonly complete: boolean;
  /** States in which a claim broke; none is gone on from. */
  readonly broken: number;
  /** The first for each claim, in the order in which they were found. */
  readonly violations: readonly Counterexample<A>[];
}

/** What was not done, and why. */
export interface Cut {
  /** States that were not gone on from because they are too deep. */
  readonly depth: number;
  /** States that there was no room for. */
  readonly limit: number;
  /** Actions not taken because another order had been. */
  readonly sleep: number;
  /** Children that another name stands for. */
  readonly symmetry: number;
  /** Children in which something did not matter any more. */
  readonly settle: number;
}

type Counts = {-readonly [K in keyof Cut]: number};

interface Frame<S, A> {
  readonly state: S;
  readonly row: number;
  readonly depth: number;
  /** Undefined until it is gone on from. */
  actions: readonly A[] | undefined;
  /** Only these are taken; undefined: all. */
  readonly only: number | undefined;
  sleep: number;
  next: number;
}

const noParent = -1;

export class Explorer<S, A> {
  readonly space: Space<S, A>;
  private readonly options: Required<Omit<ExploreOptions<S>, "onState">> & Pick<ExploreOptions<S>, "onState">;
  private readonly visited = new Visited();
  /** By depth: a stack. By breadth: the states of one depth, gone through from `head` on, and those of the next. */
  private frames: (Frame<S, A> | undefined)[] = [];
  private head = 0;
  private deeper: Frame<S, A>[] = [];
  private readonly cut: Counts = {depth: 0, limit: 0, sleep: 0, symmetry: 0, settle: 0};
  private readonly counts = {transitions: 0, runs: 0, terminal: 0, depth: 0, frontier: 0, broken: 0};
  private readonly found: {violation: Violation; row: number; last: number}[] = [];
  private readonly fingerprint: Fingerprint = {a: 0, b: 0};
  private isStopped = false;

  constructor(space: Space<S, A>, options: ExploreOptions<S> = {}) {
    this.space = space;
    this.options = {
      order: "depth",
      reductions: allReductions,
      depth: Infinity,
      statesMax: Infinity,
      stopAtFirst: false,
      ...options,
    };
    this.enter(space.initial, [], {row: noParent, place: 0, depth: 0});
  }

  get states(): number {
    return this.visited.size;
  }

  /** States that are waiting to be gone on from. */
  get waiting(): number {
    return this.frames.length - this.head + this.deeper.length;
  }

  /** Takes up to so many actions. False once there are none left. */
  advance(most: number): boolean {
    for (let taken = 0; taken < most; taken++) {
      const frame = this.current();
      if (frame === undefined) return false;
      this.takeNext(frame);
    }
    return this.current() !== undefined;
  }

  /** To the end. */
  run(): Explored<A> {
    while (this.advance(1 << 16));
    return this.explored();
  }

  /** What came of it so far. */
  explored(): Explored<A> {
    const {cut} = this;
    return {
      states: this.visited.size,
      ...this.counts,
      bytesOfTable: this.visited.bytes,
      cut: {...cut},
      complete: this.current() === undefined && !this.isStopped && cut.depth === 0 && cut.limit === 0,
      violations: this.found.map((one) => this.walkTo(one)),
    };
  }

  /** The frame to go on with; those that are done are left behind. */
  private current(): Frame<S, A> | undefined {
    if (this.isStopped) return undefined;
    for (;;) {
      const frame = this.foremost();
      if (frame === undefined) return undefined;
      frame.actions ??= this.space.actions(frame.state);
      const {only, actions} = frame;
      while (frame.next < actions.length && isSkipped(frame, only)) frame.next++;
      if (frame.next < actions.length) return frame;
      this.leave();
    }
  }

  private foremost(): Frame<S, A> | undefined {
    if (this.options.order === "depth") return this.frames.at(-1);
    if (this.head === this.frames.length) {
      this.frames = this.deeper;
      this.deeper = [];
      this.head = 0;
    }
    return this.frames[this.head];
  }

  private leave(): void {
    if (this.options.order === "depth") this.frames.pop();
    else this.frames[this.head++] = undefined;
  }

  private takeNext(frame: Frame<S, A>): void {
    const {space, counts} = this;
    const {state, row, depth, actions = []} = frame;
    const place = frame.next++;
    const action = present(actions[place], "an action");
    const child = space.apply(state, action);
    counts.transitions++;
    const asleep = stillAsleep(frame.sleep, actions, (one) => space.independent(state, one, action));
    if (this.options.reductions.sleep) frame.sleep = withAsleep(frame.sleep, place);
    const violation = space.violation(child);
    if (violation === undefined) this.enter(child, asleep, {row, place, depth: depth + 1});
    else this.broke(violation, row, place);
  }

  private broke(violation: Violation, row: number, last: number): void {
    this.counts.broken++;
    this.counts.runs++;
    if (!this.found.some((one) => one.violation.check === violation.check))
      this.found.push({violation, row, last});
    if (this.options.stopAtFirst) this.isStopped = true;
  }

  /** Comes to a state, with some of its actions asleep. */
  private enter(
    met: S,
    asleep: readonly A[],
    from: {readonly row: number; readonly place: number; readonly depth: number},
  ): void {
    const {space, visited, counts, fingerprint, cut} = this;
    const {reductions, statesMax, onState} = this.options;
    const settled = reductions.settle ? space.settle(met) : met;
    if (settled !== met) cut.settle++;
    const renaming = reductions.symmetry ? space.symmetry.least(settled, fingerprint) : 0;
    if (!reductions.symmetry) space.fingerprint(settled, fingerprint);
    if (renaming !== 0) cut.symmetry++;
    const {a, b} = fingerprint;
    const row = visited.add(a, b, from.row, from.place);
    const stored = row < 0 ? visited.sleepOf(~row) : 0;
    if (row < 0 && stored === 0) {
      counts.runs++;
      return;
    }
    const state = space.symmetry.rename(settled, renaming);
    const actions = space.actions(state);
    const sleepers = asleep.map((action) => space.symmetry.renameAction(action, renaming));
    const mask = maskOf(sleepers, actions);
    if (row < 0) return this.wake({state, actions, row: ~row, depth: from.depth}, stored, mask);
    visited.setSleep(row, mask);
    cut.sleep += countOf(mask);
    onState?.(state);
    if (from.depth > counts.depth) counts.depth = from.depth;
    if (actions.length === 0) counts.terminal++;
    if (actions.length === 0 || countOf(mask) === actions.length) counts.runs++;
    if (visited.size >= statesMax) {
      cut.limit++;
      this.isStopped = true;
    } else if (from.depth >= this.options.depth && actions.length > 0) cut.depth++;
    else this.push({state, row, depth: from.depth, actions, only: undefined, sleep: mask, next: 0});
  }

  /** A state was met before: what slept then and is awake now is taken. */
  private wake(
    {state, actions, row, depth}: Pick<Frame<S, A>, "state" | "actions" | "row" | "depth">,
    stored: number,
    mask: number,
  ): void {
    const only = stored & ~mask;
    this.visited.setSleep(row, stored & mask);
    this.cut.sleep -= countOf(only);
    if (only === 0) this.counts.runs++;
    else this.push({state, row, depth, actions, only, sleep: stored & mask, next: 0});
  }

  private push(frame: Frame<S, A>): void {
    if (this.options.order === "depth") this.frames.push(frame);
    // The queue is long: what can be worked out again is not kept in it.
    else this.deeper.push({...frame, actions: undefined});
    if (this.waiting > this.counts.frontier) this.counts.frontier = this.waiting;
  }

  /**
   * The way to where a claim broke, found again by going there: the table knows which action of which state was taken, by
   * its place. The search may have seen the end of it under other names.
   */
  private walkTo({violation, row, last}: (typeof this.found)[number]): Counterexample<A> {
    const {space, visited} = this;
    const {symmetry} = space;
    const {reductions} = this.options;
    const places = [last];
    for (let at = row; visited.parentOf(at) !== noParent; at = visited.parentOf(at))
      places.push(visited.actionOf(at));
    let state = space.initial;
    const path = places.reverse().map((place) => {
      const settled = reductions.settle ? space.settle(state) : state;
      const renaming = reductions.symmetry ? symmetry.least(settled, this.fingerprint) : 0;
      const action = present(
        space.actions(symmetry.rename(settled, renaming))[place],
        "an action of the path",
      );
      const named = symmetry.renameAction(action, symmetry.inverse(renaming));
      state = space.apply(settled, named);
      return named;
    });
    return {violation: space.violation(state) ?? violation, path};
  }
}

function isSkipped<S, A>({sleep, next}: Frame<S, A>, only: number | undefined): boolean {
  if (only === undefined) return sleeps(sleep, next);
  return !sleeps(only, next);
}
