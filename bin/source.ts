// What a person names on the command line: a scenario of ours, a file with one, or a trace.

import {readFile} from "node:fs/promises";
import {basename} from "node:path";
import type {Bug} from "../core/server/config.ts";
import type {Scenario} from "../scenarios/format.ts";
import {scenarioOf, scenarios} from "../scenarios/index.ts";
import {museum} from "../sim/bug/museum.ts";
import type {ScenarioReader} from "../scenarios/read.ts";
import {didYouMean} from "./didYouMean.ts";
import {foundWords} from "./errno.ts";
import {UsageError} from "./io.ts";
import {isTrace} from "./refuse.ts";
import {shellWord} from "./report.ts";

/** A scenario, with the file's text when it came from one. */
export interface Named {
  readonly scenario: Scenario;
  readonly file?: {readonly path: string; readonly name: string; readonly text: string};
}

/** By id, ours or a bug's, or read from a file and validated. */
export async function scenarioNamed(name: string): Promise<Named> {
  const ours = scenarioOf(name);
  if (ours !== undefined) return {scenario: ours};
  const bug = await exhibitNamed(name);
  if (bug !== undefined) return bug;
  if (!/[./\\]/.test(name)) {
    const ids = scenarios.map(({id}) => id);
    throw new UsageError(
      `found no scenario called ${JSON.stringify(name)}, expected one of ${ids.join(", ")}, a bug of the museum (etcdscope bugs), or a file such as ./mine.json${didYouMean(name, [...ids, ...museum.map(({id}) => id)])}`,
    );
  }
  const content = await contentOf(name, "a scenario's file");
  if (isTrace(content)) {
    throw new UsageError(
      `${name}: this is a trace, expected a scenario's file: etcdscope replay ${shellWord(name)}`,
    );
  }
  const text = textOfFile(content);
  return {scenario: await scenarioIn(text, name), file: {path: name, name: basename(name), text}};
}

/** A bug's smallest scenario, as if it were a file: the page, which does not carry the museum, is sent its text. */
async function exhibitNamed(id: string): Promise<Named | undefined> {
  const {exhibitOf} = await import("../scenarios/museum/index.ts");
  const scenario = exhibitOf(id);
  if (scenario === undefined) return undefined;
  return {scenario, file: {path: id, name: `${id}.json`, text: JSON.stringify(scenario)}};
}

/** A bug of the museum; `where` is what stands before it on the command line. */
export function bugNamed(id: string, where: string): Bug {
  const bug = museum.find((one) => one.id === id);
  if (bug !== undefined) return bug;
  const ids = museum.map((one) => one.id);
  const found = `${where}: found ${JSON.stringify(id)}`;
  throw new UsageError(`${found}, expected one of those that etcdscope bugs lists${didYouMean(id, ids)}`);
}

/** At most one: it is made when the first file is read, and costs more than the run that follows. */
const readers: ScenarioReader[] = [];

/** Validates a file's text. */
export async function scenarioIn(text: string, path: string): Promise<Scenario> {
  const {ScenarioReader: Reader} = await import("../scenarios/read.ts");
  const reader = (readers[0] ??= new Reader());
  const read = reader.read(text);
  if (read.ok) return read.value;
  throw new UsageError(`${path}: ${read.error}`);
}

/** A scenario's id out of a file's name: `found-65` of `out/found-65.trace`. */
export function idOfFile(path: string): string {
  const words = basename(path)
    .replace(/\.(trace|json)$/, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  const name = /^[a-z]/.test(words) ? words : `run-${words.replace(/^-/, "")}`;
  return name.slice(0, 40).replace(/-+$/, "");
}

/** A file's text, as UTF-8. */
export function textOfFile(content: Uint8Array): string {
  return new TextDecoder("utf-8", {ignoreBOM: true}).decode(content);
}

/** What a file holds; `what` says what was expected. */
export async function contentOf(path: string, what: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`${path}: found ${foundWords(error, "no such file")}, expected ${what}`);
  }
}
