// A run as far as an event, for looking at it: of a scenario, a scenario's file, or a trace.

import type {Micros} from "../core/base/quantity.ts";
import type {Scenario} from "../scenarios/format.ts";
import {scenarioOf} from "../scenarios/index.ts";
import {stage} from "../scenarios/resolve.ts";
import {Stops} from "../scenarios/stops.ts";
import {parseTime} from "../scenarios/time.ts";
import {versionOf} from "../sim/bug/museum.ts";
import type {Director} from "../sim/director.ts";
import {execute} from "../sim/execute.ts";
import type {EventRecord} from "../sim/event.ts";
import type {EventId, Run} from "../sim/run.ts";
import {runOf} from "../sim/trace/replay.ts";
import type {TraceLines} from "../sim/trace/lines.ts";
import type {TraceFile} from "../sim/trace/trace.ts";
import type {WorldView} from "../sim/view.ts";
import {parseEventId} from "../sim/world/lanes.ts";
import {UsageError} from "./io.ts";
import {isTrace, problemOfSeed, problemOfVariant, refusal} from "./refuse.ts";
import {readOrRefuse} from "./replay.ts";
import {contentOf, scenarioNamed} from "./source.ts";

/** Which run, and how far. */
export interface Which {
  readonly seed?: string;
  readonly variant?: string;
  /** An event's name, a step's id or a time; undefined goes to the end. */
  readonly at?: string;
}

export interface Reached {
  readonly view: WorldView;
  /** Who stopped by itself and is down still. */
  readonly stops: Stops;
  readonly seed: string;
  /** Where a trace says something else than its run, first. */
  readonly differs: {readonly step: number; readonly event: string} | undefined;
  /** The trace, where it ends before its run. */
  readonly cut: TraceFile | undefined;
}

/** Runs what a person named. */
export async function reach(what: string, which: Which): Promise<Reached> {
  checkWhich(which);
  if (scenarioOf(what) === undefined && /[./\\]/.test(what)) {
    const content = await contentOf(what, "a trace or a scenario's file");
    if (isTrace(content)) return reachInTrace(content, what, which);
  }
  const {scenario} = await scenarioNamed(what);
  return reachInScenario(scenario, what, which);
}

/** What `--at` may be; names of events stand in `run --log`. */
const moments = "an event such as n1→n3#17, a step's id, or a time such as 500ms";
const stepName = /^[A-Za-z][A-Za-z0-9-]*$/;

function checkWhich({seed, at}: Which): void {
  const isMoment =
    at === undefined || parseEventId(at) !== undefined || parseTime(at) !== undefined || stepName.test(at);
  if (!isMoment) throw new UsageError(refusal("--at", at, moments));
  const problem = problemOfSeed(seed, "--seed");
  if (problem !== undefined) throw new UsageError(problem);
}

function reachInScenario(scenario: Scenario, what: string, {seed, variant, at}: Which): Reached {
  const problem = problemOfVariant(scenario, variant, "--variant");
  if (problem !== undefined) throw new UsageError(problem);
  const {run, director} = stage(scenario, {
    ...(seed === undefined ? {} : {seed}),
    ...(variant === undefined ? {} : {variant}),
  });
  return go(run, director, {what: `${what} with seed ${run.seed}`, at, lines: undefined});
}

function reachInTrace(content: Uint8Array, path: string, {seed, variant, at}: Which): Reached {
  for (const [name, value] of Object.entries({seed, variant})) {
    if (value !== undefined) throw new UsageError(refusal(`--${name}`, value, "none: a trace has its own"));
  }
  const trace = readOrRefuse(content, path);
  const reached = go(runOf(trace.header), undefined, {what: path, at, lines: trace.lines});
  return {...reached, cut: trace.isCut === true ? trace : undefined};
}

interface Going {
  /** For errors. */
  readonly what: string;
  readonly at: string | undefined;
  /** What a trace says of the run. */
  readonly lines: TraceLines | undefined;
}

function go(run: Run, director: Director | undefined, {what, at, lines}: Going): Reached {
  let differs: Reached["differs"];
  let found = false;
  /** Taken, by their ids. */
  const steps: string[] = [];
  const time = at === undefined ? undefined : parseTime(at);
  const event = time === undefined ? undefined : lastAt(run, director?.fork(), time);
  const isThere = ({id, payload}: EventRecord): boolean =>
    time === undefined ? id === at || (payload.kind === "script" && payload.step === at) : id === event;
  const stops = new Stops();
  const {view} = execute(run, {
    versions: versionOf,
    director,
    onEvent: (record) => {
      stops.tell(record);
      if (lines !== undefined && !lines.agrees(record.step - 1, record))
        differs ??= {step: record.step, event: record.id};
      const {payload} = record;
      if (payload.kind === "script" && payload.step !== undefined) steps.push(payload.step);
      found = at !== undefined && isThere(record);
      return found;
    },
  });
  if (at !== undefined && !found)
    throw new UsageError(
      refusal("--at", at, `an event, a step that was taken, or a time, of ${what}${among(steps)}`),
    );
  return {view, stops, seed: run.seed, differs, cut: undefined};
}

/** Of many, some. */
function among(steps: readonly string[]): string {
  const more = steps.length > stepsMax ? ", …" : "";
  return steps.length === 0 ? "" : `; its steps: ${steps.slice(0, stepsMax).join(", ")}${more}`;
}
const stepsMax = 20;

/** The last event at the time or before it; undefined: the run begins later. */
function lastAt(run: Run, director: Director | undefined, time: Micros): EventId | undefined {
  let last: EventId | undefined;
  execute(run, {
    versions: versionOf,
    director,
    onEvent: ({id, at}) => {
      if (at > time) return true;
      last = id;
      return false;
    },
  });
  return last;
}
