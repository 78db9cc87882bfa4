// The logs, one row per server, aligned by index, so that what differs stands in one column. Fill is the entry's term;
// a solid edge is "this server knows it is committed", a dashed one "not yet". The bar after a cell is the commit
// index. To the right of a log stands what its last entry holds. A flag is on what changes the members; sheets stand for
// the entries that a snapshot has taken the place of.
//
//   index         1   2   3   4   5   6
//   n1 leader    [sheets to 2][1]|[2] ⟦2⟧    6: put x=lost  only on n1: not a majority

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

/** Of the top of one row to the next, for unit 1: with many servers in a low view they move together. */
const rowPitch = {least: 20.5, most: 28.5};
const axisHeight = 20;

function planOf(look: Look, lanes = 1): Plan {
  const {unit, text, words} = look;
  const nameWidth = 16 + textWidth("n1 ", text.small, "bold");
  const roles = [
    words.t("role.follower"),
    words.t("role.preCandidate"),
    words.t("role.candidate"),
    words.t("role.learner"),
    words.t("role.outside"),
    words.t("role.leader"),
    words.t("role.crashed"),
    words.t("role.paused"),
  ];
  const roleWidth = Math.max(...roles.map((role) => textWidth(role, text.small)));
  const fits = (look.size.height - (axisHeight + 4) * unit) / Math.max(1, lanes);
  const pitch = Math.max(rowPitch.least * unit, Math.min(rowPitch.most * unit, fits));
  return {
    nameWidth,
    left: Math.ceil(nameWidth + roleWidth + 14 * unit),
    pitch: 34 * unit,
    cell: {width: 30 * unit, height: Math.min(24 * unit, pitch - 3 * unit)},
    rowPitch: pitch,
    top: axisHeight * unit,
  };
}

/** Columns to ask for: some room is kept at the right for the direct labels. */
export function logColumns(look: Look): number {
  const plan = planOf(look);
  const room = look.size.width - plan.left;
  const kept = room > 600 * look.unit ? 280 * look.unit : 0;
  return Math.max(4, Math.floor((room - kept - 8) / plan.pitch));
}

/** The height that this many lanes want, or, at least, need. */
export function logHeight(lanes: number, unit: number, which: keyof typeof rowPitch = "most"): number {
  return Math.ceil((axisHeight + lanes * rowPitch[which] + 4) * unit);
}

export function logLayout(view: LogView, look: Look): readonly Mark[] {
  const plan = planOf(look, view.lanes.length);
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
  marks.push(...labels(view, to, plan, look));
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
  const role = roleOf(lane, look);
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
  return [...marks, ...snapshotMarks(lane, y, window, plan, look), ...commitBar(lane, y, window, plan)];
}

/** In place of the entries before the log begins, as far as they are in the window: a stack of sheets and up to where it goes. */
function snapshotMarks(
  lane: LogLane,
  y: number,
  window: {readonly from: number; readonly to: number},
  plan: Plan,
  look: Look,
): readonly Mark[] {
  const columns = Math.min(lane.firstIndex, window.to) - window.from;
  if (columns <= 0) return [];
  const {text, words, unit} = look;
  const index = lane.firstIndex - 1;
  const name = `lane/${lane.member}/snapshot`;
  const {height} = plan.cell;
  const width = columns * plan.pitch - (plan.pitch - plan.cell.width);
  const box = {x: plan.left, y, width, height, radius: 3};
  const back = 3 * unit;
  const front = {...box, x: box.x + 2 * back, width: Math.max(box.width - 2 * back, 1)};
  // A number alone would read as a term.
  const room = front.width - 6 * unit;
  const shown = [words.t("log.snapshot", {index}), words.t("log.snapshotShort", {index})].find(
    (one) => textWidth(one, text.small) <= room,
  );
  const label = words.t("log.snapshotLabel", {member: lane.member, index});
  return [
    {shape: "rect", name: `${name}/sheet/2`, class: "sheet", ...box, width: front.width},
    {shape: "rect", name: `${name}/sheet/1`, class: "sheet", ...box, x: box.x + back, width: front.width},
    {shape: "rect", name, class: "sheet", ...front},
    ...(shown === undefined
      ? []
      : [
          {
            shape: "text",
            name: `${name}/word`,
            class: "ink",
            x: round(front.x + front.width / 2),
            y: round(y + height / 2 + text.small * 0.36),
            text: shown,
            anchor: "middle",
            size: text.small,
          } as const,
        ]),
    {shape: "rect", name: `${name}/target`, class: "target", ref: lane.member, label, ...box},
  ];
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
  const holds = isNoOp(entry) ? words.t("entry.noOp") : entry.text;
  const label = words.t("entry.label", {index, term, text: holds, member, known});
  const box = {...at, ...plan.cell, radius: 3};
  const number = {x: at.x + plan.cell.width / 2, y: base, text: String(term), size: text.small};
  const state = `entry${entry.committed ? " committed" : ""}${entry.durable ? "" : " volatile"}`;
  return [
    {shape: "rect", name: ref, class: state, ref, term, ...box},
    {shape: "text", name: `${ref}/term`, class: "number", term, ...number, anchor: "middle"},
    ...(entry.membership === true ? [flagMark(ref, term, at, plan, look)] : []),
    {shape: "rect", name: `${ref}/target`, class: "target", ref, label, ...box},
  ];
}

/** What changes who is in the cluster has a flag in its corner. */
function flagMark(
  ref: string,
  term: number,
  at: {readonly x: number; readonly y: number},
  plan: Plan,
  {unit}: Look,
): Mark {
  const side = round(9 * unit);
  const corner = {x: round(at.x + plan.cell.width), y: at.y};
  return {
    shape: "path",
    name: `${ref}/flag`,
    class: "flag",
    term,
    ...corner,
    d: `M0,0 V${side} L${-side},0 Z`,
  };
}

/** Where the commit index stands: after the cell, so that it hides no number, and no taller, so that lanes stay apart. */
function commitBar(
  lane: LogLane,
  y: number,
  window: {readonly from: number; readonly to: number},
  plan: Plan,
): readonly Mark[] {
  const {commitIndex} = lane;
  if (commitIndex < window.from || commitIndex >= window.to) return [];
  const x = plan.left + (commitIndex - window.from + 1) * plan.pitch - (plan.pitch - plan.cell.width) / 2;
  const ends = {x, y, x2: x, y2: y + plan.cell.height};
  return [{shape: "line", name: `lane/${lane.member}/commit`, class: "commit-bar", ...ends}];
}

/**
 * Direct labels to the right of a lane's last entry: what that entry holds, and the note if there is one. One for every
 * different log, three at most; the leader's first.
 */
function labels(view: LogView, to: number, plan: Plan, look: Look): readonly Mark[] {
  const rank = (lane: LogLane): number => (lane.note !== undefined ? 0 : lane.role === "leader" ? 1 : 2);
  const told = new Set<string>();
  const chosen = [...view.lanes]
    .sort((a, b) => rank(a) - rank(b))
    .filter((lane) => {
      const last = lane.entries.at(-1);
      if (last === undefined || last.index >= to) return lane.note !== undefined;
      const key = `${last.index}/${last.term}`;
      if (told.has(key)) return false;
      told.add(key);
      return true;
    });
  return chosen.slice(0, 3).flatMap((lane) => laneLabel(lane, view, to, plan, look));
}

function laneLabel(lane: LogLane, view: LogView, to: number, plan: Plan, look: Look): readonly Mark[] {
  const {text, words, size} = look;
  const after = Math.min(lane.lastIndex + 1, to) - view.from;
  const x = plan.left + Math.max(0, after) * plan.pitch + 10 * look.unit;
  const room = size.width - x - 12;
  if (room < 90) return [];
  const row = view.lanes.indexOf(lane);
  const base = round(plan.top + row * plan.rowPitch + plan.cell.height / 2 + text.small * 0.36);
  const name = `lane/${lane.member}`;
  const place = {y: base, anchor: "start", size: text.small} as const;
  const note = lane.note === undefined ? "" : words.say(lane.note);
  const noteWidth = note === "" ? 0 : textWidth(note, text.small, "bold") + 12 * look.unit;
  const holds = holdsText(lane, to, room - noteWidth, look);
  const holdsWidth = holds === "" ? 0 : textWidth(holds, text.small, "mono") + 12 * look.unit;
  // Rather a few words than half a sentence.
  const brief = lane.note?.id.startsWith("note.notMajority") === true ? words.t("log.minority") : note;
  const left = room - holdsWidth;
  const shown =
    note === ""
      ? ""
      : cut(textWidth(note, text.small, "bold") <= left ? note : brief, left, text.small, "bold");
  return [
    ...(holds === ""
      ? []
      : [{shape: "text", name: `${name}/holds`, class: "mono", x, text: holds, ...place} as const]),
    ...(shown === ""
      ? []
      : [
          {
            shape: "text",
            name: `${name}/note`,
            class: "note",
            label: note,
            x: round(x + holdsWidth),
            text: shown,
            ...place,
          } as const,
        ]),
  ];
}

/** `2: put x=first`, and what the entry before it is when that needs a word and there is room. */
function holdsText(lane: LogLane, to: number, room: number, look: Look): string {
  const {text, words} = look;
  const known = lane.entries.filter(({index}) => index < to);
  const last = known.at(-1);
  if (last === undefined) return "";
  const told = (entry: EntryCell): string => {
    if (!isNoOp(entry)) return `${entry.index}: ${entry.text}`;
    return opensTerm(entry, lane)
      ? words.t("log.noOp", {index: entry.index})
      : `${entry.index}: ${words.t("entry.noOp")}`;
  };
  const before = known.at(-2);
  const tries = [
    ...(before !== undefined && isNoOp(before) && !isNoOp(last) ? [`${told(before)} · ${told(last)}`] : []),
    told(last),
  ];
  return tries.find((one) => textWidth(one, text.small, "mono") <= room) ?? "";
}

/** Another empty entry stands where a change of membership was not possible. */
function opensTerm({index, term}: EntryCell, {entries}: LogLane): boolean {
  return index === 1 || entries.some((one) => one.index === index - 1 && one.term < term);
}

/** The entry with which a leader opens its term holds nothing (Raft §8). */
function isNoOp({text}: EntryCell): boolean {
  return text === "∅";
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
        `${lane.member} ${roleOf(lane, look)}`,
        String(lane.commitIndex),
        String(lane.lastApplied),
        ...indices.map((index) => {
          const entry = lane.entries.find((one) => one.index === index);
          if (entry === undefined) return index < lane.firstIndex ? t("cell.snapshot") : "";
          return t(entry.committed ? "cell.committed" : "cell.open", {
            term: entry.term,
            text: isNoOp(entry) ? t("entry.noOp") : entry.text,
          });
        }),
      ],
    })),
  };
}
