// One member's disk, from what is on its way to it down to a single record: sync queue and bytes, the log's records, snapshot
// files, the backend's pages as a tree and in their order, the way of a read, the records of the page where it ends. Hatched is
// what a crash may take: in the log, in the bytes, of a commit that is on its way.

import type {DiskView} from "../frame.ts";
import {diskRecords, logPart} from "./diskLog.ts";
import type {Part} from "./diskPen.ts";
import {baseOf, fitting, leftOf, noPart, rowWord, write} from "./diskPen.ts";
import {rowsHeight, rowsPart, wayPart} from "./diskRead.ts";
import {backendPart, diskLeaves, diskSquares} from "./diskTree.ts";
import type {Look} from "./look.ts";
import type {Mark, Table} from "./mark.ts";
import {round} from "./ringPlaces.ts";
import {textWidth} from "./text.ts";

export {diskLeaves, diskRecords, diskSquares};

const units = {row: 24, bytes: 372, gap: 16};

/** The height that is needed, for unit 1: what does not fit is scrolled to. */
const least = 318;

export function diskHeight(unit: number): number {
  return Math.ceil(least * unit);
}

/** Parts that belong together; between two groups a line, and as much room as there is. */
const groups: readonly (readonly ((disk: DiskView, y: number, look: Look) => Part)[])[] = [
  [queuePart, faultPart],
  [logPart, damagePart, snapshotPart],
  [backendPart],
  [wayPart, rowsPart],
];

export function diskLayout(disk: DiskView | undefined, look: Look): readonly Mark[] {
  if (disk === undefined) return [];
  const {unit, size} = look;
  // All but the records of the page, which come before empty room.
  const {height} = placed(disk, 0, look, groups.with(-1, [wayPart]));
  const gap = Math.floor((size.height - height - rowsHeight(disk, look)) / (groups.length - 1));
  return placed(disk, Math.max(0, Math.min(units.gap * unit, gap)), look).marks;
}

function placed(disk: DiskView, gap: number, look: Look, parts = groups): Part {
  const marks: Mark[] = [];
  let y = 0;
  for (const [i, group] of parts.entries()) {
    if (i > 0 && gap >= 6) {
      const at = round(y + gap / 2);
      marks.push({
        shape: "line",
        name: `rule/${i}`,
        class: "hairline",
        x: 16,
        y: at,
        x2: look.size.width - 12,
        y2: at,
      });
    }
    if (i > 0) y += gap;
    for (const part of group) {
      const {marks: more, height} = part(disk, y, look);
      // What is cut off in the middle says less than nothing.
      if (y + height > look.size.height + 1) return {marks, height: y};
      marks.push(...more);
      y += height;
    }
  }
  return {marks, height: y};
}

/** What is on its way, the next first; and how many bytes a crash leaves. Side by side where there is room. */
function queuePart(disk: DiskView, y: number, look: Look): Part {
  const {unit, size} = look;
  const left = leftOf(look);
  const isWide = size.width - left > 620 * unit;
  const height = units.row * unit;
  const right = size.width - 12;
  const middle = isWide ? right - units.bytes * unit : right;
  const queue = queueMarks(disk, {y, from: left, to: middle - 16 * unit}, look);
  const bytes = isWide
    ? bytesMarks(disk, {y, from: middle, to: right}, look)
    : bytesMarks(disk, {y: y + height, from: left, to: right}, look);
  return {marks: [...queue, ...bytes], height: isWide ? height : 2 * height};
}

interface Stretch {
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

function queueMarks({queue, queued}: DiskView, {y, from, to}: Stretch, look: Look): readonly Mark[] {
  const {unit, words, text} = look;
  const height = units.row * unit;
  const base = baseOf(y, height, look);
  const marks: Mark[] = [...rowWord(look, "queue", y, height, words.t("disk.queue"))];
  if (queued === 0) {
    const place = {name: "queue/empty", x: from, y: base, width: to - from};
    return [...marks, ...write(look, place, words.t("disk.idle"), {class: "ink2"})];
  }
  let x = from;
  let shown = 0;
  for (const {op, what, file} of queue) {
    const says = words.t("disk.operation", {what, file: words.t(`disk.file.${file}`)});
    const width = textWidth(says, text.small) + 12 * unit;
    if (x + width + 40 * unit > to) break;
    const box = {x: round(x), y: y + 2 * unit, width: round(width), height: height - 4 * unit, radius: 3};
    marks.push({shape: "rect", name: `queue/${op}`, class: "chip volatile-ground", ...box});
    marks.push(...write(look, {name: `queue/${op}/text`, x: x + 6 * unit, y: base, width}, says));
    x += width + 6 * unit;
    shown++;
  }
  if (queued > shown)
    marks.push(...write(look, {name: "queue/more", x, y: base, width: to - x}, `+${queued - shown}`));
  return marks;
}

/** A bar: solid what is durable, hatched what was written and is not. */
function bytesMarks(disk: DiskView, {y, from, to}: Stretch, look: Look): readonly Mark[] {
  const {unit, words} = look;
  const {durableBytes, dirtyBytes} = disk;
  const height = units.row * unit;
  const bar = (to - from) * 0.26;
  const all = Math.max(1, durableBytes + dirtyBytes);
  const volatile = dirtyBytes === 0 ? 0 : Math.max(6 * unit, (bar * dirtyBytes) / all);
  const said = {durable: durableBytes, dirty: dirtyBytes};
  const label = words.t(dirtyBytes === 0 ? "disk.allDurable" : "disk.someDurable", said);
  const texts = [label, words.t(dirtyBytes === 0 ? "disk.allDurableShort" : "disk.someDurableShort", said)];
  const box = {y: y + 7 * unit, height: height - 14 * unit};
  const width = to - from - bar - 10 * unit;
  const place = {name: "bytes/text", x: from + bar + 10 * unit, y: baseOf(y, height, look), width};
  return [
    {shape: "rect", name: "bytes/durable", class: "solid", x: from, width: round(bar - volatile), ...box},
    {
      shape: "rect",
      name: "bytes/dirty",
      class: "volatile-ground",
      label,
      x: round(from + bar - volatile),
      width: round(volatile),
      ...box,
    },
    ...write(look, place, fitting(look, width, texts), {class: "ink2"}),
  ];
}

function faultPart({faults}: DiskView, y: number, look: Look): Part {
  if (faults.length === 0) return noPart;
  const {unit, words, size} = look;
  const height = units.row * unit;
  const left = leftOf(look);
  const place = {name: "faults/text", x: left, y: baseOf(y, height, look), width: size.width - left - 16};
  const text = faults.map((fault) => words.say(fault)).join(" · ");
  const word = rowWord(look, "faults", y, height, words.t("disk.faults"));
  return {marks: [...word, ...write(look, place, text, {class: "note"})], height};
}

function damagePart({damage}: DiskView, y: number, look: Look): Part {
  const {unit, words, size} = look;
  const left = leftOf(look);
  const height = units.row * unit;
  const marks = damage.flatMap(({kind, file, offset}, i): readonly Mark[] => {
    const place = {name: `damage/${i}`, x: left, y: baseOf(y + i * height, height, look)};
    const text = words.t(`disk.damage.${kind}`, {file: words.t(`disk.file.${file}`), offset});
    return write(look, {...place, width: size.width - left - 16}, text, {class: "note"});
  });
  return {marks, height: damage.length * height};
}

function snapshotPart({snapshots, snapshotsTotal}: DiskView, y: number, look: Look): Part {
  if (snapshots.length === 0) return noPart;
  const {unit, words, size, text} = look;
  const height = units.row * unit;
  const base = baseOf(y, height, look);
  const marks: Mark[] = [...rowWord(look, "snapshots", y, height, words.t("disk.snapshots"))];
  let x = leftOf(look);
  let shown = 0;
  for (const {index, term, broken} of snapshots) {
    const says = words.t(broken ? "disk.snapshotBroken" : "disk.snapshot", {index, term});
    const width = textWidth(says, text.small) + 14 * unit;
    if (x + width + 40 * unit > size.width) break;
    const box = {x: round(x), y: y + 2 * unit, width: round(width), height: height - 4 * unit, radius: 3};
    marks.push({shape: "rect", name: `snapshot/${index}/${term}`, class: "sheet", ...box});
    marks.push(
      ...write(look, {name: `snapshot/${index}/${term}/text`, x: x + 7 * unit, y: base, width}, says),
    );
    x += width + 8 * unit;
    shown++;
  }
  if (snapshotsTotal > shown)
    marks.push(
      ...write(look, {name: "snapshots/more", x, y: base, width: 36 * unit}, `+${snapshotsTotal - shown}`),
    );
  return {marks, height};
}

/** Twins: what the disk is, its log's records, its pages, the way of the read with the records where it ends. */
export function diskTable(disk: DiskView | undefined, {words}: Pick<Look, "words">): Table {
  const {t} = words;
  const columns = [t("column.what"), t("column.value")];
  if (disk === undefined) return {columns, rows: []};
  const {bytes, durableBytes, dirtyBytes, queued, log, backend, snapshots, faults, damage, way} = disk;
  const rows: [string, string][] = [
    [t("column.server"), disk.member],
    [t("disk.bytes"), t("disk.someDurable", {durable: durableBytes, dirty: dirtyBytes, bytes})],
    [t("disk.queue"), String(queued)],
    [t("disk.commit"), String(log.commit)],
    [t("disk.consistentIndex"), String(log.consistent)],
    ...faults.map((fault): [string, string] => [t("disk.faults"), words.say(fault)]),
    ...damage.map(({kind, file, offset}): [string, string] => [
      t("disk.faults"),
      t(`disk.damage.${kind}`, {file: t(`disk.file.${file}`), offset}),
    ]),
    ...snapshots.map(({index, term, broken}): [string, string] => [
      t("disk.snapshots"),
      t(broken ? "disk.snapshotBroken" : "disk.snapshot", {index, term}),
    ]),
  ];
  if (backend !== undefined) rows.push([t("disk.backend"), t("disk.version", {version: backend.version})]);
  if (way !== undefined)
    rows.push([
      t("disk.read", {key: way.key}),
      [
        way.lives.join(" "),
        way.revision === "" ? t("disk.nothing", {revision: way.at}) : way.revision,
        ...way.pages.map((id) => t("disk.page", {id})),
        way.value,
      ]
        .filter((part) => part !== "")
        .join(" → "),
    ]);
  return {columns, rows: rows.map((cells) => ({cells}))};
}

export function diskRecordTable(disk: DiskView | undefined, {words}: Pick<Look, "words">): Table {
  const {t} = words;
  return {
    columns: [t("column.record"), t("column.index"), t("column.term"), t("column.what"), t("column.state")],
    rows: (disk?.log.records ?? []).map(({kind, index, term, text, durable}) => ({
      ...(kind === "entry" ? {ref: `entry:${disk?.member}/${index}`} : {}),
      cells: [
        t(`disk.record.${kind}`),
        String(index),
        String(term),
        text === "no-op" ? t("entry.noOp") : text,
        t(durable ? "disk.durable" : "disk.volatile"),
      ],
    })),
  };
}

export function diskPageTable(disk: DiskView | undefined, {words}: Pick<Look, "words">): Table {
  const {t} = words;
  const told = new Map((disk?.backend?.levels.flat() ?? []).map((page) => [page.id, page]));
  return {
    columns: [t("column.page"), t("column.what"), t("column.first"), t("column.entries"), t("column.full")],
    rows: (disk?.backend?.pages ?? []).map(({id, kind, bucket}) => {
      const page = told.get(id);
      return {
        cells: [
          String(id),
          t(`disk.square.${kind}`, {id, bucket}),
          page?.first ?? "",
          page === undefined ? "" : String(page.entries),
          page === undefined ? "" : `${page.fill} %`,
        ],
      };
    }),
  };
}

export function diskRowTable(disk: DiskView | undefined, {words}: Pick<Look, "words">): Table {
  const {t} = words;
  return {
    columns: [t("axis.revision"), t("column.key"), t("column.value"), t("column.state")],
    rows: (disk?.way?.rows ?? []).map(({revision, key, value, version, buffered}) => ({
      ref: `rev:${revision.replace(/t$/, "")}`,
      cells: [
        revision,
        key,
        version === 0 ? t("disk.deleted") : value,
        t(buffered ? "disk.onlyMemory" : "disk.durable"),
      ],
    })),
  };
}
