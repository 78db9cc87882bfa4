// A workload of recipes: every client asks for one after another, with few names, so that they meet. What each asks is drawn
// from a stream of its own, and recorded in the run's script like any intervention.

import type {Micros} from "../../core/base/quantity.ts";
import type {Cue, Director} from "../director.ts";
import type {Change, EventRecord} from "../event.ts";
import {Draws} from "../random.ts";
import type {WorldView} from "../view.ts";

export type RecipeLoad = "critical" | "counter" | "election" | "queue" | "registry";

export interface RecipeOptions {
  readonly seed: string;
  /** No recipe begins later. */
  readonly until: Micros;
  /** What is asked for; each client is given one, in turn. */
  readonly loads: readonly [RecipeLoad, ...RecipeLoad[]];
  /** Whether critical sections have their writes refused once their lock is lost. */
  readonly fenced?: boolean;
  /** Longest that a critical section, or a term of office, is held. */
  readonly hold?: Micros;
  /** Seconds. */
  readonly ttl?: number;
  /** Longest time between two recipes of a client. */
  readonly think?: Micros;
  /** How long the run goes on after `until`. */
  readonly linger?: Micros;
}

interface Loop {
  readonly client: string;
  readonly load: RecipeLoad;
  /** When it asks next; undefined while a recipe is on its way. */
  readonly due: Micros | undefined;
  /** The call that holds something to be given back next. */
  readonly holds: number | undefined;
  readonly asked: number;
}

export class RecipeLoads implements Director {
  private readonly options: Required<RecipeOptions>;
  private readonly draws: Draws;
  private loops: readonly Loop[] | undefined;
  private paused: readonly string[] = [];

  constructor(options: RecipeOptions, draws = new Draws(options.seed)) {
    this.options = {fenced: false, hold: 200_000, ttl: 1, think: 50_000, linger: 0, ...options};
    this.draws = draws;
  }

  after(view: WorldView, event: EventRecord | undefined): readonly Cue[] {
    const {loads} = this.options;
    this.loops ??= view.clients.map((client, i) => ({
      client,
      load: loads[i % loads.length] ?? loads[0],
      due: this.later(client, view.now),
      holds: undefined,
      asked: 0,
    }));
    this.paused = view.pausedClients;
    for (const change of event?.changes ?? [])
      if (change.kind === "finished") this.finished(change, view.now);
    const cues: Cue[] = [];
    for (const loop of this.loops) if (this.isDue(loop, view.now)) cues.push(this.ask(loop));
    return cues;
  }

  deadline(): Micros | undefined {
    const dues = (this.loops ?? [])
      .filter((loop) => !this.paused.includes(loop.client) && this.mayAsk(loop))
      .flatMap(({due}) => due ?? []);
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  /** Recipes may wait for ever: only the time ends it. */
  done(view: WorldView): boolean {
    return this.loops !== undefined && view.now > this.options.until + this.options.linger;
  }

  fork(): this {
    const twin = new RecipeLoads(this.options, this.draws.fork());
    twin.loops = this.loops;
    twin.paused = this.paused;
    return twin as this;
  }

  private finished({client, call, outcome}: Change & {readonly kind: "finished"}, now: Micros): void {
    const result = outcome.kind === "done" ? outcome.result.kind : undefined;
    const holds = result === "campaign" || result === "register" ? call : undefined;
    this.change(client, (loop) => ({...loop, holds, due: this.later(client, now)}));
  }

  /** What is held is given back even after the end. */
  private mayAsk({due, holds}: Loop): boolean {
    return due !== undefined && (due <= this.options.until || holds !== undefined);
  }

  private isDue(loop: Loop, now: Micros): boolean {
    if (this.paused.includes(loop.client) || !this.mayAsk(loop)) return false;
    return loop.due !== undefined && loop.due <= now;
  }

  private ask(loop: Loop): Cue {
    const {client} = loop;
    const op = this.line(loop);
    this.change(client, (old) => ({...old, due: undefined, asked: old.asked + 1}));
    return {do: {kind: "client", client, op}, origin: "plan"};
  }

  /** In the language of the client (core/client/recipeCommand.ts). */
  private line({client, load, holds, asked}: Loop): string {
    const {ttl, hold, fenced} = this.options;
    switch (load) {
      case "critical": {
        const held = `--ttl ${ttl} --hold ${1 + this.below(client, hold)}us`;
        return `critical jobs n ${held}${fenced ? " --fenced" : ""}`;
      }
      case "counter":
        return `stm add total 1 ; get n${this.below(client, 2)} ; add n${this.below(client, 2)} 1`;
      case "election":
        return holds === undefined ? `elect chief ${client}.${asked} --ttl ${ttl}` : `resign ${holds}`;
      case "queue":
        return asked % 2 === 0 ? `enqueue work ${client}.${asked}` : "dequeue work";
      case "registry":
        return holds === undefined
          ? `register web ${client} 10.0.0.${asked} --ttl ${ttl}`
          : `deregister ${holds}`;
    }
  }

  private change(client: string, how: (loop: Loop) => Loop): void {
    this.loops = this.loops?.map((loop) => (loop.client === client ? how(loop) : loop));
  }

  private later(client: string, now: Micros): Micros {
    return now + this.below(client, this.options.think);
  }

  private below(client: string, bound: number): number {
    return this.draws.next(this.draws.stream(`recipes/${client}`), bound);
  }
}
