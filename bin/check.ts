// `etcdscope check`: whether a history that somebody else recorded is linearizable; if it is not, what cannot be explained.

import {writeFile} from "node:fs/promises";
import {performance} from "node:perf_hooks";
import {callText} from "../sim/record/call.ts";
import type {Call} from "../sim/record/call.ts";
import {readRecording, writers} from "../sim/record/formats.ts";
import type {Recording} from "../sim/record/formats.ts";
import {isOfLists} from "../sim/record/lists.ts";
import {judge} from "../sim/record/judge.ts";
import type {Judgement} from "../sim/record/judge.ts";
import type {Explanation} from "../sim/record/windows.ts";
import {checkLists} from "./checkLists.ts";
import {columns, cut} from "./columns.ts";
import {didYouMean} from "./didYouMean.ts";
import {foundWords} from "./errno.ts";
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

/** Rows of a table, keys that are explained at length, and characters of a cell that says what was done. */
const rowsMax = 12;
const keysMax = 3;
const cellMax = 60;

const exits = {pass: 0, fail: 1, unknown: 3} as const;

export async function check(path: string, options: CheckOptions, io: Io): Promise<Exit> {
  const text = await textIn(path, io);
  if (options.model === "list-append" || isOfLists(text)) {
    if (options.to !== undefined || options.format !== undefined)
      throw new UsageError(`${path}: found transactions on lists, expected what a --format can tell of`);
    return checkLists(path, text, options.json === true, io);
  }
  const recording = recordingIn(path, text, io);
  await convert(recording, options, path);
  const began = performance.now();
  const judgement = judge(recording, {budget: options.budget, all: options.all === true});
  const wallMs = Math.round((performance.now() - began) * 1000) / 1000;
  if (options.json === true) io.out(`${JSON.stringify(reportOf(recording, judgement, wallMs))}\n`);
  else
    print(
      recording,
      judgement,
      {wallMs, budget: options.budget, command: `${io.command} check ${shellWord(path)}`},
      io,
    );
  return exits[judgement.verdict];
}

async function textIn(path: string, io: Io): Promise<string> {
  const content = await contentOf(path, "a history");
  if (isTrace(content))
    throw new UsageError(
      `${path}: this is a trace, expected a history: ${io.command} export ${shellWord(path)} --to history.edn --format jepsen makes one`,
    );
  return textOfFile(content);
}

function recordingIn(path: string, text: string, io: Io): Recording {
  const read = readRecording(text);
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

const verdictWords = {
  pass: "held: the history is linearizable",
  fail: "VIOLATED: the history is not linearizable",
  unknown: "unknown: the budget ran out",
} as const;

function print(recording: Recording, judgement: Judgement, {wallMs, budget, command}: About, io: Io): void {
  const {verdict, keys, steps} = judgement;
  const one = recording.of === "texts" ? "text" : "register";
  const objects = keys.length === 1 ? `one ${one}` : `${keys.length} ${one}s`;
  io.out(`${verdictWords[verdict]}\n`);
  io.out(`${recording.operations} operations on ${objects}, ${steps} steps, ${wallMs.toFixed(1)} ms\n`);
  const broken = keys.filter(({explain}) => explain !== undefined);
  for (const {key, explain} of broken.slice(0, keysMax))
    if (explain !== undefined) printBreach(key, explain(), io);
  if (broken.length > keysMax)
    io.out(`\nand ${broken.length - keysMax} keys more that are violated (--json has all)\n`);
  const open = keys.filter((key) => key.verdict === "unknown");
  if (verdict === "pass" || open.length === 0) return;
  if (keys.length > 1) io.out(`\nnot settled: ${listed(open.map(({key}) => key))}\n`);
  if (verdict === "fail") io.out(`to go on with them: ${command} --all\n`);
  else io.out(`to search longer: ${command} --budget ${budget * 10}\n`);
}

function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, rowsMax)
    .map((name) => cut(name, 20))
    .join(", ");
  return names.length > rowsMax ? `${shown} and ${names.length - rowsMax} more` : shown;
}

function printBreach(key: string, {blocked, order, from, window}: Explanation, io: Io): void {
  const of = key === "" ? "" : `key ${cut(key, 40)}: `;
  const what = cut(callText(blocked), cellMax);
  io.out(
    `\n${of}no order explains that ${what} returned to process ${blocked.process} at line ${blocked.returned}\n`,
  );
  const whatever = from === undefined ? "" : `, whatever was there before line ${from}`;
  io.out(`the shortest window that no order explains${whatever}:\n`);
  printCalls(window, blocked, io);
  if (order.length === 0) return;
  io.out(
    `an order that explains all before line ${blocked.returned}, ${order.length} operations; its end:\n`,
  );
  printCalls(order, blocked, io);
}

/** The last of them. */
function printCalls(calls: readonly Call[], blocked: Call, io: Io): void {
  if (calls.length > rowsMax) io.out(`  … ${calls.length - rowsMax} before\n`);
  const rows = calls
    .slice(-rowsMax)
    .map((call) => [
      `  ${call.invoked}`,
      call.returned === undefined ? "…" : `${call.returned}`,
      call.process,
      cut(callText(call), cellMax) + (call === blocked ? "  ◀" : ""),
    ]);
  for (const line of columns([["  line", "to", "process", "what"], ...rows], [0, 1, 2])) io.out(`${line}\n`);
}
