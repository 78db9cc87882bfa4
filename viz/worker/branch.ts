// One branch of an opened run: its timeline, and beside it what the views need of the whole of it (the recording, what
// the scenario tells, how far it was seen). It is run on as far as somebody asks, a few events at a time.

import type {Micros} from "../../core/base/quantity.ts";
import type {Said} from "../../core/base/said.ts";
import {present} from "../../core/base/assert.ts";
import {failed, ok, type Result} from "../../core/base/result.ts";
import {claimPrefix} from "../../scenarios/claim.ts";
import type {Scenario} from "../../scenarios/format.ts";
import {stage} from "../../scenarios/resolve.ts";
import {Teller} from "../../scenarios/tell.ts";
import {versionOf} from "../../sim/bug/museum.ts";
import type {CheckReport} from "../../sim/check/checker.ts";
import {standardChecks} from "../../sim/check/standard.ts";
import type {Action} from "../../sim/action.ts";
import type {Cue} from "../../sim/director.ts";
import type {EventRecord} from "../../sim/event.ts";
import type {Operation} from "../../sim/history/operation.ts";
import type {Run} from "../../sim/run.ts";
import {Timeline} from "../../sim/timeline/timeline.ts";
import type {WorldView} from "../../sim/view.ts";
import {verdictOf} from "../../sim/timeline/life.ts";
import {writeTrace} from "../../sim/trace/file.ts";
import {TraceLines} from "../../sim/trace/lines.ts";
import type {About} from "../../sim/trace/trace.ts";
import {emptyHash} from "../../sim/trace/writer.ts";
import {parseEventId} from "../../sim/world/lanes.ts";
import type {Context} from "../model/line.ts";
import {Recording} from "../model/recording.ts";
import type {Telling} from "../model/told.ts";
import type {Link} from "../protocol.ts";
import {say} from "../words/engine.ts";
import {askedFor} from "./askedFor.ts";
import {Console} from "./console.ts";
import type {ConsoleRun} from "./console.ts";
import {Host} from "./host.ts";
import type {Work} from "./jobs.ts";
import {Rerun} from "./rerun.ts";

/** What a person did: an action, or a line of the console, which asks what it asks. */
export type Deed = Action | {readonly kind: "typed"; readonly line: string};

/** Something that a person did. */
export interface Act {
  readonly action: Deed;
  /** The event that it came right after, "" at the beginning; its step and time. */
  readonly after: string;
  readonly step: number;
  readonly at: number;
}

/** Where a branch left its parent, and what was done there. */
export interface BranchFork {
  readonly parent: Branch;
  readonly act: Act;
}

/** Events between two chances to be interrupted: about a millisecond. */
const stride = 16;

/** Events between two tellers that are set aside, for branches that begin in between. */
const tellerEvery = 256;

/** A teller as it was after a step; forked before it is told more. */
interface SetAside {
  readonly step: number;
  readonly teller: Teller;
}

interface Parts {
  readonly timeline: Timeline;
  readonly recording: Recording;
  readonly teller: Teller;
  readonly tellers: readonly SetAside[];
  readonly opensLater: boolean;
  /** Names of the checks that only the scenario asks for. */
  readonly asked: ReadonlySet<string>;
  readonly fork?: BranchFork;
}

export class Branch {
  readonly fork: BranchFork | undefined;
  readonly recording: Recording;
  readonly console: Console;
  private readonly timeline: Timeline;
  private readonly teller: Teller;
  private readonly tellers: SetAside[];
  private readonly later: boolean;
  private readonly asked: ReadonlySet<string>;
  private visited = 0;
  private failing = 0;
  private closed = false;

  private constructor({timeline, recording, teller, tellers, opensLater, asked, fork}: Parts) {
    this.timeline = timeline;
    this.recording = recording;
    this.teller = teller;
    this.tellers = [...tellers];
    this.later = opensLater;
    this.asked = asked;
    this.fork = fork;
    this.visited = fork?.act.step ?? 0;
    this.console = new Console(this.consoleRun());
  }

  /** The branch that the scenario itself makes, or that is on record. `scenario` was validated. */
  static root(
    scenario: Scenario,
    {seed, variant, recorded}: Pick<Link, "seed" | "variant" | "recorded">,
  ): Branch {
    const staged = stage(scenario, {seed, ...(variant === undefined ? {} : {variant})});
    const judges = [...standardChecks(), ...staged.claims];
    const asked = askedFor(scenario, staged.plan, judges);
    const timeline = Timeline.open(
      {...staged.run, script: recorded?.script ?? []},
      {
        versions: versionOf,
        director: recorded === undefined ? new Host(staged.director) : new Rerun(recorded),
        checkers: [...judges, ...asked],
      },
    );
    const teller = new Teller({...scenario, run: staged.plan});
    teller.after(timeline.view, undefined);
    const tellers = [{step: 0, teller: teller.fork()}];
    return new Branch({
      timeline,
      recording: new Recording(),
      teller,
      tellers,
      opensLater: scenario.open !== undefined,
      asked: new Set(asked.map(({name}) => name)),
    });
  }

  get id(): string {
    return this.timeline.id;
  }

  get config(): Run["config"] {
    return this.timeline.view.run.config;
  }

  /** Events run so far. */
  get length(): number {
    return this.timeline.length;
  }

  /** Nothing more happens after the last of them. */
  get ended(): boolean {
    return this.timeline.ended !== undefined;
  }

  /** Time of the last of them. */
  get extent(): number {
    return this.timeAt(this.length);
  }

  /** All operations so far. Good until the branch is run on. */
  get operations(): readonly Operation[] {
    return this.timeline.view.operations;
  }

  /** The furthest that was shown. */
  get seen(): {readonly step: number; readonly at: number} {
    return {step: this.visited, at: this.timeAt(this.visited)};
  }

  see(step: number): void {
    this.visited = Math.max(this.visited, step);
  }

  record(step: number): EventRecord | undefined {
    return this.timeline.record(step);
  }

  /** All events up to a step; 1 stands first. */
  recordsTo(step: number): readonly EventRecord[] {
    const {records} = this.timeline;
    return step >= records.length ? records : records.slice(0, step);
  }

  /** Time of an event, 0 at the beginning. */
  timeAt(step: number): number {
    return this.record(step)?.at ?? 0;
  }

  /** The last event run so far at or before a time. */
  lastBy(time: number): number {
    return this.timeline.stepAt(time);
  }

  /** What the scenario told and asked so far; beyond the fork it is somebody else's run. */
  get telling(): Omit<Telling, "answers"> {
    return {
      told: this.teller.told,
      outcomes: this.teller.outcomes,
      ownTo: this.fork?.act.step ?? this.length,
    };
  }

  /** Where the scenario wants the page to begin to play, once it was reached. */
  get openStep(): number | undefined {
    return this.teller.openStep;
  }

  /** Whether the scenario wants the page to begin later than at the beginning. */
  get opensLater(): boolean {
    return this.later;
  }

  /** What sentences about any event so far are looked up in. */
  context(): Context {
    return {view: this.timeline.view, recording: this.recording, operations: this.operations};
  }

  /** The branch in the line of parents to which a step belongs. */
  owner(step: number): Branch {
    return this.fork !== undefined && step <= this.fork.act.step ? this.fork.parent.owner(step) : this;
  }

  /** Runs on until `enough`, asked every few events, or to the end. */
  *runUntil(enough: () => boolean): Work {
    while (!enough() && !this.closed) {
      for (let i = 0; i < stride && this.advance(); i++);
      this.noteViolations();
      yield;
    }
  }

  /** The step of an event, run on to where it happens; undefined when it never does. */
  *find(event: string): Work<number | undefined> {
    if (parseEventId(event) === undefined) return undefined;
    let from = this.timeline.stepOf(event) ?? this.length + 1;
    const found = (): boolean => {
      for (; from <= this.length; from++) if (this.record(from)?.id === event) return true;
      return false;
    };
    yield* this.runUntil(found);
    return found() ? from : undefined;
  }

  /** Makes {@link momentAt} cheap: runs again, a few events at a time, what lies between a checkpoint and the step. */
  *approach(step: number): Work {
    while (!this.timeline.approach(step, stride)) yield;
  }

  /**
   * The state after a step, and what the checks say there: also what was judged only later, of what happened up to there, as
   * far as the run has come. Good until the branch is asked for another or run on.
   */
  momentAt(step: number): {readonly view: WorldView; readonly reports: readonly CheckReport[]} {
    const {view, checks} = this.timeline.seek(step);
    // What a scenario expects of its own run says nothing about a run in which a person has acted.
    const own = this.fork === undefined || step <= this.fork.act.step;
    const about = own ? checks : checks.filter(({name}) => !isClaim(name) && !this.asked.has(name));
    return {view, reports: about.map((report) => this.knownBy(step, report))};
  }

  private knownBy(step: number, report: CheckReport): CheckReport {
    if (report.violation !== undefined) return report;
    const known = this.recording.violations.find(({violation}) => violation.check === report.name);
    if (known === undefined || known.violation.step > step) return report;
    const {violation} = known;
    return {...report, verdict: "fail", exercised: Math.max(1, report.exercised), violation};
  }

  /** A branch on which `action` comes right after a step. This one stays as it is. */
  *actAt(step: number, action: Action): Work<Result<Branch, Said>> {
    const made = this.timeline.branch(step, {do: action, origin: "person"});
    if (!made.ok) return failed(say(`failed.act.${made.error}`, {what: action.kind}));
    const branch = yield* this.leftBy(made.value, {action, ...this.placeOf(step)});
    const done = branch.record(step + 1);
    if (done !== undefined) branch.take(done);
    return ok(branch);
  }

  /**
   * A branch on which a line of the console is typed after a step. A line that does nothing makes none: it is noted here.
   * `until`: it wants the run to go on to that time.
   */
  *typeAt(step: number, line: string): Work<{readonly branch?: Branch; readonly until?: Micros}> {
    const timeline = this.timeline.fork(step, {typed: line});
    const branch = yield* this.leftBy(timeline, {action: {kind: "typed", line}, ...this.placeOf(step)});
    branch.console.type(line);
    if (branch.length > step) return {branch};
    const {newestLines, wantedTime: until} = branch.console;
    this.console.note(step, line, newestLines);
    return until === undefined ? {} : {until};
  }

  /** The branch of a timeline that left this one's after a step. */
  private *leftBy(timeline: Timeline, act: Act): Work<Branch> {
    const {step} = act;
    const recording = this.recording.fork(step, (wanted) => this.record(wanted));
    const teller = yield* this.tellerAt(step);
    const tellers = this.tellers.filter((aside) => aside.step <= step);
    const fork = {parent: this, act};
    const branch = new Branch({
      timeline,
      recording,
      teller,
      tellers,
      opensLater: false,
      asked: this.asked,
      fork,
    });
    yield* branch.console.follow(this.console, step);
    return branch;
  }

  private placeOf(step: number): Pick<Act, "after" | "step" | "at"> {
    return {after: this.record(step)?.id ?? "", step, at: this.timeAt(step)};
  }

  /** The run so far with all that was done to it, as a trace file. */
  *traceFile(about: About): Work<Uint8Array> {
    const lines = new TraceLines();
    for (const record of this.timeline.records) {
      lines.push(record);
      if (record.step % 1024 === 0) yield;
    }
    // As of any run: what only the scenario asks for decides by its claims.
    const verdict = verdictOf(this.timeline.reports().filter(({name}) => !this.asked.has(name)));
    const end = {
      events: this.length,
      at: this.timeline.now,
      hash: lines.at(lines.length - 1)?.hash ?? emptyHash,
      verdict,
    };
    return writeTrace({header: {...this.timeline.recordedRun(), ...about, end}, lines});
  }

  /** Whether there was another event. */
  private advance(): boolean {
    const record = this.timeline.step();
    if (record !== undefined) {
      this.take(record);
      return true;
    }
    if (!this.closed) {
      this.closed = true;
      this.teller.end(this.timeline.view);
    }
    return false;
  }

  private take(record: EventRecord): void {
    this.keep(record);
    this.console.tell(record);
  }

  private keep(record: EventRecord): void {
    const {view} = this.timeline;
    this.recording.after(record, view);
    this.teller.after(view, record);
    if (record.step % tellerEvery === 0) this.tellers.push({step: record.step, teller: this.teller.fork()});
  }

  private consoleRun(): ConsoleRun {
    const {timeline} = this;
    return {
      get view() {
        return timeline.view;
      },
      get length() {
        return timeline.length;
      },
      get whyNot() {
        return timeline.whyNot;
      },
      record: (step) => timeline.record(step),
      act: (cue) => this.actNow(cue),
    };
  }

  /** What the console asks at the front. */
  private actNow(cue: Cue): EventRecord | undefined {
    const record = this.timeline.act(cue);
    if (record === undefined) return undefined;
    this.keep(record);
    return record;
  }

  /** The teller as it was after a step: from one set aside, told again what lies between. */
  private *tellerAt(step: number): Work<Teller> {
    const aside = present(
      this.tellers.findLast((one) => one.step <= step),
      "the teller of the beginning",
    );
    const teller = aside.teller.fork();
    for (let next = aside.step + 1; next <= step; next++) {
      const {view, record} = this.timeline.seek(next);
      teller.after(view, record);
      if (next % stride === 0) yield;
    }
    return teller;
  }

  private noteViolations(): void {
    const failing = this.momentAt(this.length).reports.filter(({violation}) => violation !== undefined);
    if (failing.length === this.failing) return;
    this.failing = failing.length;
    for (const {violation} of failing) {
      const known = this.recording.violations.some((one) => one.violation.check === violation?.check);
      if (violation !== undefined && !known) this.recording.violated(violation, this.timeAt(violation.step));
    }
  }
}

function isClaim(name: string): boolean {
  return name.startsWith(claimPrefix) || name === "scenario completed";
}
