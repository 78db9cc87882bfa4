// Loads: clients that ask in a closed loop, the next operation when the one before was answered.

import type {Micros} from "../core/base/quantity.ts";
import type {Cue} from "../sim/director.ts";
import type {Load} from "./format.ts";
import type {Scene} from "./story.ts";
import {microsOf} from "./time.ts";
import type {Watch} from "./watch.ts";
import {watch} from "./when.ts";
import {nameOfWho} from "./who.ts";

/** All loads of a run. */
export class Loads {
  private readonly loops: readonly Loop[];

  constructor(loads: readonly Load[] | readonly Loop[]) {
    this.loops = loads.map((load) => (load instanceof Loop ? load : new Loop(load)));
  }

  after(scene: Scene): readonly Cue[] {
    return this.loops.flatMap((loop) => loop.after(scene) ?? []);
  }

  deadline(): Micros | undefined {
    const times = this.loops.map((loop) => loop.deadline()).filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  fork(): Loads {
    return new Loads(this.loops.map((loop) => loop.fork()));
  }
}

class Loop {
  private readonly load: Load;
  private from: Watch | undefined;
  private until: Watch | undefined;
  private started = false;
  private stopped = false;
  /** Operations asked so far. */
  private count = 0;
  /** Where in `view.operations` to look for the one that is waited for, and whose it is. */
  private waiting: number | undefined;
  private client: string | undefined;
  /** When the next is due. */
  private due: Micros | undefined;

  constructor(load: Load) {
    this.load = load;
    this.from = load.from === undefined ? undefined : watch(load.from);
    this.until = load.until === undefined ? undefined : watch(load.until);
  }

  after(scene: Scene): Cue | undefined {
    const {view} = scene;
    if (this.until?.holds(scene) === true) this.stopped = true;
    if (!this.started && (this.from?.holds(scene) ?? true)) {
      this.started = true;
      this.due = view.now;
    }
    this.settle(scene);
    if (this.stopped || this.due === undefined || view.now < this.due) return undefined;
    const client = nameOfWho(this.load.by, view, scene.story);
    if (client === undefined) return undefined;
    this.due = undefined;
    this.waiting = view.operations.length;
    this.client = client;
    const op = this.load.ops[this.count % this.load.ops.length] ?? "";
    this.count++;
    return {do: {kind: "client", client, op: op.replaceAll("{n}", String(this.count))}, origin: "program"};
  }

  deadline(): Micros | undefined {
    return this.stopped ? undefined : this.due;
  }

  fork(): Loop {
    const twin = new Loop(this.load);
    twin.from = this.from?.fork();
    twin.until = this.until?.fork();
    twin.started = this.started;
    twin.stopped = this.stopped;
    twin.count = this.count;
    twin.waiting = this.waiting;
    twin.client = this.client;
    twin.due = this.due;
    return twin;
  }

  /** Looks for the operation asked last; another client's may have come in between. */
  private settle({view}: Scene): void {
    for (; this.waiting !== undefined && this.waiting < view.operations.length; this.waiting++) {
      const operation = view.operations[this.waiting];
      if (operation === undefined || operation.client !== this.client) continue;
      if (operation.outcome === undefined) return;
      this.waiting = undefined;
      this.due = view.now + (this.load.rest === undefined ? 0 : microsOf(this.load.rest));
      return;
    }
  }
}
