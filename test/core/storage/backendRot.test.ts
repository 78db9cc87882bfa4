// Bits that changed, pages that are not where they belong, files that nobody wrote: the same content, the older commit
// and said so, or a refusal that names the place.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {Backend} from "../../../core/storage/backend.ts";
import type {Damage, DiskReader} from "../../../core/storage/disk.ts";
import {sectorBytes} from "../../../core/storage/disk.ts";
import {dbFile} from "../../../core/storage/files.ts";
import {encodeMeta, perBucket} from "../../../core/storage/meta.ts";
import {openBackend, openImage} from "../../../core/storage/openBackend.ts";
import type {PageHead, PageLink} from "../../../core/storage/page.ts";
import {
  encodeBranchEntries,
  encodeLeafEntries,
  encodePage,
  pageHeadBytes,
} from "../../../core/storage/page.ts";
import {bytes, commit, contentOf, diskOf, open, options, pageBytes, revision} from "./backendModel.ts";

function readerOf(file: Uint8Array): DiskReader {
  return {
    list: () => [dbFile],
    size: () => file.length,
    read: (_file, at, length) => file.slice(at, at + length),
  };
}

function openFile(file: Uint8Array): Backend | Damage {
  const opened = openBackend(readerOf(file), dbFile, options);
  return opened.ok ? opened.value : opened.error;
}

/** A file of three commits: branches, overflow, free and pending pages; with the content of the last two. */
function smallFile(): {
  readonly file: Uint8Array;
  readonly older: readonly string[];
  readonly newer: readonly string[];
} {
  const backend = Backend.empty(options);
  const disk = diskOf(backend.image());
  for (let i = 2; i < 12; i++) backend.put("key", revision(i), bytes(50, i));
  backend.put("auth", "long", bytes(600, 3));
  commit(backend, disk);
  backend.put("meta", "consistent_index", bytes(8, 1));
  backend.delete("key", revision(3));
  commit(backend, disk);
  const older = contentOf(backend);
  backend.put("meta", "consistent_index", bytes(8, 2));
  backend.put("key", revision(12), bytes(50, 1));
  commit(backend, disk);
  expect(backend.pages().map(({kind}) => kind)).toEqual(
    expect.arrayContaining(["meta", "branch", "leaf", "overflow", "free", "pending"]),
  );
  return {file: disk.read(dbFile, 0, disk.size(dbFile)), older, newer: contentOf(backend)};
}

describe("rot in the backend file", () => {
  it("of any single bit leaves the content, or leads to the older commit and says so, or is refused by its page", () => {
    const {file, older, newer} = smallFile();
    const outcomes = {same: 0, fellBack: 0, refused: 0};
    for (let bit = 0; bit < file.length * 8; bit++) {
      const page = Math.floor(bit / 8 / pageBytes) * pageBytes;
      const byte = bit >> 3;
      file[byte] = (file[byte] ?? 0) ^ (1 << (bit & 7));
      const opened = openFile(file);
      file[byte] = (file[byte] ?? 0) ^ (1 << (bit & 7));
      if (!(opened instanceof Backend)) {
        outcomes.refused++;
        // A part of a page's overflow is named by its first page.
        const offsets = [page, page - pageBytes, page - 2 * pageBytes];
        if (opened.file !== dbFile || !offsets.includes(opened.offset))
          throw new Error(`bit ${bit}: ${opened.offset}`);
        continue;
      }
      const content = contentOf(opened).join("\n");
      if (opened.fellBack === undefined) {
        outcomes.same++;
        if (content !== newer.join("\n")) throw new Error(`bit ${bit} is served as another content`);
        continue;
      }
      outcomes.fellBack++;
      const meant = opened.fellBack.offset === page && page < 2 * pageBytes;
      if (!meant || ![older.join("\n"), newer.join("\n")].includes(content)) throw new Error(`bit ${bit}`);
    }
    // Each bit of the two meta sectors, and no other.
    expect(outcomes.fellBack).toBe(2 * sectorBytes * 8);
    expect(outcomes.refused).toBeGreaterThan(outcomes.fellBack);
    expect(outcomes.same).toBeGreaterThan(0);
  });

  it("of both meta pages is refused, and so is a file that is cut off or is none", () => {
    const {file} = smallFile();
    const both = file.slice();
    for (const at of [0, pageBytes]) both[at + 33] = (both[at + 33] ?? 0) ^ 1;
    expect(openFile(both)).toEqual({file: dbFile, offset: 0});
    for (const size of [0, 1, pageBytes, 2 * pageBytes - 1, 2 * pageBytes, file.length - pageBytes]) {
      expect(openFile(file.slice(0, size))).toMatchObject({file: dbFile});
    }
    expect(openBackend(readerOf(file), dbFile, {pageBytes: 4096}).ok).toBe(false);
  });

  it("finds a page that an earlier commit wrote, in the place of the one that was to be written", () => {
    const backend = Backend.empty(options);
    const disk = diskOf(backend.image());
    // The page of this bucket moves between three places, so the same place is written again by a later commit.
    const seen = new Map<number, {version: number; bytes: Uint8Array}>();
    let found = 0;
    for (let i = 0; i < 12; i++) {
      backend.put("meta", "consistent_index", bytes(8, i));
      commit(backend, disk);
      const [id = 0] = backend.pathOf("meta", "").pages;
      const before = seen.get(id);
      seen.set(id, {version: backend.version, bytes: disk.read(dbFile, id * pageBytes, pageBytes)});
      if (before === undefined) continue;
      const file = disk.read(dbFile, 0, disk.size(dbFile));
      file.set(before.bytes, id * pageBytes);
      expect(openFile(file)).toEqual({file: dbFile, offset: id * pageBytes});
      found++;
    }
    expect(found).toBeGreaterThan(5);
  });

  it("finds a page that was written to another place", () => {
    const {file} = smallFile();
    const pages = open(diskOf(file)).pages();
    const leaves = pages.filter(({kind}) => kind === "leaf");
    for (const from of leaves) {
      for (const to of leaves) {
        if (from === to) continue;
        const wrong = file.slice();
        wrong.set(file.subarray(from.id * pageBytes, (from.id + 1) * pageBytes), to.id * pageBytes);
        expect(openFile(wrong)).toEqual({file: dbFile, offset: to.id * pageBytes});
      }
    }
  });

  it("in an image is always found", () => {
    for (const size of [512, 4096]) {
      const backend = Backend.empty({pageBytes: size});
      for (let i = 2; i < 12; i++) backend.put("key", revision(i), bytes(50, i));
      backend.put("lease", "x", bytes(600, 1));
      const image = backend.image();
      expect(openImage(image, {pageBytes: size})).toBeDefined();
      for (let bit = 0; bit < image.length * 8; bit += size === 512 ? 1 : 61) {
        image[bit >> 3] = (image[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        if (openImage(image, {pageBytes: size}) !== undefined) throw new Error(`bit ${bit} was not found`);
        image[bit >> 3] = (image[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      }
      expect(openImage(image.slice(0, -1), {pageBytes: size})).toBeUndefined();
      expect(openImage(Uint8Array.from([...image, 0]), {pageBytes: size})).toBeUndefined();
    }
  });

  it("is not looked for in a file that is no image: one with pages that nobody needs", () => {
    const {file} = smallFile();
    expect(openFile(file)).toBeInstanceOf(Backend);
    expect(openImage(file, options)).toBeUndefined();
  });

  it("in any number of bytes never makes the opening throw", () => {
    const {file} = smallFile();
    const change = fc.record({at: fc.nat({max: file.length - 1}), byte: fc.nat({max: 255})});
    fc.assert(
      fc.property(fc.array(change, {minLength: 1}), fc.nat({max: file.length}), (changes, cut) => {
        const wrong = file.slice();
        for (const {at, byte} of changes) wrong[at] = byte;
        openFile(wrong);
        openFile(wrong.slice(0, cut));
        openImage(wrong, options);
      }),
      {numRuns: 500},
    );
    fc.assert(fc.property(fc.uint8Array({maxLength: 3000}), (any) => !(openFile(any) instanceof Backend)));
  });
});

describe("a file of pages whose checksums are right", () => {
  /** Pages from 2 on; each is made from the links to those before it. The last one is the root of bucket `key`. */
  type Make = (links: readonly PageLink[]) => {readonly head: Partial<PageHead>; readonly body: Uint8Array};

  function leaf(...keys: readonly string[]): Make {
    const values = keys.map(() => bytes(4, 1));
    return () => ({head: {kind: "leaf", count: keys.length}, body: encodeLeafEntries(keys, values)});
  }

  function branch(level: number, keys: readonly string[], ids: readonly number[]): Make {
    return (links) => ({
      head: {kind: "branch", level, count: keys.length},
      body: encodeBranchEntries(
        keys,
        ids.map((id) => links[id - 2] ?? {id, sum: {a: 1, b: 2}}),
      ),
    });
  }

  function but(make: Make, head: Partial<PageHead>): Make {
    return (links) => ({head: {...make(links).head, ...head}, body: make(links).body});
  }

  function fileOf(...makes: readonly Make[]): Uint8Array {
    const pageCount = makes.length + 2;
    const file = new Uint8Array(pageCount * pageBytes);
    const links: PageLink[] = [];
    for (const [i, make] of makes.entries()) {
      const id = i + 2;
      const {head, body} = make(links);
      const whole = {
        id,
        kind: "leaf",
        bucket: 0,
        level: 0,
        count: 0,
        overflow: 0,
        version: 1,
        ...head,
      } as const;
      const {bytes: page, sum} = encodePage(whole, body, pageBytes);
      file.set(page.subarray(0, file.length - id * pageBytes), id * pageBytes);
      links.push({id, sum});
    }
    const roots = perBucket((bucket) => (bucket === "key" ? links.at(-1) : undefined));
    for (const version of [0, 1])
      file.set(encodeMeta({version, pageBytes, pageCount, roots}), version * pageBytes);
    return file;
  }

  it("is opened when the tree is one", () => {
    const opened = openFile(fileOf(leaf("a", "b"), leaf("c"), branch(1, ["a", "c"], [2, 3])));
    if (!(opened instanceof Backend)) throw new Error(`refused at ${opened.offset}`);
    expect(contentOf(opened)).toEqual(["key a 4×1", "key b 4×1", "key c 4×1"]);
  });

  it("is refused when the overflow of one page is another page", () => {
    // The second page of the first leaf is the second leaf, with head and checksum.
    const {bytes: second, sum} = encodePage(
      {id: 3, kind: "leaf", bucket: 0, level: 0, count: 1, overflow: 0, version: 1},
      encodeLeafEntries(["c"], [bytes(4, 1)]),
      pageBytes,
    );
    const body = new Uint8Array(2 * pageBytes - pageHeadBytes);
    body.set(encodeLeafEntries(["a"], [bytes(4, 1)]));
    body.set(second, pageBytes - pageHeadBytes);
    const file = fileOf(
      () => ({head: {count: 1, overflow: 1}, body}),
      () => ({head: {count: 1}, body: second.subarray(pageHeadBytes)}),
      (links) => branch(1, ["a", "c"], [2, 3])([links[0] ?? {id: 0, sum}, {id: 3, sum}]),
    );
    expect(openFile(file)).toEqual({file: dbFile, offset: 3 * pageBytes});
  });

  it.each<[string, number, readonly Make[]]>([
    ["keys do not ascend in a leaf", 2, [leaf("b", "a")]],
    ["a key is there twice", 2, [leaf("a", "a")]],
    ["a leaf is empty", 2, [leaf()]],
    ["a branch is empty", 2, [branch(1, [], [])]],
    ["a branch lists another first key", 3, [leaf("a"), leaf("c"), branch(1, ["a", "b"], [2, 3])]],
    ["pages overlap", 2, [leaf("a", "d"), leaf("c"), branch(1, ["a", "c"], [2, 3])]],
    ["keys do not ascend in a branch", 2, [leaf("c"), leaf("a"), branch(1, ["c", "a"], [2, 3])]],
    ["a page is reached twice", 2, [leaf("a"), branch(1, ["a", "a"], [2, 2])]],
    ["a page is beyond the last", 9, [leaf("a"), branch(1, ["a", "b"], [2, 9])]],
    [
      "leaves are at two depths",
      2,
      [leaf("a"), leaf("b"), branch(1, ["b"], [3]), branch(2, ["a", "b"], [2, 4])],
    ],
    ["a leaf says it is a branch's level", 2, [but(leaf("a"), {level: 1})]],
    ["a branch says it is at the leaves' level", 3, [leaf("a"), branch(0, ["a"], [2])]],
    ["a page is of another bucket", 2, [but(leaf("a"), {bucket: 1})]],
    ["a page is newer than the meta page", 2, [but(leaf("a"), {version: 2})]],
    ["a page has more entries than bytes", 2, [but(leaf("a"), {count: 1_000_000})]],
    ["a page in a tree is a meta page", 2, [but(leaf("a"), {kind: "meta"})]],
    ["a page is not what the branch says of it", 2, [leaf("a"), () => branch(1, ["a"], [2])([])]],
  ])("is refused when %s", (_name, page, makes) => {
    expect(openFile(fileOf(...makes))).toEqual({file: dbFile, offset: page * pageBytes});
  });
});
