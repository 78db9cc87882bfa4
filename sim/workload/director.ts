// A workload at work: asks what its loads say, as a director, so that what was asked is recorded in the run's script like
// any intervention. Lines go out one at a time: the event that carries one out says which call it became.

import type {Micros} from "../../core/base/quantity.ts";
import type {Cue, Director} from "../director.ts";
import type {EventRecord} from "../event.ts";
import {Draws} from "../random.ts";
import type {WorldView} from "../view.ts";
import {Asker} from "./asker.ts";
import {luckOf} from "./template.ts";
import type {Below} from "./template.ts";
import {clientsOf} from "./workload.ts";
import type {Ask, Workload} from "./workload.ts";

/** A line that was handed out: it is carried out next, unless it does not apply. */
interface Asked {
  readonly place: number;
  readonly n: number;
  readonly cue: Cue;
}

const noCues: readonly Cue[] = [];

export interface WorkloadOptions {
  /** The first load's place: values of workloads side by side differ by it. */
  readonly firstPlace?: number;
  readonly draws?: Draws;
}

export class WorkloadDirector implements Director {
  private readonly workload: Workload;
  private readonly firstPlace: number;
  private until: Micros;
  private readonly draws: Draws;
  /** Undefined before the first event. */
  private askers: readonly Asker[] | undefined;
  private lucks: readonly Below[] = [];
  private asked: Asked | undefined;
  /** Before then nobody wants to ask. */
  private least: Micros = 0;
  private now: Micros = 0;

  /** `workload` was found to be one (problemOf). */
  constructor(workload: Workload, seed: string, options: WorkloadOptions = {}) {
    const {firstPlace = 0, draws = new Draws(seed)} = options;
    this.workload = workload;
    this.until = workload.until;
    this.firstPlace = firstPlace;
    this.draws = draws;
  }

  /** No question begins any more. */
  stop(): void {
    this.until = Math.min(this.until, this.now);
    this.least = 0;
  }

  after(view: WorldView, event: EventRecord | undefined): readonly Cue[] {
    this.now = view.now;
    if (this.askers === undefined) this.start(view);
    this.hear(event);
    if (this.asked !== undefined || view.now < this.least) return noCues;
    const cue = this.ask(view);
    return cue === undefined ? noCues : [cue];
  }

  deadline(): Micros | undefined {
    // Should nothing else happen: to find that a line was not taken.
    if (this.asked !== undefined) return this.now + 1;
    return this.least === Infinity ? undefined : this.least;
  }

  done(view: WorldView): boolean {
    const {until} = this;
    const {linger = 0, ends} = this.workload;
    if (this.askers === undefined || this.asked !== undefined) return false;
    if (ends === "time" || linger > 0) {
      if (view.now <= until + linger) return false;
      if (ends === "time") return true;
    }
    return this.askers.every((asker) => asker.isDone(until, view.now));
  }

  fork(): this {
    const {firstPlace} = this;
    const twin = new WorkloadDirector(this.workload, "", {firstPlace, draws: this.draws.fork()});
    twin.until = this.until;
    if (this.askers !== undefined) twin.enlist(this.askers.map((asker) => asker.fork()));
    twin.asked = this.asked;
    twin.least = this.least;
    twin.now = this.now;
    return twin as this;
  }

  private start({clients, now}: WorldView): void {
    const {loads} = this.workload;
    this.enlist(
      loads.flatMap((load, place) =>
        clientsOf(load.by, clients).map((client) => new Asker(load, client, this.firstPlace + place)),
      ),
    );
    for (const [i, asker] of (this.askers ?? []).entries()) asker.start(now, this.luck(i));
  }

  private enlist(askers: readonly Asker[]): void {
    this.askers = askers;
    this.lucks = askers.map(({client, place}) => luckOf(this.draws, client, place));
  }

  private hear(event: EventRecord | undefined): void {
    if (this.asked !== undefined) this.hearOfAsked(this.asked, event);
    if (event === undefined) return;
    // A client may have been let go on.
    if (event.payload.kind === "script") this.least = 0;
    for (const change of event.changes) {
      if (change.kind !== "settled" && change.kind !== "finished") continue;
      const isGood = change.outcome.kind === "ok" || change.outcome.kind === "done";
      for (const [i, asker] of (this.askers ?? []).entries())
        if (asker.client === change.client) asker.settled(change.call, isGood, this.now, this.luck(i));
      this.least = 0;
    }
  }

  /** The event after which it was carried out is its own; any other that no hand made means that it did not apply. */
  private hearOfAsked({place, n, cue}: Asked, event: EventRecord | undefined): void {
    const asker = this.askers?.[place];
    if (event?.payload.kind === "script") {
      if (event.payload.action !== cue.do) return;
      const change = event.changes.find(({kind}) => kind === "invoked");
      asker?.asked(n, change?.kind === "invoked" ? change.call : undefined, this.now, this.luck(place));
    } else asker?.refused(n, this.now, this.luck(place));
    this.asked = undefined;
    this.least = 0;
  }

  private ask({now, pausedClients}: WorldView): Cue | undefined {
    const {until} = this;
    this.least = Infinity;
    for (const [place, asker] of (this.askers ?? []).entries()) {
      if (pausedClients.includes(asker.client)) continue;
      for (let due = asker.due(until); due !== undefined; due = asker.due(until)) {
        if (due > now) {
          this.least = Math.min(this.least, due);
          break;
        }
        const next = asker.next(now, until, (ask) => this.isFree(asker, ask), this.luck(place));
        if (next === undefined) continue;
        const {to} = asker.load;
        const action = {
          kind: "client",
          client: asker.client,
          op: next.line,
          ...(to === undefined ? {} : {to}),
        } as const;
        const cue: Cue = {do: action, origin: "plan"};
        this.asked = {place, n: next.n, cue};
        return cue;
      }
    }
    return undefined;
  }

  /** Whether one more of them may be on its way. */
  private isFree({load}: Asker, {limit}: Ask): boolean {
    const most = limit === undefined ? undefined : load.limits?.[limit];
    if (most === undefined) return true;
    let underway = 0;
    for (const asker of this.askers ?? [])
      if (asker.load === load) underway += asker.underway.filter((one) => one.limit === limit).length;
    return underway < most;
  }

  private luck(place: number): Below {
    return this.lucks[place] ?? (() => 0);
  }
}
