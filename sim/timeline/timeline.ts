// A run in progress that can be looked at anywhere: it goes on at its front, and any moment behind it is reached by
// running again from the nearest checkpoint (law 2). Acting in the past starts a branch, which shares what came before;
// the timeline it forks from stays as it is.

import {assert, present} from "../../core/base/assert.ts";
import {Hasher} from "../../core/base/hasher.ts";
import type {Micros} from "../../core/base/quantity.ts";
import {failed, ok} from "../../core/base/result.ts";
import type {Result} from "../../core/base/result.ts";
import type {CheckReport} from "../check/checker.ts";
import type {Cue} from "../director.ts";
import type {TakenEvent} from "../world/record.ts";
import {SharedList} from "../history/sharedList.ts";
import type {EventId, Intervention, Run} from "../run.ts";
import type {WorldView} from "../view.ts";
import type {Inapplicable} from "../world/actions.ts";
import {digestData} from "../world/chain.ts";
import {parseEventId} from "../world/lanes.ts";
import {chainHash} from "../world/record.ts";
import {stateParts} from "../world/stateParts.ts";
import type {StatePart} from "../world/stateParts.ts";
import {Checkpoints} from "./checkpoints.ts";
import {Life} from "./life.ts";
import type {Company, End, Hand} from "./life.ts";

/** One moment of a timeline, right after an event. Valid until the timeline is asked for another or goes on. */
export interface TimelineMoment {
  readonly step: number;
  /** The event it is after; undefined at the beginning. */
  readonly record: TakenEvent | undefined;
  readonly view: WorldView;
  readonly checks: readonly CheckReport[];
}

/** Where a branch left its parent. */
export interface Fork {
  readonly parent: string;
  readonly step: number;
  readonly event: EventId;
  /** What it was made for: an action, or a line of a console. Names it. */
  readonly why: unknown;
}

/** How far to go: at least to this event, or through all events up to this time. */
export type Goal = {readonly step: number} | {readonly time: Micros};

/** Events between two lives that a seek leaves on its way, for steps back. */
const nearEvery = 32;
const nearMax = 16;

interface Parts {
  readonly id: string;
  readonly front: Life;
  readonly taken: SharedList<TakenEvent>;
  readonly checkpoints: Checkpoints;
  readonly hands: readonly Hand[];
  readonly fork?: Fork;
}

export class Timeline {
  /** "main", or a hash of the parent's id, the fork event and what was done there. */
  readonly id: string;
  readonly forkedFrom: Fork | undefined;
  private readonly front: Life;
  private readonly taken: SharedList<TakenEvent>;
  private readonly checkpoints: Checkpoints;
  private hands: readonly Hand[];
  /** The life that the last seek ended with, and those that it left on its way. */
  private cursor: Life | undefined;
  private near: readonly Life[] = [];

  private constructor({id, front, taken, checkpoints, hands, fork}: Parts) {
    this.id = id;
    this.front = front;
    this.taken = taken;
    this.checkpoints = checkpoints;
    this.hands = hands;
    this.forkedFrom = fork;
  }

  static open(run: Run, company: Company): Timeline {
    const front = Life.create(run, company);
    const checkpoints = new Checkpoints([front.fork()]);
    return new Timeline({id: "main", front, taken: new SharedList(), checkpoints, hands: []});
  }

  /** All events so far; step n at n − 1. Grows. */
  get records(): readonly TakenEvent[] {
    return this.taken.view();
  }

  /** Events so far. */
  get length(): number {
    return this.taken.length;
  }

  /** Time at the front. */
  get now(): Micros {
    return this.front.world.now;
  }

  /** Why nothing more happens; undefined while it goes on. */
  get ended(): End | undefined {
    return this.front.end;
  }

  /** When the next event at the front is due; undefined if there is none. */
  get nextDue(): Micros | undefined {
    return this.front.end === undefined ? this.front.world.next()?.due : undefined;
  }

  record(step: number): TakenEvent | undefined {
    return this.taken.at(step - 1);
  }

  /** The chain after event `step`; undefined where there is none. */
  hashAt(step: number): string | undefined {
    const record = this.record(step);
    return record === undefined ? undefined : chainHash(record);
  }

  /** The step of an event by its name, among those taken. */
  stepOf(id: EventId): number | undefined {
    const name = parseEventId(id);
    if (name === undefined) return undefined;
    const end = `#${name.ordinal}`;
    return this.records.findLast((record) => recordIs(record, id, end))?.step;
  }

  /** The last event at or before `time`; 0 at the beginning. */
  stepAt(time: Micros): number {
    const {records} = this;
    let low = 0;
    let high = records.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((records[middle]?.at ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Takes one event at the front. Undefined at the end. */
  step(): TakenEvent | undefined {
    const record = this.front.step();
    if (record === undefined) return undefined;
    this.taken.push(record);
    if (this.checkpoints.due(record.step)) this.checkpoints.add(this.front.fork());
    return record;
  }

  /** Goes on until the goal, the end, or `budget` events. Whether the goal or the end was reached. */
  runTo(goal: Goal, budget = Number.MAX_SAFE_INTEGER): boolean {
    for (let taken = 0; taken < budget; taken++) {
      if (this.reached(goal) || this.step() === undefined) return true;
    }
    return this.reached(goal) || this.ended !== undefined;
  }

  /** The moment after event `step`, 0 being the beginning, up to the front. */
  seek(step: number): TimelineMoment {
    const life = this.lifeAt(step);
    return {step, record: this.record(step), view: life.world.view, checks: life.reports()};
  }

  /** The state after event `step`, part by part. */
  stateAt(step: number): readonly StatePart[] {
    return stateParts(this.lifeAt(step).world);
  }

  /** Goes towards the moment after event `step` by at most `budget` events, for whoever must not be kept: whether a seek is free now. */
  approach(step: number, budget: number): boolean {
    assert(step >= 0 && step <= this.length, `a moment lies between 0 and ${this.length}, not at ${step}`);
    if (step === this.length) return true;
    let life = this.nearest(step);
    if (life !== this.cursor) life = life.fork(this.hands);
    for (let taken = 0; life.world.step < step && taken < budget; taken++) {
      if (life.world.step % nearEvery === 0) this.leave(life);
      present(life.step(), `event ${life.world.step + 1}, which was taken before`);
    }
    this.cursor = life;
    return life.world.step === step;
  }

  /** Acts at the moment after event `step`. A timeline that shares the past; fails if the action does not apply there. */
  branch(step: number, cue: Cue): Result<Timeline, Inapplicable> {
    const made = this.fork(step, cue.do);
    if (made.act(cue) !== undefined) return ok(made);
    return failed(present(made.front.world.skipped.at(-1), "why an action was skipped").why);
  }

  /** A timeline that shares the past up to event `step` and is to be acted upon there. `why` names it: plain data. */
  fork(step: number, why: unknown): Timeline {
    const hands = this.hands.filter((hand) => hand.step < step);
    const front = this.lifeAt(step).fork(hands);
    const taken = this.taken.fork();
    taken.truncate(step);
    const fork = {parent: this.id, step, event: this.record(step)?.id ?? "", why};
    const checkpoints = this.checkpoints.upTo(step);
    return new Timeline({id: branchId(fork), front, taken, checkpoints, hands, fork});
  }

  /** Acts at the front: undefined if the action does not apply there. What lies behind stays as it was. */
  act(cue: Cue): TakenEvent | undefined {
    const step = this.length;
    const record = this.front.act(cue);
    if (record === undefined) return undefined;
    this.taken.push(record);
    this.hands = [...this.hands, {step, cue}];
    // It would run past here without the new hand; those left on the way are given it when they are used.
    this.cursor = undefined;
    return record;
  }

  /** Why the last action at the front did not apply. */
  get whyNot(): Inapplicable | undefined {
    return this.front.world.skipped.at(-1)?.why;
  }

  /** What persons did, in order, as recorded. */
  acts(): readonly Intervention[] {
    return this.recordedRun().script.filter(({origin}) => origin === "person");
  }

  /** The run up to the front with all that was done to it, to be saved and run again. */
  recordedRun(): Run {
    return this.front.recorded();
  }

  /** What the claims came to at the front. */
  reports(): readonly CheckReport[] {
    return this.front.reports();
  }

  /** The world at the front. */
  get view(): WorldView {
    return this.front.world.view;
  }

  private reached(goal: Goal): boolean {
    if ("step" in goal) return this.length >= goal.step;
    const due = this.nextDue;
    return this.now > goal.time || (due !== undefined && due > goal.time);
  }

  private lifeAt(step: number): Life {
    this.approach(step, Number.MAX_SAFE_INTEGER);
    return step === this.length ? this.front : present(this.cursor, "the life that was approached");
  }

  private nearest(step: number): Life {
    let best = present(this.checkpoints.before(step), "the beginning");
    for (const life of [...this.near, ...(this.cursor === undefined ? [] : [this.cursor])]) {
      if (life.world.step <= step && life.world.step > best.world.step) best = life;
    }
    return best;
  }

  private leave(life: Life): void {
    const {step} = life.world;
    if (this.near.some((one) => one.world.step === step)) return;
    this.near = [...this.near.slice(1 - nearMax), life.fork(this.hands)];
  }
}

function recordIs(record: TakenEvent, id: EventId, end: string): boolean {
  return id.endsWith(end) && record.id === id;
}

function branchId({parent, event, why}: Fork): string {
  const into = new Hasher();
  into.string(parent);
  into.string(event);
  digestData(why, into);
  return into.hash();
}
