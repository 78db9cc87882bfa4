// The backend against a sorted list: content, versions, readers, forks and images.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {Backend} from "../../../core/storage/backend.ts";
import type {BackendReader} from "../../../core/storage/backend.ts";
import {keyText} from "../../../core/storage/describePages.ts";
import {bucketNames} from "../../../core/storage/meta.ts";
import {openImage} from "../../../core/storage/openBackend.ts";
import {pagesOf, visitNodes} from "../../../core/storage/pageTree.ts";
import {digestOf} from "../../support/digest.ts";
import type {Content} from "./backendModel.ts";
import {
  bytes,
  change,
  commit,
  contentOf,
  diskOf,
  history,
  line,
  Model,
  open,
  options,
  pageBytes,
  revision,
  sameBytes,
} from "./backendModel.ts";
import {checkPages} from "./pageChecks.ts";

/** Pages that the trees hold. */
function pagesInUse(backend: Backend): readonly number[] {
  const ids: number[] = [];
  for (const bucket of bucketNames) {
    visitNodes(backend.file().roots[bucket], ({page}) => ids.push(...pagesOf(page)) > 0);
  }
  return ids;
}

/** How full the leaves are, from 0 to 1. */
function leafFill(backend: Backend): number {
  const used = backend.pages().flatMap((page) => (page.kind === "leaf" ? [page.bytesUsed] : []));
  return used.reduce((sum, bytesUsed) => sum + bytesUsed, 0) / (used.length * pageBytes);
}

describe("a backend", () => {
  it("holds nothing at first, and its image opens", () => {
    const backend = Backend.empty(options);
    expect(contentOf(backend)).toEqual([]);
    const image = backend.image();
    expect(image.length).toBe(2 * pageBytes);
    expect(contentOf(open(diskOf(image)))).toEqual([]);
    expect(openImage(image, options)).toBeDefined();
  });

  it("agrees with a sorted list over any puts, deletes, commits and reopenings", () => {
    fc.assert(
      fc.property(history, (steps) => {
        let backend = Backend.empty(options);
        const disk = diskOf(backend.image());
        const model = new Model();
        let committed = new Model();
        for (const [i, step] of steps.entries()) {
          change(backend, model, step, i % 256);
          if (step.kind === "commit" || step.kind === "reopen") {
            commit(backend, disk);
            checkPages(backend);
            committed = new Model(model);
          }
          if (step.kind === "reopen") {
            const before = digestOf(backend);
            backend = open(disk);
            expect(digestOf(backend)).toBe(before);
          }
        }
        expect(contentOf(backend)).toEqual(model.content());
        expect(contentOf(backend.read())).toEqual(committed.content());
        expect(contentOf(open(disk))).toEqual(committed.content());
        for (const key of ["", "k150", "k1", "z"]) {
          const found = backend.get("key", key);
          const expected = model.content().find((entry) => entry.startsWith(`key ${key} `));
          expect(found && line("key", key, found)).toEqual(expected);
        }
      }),
    );
  });

  it("takes revisions in order into full pages", () => {
    const backend = Backend.empty(options);
    const disk = diskOf(backend.image());
    for (let i = 2; i < 3000; i++) {
      backend.put("key", revision(i), bytes(40, i % 256));
      if (i % 7 === 0) commit(backend, disk);
    }
    commit(backend, disk);
    checkPages(backend);
    expect(contentOf(open(disk)).length).toBe(2998);
    expect(leafFill(backend)).toBeGreaterThan(0.9);
  });

  it("leaves room in pages whose keys come in any order, and is never less than half full", () => {
    const backend = Backend.empty(options);
    const disk = diskOf(backend.image());
    for (let i = 0; i < 2000; i++) {
      backend.put("lease", String((i * 7919) % 2000), bytes(40, i % 256));
      if (i % 7 === 0) commit(backend, disk);
    }
    commit(backend, disk);
    checkPages(backend);
    expect(leafFill(backend)).toBeGreaterThan(0.5);
  });

  it("gives a reader its version until it is closed, and does not write its pages meanwhile", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const backend = Backend.empty(options);
        const disk = diskOf(backend.image());
        const model = new Model();
        const readers: {reader: BackendReader; content: Content; pages: readonly number[]}[] = [];
        for (const [i, step] of steps.entries()) {
          change(backend, model, step, i % 256);
          if (step.kind === "reopen" && readers.length > 2) readers.shift()?.reader.close();
          if (step.kind !== "commit") continue;
          const written = new Set(commit(backend, disk) ? backend.lastCommit?.written : []);
          checkPages(backend);
          for (const {reader, content, pages} of readers) {
            expect(contentOf(reader)).toEqual(content);
            expect(pages.filter((id) => written.has(id))).toEqual([]);
          }
          readers.push({reader: backend.read(), content: model.content(), pages: pagesInUse(backend)});
        }
        for (const {reader} of readers) reader.close();
        // Then only what the commit before the last needs is kept.
        expect(backend.file().free.pending.filter(({version}) => version < backend.version)).toEqual([]);
      }),
    );
  });

  it("is forked with its buffer, its commit on the way and its readers, and each goes its own way", () => {
    const backend = Backend.empty(options);
    for (let i = 0; i < 100; i++) backend.put("key", revision(i), bytes(20, i));
    backend.commit();
    const reader = backend.read();
    backend.put("meta", "index", bytes(8, 1));
    const twin = backend.fork();
    const twinReader = reader.fork(twin);
    expect(digestOf(twin)).toBe(digestOf(backend));
    expect(twin.committing).toBe(true);
    backend.settled();
    expect(twin.committing).toBe(true);
    twin.settled();
    expect(digestOf(twin)).toBe(digestOf(backend));
    const [steps, twinSteps] = [backend.commit(), twin.commit()];
    expect(twinSteps).toEqual(steps);
    backend.settled();
    twin.settled();
    twinReader.close();
    expect(digestOf(twin)).not.toBe(digestOf(backend));
    expect(reader.get("key", revision(7))).toEqual(bytes(20, 7));
    twin.delete("key", revision(7));
    expect(backend.get("key", revision(7))).toEqual(bytes(20, 7));
    expect(twin.get("key", revision(7))).toBeUndefined();
    expect(() => twinReader.get("key", "")).toThrow("open");
    const third = backend.fork();
    third.put("auth", "root", bytes(1, 1));
    expect([third.buffered, backend.buffered, backend.get("auth", "root")]).toEqual([1, 0, undefined]);
  });

  it("is forked with its free pages: what one takes the other has still", () => {
    const backend = Backend.empty(options);
    const disk = diskOf(backend.image());
    for (let i = 0; i < 200; i++) backend.put("key", revision(i), bytes(20, i));
    commit(backend, disk);
    for (let i = 0; i < 150; i++) backend.delete("key", revision(i));
    commit(backend, disk);
    backend.put("meta", "a", bytes(1, 1));
    commit(backend, disk);
    const twin = backend.fork();
    const free = twin.file().free.pages();
    expect(free.length).toBeGreaterThan(5);
    for (let i = 200; i < 300; i++) backend.put("key", revision(i), bytes(20, 1));
    commit(backend, disk);
    expect(twin.file().free.pages()).toEqual(free);
    checkPages(twin);
    checkPages(backend);
  });

  it("has one digest for one buffer, in whatever order it was filled, and others for other buffers", () => {
    const filled = (...changes: readonly (readonly [string, number | null])[]): string => {
      const backend = Backend.empty(options);
      for (const [key, value] of changes) {
        if (value === null) backend.delete("key", key);
        else backend.put("key", key, bytes(4, value));
      }
      return digestOf(backend);
    };
    expect(filled(["a", 1], ["b", 2])).toBe(filled(["b", 2], ["a", 1]));
    expect(filled(["a", 9], ["a", 1])).toBe(filled(["a", 3], ["a", 1]));
    const all = [
      filled(["a", 1], ["b", 2]),
      filled(["a", 2], ["b", 1]),
      filled(["a", 1], ["b", null]),
      filled(["a", 1]),
      filled(["a", 1], ["a", 1]),
      filled(),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it("has images that depend on the content alone, hold it in fewer pages, and open", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const backend = Backend.empty(options);
        const disk = diskOf(backend.image());
        const model = new Model();
        for (const [i, step] of steps.entries()) {
          change(backend, model, step, i % 256);
          if (step.kind === "commit") commit(backend, disk);
        }
        const image = backend.image();
        const other = Backend.empty(options);
        for (const {bucket, key, value} of model.list()) other.put(bucket, key, value);
        expect(sameBytes(other.image(), image)).toBe(true);
        commit(backend, disk);
        expect(sameBytes(backend.image(), image)).toBe(true);
        expect(image.length).toBeLessThanOrEqual(backend.size);
        const opened = openImage(image, options);
        if (opened === undefined) throw new Error("an image opens");
        checkPages(opened);
        for (const bucket of bucketNames) {
          visitNodes(opened.file().roots[bucket], (node) => {
            if (node.kind === "branch") expect(node.children.length).toBeGreaterThan(1);
            return true;
          });
        }
        expect(contentOf(opened)).toEqual(model.content());
        expect(sameBytes(opened.image(), image)).toBe(true);
        expect([opened.size, opened.sizeInUse]).toEqual([image.length, image.length]);
      }),
    );
  });

  it("becomes smaller by an image once much was deleted", () => {
    const backend = Backend.empty(options);
    const disk = diskOf(backend.image());
    for (let i = 0; i < 1000; i++) backend.put("key", revision(i), bytes(40, i % 256));
    commit(backend, disk);
    for (let i = 0; i < 990; i++) backend.delete("key", revision(i));
    commit(backend, disk);
    commit(backend, disk);
    const {size, sizeInUse} = backend;
    expect(size).toBeGreaterThan(1000 * 40);
    expect(backend.image().length).toBeLessThan(size / 10);
    backend.put("meta", "a", bytes(1, 1));
    commit(backend, disk);
    expect(backend.sizeInUse).toBeLessThan(sizeInUse / 10);
    const grown = backend.size;
    for (let i = 0; i < 500; i++) backend.put("key", revision(2000 + i), bytes(40, 1));
    commit(backend, disk);
    expect(backend.size).toBe(grown);
  });

  it("takes no other commit while one is on its way, and writes nothing when nothing changed", () => {
    const backend = Backend.empty(options);
    expect(backend.commit()).toEqual([]);
    backend.delete("key", "none");
    expect([backend.buffered, backend.commit(), backend.buffered]).toEqual([1, [], 0]);
    expect(() => backend.settled()).toThrow("on its way");
    backend.put("key", "a", bytes(1, 1));
    expect(backend.commit().map((step) => step.map(({kind}) => kind))).toEqual([
      ["allocate", "write", "sync"],
      ["write", "sync"],
    ]);
    expect(() => backend.commit()).toThrow("one commit at a time");
    backend.settled();
    backend.delete("key", "a");
    expect(backend.commit().map((step) => step.map(({kind}) => kind))).toEqual([["write", "sync"]]);
  });

  it("reports what a commit did, its pages, and the way of one read", () => {
    const backend = Backend.empty(options);
    const disk = diskOf(backend.image());
    backend.put("key", revision(2), bytes(1000, 1));
    backend.put("key", `${revision(3)}t`, bytes(3, 2));
    backend.put("meta", "consistent_index", bytes(8, 1));
    commit(backend, disk);
    backend.put("meta", "consistent_index", bytes(8, 2));
    commit(backend, disk);
    const written = {bucket: "key", level: 0, entries: 1, children: [], version: 2};
    expect(backend.pages()).toEqual([
      {id: 0, kind: "meta", version: 2},
      {id: 1, kind: "meta", version: 3},
      {id: 2, kind: "leaf", ...written, bytesUsed: 1052},
      {id: 3, kind: "overflow", bucket: "key", of: 2},
      {id: 4, kind: "overflow", bucket: "key", of: 2},
      {id: 5, kind: "leaf", ...written, bytesUsed: 55},
      {id: 6, kind: "branch", ...written, level: 1, entries: 2, bytesUsed: 93, children: [2, 5]},
      {id: 7, kind: "pending", version: 3},
      {id: 8, kind: "leaf", ...written, bucket: "meta", bytesUsed: 58, version: 3},
    ]);
    expect([revision(2), `${revision(3)}t`].map((key) => keyText("key", key))).toEqual(["2.0", "3.0t"]);
    expect(keyText("meta", "consistent_index")).toBe('"consistent_index"');
    expect(backend.lastCommit).toEqual({version: 3, written: [8], freed: [7], splits: 0, merges: 0});
    backend.delete("key", revision(2));
    expect(backend.pathOf("key", revision(2))).toEqual({pages: [6, 2], buffered: "deleted", committed: true});
    expect(backend.pathOf("key", `${revision(3)}t`)).toEqual({
      pages: [6, 5],
      buffered: undefined,
      committed: true,
    });
    expect(backend.pathOf("lease", "x")).toEqual({pages: [], buffered: undefined, committed: false});
  });
});
