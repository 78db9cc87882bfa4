// What is known of the museum's bugs from hunting them: which check catches which, in how many seeds. Written by
// `npm run soak -- matrix`, printed by `etcdscope bugs` and in docs/museum.md.

import {museum} from "../sim/bug/museum.ts";
import {spreadOfCounts, spreadOfFound} from "../sim/explore/spread.ts";
import type {Spread} from "../sim/explore/spread.ts";
import hunted from "./killMatrix.json" with {type: "json"};

type Counts = Readonly<Record<string, number>>;

/** What came of hunting one bug. */
export interface Row {
  readonly seeds: number;
  /** Seeds in which a check broke that does not break without the bug, ascending; what is seen inside of a member that has it is no detection. */
  readonly found: readonly number[];
  /** Events until then, in the same order. */
  readonly events: readonly number[];
  /** By check: in how many seeds it was the first to break. */
  readonly first: Counts;
  /** By check: in how many seeds it broke at all; also those that look inside of members. */
  readonly any: Counts;
  /** By who decides the order of events: in how many seeds, and in how many of these something broke. */
  readonly played: Counts;
  readonly foundBy: Counts;
  /** Of the processor, for all its seeds. */
  readonly cpuMs: number;
}

export type Rows = Readonly<Record<string, Row>>;

/** By the bug's id: what was committed. A bug that is newer has none. */
export const committed: Rows = hunted.rows as Rows;

/** Those that broke in most seeds first; equals by name. */
export function byCount(counts: Counts): readonly (readonly [name: string, count: number])[] {
  return Object.entries(counts).toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** `37 of 100`. */
export function foundText({found, seeds}: Row): string {
  return `${found.length} of ${seeds}`;
}

/** `2, 7` trials from one detection to the next (p50, p95); nothing where fewer than 40 stand behind it. */
export function trialsText({found}: Row): string {
  return spreadText(spreadOfFound(found));
}

/** Events until a check broke. */
export function eventsText({events}: Row): string {
  return spreadText(spreadOfCounts(events));
}

function spreadText(spread: Spread | undefined): string {
  return spread === undefined ? "" : `${spread.p50}, ${spread.p95}`;
}

/** Who decided the order of events where it was found most often, for the seeds that it had: `pct 12 of 20`. */
export function bestText({played, foundBy}: Row): string {
  const rated = Object.entries(played).map(([kind, seeds]) => ({kind, seeds, count: foundBy[kind] ?? 0}));
  const best = rated.toSorted(
    (a, b) => b.count * a.seeds - a.count * b.seeds || (a.kind < b.kind ? -1 : 1),
  )[0];
  return best === undefined || best.count === 0 ? "" : `${best.kind} ${best.count} of ${best.seeds}`;
}

/** Of every check that catches a bug: which, the bugs that it catches first in most seeds in front. */
export function bugsByCheck(rows: Rows): ReadonlyMap<string, readonly string[]> {
  const caught = new Map<string, {readonly id: string; readonly count: number}[]>();
  for (const {id} of museum)
    for (const [check, count] of Object.entries(rows[id]?.any ?? {})) {
      const there = caught.get(check);
      if (there === undefined) caught.set(check, [{id, count}]);
      else there.push({id, count});
    }
  const inOrder = [...caught].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    inOrder.map(([check, bugs]) => [
      check,
      bugs.toSorted((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1)).map(({id}) => id),
    ]),
  );
}
