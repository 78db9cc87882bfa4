// A run as it is being lived: the world, whoever acts on it (a director, a person's hand) and whoever watches (checkers).
// It goes on by one event at a time, and all of it forks together, so that going back is running again from a fork.

import type {NotesOutlet} from "../../core/raft/notes.ts";
import type {Checker, CheckReport, Verdict, Violation} from "../check/checker.ts";
import {bitsOf, bitsWanted} from "../check/interest.ts";
import type {Bits} from "../check/interest.ts";
import type {Cue, Director} from "../director.ts";
import type {EventRecord, Pending} from "../event.ts";
import type {Run} from "../run.ts";
import type {Schedule} from "../schedule/schedule.ts";
import {schedulerOf} from "../schedule/schedule.ts";
import type {Scheduler} from "../schedule/scheduler.ts";
import {baseSchedule} from "../schedule/scheduler.ts";
import type {Done, Known} from "../trace/writer.ts";
import type {TakenEvent} from "../world/record.ts";
import {World} from "../world/world.ts";
import type {Versions} from "../world/world.ts";

/** Who takes part in a run besides what stands in it. */
export interface Company {
  readonly versions: Versions;
  readonly director?: Director | undefined;
  /** Who decides what comes next; absent: the run's choices. */
  readonly schedule?: Schedule | undefined;
  /** Fresh ones. */
  readonly checkers?: readonly Checker[] | undefined;
  /** Told what happens inside of the members' raft. */
  readonly notes?: NotesOutlet | undefined;
}

/** What a person did after the event with number `step`. */
export interface Hand {
  readonly step: number;
  readonly cue: Cue;
}

/** Why nothing more happens: the director has what it waited for, a limit of the run, or nothing waits. */
export type End = "done" | "events" | "time" | "nothing";

interface Watch {
  readonly checker: Checker;
  /** Known beforehand: of which events it is told; 0: of none, half of the claims are judged at the end only. */
  readonly wants: Bits;
  readonly violation: Violation | undefined;
}

export class Life {
  readonly world: World;
  /** Set once nothing more happens. */
  end: End | undefined;
  private readonly scheduler: Scheduler;
  private readonly director: Director | undefined;
  private watches: readonly Watch[];
  /** By what an event has: those of them that are told of it, and have found nothing yet. */
  private looking = new Map<Bits, readonly Watch[]>();
  private broken: boolean;
  /** What the claims came to at the end: searching a history for an order takes time. */
  private final: readonly CheckReport[] | undefined;
  private hands: readonly Hand[] = [];
  /** What the director wants done, not done yet. */
  private cues: readonly Cue[] = [];
  /** When the director was asked last. */
  private asked = -1;

  private constructor(
    of: Pick<Life, "world"> & {
      scheduler: Scheduler;
      director: Director | undefined;
      watches: readonly Watch[];
    },
  ) {
    this.world = of.world;
    this.scheduler = of.scheduler;
    this.director = of.director;
    this.watches = of.watches;
    this.broken = of.watches.some(({violation}) => violation !== undefined);
  }

  static create(run: Run, {versions, director, schedule, checkers = [], notes}: Company): Life {
    const world = World.create(run, versions, notes);
    const watches = checkers.map((checker) => watchOf(checker, undefined));
    const scheduler = schedulerOf(schedule ?? {kind: "choices", choices: run.choices});
    const life = new Life({world, scheduler, director, watches});
    life.ask(undefined);
    return life;
  }

  /** Takes the next event. Undefined at the end, or when `stops` says so after the director was asked without an event. */
  step(stops?: () => boolean): TakenEvent | undefined {
    while (this.end === undefined) {
      const cue = this.nextCue();
      const record = cue === undefined ? this.takeNext() : this.world.act(cue);
      if (record === undefined) {
        if (stops?.() === true) return undefined;
        continue;
      }
      this.watch(record);
      this.ask(record);
      return record;
    }
    return undefined;
  }

  /** Asks the director again, for one that made up its mind between two events: what it wants comes next. */
  prompt(): void {
    if (this.end === undefined) this.ask(undefined);
  }

  /** Does what a person wants now. Undefined when it does not apply. */
  act(cue: Cue): TakenEvent | undefined {
    const {step} = this.world;
    const record = this.world.act(cue);
    if (record === undefined) return undefined;
    this.hands = [...this.hands.filter((hand) => hand.step < step), {step, cue}];
    this.end = undefined;
    this.final = undefined;
    this.watch(record);
    this.ask(record);
    return record;
  }

  /** An independent twin, to which `hands` happen. */
  fork(hands: readonly Hand[] = this.hands): Life {
    const twin = new Life({
      world: this.world.fork(),
      scheduler: this.scheduler.fork(),
      director: this.director?.fork(),
      watches: this.watches.map(({checker, violation}) => watchOf(checker.fork(), violation)),
    });
    twin.end = hands.some((hand) => hand.step === this.world.step) ? undefined : this.end;
    twin.hands = hands;
    twin.cues = this.cues;
    twin.asked = this.asked;
    return twin;
  }

  /** What the claims came to so far; at the end also what can be told only then. */
  reports(): readonly CheckReport[] {
    if (this.end === undefined) return this.watches.map((watch) => reportOf(watch, undefined));
    this.final ??= this.watches.map((watch) => this.finalReport(watch));
    return this.final;
  }

  /** The run so far, to be run again without director, scheduler and hand. */
  recorded(): Run {
    const run = {...this.world.recorded(), choices: this.scheduler.choices()};
    const over = this.end === "done" || this.end === "events";
    return over ? {...run, limits: {...run.limits, events: this.world.step}} : run;
  }

  /** What was done to the run so far, without what is known: for who writes it down as it goes on. */
  doneFrom(known: Known): Done {
    return {
      script: this.world.firedFrom(known.script),
      choices: this.recorded().choices.slice(known.choices),
    };
  }

  /** Choices of the run that did not apply. */
  get skippedChoices(): Run["choices"] {
    return this.scheduler.skipped();
  }

  private nextCue(): Cue | undefined {
    const hand = this.hands.length === 0 ? undefined : this.handAt(this.world.step);
    if (hand !== undefined) return hand.cue;
    if (this.cues.length === 0) return undefined;
    const [cue, ...rest] = this.cues;
    this.cues = rest;
    return cue;
  }

  private handAt(step: number): Hand | undefined {
    return this.hands.find((one) => one.step === step);
  }

  /** The next event of the schedule; undefined when the director was asked instead, or at the end. */
  private takeNext(): TakenEvent | undefined {
    const {world, director} = this;
    const {limits} = world.run;
    if (director?.done(world.view) === true) return this.finish("done");
    if (world.step >= limits.events) return this.finish("events");
    const next = this.scheduler.next(world);
    const deadline = director?.deadline();
    const waits = deadline !== undefined && deadline > this.asked && this.isQuietUntil(deadline, next);
    const due = waits ? deadline : next?.due;
    if (due === undefined) return this.finish("nothing");
    if (due > limits.until) return this.finish("time");
    if (!waits && next !== undefined) {
      if (this.scheduler !== baseSchedule) world.overtake(next);
      return world.take(next);
    }
    world.passTo(due);
    this.ask(undefined);
    return undefined;
  }

  /** Whether nothing is due up to a time. A schedule's next event need not be the earliest. */
  private isQuietUntil(time: number, next: Pending | undefined): boolean {
    const earliest = this.scheduler === baseSchedule ? next : this.world.next();
    return earliest === undefined || earliest.due > time;
  }

  private finish(end: End): undefined {
    this.end = end;
    return undefined;
  }

  private ask(record: EventRecord | undefined): void {
    if (this.director === undefined) return;
    this.asked = this.world.now;
    const cues = this.director.after(this.world.view, record);
    if (cues.length > 0) this.cues = [...this.cues, ...cues];
  }

  private watch(record: EventRecord): void {
    const {view, touched} = this.world;
    for (const watch of this.toldOf(bitsOf(record, touched !== undefined))) {
      const violation = watch.checker.after?.(view, record, touched);
      if (violation !== undefined) this.found(watch, violation);
    }
  }

  private toldOf(bits: Bits): readonly Watch[] {
    let told = this.looking.get(bits);
    if (told === undefined) {
      told = this.watches.filter(({wants, violation}) => (wants & bits) !== 0 && violation === undefined);
      this.looking.set(bits, told);
    }
    return told;
  }

  /** Whether an event has broken a claim. */
  get isBroken(): boolean {
    return this.broken;
  }

  private found(watch: Watch, violation: Violation): void {
    this.broken = true;
    this.watches = this.watches.map((one) => (one === watch ? {...one, violation} : one));
    this.looking = new Map();
  }

  /** By a twin of the checker: asking twice gives the same answer. */
  private finalReport(watch: Watch): CheckReport {
    if (watch.violation !== undefined || watch.checker.end === undefined) return reportOf(watch, undefined);
    const checker = watch.checker.fork();
    return reportOf(watchOf(checker, undefined), checker.end?.(this.world.view));
  }
}

function watchOf(checker: Checker, violation: Violation | undefined): Watch {
  return {checker, wants: checker.after === undefined ? 0 : bitsWanted(checker.interest), violation};
}

function reportOf({checker, violation}: Watch, atEnd: Violation | "unknown" | undefined): CheckReport {
  const found = violation ?? (atEnd === "unknown" ? undefined : atEnd);
  const verdict: Verdict = found !== undefined ? "fail" : atEnd === "unknown" ? "unknown" : "pass";
  return {
    name: checker.name,
    verdict,
    exercised: checker.exercised(),
    ...(found === undefined ? {} : {violation: found}),
  };
}

/** What several claims came to together: one that fails fails all. */
export function verdictOf(reports: readonly CheckReport[]): Verdict {
  let verdict: Verdict = "pass";
  for (const report of reports) {
    if (report.verdict === "fail") return "fail";
    if (report.verdict === "unknown") verdict = "unknown";
  }
  return verdict;
}
