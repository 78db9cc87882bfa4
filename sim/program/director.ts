// What programs want done, and what comes of it: between their promises and the run.
//
//   program ──ask──▶ wanted ──cue──▶ the run ──event──▶ news ──deliver, one at a time──▶ program
//         ──sleep──▶ ─────────────▶ its time comes ───▶
//
// Nothing of a program runs while an event is taken: what settles its promises waits as news until the runner lets a
// macrotask pass (run.ts).

import {assert} from "../../core/base/assert.ts";
import type {Micros} from "../../core/base/quantity.ts";
import type {Outcome, RecipeOutcome} from "../../core/client/io.ts";
import type {Told} from "../../core/client/recipes/recipe.ts";
import type {Response} from "../../core/server/request.ts";
import type {Clock} from "../clock.ts";
import type {Cue, Director} from "../director.ts";
import type {Change, EventRecord} from "../event.ts";
import type {WorldView} from "../view.ts";

/** Who asked, and is told what comes of it. */
export interface Caller {
  invoked?(call: number): void;
  settled?(outcome: Outcome): void;
  watched?(response: Response): void;
  told?(told: Told): void;
  finished?(outcome: RecipeOutcome): void;
}

interface Wanted {
  readonly client: string;
  readonly line: string;
  readonly caller: Caller | undefined;
}

interface Sleep {
  readonly client: string;
  /** By the client's clock. */
  readonly until: Micros;
  readonly wake: () => void;
}

type ClockOf = (client: string) => Pick<Clock, "read" | "when">;

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
  private clockOf: ClockOf | undefined;
  private wanted: readonly Wanted[] = [];
  private asked: {readonly wanted: Wanted; readonly cue: Cue} | undefined;
  private readonly callers = new Map<string, Caller>();
  private sleeps: readonly Sleep[] = [];
  private news: readonly (() => void)[] = [];

  constructor(linger: Micros = 0) {
    this.linger = linger;
  }

  // ---- for programs

  ask(client: string, line: string, caller?: Caller): void {
    this.wanted = [...this.wanted, {client, line, caller}];
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
    return this.clock(client).read(this.now);
  }

  /** To be told to a program when its turn comes. */
  tell(news: () => void): void {
    this.news = [...this.news, news];
  }

  // ---- for the runner

  /** There is a world. */
  begin(clockOf: ClockOf): void {
    this.clockOf = clockOf;
  }

  get hasNews(): boolean {
    return this.news.length > 0;
  }

  /** Settles one promise. */
  deliver(): void {
    const [first, ...rest] = this.news;
    this.news = rest;
    first?.();
  }

  // ---- for the run

  after(view: WorldView, event: EventRecord | undefined): readonly Cue[] {
    this.now = view.now;
    if (event !== undefined) this.hear(event);
    if (this.sleeps.length > 0) this.wakeUp(view);
    if (this.running === 0) this.endedAt ??= view.now;
    if (this.asked !== undefined || this.wanted.length === 0) return noCues;
    const {pausedClients} = view;
    const next = this.wanted.find(({client}) => !pausedClients.includes(client));
    if (next === undefined) return noCues;
    this.wanted = this.wanted.filter((one) => one !== next);
    const cue: Cue = {do: {kind: "client", client: next.client, op: next.line}, origin: "program"};
    this.asked = {wanted: next, cue};
    return [cue];
  }

  deadline(): Micros | undefined {
    let least = this.endedAt === undefined ? Infinity : this.endedAt + this.linger;
    for (const {client, until} of this.sleeps) {
      const due = this.clock(client).when(until);
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

  private clock(client: string): ReturnType<ClockOf> {
    assert(this.clockOf !== undefined, "programs begin when there is a world");
    return this.clockOf(client);
  }

  private hear(event: EventRecord): void {
    if (this.asked !== undefined) this.hearOfAsked(this.asked, event);
    for (const change of event.changes) this.hearOf(change);
  }

  private hearOfAsked(
    {wanted, cue}: NonNullable<ProgramDirector["asked"]>,
    {payload, changes}: EventRecord,
  ): void {
    if (payload.kind !== "script") {
      // Its client was stopped meanwhile: it asks once it goes on.
      this.wanted = [wanted, ...this.wanted];
      this.asked = undefined;
      return;
    }
    if (payload.action !== cue.do) return;
    this.asked = undefined;
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

  private wakeUp({now, pausedClients}: WorldView): void {
    const isDue = ({client, until}: Sleep): boolean =>
      !pausedClients.includes(client) && this.clock(client).read(now) >= until;
    const due = this.sleeps.filter(isDue);
    if (due.length === 0) return;
    this.sleeps = this.sleeps.filter((one) => !due.includes(one));
    for (const {wake} of due) this.tell(wake);
  }
}

function nameOf({client, call}: {readonly client: string; readonly call: number}): string {
  return `${client}#${call}`;
}
