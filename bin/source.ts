// What a person names on the command line: a scenario of ours, a file with one, or a trace.

import {readFile} from "node:fs/promises";
import {basename} from "node:path";
import type {Scenario} from "../scenarios/format.ts";
import {scenarioOf, scenarios} from "../scenarios/index.ts";
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

/** By id, or read from a file and validated. */
export async function scenarioNamed(name: string): Promise<Named> {
  const ours = scenarioOf(name);
  if (ours !== undefined) return {scenario: ours};
  if (!/[./\\]/.test(name)) {
    const ids = scenarios.map(({id}) => id);
    throw new UsageError(
      `found no scenario called ${JSON.stringify(name)}, expected one of ${ids.join(", ")}, or a file such as ./mine.json${didYouMean(name, ids)}`,
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
