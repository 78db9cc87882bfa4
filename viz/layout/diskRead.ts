// The way of one read, step by step: key index, revision, pages, value; and below it the records of the page where it
// ends, in the order of their keys: revisions, a delete one more of them. What only memory has is hatched.

import type {DiskRow, DiskView, DiskWay} from "../frame.ts";
import {shapes} from "../theme/glyphs.ts";
import type {Part} from "./diskPen.ts";
import {baseOf, leftOf, noPart, rowWord, target, write} from "./diskPen.ts";
import type {Look} from "./look.ts";
import type {Mark} from "./mark.ts";
import {round} from "./ringPlaces.ts";
import {cut, textWidth} from "./text.ts";

const units = {way: 26, row: 21, arrow: 22, revision: 62};

export function wayPart({way}: DiskView, y: number, look: Look): Part {
  if (way === undefined) return noPart;
  const {unit, words} = look;
  const height = units.way * unit;
  const word = rowWord(look, "way", y, height, words.t("disk.read", {key: way.key}));
  const label = words.t("disk.readLabel", {key: way.key, revision: way.at});
  const reach = target("way", `key:${way.key}`, label, {x: 10, y, width: leftOf(look) - 14, height});
  return {marks: [...word, reach, ...chipMarks(way, y, look)], height: height + 2 * unit};
}

interface Chip {
  readonly text: string;
  readonly label: string;
  readonly class: string;
  readonly mono: boolean;
}

/** `brief`: without the words that say what a chip is. `shown`: lives of the key, the newest. */
function chipsOf(way: DiskWay, {words}: Look, brief: boolean, shown: number): readonly Chip[] {
  const {lives, revision, pages, value, at} = way;
  const {t} = words;
  const chip = (text: string, label: string, more: Partial<Chip> = {}): Chip => ({
    text,
    label,
    class: "chip",
    mono: brief,
    ...more,
  });
  const some = [...(shown < lives.length ? ["…"] : []), ...lives.slice(-shown)].join(" ");
  const index = chip(brief ? some : t("disk.index", {lives: some}), t("disk.indexLabel"));
  if (revision === "") {
    const nothing = t("disk.nothing", {revision: at});
    return [index, chip(nothing, nothing, {mono: false})];
  }
  const through =
    pages.length === 0
      ? [chip(t("disk.onlyMemory"), t("disk.onlyMemoryLabel"), {class: "chip volatile-ground", mono: false})]
      : pages.map((id) => chip(t("disk.page", {id}), t("disk.pageOnWay", {id}), {mono: false}));
  const found = chip(brief ? revision : t("ref.revision", {revision}), t("disk.revisionLabel"));
  return [index, found, ...through, chip(value, t("disk.valueLabel"), {class: "chip answer", mono: true})];
}

/** In words if they fit, perhaps without the older lives; else without words. */
function fittingChips(way: DiskWay, look: Look, fits: (chips: readonly Chip[]) => boolean): readonly Chip[] {
  const counts = way.lives.map((_, i) => way.lives.length - i);
  const tries = [false, true].flatMap((brief) => counts.map((shown) => chipsOf(way, look, brief, shown)));
  return tries.find(fits) ?? chipsOf(way, look, true, 1);
}

/** From left to right with arrows; the index and the value are cut where all have no room. */
function chipMarks(way: DiskWay, y: number, look: Look): readonly Mark[] {
  const {unit, text, size} = look;
  const pad = 12 * unit;
  const arrow = units.arrow * unit;
  const face = (chip: Chip): "mono" | "sans" => (chip.mono ? "mono" : "sans");
  const widthsOf = (some: readonly Chip[]): number[] =>
    some.map((chip) => textWidth(chip.text, text.small, face(chip)) + pad);
  const roomOf = (some: readonly Chip[]): number =>
    size.width - leftOf(look) - 16 - (some.length - 1) * arrow;
  const chips = fittingChips(way, look, (some) => sum(widthsOf(some)) <= roomOf(some));
  const room = roomOf(chips);
  const widths = widthsOf(chips);
  // The index gives way first, then the value.
  for (const i of [0, chips.length - 1]) {
    const over = sum(widths) - room;
    if (over > 0) widths[i] = Math.max(34 * unit, (widths[i] ?? 0) - over);
  }
  const marks: Mark[] = [];
  let x = leftOf(look);
  chips.forEach((chip, i) => {
    const width = widths[i] ?? 0;
    if (x + width > size.width - 8) return;
    if (i > 0) marks.push(...arrowMarks(`way/${i}/arrow`, x - arrow, y, look));
    const box = {
      x: round(x),
      y: y + 2 * unit,
      width: round(width),
      height: (units.way - 4) * unit,
      radius: 3,
    };
    const shown = cut(chip.text, width - pad + 1, text.small, face(chip));
    marks.push({
      shape: "rect",
      name: `way/${i}`,
      class: chip.class,
      label: `${chip.label}: ${chip.text}`,
      ...box,
    });
    if (shown !== "")
      marks.push({
        shape: "text",
        name: `way/${i}/text`,
        class: `${chip.mono ? "mono" : "ink"}${chip.class.includes("answer") ? " on-ink" : ""}`,
        x: round(x + width / 2),
        y: baseOf(y, units.way * unit, look),
        text: shown,
        anchor: "middle",
        size: text.small,
      });
    x += width + arrow;
  });
  return marks;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function arrowMarks(name: string, x: number, y: number, {unit}: Look): readonly Mark[] {
  const middle = round(y + (units.way * unit) / 2);
  const tip = round(x + (units.arrow - 4) * unit);
  const head = 5 * unit;
  return [
    {shape: "line", name, class: "way", x: round(x + 4 * unit), y: middle, x2: tip - head, y2: middle},
    {
      shape: "path",
      name: `${name}/head`,
      class: "solid",
      d: `M${tip},${middle} l${-head * 1.4},${-head * 0.8} v${head * 1.6} Z`,
    },
  ];
}

/** That all rows want, one below the other. */
export function rowsHeight({way}: DiskView, {unit}: Look): number {
  return (way?.rows.length ?? 0) * units.row * unit + 4 * unit;
}

/** As many as fit into the height that is left. */
export function rowsPart({way}: DiskView, y: number, look: Look): Part {
  const {unit, size, words} = look;
  const fits = Math.floor((size.height - y - 4 * unit) / (units.row * unit));
  if (way === undefined || way.rows.length === 0 || fits < 1) return noPart;
  const left = leftOf(look);
  const wide = size.width - left > 640 * unit;
  const columns = wide && way.rows.length > fits ? 2 : 1;
  const count = Math.min(way.rows.length, fits * columns);
  const place = way.rows.findIndex((row) => row.answer);
  const from = Math.max(
    0,
    Math.min(place < 0 ? way.rows.length : place - Math.floor(count / 2), way.rows.length - count),
  );
  const width = (size.width - left - 16) / columns;
  const marks: Mark[] = [];
  if (way.page > 0)
    marks.push(...rowWord(look, "rows", y, units.row * unit, words.t("disk.holds", {id: way.page})));
  way.rows.slice(from, from + count).forEach((row, i) => {
    const at = {
      x: left + Math.floor(i / fits) * width,
      y: y + (i % fits) * units.row * unit,
      width: width - 12 * unit,
    };
    marks.push(...rowMarks(row, at, look));
  });
  return {marks, height: Math.min(fits, count) * units.row * unit};
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Its revision in a pill, filled where it is what the read finds; then what it says. */
function rowMarks(row: DiskRow, place: Place, look: Look): readonly Mark[] {
  const {unit, words} = look;
  const {revision, key, value, version, create, buffered, answer} = row;
  const {x, y, width} = place;
  const name = `row/${revision}`;
  const height = units.row * unit;
  const ref = `rev:${revision.replace(/t$/, "")}`;
  const says = isDelete(row)
    ? words.t("cell.deleted", {key, revision: revision.replace(/\.0t$|t$/, "")})
    : words.t("cell.put", {key, value, revision, version, create});
  const state = answer ? "version answer" : buffered ? "version volatile-ground" : "version";
  const pill = {x: round(x), y: y + unit, width: (units.revision - 8) * unit, height: height - 2 * unit};
  const middle = {x: pill.x + pill.width / 2, y: baseOf(y, height, look), width: pill.width};
  return [
    {shape: "rect", name, class: state, ref, ...pill, radius: 9 * unit},
    ...write(look, {name: `${name}/revision`, ...middle}, revision, {
      class: answer ? "mono on-ink" : "mono",
      anchor: "middle",
    }),
    ...saysMarks(row, {...place, x: x + units.revision * unit, width: width - units.revision * unit}, look),
    target(name, ref, says, {x, y, width, height}),
  ];
}

/** A tombstone has neither value nor version. */
function isDelete({value, version}: DiskRow): boolean {
  return value === "" && version === 0;
}

/** Key and value, or that it was deleted; and what there is room for of its life. */
function saysMarks(row: DiskRow, {x, y, width}: Place, look: Look): readonly Mark[] {
  const {unit, words, text} = look;
  const {revision, key, value, version, create, buffered} = row;
  const name = `row/${revision}`;
  const height = units.row * unit;
  const base = baseOf(y, height, look);
  const holds = isDelete(row) ? words.t("disk.rowDeleted", {key}) : `${key} = ${value}`;
  const end = Math.min(textWidth(holds, text.small, "mono"), width);
  const life = isDelete(row) ? "" : words.t("disk.rowNote", {create, version});
  const note = buffered ? words.t("disk.onlyMemory") : life;
  const at = Math.max(end + (isDelete(row) ? 30 : 16) * unit, 130 * unit);
  const hasNote = textWidth(note, text.small) <= width - at;
  const cross = {x: round(x + end + 14 * unit), y: round(y + height / 2), d: shapes.cross(4.5 * unit)};
  const crosses = isDelete(row) && end + 20 * unit < width;
  return [
    ...write(look, {name: `${name}/holds`, x, y: base, width}, holds, {class: "mono"}),
    ...(hasNote
      ? write(look, {name: `${name}/note`, x: x + at, y: base, width: width - at}, note, {class: "ink2"})
      : []),
    ...(crosses
      ? [{shape: "path", name: `${name}/cross`, class: "stroke-2 tombstone", ...cross} as const]
      : []),
  ];
}
