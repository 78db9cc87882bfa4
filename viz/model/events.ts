// The event list around the cursor. What lies after the cursor is listed only as far as it was seen.

import type {EventRow, EventsView, Windows} from "../frame.ts";
import {rowOf} from "./line.ts";
import {shownTo, type Moment} from "./moment.ts";

export function buildEvents(moment: Moment, windows: Windows): EventsView {
  const {cursor} = moment;
  const seen = shownTo(moment);
  const first = Math.max(1, cursor.step - windows.events.before);
  const last = Math.min(seen.step, cursor.step + windows.events.after);
  const rows: EventRow[] = [];
  for (let step = first; step <= last; step++) {
    const record = moment.record(step);
    if (record !== undefined) rows.push(rowOf(record, moment));
  }
  return {rows, total: seen.step};
}
