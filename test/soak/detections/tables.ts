// The results as README.md shows them: what of it is figures is written by the soak, and held against the results by a test.

import {readFileSync} from "node:fs";
import {at} from "../../../build/paths.ts";
import {spreadOfCounts, spreadOfFound} from "../../../sim/explore/spread.ts";
import type {Spread} from "../../../sim/explore/spread.ts";
import type {DetectionsResults} from "./detections.ts";
import {hunts, strategies} from "./hunts.ts";
import type {Detections, Guided, Small} from "./play.ts";

export const page = at("test/soak/detections/README.md");

const [begins, ends] = ["<!-- results -->\n", "<!-- end of results -->"];

/** The page with the results' figures in place of those that it has. */
export function pageWith(results: DetectionsResults): string {
  const text = readFileSync(page, "utf8");
  const [from, to] = [text.indexOf(begins), text.indexOf(ends)];
  if (from < 0 || to < from) throw new Error(`${page}: expected ${begins.trim()} and ${ends}`);
  return text.slice(0, from + begins.length) + tablesOf(results) + text.slice(to);
}

export function tablesOf({seeds, table, guided, small}: DetectionsResults): string {
  const found = hunts.map(({name}) => {
    const row = table[name];
    const cells = strategies.map((one) => (row === undefined ? "" : detectionsText(row[one])));
    const search = guided[name];
    return `| \`${name}\` | ${[...cells, search === undefined ? "" : guidedText(search)].join(" | ")} |`;
  });
  const made = Object.entries(small).map(([name, one]) => `| \`${name}\` | ${smallCells(one).join(" | ")} |`);
  return `
Seeds ${seeds[0]} to ${seeds[1] - 1}:

| | ${strategies.join(" | ")} | guided |
|---|${"---|".repeat(strategies.length + 1)}
${found.join("\n")}

| | breaks | interventions and choices before | after | events | runs tried | seconds |
|---|---|---|---|---|---|---|
${made.join("\n")}

`;
}

export function detectionsText(cell: Detections): string {
  return `${cell.found.length} of ${cell.seeds}${spreadText(spreadOfFound(cell.found))}`;
}

export function guidedText({searches, found}: Guided): string {
  return `${found.length} of ${searches}${spreadText(spreadOfCounts(found))}`;
}

function spreadText(spread: Spread | undefined): string {
  return spread === undefined ? "" : ` (${spread.p50}, ${spread.p95})`;
}

function smallCells({check, from, to, tried, seconds}: Small): readonly string[] {
  const [before, after] = [from, to].map((size) => `${size.interventions} and ${size.choices}`);
  return [check, before ?? "", after ?? "", `${to.events}`, `${tried}`, `${seconds}`];
}
