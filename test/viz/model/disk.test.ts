// What the page shows of a member's disk, held against the disk.

import {beforeAll, describe, expect, it} from "vitest";
import {present} from "../../../core/base/assert.ts";
import {readWal} from "../../../core/storage/readWal.ts";
import type {DiskView, DiskWindow} from "../../../viz/frame.ts";
import {ask, Filmed, wide} from "../support/filmed.ts";
import type {Deed} from "../support/filmed.ts";

const window: DiskWindow = {records: 20, leaves: 6, pages: 24, rows: 16, of: undefined};

function diskOf(film: Filmed, more: Partial<DiskWindow> = {}, seenBy = "n1"): DiskView {
  const {disk} = film.frame({...wide, seenBy, disk: {...window, ...more}});
  return present(disk, "the disk");
}

const settings = {members: 3, clients: 1, profile: "teaching"} as const;

/** A put every 25 ms from 400 ms on, each key in turn. */
function puts(count: number): readonly Deed[] {
  return Array.from({length: count}, (_, i): Deed => [400 + 25 * i, ask(`put key${i % 5} value-${i}`)]);
}

function goTo(film: Filmed, time: number): void {
  while ((film.view.last?.at ?? 0) < time * 1000) film.take();
}

const walk: readonly Deed[] = [
  [400, ask("put x one")],
  [450, ask("put y other")],
  [500, ask("put x two")],
  [550, ask("del x")],
  [600, ask("put x three")],
];

describe("a frame", () => {
  it("has a disk only if it was asked for", () => {
    const film = new Filmed(settings, []);
    film.take();
    expect(film.frame().disk).toBeUndefined();
    expect(diskOf(film).member).toBe("n1");
  });

  it("is as large after 300 writes as after 120, however many pages and records there are", () => {
    const film = new Filmed(settings, puts(300));
    // The mean of some: single frames differ by what happens to be on its way.
    const size = (): number => {
      let sum = 0;
      for (let taken = 0; taken < 200; taken++) {
        film.take();
        if (taken % 10 === 0) sum += JSON.stringify(diskOf(film)).length;
      }
      return sum;
    };
    goTo(film, 400 + 25 * 120);
    const early = size();
    const {backend} = diskOf(film);
    goTo(film, 400 + 25 * 290);
    expect(size()).toBeLessThan(early * 1.1);
    expect(diskOf(film).backend?.pagesTotal).toBeGreaterThan(1.5 * (backend?.pagesTotal ?? Infinity));
  });
});

describe("the log", () => {
  it("calls durable what the disk holds, and nothing else", () => {
    const film = new Filmed(settings, walk);
    let volatile = 0;
    for (let taken = 0; taken < 900; taken++) {
      film.take();
      const {log} = diskOf(film, {records: 100});
      const read = readWal(present(film.view.members[0], "n1").disk);
      const entries = read.ok ? read.value.entries : [];
      const shown = log.records.filter(({kind}) => kind === "entry");
      expect(shown.filter(({durable}) => durable).map(({index, term}) => [index, term])).toEqual(
        entries.map(({index, term}) => [index, term]),
      );
      volatile += shown.filter(({durable}) => !durable).length;
    }
    expect(volatile).toBeGreaterThan(0);
  });

  it("never says that the backend file is ahead of what was committed, and lets it catch up", () => {
    const film = new Filmed(settings, walk);
    const seen = new Set<number>();
    for (let taken = 0; taken < 1200; taken++) {
      film.take();
      const {commit, consistent} = diskOf(film).log;
      expect(consistent).toBeLessThanOrEqual(commit);
      seen.add(consistent);
    }
    expect(Math.max(...seen)).toBe(diskOf(film).log.commit);
  });
});

describe("the backend", () => {
  let film: Filmed;
  beforeAll(() => {
    film = new Filmed(settings, puts(120));
    goTo(film, 400 + 25 * 120);
  });

  it("shows as many leaves as fit, each under its branch, and counts the others", () => {
    for (const leaves of [1, 3, 6, 1000]) {
      const {levels, leavesBefore, leavesAfter} = present(diskOf(film, {leaves}).backend, "the backend");
      const shown = present(levels.at(-1), "leaves");
      const all = present(diskOf(film, {leaves: 1000}).backend, "the backend").levels.at(-1) ?? [];
      expect(shown.length).toBe(Math.min(leaves, all.length));
      expect(leavesBefore + shown.length + leavesAfter).toBe(all.length);
      levels.forEach((level, depth) => {
        const above = (levels[depth - 1] ?? []).map(({id}) => id);
        for (const {parent} of level) expect(depth === 0 ? [-1] : above).toContain(parent);
      });
    }
  });

  it("shows the leaf that the read goes to, though it is not among the newest", () => {
    const {backend, way} = diskOf(film, {leaves: 2, of: "rev:3.0"});
    expect(
      present(backend, "the backend")
        .levels.at(-1)
        ?.map(({id}) => id),
    ).toContain(way?.pages.at(-1));
    expect(backend?.leavesAfter).toBeGreaterThan(0);
  });

  it("shows of more pages than fit the meta pages, those of the way and the new ones, in their order", () => {
    const {backend, way} = diskOf(film, {pages: 8});
    const {pages, pagesTotal} = present(backend, "the backend");
    const ids = pages.map(({id}) => id);
    expect(pages).toHaveLength(8);
    expect(pagesTotal).toBeGreaterThan(8);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(ids).toEqual(expect.arrayContaining([0, 1, ...(way?.pages ?? [])]));
  });
});

describe("the way of a read", () => {
  let film: Filmed;
  beforeAll(() => {
    film = new Filmed(settings, walk);
    goTo(film, 1500);
  });

  it("is that of the key that changed last, or of the one selected, or of a revision", () => {
    expect(diskOf(film).way).toMatchObject({
      key: "x",
      lives: ["{2, 4, 5t}", "{6}"],
      revision: "6.0",
      value: "three",
    });
    expect(diskOf(film, {of: "key:y"}).way).toMatchObject({key: "y", lives: ["{3}"], value: "other"});
    expect(diskOf(film, {of: "rev:4.0"}).way).toMatchObject({at: 4, revision: "4.0", value: "two"});
    expect(diskOf(film, {of: "key:nobody"}).way?.key).toBe("x");
    expect(diskOf(film, {of: "n2"}).way?.key).toBe("x");
  });

  it("reads no page at a revision at which the key did not exist", () => {
    expect(diskOf(film, {of: "rev:5.0"}).way).toMatchObject({at: 5, revision: "", pages: [], value: ""});
  });

  it("ends at a page with the record, where a delete is one record more", () => {
    const {way} = diskOf(film);
    expect(way?.pages.at(-1)).toBe(way?.page);
    expect(way?.rows.map(({revision, key, value, answer}) => [revision, key, value, answer])).toEqual([
      ["2.0", "x", "one", false],
      ["3.0", "y", "other", false],
      ["4.0", "x", "two", false],
      ["5.0t", "x", "", false],
      ["6.0", "x", "three", true],
    ]);
  });

  it("goes through no page while the record waits for a commit, and marks that record", () => {
    const waiting = new Filmed(settings, walk);
    goTo(waiting, 400);
    for (let taken = 0; taken < 900; taken++) {
      waiting.take();
      const {way} = diskOf(waiting);
      if (way === undefined || way.pages.length > 0) continue;
      expect(way.rows.filter(({answer}) => answer).every(({buffered}) => buffered)).toBe(true);
      if (way.value !== "") return;
    }
    throw new Error("no record waited");
  });
});

describe("a disk that is not as it was written", () => {
  const struck = (fault: object, at: number): Filmed => {
    const harm = {kind: "disk", member: "n1", fault} as Deed[1];
    const film = new Filmed(settings, [...walk, [at, harm], [at + 100, {kind: "crash", member: "n1"}]]);
    goTo(film, at + 200);
    return film;
  };

  it("says where the log is rotten, and shows the records before", () => {
    const {damage, log, status} = diskOf(struck({kind: "rot", file: "*.wal", sector: 0, bit: 500}, 1200));
    expect(status).toBe("crashed");
    expect(damage).toEqual([{kind: "rotten", file: "wal", offset: 56}]);
    expect(log.records.map(({kind}) => kind)).toEqual(["head", "hardState", "entry"]);
  });

  it("says where the backend file is rotten, and shows no tree of it", () => {
    const sound = new Filmed(settings, walk);
    goTo(sound, 1200);
    // A page is a sector here.
    const sector = present(diskOf(sound).backend?.levels[0]?.[0], "the root").id;
    const {damage, backend} = diskOf(struck({kind: "rot", file: "db", sector, bit: 500}, 1200));
    expect(damage).toEqual([{kind: "rotten", file: "db", offset: 512 * sector}]);
    expect(backend).toBeUndefined();
  });

  it("says that a sector cannot be read", () => {
    const {damage} = diskOf(struck({kind: "unreadable", file: "db", sector: 0}, 1200));
    expect(damage).toEqual([{kind: "unreadable", file: "db", offset: 0}]);
  });

  it("of a crashed server is read as a boot would read it", () => {
    const film = new Filmed(settings, [...walk, [1200, {kind: "crash", member: "n1"}]]);
    goTo(film, 1300);
    const {damage, way, log, backend} = diskOf(film);
    expect({damage, value: way?.value}).toEqual({damage: [], value: "three"});
    expect(log.records.every(({durable}) => durable)).toBe(true);
    expect(backend?.buffered).toBe(0);
  });
});
