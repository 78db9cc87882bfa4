// `etcdscope explore`: a named space, completely, or to the first claim that breaks. By depth, which needs little memory;
// by breadth where a claim is expected to break, and where one did, so that the way that is shown is a shortest.

import process from "node:process";
import {unreachable} from "../core/base/assert.ts";
import {worded} from "../core/base/said.ts";
import {soundVersion} from "../core/server/config.ts";
import {describePeerMessage} from "../core/server/peer.ts";
import {versionOf} from "../sim/bug/museum.ts";
import type {Violation} from "../sim/check/checker.ts";
import {standardChecks} from "../sim/check/standard.ts";
import {checkWords} from "../sim/check/words.ts";
import {execute} from "../sim/execute.ts";
import {budgets} from "../sim/explore/action.ts";
import type {Action, Budget} from "../sim/explore/action.ts";
import type {ClusterSpace, ClusterState} from "../sim/explore/clusterSpace.ts";
import {allReductions, Explorer, noReductions} from "../sim/explore/explorer.ts";
import type {Counterexample, Explored, ExploreOptions} from "../sim/explore/explorer.ts";
import {makeSpace, spaces} from "../sim/explore/spaces.ts";
import type {NamedSpace} from "../sim/explore/spaces.ts";
import {runOfPath} from "../sim/explore/worldRun.ts";
import {codeHash} from "../sim/trace/code.ts";
import {traceOf} from "../sim/trace/replay.ts";
import {didYouMean} from "./didYouMean.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {progressOfStates} from "./progress.ts";
import {shellWord} from "./report.ts";
import {adviseKept, saveTrace} from "./run.ts";
import {bugNamed} from "./source.ts";

export interface ExploreCommandOptions {
  readonly list?: true;
  readonly bug?: string;
  readonly plain?: true;
  readonly states?: number;
  readonly trace?: string;
  readonly json?: true;
}

/** What a search came to, in its own terms, and what it took. */
interface Came {
  readonly named: NamedSpace;
  readonly options: ExploreCommandOptions;
  readonly found: Explored<Action>;
  /** To the claim that broke. */
  readonly shortest: Counterexample<Action> | undefined;
  /** Of processor time, for the first search. */
  readonly seconds: number;
}

/** Actions between two looks at the progress. */
const slice = 1 << 15;

export async function explore(
  name: string | undefined,
  options: ExploreCommandOptions,
  io: Io,
): Promise<Exit> {
  if (options.list === true) return list(options, io);
  const named = spaceNamed(name);
  const bugs = options.bug === undefined ? [] : [bugNamed(options.bug, "--bug").id];
  const make = (): ClusterSpace => makeSpace(named, bugs.length === 0 ? soundVersion : versionOf(bugs));
  const reductions = options.plain === true ? noReductions : allReductions;
  const order = bugs.length === 0 ? "depth" : "breadth";
  const began = process.cpuUsage();
  const found = await search(make(), {order, reductions, statesMax: options.states ?? Infinity}, io);
  const {user, system} = process.cpuUsage(began);
  const broken = found.violations.length > 0;
  const byBreadth = broken && order === "depth" ? await search(make(), {order: "breadth"}, io) : found;
  const [shortest] = byBreadth.violations;
  if (options.trace !== undefined && shortest !== undefined)
    await keep(options.trace, named, bugs, shortest.path);
  const came = {named, options, found, shortest, seconds: (user + system) / 1_000_000};
  if (options.json === true) io.out(`${JSON.stringify(reportOf(came))}\n`);
  else print(came, io);
  return broken ? 1 : found.complete ? 0 : 3;
}

/** To the end, or to the first claim that breaks. */
async function search(
  space: ClusterSpace,
  options: ExploreOptions<ClusterState>,
  io: Io,
): Promise<Explored<Action>> {
  const progress = await progressOfStates(space.name, io);
  const explorer = new Explorer(space, {...options, stopAtFirst: true});
  while (explorer.advance(slice)) progress.update(explorer.states, explorer.waiting);
  progress.stop();
  return explorer.explored();
}

async function keep(
  file: string,
  named: NamedSpace,
  bugs: readonly string[],
  path: readonly Action[],
): Promise<void> {
  const run = runOfPath(named, bugs, path);
  if (run === undefined) {
    throw new UsageError(`--trace ${file}: the way has heartbeats in it, expected one that is a run`);
  }
  const done = execute(run, {versions: versionOf, checkers: standardChecks(), lines: true});
  saveTrace(file, traceOf(done, {code: codeHash}));
}

function spaceNamed(name: string | undefined): NamedSpace {
  const known = spaces.find(({id}) => id === name);
  if (known !== undefined) return known;
  const ids = spaces.map(({id}) => id);
  const found = name === undefined ? "no space was named" : `found no space called ${JSON.stringify(name)}`;
  throw new UsageError(
    `${found}, expected one of ${ids.join(", ")} (--list has their bounds)${didYouMean(name ?? "", ids)}`,
  );
}

function list({json}: ExploreCommandOptions, io: Io): Exit {
  if (json === true) {
    io.out(`${JSON.stringify(spaces)}\n`);
    return 0;
  }
  const width = Math.max(...spaces.map(({id}) => id.length));
  for (const named of spaces) io.out(`${named.id.padEnd(width)}  ${describeSpace(named)}\n`);
  return 0;
}

const budgetWords: Readonly<Record<Budget, string>> = {
  drop: "lost messages",
  duplicate: "doubled messages",
  crash: "crashes",
  request: "requests",
  heartbeat: "heartbeats",
};

function describeSpace({of, members, bounds, slowDisk, raft}: NamedSpace): string {
  const who = of === "raft" ? "bare raft nodes, storage in one step" : "whole servers";
  const disk = slowDisk === true ? ", disks that do one operation after the other" : "";
  const small = raft?.messageBytesMax === 0 ? ", one entry in a message" : "";
  const most = budgets.flatMap((budget) => {
    const count = bounds[budget] ?? 0;
    return count === 0 ? [] : [`${budgetWords[budget]}: ${count}`];
  });
  return `${members} ${who}${disk}${small}; terms: ${[String(bounds.terms), ...most].join(", ")}`;
}

/** The keys that scripts know come first. */
function reportOf({named, options, found, shortest, seconds}: Came): object {
  const {states, runs, broken, transitions, terminal, depth, frontier, cut, complete} = found;
  return {
    states,
    runs,
    violations: broken,
    statesPerSecond: Math.round(states / Math.max(seconds, 0.001)),
    bytesPerState: bytesPerState(found),
    space: named.id,
    ...(options.bug === undefined ? {} : {bug: options.bug}),
    complete,
    transitions,
    terminal,
    depth,
    frontier,
    cut,
    cpuMs: Math.round(seconds * 1000),
    ...(shortest === undefined ? {} : {found: foundOf(shortest)}),
  };
}

function foundOf({violation, path}: Counterexample<Action>): object {
  return {check: violation.check, says: wordsOf(violation), path: path.map(describeAction)};
}

/** Of what is kept of every state. */
function bytesPerState({bytesOfTable, states}: Explored<Action>): number {
  return Math.ceil(bytesOfTable / states);
}

function print(came: Came, io: Io): void {
  const {named, options, found, shortest, seconds} = came;
  const {states, transitions, terminal, depth, cut, complete} = found;
  const bug = options.bug === undefined ? "" : `, every member with ${options.bug}`;
  io.out(`${named.id}: ${describeSpace(named)}${bug}\n`);
  const whole = complete ? "every state was met" : "not every state was met";
  io.out(
    `${states} states by ${transitions} actions, ${terminal} with nothing left to do, at most ${depth} actions deep: ${whole}\n`,
  );
  if (options.plain !== true) {
    io.out(
      `left out, for nothing new would be seen: ${cut.sleep} actions whose other order was, ${cut.symmetry} states that\n` +
        `  are one that was with members renamed; ${cut.settle} times messages that came too late to matter\n`,
    );
  }
  const rate = Math.round(states / Math.max(seconds, 0.001));
  io.out(`${rate} states per second of processor time, ${bytesPerState(found)} bytes kept of each\n`);
  if (shortest !== undefined) printWay(shortest, came, io);
  else io.out(complete ? "no claim broke in any state\n" : "no claim broke so far\n");
  if (shortest === undefined && options.trace !== undefined)
    io.out(`${options.trace} was not written: there is nothing to keep\n`);
}

function printWay({violation, path}: Counterexample<Action>, {options, named}: Came, io: Io): void {
  io.out(`${violation.check} VIOLATED: ${wordsOf(violation)}\n`);
  io.out(`the shortest way there:\n`);
  const width = String(path.length).length;
  for (const [i, action] of path.entries())
    io.out(`  ${String(i + 1).padStart(width)}  ${describeAction(action)}\n`);
  if (options.trace !== undefined) {
    adviseKept(options.trace, io);
    io.out(`see it:        ${io.command} open ${shellWord(options.trace)}\n`);
  } else if (options.bug !== undefined)
    io.out(`keep it:       ${io.command} explore ${named.id} --bug ${options.bug} --trace failure.trace\n`);
}

function wordsOf({said}: Violation): string {
  return worded(checkWords, said, "en");
}

function describeAction({kind, member, letter}: Action): string {
  const message = letter === undefined ? "" : describePeerMessage(letter.message);
  switch (kind) {
    case "deliver":
      return `n${member} receives ${message}`;
    case "duplicate":
      return `n${member} receives ${message}, which stays on its way`;
    case "drop":
      return `lost: ${message}`;
    case "timeout":
      return `n${member}'s election timer runs out`;
    case "heartbeat":
      return `n${member} sends heartbeats`;
    case "request":
      return `a client asks n${member}`;
    case "disk":
      return `n${member}'s disk has done its oldest operation`;
    case "crash":
      return `n${member} crashes and comes back`;
    default:
      return unreachable(kind);
  }
}
