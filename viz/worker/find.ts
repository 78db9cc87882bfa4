// Searching a branch: events whose name, line or parts contain the text, in any language, in the order of steps. Only
// what was run is searched, and of that only what may be shown.

import {worded} from "../../core/base/said.ts";
import type {EventRow} from "../frame.ts";
import {rowOf, type Context} from "../model/line.ts";
import {engineWords} from "../words/engine.ts";
import type {Branch} from "./branch.ts";
import type {Work} from "./jobs.ts";

/** Most rows answered. */
const rowsMax = 200;

/** Events looked at between two chances to be interrupted. */
const stride = 64;

export function* findIn(
  branch: Branch,
  context: Context,
  text: string,
  to: number,
): Work<readonly EventRow[]> {
  const wanted = text.trim().toLowerCase();
  const rows: EventRow[] = [];
  if (wanted === "") return rows;
  for (let step = 1; step <= to && rows.length < rowsMax; step++) {
    const record = branch.record(step);
    if (record !== undefined) {
      const row = rowOf(record, context);
      if (matches(row, wanted)) rows.push(row);
    }
    if (step % stride === 0) yield;
  }
  return rows;
}

function matches(row: EventRow, wanted: string): boolean {
  const {id, line} = row;
  return (
    id.toLowerCase().includes(wanted) ||
    worded(engineWords, line, "en").toLowerCase().includes(wanted) ||
    worded(engineWords, line, "zh").includes(wanted) ||
    line.refs.some((ref) => ref.toLowerCase() === wanted)
  );
}
