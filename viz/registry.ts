// The views of the page, one entry each: where its data comes from in a frame, how it is laid out, its table twin and
// its legend. Adding a view is adding an entry here, its layout, and its area in theme/style.css.

import type {Frame} from "./frame.ts";
import {diskLayout, diskPageTable, diskRecordTable, diskRowTable, diskTable} from "./layout/disk.ts";
import {eventsLayout, eventsTable} from "./layout/events.ts";
import {gridLayout, gridTable} from "./layout/grid.ts";
import {logLayout, logTable} from "./layout/logLanes.ts";
import type {Look, Words} from "./layout/look.ts";
import type {Mark, Table} from "./layout/mark.ts";
import {watcherTable} from "./layout/watchers.ts";
import {flightTable, ringLayout, ringTable} from "./layout/ring.ts";
import {tapeLayout, tapeTable} from "./layout/tape.ts";
import type {PageWord} from "./words/page.ts";

export type ViewId = "ring" | "log" | "grid" | "disk" | "events" | "tape";

export interface TitledTable extends Table {
  readonly title: PageWord;
}

interface View<Data> {
  readonly id: ViewId;
  readonly title: PageWord;
  /** Its part of the frame. */
  build(frame: Frame): Data;
  layout(data: Data, look: Look): readonly Mark[];
  /** Its twin: one table, or one for every kind of thing it shows. */
  table(data: Data, look: Pick<Look, "words">): readonly TitledTable[];
  /** One line that says how to read it; `wide`: there is much room. */
  legend(data: Data, words: Words, wide: boolean): string;
}

/** A view with its kind of data closed over. */
export interface RegisteredView {
  readonly id: ViewId;
  readonly title: PageWord;
  marks(frame: Frame, look: Look): readonly Mark[];
  table(frame: Frame, look: Pick<Look, "words">): readonly TitledTable[];
  legend(frame: Frame, words: Words, wide: boolean): string;
}

function register<Data>(view: View<Data>): RegisteredView {
  return {
    id: view.id,
    title: view.title,
    marks: (frame, look) => view.layout(view.build(frame), look),
    table: (frame, look) => view.table(view.build(frame), look),
    legend: (frame, words, wide) => view.legend(view.build(frame), words, wide),
  };
}

/** Two things at most: what is seldom there takes the place of what is always. */
function ringLegend({groups, configuration, members, clients}: Frame["ring"], {t}: Words): string {
  const hasBug = [...members, ...clients].some(({bugs}) => bugs !== undefined);
  const parts: readonly PageWord[] = [
    "legend.term",
    "legend.crown",
    ...(configuration.outgoing.length > 0 && groups.length < 2 ? (["legend.half"] as const) : []),
    ...(groups.length > 1 ? (["legend.wall"] as const) : []),
    ...(hasBug ? (["legend.bug"] as const) : []),
  ];
  return parts
    .slice(-2)
    .map((part) => t(part))
    .join(" · ");
}

export const registry: Readonly<Record<ViewId, RegisteredView>> = {
  ring: register({
    id: "ring",
    title: "view.ring",
    build: (frame) => frame.ring,
    layout: ringLayout,
    table: (ring, look) => [
      {title: "view.ring", ...ringTable(ring, look)},
      {title: "view.messages", ...flightTable(ring, look)},
    ],
    legend: ringLegend,
  }),
  log: register({
    id: "log",
    title: "view.log",
    build: (frame) => frame.log,
    layout: logLayout,
    table: (log, look) => [{title: "view.log", ...logTable(log, look)}],
    legend: ({lanes}, words, wide) => {
      const changes = lanes.some(({entries}) => entries.some(({membership}) => membership === true));
      if (changes) return words.t(wide ? "legend.logMembersLong" : "legend.logMembers");
      return words.t(wide ? "legend.logLong" : "legend.log");
    },
  }),
  grid: register({
    id: "grid",
    title: "view.grid",
    build: (frame) => ({grid: frame.grid, watchers: frame.watchers}),
    layout: gridLayout,
    table: (data, look) => [
      {title: "view.grid", ...gridTable(data, look)},
      {title: "view.watchers", ...watcherTable(data.watchers, look)},
    ],
    legend: ({grid}, words, wide) => {
      if (!wide) return words.t("legend.gridShort", {revision: grid.readAt});
      return words.t(grid.rows.length === 0 ? "legend.gridEmpty" : "legend.grid", {revision: grid.readAt});
    },
  }),
  disk: register({
    id: "disk",
    title: "view.disk",
    build: (frame) => frame.disk,
    layout: diskLayout,
    table: (disk, look) => [
      {title: "view.disk", ...diskTable(disk, look)},
      {title: "view.diskRecords", ...diskRecordTable(disk, look)},
      {title: "view.diskPages", ...diskPageTable(disk, look)},
      {title: "view.diskRows", ...diskRowTable(disk, look)},
    ],
    legend: (_, words, wide) => words.t(wide ? "legend.diskWide" : "legend.disk"),
  }),
  events: register({
    id: "events",
    title: "view.events",
    build: (frame) => ({events: frame.events, step: frame.cursor.step}),
    layout: eventsLayout,
    table: (events, look) => [{title: "view.events", ...eventsTable(events, look)}],
    legend: (_, words) => words.t("legend.events"),
  }),
  tape: register({
    id: "tape",
    title: "view.tape",
    build: (frame) => frame.tape,
    layout: tapeLayout,
    table: (tape, look) => [{title: "view.tape", ...tapeTable(tape, look)}],
    legend: () => "",
  }),
};

export const viewIds: readonly ViewId[] = ["ring", "log", "grid", "disk", "events", "tape"];
