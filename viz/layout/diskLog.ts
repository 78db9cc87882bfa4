// The log as it stands in its file: records in their order, segments around them. A cell is as in the log's own picture: fill
// is the term, a solid edge is known to be committed. `c7` is a hard state, with the commit index that it wrote down. What
// no sync has covered stands on a hatched ground.
//
//   index            1         2                   3
//   log        ▏▮  [1] c1    [1] c2 ┆/[1]/c3/     bar: commit
//                        ▲ consistent index 2
//              segment 0 from index 1: 376 of 16,384 bytes

import type {DiskRecord, DiskView} from "../frame.ts";
import type {Part} from "./diskPen.ts";
import {baseOf, fitting, leftOf, rowWord, target, write} from "./diskPen.ts";
import type {Look} from "./look.ts";
import type {Mark} from "./mark.ts";
import {round} from "./ringPlaces.ts";

const units = {axis: 17, cell: 24, under: 19, segments: 19, pitch: 34, width: 30};

/** Records that fit. */
export function diskRecords(look: Look): number {
  return Math.max(4, Math.floor((look.size.width - leftOf(look) - 16) / (units.pitch * look.unit)));
}

export function logPart(disk: DiskView, y: number, look: Look): Part {
  const {unit, words} = look;
  const {log} = disk;
  const records = log.records.slice(-diskRecords(look));
  const at = y + units.axis * unit;
  const height = (units.axis + units.cell + units.under + units.segments) * unit;
  const marks: Mark[] = [...rowWord(look, "log", at, units.cell * unit, words.t("disk.log"))];
  if (records.length === 0) {
    const place = {name: "log/empty", x: leftOf(look), y: baseOf(at, units.cell * unit, look)};
    const width = look.size.width - leftOf(look) - 16;
    return {marks: [...marks, ...write(look, {...place, width}, words.t("disk.noLog"))], height};
  }
  marks.push(...grounds(records, at, look));
  records.forEach((record, i) => marks.push(...recordMarks(record, disk.member, i, at, look)));
  marks.push(...commitMark(records, log.commit, at, look));
  marks.push(...consistentMark(records, log.consistent, at, look));
  marks.push(...segmentMarks(disk, records, at, look));
  return {marks, height};
}

function xOf(place: number, look: Look): number {
  return leftOf(look) + place * units.pitch * look.unit;
}

/** A hatched ground behind what is not durable, and a word for it where nothing else says so. */
function grounds(records: readonly DiskRecord[], at: number, look: Look): readonly Mark[] {
  const {unit, words} = look;
  const first = records.findIndex(({durable}) => !durable);
  if (first < 0) return [];
  const x = xOf(first, look) - 3 * unit;
  return [
    {
      shape: "rect",
      name: "log/volatile",
      class: "volatile-ground",
      label: words.t("disk.volatile"),
      x,
      y: at - 3 * unit,
      width: xOf(records.length, look) - x - (units.pitch - units.width) * unit + 3 * unit,
      height: units.cell * unit + 6 * unit,
    },
  ];
}

function recordMarks(
  record: DiskRecord,
  member: string,
  place: number,
  at: number,
  look: Look,
): readonly Mark[] {
  const {unit, words, text} = look;
  const {kind, id, index, term, committed, durable} = record;
  const name = `record/${id}`;
  const box = {x: xOf(place, look), y: at, width: units.width * unit, height: units.cell * unit};
  const middle = {name: `${name}/text`, x: box.x + box.width / 2, y: baseOf(at, box.height, look)};
  const known = words.t(durable ? "disk.durable" : "disk.volatile");
  if (kind === "head") {
    const label = words.t("disk.headLabel", {sequence: record.sequence, index});
    const post = {...box, x: box.x + box.width - 8 * unit, width: 6 * unit};
    return [{shape: "rect", name, class: "solid", label, ...post}];
  }
  if (kind !== "entry") {
    const said = {index, term, vote: record.text === "" ? "–" : record.text, known};
    const label = words.t(kind === "hardState" ? "disk.hardStateLabel" : "disk.markLabel", said);
    const shown = kind === "hardState" ? `c${index}` : `s${index}`;
    return [
      {shape: "rect", name, class: "record", label, ...box, radius: 3},
      ...write(look, {...middle, width: box.width - 2}, shown, {class: "ink2", anchor: "middle"}),
    ];
  }
  const ref = `entry:${member}/${index}`;
  const holds = record.text === "no-op" ? words.t("entry.noOp") : record.text;
  const label = words.t("disk.entryLabel", {index, term, text: holds, known});
  const number = {x: middle.x, y: middle.y, text: String(term), size: text.small};
  return [
    ...write(look, {...middle, name: `${name}/index`, y: at - 5 * unit, width: box.width}, String(index), {
      class: "ink3 number",
      anchor: "middle",
    }),
    {shape: "rect", name, class: `entry${committed ? " committed" : ""}`, ref, term, ...box, radius: 3},
    {shape: "text", name: `${name}/term`, class: "number", term, ...number, anchor: "middle"},
    target(name, ref, label, box),
  ];
}

/** Behind the last committed entry, as in the log's own picture. */
function commitMark(records: readonly DiskRecord[], commit: number, at: number, look: Look): readonly Mark[] {
  const place = records.findLastIndex(({kind, index}) => kind === "entry" && index === commit);
  if (place < 0) return [];
  const {unit, words} = look;
  const x = xOf(place, look) + (units.width + units.pitch) * 0.5 * unit;
  const label = words.t("disk.commitLabel", {index: commit});
  return [
    {
      shape: "line",
      name: "log/commit",
      class: "commit-bar",
      label,
      x,
      y: at - 2 * unit,
      x2: x,
      y2: at + (units.cell + 2) * unit,
    },
  ];
}

/** Up to which entry the backend file is. */
function consistentMark(
  records: readonly DiskRecord[],
  consistent: number,
  at: number,
  look: Look,
): readonly Mark[] {
  const {unit, words, size} = look;
  const place = records.findLastIndex(({kind, index}) => kind === "entry" && index === consistent);
  const y = at + units.cell * unit;
  const base = baseOf(y + 3 * unit, (units.under - 3) * unit, look);
  const [left, right] = [leftOf(look), size.width - 12];
  const texts = [
    words.t("disk.consistent", {index: consistent}),
    words.t("disk.consistentShort", {index: consistent}),
  ];
  if (place < 0) {
    const width = right - left;
    return write(look, {name: "log/consistent", x: left, y: base, width}, fitting(look, width, texts));
  }
  const x = xOf(place, look) + (units.width * unit) / 2;
  const isLeft = right - x > x - left;
  const width = (isLeft ? right - x : x - left) - 10 * unit;
  const caret = `M${round(x - 5 * unit)},${round(y + 11 * unit)} l${5 * unit},${-7 * unit} l${5 * unit},${7 * unit} Z`;
  const words2 = write(
    look,
    {name: "log/consistent", x: isLeft ? x + 9 * unit : x - 9 * unit, y: base, width},
    fitting(look, width, texts),
    {anchor: isLeft ? "start" : "end"},
  );
  return [{shape: "path", name: "log/caret", class: "solid", d: caret}, ...words2];
}

/** A line under the records of each segment, with what the segment is. */
function segmentMarks(
  {log}: DiskView,
  records: readonly DiskRecord[],
  at: number,
  look: Look,
): readonly Mark[] {
  const {unit, words} = look;
  const y = at + (units.cell + units.under) * unit;
  return log.segments.flatMap(({sequence, firstIndex, bytes, size}): readonly Mark[] => {
    const from = records.findIndex((record) => record.sequence === sequence);
    const to = records.findLastIndex((record) => record.sequence === sequence);
    if (from < 0) return [];
    const isLast = to === records.length - 1;
    const x = xOf(from, look);
    const end = xOf(to, look) + units.width * unit;
    const name = `segment/${sequence}`;
    const width = (isLast ? look.size.width - 12 : end) - x;
    const texts = [
      words.t("disk.segment", {sequence, index: firstIndex, bytes, size}),
      words.t("disk.segmentShort", {sequence, index: firstIndex}),
      words.t("disk.segmentName", {sequence}),
    ];
    const place = {name: `${name}/text`, x, y: y + 14 * unit, width};
    return [
      {shape: "line", name, class: "told", x, y, x2: end, y2: y},
      ...write(look, place, fitting(look, width, texts), {class: "ink2"}),
    ];
  });
}
