// Programs in a small world of their own, for tests.

import {macrotasks} from "../../../bin/macrotask.ts";
import type {Program} from "../../../sim/program/program.ts";
import {runPrograms} from "../../../sim/program/run.ts";
import type {ProgramOptions, Programs, ProgramsDone} from "../../../sim/program/run.ts";
import type {Intervention} from "../../../sim/run.ts";
import {makeRun, sound} from "../stage.ts";

export interface Options extends Partial<Omit<ProgramOptions, "turn">> {
  readonly seed?: string;
  readonly script?: readonly Intervention[];
  readonly until?: number;
}

export async function perform(
  programs: Programs,
  {seed = "7", script = [], until = 8000, ...more}: Options = {},
): Promise<ProgramsDone> {
  const {turn, close} = macrotasks();
  const clients = Math.max(...Object.keys(programs).map((name) => Number(name.slice(1))));
  const run = makeRun({clients, seed, script, until});
  const done = await runPrograms(run, programs, {versions: sound, turn, ...more});
  close();
  return done;
}

/** One program of c1's, and what it returned. */
export async function alone(program: Program, options: Options = {}): Promise<unknown> {
  const {programs} = await perform({c1: program}, options);
  const [end] = programs;
  if (end?.kind !== "done") throw new Error(JSON.stringify(end));
  return end.result;
}
