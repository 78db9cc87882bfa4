// Every version of every key: columns are revisions of the whole store, rows are keys. A band is one life of a key, from
// its creation to its tombstone; a pill is a version. The filled pill of a row is what a read at the cursor's revision
// answers. Revisions are not log indices: the pitch differs on purpose.

import type {GridCell, GridRow, GridView, WatcherView} from "../frame.ts";
import {shapes} from "../theme/glyphs.ts";
import type {Look} from "./look.ts";
import type {Mark, Table} from "./mark.ts";
import {round} from "./ringPlaces.ts";
import {cut} from "./text.ts";
import {watcherMarks, watcherRows} from "./watchers.ts";

/** The revision axis, shared with the watchers. */
export interface Axis {
  readonly left: number;
  readonly pitch: number;
  readonly from: number;
  readonly to: number;
  /** The left edge of a revision's column. */
  at(revision: number): number;
}

export interface GridData {
  readonly grid: GridView;
  readonly watchers: readonly WatcherView[];
}

const rowPitchUnits = 24;
const axisUnits = 20;

function leftOf(look: Look): number {
  return Math.round(Math.min(150 * look.unit, look.size.width * 0.32));
}

/** Columns that fit. */
export function gridColumns(look: Look): number {
  return Math.max(3, Math.floor((look.size.width - leftOf(look) - 14) / (62 * look.unit)));
}

/** Rows that fit, beside the axis and the watchers. */
export function gridRows(look: Look, watchers: number): number {
  const {unit} = look;
  return Math.max(
    1,
    Math.floor(
      (look.size.height - axisUnits * unit - watcherRows(watchers, look) * 22 * unit) /
        (rowPitchUnits * unit),
    ),
  );
}

export function axisOf(view: GridView, look: Look): Axis {
  const left = leftOf(look);
  const pitch = 62 * look.unit;
  const to = view.from + Math.min(view.count, gridColumns(look));
  return {left, pitch, from: view.from, to, at: (revision) => round(left + (revision - view.from) * pitch)};
}

export function gridLayout({grid, watchers}: GridData, look: Look): readonly Mark[] {
  const {text, words, unit} = look;
  const axis = axisOf(grid, look);
  const top = axisUnits * unit;
  const fits = gridRows(look, watchers.length);
  const tooMany = grid.rowsTotal > fits;
  const rows = grid.rows.slice(0, tooMany ? Math.max(1, fits - 1) : fits);
  const bottom = top + Math.max(1, rows.length) * rowPitchUnits * unit;
  const marks: Mark[] = [...axisMarks(grid, axis, bottom, look)];
  marks.push(...transactionLines(rows, axis, top, look));
  rows.forEach((row, i) => marks.push(...rowMarks(row, grid, axis, top + i * rowPitchUnits * unit, look)));
  if (rows.length === 0 && grid.writer !== undefined) {
    marks.push(emptyText(words.t("grid.coming", {client: grid.writer}), axis, top, look));
  } else if (rows.length === 0) {
    marks.push(emptyText(words.t("grid.empty"), axis, top, look));
    marks.push({
      shape: "rect",
      name: "empty/target",
      class: "target",
      ref: "verb:put",
      label: words.t("verb.put"),
      x: axis.left - 6,
      y: top,
      width: 200 * unit,
      height: 24 * unit,
      radius: 3,
    });
  }
  let below = bottom;
  if (tooMany && fits > 1) {
    const more = words.t("grid.more", {count: grid.rowsTotal - rows.length});
    marks.push({
      shape: "text",
      name: "more",
      class: "ink3",
      x: 16,
      y: below + text.small * 1.2,
      text: more,
      anchor: "start",
      size: text.small,
    });
    below += rowPitchUnits * unit;
  }
  marks.push(...watcherMarks(watchers, axis, below, look));
  return marks;
}

function emptyText(sentence: string, axis: Axis, top: number, {text, size}: Look): Mark {
  return {
    shape: "text",
    name: "empty",
    class: "ink2",
    x: axis.left,
    y: top + text.small * 1.4,
    text: cut(sentence, size.width - axis.left - 16, text.small),
    anchor: "start",
    size: text.small,
  };
}

function axisMarks(grid: GridView, axis: Axis, bottom: number, look: Look): readonly Mark[] {
  const {text, words, unit} = look;
  const y = text.small * 1.1;
  const marks: Mark[] = [
    {
      shape: "text",
      name: "axis",
      class: "ink3",
      x: 16,
      y,
      text: words.t("axis.revision"),
      anchor: "start",
      size: text.small,
    },
  ];
  for (let revision = axis.from; revision < axis.to; revision++) {
    const kind =
      revision === grid.readAt
        ? "strong number"
        : revision > grid.current
          ? "ink3 number future"
          : "ink3 number";
    marks.push({
      shape: "text",
      name: `rev/${revision}`,
      class: kind,
      x: axis.at(revision) + (axis.pitch - 8 * unit) / 2,
      y,
      text: String(revision),
      anchor: "middle",
      size: text.small,
    });
  }
  return [...marks, ...compaction(grid, axis, bottom, look), ...readLine(grid, axis, bottom, look)];
}

/** What a read may no longer ask for is hatched, up to the line. */
function compaction(grid: GridView, axis: Axis, bottom: number, look: Look): readonly Mark[] {
  if (grid.compact < axis.from) return [];
  const {words, unit} = look;
  const top = axisUnits * unit;
  const edge = Math.min(axis.at(grid.compact), axis.at(axis.to)) - 4 * unit;
  const line: Mark = {
    shape: "line",
    name: "compact",
    class: "compact-line",
    x: edge,
    y: top,
    x2: edge,
    y2: bottom,
  };
  if (edge <= axis.left) return [line];
  const label = words.t("grid.compacted", {revision: grid.compact});
  const box = {x: axis.left, y: top, width: edge - axis.left, height: bottom - top};
  return [{shape: "rect", name: "compacted", class: "hatched", label, ...box}, line];
}

/** After the revision that a read asks for: it sees what stands to the left. */
function readLine(grid: GridView, axis: Axis, bottom: number, look: Look): readonly Mark[] {
  if (grid.readAt < axis.from || grid.readAt >= axis.to || grid.rows.length === 0) return [];
  const x = axis.at(grid.readAt + 1) - 4 * look.unit;
  const label = look.words.t("grid.readAt", {revision: grid.readAt});
  return [{shape: "line", name: "read", class: "read-line", label, x, y: 2, x2: x, y2: bottom}];
}

function rowMarks(row: GridRow, grid: GridView, axis: Axis, y: number, look: Look): readonly Mark[] {
  const {text, unit, words} = look;
  const ref = `key:${row.key}`;
  const base = round(y + 11 * unit + text.small * 0.36);
  const marks: Mark[] = [
    {
      shape: "text",
      name: ref,
      class: "mono",
      x: 16,
      y: base,
      text: cut(row.key, axis.left - 24, text.small, "mono"),
      anchor: "start",
      size: text.small,
    },
    {
      shape: "rect",
      name: `${ref}/target`,
      class: "target",
      ref,
      label: words.t("key.label", {key: row.key}),
      x: 10,
      y,
      width: axis.left - 18,
      height: 24 * unit,
      radius: 3,
    },
  ];
  for (const life of row.generations) {
    const from = Math.max(life.from, axis.from);
    const to = Math.min(life.to ?? grid.current, axis.to - 1);
    if (to < axis.from || from >= axis.to || to < from) continue;
    const x = axis.at(from) - 2 * unit;
    marks.push({
      shape: "rect",
      name: `${ref}/life/${life.from}`,
      class: life.to === undefined ? "life alive" : "life",
      x,
      y,
      width: axis.at(to) + axis.pitch - 6 * unit - x,
      height: 22 * unit,
      radius: 11 * unit,
    });
  }
  for (const cell of row.cells) {
    if (cell.main >= axis.from && cell.main < axis.to) marks.push(...cellMarks(row.key, cell, axis, y, look));
  }
  return marks;
}

function cellMarks(key: string, cell: GridCell, axis: Axis, y: number, look: Look): readonly Mark[] {
  const {text, unit, words} = look;
  const ref = `rev:${cell.main}.${cell.sub}`;
  const name = `cell/${key}/${cell.main}.${cell.sub}`;
  const x = axis.at(cell.main);
  const width = axis.pitch - 8 * unit;
  const middle = {x: round(x + width / 2), y: round(y + 11 * unit)};
  const target = {
    shape: "rect",
    name: `${name}/target`,
    class: "target",
    ref,
    x,
    y,
    width,
    height: 22 * unit,
    radius: 11 * unit,
  } as const;
  if (cell.kind === "delete") {
    return [
      {shape: "path", name, class: "stroke-3 tombstone", ref, ...middle, d: shapes.cross(6 * unit)},
      {...target, label: words.t("cell.deleted", {key, revision: cell.main})},
    ];
  }
  const {value, version, create} = cell;
  const label = words.t("cell.put", {key, value, revision: cell.main, version, create});
  return [
    {
      shape: "rect",
      name,
      class: `version${cell.answer ? " answer" : ""}`,
      ref,
      x,
      y: y + unit,
      width,
      height: 20 * unit,
      radius: 10 * unit,
    },
    {
      shape: "text",
      name: `${name}/value`,
      class: `mono${cell.answer ? " on-ink" : ""}`,
      x: middle.x,
      y: round(middle.y + text.small * 0.36),
      text: cut(value, width - 5 * unit, text.small, "mono"),
      anchor: "middle",
      size: text.small,
    },
    {...target, label: cell.lease === undefined ? label : `${label}; ${leaseText(cell.lease, words)}`},
  ];
}

/** Changes of one transaction stand in one column: a line joins them behind the pills. */
function transactionLines(rows: readonly GridRow[], axis: Axis, top: number, look: Look): readonly Mark[] {
  const {unit} = look;
  const reach = new Map<number, [number, number]>();
  rows.forEach((row, i) => {
    for (const cell of row.cells) {
      const known = reach.get(cell.main);
      if (known === undefined) reach.set(cell.main, [i, i]);
      else known[1] = i;
    }
  });
  const marks: Mark[] = [];
  for (const [main, [first, last]] of reach) {
    if (first === last || main < axis.from || main >= axis.to) continue;
    const x = axis.at(main) + (axis.pitch - 8 * unit) / 2;
    const y = (row: number): number => top + (row * rowPitchUnits + 11) * unit;
    marks.push({shape: "line", name: `txn/${main}`, class: "txn", x, y: y(first), x2: x, y2: y(last)});
  }
  return marks;
}

function leaseText(lease: string, {t}: Look["words"]): string {
  return t("cell.lease", {lease: lease.replace(/^0+(?=.)/, "")});
}

export function gridTable({grid}: GridData, look: Pick<Look, "words">): Table {
  const {t} = look.words;
  return {
    columns: [t("column.key"), t("column.answer", {revision: grid.readAt}), t("column.versions")],
    rows: grid.rows.map((row) => ({
      ref: `key:${row.key}`,
      cells: [
        row.key,
        row.cells.find((cell) => cell.answer)?.value ?? "–",
        row.cells
          .map((cell) =>
            cell.kind === "put"
              ? `${t("cell.twinPut", {revision: cell.main, value: cell.value})}${cell.lease === undefined ? "" : ` (${leaseText(cell.lease, look.words)})`}`
              : t("cell.twinDelete", {revision: cell.main}),
          )
          .join(", "),
      ],
    })),
  };
}
