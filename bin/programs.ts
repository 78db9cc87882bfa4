// A person's own async functions on a simulated cluster: what `runPrograms` of "etcdscope" is, and `programsHold` of
// "etcdscope/test". No node: imports.
//
//   const done = await runPrograms({c1: async ({client}) => { await client.put("x", "1"); }}, {seed: "7"});
//   done.verdict                  // "pass": the program ended, and what etcd promises was kept
//   replay(traceOf(done))         // the same run, event by event, without the program

import type {Config, Scenario} from "../scenarios/format.ts";
import {stage} from "../scenarios/resolve.ts";
import {Stops} from "../scenarios/stops.ts";
import {parseTime} from "../scenarios/time.ts";
import {versionOf} from "../sim/bug/museum.ts";
import {standardChecks} from "../sim/check/standard.ts";
import type {Program, ProgramEnd} from "../sim/program/program.ts";
import {runPrograms as runInSim} from "../sim/program/run.ts";
import type {Programs} from "../sim/program/run.ts";
import type {Intervention} from "../sim/run.ts";
import type {Done} from "./explain.ts";
import {problemOfFaults, refuse, scenario} from "./given.ts";
import {macrotasks} from "./macrotask.ts";
import {isObject, problemOfKeys, problemOfSeed, refusal} from "./refuse.ts";

export interface ProgramsOptions {
  /** The cluster: of {@link cluster}, or a scenario's, without its steps. Three members when absent. */
  readonly of?: Scenario | string;
  /** "1" when absent. */
  readonly seed?: string;
  /** What goes wrong: from `faultPlan`, or `faultPlans` of "etcdscope/test". */
  readonly faults?: readonly Intervention[];
  /** Begins when all programs have ended, on the first one's client: looks at what is left. */
  readonly afterwards?: Program;
  /** How long the run goes on after the last program, such as "2s": not at all when absent. */
  readonly linger?: string;
}

export interface ProgramsDone extends Done {
  /** What became of each. */
  readonly programs: readonly ProgramEnd[];
}

const optionKeys = ["of", "seed", "faults", "afterwards", "linger"];

/** A cluster for programs: what a scenario says in `run.config`. `limit`: the longest that a run may take, "60s" when absent. */
export function cluster(config: Partial<Config> = {}, limit = "60s"): Scenario {
  const title = {en: "Programs on a cluster", zh: "集群上的程序"};
  return scenario({
    format: 1,
    id: "programs",
    group: "example",
    title,
    teaches: title,
    run: {
      seed: "1",
      holds: "this seed",
      // Programs say when it is over.
      until: {term: "n1", atLeast: 0},
      limit,
      config: {members: 3, clients: 3, profile: "teaching", ...config},
      steps: [],
      expect: [],
    },
  });
}

/**
 * Runs async functions, one on each client that is named, in virtual time: the same programs, seed and faults give the
 * same run, event by event. All that they wait for must be what they are given (sim/program/README.md). The verdict counts
 * that they end, and the checks that judge every run.
 */
export async function runPrograms(programs: Programs, options: ProgramsOptions = {}): Promise<ProgramsDone> {
  const {of = cluster(), seed = "1", faults = [], afterwards, linger = "0s"} = options;
  const what = scenario(of);
  const {run} = stage(what);
  refuse(
    problemOfKeys(options, optionKeys, "options") ??
      problemOfPrograms(programs, run.config.clients) ??
      problemOfSeed(seed, "options.seed") ??
      problemOfProgram(afterwards ?? nothing, "options.afterwards") ??
      problemOfTime(linger, "options.linger") ??
      problemOfFaults(what, undefined, faults),
  );
  const stops = new Stops();
  const {turn, close} = macrotasks();
  try {
    const done = await runInSim({...run, seed, script: [...faults]}, programs, {
      versions: versionOf,
      checkers: standardChecks(),
      lines: true,
      turn,
      afterwards,
      linger: parseTime(linger) ?? 0,
      onEvent: (record) => stops.tell(record),
    });
    const expected = done.verdict === "pass";
    return {...done, of: what, scenario: what.id, seed, faults, expected, stopped: stops.all};
  } finally {
    close();
  }
}

const nothing: Program = () => Promise.resolve();

function problemOfPrograms(programs: unknown, clients: number): string | undefined {
  const expected = `programs by client, from c1 to c${clients}: {c1: async ({client}) => …}`;
  if (!isObject(programs) || Object.keys(programs).length === 0)
    return refusal("programs", programs, expected);
  for (const [name, program] of Object.entries(programs)) {
    const [, digits = "0"] = /^c([1-9][0-9]?)$/.exec(name) ?? [];
    if (Number(digits) < 1 || Number(digits) > clients) return refusal("programs", name, expected);
    const problem = problemOfProgram(program, `programs.${name}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOfProgram(program: unknown, where: string): string | undefined {
  if (typeof program === "function") return undefined;
  return refusal(where, program, "an async function: async ({client, sleep, now, random}) => …");
}

function problemOfTime(time: unknown, where: string): string | undefined {
  if (typeof time === "string" && parseTime(time) !== undefined) return undefined;
  return refusal(where, time, 'a time such as "800ms"');
}
