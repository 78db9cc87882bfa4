// `etcdscope` and `etcdscope open`: serves the page from this machine and prints the address, at the right moment.

import {isDeepStrictEqual} from "node:util";
import type {Scenario} from "../scenarios/format.ts";
import {scenarioOf} from "../scenarios/index.ts";
import {scenarioOfRecord} from "../scenarios/ofRun.ts";
import {perform} from "../scenarios/perform.ts";
import {stage} from "../scenarios/resolve.ts";
import {versionOf} from "../sim/bug/museum.ts";
import {checksOfTrace} from "../sim/explore/trial.ts";
import {codeHash} from "../sim/trace/code.ts";
import {replay, runOf} from "../sim/trace/replay.ts";
import type {Difference} from "../sim/trace/replay.ts";
import type {TraceLine, TraceLines} from "../sim/trace/lines.ts";
import type {TraceFile, TraceHeader} from "../sim/trace/trace.ts";
import {parseEventId} from "../sim/world/lanes.ts";
import type {Link} from "../viz/protocol.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {cursorAt, linkIn, linkOfScenario, linkOfTrace, scenarioHash, wholeHash} from "./link.ts";
import {isTrace, problemOfSeed, problemOfVariant, refusal} from "./refuse.ts";
import {noteCut, readOrRefuse, scenarioOfTrace} from "./replay.ts";
import {servePage} from "./serve.ts";
import {contentOf, idOfFile, scenarioNamed, textOfFile} from "./source.ts";

export interface OpenOptions {
  readonly port: number;
  readonly seed?: string;
  readonly variant?: string;
  readonly at?: string;
}

/** Which run, and where in it. */
type Which = Omit<OpenOptions, "port">;

/** Serves until it is stopped. `what` is as for {@link hashOf}; undefined opens the page as it is. */
export async function openPage(what: string | undefined, options: OpenOptions, io: Io): Promise<Exit> {
  const hash = what === undefined ? "" : await hashOf(what, options, (line) => io.err(`${line}\n`));
  const {address, close} = await servePage(options.port);
  io.out(`${address}${hash}\n`);
  io.err("serving on this machine only; Ctrl-C stops it\n");
  await io.stopped();
  await close();
  return 0;
}

/**
 * What stands behind the address. `what` is a scenario, a scenario's file, a trace, or a link with or without an address
 * before its `#`. `warn` is told what does not keep it from being opened.
 */
export async function hashOf(what: string, which: Which, warn: (line: string) => void): Promise<string> {
  checkWhich(which);
  const link = /#(?:run|scenario)=.*$/s.exec(what)?.[0];
  if (link !== undefined) return hashOfLink(link, which);
  if (scenarioOf(what) === undefined && /[./\\]/.test(what)) {
    const content = await contentOf(what, "a scenario's file or a trace");
    if (isTrace(content)) return hashOfTrace(content, what, which, warn);
    const text = textOfFile(content);
    if (!beginsAsScenario(text)) {
      const found = JSON.stringify(text.trim().slice(0, 20));
      throw new UsageError(`${what}: found ${found} at its beginning, expected a trace or a scenario's file`);
    }
  }
  return hashOfScenario(what, which);
}

/** Whether a text is a scenario's, right or wrong: an object, with comments before it perhaps. */
function beginsAsScenario(text: string): boolean {
  return text.replace(/^(?:\s|\uFEFF|\/\/[^\n]*|\/\*[^]*?\*\/)*/, "").startsWith("{");
}

function checkWhich({seed, at}: Which): void {
  if (at !== undefined && parseEventId(at) === undefined) {
    throw new UsageError(`--at: found ${JSON.stringify(at)}, expected an event such as n1→n3#17`);
  }
  refuse(problemOfSeed(seed, "--seed"));
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new UsageError(problem);
}

/** Refuses options that what is opened has already. */
function refuseGiven(options: Readonly<Record<string, string | undefined>>, what: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) refuse(refusal(`--${name}`, value, `none: ${what} has its own`));
  }
}

function hashOfLink(hash: string, {seed, variant, at}: Which): string {
  refuseGiven({seed, variant, at}, "a link");
  if (hash.startsWith("#run=") && linkIn(hash) === undefined) {
    throw new UsageError(`${hash.slice(0, 20)}…: found a damaged link, expected one copied whole`);
  }
  return hash;
}

async function hashOfScenario(what: string, {seed, variant, at}: Which): Promise<string> {
  const {scenario, file} = await scenarioNamed(what);
  refuse(problemOfVariant(scenario, variant, "--variant"));
  const performing = {...(seed === undefined ? {} : {seed}), ...(variant === undefined ? {} : {variant})};
  const line =
    at === undefined ? undefined : lineNamed(perform(scenario, {...performing, lines: true}).lines, at, what);
  if (file === undefined && variant === undefined) return scenarioHash(scenario.id, seed, at);
  return wholeHash({
    format: 1,
    scenario: file === undefined ? scenario.id : {text: file.text},
    ...(variant === undefined ? {} : {variant}),
    seed: stage(scenario, performing).run.seed,
    acts: [],
    ...cursorAt(line),
    code: codeHash,
  });
}

function lineNamed(lines: TraceLines, at: string, what: string): TraceLine {
  const line = lines.named(at);
  if (line === undefined)
    throw new UsageError(`--at: found ${JSON.stringify(at)}, expected an event of ${what} with this seed`);
  return line;
}

/** A trace opens as the run that it has on record, after that was run again: what differs is said, and opened still. */
async function hashOfTrace(
  content: Uint8Array,
  path: string,
  {seed, variant, at}: Which,
  warn: (line: string) => void,
): Promise<string> {
  refuseGiven({seed, variant}, "a trace");
  const trace = readOrRefuse(content, path);
  noteCut(trace, path, {err: (line) => warn(line.trimEnd())});
  const {header, lines} = trace;
  const scenario = await scenarioOfTrace(header, path);
  if (at !== undefined) lineNamed(lines, at, path);
  if (scenario !== undefined && isOurs(header) && isOwnRun(scenario, trace))
    return scenarioHash(scenario.id, header.seed, at);
  const difference = replay(trace, {versions: versionOf}).difference;
  const link = linkFor(trace, scenario, path, at);
  if (difference === undefined) return wholeHash(link);
  warn(
    `note: ${path} differs from its own run at event ${difference.step}; the page shows the run (etcdscope replay ${path} tells more)`,
  );
  return wholeHash({...link, differs: wordsOf(difference)});
}

function isOurs({source, variant}: TraceHeader): boolean {
  return source === undefined && variant === undefined;
}

/** The run as its scenario's, with what was done on record; where none would make it, as a scenario of its own. */
function linkFor(
  trace: TraceFile,
  scenario: Scenario | undefined,
  path: string,
  at: string | undefined,
): Link {
  const {header} = trace;
  if (scenario !== undefined && isStagedAlike(scenario, header)) return linkOfTrace(trace, at);
  const own = scenarioOfRecord(idOfFile(path), runOf(header), checksOfTrace(header));
  return linkOfScenario(JSON.stringify(own), trace, at);
}

/** Whether the scenario has all of the run but what was done to it. */
function isStagedAlike(scenario: Scenario, {seed, variant, config, versions, choices}: TraceHeader): boolean {
  const {run} = stage(scenario, {seed, ...(variant === undefined ? {} : {variant})});
  const made = {config: run.config, versions: run.versions, choices: run.choices};
  return isDeepStrictEqual(made, {config, versions, choices});
}

/** Whether a trace says what the scenario does by itself with this seed. */
function isOwnRun(scenario: Scenario, {header: {seed, end}, lines}: TraceFile): boolean {
  const own = perform(scenario, {seed, lines: true});
  return own.traceHash === end.hash && isSame(lines, own.lines);
}

function isSame(a: TraceLines, b: TraceLines): boolean {
  for (let place = 0; place < a.length; place++) {
    const event = a.marked(place);
    if (event === undefined || !b.agrees(place, event)) return false;
  }
  return a.length === b.length;
}

/** For the page's notice: the chain, or where that is the same, name and time. */
function wordsOf({expected, actual}: Difference): NonNullable<Link["differs"]> {
  const same = expected?.hash === actual?.hash;
  const words = (line: TraceLine | undefined): string => {
    if (line === undefined) return "–";
    return same ? `${line.id} (${line.at} us)` : line.hash;
  };
  return {event: (actual ?? expected)?.id ?? "", expected: words(expected), found: words(actual)};
}
