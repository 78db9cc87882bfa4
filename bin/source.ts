// What a person names on the command line: a scenario of ours, a file with one, or a trace.

import {readFile} from "node:fs/promises";
import {basename} from "node:path";
import type {Scenario} from "../scenarios/format.ts";
import {scenarioOf, scenarios} from "../scenarios/index.ts";
import type {ScenarioReader} from "../scenarios/read.ts";
import {UsageError} from "./io.ts";

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
    const ids = scenarios.map(({id}) => id).join(", ");
    throw new UsageError(
      `found no scenario called ${JSON.stringify(name)}, expected one of ${ids}, or a file`,
    );
  }
  const text = await textOf(name, "a scenario's file");
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

/** A file's text; `what` says what was expected. */
export async function textOf(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "error";
    const found = code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a folder" : code;
    throw new UsageError(`${path}: found ${found}, expected ${what}`);
  }
}
