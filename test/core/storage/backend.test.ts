// The backend against a sorted list: content, versions, readers, forks, images, and what a crash may leave.

import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {Hasher} from "../../../core/base/hasher.ts";
import {Backend} from "../../../core/storage/backend.ts";
import type {DiskStep} from "../../../core/storage/disk.ts";
import {dbFile, nextDbFile} from "../../../core/storage/files.ts";
import type {BucketName} from "../../../core/storage/meta.ts";
import {bucketNames} from "../../../core/storage/meta.ts";
import {openBackend, openImage} from "../../../core/storage/openBackend.ts";
import {CrashDisk} from "./crashDisk.ts";
import {checkPages} from "./pageChecks.ts";

const pageBytes = 512;
const options = {pageBytes};

/** Every bucket's entries, as a sorted list of text. */
type Content = readonly string[];

function bytes(size: number, fill: number): Uint8Array {
  return new Uint8Array(size).fill(fill);
}

function line(bucket: string, key: string, value: Uint8Array): string {
  return `${bucket} ${key} ${value.length}×${value[0] ?? 0}`;
}

function contentOf(backend: Pick<Backend, "scan">): Content {
  return bucketNames.flatMap((bucket) => {
    const lines: string[] = [];
    backend.scan(bucket, "", (key, value) => lines.push(line(bucket, key, value)) > 0);
    return lines;
  });
}

function digestOf(backend: Backend): string {
  const hasher = new Hasher();
  backend.digest(hasher);
  return hasher.hash();
}

/** The model: what a list of the entries would hold. */
class Model {
  private readonly entries = new Map<string, {bucket: BucketName; key: string; value: Uint8Array}>();

  constructor(from?: Model) {
    for (const [name, entry] of from?.entries ?? []) this.entries.set(name, entry);
  }

  put(bucket: BucketName, key: string, value: Uint8Array): void {
    this.entries.set(`${bucketNames.indexOf(bucket)}${key}`, {bucket, key, value});
  }

  delete(bucket: BucketName, key: string): void {
    this.entries.delete(`${bucketNames.indexOf(bucket)}${key}`);
  }

  content(): Content {
    return [...this.entries]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, {bucket, key, value}]) => line(bucket, key, value));
  }
}

function run(disk: CrashDisk, steps: readonly DiskStep[]): void {
  for (const step of steps) for (const op of step) disk.do(op);
}

function commit(backend: Backend, disk: CrashDisk): void {
  const steps = backend.commit();
  run(disk, steps);
  if (steps.length > 0) backend.settled();
}

/** A disk that holds this image, durably. */
function diskOf(image: Uint8Array): CrashDisk {
  const disk = new CrashDisk();
  run(disk, [
    [
      {kind: "write", file: nextDbFile, at: 0, bytes: image},
      {kind: "sync", file: nextDbFile},
    ],
    [{kind: "rename", file: nextDbFile, to: dbFile}],
    [{kind: "syncDir"}],
  ]);
  return disk;
}

function open(disk: CrashDisk): Backend {
  const opened = openBackend(disk, dbFile, options);
  if (!opened.ok) throw new Error(`damage at ${opened.error.file}:${opened.error.offset}`);
  return opened.value;
}

function revision(main: number): string {
  let key = "";
  for (let shift = 0; shift < 8; shift++)
    key = String.fromCharCode(Math.floor(main / 256 ** shift) % 256) + key;
  return `${key}_\0\0\0\0\0\0\0\0`;
}

/** One operation of a random history. */
type Step =
  | {readonly kind: "put"; readonly bucket: BucketName; readonly key: string; readonly size: number}
  | {readonly kind: "delete"; readonly bucket: BucketName; readonly key: string}
  | {readonly kind: "deleteFrom"; readonly bucket: BucketName; readonly key: string}
  | {readonly kind: "commit"}
  | {readonly kind: "reopen"};

const bucketArbitrary = fc.constantFrom<BucketName>("key", "key", "key", "meta", "alarm");
const keyArbitrary = fc.oneof(
  {weight: 20, arbitrary: fc.integer({min: 0, max: 300}).map((n) => `k${String(n).padStart(3, "0")}`)},
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "\0", "ÿ", "k", "a".repeat(600), "k".repeat(300), "k1".repeat(700)),
  },
);
const sizeArbitrary = fc.oneof(
  {weight: 10, arbitrary: fc.integer({min: 0, max: 60})},
  {weight: 2, arbitrary: fc.integer({min: 400, max: 520})},
  {weight: 1, arbitrary: fc.integer({min: 1000, max: 3000})},
);
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      kind: fc.constant("put" as const),
      bucket: bucketArbitrary,
      key: keyArbitrary,
      size: sizeArbitrary,
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({kind: fc.constant("delete" as const), bucket: bucketArbitrary, key: keyArbitrary}),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("deleteFrom" as const),
      bucket: bucketArbitrary,
      key: keyArbitrary,
    }),
  },
  {weight: 4, arbitrary: fc.constant({kind: "commit" as const})},
  {weight: 1, arbitrary: fc.constant({kind: "reopen" as const})},
);
const history = fc.array(stepArbitrary, {maxLength: 300, size: "max"});

/** Takes one put or delete to both. */
function change(backend: Backend, model: Model, step: Step, fill: number): void {
  if (step.kind === "put") {
    backend.put(step.bucket, step.key, bytes(step.size, fill));
    model.put(step.bucket, step.key, bytes(step.size, fill));
  }
  if (step.kind === "delete") {
    backend.delete(step.bucket, step.key);
    model.delete(step.bucket, step.key);
  }
  if (step.kind === "deleteFrom") {
    const keys: string[] = [];
    backend.scan(step.bucket, step.key, (key) => keys.push(key) < 100);
    for (const key of keys) change(backend, model, {kind: "delete", bucket: step.bucket, key}, fill);
  }
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
  });
});
