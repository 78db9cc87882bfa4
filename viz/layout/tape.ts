// The tape: the scrubber painted with what the run has shown so far. Lanes of terms with their leaders, faults, and what
// clients asked; a violated check stands across all of them. What was not visited yet is hatched, not told.

import type {Micros} from "../../core/base/quantity.ts";
import type {TapeOperation, TapeView} from "../frame.ts";
import {shapes} from "../theme/glyphs.ts";
import {clock} from "./events.ts";
import type {Look} from "./look.ts";
import type {Mark, Table} from "./mark.ts";
import {round} from "./ringPlaces.ts";
import {cut, textWidth} from "./text.ts";

interface Scale {
  readonly left: number;
  readonly right: number;
  at(time: Micros): number;
  /** Where a bar begins that is at least so wide: what is narrow grows backwards, never into what was not shown. */
  start(time: Micros, width: number): number;
}

function scaleOf(view: TapeView, look: Pick<Look, "size" | "text" | "words">): Scale {
  const {t} = look.words;
  const labels = [t("tape.terms"), t("tape.faults"), t("tape.clients"), t("tape.client", {client: "c1"})];
  const left = isLow(look)
    ? 16
    : Math.ceil(16 + Math.max(...labels.map((label) => textWidth(label, look.text.small))) + 12);
  // At the right the button that swaps picture and table; a low tape has none.
  const right = look.size.width - (isLow(look) ? 16 : 44);
  const span = Math.max(1, view.to - view.from);
  const at = (time: Micros): number =>
    round(left + ((right - left) * Math.max(0, Math.min(span, time - view.from))) / span);
  const start = (time: Micros, width: number): number =>
    Math.min(at(time), Math.max(left, at(view.seenTo) - width));
  return {left, right, at, start};
}

/** The moment under `x`; undefined beside the scale. */
export function tapeTimeAt(
  view: TapeView,
  x: number,
  look: Pick<Look, "size" | "text" | "words">,
): Micros | undefined {
  const {left, right} = scaleOf(view, look);
  if (x < left - 4 || x > right + 4) return undefined;
  const part = Math.max(0, Math.min(1, (x - left) / (right - left)));
  return Math.round(view.from + part * (view.to - view.from));
}

/** Too low for three lanes of text: the lanes go without their names, and only terms are lettered. */
function isLow(look: Pick<Look, "size" | "text">): boolean {
  return look.size.height < 3.6 * look.text.small;
}

interface Bar {
  readonly from: Micros;
  readonly to: Micros;
}

/** Puts bars that overlap on separate sub-rows, two at most. */
function packed<T extends Bar>(bars: readonly T[]): readonly {readonly bar: T; readonly row: number}[] {
  const ends = [-Infinity, -Infinity];
  return bars.map((bar) => {
    const free = ends.findIndex((end) => end <= bar.from);
    const row = free >= 0 ? free : 1;
    ends[row] = Math.max(ends[row] ?? -Infinity, bar.to);
    return {bar, row};
  });
}

/** Where the lanes stand. */
interface Lanes {
  readonly top: number;
  readonly terms: Lane;
  readonly faults: Lane;
  /** One per client when there is room for words in each, else one that they share. */
  readonly clients: Lane;
  readonly apart: boolean;
  /** Base line of the time axis; undefined when there is no room for one. */
  readonly axis: number | undefined;
}

interface Lane {
  readonly y: number;
  readonly pitch: number;
  readonly rows: number;
}

function lanesOf(view: TapeView, clients: number, look: Look): Lanes {
  const {text, size} = look;
  const rowsOf = (bars: readonly Bar[]): number => 1 + Math.max(0, ...packed(bars).map((one) => one.row));
  const [terms, faults] = [rowsOf(view.terms), rowsOf(view.faults)];
  const top = 6;
  const low = isLow(look);
  const foot = low ? 2 : text.small * 1.15;
  const room = size.height - top - foot;
  const lettered = text.small + 3;
  const apart = !low && clients > 0 && room / (terms + faults + clients) >= lettered;
  const rows = terms + faults + (apart ? clients : 1);
  const pitch = Math.min(24 * look.unit, Math.floor(room / rows));
  // A low tape letters its terms, and gives the others what is left.
  const first = low && terms === 1 ? Math.min(text.small + 6, size.height / 2) : pitch;
  const rest = low && terms === 1 ? Math.floor((room - first) / (rows - 1)) : pitch;
  const y = {terms: top, faults: top + terms * first, clients: top + terms * first + faults * rest};
  return {
    top,
    terms: {y: y.terms, pitch: first, rows: terms},
    faults: {y: y.faults, pitch: rest, rows: faults},
    clients: {y: y.clients, pitch: rest, rows: apart ? clients : 1},
    apart,
    axis: low ? undefined : size.height - 4,
  };
}

export function tapeLayout(view: TapeView, look: Look): readonly Mark[] {
  const scale = scaleOf(view, look);
  const clients = [...new Set(view.operations.map((operation) => operation.client))].sort();
  const lanes = lanesOf(view, clients.length, look);
  const {terms, faults} = lanes;
  return [
    ...(isLow(look) ? [] : laneNames(lanes, clients, look)),
    ...notYetShown(view, scale, lanes, look),
    ...axisMarks(view, scale, lanes, look),
    ...packed(view.terms).flatMap(({bar, row}) =>
      termMarks(bar, scale, terms.y + row * terms.pitch, terms.pitch - 2, look),
    ),
    ...leaderless(view, scale, terms, look),
    ...packed(view.faults).flatMap(({bar, row}) => {
      const base = {name: bar.ref, class: "fault", ref: bar.ref, label: look.words.say(bar.said)};
      return barMarks(base, bar, scale, faults.y + row * faults.pitch, faults.pitch - 2, look);
    }),
    ...operations(view, clients, scale, lanes, look),
    ...violations(view, scale, lanes.top, look),
    ...branches(view, scale, look),
    ...cursor(scale, look),
  ];
}

function laneNames(lanes: Lanes, clients: readonly string[], {text, words}: Look): readonly Mark[] {
  const name = (id: string, said: string, y: number, height: number): Mark => ({
    shape: "text",
    name: id,
    class: "ink2",
    x: 16,
    y: round(y + height / 2 + text.small * 0.36),
    text: said,
    anchor: "start",
    size: text.small,
  });
  const {terms, faults, clients: own, apart} = lanes;
  return [
    name("tape.terms", words.t("tape.terms"), terms.y, terms.rows * terms.pitch),
    name("tape.faults", words.t("tape.faults"), faults.y, faults.rows * faults.pitch),
    ...(apart
      ? clients.map((client, i) =>
          name(`tape.clients/${client}`, words.t("tape.client", {client}), own.y + i * own.pitch, own.pitch),
        )
      : [name("tape.clients", words.t("tape.clients"), own.y, own.rows * own.pitch)]),
  ];
}

/** `term 4: n2`; of several terms in one bar `term 4–9`. */
function termLabel(
  {term, firstTerm, leader}: TapeView["terms"][number],
  {words}: Pick<Look, "words">,
): string {
  if (firstTerm !== undefined) return words.t("tape.term", {term: `${firstTerm}–${term}`});
  return words.t(leader === "" ? "tape.term" : "tape.termLed", {term, leader});
}

function termMarks(
  bar: TapeView["terms"][number],
  scale: Scale,
  y: number,
  height: number,
  look: Look,
): readonly Mark[] {
  const {t} = look.words;
  const {term} = bar;
  const label = termLabel(bar, look);
  const base = {name: `term/${term}/${bar.from}`, class: "band", term, label};
  const shorter = bar.firstTerm === undefined ? [t("tape.term", {term}), String(term)] : [];
  return barMarks(base, bar, scale, y, height, look, shorter);
}

/** Why a stretch of the terms' lane is empty, where that fits. */
function leaderless(view: TapeView, scale: Scale, lane: Lane, look: Look): readonly Mark[] {
  if (view.terms.length === 0 || lane.rows > 1) return [];
  const {text, words} = look;
  let since: Micros = view.from;
  return view.terms.flatMap((bar): readonly Mark[] => {
    const [x, x2] = [scale.at(since), scale.at(bar.from)];
    const said = words.t(since === view.from ? "tape.noLeader" : "tape.nobody");
    const from = since;
    since = Math.max(since, bar.to);
    if (textWidth(said, text.small) > x2 - x - 10) return [];
    const y = round(lane.y + lane.pitch / 2 - 1 + text.small * 0.36);
    return [
      {
        shape: "text",
        name: `leaderless/${from}`,
        class: "ink2 haloed",
        x: round((x + x2) / 2),
        y,
        text: said,
        anchor: "middle",
        size: text.small,
      },
    ];
  });
}

/** A few round times under the lanes, with hairlines that lead the eye up to them. */
function axisMarks(view: TapeView, scale: Scale, lanes: Lanes, look: Look): readonly Mark[] {
  const {axis} = lanes;
  if (axis === undefined) return [];
  const {text} = look;
  const pixels = (scale.right - scale.left) / Math.max(1, view.to - view.from);
  const step = timeSteps.find((one) => one * pixels >= 110 * look.unit) ?? timeSteps.at(-1) ?? 1;
  const count = Math.floor((view.to - view.from) / step) + 1;
  return Array.from({length: count}, (_, i) => view.from + i * step).flatMap((time): readonly Mark[] => {
    const x = scale.at(time);
    const said = `${time / 1_000_000} s`;
    const half = textWidth(said, text.small) / 2;
    const label: Mark = {
      shape: "text",
      name: `time/${time}`,
      class: "ink3 number",
      x: Math.max(x, scale.left),
      y: axis,
      text: said,
      anchor: x - half < scale.left - 8 ? "start" : "middle",
      size: text.small,
    };
    const hairline: Mark = {
      shape: "line",
      name: `time/${time}/line`,
      class: "hairline",
      x,
      y: lanes.top,
      x2: x,
      y2: axis - text.small * 0.85,
    };
    return [hairline, ...(x + half > look.size.width - 4 ? [] : [label])];
  });
}

/** 10 ms to 100 s: 1, 2, 5 and their tens. */
const timeSteps: readonly Micros[] = [10_000, 100_000, 1_000_000, 10_000_000].flatMap((one) => [
  one,
  2 * one,
  5 * one,
]);

function barMarks(
  base: Pick<Mark, "name" | "class" | "ref" | "term" | "label">,
  bar: Bar,
  scale: Scale,
  y: number,
  height: number,
  look: Look,
  shorter: readonly string[] = [],
): readonly Mark[] {
  const {text} = look;
  const width = Math.max(3, scale.at(bar.to) - scale.at(bar.from));
  const x = scale.start(bar.from, width);
  const {label = "", ...plain} = base;
  const whole = [label, ...shorter].find((one) => textWidth(one, text.small) <= width - 10);
  const shown = height < text.small + 1 ? "" : (whole ?? cut(label, width - 10, text.small));
  const marks: Mark[] = [{...plain, shape: "rect", x, y, width, height, radius: 2}];
  if (shown !== "") {
    marks.push({
      shape: "text",
      name: `${base.name}/text`,
      class: base.term === undefined ? "ink" : "",
      ...(base.term === undefined ? {} : {term: base.term}),
      x: x + 5,
      y: round(y + height / 2 + text.small * 0.36),
      text: shown,
      anchor: "start",
      size: text.small,
    });
  }
  marks.push({
    shape: "rect",
    name: `${base.name}/target`,
    class: "target",
    ref: `at:${bar.from}`,
    label,
    x,
    y,
    width: Math.max(width, 8),
    height,
  });
  return marks;
}

/**
 * Filled: answered. Empty with a cross: refused. Hatched: nobody knows. Empty: it waits. A word stands in the bar, after
 * it or before it, where there is room.
 */
function operations(
  view: TapeView,
  clients: readonly string[],
  scale: Scale,
  lanes: Lanes,
  look: Look,
): readonly Mark[] {
  const {y, pitch} = lanes.clients;
  const thin = lanes.apart ? pitch : Math.min(pitch, Math.floor(pitch / Math.max(1, clients.length)));
  return clients.flatMap((client, row) => {
    const own = view.operations.filter((operation) => operation.client === client);
    const boxes = own.map((operation) => {
      const width = Math.max(6, scale.at(operation.to ?? view.seenTo) - scale.at(operation.from));
      return {x: scale.start(operation.from, width), y: y + row * thin, width, height: Math.max(3, thin - 2)};
    });
    let taken = scale.left;
    return own.flatMap((operation, i): readonly Mark[] => {
      const box = boxes[i] ?? {x: 0, y: 0, width: 0, height: 0};
      const free = {
        from: taken,
        to: Math.min(boxes[i + 1]?.x ?? Infinity, scale.at(view.seenTo)),
      };
      const label = look.words.t(`operation.${operation.outcome}`, {client, line: operation.line});
      const mark: Mark = {
        shape: "rect",
        name: operation.ref,
        class: `operation ${operation.outcome}`,
        ref: operation.ref,
        ...box,
        radius: 1,
      };
      const target: Mark = {
        shape: "rect",
        name: `${operation.ref}/target`,
        class: "target",
        ref: operation.ref,
        label,
        ...box,
        width: Math.max(8, box.width),
      };
      const word = box.height < look.text.small + 1 ? [] : operationWord(operation, box, free, look);
      taken = Math.max(taken, box.x + box.width, ...word.map((one) => one.right));
      return [mark, ...failure(operation, box), ...word.map((one) => one.mark), target];
    });
  });
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function operationWord(
  {ref, line, outcome}: TapeOperation,
  box: Box,
  free: {readonly from: number; readonly to: number},
  look: Look,
): readonly {readonly mark: Mark; readonly right: number}[] {
  const {text} = look;
  const width = textWidth(line, text.small, "mono");
  // What the client asked meanwhile lies over the bar.
  const room = Math.min(box.width, free.to - box.x) - 10;
  const inside = outcome !== "failed" && outcome !== "unknown" && width <= room;
  const after = box.x + box.width + 5;
  const before = box.x - 5 - width;
  const x = inside
    ? box.x + 5
    : after + width <= free.to
      ? after
      : before >= free.from + 5
        ? before
        : undefined;
  if (x === undefined) return [];
  const mark: Mark = {
    shape: "text",
    name: `${ref}/word`,
    class: inside && outcome === "ok" ? "mono on-ink" : "mono",
    x: round(x),
    y: round(box.y + box.height / 2 + text.small * 0.36),
    text: line,
    anchor: "start",
    size: text.small,
  };
  return [{mark, right: x + width}];
}

function failure(operation: TapeOperation, box: Box): readonly Mark[] {
  if (operation.outcome !== "failed") return [];
  return [
    {
      shape: "path",
      name: `${operation.ref}/x`,
      class: "stroke-2",
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
      d: shapes.cross(Math.min(3, box.height / 2)),
    },
  ];
}

function notYetShown(view: TapeView, scale: Scale, {top, axis}: Lanes, look: Look): readonly Mark[] {
  const x = scale.at(view.seenTo);
  const width = scale.right - x;
  if (width < 4) return [];
  const {text, words, size} = look;
  const sentence = cut(words.t("tape.notYet"), width - 24, text.small);
  const bottom = axis === undefined ? size.height - 4 : axis - text.small;
  const marks: Mark[] = [
    {shape: "rect", name: "unseen", class: "unseen", x, y: top, width, height: bottom - top},
  ];
  if (sentence !== "") {
    marks.push({
      shape: "text",
      name: "unseen/text",
      class: "ink2 haloed",
      x: x + width / 2,
      y: round((top + bottom) / 2 + text.small * 0.36),
      text: sentence,
      anchor: "middle",
      size: text.small,
    });
  }
  return marks;
}

function violations(view: TapeView, scale: Scale, top: number, look: Look): readonly Mark[] {
  return view.checks.flatMap((check): readonly Mark[] => {
    const x = scale.at(check.at);
    const label = look.words.t("check.violated", {name: check.name});
    return [
      {
        shape: "line",
        name: `check/${check.name}`,
        class: "violation",
        x,
        y: top,
        x2: x,
        y2: look.size.height - 2,
      },
      {shape: "path", name: `check/${check.name}/x`, class: "stroke-3", x, y: top + 6, d: shapes.cross(5)},
      {
        shape: "rect",
        name: `check/${check.name}/target`,
        class: "target",
        ref: check.ref,
        label,
        x: x - 6,
        y: top,
        width: 12,
        height: 24,
      },
    ];
  });
}

function branches(view: TapeView, scale: Scale, look: Look): readonly Mark[] {
  return view.branches.map((branch): Mark => {
    const label = look.words.t("branch.forks", {id: branch.id});
    return {
      shape: "path",
      name: `branch/${branch.id}`,
      class: "branch",
      label,
      x: scale.at(branch.at),
      y: 4,
      d: "M0,-3 V4 M0,1 L5,-3",
    };
  });
}

/** Where we are: the one mark that moves while playing. */
function cursor(scale: Scale, look: Look): readonly Mark[] {
  const x = scale.at(look.time);
  return [
    {shape: "line", name: "cursor", class: "cursor", x, y: 2, x2: x, y2: look.size.height},
    {shape: "path", name: "cursor/head", class: "solid", x, y: 0, d: "M-7,0 H7 L0,9 Z"},
  ];
}

export function tapeTable(view: TapeView, look: Pick<Look, "words">): Table {
  const {t, say} = look.words;
  const rows = [
    ...view.terms.map((one) => ({
      at: one.from,
      ref: `at:${one.from}`,
      cells: [t("tape.terms"), clock(one.from), termLabel(one, look)],
    })),
    ...view.faults.map((one) => ({
      at: one.from,
      ref: one.ref,
      cells: [t("tape.faults"), clock(one.from), say(one.said)],
    })),
    ...view.operations.map((one) => ({
      at: one.from,
      ref: one.ref,
      cells: [
        t("tape.clients"),
        clock(one.from),
        t(`operation.${one.outcome}`, {client: one.client, line: one.line}),
      ],
    })),
    ...view.checks.map((one) => ({
      at: one.at,
      ref: one.ref,
      cells: [t("tape.checks"), clock(one.at), t("check.violated", {name: one.name})],
    })),
  ];
  rows.sort((a, b) => a.at - b.at || (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0));
  return {
    columns: [t("column.lane"), t("column.time"), t("column.what")],
    rows: rows.map(({ref, cells}) => ({ref, cells})),
  };
}
