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
}

function scaleOf(view: TapeView, look: Pick<Look, "size" | "text" | "words">): Scale {
  const {t} = look.words;
  const labels = [t("tape.terms"), t("tape.faults"), t("tape.clients")];
  const left = isLow(look)
    ? 16
    : Math.ceil(16 + Math.max(...labels.map((label) => textWidth(label, look.text.small))) + 12);
  // At the right the button that swaps picture and table; a low tape has none.
  const right = look.size.width - (isLow(look) ? 16 : 44);
  const span = Math.max(1, view.to - view.from);
  return {
    left,
    right,
    at: (time) => round(left + ((right - left) * Math.max(0, Math.min(span, time - view.from))) / span),
  };
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

export function tapeLayout(view: TapeView, look: Look): readonly Mark[] {
  const {text, words, size} = look;
  const scale = scaleOf(view, look);
  const terms = packed(view.terms);
  const faults = packed(view.faults);
  const termRows = 1 + Math.max(0, ...terms.map((one) => one.row));
  const faultRows = 1 + Math.max(0, ...faults.map((one) => one.row));
  const top = 8;
  const pitch = Math.floor((size.height - top - 2) / (termRows + faultRows + 1));
  const low = isLow(look);
  const first = low && termRows === 1 ? Math.min(text.small + 6, size.height / 2) : termRows * pitch;
  const rest = low && termRows === 1 ? Math.floor((size.height - top - first) / (faultRows + 1)) : pitch;
  const lanes = [
    {id: "tape.terms", y: top, rows: termRows},
    {id: "tape.faults", y: top + first, rows: faultRows},
    {id: "tape.clients", y: top + first + faultRows * rest, rows: 1},
  ] as const;
  const marks: Mark[] = (low ? [] : lanes).map((lane) => ({
    shape: "text",
    name: lane.id,
    class: "ink2",
    x: 16,
    y: round(lane.y + (lane.rows * pitch) / 2 + text.small * 0.36),
    text: words.t(lane.id),
    anchor: "start",
    size: text.small,
  }));
  marks.push(...notYetShown(view, scale, top, look));
  const height = rest - 3;
  const termHeight = first / termRows - 3;
  for (const {bar, row} of terms) {
    const label = words.t(bar.leader === "" ? "tape.term" : "tape.termLed", {
      term: bar.term,
      leader: bar.leader,
    });
    const shorter = [words.t("tape.term", {term: bar.term}), String(bar.term)];
    marks.push(
      ...barMarks(
        {name: `term/${bar.term}/${bar.from}`, class: "band", term: bar.term, label},
        bar,
        scale,
        lanes[0].y + row * (first / termRows),
        termHeight,
        look,
        shorter,
      ),
    );
  }
  for (const {bar, row} of faults) {
    const label = words.say(bar.said);
    marks.push(
      ...barMarks(
        {name: bar.ref, class: "fault", ref: bar.ref, label},
        bar,
        scale,
        lanes[1].y + row * rest,
        height,
        look,
      ),
    );
  }
  marks.push(...operations(view, scale, lanes[2].y, height, look));
  marks.push(...violations(view, scale, top, look), ...branches(view, scale, look), ...cursor(scale, look));
  return marks;
}

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
  const x = scale.at(bar.from);
  const width = Math.max(3, scale.at(bar.to) - x);
  const {label = "", ...plain} = base;
  const whole = [label, ...shorter].find((one) => textWidth(one, text.small) <= width - 10);
  const shown = height < text.small + 2 ? "" : (whole ?? cut(label, width - 10, text.small));
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

/** One thin row per client. Filled: answered. Empty with a cross: refused. Dashed: nobody knows. */
function operations(view: TapeView, scale: Scale, y: number, height: number, look: Look): readonly Mark[] {
  const clients = [...new Set(view.operations.map((operation) => operation.client))].sort();
  const thin = Math.min(height, Math.floor(height / Math.max(1, clients.length)));
  return view.operations.flatMap((operation): readonly Mark[] => {
    const row = clients.indexOf(operation.client);
    const x = scale.at(operation.from);
    const width = Math.max(6, scale.at(operation.to ?? view.seenTo) - x);
    const top = y + row * thin;
    const label = look.words.t(`operation.${operation.outcome}`, {
      client: operation.client,
      line: operation.line,
    });
    const box = {x, y: top, width, height: Math.max(3, thin - 2)};
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
      width: Math.max(8, width),
    };
    return [mark, ...failure(operation, box), target];
  });
}

function failure(
  operation: TapeOperation,
  box: {readonly x: number; readonly y: number; readonly width: number; readonly height: number},
): readonly Mark[] {
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

function notYetShown(view: TapeView, scale: Scale, top: number, look: Look): readonly Mark[] {
  const x = scale.at(view.seenTo);
  const width = scale.right - x;
  if (width < 4) return [];
  const {text, words, size} = look;
  const sentence = cut(words.t("tape.notYet"), width - 24, text.small);
  const marks: Mark[] = [
    {shape: "rect", name: "unseen", class: "unseen", x, y: top, width, height: size.height - top - 4},
  ];
  if (sentence !== "") {
    marks.push({
      shape: "text",
      name: "unseen/text",
      class: "ink2",
      x: x + width / 2,
      y: round(size.height / 2 + text.small * 0.5),
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
      cells: [
        t("tape.terms"),
        clock(one.from),
        t(one.leader === "" ? "tape.term" : "tape.termLed", {term: one.term, leader: one.leader}),
      ],
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
