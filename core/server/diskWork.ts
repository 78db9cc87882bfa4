// Work with the disk, one step after another: the next one is asked for when all operations of the one before are done.
// Between steps there may be points at which the configuration lets the actor pause (law 4).
//
//   start([pause, step, step, pause]) ──▶ pause ──turn──▶ step ──all done──▶ step ──all done──▶ pause ──turn──▶ "done"

import {assert} from "../base/assert.ts";
import type {Hasher} from "../base/hasher.ts";
import type {DiskOp, DiskStep} from "../storage/disk.ts";
import type {Actor, Point} from "./io.ts";
import {actors} from "./io.ts";

/** Operations that go together, or a point to pause at. */
export type WorkStep = DiskStep | Point;

/** A disk operation and the number under which its completion comes back. */
export interface DiskCommand {
  readonly op: number;
  readonly do: DiskOp;
}

/** What a turn of the work came to. */
export type WorkTurn =
  /** Nothing to do, or something is waited for. */
  | {readonly kind: "none"}
  | {readonly kind: "pause"; readonly at: Point}
  | {readonly kind: "disk"; readonly commands: readonly DiskCommand[]}
  /** The last step is done; said once. */
  | {readonly kind: "done"};

export const noWork: WorkTurn = {kind: "none"};
export const workDone: WorkTurn = {kind: "done"};

export class DiskWork {
  private readonly actor: Actor;
  private readonly pausePoints: readonly Point[];
  private steps: readonly WorkStep[] = [];
  private place = 0;
  private active = false;
  private paused = false;
  /** Turns on their way that are for pauses that were abandoned. */
  private lateTurns = 0;
  /** Operations on their way, ascending. */
  private pending: readonly number[] = [];
  private issued = 0;

  constructor(actor: Actor, pausePoints: readonly Point[]) {
    this.actor = actor;
    this.pausePoints = pausePoints;
  }

  /** Whether nothing was started that is not done. */
  get idle(): boolean {
    return !this.active;
  }

  start(steps: readonly WorkStep[]): void {
    if (!this.idle) assert(false, `the ${this.actor} actor has work already`);
    this.steps = steps;
    this.place = 0;
    this.active = true;
  }

  /** Leaves out the steps that were not asked for yet. It is done when what is on its way is. */
  abandon(): void {
    this.steps = [];
    this.place = 0;
    if (this.paused) this.lateTurns++;
    this.paused = false;
  }

  /** Goes on to the next step, if nothing holds it. */
  next(): WorkTurn {
    if (!this.active || this.paused || this.pending.length > 0) return noWork;
    for (;;) {
      const step = this.steps[this.place];
      if (step === undefined) {
        this.active = false;
        return workDone;
      }
      this.place++;
      if (typeof step !== "string") {
        if (step.length > 0) return {kind: "disk", commands: this.issue(step)};
      } else if (this.pausePoints.includes(step)) {
        this.paused = true;
        return {kind: "pause", at: step};
      }
    }
  }

  /** It may go on from where it paused. */
  turn(): void {
    if (this.lateTurns > 0) this.lateTurns--;
    else this.paused = false;
  }

  /** An operation completed. False if it is not one of these. */
  completed(op: number): boolean {
    if (!this.pending.includes(op)) return false;
    this.pending = this.pending.filter((one) => one !== op);
    return true;
  }

  fork(): DiskWork {
    const twin = new DiskWork(this.actor, this.pausePoints);
    twin.steps = this.steps;
    twin.place = this.place;
    twin.active = this.active;
    twin.paused = this.paused;
    twin.lateTurns = this.lateTurns;
    twin.pending = this.pending;
    twin.issued = this.issued;
    return twin;
  }

  /** What is still to be done, and what is on its way by its distance to the next number. */
  digest(into: Hasher): void {
    into.bool(this.active);
    into.bool(this.paused);
    into.int(this.lateTurns);
    into.int(this.pending.length);
    for (const op of this.pending) into.int(this.issued * actors.length - op);
    into.int(this.steps.length - this.place);
    for (const step of this.steps.slice(this.place)) digestStep(step, into);
  }

  /** Numbers are unique in the member: each actor has its own residue. */
  private issue(step: DiskStep): readonly DiskCommand[] {
    const commands = step.map((what) => {
      return {op: ++this.issued * actors.length + actors.indexOf(this.actor), do: what};
    });
    this.pending = commands.map(({op}) => op);
    return commands;
  }
}

function digestStep(step: WorkStep, into: Hasher): void {
  if (typeof step === "string") return into.string(step);
  for (const op of step) {
    into.string(op.kind);
    if (op.kind !== "syncDir") into.string(op.file);
    if (op.kind === "write") into.bytes(op.bytes);
  }
}
