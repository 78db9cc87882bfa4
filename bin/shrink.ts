// `etcdscope shrink`: from a trace in which a check fails to the smallest run that still fails it, as a scenario to read and
// as a trace. Stopped by its budget or by a person, it answers with the smallest so far.

import {accessSync, constants} from "node:fs";
import {dirname} from "node:path";
import {performance} from "node:perf_hooks";
import process from "node:process";
import {worded} from "../core/base/said.ts";
import type {Scenario} from "../scenarios/format.ts";
import {scenarioOfRecord, scenarioOfSmaller} from "../scenarios/ofRun.ts";
import {perform} from "../scenarios/perform.ts";
import {versionOf} from "../sim/bug/museum.ts";
import type {Checker} from "../sim/check/checker.ts";
import {checkWords} from "../sim/check/words.ts";
import {execute} from "../sim/execute.ts";
import {shrink} from "../sim/explore/shrink.ts";
import type {Shrunk} from "../sim/explore/shrink.ts";
import {checksOfTrace, trialChecks} from "../sim/explore/trial.ts";
import type {Run} from "../sim/run.ts";
import {codeHash} from "../sim/trace/code.ts";
import {writeTrace} from "../sim/trace/file.ts";
import {runOf, traceOf} from "../sim/trace/replay.ts";
import {didYouMean} from "./didYouMean.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {refusal} from "./refuse.ts";
import {readOrRefuse} from "./replay.ts";
import {shellWord} from "./report.ts";
import {contentOf, idOfFile} from "./source.ts";
import {writeWhole, written} from "./written.ts";

export interface ShrinkOptions {
  readonly check?: string;
  /** Seconds. */
  readonly budget: number;
  readonly out?: string;
  readonly json?: true;
}

interface Size {
  readonly interventions: number;
  readonly choices: number;
  readonly members: number;
  readonly clients: number;
  readonly events: number;
}

export async function shrinkFile(path: string, options: ShrinkOptions, io: Io): Promise<Exit> {
  const {out} = options;
  const stem = (out ?? path).replace(/\.(trace|json)$/, "") + (out === undefined ? "-small" : "");
  const {header} = readOrRefuse(await contentOf(path, "a trace"), path);
  const run = runOf(header);
  const checkers = (): readonly Checker[] => checksOfTrace(header);
  const began = performance.now();
  const check = options.check ?? firstOf(run, checkers(), path);
  const names = checkers().map(({name}) => name);
  if (!names.includes(check))
    throw new UsageError(
      `${refusal("--check", check, 'a check of the run, such as "Election Safety" (etcdscope replay names all)')}` +
        didYouMean(check, names),
    );
  // Said before the search, not after it.
  written(`${stem}.json`, () => accessSync(dirname(stem), constants.W_OK));
  let stopping = false;
  const onSignal = (): void => {
    stopping = true;
  };
  process.once("SIGINT", onSignal);
  const shrunk = shrink(run, {
    versions: versionOf,
    checkers,
    check,
    stop: () => stopping || performance.now() - began > 1000 * options.budget,
    onSmaller: (found) => {
      if (io.interactive) io.err(`\r\x1b[K${progressLine(found)}`);
    },
  });
  process.off("SIGINT", onSignal);
  if (io.interactive) io.err("\r\x1b[K");
  if (shrunk === undefined)
    throw new UsageError(`${path}: found that ${check} holds, expected a run that fails it`);
  return tell(run, shrunk, stem, options, io);
}

function firstOf(run: Run, checkers: readonly Checker[], path: string): string {
  const {violation} = execute(run, {versions: versionOf, checkers});
  if (violation === undefined)
    throw new UsageError(`${path}: found that every check holds, expected a run that fails one`);
  return violation.check;
}

function progressLine({run, events, tried}: Shrunk): string {
  return `${run.script.length} interventions, ${run.choices.length} choices, ${events} events; ${tried} runs`;
}

function tell(from: Run, shrunk: Shrunk, stem: string, {json}: ShrinkOptions, io: Io): Exit {
  const scenario = scenarioFor(shrunk, stem);
  const source = `${JSON.stringify(scenario, undefined, 2)}\n`;
  const files = {trace: `${stem}.trace`, scenario: `${stem}.json`};
  const done = perform(scenario, {lines: true});
  writeWhole(files.trace, writeTrace(traceOf(done, {code: codeHash, scenario: scenario.id, source})));
  writeWhole(files.scenario, source);
  const [before, after] = [sizeOf(from, from.limits.events), sizeOf(shrunk.run, shrunk.events)];
  const {violation, tried, isMinimal} = shrunk;
  if (json === true) {
    const {check} = violation;
    io.out(`${JSON.stringify({from: before, to: after, check, tried, minimal: isMinimal, ...files})}\n`);
    return 0;
  }
  io.out(`${violation.check}: ${worded(checkWords, violation.said, "en")}\n`);
  io.out(`from ${words(before)}\nto   ${words(after)}\n`);
  io.out(
    `${tried} runs; ${isMinimal ? "nothing can be left out" : "stopped before nothing could be left out"}\n`,
  );
  io.out(`wrote ${files.scenario} and ${files.trace}\n`);
  const at = shellWord(violation.evidence.at(-1) ?? "");
  io.err(`see it:        ${io.command} open ${shellWord(files.trace)} --at ${at}\n`);
  io.err(`run it again:  ${io.command} run ${shellWord(files.scenario)}\n`);
  return 0;
}

/** With moments that a person can read, if it fails so too; else event by event. */
function scenarioFor({run, recorded, violation, at}: Shrunk, path: string): Scenario {
  const id = idOfFile(path);
  const readable = scenarioOfSmaller(id, {run, check: violation.check, at});
  return perform(readable).expected ? readable : scenarioOfRecord(id, recorded, trialChecks());
}

function sizeOf({script, choices, config}: Run, events: number): Size {
  const {members, learners, spares, clients} = config;
  return {
    interventions: script.length,
    choices: choices.length,
    members: members + learners + spares,
    clients,
    events,
  };
}

function words({interventions, choices, members, clients, events}: Size): string {
  return `${interventions} interventions, ${choices} choices, ${members} members, ${clients} clients, ${events} events`;
}
