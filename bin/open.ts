// `etcdscope` and `etcdscope open`: serves the page from this machine and prints the address, at the right moment.

import type {Scenario} from "../scenarios/format.ts";
import {scenarioOf} from "../scenarios/index.ts";
import type {TraceLine} from "../sim/trace/trace.ts";
import {parseEventId} from "../sim/world/lanes.ts";
import {codeHash} from "../sim/trace/code.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {actsOf, scenarioHash, wholeHash} from "./link.ts";
import type {Link} from "../viz/protocol.ts";
import {readOrRefuse, scenarioOfTrace} from "./replay.ts";
import {serve, siteFolder} from "./serve.ts";
import {scenarioNamed, textOf} from "./source.ts";

export interface OpenOptions {
  readonly port: number;
  readonly seed?: string;
  readonly at?: string;
}

/** Serves until it is stopped. `what` is a scenario, a scenario's file or a trace; undefined opens the page as it is. */
export async function openPage(what: string | undefined, options: OpenOptions, io: Io): Promise<Exit> {
  if (options.at !== undefined && parseEventId(options.at) === undefined) {
    throw new UsageError(`--at: found ${JSON.stringify(options.at)}, expected an event such as n1→n3#17`);
  }
  const hash = what === undefined ? "" : await hashOf(what, options);
  const {server, address} = await serve(siteFolder(), options.port);
  io.out(`${address}${hash}\n`);
  io.err("serving on this machine only; Ctrl-C stops it\n");
  await io.stopped();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return 0;
}

/** What stands behind the address. */
export async function hashOf(what: string, {seed, at}: Pick<OpenOptions, "seed" | "at">): Promise<string> {
  if (scenarioOf(what) === undefined && /[./\\]/.test(what)) {
    const text = await textOf(what, "a scenario's file or a trace");
    if (/^\s*\{\s*"etcdscope"/.test(text)) return hashOfTrace(text, what, at);
  }
  const {scenario, file} = await scenarioNamed(what);
  const line = at === undefined ? undefined : await lineOf(scenario, seed, at, what);
  if (file === undefined) return scenarioHash(scenario.id, seed, at);
  return wholeHash({
    format: 1,
    scenario: {text: file.text},
    seed: seed ?? scenario.run.seed,
    acts: [],
    ...cursorAt(line),
    code: codeHash,
  });
}

/** The event's line in a run of the scenario, which must have it. */
async function lineOf(
  scenario: Scenario,
  seed: string | undefined,
  at: string,
  what: string,
): Promise<TraceLine> {
  const {perform} = await import("../scenarios/perform.ts");
  const {lines} = perform(scenario, {...(seed === undefined ? {} : {seed}), lines: true});
  return lineNamed(lines, at, what);
}

function lineNamed(lines: readonly TraceLine[], at: string, what: string): TraceLine {
  const line = lines.find(({id}) => id === at);
  if (line === undefined)
    throw new UsageError(`--at: found ${JSON.stringify(at)}, expected an event of ${what} with this seed`);
  return line;
}

function cursorAt(line: TraceLine | undefined): Pick<Link, "cursor" | "chain"> {
  return {cursor: {event: line?.id ?? "", time: line?.at ?? 0}, chain: line?.hash.slice(0, 8) ?? ""};
}

/** A trace opens as the scenario it came from, with what was done to it besides. */
async function hashOfTrace(text: string, path: string, at: string | undefined): Promise<string> {
  const trace = readOrRefuse(text, path);
  const {header, lines} = trace;
  const scenario = await scenarioOfTrace(header, path);
  if (scenario === undefined || header.variant !== undefined) {
    const found = JSON.stringify(header.variant ?? header.scenario ?? null);
    throw new UsageError(
      `${path}: line 1: found ${found}, expected a scenario that the page can open; replay it instead`,
    );
  }
  const line = at === undefined ? undefined : lineNamed(lines, at, path);
  const acts = actsOf(trace);
  if (acts.length === 0 && header.source === undefined) return scenarioHash(scenario.id, header.seed, at);
  return wholeHash({
    format: 1,
    scenario: header.source === undefined ? scenario.id : {text: header.source},
    seed: header.seed,
    acts,
    ...cursorAt(line),
    code: header.code,
  });
}
