// One seed of a sweep, wherever it is played: in a worker, or here. A failure is saved before it is told, so that whoever
// stops a sweep, at whatever moment, loses nothing that was found.

import type {Scenario} from "../scenarios/format.ts";
import {codeHash} from "../sim/trace/code.ts";
import {writeTrace} from "../sim/trace/file.ts";
import {traceOf} from "../sim/trace/replay.ts";
import {trialOfLineage} from "../sim/explore/guided.ts";
import type {Lineage} from "../sim/explore/guided.ts";
import {playTrial, resultOf} from "../sim/explore/sweep.ts";
import type {SeedResult} from "../sim/explore/sweep.ts";
import {trialOf} from "../sim/explore/trial.ts";
import type {Trial, TrialOptions} from "../sim/explore/trial.ts";
import {scenarioTrial} from "./scenarioTrial.ts";
import {writeWhole} from "./written.ts";

export interface SweepTask {
  readonly seed: number;
  readonly options: TrialOptions;
  readonly scenario?: Scenario;
  /** Its file's text, where it is not one of ours. */
  readonly source?: string;
  /** Of a guided sweep: what is played; the seed is its number then. */
  readonly lineage?: Lineage;
  /** Where a failure's trace goes: what stands before the seed in the file's name. */
  readonly traces: string;
}

export function trialOfTask({seed, options, scenario, lineage}: Omit<SweepTask, "traces" | "source">): Trial {
  if (lineage !== undefined) return trialOfLineage(lineage, options);
  return scenario === undefined ? trialOf(seed, options) : scenarioTrial(scenario, seed, options);
}

export function playTask(task: SweepTask): SeedResult {
  const played = resultOf(task.seed, playTrial(trialOfTask(task)));
  const result = task.lineage === undefined ? played : {...played, lineage: task.lineage};
  const {failure} = result;
  if (failure === undefined) return result;
  // Its lines are kept only now: most runs need none.
  const again = playTrial(trialOfTask(task), true);
  const trace = `${task.traces}${task.seed}.trace`;
  const {scenario, source} = task;
  const about = {
    ...(scenario === undefined ? {} : {scenario: scenario.id}),
    ...(source === undefined ? {} : {source}),
  };
  writeWhole(trace, writeTrace(traceOf(again, {code: codeHash, ...about})));
  return {...result, failure: {...failure, trace}};
}
