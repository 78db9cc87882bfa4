// A person's own async function on a simulated cluster, in virtual time: what `simulate` of "etcdscope" is. No node: imports.
//
//   await simulate({seed: "7", members: 3}, async ({client, clock, faults}) => {
//     await client.put("x", "1");
//     await faults.crash("n1");
//     await clock.sleep(100);
//   });
//
// Where it throws, or what etcd promises is not kept, the error has the seed, the faults, a trace and a link.

import {worded} from "../core/base/said.ts";
import type {Scenario} from "../scenarios/format.ts";
import {stage} from "../scenarios/resolve.ts";
import {Stops} from "../scenarios/stops.ts";
import {parseTime} from "../scenarios/time.ts";
import {versionOf} from "../sim/bug/museum.ts";
import type {CheckReport} from "../sim/check/checker.ts";
import {checkWords} from "../sim/check/words.ts";
import {standardChecks} from "../sim/check/standard.ts";
import type {Program, ProgramEnd} from "../sim/program/program.ts";
import {runPrograms} from "../sim/program/run.ts";
import type {Intervention} from "../sim/run.ts";
import type {Schedule} from "../sim/schedule/schedule.ts";
import {clusterKeys, scenarioOn} from "./cluster.ts";
import type {Cluster} from "./cluster.ts";
import {explained, wrongIn} from "./explain.ts";
import type {Done} from "./explain.ts";
import {problemOfFaults, refuse, scenario} from "./given.ts";
import {macrotasks} from "./macrotask.ts";
import {isObject, problemOfKeys, problemOfSchedule, problemOfSeed, refusal} from "./refuse.ts";
import {traceOf} from "./traceOf.ts";

/** By client: `{c1: async ({client}) => …, c2: …}`. `afterwards` begins when all have ended, on the first one's client: it looks at what is left. */
export type Programs = Readonly<Record<string, Program>>;

/** The cluster's settings stand beside these: `{members: 5, raft: {preVote: true}, seed: "7"}`. */
export interface SimulateOptions extends Cluster {
  /** "1" when absent. */
  readonly seed?: string;
  /** What goes wrong: from `faultPlans` of "etcdscope/test". */
  readonly faults?: readonly Intervention[];
  /** Who decides the order of events: from `schedules`. Absent: time. */
  readonly schedule?: Schedule;
  /** How long the run goes on after the last program, such as "2s": not at all when absent. */
  readonly linger?: string;
  /** The longest that it may take, in virtual time; "60s" when absent. */
  readonly limit?: string;
}

export interface Simulated extends Done {
  /** What became of each program. */
  readonly programs: readonly ProgramEnd[];
}

/** A simulation that does not hold: a program threw or did not end, or a promise of etcd's was broken. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
  /** For `traceOf`, and whoever looks closer. */
  readonly run: Simulated;
  readonly #wrong: CheckReport;
  #text: string | undefined;

  constructor(run: Simulated, wrong: CheckReport) {
    super();
    this.run = run;
    this.#wrong = wrong;
  }

  /** Made when it is first read, and the trace's file with it: of the many failures of a search that shrinks, one is. */
  override get message(): string {
    this.#text ??= explained(this.run, this.#wrong, traceOf(this.run));
    return this.#text;
  }

  /** For reporters: not the whole run. */
  toJSON(): object {
    const {name, message, stack} = this;
    return {name, message, stack};
  }
}

const optionKeys = ["seed", "faults", "schedule", "linger", "limit", ...clusterKeys];

/**
 * Runs an async function on a client of a simulated cluster, or one on each client that is named: the same functions and
 * options give the same run, event by event. Resolves with the run when all ended and the checks that judge every run
 * hold; else rejects with a {@link SimulationError}.
 */
export async function simulate(options: SimulateOptions, programs: Program | Programs): Promise<Simulated> {
  refuse(problemOfKeys(options, optionKeys, "options"));
  const done = await perform(options, typeof programs === "function" ? {c1: programs} : programs);
  const wrong = wrongIn(done, "all");
  if (wrong === undefined) return done;
  throw new SimulationError({...done, of: telling(done.of, wrong)}, wrong);
}

/** Longest part of a failure's first line that the page tells. */
const toldMax = 200;

/** The scenario of a run in which a program failed: the page begins there, and says so, though it knows no programs. */
function telling(of: Scenario, {violation}: CheckReport): Scenario {
  const event = violation?.evidence.at(-1);
  if (event === undefined || violation?.said.id !== "programFailed") return of;
  const at = {happened: event};
  const line = (language: "en" | "zh"): string => {
    const [first = ""] = worded(checkWords, violation.said, language).split("\n");
    // Braces stand for what the engine fills in.
    return first.replaceAll("{", "(").replaceAll("}", ")").slice(0, toldMax);
  };
  const say = [{en: line("en"), zh: line("zh"), aside: true}] as const;
  return scenario({...of, open: at, tell: [{id: "failed", at, say}]});
}

async function perform(options: SimulateOptions, programs: Programs): Promise<Simulated> {
  const {seed = "1", faults = [], schedule, linger = "0s", limit = "60s", ...cluster} = options;
  refuse(
    problemOfSeed(seed, "options.seed") ??
      problemOfTime(linger, "options.linger") ??
      problemOfTime(limit, "options.limit") ??
      problemOfSchedule(schedule, "options.schedule"),
  );
  const of = onCluster(cluster, limit);
  const {run} = stage(of);
  refuse(problemOfPrograms(programs, run.config.clients) ?? problemOfFaults(of, undefined, faults));
  const {afterwards, ...others} = programs;
  const stops = new Stops();
  const {turn, close} = macrotasks();
  try {
    const done = await runPrograms({...run, seed, script: [...faults]}, others, {
      versions: versionOf,
      checkers: standardChecks(),
      lines: true,
      turn,
      schedule,
      afterwards,
      linger: parseTime(linger) ?? 0,
      onEvent: (record) => stops.tell(record),
    });
    return {
      ...done,
      of,
      scenario: of.id,
      seed,
      faults,
      expected: done.verdict === "pass",
      stopped: stops.all,
    };
  } finally {
    close();
  }
}

function onCluster(cluster: Cluster, limit: string): Scenario {
  return scenarioOn(
    cluster,
    {id: "simulation", title: {en: "A simulation", zh: "一次模拟"}, limit},
    "options",
  );
}

function problemOfPrograms(programs: unknown, clients: number): string | undefined {
  const expected = `an async function, or some by client, from c1 to c${clients}: {c1: async ({client}) => …}`;
  if (!isObject(programs)) return refusal("programs", programs, expected);
  const {afterwards, ...others} = programs;
  if (Object.keys(others).length === 0) return refusal("programs", programs, expected);
  for (const [name, program] of Object.entries(others)) {
    const [, digits = "0"] = /^c([1-9][0-9]?)$/.exec(name) ?? [];
    if (Number(digits) < 1 || Number(digits) > clients) return refusal("programs", name, expected);
    const problem = problemOfProgram(program, `programs.${name}`);
    if (problem !== undefined) return problem;
  }
  return afterwards === undefined ? undefined : problemOfProgram(afterwards, "programs.afterwards");
}

function problemOfProgram(program: unknown, where: string): string | undefined {
  if (typeof program === "function") return undefined;
  return refusal(where, program, "an async function: async ({client, clock, faults, random}) => …");
}

function problemOfTime(time: unknown, where: string): string | undefined {
  if (typeof time === "string" && parseTime(time) !== undefined) return undefined;
  return refusal(where, time, 'a time such as "800ms"');
}
