// Runs programs in a world. Between two events, and only after one that settles something of theirs, one macrotask is let
// pass: within it the program goes on, to its next wait. So a program is as deterministic as the world, and what it asked is
// in the recorded run, which needs no program to run again.
//
//   event ──▶ news ──▶ settle one promise ──▶ a macrotask: the program goes on ──▶ what it wants is asked ──▶ event
//                └────────── until there is no more ──────────┘

import type {Micros} from "../../core/base/quantity.ts";
import type {CheckReport} from "../check/checker.ts";
import {say} from "../check/words.ts";
import type {ExecuteOptions, Executed} from "../execute.ts";
import {executedOf} from "../execute.ts";
import {Draws} from "../random.ts";
import type {Run} from "../run.ts";
import {Life, verdictOf} from "../timeline/life.ts";
import {TraceLines} from "../trace/lines.ts";
import {inapplicable} from "../world/actions.ts";
import {ProgramClient} from "./client.ts";
import {ProgramDirector} from "./director.ts";
import {ProgramFaults} from "./faults.ts";
import {outsideMessage} from "./program.ts";
import type {Program, ProgramEnd, Tools} from "./program.ts";
import {Waits} from "./waits.ts";

/** By client: `{c1: async ({client}) => …}`. */
export type Programs = Readonly<Record<string, Program>>;

export interface ProgramOptions extends Omit<ExecuteOptions, "director"> {
  /** Lets one macrotask pass: resolves in one of its own, after all that was to be done in the one before. */
  readonly turn: () => Promise<void>;
  /** Begins, on the first program's client, when all the others have ended: looks at what is left. */
  readonly afterwards?: Program | undefined;
  /** How long the world goes on after the last program ended. */
  readonly linger?: Micros;
}

export interface ProgramsDone extends Executed {
  /** In the order of the programs. In `checks` each is one too: `Program c1`. */
  readonly programs: readonly ProgramEnd[];
}

const progressEvery = 4096;

/** One program on its way. */
class Running {
  readonly name: string;
  readonly waits: Waits;
  end: ProgramEnd | undefined;

  constructor(name: string, waits: Waits) {
    this.name = name;
    this.waits = waits;
  }

  start(program: Program, tools: Tools): void {
    // A program that is no async function may throw at once.
    const begun = new Promise((resolve) => {
      resolve(program(tools));
    });
    begun.then(
      (result) => {
        this.end ??= {kind: "done", program: this.name, result};
      },
      (error: unknown) => {
        this.end ??= failure(this.name, error);
      },
    );
  }

  /** Called when nothing more will happen in this turn. */
  look(): void {
    if (this.end === undefined && !this.waits.isWaiting)
      this.end = {kind: "failed", program: this.name, message: outsideMessage, stack: ""};
  }
}

function failure(program: string, error: unknown): ProgramEnd {
  if (!(error instanceof Error)) return {kind: "failed", program, message: String(error), stack: ""};
  return {kind: "failed", program, message: error.message, stack: error.stack ?? ""};
}

/** All programs of a run. */
class Company {
  readonly director: ProgramDirector;
  private readonly all: Running[] = [];
  private readonly config: Run["config"];
  private readonly draws: Draws;
  private readonly turn: () => Promise<void>;
  private afterwards: Program | undefined;
  private readonly first: string;

  constructor({seed, config}: Run, programs: Programs, {turn, linger, afterwards}: ProgramOptions) {
    this.director = new ProgramDirector(linger);
    this.config = config;
    this.draws = new Draws(seed);
    this.turn = turn;
    this.afterwards = afterwards;
    this.first = Object.keys(programs)[0] ?? "c1";
    // Until they are started: the run is not over.
    this.director.running = 1;
  }

  async start(name: string, client: string, program: Program): Promise<void> {
    const one = new Running(name, new Waits(client, this.director));
    this.all.push(one);
    one.start(program, this.tools(name, client, one.waits));
    await this.turn();
    one.look();
  }

  /** Lets programs go on until all that happened is told. */
  async goOn(): Promise<void> {
    const {director} = this;
    while (director.hasNews && !director.failed) {
      director.deliver();
      await this.turn();
      await this.look();
    }
  }

  /** A macrotask has passed: who ended, who waits for nothing. */
  async look(): Promise<void> {
    const {director, afterwards} = this;
    for (const one of this.all) one.look();
    director.failed = this.all.some(({end}) => end?.kind === "failed");
    if (afterwards !== undefined && this.all.every(({end}) => end?.kind === "done")) {
      this.afterwards = undefined;
      await this.start("afterwards", this.first, afterwards);
      return await this.look();
    }
    director.running = this.all.filter(({end}) => end === undefined).length;
  }

  private tools(name: string, client: string, waits: Waits): Tools {
    const {director, draws} = this;
    const stream = draws.stream(`program/${name}`);
    return {
      client: new ProgramClient(client, director, waits),
      clock: {
        now: () => director.time(client) / 1000,
        sleep: (ms) =>
          waits.promise(`sleep ${ms} ms`, ({resolve}) =>
            director.sleep(client, Math.max(1, Math.round(ms * 1000)), () => resolve(undefined)),
          ),
      },
      faults: new ProgramFaults(client, this.config, director, waits),
      random: (bound) =>
        bound === undefined ? draws.next(stream, 4294967296) / 4294967296 : draws.next(stream, bound),
    };
  }

  /** What came of each; what waits to be told is told to nobody any more. */
  ends(): readonly ProgramEnd[] {
    return this.all.map(
      ({name, end, waits}): ProgramEnd => end ?? {kind: "waits", program: name, waitsFor: waits.names},
    );
  }
}

export async function runPrograms(
  run: Run,
  programs: Programs,
  options: ProgramOptions,
): Promise<ProgramsDone> {
  const company = new Company(run, programs, options);
  const {director} = company;
  const life = Life.create(run, {...options, director});
  const {world} = life;
  director.begin({
    clock: (client) => world.site(client).clock,
    isPaused: (client) => world.site(client).paused,
    whyNot: (action) => inapplicable(world, action),
  });
  for (const [client, program] of Object.entries(programs)) await company.start(client, client, program);
  await company.look();
  life.prompt();
  const lines = new TraceLines();
  const hasNews = (): boolean => director.hasNews;
  for (;;) {
    if (director.hasNews) {
      await company.goOn();
      life.prompt();
    }
    const record = life.step(hasNews);
    if (record === undefined) {
      if (life.end === undefined) continue;
      break;
    }
    if (options.lines === true) lines.push(record);
    if (record.step % progressEvery === 0) options.onProgress?.(record.step, record.at);
    if (options.onEvent?.(record, life.world.view) === true) break;
  }
  return judged(executedOf(life, lines), company.ends());
}

/** With a check for each program: that it came to its end. */
function judged(done: Executed, programs: readonly ProgramEnd[]): ProgramsDone {
  const checks = [...done.checks, ...programs.map((end) => reportOf(end, done))];
  const violations = checks.flatMap(({violation}) => violation ?? []);
  const violation = violations.toSorted((a, b) => a.step - b.step)[0];
  return {...done, checks, violation, verdict: verdictOf(checks), programs};
}

function reportOf(end: ProgramEnd, {view}: Executed): CheckReport {
  const {program} = end;
  const name = `Program ${program}`;
  if (end.kind === "done") return {name, verdict: "pass", exercised: 1};
  const said =
    end.kind === "failed"
      ? say("programFailed", {program, message: end.message})
      : say("programWaits", {program, what: end.waitsFor.join(", ")});
  const evidence = view.last === undefined ? [] : [view.last.id];
  return {name, verdict: "fail", exercised: 1, violation: {check: name, said, evidence, step: view.step}};
}
