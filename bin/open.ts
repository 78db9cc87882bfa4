// `etcdscope` and `etcdscope open`: serves the page from this machine and prints the address, at the right moment.

import {scenarioOf} from "../scenarios/index.ts";
import {parseEventId} from "../sim/world/lanes.ts";
import {codeHash} from "./code.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {scenarioHash, wholeHash} from "./link.ts";
import {readOrRefuse, scenarioOfTrace} from "./replay.ts";
import {serve, siteFolder} from "./serve.ts";
import {scenarioIn, scenarioNamed, textOf} from "./source.ts";

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
  if (scenarioOf(what) !== undefined) return scenarioHash(what, seed, at);
  if (!/[./\\]/.test(what)) await scenarioNamed(what);
  const text = await textOf(what, "a scenario's file or a trace");
  if (!/^\s*\{\s*"etcdscope"/.test(text)) {
    const scenario = await scenarioIn(text, what);
    return wholeHash({
      format: 1,
      scenario: {text},
      seed: seed ?? scenario.run.seed,
      acts: [],
      cursor: {event: at ?? "", time: 0},
      chain: "",
      code: codeHash,
    });
  }
  return hashOfTrace(text, what, at);
}

/** A trace opens as the scenario it came from, with what persons did. */
async function hashOfTrace(text: string, path: string, at: string | undefined): Promise<string> {
  const {header, lines} = readOrRefuse(text, path);
  const scenario = await scenarioOfTrace(header, path);
  if (scenario === undefined || header.variant !== undefined) {
    const found = header.variant ?? header.scenario;
    throw new UsageError(
      `${path}: line 1.scenario: found ${JSON.stringify(found ?? null)}, expected a scenario that the page can open; replay it instead`,
    );
  }
  const line = at === undefined ? undefined : lines.find(({id}) => id === at);
  if (at !== undefined && line === undefined) throw new UsageError(`--at: found ${at}, expected an event of ${path}`);
  const acts = header.script.filter(({origin}) => origin === "person");
  if (acts.length === 0 && header.source === undefined) return scenarioHash(scenario.id, header.seed, at);
  return wholeHash({
    format: 1,
    scenario: header.source === undefined ? scenario.id : {text: header.source},
    seed: header.seed,
    acts,
    cursor: {event: line?.id ?? "", time: line?.at ?? 0},
    chain: line?.hash.slice(0, 8) ?? "",
    code: header.code,
  });
}
