// Runs programs in a world. Between two events, and only after one that settles something of theirs, one macrotask is let
// pass: within it the program goes on, to its next wait. So a program is as deterministic as the world, and what it asked is
// in the recorded run, which needs no program to run again.
//
//   event ──▶ news ──▶ settle one promise ──▶ a macrotask: the program goes on ──▶ what it wants is asked ──▶ event
//                └────────── until there is no more ──────────┘

import type {Micros} from "../../core/base/quantity.ts";
import type {ExecuteOptions, Executed} from "../execute.ts";
import {executedOf} from "../execute.ts";
import {Draws} from "../random.ts";
import type {Run} from "../run.ts";
import {Life} from "../timeline/life.ts";
import type {TraceLine} from "../trace/trace.ts";
import {chainHash} from "../world/record.ts";
import {ProgramClient} from "./client.ts";
import {ProgramDirector} from "./director.ts";
import {outsideMessage} from "./program.ts";
import type {Program, ProgramEnd, Tools} from "./program.ts";
import {Waits} from "./waits.ts";

/** By client: `{c1: async ({client}) => …}`. */
export type Programs = Readonly<Record<string, Program>>;

export interface ProgramOptions extends Omit<ExecuteOptions, "director"> {
  /** Lets one macrotask pass: resolves in one of its own, after all that was to be done in the one before. */
  readonly turn: () => Promise<void>;
  /** How long the world goes on after the last program ended. */
  readonly linger?: Micros;
}

export interface ProgramsDone extends Executed {
  /** In the order of the programs. */
  readonly programs: readonly ProgramEnd[];
}

/** One program on its way. */
class Running {
  readonly client: string;
  readonly waits: Waits;
  end: ProgramEnd | undefined;

  constructor(client: string, director: ProgramDirector) {
    this.client = client;
    this.waits = new Waits(director);
  }

  start(program: Program, tools: Tools): void {
    // A program that is no async function may throw at once.
    const begun = new Promise((resolve) => {
      resolve(program(tools));
    });
    begun.then(
      (result) => {
        this.end ??= {kind: "done", client: this.client, result};
      },
      (error: unknown) => {
        this.end ??= failure(this.client, error);
      },
    );
  }

  /** Called when nothing more will happen in this turn. */
  look(): void {
    if (this.end === undefined && !this.waits.isWaiting)
      this.end = {kind: "failed", client: this.client, message: outsideMessage, stack: ""};
  }
}

function failure(client: string, error: unknown): ProgramEnd {
  if (!(error instanceof Error)) return {kind: "failed", client, message: String(error), stack: ""};
  return {kind: "failed", client, message: error.message, stack: error.stack ?? ""};
}

export async function runPrograms(
  run: Run,
  programs: Programs,
  {turn, linger = 0, ...options}: ProgramOptions,
): Promise<ProgramsDone> {
  const director = new ProgramDirector(linger);
  const all = Object.keys(programs).map((client) => new Running(client, director));
  director.running = all.length;
  const life = Life.create(run, {...options, director});
  director.begin((client) => life.world.site(client).clock);
  const draws = new Draws(run.seed);

  /** One macrotask has passed: who ended, who waits for nothing. */
  const settle = (): void => {
    for (const one of all) one.look();
    director.running = all.filter(({end}) => end === undefined).length;
    director.failed = all.some(({end}) => end?.kind === "failed");
    life.prompt();
  };

  for (const one of all) {
    const program = programs[one.client];
    if (program !== undefined) one.start(program, toolsOf(one, director, draws));
    await turn();
    one.look();
  }
  settle();

  const lines: TraceLine[] = [];
  const hasNews = (): boolean => director.hasNews;
  for (;;) {
    while (director.hasNews && !director.failed) {
      director.deliver();
      await turn();
      settle();
    }
    const record = life.step(hasNews);
    if (record === undefined) {
      if (life.end !== undefined) break;
      continue;
    }
    if (options.lines === true) lines.push({id: record.id, at: record.at, hash: chainHash(record)});
    if (options.onEvent?.(record) === true) break;
  }
  for (const {waits} of all) waits.over = true;
  const ends = all.map(
    ({client, end, waits}): ProgramEnd => end ?? {kind: "waits", client, waitsFor: waits.names},
  );
  return {...executedOf(life, lines), programs: ends};
}

function toolsOf({client, waits}: Running, director: ProgramDirector, draws: Draws): Tools {
  const stream = draws.stream(`program/${client}`);
  return {
    client: new ProgramClient(client, director, waits),
    sleep: (ms) =>
      waits.promise(`sleep ${ms} ms`, ({resolve}) =>
        director.sleep(client, Math.max(0, Math.round(ms * 1000)), () => resolve(undefined)),
      ),
    now: () => director.time(client) / 1000,
    random: (bound) =>
      bound === undefined ? draws.next(stream, 4294967296) / 4294967296 : draws.next(stream, bound),
  };
}
