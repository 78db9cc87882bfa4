// `etcdscope export`: a run on record in the form that another tool reads, after the run was run again.

import {writeFile} from "node:fs/promises";
import {versionOf} from "../sim/bug/museum.ts";
import {execute} from "../sim/execute.ts";
import {exporters, exportFormats} from "../sim/trace/export/formats.ts";
import type {ExportFormat} from "../sim/trace/export/formats.ts";
import {runOf} from "../sim/trace/replay.ts";
import type {TraceFile} from "../sim/trace/trace.ts";
import type {TakenEvent} from "../sim/world/record.ts";
import {didYouMean} from "./didYouMean.ts";
import {foundWords} from "./errno.ts";
import type {Exit, Io} from "./io.ts";
import {UsageError} from "./io.ts";
import {refusal} from "./refuse.ts";
import {noteCut, readOrRefuse} from "./replay.ts";
import {shellWord} from "./report.ts";
import {eventLines} from "./eventLines.ts";
import {contentOf} from "./source.ts";

export interface ExportOptions {
  readonly to: string;
  readonly format: string;
}

export async function exportTrace(path: string, {to, format}: ExportOptions, io: Io): Promise<Exit> {
  const known = exportFormats.find((one) => one === format);
  if (known === undefined)
    throw new UsageError(
      `${refusal("--format", format, `one of ${exportFormats.join(", ")}`)}${didYouMean(format, exportFormats)}`,
    );
  const trace = readOrRefuse(await contentOf(path, "a trace"), path);
  noteCut(trace, path, io);
  if (known === "tla") for (const line of beyondSpecification(trace)) io.err(`note: ${line}\n`);
  const {text, differs} = exported(trace, known);
  if (differs !== undefined) {
    io.err(
      `${path}: event ${differs.step} of the run, ${differs.id}, is not what the trace says; nothing is exported (etcdscope replay tells more)\n`,
    );
    return 1;
  }
  try {
    await writeFile(to, text);
  } catch (error) {
    throw new UsageError(
      `--to ${to}: found ${foundWords(error, "no such folder")}, expected a file that can be written`,
    );
  }
  io.out(`${to}: a run of ${trace.lines.length} events as ${known}\n`);
  if (known === "jepsen" || known === "etcd") io.out(`check it:  ${io.command} check ${shellWord(to)}\n`);
  return 0;
}

/** The file's text, or the first event that is not the trace's. */
export function exported(
  trace: TraceFile,
  format: ExportFormat,
): {readonly text: string; readonly differs: TakenEvent | undefined} {
  const run = runOf(trace.header);
  const exporter = exporters[format]({run, text: firstLine});
  let differs: TakenEvent | undefined;
  const {view} = execute(run, {
    versions: versionOf,
    notes: exporter.notes,
    onEvent: (record, world) => {
      if (trace.lines.agrees(record.step - 1, record)) exporter.take(record, world);
      else differs = record;
      return differs !== undefined;
    },
  });
  return {text: exporter.end(view), differs};
}

function firstLine(record: TakenEvent): string | undefined {
  const [first = ""] = eventLines(record);
  return first === "" ? undefined : first;
}

/** What of this run the TLA+ specification does not have, so that it would not accept it. */
function beyondSpecification({header: {config, script}}: TraceFile): readonly string[] {
  const {raft, learners} = config;
  const compacts = raft.snapshotEvery > 0;
  const changes = script.some(
    ({do: action}) => action.kind === "client" && action.op.includes("reconfigure"),
  );
  const said: readonly (readonly [boolean, string])[] = [
    [raft.preVote, "pre-votes"],
    [raft.checkQuorum, "a leader that steps down without a quorum"],
    [compacts, "logs that are compacted"],
    [learners > 0, "learners from the beginning"],
    [changes, "joint configurations"],
  ];
  const beyond = said.flatMap(([is, what]) => (is ? [what] : []));
  return beyond.length === 0
    ? []
    : [`etcd's specification does not have ${beyond.join(", ")}, which this run may`];
}
