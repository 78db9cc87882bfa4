// A branch's console: the lines that were typed on the way to it, what they printed and after which event, and what of
// them is still open. It follows from the branch's events and the lines alone: a branch that forks off takes the lines and
// is told the events again, and what jobs asked then is found among the events instead of being asked once more.

import type {Micros} from "../../core/base/quantity.ts";
import type {Output} from "../../core/client/output/output.ts";
import {TxnLines} from "../../core/client/txnLines.ts";
import {parseTime} from "../../scenarios/time.ts";
import {dotForms, helpText, jobsText, membersText, readDot} from "../../sim/console/dots.ts";
import type {Job} from "../../sim/console/job.ts";
import {interruptLine, readLine} from "../../sim/console/line.ts";
import {Session} from "../../sim/console/session.ts";
import {whyNotText} from "../../sim/console/whyNot.ts";
import type {Cue} from "../../sim/director.ts";
import type {EventRecord} from "../../sim/event.ts";
import type {WorldView} from "../../sim/view.ts";
import type {Inapplicable} from "../../sim/world/actions.ts";
import type {ConsoleLine, ConsoleView} from "../frame.ts";
import type {Work} from "./jobs.ts";

/** The branch as its console needs it. */
export interface ConsoleRun {
  /** At the front. */
  readonly view: WorldView;
  readonly length: number;
  readonly whyNot: Inapplicable | undefined;
  record(step: number): EventRecord | undefined;
  /** Acts at the front. */
  act(cue: Cue): EventRecord | undefined;
}

/** One line, typed after event `step`; what it printed is shown from `shown` on. */
interface Entry {
  readonly step: number;
  readonly shown: number;
  readonly line: string;
  /** What it said, where that does not follow from the events after it. */
  readonly said?: readonly ConsoleLine[];
}

/** A job from the event after which it was open to the one after which it was not. */
interface Span {
  readonly job: Job;
  readonly from: number;
  to: number | undefined;
}

/** Events between two chances to be interrupted. */
const stride = 256;

/** Chunks of output in a frame: the newest. */
const linesMax = 200;

export class Console {
  private readonly run: ConsoleRun;
  private readonly session: Session;
  private entries: readonly Entry[] = [];
  private printed: readonly ConsoleLine[] = [];
  private spans: readonly Span[] = [];
  /** Those that the spans know to be open. */
  private jobs: readonly Job[] = [];
  /** Steps of what jobs and lines asked. */
  private readonly own = new Set<number>();
  /** The last event that it knows of. */
  private told = 0;
  private newest: Job | undefined;
  /** The event after which the newest line was answered, or stays open. */
  private settled: number | undefined;
  /** How far the newest line wants to go. */
  private goal: Micros | undefined;

  constructor(run: ConsoleRun) {
    this.run = run;
    const now = (): Micros => this.now;
    const isBusy = (): boolean => this.told < run.length && !this.own.has(this.told + 1);
    const stage = {
      view: {
        run: run.view.run,
        get now(): Micros {
          return now();
        },
        get clients(): readonly string[] {
          return run.view.clients;
        },
        get members(): WorldView["members"] {
          return run.view.members;
        },
        get pausedClients(): readonly string[] {
          return run.view.pausedClients;
        },
        seenBy: (client: string): ReturnType<WorldView["seenBy"]> => run.view.seenBy(client),
      },
      get isBusy(): boolean {
        return isBusy();
      },
      act: (cue: Cue): EventRecord | undefined => this.act(cue),
    };
    this.session = new Session(stage, (output) => this.print(output));
  }

  /** The event after which the newest line was answered, or stays open; undefined while it is neither. */
  get settledAt(): number | undefined {
    return this.settled;
  }

  /** The time up to which the newest line wants the run to go on. */
  get wantedTime(): Micros | undefined {
    return this.goal;
  }

  get hasOpen(): boolean {
    return this.session.jobs.length > 0;
  }

  /** What stood there after an event. */
  at(step: number): ConsoleView {
    const lines = this.printed.filter((one) => one.step <= step).slice(-linesMax);
    const open = this.spans
      .filter(({from, to}) => from <= step && (to === undefined || to > step))
      .map(({job: {client, line}}) => ({client, line}));
    return {lines, open};
  }

  /** What the newest line said. */
  get newestLines(): readonly ConsoleLine[] {
    const shown = this.entries.at(-1)?.shown ?? 0;
    const from = this.printed.findLastIndex(({kind, step}) => kind === "typed" && step === shown);
    return from < 0 ? [] : this.printed.slice(from);
  }

  /** Takes over what was typed on the way to a step of the branch that this one forks from. */
  *follow(parent: Console, step: number): Work {
    const entries = parent.entries.filter(({shown}) => shown <= step);
    for (const one of parent.own) if (one <= step) this.own.add(one);
    this.told = entries[0]?.step ?? step;
    for (let next = 0; ;) {
      const entry = entries[next];
      if (entry !== undefined && entry.step <= this.told) {
        this.again(entry);
        next++;
        continue;
      }
      const record = this.told < step ? this.run.record(this.told + 1) : undefined;
      if (record === undefined) return;
      this.tell(record);
      if (record.step % stride === 0) yield;
    }
  }

  /** To be told every event of the branch, its own acts too. */
  tell(record: EventRecord): void {
    if (record.step <= this.told) return;
    this.told = record.step;
    this.session.tell(record);
    this.account();
  }

  /** One line at the front, or a whole transaction, its lines apart by line ends. */
  type(line: string): void {
    const step = this.told;
    const before = this.printed.length;
    this.newest = undefined;
    this.settled = undefined;
    this.goal = undefined;
    this.say("typed", line.split("\n")[0] ?? "");
    const isSaid = this.carryOut(line);
    const shown = this.told > step ? step + 1 : step;
    const lines = this.printed.slice(before).map((one) => ({...one, step: Math.max(one.step, shown)}));
    this.printed = [...this.printed.slice(0, before), ...lines];
    this.entries = [...this.entries, {step, shown, line, ...(isSaid ? {said: lines} : {})}];
    this.account();
  }

  /** Keeps what a line said that did nothing. */
  note(step: number, line: string, said: readonly ConsoleLine[]): void {
    const behind = <T extends {readonly step: number}>(
      list: readonly T[],
      more: readonly T[],
    ): readonly T[] => {
      const place = list.findLastIndex((one) => one.step <= step) + 1;
      return [...list.slice(0, place), ...more, ...list.slice(place)];
    };
    this.printed = behind(this.printed, said);
    this.entries = behind(this.entries, [{step, shown: step, line, said}]);
  }

  /** Whether what it says is to be kept, since no event tells it. */
  private carryOut(line: string): boolean {
    if (line === interruptLine) return this.interrupt();
    const [first = "", ...more] = line.split("\n");
    const read = readLine(first);
    switch (read.kind) {
      case "nothing":
        return true;
      case "dot":
        this.dot(read.text);
        return true;
      case "command":
        this.newest = this.session.enter(read.text, read.client);
        return false;
      case "txn":
        this.txn(read.globals, read.client, more);
        return false;
    }
  }

  private interrupt(): boolean {
    const job = this.session.jobs.at(-1);
    if (job !== undefined) this.session.interrupt(job);
    return job === undefined;
  }

  /** With what it was asked for in between, as on a terminal. */
  private txn(globals: string, client: string, typed: readonly string[]): void {
    const lines = new TxnLines();
    for (const one of typed) lines.take(one);
    for (const {kind, text} of lines.shown) this.say(kind, text);
    const whole = lines.line(globals);
    if (whole.ok) this.newest = this.session.enter(whole.value, client);
    else this.print(whole.error);
  }

  private dot(text: string): void {
    const {view} = this.run;
    const dot = readDot(text, dotForms, parseTime);
    switch (dot.kind) {
      case "problem":
        return this.say("err", `etcdscope: ${dot.text}`);
      case "help":
        return this.say("out", helpText(dotForms).trimEnd());
      case "members":
        return this.say("out", membersText(view).trimEnd());
      case "jobs":
        return this.hasOpen ? this.say("out", jobsText(this.session).trimEnd()) : undefined;
      case "run":
        this.goal = this.now + dot.time;
        return;
      case "act": {
        const {name, action} = dot;
        const record = this.act({do: action, origin: "person"});
        if (record === undefined)
          return this.say("err", `etcdscope: ${whyNotText(name, action, this.run.whyNot, view)}`);
        return this.session.tell(record);
      }
      case "own":
      // The page has no forms of its own.
    }
  }

  /** A line of the parent's: what it asked then is found among the events. */
  private again({step, line, said, shown}: Entry): void {
    if (said === undefined) return this.type(line);
    this.printed = [...this.printed, ...said];
    this.entries = [...this.entries, {step, line, said, shown}];
  }

  private act(cue: Cue): EventRecord | undefined {
    const {run} = this;
    const known = this.told < run.length;
    const record = known && this.own.has(this.told + 1) ? run.record(this.told + 1) : undefined;
    const did = known ? record : run.act(cue);
    if (did === undefined) return undefined;
    this.told = did.step;
    this.own.add(did.step);
    return did;
  }

  private print({stdout, stderr}: Output): void {
    if (stdout !== "") this.say("out", stdout.replace(/\n$/, ""));
    if (stderr !== "") this.say("err", stderr.replace(/\n$/, ""));
  }

  private say(kind: ConsoleLine["kind"], text: string): void {
    this.printed = [...this.printed, {step: this.told, kind, text}];
  }

  private get now(): Micros {
    return this.run.record(this.told)?.at ?? 0;
  }

  /** What is open now, and whether the newest line waits. */
  private account(): void {
    const {told, newest} = this;
    const {jobs} = this.session;
    if (
      this.settled === undefined &&
      (newest === undefined || newest.exitCode !== undefined || newest.isOpen)
    )
      this.settled = told;
    if (jobs === this.jobs) return;
    this.jobs = jobs;
    for (const span of this.spans) if (span.to === undefined && !jobs.includes(span.job)) span.to = told;
    const fresh = jobs.filter((job) => !this.spans.some((span) => span.job === job));
    if (fresh.length > 0)
      this.spans = [...this.spans, ...fresh.map((job) => ({job, from: told, to: undefined}))];
  }
}
