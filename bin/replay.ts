// `etcdscope replay`: runs a trace again and compares event by event.

import {performance} from "node:perf_hooks";
import type {Scenario} from "../scenarios/format.ts";
import {scenarioOf} from "../scenarios/index.ts";
import {performAgain} from "../scenarios/perform.ts";
import type {Verdict} from "../sim/check/checker.ts";
import {readTrace} from "../sim/trace/file.ts";
import type {Difference} from "../sim/trace/replay.ts";
import type {TraceFile, TraceHeader, TraceLine} from "../sim/trace/trace.ts";
import {codeHash} from "../sim/trace/code.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {progressOf} from "./progress.ts";
import {problemOfTrace, problemOfVariant, refusal} from "./refuse.ts";
import {exitOf, printReport, reportOf} from "./report.ts";
import {contentOf, scenarioIn} from "./source.ts";

export async function replayFile(path: string, options: {readonly json?: true}, io: Io): Promise<Exit> {
  const trace = readOrRefuse(await contentOf(path, "a trace"), path);
  noteCut(trace, path, io);
  const {header} = trace;
  if (header.code !== codeHash)
    io.err("note: this trace was made by another build; it is run up to the first difference\n");
  const progress = await progressOf(header.scenario ?? "trace", header.end.at, io);
  const began = performance.now();
  const scenario = await scenarioOfTrace(header, path);
  const {difference, executed, expected, stopped} = performAgain(trace, scenario, {
    ...(header.variant === undefined ? {} : {variant: header.variant}),
    onProgress: (events, now) => progress.update(events, now),
  });
  const wallMs = performance.now() - began;
  progress.stop();
  const about = {scenario: header.scenario ?? "", seed: header.seed, expected, wallMs, stopped};
  const report = reportOf(executed, about);
  if (difference !== undefined) io.err(`${path}: ${differenceLine(difference)}\n`);
  else notePrograms(header, report.verdict, io);
  if (options.json === true) {
    // A run that is not the trace's says nothing about it: what was checked held for another run.
    const differs = difference === undefined ? {} : {verdict: "fail", expected: false, difference};
    io.out(`${JSON.stringify({...report, ...differs})}\n`);
  } else if (difference === undefined) {
    printReport(report, executed.checks, io);
    io.out(`the replay agrees with all ${trace.lines.length} events\n`);
  }
  return difference === undefined ? exitOf(report.verdict) : 1;
}

/** A trace's contents; what is wrong with a file is a usage error. */
export function readOrRefuse(content: Uint8Array, path: string): TraceFile {
  const converted = problemOfTrace(content);
  if (converted !== undefined) throw new UsageError(`${path}: ${converted}`);
  const read = readTrace(content);
  if (!read.ok) throw new UsageError(`${path}: ${read.error}`);
  return read.value;
}

/** Says that a file ends before its run did. */
export function noteCut({isCut, lines}: TraceFile, path: string, io: Pick<Io, "err">): void {
  if (isCut !== true) return;
  io.err(`note: ${path} is cut short: it holds the first ${lines.length} events of its run, and no end\n`);
}

/** Says that whether a person's own functions came to their ends, and how, is more than the trace knows. */
function notePrograms({script, end}: TraceHeader, verdict: Verdict, io: Pick<Io, "err">): void {
  if (!script.some(({origin}) => origin === "program")) return;
  const was =
    end.verdict === verdict
      ? "what its programs claim"
      : `it was a ${end.verdict} by what its programs claim, which`;
  io.err(`note: ${was} is not judged again: a trace has what they did, not their code\n`);
}

/** The scenario that a trace came from: ours, or the one it brings along; undefined when neither. */
export async function scenarioOfTrace(
  {scenario, variant, source}: TraceHeader,
  path: string,
): Promise<Scenario | undefined> {
  const found =
    source === undefined ? scenarioOf(scenario ?? "") : await scenarioIn(source, `${path}: header.source`);
  if (variant === undefined) return found;
  const problem =
    found === undefined
      ? refusal("header.variant", variant, "none: the scenario is not known")
      : problemOfVariant(found, variant, "header.variant");
  if (problem !== undefined) throw new UsageError(`${path}: ${problem}`);
  return found;
}

function differenceLine({step, expected, actual}: Difference): string {
  if (expected === undefined)
    return `event ${step} is ${words(actual)}, where the trace says that the run was over`;
  if (actual === undefined)
    return `the run was over, where the trace says that event ${step} is ${words(expected)}`;
  return `the first event that differs is ${step}: it is ${words(actual)}, the trace says ${words(expected)}`;
}

function words(line: TraceLine | undefined): string {
  return line === undefined ? "none" : `${line.id} at ${line.at} us with hash ${line.hash}`;
}
