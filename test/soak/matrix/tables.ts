// docs/museum.md: the museum, which check catches which bug, and etcd's own track record, written by the soak and held against
// plaques and results by a test.

import {readFileSync} from "node:fs";
import {present} from "../../../core/base/assert.ts";
import {at} from "../../../build/paths.ts";
import {bestText, bugsByCheck, byCount, eventsText, foundText, trialsText} from "../../../bin/killMatrix.ts";
import type {Row, Rows} from "../../../bin/killMatrix.ts";
import {replacedRules} from "../../../sim/bug/exhibit.ts";
import {museum} from "../../../sim/bug/museum.ts";
import {plaques} from "../../../sim/bug/plaques.ts";
import type {MatrixResults} from "./matrix.ts";
import {bugsOf, issueLink, trackRecord} from "./trackRecord.ts";

export const page = at("docs/museum.md");

const [begins, ends] = ["<!-- results -->\n", "<!-- end of results -->"];

/** The page with the results' figures in place of those that it has. */
export function pageWith(results: MatrixResults): string {
  const text = readFileSync(page, "utf8");
  const [from, to] = [text.indexOf(begins), text.indexOf(ends)];
  if (from < 0 || to < from) throw new Error(`${page}: expected ${begins.trim()} and ${ends}`);
  return text.slice(0, from + begins.length) + tablesOf(results) + text.slice(to);
}

export function tablesOf({seeds, rows, runs, events, cpuMs}: MatrixResults): string {
  return `
## The bugs

${museum.length} bugs. The rules are those that each replaces; "breaks" is what its smallest scenario breaks first.

| bug | what a member does wrong | rule | source | breaks |
|---|---|---|---|---|
${museum.map(({id}) => bugRow(id)).join("\n")}

## Who catches them

Seeds ${seeds[0]} to ${seeds[1] - 1}: ${runs} runs, ${events} events, ${Math.round(cpuMs / 1000)} seconds of one processor.

| bug | hunted by | found in | trials | events | most often by | first to break, in so many seeds | others |
|---|---|---|---|---|---|---|---|
${museum.map(({id}) => matrixRow(id, rows)).join("\n")}

## What each check catches

Broken by a bug in some seed, those in most seeds first. Checks that caught nothing in sweeps stand at the end, with the bugs whose scenarios break them.

| check | bugs |
|---|---|
${checkRows(rows).join("\n")}

## etcd's track record

The lines of [etcd's robustness tests](https://github.com/etcd-io/etcd/blob/main/tests/robustness/README.md) with a known cause.

| issue | here | found in | seconds of a processor to find it |
|---|---|---|---|
${trackRecord.map((line) => recordRow(line, rows)).join("\n")}

`;
}

function bugRow(id: string): string {
  const {title, source, caughtBy, links} = present(plaques[id], "the plaque of", id);
  const bug = present(
    museum.find((one) => one.id === id),
    "the bug",
    id,
  );
  const rules = replacedRules(bug).map((rule) => `\`${rule}\``);
  return `| \`${id}\` | ${title.en} | ${rules.join(" ")} | [${source}](${links[0]}) | ${caughtBy[0]} |`;
}

function matrixRow(id: string, rows: Rows): string {
  const {hunt} = present(plaques[id], "the plaque of", id);
  const how =
    hunt.by === "scenario" ? "its scenario" : hunt.deposed === true ? "trials, leaders deposed" : "trials";
  const row = rows[id];
  if (row === undefined) return `| \`${id}\` | ${how} | not hunted yet | | | | | |`;
  const first = byCount(row.first).map(([check, count]) => `${check} ${count}`);
  const others = byCount(row.any).filter(([check]) => row.first[check] === undefined);
  const cells = [
    how,
    foundText(row),
    trialsText(row),
    eventsText(row),
    bestText(row),
    first.join(", "),
    others.map(([check, count]) => `${check} ${count}`).join(", "),
  ];
  return `| \`${id}\` | ${cells.join(" | ")} |`;
}

function checkRows(rows: Rows): readonly string[] {
  const swept = bugsByCheck(rows);
  const named = new Map<string, string[]>();
  for (const {id} of museum)
    for (const check of plaques[id]?.caughtBy ?? [])
      if (!swept.has(check)) named.set(check, [...(named.get(check) ?? []), id]);
  const text = (ids: readonly string[]): string => ids.map((id) => `\`${id}\``).join(" ");
  return [
    ...[...swept].map(([check, ids]) => `| ${check} | ${text(ids)} |`),
    ...[...named]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([check, ids]) => `| ${check} | by scenario only: ${text(ids)} |`),
  ];
}

function recordRow(issue: number, rows: Rows): string {
  const bugs = bugsOf(issue);
  const link = `[#${issue}](${issueLink(issue)})`;
  if (bugs.length === 0) return `| ${link} | not reproduced | | |`;
  const hunted = bugs.map((id) => rows[id]);
  const found = hunted.map((row) => (row === undefined ? "not hunted yet" : foundText(row)));
  return `| ${link} | ${bugs.map((id) => `\`${id}\``).join(" ")} | ${found.join(", ")} | ${hunted.map(secondsText).join(", ")} |`;
}

/** Of the processor, for the trials from one detection to the next, on average. */
function secondsText(row: Row | undefined): string {
  if (row === undefined || row.found.length === 0) return "";
  return (row.cpuMs / 1000 / row.found.length).toFixed(1);
}
