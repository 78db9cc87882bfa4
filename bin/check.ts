// `etcdscope check`: whether a history that somebody else recorded is linearizable; if it is not, what cannot be explained.

import {writeFile} from "node:fs/promises";
import {performance} from "node:perf_hooks";
import type {Call} from "../sim/record/call.ts";
import {readHistory, writers} from "../sim/record/formats.ts";
import type {EtcdRecording, Recording} from "../sim/record/formats.ts";
import {judge} from "../sim/record/judge.ts";
import type {Judgement} from "../sim/record/judge.ts";
import type {Explanation} from "../sim/record/windows.ts";
import {isOfLists} from "../sim/record/lists.ts";
import {checkEtcd} from "./checkEtcd.ts";
import {checkLists} from "./checkLists.ts";
import {cut} from "./columns.ts";
import {didYouMean} from "./didYouMean.ts";
import {foundWords} from "./errno.ts";
import {breachLines, exits, rowsMax, verdictWords} from "./historyText.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {isTrace, refusal} from "./refuse.ts";
import {shellWord} from "./report.ts";
import {contentOf, textOfFile} from "./source.ts";

export interface CheckOptions {
  readonly budget: number;
  readonly all?: true;
  readonly to?: string;
  readonly format?: string;
  readonly model?: string;
  readonly json?: true;
}

/** Keys that are explained at length. */
const keysMax = 3;

export async function check(path: string, options: CheckOptions, io: Io): Promise<Exit> {
  const text = await textIn(path, io);
  if (options.model === "list-append" || isOfLists(text)) {
    if (options.to !== undefined || options.format !== undefined)
      throw new UsageError(`${path}: found transactions on lists, expected what a --format can tell of`);
    return checkLists(path, text, options.json === true, io);
  }
  const recording = recordingIn(path, text, io);
  const command = `${io.command} check ${shellWord(path)}`;
  if (recording.of === "etcd") {
    if (options.to !== undefined || options.format !== undefined)
      throw new UsageError(
        `${path}: this is the history of an etcd, which no format but its own has words for: expected no --to and no --format`,
      );
    return checkEtcd(recording, {budget: options.budget, json: options.json === true, command}, io);
  }
  await convert(recording, options, path);
  const began = performance.now();
  const judgement = judge(recording, {budget: options.budget, all: options.all === true});
  const wallMs = Math.round((performance.now() - began) * 1000) / 1000;
  if (options.json === true) io.out(`${JSON.stringify(reportOf(recording, judgement, wallMs))}\n`);
  else print(recording, judgement, {wallMs, budget: options.budget, command}, io);
  return exits[judgement.verdict];
}

async function textIn(path: string, io: Io): Promise<string> {
  const content = await contentOf(path, "a history");
  if (isTrace(content))
    throw new UsageError(
      `${path}: this is a trace, expected a history: ${io.command} export ${shellWord(path)} --to history.edn --format etcd makes one`,
    );
  return textOfFile(content);
}

function recordingIn(path: string, text: string, io: Io): Recording | EtcdRecording {
  const read = readHistory(text);
  if (read.ok) return read.value;
  // Whoever gave another file than they meant is not helped by where it is no EDN.
  const hint = /[:→\t](invoke|ok)\b/.test(text) ? "" : `; for the formats: ${io.command} check --help`;
  throw new UsageError(`${path}: ${read.error}${hint}`);
}

/** The same history in another format. */
async function convert({calls}: Recording, {to, format}: CheckOptions, path: string): Promise<void> {
  if (to === undefined && format === undefined) return;
  const names = Object.keys(writers);
  const name = names.find((one) => one === format) as keyof typeof writers | undefined;
  if (name === undefined)
    throw new UsageError(
      refusal("--format", format, `one of ${names.join(", ")}`) + didYouMean(format ?? "", names),
    );
  if (to === undefined) throw new UsageError(refusal("--to", to, "a file to write"));
  const written = writers[name](calls);
  if (!written.ok) throw new UsageError(`${path}: ${written.error}`);
  try {
    await writeFile(to, written.value);
  } catch (error) {
    throw new UsageError(
      `${to}: found ${foundWords(error, "no such folder")}, expected a file that can be written`,
    );
  }
}

/** The keys that scripts know come first. */
function reportOf({operations}: Recording, {verdict, steps, keys}: Judgement, wallMs: number): object {
  const told = keys.map(({explain, ...key}) => ({
    ...key,
    ...(explain === undefined ? {} : {violation: violationOf(explain())}),
  }));
  return {verdict, operations, steps, wallMs, keys: told};
}

/** Calls by the lines of their events. */
function violationOf({blocked, order, from, window}: Explanation): object {
  const lines = ({invoked, returned}: Call): readonly number[] =>
    returned === undefined ? [invoked] : [invoked, returned];
  return {
    at: blocked.returned,
    prefix: order.map(lines),
    window: {from: from ?? 1, calls: window.map(lines)},
  };
}

interface About {
  readonly wallMs: number;
  readonly budget: number;
  readonly command: string;
}

function print(recording: Recording, judgement: Judgement, {wallMs, budget, command}: About, io: Io): void {
  const {verdict, keys, steps} = judgement;
  const one = recording.of === "texts" ? "text" : "register";
  const objects = keys.length === 1 ? `one ${one}` : `${keys.length} ${one}s`;
  io.out(`${verdictWords[verdict]}\n`);
  io.out(`${recording.operations} operations on ${objects}, ${steps} steps, ${wallMs.toFixed(1)} ms\n`);
  const broken = keys.filter(({explain}) => explain !== undefined);
  for (const {key, explain} of broken.slice(0, keysMax))
    if (explain !== undefined) io.out(textOf(breachLines(key, explain())));
  if (broken.length > keysMax)
    io.out(`\nand ${broken.length - keysMax} keys more that are violated (--json has all)\n`);
  const open = keys.filter((key) => key.verdict === "unknown");
  if (verdict === "pass" || open.length === 0) return;
  if (keys.length > 1) io.out(`\nnot settled: ${listed(open.map(({key}) => key))}\n`);
  if (verdict === "fail") io.out(`to go on with them: ${command} --all\n`);
  else io.out(`to search longer: ${command} --budget ${budget * 10}\n`);
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, rowsMax)
    .map((name) => cut(name, 20))
    .join(", ");
  return names.length > rowsMax ? `${shown} and ${names.length - rowsMax} more` : shown;
}
