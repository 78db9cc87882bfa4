// The backend file: its tree of pages, the root on top, and below it the pages of the file in their order. A page of the
// tree says from which revision on it holds how many records; the bar at its foot is how full it is. The way of the read
// is thick. New pages of the last commit say so; while that is on its way they are hatched.

import type {DiskBackend, DiskPage, DiskPageSquare, DiskView} from "../frame.ts";
import type {Part} from "./diskPen.ts";
import {baseOf, fitting, leftOf, rowWord, write} from "./diskPen.ts";
import type {Look} from "./look.ts";
import type {Mark} from "./mark.ts";
import {round} from "./ringPlaces.ts";
import {textWidth} from "./text.ts";

const units = {
  head: 22,
  page: 38,
  gap: 15,
  strip: 30,
  square: 22,
  leaf: 82,
  widest: 168,
  branch: 128,
  other: 76,
};

/** Leaves that fit. */
export function diskLeaves(look: Look): number {
  return Math.max(1, Math.floor(treeWidth(look, 1) / (units.leaf * look.unit)));
}

/** Squares that fit into the row of all pages. */
export function diskSquares(look: Look): number {
  return Math.max(6, Math.floor((look.size.width - leftOf(look) - 16) / (units.square * look.unit)));
}

/** Without the other buckets' pages at the right and the counts of what does not fit. */
function treeWidth({size, unit, ...look}: Look, others: number): number {
  return size.width - leftOf({size, unit, ...look}) - 16 - (others * units.other + 60) * unit;
}

export function backendPart(disk: DiskView, y: number, look: Look): Part {
  const {unit, words, size} = look;
  const {backend} = disk;
  const left = leftOf(look);
  const head = units.head * unit;
  const marks: Mark[] = [...rowWord(look, "backend", y, head, words.t("disk.backend"))];
  const line = {name: "backend/text", x: left, y: baseOf(y, head, look), width: size.width - left - 16};
  if (backend === undefined) {
    return {marks: [...marks, ...write(look, line, words.t("disk.noBackend"))], height: head};
  }
  marks.push(...write(look, line, commitText(backend, look), {class: "ink2"}));
  const top = y + head + 2 * unit;
  const tree = treeMarks(disk, backend, top, look);
  const strip = stripMarks(backend, tree.bottom + 6 * unit, look);
  return {
    marks: [...marks, ...tree.marks, ...strip],
    height: tree.bottom + (units.strip + 6) * unit - y,
  };
}

/** What the newest commit did, as far as there is room for it. */
function commitText({version, committing, buffered, last}: DiskBackend, look: Look): string {
  const {words, size} = look;
  const {t} = words;
  const {written, freed, splits, merges} = last;
  const parts = [
    t(committing ? "disk.committing" : "disk.version", {version}),
    ...(written === 0 ? [] : [t("disk.written", {written, freed})]),
    ...(splits === 0 ? [] : [t("disk.splits", {splits})]),
    ...(merges === 0 ? [] : [t("disk.merges", {merges})]),
  ];
  const waits = buffered === 0 ? [] : [t("disk.buffered", {buffered})];
  const tries = parts.map((_, i) => [...parts.slice(0, parts.length - i), ...waits].join(" · "));
  return fitting(look, size.width - leftOf(look) - 16, tries);
}

interface Tree {
  readonly marks: readonly Mark[];
  readonly bottom: number;
}

function treeMarks(disk: DiskView, backend: DiskBackend, top: number, look: Look): Tree {
  const {unit, words, text} = look;
  const {levels, leavesBefore, leavesAfter, others} = backend;
  const left = leftOf(look);
  const leaves = levels.at(-1) ?? [];
  const before = leavesBefore === 0 ? 0 : 34 * unit;
  const slot = Math.min(units.widest * unit, treeWidth(look, others.length) / Math.max(1, leaves.length));
  const middles = middlesOf(levels, left + before, slot);
  const rowOf = (level: number): number => top + level * (units.page + units.gap) * unit;
  const marks: Mark[] = [];
  const way = disk.way?.pages ?? [];
  levels.forEach((level, depth) => {
    for (const page of level) {
      const middle = middles.get(page.id) ?? 0;
      const above = middles.get(page.parent);
      const isWay = way.includes(page.id);
      if (above !== undefined) {
        marks.push({
          shape: "line",
          name: `page/${page.id}/link`,
          class: isWay ? "way" : "branch-line",
          x: round(above),
          y: rowOf(depth - 1) + units.page * unit,
          x2: round(middle),
          y2: rowOf(depth),
        });
      }
      const isLeaf = depth === levels.length - 1;
      const below = (levels[depth + 1] ?? []).filter(({parent}) => parent === page.id).length;
      const width = isLeaf ? slot : Math.min(units.branch * unit, Math.max(1, below) * slot);
      const box = {x: middle - width / 2 + 4 * unit, y: rowOf(depth), width: width - 8 * unit};
      marks.push(...pageMarks(page, isLeaf, box, {backend, isWay}, look));
    }
  });
  const depth = Math.max(0, levels.length - 1);
  const base = baseOf(rowOf(depth), units.page * unit, look);
  if (leavesBefore > 0)
    marks.push(...write(look, {name: "tree/before", x: left, y: base, width: 32 * unit}, `+${leavesBefore}`));
  const end = left + before + slot * leaves.length;
  if (leavesAfter > 0)
    marks.push(
      ...write(look, {name: "tree/after", x: end + 2 * unit, y: base, width: 40 * unit}, `+${leavesAfter}`),
    );
  if (levels.length === 0) {
    const width = textWidth(words.t("disk.noRecord"), text.small) + 4;
    marks.push(...write(look, {name: "tree/empty", x: left, y: base, width}, words.t("disk.noRecord")));
  }
  const after = leavesAfter > 0 ? 44 * unit : 0;
  marks.push(...otherMarks(backend, {x: Math.max(end + after, left) + 14 * unit, y: rowOf(depth)}, look));
  return {marks, bottom: rowOf(depth) + units.page * unit};
}

/** Where each page stands: leaves side by side, a branch over the middle of those that it leads to. */
function middlesOf(levels: DiskBackend["levels"], from: number, slot: number): ReadonlyMap<number, number> {
  const middles = new Map<number, number>();
  levels.toReversed().forEach((level, height) => {
    level.forEach((page, i) => {
      const below = (levels.at(-height) ?? []).filter(({parent}) => height > 0 && parent === page.id);
      const places = below.map(({id}) => middles.get(id) ?? 0);
      const [first, last] = [places[0], places.at(-1)];
      const middle = first === undefined || last === undefined ? from + (i + 0.5) * slot : (first + last) / 2;
      middles.set(page.id, middle);
    });
  });
  return middles;
}

function pageMarks(
  page: DiskPage,
  isLeaf: boolean,
  at: {readonly x: number; readonly y: number; readonly width: number},
  {backend, isWay}: {readonly backend: DiskBackend; readonly isWay: boolean},
  look: Look,
): readonly Mark[] {
  const {unit, words} = look;
  const {id, entries, fill, first, fresh} = page;
  const {t} = words;
  const name = `page/${id}`;
  const height = units.page * unit;
  const said = {id, first, count: entries, fill};
  const label = t(isLeaf ? "disk.leafLabel" : "disk.branchLabel", said);
  const state = fresh && backend.committing ? "page volatile-ground" : "page";
  const box = {x: round(at.x), y: at.y, width: round(at.width), height, radius: 3};
  const room = at.width - 8 * unit;
  const names = fresh ? [t("disk.pageNew", {id}), t("disk.pageNewShort", {id})] : [];
  const holds = isLeaf
    ? [t("disk.leaf", said), t("disk.leafShort", said), first]
    : [t("disk.branch", said), String(entries)];
  const middle = at.x + at.width / 2;
  return [
    {shape: "rect", name: `${name}/paper`, class: "page-paper", ...box},
    {shape: "rect", name, class: isWay ? `${state} on-way` : state, label, ...box},
    {
      shape: "rect",
      name: `${name}/fill`,
      class: "solid",
      x: round(at.x + 2 * unit),
      y: at.y + height - 4 * unit,
      width: round(((at.width - 4 * unit) * fill) / 100),
      height: 2 * unit,
    },
    ...write(
      look,
      {name: `${name}/name`, x: middle, y: at.y + 14 * unit, width: room},
      fitting(look, room, [...names, t("disk.page", {id}), String(id)]),
      {class: "strong", anchor: "middle"},
    ),
    ...write(
      look,
      {name: `${name}/holds`, x: middle, y: at.y + 29 * unit, width: room},
      fitting(look, room, holds),
      {class: "ink2", anchor: "middle"},
    ),
  ];
}

/** The other buckets, one page each as a rule. */
function otherMarks(
  {others, levels}: DiskBackend,
  from: {readonly x: number; readonly y: number},
  look: Look,
): readonly Mark[] {
  const {unit, words, size} = look;
  const top = from.y;
  const pitch = units.other * unit;
  return others.flatMap(({bucket, id}, i): readonly Mark[] => {
    const x = Math.min(
      from.x + (levels.length === 0 ? 120 * unit : 0),
      size.width - 12 - others.length * pitch,
    );
    const box = {
      x: x + i * pitch + 6 * unit,
      y: top,
      width: pitch - 6 * unit,
      height: units.page * unit,
      radius: 3,
    };
    const middle = box.x + box.width / 2;
    const place = {x: middle, width: box.width - 4 * unit};
    const label = words.t("disk.otherLabel", {bucket, id});
    return [
      {shape: "rect", name: `bucket/${bucket}`, class: "page", label, ...box},
      ...write(
        look,
        {...place, name: `bucket/${bucket}/id`, y: top + 14 * unit},
        words.t("disk.page", {id}),
        {
          anchor: "middle",
        },
      ),
      ...write(look, {...place, name: `bucket/${bucket}/name`, y: top + 29 * unit}, bucket, {
        class: "ink2",
        anchor: "middle",
      }),
    ];
  });
}

/** All pages in a row, as they lie in the file. */
function stripMarks(backend: DiskBackend, y: number, look: Look): readonly Mark[] {
  const {unit, words, size, text} = look;
  const left = leftOf(look);
  const side = units.square * unit;
  const more = backend.pagesTotal - Math.min(backend.pages.length, diskSquares(look));
  const shown = backend.pages.slice(0, diskSquares(look) - (more > 0 ? 3 : 0));
  const height = units.strip * unit - 4 * unit;
  const marks: Mark[] = [...rowWord(look, "strip", y, height, words.t("disk.file"))];
  shown.forEach((page, i) => {
    marks.push(...squareMarks(page, {x: left + i * side, y: y + 2 * unit, side}, backend, look));
  });
  const end = left + shown.length * side + 10 * unit;
  const rest = backend.pagesTotal - shown.length;
  const key = fitting(look, size.width - end - 12, [
    words.t("disk.stripKey"),
    words.t("disk.stripKeyShort"),
    "",
  ]);
  const says = rest > 0 ? words.t("disk.morePages", {count: rest}) : key;
  const width = Math.max(0, size.width - end - 12);
  if (textWidth(says, text.small) <= width)
    marks.push(
      ...write(look, {name: "strip/key", x: end, y: baseOf(y, height, look), width}, says, {class: "ink2"}),
    );
  return marks;
}

function squareMarks(
  {id, kind, bucket, fresh}: DiskPageSquare,
  {x, y, side}: {readonly x: number; readonly y: number; readonly side: number},
  {committing}: DiskBackend,
  look: Look,
): readonly Mark[] {
  const {unit, words} = look;
  const name = `square/${id}`;
  const box = {x: round(x), y: round(y), width: round(side - 3 * unit), height: round(side)};
  const label = words.t(`disk.square.${kind}`, {id, bucket});
  const isGone = kind === "free" || kind === "pending";
  const state = fresh ? (committing ? "volatile-ground" : "fresh") : isGone ? "gone" : "used";
  const ink = fresh && !committing ? "on-ink" : isGone ? "ink3" : "ink";
  const place = {
    name: `${name}/id`,
    x: x + (side - 3 * unit) / 2,
    y: baseOf(y, side, look),
    width: side - 3 * unit,
  };
  return [
    {shape: "rect", name, class: `square ${state}`, label, ...box},
    ...write(look, place, String(id), {class: `${ink} number`, anchor: "middle"}),
    ...(kind === "pending"
      ? [
          {
            shape: "line",
            name: `${name}/struck`,
            class: "struck",
            x: box.x,
            y: box.y + box.height,
            x2: box.x + box.width,
            y2: box.y,
          } as const,
        ]
      : []),
  ];
}
