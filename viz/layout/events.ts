// The events around the cursor, oldest first: number, time and one sentence. Those that changed something a person
// would ask about carry a dot.

import type {EventsView} from "../frame.ts";
import type {Look} from "./look.ts";
import type {Mark, Table} from "./mark.ts";
import {cut, textWidth} from "./text.ts";

export interface EventsData {
  readonly events: EventsView;
  /** The cursor's event: its number. */
  readonly step: number;
}

/** Rows that fit. */
export function eventRows(look: Look): number {
  return Math.max(1, Math.floor((look.size.height - 4) / (24 * look.unit)));
}

/** `1.204 350 s`: seconds with microseconds, grouped. */
export function clock(micros: number): string {
  const whole = Math.floor(micros / 1_000_000);
  const rest = String(Math.floor(micros % 1_000_000)).padStart(6, "0");
  return `${whole}.${rest.slice(0, 3)} ${rest.slice(3)} s`;
}

export function eventsLayout({events, step}: EventsData, look: Look): readonly Mark[] {
  const {text, words, unit, size} = look;
  const pitch = 24 * unit;
  const fits = eventRows(look);
  const now = events.rows.findIndex((row) => row.step === step);
  const first = Math.max(0, Math.min(now - Math.floor(fits * 0.7), events.rows.length - fits));
  const numberWidth = textWidth("00000", text.small) + 28 * unit;
  const clockWidth = size.width > 420 ? textWidth("0.000 000 s", text.small) + 14 * unit : 0;
  return events.rows.slice(first, first + fits).flatMap((row, i): readonly Mark[] => {
    const y = 2 + i * pitch;
    const base = y + pitch / 2 + text.small * 0.36;
    const ref = `event:${row.id}`;
    const line = words.say(row.line);
    const isNow = row.step === step;
    const left = numberWidth + clockWidth;
    const tone = row.step > step ? "ink3" : isNow ? "strong" : "ink";
    const marks: Mark[] = [
      {shape: "rect", name: `${ref}/row`, class: isNow ? "row now" : "row", ref, x: 4, y, width: size.width - 8, height: pitch - 2, radius: 3},
      {shape: "text", name: `${ref}/step`, class: "ink3 number", x: numberWidth - 10 * unit, y: base, text: String(row.step), anchor: "end", size: text.small},
      {shape: "text", name: `${ref}/line`, class: tone, x: left, y: base, text: cut(line, size.width - left - 12, text.small, isNow ? "bold" : "sans"), anchor: "start", size: text.small},
      {shape: "rect", name: `${ref}/target`, class: "target", ref, label: `${row.step}: ${line}`, x: 4, y, width: size.width - 8, height: pitch - 2, radius: 3},
    ];
    if (row.interesting) marks.push({shape: "circle", name: `${ref}/dot`, class: "solid", x: 14 * unit, y: y + pitch / 2 - 1, r: 3 * unit});
    if (clockWidth > 0) {
      marks.push({shape: "text", name: `${ref}/at`, class: "ink3 number", x: numberWidth, y: base, text: clock(row.at), anchor: "start", size: text.small});
    }
    return marks;
  });
}

export function eventsTable({events}: EventsData, look: Pick<Look, "words">): Table {
  const {t, say} = look.words;
  return {
    columns: [t("column.event"), t("column.time"), t("column.what")],
    rows: events.rows.map((row) => ({ref: `event:${row.id}`, cells: [String(row.step), clock(row.at), say(row.line)]})),
  };
}
