// The events around the cursor, oldest first: number, time and one sentence. Those that changed something a person
// would ask about carry a dot.

import type {EventRow, EventsView} from "../frame.ts";
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
  const {text, unit, size} = look;
  const pitch = 24 * unit;
  const fits = eventRows(look);
  const now = events.rows.findIndex((row) => row.step === step);
  const first = Math.max(0, Math.min(now - Math.floor(fits * 0.7), events.rows.length - fits));
  const numberWidth = textWidth("00000", text.small) + 28 * unit;
  const clockWidth = size.width > 420 ? textWidth("0.000 000 s", text.small) + 14 * unit : 0;
  return events.rows.slice(first, first + fits).flatMap((row, i) => {
    const when = row.step === step ? "now" : row.step > step ? "later" : "past";
    return rowMarks(row, when, {y: 2 + i * pitch, pitch, numberWidth, clockWidth}, look);
  });
}

interface RowPlace {
  readonly y: number;
  readonly pitch: number;
  readonly numberWidth: number;
  readonly clockWidth: number;
}

const tones = {now: "strong", later: "ink3", past: "ink"} as const;

function rowMarks(row: EventRow, when: keyof typeof tones, at: RowPlace, look: Look): readonly Mark[] {
  const {text, words, unit, size} = look;
  const {y, pitch, numberWidth, clockWidth} = at;
  const ref = `event:${row.id}`;
  const line = words.say(row.line);
  const left = numberWidth + clockWidth;
  const box = {x: 4, y, width: size.width - 8, height: pitch - 2, radius: 3};
  const lettering = (
    part: string,
    tone: string,
    x: number,
    shown: string,
    anchor: "start" | "end",
  ): Mark => ({
    shape: "text",
    name: `${ref}/${part}`,
    class: tone,
    x,
    y: y + pitch / 2 + text.small * 0.36,
    text: shown,
    anchor,
    size: text.small,
  });
  const shown = cut(line, size.width - left - 12, text.small, when === "now" ? "bold" : "sans");
  const dot = {x: 14 * unit, y: y + pitch / 2 - 1, r: 3 * unit};
  return [
    {shape: "rect", name: `${ref}/row`, class: when === "now" ? "row now" : "row", ref, ...box},
    ...(row.interesting ? [{shape: "circle", name: `${ref}/dot`, class: "solid", ...dot} as const] : []),
    lettering("step", "ink3 number", numberWidth - 10 * unit, String(row.step), "end"),
    ...(clockWidth > 0 ? [lettering("at", "ink3 number", numberWidth, clock(row.at), "start")] : []),
    lettering("line", tones[when], left, shown, "start"),
    {shape: "rect", name: `${ref}/target`, class: "target", ref, label: `${row.step}: ${line}`, ...box},
  ];
}

export function eventsTable({events}: EventsData, look: Pick<Look, "words">): Table {
  const {t, say} = look.words;
  return {
    columns: [t("column.event"), t("column.time"), t("column.what")],
    rows: events.rows.map((row) => ({
      ref: `event:${row.id}`,
      cells: [String(row.step), clock(row.at), say(row.line)],
    })),
  };
}
