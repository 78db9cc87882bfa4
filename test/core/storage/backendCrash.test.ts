// What a crash may leave of a commit, and what opening makes of it: the last committed state, whole.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {Backend} from "../../../core/storage/backend.ts";
import {dbFile} from "../../../core/storage/files.ts";
import {metaPageOf} from "../../../core/storage/meta.ts";
import {openBackend} from "../../../core/storage/openBackend.ts";
import type {Content} from "./backendModel.ts";
import {
  bytes,
  change,
  commit,
  contentOf,
  diskOf,
  history,
  Model,
  open,
  options,
  pageBytes,
  revision,
  run,
} from "./backendModel.ts";
import type {MemoryDisk} from "./memoryDisk.ts";
import {nothingKept} from "./memoryDisk.ts";
import {checkPages} from "./pageChecks.ts";

/** Puts a wrong bit into the meta page of this version. */
function rotMeta(disk: MemoryDisk, version: number): void {
  disk.spoil(dbFile, (file) => {
    const at = metaPageOf(version) * pageBytes + 40;
    return file.map((byte, place) => (place === at ? byte ^ 4 : byte));
  });
}

/** The states of a disk from before the first operation to behind the last, with the content that a crash may lead to. */
function* pointsOf(
  backend: Backend,
  disk: MemoryDisk,
  before: Content,
  after: Content,
): Generator<readonly Content[]> {
  const steps = backend.commit();
  yield [before];
  for (const [i, step] of steps.entries()) {
    for (const [k, op] of step.entries()) {
      disk.do(op);
      const isLast = i === steps.length - 1;
      yield isLast ? (k === step.length - 1 ? [after] : [before, after]) : [before];
    }
  }
  if (steps.length > 0) backend.settled();
}

/** A bit of luck from a number. */
function flips(luck: number): (part: number) => boolean {
  return (part) => ((Math.imul(luck ^ Math.imul(part + 1, 0x9e3779b1), 0x85ebca77) >>> 13) & 1) === 1;
}

describe("a crash of the backend", () => {
  it("leaves the last committed state after any history, at any point, with any part of what was not synced", () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(), {minLength: 10, maxLength: 10}), (steps, luck) => {
        let backend = Backend.empty(options);
        let disk = diskOf(backend.image());
        let model = new Model();
        let committed: Content = [];
        let commits = 0;
        for (const [i, step] of steps.entries()) {
          change(backend, model, step, i % 256);
          if (step.kind !== "commit" && step.kind !== "reopen") continue;
          const draw = luck[commits++ % luck.length] ?? 0;
          const crashAt = step.kind === "reopen" ? draw % 5 : undefined;
          let point = 0;
          for (const allowed of pointsOf(backend, disk, committed, model.content())) {
            const left = disk.crash({piece: flips(draw + point), names: 0});
            const opened = open(left);
            const content = contentOf(opened);
            expect(allowed).toContainEqual(content);
            expect(opened.fellBack).toBeUndefined();
            checkPages(opened);
            committed = content;
            if (point++ !== crashAt) continue;
            [backend, disk, model] = [opened, left, Model.of(opened)];
            break;
          }
        }
      }),
      {numRuns: 50},
    );
  });

  it("leaves one of the two states whatever subset of a small commit's sectors survives", () => {
    const backend = Backend.empty(options);
    const disk = diskOf(backend.image());
    for (let i = 2; i < 20; i++) backend.put("key", revision(i), bytes(60, i));
    commit(backend, disk);
    const before = contentOf(backend);
    backend.put("key", revision(20), bytes(1100, 1));
    backend.delete("key", revision(3));
    backend.put("meta", "consistent_index", bytes(8, 7));
    const after = contentOf(backend);
    let cases = 0;
    for (const allowed of pointsOf(backend, disk, before, after)) {
      for (let subset = 0; subset < 2 ** disk.pieces; subset++) {
        const left = disk.crash({piece: (part) => ((subset >> part) & 1) === 1, names: 0});
        expect(allowed).toContainEqual(contentOf(open(left)));
        cases++;
      }
    }
    // Every subset of 7 sectors of pages and a change of size among them.
    expect(cases).toBeGreaterThan(2 ** 7);
  });

  it("leaves the commit before whole too: it is found when the newer meta page is rotten, and said", () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(), {minLength: 10, maxLength: 10}), (steps, luck) => {
        const backend = Backend.empty(options);
        const disk = diskOf(backend.image());
        const model = new Model();
        let [older, newer]: [Content, Content] = [[], []];
        let commits = 0;
        for (const [i, step] of steps.entries()) {
          change(backend, model, step, i % 256);
          if (step.kind !== "commit") continue;
          const draw = luck[commits++ % luck.length] ?? 0;
          const version = backend.version;
          for (const allowed of pointsOf(backend, disk, newer, model.content())) {
            if (allowed.length > 1 || allowed[0] !== newer) continue;
            const left = disk.crash({piece: flips(draw), names: 0});
            rotMeta(left, version);
            const opened = open(left);
            expect(contentOf(opened)).toEqual(older);
            expect(opened.version).toBe(version - 1);
            expect(opened.fellBack).toEqual({file: dbFile, offset: metaPageOf(version) * pageBytes});
          }
          if (backend.version > version) [older, newer] = [newer, model.content()];
        }
      }),
      {numRuns: 50},
    );
  });

  it("or rot of either meta page of a file that was written whole loses nothing", () => {
    const backend = Backend.empty(options);
    for (let i = 2; i < 40; i++) backend.put("key", revision(i), bytes(60, i));
    for (const version of [0, 1]) {
      const disk = diskOf(backend.image());
      rotMeta(disk, version);
      const opened = open(disk);
      expect(contentOf(opened)).toEqual(contentOf(backend));
      expect(opened.fellBack?.offset).toBe(version * pageBytes);
    }
  });

  it("of the process alone leaves a meta page that may still be lost: the tree that it would lead back to stays", () => {
    const backend = Backend.empty(options);
    const disk = diskOf(backend.image());
    for (let i = 2; i < 40; i++) backend.put("key", revision(i), bytes(60, i));
    commit(backend, disk);
    const before = contentOf(backend);
    for (let i = 2; i < 40; i += 2) backend.delete("key", revision(i));
    const [pages, meta] = backend.commit();
    const [write] = meta ?? [];
    if (pages === undefined || write === undefined) throw new Error("a commit has two steps");
    run(disk, [pages, [write]]);
    // Opened again before the meta page is synced; the next commit writes its pages; then the power goes.
    const opened = open(disk);
    const between = contentOf(opened);
    expect(between).not.toEqual(before);
    for (let i = 40; i < 80; i++) opened.put("key", revision(i), bytes(60, i));
    for (const op of opened.commit()[0]?.slice(0, -1) ?? []) disk.do(op);
    for (let luck = 0; luck < 300; luck++) {
      expect([before, between]).toContainEqual(contentOf(open(disk.crash({piece: flips(luck), names: 0}))));
    }
  });

  it("of a write of the file aside leaves the old file or the new one under its name", () => {
    const backend = Backend.empty(options);
    const disk = diskOf(backend.image());
    const other = Backend.empty(options);
    other.put("key", "a", bytes(700, 1));
    const image = other.image();
    run(disk, [
      [
        {kind: "write", file: "db.tmp", at: 0, bytes: image},
        {kind: "sync", file: "db.tmp"},
      ],
      [{kind: "rename", file: "db.tmp", to: dbFile}],
    ]);
    const found = [0, 1, 2].map((names) => contentOf(open(disk.crash({...nothingKept, names}))));
    expect(found).toEqual([[], [], ["key a 700×1"]]);
    expect(openBackend(disk.crash({...nothingKept, names: 1}), "db.tmp", options).ok).toBe(true);
  });
});
