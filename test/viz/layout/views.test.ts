import {describe, expect, it} from "vitest";
import {diskHeight, diskLayout, diskTable} from "../../../viz/layout/disk.ts";
import {logHeight} from "../../../viz/layout/logLanes.ts";
import type {Size} from "../../../viz/layout/mark.ts";
import {registry, viewIds} from "../../../viz/registry.ts";
import type {ViewId} from "../../../viz/registry.ts";
import type {ThemeName} from "../../../viz/theme/tokens.ts";
import {busyDisk, deletedDisk, emptyDisk, highDisk} from "../support/diskSamples.ts";
import {boxOf, collisions, looks, outside, standingTexts} from "../support/looks.ts";
import {jointFrame, learnerFrame} from "../support/memberFrames.ts";
import {busyFrame, emptyFrame} from "../support/sampleFrame.ts";

type Sizes = Readonly<Record<ThemeName, Size>>;
const all = (size: Size): Sizes => ({
  light: size,
  dark: size,
  projector: {width: size.width * 1.35, height: size.height * 1.35},
});

/** The room each view has at 1280×600, at 1920×1080 and on a phone. */
const rooms: Readonly<Record<ViewId, readonly Sizes[]>> = {
  ring: [
    all({width: 440, height: 337}),
    all({width: 440, height: 817}),
    {...all({width: 390, height: 290}), projector: {width: 545, height: 240}},
  ],
  log: [
    all({width: 840, height: logHeight(6, 1)}),
    all({width: 840, height: logHeight(6, 1, "least")}),
    all({width: 1160, height: logHeight(6, 1)}),
    all({width: 390, height: logHeight(6, 1)}),
  ],
  grid: [all({width: 840, height: 142}), all({width: 1160, height: 420}), all({width: 390, height: 190})],
  disk: [
    all({width: 840, height: 337}),
    all({width: 840, height: 422}),
    all({width: 1160, height: 640}),
    all({width: 390, height: 300}),
    all({width: 390, height: 560}),
  ],
  events: [all({width: 840, height: 160}), all({width: 320, height: 500}), all({width: 390, height: 190})],
  tape: [all({width: 1280, height: 86}), all({width: 1920, height: 86}), all({width: 390, height: 44})],
};

const frames = {
  busy: {...busyFrame, disk: busyDisk},
  empty: {...emptyFrame, disk: emptyDisk},
  learner: {...learnerFrame, disk: highDisk},
  joint: {...jointFrame, disk: deletedDisk},
};

describe.each(viewIds)("the layout of %s", (id) => {
  const cases = Object.entries(frames).flatMap(([frameName, frame]) =>
    rooms[id].flatMap((sizes) =>
      looks(sizes, frame.cursor.time).map(({name, look}) => ({
        name: `${frameName} ${look.size.width}×${look.size.height} ${name}`,
        look,
        marks: registry[id].marks(frame, look),
        again: registry[id].marks(frame, look),
        tables: registry[id].table(frame, look),
      })),
    ),
  );

  it("is a pure function: the same data and look give the same marks", () => {
    for (const {marks, again} of cases) expect(marks).toEqual(again);
    expect(cases.some(({marks}) => marks.length > 5)).toBe(true);
  });

  it("names every mark once, so that joins keep its identity", () => {
    for (const {name, marks} of cases) {
      const keys = marks.map((mark) => `${mark.shape} ${mark.name}`);
      expect(new Set(keys).size, name).toBe(keys.length);
    }
  });

  it("lets no two texts meet", () => {
    for (const {name, marks} of cases) expect(collisions(standingTexts(marks).map(boxOf)), name).toEqual([]);
  });

  it("keeps every text inside the view", () => {
    for (const {name, marks, look} of cases)
      expect(outside(standingTexts(marks).map(boxOf), look.size), name).toEqual([]);
  });

  it("sets no text below 13 pixels, 18 for the projector", () => {
    for (const {name, marks, look} of cases) {
      for (const mark of standingTexts(marks))
        expect(mark.size, `${name} ${mark.name}`).toBeGreaterThanOrEqual(look.text.small);
    }
  });

  it("gives every target a sentence and at most one hue per mark", () => {
    for (const {name, marks} of cases) {
      for (const mark of marks)
        if (mark.class.includes("target")) expect(mark.label, `${name} ${mark.name}`).toMatch(/\S/);
    }
  });

  it("has a table twin with a cell for every column", () => {
    for (const {tables} of cases) {
      expect(tables.length).toBeGreaterThan(0);
      for (const table of tables)
        for (const row of table.rows) expect(row.cells).toHaveLength(table.columns.length);
    }
  });

  it("draws finite numbers only", () => {
    for (const {name, marks} of cases) expect(JSON.stringify(marks), name).not.toMatch(/null|NaN|Infinity/);
  });

  it("stays below 3,000 marks", () => {
    for (const {marks} of cases) expect(marks.length).toBeLessThan(3000);
  });
});

describe("a disk", () => {
  const disks = {busy: busyDisk, high: highDisk, deleted: deletedDisk};
  const cases = Object.entries(disks).flatMap(([name, disk]) =>
    [840, 390].flatMap((width) =>
      looks(all({width, height: 100}), 0).map(({name: of, look}) => ({
        name: `${name} ${width} ${of}`,
        disk,
        look,
      })),
    ),
  );

  it("is whole at the height that it asks for: the way of the read is there, and three records", () => {
    for (const {name, disk, look} of cases) {
      const size = {...look.size, height: diskHeight(disk, look)};
      const names = diskLayout(disk, {...look, size}).map((mark) => mark.name);
      expect(names, name).toContain("way/0");
      const rows = names.filter((one) => /^row\/.*\/holds$/.test(one));
      expect(rows.length, name).toBeGreaterThanOrEqual(Math.min(3, disk.way?.rows.length ?? 0));
    }
  });

  it("adds no bytes that are written over durable ones to those that a crash leaves", () => {
    const [first] = cases;
    const words = first?.look.words;
    if (words === undefined) throw new Error("no look");
    const {durableBytes: durable, dirtyBytes: dirty} = busyDisk;
    expect(diskTable(busyDisk, {words}).rows.map(({cells}) => cells)).toContainEqual([
      words.t("disk.bytes"),
      words.t("disk.someDurable", {durable, dirty}),
    ]);
    expect(words.t("disk.someDurable", {durable, dirty})).toBe("47616 bytes after a crash, 512 not synced");
    expect(words.t("disk.allDurable", {durable})).toBe("47616 bytes, every write synced");
  });

  it("shows the pages of the way thick, and hatches what a crash may take", () => {
    for (const {name, disk, look} of cases) {
      const marks = diskLayout(disk, {...look, size: {...look.size, height: 2000}});
      const thick = marks.filter((mark) => mark.class.includes("on-way")).map((mark) => mark.name);
      expect(thick, name).toEqual((disk.way?.pages ?? []).map((id) => `page/${id}`));
      const hatched = marks.filter((mark) => mark.class.includes("volatile-ground")).map((mark) => mark.name);
      expect(hatched.includes("log/volatile"), name).toBe(true);
      expect(hatched.includes("page/14"), name).toBe(disk.backend?.committing === true);
    }
  });
});
