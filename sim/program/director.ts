// What programs want done, and what comes of it: between their promises and the run.
//
//   program ──ask, act──▶ wanted ──cue──▶ the run ──event──▶ news ──deliver, one at a time──▶ program
//         ──sleep───────▶ ─────────────▶ its time comes ───▶
//
// Nothing of a program runs while an event is taken: what settles its promises waits as news until the runner lets a
// macrotask pass (run.ts).

import {assert} from "../../core/base/assert.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {Outcome, RecipeOutcome} from "../../core/client/io.ts";
import type {Told} from "../../core/client/recipes/recipe.ts";
import type {Response} from "../../core/server/request.ts";
import type {Action} from "../action.ts";
import type {Clock} from "../clock.ts";
import type {Cue, Director} from "../director.ts";
import type {Change, EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";
import type {Inapplicable} from "../world/actions.ts";

/** Who asked, and is told what comes of it: of a client's line the first five, of any other action the last two. */
export interface Caller {
  invoked?(call: number): void;
  settled?(outcome: Outcome): void;
  watched?(response: Response): void;
  told?(told: Told): void;
  finished?(outcome: RecipeOutcome): void;
  done?(): void;
  refused?(why: Inapplicable): void;
}

interface Wanted {
  /** On whose machine it was asked. */
  readonly client: string;
  readonly action: Action;
  readonly caller: Caller | undefined;
}

interface Sleep {
  readonly client: string;
  /** By the client's clock. */
  readonly until: Micros;
  readonly wake: () => void;
}

interface News {
  readonly client: string;
  readonly tell: () => void;
}

/** What it must know of the world that its programs live in. */
export interface Habitat {
  clock(client: string): Pick<Clock, "read" | "when">;
  isPaused(client: string): boolean;
  /** Why an action does not apply just now; undefined: it does. */
  whyNot(action: Action): Inapplicable | undefined;
}

const noCues: readonly Cue[] = [];

export class ProgramDirector implements Director {
  /** How many programs still run. */
  running = 0;
  /** One failed: the run is over. */
  failed = false;
  /** How long the world goes on after the last program ended. */
  private readonly linger: Micros;
  private endedAt: Micros | undefined;
  private now: Micros = 0;
  private habitat: Habitat | undefined;
  private wanted: readonly Wanted[] = [];
  private asked: {readonly wanted: Wanted; readonly cue: Cue} | undefined;
  private readonly callers = new Map<string, Caller>();
  private sleeps: readonly Sleep[] = [];
  private news: readonly News[] = [];

  constructor(linger: Micros = 0) {
    this.linger = linger;
  }

  // ---- for programs

  /** A line of etcdctl. */
  ask(client: string, line: string, caller?: Caller): void {
    this.act(client, {kind: "client", client, op: line}, caller);
  }

  act(client: string, action: Action, caller?: Caller): void {
    this.wanted = [...this.wanted, {client, action, caller}];
  }

  /** Takes back what was not asked yet. Whether it could be. */
  takeBack(caller: Caller): boolean {
    const rest = this.wanted.filter((one) => one.caller !== caller);
    const isThere = rest.length < this.wanted.length;
    this.wanted = rest;
    return isThere;
  }

  sleep(client: string, time: Micros, wake: () => void): void {
    const until = this.time(client) + time;
    this.sleeps = [...this.sleeps, {client, until, wake}];
  }

  /** What a client's clock says. */
  time(client: string): Micros {
    return this.here.clock(client).read(this.now);
  }

  /** To be told to a program of the client's when its turn comes: not while its process stands still. */
  tell(client: string, tell: () => void): void {
    this.news = [...this.news, {client, tell}];
  }

  // ---- for the runner

  /** There is a world. */
  begin(habitat: Habitat): void {
    this.habitat = habitat;
  }

  get hasNews(): boolean {
    return this.news.length > 0 && this.nextNews !== undefined;
  }

  /** Settles one promise. */
  deliver(): void {
    const next = this.nextNews;
    this.news = this.news.filter((one) => one !== next);
    next?.tell();
  }

  private get nextNews(): News | undefined {
    return this.news.find(({client}) => !this.here.isPaused(client));
  }

  // ---- for the run

  after(view: WorldView, event: EventRecord | undefined): readonly Cue[] {
    this.now = view.now;
    if (event !== undefined) this.hear(event);
    if (this.sleeps.length > 0) this.wakeUp();
    if (this.running === 0) this.endedAt ??= view.now;
    return this.asked === undefined && this.wanted.length > 0 ? this.askNext() : noCues;
  }

  /** One after another. A line of a client that goes on can be asked; what else does not apply is not put into the run. */
  private askNext(): readonly Cue[] {
    const {here} = this;
    for (;;) {
      const next = this.wanted.find(({client}) => !here.isPaused(client));
      if (next === undefined) return noCues;
      this.wanted = this.wanted.filter((one) => one !== next);
      const {client, action, caller} = next;
      const why = action.kind === "client" ? undefined : here.whyNot(action);
      if (why === undefined) {
        const cue: Cue = {do: action, origin: "program"};
        this.asked = {wanted: next, cue};
        return [cue];
      }
      // Some time passes, so that who tries again and again comes to the run's end.
      this.sleep(client, 1, () => caller?.refused?.(why));
    }
  }

  deadline(): Micros | undefined {
    let least = this.endedAt === undefined ? Infinity : this.endedAt + this.linger;
    for (const {client, until} of this.sleeps) {
      const due = this.here.clock(client).when(until);
      // What is overdue waits for its client to be resumed.
      if (due > this.now && due < least) least = due;
    }
    return least === Infinity ? undefined : least;
  }

  done({now}: WorldView): boolean {
    if (this.failed) return true;
    if (this.running > 0 || this.wanted.length > 0 || this.asked !== undefined) return false;
    return now >= (this.endedAt ?? now) + this.linger;
  }

  /** A function in the middle of its work has no twin: the recorded run has. */
  fork(): this {
    assert(false, "a run with programs cannot be forked; what it recorded can be run again");
    return this;
  }

  private get here(): Habitat {
    assert(this.habitat !== undefined, "programs begin when there is a world");
    return this.habitat;
  }

  private hear(event: EventRecord): void {
    if (this.asked !== undefined) this.hearOfAsked(this.asked, event);
    for (const change of event.changes) this.hearOf(change);
  }

  private hearOfAsked(
    {wanted, cue}: NonNullable<ProgramDirector["asked"]>,
    {payload, changes}: EventRecord,
  ): void {
    const isIt = payload.kind === "script" && payload.action === cue.do;
    assert(isIt, "what a program asks is done before anything else happens");
    this.asked = undefined;
    if (cue.do.kind !== "client") return wanted.caller?.done?.();
    const change = changes.find(({kind}) => kind === "invoked");
    if (change?.kind !== "invoked" || wanted.caller === undefined) return;
    this.callers.set(nameOf(change), wanted.caller);
    wanted.caller.invoked?.(change.call);
  }

  private hearOf(change: Change): void {
    switch (change.kind) {
      case "settled": {
        const caller = this.callers.get(nameOf(change));
        this.callers.delete(nameOf(change));
        return caller?.settled?.(change.outcome);
      }
      case "watched":
        return this.callers.get(nameOf(change))?.watched?.(change.response);
      // What a recipe holds may be lost after it is done: its caller stays.
      case "told":
        return this.callers.get(nameOf(change))?.told?.(change.told);
      case "finished":
        return this.callers.get(nameOf(change))?.finished?.(change.outcome);
      default:
        return;
    }
  }

  private wakeUp(): void {
    const {here, now} = this;
    const isDue = ({client, until}: Sleep): boolean =>
      !here.isPaused(client) && here.clock(client).read(now) >= until;
    const due = this.sleeps.filter(isDue);
    if (due.length === 0) return;
    this.sleeps = this.sleeps.filter((one) => !due.includes(one));
    for (const {client, wake} of due) this.tell(client, wake);
  }
}

function nameOf({client, call}: {readonly client: string; readonly call: number}): string {
  return `${client}#${call}`;
}
