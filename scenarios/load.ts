// Loads: one client that asks operations in turn, or a table of questions with a name (sim/workload), each between two facts.

import type {Micros} from "../core/base/quantity.ts";
import type {Cue} from "../sim/director.ts";
import type {WorldView} from "../sim/view.ts";
import {WorkloadDirector} from "../sim/workload/director.ts";
import {loadsOf} from "../sim/workload/loads.ts";
import type {Load as SimLoad} from "../sim/workload/workload.ts";
import type {Load, LoopLoad, NamedLoad, Who} from "./format.ts";
import type {Scene} from "./story.ts";
import {betweenOf, microsOf} from "./time.ts";
import type {Watch} from "./watch.ts";
import {watch} from "./when.ts";
import {nameOfWho} from "./who.ts";

/** A load that is under way. */
interface Asking {
  after(scene: Scene): readonly Cue[];
  deadline(): Micros | undefined;
  fork(): Asking;
}

/** All loads of a run. */
export class Loads {
  private readonly all: readonly Asking[];

  private constructor(all: readonly Asking[]) {
    this.all = all;
  }

  static of(loads: readonly Load[], seed: string): Loads {
    return new Loads(
      loads.map((load, place) => (load.load === "loop" ? new Loop(load) : new Table(load, seed, place))),
    );
  }

  after(scene: Scene): readonly Cue[] {
    return this.all.flatMap((one) => one.after(scene));
  }

  deadline(): Micros | undefined {
    const times = this.all.flatMap((one) => one.deadline() ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  fork(): Loads {
    return new Loads(this.all.map((one) => one.fork()));
  }
}

/** Tables of one load that has a name; more than a few there are not. */
const tablesMax = 10;

/** What a load with a name asks, and what it claims; `by` are clients' names. */
export function tablesOf(
  load: NamedLoad,
  by: readonly string[] | undefined,
  to: string | undefined,
): readonly SimLoad[] {
  const {keys, think, every, waiting, most} = load;
  return loadsOf(load.load, {
    ...(by === undefined ? {} : {by}),
    ...(to === undefined ? {} : {to}),
    ...(keys === undefined ? {} : {keys}),
    ...(think === undefined ? {} : {think: betweenOf(think)}),
    ...(every === undefined ? {} : {every: betweenOf(every)}),
    ...(waiting === undefined ? {} : {waiting}),
    ...(most === undefined ? {} : {most}),
  });
}

/** A load with a name: begins when `from` is true, asks no more once `until` is. */
class Table implements Asking {
  private readonly load: NamedLoad;
  private readonly seed: string;
  private readonly place: number;
  private from: Watch | undefined;
  private until: Watch | undefined;
  /** Undefined before it begins. */
  private director: WorkloadDirector | undefined;
  private stopped = false;

  constructor(load: NamedLoad, seed: string, place: number) {
    this.load = load;
    this.seed = seed;
    this.place = place;
    this.from = load.from === undefined ? undefined : watch(load.from);
    this.until = load.until === undefined ? undefined : watch(load.until);
  }

  after(scene: Scene): readonly Cue[] {
    const {view, event} = scene;
    const over = this.until?.holds(scene) === true;
    const begins = this.director === undefined && (this.from?.holds(scene) ?? true);
    if (begins && !this.stopped) this.director = this.begin(scene);
    if (over && !this.stopped) {
      this.stopped = true;
      this.director?.stop();
    }
    return this.director?.after(view, event) ?? [];
  }

  deadline(): Micros | undefined {
    return this.director?.deadline();
  }

  fork(): Table {
    const twin = new Table(this.load, this.seed, this.place);
    twin.from = this.from?.fork();
    twin.until = this.until?.fork();
    twin.director = this.director?.fork();
    twin.stopped = this.stopped;
    return twin;
  }

  /** Undefined as long as a symbol names nobody. */
  private begin({view, story}: Scene): WorkloadDirector | undefined {
    const {by, to} = this.load;
    const name = (who: Who): string | undefined => nameOfWho(who, view, story);
    const clients = by === undefined ? undefined : (typeof by === "string" ? [by] : by).map(name);
    const member = to === undefined ? undefined : name(to);
    if (clients?.includes(undefined) === true || (to !== undefined && member === undefined)) return undefined;
    const loads = tablesOf(
      this.load,
      clients?.flatMap((client) => client ?? []),
      member,
    );
    return new WorkloadDirector({loads, until: lastOf(view), ends: "time"}, `${this.seed}/load`, {
      firstPlace: this.place * tablesMax,
    });
  }
}

function lastOf({run}: WorldView): Micros {
  return run.limits.until;
}

class Loop implements Asking {
  private readonly load: LoopLoad;
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

  constructor(load: LoopLoad) {
    this.load = load;
    this.from = load.from === undefined ? undefined : watch(load.from);
    this.until = load.until === undefined ? undefined : watch(load.until);
  }

  after(scene: Scene): readonly Cue[] {
    const {view} = scene;
    if (this.until?.holds(scene) === true) this.stopped = true;
    if (!this.started && (this.from?.holds(scene) ?? true)) {
      this.started = true;
      this.due = view.now;
    }
    this.settle(scene);
    if (this.stopped || this.due === undefined || view.now < this.due) return [];
    const client = nameOfWho(this.load.by, view, scene.story);
    if (client === undefined) return [];
    this.due = undefined;
    this.waiting = view.operations.length;
    this.client = client;
    const op = this.load.ops[this.count % this.load.ops.length] ?? "";
    this.count++;
    return [{do: {kind: "client", client, op: op.replaceAll("{n}", String(this.count))}, origin: "plan"}];
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
