// `etcdscope bugs`: the museum, one bug's plaque, or which check catches which bug.

import type {Bug} from "../core/server/config.ts";
import {present} from "../core/base/assert.ts";
import {replacedRules} from "../sim/bug/exhibit.ts";
import type {Plaque} from "../sim/bug/exhibit.ts";
import {museum} from "../sim/bug/museum.ts";
import {plaques} from "../sim/bug/plaques.ts";
import {columns, filled} from "./columns.ts";
import type {Exit, Io} from "./io.ts";
import {bestText, bugsByCheck, byCount, committed, eventsText, foundText, trialsText} from "./killMatrix.ts";
import {wrapped} from "./report.ts";
import {bugNamed} from "./source.ts";

export interface BugsOptions {
  readonly matrix?: true;
  readonly json?: true;
}

/** Characters in a line. */
const lineMax = 100;

export function bugs(id: string | undefined, {matrix, json}: BugsOptions, io: Io): Exit {
  const chosen = id === undefined ? museum : [bugNamed(id, "bugs")];
  if (json === true) io.out(`${JSON.stringify(chosen.map(reportOf))}\n`);
  else if (matrix === true) printMatrix(chosen, id === undefined, io);
  else if (id !== undefined) chosen.forEach((bug) => printPlaque(bug, io));
  else printMuseum(io);
  return 0;
}

/** What scripts get of one bug. `caughtBy`: by its scenario. `seeds`, `events`: p50 and p95, where 40 detections stand behind them. */
function reportOf(bug: Bug): object {
  const {id} = bug;
  const {title, happened, source, condition, caughtBy, fix, links, hunt} = plaqueOf(id);
  const row = committed[id];
  return {
    id,
    title,
    rules: replacedRules(bug),
    source,
    happened,
    condition,
    caughtBy,
    fix,
    links,
    hunt,
    ...(row === undefined
      ? {}
      : {
          played: row.seeds,
          found: row.found.length,
          seeds: trialsText(row),
          events: eventsText(row),
          first: row.first,
          any: row.any,
        }),
  };
}

function plaqueOf(id: string): Plaque {
  return present(plaques[id], "the plaque of", id);
}

function printMuseum(io: Io): void {
  const width = Math.max(...museum.map(({id}) => id.length));
  for (const {id} of museum) io.out(`${id.padEnd(width)}  ${plaqueOf(id).title.en}\n`);
  io.out(
    `\n${museum.length} bugs. etcdscope bugs vote-twice: its plaque; run vote-twice, open vote-twice: its smallest scenario;\n` +
      "run vote-twice --variant fixed: the same steps without it; bugs --matrix: which check catches which.\n",
  );
}

function printPlaque(bug: Bug, io: Io): void {
  const {id} = bug;
  const {title, happened, source, condition, caughtBy, fix, links} = plaqueOf(id);
  const row = committed[id];
  const rules = replacedRules(bug);
  const lines: readonly (readonly [string, string])[] = [
    ["what happened", happened.en],
    ["source", source],
    ["replaces", rules.join(", ")],
    ["when it shows", condition.en],
    ["its scenario breaks", caughtBy.join(", ")],
    ...(row === undefined
      ? []
      : ([["hunted", `found in ${foundText(row)} seeds, first by ${firstText(row.first)}`]] as const)),
    ["fix", fix.en],
    ["links", links.join("\n")],
  ];
  io.out(`${id}: ${title.en}\n\n`);
  const width = Math.max(...lines.map(([name]) => name.length)) + 2;
  for (const [name, text] of lines) {
    const rows = text.split("\n").flatMap((one) => filled(one, lineMax - width));
    for (const [i, one] of rows.entries()) io.out(`${(i === 0 ? name : "").padEnd(width)}${one}\n`);
  }
  io.out(
    `\n${io.command} run ${id}    ${io.command} open ${id}    ${io.command} run ${id} --variant fixed\n`,
  );
}

function firstText(first: Readonly<Record<string, number>>): string {
  return byCount(first)
    .map(([check, count]) => `${check} (${count})`)
    .join(", ");
}

/** `isWhole`: with the converse, by check. */
function printMatrix(chosen: readonly Bug[], isWhole: boolean, io: Io): void {
  const rows = chosen.map(({id}) => {
    const row = committed[id];
    if (row === undefined) return [id, "not hunted yet"];
    return [id, foundText(row), trialsText(row), eventsText(row), bestText(row), firstText(row.first)];
  });
  const head = [
    "bug",
    "found in seeds",
    "trials",
    "events",
    "most often by",
    "caught first by (in so many seeds)",
  ];
  for (const line of columns([head, ...rows])) io.out(`${line}\n`);
  io.out("\ntrials, events: until it is found, the middle number and the one that 95 of 100 do not exceed\n");
  if (!isWhole) return;
  io.out("\n");
  for (const [check, ids] of bugsByCheck(committed)) io.out(wrapped(`${check} (${ids.length}):`, ids));
}
