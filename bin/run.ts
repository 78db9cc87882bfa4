// `etcdscope run`: one run of a scenario, with its verdict, and what to do next when it failed.

import {closeSync, openSync, writeFileSync} from "node:fs";
import {performance} from "node:perf_hooks";
import type {Scenario} from "../scenarios/format.ts";
import {perform} from "../scenarios/perform.ts";
import type {Performed} from "../scenarios/perform.ts";
import {microsOf} from "../scenarios/time.ts";
import type {Run} from "../sim/run.ts";
import {codeHash} from "../sim/trace/code.ts";
import {writeTrace} from "../sim/trace/file.ts";
import type {About, TraceFile} from "../sim/trace/trace.ts";
import type {Sink} from "../sim/trace/writer.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {progressOf} from "./progress.ts";
import {problemOfSeed, problemOfVariant} from "./refuse.ts";
import {exitOf, printReport, reportOf, shellWord} from "./report.ts";
import {RunLog} from "./runLog.ts";
import {scenarioNamed} from "./source.ts";
import type {Named} from "./source.ts";
import {written} from "./written.ts";

export interface RunOptions {
  readonly seed?: string;
  readonly variant?: string;
  readonly trace?: string;
  readonly log?: true;
  readonly asExpected?: true;
  readonly json?: true;
}

export async function runOnce(name: string, options: RunOptions, io: Io): Promise<Exit> {
  const named = await scenarioNamed(name);
  const {scenario} = named;
  checkOptions(scenario, options);
  const {seed, variant} = options;
  const log = options.log === true ? new RunLog((text) => io.out(text)) : undefined;
  const file = options.trace === undefined ? undefined : fileFor(options.trace);
  const progress = await progressOf(scenario.id, microsOf(scenario.run.limit), io);
  const began = performance.now();
  const done = perform(scenario, {
    ...(seed === undefined ? {} : {seed}),
    ...(variant === undefined ? {} : {variant}),
    ...(file === undefined ? {} : {trace: {about: aboutOf(named, variant), sink: file.write}}),
    ...(log === undefined ? {} : {notes: log, onEvent: (record, view) => log.tell(record, view)}),
    onProgress: (events, now) => progress.update(events, now),
  });
  const wallMs = performance.now() - began;
  progress.stop();
  file?.close();
  const report = reportOf(done, {...done, wallMs});
  if (options.json === true) io.out(`${JSON.stringify(report)}\n`);
  else {
    await printBugs(done.run.versions, io);
    printReport(report, done.checks, io);
    if (done.verdict === "fail") advise(name, done, options, io);
    if (options.trace !== undefined) adviseKept(options.trace, io);
  }
  return options.asExpected === true ? expectedExit(done) : exitOf(done.verdict);
}

/** Who has which bug of the museum, in a line each. */
async function printBugs(versions: Run["versions"], io: Io): Promise<void> {
  const {plaques} = await import("../sim/bug/plaques.ts");
  for (const id of new Set(Object.values(versions).flat())) {
    const having = Object.keys(versions).filter((name) => versions[name]?.includes(id) === true);
    const verb = having.length === 1 ? "has" : "have";
    io.out(
      `${having.join(", ")} ${verb} the bug ${id}: ${plaques[id]?.title.en} (${io.command} bugs ${id})\n`,
    );
  }
}

function expectedExit({expected, verdict}: Performed): Exit {
  return expected ? 0 : verdict === "unknown" ? 3 : 1;
}

function checkOptions(scenario: Scenario, {seed, variant}: RunOptions): void {
  const problem = problemOfSeed(seed, "--seed") ?? problemOfVariant(scenario, variant, "--variant");
  if (problem !== undefined) throw new UsageError(problem);
}

function aboutOf({scenario, file}: Named, variant: string | undefined): About {
  return {
    code: codeHash,
    scenario: scenario.id,
    ...(variant === undefined ? {} : {variant}),
    ...(file === undefined ? {} : {source: file.text}),
  };
}

/** A file that is written as the run goes on: what is in it by then outlives this process. */
function fileFor(path: string): {readonly write: Sink; readonly close: () => void} {
  const where = `--trace ${path}`;
  const file = written(where, () => openSync(path, "w"));
  return {write: (bytes) => written(where, () => writeFileSync(file, bytes)), close: () => closeSync(file)};
}

/** Writes a trace that is known whole where `--trace` says. */
export function saveTrace(path: string, trace: TraceFile): void {
  const file = fileFor(path);
  file.write(writeTrace(trace));
  file.close();
}

/** Lines to paste: see it, run it again, and keep it unless it is kept. */
function advise(name: string, done: Performed, {variant, trace}: RunOptions, io: Io): void {
  const what = `${shellWord(name)} --seed ${shellWord(done.seed)}`;
  const overlay = variant === undefined ? "" : ` --variant ${shellWord(variant)}`;
  const event = done.violation?.evidence.at(-1);
  const at = event === undefined ? "" : ` --at ${shellWord(event)}`;
  io.out(`see it:        ${io.command} open ${what}${overlay}${at}\n`);
  io.out(`run it again:  ${io.command} run ${what}${overlay}\n`);
  if (trace === undefined)
    io.out(`keep it:       ${io.command} run ${what}${overlay} --trace failure.trace\n`);
}

/** Where it was kept, and how to look at it. */
export function adviseKept(trace: string, io: Io): void {
  const file = shellWord(trace);
  io.out(`kept:          ${trace}\n`);
  io.out(`replay it:     ${io.command} replay ${file}\n`);
  io.out(`its disks:     ${io.command} inspect ${file} --member n1 --disk\n`);
}
