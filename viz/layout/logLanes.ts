// The logs, one row per server, aligned by index, so that what differs stands in one column. Fill is the entry's term;
// a solid edge is "this server knows it is committed", a dashed one "not yet". The bar after a cell is the commit
// index; the small triangle under the row is how far the server has applied.
//
//   index        1   2   3   4
//   n1 leader   [1] [1]|[2] ⟦2⟧    only on n1: not a majority

import type {EntryCell, LogLane, LogView} from "../frame.ts";
import type {Look} from "./look.ts";
import type {Mark, Table} from "./mark.ts";
import {roleOf} from "./member.ts";
import {round} from "./ringPlaces.ts";
import {cut, textWidth} from "./text.ts";

interface Plan {
  readonly left: number;
  readonly pitch: number;
  readonly cell: {readonly width: number; readonly height: number};
  readonly rowPitch: number;
  readonly top: number;
  readonly nameWidth: number;
}

function planOf(look: Look): Plan {
  const {unit, text, words} = look;
  const nameWidth = 16 + textWidth("n1 ", text.small, "bold");
  const roles = [
    words.t("role.follower"),
    words.t("role.candidate"),
    words.t("role.leader"),
    words.t("role.crashed"),
    words.t("role.paused"),
  ];
  const roleWidth = Math.max(...roles.map((role) => textWidth(role, text.small)));
  return {
    nameWidth,
    left: Math.ceil(nameWidth + roleWidth + 14 * unit),
    pitch: 34 * unit,
    cell: {width: 30 * unit, height: 24 * unit},
    rowPitch: 28.5 * unit,
    top: 20 * unit,
  };
}

/** Columns to ask for: some room is kept at the right for the direct labels. */
export function logColumns(look: Look): number {
  const plan = planOf(look);
  const room = look.size.width - plan.left;
  const kept = room > 600 * look.unit ? 280 * look.unit : 0;
  return Math.max(4, Math.floor((room - kept - 8) / plan.pitch));
}

/** The height that this many lanes need. */
export function logHeight(lanes: number, unit: number): number {
  return Math.ceil((20 + lanes * 28.5 + 4) * unit);
}

export function logLayout(view: LogView, look: Look): readonly Mark[] {
  const plan = planOf(look);
  const {text, words, size} = look;
  const fits = Math.max(1, Math.floor((size.width - plan.left - 4) / plan.pitch));
  const to = view.from + Math.min(view.count, fits);
  const marks: Mark[] = [
    {
      shape: "text",
      name: "axis",
      class: "ink3",
      x: 16,
      y: text.small * 1.1,
      text: words.t("axis.index"),
      anchor: "start",
      size: text.small,
    },
  ];
  for (let index = view.from; index < to; index++) {
    const x = plan.left + (index - view.from) * plan.pitch + plan.cell.width / 2;
    marks.push({
      shape: "text",
      name: `index/${index}`,
      class: "ink3 number",
      x,
      y: text.small * 1.1,
      text: String(index),
      anchor: "middle",
      size: text.small,
    });
  }
  view.lanes.forEach((lane, row) => {
    marks.push(...laneMarks(lane, row, {from: view.from, to}, plan, look));
  });
  if (view.last === 0) marks.push(emptySentence(plan, look));
  marks.push(...notes(view, to, plan, look));
  return marks;
}

function emptySentence(plan: Plan, look: Look): Mark {
  const {text, words, size} = look;
  const room = size.width - plan.left - 16;
  return {
    shape: "text",
    name: "empty",
    class: "ink2",
    x: plan.left,
    y: plan.top + plan.cell.height * 0.7,
    text: cut(words.t("log.empty"), room, text.small),
    anchor: "start",
    size: text.small,
  };
}

function laneMarks(
  lane: LogLane,
  row: number,
  window: {readonly from: number; readonly to: number},
  plan: Plan,
  look: Look,
): readonly Mark[] {
  const {text, words} = look;
  const y = plan.top + row * plan.rowPitch;
  const base = round(y + plan.cell.height / 2 + text.small * 0.36);
  const name = `lane/${lane.member}`;
  const role = words.t(lane.status === "up" ? `role.${lane.role}` : `role.${lane.status}`);
  const label = words.t("lane.label", {
    member: lane.member,
    role,
    last: lane.lastIndex,
    commit: lane.commitIndex,
    applied: lane.lastApplied,
  });
  const marks: Mark[] = [
    {
      shape: "text",
      name: `${name}/name`,
      class: "strong",
      x: 16,
      y: base,
      text: lane.member,
      anchor: "start",
      size: text.small,
    },
    {
      shape: "text",
      name: `${name}/role`,
      class: "ink2",
      x: plan.nameWidth,
      y: base,
      text: role,
      anchor: "start",
      size: text.small,
    },
    {
      shape: "rect",
      name: `${name}/target`,
      class: "target",
      ref: lane.member,
      label,
      x: 10,
      y,
      width: plan.left - 16,
      height: plan.cell.height,
      radius: 3,
    },
  ];
  for (const entry of lane.entries) {
    if (entry.index < window.from || entry.index >= window.to) continue;
    const x = plan.left + (entry.index - window.from) * plan.pitch;
    marks.push(...entryMarks(entry, lane.member, {x, y}, base, plan, look));
  }
  return [...marks, ...carets(lane, y, window, plan, look)];
}

function entryMarks(
  entry: EntryCell,
  member: string,
  at: {readonly x: number; readonly y: number},
  base: number,
  plan: Plan,
  look: Look,
): readonly Mark[] {
  const {text, words} = look;
  const {index, term} = entry;
  const ref = `entry:${member}/${index}`;
  const known = words.t(entry.committed ? "entry.committed" : "entry.open");
  const label = words.t("entry.label", {index, term, text: entry.text, member, known});
  const box = {...at, ...plan.cell, radius: 3};
  const number = {x: at.x + plan.cell.width / 2, y: base, text: String(term), size: text.small};
  const state = `entry${entry.committed ? " committed" : ""}${entry.durable ? "" : " volatile"}`;
  return [
    {shape: "rect", name: ref, class: state, ref, term, ...box},
    {shape: "text", name: `${ref}/term`, class: "number", term, ...number, anchor: "middle"},
    {shape: "rect", name: `${ref}/target`, class: "target", ref, label, ...box},
  ];
}

/** Where the commit index and the applied index stand; after the cell, so that neither hides a number. */
function carets(
  lane: LogLane,
  y: number,
  window: {readonly from: number; readonly to: number},
  plan: Plan,
  look: Look,
): readonly Mark[] {
  const {unit} = look;
  const marks: Mark[] = [];
  const inside = (index: number): boolean => index >= window.from && index < window.to;
  if (inside(lane.commitIndex)) {
    const x =
      plan.left + (lane.commitIndex - window.from + 1) * plan.pitch - (plan.pitch - plan.cell.width) / 2;
    marks.push({
      shape: "line",
      name: `lane/${lane.member}/commit`,
      class: "commit-bar",
      x,
      y: y - 2 * unit,
      x2: x,
      y2: y + plan.cell.height + 2 * unit,
    });
  }
  if (inside(lane.lastApplied)) {
    const x = plan.left + (lane.lastApplied - window.from) * plan.pitch + plan.cell.width / 2;
    const top = y + plan.cell.height + 0.5 * unit;
    const d = `M${round(x)},${round(top)} l${4 * unit},${4 * unit} h${-8 * unit} Z`;
    marks.push({shape: "path", name: `lane/${lane.member}/applied`, class: "solid ink2", d});
  }
  return marks;
}

/** Direct labels to the right of a lane's last entry: three at most, cut to the room there is. */
function notes(view: LogView, to: number, plan: Plan, look: Look): readonly Mark[] {
  const {text, words, size} = look;
  const marks: Mark[] = [];
  view.lanes.forEach((lane, row) => {
    if (lane.note === undefined || marks.length >= 3) return;
    const after = Math.min(lane.lastIndex + 1, to) - view.from;
    const x = plan.left + Math.max(0, after) * plan.pitch + 10 * look.unit;
    const room = size.width - x - 12;
    const full = words.say(lane.note);
    const short = room < 90 ? "" : cut(full, room, text.small, "bold");
    if (short === "") return;
    const y = plan.top + row * plan.rowPitch + plan.cell.height / 2 + text.small * 0.36;
    marks.push({
      shape: "text",
      name: `lane/${lane.member}/note`,
      class: "note",
      label: full,
      x,
      y: round(y),
      text: short,
      anchor: "start",
      size: text.small,
    });
  });
  return marks;
}

export function logTable(view: LogView, look: Pick<Look, "words">): Table {
  const {t} = look.words;
  const indices = Array.from(
    {length: Math.max(0, Math.min(view.count, view.last - view.from + 1))},
    (_, i) => view.from + i,
  );
  return {
    columns: [t("column.server"), t("column.commit"), t("column.applied"), ...indices.map(String)],
    rows: view.lanes.map((lane) => ({
      ref: lane.member,
      cells: [
        `${lane.member} ${roleOf({status: lane.status, role: lane.role}, look)}`,
        String(lane.commitIndex),
        String(lane.lastApplied),
        ...indices.map((index) => {
          const entry = lane.entries.find((one) => one.index === index);
          if (entry === undefined) return "";
          return t(entry.committed ? "cell.committed" : "cell.open", {term: entry.term, text: entry.text});
        }),
      ],
    })),
  };
}
